/* gtpp_stream.h
 * The messages of a TCP stream of which segments are missing, out of order, cut, or sent again.
 *
 * Sequence numbers tell. What has come of one direction of a connection lies in islands, with holes between them. In an
 * island messages follow one another. Where the first one begins is certain at the start of a connection, and behind a
 * message whose Length leads over the hole; otherwise it must be searched for by its elements, since octets amid a
 * message may look like a header. Octets that fill a hole are read with those on both sides of it. Each message is read
 * once: octets that come again bring nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_STREAM_H
#define PORTLORE_GTPP_STREAM_H

#include <wsutil/wmem/wmem.h>

#include "gtpp_event.h"

/* More holes than this are not kept open, nor more octets that wait for others: the oldest ones are given up. */
#define GTPP_STREAM_HOLES 16
#define GTPP_STREAM_WAITING (UINT32_C(1) << 18)

/* One direction of a connection. Arithmetic of sequence numbers is modulo 2^32. */
typedef struct gtpp_stream gtpp_stream_t;

/* Octets of a segment, or what several were put together to. */
typedef struct {
    uint32_t seq;    /* of the first octet */
    uint32_t length; /* as sent */
    const uint8_t *octets;
    uint32_t captured; /* octets at .octets: less than .length where the capture was cut */
    int64_t time;      /* nanoseconds since 1970 */
} gtpp_segment_t;

/* A message that was found. */
typedef struct gtpp_stream_message {
    struct gtpp_stream_message *next;
    uint32_t seq;    /* of the first octet */
    uint32_t length; /* by its header */
    const uint8_t *octets;
    uint32_t captured; /* octets at .octets */
    gtpp_hole_t *hole; /* the last hole before it, where it is the first message behind one; NULL */
} gtpp_stream_message_t;

/* All that the stream keeps, and what it gives, is allocated from ALLOCATOR. */
gtpp_stream_t *gtpp_stream_open(wmem_allocator_t *allocator);

/* The first octet that was ever sent has the number SEQ, as SYN says, and a message begins there. Does nothing once
 * octets have come, or another number is known to follow. */
void gtpp_stream_begin(gtpp_stream_t *stream, uint32_t seq);

/* True when the capture has the beginning of the stream, so that no octet was sent before it. */
bool gtpp_stream_has_begun(const gtpp_stream_t *stream);

/* A message begins at SEQ, where the capture begins to show the stream. Earlier octets may come still. Does nothing
 * once octets have come, or another number is known to follow. */
void gtpp_stream_join(gtpp_stream_t *stream, uint32_t seq);

/* The other end acknowledges all octets before SEQ, and no later one, at the time WHEN. What the capture has of the
 * stream then goes on at this number, unless octets are missing; whether a message begins there is not known. */
void gtpp_stream_expect(gtpp_stream_t *stream, uint32_t seq, int64_t when);

/* True when a message begins at SEQ, the end of all that has been read, and no octet has come that lies outside the
 * LENGTH octets from there: they can be read without the stream's help. */
bool gtpp_stream_is_in_order(const gtpp_stream_t *stream, uint32_t seq, uint32_t length);

/* Of SEGMENT, which is in order, the messages in the first READ octets have been read. At what follows another message
 * begins, unless IS_LOST. READ may be more than the segment has, where a message goes on. */
void gtpp_stream_follow(gtpp_stream_t *stream, const gtpp_segment_t *segment, uint32_t read, bool is_lost);

/* Adds the octets of SEGMENT. Returns the messages that are whole now, or that the capture cut; NULL when there are
 * none. */
gtpp_stream_message_t *gtpp_stream_add(gtpp_stream_t *stream, const gtpp_segment_t *segment);

/* All octets before SEQ were sent, as a later number or the other end's acknowledgement shows at the time WHEN. */
void gtpp_stream_reach(gtpp_stream_t *stream, uint32_t seq, int64_t when);

/* The next hole that this has not given yet; NULL when there is none. */
gtpp_hole_t *gtpp_stream_take_hole(gtpp_stream_t *stream);

/* The end of the stream, and where the next message begins there; false when nothing has come, or that is not known. */
bool gtpp_stream_get_rest(const gtpp_stream_t *stream, uint32_t *seq, uint32_t *end);

#endif
