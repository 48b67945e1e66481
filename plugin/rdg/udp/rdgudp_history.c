/* rdgudp_history.c
 * What was known of a channel after each of its datagrams.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_history.h"

#include <epan/proto_data.h>

#include "rdgudp_fallback.h"

/* Key of the state of a datagram that is not the first of its frame; how many layers of our protocol it stands behind
 * is added. */
#define KEY_DATAGRAM 0x10000

static int proto_rdgudp = -1;
static int owner_of_others = -1;

void rdgudp_history_init(int proto)
{
    proto_rdgudp = proto;
    /* What other packets say hangs on their frames under an owner of its own: a frame may have both. */
    owner_of_others = frame_store_new_owner();
}

/* Which one of its frame's the datagram is, from 1: Wireshark counts how often a protocol was entered. Counts packets
 * inside DTLS of the datagrams before as well, in the same way on every pass. Only right while no other dissector has
 * been called. */
static unsigned place_of(const packet_info *pinfo)
{
    return pinfo->curr_proto_layer_num;
}

/* One way or the other: as the packet itself has it, since which end is the client may be put right later. */
static unsigned direction_of(const packet_info *pinfo)
{
    return pinfo->srcport < pinfo->destport;
}

/* {{{ Datagrams */

rdgudp_state_t *rdgudp_history_begin(packet_info *pinfo, rdgudp_conv_t *conv, rdgudp_state_t *draft)
{
    if (PINFO_FD_VISITED(pinfo)) {
        if (place_of(pinfo) > 1) {
            return p_get_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, KEY_DATAGRAM + place_of(pinfo));
        }
        wmem_tree_t *states = conv->states[direction_of(pinfo)];
        return states != NULL ? wmem_tree_lookup32_le(states, pinfo->num) : NULL;
    }
    *draft = (rdgudp_state_t){
        .conv = conv,
        .place = place_of(pinfo),
        .before = conv->judgement.verdict,
        .is_first = !conv->has_begun,
        .from_gateway = rdgudp_session_is_from_gateway(conv, pinfo),
        .fallback_stream = RDG_NO_STREAM,
        .fallback_later = RDG_NO_STREAM,
    };
    conv->has_begun = true;
    return draft;
}

static bool is_reported(rdgudp_verdict_t verdict)
{
    return rdgudp_verdict_is_failure(verdict) || verdict == RDGUDP_UNSOLICITED || verdict == RDGUDP_NOT_OURS;
}

/* An answer shows that an earlier problem was none, or is over. */
static void take_problem_back(rdgudp_conv_t *conv)
{
    const rdgudp_state_t *problem = conv->problem;

    if (problem == NULL || is_reported(conv->judgement.verdict)) {
        return;
    }
    bool was_up = problem->then != NULL && rdgudp_channel_is_answered(problem->then);
    if (was_up ? rdgudp_channel_is_up(&conv->channel) : rdgudp_channel_is_answered(&conv->channel)) {
        for (rdgudp_state_t *one = conv->problem; one != NULL; one = one->earlier) {
            one->is_taken_back = true;
        }
        conv->problem = NULL;
        conv->fallback_stream = RDG_NO_STREAM;
    }
}

/* The hellos of an attempt may stand behind its data in the file, and are forgotten when another attempt begins. */
static void complete_hellos(rdgudp_conv_t *conv)
{
    const rdgudp_channel_t *channel = &conv->channel;
    rdgudp_state_t *reported = conv->no_key;

    if (reported != NULL && reported->hellos == NULL && reported->attempt == channel->attempt &&
        rdgudp_channel_has_hellos(channel)) {
        reported->hellos = wmem_memdup(wmem_file_scope(), channel, sizeof *channel);
    }
}

/* Writes into a state of the first pass what is known of its channel now. */
static void complete(rdgudp_state_t *state)
{
    rdgudp_conv_t *conv = state->conv;
    const rdgudp_channel_t *channel = &conv->channel;

    rdgudp_session_judge(conv);
    state->judgement = conv->judgement;
    state->hello_count = channel->hello_count;
    state->version = channel->version;
    state->both_ways = channel->sides[RDG_CLIENT].data && channel->sides[RDG_GATEWAY].data;
    state->attempt = channel->attempt;
    if (state->judgement.verdict != state->before && is_reported(state->judgement.verdict)) {
        state->changes |= RDGUDP_STATE_PROBLEM;
        state->stopped_by = conv->stopped_by;
    }
    take_problem_back(conv);
    complete_hellos(conv);
    if (rdgudp_verdict_is_failure(state->judgement.verdict)) {
        state->changes |= rdgudp_fallback_find(conv) ? RDGUDP_STATE_FALLBACK : 0;
        state->fallback_stream = conv->fallback_stream;
    }
    if (state->changes & (RDGUDP_CHANGE_ALERT | RDGUDP_STATE_NO_KEY | RDGUDP_STATE_PROBLEM)) {
        state->then = wmem_memdup(wmem_file_scope(), channel, sizeof *channel);
    }
}

/* True when two datagrams of a channel change nothing and leave the same behind. What is learnt later goes into states
 * with changes only. */
static bool are_alike(const rdgudp_state_t *state, const rdgudp_state_t *other)
{
    return state->changes == 0 && other->changes == 0 && !state->is_first && !other->is_first &&
           state->before == other->before && state->judgement.verdict == other->judgement.verdict &&
           state->from_gateway == other->from_gateway && state->hello_count == other->hello_count &&
           state->version == other->version && state->both_ways == other->both_ways &&
           state->attempt == other->attempt && state->fallback_stream == other->fallback_stream;
}

static rdgudp_state_t *keep(const rdgudp_state_t *state)
{
    return wmem_memdup(wmem_file_scope(), state, sizeof *state);
}

/* The first datagram of a frame, as most are: kept when it differs from the one before. */
static rdgudp_state_t *keep_first(const packet_info *pinfo, const rdgudp_state_t *state)
{
    rdgudp_conv_t *conv = state->conv;
    unsigned direction = direction_of(pinfo);

    if (conv->last[direction] != NULL && are_alike(state, conv->last[direction])) {
        return conv->last[direction];
    }
    if (conv->states[direction] == NULL) {
        conv->states[direction] = wmem_tree_new(wmem_file_scope());
    }
    conv->last[direction] = keep(state);
    wmem_tree_insert32(conv->states[direction], pinfo->num, conv->last[direction]);
    return conv->last[direction];
}

static void note_problem(rdgudp_state_t *state)
{
    if (state->changes & RDGUDP_STATE_PROBLEM) {
        state->earlier = state->conv->problem;
        state->conv->problem = state;
    }
}

rdgudp_state_t *rdgudp_history_end(packet_info *pinfo, rdgudp_state_t *draft)
{
    rdgudp_state_t *kept;

    complete(draft);
    if (draft->place <= 1) {
        kept = keep_first(pinfo, draft);
    } else {
        kept = keep(draft);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, KEY_DATAGRAM + draft->place, kept);
    }
    if (kept->changes & RDGUDP_CHANGE_HELLO) {
        kept->conv->hello = kept;
    }
    if (kept->changes & RDGUDP_STATE_NO_KEY) {
        kept->conv->no_key = kept;
        complete_hellos(kept->conv);
    }
    note_problem(kept);
    return kept;
}

/* }}} */
/* {{{ Other packets, and fragments */

rdgudp_state_t *rdgudp_history_add(packet_info *pinfo, rdgudp_conv_t *conv, rdgudp_verdict_t before, unsigned changes)
{
    rdgudp_state_t *state = wmem_new0(wmem_file_scope(), rdgudp_state_t);
    rdgudp_state_t *first = p_get_proto_data(pinfo->pool, pinfo, owner_of_others, 0);

    state->conv = conv;
    state->before = before;
    state->changes = changes;
    state->fallback_later = RDG_NO_STREAM;
    complete(state);
    note_problem(state);
    state->next = first;
    p_remove_proto_data(pinfo->pool, pinfo, owner_of_others, 0);
    p_add_proto_data(pinfo->pool, pinfo, owner_of_others, 0, state);
    return state;
}

const rdgudp_state_t *rdgudp_history_of_other(packet_info *pinfo)
{
    if (!PINFO_FD_VISITED(pinfo)) {
        rdgudp_state_t *first = p_get_proto_data(pinfo->pool, pinfo, owner_of_others, 0);
        if (first != NULL) {
            frame_store_put(pinfo, owner_of_others, first);
        }
        return first;
    }
    return frame_store_next(pinfo, owner_of_others);
}

rdgudp_fragment_state_t *rdgudp_history_next_fragment(packet_info *pinfo)
{
    if (PINFO_FD_VISITED(pinfo)) {
        return frame_store_next(pinfo, proto_rdgudp);
    }
    rdgudp_fragment_state_t *state = wmem_new0(wmem_file_scope(), rdgudp_fragment_state_t);
    frame_store_put(pinfo, proto_rdgudp, state);
    return state;
}

/* }}} */
/* {{{ What is shown */

/* True for the latest ClientHello of a channel that only the end of the file shows to have failed. */
static bool is_late_problem(const rdgudp_state_t *state)
{
    const rdgudp_conv_t *conv = state->conv;

    return state == conv->hello && conv->problem == NULL && frame_store_is_whole() &&
           rdgudp_verdict_is_failure(rdgudp_session_outcome(conv).verdict);
}

rdgudp_verdict_t rdgudp_history_shown_verdict(const rdgudp_state_t *state)
{
    if ((state->changes & RDGUDP_CHANGE_HELLO) && state->judgement.verdict == RDGUDP_HELLO_SENT &&
        state->attempt == state->conv->channel.attempt && frame_store_is_whole()) {
        rdgudp_verdict_t outcome = rdgudp_session_outcome(state->conv).verdict;
        if (rdgudp_verdict_is_failure(outcome) && !rdgudp_channel_is_answered(&state->conv->channel)) {
            return outcome;
        }
    }
    return state->judgement.verdict;
}

bool rdgudp_history_reports_problem(const rdgudp_state_t *state)
{
    return ((state->changes & RDGUDP_STATE_PROBLEM) && !state->is_taken_back) || is_late_problem(state);
}

/* }}} */
