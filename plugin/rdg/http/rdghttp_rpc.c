/* rdghttp_rpc.c
 * RPC over HTTP, the oldest transport of a gateway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_rpc.h"

#include <epan/proto_data.h>

#include "base/observers.h"
#include "rdghttp_expert.h"
#include "rdghttp_head.h"
#include "rdghttp_inner.h"
#include "rdghttp_session.h"
#include "rdghttp_stats.h"
#include "rdghttp_tree.h"

static int proto_rdghttp = -1;
static int owner = -1;

/* Hangs on a packet of the first pass: its note. */
#define KEY_NOTE 0

void rdghttp_rpc_register(int proto)
{
    proto_rdghttp = proto;
    owner = frame_store_new_owner();
}

/* Later requests of the connection, and all on a later pass, go to HTTP, which has taken it. */
static void show(tvbuff_t *frame, packet_info *pinfo, proto_tree *top, bool is_icmp _U_)
{
    rdghttp_note_t *note = PINFO_FD_VISITED(pinfo) ? frame_store_next(pinfo, owner)
                                                   : p_get_proto_data(pinfo->pool, pinfo, owner, KEY_NOTE);
    proto_tree *tree;

    if (note == NULL) {
        return;
    }
    proto_item *item = rdghttp_tree_begin(tvb_new_subset_length(frame, 0, 0), top, note->session, &tree);
    rdghttp_tree_add_verdict(frame, tree, note->verdict);
    rdghttp_expert_add_rpc(pinfo, item);
    rdghttp_stats_add_head(pinfo, note->session, note, NULL);
}

void rdghttp_rpc_look(tvbuff_t *tvb, packet_info *pinfo)
{
    unsigned captured = tvb_captured_length(tvb);
    rdghttp_guid_t id;

    if (PINFO_FD_VISITED(pinfo) || rdghttp_inner_is_running(pinfo) ||
        p_get_proto_data(pinfo->pool, pinfo, owner, KEY_NOTE) != NULL ||
        !rdghttp_head_is_rpc(tvb_get_ptr(tvb, 0, (int)captured), captured, &id)) {
        return;
    }
    rdghttp_note_t *note = rdghttp_session_on_rpc(pinfo, &id);
    frame_store_put(pinfo, owner, note);
    p_add_proto_data(pinfo->pool, pinfo, owner, KEY_NOTE, note);
    observers_add(proto_rdghttp, show);
}
