/* lore_session.h
 * What is known of a conversation on a port of interest, and what is news about it.
 *
 * Told on the first pass only, packet after packet; later passes read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_SESSION_H
#define PORTLORE_LORE_SESSION_H

#include <epan/packet.h>

#include <stdbool.h>

#include "lore_payload.h"
#include "port_records.h"

/* How the payload and the port go together. */
typedef enum { LORE_MATCH_EXPECTED, LORE_MATCH_OTHER, LORE_MATCH_UNRECOGNISED, LORE_MATCH_NO_PAYLOAD } lore_match_t;

/* What a packet brings that is worth saying. */
enum {
    LORE_NEWS_FIRST = 1 << 0,      /* the first packet of the conversation */
    LORE_NEWS_SEEN = 1 << 1,       /* a protocol that was not seen on it before */
    LORE_NEWS_UNEXPECTED = 1 << 2, /* that protocol does not belong here */
    LORE_NEWS_SUSTAINED = 1 << 3,  /* the port is dormant, and yet there has been a lot, both ways */
    LORE_NEWS_REFUSED = 1 << 4,    /* a SYN was answered by RST, a datagram by ICMP unreachable */
    LORE_NEWS_REPEATED = 1 << 5    /* a SYN was sent again: nothing has answered yet */
};

/* Different protocols on one conversation that are told apart; what comes later is not news any more. */
#define LORE_MAX_SEEN 8

/* One conversation. Lives as long as the file. */
typedef struct {
    port_record_t record;
    address service_address;
    bool side_is_certain;
    bool told_first;
    bool told_sustained;
    bool told_repeated;
    bool syn_first;        /* the capture has the connection attempt */
    bool service_answered; /* the service's end sent something that is not a refusal */
    bool refused;
    bool tenant_seen; /* what belongs here has been on it */
    bool payload_from_service;
    bool payload_from_client;
    uint32_t payload_packets;
    uint32_t first_frame;
    const char *seen[LORE_MAX_SEEN];
    unsigned num_seen;
} lore_session_t;

/* Makes the tables that are emptied for each file. Call once. */
void lore_session_init(void);

/* The conversation of the packet in EVIDENCE, or NULL when it is not one of interest. */
lore_session_t *lore_session_find(const lore_payload_t *evidence);

/* Takes in a packet, on the first pass. Returns its news (LORE_NEWS_*), and in *FOUND its conversation, which is NULL
 * when it is not one of interest. SUSTAINED is the number of payload packets from which a dormant port is remarkable.
 */
unsigned lore_session_learn(const packet_info *pinfo, const lore_payload_t *evidence, uint32_t sustained,
                            lore_session_t **found);

/* How what was SEEN (may be NULL) goes with the port. */
lore_match_t lore_session_match(const lore_session_t *conversation, const char *seen);

#endif
