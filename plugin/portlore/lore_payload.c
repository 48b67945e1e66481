/* lore_payload.c
 * What a packet had: its TCP or UDP header, its payload, and what was found on that.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_payload.h"

#include <epan/proto.h>

#include "base/packet_conversation.h"
#include "rdp_connect.h"

/* Octets of a payload from which a verdict on it may follow. Of fewer, dissectors recognise what is not there. */
#define FEWEST_OCTETS 8

static int proto_tcp = -1;
static int proto_udp = -1;
static int proto_udplite = -1;
static int proto_gtpprime = -1;

const char lore_payload_disowned[] = "dtls";

/* Protocols that stood right above a TCP header without payload: those of other postdissectors. Wireshark puts a
 * postdissector at the end of the packet's protocols, and names its postdissectors to no one. */
static GHashTable *postdissectors;

static void forget_postdissectors(void)
{
    g_hash_table_destroy(postdissectors);
    postdissectors = NULL;
}

/* The layer on top of the innermost TCP or UDP, or -1. */
static int find_payload_layer(const packet_info *pinfo, transport_t transport)
{
    int above = -1;

    for (wmem_list_frame_t *layer = wmem_list_tail(pinfo->layers); layer != NULL; layer = wmem_list_frame_prev(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));
        if (transport == TRANSPORT_TCP ? proto == proto_tcp : proto == proto_udp || proto == proto_udplite) {
            return above;
        }
        above = proto;
    }
    return -1;
}

/* Bit 5 of octet 1, the protocol type, is set in GTP and not in GTP'. */
static bool is_gtp(const lore_payload_t *evidence)
{
    return evidence->captured > 0 && (evidence->octets[0] & 0x10) != 0;
}

static bool is_rdp(const lore_payload_t *evidence)
{
    return evidence->ends.header.transport == TRANSPORT_TCP && evidence->octets != NULL &&
           rdp_connect_recognise(evidence->octets, evidence->captured);
}

/* What the layer is, where the payload itself tells better. */
static const char *name_layer(packet_info *pinfo, const lore_payload_t *evidence, int layer)
{
    if (is_rdp(evidence)) {
        return "rdp";
    }
    if (layer == -1) {
        return NULL;
    }
    if (layer == proto_gtpprime && is_gtp(evidence)) {
        return "gtp";
    }
    if (packet_conversation_is_disowned(pinfo, layer)) {
        return lore_payload_disowned;
    }
    return proto_get_protocol_filter_name(layer);
}

/* The payload as the header has it. */
static void measure(tvbuff_t *frame, lore_payload_t *evidence)
{
    const ip_header_t *header = &evidence->ends.header;
    const unsigned captured = tvb_captured_length(frame);

    evidence->has_payload = header->payload_length > 0;
    if (evidence->has_payload && header->payload < captured) {
        evidence->captured = MIN(captured - header->payload, header->payload_length);
        evidence->octets = tvb_get_ptr(frame, (int)header->payload, (int)evidence->captured);
    }
    evidence->is_stub = evidence->has_payload && (evidence->captured < FEWEST_OCTETS || header->is_fragment);
}

static bool is_known_in_short(const char *seen)
{
    return seen != NULL && strcmp(seen, LORE_SEEN_DATA) != 0;
}

static void judge_packet(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence)
{
    const transport_t transport = evidence->ends.header.transport;
    int layer = find_payload_layer(pinfo, transport);
    bool has_header = packet_ends_read_header(frame, pinfo, &evidence->ends);

    if (has_header) {
        measure(frame, evidence);
        if (!evidence->has_payload && layer != -1 && transport == TRANSPORT_TCP) {
            g_hash_table_add(postdissectors, GINT_TO_POINTER(layer));
        }
    }
    if (layer != -1 && g_hash_table_contains(postdissectors, GINT_TO_POINTER(layer))) {
        layer = -1;
    }
    if (!has_header) {
        /* Put together from fragments or unpacked: that there is a payload shows only in what was found on it. */
        evidence->has_payload = layer != -1;
    }
    if (!evidence->has_payload) {
        return;
    }
    evidence->seen = name_layer(pinfo, evidence, layer);
    /* A whole payload is short by itself: what a dissector recognised is then what it is. */
    if (evidence->is_stub && evidence->captured == evidence->ends.header.payload_length &&
        !evidence->ends.header.is_fragment && is_known_in_short(evidence->seen)) {
        evidence->is_stub = false;
    }
    if (evidence->is_stub) {
        evidence->seen = NULL;
    }
}

bool lore_payload_collect(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence)
{
    evidence->seen = NULL;
    evidence->has_payload = evidence->is_stub = false;
    evidence->octets = NULL;
    evidence->captured = 0;
    if (!evidence->ends.is_quoted) {
        judge_packet(frame, pinfo, evidence);
    }
    evidence->conversation = packet_conversation_find_of(pinfo, &evidence->ends);
    return evidence->conversation != NULL;
}

const char *lore_payload_seen_on_udp(packet_info *pinfo)
{
    const int layer = find_payload_layer(pinfo, TRANSPORT_UDP);

    if (layer == -1 || layer == proto_gtpprime || packet_conversation_is_disowned(pinfo, layer)) {
        return NULL;
    }
    return proto_get_protocol_filter_name(layer);
}

void lore_payload_start(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
    proto_udp = proto_get_id_by_filter_name("udp");
    proto_udplite = proto_get_id_by_filter_name("udplite");
    proto_gtpprime = proto_get_id_by_filter_name("gtpprime");
    postdissectors = g_hash_table_new(g_direct_hash, g_direct_equal);
    register_shutdown_routine(forget_postdissectors);
}
