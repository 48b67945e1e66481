/* test_rdgudp_order.c
 * The order of RDPEUDP datagrams.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_order.h"

#include <glib.h>

#include <string.h>

/* Takes in datagrams 'a', 'b', ... whose numbers count from BASE + 1. What was read, in order, with '!' where something
 * was given up and '*' where a datagram came again. */
static char *play(rdgudp_order_t *order, uint32_t base, const char *datagrams)
{
    GString *read = g_string_new("");
    uint32_t missing;

    for (const char *at = datagrams; *at != '\0'; at++) {
        switch (rdgudp_order_take(order, base + 1 + (uint32_t)(*at - 'a'), (void *)at, &missing)) {
        case RDGUDP_ORDER_NEXT:
            g_string_append_c(read, *at);
            break;
        case RDGUDP_ORDER_AGAIN:
            g_string_append_c(read, '*');
            break;
        default:
            break;
        }
        if (rdgudp_order_is_full(order)) {
            g_assert_cmpuint(rdgudp_order_skip(order), >, 0);
            g_string_append_c(read, '!');
        }
        for (const char *one = rdgudp_order_pop(order); one != NULL; one = rdgudp_order_pop(order)) {
            g_string_append_c(read, *one);
        }
    }
    return g_string_free(read, FALSE);
}

static void assert_read(uint32_t initial, const char *datagrams, const char *expected)
{
    rdgudp_order_t order = { 0 };

    rdgudp_order_set_initial(&order, initial);
    char *read = play(&order, initial, datagrams);
    g_assert_cmpstr(read, ==, expected);
    g_free(read);
}

static void test_order(void)
{
    assert_read(100, "abcd", "abcd");
    assert_read(100, "acbd", "abcd");
    assert_read(100, "dcba", "abcd"); /* also the first one */
    assert_read(UINT32_MAX - 2, "bacedf", "abcdef");
}

static void test_again(void)
{
    assert_read(100, "aabbc", "a*b*c");
    assert_read(100, "accb", "a*bc");
}

/* Without the initial number, the first one that is seen begins. */
static void test_middle(void)
{
    rdgudp_order_t order = { 0 };
    char *read = play(&order, 500, "cbde");

    g_assert_cmpstr(read, ==, "c*de");
    g_free(read);
    order = (rdgudp_order_t){ 0 };
    rdgudp_order_set_initial(&order, 9000); /* of another stream */
    read = play(&order, 500, "cd");
    g_assert_cmpstr(read, ==, "cd");
    g_free(read);
}

static void test_loss(void)
{
    rdgudp_order_t order = { 0 };
    uint32_t missing;

    rdgudp_order_set_initial(&order, 0);
    g_assert_cmpint(rdgudp_order_take(&order, 1, NULL, &missing), ==, RDGUDP_ORDER_NEXT);
    for (uint32_t i = 0; i < RDGUDP_ORDER_WAITING; i++) {
        g_assert_false(rdgudp_order_is_full(&order));
        g_assert_cmpint(rdgudp_order_take(&order, 4 + i, &order, &missing), ==, RDGUDP_ORDER_EARLY);
        g_assert_cmpuint(missing, ==, i == 0 ? 2 : 0);
    }
    g_assert_true(rdgudp_order_is_full(&order));
    g_assert_cmpuint(rdgudp_order_skip(&order), ==, 2);
    for (uint32_t i = 0; i < RDGUDP_ORDER_WAITING; i++) {
        g_assert_nonnull(rdgudp_order_pop(&order));
    }
    g_assert_null(rdgudp_order_pop(&order));
    g_assert_cmpint(rdgudp_order_take(&order, 2, NULL, &missing), ==, RDGUDP_ORDER_AGAIN);
    g_assert_cmpint(rdgudp_order_take(&order, 4 + RDGUDP_ORDER_WAITING, NULL, &missing), ==, RDGUDP_ORDER_NEXT);
    /* Another stream begins. */
    g_assert_cmpint(rdgudp_order_take(&order, 0x50000000, NULL, &missing), ==, RDGUDP_ORDER_NEXT);
    g_assert_cmpint(rdgudp_order_take(&order, 0x50000001, NULL, &missing), ==, RDGUDP_ORDER_NEXT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_order/order", test_order);
    g_test_add_func("/rdgudp_order/again", test_again);
    g_test_add_func("/rdgudp_order/middle", test_middle);
    g_test_add_func("/rdgudp_order/loss", test_loss);
    return g_test_run();
}
