/* rdghttp_story.h
 * What a session's row in the reports says: who, to where, what was offered, and how it ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_STORY_H
#define PORTLORE_RDGHTTP_STORY_H

#include <epan/guid-utils.h>
#include <epan/packet.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/frame_store.h"
#include "rdghttp_head.h"
#include "rdghttp_pdu.h"

/* Which end ended a session. */
typedef enum { RDGHTTP_ENDED_BY_NONE, RDGHTTP_ENDED_BY_CLIENT, RDGHTTP_ENDED_BY_GATEWAY } rdghttp_ended_by_t;

/* What names the user: what has a higher number is believed rather. */
typedef enum {
    RDGHTTP_USER_UNKNOWN,
    RDGHTTP_USER_FROM_AUTH,   /* NTLM or Basic, with which the client authenticates itself */
    RDGHTTP_USER_FROM_HEADER, /* RDG-User-Id, under which the gateway logs it */
    RDGHTTP_USER_FROM_COOKIE  /* what the gateway gives for UDP */
} rdghttp_user_from_t;

/* A number of a packet that may not have it. */
typedef struct {
    bool is_there;
    uint32_t value;
} rdghttp_number_t;

/* As far as the packets so far show. Begins as all zeros, but for AUTH, which is RDGHTTP_AUTH_UNKNOWN. */
typedef struct {
    const char *user; /* NULL: not known */
    rdghttp_user_from_t user_from;
    const char *target;   /* names in CHANNEL_CREATE; NULL: not known */
    uint16_t target_port; /* of CHANNEL_CREATE; 0 before */
    rdghttp_auth_t auth;  /* with what the client came last; RDGHTTP_AUTH_NONE when it came with nothing so far */
    const char *build;    /* RDG-Client-AppBuild; NULL: not known */
    const char *machine;  /* clientName of TUNNEL_AUTH; NULL: not known */
    bool has_correlation_id;
    e_guid_t correlation_id;
    rdghttp_number_t caps[2]; /* that the client announces, and the gateway */
    rdghttp_number_t tunnel_id;
    rdghttp_number_t redirection;  /* redirFlags */
    rdghttp_number_t idle_timeout; /* minutes; 0: none */
    bool has_channel;              /* a good CHANNEL_RESPONSE has come */
    bool has_offer;                /* of UDP, in the last one */
    uint16_t udp_port;
    frame_record_t *end; /* of the packet that ended the session; NULL: none did */
    rdghttp_ended_by_t ended_by;
    bool has_code;
    uint32_t code;
    const char *refusal;           /* status and reason of the last HTTP answer that refuses */
    frame_record_t *refusal_frame; /* of that answer */
} rdghttp_story_t;

/* A user's name as a request has it, Base64 of UTF-16. NULL when it is not that. */
const char *rdghttp_story_read_user(wmem_allocator_t *scope, tvbuff_t *tvb, const rdghttp_span_t *span);

/* First pass: a request, or an answer, which TVB begins with. FRAME is its frame. */
void rdghttp_story_on_head(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_head_t *head, frame_record_t *frame);

/* First pass: a packet other than DATA, which TVB is as far as it was captured. */
void rdghttp_story_on_packet(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_pdu_t *pdu, bool from_gateway,
                             frame_record_t *frame);

#endif
