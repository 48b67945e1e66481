/* rdgudp_pdu.h
 * The parts of a datagram of the RD Gateway's UDP transport (MS-TSGU sections 2.2.5.4 and 2.2.11): DTLS records, the
 * clear trailer behind a ClientHello, and the header of the packets inside.
 *
 * The functions work on plain octets, keep no state and never read past CAPTURED.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_PDU_H
#define PORTLORE_RDGUDP_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RDGUDP_TRAILER_LENGTH 26 /* UDP_CORRELATION_INFO, MS-TSGU section 2.2.11.9 */
#define RDGUDP_TRAILER_ID 6      /* where uCorrelationId is in it */
#define RDGUDP_TRAILER_TAIL 22   /* and uSignature2, which uCbStruct follows */

#define RDGUDP_PACKET_HEADER 4 /* UDP_PACKET_HEADER: pktID and pktLen */

/* pktID (MS-TSGU section 2.2.5.4.1). */
enum {
    RDGUDP_CONNECT_REQ = 1,
    RDGUDP_CONNECT_RESP = 2,
    RDGUDP_PAYLOAD = 3,
    RDGUDP_DISCONNECT = 4,
    RDGUDP_CONNECT_REQ_FRAGMENT = 5
};

/* What follows the DTLS records of a datagram. */
typedef enum {
    RDGUDP_TRAILER_NONE, /* nothing, or octets that cannot be UDP_CORRELATION_INFO */
    RDGUDP_TRAILER_WHOLE,
    /* Octets that the capture holds in part or not at all, so that nothing tells whether they are UDP_CORRELATION_INFO.
     * None of those that it holds speaks against it. */
    RDGUDP_TRAILER_NOT_CAPTURED
} rdgudp_trailer_t;

/* What a datagram of the channel is made of. */
typedef struct {
    uint32_t dtls_length; /* octets of the DTLS records at its start, as sent */
    unsigned num_records;
    bool is_client_hello; /* the first record starts with a ClientHello */
    rdgudp_trailer_t trailer;
    uint32_t rest_length; /* octets behind the records as sent, when they are not the trailer or not known to be it */
    uint32_t rest_there;  /* octets of these that were captured */
} rdgudp_datagram_t;

/* Takes a datagram apart. CAPTURED octets of its REPORTED are at DATA. False when it does not start with a whole DTLS
 * record (whole as sent; the capture may hold less of it). */
bool rdgudp_pdu_read_datagram(const uint8_t *data, size_t captured, size_t reported, rdgudp_datagram_t *datagram);

/* The header of a packet inside DTLS. */
typedef struct {
    uint16_t id;
    uint16_t length; /* octets behind the header */
} rdgudp_packet_t;

/* Reads the header of the packet in the LENGTH octets at DATA, and nothing else. False when there is none: less than
 * four octets, or an id other than 1 to 5. */
bool rdgudp_pdu_read_header(const uint8_t *data, size_t length, rdgudp_packet_t *packet);

/* The same, strictly. False when the packet is none: an id other than 1 to 5, a length
 * that the id does not allow, or one that does not agree with LENGTH (only a fragment may have padding behind it). */
bool rdgudp_pdu_read_packet(const uint8_t *data, size_t length, rdgudp_packet_t *packet);

/* AASYNDATA (MS-TSGU section 2.2.11.1) in CONNECT_PKT, AASYNDATARESP (2.2.11.2) in CONNECT_PKT_RESP. */
typedef struct {
    bool lossy;   /* CONNECT_PKT only: RDPEUDP-L */
    uint32_t isn; /* the client's or the target's initial sequence number */
} rdgudp_syn_t;

/* CONNECT_PKT (MS-TSGU section 2.2.11.3), header included. Offsets count from the packet's start. */
#define RDGUDP_CONNECT_COOKIE 20
typedef struct {
    uint16_t target_port;
    uint16_t cookie_length; /* as it says; may be more than is there */
    rdgudp_syn_t syn;
} rdgudp_connect_t;

/* Reads the fixed part of CONNECT_PKT. False when it is not all there. */
bool rdgudp_pdu_read_connect(const uint8_t *data, size_t length, rdgudp_connect_t *connect);

/* CONNECT_PKT_RESP (MS-TSGU section 2.2.11.4) and DISC_PKT (2.2.11.6): a code of 8 octets by the specification, of 4 in
 * what servers send. */
#define RDGUDP_RESPONSE_RESULT 12
#define RDGUDP_DISCONNECT_REASON 4
typedef struct {
    rdgudp_syn_t syn;     /* CONNECT_PKT_RESP only */
    unsigned code_length; /* 4 or 8 */
    uint32_t code;        /* its lower 32 bits */
} rdgudp_outcome_t;

/* Reads CONNECT_PKT_RESP; the length of its result follows from pktLen. False when that is neither form, or when it is
 * not all there. */
bool rdgudp_pdu_read_response(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome);

/* Reads DISC_PKT in the same way. */
bool rdgudp_pdu_read_disconnect(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome);

/* CONNECT_PKT_FRAGMENT (MS-TSGU section 2.2.11.8), header included. */
#define RDGUDP_FRAGMENT_DATA 10
typedef struct {
    uint16_t id;
    uint16_t count;
    uint16_t length; /* cbFragmentLength, as it says */
    size_t there;    /* octets of it that are there */
    size_t padding;  /* octets behind it: legal in the first fragment (3.8.3 step 7) */
} rdgudp_fragment_t;

/* Reads a fragment's numbers. False when its fixed part is not all there. */
bool rdgudp_pdu_read_fragment(const uint8_t *data, size_t length, rdgudp_fragment_t *fragment);

/* True when the LENGTH octets at DATA, a bare datagram, are a CONNECT_PKT_FRAGMENT that was sent without DTLS. Known
 * scanner templates do that, some with a pktLen that counts the header too. */
bool rdgudp_pdu_is_clear_fragment(const uint8_t *data, size_t length);

#endif
