/* rdgudp_wire.h
 * The parts of a datagram of the RD Gateway's UDP transport (MS-TSGU sections 2.2.5.4 and 2.2.11): DTLS records, the
 * clear trailer behind a ClientHello, and the header of the packets inside.
 *
 * The functions work on plain octets, keep no state and never read past CAPTURED.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_WIRE_H
#define PORTLORE_RDGUDP_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RDGUDP_TRAILER_LENGTH 26      /* UDP_CORRELATION_INFO, MS-TSGU section 2.2.11.9 */
#define RDGUDP_TRAILER_SIGNATURE1 0x1daa
#define RDGUDP_TRAILER_SIGNATURE2 0xaa1d

#define RDGUDP_PACKET_HEADER 4        /* UDP_PACKET_HEADER: pktID and pktLen */

/* pktID (MS-TSGU section 2.2.5.4.1). */
enum {
    RDGUDP_CONNECT_REQ = 1,
    RDGUDP_CONNECT_RESP = 2,
    RDGUDP_PAYLOAD = 3,
    RDGUDP_DISCONNECT = 4,
    RDGUDP_CONNECT_REQ_FRAGMENT = 5
};

/* What a datagram of the channel is made of. */
typedef struct {
    uint32_t dtls_length;    /* octets of the DTLS records at its start, as sent */
    unsigned num_records;
    bool is_client_hello;    /* the first record starts with a ClientHello */
    bool has_trailer;        /* UDP_CORRELATION_INFO follows the records and ends the datagram */
    uint32_t rest_length;    /* octets behind the records that are not the trailer */
} rdgudp_datagram_t;

/* Takes a datagram apart. CAPTURED octets of its REPORTED are at DATA. False when it does not start with a whole DTLS
 * record (whole as sent; the capture may hold less of it). */
bool rdgudp_wire_read_datagram(const uint8_t *data, size_t captured, size_t reported, rdgudp_datagram_t *datagram);

/* The header of a packet inside DTLS. */
typedef struct {
    uint16_t id;
    uint16_t length;  /* octets behind the header */
} rdgudp_packet_t;

/* Reads the header of the packet in the LENGTH octets at DATA. False when it is none: an id other than 1 to 5, a length
 * that the id does not allow, or one that does not agree with LENGTH (only a fragment may have padding behind it). */
bool rdgudp_wire_read_packet(const uint8_t *data, size_t length, rdgudp_packet_t *packet);

#endif
