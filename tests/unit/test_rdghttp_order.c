/* test_rdghttp_order.c
 * The order of the packets that set a main channel up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/http/rdghttp_order.h"

#include "rdg/http/rdghttp_pdu.h"

#include <glib.h>

static void test_set_up(void)
{
    for (unsigned type = RDGHTTP_HANDSHAKE_RESPONSE; type <= RDGHTTP_CHANNEL_RESPONSE; type++) {
        g_assert_true(rdghttp_order_is_step((uint16_t)type));
        g_assert_true(rdghttp_order_follows((uint16_t)type, (uint16_t)(type - 1)));
    }
    g_assert_true(rdghttp_order_follows(RDGHTTP_TUNNEL_CREATE, RDGHTTP_HANDSHAKE_RESPONSE));
    g_assert_true(rdghttp_order_follows(RDGHTTP_EXTENDED_AUTH, RDGHTTP_EXTENDED_AUTH));
}

static void test_again(void)
{
    for (unsigned before = 1; before <= RDGHTTP_CLOSE_CHANNEL_RESPONSE; before++) {
        g_assert_true(rdghttp_order_follows(RDGHTTP_HANDSHAKE_REQUEST, (uint16_t)before));
    }
    for (unsigned before = RDGHTTP_CHANNEL_CREATE; before <= RDGHTTP_CLOSE_CHANNEL_RESPONSE; before++) {
        g_assert_true(rdghttp_order_follows(RDGHTTP_CHANNEL_CREATE, (uint16_t)before));
    }
    g_assert_true(rdghttp_order_follows(RDGHTTP_CHANNEL_RESPONSE, RDGHTTP_CHANNEL_RESPONSE));
}

static void test_out_of_order(void)
{
    g_assert_false(rdghttp_order_follows(RDGHTTP_HANDSHAKE_RESPONSE, RDGHTTP_HANDSHAKE_RESPONSE));
    g_assert_false(rdghttp_order_follows(RDGHTTP_EXTENDED_AUTH, RDGHTTP_TUNNEL_CREATE));
    g_assert_false(rdghttp_order_follows(RDGHTTP_TUNNEL_CREATE, RDGHTTP_HANDSHAKE_REQUEST));
    g_assert_false(rdghttp_order_follows(RDGHTTP_TUNNEL_RESPONSE, RDGHTTP_HANDSHAKE_RESPONSE));
    g_assert_false(rdghttp_order_follows(RDGHTTP_TUNNEL_AUTH, RDGHTTP_TUNNEL_CREATE));
    g_assert_false(rdghttp_order_follows(RDGHTTP_TUNNEL_AUTH_RESPONSE, RDGHTTP_TUNNEL_AUTH_RESPONSE));
    g_assert_false(rdghttp_order_follows(RDGHTTP_CHANNEL_CREATE, RDGHTTP_TUNNEL_AUTH));
    g_assert_false(rdghttp_order_follows(RDGHTTP_CHANNEL_RESPONSE, RDGHTTP_CLOSE_CHANNEL));
}

static void test_any_time(void)
{
    g_assert_false(rdghttp_order_is_step(RDGHTTP_DATA));
    g_assert_false(rdghttp_order_is_step(RDGHTTP_KEEPALIVE));
    g_assert_false(rdghttp_order_is_step(0));
    g_assert_true(rdghttp_order_is_step(RDGHTTP_CLOSE_CHANNEL_RESPONSE));
    g_assert_true(rdghttp_order_follows(RDGHTTP_CLOSE_CHANNEL, RDGHTTP_HANDSHAKE_REQUEST));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdghttp_order/set_up", test_set_up);
    g_test_add_func("/rdghttp_order/again", test_again);
    g_test_add_func("/rdghttp_order/out_of_order", test_out_of_order);
    g_test_add_func("/rdghttp_order/any_time", test_any_time);
    return g_test_run();
}
