/* rdgudp_fallback.c
 * Whether the session goes on over HTTPS while a channel does not work.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_fallback.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

#include "base/tcp_sequence.h"

#define DEFAULT_PORTS "443"
#define MAX_PORT 65535
#define TLS_ALERT 21

/* A connection that begins so much later than a channel's first try is of another program: a session has its main
 * channel before (MS-TSGU section 1.3.3.1), and gives up within this time when it begins another one. */
#define ATTEMPT_LASTS (5 * RDG_SECOND)

/* A client may go on trying UDP for so long when its main channel has ended. */
#define SESSION_OUTLASTS (60 * RDG_SECOND)

/* Channels of one client that are looked through for those of other sessions. */
#define MOST_OF_HOST 16

/* How often, in the capture's time, a connection is tried on channels that it did not fit. */
#define TRY_AGAIN RDG_SECOND

/* One end's octets of a connection. */
typedef struct {
    bool has_payload;      /* octets were sent */
    bool is_known;         /* end_sequence is set */
    uint32_t end_sequence; /* behind the last octet that was sent */
    bool is_pending;       /* octets that are new and not yet acknowledged */
    uint32_t pending_end;  /* behind the first of these segments */
    rdg_time_t pending_time;
    rdg_time_t delivered; /* when octets were sent that the other end has acknowledged; RDG_NEVER before */
} flow_t;

typedef struct connection {
    struct host_pair *pair;
    uint16_t client_port;
    uint16_t gateway_port;
    uint32_t stream;
    rdg_time_t began; /* RDG_NEVER for before anything that is known */
    rdg_time_t ended; /* RDG_NEVER while it lives */
    flow_t flows[2];  /* [from the gateway] */
    rdg_time_t tried; /* on the channels that wait */
    struct connection *next;
} connection_t;

/* Two hosts, and the connections between them. */
typedef struct host_pair {
    address client;
    address gateway;
    connection_t *connections;
    rdgudp_conv_t *waiting;
} host_pair_t;

static range_t *tls_ports;
static wmem_map_t *pairs;       /* host_pair_t -> itself */
static wmem_map_t *connections; /* connection_t -> itself */

/* {{{ Hosts and connections */

static unsigned hash_pair(const void *key)
{
    const host_pair_t *pair = key;

    return add_address_to_hash(add_address_to_hash(0, &pair->client), &pair->gateway);
}

static int pairs_are_equal(const void *key, const void *other_key)
{
    const host_pair_t *pair = key;
    const host_pair_t *other = other_key;

    return addresses_equal(&pair->client, &other->client) && addresses_equal(&pair->gateway, &other->gateway);
}

static unsigned hash_connection(const void *key)
{
    const connection_t *connection = key;

    return wmem_strong_hash((const uint8_t *)&connection->pair, sizeof connection->pair) ^
           (connection->client_port | (unsigned)connection->gateway_port << 16);
}

static int connections_are_equal(const void *key, const void *other_key)
{
    const connection_t *connection = key;
    const connection_t *other = other_key;

    return connection->pair == other->pair && connection->client_port == other->client_port &&
           connection->gateway_port == other->gateway_port;
}

void rdgudp_fallback_register(module_t *module)
{
    pairs = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_pair, pairs_are_equal);
    connections = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_connection, connections_are_equal);
    range_convert_str(wmem_epan_scope(), &tls_ports, DEFAULT_PORTS, MAX_PORT);
    prefs_register_range_preference(module, "tls.port", "HTTPS port(s) of the gateway",
                                    "TCP ports on which a session is looked for that goes on without its UDP channel "
                                    "(default: " DEFAULT_PORTS ")",
                                    &tls_ports, MAX_PORT);
}

bool rdgudp_fallback_is_tls_port(uint32_t port)
{
    return value_is_in_range(tls_ports, port) || rdg_offer_is_main_port(port);
}

/* Made when it is new. */
static host_pair_t *get_pair(const address *client, const address *gateway)
{
    host_pair_t sought = { .client = *client, .gateway = *gateway };
    host_pair_t *pair = wmem_map_lookup(pairs, &sought);

    if (pair == NULL) {
        pair = wmem_new0(wmem_file_scope(), host_pair_t);
        copy_address_wmem(wmem_file_scope(), &pair->client, client);
        copy_address_wmem(wmem_file_scope(), &pair->gateway, gateway);
        wmem_map_insert(pairs, pair, pair);
    }
    return pair;
}

static uint32_t stream_of(const packet_info *pinfo)
{
    conversation_t *conversation =
        find_conversation(pinfo->num, &pinfo->src, &pinfo->dst, CONVERSATION_TCP, pinfo->srcport, pinfo->destport, 0);
    const struct tcp_analysis *analysis =
        conversation != NULL ? get_tcp_conversation_data(conversation, (packet_info *)pinfo) : NULL;

    return analysis != NULL ? analysis->stream : RDG_NO_STREAM;
}

static void start_connection(connection_t *connection, const packet_info *pinfo, const rdgudp_segment_t *segment)
{
    connection->stream = stream_of(pinfo);
    /* Without its SYN, it is older than what was looked at. */
    connection->began = segment->syn ? segment->time : RDG_NEVER;
    connection->ended = RDG_NEVER;
    connection->tried = RDG_NEVER;
    for (unsigned end = RDG_CLIENT; end <= RDG_GATEWAY; end++) {
        connection->flows[end] = (flow_t){ .delivered = RDG_NEVER };
    }
}

static connection_t *get_connection(const packet_info *pinfo, const rdgudp_segment_t *segment)
{
    connection_t sought = {
        .pair = get_pair(segment->client, segment->gateway),
        .client_port = segment->client_port,
        .gateway_port = segment->gateway_port,
    };
    connection_t *connection = wmem_map_lookup(connections, &sought);

    if (connection == NULL) {
        connection = wmem_memdup(wmem_file_scope(), &sought, sizeof sought);
        start_connection(connection, pinfo, segment);
        connection->next = connection->pair->connections;
        connection->pair->connections = connection;
        wmem_map_insert(connections, connection, connection);
    } else if (segment->syn && !segment->ack && connection->ended != RDG_NEVER) {
        start_connection(connection, pinfo, segment);
    } else if (segment->syn && connection->began == RDG_NEVER) {
        connection->began = segment->time; /* the file is not in the order of time */
    }
    return connection;
}

/* }}} */
/* {{{ Segments */

static void on_payload(flow_t *flow, const rdgudp_segment_t *segment)
{
    uint32_t end = segment->sequence + segment->length;
    /* Neither what is sent again nor a keep-alive, which has the last octet once more, is new. */
    flow->has_payload = flow->has_payload || segment->length > 0;
    bool is_new = segment->length > 0 && (!flow->is_known || tcp_sequence_is_after(end, flow->end_sequence));

    if (is_new && segment->first_octet != TLS_ALERT && !flow->is_pending) {
        flow->is_pending = true;
        flow->pending_end = end;
        flow->pending_time = segment->time;
    }
    if (!flow->is_known || tcp_sequence_is_after(end, flow->end_sequence)) {
        flow->is_known = true;
        flow->end_sequence = end;
    }
}

static void on_acknowledgement(flow_t *flow, const rdgudp_segment_t *segment)
{
    if (flow->is_pending && !tcp_sequence_is_after(flow->pending_end, segment->acknowledged)) {
        flow->is_pending = false;
        if (flow->pending_time > flow->delivered) {
            flow->delivered = flow->pending_time;
        }
    }
}

static bool has_carried_since(const connection_t *connection, rdg_time_t when)
{
    return connection->ended == RDG_NEVER && connection->flows[RDG_CLIENT].delivered > when &&
           connection->flows[RDG_GATEWAY].delivered > when;
}

/* True when the connection is more than an attempt. */
static bool is_in_use(const connection_t *connection)
{
    return connection->began == RDG_NEVER || connection->flows[RDG_CLIENT].has_payload ||
           connection->flows[RDG_GATEWAY].has_payload;
}

/* True when the connection may be the session's: it was there when the client tried. */
static bool is_candidate(const connection_t *connection, const rdgudp_channel_t *channel, rdg_time_t since)
{
    rdg_time_t first_try = channel->first_hello != RDG_NEVER ? channel->first_hello : since;

    return connection != NULL && connection->began <= first_try + ATTEMPT_LASTS &&
           (connection->ended == RDG_NEVER || connection->ended >= since);
}

/* What looks like the channel's of a client that sends no trailer may be of any program. */
static bool may_be_of_session(const rdgudp_channel_t *channel)
{
    return channel->has_trailer || channel->may_have_trailer || channel->packets > 0;
}

static bool is_on_udp(const rdgudp_conv_t *conv)
{
    return conv->session != NULL && conv->session->num_up > 0;
}

/* True when a channel that is or may be of another session between the same hosts is seen in that time: the connection
 * may be its own. */
static bool is_beside_other_session(const rdgudp_conv_t *conv, rdg_time_t since)
{
    const rdgudp_conv_t *one = rdgudp_session_latest_of_host(conv);

    for (unsigned i = 0; one != NULL && i < MOST_OF_HOST; i++, one = one->next_of_host) {
        bool is_other = one->session != NULL ? one->session != conv->session : one->channel.hello_count == 0;
        if (one != conv && is_other && addresses_equal(&one->gateway, &conv->gateway) &&
            (one->channel.sides[RDG_CLIENT].last >= since || one->channel.sides[RDG_GATEWAY].last >= since)) {
            return true;
        }
    }
    return false;
}

/* The connection that was found to be the one of STREAM. */
static const connection_t *find_stream(const host_pair_t *pair, uint32_t stream)
{
    const connection_t *one = pair->connections;

    while (one != NULL && one->stream != stream) {
        one = one->next;
    }
    return one;
}

/* True when the capture lacks the id by which CONV would be known to be of one session with another channel between the
 * same hosts in that time. */
static bool may_be_of_two_sessions(const rdgudp_conv_t *conv, rdg_time_t since)
{
    const rdgudp_conv_t *one = rdgudp_session_latest_of_host(conv);

    for (unsigned i = 0; one != NULL && i < MOST_OF_HOST; i++, one = one->next_of_host) {
        if (one != conv && (one->session == NULL || conv->session == NULL) &&
            addresses_equal(&one->gateway, &conv->gateway) &&
            (one->channel.sides[RDG_CLIENT].last >= since || one->channel.sides[RDG_GATEWAY].last >= since)) {
            return true;
        }
    }
    return false;
}

/* True when another connection than the one of STREAM may as well be the session's: which of them it is, nothing in the
 * clear tells. */
static bool has_rival(const host_pair_t *pair, uint32_t stream, const rdgudp_conv_t *conv, rdg_time_t since)
{
    /* Also one that ended while the channel was in use: it may have been the session's. */
    rdg_time_t ended = conv->channel.first_hello != RDG_NEVER ? conv->channel.first_hello : since;

    if (may_be_of_two_sessions(conv, ended)) {
        ended -= SESSION_OUTLASTS; /* one may have lost its main channel just before */
    }
    for (const connection_t *other = pair->connections; other != NULL; other = other->next) {
        if (other->stream != stream && is_in_use(other) && is_candidate(other, &conv->channel, ended)) {
            return true;
        }
    }
    return false;
}

/* The channel's main channel; NULL when it is not known, or not which of two. */
static rdg_main_t *main_of(const rdgudp_conv_t *conv)
{
    const rdg_link_t *link = conv->link;

    if (link == NULL || link->attempt != conv->channel.attempt ||
        (link->tie == RDG_TIE_ID && rdg_offer_is_shared(link->offer, link->when))) {
        return NULL;
    }
    return link->offer->trunk;
}

static bool main_has_carried_since(const rdg_main_t *trunk, rdg_time_t when)
{
    return trunk->last_data[RDG_CLIENT] > when && trunk->last_data[RDG_GATEWAY] > when;
}

/* True when CONNECTION does the channel's work. */
static bool does_its_work(const connection_t *connection, const rdgudp_conv_t *conv)
{
    rdg_time_t since = rdgudp_verdict_since(&conv->channel, conv->judgement.verdict);
    const rdg_main_t *trunk = main_of(conv);

    if (trunk != NULL) {
        return trunk->stream == connection->stream && main_has_carried_since(trunk, since) && !is_on_udp(conv);
    }
    return has_carried_since(connection, since) && is_candidate(connection, &conv->channel, since) &&
           may_be_of_session(&conv->channel) && !is_on_udp(conv) && !is_beside_other_session(conv, since) &&
           !has_rival(connection->pair, connection->stream, conv, since);
}

static void set_stream(rdgudp_conv_t *conv, uint32_t stream)
{
    conv->fallback_stream = stream;
    if (conv->session != NULL) {
        conv->session->fallback_stream = stream;
    }
}

/* A channel waits, for its main channel where that is known. */
static void note_waiting(const rdgudp_conv_t *conv)
{
    rdg_time_t since = rdgudp_verdict_since(&conv->channel, conv->judgement.verdict);
    rdg_main_t *trunk = main_of(conv);

    /* DATA that have come already do not help it, and are not to be looked at again and again. */
    if (trunk != NULL && !main_has_carried_since(trunk, since) &&
        (!trunk->is_waited_for || since < trunk->waits_since)) {
        trunk->is_waited_for = true;
        trunk->waits_since = since;
    }
}

static rdgudp_conv_t *take_those_done(connection_t *connection)
{
    rdgudp_conv_t **link = &connection->pair->waiting;
    rdgudp_conv_t *done = NULL;

    while (*link != NULL) {
        rdgudp_conv_t *conv = *link;
        bool is_failure = rdgudp_verdict_is_failure(conv->judgement.verdict);
        if (is_failure && !does_its_work(connection, conv)) {
            note_waiting(conv);
            link = &conv->next_waiting;
            continue;
        }
        *link = conv->next_waiting;
        conv->next_waiting = NULL;
        conv->is_waiting = false;
        if (is_failure && conv->fallback_stream == RDG_NO_STREAM) {
            set_stream(conv, connection->stream);
            conv->next_waiting = done;
            done = conv;
        }
    }
    return done;
}

bool rdgudp_fallback_has_other(const address *client, const rdg_main_t *trunk, rdg_time_t when)
{
    host_pair_t sought = { .client = *client, .gateway = trunk->gateway };
    const host_pair_t *pair = wmem_map_lookup(pairs, &sought);

    for (const connection_t *one = pair != NULL ? pair->connections : NULL; one != NULL; one = one->next) {
        if (is_in_use(one) && one->began <= when && (one->ended == RDG_NEVER || one->ended >= when) &&
            rdg_offer_main_of_stream(one->stream) == NULL) {
            return true;
        }
    }
    return false;
}

/* True when it is the main channel that a channel waits for, and has carried DATA both ways since. Not due again for
 * the same DATA. */
static bool is_main_due(const connection_t *connection)
{
    rdg_main_t *trunk = rdg_offer_is_any() ? rdg_offer_main_of_stream(connection->stream) : NULL;

    if (trunk == NULL || !trunk->is_waited_for || !main_has_carried_since(trunk, trunk->waits_since)) {
        return false;
    }
    trunk->is_waited_for = false;
    return true;
}

static bool is_due(const connection_t *connection, const rdgudp_segment_t *segment)
{
    return connection->flows[RDG_CLIENT].delivered != RDG_NEVER &&
           connection->flows[RDG_GATEWAY].delivered != RDG_NEVER &&
           (connection->tried == RDG_NEVER || segment->time - connection->tried >= TRY_AGAIN ||
            segment->time < connection->tried);
}

rdgudp_conv_t *rdgudp_fallback_on_segment(packet_info *pinfo, const rdgudp_segment_t *segment)
{
    connection_t *connection = get_connection(pinfo, segment);

    on_payload(&connection->flows[segment->from_gateway], segment);
    if (segment->ack) {
        on_acknowledgement(&connection->flows[!segment->from_gateway], segment);
    }
    if (segment->fin || segment->rst) {
        connection->ended = segment->time;
    }
    if (connection->pair->waiting == NULL || connection->ended != RDG_NEVER ||
        !(is_main_due(connection) || is_due(connection, segment))) {
        return NULL;
    }
    rdgudp_conv_t *done = take_those_done(connection);
    connection->tried = connection->pair->waiting != NULL && done == NULL ? segment->time : RDG_NEVER;
    return done;
}

/* }}} */

uint32_t rdgudp_fallback_stream(const rdgudp_conv_t *conv)
{
    rdgudp_verdict_t verdict = rdgudp_session_outcome(conv).verdict;
    host_pair_t sought = { .client = conv->client, .gateway = conv->gateway };
    const host_pair_t *pair = wmem_map_lookup(pairs, &sought);
    uint32_t stream = conv->fallback_stream;

    const rdg_main_t *trunk = main_of(conv);

    if (trunk != NULL) {
        bool is_so = rdgudp_verdict_is_failure(verdict) && !is_on_udp(conv) &&
                     main_has_carried_since(trunk, rdgudp_verdict_since(&conv->channel, verdict));
        return is_so ? trunk->stream : RDG_NO_STREAM;
    }
    if (stream == RDG_NO_STREAM && conv->session != NULL) {
        stream = conv->session->fallback_stream;
    }
    if (stream == RDG_NO_STREAM || pair == NULL || !rdgudp_verdict_is_failure(verdict) || is_on_udp(conv)) {
        return RDG_NO_STREAM;
    }
    /* What came later in the file may have shown that another connection fits as well, or that this one does not. */
    rdg_time_t since = rdgudp_verdict_since(&conv->channel, verdict);
    return is_candidate(find_stream(pair, stream), &conv->channel, since) && !is_beside_other_session(conv, since) &&
                   !has_rival(pair, stream, conv, since)
               ? stream
               : RDG_NO_STREAM;
}

bool rdgudp_fallback_find(rdgudp_conv_t *conv)
{
    if (conv->fallback_stream != RDG_NO_STREAM) {
        return false;
    }
    host_pair_t *pair = get_pair(&conv->client, &conv->gateway);
    for (const connection_t *one = pair->connections; one != NULL; one = one->next) {
        if (does_its_work(one, conv)) {
            set_stream(conv, one->stream);
            return true;
        }
    }
    note_waiting(conv);
    if (!conv->is_waiting) {
        conv->is_waiting = true;
        conv->next_waiting = pair->waiting;
        pair->waiting = conv;
    }
    return false;
}
