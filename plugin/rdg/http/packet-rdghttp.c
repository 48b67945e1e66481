/* packet-rdghttp.c
 * RD Gateway's main channel: MS-TSGU over HTTP. Registration, and how octets get here.
 *
 * Wireshark's HTTP knows none of the methods, so that a main channel ends as "Application Data". The heuristic list of
 * TLS shows the request first; from then on the connection's octets come here. Answers go to HTTP and what follows an
 * upgrade to WebSocket, whose messages come back through its heuristic list.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-rdghttp.h"

#include <epan/conversation.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/dissectors/packet-tls-utils.h>

#include "base/octets.h"
#include "base/packet_conversation.h"
#include "rdghttp_expert.h"
#include "rdghttp_head.h"
#include "rdghttp_info.h"
#include "rdghttp_inner.h"
#include "rdghttp_join.h"
#include "rdghttp_outcome.h"
#include "rdghttp_pdu.h"
#include "rdghttp_rpc.h"
#include "rdghttp_session.h"
#include "rdghttp_setup.h"
#include "rdghttp_stats.h"
#include "rdghttp_stats_counts.h"
#include "rdghttp_tree.h"

#define CHUNK_END 2 /* CR LF behind a chunk's octets */

/* The numbers of the layers behind which WebSocket stands, above that of what carries it: one for each call in a
 * packet. Wireshark's own number counts dissectors that only asked for more octets, which a later pass does not call:
 * WebSocket would not find the fragments that it has put together. */
#define FIRST_WEBSOCKET_LAYER 64
#define WEBSOCKET_LAYERS 64

/* Hangs on a packet from its first call of WebSocket on. rdg_inner.c has other keys for the protocol. */
#define KEY_WEBSOCKET_CALLS 8

static int proto_rdghttp = -1;
static int join_owner = -1;
static int seed_owner = -1;
static int beginning_owner = -1;
static int proto_http = -1; /* Wireshark's */

static dissector_handle_t rdghttp_handle;
static dissector_handle_t tls_handle;
static dissector_handle_t http_handle;
static dissector_handle_t websocket_handle;

static const heur_dtbl_entry_t *own_heuristic; /* in the list of TLS */
static heur_dissector_t http_heuristic;        /* Wireshark's, of HTTP in TLS */

/* What TLS calls when its ends have agreed on HTTP/1.1, without asking any heuristic: ours, when the user wants it. */
static const char alpn_table[] = "tls.alpn";
static const char alpn_http[] = "http/1.1";
static ws_bool looks_behind_alpn = FALSE;
static dissector_handle_t alpn_handle;
static dissector_handle_t http_behind_alpn; /* Wireshark's */

/* {{{ Packets */

static void call_inner(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, proto_tree *tree, rdghttp_conn_t *conn,
                       const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *data = rdghttp_pdu_find(pdu, RDGHTTP_DATA_OCTETS);
    rdghttp_joined_t joined;

    if (data == NULL || pdu->outcome == RDGHTTP_NOT_CAPTURED) {
        rdghttp_inner_give_up(pinfo, conn);
        return;
    }
    if (data->length > 0) {
        if (!PINFO_FD_VISITED(pinfo)) {
            rdghttp_session_on_data(conn, pinfo, tvb_get_ptr(tvb, (int)data->offset, (int)data->length), data->length);
        }
        rdghttp_inner_call(tvb_new_subset_length(tvb, (int)data->offset, (int)data->length), pinfo, top, conn, &joined);
        rdghttp_tree_add_joined(tree, &joined);
        /* Whatever is inside, the row is one of the main channel. */
        col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGHTTP");
    }
}

static void call_ntlm(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *blob = rdghttp_pdu_find(pdu, RDGHTTP_AUTH_BLOB);

    if (rdghttp_pdu_has_ntlm(pdu, tvb_get_ptr(tvb, 0, (int)tvb_captured_length(tvb)))) {
        rdghttp_inner_call_ntlm(tvb_new_subset_length(tvb, (int)blob->offset, (int)blob->length), pinfo, tree);
    }
}

static void dissect_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, proto_tree *tree, rdghttp_conn_t *conn)
{
    unsigned captured = tvb_captured_length(tvb);
    rdghttp_note_t *note = NULL;
    rdghttp_pdu_t pdu;

    if (!rdghttp_pdu_read(tvb_get_ptr(tvb, 0, (int)captured), captured, &pdu)) {
        return;
    }
    pdu.from_gateway = rdghttp_session_is_from_gateway(conn, pinfo);
    if (pdu.type != RDGHTTP_DATA) {
        note = rdghttp_session_on_packet(conn, tvb, pinfo, &pdu);
        rdghttp_setup_on_packet(conn, pinfo, note, &pdu);
        rdghttp_outcome_keep(note, pinfo);
    }
    rdghttp_stats_add_packet(pinfo, note != NULL ? note->session : rdghttp_session_of(conn), note, &pdu,
                             pdu.from_gateway);
    rdghttp_info_add_packet(pinfo, &pdu);
    proto_item *item = rdghttp_tree_add_packet(tvb, tree, &pdu, note);
    rdghttp_expert_add(pinfo, item, &pdu, note);
    if (pdu.type == RDGHTTP_DATA) {
        call_inner(tvb, pinfo, top, tree, conn, &pdu);
    } else if (pdu.type == RDGHTTP_EXTENDED_AUTH) {
        call_ntlm(tvb, pinfo, tree, &pdu);
    }
}

/* First pass: octets that begin no packet are the seed where the gateway has sent no packet so far. */
static bool is_seed(packet_info *pinfo, rdghttp_half_t *half, bool from_gateway)
{
    static bool yes = true;
    static bool no = false;

    if (!PINFO_FD_VISITED(pinfo)) {
        frame_store_put(pinfo, seed_owner, from_gateway && !half->has_begun ? &yes : &no);
        return from_gateway && !half->has_begun;
    }
    const bool *was = frame_store_next(pinfo, seed_owner);
    return was != NULL && *was;
}

static void dissect_no_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned at, unsigned length,
                              rdghttp_half_t *half, bool from_gateway)
{
    bool seed = is_seed(pinfo, half, from_gateway);
    proto_item *item = rdghttp_tree_add_octets(tvb, tree, at, length, seed);

    if (!seed) {
        rdghttp_expert_add_no_packet(pinfo, item);
    }
    rdghttp_info_add(pinfo, seed ? "seed" : "no packet");
}

/* The next octets of one direction, cut at borders that mean nothing: a WebSocket message, a chunk, a TCP segment. */
static void dissect_octets(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, rdghttp_conn_t *conn)
{
    bool from_gateway = rdghttp_session_is_from_gateway(conn, pinfo);
    rdghttp_half_t *half = &conn->halves[from_gateway];
    rdghttp_joined_t joined = { .tvb = tvb, .parts = 1, .units = tvb_captured_length(tvb) };
    proto_tree *tree;

    rdghttp_info_begin(pinfo);
    if (joined.units < tvb_reported_length(tvb)) {
        rdghttp_join_give_up(&half->packets, pinfo);
    } else {
        rdghttp_join_next(&half->packets, join_owner, rdghttp_pdu_unit, RDGHTTP_LONGEST, tvb, pinfo, "Joined RDGHTTP",
                          &joined);
    }
    rdghttp_tree_begin(joined.tvb, top, rdghttp_session_of(conn), &tree);
    rdghttp_tree_add_joined(tree, &joined);
    unsigned at = 0;
    while (at < joined.units) {
        unsigned left = joined.units - at;
        const uint8_t *data = tvb_get_ptr(joined.tvb, (int)at, (int)left);
        if (rdghttp_pdu_is_header(data, left)) {
            unsigned length = octets_le32(data + 4);
            unsigned there = length < left ? length : left;
            dissect_packet(tvb_new_subset_length_caplen(joined.tvb, (int)at, (int)there, (int)length), pinfo, top, tree,
                           conn);
            half->has_begun = true;
            at += there;
        } else {
            size_t length = rdghttp_pdu_unit(data, left);
            length = length > 0 ? length : left;
            dissect_no_packet(joined.tvb, pinfo, tree, at, (unsigned)length, half, from_gateway);
            at += (unsigned)length;
        }
    }
    if (at < tvb_captured_length(joined.tvb)) {
        rdghttp_tree_add_part(joined.tvb, tree, at, &joined);
        rdghttp_info_add(pinfo, "part of a packet");
    }
}

/* }}} */
/* {{{ Heads and chunks */

/* Asks for LENGTH more octets behind what is there from AT on. False when none can be had. */
static bool ask_for_more(tvbuff_t *tvb, packet_info *pinfo, unsigned at, uint32_t length)
{
    if (pinfo->can_desegment == 0 || tvb_captured_length(tvb) < tvb_reported_length(tvb)) {
        return false;
    }
    pinfo->desegment_offset = (int)at;
    pinfo->desegment_len = length;
    return true;
}

/* On a head with which the set-up stopped. */
static void add_stall(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, proto_tree *tree, const rdghttp_note_t *note)
{
    if (rdghttp_outcome_is_stall(note)) {
        rdghttp_tree_add_verdict(tvb, tree, RDGHTTP_UDP_STALLED);
        rdghttp_expert_add_stall(pinfo, item, note);
    }
}

static void dissect_request(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, rdghttp_conn_t *conn,
                            const rdghttp_head_t *head)
{
    proto_tree *tree;

    rdghttp_note_t *note = rdghttp_session_on_head(conn, tvb, pinfo, head);
    rdghttp_setup_on_head(conn, pinfo, note, head);
    rdghttp_outcome_keep(note, pinfo);
    const rdghttp_session_t *session = note != NULL ? note->session : rdghttp_session_of(conn);
    rdghttp_stats_add_head(pinfo, session, note, head);
    rdghttp_info_begin(pinfo);
    rdghttp_info_add_request(tvb, pinfo, head);
    proto_item *item = rdghttp_tree_begin(tvb, top, session, &tree);
    rdghttp_tree_add_request(tvb, pinfo, tree, head);
    rdghttp_session_when_settled(conn, tvb, tree, rdghttp_tree_add_proxy);
    add_stall(tvb, pinfo, item, tree, note);
}

/* TVB is the head and, as far as it is there, the body. */
static void dissect_answer(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, rdghttp_conn_t *conn,
                           const rdghttp_head_t *head)
{
    rdghttp_note_t *note = rdghttp_session_on_head(conn, tvb, pinfo, head);
    rdghttp_setup_on_head(conn, pinfo, note, head);
    rdghttp_outcome_keep(note, pinfo);
    const rdghttp_session_t *session = note != NULL ? note->session : rdghttp_session_of(conn);
    bool is_refusal =
        note != NULL && session->refusal == note && frame_store_is_whole() && rdghttp_setup_is_refused(session);
    uint16_t can_desegment = pinfo->can_desegment;
    proto_tree *tree;

    rdghttp_stats_add_head(pinfo, session, note, head);
    if (http_handle != NULL) {
        pinfo->can_desegment = 0;
        call_dissector_only(http_handle, tvb, pinfo, top, NULL);
        pinfo->can_desegment = can_desegment;
    }
    proto_item *item = rdghttp_tree_begin(tvb, top, session, &tree);
    rdghttp_tree_add_answer(tvb, tree, head);
    add_stall(tvb, pinfo, item, tree, note);
    if (is_refusal) {
        rdghttp_tree_add_verdict(tvb, tree, RDGHTTP_UDP_REFUSED_HTTP);
        rdghttp_expert_add_refusal(
            pinfo, item, head->status,
            tvb_format_text(pinfo->pool, tvb, (int)head->reason.offset, (int)head->reason.length));
    }
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGHTTP");
    col_set_fence(pinfo->cinfo, COL_INFO);
}

/* The octets of a body in chunks, to the end of the last one. 0 when that is not there. */
static unsigned chunks_length(const uint8_t *data, unsigned left)
{
    unsigned at = 0;

    for (;;) {
        uint32_t size;
        bool is_wrong;
        size_t line = rdghttp_head_chunk_line(data + at, left - at, &size, &is_wrong);
        if (is_wrong) {
            return left;
        }
        if (line == 0 || line + size + CHUNK_END > left - at) {
            return 0;
        }
        at += (unsigned)line + size + CHUNK_END;
        if (size == 0) {
            return at;
        }
    }
}

/* The octets of the body of an answer, of which LEFT are there: more than LEFT when they are known to be missing,
 * UINT32_MAX when an unknown number is. The body of a good answer is the channel itself. */
static uint32_t body_length(const uint8_t *data, unsigned left, const rdghttp_head_t *head)
{
    if (head->method != RDGHTTP_NO_METHOD || head->status < 200 || head->status == 204 || head->status == 304) {
        return 0;
    }
    if (head->is_chunked) {
        unsigned length = head->status < 300 ? 0 : chunks_length(data, left);
        return head->status >= 300 && length == 0 ? UINT32_MAX : length;
    }
    return head->has_content_length && head->content_length <= RDGHTTP_HEAD_LONGEST ? (uint32_t)head->content_length
                                                                                    : 0;
}

/* A head at AT, with the body of an answer. The octets that were dissected; 0 when more are needed, and asked for. */
static unsigned dissect_head(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, unsigned at, rdghttp_conn_t *conn)
{
    unsigned left = tvb_captured_length(tvb) - at;
    const uint8_t *data = tvb_get_ptr(tvb, (int)at, (int)left);
    unsigned size = (unsigned)rdghttp_head_end(data, left);
    rdghttp_head_t head;

    if (size == 0) {
        if (left <= RDGHTTP_HEAD_LONGEST && ask_for_more(tvb, pinfo, at, DESEGMENT_ONE_MORE_SEGMENT)) {
            return 0;
        }
        size = left;
    }
    if (!rdghttp_head_read(data, size, &head)) {
        return left;
    }
    uint32_t body = body_length(data + size, left - size, &head);
    if (body > left - size) {
        uint32_t missing = body == UINT32_MAX ? (uint32_t)DESEGMENT_ONE_MORE_SEGMENT : body - (left - size);
        if (left <= RDGHTTP_HEAD_LONGEST && ask_for_more(tvb, pinfo, at, missing)) {
            return 0;
        }
        body = left - size;
    }
    tvbuff_t *part = tvb_new_subset_length(tvb, (int)at, (int)(size + body));
    if (head.method != RDGHTTP_NO_METHOD) {
        dissect_request(part, pinfo, top, conn, &head);
    } else {
        dissect_answer(part, pinfo, top, conn, &head);
    }
    return size + body;
}

/* A chunk at AT. The octets that were dissected; 0 when more are needed, and asked for. */
static unsigned dissect_chunk(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, unsigned at, rdghttp_conn_t *conn)
{
    unsigned left = tvb_captured_length(tvb) - at;
    uint32_t size;
    bool is_wrong;
    unsigned line = (unsigned)rdghttp_head_chunk_line(tvb_get_ptr(tvb, (int)at, (int)left), left, &size, &is_wrong);

    if (line == 0 && !is_wrong && ask_for_more(tvb, pinfo, at, DESEGMENT_ONE_MORE_SEGMENT)) {
        return 0;
    }
    if (line == 0) {
        dissect_octets(tvb_new_subset_remaining(tvb, (int)at), pinfo, top, conn);
        return left;
    }
    if (line + size + CHUNK_END > left && ask_for_more(tvb, pinfo, at, line + size + CHUNK_END - left)) {
        return 0;
    }
    unsigned there = MIN(size, left - line);
    if (there > 0) {
        dissect_octets(tvb_new_subset_length_caplen(tvb, (int)(at + line), (int)there, (int)size), pinfo, top, conn);
    }
    return MIN(line + size + CHUNK_END, left);
}

/* }}} */
/* {{{ The connection */

static void dissect_websocket(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, unsigned at, rdghttp_conn_t *conn)
{
    if (websocket_handle == NULL) {
        return;
    }
    if (pinfo->can_desegment > 0) {
        pinfo->can_desegment++; /* one level more, as HTTP does it */
    }
    const uint8_t layer = pinfo->curr_layer_num;
    unsigned *calls = p_get_proto_data(pinfo->pool, pinfo, proto_rdghttp, KEY_WEBSOCKET_CALLS);
    if (calls == NULL) {
        calls = wmem_new0(pinfo->pool, unsigned);
        p_add_proto_data(pinfo->pool, pinfo, proto_rdghttp, KEY_WEBSOCKET_CALLS, calls);
    }
    pinfo->curr_layer_num = (uint8_t)(FIRST_WEBSOCKET_LAYER + *calls % WEBSOCKET_LAYERS);
    call_dissector_only(websocket_handle, tvb_new_subset_remaining(tvb, (int)at), pinfo, top, NULL);
    pinfo->curr_layer_num = layer;
    if (pinfo->desegment_len == 0 || pinfo->desegment_offset > 0) {
        (*calls)++;
    }
    if (pinfo->desegment_len != 0) {
        pinfo->desegment_offset += (int)at;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        const unsigned left = tvb_captured_length(tvb) - at;
        rdghttp_setup_on_websocket(conn, pinfo, tvb_get_ptr(tvb, (int)at, (int)left), left);
    }
}

/* The first octets of a binary WebSocket message: a client masks, a gateway's has a packet in it. */
static bool is_websocket_frame(const uint8_t *data, unsigned left, bool from_gateway)
{
    if (left < 8 || data[0] != 0x82 || (data[1] & 0x80) == (from_gateway ? 0x80 : 0)) {
        return false;
    }
    unsigned head = data[1] == 126 ? 4 : 2;
    return !from_gateway || (data[1] <= 126 && left >= head && rdghttp_pdu_is_header(data + head, left - head));
}

/* The answer that agrees to WebSocket may be missing, or not decrypted, as behind a lost segment. First pass. */
static void look_for_websocket(packet_info *pinfo, rdghttp_conn_t *conn, const uint8_t *data, unsigned left)
{
    if (!PINFO_FD_VISITED(pinfo) && conn->asks_for_websocket && !conn->is_websocket &&
        is_websocket_frame(data, left, rdghttp_session_is_from_gateway(conn, pinfo))) {
        conn->is_websocket = true;
        rdghttp_session_of(conn)->transport = RDGHTTP_WEBSOCKET;
    }
}

/* What comes at AT. The octets that were dissected; 0 when more are needed, and asked for. A head is known by its first
 * octets on every pass: no WebSocket frame, line of a chunk or packet begins so. */
static unsigned dissect_unit(tvbuff_t *tvb, packet_info *pinfo, proto_tree *top, unsigned at, rdghttp_conn_t *conn)
{
    unsigned left = tvb_captured_length(tvb) - at;
    const uint8_t *data = tvb_get_ptr(tvb, (int)at, (int)left);

    if (rdghttp_head_method(data, left) != RDGHTTP_NO_METHOD || rdghttp_head_is_response(data, left)) {
        return dissect_head(tvb, pinfo, top, at, conn);
    }
    look_for_websocket(pinfo, conn, data, left);
    if (!conn->is_websocket && rdghttp_head_is_cut(data, left) &&
        ask_for_more(tvb, pinfo, at, DESEGMENT_ONE_MORE_SEGMENT)) {
        return 0;
    }
    if (conn->is_websocket) {
        dissect_websocket(tvb, pinfo, top, at, conn);
        return left;
    }
    if (conn->halves[rdghttp_session_is_from_gateway(conn, pinfo)].is_chunked) {
        return dissect_chunk(tvb, pinfo, top, at, conn);
    }
    dissect_octets(tvb_new_subset_remaining(tvb, (int)at), pinfo, top, conn);
    return left;
}

/* The connection that the octets show; it is made when they begin it. NULL when they are none of a main channel. */
static rdghttp_conn_t *get_connection(tvbuff_t *tvb, packet_info *pinfo)
{
    rdghttp_conn_t *conn = rdghttp_session_find(pinfo);
    unsigned captured = tvb_captured_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, (int)captured);

    if (conn == NULL && rdghttp_head_method(data, captured) != RDGHTTP_NO_METHOD) {
        conn = rdghttp_session_get(pinfo, true);
    }
    return conn != NULL && !conn->is_rpc ? conn : NULL;
}

/* A single R may be of any text: it waits for more only where HTTP has not been seen on the connection, which then
 * keeps what it makes of its octets. The same on every pass. */
static bool may_begin(packet_info *pinfo, unsigned captured)
{
    static bool yes = true;
    static bool no = false;

    if (captured > 1) {
        return true;
    }
    if (PINFO_FD_VISITED(pinfo)) {
        const bool *was = frame_store_next(pinfo, beginning_owner);
        return was != NULL && *was;
    }
    conversation_t *conversation = packet_conversation_find(pinfo);
    const bool is_first =
        conversation == NULL || proto_http == -1 || conversation_get_proto_data(conversation, proto_http) == NULL;
    frame_store_put(pinfo, beginning_owner, is_first ? &yes : &no);
    return is_first;
}

/* What may be the beginning of a method: true when the rest has been asked for. */
static bool dissect_beginning(tvbuff_t *tvb, packet_info *pinfo)
{
    unsigned captured = tvb_captured_length(tvb);

    return rdghttp_head_begins_method(tvb_get_ptr(tvb, 0, (int)captured), captured) &&
           !rdghttp_inner_is_running(pinfo) && may_begin(pinfo, captured) &&
           ask_for_more(tvb, pinfo, 0, DESEGMENT_ONE_MORE_SEGMENT);
}

static int dissect_rdghttp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    unsigned captured = tvb_captured_length(tvb);
    rdghttp_conn_t *conn = rdghttp_inner_is_running(pinfo) ? NULL : get_connection(tvb, pinfo);
    unsigned at = 0;

    if (conn == NULL) {
        rdghttp_rpc_look(tvb, pinfo);
        return dissect_beginning(tvb, pinfo) ? (int)captured : 0;
    }
    rdghttp_setup_on_octets(conn, pinfo);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGHTTP");
    while (at < captured) {
        unsigned length = dissect_unit(tvb, pinfo, tree, at, conn);
        if (length == 0) {
            break;
        }
        at += length;
    }
    return (int)captured;
}

/* What TLS decrypted, before HTTP is asked. */
static ws_bool dissect_rdghttp_tls_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured = tvb_captured_length(tvb);

    if (rdghttp_head_method(tvb_get_ptr(tvb, 0, (int)captured), captured) == RDGHTTP_NO_METHOD) {
        rdghttp_rpc_look(tvb, pinfo);
        return dissect_beginning(tvb, pinfo);
    }
    if (rdghttp_inner_is_running(pinfo)) {
        return FALSE;
    }
    tls_set_appdata_dissector(tls_handle, pinfo, rdghttp_handle);
    dissect_rdghttp(tvb, pinfo, tree, data);
    return TRUE;
}

/* Stands before HTTP's own heuristic. That takes any request, and Wireshark asks the heuristic first that matched last:
 * behind ordinary HTTPS, a main channel would be HTTP's. What is not ours is as it was. */
static ws_bool dissect_http_tls_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured = tvb_captured_length(tvb);

    if (own_heuristic->enabled && proto_is_protocol_enabled(find_protocol_by_id(proto_rdghttp))) {
        if (rdghttp_head_method(tvb_get_ptr(tvb, 0, (int)captured), captured) != RDGHTTP_NO_METHOD) {
            return FALSE;
        }
        rdghttp_rpc_look(tvb, pinfo);
    }
    return http_heuristic(tvb, pinfo, tree, data);
}

/* What TLS decrypted where its ends agreed on HTTP/1.1. What is not ours is as it was. */
static int dissect_behind_alpn(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (dissect_rdghttp_tls_heur(tvb, pinfo, tree, data)) {
        return (int)tvb_captured_length(tvb);
    }
    if (http_behind_alpn == NULL) {
        return 0;
    }
    if (pinfo->can_desegment > 0) {
        pinfo->can_desegment++; /* one level more */
    }
    return call_dissector_only(http_behind_alpn, tvb, pinfo, tree, data);
}

static void apply_preferences(void)
{
    if (alpn_handle == NULL) {
        return;
    }
    dissector_handle_t now = dissector_get_string_handle(find_dissector_table(alpn_table), alpn_http);
    if (looks_behind_alpn && now != alpn_handle) {
        http_behind_alpn = now;
        dissector_change_string(alpn_table, alpn_http, alpn_handle);
    } else if (!looks_behind_alpn && now == alpn_handle) {
        dissector_reset_string(alpn_table, alpn_http);
    }
}

static void stand_before_http(void)
{
    heur_dtbl_entry_t *http = find_heur_dissector_by_unique_short_name("http_tls");

    own_heuristic = find_heur_dissector_by_unique_short_name("rdghttp_tls");
    if (http != NULL && own_heuristic != NULL) {
        http_heuristic = http->dissector;
        http->dissector = dissect_http_tls_heur;
    }
}

/* A message of a WebSocket connection: of one whose request we saw, or a handshake. */
static ws_bool dissect_rdghttp_ws_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdghttp_conn_t *conn = rdghttp_inner_is_running(pinfo) ? NULL : rdghttp_session_find(pinfo);
    unsigned captured = tvb_captured_length(tvb);
    const uint8_t *octets = tvb_get_ptr(tvb, 0, (int)captured);

    if (conn == NULL && !rdghttp_inner_is_running(pinfo) && !PINFO_FD_VISITED(pinfo) &&
        rdghttp_pdu_is_handshake(octets, captured)) {
        conn = rdghttp_session_get(pinfo, octets_le16(octets) == RDGHTTP_HANDSHAKE_REQUEST);
        conn->is_websocket = true;
        rdghttp_session_of(conn)->transport = RDGHTTP_WEBSOCKET;
    }
    if (conn == NULL || !conn->is_websocket) {
        return FALSE;
    }
    rdghttp_setup_on_octets(conn, pinfo);
    dissect_octets(tvb, pinfo, tree, conn);
    return TRUE;
}

/* }}} */
/* {{{ Registration */

void proto_register_rdghttp(void)
{
    if (proto_get_id_by_filter_name("rdghttp") != -1) {
        ws_warning("Portlore's dissector of RD Gateway's main channel is off: this Wireshark has a protocol named "
                   "rdghttp already.");
        return;
    }
    proto_rdghttp = proto_register_protocol("RD Gateway HTTP (MS-TSGU)", "RDGHTTP", "rdghttp");
    rdghttp_tree_register(proto_rdghttp);
    rdghttp_expert_register(proto_rdghttp);
    rdghttp_session_register(proto_rdghttp);
    rdghttp_setup_register(proto_rdghttp);
    rdghttp_rpc_register(proto_rdghttp);
    rdghttp_stats_register();
    rdghttp_stats_counts_register(proto_rdghttp);
    join_owner = frame_store_new_owner();
    seed_owner = frame_store_new_owner();
    beginning_owner = frame_store_new_owner();
    rdghttp_handle = register_dissector("rdghttp", dissect_rdghttp, proto_rdghttp);
    module_t *module = prefs_register_protocol(proto_rdghttp, apply_preferences);
    rdghttp_inner_register(proto_rdghttp, module);
    prefs_register_bool_preference(module, "alpn", "Look into TLS that agreed on HTTP/1.1",
                                   "TLS hands what both ends have agreed to be HTTP/1.1 (ALPN) to HTTP at once: look "
                                   "for main channels in it first",
                                   &looks_behind_alpn);
}

void proto_reg_handoff_rdghttp(void)
{
    if (proto_rdghttp == -1) {
        return;
    }
    tls_handle = find_dissector_add_dependency("tls", proto_rdghttp);
    proto_http = proto_get_id_by_filter_name("http");
    http_handle = find_dissector_add_dependency("http", proto_rdghttp);
    websocket_handle = find_dissector_add_dependency("websocket", proto_rdghttp);
    rdghttp_inner_start(proto_rdghttp);
    rdghttp_stats_counts_start();
    heur_dissector_add("tls", dissect_rdghttp_tls_heur, "RD Gateway HTTP inside TLS", "rdghttp_tls", proto_rdghttp,
                       HEURISTIC_ENABLE);
    stand_before_http();
    if (find_dissector_table(alpn_table) != NULL) {
        alpn_handle = create_dissector_handle(dissect_behind_alpn, proto_rdghttp);
    }
    heur_dissector_add("ws", dissect_rdghttp_ws_heur, "RD Gateway HTTP inside WebSocket", "rdghttp_ws", proto_rdghttp,
                       HEURISTIC_ENABLE);
    dissector_add_for_decode_as("tcp.port", rdghttp_handle);
}

/* }}} */
