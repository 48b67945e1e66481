/* rdgudp_info.c
 * What the packet list says of a channel's datagram.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_info.h"
#include "rdgudp_names.h"

void rdgudp_info_write(packet_info *pinfo, const rdgudp_state_t *state, const char *correlation_id)
{
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGUDP");
    if (correlation_id != NULL) {
        col_append_fstr(pinfo->cinfo, COL_INFO, ", correlation id %s", correlation_id);
    }
    if (state == NULL) {
        return;
    }
    if (state->changes & RDGUDP_CHANGE_COPY) {
        col_append_str(pinfo->cinfo, COL_INFO, " [copy]");
    } else if (state->is_first || state->before != state->judgement.verdict) {
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]",
                        val_to_str_const(rdgudp_history_shown_verdict(state), rdgudp_names_verdicts, "?"));
    }
}
