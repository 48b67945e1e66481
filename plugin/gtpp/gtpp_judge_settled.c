/* gtpp_judge_settled.c
 * Possibly duplicated packets: held by the node that accepted them, until they are released or cancelled (3GPP
 * TS 32.295 section 5.2).
 *
 * A release names packets by their numbers. The packet meant is one of the release's own path; where that has none, one
 * of another path between the same two addresses, oldest first. A packet whose answer is not in the capture may be
 * released as well: the node accepts that only when it has the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include <string.h>

#include "gtpp_match.h"
#include "gtpp_pdu.h"

/* Possibly duplicated packets between two hosts under one number, in the order of time. */
typedef struct {
    uint32_t source;
    uint32_t target;
    uint16_t seq;
} gtpp_held_key_t;

static unsigned hash_key(const void *key)
{
    return wmem_strong_hash(key, sizeof(gtpp_held_key_t));
}

static gboolean is_same_key(const void *one, const void *other)
{
    const gtpp_held_key_t *mine = one;
    const gtpp_held_key_t *yours = other;

    return mine->source == yours->source && mine->target == yours->target && mine->seq == yours->seq;
}

static gtpp_held_key_t key_of(const gtpp_judgement_t *judgement, const gtpp_event_t *event, uint16_t seq)
{
    gtpp_held_key_t key;

    memset(&key, 0, sizeof key);
    key.source = gtpp_judge_source(judgement, event);
    key.target = gtpp_judge_target(judgement, event);
    key.seq = seq;
    return key;
}

/* Of the packets under one number that are not settled, this many are looked at. */
#define HELD_PACKETS 64

typedef struct {
    GPtrArray *packets;
    unsigned settled; /* how many of the first ones are settled: releases mostly come in the order of the packets */
} gtpp_held_t;

static void free_held(void *held)
{
    g_ptr_array_unref(((gtpp_held_t *)held)->packets);
    g_free(held);
}

static bool was_sent_as_duplicate(const gtpp_event_t *request)
{
    return gtpp_judge_is_request(request) && gtpp_match_is_duplicated(request, INT64_MAX);
}

static GHashTable *index_packets(const gtpp_judgement_t *judgement)
{
    GHashTable *packets = g_hash_table_new_full(hash_key, is_same_key, g_free, free_held);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!was_sent_as_duplicate(event)) {
            continue;
        }
        const gtpp_held_key_t key = key_of(judgement, event, event->seq);
        gtpp_held_t *held = g_hash_table_lookup(packets, &key);
        if (held == NULL) {
            held = g_new0(gtpp_held_t, 1);
            held->packets = g_ptr_array_new();
            g_hash_table_insert(packets, g_memdup2(&key, sizeof key), held);
        }
        g_ptr_array_add(held->packets, event);
    }
    return packets;
}

/* True when the node may have the packet: it accepted it, or the capture lacks the answer, or an ordinary packet was
 * accepted of which a copy was possibly duplicated. */
static bool may_be_held(const gtpp_event_t *packet)
{
    return packet->fate == GTPP_FATE_HELD || packet->fate == GTPP_FATE_UNDECIDED ||
           packet->fate == GTPP_FATE_UNACKNOWLEDGED || packet->fate == GTPP_FATE_NOT_YET ||
           (packet->fate == GTPP_FATE_ACKNOWLEDGED && packet->command != GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED);
}

static bool is_settled(const gtpp_event_t *packet)
{
    return packet->more != NULL && packet->more->settled_by != NULL;
}

/* How well a packet that is not settled fits a release: higher is better, 0 is not at all. */
static int fit_of(const gtpp_event_t *release, const gtpp_event_t *packet)
{
    const int on_own_path = packet->path == release->path ? 4 : 0;

    if (packet->fate == GTPP_FATE_HELD) {
        return on_own_path + 2;
    }
    return may_be_held(packet) ? on_own_path + 1 : 0;
}

/* The packet that RELEASE means by one of its numbers: of two that fit alike the oldest or, when all are settled, the
 * latest of these. NULL: none is in the capture. */
static gtpp_event_t *find_packet(const gtpp_event_t *release, gtpp_held_t *held)
{
    gtpp_event_t *best = NULL;
    gtpp_event_t *settled = NULL;
    int best_fit = 0;

    if (held == NULL) {
        return NULL;
    }
    while (held->settled < held->packets->len && is_settled(held->packets->pdata[held->settled])) {
        held->settled++;
    }
    if (held->settled > 0) {
        settled = held->packets->pdata[held->settled - 1];
    }
    for (unsigned i = held->settled, left = HELD_PACKETS; i < held->packets->len && left > 0; i++, left--) {
        gtpp_event_t *packet = held->packets->pdata[i];
        if (packet->time > release->time) {
            break;
        }
        if (is_settled(packet)) {
            settled = packet;
            continue;
        }
        const int fit = fit_of(release, packet);
        if (fit > best_fit) {
            best = packet;
            best_fit = fit;
        }
    }
    return best != NULL ? best : settled;
}

static void settle(const gtpp_judgement_t *judgement, gtpp_event_t *request, uint16_t seq, GHashTable *packets)
{
    const bool is_cancel = request->command == GTPP_COMMAND_CANCEL;
    const gtpp_held_key_t key = key_of(judgement, request, seq);
    gtpp_event_t *packet = find_packet(request, g_hash_table_lookup(packets, &key));

    if (packet == NULL) {
        gtpp_judge_count_finding(judgement, request, GTPP_FINDING_UNKNOWN_PACKET, NULL, seq);
        return;
    }
    if (is_settled(packet)) {
        gtpp_judge_count_finding(judgement, request, GTPP_FINDING_SETTLED_BEFORE, packet->more->settled_by, seq);
        return;
    }
    gtpp_judge_count_finding(judgement, request, is_cancel ? GTPP_FINDING_CANCELLED : GTPP_FINDING_RELEASED, packet,
                             seq);
    if (request->fate == GTPP_FATE_ACKNOWLEDGED) {
        packet->fate = is_cancel ? GTPP_FATE_CANCELLED : GTPP_FATE_RELEASED;
        gtpp_event_need_more(gtpp_ledger_allocator(judgement->ledger), packet)->settled_by = request;
    }
}

static void settle_list(const gtpp_judgement_t *judgement, gtpp_event_t *request, GHashTable *packets)
{
    const gtpp_event_more_t *more = request->more;
    const uint16_t *seqs = more->released;
    uint32_t count = more->num_released;

    if (request->command == GTPP_COMMAND_CANCEL) {
        seqs += more->num_released;
        count = more->num_cancelled;
    }
    for (uint32_t i = 0; i < count; i++) {
        settle(judgement, request, seqs[i], packets);
    }
}

void gtpp_judge_settled(const gtpp_judgement_t *judgement)
{
    GHashTable *packets = NULL;

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) || event->type != GTPP_DATA_RECORD_TRANSFER_REQUEST ||
            (event->command != GTPP_COMMAND_RELEASE && event->command != GTPP_COMMAND_CANCEL) || event->more == NULL ||
            event->more->released == NULL) {
            continue;
        }
        if (packets == NULL) {
            packets = index_packets(judgement);
        }
        settle_list(judgement, event, packets);
    }
    if (packets != NULL) {
        g_hash_table_destroy(packets);
    }
}
