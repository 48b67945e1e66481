/* gtpp_tree_records.h
 * Draws a Data Record Packet (3GPP TS 32.295 section 6.2.4.5): what precedes the records, and the records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_TREE_RECORDS_H
#define PORTLORE_GTPP_TREE_RECORDS_H

#include <epan/packet.h>

#include <stdbool.h>

#include "gtpp_tree.h"

/* Registers fields and expert items under PROTO. Call once, at registration. */
void gtpp_tree_records_register(int proto);

/* Draws the value of the element IE, a Data Record Packet in TVB, under TREE, which hangs on IE_ITEM; both are NULL
 * when nobody looks. CUT says that the capture holds only the start of the message. Adds the records to PDU's.
 * Returns the offset behind the last record: where the element begins when it is empty, or too short to be read. */
uint32_t gtpp_tree_records_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ie_item,
                                const gtpp_ie_t *ie, bool cut, gtpp_pdu_t *pdu);

#endif
