/* lore_session.c
 * What is known of a conversation on a port of interest, and what each packet brings that is new about it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_session.h"

#include <string.h>

#include <epan/address.h>

#include "base/dtls_record.h"
#include "base/packet_conversation.h"
#include "lore_ftp.h"

/* MySQL's manual is said to put NDB statistics here. It does not, but people look for them. */
#define NDB_PORT 3406

/* A host repeats a SYN after a fifth of a second at the earliest; what comes sooner is a copy of a mirror port. */
#define COPY_SECONDS 0.1

/* UDP ports that were silent for so long may be in use by other programs now. */
#define REUSE_SECONDS (6 * 3600)

/* Both ends of a conversation, the lower address or port first. */
typedef struct {
    address addresses[2];
    uint16_t ports[2];
    transport_t transport;
} ends_key_t;

struct lore_host {
    address host;
    uint16_t port; /* of the service */
    transport_t transport;
    bool is_server;
};

static wmem_map_t *sessions; /* Wireshark's index of a conversation -> lore_session_t, the latest */
static wmem_map_t *all_ends; /* ends_key_t -> lore_ends_t */
static wmem_map_t *hosts;    /* lore_host_t -> itself */
static uint64_t packets;     /* of interest, so far */

/* {{{ Finding */

static unsigned hash_ends(const void *value)
{
    const ends_key_t *key = value;
    unsigned hash = (unsigned)key->ports[0] << 16 | key->ports[1];

    for (unsigned i = 0; i < 2; i++) {
        hash = add_address_to_hash(hash, &key->addresses[i]);
    }
    return hash;
}

static gboolean are_equal_ends(const void *one, const void *other)
{
    const ends_key_t *a = one, *b = other;

    return a->transport == b->transport && a->ports[0] == b->ports[0] && a->ports[1] == b->ports[1] &&
           addresses_equal(&a->addresses[0], &b->addresses[0]) && addresses_equal(&a->addresses[1], &b->addresses[1]);
}

static unsigned hash_host(const void *value)
{
    const lore_host_t *host = value;

    return add_address_to_hash((unsigned)host->port << 2 | (unsigned)host->transport << 1 | host->is_server,
                               &host->host);
}

static gboolean are_equal_hosts(const void *one, const void *other)
{
    const lore_host_t *a = one, *b = other;

    return a->port == b->port && a->transport == b->transport && a->is_server == b->is_server &&
           addresses_equal(&a->host, &b->host);
}

static void start_file(void)
{
    packets = 0;
}

void lore_session_init(void)
{
    sessions = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    all_ends = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_ends, are_equal_ends);
    hosts = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_host, are_equal_hosts);
    register_init_routine(start_file);
}

static lore_ends_t *find_or_make_ends(const packet_ends_t *ends)
{
    const ip_header_t *header = &ends->header;
    int order = cmp_address(&ends->source, &ends->destination);
    bool turn = order > 0 || (order == 0 && header->source_port > header->destination_port);
    ends_key_t key = { { turn ? ends->destination : ends->source, turn ? ends->source : ends->destination },
                       { turn ? header->destination_port : header->source_port,
                         turn ? header->source_port : header->destination_port },
                       header->transport };
    lore_ends_t *found = wmem_map_lookup(all_ends, &key);

    if (found == NULL) {
        ends_key_t *kept = wmem_new(wmem_file_scope(), ends_key_t);
        *kept = key;
        for (unsigned i = 0; i < 2; i++) {
            copy_address_wmem(wmem_file_scope(), &kept->addresses[i], &key.addresses[i]);
        }
        found = wmem_new0(wmem_file_scope(), lore_ends_t);
        wmem_map_insert(all_ends, kept, found);
    }
    return found;
}

static const lore_host_t *find_or_make_host(const address *host, const port_record_t *record, bool is_server)
{
    const lore_host_t key = { *host, record->port, record->transport, is_server };
    lore_host_t *found = wmem_map_lookup(hosts, &key);

    if (found == NULL) {
        found = wmem_new(wmem_file_scope(), lore_host_t);
        *found = key;
        copy_address_wmem(wmem_file_scope(), &found->host, host);
        wmem_map_insert(hosts, found, found);
    }
    return found;
}

static lore_session_t *find_by(const packet_info *pinfo, const conversation_t *conversation)
{
    lore_session_t *session = wmem_map_lookup(sessions, GUINT_TO_POINTER(conversation->conv_index));

    while (session != NULL && session->before != NULL && nstime_cmp(&pinfo->abs_ts, &session->started) < 0) {
        session = session->before;
    }
    return session;
}

lore_session_t *lore_session_find(const packet_info *pinfo, const lore_payload_t *evidence)
{
    return find_by(pinfo, evidence->conversation);
}

static double seconds_since(const packet_info *pinfo, const nstime_t *when)
{
    nstime_t passed;

    nstime_delta(&passed, &pinfo->abs_ts, when);
    return nstime_to_sec(&passed);
}

/* }}} */
/* {{{ The service's side */

static bool has_seen(const lore_session_t *session, const char *seen)
{
    for (unsigned i = 0; i < session->num_seen; i++) {
        if (session->seen[i] == seen || strcmp(session->seen[i], seen) == 0) {
            return true;
        }
    }
    return false;
}

/* STUN goes between equals, on ports that their systems gave them, and what follows it is media: that a datagram goes
 * to a known port does not make it a service's there. */
static bool is_between_equals(const lore_session_t *session, const char *seen)
{
    return session->certainty == SERVICE_LIKELY && (strcmp(seen, "stun") == 0 || has_seen(session, "stun"));
}

lore_match_t lore_session_match(const lore_session_t *session, bool has_payload, const char *seen)
{
    if (!has_payload) {
        return LORE_MATCH_NO_PAYLOAD;
    }
    if (seen != NULL && seen != lore_payload_disowned && port_records_expects(&session->record, seen)) {
        return LORE_MATCH_EXPECTED;
    }
    if (seen == NULL || session->certainty == SERVICE_GUESSED || is_between_equals(session, seen) ||
        !port_records_excludes(&session->record)) {
        return LORE_MATCH_UNDECIDED;
    }
    return strcmp(seen, LORE_SEEN_DATA) == 0 ? LORE_MATCH_UNRECOGNISED : LORE_MATCH_OTHER;
}

/* True when the protocol SEEN is what is registered or expected at the port. */
static bool is_recognised_by(transport_t transport, uint16_t port, const char *seen)
{
    port_record_t record;

    if (seen == NULL || seen == lore_payload_disowned || strcmp(seen, LORE_SEEN_DATA) == 0) {
        return false;
    }
    if (port_records_find(transport, port, &record) && port_records_expects(&record, seen)) {
        return true;
    }
    dissector_handle_t handle =
        dissector_get_uint_handle(find_dissector_table(transport == TRANSPORT_TCP ? "tcp.port" : "udp.port"), port);
    return handle != NULL && dissector_handle_get_protocol_index(handle) == proto_get_id_by_filter_name(seen);
}

/* Which end is the service, by this packet. IS_FIRST: nothing came before it. */
static service_side_t judge_side(const lore_payload_t *evidence, bool is_first, service_certainty_t *certainty)
{
    const ip_header_t *header = &evidence->ends.header;
    const lore_scan_t scan = is_first ? lore_attempt_scan_of(header) : LORE_SCAN_NONE;
    service_clues_t clues = {
        .transport = header->transport,
        .source_port = header->source_port,
        .destination_port = header->destination_port,
        .syn = header->syn,
        .ack = header->ack,
        .is_scan = scan != LORE_SCAN_NONE && scan != LORE_SCAN_ACK,
        .source_weight = port_records_weight(header->transport, header->source_port),
        .destination_weight = port_records_weight(header->transport, header->destination_port),
        .recognised_by_source = is_recognised_by(header->transport, header->source_port, evidence->seen),
        .recognised_by_destination = is_recognised_by(header->transport, header->destination_port, evidence->seen),
    };

    return service_side_judge(&clues, certainty);
}

/* Fixes which end is the service, and with that what there is to say about its port. */
static void set_service(lore_session_t *session, const lore_payload_t *evidence, service_side_t side)
{
    const packet_ends_t *ends = &evidence->ends;
    bool at_source = side == SERVICE_AT_SOURCE;
    port_record_t *record = &session->record;

    if (side == SERVICE_UNKNOWN) {
        return;
    }
    free_address_wmem(wmem_file_scope(), &session->service_address);
    copy_address_wmem(wmem_file_scope(), &session->service_address, at_source ? &ends->source : &ends->destination);
    port_records_find(ends->header.transport, at_source ? ends->header.source_port : ends->header.destination_port,
                      record);
    if (record->weight != PORT_WEIGHT_NONE) {
        session->server = find_or_make_host(at_source ? &ends->source : &ends->destination, record, true);
        session->client = find_or_make_host(at_source ? &ends->destination : &ends->source, record, false);
    }
    /* The user may change the rows while a packet is shown. */
    if (record->is_users) {
        record->users_name = wmem_strdup(wmem_file_scope(), record->users_name);
        record->tenant = record->tenant != NULL ? wmem_strdup(wmem_file_scope(), record->tenant) : NULL;
    }
}

static bool is_from_first_end(const lore_session_t *session, const packet_ends_t *ends)
{
    return ends->header.source_port == session->first_port && addresses_equal(&ends->source, &session->first_address);
}

static bool is_from_service(const lore_session_t *session, const packet_ends_t *ends)
{
    return ends->header.source_port == session->record.port &&
           addresses_equal(&ends->source, &session->service_address);
}

/* Begins with the packet. What SESSION had of an earlier beginning, but for BEFORE, is forgotten. */
static void start_session(packet_info *pinfo, const lore_payload_t *evidence, lore_session_t *session)
{
    const packet_ends_t *ends = &evidence->ends;
    lore_session_t *before = session->before;

    *session = (lore_session_t){ .before = before };
    session->ends = find_or_make_ends(ends);
    session->first = frame_store_record(pinfo);
    session->is_late = PINFO_FD_VISITED(pinfo);
    session->started = session->latest = pinfo->abs_ts;
    copy_address_wmem(wmem_file_scope(), &session->first_address, &ends->source);
    session->first_port = ends->header.source_port;
    if (!ends->is_quoted) {
        session->syn_first = ends->header.syn && !ends->header.ack;
        session->syn_sequence = ends->header.sequence;
        session->scan = lore_attempt_scan_of(&ends->header);
        session->is_announced = before == NULL && evidence->conversation->setup_frame < pinfo->num;
    }
    set_service(session, evidence, judge_side(evidence, !ends->is_quoted, &session->certainty));
}

static lore_session_t *make_session(packet_info *pinfo, const lore_payload_t *evidence, lore_session_t *before)
{
    lore_session_t *session = wmem_new0(wmem_file_scope(), lore_session_t);

    session->before = before;
    start_session(pinfo, evidence, session);
    wmem_map_insert(sessions, GUINT_TO_POINTER(evidence->conversation->conv_index), session);
    return session;
}

/* A first judgement of the service's end is put right when a later packet proves it. */
static void prove_side(lore_session_t *session, const lore_payload_t *evidence)
{
    service_certainty_t certainty;

    if (session->certainty == SERVICE_PROVEN || evidence->ends.is_quoted) {
        return;
    }
    /* With a protocol that was seen before, it remains as uncertain as it was then. */
    if (!evidence->ends.header.syn && (evidence->seen == NULL || has_seen(session, evidence->seen))) {
        return;
    }
    service_side_t side = judge_side(evidence, false, &certainty);
    if (certainty == SERVICE_PROVEN) {
        session->certainty = certainty;
        set_service(session, evidence, side);
    }
}

static bool is_reused(const packet_info *pinfo, const lore_session_t *session, const packet_ends_t *ends)
{
    return ends->header.transport == TRANSPORT_UDP && !ends->is_quoted && session->certainty != SERVICE_PROVEN &&
           seconds_since(pinfo, &session->latest) > REUSE_SECONDS;
}

/* The conversation of the packet, made when this is its first. */
static lore_session_t *find_or_make(packet_info *pinfo, const lore_payload_t *evidence)
{
    lore_session_t *session = lore_session_find(pinfo, evidence);

    if (session == NULL || is_reused(pinfo, session, &evidence->ends)) {
        return make_session(pinfo, evidence, session);
    }
    if (PINFO_FD_VISITED(pinfo) && !session->is_late) {
        start_session(pinfo, evidence, session);
    }
    prove_side(session, evidence);
    if (nstime_cmp(&pinfo->abs_ts, &session->latest) > 0) {
        session->latest = pinfo->abs_ts;
    }
    return session;
}

/* }}} */
/* {{{ Attempts */

/* WHEN: the time of the packet that is the answer, or that shows it. */
static void note_answer(lore_session_t *session, const nstime_t *when)
{
    lore_ends_t *ends = session->ends;

    session->service_answered = true;
    ends->last_answer = packets;
    if (!ends->is_answered || nstime_cmp(when, &ends->answer_time) > 0) {
        ends->answer_time = *when;
    }
    ends->is_answered = true;
}

static unsigned learn_reset(lore_session_t *session, lore_note_t *note)
{
    if (session->service_answered || session->is_stopped) {
        return 0;
    }
    if (session->syn_first) {
        session->is_stopped = true;
        note->stop = LORE_STOP_RESET;
        return LORE_NEWS_STOPPED;
    }
    /* A bare ACK tells nothing between two numbers that may both be a service's. */
    if (session->scan != LORE_SCAN_NONE &&
        (session->certainty == SERVICE_PROVEN || service_side_is_clients_port(session->first_port))) {
        session->is_stopped = true;
        return LORE_NEWS_SCANNED;
    }
    return 0;
}

/* A copy by a mirror port: soon after, or with the same identification. */
static bool is_copy(const packet_info *pinfo, const lore_session_t *session, const packet_ends_t *ends)
{
    const uint16_t ident = ends->header.ident;

    return seconds_since(pinfo, &session->syn_time) < COPY_SECONDS ||
           (ident != 0 && ident == session->idents[!is_from_first_end(session, ends)]);
}

static unsigned learn_syn(const packet_info *pinfo, lore_session_t *session, const packet_ends_t *ends)
{
    bool is_again = session->told_first && session->syn_first && !is_copy(pinfo, session, ends);

    /* What looked like a scan has a connection, whose SYN stands behind it in the file. */
    session->scan = LORE_SCAN_NONE;
    session->syn_time = pinfo->abs_ts;
    if (!is_again || session->told_repeated || session->service_answered || session->is_stopped) {
        return 0;
    }
    session->told_repeated = true;
    return LORE_NEWS_REPEATED;
}

/* True when the client sends over UDP what only an answer lets it send, whether the capture has that or not. */
static bool is_reply(const lore_session_t *session, const lore_payload_t *evidence)
{
    return session->record.transport == TRANSPORT_UDP && evidence->octets != NULL &&
           port_records_expects(&session->record, "dtls") &&
           dtls_record_12_is_reply(evidence->octets, evidence->captured);
}

/* A client that is not answered sends the same again; one that sends different things may have been answered. */
static void note_request(lore_session_t *session, const lore_payload_t *evidence)
{
    /* Of a datagram that was put together nothing is known but that it is one. */
    const size_t length =
        evidence->ends.has_header ? evidence->ends.header.payload_length : (size_t)evidence->has_payload;
    /* A hello is sent again with another record number. */
    const size_t skip = port_records_expects(&session->record, "dtls") ? DTLS_RECORD_12_HEADER : 0;
    const uint64_t digest =
        evidence->captured > skip ? octets_digest(evidence->octets + skip, evidence->captured - skip) : 0;

    if (session->record.transport != TRANSPORT_UDP || length == 0) {
        return;
    }
    session->has_several_requests =
        session->has_several_requests ||
        (session->request_length > 0 && (session->request_length != length || session->request_digest != digest));
    session->request_length = length;
    session->request_digest = digest;
}

static unsigned learn_attempt(const packet_info *pinfo, lore_session_t *session, const lore_payload_t *evidence,
                              bool from_service, lore_note_t *note)
{
    const ip_header_t *header = &evidence->ends.header;

    if (from_service && header->rst) {
        return learn_reset(session, note);
    }
    if (from_service || is_reply(session, evidence)) {
        note_answer(session, &pinfo->abs_ts);
        return 0;
    }
    if (header->syn && !header->ack) {
        return learn_syn(pinfo, session, &evidence->ends);
    }
    /* A client that goes on behind its SYN has got the answer, whether the capture has it or not. */
    if (header->ack && !header->rst && session->syn_first && !session->is_stopped) {
        note_answer(session, &pinfo->abs_ts);
    }
    note_request(session, evidence);
    return 0;
}

/* What an ICMP error says of a packet that went to the service. */
static unsigned learn_error(const packet_info *pinfo, lore_session_t *session, const packet_ends_t *ends,
                            lore_note_t *note)
{
    const ip_header_t *header = &ends->header;
    lore_stop_kind_t stop = lore_attempt_stop_of(header, ends->source.type == AT_IPv6);

    /* What the client sent behind its SYN shows that it had got the answer. */
    if (header->transport == TRANSPORT_TCP && session->syn_first && !is_from_service(session, ends) &&
        header->sequence != session->syn_sequence) {
        note_answer(session, &pinfo->abs_ts);
    }
    if (stop == LORE_STOP_NONE || is_from_service(session, ends) || session->certainty == SERVICE_GUESSED ||
        session->service_answered || session->is_stopped ||
        (header->transport == TRANSPORT_TCP && !session->syn_first)) {
        return 0;
    }
    session->is_stopped = true;
    note->stop = stop;
    note->icmp_type = header->icmp_type;
    note->icmp_code = header->icmp_code;
    note->may_have_stood =
        session->record.transport == TRANSPORT_UDP && (session->has_several_requests || session->request_length == 0);
    copy_address_wmem(wmem_file_scope(), &note->stopped_by, &ends->sender);
    return LORE_NEWS_STOPPED;
}

/* }}} */
/* {{{ Payload */

static bool is_new_protocol(lore_session_t *session, const char *seen)
{
    if (session->num_seen == LORE_MAX_SEEN || has_seen(session, seen)) {
        return false;
    }
    /* A protocol's filter name, or a constant: it outlives the file. */
    session->seen[session->num_seen++] = seen;
    return true;
}

static bool is_cut(const lore_payload_t *evidence)
{
    return evidence->octets != NULL && evidence->captured < evidence->ends.header.payload_length;
}

/* Names the text of the NDB management protocol, which no dissector has. */
static const char *recognise_ndb(lore_session_t *session, const lore_payload_t *evidence, unsigned side,
                                 unsigned brings)
{
    const char *seen = evidence->seen;

    if (session->record.transport != TRANSPORT_TCP || session->record.port != NDB_PORT || evidence->octets == NULL ||
        (seen != NULL && strcmp(seen, LORE_SEEN_DATA) != 0)) {
        return seen;
    }
    if (!(brings & TCP_SIDE_WHOLE)) {
        ndb_text_forget_line(&session->ndb[side]);
    }
    bool is_expected = session->ndb[0].is_proven || session->ndb[1].is_proven || has_seen(session, LORE_SEEN_NDB);
    if (ndb_text_recognise(&session->ndb[side], evidence->octets, evidence->captured, is_expected)) {
        seen = LORE_SEEN_NDB;
    }
    if (is_cut(evidence)) {
        ndb_text_forget_line(&session->ndb[side]);
    }
    return seen;
}

const char *lore_session_seen(const lore_session_t *session, const char *seen)
{
    if (seen == NULL || strcmp(seen, LORE_SEEN_NDB) != 0 || !frame_store_is_whole()) {
        return seen;
    }
    return session->ndb[0].is_proven || session->ndb[1].is_proven ? seen : LORE_SEEN_DATA;
}

bool lore_session_may_be_announced(const lore_session_t *session)
{
    return session->is_announced || (session->record.transport == TRANSPORT_TCP && session->client != NULL &&
                                     lore_ftp_is_between(&session->client->host, &session->server->host));
}

/* True when a protocol that does not belong on the port says so: the capture has what came before it, what was
 * announced is no surprise, and a guess about the service's side proves nothing. */
static bool is_telling(const lore_session_t *session, unsigned brings)
{
    return !lore_session_may_be_announced(session) && session->certainty != SERVICE_GUESSED &&
           (session->record.transport == TRANSPORT_UDP || (brings & TCP_SIDE_WHOLE));
}

static bool is_unexpected(const lore_session_t *session, const char *seen, unsigned brings)
{
    if (!session->record.has_expected || !is_telling(session, brings)) {
        return false;
    }
    /* The dissector of the port has a finding of its own on it. And TLS is how RDP goes on, and others (STARTTLS). */
    if (seen == lore_payload_disowned ||
        (strcmp(seen, "tls") == 0 &&
         (has_seen(session, "rdp") || (session->record.by_registry && session->tenant_seen)))) {
        return false;
    }
    lore_match_t match = lore_session_match(session, true, seen);
    /* Octets from the middle of the tenant's messages look like nothing. */
    return match == LORE_MATCH_OTHER ||
           (match == LORE_MATCH_UNRECOGNISED && (session->record.transport == TRANSPORT_UDP || !session->tenant_seen));
}

static unsigned learn_protocol(lore_session_t *session, const char *seen, unsigned brings)
{
    if (seen == NULL) {
        return 0;
    }
    session->last_seen = seen;
    if (!is_new_protocol(session, seen)) {
        return 0;
    }
    session->tenant_seen = session->tenant_seen || lore_session_match(session, true, seen) == LORE_MATCH_EXPECTED;
    return LORE_NEWS_SEEN | (is_unexpected(session, seen, brings) ? LORE_NEWS_UNEXPECTED : 0);
}

static unsigned learn_use(lore_session_t *session, bool from_service, uint32_t sustained)
{
    session->payload_packets++;
    session->payload_from_service = session->payload_from_service || from_service;
    session->payload_from_client = session->payload_from_client || !from_service;
    if (!session->record.dormant || session->told_sustained || session->certainty == SERVICE_GUESSED ||
        !session->payload_from_service || !session->payload_from_client || session->payload_packets < sustained) {
        return 0;
    }
    session->told_sustained = true;
    return LORE_NEWS_SUSTAINED;
}

/* What the packet brings: TCP_SIDE_*. */
static unsigned take_octets(lore_session_t *session, const lore_payload_t *evidence, unsigned side)
{
    const ip_header_t *header = &evidence->ends.header;

    if (header->transport == TRANSPORT_TCP) {
        if (header->syn) {
            tcp_side_take_syn(&session->sides[side], header->sequence);
        }
        /* A SYN may carry octets (RFC 7413). */
        return evidence->ends.has_header && header->payload_length > 0
                   ? tcp_side_take(&session->sides[side], header->sequence + header->syn, header->payload_length)
                   : TCP_SIDE_NEW;
    }
    bool is_same = header->ident != 0 && header->ident == session->idents[side];
    return is_same ? 0 : TCP_SIDE_NEW;
}

/* A record of DTLS 1.3 looks like nothing where the capture lacks its session's hellos. */
static bool may_be_dtls_13(const lore_session_t *session, const lore_payload_t *evidence)
{
    return session->record.transport == TRANSPORT_UDP && evidence->octets != NULL &&
           dtls_record_13_may_be(evidence->octets, evidence->captured, evidence->ends.header.payload_length) &&
           port_records_expects(&session->record, "dtls");
}

static unsigned learn_payload(lore_session_t *session, const lore_payload_t *evidence, bool from_service,
                              uint32_t sustained, lore_note_t *note)
{
    const unsigned side = !is_from_first_end(session, &evidence->ends);
    const unsigned brings = take_octets(session, evidence, side);

    note->has_payload = evidence->has_payload;
    note->seen = evidence->seen;
    if (!evidence->has_payload) {
        return 0;
    }
    if (!(brings & TCP_SIDE_NEW)) {
        /* Sent again, or copied: Wireshark does not dissect it a second time. */
        note->seen = evidence->seen != NULL || evidence->is_stub ? evidence->seen : session->last_seen;
        return 0;
    }
    session->has_cut_payload = session->has_cut_payload ||
                               (evidence->ends.has_header && evidence->captured < evidence->ends.header.payload_length);
    note->seen = recognise_ndb(session, evidence, side, brings);
    /* Dissectors refuse what they would take if it were whole. */
    if (note->seen != NULL && strcmp(note->seen, LORE_SEEN_DATA) == 0 &&
        (is_cut(evidence) || may_be_dtls_13(session, evidence))) {
        note->seen = NULL;
    }
    return learn_protocol(session, note->seen, brings) | learn_use(session, from_service, sustained);
}

/* }}} */

static unsigned learn_packet(packet_info *pinfo, lore_session_t *session, const lore_payload_t *evidence,
                             uint32_t sustained, lore_note_t *note)
{
    const bool from_service = is_from_service(session, &evidence->ends);
    unsigned news = learn_attempt(pinfo, session, evidence, from_service, note);

    news |= learn_payload(session, evidence, from_service, sustained, note);
    session->idents[!is_from_first_end(session, &evidence->ends)] = evidence->ends.header.ident;
    if (!session->told_first) {
        session->told_first = true;
        news |= LORE_NEWS_FIRST;
    }
    return news;
}

bool lore_session_is_open(const lore_session_t *session)
{
    return session == NULL || session->is_late || session->record.weight == PORT_WEIGHT_NONE;
}

bool lore_session_learn(packet_info *pinfo, const lore_payload_t *evidence, uint32_t sustained, lore_note_t *note)
{
    packets++;
    lore_session_t *session = find_or_make(pinfo, evidence);

    *note = (lore_note_t){ .session = session, .port = session->record.port, .when = packets, .time = pinfo->abs_ts };
    if (session->record.weight == PORT_WEIGHT_NONE) {
        return false;
    }
    note->news = evidence->ends.is_quoted ? learn_error(pinfo, session, &evidence->ends, note)
                                          : learn_packet(pinfo, session, evidence, sustained, note);
    note->payload_packets = session->payload_packets;
    return true;
}

/* True when a datagram with this protocol changes nothing but times: what it could prove is proven, and what could be
 * said of it was said. */
static bool is_settled(const lore_session_t *session, const char *seen)
{
    return session->record.transport == TRANSPORT_UDP && session->record.weight != PORT_WEIGHT_NONE &&
           session->certainty == SERVICE_PROVEN && session->told_first && session->last_seen == seen &&
           session->service_answered && (session->told_sustained || !session->record.dormant);
}

bool lore_session_continue(packet_info *pinfo, const char *seen)
{
    const conversation_t *conversation = seen != NULL ? packet_conversation_find(pinfo) : NULL;
    lore_session_t *session = conversation != NULL ? find_by(pinfo, conversation) : NULL;

    if (session == NULL || !is_settled(session, seen)) {
        return false;
    }
    packets++;
    if (nstime_cmp(&pinfo->abs_ts, &session->latest) > 0) {
        session->latest = pinfo->abs_ts;
    }
    if (pinfo->srcport == session->record.port && addresses_equal(&pinfo->src, &session->service_address)) {
        note_answer(session, &pinfo->abs_ts);
    }
    /* Of headers that were not read nothing can be compared. */
    session->idents[0] = session->idents[1] = 0;
    return true;
}
