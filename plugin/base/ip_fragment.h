/* ip_fragment.h
 * Reads the IP header of a packet that is a fragment of a UDP datagram.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_IP_FRAGMENT_H
#define PORTLORE_IP_FRAGMENT_H

#include "ip_headers.h"

typedef struct {
    uint32_t ident;  /* of the datagram */
    uint32_t offset; /* octets before this fragment; 0: it has the UDP header */
    bool has_ports;  /* the ports are known: those of a first fragment of which they were captured */
    uint16_t source_port;
    uint16_t destination_port;
    size_t
        payload; /* where the octets behind the IP header begin in the frame, and how many the fragment has of them */
    size_t octets;
} ip_fragment_t;

/* Looks in the CAPTURED octets of FRAME for the IP header with these ADDRESSES, where that is the header of a fragment
 * of a UDP datagram. False when there is none. */
bool ip_fragment_find(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses, ip_fragment_t *fragment);

#endif
