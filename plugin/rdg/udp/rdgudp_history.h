/* rdgudp_history.h
 * What was known of a channel after each of its datagrams: made on the first pass, found again on every later one.
 *
 * Most datagrams of a channel say what the one before them said. They share its note, so that a channel takes no more
 * memory for a million of them than for ten.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_HISTORY_H
#define PORTLORE_RDGUDP_HISTORY_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_session.h"

/* A datagram while it is being dissected. Lives as long as that. */
typedef struct {
    rdgudp_note_t note;
    uint32_t place; /* among the datagrams of its frame, from 0 */
} rdgudp_draft_t;

/* What was found on a packet inside DTLS. */
typedef struct {
    rdgudp_fragment_use_t use;
    uint32_t attempt; /* names the reassembly */
    bool completes;   /* the fragment with which the reassembly is complete */
} rdgudp_packet_note_t;

/* Sets things up for the protocol PROTO. Call once, at registration. */
void rdgudp_history_init(int proto);

/* The note of the datagram that begins now. First pass: that in DRAFT, to be written into until rdgudp_history_end().
 * Later: the one from then, only to be read, or NULL when there is none. */
rdgudp_note_t *rdgudp_history_begin(packet_info *pinfo, rdgudp_conv_t *flow, rdgudp_draft_t *draft);

/* First pass: writes into the note what is known now, and keeps it. Returns the one that stays. */
const rdgudp_note_t *rdgudp_history_end(packet_info *pinfo, rdgudp_draft_t *draft);

/* Writes into a note of the first pass what is known of its channel now. */
void rdgudp_history_complete(rdgudp_note_t *note);

/* The note of the next packet inside DTLS; IS_NEW says that it is to be filled in. Never NULL. */
rdgudp_packet_note_t *rdgudp_history_next_packet(packet_info *pinfo, bool *is_new);

/* True when there was a packet inside DTLS in this frame, so far. */
bool rdgudp_history_have_packet(packet_info *pinfo);

/* The verdict to be shown with a note. From the second pass on, a ClientHello that was never answered shows what came
 * of it; everything else shows what was known then. */
rdgudp_verdict_t rdgudp_history_shown_verdict(const rdgudp_note_t *note, bool visited);

#endif
