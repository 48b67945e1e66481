/* rdg_inner.c
 * Calls Wireshark's dissectors for what is inside a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_inner.h"

#include <epan/column-utils.h>
#include <epan/exceptions.h>
#include <epan/proto_data.h>
#include <epan/show_exception.h>

#define RDP_PORT 3389

/* Hangs on a packet while what it carries is being dissected. */
#define KEY_INSIDE 0

bool rdg_inner_is_running(packet_info *pinfo, int proto)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto, KEY_INSIDE) != NULL;
}

void rdg_inner_call(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto,
                    uint32_t source_port, uint32_t destination_port)
{
    const char *saved_proto = pinfo->current_proto;
    uint16_t saved_can_desegment = pinfo->can_desegment;
    uint32_t saved_srcport = pinfo->srcport;
    uint32_t saved_destport = pinfo->destport;
    uint32_t saved_match = pinfo->match_uint;

    pinfo->can_desegment = 0;
    pinfo->srcport = source_port;
    pinfo->destport = destination_port;
    p_add_proto_data(pinfo->pool, pinfo, proto, KEY_INSIDE, pinfo);
    TRY
    {
        call_dissector_only(handle, tvb, pinfo, tree, NULL);
    }
    CATCH_BOUNDS_AND_DISSECTOR_ERRORS
    {
        /* It is that dissector which gave up, not ours. */
        pinfo->current_proto = dissector_handle_get_protocol_short_name(handle);
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    FINALLY
    {
        pinfo->current_proto = saved_proto;
        pinfo->can_desegment = saved_can_desegment;
        pinfo->srcport = saved_srcport;
        pinfo->destport = saved_destport;
        pinfo->match_uint = saved_match;
        p_remove_proto_data(pinfo->pool, pinfo, proto, KEY_INSIDE);
    }
    ENDTRY;
}

void rdg_inner_call_silent(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto)
{
    ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);

    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY
    {
        rdg_inner_call(handle, tvb, pinfo, tree, proto, pinfo->srcport, pinfo->destport);
    }
    FINALLY
    {
        col_set_writable(pinfo->cinfo, -1, columns_writable);
    }
    ENDTRY;
}

uint32_t rdg_inner_choose_port(uint32_t target_port, uint32_t gateway_port)
{
    uint32_t port = target_port != 0 ? target_port : RDP_PORT;

    return port != gateway_port ? port : port ^ 1;
}
