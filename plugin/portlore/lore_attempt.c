/* lore_attempt.c
 * What stops an attempt to reach a service, and how a scan without a connection looks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "lore_attempt.h"

#include <stddef.h>

#include "base/icmp_error.h"

lore_stop_kind_t lore_attempt_stop_of(const ip_header_t *header, bool is_ipv6)
{
    switch (icmp_error_kind(is_ipv6, header->icmp_type, header->icmp_code)) {
    case ICMP_ERROR_PORT:
        return LORE_STOP_PORT;
    case ICMP_ERROR_PROTOCOL:
        return LORE_STOP_PROTOCOL;
    case ICMP_ERROR_PROHIBITED:
        return LORE_STOP_PROHIBITED;
    case ICMP_ERROR_ROUTE:
        return LORE_STOP_ROUTE;
    default:
        return LORE_STOP_NONE;
    }
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
