/* gtpp_ledger_expert.c
 * Puts into words what the ledger finds remarkable.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_ledger_expert.h"

#include <epan/expert.h>

#include "gtpp_names.h"

static int hf_analysis = -1;
static int hf_finding[GTPP_FINDING_COUNT];
static expert_field experts[GTPP_FINDING_COUNT];
static int ett_analysis = -1;

#define NAMES(x) "gtpp.analysis." x, "gtpp.analysis." x ".expert"

/* How each finding is called, how grave it is, and what it means in general. */
static const struct {
    const char *field;
    const char *expert;
    const char *title;
    int group;
    int severity;
    const char *meaning;
} kinds[GTPP_FINDING_COUNT] = {
    [GTPP_FINDING_RETRANSMISSION] = { NAMES("retransmission"), "Retransmission", PI_SEQUENCE, PI_NOTE,
                                      "The request has been sent before." },
    [GTPP_FINDING_UNACKNOWLEDGED] = { NAMES("unacknowledged"), "Never acknowledged", PI_SEQUENCE, PI_WARN,
                                      "No answer to the request is in the capture." },
    [GTPP_FINDING_UNSOLICITED] = { NAMES("unsolicited"), "Answer without a request", PI_SEQUENCE, PI_WARN,
                                   "The response answers what was not asked." },
    [GTPP_FINDING_DUPLICATE_ACK] = { NAMES("duplicate_ack"), "Answered before", PI_SEQUENCE, PI_CHAT,
                                     "The request had been answered already." },
    [GTPP_FINDING_REJECTED] = { NAMES("rejected"), "Rejected", PI_RESPONSE_CODE, PI_WARN,
                                "The request was not accepted." },
    [GTPP_FINDING_RESTART] = { NAMES("restart"), "Restart", PI_SEQUENCE, PI_WARN, "The node has restarted." },
    [GTPP_FINDING_REDIRECTED] = { NAMES("redirected"), "Redirection", PI_REQUEST_CODE, PI_NOTE,
                                  "The node asks not to be sent records." },
    [GTPP_FINDING_BUFFERS_FULL] = { NAMES("buffers_full"), "Buffers are becoming full", PI_REQUEST_CODE, PI_WARN,
                                    "The node runs out of buffers." },
    [GTPP_FINDING_GOING_DOWN] = { NAMES("going_down"), "Node about to go down", PI_REQUEST_CODE, PI_WARN,
                                  "A node is about to go down." },
    [GTPP_FINDING_AFTER_REDIRECTION] = { NAMES("after_redirection"), "Records in spite of a redirection", PI_SEQUENCE,
                                         PI_NOTE, "The node had asked not to be sent records." },
    [GTPP_FINDING_HELD] = { NAMES("held"), "Held as possibly duplicated", PI_SEQUENCE, PI_NOTE,
                            "Possibly duplicated records are held back." },
    [GTPP_FINDING_RELEASED] = { NAMES("released"), "Release of held records", PI_SEQUENCE, PI_CHAT,
                                "Held records are to be processed." },
    [GTPP_FINDING_CANCELLED] = { NAMES("cancelled"), "Cancellation of held records", PI_SEQUENCE, PI_CHAT,
                                 "Held records are to be discarded." },
    [GTPP_FINDING_UNKNOWN_PACKET] = { NAMES("unknown_packet"), "Not a held packet", PI_SEQUENCE, PI_WARN,
                                      "A number to release or cancel is not that of a held packet." },
    [GTPP_FINDING_FULFILLED] = { NAMES("fulfilled"), "Fulfilled before", PI_RESPONSE_CODE, PI_CHAT,
                                 "The node has had the records already." },
    [GTPP_FINDING_UNDECODABLE] = { NAMES("undecodable"), "Records that cannot be decoded", PI_RESPONSE_CODE, PI_WARN,
                                   "The node took the records but cannot decode them." },
    [GTPP_FINDING_LOCAL_SEQ_GAP] = { NAMES("local_seq_gap"), "Local sequence numbers missing", PI_SEQUENCE, PI_WARN,
                                     "Records of the node are missing." },
    [GTPP_FINDING_SEQ_REUSED] = { NAMES("seq_reused"), "Sequence number reused", PI_SEQUENCE, PI_WARN,
                                  "The number is that of another request, which nobody had answered." },
};

static const char *cause_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    return wmem_strdup_printf(pool, "%s (%u)", val_to_str_const(finding->number, gtpp_cause_names, "unknown cause"),
                              finding->number);
}

/* "1 record", "2 records". */
static const char *count_text(wmem_allocator_t *pool, uint32_t count, const char *thing)
{
    return wmem_strdup_printf(pool, "%u %s%s", count, thing, count == 1 ? "" : "s");
}

/* " and 2 more" behind the first of several. */
static const char *more_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    return finding->count > 1 ? wmem_strdup_printf(pool, " and %u more", finding->count - 1) : "";
}

static const char *rejection_text(wmem_allocator_t *pool, const gtpp_message_tap_t *message,
                                  const gtpp_finding_t *finding)
{
    const char *requests = count_text(pool, finding->count, "request");
    const char *were = finding->count == 1 ? "was" : "were";

    if (message->pdu->header.type == GTPP_VERSION_NOT_SUPPORTED) {
        return wmem_strdup_printf(pool,
                                  "The version of the request in frame %u is not supported; the highest that is "
                                  "supported is %u.",
                                  finding->frame, message->pdu->header.version);
    }
    if (!message->pdu->has_cause) {
        return wmem_strdup_printf(pool, "%s %s answered without a cause, which says nothing of acceptance.", requests,
                                  were);
    }
    return wmem_strdup_printf(pool, "%s %s rejected: %s.", requests, were, cause_text(pool, finding));
}

static const char *redirection_text(wmem_allocator_t *pool, const gtpp_message_tap_t *message,
                                    const gtpp_finding_t *finding)
{
    const char *why = message->pdu->has_cause ? cause_text(pool, finding) : "no cause given";

    if (message->pdu->recommended != NULL) {
        return wmem_strdup_printf(pool, "The node asks that records go to %s instead: %s.", message->pdu->recommended,
                                  why);
    }
    return wmem_strdup_printf(pool, "The node asks not to be sent records, and names no other node: %s.", why);
}

static const char *gap_text(wmem_allocator_t *pool, const gtpp_finding_t *finding)
{
    uint32_t span = finding->last - finding->first + 1;

    if (span == 1) {
        return wmem_strdup_printf(pool, "1 local sequence number before a record of this message never came: %u.",
                                  finding->first);
    }
    return wmem_strdup_printf(pool, "%s before a record of this message never came: %s%u to %u.",
                              count_text(pool, finding->count, "local sequence number"),
                              finding->count < span ? "among " : "", finding->first, finding->last);
}

static const char *finding_text(wmem_allocator_t *pool, const gtpp_message_tap_t *message,
                                const gtpp_finding_t *finding)
{
    const char *more = more_text(pool, finding);
    const char *are = finding->count > 1 ? "are" : "is";

    switch (finding->kind) {
    case GTPP_FINDING_RETRANSMISSION:
        return wmem_strdup_printf(pool, "This request was sent first in frame %u.", finding->frame);
    case GTPP_FINDING_UNSOLICITED:
        return wmem_strdup_printf(pool, "Nothing in the capture asked for this answer: number %u%s.", finding->number,
                                  more);
    case GTPP_FINDING_DUPLICATE_ACK:
        return wmem_strdup_printf(
            pool, "Number %u had been answered already, in frame %u%s.", finding->number, finding->frame,
            finding->count > 1 ? wmem_strdup_printf(pool, ", and %u more before", finding->count - 1) : "");
    case GTPP_FINDING_REJECTED:
        return rejection_text(pool, message, finding);
    case GTPP_FINDING_RESTART:
        return wmem_strdup_printf(pool, "The restart counter of this node went from %u to %u: it has restarted.",
                                  finding->first, finding->number);
    case GTPP_FINDING_REDIRECTED:
        return redirection_text(pool, message, finding);
    case GTPP_FINDING_BUFFERS_FULL:
    case GTPP_FINDING_GOING_DOWN:
        return wmem_strdup_printf(pool, "%s.", cause_text(pool, finding));
    case GTPP_FINDING_AFTER_REDIRECTION:
        return wmem_strdup_printf(pool, "In frame %u the node had asked not to be sent records.", finding->frame);
    case GTPP_FINDING_HELD:
        return wmem_strdup_printf(pool,
                                  "Possibly duplicated packet %u of frame %u%s %s held until released or cancelled.",
                                  finding->number, finding->frame, more, are);
    case GTPP_FINDING_RELEASED:
        return wmem_strdup_printf(pool, "Held packet %u of frame %u%s %s to be processed.", finding->number,
                                  finding->frame, more, are);
    case GTPP_FINDING_CANCELLED:
        return wmem_strdup_printf(pool, "Held packet %u of frame %u%s %s to be discarded.", finding->number,
                                  finding->frame, more, are);
    case GTPP_FINDING_UNKNOWN_PACKET:
        return wmem_strdup_printf(pool, "The capture knows no held packet of number %u%s.", finding->number, more);
    case GTPP_FINDING_FULFILLED:
        return wmem_strdup_printf(pool, "The node has had this already, which is good news: %s.",
                                  cause_text(pool, finding));
    case GTPP_FINDING_UNDECODABLE:
        return "The node took the packet but cannot decode a record in it: CDR decoding error (177).";
    case GTPP_FINDING_SEQ_REUSED:
        return wmem_strdup_printf(pool,
                                  "Number %u is that of the request in frame %u, which is different and was never "
                                  "acknowledged.",
                                  finding->number, finding->frame);
    default:
        return kinds[finding->kind].meaning;
    }
}

/* What became of a request, when that is a finding. False when it is none. */
static bool judge_request(wmem_allocator_t *pool, const gtpp_request_t *request, gtpp_finding_kind_t *kind,
                          const char **text)
{
    switch ((gtpp_fate_t)request->fate) {
    case GTPP_FATE_OUTSTANDING:
    case GTPP_FATE_ABANDONED: {
        const char *sent =
            request->copies > 1 ? wmem_strdup_printf(pool, ", although it was sent %u times", request->copies) : "";
        const char *records = request->records > 0 ? wmem_strdup_printf(pool, "; %s never acknowledged",
                                                                        count_text(pool, request->records, "record"))
                                                   : "";
        *kind = GTPP_FINDING_UNACKNOWLEDGED;
        *text = wmem_strdup_printf(pool, "No answer to this request is in the capture%s%s.", sent, records);
        return true;
    }
    case GTPP_FATE_REJECTED:
        *kind = GTPP_FINDING_REJECTED;
        *text = wmem_strdup_printf(pool, "This request was rejected in frame %u.", request->answer_frame);
        return true;
    case GTPP_FATE_HELD:
        *kind = GTPP_FINDING_HELD;
        *text = wmem_strdup_printf(
            pool, "This packet is held since frame %u: no accepted release or cancellation is in the capture.",
            request->answer_frame);
        return true;
    case GTPP_FATE_RELEASED:
        *kind = GTPP_FINDING_RELEASED;
        *text = wmem_strdup_printf(pool, "This packet was held since frame %u and released by frame %u.",
                                   request->answer_frame, request->settle_frame);
        return true;
    case GTPP_FATE_CANCELLED:
        *kind = GTPP_FINDING_CANCELLED;
        *text = wmem_strdup_printf(pool, "This packet was held since frame %u and cancelled by frame %u.",
                                   request->answer_frame, request->settle_frame);
        return true;
    default:
        return false;
    }
}

/* {{{ The tree */

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *parent;
    proto_tree *tree; /* gtpp.analysis, once there is a finding */
} gtpp_ledger_expert_t;

static void draw_finding(gtpp_ledger_expert_t *drawing, gtpp_finding_kind_t kind, const char *text)
{
    proto_item *item;

    if (drawing->tree == NULL) {
        item = proto_tree_add_item(drawing->parent, hf_analysis, drawing->tvb, 0, 0, ENC_NA);
        proto_item_set_generated(item);
        drawing->tree = proto_item_add_subtree(item, ett_analysis);
    }
    item = proto_tree_add_none_format(drawing->tree, hf_finding[kind], drawing->tvb, 0, 0, "%s", kinds[kind].title);
    proto_item_set_generated(item);
    expert_add_info_format(drawing->pinfo, item, &experts[kind], "%s", text);
}

void gtpp_ledger_expert_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message)
{
    const gtpp_result_t *result = message->result;
    gtpp_ledger_expert_t drawing = { tvb, pinfo, tree, NULL };
    gtpp_finding_kind_t kind;
    const char *text;

    for (const gtpp_finding_t *finding = result->findings; finding != NULL; finding = finding->next) {
        if (finding->kind != GTPP_FINDING_LOCAL_SEQ_GAP) {
            draw_finding(&drawing, (gtpp_finding_kind_t)finding->kind, finding_text(pinfo->pool, message, finding));
        } else if (PINFO_FD_VISITED(pinfo) && finding->count > 0) {
            draw_finding(&drawing, GTPP_FINDING_LOCAL_SEQ_GAP, gap_text(pinfo->pool, finding));
        }
    }
    if (PINFO_FD_VISITED(pinfo) && result->request != NULL && !result->is_copy &&
        judge_request(pinfo->pool, result->request, &kind, &text)) {
        draw_finding(&drawing, kind, text);
    }
}

/* }}} */

void gtpp_ledger_expert_register(int proto)
{
    static hf_register_info hf_root[] = {
        { &hf_analysis,
          { "Analysis", "gtpp.analysis", FT_NONE, BASE_NONE, NULL, 0, "What the ledger finds remarkable", HFILL } },
    };
    static hf_register_info hf[GTPP_FINDING_COUNT];
    static ei_register_info ei[GTPP_FINDING_COUNT];
    static int *ett[] = { &ett_analysis };

    for (int i = 0; i < GTPP_FINDING_COUNT; i++) {
        const hf_register_info field = {
            &hf_finding[i], { kinds[i].title, kinds[i].field, FT_NONE, BASE_NONE, NULL, 0, kinds[i].meaning, HFILL }
        };
        const ei_register_info expert = {
            &experts[i], { kinds[i].expert, kinds[i].group, kinds[i].severity, kinds[i].meaning, EXPFILL }
        };
        hf_finding[i] = -1;
        experts[i] = (expert_field)EI_INIT;
        memcpy(&hf[i], &field, sizeof field);
        ei[i] = expert;
    }
    proto_register_field_array(proto, hf_root, array_length(hf_root));
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
