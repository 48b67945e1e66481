/* gtpp_stock.h
 * Calls Wireshark's own GTP' dissector ("stock") behind ours, so that every gtp.* and gprscdr.* filter keeps working.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_STOCK_H
#define PORTLORE_GTPP_STOCK_H

#include <epan/packet.h>

#include <stdbool.h>

#include "gtpp_pdu.h"

/* Looks Wireshark's dissector up, and what it adds to a packet. Call once, from the handoff of PROTO. */
void gtpp_stock_find(int proto);

/* Hands the PDU in TVB to Wireshark's dissector, under the top-level TREE, which may be NULL. The packet list's columns
 * stay as they are.
 *
 * Unless IS_ALWAYS, the PDU goes there whole only when a filter, a column, a tap or a list of fields names something of
 * what it adds. Otherwise it gets no more of it than it needs to know which response answers which request.
 *
 * False when it gave up half way: its exception is caught here, and what it had added until then stays. */
bool gtpp_stock_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_pdu_t *pdu, bool is_always);

/* Hands over no more of the PDU in TVB than Wireshark's dissector needs to know which response answers which request.
 * Nothing is added to the tree. */
void gtpp_stock_call_without_records(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu);

/* Hands over a packet of GTPv0, on the port that it shares with GTP', as if our dissector were not there. Returns what
 * Wireshark's dissector returned: 0 when it rejects the packet. Throws what it throws. */
int gtpp_stock_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
