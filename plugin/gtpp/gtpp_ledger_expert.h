/* gtpp_ledger_expert.h
 * Puts into words what the ledger finds remarkable: fields under gtpp.analysis, each with an expert item.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_EXPERT_H
#define PORTLORE_GTPP_LEDGER_EXPERT_H

#include <epan/packet.h>

#include "gtpp_session.h"

/* Registers the fields and expert items under PROTO. Call once. */
void gtpp_ledger_expert_register(int proto);

/* Draws the findings about a message under TREE; nothing when there are none. What became of a request, and which local
 * sequence numbers never came, is known and drawn from the second pass on. */
void gtpp_ledger_expert_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message);

#endif
