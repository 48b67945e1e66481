/* gtpp_stock.h
 * Calls Wireshark's own GTP' dissector behind ours, so that every gtp.* and gprscdr.* filter keeps working.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_STOCK_H
#define PORTLORE_GTPP_STOCK_H

#include <epan/packet.h>

#include "gtpp_tree.h"

#include <stdbool.h>

/* Looks Wireshark's dissector up. Call once, at handoff. */
void gtpp_stock_find(int proto);

/* Hands the PDU in TVB, which PDU sums up, to Wireshark's dissector, under the top-level TREE. The packet list's
 * columns stay as they are. When nobody can see what it would draw, on this packet in this pass, it gets the header
 * alone: that has all that it keeps from one packet to the next. When there will be no other pass, either, it is not
 * called, and the packet gets its layer alone. False when it gave up half way: its exception is caught here, and what
 * it had drawn until then stays. */
bool gtpp_stock_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_pdu_t *pdu);

/* Hands over a packet that is none of ours (GTPv0 on the port that it shares with GTP'), as if we were not there.
 * Returns what Wireshark's dissector returned: 0 when it rejects the packet. Throws what it throws. */
int gtpp_stock_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
