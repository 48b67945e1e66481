/* rdgudp_dtls.h
 * What the DTLS records of one datagram say in the clear (RFC 6347 section 4, RFC 5246 section 7).
 *
 * Wireshark's DTLS dissector says all of this in its tree, but a tree is not built on the first pass, and the life of a
 * channel must be known on it. So the few facts that matter are read here, from octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_DTLS_H
#define PORTLORE_RDGUDP_DTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RDGUDP_DTLS_1_0 0xfeff
#define RDGUDP_DTLS_1_2 0xfefd

#define RDGUDP_DTLS_RANDOM 32
/* Versions that are kept of one ClientHello; there are three. */
#define RDGUDP_DTLS_OFFERS 4

#define RDGUDP_DTLS_ALERT_FATAL 2

/* What was in the records of a datagram. */
typedef struct {
    bool client_hello; /* a ClientHello, or its first fragment */
    bool has_random;   /* and its random was captured */
    uint8_t random[RDGUDP_DTLS_RANDOM];
    uint16_t offers[RDGUDP_DTLS_OFFERS]; /* the versions that it offers, as in a record's header: 0xfefd is DTLS 1.2 */
    unsigned num_offers;
    bool hello_verify; /* HelloVerifyRequest */
    bool server_hello;
    uint16_t chosen;       /* the version that the ServerHello chooses; 0 when there is none */
    bool finished;         /* an encrypted handshake record: Finished, as the channel stands */
    bool application_data; /* encrypted */
    bool alert;            /* in the clear: level and description are set */
    uint8_t alert_level;
    uint8_t alert_description;
    bool encrypted_alert;
} rdgudp_dtls_t;

/* Reads the records in the LENGTH octets at DATA, which hold whole records (rdgudp_pdu_read_datagram() says so); the
 * capture holds CAPTURED of them. Anything that does not hold together ends the reading; what was read stands. */
void rdgudp_dtls_read(const uint8_t *data, size_t captured, size_t length, rdgudp_dtls_t *dtls);

/* "DTLS 1.2"; "unknown version" for what is none. */
const char *rdgudp_dtls_version_name(uint16_t version);

/* "handshake_failure", as RFC 5246 section 7.2 and RFC 8446 section 6 write it; "unknown alert" for others. */
const char *rdgudp_dtls_alert_name(uint8_t description);

#endif
