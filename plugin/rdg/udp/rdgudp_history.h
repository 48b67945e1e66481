/* rdgudp_history.h
 * What was known of a channel after each of its datagrams, and after each other packet that says something about it:
 * written on the first pass, read on every later one.
 *
 * Most datagrams of a channel change nothing. They share the state of the one before them, so that a channel takes no
 * more memory for a million of them than for ten. A shared state is found by the frame's number, as the latest one up
 * to it. That holds with a read filter, too: a frame that it drops has the number of the next frame that it keeps, and
 * counts as before that one. Everything that is said once hangs on its own frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_HISTORY_H
#define PORTLORE_RDGUDP_HISTORY_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_session.h"

/* What a packet changes, beside RDGUDP_CHANGE_*. */
enum {
    RDGUDP_STATE_NO_KEY = 1 << 16,
    RDGUDP_STATE_FALLBACK = 1 << 17,
    RDGUDP_STATE_PROBLEM = 1 << 18, /* the verdict has become one that is reported */
    RDGUDP_STATE_CLEAR = 1 << 19,   /* a fragment without DTLS */
    RDGUDP_STATE_MOVED = 1 << 20    /* the channel goes on from another port of its client */
};

/* What was known of a channel after a packet. */
typedef struct rdgudp_state {
    rdgudp_conv_t *conv;
    unsigned place; /* which one of its frame's the datagram is, from 1 */
    rdgudp_verdict_t before;
    rdgudp_judgement_t judgement;
    uint32_t hello_count;
    uint16_t version;
    bool both_ways; /* application data has gone both ways */
    bool is_first;  /* the first packet of the channel */
    bool from_gateway;
    uint32_t attempt; /* which of the channel's it belongs to */
    unsigned changes;
    uint32_t fallback_stream;      /* as known then */
    const rdgudp_channel_t *then;  /* the channel as it was, where the packet is reported */
    const char *stopped_by;        /* as known then, with a problem */
    const frame_record_t *copy_of; /* with RDGUDP_CHANGE_COPY: the first one; NULL when not known */
    bool is_cut;                   /* with RDGUDP_STATE_NO_KEY: the capture lacks octets of the datagram */
    /* What only later packets showed. */
    bool is_taken_back;             /* the problem was none */
    const rdgudp_channel_t *hellos; /* with RDGUDP_STATE_NO_KEY: the channel when both hellos were seen, or NULL */
    struct rdgudp_state *earlier;   /* another problem of the channel that is not taken back, or NULL */
    uint32_t fallback_later;        /* tcp.stream, or RDG_NO_STREAM */
    struct rdgudp_state *next; /* on a frame that is not of the channel: another channel that it says something about */
} rdgudp_state_t;

/* What was found on a CONNECT_PKT_FRAGMENT. */
typedef struct {
    rdgudp_fragment_use_t use;
    uint32_t attempt; /* names the reassembly */
    bool completes;   /* the fragment with which the reassembly is complete */
} rdgudp_fragment_state_t;

/* Sets things up for the protocol PROTO. Call once, at registration. */
void rdgudp_history_init(int proto);

/* The state of the datagram that begins now. First pass: DRAFT, made ready to be written into until
 * rdgudp_history_end(). Later: the one from then, only to be read, or NULL when there is none. */
rdgudp_state_t *rdgudp_history_begin(packet_info *pinfo, rdgudp_conv_t *conv, rdgudp_state_t *draft);

/* First pass: judges the channel, writes into DRAFT what is known now, and keeps it. Returns the one that stays. */
rdgudp_state_t *rdgudp_history_end(packet_info *pinfo, rdgudp_state_t *draft);

/* First pass, on a packet that is not of a channel: adds what is known of CONV now to what the packet says. Its verdict
 * was BEFORE. */
rdgudp_state_t *rdgudp_history_add(packet_info *pinfo, rdgudp_conv_t *conv, rdgudp_verdict_t before, unsigned changes);

/* What such a packet says, or NULL. Call once for each packet and pass, after rdgudp_history_add(). */
const rdgudp_state_t *rdgudp_history_of_other(packet_info *pinfo);

/* The state of the next CONNECT_PKT_FRAGMENT in the frame; on the first pass a new one. NULL when the frame is read
 * otherwise than then. */
rdgudp_fragment_state_t *rdgudp_history_next_fragment(packet_info *pinfo);

/* The verdict to be shown with a state: a ClientHello that was never answered shows what came of it as soon as all of
 * the file is known; everything else shows what was known then. */
rdgudp_verdict_t rdgudp_history_shown_verdict(const rdgudp_state_t *state);

/* True when the state's problem is to be reported on its packet. */
bool rdgudp_history_reports_problem(const rdgudp_state_t *state);

#endif
