/* lore_payload.c
 * What a packet had: its TCP or UDP header, and what was found on its payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_payload.h"

#include <epan/conversation.h>
#include <epan/proto.h>
#include <epan/proto_data.h>

#include "base/ip_headers.h"
#include "ndb_text.h"

/* MySQL's manual is said to put NDB statistics here. It does not, but people look for them. */
#define NDB_PORT 3406
#define NDB_KEY 0

static int proto_portlore = -1;
static int proto_tcp = -1;
static int proto_udp = -1;
static int proto_udplite = -1;
static int proto_icmp = -1;
static int proto_icmpv6 = -1;

/* Postdissectors put themselves at the end of the packet's protocols; they are not on its payload. */
static const char *const postdissector_names[] = { "portlore", "transum", "mate" };
static int postdissectors[array_length(postdissector_names)]; /* -1: this Wireshark has it not */

/* {{{ Addresses and ports */

static bool get_addresses(const packet_info *pinfo, lore_addresses_t *addresses)
{
    addresses->is_ipv6 = pinfo->src.type == AT_IPv6;
    addresses->source = pinfo->src.data;
    addresses->destination = pinfo->dst.data;
    return pinfo->src.type == pinfo->dst.type && (pinfo->src.type == AT_IPv4 || pinfo->src.type == AT_IPv6);
}

static const uint8_t *get_octets(tvbuff_t *frame, unsigned *captured)
{
    *captured = tvb_captured_length(frame);
    return tvb_get_ptr(frame, 0, (int)*captured);
}

/* Wireshark counts each protocol's layers: a count that went back to none stays. */
static bool has_layer(const packet_info *pinfo, int proto)
{
    const int *count = wmem_map_lookup(pinfo->proto_layers, GINT_TO_POINTER(proto));

    return count != NULL && *count > 0;
}

bool lore_payload_is_icmp(const packet_info *pinfo)
{
    return pinfo->proto_layers != NULL && (has_layer(pinfo, proto_icmp) || has_layer(pinfo, proto_icmpv6));
}

/* What an ICMP error quotes. PINFO cannot be asked: which of the two packets its ports and addresses belong to differs
 * between versions of Wireshark. */
static bool read_quoted(tvbuff_t *frame, const packet_info *pinfo, lore_payload_t *evidence)
{
    lore_addresses_t addresses;
    lore_header_t header;
    unsigned captured;
    const uint8_t *octets = get_octets(frame, &captured);

    if (!get_addresses(pinfo, &addresses) || !ip_headers_find_quoted(octets, captured, &addresses, &header)) {
        return false;
    }
    *evidence = (lore_payload_t){
        .transport = header.transport,
        .source_port = header.source_port,
        .destination_port = header.destination_port,
        .quoted = true,
        .unreachable = header.unreachable,
    };
    set_address(&evidence->source, pinfo->src.type, pinfo->src.len, octets + header.source_offset);
    set_address(&evidence->destination, pinfo->src.type, pinfo->src.len,
                octets + header.source_offset + pinfo->src.len);
    return true;
}

bool lore_payload_read_ports(tvbuff_t *frame, packet_info *pinfo, bool is_icmp, lore_payload_t *evidence)
{
    if (is_icmp) {
        return read_quoted(frame, pinfo, evidence);
    }
    if (pinfo->ptype != PT_TCP && pinfo->ptype != PT_UDP) {
        return false;
    }
    *evidence = (lore_payload_t){
        .transport = pinfo->ptype == PT_TCP ? PORT_TRANSPORT_TCP : PORT_TRANSPORT_UDP,
        .source_port = (uint16_t)pinfo->srcport,
        .destination_port = (uint16_t)pinfo->destport,
        .source = pinfo->src,
        .destination = pinfo->dst,
    };
    return true;
}

/* }}} */
/* {{{ Payload and flags */

/* The layer on top of the innermost TCP or UDP, or -1. */
static int find_payload_layer(const packet_info *pinfo, port_transport_t transport)
{
    int above = -1;

    for (wmem_list_frame_t *layer = wmem_list_tail(pinfo->layers); layer != NULL; layer = wmem_list_frame_prev(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (transport == PORT_TRANSPORT_TCP ? proto == proto_tcp : proto == proto_udp || proto == proto_udplite) {
            return above;
        }
        above = proto;
    }
    return -1;
}

static const char *name_payload(packet_info *pinfo, port_transport_t transport, int layer)
{
    if (layer == -1) {
        return NULL;
    }
    for (size_t i = 0; i < array_length(postdissectors); i++) {
        if (layer == postdissectors[i]) {
            return NULL;
        }
    }
    const char *seen = proto_get_protocol_filter_name(layer);
    if (transport == PORT_TRANSPORT_TCP && strcmp(seen, LORE_SEEN_DATA) == 0 &&
        p_get_proto_data(pinfo->pool, pinfo, proto_portlore, NDB_KEY) != NULL) {
        return LORE_SEEN_NDB;
    }
    return seen;
}

void lore_payload_read_header(tvbuff_t *frame, const packet_info *pinfo, lore_payload_t *evidence)
{
    lore_addresses_t addresses;
    unsigned captured;
    const uint8_t *octets = get_octets(frame, &captured);
    lore_header_t header = {
        .transport = evidence->transport,
        .source_port = evidence->source_port,
        .destination_port = evidence->destination_port,
    };

    if (get_addresses(pinfo, &addresses) && ip_headers_find(octets, captured, &addresses, &header)) {
        evidence->syn = header.syn;
        evidence->ack = header.ack;
        evidence->rst = header.rst;
        evidence->has_payload = evidence->has_payload || header.has_payload;
    }
}

/* Whose conversation is known already. */
static struct {
    const conversation_t *conversation; /* NULL: nobody's */
    uint32_t frame;
    port_type ptype;
    uint32_t source_port;
    uint32_t destination_port;
    const void *source;
    const void *destination;
} offered;

void lore_payload_offer_conversation(const packet_info *pinfo, const conversation_t *conversation)
{
    offered.conversation = conversation;
    offered.frame = pinfo->num;
    offered.ptype = pinfo->ptype;
    offered.source_port = pinfo->srcport;
    offered.destination_port = pinfo->destport;
    offered.source = pinfo->src.data;
    offered.destination = pinfo->dst.data;
}

void lore_payload_end_packet(void)
{
    offered.conversation = NULL;
}

static const conversation_t *find_its_conversation(const packet_info *pinfo, const lore_payload_t *evidence)
{
    /* In a packet with several headers the offer may be another one's. */
    if (!evidence->quoted && offered.conversation != NULL && offered.frame == pinfo->num &&
        offered.ptype == pinfo->ptype && offered.source_port == pinfo->srcport &&
        offered.destination_port == pinfo->destport && offered.source == pinfo->src.data &&
        offered.destination == pinfo->dst.data) {
        return offered.conversation;
    }
    return find_conversation(pinfo->num, &evidence->source, &evidence->destination,
                             evidence->transport == PORT_TRANSPORT_TCP ? CONVERSATION_TCP : CONVERSATION_UDP,
                             evidence->source_port, evidence->destination_port, 0);
}

bool lore_payload_collect(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence)
{
    if (!evidence->quoted) {
        evidence->seen = name_payload(pinfo, evidence->transport, find_payload_layer(pinfo, evidence->transport));
        evidence->has_payload = evidence->seen != NULL;
        if (evidence->transport == PORT_TRANSPORT_TCP || !evidence->has_payload) {
            lore_payload_read_header(frame, pinfo, evidence);
        }
    }
    const conversation_t *conversation = find_its_conversation(pinfo, evidence);
    if (conversation == NULL) {
        return false;
    }
    evidence->conversation = conversation->conv_index;
    return true;
}

/* }}} */

static ws_bool look_for_ndb(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    if (pinfo->srcport == NDB_PORT || pinfo->destport == NDB_PORT) {
        unsigned captured = tvb_captured_length(tvb);
        if (ndb_text_recognise(tvb_get_ptr(tvb, 0, (int)captured), captured)) {
            p_add_proto_data(pinfo->pool, pinfo, proto_portlore, NDB_KEY, GINT_TO_POINTER(TRUE));
        }
    }
    return FALSE;
}

void lore_payload_start(int proto)
{
    proto_portlore = proto;
    proto_tcp = proto_get_id_by_filter_name("tcp");
    proto_udp = proto_get_id_by_filter_name("udp");
    proto_udplite = proto_get_id_by_filter_name("udplite");
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
    for (size_t i = 0; i < array_length(postdissectors); i++) {
        postdissectors[i] = proto_get_id_by_filter_name(postdissector_names[i]);
    }
    heur_dissector_add("tcp", look_for_ndb, "NDB management protocol (only looks)", "portlore_ndb_tcp", proto,
                       HEURISTIC_ENABLE);
}
