/* rdghttp_outcome.h
 * What became of UDP in a session: what the main channel says, and what its UDP channels show.
 *
 * Each verdict rests on what the capture has. Where that is not enough, the verdict is what is certain (offered, not
 * known), and the reason says what is missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_OUTCOME_H
#define PORTLORE_RDGHTTP_OUTCOME_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdg/rdg_offer.h"
#include "rdghttp_session.h"

/* Why no more is known. */
typedef enum {
    RDGHTTP_BECAUSE_NONE,
    RDGHTTP_BECAUSE_NO_CREATE,     /* no TUNNEL_CREATE, or not whole */
    RDGHTTP_BECAUSE_NO_TUNNEL,     /* no TUNNEL_RESPONSE with capabilities */
    RDGHTTP_BECAUSE_NO_RESPONSE,   /* no CHANNEL_RESPONSE, or not whole */
    RDGHTTP_BECAUSE_REAUTH,        /* the tunnel authenticates another one anew */
    RDGHTTP_BECAUSE_OTHERS,        /* datagrams that are no channel's went to the port */
    RDGHTTP_BECAUSE_PIECES,        /* IP fragments may be of the port */
    RDGHTTP_BECAUSE_OF_OTHERS,     /* with UNUSED: all channels to the port are of other sessions */
    RDGHTTP_BECAUSE_UNTIED,        /* a channel that may be another session's */
    RDGHTTP_BECAUSE_HELLO,         /* hello sent */
    RDGHTTP_BECAUSE_HANDSHAKE,     /* not through */
    RDGHTTP_BECAUSE_STUCK,         /* stuck in the handshake */
    RDGHTTP_BECAUSE_NO_DATA,       /* secured, and no data both ways */
    RDGHTTP_BECAUSE_NOT_CONNECTED, /* CONNECT_PKT is not answered */
    RDGHTTP_BECAUSE_FEW,           /* so few data that they may be a refusal */
    RDGHTTP_BECAUSE_CLOSED_UNUSED, /* closed before data went both ways */
    RDGHTTP_BECAUSE_CLOSED,        /* used and closed; what the session did then is not seen */
    RDGHTTP_BECAUSE_BEGUN_ANEW,    /* used, and then the client began another attempt */
    RDGHTTP_BECAUSE_NOT_OURS       /* DTLS that is none of a gateway's channels */
} rdghttp_because_t;

typedef struct {
    rdghttp_verdict_t verdict;
    rdghttp_because_t because;
    const rdg_link_t *link; /* the channel that the verdict rests on; NULL when there is none */
    unsigned num_links;     /* the session's channels */
} rdghttp_result_t;

/* First pass: the verdict as known with the packet or head of NOTE. Does nothing on a later pass or without a note. */
void rdghttp_outcome_keep(rdghttp_note_t *note, const packet_info *pinfo);

/* Judges the session by what is known now. IS_END: there is nothing more to come, so that what is not there counts. */
rdghttp_result_t rdghttp_outcome_judge(const rdghttp_session_t *session, bool is_end);

/* What came of the UDP that a session was offered, by all packets; of a session with an offer. */
rdghttp_result_t rdghttp_outcome_of_offers(const rdghttp_session_t *session);

/* What became of one channel of a session. */
rdghttp_result_t rdghttp_outcome_of_channel(const rdghttp_session_t *session, const rdg_link_t *link);

/* True when NOTE is of the step behind which the set-up of its session stopped. Only once the whole file is known. */
bool rdghttp_outcome_is_stall(const rdghttp_note_t *note);

/* The outcome in a sentence, with what to do next, in memory of SCOPE. "" when there is nothing to say. */
const char *rdghttp_outcome_write(wmem_allocator_t *scope, const rdghttp_session_t *session,
                                  const rdghttp_result_t *outcome);

#endif
