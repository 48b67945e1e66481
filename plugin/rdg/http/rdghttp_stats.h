/* rdghttp_stats.h
 * Reports about the RD Gateway's main channel: -z rdghttp,sessions; rdghttp_stats_counts has the others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_STATS_H
#define PORTLORE_RDGHTTP_STATS_H

#include <epan/packet.h>

#include <stdbool.h>
#include <stdint.h>

#include "rdghttp_session.h"

/* A head or a packet. */
typedef struct rdghttp_tap_unit {
    const rdghttp_note_t *note; /* what is known of it; NULL of DATA, and when nothing is */
    rdghttp_method_t method;    /* of a request of HTTP */
    unsigned status;            /* of an answer of HTTP */
    uint16_t type;              /* of a packet */
    uint32_t code;              /* of a packet that has one and whose code is not 0 */
    struct rdghttp_tap_unit *next;
} rdghttp_tap_unit_t;

/* What the tap "rdghttp" gets: one for each frame and session. Lives as long as the packet. */
typedef struct {
    const rdghttp_session_t *session;
    const frame_record_t *frame; /* when it has more than DATA; NULL otherwise */
    nstime_t when;               /* since the first frame */
    uint64_t octets[2];          /* that DATA carries: from the client, from the gateway */
    rdghttp_tap_unit_t *units;   /* the latest first */
} rdghttp_tap_t;

/* Registers the tap and the table. Call once, at registration. */
void rdghttp_stats_register(void);

/* Gives a head of the session, or a packet, to the reports. NOTE is what is known of it; NULL when nothing is. HEAD is
 * NULL for a request of RPC over HTTP. */
void rdghttp_stats_add_head(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note,
                            const rdghttp_head_t *head);
void rdghttp_stats_add_packet(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note,
                              const rdghttp_pdu_t *pdu, bool from_gateway);

#endif
