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

/* UDP_CORRELATION_INFO (MS-TSGU section 2.2.11.9). Offsets count from its start. */
enum {
    RDGUDP_TRAILER_RESERVED = 0,
    RDGUDP_TRAILER_SIGNATURE1 = 4,
    RDGUDP_TRAILER_ID = 6,
    RDGUDP_TRAILER_SIGNATURE2 = 22,
    RDGUDP_TRAILER_SIZE = 24,
    RDGUDP_TRAILER_LENGTH = 26
};

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

/* Reads what follows the first LENGTH octets of the datagram at DATA, which are its DTLS records. CAPTURED octets of
 * its REPORTED are there. */
rdgudp_trailer_t rdgudp_pdu_read_trailer(const uint8_t *data, size_t captured, size_t reported, size_t length);

/* The header of a packet inside DTLS. */
typedef struct {
    uint16_t id;
    uint16_t length; /* octets behind the header */
} rdgudp_packet_t;

/* Reads the header of the packet in the LENGTH octets at DATA, and nothing else. False when there is none: less than
 * four octets, or an id other than 1 to 5. */
bool rdgudp_pdu_read_header(const uint8_t *data, size_t length, rdgudp_packet_t *packet);

/* True when pktLen is what the packet's parts have, or when that cannot be told. DATA and LENGTH are those of a packet
 * whose header was read; of CONNECT_PKT_FRAGMENT nothing is told, since its first one may be padded. */
bool rdgudp_pdu_fits(const uint8_t *data, size_t length, const rdgudp_packet_t *packet);

/* The same, strictly. False when the packet is none: an id other than 1 to 5, a length
 * that the id does not allow, or one that does not agree with LENGTH (only a fragment may have padding behind it). */
bool rdgudp_pdu_read_packet(const uint8_t *data, size_t length, rdgudp_packet_t *packet);

/* CONNECT_PKT (MS-TSGU section 2.2.11.3) with its AASYNDATA (2.2.11.1). Offsets count from the packet's start. */
enum {
    RDGUDP_CONNECT_PORT = 4,
    RDGUDP_CONNECT_COOKIE_LENGTH = 6,
    RDGUDP_CONNECT_MTU_UP = 8,
    RDGUDP_CONNECT_MTU_DOWN = 10,
    RDGUDP_CONNECT_LOSSY = 12,
    RDGUDP_CONNECT_ISN = 16,
    RDGUDP_CONNECT_COOKIE = 20
};
typedef struct {
    uint16_t target_port;
    uint16_t cookie_length; /* as it says; may be more than is there */
    bool lossy;             /* RDPEUDP-L */
    uint32_t isn;           /* the client's initial sequence number */
} rdgudp_connect_t;

/* Reads the fixed part of CONNECT_PKT. False when it is not all there. */
bool rdgudp_pdu_read_connect(const uint8_t *data, size_t length, rdgudp_connect_t *connect);

/* CONNECT_PKT_RESP (MS-TSGU section 2.2.11.4) with its AASYNDATARESP (2.2.11.2), and DISC_PKT (2.2.11.6). Their code
 * has 8 octets by the specification, and 4 in what servers send. */
enum {
    RDGUDP_RESPONSE_MTU_UP = 4,
    RDGUDP_RESPONSE_MTU_DOWN = 6,
    RDGUDP_RESPONSE_ISN = 8,
    RDGUDP_RESPONSE_RESULT = 12,
    RDGUDP_DISCONNECT_REASON = 4
};
typedef struct {
    unsigned code_length; /* 4 or 8 */
    uint32_t code;        /* its lower 32 bits */
} rdgudp_outcome_t;

/* Reads CONNECT_PKT_RESP; the length of its result follows from pktLen, or from LENGTH when pktLen is that of neither
 * form. False when neither is. */
bool rdgudp_pdu_read_response(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome);

/* Reads DISC_PKT in the same way. */
bool rdgudp_pdu_read_disconnect(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome);

/* CONNECT_PKT_FRAGMENT (MS-TSGU section 2.2.11.8). Offsets count from the packet's start. */
enum {
    RDGUDP_FRAGMENT_ID = 4,
    RDGUDP_FRAGMENT_COUNT = 6,
    RDGUDP_FRAGMENT_LENGTH = 8,
    RDGUDP_FRAGMENT_DATA = 10,
    RDGUDP_FRAGMENT_HEADER = RDGUDP_FRAGMENT_DATA - RDGUDP_PACKET_HEADER /* octets that pktLen counts beside the data */
};
#define RDGUDP_FRAGMENT_MAX 1000 /* octets of data; fragment i has those from i * 1000 on */
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
