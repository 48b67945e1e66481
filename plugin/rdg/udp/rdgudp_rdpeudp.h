/* rdgudp_rdpeudp.h
 * The RDPEUDP version 1 datagram inside a DATA_PKT (MS-RDPEUDP sections 2.2.2 and 2.2.3).
 *
 * Wireshark has a dissector for it, which forgets that the ACK vector is padded to four octets, and cannot know here
 * that a channel is lossy: it would read the rest wrongly and hand it to TLS where DTLS is right.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_RDPEUDP_H
#define PORTLORE_RDGUDP_RDPEUDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* uFlags. */
enum {
    RDGUDP_RDPEUDP_SYN = 0x0001,
    RDGUDP_RDPEUDP_ACK = 0x0004,
    RDGUDP_RDPEUDP_DATA = 0x0008,
    RDGUDP_RDPEUDP_FEC = 0x0010,
    RDGUDP_RDPEUDP_ACK_OF_ACKS = 0x0100
};

#define RDGUDP_RDPEUDP_ACK_VECTOR_MAX 2048 /* elements */

/* Where the parts are. Offsets count from the datagram's start; 0 means that the part is not there. */
typedef struct {
    uint32_t source_ack;
    uint16_t window;
    uint16_t flags;
    size_t ack_vector;         /* of its size field */
    uint16_t ack_vector_size;  /* elements of one octet */
    size_t ack_padding;        /* of the octets that fill the vector up */
    size_t ack_padding_length; /* 0 to 3 */
    size_t ack_of_acks;
    size_t source;  /* of snCoded; snSourceStart follows */
    size_t payload; /* of what is behind all headers that are understood */
    bool whole;     /* every part that the flags promise is there */
} rdgudp_rdpeudp_t;

/* Takes the LENGTH octets at DATA apart. False when the fixed header of 8 octets is not there. SYN and FEC datagrams
 * carry other payloads, which are not looked into: source is 0 then. */
bool rdgudp_rdpeudp_read(const uint8_t *data, size_t length, rdgudp_rdpeudp_t *datagram);

/* What the start of a payload is by its looks, for a channel whose CONNECT_PKT is not in the capture. */
typedef enum { RDGUDP_INNER_UNKNOWN, RDGUDP_INNER_TLS, RDGUDP_INNER_DTLS } rdgudp_inner_t;

rdgudp_inner_t rdgudp_rdpeudp_guess_inner(const uint8_t *data, size_t length);

#endif
