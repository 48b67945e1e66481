/* lore_headers.h
 * Finds a packet's TCP or UDP header in its octets.
 *
 * Port Lore runs behind all dissectors, and only needs a few bits of the headers. Asking Wireshark for fields would make
 * it build the whole tree of every packet, and taps are silent in the first of two passes. So the header is read here,
 * and only for the few packets whose ports are of interest. What is around it (link layer, VLAN, tunnels) does not
 * matter: the IP header is found by its addresses, and everything that is known of it must agree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_HEADERS_H
#define PORTLORE_LORE_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "port_facts.h"

/* What is known of the packet. */
typedef struct {
    bool is_ipv6;
    const uint8_t *source;      /* IP addresses: 4 or 16 octets */
    const uint8_t *destination;
    port_transport_t transport;
    uint16_t source_port;
    uint16_t destination_port;
} lore_known_t;

/* What was found. Offsets count from the start of the frame. */
typedef struct {
    bool syn, ack, rst;         /* TCP flags; false for UDP */
    bool has_payload;
    bool quoted;                /* an ICMP error quotes the header; has_payload is not known then */
    bool unreachable;           /* and says Destination Unreachable */
    size_t source_offset;       /* of the IP header's source address; the destination's is right behind it */
} lore_header_t;

/* Looks for the header in the CAPTURED octets of FRAME. With QUOTED, the addresses in KNOWN are those of an ICMP or
 * ICMPv6 error and the ports those of the header that it quotes. False when there is no such header: the packet was
 * put together from fragments or unpacked from something, or the capture is cut too short. */
bool lore_headers_find(const uint8_t *frame, size_t captured, const lore_known_t *known, bool quoted,
                       lore_header_t *header);

#endif
