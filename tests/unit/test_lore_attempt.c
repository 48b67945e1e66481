/* test_lore_attempt.c
 * What stops an attempt to reach a service, and how a scan without a connection looks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/lore_attempt.h"

#include <glib.h>

static lore_stop_kind_t stop_of(uint8_t code, bool is_ipv6)
{
    ip_header_t header = { .icmp_type = is_ipv6 ? 1 : 3, .icmp_code = code };

    return lore_attempt_stop_of(&header, is_ipv6);
}

static void test_stops(void)
{
    static const lore_stop_kind_t icmp[] = {
        LORE_STOP_ROUTE,      LORE_STOP_ROUTE,      LORE_STOP_PROTOCOL,   LORE_STOP_PORT,
        LORE_STOP_NONE, /* the path's MTU */
        LORE_STOP_NONE,       LORE_STOP_ROUTE,      LORE_STOP_ROUTE,      LORE_STOP_ROUTE,
        LORE_STOP_PROHIBITED, LORE_STOP_PROHIBITED, LORE_STOP_ROUTE,      LORE_STOP_ROUTE,
        LORE_STOP_PROHIBITED, LORE_STOP_PROHIBITED, LORE_STOP_PROHIBITED, LORE_STOP_NONE,
    };
    static const lore_stop_kind_t icmpv6[] = { LORE_STOP_ROUTE,      LORE_STOP_PROHIBITED, LORE_STOP_ROUTE,
                                               LORE_STOP_ROUTE,      LORE_STOP_PORT,       LORE_STOP_PROHIBITED,
                                               LORE_STOP_PROHIBITED, LORE_STOP_NONE };
    ip_header_t other = { .icmp_type = 11, .icmp_code = 0 };

    for (size_t code = 0; code < G_N_ELEMENTS(icmp); code++) {
        g_assert_cmpint(stop_of((uint8_t)code, false), ==, icmp[code]);
    }
    for (size_t code = 0; code < G_N_ELEMENTS(icmpv6); code++) {
        g_assert_cmpint(stop_of((uint8_t)code, true), ==, icmpv6[code]);
    }
    g_assert_cmpint(lore_attempt_stop_of(&other, false), ==, LORE_STOP_NONE);
}

static lore_scan_t scan_of(uint8_t flags)
{
    ip_header_t header = { .transport = TRANSPORT_TCP, .payload = 54, .flags = flags };

    return lore_attempt_scan_of(&header);
}

static void test_scans(void)
{
    ip_header_t header = { .transport = TRANSPORT_TCP, .payload = 54 };

    g_assert_cmpint(scan_of(0x00), ==, LORE_SCAN_NULL);
    g_assert_cmpint(scan_of(0x01), ==, LORE_SCAN_FIN);
    g_assert_cmpint(scan_of(0x29), ==, LORE_SCAN_XMAS);
    g_assert_cmpint(scan_of(0x10), ==, LORE_SCAN_ACK);
    g_assert_cmpint(scan_of(0x02), ==, LORE_SCAN_NONE);
    g_assert_cmpint(scan_of(0x12), ==, LORE_SCAN_NONE);
    g_assert_cmpint(scan_of(0x11), ==, LORE_SCAN_NONE);
    g_assert_cmpint(scan_of(0x04), ==, LORE_SCAN_NONE);
    g_assert_cmpint(scan_of(0x18), ==, LORE_SCAN_NONE);
    header.has_payload = true;
    g_assert_cmpint(lore_attempt_scan_of(&header), ==, LORE_SCAN_NONE);
    header = (ip_header_t){ .transport = TRANSPORT_TCP };
    g_assert_cmpint(lore_attempt_scan_of(&header), ==, LORE_SCAN_NONE);
    header = (ip_header_t){ .transport = TRANSPORT_UDP, .payload = 42 };
    g_assert_cmpint(lore_attempt_scan_of(&header), ==, LORE_SCAN_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lore_attempt/stops", test_stops);
    g_test_add_func("/lore_attempt/scans", test_scans);
    return g_test_run();
}
