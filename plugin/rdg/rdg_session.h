/* rdg_session.h
 * A user's session with an RD Gateway: what belongs together by its correlation id (MS-TSGU section 2.2.11.9).
 *
 * A session has a main channel over HTTPS and up to two channels over UDP. A client may also try each UDP channel from
 * several ports. All of it lives as long as the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_SESSION_H
#define PORTLORE_RDG_SESSION_H

#include <epan/guid-utils.h>
#include <epan/packet.h>

#include <stdbool.h>
#include <stdint.h>

#include "rdg_terms.h"

typedef struct {
    uint32_t index;       /* counts from 0, in the order in which the sessions appear */
    e_guid_t id;          /* in the little-endian order of UDP_CORRELATION_INFO */
    uint32_t tries;       /* to open a UDP channel, on all ports; what comes within half a second is one */
    rdg_time_t first_try; /* RDG_NEVER before; as the next */
    rdg_time_t last_try;
    uint32_t num_answered;    /* UDP channels of which the gateway has answered */
    uint32_t fallback_stream; /* tcp.stream that carries the session on without a UDP channel, or RDG_NO_STREAM */
    uint32_t num_up;          /* UDP channels that carry the session, or did until they were closed */
} rdg_session_t;

/* A time, or the time between two. */
rdg_time_t rdg_session_time_of(const nstime_t *when);

/* A packet's time. */
rdg_time_t rdg_session_time(const packet_info *pinfo);

/* Call once, at registration. */
void rdg_session_init(void);

/* The session of the correlation id, made when it is new. */
rdg_session_t *rdg_session_get(const e_guid_t *id);

/* A client tries a UDP channel of the session. */
void rdg_session_on_try(rdg_session_t *session, rdg_time_t when);

#endif
