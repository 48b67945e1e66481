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

#include "base/packet_conversation.h"
#include "ndb_text.h"

/* MySQL's manual is said to put NDB statistics here. It does not, but people look for them. */
#define NDB_PORT 3406
#define NDB_KEY 0

static int proto_portlore = -1;
static int proto_tcp = -1;
static int proto_udp = -1;
static int proto_udplite = -1;

/* Postdissectors put themselves at the end of the packet's protocols; they are not on its payload. */
static const char *const postdissector_names[] = { "portlore", "transum", "mate" };
static int postdissectors[array_length(postdissector_names)]; /* -1: this Wireshark has it not */

/* {{{ Payload and flags */

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

static const char *name_payload(packet_info *pinfo, transport_t transport, int layer)
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
    if (transport == TRANSPORT_TCP && strcmp(seen, LORE_SEEN_DATA) == 0 &&
        p_get_proto_data(pinfo->pool, pinfo, proto_portlore, NDB_KEY) != NULL) {
        return LORE_SEEN_NDB;
    }
    return seen;
}

static const conversation_t *find_its_conversation(packet_info *pinfo, const packet_ends_t *ends)
{
    if (!ends->is_quoted) {
        return packet_conversation_find(pinfo);
    }
    return find_conversation(pinfo->num, &ends->source, &ends->destination,
                             ends->header.transport == TRANSPORT_TCP ? CONVERSATION_TCP : CONVERSATION_UDP,
                             ends->header.source_port, ends->header.destination_port, 0);
}

bool lore_payload_collect(tvbuff_t *frame, packet_info *pinfo, lore_payload_t *evidence)
{
    evidence->seen = NULL;
    evidence->has_payload = false;
    if (!evidence->ends.is_quoted) {
        evidence->seen = name_payload(pinfo, evidence->ends.header.transport,
                                      find_payload_layer(pinfo, evidence->ends.header.transport));
        evidence->has_payload = evidence->seen != NULL;
        if (evidence->ends.header.transport == TRANSPORT_TCP || !evidence->has_payload) {
            packet_ends_read_header(frame, pinfo, &evidence->ends);
            evidence->has_payload = evidence->has_payload || evidence->ends.header.has_payload;
        }
    }
    const conversation_t *conversation = find_its_conversation(pinfo, &evidence->ends);
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
    for (size_t i = 0; i < array_length(postdissectors); i++) {
        postdissectors[i] = proto_get_id_by_filter_name(postdissector_names[i]);
    }
    heur_dissector_add("tcp", look_for_ndb, "NDB management protocol (only looks)", "portlore_ndb_tcp", proto,
                       HEURISTIC_ENABLE);
}
