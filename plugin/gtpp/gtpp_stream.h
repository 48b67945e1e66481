/* gtpp_stream.h
 * Where messages begin in a TCP stream of which segments are missing, out of order, cut, or sent again.
 *
 * TCP's sequence numbers tell. The stream of each direction is known up to where the last message ended: what comes
 * before that place is the rest of a message that began earlier; what comes after it leaves a hole, which a later
 * segment may fill. Behind a hole a message must be recognised by its elements, since any octets may stand there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_STREAM_H
#define PORTLORE_GTPP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GTPP_STREAM_HOLES 16

/* Octets that have not come so far: from .first up to but not including .next. */
typedef struct {
    uint32_t first;
    uint32_t next;
    int64_t time; /* of the segment behind it, in nanoseconds */
} gtpp_stream_hole_t;

/* One direction of a connection. All zero: nothing has come. Arithmetic is modulo 2^32. */
typedef struct {
    bool has_begun;
    uint32_t next; /* where the next message begins: behind the last one that was read */
    gtpp_stream_hole_t holes[GTPP_STREAM_HOLES];
    unsigned num_holes;
    bool has_forgotten; /* there were more holes than are kept */
} gtpp_stream_t;

/* Where a segment, or what several were put together to, stands in the stream. */
typedef struct {
    uint32_t skip;    /* octets at its start that belong to a message that began earlier */
    uint32_t hole;    /* octets before it that have not come */
    bool is_in_place; /* a message begins behind skip; otherwise one must be searched for */
    bool is_late;     /* it fills a hole */
} gtpp_stream_place_t;

/* Places LENGTH octets that begin at the sequence number SEQ and came at TIME (nanoseconds). */
gtpp_stream_place_t gtpp_stream_enter(gtpp_stream_t *stream, uint32_t seq, uint32_t length, int64_t time);

/* A message of LENGTH octets that begins at SEQ has been read, or what of it can be had. */
void gtpp_stream_end_message(gtpp_stream_t *stream, uint32_t seq, uint32_t length);

/* Octets that have not come, of all holes that are still open. */
uint64_t gtpp_stream_count_missing(const gtpp_stream_t *stream);

/* The offset of the first whole message among the CAPTURED octets at DATA, which stand behind a hole, by the strict
 * question (gtpp_pdu_match); CAPTURED when there is none. */
size_t gtpp_stream_find_message(const uint8_t *data, size_t captured);

#endif
