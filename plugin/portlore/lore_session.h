/* lore_session.h
 * What is known of a conversation on a port of interest, and what each packet brings that is new about it.
 *
 * Written on the first pass only, packet after packet; later passes read. The exception is what a report asks for when
 * the file has been read (lore_late.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_SESSION_H
#define PORTLORE_LORE_SESSION_H

#include <epan/packet.h>

#include <stdbool.h>

#include "base/frame_store.h"
#include "lore_attempt.h"
#include "lore_payload.h"
#include "ndb_text.h"
#include "port_records.h"
#include "service_side.h"
#include "tcp_side.h"

/* How the payload and the port go together. */
typedef enum {
    LORE_MATCH_EXPECTED,
    LORE_MATCH_OTHER,
    LORE_MATCH_UNRECOGNISED,
    LORE_MATCH_NO_PAYLOAD,
    LORE_MATCH_UNDECIDED /* too little of it, not known yet, or the port may be the client's */
} lore_match_t;

/* What a packet brings that is worth saying. */
enum {
    LORE_NEWS_FIRST = 1 << 0,      /* the first packet of the conversation */
    LORE_NEWS_SEEN = 1 << 1,       /* a protocol that was not seen on it before */
    LORE_NEWS_UNEXPECTED = 1 << 2, /* that protocol does not belong here */
    LORE_NEWS_SUSTAINED = 1 << 3,  /* the port is dormant, and yet there has been a lot, both ways */
    LORE_NEWS_STOPPED = 1 << 4,    /* a SYN was answered by RST, an attempt by an ICMP error */
    LORE_NEWS_REPEATED = 1 << 5,   /* a SYN was sent again: nothing has answered yet */
    LORE_NEWS_SCANNED = 1 << 6     /* a segment without a connection was answered by RST */
};

/* Different protocols on one conversation that are told apart; what comes later is not news any more. */
#define LORE_MAX_SEEN 8

/* Shared by all conversations between the same ends and ports. Lives as long as the file. */
typedef struct {
    uint64_t last_answer; /* when the service answered last, in packets of interest; 0: never */
    bool is_answered;
    nstime_t answer_time; /* the latest of an answer */
} lore_ends_t;

/* A host as a client or a server of a port: the same one for all its conversations. Lives as long as the file. */
typedef struct lore_host lore_host_t;

/* One conversation. Lives as long as the file. */
typedef struct lore_session {
    struct lore_session *before; /* an earlier use of the same conversation of Wireshark's */
    lore_ends_t *ends;
    port_record_t record;
    address service_address;
    const lore_host_t *client; /* NULL while nothing is to be said of the port, as the next */
    const lore_host_t *server;
    service_certainty_t certainty;
    address first_address; /* the source of the first packet */
    uint16_t first_port;
    frame_record_t *first; /* the first frame; NULL where that was learnt from on a later pass and has no record */
    uint32_t first_row;    /* number of the first one that has a row, when a read filter drops FIRST */
    nstime_t started;
    nstime_t latest;
    bool is_late;      /* learnt on a later pass */
    bool is_announced; /* the conversation was set up by an earlier packet of another one */
    bool told_first;
    bool told_sustained;
    bool told_repeated;
    bool syn_first;        /* the capture has the connection attempt */
    uint32_t syn_sequence; /* of the first packet */
    bool service_answered; /* the service's end sent something that is not a refusal, or the client got it */
    bool is_stopped;
    bool has_several_requests; /* different datagrams of a client that no answer is known of */
    size_t request_length;     /* of the last of these; 0: there was none */
    uint64_t request_digest;
    lore_scan_t scan; /* what the first packet looks like */
    bool tenant_seen; /* what belongs here has been on it */
    bool payload_from_service;
    bool payload_from_client;
    bool has_cut_payload;
    uint32_t payload_packets;
    nstime_t syn_time;
    uint16_t idents[2]; /* of the last packet from the first packet's end, and from the other one */
    tcp_side_t sides[2];
    ndb_text_t ndb[2];
    const char *seen[LORE_MAX_SEEN];
    unsigned num_seen;
    const char *last_seen;
} lore_session_t;

/* What there is to know of one packet. Kept for packets with something new, and for those that later passes cannot
 * judge by themselves. Lives as long as the file. */
typedef struct {
    lore_session_t *session;
    unsigned news; /* LORE_NEWS_* */
    bool is_drawn;
    bool full; /* the whole record, not only what is new */
    bool has_payload;
    const char *seen;
    uint16_t port;            /* of the service, as it was known then */
    uint32_t payload_packets; /* of the conversation, until this packet */
    uint64_t when;            /* in packets of interest */
    nstime_t time;
    lore_stop_kind_t stop;
    uint8_t icmp_type;
    uint8_t icmp_code;
    bool may_have_stood; /* what ICMP stops may have been answered before, without the capture */
    address stopped_by;  /* the sender of the ICMP error */
} lore_note_t;

/* Makes the tables that are emptied for each file. Call once. */
void lore_session_init(void);

/* The conversation of the packet in EVIDENCE, or NULL when it is not one of interest. */
lore_session_t *lore_session_find(const packet_info *pinfo, const lore_payload_t *evidence);

/* Takes in a UDP datagram, on the first pass, when all that it could bring is known already: its conversation goes on
 * with the protocol SEEN as before. False when it may bring more; then nothing was taken in, and lore_session_learn()
 * must. It saves most of what Port Lore costs on a long channel: the datagram's headers are not read. */
bool lore_session_continue(packet_info *pinfo, const char *seen);

/* True when the packets of a conversation may be taken in on a later pass: on the first one it was of no interest.
 * SESSION may be NULL. */
bool lore_session_is_open(const lore_session_t *session);

/* Takes in a packet, on the first pass or when lore_late_is_due() and its conversation is open, and fills in NOTE but
 * for is_drawn and full. False when its conversation is not one of interest. SUSTAINED is the number of payload packets
 * from which a dormant port is remarkable. */
bool lore_session_learn(packet_info *pinfo, const lore_payload_t *evidence, uint32_t sustained, lore_note_t *note);

/* How a packet's payload goes with the port. SEEN may be NULL. */
lore_match_t lore_session_match(const lore_session_t *session, bool has_payload, const char *seen);

/* True when another connection has announced this one, or may have done so without the capture, or behind it in the
 * file. */
bool lore_session_may_be_announced(const lore_session_t *session);

/* What was found on a packet, by what is known now: a single command of the NDB management protocol is not enough when
 * nothing has followed. */
const char *lore_session_seen(const lore_session_t *session, const char *seen);

#endif
