/* gtpp_stream.c
 * Where messages begin in a TCP stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_stream.h"

#include <string.h>

#include "gtpp_pdu.h"

/* A segment further than this behind the end of the stream is another connection's, or nonsense. */
#define MAX_WINDOW (UINT32_C(1) << 30)

/* Signed: how far SEQ is behind PLACE. */
static int32_t behind(uint32_t seq, uint32_t place)
{
    return (int32_t)(seq - place);
}

static void open_hole(gtpp_stream_t *stream, uint32_t first, uint32_t next, int64_t time)
{
    if (stream->num_holes == GTPP_STREAM_HOLES) {
        /* The oldest is the least likely to be filled. */
        memmove(&stream->holes[0], &stream->holes[1], (GTPP_STREAM_HOLES - 1) * sizeof stream->holes[0]);
        stream->num_holes--;
        stream->has_forgotten = true;
    }
    stream->holes[stream->num_holes++] = (gtpp_stream_hole_t){ first, next, time };
}

/* The hole in which SEQ lies, or NULL. */
static gtpp_stream_hole_t *find_hole(gtpp_stream_t *stream, uint32_t seq)
{
    for (unsigned i = 0; i < stream->num_holes; i++) {
        gtpp_stream_hole_t *hole = &stream->holes[i];
        if (behind(seq, hole->first) >= 0 && behind(seq, hole->next) < 0) {
            return hole;
        }
    }
    return NULL;
}

static void close_hole(gtpp_stream_t *stream, gtpp_stream_hole_t *hole)
{
    const unsigned at = (unsigned)(hole - stream->holes);

    stream->num_holes--;
    memmove(hole, hole + 1, (stream->num_holes - at) * sizeof *hole);
}

/* Octets from SEQ up to END have come, which lie in HOLE or lead out of it. */
static void fill_hole(gtpp_stream_t *stream, gtpp_stream_hole_t *hole, uint32_t seq, uint32_t end)
{
    const gtpp_stream_hole_t whole = *hole;

    if (behind(end, whole.next) >= 0) {
        if (seq == whole.first) {
            close_hole(stream, hole);
        } else {
            hole->next = seq;
        }
        return;
    }
    if (seq == whole.first) {
        hole->first = end;
        return;
    }
    hole->next = seq;
    open_hole(stream, end, whole.next, whole.time);
}

gtpp_stream_place_t gtpp_stream_enter(gtpp_stream_t *stream, uint32_t seq, uint32_t length, int64_t time)
{
    gtpp_stream_place_t place = { 0, 0, true, false };

    if (!stream->has_begun || behind(seq, stream->next) > (int32_t)MAX_WINDOW) {
        /* Where a capture begins amid a connection, the first octets may be the rest of a message. */
        place.is_in_place = false;
        stream->has_begun = true;
        stream->next = seq;
        return place;
    }
    const int32_t ahead = behind(seq, stream->next);
    if (ahead == 0) {
        return place;
    }
    if (ahead > 0) {
        place.hole = (uint32_t)ahead;
        place.is_in_place = false;
        open_hole(stream, stream->next, seq, time);
        stream->next = seq;
        return place;
    }
    gtpp_stream_hole_t *hole = find_hole(stream, seq);
    if (hole != NULL) {
        place.is_late = true;
        place.is_in_place = seq == hole->first;
        fill_hole(stream, hole, seq, seq + length);
        return place;
    }
    place.skip = (uint32_t)-ahead < length ? (uint32_t)-ahead : length;
    return place;
}

void gtpp_stream_end_message(gtpp_stream_t *stream, uint32_t seq, uint32_t length)
{
    if (behind(seq + length, stream->next) > 0) {
        stream->next = seq + length;
    }
}

uint64_t gtpp_stream_count_missing(const gtpp_stream_t *stream)
{
    uint64_t missing = 0;

    for (unsigned i = 0; i < stream->num_holes; i++) {
        missing += stream->holes[i].next - stream->holes[i].first;
    }
    return missing;
}
