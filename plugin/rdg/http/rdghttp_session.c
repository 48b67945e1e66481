/* rdghttp_session.c
 * Sessions of RD Gateways' main channels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_session.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-http.h>
#include <epan/dissectors/packet-tcp.h>
#include <wsutil/wmem/wmem.h>
#include <epan/wmem_scopes.h>

#include <string.h>

#include "base/observers.h"
#include "base/packet_conversation.h"
#include "rdg/rdg_session.h"

#define TLS_ALERT 21

static int proto_rdghttp = -1;
static int note_owner = -1;
static wmem_map_t *by_connection_id; /* rdghttp_guid_t -> rdghttp_session_t */
static wmem_map_t *by_number;        /* a session's number -> rdghttp_session_t */
static uint32_t num_sessions;
static rdghttp_conn_t *new_conn; /* found in the packet that is being dissected; NULL otherwise */
static int proto_http = -1;

/* What waits for the ends of NEW_CONN; no ADD when nothing does. */
static struct {
    rdghttp_settled_t add;
    tvbuff_t *tvb;
    proto_tree *tree;
} waiting;
static int proto_tcp = -1;

static unsigned hash_id(const void *key)
{
    const rdghttp_guid_t *id = key;

    return wmem_strong_hash(id->data4, sizeof id->data4) ^ id->data1;
}

static int ids_are_equal(const void *key, const void *other_key)
{
    const rdghttp_guid_t *id = key;
    const rdghttp_guid_t *other = other_key;

    return id->data1 == other->data1 && id->data2 == other->data2 && id->data3 == other->data3 &&
           memcmp(id->data4, other->data4, sizeof id->data4) == 0;
}

static void forget(void)
{
    num_sessions = 0;
    new_conn = NULL;
    waiting.add = NULL;
}

void rdghttp_session_register(int proto)
{
    proto_rdghttp = proto;
    note_owner = frame_store_new_owner();
    by_connection_id = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_id, ids_are_equal);
    by_number = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    rdg_offer_init();
    register_init_routine(forget);
}

static rdghttp_session_t *new_session(rdghttp_conn_t *conn)
{
    rdghttp_session_t *session = wmem_new0(wmem_file_scope(), rdghttp_session_t);

    session->transport = RDGHTTP_NO_TRANSPORT;
    session->client_port = conn->client_port;
    session->story.auth = RDGHTTP_AUTH_UNKNOWN;
    session->trunk.number = num_sessions++;
    session->trunk.client = conn->client;
    session->trunk.gateway = conn->gateway;
    session->trunk.gateway_port = (uint16_t)conn->gateway_port;
    session->trunk.is_by_proxy = conn->is_by_proxy;
    session->proxy_target = conn->proxy_target;
    session->trunk.began = conn->began;
    rdg_offer_add_main(&session->trunk);
    rdg_offer_add_stream(&session->trunk, conn->stream);
    rdg_link_start();
    wmem_map_insert(by_number, GUINT_TO_POINTER(session->trunk.number), session);
    return session;
}

const rdghttp_session_t *rdghttp_session_of_number(uint32_t number)
{
    return wmem_map_lookup(by_number, GUINT_TO_POINTER(number));
}

rdghttp_conn_t *rdghttp_session_find(packet_info *pinfo)
{
    conversation_t *conversation = packet_conversation_find(pinfo);

    return conversation != NULL ? conversation_get_proto_data(conversation, proto_rdghttp) : NULL;
}

/* The stream of the connection; RDG_NO_STREAM where CONVERSATION is none of TCP's own. */
static uint32_t stream_of(const conversation_t *conversation)
{
    const struct tcp_analysis *analysis =
        conversation != NULL ? conversation_get_proto_data(conversation, proto_tcp) : NULL;

    return analysis != NULL ? analysis->stream : RDG_NO_STREAM;
}

/* What the client asked a proxy to connect it to, as far as Wireshark's HTTP knows it; NULL when it asked for no
 * tunnel. Inside one, HTTP reads no further request. */
static const char *find_proxy_target(const conversation_t *conversation)
{
    static const char connect[] = "CONNECT";

    proto_http = proto_get_id_by_filter_name("http");
    const http_conv_t *http = proto_http != -1 ? conversation_get_proto_data(conversation, proto_http) : NULL;
    if (http == NULL || http->startframe == 0) {
        return NULL;
    }
    const char *method = WS_HTTP_REQUEST(http, request_method);
    return method != NULL && strcmp(method, connect) == 0 ? WS_HTTP_REQUEST(http, request_uri) : NULL;
}

/* The connection goes to a proxy at PORT; where Wireshark shows its dissectors another one, SHOWN, that is the port of
 * the tunnel's target. */
static void settle_proxy(rdghttp_conn_t *conn, conversation_t *conversation, uint32_t port, uint32_t shown)
{
    const char *target = conversation != NULL ? find_proxy_target(conversation) : NULL;

    if (port == shown && target == NULL) {
        return;
    }
    conn->gateway_port = port;
    conn->is_by_proxy = true;
    conn->proxy_target = target != NULL ? wmem_strdup(wmem_file_scope(), target) : NULL;
    conn->stream = stream_of(conversation);
    if (conversation != NULL && conversation_get_proto_data(conversation, proto_rdghttp) == NULL) {
        conversation_add_proto_data(conversation, proto_rdghttp, conn);
    }
    if (conn->session == NULL) {
        return;
    }
    rdg_main_t *trunk = &conn->session->trunk;
    rdg_offer_add_stream(trunk, conn->stream);
    if (trunk->gateway_port == shown && addresses_equal(&trunk->gateway, &conn->gateway)) {
        trunk->gateway_port = (uint16_t)port;
        trunk->is_by_proxy = true;
        conn->session->proxy_target = conn->proxy_target;
        rdg_offer_add_port(trunk);
    }
}

/* Inside an HTTP tunnel (CONNECT), Wireshark's HTTP gives the packet the port of the tunnel's target, and takes it back
 * afterwards. Then the port is known that the connection goes to, which is a proxy's. */
static void settle_ends(tvbuff_t *frame _U_, packet_info *pinfo, proto_tree *tree _U_, bool is_icmp _U_)
{
    rdghttp_conn_t *conn = new_conn;

    if (conn == NULL || PINFO_FD_VISITED(pinfo)) {
        return;
    }
    new_conn = NULL;
    const uint32_t port = rdghttp_session_is_from_gateway(conn, pinfo) ? pinfo->srcport : pinfo->destport;
    settle_proxy(conn, find_conversation_pinfo(pinfo, 0), port, conn->gateway_port);
    if (waiting.add != NULL) {
        waiting.add(waiting.tvb, waiting.tree, conn);
        waiting.add = NULL;
    }
}

void rdghttp_session_when_settled(const rdghttp_conn_t *conn, tvbuff_t *tvb, proto_tree *tree, rdghttp_settled_t add)
{
    if (conn != new_conn) {
        add(tvb, tree, conn);
    } else if (waiting.add == NULL) {
        waiting.add = add;
        waiting.tvb = tvb;
        waiting.tree = tree;
    }
}

/* Inside an HTTP tunnel, Wireshark 4.6 also gives the packet the name of the tunnel's target for an address, but leaves
 * the addresses of IP as they are. */
static const address *source_of(const packet_info *pinfo)
{
    return pinfo->net_src.type != AT_NONE ? &pinfo->net_src : &pinfo->src;
}

static const address *destination_of(const packet_info *pinfo)
{
    return pinfo->net_dst.type != AT_NONE ? &pinfo->net_dst : &pinfo->dst;
}

rdghttp_conn_t *rdghttp_session_get(packet_info *pinfo, bool from_client)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    rdghttp_conn_t *conn = conversation_get_proto_data(conversation, proto_rdghttp);

    if (conn == NULL) {
        conn = wmem_new0(wmem_file_scope(), rdghttp_conn_t);
        copy_address_wmem(wmem_file_scope(), &conn->client, from_client ? source_of(pinfo) : destination_of(pinfo));
        conn->client_port = from_client ? pinfo->srcport : pinfo->destport;
        copy_address_wmem(wmem_file_scope(), &conn->gateway, from_client ? destination_of(pinfo) : source_of(pinfo));
        conn->gateway_port = from_client ? pinfo->destport : pinfo->srcport;
        proto_tcp = proto_get_id_by_filter_name("tcp");
        conn->stream = stream_of(conversation);
        conn->began = rdg_session_time(pinfo);
        new_conn = conn;
        waiting.add = NULL;
        observers_add(proto_rdghttp, settle_ends);
        conversation_add_proto_data(conversation, proto_rdghttp, conn);
    }
    return conn;
}

bool rdghttp_session_is_from_gateway(const rdghttp_conn_t *conn, const packet_info *pinfo)
{
    return pinfo->destport == conn->client_port && addresses_equal(destination_of(pinfo), &conn->client);
}

static void set_session(rdghttp_conn_t *conn, rdghttp_session_t *session)
{
    if (conn->session != session) {
        rdghttp_conns_t *conns = wmem_new(wmem_file_scope(), rdghttp_conns_t);
        conns->conn = conn;
        conns->next = session->conns;
        session->conns = conns;
        conn->session = session;
    }
}

rdghttp_session_t *rdghttp_session_of(rdghttp_conn_t *conn)
{
    if (conn->session == NULL) {
        set_session(conn, new_session(conn));
    }
    return conn->session;
}

static rdghttp_note_t *new_note(rdghttp_session_t *session, packet_info *pinfo)
{
    rdghttp_note_t *note = wmem_new0(wmem_file_scope(), rdghttp_note_t);

    note->session = session;
    note->frame = frame_store_record(pinfo);
    note->when = pinfo->abs_ts;
    return note;
}

static rdghttp_note_t *put_note(rdghttp_conn_t *conn, packet_info *pinfo)
{
    rdghttp_note_t *note = new_note(rdghttp_session_of(conn), pinfo);

    frame_store_put(pinfo, note_owner, note);
    return note;
}

/* True when the session has come so far without CONN that RDG_OUT_DATA on CONN is no further round of its
 * authentication: the client begins another session under the connection id of the one before. */
static bool is_begun_without(const rdghttp_session_t *session, const rdghttp_conn_t *conn)
{
    bool is_websocket = false;

    for (const rdghttp_conns_t *one = session->conns; one != NULL; one = one->next) {
        if (one->conn == conn) {
            return false;
        }
        is_websocket = is_websocket || one->conn->is_websocket;
    }
    return is_websocket || (session->has_out && session->packet_before != 0);
}

/* Both channels of a connection id are one session. BEGINS is whether the request can begin one: RDG_OUT_DATA. */
static void join_session(rdghttp_conn_t *conn, const rdghttp_guid_t *connection_id, bool begins)
{
    rdghttp_session_t *session = wmem_map_lookup(by_connection_id, connection_id);

    if (session == NULL || (begins && is_begun_without(session, conn))) {
        rdghttp_guid_t *id = wmem_new(wmem_file_scope(), rdghttp_guid_t);
        *id = *connection_id;
        session = rdghttp_session_of(conn);
        wmem_map_insert(by_connection_id, id, session);
    }
    set_session(conn, session);
    rdg_offer_add_stream(&session->trunk, conn->stream);
}

rdghttp_note_t *rdghttp_session_on_head(rdghttp_conn_t *conn, tvbuff_t *tvb, packet_info *pinfo,
                                        const rdghttp_head_t *head)
{
    if (PINFO_FD_VISITED(pinfo)) {
        return frame_store_next(pinfo, note_owner);
    }
    if (head->method != RDGHTTP_NO_METHOD && head->connection_id.is_there) {
        join_session(conn, &head->connection_id, head->method == RDGHTTP_OUT_METHOD);
    }
    rdghttp_note_t *note = put_note(conn, pinfo);
    rdghttp_session_t *session = conn->session;
    rdghttp_story_on_head(&session->story, tvb, head, note->frame);
    conn->asks_for_websocket = head->method != RDGHTTP_NO_METHOD && head->has_upgrade;
    if (head->method != RDGHTTP_NO_METHOD) {
        session->refusal = NULL;
        session->has_credentials = head->authorization.length > 0;
        conn->halves[0].is_chunked = head->is_chunked;
        session->has_out = session->has_out || head->method == RDGHTTP_OUT_METHOD;
        if (head->method == RDGHTTP_IN_METHOD) {
            session->transport = RDGHTTP_TWO_CHANNELS;
        }
    } else if (head->status == 101) {
        conn->is_websocket = true;
        session->transport = RDGHTTP_WEBSOCKET;
    } else if (head->status >= 400) {
        bool asks = head->status == 401 || head->status == 407;
        session->refusal = asks && head->has_challenge ? NULL : note;
        session->refusal_asks = asks && head->is_asking && !session->has_credentials;
    } else if (head->status == 200) {
        session->transport = RDGHTTP_TWO_CHANNELS;
        conn->halves[1].is_chunked = head->is_chunked;
    }
    return note;
}

rdghttp_note_t *rdghttp_session_on_rpc(packet_info *pinfo, const rdghttp_guid_t *id)
{
    rdghttp_conn_t *conn = rdghttp_session_get(pinfo, true);

    conn->is_rpc = true;
    if (id->is_there) {
        join_session(conn, id, false);
    }
    rdghttp_session_t *session = rdghttp_session_of(conn);
    session->transport = RDGHTTP_RPC;
    session->negotiation.verdict = RDGHTTP_UDP_RPC;
    session->trunk.has_no_udp = true;
    rdghttp_note_t *note = new_note(session, pinfo);
    note->verdict = RDGHTTP_UDP_RPC;
    return note;
}

/* Which exchange a packet is of; RDGHTTP_EXCHANGES for none. */
static unsigned exchange_of(uint16_t type)
{
    switch (type) {
    case RDGHTTP_HANDSHAKE_REQUEST:
    case RDGHTTP_HANDSHAKE_RESPONSE:
        return 0;
    case RDGHTTP_TUNNEL_CREATE:
    case RDGHTTP_TUNNEL_RESPONSE:
        return 1;
    case RDGHTTP_TUNNEL_AUTH:
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        return 2;
    case RDGHTTP_CHANNEL_CREATE:
    case RDGHTTP_CHANNEL_RESPONSE:
        return 3;
    case RDGHTTP_CLOSE_CHANNEL:
    case RDGHTTP_CLOSE_CHANNEL_RESPONSE:
        return 4;
    default:
        return RDGHTTP_EXCHANGES;
    }
}

bool rdghttp_session_is_answer(uint16_t type)
{
    return type == RDGHTTP_HANDSHAKE_RESPONSE || type == RDGHTTP_TUNNEL_RESPONSE ||
           type == RDGHTTP_TUNNEL_AUTH_RESPONSE || type == RDGHTTP_CHANNEL_RESPONSE ||
           type == RDGHTTP_CLOSE_CHANNEL_RESPONSE;
}

static void match(rdghttp_session_t *session, rdghttp_note_t *note, uint16_t type)
{
    unsigned exchange = exchange_of(type);

    if (exchange == RDGHTTP_EXCHANGES) {
        return;
    }
    if (!rdghttp_session_is_answer(type)) {
        session->requests[exchange] = note;
        return;
    }
    rdghttp_note_t *request = session->requests[exchange];
    if (request != NULL) {
        request->peer = note->frame;
        note->peer = request->frame;
        nstime_delta(&note->took, &note->when, &request->when);
        session->requests[exchange] = NULL;
    }
}

/* True for a CHANNEL_RESPONSE that offers UDP. */
static bool add_offer(rdghttp_session_t *session, tvbuff_t *tvb, packet_info *pinfo, const rdghttp_pdu_t *pdu)
{
    if (!rdghttp_verdict_is_offer(pdu)) {
        return false;
    }
    const rdghttp_part_t *port = rdghttp_pdu_find(pdu, RDGHTTP_UDP_PORT);
    const rdghttp_part_t *cookie = rdghttp_pdu_find(pdu, RDGHTTP_UDP_COOKIE);
    rdghttp_offers_t *offers = wmem_new(wmem_file_scope(), rdghttp_offers_t);
    const rdghttp_story_t *story = &session->story;
    const uint8_t *octets =
        cookie->length > 0 ? tvb_get_ptr(tvb, (int)cookie->offset, (int)cookie->length) : (const uint8_t *)"";
    offers->offer =
        rdg_offer_add(&session->trunk, frame_store_record(pinfo), rdg_session_time(pinfo), (uint16_t)port->value,
                      story->has_correlation_id ? &story->correlation_id : NULL, octets, cookie->length);
    offers->earlier = session->last_offer;
    session->last_offer = offers;
    return true;
}

/* A later channel begins the session anew. */
static void note_end(rdg_main_t *trunk, const rdghttp_negotiation_t *negotiation, packet_info *pinfo,
                     const rdghttp_pdu_t *pdu)
{
    if (pdu->type == RDGHTTP_CLOSE_CHANNEL || pdu->type == RDGHTTP_CLOSE_CHANNEL_RESPONSE) {
        trunk->ended = trunk->ended == RDG_NEVER ? rdg_session_time(pinfo) : trunk->ended;
    } else if (pdu->type == RDGHTTP_CHANNEL_RESPONSE && !rdghttp_verdict_is_refusal(pdu)) {
        trunk->ended = RDG_NEVER;
    }
    trunk->has_no_udp = negotiation->verdict != RDGHTTP_UDP_UNKNOWN && negotiation->verdict != RDGHTTP_UDP_OFFERED;
}

void rdghttp_session_on_data(rdghttp_conn_t *conn, packet_info *pinfo, const uint8_t *octets, size_t length)
{
    rdg_main_t *trunk = &rdghttp_session_of(conn)->trunk;
    bool from_gateway = rdghttp_session_is_from_gateway(conn, pinfo);
    rdghttp_confirm_t confirm = from_gateway ? rdghttp_pdu_confirm(octets, length) : RDGHTTP_CONFIRM_NONE;

    if (confirm != RDGHTTP_CONFIRM_NONE) {
        conn->session->confirm = confirm;
    }
    /* What an inner TLS says at its end carries nothing on, nor does what comes behind CLOSE_CHANNEL. */
    if (length == 0 || octets[0] == TLS_ALERT || trunk->ended != RDG_NEVER) {
        return;
    }
    trunk->last_data[from_gateway] = rdg_session_time(pinfo);
    if (from_gateway) {
        trunk->stream = conn->stream;
    }
}

rdghttp_note_t *rdghttp_session_on_packet(rdghttp_conn_t *conn, tvbuff_t *tvb, packet_info *pinfo,
                                          const rdghttp_pdu_t *pdu)
{
    if (PINFO_FD_VISITED(pinfo)) {
        return frame_store_next(pinfo, note_owner);
    }
    rdghttp_session_t *session = rdghttp_session_of(conn);
    rdghttp_verdict_on_packet(&session->negotiation, pdu);
    bool is_offer = add_offer(session, tvb, pinfo, pdu);
    note_end(&session->trunk, &session->negotiation, pinfo, pdu);
    rdghttp_note_t *note = put_note(conn, pinfo);
    note->is_offer = is_offer;
    rdghttp_story_on_packet(&session->story, tvb, pdu, rdghttp_session_is_from_gateway(conn, pinfo), note->frame);
    match(session, note, pdu->type);
    return note;
}
