/* rdghttp_stats.h
 * Reports about the RD Gateway's main channel: -z rdghttp,sessions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_STATS_H
#define PORTLORE_RDGHTTP_STATS_H

#include <epan/packet.h>

#include <stdbool.h>
#include <stdint.h>

#include "rdghttp_session.h"

/* What the tap "rdghttp" gets: one for each frame and session. Lives as long as the packet. */
typedef struct {
    const rdghttp_session_t *session;
    const frame_record_t *frame; /* when it has more than DATA; NULL otherwise */
    nstime_t when;               /* since the first frame */
    uint64_t octets[2];          /* that DATA carries: from the client, from the gateway */
} rdghttp_tap_t;

/* Registers the tap and the table. Call once, at registration. */
void rdghttp_stats_register(void);

/* Gives a head of the session, or a packet, to the reports. NOTE is what is known of it; NULL when nothing is. */
void rdghttp_stats_add_head(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note);
void rdghttp_stats_add_packet(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note,
                              const rdghttp_pdu_t *pdu, bool from_gateway);

#endif
