/* packet_ends.h
 * The ends of a packet, or of the packet that an ICMP error quotes: addresses, ports, and what its TCP or UDP header
 * says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_ENDS_H
#define PORTLORE_PACKET_ENDS_H

#include <epan/packet.h>

#include <stdbool.h>

#include "ip_headers.h"

/* Lives as long as the packet. */
typedef struct {
    bool is_quoted;  /* not a packet of its own: an ICMP error quotes it */
    bool has_header; /* all of HEADER is known; otherwise only the transport and the ports */
    ip_header_t header;
    address source;
    address destination;
    address sender; /* of the ICMP error; AT_NONE otherwise */
} packet_ends_t;

/* Looks up Wireshark's protocols. Call once, at handoff. */
void packet_ends_start(void);

/* True when the packet is an ICMP or ICMPv6 message. Callable behind all dissectors only. */
bool packet_ends_is_icmp(const packet_info *pinfo);

/* Reads addresses and ports of the innermost TCP or UDP header of the packet FRAME, or of the header that it quotes.
 * IS_ICMP is what packet_ends_is_icmp() says. Of a quoted packet the whole of ENDS is filled in. False when the packet
 * is neither TCP nor UDP nor an ICMP error that quotes one. Cheap where IS_ICMP is false. */
bool packet_ends_read(tvbuff_t *frame, const packet_info *pinfo, bool is_icmp, packet_ends_t *ends);

/* Reads the rest of the header from the octets of FRAME. False, and ENDS stays as it is, when the header is not among
 * them: the packet was put together from fragments or unpacked, or the capture is cut. Does nothing to a quoted one. */
bool packet_ends_read_header(tvbuff_t *frame, const packet_info *pinfo, packet_ends_t *ends);

#endif
