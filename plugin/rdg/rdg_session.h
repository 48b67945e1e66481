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

#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds since 1970; RDG_SESSION_NEVER before. */
#define RDG_SESSION_NEVER INT64_MIN

typedef struct {
    uint32_t index; /* counts from 0, in the order in which the sessions appear */
    e_guid_t id;    /* in the little-endian order of UDP_CORRELATION_INFO */
    uint32_t tries; /* to open a UDP channel, on all ports; what comes within half a second is one */
    int64_t first_try;
    int64_t last_try;
    uint32_t num_answered;    /* UDP channels of which the gateway has answered */
    uint32_t fallback_stream; /* tcp.stream that carries the session on without a UDP channel; UINT32_MAX: not known */
    uint32_t num_up;          /* UDP channels that carry the session, or did until they were closed */
} rdg_session_t;

/* Call once, at registration. */
void rdg_session_init(void);

/* The session of the correlation id, made when it is new. */
rdg_session_t *rdg_session_get(const e_guid_t *id);

/* A client tries a UDP channel of the session. */
void rdg_session_on_try(rdg_session_t *session, int64_t time);

#endif
