/* rdg_session.c
 * A user's session with an RD Gateway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_session.h"

#include <wsutil/wmem/wmem.h>
#include <epan/wmem_scopes.h>

#include "rdg_key.h"

/* ClientHellos of a reliable and a lossy channel go out together; retransmissions come a second later. */
#define ONE_TRY INT64_C(500000000)

/* What comes so much later is not the same trouble any more. */
#define TRIES_END INT64_C(60000000000)

static wmem_map_t *sessions; /* e_guid_t -> rdg_session_t */

rdg_time_t rdg_session_time_of(const nstime_t *when)
{
    /* A capture may have any time: as unsigned numbers, they do not overflow. */
    return (rdg_time_t)((uint64_t)when->secs * (uint64_t)RDG_SECOND + (uint64_t)when->nsecs);
}

rdg_time_t rdg_session_time(const packet_info *pinfo)
{
    return rdg_session_time_of(&pinfo->abs_ts);
}

void rdg_session_init(void)
{
    sessions = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), rdg_key_hash_id, rdg_key_ids_are_equal);
}

rdg_session_t *rdg_session_get(const e_guid_t *id)
{
    rdg_session_t *session = wmem_map_lookup(sessions, id);

    if (session == NULL) {
        session = wmem_new0(wmem_file_scope(), rdg_session_t);
        session->index = wmem_map_size(sessions);
        session->id = *id;
        session->first_try = session->last_try = RDG_NEVER;
        session->fallback_stream = RDG_NO_STREAM;
        wmem_map_insert(sessions, &session->id, session);
    }
    return session;
}

void rdg_session_on_try(rdg_session_t *session, rdg_time_t when)
{
    if (session->tries == 0 || when - session->last_try > TRIES_END) {
        session->first_try = session->last_try = when;
        session->tries = 1;
        return;
    }
    if (when - session->last_try >= ONE_TRY) {
        session->tries++;
    }
    session->first_try = when < session->first_try ? when : session->first_try;
    session->last_try = when > session->last_try ? when : session->last_try;
}
