/* packet-rdgudp.c
 * RD Gateway UDP transport: MS-TSGU over DTLS. Registration, the clear part, and how a packet gets here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "packet-rdgudp.h"

#include <epan/conversation.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/to_str.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/dissectors/packet-tls-utils.h>

#include "port_claim.h"
#include "rdgudp_wire.h"

#define RDGUDP_PORT 3391
#define RDGUDP_PORT_TEXT "3391"

static int proto_rdgudp = -1;

static int hf_correlation_info = -1;
static int hf_correlation_reserved = -1;
static int hf_correlation_signature1 = -1;
static int hf_correlation_id = -1;
static int hf_correlation_id_be = -1;
static int hf_correlation_signature2 = -1;
static int hf_correlation_length = -1;
static int hf_rest = -1;
static int hf_pkt_id = -1;
static int hf_pkt_len = -1;
static int hf_pkt_data = -1;

static int ett_rdgudp = -1;
static int ett_correlation_info = -1;

static expert_field ei_rest = EI_INIT;
static expert_field ei_packet = EI_INIT;

static dissector_handle_t rdgudp_handle;
static dissector_handle_t rdgudp_packet_handle;
static dissector_handle_t dtls_handle;

static const value_string packet_names[] = {
    { RDGUDP_CONNECT_REQ, "CONNECT_PKT" },
    { RDGUDP_CONNECT_RESP, "CONNECT_PKT_RESP" },
    { RDGUDP_PAYLOAD, "DATA_PKT" },
    { RDGUDP_DISCONNECT, "DISC_PKT" },
    { RDGUDP_CONNECT_REQ_FRAGMENT, "CONNECT_PKT_FRAGMENT" },
    { 0, NULL },
};

/* {{{ The clear part: a datagram of the channel */

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

/* Takes the conversation: what comes next on it belongs to the channel, on whatever port, and what DTLS decrypts goes to
 * our packets. */
static void own_channel(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);

    if (PINFO_FD_VISITED(pinfo) || conversation_get_proto_data(conversation, proto_rdgudp) != NULL) {
        return;
    }
    conversation_add_proto_data(conversation, proto_rdgudp, conversation);
    conversation_set_dissector(conversation, rdgudp_handle);
    tls_set_appdata_dissector(dtls_handle, pinfo, rdgudp_packet_handle);
}

static void draw_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_datagram_t *datagram)
{
    proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
    proto_tree *rdgudp_tree = proto_item_add_subtree(root, ett_rdgudp);
    const char *correlation_id = NULL;

    if (datagram->has_trailer) {
        correlation_id = draw_trailer(tvb, pinfo, rdgudp_tree, (int)datagram->dtls_length);
        proto_item_append_text(root, ", correlation id %s", correlation_id);
    } else if (datagram->rest_length > 0) {
        proto_item *item = proto_tree_add_item(rdgudp_tree, hf_rest, tvb, (int)datagram->dtls_length, -1, ENC_NA);
        expert_add_info_format(pinfo, item, &ei_rest,
                               "%u octets follow the DTLS records and are not a correlation trailer.",
                               datagram->rest_length);
    }
    /* Without the trailer: with it, Wireshark's DTLS would lose the hello, and with that every later decryption. */
    call_dissector_only(dtls_handle, tvb_new_subset_length(tvb, 0, (int)datagram->dtls_length), pinfo, tree, NULL);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGUDP");
    if (correlation_id != NULL) {
        col_append_fstr(pinfo->cinfo, COL_INFO, ", correlation id %s", correlation_id);
    }
}

static bool read_datagram(tvbuff_t *tvb, packet_info *pinfo, rdgudp_datagram_t *datagram)
{
    unsigned captured = tvb_captured_length(tvb);

    return dtls_handle != NULL && !pinfo->flags.in_error_pkt &&
           rdgudp_wire_read_datagram(tvb_get_ptr(tvb, 0, (int)captured), captured, tvb_reported_length(tvb), datagram);
}

static int dissect_rdgudp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_datagram_t datagram;

    if (!read_datagram(tvb, pinfo, &datagram)) {
        return 0;
    }
    own_channel(pinfo);
    draw_datagram(tvb, pinfo, tree, &datagram);
    return (int)tvb_captured_length(tvb);
}

/* On any port: the trailer behind a ClientHello, with its two signatures and its length, is sign enough. */
static ws_bool dissect_rdgudp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_datagram_t datagram;

    if (!read_datagram(tvb, pinfo, &datagram) || !datagram.is_client_hello || !datagram.has_trailer) {
        return FALSE;
    }
    own_channel(pinfo);
    draw_datagram(tvb, pinfo, tree, &datagram);
    return TRUE;
}

/* }}} */
/* {{{ What DTLS decrypted */

static int dissect_rdgudp_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
    proto_tree *packet_tree = proto_item_add_subtree(root, ett_rdgudp);
    unsigned captured = tvb_captured_length(tvb);
    rdgudp_packet_t packet;

    if (!rdgudp_wire_read_packet(tvb_get_ptr(tvb, 0, (int)captured), captured, &packet)) {
        expert_add_info(pinfo, root, &ei_packet);
        proto_tree_add_item(packet_tree, hf_pkt_data, tvb, 0, -1, ENC_NA);
        return (int)captured;
    }
    const char *name = val_to_str_const(packet.id, packet_names, "packet");
    proto_item_append_text(root, ", %s", name);
    col_append_sep_str(pinfo->cinfo, COL_INFO, ", ", name);
    proto_tree_add_item(packet_tree, hf_pkt_id, tvb, 0, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet_tree, hf_pkt_len, tvb, 2, 2, ENC_LITTLE_ENDIAN);
    if (captured > RDGUDP_PACKET_HEADER) {
        proto_tree_add_item(packet_tree, hf_pkt_data, tvb, RDGUDP_PACKET_HEADER, -1, ENC_NA);
    }
    return (int)captured;
}

/* A DTLS session that nobody owns: its first packet must be one of ours in every length. */
static ws_bool dissect_rdgudp_packet_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured = tvb_captured_length(tvb);
    rdgudp_packet_t packet;

    if (!rdgudp_wire_read_packet(tvb_get_ptr(tvb, 0, (int)captured), captured, &packet)) {
        return FALSE;
    }
    dissect_rdgudp_packet(tvb, pinfo, tree, data);
    return TRUE;
}

/* }}} */

void proto_register_rdgudp(void)
{
    static hf_register_info hf[] = {
        { &hf_correlation_info,
          { "UDP_CORRELATION_INFO", "rdgudp.correlation", FT_NONE, BASE_NONE, NULL, 0,
            "The clear octets behind the ClientHello, MS-TSGU 2.2.11.9", HFILL } },
        { &hf_correlation_reserved,
          { "uReserved", "rdgudp.correlation.reserved", FT_UINT32, BASE_DEC, NULL, 0, "0", HFILL } },
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
        { &hf_rest,
          { "Octets behind the DTLS records", "rdgudp.rest", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_pkt_id,
          { "pktID", "rdgudp.pkt_id", FT_UINT16, BASE_DEC, VALS(packet_names), 0, "MS-TSGU 2.2.5.4.1", HFILL } },
        { &hf_pkt_len,
          { "pktLen", "rdgudp.pkt_len", FT_UINT16, BASE_DEC, NULL, 0, "Octets behind the packet's header", HFILL } },
        { &hf_pkt_data, { "Packet data", "rdgudp.pkt_data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_rest,
          { "rdgudp.rest.unknown", PI_UNDECODED, PI_NOTE, "Octets follow the DTLS records that are not a trailer.",
            EXPFILL } },
        { &ei_packet,
          { "rdgudp.not_a_packet", PI_UNDECODED, PI_NOTE,
            "What DTLS decrypted is not a packet of the RD Gateway's UDP transport.", EXPFILL } },
    };
    static int *ett[] = { &ett_rdgudp, &ett_correlation_info };

    if (proto_get_id_by_filter_name("rdgudp") != -1) {
        ws_warning("Portlore's RD Gateway dissector is off: this Wireshark has a protocol named rdgudp already.");
        return;
    }
    proto_rdgudp = proto_register_protocol("RD Gateway UDP Transport", "RDGUDP", "rdgudp");
    proto_register_field_array(proto_rdgudp, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_rdgudp), ei, array_length(ei));
    rdgudp_handle = register_dissector("rdgudp", dissect_rdgudp, proto_rdgudp);
    rdgudp_packet_handle = register_dissector_with_description("rdgudp_packet", "RD Gateway UDP packets (inside DTLS)",
                                                               dissect_rdgudp_packet, proto_rdgudp);
    port_claim_register(prefs_register_protocol(proto_rdgudp, port_claim_renew), proto_rdgudp, "udp.port",
                        "RD Gateway UDP port(s)", RDGUDP_PORT_TEXT);
}

void proto_reg_handoff_rdgudp(void)
{
    if (proto_rdgudp == -1) {
        return;
    }
    dtls_handle = find_dissector_add_dependency("dtls", proto_rdgudp);
    port_claim_start(proto_rdgudp, rdgudp_handle);
    dissector_add_uint("dtls.port", RDGUDP_PORT, rdgudp_packet_handle);
    heur_dissector_add("udp", dissect_rdgudp_heur, "RD Gateway UDP, by its correlation trailer", "rdgudp_udp",
                       proto_rdgudp, HEURISTIC_ENABLE);
    heur_dissector_add("dtls", dissect_rdgudp_packet_heur, "RD Gateway UDP packets inside DTLS", "rdgudp_dtls",
                       proto_rdgudp, HEURISTIC_ENABLE);
}
