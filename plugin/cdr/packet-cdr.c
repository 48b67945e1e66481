/* packet-cdr.c
 * The protocol cdr: charging data records (3GPP TS 32.298), in GTP' or alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-cdr.h"

#include <epan/column-utils.h>

#include "cdr_parts.h"
#include "cdr_tree.h"

static int proto_cdr = -1;
static int ett_cdr = -1;

/* A record in BER that stands alone. */
static int dissect_cdr(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const uint32_t captured = tvb_captured_length(tvb);
    static const cdr_form_t form = { .encoding = CDR_ENCODING_BER };
    cdr_t cdr;

    if (captured == 0) {
        return 0;
    }
    cdr_read(pinfo->pool, tvb_get_ptr(tvb, 0, (int)captured), captured, tvb_reported_length(tvb), &form, &cdr);
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "CDR");
    col_add_fstr(pinfo->cinfo, COL_INFO, "%s record", cdr.type_name);
    /* At the top of a packet's tree there are protocols only: tshark's -O and JSON look there for their names. */
    if (tree != NULL) {
        tree = proto_item_add_subtree(
            proto_tree_add_protocol_format(tree, proto_cdr, tvb, 0, (int)captured, "Charging Data Record"), ett_cdr);
    }
    cdr_tree_add(tvb, pinfo, tree, &cdr, "BER");
    return (int)captured;
}

void proto_register_cdr(void)
{
    static int *ett[] = { &ett_cdr };

    if (proto_get_id_by_filter_name("cdr") != -1) {
        ws_warning("Portlore shows no more than key fields of charging records: this Wireshark has a protocol named "
                   "cdr already.");
        return;
    }
    proto_cdr = proto_register_protocol("Charging Data Record", "CDR", "cdr");
    proto_register_subtree_array(ett, array_length(ett));
    cdr_parts_register(proto_cdr);
    register_dissector("cdr", dissect_cdr, proto_cdr);
}

void proto_reg_handoff_cdr(void)
{
    if (proto_cdr == -1) {
        return;
    }
    dissector_handle_t handle = find_dissector("cdr");
    dissector_add_for_decode_as("udp.port", handle);
    dissector_add_for_decode_as("tcp.port", handle);
}
