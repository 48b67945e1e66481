/* packet-rdgudp.c
 * RD Gateway UDP transport: MS-TSGU over DTLS. Registration, the clear part, and how a packet gets here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-rdgudp.h"

#include <epan/conversation.h>
#include <epan/exceptions.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/show_exception.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/dissectors/packet-tls-utils.h>

#include "base/port_binding.h"
#include "rdgudp_exploits.h"
#include "rdgudp_session.h"
#include "rdgudp_inner.h"
#include "rdg/rdg_names.h"
#include "rdgudp_history.h"
#include "rdgudp_expert.h"
#include "rdgudp_stats.h"
#include "rdgudp_tree.h"
#include "rdgudp_fallback.h"
#include "rdgudp_pdu.h"

#define RDGUDP_PORT_TEXT "3391"

static int proto_rdgudp = -1;

static int hf_dtls_offered = -1;
static int hf_correlation_info = -1;
static int hf_correlation_reserved = -1;
static int hf_correlation_signature1 = -1;
static int hf_correlation_id = -1;
static int hf_correlation_id_be = -1;
static int hf_correlation_signature2 = -1;
static int hf_correlation_length = -1;
static int hf_rest = -1;

static int ett_rdgudp = -1;
static int ett_correlation_info = -1;

static expert_field ei_rest = EI_INIT;

static dissector_handle_t rdgudp_handle;
static dissector_handle_t rdgudp_packet_handle;
static dissector_handle_t dtls_handle;
static int rdgudp_tap = -1;

static unsigned hello_threshold = 2;

/* {{{ What another packet says of channels */

static void queue_foreign_notes(packet_info *pinfo, const rdgudp_note_t *first)
{
    const rdgudp_tap_t *head = NULL;
    const rdgudp_tap_t **end = &head;

    for (const rdgudp_note_t *note = first; note != NULL; note = note->next) {
        rdgudp_tap_t *tap = wmem_new0(pinfo->pool, rdgudp_tap_t);
        tap->note = note;
        *end = tap;
        end = &tap->next;
    }
    tap_queue_packet(rdgudp_tap, pinfo, head);
}

/* What is not drawn of many notes is in the reports all the same: Wireshark has room for so many entries of taps only,
 * so that they are one. */
static void show_foreign_notes(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_note_t *first)
{
    if (have_tap_listener(rdgudp_tap)) {
        queue_foreign_notes(pinfo, first);
    }
    rdgudp_expert_draw_foreign(tvb, pinfo, tree, first);
}

/* }}} */
/* {{{ The clear part: a datagram of the channel */

/* What a datagram is, and what is drawn of it. Lives as long as the packet. */
typedef struct {
    rdgudp_datagram_t parts;
    rdgudp_dtls_t dtls;
    bool is_clear_fragment;
    rdgudp_draft_t draft;
    const rdgudp_note_t *note; /* NULL when there is none */
    rdgudp_tap_t *tap;
} datagram_t;

#define TAP_KEY 1

/* While a datagram is being dissected that has a note: what DTLS decrypts belongs to it. */
static bool is_in_datagram;

/* Which byte order Windows uses for the id is not proven: the structure's rule says little-endian, the same id is sent
 * big-endian elsewhere. Both readings are shown. Returns the first. */
static const char *draw_trailer(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    proto_item *item = proto_tree_add_item(tree, hf_correlation_info, tvb, offset, RDGUDP_TRAILER_LENGTH, ENC_NA);
    proto_tree *parts = proto_item_add_subtree(item, ett_correlation_info);
    e_guid_t id;

    proto_tree_add_item(parts, hf_correlation_reserved, tvb, offset, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_signature1, tvb, offset + 4, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_id, tvb, offset + 6, 16, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_id_be, tvb, offset + 6, 16, ENC_BIG_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_signature2, tvb, offset + 22, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_length, tvb, offset + 24, 2, ENC_LITTLE_ENDIAN);
    tvb_get_letohguid(tvb, offset + 6, &id);
    return guid_to_str(pinfo->pool, &id);
}

static bool read_datagram(tvbuff_t *tvb, packet_info *pinfo, datagram_t *datagram)
{
    unsigned captured = tvb_captured_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, (int)captured);

    if (dtls_handle == NULL || pinfo->flags.in_error_pkt) {
        return false;
    }
    datagram->is_clear_fragment = false;
    if (!rdgudp_pdu_read_datagram(data, captured, tvb_reported_length(tvb), &datagram->parts)) {
        datagram->is_clear_fragment = rdgudp_pdu_is_clear_fragment(data, captured);
    }
    rdgudp_dtls_read(data, captured, datagram->parts.dtls_length, &datagram->dtls);
    return datagram->parts.num_records > 0 || datagram->is_clear_fragment;
}

static rdgudp_conv_t *begin_channel(packet_info *pinfo, bool from_gateway)
{
    rdgudp_fallback_start();
    return rdgudp_session_create(pinfo, from_gateway);
}

/* The channel of this datagram, made when this is its first. NULL when it is none: a client of something else merely
 * got our port from its system, or what looks like a scanner's fragment does not go to the port. */
static rdgudp_conv_t *note_flow(packet_info *pinfo, const datagram_t *datagram)
{
    rdgudp_conv_t *flow = rdgudp_session_find(pinfo);

    if (flow == NULL && !PINFO_FD_VISITED(pinfo)) {
        bool from_our_port = port_binding_names(proto_rdgudp, pinfo->srcport);
        bool to_our_port = port_binding_names(proto_rdgudp, pinfo->destport);
        bool from_client = datagram->dtls.client_hello || datagram->is_clear_fragment;
        if (from_client && from_our_port && !to_our_port && datagram->parts.trailer != RDGUDP_TRAILER_WHOLE) {
            if (!datagram->is_clear_fragment) {
                rdgudp_session_create_foreign(pinfo);
            }
            return NULL;
        }
        flow = begin_channel(pinfo, !from_client && from_our_port && !to_our_port);
        /* What comes next on it belongs to the channel, on whatever port, and what DTLS decrypts goes to our packets.
         */
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, rdgudp_handle);
        tls_set_appdata_dissector(dtls_handle, pinfo, rdgudp_packet_handle);
    }
    return flow != NULL && !flow->foreign ? flow : NULL;
}

/* First pass: takes in what the datagram says in the clear. */
static void learn_datagram(tvbuff_t *tvb, packet_info *pinfo, rdgudp_conv_t *flow, datagram_t *datagram)
{
    rdgudp_note_t *note = &datagram->draft.note;

    if (datagram->is_clear_fragment) {
        note->news |= RDGUDP_NOTE_CLEAR;
        rdgudp_channel_hear_exploit(&flow->channel);
        return;
    }
    if (datagram->dtls.client_hello) {
        rdgudp_session_set_client(flow, pinfo);
        note->from_gateway = false;
        note->news |= RDGUDP_NOTE_HELLO;
    }
    if (datagram->parts.trailer == RDGUDP_TRAILER_WHOLE && !flow->has_correlation_id) {
        flow->has_correlation_id = true;
        tvb_get_letohguid(tvb, (int)datagram->parts.dtls_length + RDGUDP_TRAILER_ID, &flow->correlation_id);
    }
    note->news |= rdgudp_channel_hear_dtls(&flow->channel, note->from_gateway, &datagram->dtls, hello_threshold);
    if (!(note->news & RDGUDP_NEWS_NO_ANSWER) && flow->channel.answered && flow->silent != NULL) {
        flow->silent->answered_later = true;
        flow->silent = NULL;
    }
    if (rdgudp_channel_is_silent(&flow->channel)) {
        note->news |= rdgudp_fallback_fallback(flow) ? RDGUDP_NOTE_FALLBACK : 0;
        note->fallback_stream = flow->fallback_stream;
    }
}

static void draw_clear_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                            const datagram_t *datagram, const char **correlation_id)
{
    int behind = (int)datagram->parts.dtls_length;

    for (unsigned i = 0; i < datagram->dtls.num_offers; i++) {
        proto_item_set_generated(proto_tree_add_uint(tree, hf_dtls_offered, tvb, 0, 0, datagram->dtls.offers[i]));
    }
    if (datagram->parts.trailer == RDGUDP_TRAILER_WHOLE) {
        *correlation_id = draw_trailer(tvb, pinfo, tree, behind);
        proto_item_append_text(root, ", correlation id %s", *correlation_id);
        return;
    }
    if (datagram->parts.rest_there > 0) {
        root = proto_tree_add_item(tree, hf_rest, tvb, behind, (int)datagram->parts.rest_there, ENC_NA);
    }
    if (datagram->parts.rest_length > 0 && datagram->parts.trailer == RDGUDP_TRAILER_NONE) {
        expert_add_info_format(pinfo, root, &ei_rest,
                               "What follows the DTLS records, %u octet%s, is not a correlation trailer.",
                               datagram->parts.rest_length, datagram->parts.rest_length == 1 ? "" : "s");
    }
}

/* When the first application data stay what they are, nobody has a key. */
static void learn_secrecy(packet_info *pinfo, rdgudp_conv_t *flow, datagram_t *datagram)
{
    if (flow->decrypted || flow->told_no_key) {
        return;
    }
    if (rdgudp_history_have_packet(pinfo)) {
        flow->decrypted = true;
    } else if (datagram->dtls.application_data) {
        flow->told_no_key = true;
        datagram->draft.note.news |= RDGUDP_NOTE_NO_KEY;
    }
}

/* What is left to do when DTLS is through, or has thrown. */
static void finish_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, datagram_t *datagram)
{
    if (datagram->note == NULL) {
        return;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        learn_secrecy(pinfo, datagram->note->flow, datagram);
        datagram->note = rdgudp_history_end(pinfo, &datagram->draft);
    }
    rdgudp_expert_draw(tvb, pinfo, tree, root, datagram->note);
    if (datagram->tap != NULL) {
        datagram->tap->note = datagram->note;
        tap_queue_packet(rdgudp_tap, pinfo, datagram->tap);
    }
}

static rdgudp_tap_t *begin_tap(packet_info *pinfo, const rdgudp_note_t *note)
{
    if (note == NULL || !have_tap_listener(rdgudp_tap)) {
        return NULL;
    }
    rdgudp_tap_t *tap = wmem_new0(pinfo->pool, rdgudp_tap_t);
    tap->is_datagram = true;
    tap->length = pinfo->fd->pkt_len;
    p_remove_proto_data(pinfo->pool, pinfo, proto_rdgudp, TAP_KEY);
    p_add_proto_data(pinfo->pool, pinfo, proto_rdgudp, TAP_KEY, tap);
    return tap;
}

/* Without the trailer: with it, Wireshark's DTLS would lose the hello, and with that every later decryption. What the
 * capture cut may be further records, unless it has the trailer's length. */
static tvbuff_t *cut_behind_dtls(tvbuff_t *tvb, const rdgudp_datagram_t *parts)
{
    bool may_be_records = parts->trailer == RDGUDP_TRAILER_NOT_CAPTURED && parts->rest_length != RDGUDP_TRAILER_LENGTH;

    return parts->dtls_length < tvb_reported_length(tvb) && !may_be_records
               ? tvb_new_subset_length(tvb, 0, (int)parts->dtls_length)
               : tvb;
}

/* What the datagram holds is drawn under TREE; what is known of the channel, behind that, under OWN_TREE. */
static void hand_to_dtls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_tree *own_tree, proto_item *root,
                         datagram_t *datagram)
{
    const bool was_in_datagram = is_in_datagram;

    is_in_datagram = datagram->note != NULL;
    TRY
    {
        call_dissector_only(dtls_handle, cut_behind_dtls(tvb, &datagram->parts), pinfo, tree, NULL);
    }
    CATCH_BOUNDS_ERRORS
    {
        /* DTLS gives up where the capture or a record ends. What is known of the channel stays to be shown. */
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    FINALLY
    {
        is_in_datagram = was_in_datagram;
        finish_datagram(tvb, pinfo, own_tree, root, datagram);
    }
    ENDTRY;
}

static void draw_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *flow,
                          datagram_t *datagram)
{
    proto_item *root = NULL;
    proto_tree *rdgudp_tree = NULL;
    const char *correlation_id = NULL;

    if (tree != NULL) {
        root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
        rdgudp_tree = proto_item_add_subtree(root, ett_rdgudp);
    }
    datagram->note = rdgudp_history_begin(pinfo, flow, &datagram->draft);
    datagram->tap = begin_tap(pinfo, datagram->note);
    if (datagram->note != NULL && !PINFO_FD_VISITED(pinfo)) {
        learn_datagram(tvb, pinfo, flow, datagram);
    }
    if (datagram->is_clear_fragment) {
        rdgudp_tree_draw_clear_fragment(tvb, pinfo, rdgudp_tree, root);
        if (datagram->tap != NULL) {
            datagram->tap->findings = RDGUDP_FINDING_CLEAR;
        }
        finish_datagram(tvb, pinfo, rdgudp_tree, root, datagram);
    } else {
        draw_clear_part(tvb, pinfo, rdgudp_tree, root, datagram, &correlation_id);
        hand_to_dtls(tvb, pinfo, tree, rdgudp_tree, root, datagram);
    }
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGUDP");
    if (correlation_id != NULL) {
        col_append_fstr(pinfo->cinfo, COL_INFO, ", correlation id %s", correlation_id);
    }
    if (datagram->note != NULL && (datagram->note->first || datagram->note->before != datagram->note->verdict)) {
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]",
                        val_to_str_const(rdgudp_history_shown_verdict(datagram->note, PINFO_FD_VISITED(pinfo)),
                                         rdg_names_verdicts, "?"));
    }
}

static int dissect_rdgudp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    datagram_t datagram;

    if (!read_datagram(tvb, pinfo, &datagram)) {
        return 0;
    }
    rdgudp_conv_t *flow = note_flow(pinfo, &datagram);
    if (flow == NULL) {
        return 0;
    }
    draw_datagram(tvb, pinfo, tree, flow, &datagram);
    return (int)tvb_captured_length(tvb);
}

/* On any port: the trailer behind a ClientHello, with its two signatures and its length, is sign enough. */
static ws_bool dissect_rdgudp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    datagram_t datagram;

    if (!read_datagram(tvb, pinfo, &datagram) || !datagram.parts.is_client_hello ||
        datagram.parts.trailer != RDGUDP_TRAILER_WHOLE) {
        return FALSE;
    }
    rdgudp_conv_t *flow = note_flow(pinfo, &datagram);
    if (flow == NULL) {
        return FALSE;
    }
    draw_datagram(tvb, pinfo, tree, flow, &datagram);
    return TRUE;
}

/* }}} */
/* {{{ What DTLS decrypted */

/* The channel of a packet that DTLS decrypted, made when DTLS was not called by us. */
static rdgudp_conv_t *note_packet_flow(packet_info *pinfo)
{
    rdgudp_conv_t *flow = rdgudp_session_find(pinfo);

    if (flow == NULL && !PINFO_FD_VISITED(pinfo)) {
        flow = begin_channel(pinfo, port_binding_names(proto_rdgudp, pinfo->srcport) &&
                                        !port_binding_names(proto_rdgudp, pinfo->destport));
        flow->channel.verdict = RDGUDP_SECURED;
        flow->channel.answered = true;
        /* This datagram came through Wireshark's DTLS and does so on every pass; the next ones come through us. */
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num + 1, rdgudp_handle);
        tls_set_appdata_dissector(dtls_handle, pinfo, rdgudp_packet_handle);
    }
    return flow != NULL && !flow->foreign ? flow : NULL;
}

static void tell_tap(packet_info *pinfo, unsigned packet_id, unsigned findings)
{
    rdgudp_tap_t *tap = p_get_proto_data(pinfo->pool, pinfo, proto_rdgudp, TAP_KEY);

    if (tap != NULL) {
        if (tap->num_packets < RDGUDP_TAP_PACKETS) {
            tap->packets[tap->num_packets++] = (uint16_t)packet_id;
        }
        tap->findings |= findings;
    }
}

static int dissect_rdgudp_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_conv_t *flow = rdgudp_inner_is_running() ? NULL : note_packet_flow(pinfo);
    datagram_t datagram;
    unsigned findings;

    if (flow == NULL) {
        return 0;
    }
    proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
    proto_tree *packet_tree = proto_item_add_subtree(root, ett_rdgudp);
    bool is_alone = !is_in_datagram;
    if (is_alone) {
        memset(&datagram, 0, sizeof datagram);
        datagram.note = rdgudp_history_begin(pinfo, flow, &datagram.draft);
        datagram.tap = begin_tap(pinfo, datagram.note);
    }
    unsigned packet_id = rdgudp_tree_draw_packet(tvb, pinfo, packet_tree, root, flow, &findings);
    tell_tap(pinfo, packet_id, findings);
    if (is_alone) {
        finish_datagram(tvb, pinfo, packet_tree, root, &datagram);
    }
    return (int)tvb_captured_length(tvb);
}

/* A DTLS session that nobody owns: its first packet must be one of ours in every length. */
static ws_bool dissect_rdgudp_packet_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured = tvb_captured_length(tvb);
    rdgudp_packet_t packet;

    return rdgudp_pdu_read_packet(tvb_get_ptr(tvb, 0, (int)captured), captured, &packet) &&
           dissect_rdgudp_packet(tvb, pinfo, tree, data) > 0;
}

/* }}} */
/* {{{ Registration */

static void register_fields(void)
{
    static hf_register_info hf[] = {
        { &hf_dtls_offered,
          { "DTLS version offered", "rdgudp.dtls_offered", FT_UINT16, BASE_HEX, VALS(rdg_names_versions), 0,
            "By the ClientHello", HFILL } },
        { &hf_correlation_info,
          { "UDP_CORRELATION_INFO", "rdgudp.correlation", FT_NONE, BASE_NONE, NULL, 0,
            "The clear octets behind the ClientHello, MS-TSGU 2.2.11.9", HFILL } },
        { &hf_correlation_reserved,
          { "uReserved", "rdgudp.correlation.reserved", FT_UINT32, BASE_DEC, NULL, 0, "Always 0", HFILL } },
        { &hf_correlation_signature1,
          { "uSignature1", "rdgudp.correlation.signature1", FT_UINT16, BASE_HEX, NULL, 0, "0x1daa", HFILL } },
        { &hf_correlation_id,
          { "uCorrelationId", "rdgudp.correlation_id", FT_GUID, BASE_NONE, NULL, 0,
            "Read in the structure's little-endian order", HFILL } },
        { &hf_correlation_id_be,
          { "uCorrelationId, read big-endian", "rdgudp.correlation_id_be", FT_GUID, BASE_NONE, NULL, 0,
            "The same octets in the other order: which one Windows uses is not proven", HFILL } },
        { &hf_correlation_signature2,
          { "uSignature2", "rdgudp.correlation.signature2", FT_UINT16, BASE_HEX, NULL, 0, "0xaa1d", HFILL } },
        { &hf_correlation_length,
          { "uCbStruct", "rdgudp.correlation.length", FT_UINT16, BASE_DEC, NULL, 0, "Octets of the structure: 26",
            HFILL } },
        { &hf_rest, { "Octets behind the DTLS records", "rdgudp.rest", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_rest,
          { "rdgudp.rest.unknown", PI_UNDECODED, PI_NOTE, "Octets follow the DTLS records that are not a trailer.",
            EXPFILL } },
    };
    static int *ett[] = { &ett_rdgudp, &ett_correlation_info };

    proto_register_field_array(proto_rdgudp, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_rdgudp), ei, array_length(ei));
}

void proto_register_rdgudp(void)
{
    if (proto_get_id_by_filter_name("rdgudp") != -1) {
        ws_warning("Portlore's RD Gateway dissector is off: this Wireshark has a protocol named rdgudp already.");
        return;
    }
    proto_rdgudp = proto_register_protocol("RD Gateway UDP Transport", "RDGUDP", "rdgudp");
    register_fields();
    rdgudp_expert_register(proto_rdgudp);
    rdgudp_tree_register(proto_rdgudp);
    rdgudp_session_init(proto_rdgudp);
    rdgudp_history_init(proto_rdgudp);
    rdgudp_fallback_init(proto_rdgudp, show_foreign_notes);
    rdgudp_handle = register_dissector("rdgudp", dissect_rdgudp, proto_rdgudp);
    rdgudp_packet_handle = register_dissector_with_description("rdgudp_packet", "RD Gateway UDP packets (inside DTLS)",
                                                               dissect_rdgudp_packet, proto_rdgudp);
    rdgudp_tap = rdgudp_stats_register();

    module_t *module = prefs_register_protocol(proto_rdgudp, port_binding_renew);
    port_binding_register(module, proto_rdgudp, "udp.port", "RD Gateway UDP port(s)", RDGUDP_PORT_TEXT);
    prefs_register_uint_preference(module, "hello_threshold", "No answer from (ClientHellos)",
                                   "Number of ClientHellos without any answer from which a channel counts as not "
                                   "answered",
                                   10, &hello_threshold);
}

void proto_reg_handoff_rdgudp(void)
{
    if (proto_rdgudp == -1) {
        return;
    }
    dtls_handle = find_dissector_add_dependency("dtls", proto_rdgudp);
    rdgudp_tree_start(proto_rdgudp);
    rdgudp_stats_start();
    port_binding_start(proto_rdgudp, rdgudp_handle);
    /* By it, Wireshark's DTLS tells the gateway's end when the capture lacks the handshake. */
    port_binding_follow(proto_rdgudp, "dtls.port", rdgudp_packet_handle);
    heur_dissector_add("udp", dissect_rdgudp_heur, "RD Gateway UDP, by its correlation trailer", "rdgudp_udp",
                       proto_rdgudp, HEURISTIC_ENABLE);
    heur_dissector_add("dtls", dissect_rdgudp_packet_heur, "RD Gateway UDP packets inside DTLS", "rdgudp_dtls",
                       proto_rdgudp, HEURISTIC_ENABLE);
}

/* }}} */
