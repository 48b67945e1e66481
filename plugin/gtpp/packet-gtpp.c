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

#include "gtpp_session.h"
#include "gtpp_stock.h"
#include "gtpp_info.h"
#include "gtpp_stats.h"
#include "gtpp_tree.h"
#include "gtpp_pdu.h"
#include "base/port_binding.h"

#define GTPP_PORT "3386"

/* Each call of Wireshark's dissector adds to the packet's layers, of which Wireshark allows 500: beyond them it gives
 * up on the packet. This many are left to others. */
#define SPARE_LAYERS 50

/* What most lines for the Info column fit into; longer ones grow. */
#define LINE_SIZE 128

static int proto_gtpp = -1;
static int proto_gtpp_port = -1;

static int ett_gtpp = -1;

static dissector_handle_t gtpp_handle;
static dissector_handle_t gtpp_port_handle;

/* Whether Wireshark's own dissector is called behind ours. */
enum { BUILTIN_ALWAYS, BUILTIN_NEVER };
static int gtpp_builtin = BUILTIN_ALWAYS;
static ws_bool gtpp_desegment = TRUE;

/* A message that fits but says too little to be believed alone. Lives as long as the conversation. */
typedef struct {
    uint8_t octets[GTPP_LONG_HEADER];
    uint32_t length;
    frame_record_t *record;
    nstime_t when;
    uint32_t srcport;
    address src;
    bool told; /* the ledger knows it */
} gtpp_candidate_t;

/* {{{ One PDU */

/* Adds to the Info column: behind what another PDU of the same packet put there, or what TCP says of the segment. */
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

static void draw_pdu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, uint32_t datagram)
{
    proto_item *root = tree != NULL ? proto_tree_add_item(tree, proto_gtpp, tvb, 0, -1, ENC_NA) : NULL;
    proto_tree *gtpp_tree = proto_item_add_subtree(root, ett_gtpp);
    gtpp_pdu_t *pdu = gtpp_tree_draw(tvb, pinfo, gtpp_tree, root, datagram);
    wmem_strbuf_t *line = wmem_strbuf_new_sized(pinfo->pool, LINE_SIZE);

    const gtpp_message_tap_t *message = gtpp_session_enter(tvb, pinfo, pdu);
    if (message != NULL) {
        gtpp_stats_queue(pinfo, message);
        gtpp_session_draw(tvb, pinfo, gtpp_tree, message);
    }
    gtpp_info_append_pdu(pdu, line);
    proto_item_append_text(root, ", %s", wmem_strbuf_get_str(line));
    append_info(pinfo, wmem_strbuf_get_str(line));
    if (gtpp_builtin == BUILTIN_NEVER) {
        return;
    }
    if (pdu->misread != NULL) {
        gtpp_tree_note_skipped(pinfo, root, pdu->misread);
    } else if (wmem_list_count(pinfo->layers) + SPARE_LAYERS > prefs.gui_max_tree_depth) {
        gtpp_tree_note_full(pinfo, root);
    } else if (!gtpp_stock_call(tvb, pinfo, tree, pdu)) {
        gtpp_tree_note_stopped(pinfo, root);
    }
}

static int dissect_gtpp_udp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    uint32_t captured = tvb_captured_length(tvb);
    uint32_t datagram = tvb_reported_length(tvb);

    if (!gtpp_pdu_accept(tvb_get_ptr(tvb, 0, captured), captured, datagram)) {
        return 0;
    }
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "GTP'");
    col_clear(pinfo->cinfo, COL_INFO);
    draw_pdu(tvb, pinfo, tree, datagram);
    return (int)captured;
}

/* }}} */
/* {{{ TCP: a stream of PDUs, each of its header plus Length octets */

static unsigned get_pdu_length(packet_info *pinfo _U_, tvbuff_t *tvb, int offset, void *data _U_)
{
    uint8_t start[GTPP_SHORT_HEADER];
    gtpp_header_t header;
    const uint32_t rest = (uint32_t)tvb_reported_length_remaining(tvb, offset);

    /* tcp_dissect_pdus() asks with less than a header only when nothing is reassembled, and calls the packet malformed
     * when the answer is less than a header. The PDU that it makes then is shorter than it says. */
    if (tvb_captured_length_remaining(tvb, offset) < GTPP_SHORT_HEADER) {
        return MAX(rest, GTPP_SHORT_HEADER);
    }
    tvb_memcpy(tvb, start, offset, sizeof start);
    /* Octets that cannot be a header have no Length: a number made of them would swallow messages to come. */
    if (!gtpp_pdu_accept(start, sizeof start, 0) || !gtpp_pdu_read_header(start, sizeof start, 0, &header)) {
        return rest;
    }
    return gtpp_pdu_length(&header);
}

static int dissect_stream_pdu(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    uint32_t captured = tvb_captured_length(tvb);

    /* Only here: a segment that holds no whole PDU keeps the row that TCP gives it. */
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "GTP'");
    col_clear(pinfo->cinfo, COL_INFO);
    if (gtpp_pdu_accept(tvb_get_ptr(tvb, 0, captured), captured, 0)) {
        draw_pdu(tvb, pinfo, tree, 0);
    } else {
        proto_item *root = proto_tree_add_item(tree, proto_gtpp, tvb, 0, -1, ENC_NA);
        gtpp_tree_draw_foreign(tvb, pinfo, proto_item_add_subtree(root, ett_gtpp));
        append_info(pinfo, "octets that are not the start of a message");
    }
    /* What another PDU of the same segment has to say comes behind this one, and replaces nothing. */
    col_set_fence(pinfo->cinfo, COL_INFO);
    return (int)captured;
}

static int dissect_gtpp_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    uint32_t captured = tvb_captured_length(tvb);

    if (!gtpp_pdu_accept(tvb_get_ptr(tvb, 0, captured), captured, 0)) {
        return 0;
    }
    tcp_dissect_pdus(tvb, pinfo, tree, gtpp_desegment, GTPP_SHORT_HEADER, get_pdu_length, dissect_stream_pdu, data);
    return (int)captured;
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
 * Wireshark's dissector, and what is neither is left to others. */
static int dissect_gtpp_port(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (tvb_captured_length(tvb) == 0) {
        return 0;
    }
    if ((tvb_get_uint8(tvb, 0) & 0x10) != 0) {
        return gtpp_stock_pass_on(tvb, pinfo, tree);
    }
    /* To TCP this is the dissector that may ask for more segments, not one on top of another. */
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_only(gtpp_handle, tvb, pinfo, tree, data);
}

static void remember_candidate(tvbuff_t *tvb, packet_info *pinfo, gtpp_candidate_t *candidate)
{
    candidate->length = MIN(tvb_captured_length(tvb), GTPP_LONG_HEADER);
    tvb_memcpy(tvb, candidate->octets, 0, candidate->length);
    candidate->record = frame_store_record(pinfo);
    candidate->when = pinfo->abs_ts;
    candidate->srcport = pinfo->srcport;
    copy_address_wmem(wmem_file_scope(), &candidate->src, &pinfo->src);
    candidate->told = false;
}

static uint16_t candidate_seq(const gtpp_candidate_t *candidate)
{
    return (uint16_t)(candidate->octets[4] << 8 | candidate->octets[5]);
}

/* True when the message in TVB bears out the weak one that came before: its answer (same number), a copy, or the next
 * one of its kind. */
static bool bears_out(const gtpp_candidate_t *before, tvbuff_t *tvb)
{
    uint16_t seq = tvb_get_ntohs(tvb, 4);

    return before->octets[0] == tvb_get_uint8(tvb, 0) &&
           (seq == candidate_seq(before) ||
            (tvb_get_uint8(tvb, 1) == before->octets[1] && seq == (uint16_t)(candidate_seq(before) + 1)));
}

/* What the heuristic did not dare to believe is now known to be the message before this one. */
static void tell_of_candidate(packet_info *pinfo, gtpp_candidate_t *candidate)
{
    if (!candidate->told) {
        candidate->told = true;
        gtpp_session_enter_earlier(pinfo, candidate->record, &candidate->when,
                                   candidate->srcport == pinfo->srcport &&
                                       addresses_equal(&candidate->src, &pinfo->src),
                                   candidate->octets, candidate->length);
    }
}

/* Whether a message that the heuristic recognised is to be believed. A weak one must be borne out by one that came
 * before on the conversation, or else is remembered for the next. */
static bool believe_message(tvbuff_t *tvb, packet_info *pinfo, conversation_t *conversation, gtpp_match_t match)
{
    gtpp_candidate_t *before = conversation_get_proto_data(conversation, proto_gtpp_port);

    if (PINFO_FD_VISITED(pinfo)) {
        /* What was believed on the first pass made the conversation ours, and does not come here. */
        return match == GTPP_YES;
    }
    if (match == GTPP_YES || (before != NULL && bears_out(before, tvb))) {
        if (before != NULL) {
            tell_of_candidate(pinfo, before);
        }
        return true;
    }
    if (before == NULL) {
        before = wmem_new0(wmem_file_scope(), gtpp_candidate_t);
        conversation_add_proto_data(conversation, proto_gtpp_port, before);
    }
    remember_candidate(tvb, pinfo, before);
    return false;
}

static ws_bool recognise_and_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, uint32_t datagram)
{
    uint32_t captured = tvb_captured_length(tvb);
    gtpp_match_t match = gtpp_pdu_recognise(tvb_get_ptr(tvb, 0, captured), captured, datagram);
    conversation_t *conversation;

    if (match == GTPP_NO || pinfo->flags.in_error_pkt) {
        return FALSE;
    }
    conversation = find_or_create_conversation(pinfo);
    if (conversation_get_dissector(conversation, pinfo->num) != gtpp_handle) {
        if (!believe_message(tvb, pinfo, conversation, match)) {
            return FALSE;
        }
        conversation_set_dissector(conversation, gtpp_handle);
    }
    return dissect_gtpp(tvb, pinfo, tree, data) != 0;
}

static ws_bool dissect_gtpp_udp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return recognise_and_dissect(tvb, pinfo, tree, data, tvb_reported_length(tvb));
}

static ws_bool dissect_gtpp_tcp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return recognise_and_dissect(tvb, pinfo, tree, data, 0);
}

/* }}} */

void proto_register_gtpp(void)
{
    static const enum_val_t builtin_choices[] = {
        { "always", "Always", BUILTIN_ALWAYS },
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
    gtpp_stats_register(proto_gtpp);

    gtpp_handle = register_dissector("gtpp", dissect_gtpp, proto_gtpp);
    gtpp_port_handle = register_dissector("gtpp_or_gtpv0", dissect_gtpp_port, proto_gtpp_port);

    module_t *module = prefs_register_protocol(proto_gtpp, port_binding_renew);
    port_binding_register(module, proto_gtpp, "udp.port", "GTP' UDP port(s)", GTPP_PORT);
    port_binding_register(module, proto_gtpp, "tcp.port", "GTP' TCP port(s)", GTPP_PORT);
    prefs_register_enum_preference(
        module, "builtin", "Call Wireshark's own dissector as well",
        "Whether each message also goes to Wireshark's own GTP' dissector, which draws the records in full depth and "
        "keeps gtp.* and gprscdr.* filters working",
        &gtpp_builtin, builtin_choices, FALSE);
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
    dissector_add_for_decode_as("udp.port", gtpp_handle);
    dissector_add_for_decode_as("tcp.port", gtpp_handle);
    heur_dissector_add("udp", dissect_gtpp_udp_heur, "GTP' over UDP", "gtpp_udp", proto_gtpp, HEURISTIC_ENABLE);
    heur_dissector_add("tcp", dissect_gtpp_tcp_heur, "GTP' over TCP", "gtpp_tcp", proto_gtpp, HEURISTIC_ENABLE);
}
