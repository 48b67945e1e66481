/* rdgudp_channel.h
 * What was seen of one UDP channel to an RD Gateway (MS-TSGU sections 1.3.3.1, 3.4 and 3.8).
 *
 * Events go in on the first pass only, in the order of the file, each with its time; what they add up to does not
 * depend on that order. rdgudp_verdict says what follows from it. Pure: no epan, no allocation; a channel is a plain
 * struct of fixed size, and nothing that a packet says makes it grow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_CHANNEL_H
#define PORTLORE_RDGUDP_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdg/rdg_terms.h"
#include "rdgudp_dtls.h"

/* What an event changes that is worth a word on its packet. */
enum {
    RDGUDP_CHANGE_ALERT = 1 << 0,
    RDGUDP_CHANGE_OLD_DTLS = 1 << 1,
    RDGUDP_CHANGE_BOTH_WAYS = 1 << 2, /* application data has now gone both ways */
    RDGUDP_CHANGE_HELLO = 1 << 3,     /* the datagram is a ClientHello, or its first fragment */
    RDGUDP_CHANGE_COPY = 1 << 4       /* the datagram was captured before: nothing else changes */
};

/* Datagrams of one end that are remembered to recognise their copies. */
#define RDGUDP_REMEMBERED 8

/* What one end has sent. Copies do not count. */
typedef struct {
    uint32_t datagrams;
    rdg_time_t last; /* the latest one; RDG_NEVER before */
    /* Datagrams that are later than all of the other end's, and the first of these. */
    uint32_t unanswered;
    rdg_time_t unanswered_since;
    bool finished; /* an encrypted handshake record was seen */
    bool data;     /* application data was seen */
    rdg_time_t first_finished;
    rdg_time_t first_data;
    uint16_t epoch;          /* of the latest encrypted record; 0 before */
    uint64_t number;         /* of that record */
    uint16_t record_version; /* in its header */
    struct {
        uint64_t digest;
        rdg_time_t time;
        void *frame; /* what the caller gave */
    } remembered[RDGUDP_REMEMBERED];
    unsigned next; /* where the next one is remembered */
} rdgudp_side_t;

/* What an ICMP error says about a datagram to the gateway. */
typedef enum {
    RDGUDP_STOP_NONE,
    RDGUDP_STOP_PORT,       /* port unreachable */
    RDGUDP_STOP_MTU,        /* fragmentation needed, packet too big */
    RDGUDP_STOP_PROHIBITED, /* communication administratively prohibited */
    RDGUDP_STOP_ROUTE       /* network or host unreachable, time exceeded */
} rdgudp_stop_kind_t;

typedef struct {
    rdgudp_stop_kind_t kind;
    uint8_t type; /* of ICMP or ICMPv6 */
    uint8_t code;
    bool from_gateway; /* its sender is the gateway itself */
    uint32_t mtu;      /* of the next hop, with RDGUDP_STOP_MTU; 0 when not known */
    rdg_time_t time;
} rdgudp_stop_t;

/* One channel, or one attempt to open it. Starts as rdgudp_channel_start() makes it. */
typedef struct {
    uint32_t attempt; /* counts the client's attempts from one port, from 0 */
    rdgudp_side_t sides[2];
    uint32_t copies;

    /* Hellos. */
    uint32_t hello_count; /* ClientHellos; one in several datagrams counts once */
    rdg_time_t first_hello;
    rdg_time_t last_hello;
    uint32_t cookie_hellos; /* of these, with the gateway's cookie */
    rdg_time_t first_cookie_hello;
    uint64_t cookie;          /* digest of the last one; 0 before */
    uint32_t cookie_changes;  /* how often another one came */
    uint32_t cut_cookies;     /* hellos whose cookie the capture lacks */
    uint32_t verify_requests; /* HelloVerifyRequests */
    rdg_time_t last_verify;
    uint64_t verify_cookie;  /* digest of the last one's cookie; 0 before, and while the capture lacks it */
    uint32_t verify_changes; /* how often it was another one */
    bool has_random;
    uint8_t random[DTLS_HELLO_RANDOM]; /* of the last ClientHello */

    /* The rest of the handshake. */
    uint32_t server_hellos;
    rdg_time_t first_server_hello;
    uint16_t version; /* chosen by the gateway; 0 when not known */
    uint32_t key_exchanges;
    rdg_time_t first_key_exchange;
    bool is_disordered; /* in the file, a message of the handshake stands behind a later datagram */
    bool alert_fatal;   /* a fatal alert in the clear before the channel was up */
    uint8_t alert;
    bool alert_from_gateway;
    bool closed;     /* an alert or DISC_PKT ended the channel */
    bool has_reason; /* a DISC_PKT did, and its reason is known */
    uint32_t reason;
    rdgudp_stop_t stop;

    /* Answers from another address or port than the ClientHellos went to. */
    uint32_t answers_elsewhere;

    /* What speaks for or against an RD Gateway's channel. */
    bool has_trailer;
    bool may_have_trailer; /* the capture lacks the octets where it would be */
    bool offers_srtp;
    bool offers_only_small;
    bool has_media;      /* STUN or RTP between the same ends */
    uint32_t packets;    /* of MS-TSGU, decrypted */
    uint32_t no_packets; /* decrypted, and none */

    /* What only keys show. */
    uint32_t connects; /* CONNECT_PKT; a repeated one counts again */
    rdg_time_t first_connect;
    rdg_time_t last_connect;
    bool lossy_known;
    bool lossy;           /* RDPEUDP-L: what is inside is secured by DTLS, not TLS */
    uint16_t target_port; /* of CONNECT_PKT; 0 when not known */
    bool has_result;
    uint32_t result; /* of CONNECT_PKT_RESP */
    bool has_data;   /* DATA_PKT */
    bool exploit;    /* an exploit's or a scanner's pattern; no later attempt takes it back */
} rdgudp_channel_t;

/* A datagram of DTLS records. */
typedef struct {
    rdg_time_t time;
    bool from_gateway;
    bool from_elsewhere; /* from another address or port than the gateway's */
    const rdgudp_dtls_t *dtls;
    void *frame; /* given back as the frame that a copy is one of */
} rdgudp_datagram_event_t;

/* Makes CHANNEL one of which nothing is known. */
void rdgudp_channel_start(rdgudp_channel_t *channel);

/* True when the capture has both hellos, without which no key helps. */
bool rdgudp_channel_has_hellos(const rdgudp_channel_t *channel);

/* A datagram was captured. Returns the changes; with RDGUDP_CHANGE_COPY, *COPY_OF is the frame of the first one. */
unsigned rdgudp_channel_on_datagram(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event, void **copy_of);

/* An ICMP error quotes a datagram of the client's. The latest counts. */
void rdgudp_channel_on_stop(rdgudp_channel_t *channel, const rdgudp_stop_t *stop);

/* CONNECT_PKT was sent, whole or its first fragment. */
void rdgudp_channel_on_connect(rdgudp_channel_t *channel, rdg_time_t when);

/* What CONNECT_PKT says (MS-TSGU section 2.2.11.3): LOSSY from its AASYNDATA, and the port of the target. */
void rdgudp_channel_on_target(rdgudp_channel_t *channel, bool lossy, uint16_t target_port);

/* CONNECT_PKT_RESP (MS-TSGU section 2.2.11.4) with its result: 0 is success, anything else an error. */
void rdgudp_channel_on_response(rdgudp_channel_t *channel, uint32_t result);

/* True when application data prove that the handshake was completed, or both ends' Finished do. */
bool rdgudp_channel_is_up(const rdgudp_channel_t *channel);

/* True when something proves that the gateway answered in this attempt, be it only what the client sent then. */
bool rdgudp_channel_is_answered(const rdgudp_channel_t *channel);

#endif
