/* lore_payload.h
 * What a packet had: its TCP or UDP header, its payload, and what was found on that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_PAYLOAD_H
#define PORTLORE_LORE_PAYLOAD_H

#include <epan/conversation.h>
#include <epan/packet.h>

#include <stdbool.h>

#include "base/packet_ends.h"

/* Lives as long as the packet. */
typedef struct {
    packet_ends_t ends;
    const conversation_t *conversation;
    bool has_payload;
    bool is_stub;          /* too little of the payload is there to judge by */
    const uint8_t *octets; /* of the payload, as far as they were captured; NULL when they are not in the frame */
    size_t captured;
    const char *seen; /* filter name of the protocol on the payload, LORE_SEEN_DATA when no dissector recognised
                       * it; NULL when there is no payload, when it is a stub, or when it is not known yet (a TCP
                       * segment that waits for the rest of its message, or was sent again) */
} lore_payload_t;

/* The payload of the NDB management protocol has no dissector: this stands for its filter name. */
#define LORE_SEEN_NDB "NDB management"
#define LORE_SEEN_DATA "data"

/* "dtls": of a channel that the dissector of the port found not to be what belongs there. Told from other texts by its
 * address. */
extern const char lore_payload_disowned[];

/* Looks up Wireshark's protocols. Call once, at handoff. */
void lore_payload_start(void);

/* Filter name of the protocol that was found on a UDP datagram. NULL when there is none, or when it takes the payload
 * to tell. */
const char *lore_payload_seen_on_udp(packet_info *pinfo);

/* Collects what the packet FRAME had, whose EVIDENCE has the ends only. False when nothing is known about its
 * conversation. */
bool lore_payload_collect(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence);

#endif
