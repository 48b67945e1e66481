/* gtpp_ledger_text.c
 * Puts into sentences what the ledger finds remarkable about a message.
 *
 * The words "never", "nobody", "lost" and "none" are not used: a capture proves what is in it. Where a sentence infers,
 * it says "probably".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_ledger_text.h"

#include <epan/to_str.h>
#include <wsutil/str_util.h>

#include <math.h>

#include "gtpp_judge.h"
#include "gtpp_match.h"
#include "gtpp_names.h"

#define NS_PER_SECOND 1e9
#define NS_PER_MS 1e6

/* {{{ Parts of sentences */

/* "frame 7", or what to say of a packet that has no row. */
static const char *record_text(wmem_allocator_t *pool, const frame_record_t *record)
{
    return frame_record_is_shown(record) ? wmem_strdup_printf(pool, "frame %u", frame_record_number(record))
                                         : "a packet that the read filter left out";
}

static const char *frame_text(wmem_allocator_t *pool, const gtpp_event_t *event)
{
    return event != NULL ? record_text(pool, event->frame) : "another frame";
}

static const char *cause_text(wmem_allocator_t *pool, unsigned cause)
{
    return wmem_strdup_printf(pool, "%s (%u)", val_to_str_const(cause, gtpp_cause_names, "unknown cause"), cause);
}

/* "1 record", "2 records". */
static const char *count_text(wmem_allocator_t *pool, uint32_t count, const char *thing)
{
    return wmem_strdup_printf(pool, "%u %s%s", count, thing, plurality(count, "", "s"));
}

/* " and 2 more" behind the first of several. */
static const char *more_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    return finding->count > 1 ? wmem_strdup_printf(pool, " and %u more", finding->count - 1) : "";
}

/* The address of the node that sent an event, or of the one that it was sent to. */
static const char *host_text(wmem_allocator_t *pool, const gtpp_event_t *event, bool is_sender)
{
    const gtpp_conv_t *conv = gtpp_session_get_conv(event->path);
    const unsigned end = is_sender ? event->direction : 1U - event->direction;

    return address_to_str(pool, &conv->addresses[end]);
}

static const char *end_text(wmem_allocator_t *pool, const gtpp_event_t *event, bool is_sender)
{
    const unsigned end = is_sender ? event->direction : 1U - event->direction;

    return gtpp_session_end_text(pool, gtpp_session_get_conv(event->path), end);
}

/* }}} */
/* {{{ Requests */

/* What goes before a sentence's verb where the octets of REQUEST do not tell it from another one of its number: without
 * content, or cut, it is taken for the same while that is not answered. */
static const char *probably_text(const gtpp_event_t *request)
{
    return gtpp_match_is_told_apart(request) ? "" : "probably ";
}

/* Records of the request that were not acknowledged elsewhere, either. */
static uint32_t count_open(const gtpp_event_t *request)
{
    uint32_t open = MAX(request->announced, request->num_records) - request->num_records;

    for (uint32_t k = 0; k < request->num_records; k++) {
        open += request->records[k].fate == request->fate ? 1 : 0;
    }
    return open;
}

static const char *unacknowledged_text(wmem_allocator_t *pool, const gtpp_event_t *request,
                                       const gtpp_finding_t *finding)
{
    const char *sent = request->copies > 1 ? wmem_strdup_printf(pool, ", although it was %ssent %u times",
                                                                probably_text(request), request->copies)
                                           : "";
    const uint32_t open = count_open(request);
    const char *records =
        open > 0 ? wmem_strdup_printf(pool, "; %s not acknowledged", count_text(pool, open, "record")) : "";

    if (finding->reason == GTPP_REASON_NOT_HAD) {
        const gtpp_event_t *probe = request->more->probe;
        return wmem_strdup_printf(pool, "The node had not had this packet when %s asked about it.",
                                  frame_text(pool, probe));
    }
    if (finding->reason == GTPP_REASON_REFUSED) {
        return wmem_strdup_printf(pool,
                                  "ICMP says that the port of %s is unreachable: no answer to this request is in the "
                                  "capture%s%s.",
                                  host_text(pool, request, false), sent, records);
    }
    return wmem_strdup_printf(pool, "No answer to this request is in the capture%s%s.", sent, records);
}

static const char *set_back_text(wmem_allocator_t *pool, const gtpp_event_t *event, const gtpp_finding_t *finding)
{
    const char *other = frame_text(pool, finding->other);
    const char *where =
        gtpp_match_is_request(&event->item)
            ? wmem_strdup_printf(
                  pool, "an answer with this number stands behind it in the file, in %s, with an earlier time", other)
            : wmem_strdup_printf(
                  pool, "the request with this number, in %s, stands before it in the file, with a later time", other);

    return wmem_strdup_printf(
        pool, "%s. The clock may have been set back, or the file may be put together in the wrong order", where);
}

static const char *reason_text(wmem_allocator_t *pool, const gtpp_event_t *event, const gtpp_finding_t *finding)
{
    const bool is_request = gtpp_match_is_request(&event->item);
    const char *other = host_text(pool, event, !is_request);

    switch ((gtpp_reason_t)finding->reason) {
    case GTPP_REASON_ONE_WAY:
        return wmem_strdup_printf(pool, "no message from %s is in this capture", host_text(pool, event, false));
    case GTPP_REASON_NO_WHOLE:
        return wmem_strdup_printf(pool, "no whole message from %s is in this capture", host_text(pool, event, false));
    case GTPP_REASON_HOLE:
        return wmem_strdup_printf(pool, "octets from %s are missing in this capture", host_text(pool, event, false));
    case GTPP_REASON_UNREAD:
        return wmem_strdup_printf(pool, "the capture has a TCP stream of %s from amid a message on",
                                  host_text(pool, event, false));
    case GTPP_REASON_CUT:
        return wmem_strdup_printf(pool, "a message from %s could not be read as a whole",
                                  host_text(pool, event, false));
    case GTPP_REASON_FRAGMENT:
        return wmem_strdup_printf(pool, "fragments of a datagram from %s are missing in this capture",
                                  host_text(pool, event, false));
    case GTPP_REASON_ANSWER_CUT:
        return "its answer was cut before the cause";
    case GTPP_REASON_NO_ENDS:
        return "the packets have no addresses, and no answer is among them";
    case GTPP_REASON_LATE:
        return "its answer came when the records had been sent elsewhere, and may be that to an empty packet which the "
               "capture lacks";
    case GTPP_REASON_SET_BACK:
        return set_back_text(pool, event, finding);
    case GTPP_REASON_STEP:
        return "the file goes on with earlier times, as where a clock was set back";
    case GTPP_REASON_ANSWERED:
        return wmem_strdup_printf(pool, "the request with this number had been answered %.3f s before, in %s",
                                  (double)(event->time - finding->other->time) / NS_PER_SECOND,
                                  frame_text(pool, finding->other));
    case GTPP_REASON_ONE_PATH:
        return "its path has no messages the other way";
    case GTPP_REASON_AMID:
        return wmem_strdup_printf(pool, "the capture does not have the beginning of the TCP stream of %s",
                                  host_text(pool, event, false));
    case GTPP_REASON_TAPS:
        return wmem_strdup_printf(pool, "answers were captured earlier than their requests, and the capture %s here",
                                  is_request ? "begins" : "ends");
    case GTPP_REASON_OTHER_END:
        return is_request ? "an answer with this number came from or to another end, and may be another request's"
                          : "it came from or to another end than that of the requests with this number";
    default:
        return wmem_strdup_printf(pool, "the capture does not show enough of %s", other);
    }
}

/* "local number 7" or "local numbers 7 to 9". */
static const char *numbers_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    if (finding->first == finding->last) {
        return wmem_strdup_printf(pool, "local sequence number %u is", finding->first);
    }
    return wmem_strdup_printf(pool, "local sequence numbers %u to %u are", finding->first, finding->last);
}

static const char *undecided_text(wmem_allocator_t *pool, const gtpp_event_t *event, const gtpp_finding_t *finding)
{
    if (finding->reason == GTPP_REASON_NUMBERS_HIDDEN) {
        return wmem_strdup_printf(pool,
                                  "Whether %s missing cannot be told: parts of messages that may have held %s are "
                                  "not in this capture.",
                                  numbers_text(pool, finding), finding->first == finding->last ? "it" : "them");
    }
    if (finding->reason == GTPP_REASON_COUNTERS) {
        return wmem_strdup_printf(pool,
                                  "Whether %s missing cannot be told: records with lower numbers came after records "
                                  "with higher ones, so that two counters may be at work.",
                                  numbers_text(pool, finding));
    }
    if (finding->reason == GTPP_REASON_ADDRESSES) {
        return wmem_strdup_printf(pool,
                                  "Whether %s missing cannot be told: a node with the same node id sent such a number "
                                  "from %s, in %s.",
                                  numbers_text(pool, finding), host_text(pool, finding->other, true),
                                  frame_text(pool, finding->other));
    }
    const char *reason = reason_text(pool, event, finding);

    if (finding->reason == GTPP_REASON_RECORDS_CUT) {
        return "No answer to this request is in the capture. Whether another request brought its records cannot be "
               "told: "
               "records were cut by the capture.";
    }
    if (finding->reason == GTPP_REASON_OTHER_REQUEST) {
        return wmem_strdup_printf(pool,
                                  "No answer to this request is in the capture. Whether its records were acknowledged "
                                  "cannot be told: %s has them, too.",
                                  frame_text(pool, finding->other));
    }
    if (finding->reason == GTPP_REASON_ALIKE) {
        return wmem_strdup_printf(pool,
                                  "No answer to this request is in the capture. It may be a copy of the request in %s, "
                                  "which was answered shortly before.",
                                  frame_text(pool, finding->other));
    }
    if (gtpp_match_is_request(&event->item)) {
        return wmem_strdup_printf(pool,
                                  finding->reason == GTPP_REASON_ANSWER_CUT || finding->reason == GTPP_REASON_LATE
                                      ? "Whether this request was accepted cannot be told: %s."
                                      : "Whether this request was answered cannot be told: %s.",
                                  reason);
    }
    return wmem_strdup_printf(pool, "Whether number %u%s %s asked for cannot be told: %s.", finding->number,
                              more_text(pool, finding), plurality(finding->count, "was", "were"), reason);
}

static const char *not_yet_text(wmem_allocator_t *pool, const gtpp_event_t *request)
{
    const nstime_t *end = frame_store_latest();
    const double left =
        (double)end->secs + end->nsecs / NS_PER_SECOND - (double)gtpp_match_last_time(request) / NS_PER_SECOND;

    return wmem_strdup_printf(pool, "Not answered when the capture ends, %.3f s later.", MAX(left, 0));
}

static const char *elsewhere_text(wmem_allocator_t *pool, const gtpp_event_t *request, const gtpp_finding_t *finding)
{
    const gtpp_event_t *answer = finding->other;
    const char *where =
        wmem_strdup_printf(pool, "by %s in %s", host_text(pool, answer, true), frame_text(pool, answer));

    if (finding->count == request->num_records && request->num_records >= request->announced) {
        return finding->count == 1
                   ? wmem_strdup_printf(pool, "The record was acknowledged under another request, %s.", where)
                   : wmem_strdup_printf(pool, "All %u records were acknowledged under other requests, the last %s.",
                                        finding->count, where);
    }
    return wmem_strdup_printf(pool, "%u of the %u records of this request %s acknowledged under another request, %s.",
                              finding->count, request->announced, plurality(finding->count, "was", "were"), where);
}

static const char *tried_text(wmem_allocator_t *pool, const gtpp_event_t *request, const gtpp_finding_t *finding)
{
    const gtpp_datagram_t *first = request->more->tried;

    return wmem_strdup_printf(pool,
                              "Probably sent before: the first fragment of the same datagram, but not all of it, is in "
                              "%s, %.3f s earlier%s.",
                              record_text(pool, first->frame), (double)(request->time - first->since) / NS_PER_SECOND,
                              finding->count > 1 ? wmem_strdup_printf(pool, ", and of %u more", finding->count - 1)
                                                 : "");
}

static const char *redirection_text(wmem_allocator_t *pool, const gtpp_message_tap_t *message)
{
    const bool is_cut = message->pdu->is_cut;
    const char *why = message->pdu->has_cause ? cause_text(pool, message->pdu->cause)
                      : is_cut                ? "what else it says was not captured"
                                              : "no cause given";

    if (message->pdu->recommended != NULL) {
        return wmem_strdup_printf(pool, "The node asks that records go to %s instead: %s.", message->pdu->recommended,
                                  why);
    }
    if (is_cut) {
        return wmem_strdup_printf(pool, "The node asks not to be sent records: %s.", why);
    }
    return wmem_strdup_printf(pool, "The node asks not to be sent records, and names no other node: %s.", why);
}

static const char *gap_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    if (finding->first == finding->last) {
        return wmem_strdup_printf(pool,
                                  "1 local sequence number before a record of this message is not in this capture: %u.",
                                  finding->first);
    }
    return wmem_strdup_printf(pool, "%s before a record of this message %s not in this capture: %u to %u%s.",
                              count_text(pool, finding->count, "local sequence number"),
                              plurality(finding->count, "is", "are"), finding->first, finding->last,
                              finding->last < finding->first ? ", not counting 0" : "");
}

/* }}} */
/* {{{ Responses */

static const char *rejection_text(wmem_allocator_t *pool, const gtpp_message_tap_t *message,
                                  const gtpp_finding_t *finding)
{
    const char *requests = count_text(pool, finding->count, "request");
    const char *were = plurality(finding->count, "was", "were");

    if (message->pdu->header.type == GTPP_VERSION_NOT_SUPPORTED) {
        return wmem_strdup_printf(pool,
                                  "The version of the request in %s is not supported; the highest that is supported "
                                  "is %u.",
                                  frame_text(pool, gtpp_match_find_copy(finding->other, message->event->time)),
                                  message->pdu->header.version);
    }
    if (!message->pdu->has_cause) {
        return wmem_strdup_printf(pool, "%s %s answered without a cause, which says nothing of acceptance.", requests,
                                  were);
    }
    return wmem_strdup_printf(pool, "%s %s rejected: %s.", requests, were, cause_text(pool, finding->number));
}

static const char *duplicate_text(wmem_allocator_t *pool, const gtpp_event_t *event, const gtpp_finding_t *finding)
{
    const char *more = finding->count > 1 ? wmem_strdup_printf(pool, ", and %u more before", finding->count - 1) : "";
    const char *other = frame_text(pool, finding->other);

    /* Where the clock was set back between the two, their times do not tell which came first. */
    if (finding->other != NULL && finding->other->is_misplaced != event->is_misplaced) {
        return wmem_strdup_printf(pool, "Number %u is answered in %s, too.", finding->number, other);
    }
    return wmem_strdup_printf(pool, "Number %u had been answered already, in %s%s.", finding->number, other, more);
}

static const char *other_end_text(wmem_allocator_t *pool, const gtpp_event_t *event, const gtpp_finding_t *finding)
{
    if (gtpp_match_is_request(&event->item)) {
        return wmem_strdup_printf(pool, "An answer with this number came from %s to %s, in %s.",
                                  end_text(pool, finding->other, true), end_text(pool, finding->other, false),
                                  frame_text(pool, finding->other));
    }
    return wmem_strdup_printf(pool, "Probably the answer to the request in %s, which went from %s to %s.",
                              frame_text(pool, finding->other), end_text(pool, finding->other, true),
                              end_text(pool, finding->other, false));
}

/* }}} */

/* Held, released and cancelled packets: "packet 7 of frame 1 and 2 more". */
static const char *packet_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    return wmem_strdup_printf(pool, "packet %u of %s%s %s", finding->number, frame_text(pool, finding->other),
                              more_text(pool, finding), plurality(finding->count, "is", "are"));
}

static const char *text_of_copy(wmem_allocator_t *pool, const gtpp_event_t *event, const gtpp_finding_t *finding)
{
    const char *frame = frame_text(pool, finding->other);

    if (finding->kind == GTPP_FINDING_RETRANSMISSION) {
        return wmem_strdup_printf(pool, "This request was %ssent first in %s.", probably_text(event), frame);
    }
    if (finding->kind == GTPP_FINDING_CHANGED_COPY) {
        return wmem_strdup_printf(pool, "This request was sent first in %s, with other octets but the same records.",
                                  frame);
    }
    if (finding->other != NULL && finding->other->path != event->path) {
        return wmem_strdup_printf(pool, "This packet is probably that of %s on the other side of a NAT (same octets).",
                                  frame);
    }
    if (event->ip_id != 0) {
        return wmem_strdup_printf(pool, "This packet is a copy of that in %s (same IP identification).", frame);
    }
    return wmem_strdup_printf(pool, "This packet is probably a copy of that in %s (%.3f ms apart).", frame,
                              fabs((double)(event->time - finding->other->time)) / NS_PER_MS);
}

const char *gtpp_ledger_text_finding(wmem_allocator_t *pool, const gtpp_message_tap_t *message,
                                     const gtpp_finding_t *finding)
{
    const gtpp_event_t *event = message->event;

    switch ((gtpp_finding_kind_t)finding->kind) {
    case GTPP_FINDING_RETRANSMISSION:
    case GTPP_FINDING_CHANGED_COPY:
    case GTPP_FINDING_COPIED:
        return text_of_copy(pool, event, finding);
    case GTPP_FINDING_TRIED:
        return tried_text(pool, event, finding);
    case GTPP_FINDING_UNACKNOWLEDGED:
        return unacknowledged_text(pool, event, finding);
    case GTPP_FINDING_NOT_YET:
        return not_yet_text(pool, event);
    case GTPP_FINDING_UNDECIDED:
        return undecided_text(pool, event, finding);
    case GTPP_FINDING_ELSEWHERE:
        return elsewhere_text(pool, event, finding);
    case GTPP_FINDING_TWICE:
        if (finding->other == event) {
            return wmem_strdup_printf(pool, "%s of this request %s in it twice, and accepted with it.",
                                      count_text(pool, finding->count, "record"),
                                      plurality(finding->count, "is", "are"));
        }
        return wmem_strdup_printf(pool, "%s of this request %s accepted twice: %s the request in %s%s.",
                                  count_text(pool, finding->count, "record"), plurality(finding->count, "was", "were"),
                                  finding->number != 0 ? "with" : "first with", frame_text(pool, finding->other),
                                  finding->number != 0 ? ", too" : "");
    case GTPP_FINDING_OTHER_END:
        return other_end_text(pool, event, finding);
    case GTPP_FINDING_UNSOLICITED:
        return wmem_strdup_printf(pool, "Nothing in the capture asked for this answer: number %u%s.", finding->number,
                                  more_text(pool, finding));
    case GTPP_FINDING_ASKED_BEFORE:
        return wmem_strdup_printf(pool, "Probably asked for before the capture began: number %u%s.", finding->number,
                                  more_text(pool, finding));
    case GTPP_FINDING_DUPLICATE_ACK:
        return duplicate_text(pool, event, finding);
    case GTPP_FINDING_REJECTED:
        return rejection_text(pool, message, finding);
    case GTPP_FINDING_RESTART:
        return wmem_strdup_printf(pool, "The restart counter of this node went from %u to %u: it has restarted.",
                                  finding->first, finding->number);
    case GTPP_FINDING_REDIRECTED:
        return redirection_text(pool, message);
    case GTPP_FINDING_BUFFERS_FULL:
    case GTPP_FINDING_GOING_DOWN:
        return wmem_strdup_printf(pool, "%s.", cause_text(pool, finding->number));
    case GTPP_FINDING_AFTER_REDIRECTION:
        return wmem_strdup_printf(pool, "In %s the node had asked not to be sent records.",
                                  frame_text(pool, finding->other));
    case GTPP_FINDING_HELD:
        return wmem_strdup_printf(pool, "Possibly duplicated %s held until released or cancelled.",
                                  packet_text(pool, finding));
    case GTPP_FINDING_RELEASED:
        return wmem_strdup_printf(pool, "Held %s to be processed.", packet_text(pool, finding));
    case GTPP_FINDING_CANCELLED:
        return wmem_strdup_printf(pool, "Held %s to be discarded.", packet_text(pool, finding));
    case GTPP_FINDING_SETTLED_BEFORE:
        return wmem_strdup_printf(pool, "Packet %u%s had been settled already, by the request in %s.", finding->number,
                                  more_text(pool, finding), frame_text(pool, finding->other));
    case GTPP_FINDING_UNKNOWN_PACKET:
        return wmem_strdup_printf(pool, "The capture shows no packet of number %u%s from %s that was held before.",
                                  finding->number, more_text(pool, finding), host_text(pool, event, true));
    case GTPP_FINDING_FULFILLED:
        return wmem_strdup_printf(pool, "The node has had this already, which is good news: %s.",
                                  cause_text(pool, finding->number));
    case GTPP_FINDING_UNDECODABLE:
        return "The node took the packet but cannot decode a record in it: CDR decoding error (177).";
    case GTPP_FINDING_LOCAL_SEQ_GAP:
        return gap_text(pool, finding);
    case GTPP_FINDING_SEQ_REUSED:
        return wmem_strdup_printf(pool,
                                  "Number %u is that of the request in %s, which is different and to which the capture "
                                  "holds no answer.",
                                  finding->number, frame_text(pool, finding->other));
    case GTPP_FINDING_ONE_WAY:
        return wmem_strdup_printf(pool, "No %smessage from %s is in this capture: its half of the path cannot be told.",
                                  finding->reason == GTPP_REASON_NO_WHOLE ? "whole " : "",
                                  host_text(pool, event, false));
    case GTPP_FINDING_FILE_ORDER:
        return wmem_strdup_printf(pool, "%s of this file %s behind later ones: times count, not places.",
                                  count_text(pool, finding->count, "message"),
                                  plurality(finding->count, "stands", "stand"));
    case GTPP_FINDING_HOLE:
        return wmem_strdup_printf(pool, "%s of the TCP stream before this message %s not in this capture.",
                                  count_text(pool, finding->count, "octet"), plurality(finding->count, "is", "are"));
    case GTPP_FINDING_HOLE_BEHIND:
        return wmem_strdup_printf(pool,
                                  "%s of the TCP stream behind this message, the last one that is here, %s not in this "
                                  "capture.",
                                  count_text(pool, finding->count, "octet"), plurality(finding->count, "is", "are"));
    default:
        return "";
    }
}

const char *gtpp_ledger_text_fate(wmem_allocator_t *pool, const gtpp_message_tap_t *message, gtpp_finding_kind_t *kind)
{
    const gtpp_event_t *request = message->event;
    const gtpp_event_t *answer = gtpp_judge_answer(request);
    const char *since =
        answer != NULL ? wmem_strdup_printf(pool, " was held since %s, and", frame_text(pool, answer)) : "";
    const char *unseen = answer == NULL ? "; the answer to it is not in the capture" : "";

    switch ((gtpp_fate_t)request->fate) {
    case GTPP_FATE_REJECTED:
        *kind = GTPP_FINDING_REJECTED;
        return wmem_strdup_printf(pool, "This request was rejected in %s.", frame_text(pool, answer));
    case GTPP_FATE_HELD:
        *kind = GTPP_FINDING_HELD;
        return wmem_strdup_printf(
            pool,
            "This packet has been held since %s: no later accepted release or cancellation by %s is in the capture.",
            frame_text(pool, answer), host_text(pool, request, true));
    case GTPP_FATE_RELEASED:
        *kind = GTPP_FINDING_RELEASED;
        return wmem_strdup_printf(pool, "This packet%s was released by %s%s.", since,
                                  frame_text(pool, request->more->settled_by), unseen);
    case GTPP_FATE_CANCELLED:
        *kind = GTPP_FINDING_CANCELLED;
        return wmem_strdup_printf(pool, "This packet%s was cancelled by %s%s.", since,
                                  frame_text(pool, request->more->settled_by), unseen);
    default:
        return NULL;
    }
}
