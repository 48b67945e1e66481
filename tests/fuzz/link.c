/* link.c
 * A link layer for the fuzzer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link.h"

#include "base/ws_compat.h"

#include <epan/packet.h>
#include <wiretap/wtap.h>

#include "cdr/cdr_tree.h"
#include "targets.h"

uint32_t link_serial;

static int proto_link = -1;
static int ett_link = -1;
static dissector_handle_t link_handle;
static dissector_handle_t packet_handle;

static void set_ends(packet_info *pinfo, bool to_client, unsigned channel)
{
    uint32_t *ends = wmem_alloc_array(pinfo->pool, uint32_t, 2);

    ends[0] = g_htonl(LINK_CLIENT(channel));
    ends[1] = g_htonl(LINK_SERVER);
    set_address(&pinfo->net_src, AT_IPv4, 4, &ends[to_client]);
    set_address(&pinfo->net_dst, AT_IPv4, 4, &ends[!to_client]);
    copy_address_shallow(&pinfo->src, &pinfo->net_src);
    copy_address_shallow(&pinfo->dst, &pinfo->net_dst);
    pinfo->ptype = PT_UDP;
    pinfo->srcport = to_client ? 3391 : LINK_CLIENT_PORT(channel);
    pinfo->destport = to_client ? LINK_CLIENT_PORT(channel) : 3391;
}

static int dissect_link(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    proto_tree *link_tree =
        proto_item_add_subtree(proto_tree_add_item(tree, proto_link, tvb, 0, LINK_HEADER, ENC_NA), ett_link);
    uint8_t to_client = tvb_get_uint8(tvb, 0);
    uint8_t channel = tvb_get_uint8(tvb, 1);
    uint8_t what = tvb_get_uint8(tvb, 2);
    uint8_t own = tvb_get_uint8(tvb, 3);
    tvbuff_t *payload = tvb_new_subset_remaining(tvb, LINK_HEADER);

    set_ends(pinfo, to_client != 0, channel);
    if (what == LINK_RDGUDP_PACKET) {
        call_dissector(packet_handle, payload, pinfo, tree);
    } else {
        const bool is_other = what == LINK_CDR_OTHER;
        const cdr_form_t form = { .encoding = (cdr_encoding_t)own,
                                  .release = is_other ? 17 : 18,
                                  .version = is_other ? 1 : 9 };
        cdr_t cdr;
        const uint32_t captured = tvb_captured_length(payload);
        cdr_read(pinfo->pool, tvb_get_ptr(payload, 0, (int)captured), captured, tvb_reported_length(payload), &form,
                 &cdr);
        cdr_tree_add(payload, pinfo, link_tree, &cdr, "some encoding");
    }
    return (int)tvb_captured_length(tvb);
}

static void register_link(void)
{
    static int *ett[] = { &ett_link };

    proto_link = proto_register_protocol("Fuzzer's link", "Fuzz", "portlore_fuzz");
    proto_register_subtree_array(ett, array_length(ett));
    link_handle = register_dissector("portlore_fuzz", dissect_link, proto_link);
}

static void hand_off_link(void)
{
    packet_handle = find_dissector("rdgudp_packet");
    dissector_add_uint("wtap_encap", WTAP_ENCAP_USER0, link_handle);
    dissector_add_uint("tcp.port", TARGET_PLAIN_PORT, find_dissector("rdghttp"));
}

void link_register(void)
{
    static const proto_plugin protocol = { register_link, hand_off_link };

    proto_register_plugin(&protocol);
}
