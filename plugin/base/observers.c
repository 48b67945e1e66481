/* observers.c
 * Somebody else of ours who looks at every packet, together with Port Lore.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "observers.h"

#include <epan/proto.h>

static int proto_portlore = -1;
static observers_t invited;

/* Protocols are enabled and disabled before a file is read, or anew. */
static void reset(void)
{
    invited = NULL;
}

void observers_init(int proto)
{
    proto_portlore = proto;
    register_init_routine(reset);
}

bool observers_invite(observers_t guest)
{
    if (proto_portlore == -1 || !proto_is_protocol_enabled(find_protocol_by_id(proto_portlore))) {
        return false;
    }
    invited = guest;
    return true;
}

void observers_call(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, bool is_icmp)
{
    if (invited != NULL) {
        invited(frame, pinfo, tree, is_icmp);
    }
}
