/* rdgudp_channel.h
 * The life of one UDP channel to an RD Gateway: what is known of it, and what is news (MS-TSGU sections 1.3.3.1, 3.4
 * and 3.8).
 *
 * Told on the first pass only, packet after packet. Pure: no epan, no allocation; a channel is a plain struct of fixed
 * size, and nothing that a packet says makes it grow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_CHANNEL_H
#define PORTLORE_RDGUDP_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdgudp_dtls.h"

/* What became of a channel so far. The numbers are those of the field rdgudp.verdict. */
typedef enum {
    RDGUDP_HELLO_SENT = 0,
    RDGUDP_HANDSHAKING = 1,
    RDGUDP_SECURED = 2,   /* without keys, the best that can be known */
    RDGUDP_CONNECTED = 3, /* the gateway said so inside DTLS */
    RDGUDP_CLOSED = 4,
    RDGUDP_NO_ANSWER = 10,
    RDGUDP_REFUSED = 11,  /* ICMP unreachable */
    RDGUDP_FAILED = 12,   /* an alert ended the handshake */
    RDGUDP_REJECTED = 13, /* the gateway's result is an error */
    RDGUDP_EXPLOIT = 20   /* an exploit's or a scanner's pattern; nothing takes this back */
} rdgudp_verdict_t;

/* What a packet brings that is worth saying. */
enum {
    RDGUDP_NEWS_NO_ANSWER = 1 << 0,
    RDGUDP_NEWS_REFUSED = 1 << 1,
    RDGUDP_NEWS_ALERT = 1 << 2,
    RDGUDP_NEWS_OLD_DTLS = 1 << 3,
    RDGUDP_NEWS_BOTH_WAYS = 1 << 4 /* application data has now gone both ways */
};

/* Fragments of one CONNECT_PKT that are put together: what fits the 4096 octets of the gateway's buffer, and no more.
 */
#define RDGUDP_MOST_FRAGMENTS 5
#define RDGUDP_FRAGMENT_MAX 1000

/* One attempt to send CONNECT_PKT in fragments. */
typedef struct {
    uint32_t attempt; /* counts from 1; 0 before the first fragment */
    uint16_t count;
    unsigned seen; /* a bit for each fragment */
    uint16_t lengths[RDGUDP_MOST_FRAGMENTS];
    uint32_t hashes[RDGUDP_MOST_FRAGMENTS];
} rdgudp_fragments_t;

/* One channel. Starts as all zeros. */
typedef struct {
    uint32_t attempt; /* counts the client's attempts from one port, from 0 */
    rdgudp_verdict_t verdict;
    uint32_t hello_count; /* ClientHellos of this attempt to open the channel */
    bool answered;        /* the gateway sent something in this attempt */
    bool has_random;
    uint8_t random[RDGUDP_DTLS_RANDOM]; /* of the last ClientHello */
    bool has_server_hello;
    uint16_t version; /* chosen by the gateway; 0 when not known */
    bool finished[2]; /* [from the gateway]: an encrypted handshake record was seen */
    bool data[2];     /* [from the gateway]: application data was seen */
    bool alert_known; /* alert is the description, and not hidden by encryption */
    uint8_t alert;
    bool alert_from_gateway;
    bool lossy_known;
    bool lossy;           /* RDPEUDP-L: what is inside is secured by DTLS, not TLS */
    uint16_t target_port; /* of CONNECT_PKT; 0 when not known */
    uint32_t result; /* of CONNECT_PKT_RESP */
    rdgudp_fragments_t fragments;
} rdgudp_channel_t;

/* The client or (FROM_GATEWAY) the gateway sent a datagram of DTLS records. HELLO_THRESHOLD is the number of
 * ClientHellos from which silence is an answer; 0 counts as 1. Returns the news. */
unsigned rdgudp_channel_hear_dtls(rdgudp_channel_t *channel, bool from_gateway, const rdgudp_dtls_t *dtls,
                                  uint32_t hello_threshold);

/* ICMP says that a datagram of the client's could not be delivered. Returns the news. */
unsigned rdgudp_channel_hear_refusal(rdgudp_channel_t *channel);

/* CONNECT_PKT (MS-TSGU section 2.2.11.3): LOSSY from its AASYNDATA, and the port of the target. */
void rdgudp_channel_hear_connect(rdgudp_channel_t *channel, bool lossy, uint16_t target_port);

/* CONNECT_PKT_RESP (MS-TSGU section 2.2.11.4) with its result: 0 is success, anything else an error. */
void rdgudp_channel_hear_response(rdgudp_channel_t *channel, uint32_t result);

/* DATA_PKT: without its CONNECT_PKT_RESP in the capture, a sign that there was one. */
void rdgudp_channel_hear_data(rdgudp_channel_t *channel);

/* DISC_PKT. */
void rdgudp_channel_hear_disconnect(rdgudp_channel_t *channel);

/* A packet that only an exploit or a scanner sends. */
void rdgudp_channel_hear_exploit(rdgudp_channel_t *channel);

/* True when the channel never became one: no answer, or refused. */
bool rdgudp_channel_is_silent(const rdgudp_channel_t *channel);

/* What a fragment is to the reassembly. */
typedef enum {
    RDGUDP_FRAGMENT_REFUSED, /* its numbers are out of range: it is not put together with anything */
    RDGUDP_FRAGMENT_NEW,     /* belongs to fragments->attempt */
    RDGUDP_FRAGMENT_REPEATED /* the same again */
} rdgudp_fragment_use_t;

/* Takes in a CONNECT_PKT_FRAGMENT: usFragmentID, usNoOfFragments, and its LENGTH octets at DATA. Nothing is kept of a
 * fragment but its length and a hash of 32 bits. Another count, or other octets under the same id, start a new
 * attempt. */
rdgudp_fragment_use_t rdgudp_channel_take_fragment(rdgudp_fragments_t *fragments, uint16_t id, uint16_t count,
                                                   const uint8_t *data, size_t length);

#endif
