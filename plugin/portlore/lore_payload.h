/* lore_payload.h
 * What a packet had: its TCP or UDP header, and what was found on its payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_PAYLOAD_H
#define PORTLORE_LORE_PAYLOAD_H

#include <epan/packet.h>

#include <stdbool.h>

#include "base/packet_ends.h"

/* Lives as long as the packet. */
typedef struct {
    packet_ends_t ends;
    uint32_t conversation; /* Wireshark's index of the conversation */
    bool has_payload;
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

/* Collects what the packet FRAME had, whose EVIDENCE has the ends only. False when nothing is known about its
 * conversation. */
bool lore_payload_collect(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence);

#endif
