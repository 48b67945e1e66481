/* packet_conversation.c
 * The conversation of a packet, looked up once for all protocols of ours that ask.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "packet_conversation.h"

#include <epan/proto_data.h>

/* Of packet_info's data in this file. The frame store has the same protocol, but other keys. */
#define KEY_FOUND 0x636f6e76
#define KEY_DISOWNED 0x6f776e6e

/* Found last for the packet. A packet may have several headers with ports, one in another. */
typedef struct {
    conversation_t *conversation;
    port_type ptype;
    uint32_t source_port;
    uint32_t destination_port;
    const void *source;
    const void *destination;
} found_t;

static int proto_store = -1;
static bool is_any_disowned; /* of the packets of this run of the program; most runs have none and need no look-up */

void packet_conversation_register(int proto)
{
    proto_store = proto;
}

static bool is_of(const found_t *found, const packet_info *pinfo)
{
    return found->ptype == pinfo->ptype && found->source_port == pinfo->srcport &&
           found->destination_port == pinfo->destport && found->source == pinfo->src.data &&
           found->destination == pinfo->dst.data;
}

conversation_t *packet_conversation_find(packet_info *pinfo)
{
    found_t *found = p_get_proto_data(pinfo->pool, pinfo, proto_store, KEY_FOUND);

    if (found != NULL && is_of(found, pinfo)) {
        return found->conversation;
    }
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    /* One that is missing may be made at any time. */
    if (conversation == NULL) {
        return NULL;
    }
    if (found == NULL) {
        found = wmem_new(pinfo->pool, found_t);
        p_add_proto_data(pinfo->pool, pinfo, proto_store, KEY_FOUND, found);
    }
    *found = (found_t){ conversation, pinfo->ptype, pinfo->srcport, pinfo->destport, pinfo->src.data, pinfo->dst.data };
    return conversation;
}

/* The protocol's id itself: a packet has one protocol of ours on its innermost header. */
void packet_conversation_disown(packet_info *pinfo, int proto)
{
    is_any_disowned = true;
    p_remove_proto_data(pinfo->pool, pinfo, proto_store, KEY_DISOWNED);
    p_add_proto_data(pinfo->pool, pinfo, proto_store, KEY_DISOWNED, GINT_TO_POINTER(proto));
}

bool packet_conversation_is_disowned(packet_info *pinfo, int proto)
{
    return is_any_disowned && proto == GPOINTER_TO_INT(p_get_proto_data(pinfo->pool, pinfo, proto_store, KEY_DISOWNED));
}
