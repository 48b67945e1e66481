/* gtpp_builtin.c
 * Calls Wireshark's own GTP' dissector behind ours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "gtpp_builtin.h"

#include <epan/column-utils.h>
#include <epan/exceptions.h>

static dissector_handle_t builtin_handle;

void gtpp_builtin_find(int proto)
{
    builtin_handle = find_dissector_add_dependency("gtpprime", proto);
}

bool gtpp_builtin_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    /* What call_dissector would have restored, had it come back. */
    const char *saved_proto = pinfo->current_proto;
    uint16_t saved_can_desegment = pinfo->can_desegment;
    volatile bool finished = true;

    if (builtin_handle == NULL) {
        return true;
    }
    ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);
    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY
    {
        call_dissector_only(builtin_handle, tvb, pinfo, tree, NULL);
    }
    CATCH_BOUNDS_AND_DISSECTOR_ERRORS
    {
        finished = false;
    }
    ENDTRY;
    col_set_writable(pinfo->cinfo, -1, columns_writable);
    pinfo->current_proto = saved_proto;
    pinfo->can_desegment = saved_can_desegment;
    return finished;
}

int gtpp_builtin_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    return builtin_handle != NULL ? call_dissector_only(builtin_handle, tvb, pinfo, tree, NULL) : 0;
}
