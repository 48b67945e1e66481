/* rdghttp_session.h
 * Sessions of RD Gateways' main channels: a WebSocket connection, or the two HTTP channels of one RDG-Connection-Id.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_SESSION_H
#define PORTLORE_RDGHTTP_SESSION_H

#include <epan/packet.h>

#include "base/frame_store.h"
#include "rdg/rdg_offer.h"
#include "rdghttp_head.h"
#include "rdghttp_join.h"
#include "rdghttp_pdu.h"
#include "rdghttp_story.h"
#include "rdghttp_tcp.h"
#include "rdghttp_verdict.h"

#include <stdbool.h>
#include <stdint.h>

/* rdghttp.transport. */
enum { RDGHTTP_WEBSOCKET = 0, RDGHTTP_TWO_CHANNELS = 1, RDGHTTP_RPC = 2, RDGHTTP_NO_TRANSPORT = 255 };

/* Requests and their answers: handshake, tunnel, authorisation, channel, close. */
#define RDGHTTP_EXCHANGES 5

/* What was found out about a packet or a head on the first pass. Lives as long as the file. */
typedef struct rdghttp_note {
    struct rdghttp_session *session;
    frame_record_t *frame;
    frame_record_t *peer; /* the answer of a request, the request of an answer; NULL while there is none */
    nstime_t when;
    nstime_t took;             /* of an answer with a request */
    rdghttp_verdict_t verdict; /* as known then: rdghttp_outcome_keep() */
    bool is_offer;             /* a CHANNEL_RESPONSE that offers UDP */
    bool is_out_of_order;      /* nothing is missing in the capture before it, and it is not what comes next */
} rdghttp_note_t;

/* The latest request, answer or packet of a session's set-up. */
typedef struct {
    rdghttp_note_t *note;    /* NULL before */
    uint16_t type;           /* of a packet; 0 of a head */
    rdghttp_method_t method; /* of a request */
    unsigned status;         /* of an answer of HTTP */
    bool is_from_gateway;
    bool wants_answer;
    bool is_through; /* the set-up is over */
} rdghttp_step_t;

typedef struct rdghttp_session {
    rdg_main_t trunk; /* numbers from 0, in the order in which the sessions appear; the ends of the first connection */
    uint8_t transport;
    const char *proxy_target; /* host and port that the client asks a proxy for; NULL when not known */
    uint32_t client_port;     /* of the first connection; stands for the client's end of what DATA carries */
    uint32_t inner_port;      /* stands for the target's end; 0 before the first use */
    rdghttp_negotiation_t negotiation;
    rdghttp_note_t *requests[RDGHTTP_EXCHANGES]; /* not answered so far */
    rdghttp_note_t *refusal;                     /* the last HTTP answer when it refuses, and no request came since */
    bool has_out;                                /* RDG_OUT_DATA was seen, so that the gateway's packets can be, too */
    bool has_credentials;                        /* the latest request did not come with nothing */
    bool refusal_asks;                           /* with REFUSAL: it asks a client that came with nothing for them */
    rdghttp_story_t story;
    struct rdghttp_offers *last_offer; /* the latest one; NULL before */
    struct rdghttp_conns *conns;       /* that are or were of it, the latest first */
    rdghttp_confirm_t confirm;         /* of the target, in DATA */
    rdghttp_step_t step;
    bool is_over_by_tcp;    /* trunk.ended is when its connections ended, not a packet's time */
    uint16_t packet_before; /* type of the latest packet of the set-up; 0 before */
} rdghttp_session_t;

/* The offers of a session, the latest first. */
typedef struct rdghttp_offers {
    rdg_offer_t *offer;
    struct rdghttp_offers *earlier;
} rdghttp_offers_t;

/* One direction of a connection. */
typedef struct {
    rdghttp_join_t packets;
    rdghttp_join_t inner;
    bool is_chunked;
    bool has_begun;   /* with a packet */
    uint32_t read_in; /* number of the latest frame in which something was read; first pass */
} rdghttp_half_t;

/* A TCP connection. */
typedef struct rdghttp_conn {
    address client;
    uint32_t client_port;
    address gateway;
    uint32_t gateway_port;
    bool is_by_proxy;         /* the gateway's end is a proxy's, on which the client opened a tunnel with CONNECT */
    const char *proxy_target; /* as that names it, "HOST:PORT"; NULL when not known */
    bool is_websocket;
    bool asks_for_websocket;    /* the latest request does, and no answer to it was seen */
    bool is_rpc;                /* RPC over HTTP, which is left to Wireshark */
    rdg_time_t began;           /* when the first packet was seen */
    uint32_t stream;            /* tcp.stream, or RDG_NO_STREAM */
    rdghttp_half_t halves[2];   /* from the client, from the gateway */
    rdghttp_session_t *session; /* NULL as long as nothing needs it */
    rdghttp_tcp_t tcp;
    bool is_over;     /* a FIN or a RST came, behind whatever */
    nstime_t ended;   /* when it did; with an end in TCP */
    uint32_t step_in; /* number of the frame of the session's latest step that this connection brought; first pass */
} rdghttp_conn_t;

/* The connections of a session. One that went over to another session is of that one. */
typedef struct rdghttp_conns {
    rdghttp_conn_t *conn;
    struct rdghttp_conns *next;
} rdghttp_conns_t;

/* PROTO is the id under which connections hang on conversations. Call once, at registration. */
void rdghttp_session_register(int proto);

/* The connection of the packet. NULL when there is none. */
rdghttp_conn_t *rdghttp_session_find(packet_info *pinfo);

/* The same; made when there is none. FROM_CLIENT is whether the packet is the client's. */
rdghttp_conn_t *rdghttp_session_get(packet_info *pinfo, bool from_client);

/* The session of the connection, made when it has none. */
rdghttp_session_t *rdghttp_session_of(rdghttp_conn_t *conn);

/* Calls ADD with the arguments once it is known whether CONN goes by a proxy: at once, or behind all dissectors of the
 * packet that brought the connection. */
typedef void (*rdghttp_settled_t)(tvbuff_t *tvb, proto_tree *tree, const rdghttp_conn_t *conn);
void rdghttp_session_when_settled(const rdghttp_conn_t *conn, tvbuff_t *tvb, proto_tree *tree, rdghttp_settled_t add);

/* True when the packet goes to the client. */
bool rdghttp_session_is_from_gateway(const rdghttp_conn_t *conn, const packet_info *pinfo);

/* The session of the number. NULL when there is none. */
const rdghttp_session_t *rdghttp_session_of_number(uint32_t number);

/* A request, or an answer, of the connection, which TVB begins with. The note of it; NULL when a later pass reads the
 * frame otherwise. */
rdghttp_note_t *rdghttp_session_on_head(rdghttp_conn_t *conn, tvbuff_t *tvb, packet_info *pinfo,
                                        const rdghttp_head_t *head);

/* First pass: a request of RPC over HTTP, ID what it says of its session. The note of it. */
rdghttp_note_t *rdghttp_session_on_rpc(packet_info *pinfo, const rdghttp_guid_t *id);

/* A packet other than DATA, which TVB is as far as it was captured. */
rdghttp_note_t *rdghttp_session_on_packet(rdghttp_conn_t *conn, tvbuff_t *tvb, packet_info *pinfo,
                                          const rdghttp_pdu_t *pdu);

/* First pass: DATA, whose OCTETS are LENGTH. */
void rdghttp_session_on_data(rdghttp_conn_t *conn, packet_info *pinfo, const uint8_t *octets, size_t length);

/* True for the packets that answer a request. */
bool rdghttp_session_is_answer(uint16_t type);

#endif
