/* gtpp_ledger_expert.c
 * Shows what the ledger knows of a message.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_ledger_expert.h"

#include <epan/expert.h>

#include "gtpp_cause.h"
#include "gtpp_judge.h"
#include "gtpp_ledger_text.h"
#include "gtpp_match.h"
#include "gtpp_names.h"

static int hf_path = -1;
static int hf_response_in = -1;
static int hf_response_to = -1;
static int hf_time = -1;
static int hf_retransmission_of = -1;
static int hf_copy_of = -1;
static int hf_elsewhere_in = -1;
static int hf_accepted_in = -1;
static int hf_other_end_in = -1;
static int hf_hole_octets = -1;
static int hf_octets_behind = -1;
static int hf_fate = -1;
static int hf_fate_in = -1;
static int hf_analysis = -1;
static int hf_finding[GTPP_FINDING_COUNT];

static expert_field experts[GTPP_FINDING_COUNT];

static int ett_analysis = -1;

static const value_string fate_names[] = {
    { GTPP_FATE_UNDECIDED, "Cannot be told" },
    { GTPP_FATE_ACKNOWLEDGED, "Acknowledged" },
    { GTPP_FATE_ELSEWHERE, "Acknowledged elsewhere" },
    { GTPP_FATE_HELD, "Held" },
    { GTPP_FATE_RELEASED, "Released" },
    { GTPP_FATE_CANCELLED, "Cancelled" },
    { GTPP_FATE_REJECTED, "Rejected" },
    { GTPP_FATE_TWICE, "Accepted twice" },
    { GTPP_FATE_UNACKNOWLEDGED, "Not acknowledged" },
    { GTPP_FATE_NOT_YET, "Not answered yet" },
    { 0, NULL },
};

#define NAMES(x) "gtpp.analysis." x, "gtpp.analysis." x ".expert"

/* How each finding is called, how grave it is, what it means in general, and what the Info column says (NULL:
 * nothing). */
static const struct {
    const char *field;
    const char *expert;
    const char *title;
    int group;
    int severity;
    const char *meaning;
    const char *word;
} kinds[GTPP_FINDING_COUNT] = {
    [GTPP_FINDING_RETRANSMISSION] = { NAMES("retransmission"), "Retransmission", PI_SEQUENCE, PI_NOTE,
                                      "The request has been sent before.", "retransmission" },
    [GTPP_FINDING_CHANGED_COPY] = { NAMES("changed_copy"), "Retransmission with other octets", PI_SEQUENCE, PI_NOTE,
                                    "The request has been sent before, in other words.", "retransmission" },
    [GTPP_FINDING_TRIED] = { NAMES("tried_before"), "Sent before in fragments", PI_SEQUENCE, PI_NOTE,
                             "Earlier copies of the request are not whole in this capture.", NULL },
    [GTPP_FINDING_COPIED] = { NAMES("copied"), "Copy of a packet", PI_SEQUENCE, PI_CHAT,
                              "A mirror port or the network copied the packet; it counts once.", "copy" },
    [GTPP_FINDING_UNACKNOWLEDGED] = { NAMES("unacknowledged"), "Not acknowledged", PI_SEQUENCE, PI_WARN,
                                      "No answer to the request is in the capture.", "not answered" },
    [GTPP_FINDING_NOT_YET] = { NAMES("not_yet"), "Not answered yet", PI_SEQUENCE, PI_CHAT,
                               "The capture ends before an answer was due.", "not answered yet" },
    [GTPP_FINDING_UNDECIDED] = { NAMES("undecided"), "Cannot be told", PI_SEQUENCE, PI_NOTE,
                                 "The capture cannot tell what became of the message.", NULL },
    [GTPP_FINDING_ELSEWHERE] = { NAMES("elsewhere"), "Acknowledged elsewhere", PI_SEQUENCE, PI_NOTE,
                                 "The records were acknowledged under another request.", "acknowledged elsewhere" },
    [GTPP_FINDING_TWICE] = { NAMES("twice"), "Accepted twice", PI_SEQUENCE, PI_WARN,
                             "A record was accepted a second time.", "record accepted twice" },
    [GTPP_FINDING_OTHER_END] = { NAMES("other_end"), "Answer from another end", PI_SEQUENCE, PI_NOTE,
                                 "Request and answer have different ends.", "answer from elsewhere" },
    [GTPP_FINDING_UNSOLICITED] = { NAMES("unsolicited"), "Answer without a request", PI_SEQUENCE, PI_WARN,
                                   "The response answers what was not asked.", "not asked for" },
    [GTPP_FINDING_ASKED_BEFORE] = { NAMES("asked_before"), "Asked before the capture", PI_SEQUENCE, PI_CHAT,
                                    "The request probably lies before the capture's start.", NULL },
    [GTPP_FINDING_DUPLICATE_ACK] = { NAMES("duplicate_ack"), "Answered before", PI_SEQUENCE, PI_CHAT,
                                     "The request had been answered already.", NULL },
    [GTPP_FINDING_REJECTED] = { NAMES("rejected"), "Rejected", PI_RESPONSE_CODE, PI_WARN,
                                "The request was not accepted.", NULL },
    [GTPP_FINDING_RESTART] = { NAMES("restart"), "Restart", PI_SEQUENCE, PI_WARN, "The node has restarted.", NULL },
    [GTPP_FINDING_REDIRECTED] = { NAMES("redirected"), "Redirection", PI_REQUEST_CODE, PI_NOTE,
                                  "The node asks not to be sent records.", NULL },
    [GTPP_FINDING_BUFFERS_FULL] = { NAMES("buffers_full"), "Buffers are becoming full", PI_REQUEST_CODE, PI_WARN,
                                    "The node runs out of buffers.", NULL },
    [GTPP_FINDING_GOING_DOWN] = { NAMES("going_down"), "Node about to go down", PI_REQUEST_CODE, PI_WARN,
                                  "A node is about to go down.", NULL },
    [GTPP_FINDING_AFTER_REDIRECTION] = { NAMES("after_redirection"), "Records in spite of a redirection", PI_SEQUENCE,
                                         PI_NOTE, "The node had asked not to be sent records.", NULL },
    [GTPP_FINDING_HELD] = { NAMES("held"), "Held as possibly duplicated", PI_SEQUENCE, PI_NOTE,
                            "Possibly duplicated records are held back.", NULL },
    [GTPP_FINDING_RELEASED] = { NAMES("released"), "Release of held records", PI_SEQUENCE, PI_CHAT,
                                "Held records are to be processed.", NULL },
    [GTPP_FINDING_CANCELLED] = { NAMES("cancelled"), "Cancellation of held records", PI_SEQUENCE, PI_CHAT,
                                 "Held records are to be discarded.", NULL },
    [GTPP_FINDING_SETTLED_BEFORE] = { NAMES("settled_before"), "Settled before", PI_SEQUENCE, PI_NOTE,
                                      "The packet had been released or cancelled already.", NULL },
    [GTPP_FINDING_UNKNOWN_PACKET] = { NAMES("unknown_packet"), "Not a held packet", PI_SEQUENCE, PI_WARN,
                                      "No held packet of the number is in the capture.", NULL },
    [GTPP_FINDING_FULFILLED] = { NAMES("fulfilled"), "Fulfilled before", PI_RESPONSE_CODE, PI_CHAT,
                                 "The node has had the records already.", NULL },
    [GTPP_FINDING_UNDECODABLE] = { NAMES("undecodable"), "Records that cannot be decoded", PI_RESPONSE_CODE, PI_WARN,
                                   "The node took the records but cannot decode them.", NULL },
    [GTPP_FINDING_LOCAL_SEQ_GAP] = { NAMES("local_seq_gap"), "Local sequence numbers missing", PI_SEQUENCE, PI_WARN,
                                     "Records of the node are not in this capture.", "gap" },
    [GTPP_FINDING_SEQ_REUSED] = { NAMES("seq_reused"), "Sequence number reused", PI_SEQUENCE, PI_WARN,
                                  "The number is that of another request without an answer.", NULL },
    [GTPP_FINDING_ONE_WAY] = { NAMES("one_way"), "One direction only", PI_SEQUENCE, PI_NOTE,
                               "No message of the other node is in the capture.", NULL },
    [GTPP_FINDING_FILE_ORDER] = { NAMES("file_order"), "File not in the order of time", PI_SEQUENCE, PI_NOTE,
                                  "Messages of the file stand behind later ones.", NULL },
    /* The expert item is that of the tree, gtpp.truncated. */
    [GTPP_FINDING_CUT] = { "gtpp.analysis.cut", NULL, "Cut", PI_UNDECODED, PI_NOTE,
                           "Not all octets of the message are in the capture.", NULL },
    [GTPP_FINDING_HOLE] = { NAMES("hole"), "Hole in the TCP stream", PI_SEQUENCE, PI_WARN,
                            "Octets of the stream are not in the capture.", NULL },
    [GTPP_FINDING_HOLE_BEHIND] = { NAMES("hole_behind"), "Hole behind the last message", PI_SEQUENCE, PI_WARN,
                                   "Octets of the TCP stream behind the last message are not in the capture.", NULL },
};

/* {{{ What follows from the message and its relations */

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *parent;
    proto_tree *tree; /* gtpp.analysis, once there is a finding */
    const gtpp_message_tap_t *message;
} gtpp_analysis_t;

static proto_tree *need_tree(gtpp_analysis_t *analysis)
{
    if (analysis->tree == NULL) {
        proto_item *item = proto_tree_add_item(analysis->parent, hf_analysis, analysis->tvb, 0, 0, ENC_NA);
        proto_item_set_generated(item);
        analysis->tree = proto_item_add_subtree(item, ett_analysis);
    }
    return analysis->tree;
}

static void add_frame(proto_tree *tree, int hf, tvbuff_t *tvb, const gtpp_event_t *event)
{
    if (event != NULL && gtpp_session_is_shown(event)) {
        proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, gtpp_session_frame_number(event)));
    }
}

static void add_text(gtpp_analysis_t *analysis, gtpp_finding_kind_t kind, const char *text)
{
    proto_item *item =
        proto_tree_add_none_format(need_tree(analysis), hf_finding[kind], analysis->tvb, 0, 0, "%s", kinds[kind].title);

    proto_item_set_generated(item);
    if (kinds[kind].expert != NULL) {
        expert_add_info_format(analysis->pinfo, item, &experts[kind], "%s", text);
    }
}

static void add_finding(gtpp_analysis_t *analysis, const gtpp_finding_t *finding)
{
    const gtpp_finding_kind_t kind = (gtpp_finding_kind_t)finding->kind;

    add_text(analysis, kind, gtpp_ledger_text_finding(analysis->pinfo->pool, analysis->message, finding));
    switch (kind) {
    case GTPP_FINDING_ELSEWHERE:
        add_frame(analysis->tree, hf_elsewhere_in, analysis->tvb, finding->other);
        break;
    case GTPP_FINDING_TWICE:
        if (finding->other != analysis->message->event) {
            add_frame(analysis->tree, hf_accepted_in, analysis->tvb, finding->other);
        }
        break;
    case GTPP_FINDING_OTHER_END:
        add_frame(analysis->tree, hf_other_end_in, analysis->tvb, finding->other);
        break;
    case GTPP_FINDING_HOLE:
    case GTPP_FINDING_HOLE_BEHIND:
        proto_item_set_generated(
            proto_tree_add_uint(analysis->tree, finding->kind == GTPP_FINDING_HOLE ? hf_hole_octets : hf_octets_behind,
                                analysis->tvb, 0, 0, finding->count));
        break;
    default:
        break;
    }
}

static void add_found(gtpp_analysis_t *analysis, gtpp_finding_kind_t kind, uint16_t number, uint32_t count,
                      const gtpp_event_t *other)
{
    const gtpp_finding_t finding = { .kind = (uint8_t)kind, .number = number, .count = count, .other = other };

    if (count > 0) {
        add_finding(analysis, &finding);
    }
}

static void add_request_findings(gtpp_analysis_t *analysis)
{
    gtpp_event_t *event = analysis->message->event;
    const gtpp_event_t *original = gtpp_match_find_first(&event->item)->event;

    switch ((gtpp_item_role_t)event->item.role) {
    case GTPP_ITEM_SENT_AGAIN:
        add_found(analysis, GTPP_FINDING_RETRANSMISSION, event->seq, 1, original);
        break;
    case GTPP_ITEM_CHANGED:
        add_found(analysis, GTPP_FINDING_CHANGED_COPY, event->seq, 1, original);
        break;
    default:
        break;
    }
    if (event->type == GTPP_REDIRECTION_REQUEST && event->item.role == GTPP_ITEM_REQUEST) {
        add_found(analysis, GTPP_FINDING_REDIRECTED, event->cause, 1, NULL);
        if (event->cause == GTPP_CAUSE_TRANSMIT_BUFFERS || event->cause == GTPP_CAUSE_RECEIVE_BUFFERS) {
            add_found(analysis, GTPP_FINDING_BUFFERS_FULL, event->cause, 1, NULL);
        } else if (event->cause == GTPP_CAUSE_OTHER_NODE_DOWN || event->cause == GTPP_CAUSE_THIS_NODE_DOWN) {
            add_found(analysis, GTPP_FINDING_GOING_DOWN, event->cause, 1, NULL);
        }
    }
}

/* How many requests of a response are of one kind, with the first of them. */
typedef struct {
    uint32_t count;
    uint16_t number;
    const gtpp_event_t *first;
} gtpp_tally_t;

static void tally(gtpp_tally_t *what, uint16_t number, const gtpp_event_t *event)
{
    if (what->count++ == 0) {
        what->number = number;
        what->first = event;
    }
}

/* Whose answer it is that repeats another one, a request that stands behind it in the file may change. */
static bool is_known(const gtpp_item_t *answer)
{
    return answer->role != GTPP_ITEM_REPEATED || gtpp_match_is_surely_repeated(answer) || gtpp_session_is_judged();
}

/* A request that was rejected may be sent again, and rejected again: that says no once more, and nothing that had been
 * settled before. */
static bool is_another_rejection(const gtpp_item_t *answer)
{
    const gtpp_item_t *counting = answer->link->link;

    return gtpp_match_answer_says(answer->event) == GTPP_SAYS_NO &&
           (counting == NULL || counting->event->time > answer->event->time ||
            gtpp_match_answer_says(counting->event) == GTPP_SAYS_NO);
}

/* Held: accepted by this answer, of possibly duplicated packets, and not had before. Where an ordinary packet was sent
 * again as possibly duplicated, it depends on whether the first copy was answered, too. */
static bool is_held_by(const gtpp_item_t *item)
{
    const gtpp_event_t *request = item->link->event;

    if (item->link->link != item || !gtpp_match_is_duplicated(request, item->event->time)) {
        return false;
    }
    return request->command == GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED ||
           (gtpp_session_is_judged() && (request->fate == GTPP_FATE_HELD || request->fate == GTPP_FATE_RELEASED ||
                                         request->fate == GTPP_FATE_CANCELLED));
}

static void add_response_findings(gtpp_analysis_t *analysis)
{
    gtpp_event_t *event = analysis->message->event;
    const gtpp_says_t says = gtpp_match_answer_says(event);
    gtpp_tally_t repeated = { 0, 0, NULL };
    gtpp_tally_t rejected = { 0, 0, NULL };
    gtpp_tally_t held = { 0, 0, NULL };
    uint32_t answered = 0;
    gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(event, k)) != NULL; k++) {
        if (item->link == NULL || (item->role != GTPP_ITEM_ANSWER && item->role != GTPP_ITEM_REPEATED)) {
            continue;
        }
        if (!is_known(item)) {
            continue;
        }
        answered++;
        if (item->role == GTPP_ITEM_REPEATED && item->link->link != item && !is_another_rejection(item)) {
            tally(&repeated, item->seq, item->link->link != NULL ? item->link->link->event : NULL);
        } else if (says == GTPP_SAYS_NO) {
            tally(&rejected, item->seq, item->link->event);
        } else if (says == GTPP_SAYS_YES && is_held_by(item)) {
            tally(&held, item->seq, item->link->event);
        }
    }
    add_found(analysis, GTPP_FINDING_DUPLICATE_ACK, repeated.number, repeated.count, repeated.first);
    add_found(analysis, GTPP_FINDING_REJECTED, event->cause, rejected.count, rejected.first);
    add_found(analysis, GTPP_FINDING_HELD, held.number, held.count, held.first);
    if (answered > 0 && says == GTPP_SAYS_HAD_BEFORE) {
        add_found(analysis, GTPP_FINDING_FULFILLED, event->cause, 1, NULL);
    } else if (answered > 0 && event->has_cause && event->cause == GTPP_CAUSE_UNDECODABLE) {
        add_found(analysis, GTPP_FINDING_UNDECODABLE, event->cause, 1, NULL);
    }
}

static void add_event_findings(gtpp_analysis_t *analysis)
{
    const gtpp_event_t *event = analysis->message->event;

    if (event->is_cut) {
        add_found(analysis, GTPP_FINDING_CUT, 0, 1, NULL);
    }
    /* Until the file has been read, what is missing may still come: then it was out of order. */
    if (event->more != NULL && event->more->hole != NULL && event->more->hole->octets > 0 && frame_store_is_whole()) {
        add_found(analysis, GTPP_FINDING_HOLE, 0, event->more->hole->octets, NULL);
    }
    if (event->is_stream && frame_store_is_whole()) {
        add_found(analysis, GTPP_FINDING_HOLE_BEHIND, 0, gtpp_session_count_behind(event), NULL);
    }
    if (event->item.role == GTPP_ITEM_COPY) {
        add_found(analysis, GTPP_FINDING_COPIED, event->seq, 1,
                  event->item.link != NULL ? event->item.link->event : NULL);
    } else if (gtpp_match_is_request(&event->item)) {
        add_request_findings(analysis);
    } else {
        add_response_findings(analysis);
    }
}

/* }}} */
/* {{{ What was judged */

/* Not under gtpp.analysis, which only remarkable messages have. */
static void add_fates(gtpp_analysis_t *analysis)
{
    const gtpp_event_t *event = analysis->message->event;

    for (uint32_t i = 0; i < event->num_records; i++) {
        const gtpp_event_record_t *record = &event->records[i];
        const gtpp_event_t *own = record->fate != GTPP_FATE_UNDECIDED ? gtpp_judge_answer(event) : NULL;
        const gtpp_event_t *answer = record->decided_by != NULL ? record->decided_by : own;
        proto_item_set_generated(proto_tree_add_uint(analysis->parent, hf_fate, analysis->tvb, 0, 0, record->fate));
        add_frame(analysis->parent, hf_fate_in, analysis->tvb, answer);
    }
}

static void add_judged_findings(gtpp_analysis_t *analysis)
{
    const gtpp_event_t *event = analysis->message->event;
    gtpp_finding_kind_t kind;

    for (const gtpp_finding_t *finding = event->more != NULL ? event->more->findings : NULL; finding != NULL;
         finding = finding->next) {
        add_finding(analysis, finding);
    }
    if (!gtpp_judge_is_request(event)) {
        return;
    }
    const char *text = gtpp_ledger_text_fate(analysis->pinfo->pool, analysis->message, &kind);
    if (text != NULL) {
        add_text(analysis, kind, text);
    }
    add_fates(analysis);
}

/* }}} */
/* {{{ Links */

static void add_answers(tvbuff_t *tvb, proto_tree *tree, gtpp_event_t *event)
{
    gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(event, k)) != NULL; k++) {
        if (item->link == NULL || (item->role != GTPP_ITEM_ANSWER && item->role != GTPP_ITEM_REPEATED)) {
            continue;
        }
        if (!is_known(item)) {
            continue;
        }
        const gtpp_event_t *request = item->link->event;
        add_frame(tree, hf_response_to, tvb, request);
        if (item->role == GTPP_ITEM_ANSWER && event->time >= request->time) {
            const nstime_t asked = gtpp_session_time(request);
            const nstime_t answered = gtpp_session_time(event);
            nstime_t taken;
            nstime_delta(&taken, &answered, &asked);
            proto_item_set_generated(proto_tree_add_time(tree, hf_time, tvb, 0, 0, &taken));
        }
    }
}

/* The answer to a request. One that rejects may be followed by one that accepts: it is shown once that is known. */
static void add_answer(tvbuff_t *tvb, proto_tree *tree, const gtpp_item_t *request)
{
    if (request->link != NULL && (gtpp_match_answer_accepts(request->link->event) || gtpp_session_is_judged())) {
        add_frame(tree, hf_response_in, tvb, request->link->event);
    }
}

static void add_links(tvbuff_t *tvb, proto_tree *tree, const gtpp_message_tap_t *message)
{
    gtpp_event_t *event = message->event;

    switch ((gtpp_item_role_t)event->item.role) {
    case GTPP_ITEM_SENT_AGAIN:
    case GTPP_ITEM_CHANGED: {
        const gtpp_item_t *first = gtpp_match_find_first(&event->item);
        add_frame(tree, hf_retransmission_of, tvb, first->event);
        add_answer(tvb, tree, first);
        break;
    }
    case GTPP_ITEM_COPY:
        add_frame(tree, hf_copy_of, tvb, event->item.link != NULL ? event->item.link->event : NULL);
        break;
    case GTPP_ITEM_REQUEST:
        if (gtpp_match_is_request(&event->item)) {
            add_answer(tvb, tree, &event->item);
        }
        break;
    default:
        add_answers(tvb, tree, event);
        break;
    }
}

/* }}} */

void gtpp_ledger_expert_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message)
{
    gtpp_analysis_t analysis = { tvb, pinfo, tree, NULL, message };

    proto_item_set_generated(proto_tree_add_uint(tree, hf_path, tvb, 0, 0, message->event->path));
    add_links(tvb, tree, message);
    add_event_findings(&analysis);
    if (gtpp_session_is_judged()) {
        add_judged_findings(&analysis);
    }
}

const char *gtpp_ledger_expert_word(const gtpp_message_tap_t *message)
{
    const gtpp_event_t *event = message->event;

    switch ((gtpp_item_role_t)event->item.role) {
    case GTPP_ITEM_SENT_AGAIN:
    case GTPP_ITEM_CHANGED:
        return kinds[GTPP_FINDING_RETRANSMISSION].word;
    case GTPP_ITEM_COPY:
        return kinds[GTPP_FINDING_COPIED].word;
    default:
        break;
    }
    if (!gtpp_session_is_judged()) {
        return NULL;
    }
    const char *word = NULL;
    int severity = 0;
    for (const gtpp_finding_t *finding = event->more != NULL ? event->more->findings : NULL; finding != NULL;
         finding = finding->next) {
        if (kinds[finding->kind].word != NULL && kinds[finding->kind].severity > severity) {
            word = kinds[finding->kind].word;
            severity = kinds[finding->kind].severity;
        }
    }
    return word;
}

static void register_links(int proto)
{
    static hf_register_info hf[] = {
        { &hf_path,
          { "Path", "gtpp.path", FT_UINT32, BASE_DEC, NULL, 0, "Index of the conversation of a CDF and a CGF",
            HFILL } },
        { &hf_response_in,
          { "Response in", "gtpp.response_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
            "The answer to this request; known from the second pass on", HFILL } },
        { &hf_response_to,
          { "Response to", "gtpp.response_to", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
            "The first copy of a request that this response answers", HFILL } },
        { &hf_time,
          { "Response time", "gtpp.time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
            "From the first copy of the request to its first answer", HFILL } },
        { &hf_retransmission_of,
          { "Retransmission of", "gtpp.retransmission_of", FT_FRAMENUM, BASE_NONE,
            FRAMENUM_TYPE(FT_FRAMENUM_RETRANS_PREV), 0, "The first copy of this request", HFILL } },
        { &hf_copy_of,
          { "Copy of", "gtpp.copy_of", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0,
            "The packet that a mirror port or the network copied", HFILL } },
        { &hf_elsewhere_in,
          { "Acknowledged in", "gtpp.elsewhere_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
            "The answer that acknowledged the records under another request", HFILL } },
        { &hf_accepted_in,
          { "Accepted first in", "gtpp.accepted_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0,
            "The request with which the record was accepted first", HFILL } },
        { &hf_other_end_in,
          { "Other end in", "gtpp.other_end_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0,
            "The answer from another end, or the request that it answers", HFILL } },
        { &hf_hole_octets,
          { "Octets missing", "gtpp.hole_octets", FT_UINT32, BASE_DEC, NULL, 0,
            "Octets of the TCP stream before this message that are not in the capture", HFILL } },
        { &hf_octets_behind,
          { "Octets missing behind", "gtpp.hole_behind_octets", FT_UINT32, BASE_DEC, NULL, 0,
            "Octets of the TCP stream behind this message, the last one of its direction, that are not in the capture",
            HFILL } },
        { &hf_fate,
          { "Fate of the record", "gtpp.cdr.fate", FT_UINT8, BASE_DEC, VALS(fate_names), 0,
            "What became of the record; known once the file has been read", HFILL } },
        { &hf_fate_in,
          { "Decided in", "gtpp.cdr.fate_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
            "The answer that decided what became of the record", HFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
}

void gtpp_ledger_expert_register(int proto)
{
    static hf_register_info hf_root[] = {
        { &hf_analysis,
          { "Analysis", "gtpp.analysis", FT_NONE, BASE_NONE, NULL, 0, "What the ledger finds remarkable", HFILL } },
    };
    static hf_register_info hf[GTPP_FINDING_COUNT];
    static ei_register_info ei[GTPP_FINDING_COUNT];
    static int *ett[] = { &ett_analysis };
    int num_experts = 0;

    for (int i = 0; i < GTPP_FINDING_COUNT; i++) {
        const hf_register_info field = {
            &hf_finding[i], { kinds[i].title, kinds[i].field, FT_NONE, BASE_NONE, NULL, 0, kinds[i].meaning, HFILL }
        };
        const ei_register_info expert = {
            &experts[i], { kinds[i].expert, kinds[i].group, kinds[i].severity, kinds[i].meaning, EXPFILL }
        };
        hf_finding[i] = -1;
        hf[i] = field;
        if (kinds[i].expert != NULL) {
            ei[num_experts++] = expert;
        }
    }
    register_links(proto);
    proto_register_field_array(proto, hf_root, array_length(hf_root));
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, num_experts);
}
