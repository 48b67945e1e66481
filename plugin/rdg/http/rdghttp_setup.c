/* rdghttp_setup.c
 * How far the set-up of a session came, and whether it stopped there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_setup.h"

#include "base/observers.h"
#include "base/packet_ends.h"
#include "rdg/rdg_session.h"
#include "rdghttp_names.h"
#include "rdghttp_order.h"

/* A request has no answer when the capture goes on for so long behind it: a second factor takes its time. */
#define PATIENCE (30 * RDG_SECOND)

static int proto_rdghttp = -1;

/* {{{ What is seen */

/* All connections of the session have ended, and so has it, whatever its packets say. */
static void note_end(rdghttp_session_t *session, const packet_info *pinfo)
{
    for (const rdghttp_conns_t *one = session->conns; one != NULL; one = one->next) {
        if (one->conn->session == session && !one->conn->is_over) {
            return;
        }
    }
    if (session->trunk.ended == RDG_NEVER) {
        session->trunk.ended = rdg_session_time(pinfo);
        session->is_over_by_tcp = true;
    }
}

/* First pass. Only a connection that is known, in a packet whose TCP header is there, says something. */
static void observe(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree _U_, bool is_icmp)
{
    packet_ends_t ends;

    if (PINFO_FD_VISITED(pinfo) || is_icmp || pinfo->ptype != PT_TCP ||
        (!rdg_offer_is_main_port(pinfo->srcport) && !rdg_offer_is_main_port(pinfo->destport))) {
        return;
    }
    rdghttp_conn_t *conn = rdghttp_session_find(pinfo);
    if (conn == NULL || conn->session == NULL || !packet_ends_read(frame, pinfo, is_icmp, &ends) ||
        !packet_ends_read_header(frame, pinfo, &ends)) {
        return;
    }
    const ip_header_t *header = &ends.header;
    bool from_gateway = rdghttp_session_is_from_gateway(conn, pinfo);
    unsigned captured = tvb_captured_length(frame);
    size_t there = header->payload < captured ? captured - header->payload : 0;
    there = MIN(there, header->payload_length);
    rdghttp_segment_t segment = {
        .from_gateway = from_gateway,
        .syn = header->syn,
        .ack = header->ack,
        .fin = header->fin,
        .rst = header->rst,
        .sequence = header->sequence,
        .acknowledged = header->acknowledged,
        .octets = there > 0 ? tvb_get_ptr(frame, (int)header->payload, (int)there) : NULL,
        .captured = there,
        .length = (uint32_t)header->payload_length,
        .is_read = conn->halves[from_gateway].read_in == pinfo->num,
        .is_step = conn->step_in == pinfo->num,
    };
    /* With a read filter, the next frame may have the same number. */
    conn->halves[from_gateway].read_in = 0;
    conn->step_in = 0;
    if (segment.is_step && rdghttp_tcp_is_behind_gap(&conn->tcp, &segment)) {
        conn->session->step.note->is_out_of_order = false;
    }
    const bool was_open = conn->tcp.end == RDGHTTP_TCP_OPEN;
    rdghttp_tcp_on_segment(&conn->tcp, &segment);
    if (was_open && conn->tcp.end != RDGHTTP_TCP_OPEN) {
        conn->ended = pinfo->abs_ts;
    }
    if (segment.fin || segment.rst) {
        conn->is_over = true;
        note_end(conn->session, pinfo);
    }
}

void rdghttp_setup_register(int proto)
{
    proto_rdghttp = proto;
}

void rdghttp_setup_on_octets(rdghttp_conn_t *conn, const packet_info *pinfo)
{
    if (PINFO_FD_VISITED(pinfo)) {
        return;
    }
    conn->halves[rdghttp_session_is_from_gateway(conn, pinfo)].read_in = pinfo->num;
}

void rdghttp_setup_on_websocket(rdghttp_conn_t *conn, const packet_info *pinfo, const uint8_t *octets, size_t length)
{
    const bool from_gateway = rdghttp_session_is_from_gateway(conn, pinfo);
    const int status = rdghttp_tcp_find_websocket_close(octets, length, from_gateway);

    if (status >= 0 && conn->tcp.end == RDGHTTP_TCP_OPEN) {
        rdghttp_tcp_on_websocket_close(&conn->tcp, from_gateway, (uint16_t)status);
        conn->ended = pinfo->abs_ts;
    }
}

/* NOTE is the latest step; what was before does not matter any more. */
static void on_step(rdghttp_conn_t *conn, const packet_info *pinfo, rdghttp_note_t *note, const rdghttp_step_t *step)
{
    rdghttp_session_t *session = note->session;

    observers_add(proto_rdghttp, observe);
    session->step = *step;
    session->step.note = note;
    for (rdghttp_conns_t *one = session->conns; one != NULL; one = one->next) {
        rdghttp_tcp_on_step(&one->conn->tcp);
    }
    conn->step_in = pinfo->num;
    conn->is_over = false;
    /* The last step has a time of its own for the end. */
    if (session->is_over_by_tcp && !step->is_through) {
        session->trunk.ended = RDG_NEVER;
    }
    session->is_over_by_tcp = false;
}

static bool is_whole(const rdghttp_session_t *session)
{
    for (const rdghttp_conns_t *one = session->conns; one != NULL; one = one->next) {
        if (one->conn->session == session && !rdghttp_tcp_is_whole(&one->conn->tcp)) {
            return false;
        }
    }
    return true;
}

/* The packet before counts only where the capture has all octets since. An answer is in order, too, when its request
 * came before the answer to another one. */
static void judge_order(rdghttp_note_t *note, uint16_t type)
{
    rdghttp_session_t *session = note->session;

    if (!rdghttp_order_is_step(type)) {
        return;
    }
    note->is_out_of_order = session->packet_before != 0 && !rdghttp_order_follows(type, session->packet_before) &&
                            !(rdghttp_session_is_answer(type) && note->peer != NULL) && is_whole(session);
    session->packet_before = type;
}

void rdghttp_setup_on_head(rdghttp_conn_t *conn, const packet_info *pinfo, rdghttp_note_t *note,
                           const rdghttp_head_t *head)
{
    rdghttp_step_t step = { .method = head->method, .status = head->status };

    if (PINFO_FD_VISITED(pinfo)) {
        return;
    }
    /* The IN channel's body is the channel itself, so that its request is not answered before its end. */
    step.wants_answer = head->method != RDGHTTP_NO_METHOD && !head->is_chunked;
    step.is_from_gateway = head->method == RDGHTTP_NO_METHOD;
    on_step(conn, pinfo, note, &step);
}

void rdghttp_setup_on_packet(rdghttp_conn_t *conn, const packet_info *pinfo, rdghttp_note_t *note,
                             const rdghttp_pdu_t *pdu)
{
    rdghttp_step_t step = { .type = pdu->type, .is_from_gateway = rdghttp_session_is_from_gateway(conn, pinfo) };

    if (PINFO_FD_VISITED(pinfo)) {
        return;
    }
    judge_order(note, pdu->type);
    switch (pdu->type) {
    case RDGHTTP_HANDSHAKE_REQUEST:
    case RDGHTTP_EXTENDED_AUTH:
    case RDGHTTP_TUNNEL_CREATE:
    case RDGHTTP_TUNNEL_AUTH:
    case RDGHTTP_CHANNEL_CREATE:
        step.wants_answer = !step.is_from_gateway;
        break;
    case RDGHTTP_HANDSHAKE_RESPONSE:
    case RDGHTTP_TUNNEL_RESPONSE:
        break;
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        /* A tunnel that authenticates another one anew opens no channel. */
        step.is_through = note->session->negotiation.is_reauth;
        break;
    case RDGHTTP_CHANNEL_RESPONSE:
    case RDGHTTP_CLOSE_CHANNEL:
    case RDGHTTP_CLOSE_CHANNEL_RESPONSE:
        step.is_through = true;
        break;
    default:
        return; /* may come at any time */
    }
    on_step(conn, pinfo, note, &step);
}

/* }}} */
/* {{{ What follows */

/* The connection that ended first behind the latest step; NULL when none did. */
static const rdghttp_conn_t *find_end(const rdghttp_session_t *session)
{
    const rdghttp_conn_t *first = NULL;

    for (const rdghttp_conns_t *one = session->conns; one != NULL; one = one->next) {
        if (one->conn->session == session && one->conn->tcp.end != RDGHTTP_TCP_OPEN &&
            (first == NULL || nstime_cmp(&one->conn->ended, &first->ended) < 0)) {
            first = one->conn;
        }
    }
    return first;
}

const rdghttp_conn_t *rdghttp_setup_find_end(const rdghttp_session_t *session)
{
    return session->step.note != NULL && is_whole(session) ? find_end(session) : NULL;
}

/* How long the capture goes on behind the latest step. */
static rdg_time_t time_since(const rdghttp_step_t *step)
{
    nstime_t since;

    nstime_delta(&since, frame_store_latest(), &step->note->when);
    return rdg_session_time_of(&since);
}

/* Of two channels, the one with the answers may not be decrypted: no RDG_OUT_DATA was seen. */
bool rdghttp_setup_has_stopped(const rdghttp_session_t *session)
{
    const rdghttp_step_t *step = &session->step;

    if (step->note == NULL || step->is_through || session->story.has_channel || session->refusal != NULL ||
        session->trunk.last_data[RDG_CLIENT] != RDG_NEVER || session->trunk.last_data[RDG_GATEWAY] != RDG_NEVER ||
        !session->has_out || !is_whole(session)) {
        return false;
    }
    return find_end(session) != NULL || (step->wants_answer && time_since(step) >= PATIENCE);
}

bool rdghttp_setup_is_refused(const rdghttp_session_t *session)
{
    const rdghttp_step_t *step = &session->step;

    return session->refusal != NULL && step->note == session->refusal && is_whole(session) &&
           (!session->refusal_asks || find_end(session) != NULL || time_since(step) >= PATIENCE);
}

static const char *write_step(wmem_allocator_t *scope, const rdghttp_step_t *step)
{
    if (step->status != 0) {
        return wmem_strdup_printf(scope, "the gateway's %s HTTP %u", step->status == 401 ? "challenge" : "answer",
                                  step->status);
    }
    if (step->method != RDGHTTP_NO_METHOD) {
        return step->method == RDGHTTP_OUT_METHOD ? "the request RDG_OUT_DATA" : "the request RDG_IN_DATA";
    }
    return val_to_str_const(step->type, rdghttp_names_types, "?");
}

const char *rdghttp_setup_write(wmem_allocator_t *scope, const rdghttp_session_t *session)
{
    const rdghttp_step_t *step = &session->step;
    const rdghttp_conn_t *conn = find_end(session);
    const char *name = write_step(scope, step);

    if (conn == NULL) {
        return wmem_strdup_printf(
            scope,
            "The set-up stops: %s has no answer in the %.0f s for which this capture goes on. See "
            "the gateway's event log, a second factor, a balancer without affinity.",
            name, (double)time_since(step) / (double)RDG_SECOND);
    }
    const char *how = conn->tcp.end == RDGHTTP_TCP_RESET ? "resets" : "closes";
    const char *by = conn->tcp.end == RDGHTTP_TCP_ALERT ? " by a TLS alert"
                     : conn->tcp.end == RDGHTTP_TCP_WEBSOCKET
                         ? wmem_strdup_printf(scope, " by a %s", rdghttp_setup_write_end(scope, &conn->tcp))
                         : "";
    const char *unanswered = step->wants_answer ? ", which has no answer" : "";
    if (conn->tcp.ended_by_gateway) {
        return wmem_strdup_printf(
            scope,
            "The set-up stops: the gateway's end %s the connection%s after %s%s. See the gateway's "
            "event log, and what stands before it.",
            how, by, name, unanswered);
    }
    return wmem_strdup_printf(scope, "The set-up stops: the client %s the connection%s after %s%s. See the client.",
                              how, by, name, unanswered);
}

const char *rdghttp_setup_write_end(wmem_allocator_t *scope, const rdghttp_tcp_t *tcp)
{
    if (tcp->end == RDGHTTP_TCP_ALERT) {
        return "TLS alert";
    }
    if (tcp->end != RDGHTTP_TCP_WEBSOCKET) {
        return tcp->end == RDGHTTP_TCP_RESET ? "TCP RST" : "TCP FIN";
    }
    return tcp->close_status != 0 ? wmem_strdup_printf(scope, "WebSocket Close %u", tcp->close_status)
                                  : "WebSocket Close";
}

/* }}} */
