/* lore_attempt.c
 * What stops an attempt to reach a service, and how a scan without a connection looks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "lore_attempt.h"

#include <stddef.h>

/* RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1. 4 is the path's MTU, 5 a source route that failed. */
static lore_stop_kind_t stop_by_icmp(uint8_t code)
{
    switch (code) {
    case 0:
    case 1:
    case 6:
    case 7:
    case 8:
    case 11:
    case 12:
        return LORE_STOP_ROUTE;
    case 2:
        return LORE_STOP_PROTOCOL;
    case ICMP_PORT_UNREACHABLE:
        return LORE_STOP_PORT;
    case 9:
    case 10:
    case 13:
    case 14:
    case 15:
        return LORE_STOP_PROHIBITED;
    default:
        return LORE_STOP_NONE;
    }
}

/* RFC 4443 3.1. */
static lore_stop_kind_t stop_by_icmpv6(uint8_t code)
{
    switch (code) {
    case 0:
    case 2:
    case 3:
        return LORE_STOP_ROUTE;
    case 1:
    case 5:
    case 6:
        return LORE_STOP_PROHIBITED;
    case ICMPV6_PORT_UNREACHABLE:
        return LORE_STOP_PORT;
    default:
        return LORE_STOP_NONE;
    }
}

lore_stop_kind_t lore_attempt_stop_of(const ip_header_t *header, bool is_ipv6)
{
    if (!header->unreachable) {
        return LORE_STOP_NONE;
    }
    return is_ipv6 ? stop_by_icmpv6(header->icmp_code) : stop_by_icmp(header->icmp_code);
}

lore_scan_t lore_attempt_scan_of(const ip_header_t *header)
{
    enum { FIN = 0x01, PSH = 0x08, ACK = 0x10, URG = 0x20, FLAGS = 0x3f };

    /* Where the flags are not there, neither is the place of the payload. */
    if (header->transport != TRANSPORT_TCP || header->payload == 0 || header->has_payload) {
        return LORE_SCAN_NONE;
    }
    switch (header->flags & FLAGS) {
    case 0:
        return LORE_SCAN_NULL;
    case FIN:
        return LORE_SCAN_FIN;
    case FIN | PSH | URG:
        return LORE_SCAN_XMAS;
    case ACK:
        return LORE_SCAN_ACK;
    default:
        return LORE_SCAN_NONE;
    }
}

const char *lore_attempt_scan_name(lore_scan_t scan)
{
    static const char *const names[] = { NULL, "NULL", "FIN", "Xmas", "ACK" };

    return names[scan];
}
