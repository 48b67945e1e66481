/* rdgudp_dtls.h
 * What the DTLS records of one datagram say in the clear (RFC 6347 section 4, RFC 5246 section 7, RFC 9146, RFC 9147).
 *
 * Wireshark's DTLS dissector says all of this in its tree, but a tree is not built on the first pass, and the life of a
 * channel must be known on it. So the few facts that matter are read here, from octets, once for each datagram. The
 * functions keep no state and never read past CAPTURED.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_DTLS_H
#define PORTLORE_RDGUDP_DTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dtls_record.h"

/* Versions, as in a record's header. */
enum {
    RDGUDP_DTLS_1_0_OPENSSL = 0x0100, /* before OpenSSL 0.9.8f */
    RDGUDP_DTLS_1_3 = 0xfefc,
    RDGUDP_DTLS_1_2 = 0xfefd,
    RDGUDP_DTLS_1_0 = 0xfeff
};

/* Versions that are kept of one ClientHello; there are three. */
#define RDGUDP_DTLS_OFFERS 4

#define RDGUDP_DTLS_ALERT_FATAL 2
#define RDGUDP_DTLS_CLOSE_NOTIFY 0

/* How a datagram begins. */
typedef enum {
    RDGUDP_DTLS_NONE, /* not with a record that is whole as sent */
    RDGUDP_DTLS_CUT,  /* the capture lacks a part of the first record's header; what it has may be one */
    RDGUDP_DTLS_THERE
} rdgudp_dtls_presence_t;

/* What was in the records of a datagram. What the capture cut is not there: a flag that is false says nothing then. */
typedef struct {
    rdgudp_dtls_presence_t presence;
    uint32_t length; /* octets of the records, as sent */
    unsigned num_records;
    uint16_t epoch;          /* of the first record; 0 when it has none in the clear */
    uint64_t number;         /* of the first record */
    uint16_t record_version; /* in the first record's header: from the ServerHello on, that of the session; 0: none */
    uint64_t digest; /* of what makes the datagram unlike all others: number and start of the first record; 0 when too
                      * few octets were captured */
    bool is_cut;     /* the capture lacks octets of the records */
    bool has_rest;   /* the capture lacks octets behind the records that may be further records */

    /* ClientHello. */
    bool client_hello;      /* a ClientHello, or its first fragment */
    bool client_hello_part; /* a later fragment of one */
    bool has_random;        /* and its random was captured */
    uint8_t random[DTLS_HELLO_RANDOM];
    bool has_cookie; /* the server's cookie is in it, or its number says that it follows a HelloVerifyRequest */
    bool offers_srtp;
    bool offers_only_small;              /* every cipher suite is one of small devices: pre-shared keys or CCM */
    uint16_t offers[RDGUDP_DTLS_OFFERS]; /* versions; none when the part that says it was not captured */
    unsigned num_offers;

    /* The server's messages. */
    bool hello_verify; /* HelloVerifyRequest, or DTLS 1.3's HelloRetryRequest */
    bool server_hello;
    uint16_t chosen; /* the version that the ServerHello chooses; 0 when there is none, or it was not captured */

    uint64_t cookie; /* digest of the cookie in a ClientHello or HelloVerifyRequest; 0 when there is none */

    bool key_exchange;     /* ClientKeyExchange: the client's flight after the ServerHello */
    bool finished;         /* an encrypted handshake record: Finished, as the channel stands */
    bool application_data; /* encrypted */
    bool alert;            /* in the clear: level and description are set */
    uint8_t alert_level;
    uint8_t alert_description;
    bool encrypted_alert;
    bool has_connection_id; /* a record of RFC 9146, whose own type is encrypted */
} rdgudp_dtls_t;

/* Reads the records at DATA, a datagram of REPORTED octets of which the capture holds CAPTURED. IS_13: the session
 * chose DTLS 1.3, so that its short record headers may come. Anything that does not hold together ends the reading;
 * what was read stands. */
void rdgudp_dtls_read(const uint8_t *data, size_t captured, size_t reported, bool is_13, rdgudp_dtls_t *dtls);

/* True when the payload of the LENGTH octets at DATA begins as a DTLS record before 1.3 does (type and version). */
bool rdgudp_dtls_looks_like_record(const uint8_t *data, size_t length);

/* "DTLS 1.2"; "unknown version" for what is none. */
const char *rdgudp_dtls_version_name(uint16_t version);

/* "handshake_failure", as RFC 5246 section 7.2 and RFC 8446 section 6 write it; "unknown alert" for others. */
const char *rdgudp_dtls_alert_name(uint8_t description);

#endif
