/* gtpp_tree.h
 * Adds a GTP' PDU to the tree: header, information elements, records, and an expert item for what is wrong with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_TREE_H
#define PORTLORE_GTPP_TREE_H

#include <epan/packet.h>

#include "gtpp_pdu.h"

/* Registers fields, subtrees and expert items under PROTO. Call once, from its registration. */
void gtpp_tree_register(int proto);

/* Adds PDU, which begins at the start of TVB and whose values have been read, under TREE, which belongs to the item
 * ROOT. Both are NULL when there is no tree: then only the expert items are added, if there are any. Never throws. */
void gtpp_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const gtpp_pdu_t *pdu);

/* Adds octets of a GTP' stream that cannot be a PDU: all of TVB. */
void gtpp_tree_add_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* Adds to ROOT why Wireshark's own dissector was not called (the packet has too many messages, or it would misread this
 * one because of WHY), or that it gave up. */
void gtpp_tree_add_stock_full(packet_info *pinfo, proto_item *root);
void gtpp_tree_add_stock_skipped(packet_info *pinfo, proto_item *root, const char *why);
void gtpp_tree_add_stock_stopped(packet_info *pinfo, proto_item *root);

#endif
