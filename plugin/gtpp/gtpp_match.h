/* gtpp_match.h
 * Which answer belongs to which request, and which messages are copies of others: among the messages of one number.
 *
 * Time decides, not the place in the file:
 * - The same octets under the same number are a copy. With the same IP identification (or, where there is none, sooner
 *   than a node sends again) the packet was captured twice or duplicated by the network; otherwise the node sent it
 *   again. A request that carries no content (Echo, Node Alive, Redirection, an empty packet) is sent again only while
 * it is not answered and not for longer than GTPP_MATCH_BARE_COPIES; after that it is a new one.
 * - The same records under the same number are a copy of the request, too, when only version or command differ.
 * - The first copy of a request is the earliest one. What counts of it counts once.
 * - An answer belongs to the request nearest in time that still waits. It may stand before it in the file and, by as
 *   much as two capture points differ, in time. An answer is a repetition where no request waits, or where a nearer
 *   request has been answered, and was sent more often than answered or the one that waits is long ago.
 * - A list counts before the number in the header: that is for the caller.
 *
 * The functions look at the GTPP_MATCH_HORIZON items of a number that are nearest in time, so that a message costs the
 * same however many there are. They allocate nothing but gtpp_event_more_t.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_MATCH_H
#define PORTLORE_GTPP_MATCH_H

#include <wsutil/wmem/wmem.h>

#include "gtpp_event.h"

#define GTPP_MATCH_BEFORE 16
#define GTPP_MATCH_BEHIND 7
#define GTPP_MATCH_HORIZON (GTPP_MATCH_BEFORE + 1 + GTPP_MATCH_BEHIND)

/* How long after a bare request the same octets are the same request, in nanoseconds. An Echo Request is not sent more
 * often than every 60 s (3GPP TS 29.060 section 7.2.1); retransmissions follow within seconds. */
#define GTPP_MATCH_BARE_COPIES (INT64_C(30) * 1000000000)

/* How much earlier than its request an answer may have been captured, when it stands before it in the file (two capture
 * points) and when it stands behind it (the clock was set back), in nanoseconds. */
#define GTPP_MATCH_SKEW (INT64_C(1) * 1000000000)
#define GTPP_MATCH_CLOCK_STEP (INT64_C(10) * 1000000000)

/* An answer this soon after a request that waits is its own, even when another request follows, in nanoseconds. Less
 * than the T3 of common gear. */
#define GTPP_MATCH_PROMPT (INT64_C(3) * 1000000000)

/* How long after the last copy of an answered request another answer is one to it, in nanoseconds. */
#define GTPP_MATCH_REPEATED (INT64_C(60) * 1000000000)

/* Likewise where the request was not sent more often than it has been answered: the capture, or the network behind it,
 * has a copy less. Later it may be the answer to a request that the capture lacks. */
#define GTPP_MATCH_UNASKED (INT64_C(10) * 1000000000)

/* How far apart two copies of one packet may be captured: with the same IP identification; without one, a request whose
 * octets tell it from all others, since no node waits so short for an answer; any other message without one. */
#define GTPP_MATCH_COPY (INT64_C(5) * 1000000000)
#define GTPP_MATCH_REQUEST_WITHOUT_ID (INT64_C(50) * 1000000)
#define GTPP_MATCH_COPY_WITHOUT_ID (INT64_C(1) * 1000000)

/* The allocated part of an event; it is made when there is none. */
gtpp_event_more_t *gtpp_event_need_more(wmem_allocator_t *allocator, gtpp_event_t *event);

/* The items of one number, but for copies. All zero is an empty one. */
typedef struct {
    gtpp_item_t *newest; /* the latest by time */
    gtpp_item_t *last;   /* the one that was entered last: the next one mostly belongs near it */
    uint32_t count;      /* of all that were entered */
} gtpp_number_items_t;

/* Enters ITEM, whose event is complete, among the items of its number, and brings their relations up to date. */
void gtpp_match_enter(wmem_allocator_t *allocator, gtpp_number_items_t *number, gtpp_item_t *item);

/* Takes ITEM, one of NUMBER's that has no relations, out of them, so that it can be entered under another number. */
void gtpp_match_take_out(gtpp_number_items_t *number, gtpp_item_t *item);

/* True for an item of a request, whatever its role. */
bool gtpp_match_is_request(const gtpp_item_t *item);

/* The first copy of the request that ITEM is; ITEM itself for an answer that is no copy. */
gtpp_item_t *gtpp_match_find_first(gtpp_item_t *item);

/* The copy of REQUEST, a first copy, that the node sent last by WHEN; REQUEST itself where there is no other. */
const gtpp_event_t *gtpp_match_find_copy(const gtpp_event_t *request, int64_t when);

/* True for a packet of which a copy was sent as possibly duplicated. Only copies sent by WHEN count. */
bool gtpp_match_is_duplicated(const gtpp_event_t *request, int64_t when);

/* True for an answer that repeats another one, and that no message which stands behind it in the file can take for the
 * first one of its own: its request was sent as often as it was answered, the last time soon before. */
bool gtpp_match_is_surely_repeated(const gtpp_item_t *answer);

/* True when the octets alone tell REQUEST from another one of the same number. What a cut message says behind the cut
 * cannot be compared, but a record that was captured whole is told from all others. */
bool gtpp_match_is_told_apart(const gtpp_event_t *request);

/* When the node sent the last copy of a request, given by its first one. */
int64_t gtpp_match_last_time(const gtpp_event_t *request);

/* True when both events carry the same records, whole, and at least one. */
bool gtpp_match_has_same_records(const gtpp_event_t *one, const gtpp_event_t *other);

/* True when two packets under one number, which are not copies, carry other records: not so where these may be the same
 * behind a cut. */
bool gtpp_match_is_surely_different(const gtpp_event_t *one, const gtpp_event_t *other);

/* True when the records are the same as far as they were captured, in messages of one length that were cut alike. */
bool gtpp_match_has_same_cut_records(const gtpp_event_t *one, const gtpp_event_t *other);

/* True when both are messages of one type, length and content, as far as they were captured. */
bool gtpp_match_has_same_octets(const gtpp_event_t *one, const gtpp_event_t *other);

/* True when ONE was captured twice, or duplicated on the way, and OTHER is the same packet. */
bool gtpp_match_is_same_packet(const gtpp_event_t *one, const gtpp_event_t *other);

/* What an answer says of the requests that it answers. */
typedef enum { GTPP_SAYS_NO, GTPP_SAYS_YES, GTPP_SAYS_HAD_BEFORE, GTPP_SAYS_UNKNOWN } gtpp_says_t;
gtpp_says_t gtpp_match_answer_says(const gtpp_event_t *answer);

/* True when the node that answered has what it was sent. */
bool gtpp_match_answer_accepts(const gtpp_event_t *answer);

#endif
