/* test_tcp_side.c
 * One side of a TCP connection: which of its octets the capture has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/tcp_side.h"

#include <glib.h>

static void test_from_the_start(void)
{
    tcp_side_t side = { 0 };

    g_assert_true(tcp_side_take_syn(&side, 999));
    g_assert_false(tcp_side_take_syn(&side, 999));
    g_assert_cmpuint(tcp_side_take(&side, 1000, 10), ==, TCP_SIDE_NEW | TCP_SIDE_WHOLE);
    g_assert_cmpuint(tcp_side_take(&side, 1000, 10), ==, 0); /* sent again */
    g_assert_cmpuint(tcp_side_take(&side, 1009, 1), ==, 0);  /* a keep-alive with an octet */
    g_assert_cmpuint(tcp_side_take(&side, 1005, 10), ==, TCP_SIDE_NEW | TCP_SIDE_WHOLE); /* sent again, with more */
    g_assert_cmpuint(tcp_side_take(&side, 1016, 4), ==, TCP_SIDE_NEW);                   /* an octet is missing */
    g_assert_cmpuint(tcp_side_take(&side, 1020, 4), ==, TCP_SIDE_NEW);
    g_assert_true(tcp_side_take_syn(&side, 5000));
    g_assert_cmpuint(tcp_side_take(&side, 5001, 1), ==, TCP_SIDE_NEW | TCP_SIDE_WHOLE);
}

static void test_amid(void)
{
    tcp_side_t side = { 0 };

    g_assert_cmpuint(tcp_side_take(&side, 1000, 10), ==, TCP_SIDE_NEW);
    g_assert_cmpuint(tcp_side_take(&side, 990, 20), ==, 0);
    g_assert_cmpuint(tcp_side_take(&side, 1010, 1), ==, TCP_SIDE_NEW);
}

/* The first segment comes second, and the numbers wrap around. */
static void test_order_and_wrap(void)
{
    tcp_side_t side = { 0 };

    tcp_side_take_syn(&side, UINT32_MAX - 10);
    g_assert_cmpuint(tcp_side_take(&side, 5, 10), ==, TCP_SIDE_NEW);
    g_assert_cmpuint(tcp_side_take(&side, UINT32_MAX - 9, 15), ==, 0);
    side = (tcp_side_t){ 0 };
    tcp_side_take_syn(&side, UINT32_MAX - 10);
    g_assert_cmpuint(tcp_side_take(&side, UINT32_MAX - 9, 20), ==, TCP_SIDE_NEW | TCP_SIDE_WHOLE);
    g_assert_cmpuint(tcp_side_take(&side, 10, 20), ==, TCP_SIDE_NEW | TCP_SIDE_WHOLE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tcp_side/from_the_start", test_from_the_start);
    g_test_add_func("/tcp_side/amid", test_amid);
    g_test_add_func("/tcp_side/order_and_wrap", test_order_and_wrap);
    return g_test_run();
}
