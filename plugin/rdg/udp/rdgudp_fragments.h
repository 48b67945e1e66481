/* rdgudp_fragments.h
 * Which fragments of a CONNECT_PKT belong together (MS-TSGU section 2.2.11.8). Pure.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_FRAGMENTS_H
#define PORTLORE_RDGUDP_FRAGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "rdgudp_pdu.h"

/* Fragments of one CONNECT_PKT that are put together: what fits the 4096 octets of the gateway's buffer, and no more.
 */
#define RDGUDP_MOST_FRAGMENTS 5

/* One attempt to send CONNECT_PKT in fragments. Starts as all zeros. */
typedef struct {
    uint32_t attempt; /* counts from 1; 0 before the first fragment */
    uint16_t count;
    unsigned seen; /* a bit for each fragment */
    uint16_t lengths[RDGUDP_MOST_FRAGMENTS];
    uint64_t digests[RDGUDP_MOST_FRAGMENTS];
} rdgudp_fragments_t;

/* What a fragment is to the reassembly. */
typedef enum {
    RDGUDP_FRAGMENT_REFUSED, /* its numbers are out of range: it is not put together with anything */
    RDGUDP_FRAGMENT_NEW,     /* belongs to fragments->attempt */
    RDGUDP_FRAGMENT_REPEATED /* the same again */
} rdgudp_fragment_use_t;

/* Takes in a CONNECT_PKT_FRAGMENT: usFragmentID, usNoOfFragments, and its LENGTH octets at DATA. Nothing is kept of a
 * fragment but its length and a digest. Another count, or other octets under the same id, start a new attempt. */
rdgudp_fragment_use_t rdgudp_fragments_on_fragment(rdgudp_fragments_t *fragments, uint16_t id, uint16_t count,
                                                   const uint8_t *data, size_t length);

#endif
