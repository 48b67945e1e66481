/* rdghttp_info.c
 * What the packet list says of a main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_info.h"

#include "rdg/rdg_names.h"
#include "rdghttp_names.h"

void rdghttp_info_begin(packet_info *pinfo)
{
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGHTTP");
    col_clear(pinfo->cinfo, COL_INFO);
}

void rdghttp_info_add(packet_info *pinfo, const char *text)
{
    col_append_sep_str(pinfo->cinfo, COL_INFO, ", ", text);
    col_set_fence(pinfo->cinfo, COL_INFO);
}

void rdghttp_info_add_request(tvbuff_t *tvb, packet_info *pinfo, const rdghttp_head_t *head)
{
    size_t length = head->uri.offset + head->uri.length;

    rdghttp_info_add(pinfo, tvb_format_text(pinfo->pool, tvb, 0, (int)length));
}

void rdghttp_info_add_packet(packet_info *pinfo, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *code = rdghttp_pdu_find(pdu, RDGHTTP_CODE);
    const rdghttp_part_t *port = rdghttp_pdu_find(pdu, RDGHTTP_UDP_PORT);

    col_append_sep_str(pinfo->cinfo, COL_INFO, ", ",
                       val_to_str_const(pdu->type, rdghttp_names_types, "unknown packet"));
    if (code != NULL && code->value != 0) {
        col_append_fstr(pinfo->cinfo, COL_INFO, " %s", rdg_names_result((uint32_t)code->value));
    }
    if (port != NULL) {
        col_append_fstr(pinfo->cinfo, COL_INFO, " (UDP %u)", (unsigned)port->value);
    }
    /* What is inside writes its own line behind ours. */
    col_set_fence(pinfo->cinfo, COL_INFO);
}
