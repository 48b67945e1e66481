/* gtpp_stream.c
 * The messages of a TCP stream of which segments are missing, out of order, cut, or sent again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_stream.h"

#include <string.h>

#include "base/octets.h"
#include "base/tcp_pieces.h"
#include "base/tcp_sequence.h"
#include "gtpp_pdu.h"

/* A segment further than this behind the end of the stream is another connection's, or nonsense. */
#define MAX_AHEAD (INT32_C(1) << 30)

/* Octets before the first message of a capture that begins amid a connection are kept while there are no more: an
 * earlier segment may still come. */
#define MAX_HEAD 4096

/* As many octets tell whether a message begins: its header and its first element. */
#define START 32

/* Octets without a hole among them. Those from .head to .from have been read. Those before .head belong to a message
 * that began in the hole. */
typedef struct {
    uint32_t first;
    uint32_t head;
    uint32_t from; /* may lie behind .end */
    uint32_t end;
    int64_t earliest; /* time of the first segment, and of the one that brought the end */
    int64_t latest;
    bool is_in_place;    /* a message begins at .from */
    bool has_said_hole;  /* a message has been given .hole */
    gtpp_hole_t *hole;   /* before it; NULL where none is known */
    uint32_t last_start; /* where the last segment began */
} island_t;

struct gtpp_stream {
    wmem_allocator_t *allocator;
    tcp_pieces_t *pieces; /* octets that have come and wait to be read */
    island_t islands[GTPP_STREAM_HOLES + 1];
    unsigned num_islands;
    bool has_begun;      /* SYN told where the first island begins */
    bool has_floor;      /* what lies before the first island is of no use: the stream begins there, or was given up */
    gtpp_hole_t *unread; /* octets at the start of the first island that were not read: none where it has 0; NULL */
    gtpp_hole_t *tail;   /* octets behind the last island that were sent: none where it has 0; NULL */
    uint32_t reached;    /* end of .tail */
    gtpp_hole_t *holes;
    gtpp_hole_t *last_hole;
    gtpp_hole_t *taken;              /* the last one that was given by gtpp_stream_take_hole() */
    gtpp_stream_message_t *messages; /* that the octets added last complete */
    gtpp_stream_message_t **last_message;
};

static uint32_t later(uint32_t one, uint32_t other)
{
    return tcp_sequence_behind(one, other) > 0 ? one : other;
}

static uint32_t earlier(uint32_t one, uint32_t other)
{
    return tcp_sequence_behind(one, other) < 0 ? one : other;
}

gtpp_stream_t *gtpp_stream_open(wmem_allocator_t *allocator)
{
    gtpp_stream_t *stream = wmem_new0(allocator, gtpp_stream_t);

    stream->allocator = allocator;
    stream->pieces = tcp_pieces_open(allocator);
    return stream;
}

/* {{{ Pieces: the octets */

/* The octets of SEGMENT from SEQ up to END. */
static void add_piece(gtpp_stream_t *stream, const gtpp_segment_t *segment, uint32_t seq, uint32_t end)
{
    const uint32_t offset = seq - segment->seq;
    const uint32_t captured = offset < segment->captured ? MIN(segment->captured - offset, end - seq) : 0;

    tcp_pieces_add(stream->pieces, seq, end - seq, captured > 0 ? segment->octets + offset : NULL, captured);
}

/* True when octets from SEQ up to END, of one piece, are to be read still. */
static bool is_needed(const void *data, uint32_t seq, uint32_t end)
{
    const gtpp_stream_t *stream = data;

    for (unsigned i = 0; i < stream->num_islands; i++) {
        const island_t *island = &stream->islands[i];
        if (tcp_sequence_behind(seq, island->first) < 0 || tcp_sequence_behind(seq, island->end) >= 0) {
            continue;
        }
        const bool is_wanted = i > 0 || (!stream->has_floor && island->end - island->first < MAX_HEAD);
        return (is_wanted && tcp_sequence_behind(seq, island->head) < 0) || tcp_sequence_behind(end, island->from) > 0;
    }
    return false;
}

static void drop_pieces(gtpp_stream_t *stream)
{
    tcp_pieces_drop(stream->pieces, is_needed, stream);
}

/* }}} */
/* {{{ Holes */

static gtpp_hole_t *open_hole(gtpp_stream_t *stream, int64_t since)
{
    gtpp_hole_t *hole = wmem_new0(stream->allocator, gtpp_hole_t);

    hole->since = since;
    hole->until = GTPP_TIME_MAX;
    if (stream->last_hole == NULL) {
        stream->holes = hole;
    } else {
        stream->last_hole->following = hole;
    }
    stream->last_hole = hole;
    return hole;
}

/* How many octets each hole has. */
static void measure_holes(gtpp_stream_t *stream)
{
    for (unsigned i = 1; i < stream->num_islands; i++) {
        if (stream->islands[i].hole != NULL) {
            stream->islands[i].hole->octets = stream->islands[i].first - stream->islands[i - 1].end;
        }
    }
    if (stream->tail != NULL) {
        const int32_t missing = tcp_sequence_behind(stream->reached, stream->islands[stream->num_islands - 1].end);
        stream->tail->octets = missing > 0 ? (uint32_t)missing : 0;
    }
}

gtpp_hole_t *gtpp_stream_take_hole(gtpp_stream_t *stream)
{
    gtpp_hole_t *hole = stream->taken == NULL ? stream->holes : stream->taken->following;

    if (hole != NULL) {
        stream->taken = hole;
    }
    return hole;
}

/* Octets that came first, before a message was found among them. They came between .since and .until. */
static void measure_unread(gtpp_stream_t *stream, int64_t when)
{
    if (stream->num_islands == 0 || stream->has_floor) {
        return;
    }
    const island_t *first = &stream->islands[0];
    uint32_t octets = first->head - first->first;

    if (!first->is_in_place && tcp_sequence_behind(first->end, first->from) > 0) {
        octets += first->end - first->from;
    }
    if (first->head == first->first && first->from != first->first) {
        octets = 0; /* a message was read at the start */
    }
    if (octets == 0 && stream->unread == NULL) {
        return;
    }
    if (stream->unread == NULL) {
        stream->unread = open_hole(stream, when);
        stream->unread->until = when;
        stream->unread->is_unread = true;
    }
    gtpp_hole_t *unread = stream->unread;
    if (octets != unread->octets) {
        unread->since = MIN(unread->since, when);
        unread->until = MAX(unread->until, when);
    }
    unread->octets = octets;
}

static bool has_tail(const gtpp_stream_t *stream)
{
    return stream->tail != NULL && stream->tail->octets > 0;
}

/* Octets up to SEQ are missing behind the last island. One that was filled serves again: most messages that go over
 * several segments have one. */
static void set_tail(gtpp_stream_t *stream, uint32_t seq, int64_t since)
{
    if (stream->tail == NULL) {
        stream->tail = open_hole(stream, since);
    } else if (stream->tail->octets == 0) {
        stream->tail->since = since;
    }
    stream->reached = seq;
    measure_holes(stream);
}

void gtpp_stream_reach(gtpp_stream_t *stream, uint32_t seq, int64_t when)
{
    if (stream->num_islands == 0) {
        return;
    }
    const island_t *last = &stream->islands[stream->num_islands - 1];
    const int32_t ahead = tcp_sequence_behind(seq, last->end);
    /* The end of a connection has a number, and no octet. */
    if (ahead > 1 && ahead <= MAX_AHEAD && (!has_tail(stream) || tcp_sequence_behind(seq, stream->reached) > 1)) {
        set_tail(stream, seq, MIN(last->latest, when));
    }
}

/* }}} */
/* {{{ Reading */

static gtpp_pdu_t *read_pdu(wmem_allocator_t *pool, const gtpp_stream_t *stream, uint32_t seq, uint32_t end)
{
    uint8_t header[GTPP_LONG_HEADER];
    const uint32_t there = tcp_pieces_copy(stream->pieces, seq, MIN(sizeof header, end - seq), header);

    if (!gtpp_pdu_can_begin(header, there)) {
        return NULL;
    }
    const gtpp_pdu_t *start = gtpp_pdu_read(pool, header, there, 0);
    if (start->length == 0) {
        return NULL;
    }
    const uint32_t length = MIN(start->length, end - seq);
    uint8_t *octets = wmem_alloc(pool, MAX(length, 1));
    return gtpp_pdu_read(pool, octets, tcp_pieces_copy(stream->pieces, seq, length, octets), 0);
}

/* True when what follows a message may be another one, as far as it has come. */
static bool may_begin(const gtpp_stream_t *stream, uint32_t seq, uint32_t end)
{
    uint8_t header[GTPP_SHORT_HEADER];
    const uint32_t there = seq != end ? tcp_pieces_copy(stream->pieces, seq, MIN(sizeof header, end - seq), header) : 0;

    return there == 0 || (gtpp_pdu_can_begin(header, there) && (header[0] >> 1 & GTPP_SPARE_BITS) == GTPP_SPARE_BITS);
}

typedef enum { IS_NONE, MAY_BE, IS_CERTAIN } likelihood_t;

/* True when PDU may become a message: of the COUNT octets that have come, none speaks against it, and they are too few
 * to hold its first element. */
static bool may_become(const gtpp_pdu_t *pdu, uint32_t count)
{
    return count < START && pdu->captured == count && pdu->header.spare == GTPP_SPARE_BITS &&
           gtpp_pdu_is_acceptable(pdu);
}

/* A message begins at SEQ beyond doubt when all of it has come, its elements are those of its type, and what follows is
 * the end of the octets or another header. One without elements must be all that a segment, or the island, has. */
static likelihood_t weigh(wmem_allocator_t *pool, const gtpp_stream_t *stream, const island_t *island, uint32_t seq)
{
    uint8_t header[GTPP_SHORT_HEADER];
    const uint32_t left = island->end - seq;
    const uint32_t there = tcp_pieces_copy(stream->pieces, seq, MIN(sizeof header, left), header);

    if (!gtpp_pdu_can_begin(header, there)) {
        return IS_NONE;
    }
    if (there < GTPP_SHORT_HEADER) {
        return there == left ? MAY_BE : IS_NONE;
    }
    const gtpp_pdu_t *pdu = read_pdu(pool, stream, seq, island->end);
    if (pdu == NULL || pdu->length == 0) {
        return IS_NONE;
    }
    const gtpp_match_t match = gtpp_pdu_match(pdu);
    if (pdu->length > left) {
        return match == GTPP_YES || may_become(pdu, left) ? MAY_BE : IS_NONE;
    }
    if (match == GTPP_WEAK) {
        const bool is_whole = seq == island->last_start || seq == island->first;
        return is_whole && pdu->length == left ? IS_CERTAIN : IS_NONE;
    }
    return match == GTPP_YES && may_begin(stream, seq + pdu->length, island->end) ? IS_CERTAIN : IS_NONE;
}

/* Passes over octets. Those before the first message may belong to one that began in the hole. */
static void skip_to(island_t *island, uint32_t seq)
{
    if (island->head == island->from) {
        island->head = seq;
    }
    island->from = seq;
}

/* Moves .from to the first message that is certain. */
static bool search(const gtpp_stream_t *stream, island_t *island)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    uint32_t possible = island->end;

    for (uint32_t seq = island->from; seq != island->end && !island->is_in_place; seq++) {
        const likelihood_t likelihood = weigh(pool, stream, island, seq);
        wmem_free_all(pool);
        if (likelihood == IS_CERTAIN) {
            island->is_in_place = true;
            possible = seq;
        } else if (likelihood == MAY_BE && possible == island->end) {
            possible = seq;
        }
    }
    wmem_destroy_allocator(pool);
    skip_to(island, possible);
    return island->is_in_place;
}

static void give_message(gtpp_stream_t *stream, island_t *island, const gtpp_pdu_t *pdu)
{
    gtpp_stream_message_t *message = wmem_new0(stream->allocator, gtpp_stream_message_t);

    message->seq = island->from;
    message->length = pdu->length;
    message->captured = MIN(pdu->captured, pdu->length);
    message->octets = wmem_memdup(stream->allocator, pdu->octets, message->captured);
    if (!island->has_said_hole && island->hole != NULL) {
        island->has_said_hole = true;
        message->hole = island->hole;
        island->hole->until = island->latest;
    }
    *stream->last_message = message;
    stream->last_message = &message->next;
}

/* Reads one message at .from, where one begins. False when it has to wait for more octets. */
static bool read_message(gtpp_stream_t *stream, island_t *island, wmem_allocator_t *pool)
{
    uint8_t start[START];
    const uint32_t left = island->end - island->from;
    const uint32_t there = tcp_pieces_copy(stream->pieces, island->from, MIN(sizeof start, left), start);
    const bool may_begin_here = gtpp_pdu_can_begin(start, there);

    if (there < GTPP_SHORT_HEADER) {
        if (there == left && may_begin_here) {
            return false;
        }
        /* Not the start of a message; or its header was cut, so that where it ends is not known. */
        island->is_in_place = false;
        skip_to(island, there == left ? island->from + 1 : tcp_pieces_find_end(stream->pieces, island->from + there));
        return true;
    }
    const gtpp_pdu_t *pdu = may_begin_here ? gtpp_pdu_read(pool, start, there, 0) : NULL;
    if (pdu == NULL || pdu->length == 0 || !gtpp_pdu_is_acceptable(pdu)) {
        island->is_in_place = false;
        skip_to(island, island->from + 1);
        return true;
    }
    /* A message that the capture cut is read at once: nothing more comes of it. */
    if (pdu->length > left && tcp_pieces_copy(stream->pieces, island->from, left, NULL) == left) {
        return false;
    }
    give_message(stream, island, read_pdu(pool, stream, island->from, island->end));
    island->from += pdu->length;
    return true;
}

static void read_island(gtpp_stream_t *stream, island_t *island)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);

    while (tcp_sequence_behind(island->from, island->end) < 0 && (island->is_in_place || search(stream, island)) &&
           read_message(stream, island, pool)) {
        wmem_free_all(pool);
    }
    wmem_destroy_allocator(pool);
}

/* }}} */
/* {{{ Islands */

/* Where the message that begins in ISLAND ends, which leads over its end. */
static bool find_far_end(const gtpp_stream_t *stream, const island_t *island, uint32_t *end)
{
    const int32_t left = tcp_sequence_behind(island->end, island->from);

    *end = island->from;
    if (!island->is_in_place || left < 0) {
        return island->is_in_place;
    }
    uint8_t start[START];
    const uint32_t there = tcp_pieces_copy(stream->pieces, island->from, MIN(sizeof start, (uint32_t)left), start);
    if (there < GTPP_SHORT_HEADER || !gtpp_pdu_can_begin(start, there)) {
        return false;
    }
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const gtpp_pdu_t *pdu = gtpp_pdu_read(pool, start, there, 0);
    const bool is_known = pdu->length > 0 && gtpp_pdu_is_acceptable(pdu);
    *end += is_known ? pdu->length : 0;
    wmem_destroy_allocator(pool);
    return is_known;
}

static void remove_island(gtpp_stream_t *stream, unsigned at)
{
    stream->num_islands--;
    memmove(&stream->islands[at], &stream->islands[at + 1], (stream->num_islands - at) * sizeof stream->islands[0]);
}

/* Gives up what the first hole may bring. */
static void forget_first_island(gtpp_stream_t *stream)
{
    remove_island(stream, 0);
    stream->has_floor = true;
    drop_pieces(stream);
}

/* A new island before the one at AT. */
static island_t *insert_island(gtpp_stream_t *stream, unsigned at, uint32_t seq, uint32_t end, int64_t when)
{
    if (stream->num_islands > GTPP_STREAM_HOLES) {
        forget_first_island(stream);
        at = at > 0 ? at - 1 : 0;
    }
    memmove(&stream->islands[at + 1], &stream->islands[at], (stream->num_islands - at) * sizeof stream->islands[0]);
    const bool is_last = at == stream->num_islands++;
    island_t *island = &stream->islands[at];
    *island = (island_t){ .first = seq, .head = seq, .from = seq, .end = end, .earliest = when, .latest = when };
    if (at == 0) {
        if (!is_last) {
            island[1].hole = open_hole(stream, MIN(when, island[1].earliest));
            island[1].hole->until = MAX(when, island[1].latest);
            island[1].has_said_hole = island[1].head != island[1].from;
            island[1].hole->is_early = island[1].has_said_hole;
        }
        return island;
    }
    if (is_last && has_tail(stream)) {
        island->hole = stream->tail;
        stream->tail = tcp_sequence_behind(stream->reached, end) > 0 ? open_hole(stream, when) : NULL;
    } else {
        island->hole = open_hole(stream, MIN(island[-1].latest, when));
    }
    uint32_t far_end;
    if (find_far_end(stream, &island[-1], &far_end) && tcp_sequence_behind(far_end, seq) >= 0) {
        island->head = island->from = far_end;
        island->is_in_place = true;
    }
    return island;
}

/* The hole between the island at AT and the next one is filled: reads from one to the other. */
static void join_islands(gtpp_stream_t *stream, unsigned at)
{
    island_t *left = &stream->islands[at];
    const island_t right = left[1];
    const bool has_read = right.head != right.from;

    left->end = has_read ? right.head : right.end;
    left->earliest = MIN(left->earliest, right.earliest);
    left->latest = MAX(left->latest, right.latest);
    left->last_start = later(left->last_start, right.last_start);
    read_island(stream, left);
    if (has_read) {
        if (left->head == left->from) {
            left->head = right.head;
        }
        left->from = later(left->from, right.from);
        left->is_in_place = right.is_in_place;
    }
    left->end = right.end;
    left->latest = right.latest;
    if (right.hole != NULL) {
        right.hole->octets = 0;
    }
    remove_island(stream, at + 1);
}

/* Octets from SEQ up to END, of which none had come, are there now. */
static void add_octets(gtpp_stream_t *stream, const gtpp_segment_t *segment, uint32_t seq, uint32_t end)
{
    unsigned at = 0;

    while (at < stream->num_islands && tcp_sequence_behind(stream->islands[at].end, seq) < 0) {
        at++;
    }
    if (at == stream->num_islands || tcp_sequence_behind(stream->islands[at].first, seq) > 0) {
        at = (unsigned)(insert_island(stream, at, seq, end, segment->time) - stream->islands);
    } else {
        stream->islands[at].end = end;
        stream->islands[at].latest = MAX(stream->islands[at].latest, segment->time);
    }
    stream->islands[at].last_start = seq;
    add_piece(stream, segment, seq, end);
    measure_holes(stream);
    read_island(stream, &stream->islands[at]);
    if (at + 1 < stream->num_islands && stream->islands[at + 1].first == end) {
        join_islands(stream, at);
        read_island(stream, &stream->islands[at]);
    }
}

/* Where the last message is not whole yet, its rest is missing so far. */
static void expect_rest(gtpp_stream_t *stream)
{
    const island_t *last = &stream->islands[stream->num_islands - 1];
    uint32_t end;
    uint8_t header[GTPP_SHORT_HEADER];

    if (!last->is_in_place || tcp_sequence_behind(last->from, last->end) >= 0) {
        return;
    }
    const bool has_number = find_far_end(stream, last, &end);
    if (!has_number) {
        end = last->from + GTPP_SHORT_HEADER; /* of its header only a part has come */
    }
    if (tcp_sequence_behind(end, last->end) > 0 &&
        (!has_tail(stream) || tcp_sequence_behind(end, stream->reached) > 0)) {
        set_tail(stream, end, last->latest);
    }
    if (has_number && has_tail(stream) &&
        tcp_pieces_copy(stream->pieces, last->from, sizeof header, header) == sizeof header) {
        stream->tail->has_number = true;
        stream->tail->number = octets_be16(header + 4);
    }
}

static void forget_everything(gtpp_stream_t *stream)
{
    stream->num_islands = 0;
    stream->has_begun = stream->has_floor = false;
    stream->tail = NULL;
    stream->unread = NULL;
    drop_pieces(stream);
}

gtpp_stream_message_t *gtpp_stream_add(gtpp_stream_t *stream, const gtpp_segment_t *segment)
{
    const uint32_t end = segment->seq + segment->length;
    uint32_t seq = segment->seq;

    if (stream->num_islands > 0) {
        const int32_t ahead = tcp_sequence_behind(seq, stream->islands[stream->num_islands - 1].end);
        if (ahead > MAX_AHEAD || ahead < -MAX_AHEAD) {
            forget_everything(stream);
        } else if (segment->length == 1 && end == stream->islands[0].first) {
            return NULL; /* the octet of a probe that keeps the connection alive: the one before the next */
        } else if (stream->has_floor && tcp_sequence_behind(seq, stream->islands[0].first) < 0) {
            seq = earlier(stream->islands[0].first, end);
        }
    }
    stream->messages = NULL;
    stream->last_message = &stream->messages;
    while (seq != end) {
        uint32_t to = end;
        /* Up to the next island; what lies in one has come before. */
        for (unsigned i = 0; i < stream->num_islands; i++) {
            const island_t *island = &stream->islands[i];
            if (tcp_sequence_behind(seq, island->first) >= 0 && tcp_sequence_behind(seq, island->end) < 0) {
                seq = earlier(island->end, end);
            } else if (tcp_sequence_behind(island->first, seq) > 0) {
                to = earlier(to, island->first);
            }
        }
        if (seq != end) {
            add_octets(stream, segment, seq, to);
            seq = to;
        }
    }
    while (tcp_pieces_count(stream->pieces) > GTPP_STREAM_WAITING && stream->num_islands > 1) {
        forget_first_island(stream);
    }
    if (tcp_pieces_count(stream->pieces) > GTPP_STREAM_WAITING) {
        stream->islands[0].head = stream->islands[0].from = stream->islands[0].end;
        stream->islands[0].is_in_place = false;
    }
    measure_holes(stream);
    measure_unread(stream, segment->time);
    expect_rest(stream);
    drop_pieces(stream);
    return stream->messages;
}

/* }}} */
/* {{{ Streams in order */

void gtpp_stream_expect(gtpp_stream_t *stream, uint32_t seq, int64_t when)
{
    island_t *first = &stream->islands[0];
    const int32_t ahead = stream->num_islands > 0 ? tcp_sequence_behind(first->first, seq) : 0;

    if (stream->num_islands == 0) {
        *first = (island_t){ seq, seq, seq, seq, .earliest = when, .latest = when };
        stream->num_islands = 1;
    } else if (stream->has_floor || ahead <= 0 || ahead > MAX_AHEAD) {
        return;
    } else if (first->first == first->end && !first->is_in_place) {
        first->first = first->head = first->from = first->end = seq;
    } else {
        insert_island(stream, 0, seq, seq, when);
    }
    measure_holes(stream);
}

void gtpp_stream_join(gtpp_stream_t *stream, uint32_t seq)
{
    island_t *first = &stream->islands[0];

    if (stream->num_islands == 0) {
        gtpp_stream_expect(stream, seq, GTPP_TIME_MIN);
    }
    if (stream->num_islands == 1 && first->first == first->end && first->first == seq) {
        first->is_in_place = true;
    }
}

void gtpp_stream_begin(gtpp_stream_t *stream, uint32_t seq)
{
    const island_t *first = &stream->islands[0];

    gtpp_stream_join(stream, seq);
    if (stream->num_islands == 1 && first->first == first->end && first->first == seq) {
        stream->has_begun = stream->has_floor = true;
    }
}

bool gtpp_stream_has_begun(const gtpp_stream_t *stream)
{
    return stream->has_begun;
}

bool gtpp_stream_is_in_order(const gtpp_stream_t *stream, uint32_t seq, uint32_t length)
{
    if (stream->num_islands == 0) {
        return false;
    }
    const island_t *last = &stream->islands[stream->num_islands - 1];
    return last->is_in_place && last->from == seq && tcp_sequence_behind(last->end, seq) >= 0 &&
           tcp_sequence_behind(last->end, seq + length) <= 0 &&
           (last->hole == NULL || last->hole->octets == 0 || last->has_said_hole);
}

void gtpp_stream_follow(gtpp_stream_t *stream, const gtpp_segment_t *segment, uint32_t read, bool is_lost)
{
    island_t *last = &stream->islands[stream->num_islands - 1];
    const uint32_t end = segment->seq + segment->length;

    if (read < segment->length && tcp_sequence_behind(last->end, end) < 0) {
        const uint32_t rest = later(last->end, segment->seq + read);
        last->end = rest;
        add_piece(stream, segment, rest, end);
    }
    last->from = segment->seq + read;
    last->end = end;
    last->latest = MAX(last->latest, segment->time);
    last->last_start = segment->seq;
    last->is_in_place = !is_lost;
    measure_holes(stream);
    expect_rest(stream);
    drop_pieces(stream);
}

bool gtpp_stream_get_rest(const gtpp_stream_t *stream, uint32_t *seq, uint32_t *end)
{
    if (stream->num_islands == 0) {
        return false;
    }
    *seq = stream->islands[stream->num_islands - 1].from;
    *end = stream->islands[stream->num_islands - 1].end;
    return stream->islands[stream->num_islands - 1].is_in_place;
}

/* }}} */
