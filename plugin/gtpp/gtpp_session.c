/* gtpp_session.c
 * Between the packets and the ledger.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_session.h"

#include <epan/proto_data.h>
#include <epan/to_str.h>

#include "gtpp_ledger_expert.h"
#include "gtpp_names.h"
#include "portlore/lore_payload.h"
#include "base/frame_store.h"
#include "base/packet_conversation.h"

#include <string.h>

#define NS_PER_SECOND 1000000000
#define GTPP_SERVICE_PORT 3386

static int hf_path = -1;
static int hf_response_in = -1;
static int hf_response_to = -1;
static int hf_time = -1;
static int hf_retransmission_of = -1;

static int gtpp_proto = -1;

/* How far this pass has come in the frame. Lives as long as the packet. */
typedef struct {
    uint32_t messages;
    uint32_t records;
    gtpp_message_tap_t *last;
} gtpp_progress_t;

/* All of it lives as long as the file. */
static gtpp_ledger_t *ledger;
static wmem_map_t *nodes;   /* text -> its number */
static wmem_array_t *lines; /* gtpp_conv_t *, by path */

static void start_file(void)
{
    ledger = gtpp_ledger_open(wmem_file_scope());
    nodes = wmem_map_new(wmem_file_scope(), wmem_str_hash, g_str_equal);
    lines = wmem_array_new(wmem_file_scope(), sizeof(gtpp_conv_t *));
}

static void end_file(void)
{
    gtpp_ledger_close(ledger);
    ledger = NULL;
    nodes = NULL;
    lines = NULL;
}

/* {{{ Paths */

/* The end whose port is the service's: 3386, or the lower one. */
static unsigned find_service_end(const uint32_t *ports)
{
    if (ports[0] == GTPP_SERVICE_PORT || ports[1] == GTPP_SERVICE_PORT) {
        return ports[1] == GTPP_SERVICE_PORT;
    }
    return ports[1] < ports[0];
}

/* A node is an address, and at the service's end also a port: two services of one host are two nodes, but two ports of
 * a client are not. */
static uint32_t number_node(const gtpp_conv_t *line, unsigned end, unsigned service_end)
{
    char *host = address_to_str(NULL, &line->addresses[end]);
    char *name =
        g_strdup_printf("%d %s %u", line->addresses[end].type, host, end == service_end ? line->ports[end] : 0);
    uint32_t number = GPOINTER_TO_UINT(wmem_map_lookup(nodes, name));

    if (number == 0) {
        number = wmem_map_size(nodes) + 1;
        wmem_map_insert(nodes, wmem_strdup(wmem_file_scope(), name), GUINT_TO_POINTER(number));
    }
    g_free(name);
    wmem_free(NULL, host);
    return number;
}

static gtpp_conv_t *find_or_open_line(packet_info *pinfo)
{
    conversation_t *conversation = packet_conversation_find(pinfo);

    if (conversation == NULL) {
        conversation = find_or_create_conversation(pinfo);
    }
    gtpp_conv_t *line = conversation_get_proto_data(conversation, gtpp_proto);

    lore_payload_offer_conversation(pinfo, conversation);
    if (line != NULL) {
        return line;
    }
    line = wmem_new0(wmem_file_scope(), gtpp_conv_t);
    copy_address_wmem(wmem_file_scope(), &line->addresses[0], &pinfo->src);
    copy_address_wmem(wmem_file_scope(), &line->addresses[1], &pinfo->dst);
    line->ports[0] = pinfo->srcport;
    line->ports[1] = pinfo->destport;
    line->is_tcp = pinfo->ptype == PT_TCP;
    unsigned service_end = find_service_end(line->ports);
    line->cdf = 1 - service_end;
    line->path = gtpp_ledger_open_path(ledger, number_node(line, 0, service_end), number_node(line, 1, service_end));
    line->index = gtpp_ledger_get_index(line->path);
    wmem_array_append_one(lines, line);
    conversation_add_proto_data(conversation, gtpp_proto, line);
    return line;
}

static unsigned find_direction(const gtpp_conv_t *line, const packet_info *pinfo)
{
    return pinfo->srcport == line->ports[0] && addresses_equal(&pinfo->src, &line->addresses[0]) ? 0 : 1;
}

const gtpp_conv_t *gtpp_session_get_line(uint32_t path)
{
    return lines != NULL && path < wmem_array_get_count(lines) ? *(gtpp_conv_t **)wmem_array_index(lines, path) : NULL;
}

/* Messages about records tell which end is which. */
static void learn_ends(gtpp_conv_t *line, unsigned direction, unsigned type)
{
    if (type == GTPP_DATA_RECORD_TRANSFER_REQUEST || type == GTPP_REDIRECTION_RESPONSE) {
        line->cdf = direction;
    } else if (type == GTPP_DATA_RECORD_TRANSFER_RESPONSE || type == GTPP_REDIRECTION_REQUEST) {
        line->cdf = 1 - direction;
    }
}

/* }}} */
/* {{{ Telling the ledger */

/* After FNV-1a, but eight octets at a time, with the upper bits folded down: quick, and good enough to tell a copy from
 * another message of the same number and length. */
static uint64_t digest_octets(const uint8_t *octets, uint32_t length)
{
    uint64_t digest = G_GUINT64_CONSTANT(14695981039346656037);

    for (uint32_t i = 0; i < length; i += 8) {
        uint64_t word = 0;
        if (length - i >= 8) {
            memcpy(&word, octets + i, 8);
        } else {
            memcpy(&word, octets + i, length - i);
        }
        digest = (digest ^ word) * G_GUINT64_CONSTANT(1099511628211);
        digest ^= digest >> 32;
    }
    return digest;
}

/* Unsigned on the way: files with senseless times exist. */
static int64_t count_nanoseconds(const nstime_t *when)
{
    return (int64_t)((uint64_t)when->secs * NS_PER_SECOND + (uint64_t)when->nsecs);
}

static gtpp_ledger_list_t list_of(const gtpp_seq_list_t *list)
{
    return (gtpp_ledger_list_t){ list->seqs, list->count };
}

static gtpp_slip_t *keep_slip(gtpp_slip_t slip)
{
    return wmem_memdup(wmem_file_scope(), &slip, sizeof slip);
}

static gtpp_slip_t tell_ledger(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu)
{
    gtpp_conv_t *line = find_or_open_line(pinfo);
    uint32_t captured = MIN(tvb_captured_length(tvb), pdu->length);
    gtpp_ledger_record_t *records = wmem_alloc_array(pinfo->pool, gtpp_ledger_record_t, MAX(pdu->num_cdrs, 1));
    gtpp_ledger_input_t input = {
        .path = line->path,
        .direction = find_direction(line, pinfo),
        .frame = pinfo->num,
        .time = count_nanoseconds(&pinfo->abs_ts),
        .type = pdu->header.type,
        .seq = pdu->header.seq,
        .length = pdu->length,
        .digest = digest_octets(tvb_get_ptr(tvb, 0, (int)captured), captured),
        .has_cause = pdu->has_cause,
        .cause = pdu->cause,
        .has_recovery = pdu->has_recovery,
        .recovery = pdu->recovery,
        .has_command = pdu->has_command,
        .command = pdu->command,
        .has_packet = pdu->has_record_packet,
        .is_empty_packet = pdu->has_record_packet && pdu->record_octets == 0,
        .responded = list_of(&pdu->responded),
        .released = list_of(&pdu->released),
        .cancelled = list_of(&pdu->cancelled),
        .records = records,
        .num_records = pdu->num_cdrs,
    };

    for (uint32_t i = 0; i < pdu->num_cdrs; i++) {
        records[i] = (gtpp_ledger_record_t){ pdu->cdrs[i].node_id, pdu->cdrs[i].has_local_seq, pdu->cdrs[i].local_seq };
    }
    learn_ends(line, input.direction, input.type);
    return gtpp_ledger_enter_pdu(ledger, &input);
}

void gtpp_session_enter_earlier(packet_info *pinfo, frame_record_t *record, const nstime_t *when,
                                bool same_direction, const gtpp_header_t *header, const uint8_t *octets,
                                uint32_t length)
{
    gtpp_conv_t *line = find_or_open_line(pinfo);
    unsigned direction = find_direction(line, pinfo);
    gtpp_ledger_input_t input = {
        .path = line->path,
        .direction = same_direction ? direction : 1 - direction,
        .frame = frame_record_number(record),
        .time = count_nanoseconds(when),
        .type = header->type,
        .seq = header->seq,
        .length = length,
        .digest = digest_octets(octets, length),
    };

    frame_record_put(record, gtpp_proto, keep_slip(gtpp_ledger_enter_pdu(ledger, &input)));
}

static gtpp_progress_t *find_progress(packet_info *pinfo)
{
    gtpp_progress_t *progress = p_get_proto_data(pinfo->pool, pinfo, gtpp_proto, 0);

    if (progress == NULL) {
        progress = wmem_new0(pinfo->pool, gtpp_progress_t);
        p_add_proto_data(pinfo->pool, pinfo, gtpp_proto, 0, progress);
    }
    return progress;
}

const gtpp_message_tap_t *gtpp_session_enter(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu)
{
    const gtpp_result_t *result = NULL;

    if (pinfo->flags.in_error_pkt || pdu->length == 0 || ledger == NULL) {
        return NULL;
    }
    gtpp_progress_t *progress = find_progress(pinfo);
    if (!PINFO_FD_VISITED(pinfo)) {
        gtpp_slip_t *slip = keep_slip(tell_ledger(tvb, pinfo, pdu));
        frame_store_put(pinfo, gtpp_proto, slip);
        result = gtpp_result_read(slip, pinfo->pool);
    } else {
        const gtpp_slip_t *slip = frame_store_next(pinfo, gtpp_proto);
        result = slip != NULL ? gtpp_result_read(slip, pinfo->pool) : NULL;
        /* A frame that was read as something else on the first pass. */
        if (result == NULL || result->type != pdu->header.type || result->seq != pdu->header.seq) {
            return NULL;
        }
    }
    gtpp_message_tap_t *message = wmem_new0(pinfo->pool, gtpp_message_tap_t);
    message->pdu = pdu;
    message->result = result;
    message->line = gtpp_session_get_line(result->path);
    message->ordinal = progress->messages++;
    message->first_record = progress->records + 1;
    progress->records += pdu->num_cdrs;
    if (progress->last != NULL) {
        progress->last->next = message;
    }
    progress->last = message;
    return message;
}

/* }}} */
/* {{{ The tree */

static void add_frame(proto_tree *tree, int hf, tvbuff_t *tvb, uint32_t frame)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, frame));
}

nstime_t gtpp_session_get_time(const gtpp_request_t *request)
{
    nstime_t when = { (time_t)(request->time / NS_PER_SECOND), (int)(request->time % NS_PER_SECOND) };

    return when;
}

static void draw_answers(tvbuff_t *tvb, const packet_info *pinfo, proto_tree *tree, const gtpp_result_t *result)
{
    for (uint32_t i = 0; i < result->num_answers; i++) {
        const gtpp_answer_t *answer = &result->answers[i];
        add_frame(tree, hf_response_to, tvb, answer->request->frame);
        if (answer->timed) {
            nstime_t asked = gtpp_session_get_time(answer->request);
            nstime_t taken;
            nstime_delta(&taken, &pinfo->abs_ts, &asked);
            proto_item_set_generated(proto_tree_add_time(tree, hf_time, tvb, 0, 0, &taken));
        }
    }
}

void gtpp_session_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message)
{
    const gtpp_result_t *result = message->result;
    const gtpp_request_t *request = result->request;

    proto_item_set_generated(proto_tree_add_uint(tree, hf_path, tvb, 0, 0, result->path));
    if (request != NULL) {
        if (result->is_copy) {
            add_frame(tree, hf_retransmission_of, tvb, request->frame);
        }
        /* Known only from packets to come. */
        if (PINFO_FD_VISITED(pinfo) && request->answer_frame != 0) {
            add_frame(tree, hf_response_in, tvb, request->answer_frame);
        }
    }
    draw_answers(tvb, pinfo, tree, result);
    gtpp_ledger_expert_draw(tvb, pinfo, tree, message);
}

/* }}} */

void gtpp_session_register(int proto)
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
    };

    gtpp_proto = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    gtpp_ledger_expert_register(proto);
    packet_conversation_init();
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}
