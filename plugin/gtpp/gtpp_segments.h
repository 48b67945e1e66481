/* gtpp_segments.h
 * Between TCP and gtpp_stream: the streams of each connection, and which messages are read in which frame.
 *
 * TCP's dissector withholds segments that it takes for retransmissions or for being out of order, or, when it is told
 * to put them in order, all that follow a missing one. So the octets of every frame of a connection of ours are looked
 * at, too, behind all dissectors: a message is read in the frame in which the last of its octets is captured, whatever
 * TCP's preferences are. While all is in order, TCP's own reassembly is left to its work.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_SEGMENTS_H
#define PORTLORE_GTPP_SEGMENTS_H

#include <epan/packet.h>
#include <epan/dissectors/packet-tcp.h>

#include <stdbool.h>

#include "base/ws_compat.h"
#include "gtpp_stream.h"

/* What is read of octets that are not in order. Lives as long as the file. */
typedef struct {
    uint32_t seq; /* of the first octet, as the sender numbers them, and as TCP's dissector gives it */
    uint32_t given_seq;
    gtpp_stream_message_t *messages;
    bool is_late;    /* found behind all dissectors: TCP's withheld it */
    bool is_claimed; /* the octets are GTP', even where no message is read */
} gtpp_reading_t;

/* Where octets that TCP's dissector hands on stand in their stream. */
typedef struct {
    gtpp_reading_t *reading; /* NULL: they are in order, or nothing is known */
    gtpp_stream_t *stream;   /* on the first pass, and where the stream is known */
    gtpp_segment_t segment;
} gtpp_place_t;

/* Draws the messages of a reading; OCTETS are those at reading->seq, or NULL. */
typedef void (*gtpp_segments_draw_t)(tvbuff_t *octets, packet_info *pinfo, proto_tree *tree,
                                     const gtpp_reading_t *reading);

/* Registers the state of a file; readings hang on frames under OWNER. Call once, at registration. */
void gtpp_segments_register(int proto, int owner);

/* Has every frame looked at while WANTED says so, and DRAW called for what TCP withheld. Call once, at handoff. */
void gtpp_segments_start(gtpp_segments_draw_t draw, const ws_bool *wanted);

/* Places the octets in TVB, which TCP's dissector hands on with INFO. IS_START: they were recognised as the start of a
 * message. */
gtpp_place_t gtpp_segments_place(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *info, bool is_start);

/* Of octets in order, on the first pass: the first READ ones are read. At the next one a message begins, unless
 * IS_LOST. */
void gtpp_segments_follow(packet_info *pinfo, const gtpp_place_t *place, uint32_t read, bool is_lost);

/* Marks the reading as drawn in this dissection of the frame. */
void gtpp_segments_note_drawn(packet_info *pinfo, const gtpp_reading_t *reading);

#endif
