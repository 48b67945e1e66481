/* test_ip_fragment.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ip_fragment.h"

#include <glib.h>

static const uint8_t v4_source[] = { 192, 0, 2, 10 };
static const uint8_t v4_destination[] = { 198, 51, 100, 20 };
static const ip_addresses_t v4 = { false, v4_source, v4_destination };

static const uint8_t v6_source[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static const uint8_t v6_destination[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };
static const ip_addresses_t v6 = { true, v6_source, v6_destination };

/* Two octets in front of the header, as of a link layer. */
static void make_v4(uint8_t frame[30], uint16_t place, uint8_t protocol)
{
    const uint8_t packet[30] = { 0x08,
                                 0,
                                 0x45,
                                 0,
                                 0,
                                 28,
                                 0x12,
                                 0x34,
                                 (uint8_t)(place >> 8),
                                 (uint8_t)place,
                                 64,
                                 protocol,
                                 0,
                                 0,
                                 192,
                                 0,
                                 2,
                                 10,
                                 198,
                                 51,
                                 100,
                                 20,
                                 0xc1,
                                 0x5c,
                                 0x0d,
                                 0x3a };

    for (unsigned i = 0; i < sizeof packet; i++) {
        frame[i] = packet[i];
    }
}

static void test_v4(void)
{
    uint8_t frame[30];
    ip_fragment_t fragment;

    make_v4(frame, 0x2000, 17);
    g_assert_true(ip_fragment_find(frame, sizeof frame, &v4, &fragment));
    g_assert_cmpuint(fragment.ident, ==, 0x1234);
    g_assert_cmpuint(fragment.offset, ==, 0);
    g_assert_true(fragment.has_ports);
    g_assert_cmpuint(fragment.source_port, ==, 49500);
    g_assert_cmpuint(fragment.destination_port, ==, 3386);
    g_assert_true(ip_fragment_find(frame, 25, &v4, &fragment));
    g_assert_false(fragment.has_ports);
    g_assert_false(ip_fragment_find(frame, 21, &v4, &fragment));

    make_v4(frame, 185, 17);
    g_assert_true(ip_fragment_find(frame, sizeof frame, &v4, &fragment));
    g_assert_cmpuint(fragment.offset, ==, 1480);
    g_assert_false(fragment.has_ports);

    make_v4(frame, 0x4000, 17);
    g_assert_false(ip_fragment_find(frame, sizeof frame, &v4, &fragment));
    make_v4(frame, 0x2000, 6);
    g_assert_false(ip_fragment_find(frame, sizeof frame, &v4, &fragment));
}

/* An extension header, then the one of the fragment. */
static void make_v6(uint8_t frame[60], uint16_t place)
{
    for (unsigned i = 0; i < 60; i++) {
        frame[i] = 0;
    }
    frame[0] = 0x60;
    frame[6] = 0;
    for (unsigned i = 0; i < 16; i++) {
        frame[8 + i] = v6_source[i];
        frame[24 + i] = v6_destination[i];
    }
    frame[40] = 44;
    frame[48] = 17;
    frame[50] = (uint8_t)(place >> 8);
    frame[51] = (uint8_t)place;
    frame[52] = 0xde;
    frame[55] = 0xad;
    frame[56] = 0xc1;
    frame[57] = 0x5c;
    frame[58] = 0x0d;
    frame[59] = 0x3a;
}

static void test_v6(void)
{
    uint8_t frame[60];
    ip_fragment_t fragment;

    make_v6(frame, 1);
    g_assert_true(ip_fragment_find(frame, sizeof frame, &v6, &fragment));
    g_assert_cmpuint(fragment.ident, ==, 0xde0000ad);
    g_assert_true(fragment.has_ports);
    g_assert_cmpuint(fragment.destination_port, ==, 3386);
    g_assert_false(ip_fragment_find(frame, 55, &v6, &fragment));
    make_v6(frame, 1448);
    g_assert_true(ip_fragment_find(frame, sizeof frame, &v6, &fragment));
    g_assert_cmpuint(fragment.offset, ==, 1448);
    g_assert_false(fragment.has_ports);
    make_v6(frame, 0);
    g_assert_false(ip_fragment_find(frame, sizeof frame, &v6, &fragment));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ip_fragment/v4", test_v4);
    g_test_add_func("/ip_fragment/v6", test_v6);
    return g_test_run();
}
