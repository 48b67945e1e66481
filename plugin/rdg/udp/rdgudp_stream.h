/* rdgudp_stream.h
 * What RDPEUDP datagrams carry, in the order of their numbers: the TLS of a reliable channel, whose records go over
 * several datagrams, and the DTLS of a lossy one, of which each datagram stands alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_STREAM_H
#define PORTLORE_RDGUDP_STREAM_H

#include <epan/packet.h>

#include <stdbool.h>
#include <stdint.h>

#include "rdgudp_order.h"
#include "rdgudp_session.h"

/* What became of one datagram. Lives as long as the file. */
typedef struct rdgudp_chunk {
    rdgudp_place_t place;
    uint32_t number;
    uint32_t missing;          /* how many right before it were not there when it came */
    uint32_t filled;           /* of these, how many came later */
    struct rdgudp_chunk *next; /* one that misses others, too */
    uint32_t skipped;          /* given up when it came */
    frame_record_t *read_in;   /* where the last of its octets were read; NULL as long as they wait */
    uint32_t carried; /* octets that earlier datagrams, or later ones that waited, brought to what is read here */
    uint8_t *octets;  /* whole TLS records, joined; NULL when they are this datagram's own */
    uint32_t length;  /* of them; of its own, from the start of its payload */
    uint8_t *waits;   /* a copy of its payload, while it waits */
    uint32_t waits_length;
} rdgudp_chunk_t;

/* Call once, at registration. */
void rdgudp_stream_register(void);

/* The end of the packet has named its initial sequence number. First pass only. */
void rdgudp_stream_set_initial(rdgudp_conv_t *conv, bool from_gateway, uint32_t initial);

/* Takes in the payload of a datagram with the NUMBER snSourceStart. LEARNS: first pass, and no copy of another frame.
 * What became of it; NULL when that is not known: the frame is read otherwise than on the first pass, or is a copy. */
const rdgudp_chunk_t *rdgudp_stream_take(tvbuff_t *payload, packet_info *pinfo, rdgudp_conv_t *conv, uint32_t number,
                                         bool learns);

/* The octets that are to be dissected with the datagram of PAYLOAD: whole TLS records, or all of it when it is of a
 * lossy channel. NULL when there are none. */
tvbuff_t *rdgudp_stream_get(tvbuff_t *payload, packet_info *pinfo, const rdgudp_chunk_t *chunk);

#endif
