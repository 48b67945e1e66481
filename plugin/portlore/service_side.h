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

/* What one packet tells about it. */
typedef struct {
    transport_t transport;
    uint16_t source_port;
    uint16_t destination_port;
    bool syn; /* TCP flags; false for UDP */
    bool ack;
    unsigned source_weight; /* how much we know about the port: 0 nothing, more is more */
    unsigned destination_weight;
    bool recognised_by_source;      /* the payload is what is expected at the source port */
    bool recognised_by_destination; /* likewise at the destination port */
} service_clues_t;

/* Judges by the first packet that was captured of a conversation.
 *
 * TCP: who received the SYN or sent the SYN-ACK; mid-stream, the end with the better known port. UDP: the destination.
 * But a System port (below 1024) or a payload recognised by its port shows the service wherever no SYN does: a client
 * that merely got a known number as its ephemeral port is not a service. *CERTAIN is true when nothing that comes later
 * can tell it better. */
service_side_t service_side_judge(const service_clues_t *clues, bool *certain);

#endif
