/* ip_headers.h
 * Finds a packet's TCP or UDP header in its octets.
 *
 * Port Lore runs behind all dissectors, and only needs a few bits of the headers. Asking Wireshark for fields would
 * make it build the whole tree of every packet, and taps are silent in the first of two passes. So the header is read
 * here, and only for the few packets whose ports are of interest. What is around it (link layer, VLAN, tunnels) does
 * not matter: the IP header is found by its addresses, and everything that is known of it must agree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_IP_HEADERS_H
#define PORTLORE_IP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport.h"

/* What is known of a packet: its IP addresses, 4 or 16 octets each. */
typedef struct {
    bool is_ipv6;
    const uint8_t *source;
    const uint8_t *destination;
} ip_addresses_t;

/* A TCP or UDP header. */
typedef struct {
    transport_t transport;
    uint16_t source_port;
    uint16_t destination_port;
    bool syn, ack, rst; /* TCP flags; false for UDP, and where the capture or the quote is too short for them */
    bool fin;
    uint8_t flags;         /* TCP: all flags but the first three; 0 where they are not there */
    uint32_t sequence;     /* TCP: of the first octet; 0 where it is not there */
    uint32_t acknowledged; /* TCP: the next octet that is expected from the other end */
    size_t payload;        /* where it begins, from the start of the frame, maybe behind what was captured; of TCP 0
                            * where the flags are not there */
    size_t payload_length; /* as sent */
    uint16_t ident;        /* IPv4: identification; 0 of IPv6 */
    bool is_fragment;      /* the first one of several: PAYLOAD_LENGTH is that of the fragment */
    bool has_payload;      /* not known of a quoted header: false */
    uint8_t icmp_type;     /* of the ICMP or ICMPv6 error that quotes the header */
    uint8_t icmp_code;
    uint32_t icmp_mtu;    /* of the next hop, where the error says it; otherwise 0 */
    size_t error_source;  /* of the source address in the error's own IP header, from the start of the frame */
    size_t source_offset; /* of the source address in its IP header, from the start of the frame; the destination
                           * address is right behind it */
} ip_header_t;

/* Looks in the CAPTURED octets of FRAME for the TCP or UDP header of the packet with these ADDRESSES. The transport and
 * the ports must be those that are in HEADER; the rest of HEADER is filled in. False when there is no such header: the
 * packet was put together from fragments or unpacked from something, or the capture is cut too short. */
bool ip_headers_find(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses, ip_header_t *header);

/* Looks for the TCP or UDP header that an ICMP or ICMPv6 error between these ADDRESSES quotes, and fills in all of
 * HEADER. ADDRESSES may be those of the quoted packet as well: Wireshark leaves these when the capture cut the quote.
 * False when there is none. */
bool ip_headers_find_quoted(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses,
                            ip_header_t *header);

#endif
