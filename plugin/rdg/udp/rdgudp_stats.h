/* rdgudp_stats.h
 * Reports about the RD Gateway's UDP transport: -z rdgudp,tree and -z rdgudp,channels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_STATS_H
#define PORTLORE_RDGUDP_STATS_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_history.h"

/* Packets inside DTLS that one datagram can have in the reports. */
#define RDGUDP_TAP_PACKETS 16

/* What the tap "rdgudp" gets: one for each datagram of a channel, and one for each other packet that says something
 * about a channel. Lives as long as the packet. */
typedef struct rdgudp_tap {
    const struct rdgudp_tap *next; /* what the same packet says about another channel, or NULL */
    const rdgudp_state_t *state;
    bool is_datagram; /* false: an ICMP error, or the TCP packet that shows a fallback */
    uint32_t length;  /* octets of the frame */
    nstime_t time;    /* since the first frame */
    unsigned num_packets;
    uint16_t packets[RDGUDP_TAP_PACKETS]; /* pktID of each packet inside DTLS; 0 for what is none */
    unsigned findings;                    /* RDGUDP_FINDING_* of all of them */
} rdgudp_tap_t;

/* Registers the tap and the table; returns the tap. Call once, at registration. */
int rdgudp_stats_register(void);

/* Registers the statistics tree. Call at handoff. */
void rdgudp_stats_start(void);

#endif
