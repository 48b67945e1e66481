/* lore_payload.h
 * What a packet had: its TCP or UDP header, and what was found on its payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_PAYLOAD_H
#define PORTLORE_LORE_PAYLOAD_H

#include <epan/conversation.h>
#include <epan/packet.h>

#include <stdbool.h>

#include "port_facts.h"

/* The packet's innermost TCP or UDP header. Lives as long as the packet. */
typedef struct {
    port_transport_t transport;
    uint16_t source_port;
    uint16_t destination_port;
    address source;
    address destination;
    uint32_t conversation; /* Wireshark's index of the conversation */
    bool syn, ack, rst;    /* TCP flags; false for UDP */
    bool has_payload;
    bool quoted;      /* not a packet of its own: an ICMP error quotes it */
    bool unreachable; /* and says that the destination is unreachable */
    const char *seen; /* filter name of the protocol on the payload, LORE_SEEN_DATA when no dissector recognised
                       * it; NULL when there is no payload, or when it is not known yet (a TCP segment that
                       * waits for the rest of its message) */
} lore_payload_t;

/* The payload of the NDB management protocol has no dissector: this stands for its filter name. */
#define LORE_SEEN_NDB "NDB management"
#define LORE_SEEN_DATA "data"

/* Looks up what it needs, and hooks in a heuristic "dissector" for TCP under PROTO that only looks and never takes a
 * packet: it recognises the NDB management protocol. Call once, at handoff. */
void lore_payload_start(int proto);

/* True when the packet is an ICMP or ICMPv6 message. */
bool lore_payload_is_icmp(const packet_info *pinfo);

/* Reads the ports and what is needed to tell whether they are of interest. IS_ICMP is what lore_payload_is_icmp()
 * says. False when the packet FRAME is neither TCP nor UDP nor an ICMP error that quotes one. Cheap. */
bool lore_payload_read_ports(tvbuff_t *frame, packet_info *pinfo, bool is_icmp, lore_payload_t *evidence);

/* Reads flags and payload from the packet's TCP or UDP header. They stay as they are when the header is not in the
 * octets of FRAME. Not for quoted headers. */
void lore_payload_read_header(tvbuff_t *frame, const packet_info *pinfo, lore_payload_t *evidence);

/* To look up a packet's conversation takes Wireshark as long as all the rest here. A dissector that has found the one
 * of PINFO says so, and it is not looked up again for the same packet. */
void lore_payload_offer_conversation(const packet_info *pinfo, const conversation_t *conversation);

/* Call when the packet has been looked at, whether it is of interest or not. */
void lore_payload_end_packet(void);

/* Collects the rest of what the packet FRAME had. False when nothing is known about its conversation. */
bool lore_payload_collect(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence);

#endif
