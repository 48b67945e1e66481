/* gtpp_tree_records.h
 * Adds a Data Record Packet (3GPP TS 32.295 section 6.2.4.5) to the tree: what precedes the records, and the records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_TREE_RECORDS_H
#define PORTLORE_GTPP_TREE_RECORDS_H

#include <epan/packet.h>

#include "gtpp_pdu.h"

/* Registers fields and expert items under PROTO. Call once, at registration. */
void gtpp_tree_records_register(int proto);

/* Adds the value of the element IE of PDU, a Data Record Packet, under TREE, which belongs to ITEM. Both are NULL when
 * there is no tree: then only expert items are added. */
void gtpp_tree_records_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item, const gtpp_pdu_t *pdu,
                           const gtpp_ie_t *ie);

#endif
