/* lore_attempt.h
 * What stops an attempt to reach a service, and how a scan without a connection looks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_ATTEMPT_H
#define PORTLORE_LORE_ATTEMPT_H

#include <stdbool.h>

#include "base/ip_headers.h"

typedef enum {
    LORE_STOP_NONE,
    LORE_STOP_RESET,      /* RST to a SYN */
    LORE_STOP_PORT,       /* ICMP: port unreachable */
    LORE_STOP_PROTOCOL,   /* ICMP: the host has no such transport */
    LORE_STOP_PROHIBITED, /* ICMP: a filter */
    LORE_STOP_ROUTE       /* ICMP: no way to the network or the host */
} lore_stop_kind_t;

typedef enum { LORE_SCAN_NONE, LORE_SCAN_NULL, LORE_SCAN_FIN, LORE_SCAN_XMAS, LORE_SCAN_ACK } lore_scan_t;

/* What the ICMP or ICMPv6 error that quotes HEADER says of the attempt. LORE_STOP_NONE for what stops none: a path's
 * MTU, a source route that failed, a time that was exceeded, and what is not known. */
lore_stop_kind_t lore_attempt_stop_of(const ip_header_t *header, bool is_ipv6);

/* The scan that a TCP segment looks like when it is the first of its conversation: NULL, FIN and Xmas segments belong
 * to no connection; a bare ACK may also be left of one from before the capture. */
lore_scan_t lore_attempt_scan_of(const ip_header_t *header);

/* "NULL", "FIN", "Xmas", "ACK". */
const char *lore_attempt_scan_name(lore_scan_t scan);

#endif
