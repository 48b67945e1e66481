/* service_side.h
 * Which end of a conversation is the service: the one whose port number means something.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_SERVICE_SIDE_H
#define PORTLORE_SERVICE_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "port_facts.h"

typedef enum { SERVICE_UNKNOWN, SERVICE_AT_SOURCE, SERVICE_AT_DESTINATION } service_side_t;

/* How well it is known. Nothing is stated as a fact about the service's port on a guess. */
typedef enum {
    SERVICE_GUESSED, /* by the numbers alone */
    SERVICE_LIKELY,  /* by several signs that agree; what comes later may still disprove it */
    SERVICE_PROVEN   /* by the connection attempt, or by what the payload is */
} service_certainty_t;

/* What one packet tells about it. */
typedef struct {
    transport_t transport;
    uint16_t source_port;
    uint16_t destination_port;
    bool syn; /* TCP flags; false for UDP */
    bool ack;
    bool is_scan;           /* TCP: a segment that no connection has, such as one without any flag */
    unsigned source_weight; /* how much we know about the port: 0 nothing, more is more */
    unsigned destination_weight;
    bool recognised_by_source;      /* the payload is what is expected at the source port */
    bool recognised_by_destination; /* likewise at the destination port */
} service_clues_t;

/* True for the numbers that hosts give to their clients: 32768 (Linux) or 49152 (RFC 6335) and more. */
bool service_side_is_clients_port(uint16_t port);

/* Judges by the first packet that was captured of a conversation.
 *
 * TCP: who received the SYN or sent the SYN-ACK; mid-stream, the end with the better known port. UDP: the destination.
 * But a System port (below 1024) or a payload recognised by its port shows the service wherever no SYN does: a client
 * that merely got a known number as its ephemeral port is not a service. *CERTAINTY tells how well this is known: a
 * UDP datagram is likely to go to the service when it goes from a client's port to one that we know more about; of a
 * TCP connection under way, the numbers alone tell nothing. */
service_side_t service_side_judge(const service_clues_t *clues, service_certainty_t *certainty);

#endif
