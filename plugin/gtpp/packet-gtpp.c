/* packet-gtpp.c
 * GTP' (GTP prime), 3GPP TS 32.295: registration, and how a packet gets here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-gtpp.h"

#include <epan/conversation.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/dissectors/packet-tcp.h>

#include "cdr/cdr_tree.h"
#include "gtpp_info.h"
#include "gtpp_ledger_expert.h"
#include "gtpp_pdu.h"
#include "gtpp_fragments.h"
#include "gtpp_refusals.h"
#include "gtpp_segments.h"
#include "gtpp_session.h"
#include "gtpp_stats.h"
#include "gtpp_stock.h"
#include "gtpp_tree.h"
#include "base/port_binding.h"

#define GTPP_PORT "3386"

/* Each call of Wireshark's dissector adds to the packet's layers, of which Wireshark allows 500: beyond them it gives
 * up on the packet. This many are left to other protocols. */
#define SPARE_LAYERS 50

/* What most lines for the Info column fit into; longer ones grow. */
#define LINE_SIZE 128

static int proto_gtpp = -1;
static int proto_gtpp_port = -1;

static int ett_gtpp = -1;

static dissector_handle_t gtpp_handle;
static dissector_handle_t gtpp_port_handle;
static dissector_handle_t gtpp_late_handle; /* for what TCP withheld */

/* Preference gtpp.builtin: when Wireshark's own dissector is called behind ours. */
enum { BUILTIN_ALWAYS, BUILTIN_WHEN_WANTED, BUILTIN_NEVER };
static int gtpp_builtin = BUILTIN_WHEN_WANTED;
static ws_bool gtpp_desegment = TRUE;

/* A message that fits but says too little to be believed alone. Lives as long as the conversation. */
typedef struct {
    gtpp_header_t header;
    uint8_t octets[GTPP_LONG_HEADER]; /* of the header */
    uint32_t length;
    frame_record_t *record;
    nstime_t when;
    uint16_t ip_id; /* as in an event */
    uint32_t srcport;
    address src;
    bool is_entered; /* in the ledger */
} gtpp_candidate_t;

/* {{{ One PDU */

/* Adds TEXT to the Info column, behind the text of another PDU of the same packet, or of TCP. */
static void append_info(packet_info *pinfo, const char *text)
{
    const char *before = col_get_text(pinfo->cinfo, COL_INFO);

    if (before == NULL || before[0] == '\0') {
        col_add_str(pinfo->cinfo, COL_INFO, text);
        return;
    }
    if (!g_str_has_suffix(before, " ")) {
        col_append_str(pinfo->cinfo, COL_INFO, "; ");
    }
    col_append_str(pinfo->cinfo, COL_INFO, text);
}

static void call_stock(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const gtpp_pdu_t *pdu)
{
    if (gtpp_builtin == BUILTIN_NEVER) {
        return;
    }
    if (pdu->misread != NULL) {
        gtpp_tree_add_stock_skipped(pinfo, root, pdu->misread);
    } else if (pdu->unread != NULL) {
        gtpp_tree_add_stock_skipped(pinfo, root, pdu->unread);
        gtpp_stock_call_without_records(tvb, pinfo, pdu);
    } else if (wmem_list_count(pinfo->layers) + SPARE_LAYERS > prefs.gui_max_tree_depth) {
        gtpp_tree_add_stock_full(pinfo, root);
    } else if (!gtpp_stock_call(tvb, pinfo, tree, pdu, gtpp_builtin == BUILTIN_ALWAYS)) {
        gtpp_tree_add_stock_stopped(pinfo, root);
    }
}

/* What the ledger finds remarkable, in a word. */
static void append_word(wmem_strbuf_t *line, const gtpp_message_tap_t *message)
{
    const char *word = message != NULL ? gtpp_ledger_expert_word(message) : NULL;

    if (word != NULL) {
        wmem_strbuf_append_printf(line, " [%s]", word);
    }
}

/* Takes the PDU in TVB, of which header and elements have been read. HOLE is the one in the TCP stream before it. */
static void dissect_pdu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, gtpp_pdu_t *pdu, const gtpp_hole_t *hole)
{
    proto_item *root = tree != NULL ? proto_tree_add_item(tree, proto_gtpp, tvb, 0, -1, ENC_NA) : NULL;
    proto_tree *gtpp_tree = proto_item_add_subtree(root, ett_gtpp);
    wmem_strbuf_t *line = wmem_strbuf_new_sized(pinfo->pool, LINE_SIZE);

    gtpp_pdu_read_values(pinfo->pool, pdu);
    gtpp_tree_add(tvb, pinfo, gtpp_tree, root, pdu);
    const gtpp_message_tap_t *message =
        gtpp_session_enter(tvb, pinfo, pdu, gtpp_desegment && pinfo->ptype == PT_TCP, hole);
    if (message != NULL) {
        gtpp_stats_queue(pinfo, message);
        gtpp_ledger_expert_add(tvb, pinfo, gtpp_tree, message);
    }
    gtpp_info_append_pdu(pdu, line);
    append_word(line, message);
    proto_item_append_text(root, ", %s", wmem_strbuf_get_str(line));
    append_info(pinfo, wmem_strbuf_get_str(line));
    call_stock(tvb, pinfo, tree, root, pdu);
}

/* Header and elements of what begins in TVB. DATAGRAM is as for gtpp_pdu_read(). NULL when no PDU can begin there,
 * which costs next to nothing. */
static gtpp_pdu_t *read_pdu(tvbuff_t *tvb, packet_info *pinfo, uint32_t datagram)
{
    const uint32_t captured = tvb_captured_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, (int)captured);

    return gtpp_pdu_can_begin(data, captured) ? gtpp_pdu_read(pinfo->pool, data, captured, datagram) : NULL;
}

/* }}} */
/* {{{ UDP: a datagram is a PDU */

static int dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, gtpp_pdu_t *pdu)
{
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "GTP'");
    col_clear(pinfo->cinfo, COL_INFO);
    dissect_pdu(tvb, pinfo, tree, pdu, NULL);
    return (int)tvb_captured_length(tvb);
}

/* Where IP does not put fragments together, it hands on the first one alone. The rest of the message is not missing in
 * its datagram, but in this frame: as if the capture had cut it. */
static tvbuff_t *extend_fragment(tvbuff_t *tvb, packet_info *pinfo)
{
    if (!pinfo->fragmented) {
        return tvb;
    }
    const gtpp_pdu_t *pdu = read_pdu(tvb, pinfo, 0);
    if (pdu == NULL || pdu->length <= tvb_reported_length(tvb)) {
        return tvb;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        gtpp_fragments_expect();
    }
    return tvb_new_subset_length_caplen(tvb, 0, (int)tvb_captured_length(tvb), (int)pdu->length);
}

static int dissect_gtpp_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    tvb = extend_fragment(tvb, pinfo);
    gtpp_pdu_t *pdu = read_pdu(tvb, pinfo, tvb_reported_length(tvb));

    return pdu != NULL && gtpp_pdu_is_acceptable(pdu) ? dissect_datagram(tvb, pinfo, tree, pdu) : 0;
}

/* }}} */
/* {{{ TCP: a stream of PDUs, each of its header plus Length octets */

/* What begins in TVB, part of a stream; NULL when that is no PDU. */
static gtpp_pdu_t *read_stream_pdu(tvbuff_t *tvb, packet_info *pinfo)
{
    gtpp_pdu_t *pdu = read_pdu(tvb, pinfo, 0);

    return pdu != NULL && gtpp_pdu_is_acceptable(pdu) ? pdu : NULL;
}

static unsigned get_pdu_length(packet_info *pinfo, tvbuff_t *tvb, int offset, void *data _U_)
{
    const uint32_t rest = (uint32_t)tvb_reported_length_remaining(tvb, offset);

    /* tcp_dissect_pdus() asks with less than a header only when nothing is reassembled, and calls the packet malformed
     * when the answer is less than a header. The PDU that it makes then is shorter than it says. */
    if (tvb_captured_length_remaining(tvb, offset) < GTPP_SHORT_HEADER) {
        return MAX(rest, GTPP_SHORT_HEADER);
    }
    /* Octets that cannot be a message have no Length: a number made of them would swallow messages to come. */
    const gtpp_pdu_t *pdu = read_stream_pdu(tvb_new_subset_remaining(tvb, offset), pinfo);
    return pdu != NULL ? pdu->length : rest;
}

/* How far the octets of a segment have been read. */
typedef struct {
    uint32_t read;
    bool is_lost; /* what came last is no message: where the next one begins is not known */
} gtpp_progress_t;

static int dissect_stream_pdu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    gtpp_pdu_t *pdu = read_stream_pdu(tvb, pinfo);
    gtpp_progress_t *progress = data;

    /* Only here: a segment in which no PDU ends keeps the row that TCP gives it. */
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "GTP'");
    col_clear(pinfo->cinfo, COL_INFO);
    progress->read += tvb_reported_length(tvb);
    if (pdu != NULL) {
        dissect_pdu(tvb, pinfo, tree, pdu, NULL);
    } else {
        progress->is_lost = true;
        proto_item *root = proto_tree_add_item(tree, proto_gtpp, tvb, 0, -1, ENC_NA);
        gtpp_tree_add_foreign(tvb, pinfo, proto_item_add_subtree(root, ett_gtpp));
        append_info(pinfo, "octets that are not the start of a message");
    }
    /* The text of another PDU of the same segment is added behind this one's, and replaces nothing. */
    col_set_fence(pinfo->cinfo, COL_INFO);
    return (int)tvb_captured_length(tvb);
}

/* What is to be read of octets that are not in order. */
typedef struct {
    const gtpp_reading_t *reading;
    bool
        is_in_tvb; /* the octets at the reading's number are those handed over; otherwise its messages have their own */
} gtpp_order_t;

/* Draws the messages of the order in DATA. */
static int dissect_reading(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const gtpp_order_t *order = data;
    const gtpp_reading_t *reading = order->reading;
    const uint32_t captured = tvb_captured_length(tvb);

    for (const gtpp_stream_message_t *message = reading->messages; message != NULL; message = message->next) {
        const uint32_t offset = message->seq - reading->seq;
        tvbuff_t *octets;
        if (order->is_in_tvb && offset < captured && message->captured <= captured - offset) {
            octets = tvb_new_subset_length_caplen(tvb, (int)offset, (int)message->captured, (int)message->length);
        } else {
            octets = tvb_new_child_real_data(tvb, message->octets, message->captured, (int)message->length);
            add_new_data_source(pinfo, octets, "GTP' message");
        }
        gtpp_pdu_t *pdu = read_stream_pdu(octets, pinfo);
        if (pdu != NULL) {
            col_set_str(pinfo->cinfo, COL_PROTOCOL, "GTP'");
            col_clear(pinfo->cinfo, COL_INFO);
            dissect_pdu(octets, pinfo, tree, pdu, message->hole);
            col_set_fence(pinfo->cinfo, COL_INFO);
        }
    }
    return (int)captured;
}

/* What TCP withheld, or on this pass hands on no more. As any dissector, so that the packet's layers name it. */
static void draw_late_reading(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, const gtpp_reading_t *reading)
{
    gtpp_order_t order = { reading, false };

    call_dissector_only(gtpp_late_handle, frame, pinfo, tree, &order);
}

/* Asks TCP to put the last message together, of which the segment has the start. */
static void ask_for_rest(packet_info *pinfo, const gtpp_place_t *place)
{
    const gtpp_segment_t *segment = &place->segment;
    uint32_t seq, end;

    if (place->stream == NULL || pinfo->can_desegment == 0 || segment->captured < segment->length ||
        !gtpp_stream_get_rest(place->stream, &seq, &end) || end != segment->seq + segment->length) {
        return;
    }
    if (end - seq > 0 && end - seq <= segment->length) {
        pinfo->desegment_offset = (int)(seq - segment->seq);
        pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
    }
}

static int dissect_out_of_order(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_place_t *place)
{
    gtpp_order_t order = { place->reading, true };

    gtpp_segments_note_drawn(pinfo, place->reading);
    if (place->reading->messages == NULL && !place->reading->is_claimed && read_stream_pdu(tvb, pinfo) == NULL) {
        return 0;
    }
    dissect_reading(tvb, pinfo, tree, &order);
    ask_for_rest(pinfo, place);
    return (int)tvb_captured_length(tvb);
}

/* IS_START: the octets were recognised as the start of a message. */
static int dissect_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, bool is_start)
{
    const uint32_t captured = tvb_captured_length(tvb);
    const bool is_whole = captured == tvb_reported_length(tvb);
    gtpp_place_t place = { .reading = NULL };
    gtpp_progress_t progress = { 0, false };

    if (gtpp_desegment) {
        place = gtpp_segments_place(tvb, pinfo, data, is_start);
    }
    if (place.reading != NULL) {
        return dissect_out_of_order(tvb, pinfo, tree, &place);
    }
    if (read_stream_pdu(tvb, pinfo) == NULL) {
        if (place.stream != NULL) {
            gtpp_segments_follow(pinfo, &place, captured, true);
        }
        return 0;
    }
    if (!is_whole) {
        /* tcp_dissect_pdus() throws when a message ends exactly where the capture was cut. */
        tvb = tvb_new_subset_length_caplen(tvb, 0, (int)captured, (int)captured);
    }
    tcp_dissect_pdus(tvb, pinfo, tree, is_whole && gtpp_desegment, GTPP_SHORT_HEADER, get_pdu_length,
                     dissect_stream_pdu, &progress);
    if (place.stream != NULL) {
        gtpp_segments_follow(pinfo, &place, progress.read, progress.is_lost);
    }
    return (int)captured;
}

static int dissect_gtpp_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_segment(tvb, pinfo, tree, data, false);
}

/* }}} */
/* {{{ Where packets come from */

static int dissect_gtpp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (pinfo->ptype == PT_TCP) {
        return dissect_gtpp_tcp(tvb, pinfo, tree, data);
    }
    return dissect_gtpp_udp(tvb, pinfo, tree);
}

/* The ports of GTP' are those of GTPv0, too (3GPP TS 09.60); the protocol type bit tells which. What is GTPv0 goes to
 * Wireshark's dissector; packets that are neither are not taken. */
/* Octet 1 of GTP version 0 has its spare bits set, that of version 1 has it clear. Others that have GTP's protocol type
 * are of other protocols, as the type of a TLS record is. */
static bool has_spare_bits_of_gtp(uint8_t first_octet)
{
    return (first_octet & 0xfe) == 0x1e || (first_octet & 0xf8) == 0x30;
}

static int dissect_gtpp_port(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (tvb_captured_length(tvb) == 0) {
        return 0;
    }
    const uint8_t first_octet = tvb_get_uint8(tvb, 0);
    if (gtpp_pdu_is_gtp(first_octet)) {
        return has_spare_bits_of_gtp(first_octet) ? gtpp_stock_pass_on(tvb, pinfo, tree) : 0;
    }
    /* To TCP this is the dissector that may ask for more segments, not one on top of another. */
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_only(gtpp_handle, tvb, pinfo, tree, data);
}

static void remember_candidate(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu, gtpp_candidate_t *candidate)
{
    candidate->header = pdu->header;
    candidate->length = pdu->header.header_length;
    memcpy(candidate->octets, pdu->octets, candidate->length);
    candidate->record = frame_store_record(pinfo);
    candidate->when = pinfo->abs_ts;
    candidate->ip_id = gtpp_session_read_ip_id(tvb, pinfo);
    candidate->srcport = pinfo->srcport;
    copy_address_wmem(wmem_file_scope(), &candidate->src, &pinfo->src);
    candidate->is_entered = false;
}

/* True when PDU confirms the weak message that came BEFORE: it is its answer (same number), a copy, or the next one of
 * its kind, of the same version. */
static bool is_confirmed(const gtpp_candidate_t *before, const gtpp_pdu_t *pdu)
{
    const gtpp_header_t *header = &pdu->header;

    return before->octets[0] == pdu->octets[0] &&
           (header->seq == before->header.seq ||
            (header->type == before->header.type && header->seq == (uint16_t)(before->header.seq + 1)));
}

/* Enters the weak message into the ledger, now that it is known to be the message before this one. */
static void enter_candidate(packet_info *pinfo, gtpp_candidate_t *candidate)
{
    if (!candidate->is_entered) {
        candidate->is_entered = true;
        gtpp_session_enter_earlier(pinfo, candidate->record, &candidate->when, candidate->ip_id,
                                   candidate->srcport == pinfo->srcport &&
                                       addresses_equal(&candidate->src, &pinfo->src),
                                   &candidate->header, candidate->octets, candidate->length);
    }
}

/* Whether a message that the heuristic recognised is taken. A weak one must confirm one that came before on the
 * conversation, or else is remembered for the next. */
static bool is_taken(tvbuff_t *tvb, packet_info *pinfo, conversation_t *conversation, const gtpp_pdu_t *pdu,
                     gtpp_match_t match)
{
    gtpp_candidate_t *before = conversation_get_proto_data(conversation, proto_gtpp_port);

    if (PINFO_FD_VISITED(pinfo)) {
        /* A message that was taken on the first pass made the conversation ours, and does not come here. */
        return match == GTPP_YES;
    }
    if (match == GTPP_YES || (before != NULL && is_confirmed(before, pdu))) {
        if (before != NULL) {
            enter_candidate(pinfo, before);
        }
        return true;
    }
    if (before == NULL) {
        before = wmem_new0(wmem_file_scope(), gtpp_candidate_t);
        conversation_add_proto_data(conversation, proto_gtpp_port, before);
    }
    remember_candidate(tvb, pinfo, pdu, before);
    return false;
}

/* The PDU in TVB when the heuristic takes the packet, else NULL. DATAGRAM is as for gtpp_pdu_read(). */
static gtpp_pdu_t *recognise_pdu(tvbuff_t *tvb, packet_info *pinfo, uint32_t datagram)
{
    const uint32_t captured = tvb_captured_length(tvb);

    if (pinfo->flags.in_error_pkt || !gtpp_pdu_may_match(tvb_get_ptr(tvb, 0, (int)captured), captured)) {
        return NULL;
    }
    gtpp_pdu_t *pdu = read_pdu(tvb, pinfo, datagram);
    const gtpp_match_t match = gtpp_pdu_match(pdu);
    if (match == GTPP_NO) {
        return NULL;
    }
    conversation_t *conversation = find_or_create_conversation(pinfo);
    if (conversation_get_dissector(conversation, pinfo->num) != gtpp_handle) {
        if (!is_taken(tvb, pinfo, conversation, pdu, match)) {
            return NULL;
        }
        conversation_set_dissector(conversation, gtpp_handle);
    }
    return pdu;
}

static ws_bool dissect_gtpp_udp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    gtpp_pdu_t *pdu = recognise_pdu(tvb, pinfo, tvb_reported_length(tvb));

    return pdu != NULL && dissect_datagram(tvb, pinfo, tree, pdu) != 0;
}

static ws_bool dissect_gtpp_tcp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return recognise_pdu(tvb, pinfo, 0) != NULL && dissect_segment(tvb, pinfo, tree, data, true) != 0;
}

/* }}} */

void proto_register_gtpp(void)
{
    static const enum_val_t builtin_choices[] = {
        { "always", "Always", BUILTIN_ALWAYS },
        /* tshark's -o takes either name, so that one without a blank is there. */
        { "when_wanted", "When wanted", BUILTIN_WHEN_WANTED },
        { "never", "Never", BUILTIN_NEVER },
        { NULL, NULL, 0 },
    };
    static int *ett[] = { &ett_gtpp };

    if (proto_get_id_by_filter_name("gtpp") != -1) {
        ws_warning("Portlore's GTP' dissector is off: this Wireshark has a protocol named gtpp already.");
        return;
    }
    proto_gtpp = proto_register_protocol("GTP' Charging", "GTP'", "gtpp");
    /* In name only, so that a GTPv0 packet that we pass on looks as it would without us. */
    proto_gtpp_port = proto_register_protocol_in_name_only("GTP' or GTPv0, by the protocol type bit", "GTP' or GTPv0",
                                                           "gtpp_or_gtpv0", proto_gtpp, FT_PROTOCOL);
    proto_register_subtree_array(ett, array_length(ett));
    gtpp_tree_register(proto_gtpp);
    cdr_register(proto_gtpp);
    gtpp_session_register(proto_gtpp);
    gtpp_fragments_register();
    gtpp_segments_register(proto_gtpp, proto_gtpp_port);
    gtpp_ledger_expert_register(proto_gtpp);
    gtpp_stats_register(proto_gtpp);

    gtpp_handle = register_dissector("gtpp", dissect_gtpp, proto_gtpp);
    gtpp_port_handle = register_dissector("gtpp_or_gtpv0", dissect_gtpp_port, proto_gtpp_port);

    gtpp_late_handle = create_dissector_handle(dissect_reading, proto_gtpp);

    module_t *module = prefs_register_protocol(proto_gtpp, port_binding_renew);
    port_binding_register(module, proto_gtpp, "udp.port", "GTP' UDP port(s)", GTPP_PORT);
    port_binding_register(module, proto_gtpp, "tcp.port", "GTP' TCP port(s)", GTPP_PORT);
    prefs_register_enum_preference(
        module, "builtin", "Call Wireshark's own dissector as well",
        "When each message also goes to Wireshark's own GTP' dissector, whose fields are gtp.* and gprscdr.*. When "
        "wanted: if a filter, a column, a report or an option of tshark names a field of its protocols; otherwise it "
        "gets no more than it needs to know which response answers which request.",
        &gtpp_builtin, builtin_choices, FALSE);
    gtpp_session_register_preference(module);
    prefs_register_bool_preference(module, "desegment", "Reassemble messages that span TCP segments",
                                   "Whether messages that span several TCP segments are put together. \"Allow "
                                   "subdissector to reassemble TCP streams\" must be on in the TCP settings, too.",
                                   &gtpp_desegment);
}

void proto_reg_handoff_gtpp(void)
{
    if (proto_gtpp == -1) {
        return;
    }
    gtpp_stock_find(proto_gtpp);
    port_binding_start(proto_gtpp, gtpp_port_handle);
    gtpp_stats_start();
    gtpp_fragments_start(proto_gtpp);
    gtpp_refusals_start(proto_gtpp);
    gtpp_segments_start(draw_late_reading, &gtpp_desegment);
    dissector_add_for_decode_as("udp.port", gtpp_handle);
    dissector_add_for_decode_as("tcp.port", gtpp_handle);
    heur_dissector_add("udp", dissect_gtpp_udp_heur, "GTP' over UDP", "gtpp_udp", proto_gtpp, HEURISTIC_ENABLE);
    heur_dissector_add("tcp", dissect_gtpp_tcp_heur, "GTP' over TCP", "gtpp_tcp", proto_gtpp, HEURISTIC_ENABLE);
}
