/* gtpp_findings.h
 * Puts into words what the ledger finds remarkable: fields under gtpp.analysis, each with an expert item.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_FINDINGS_H
#define PORTLORE_GTPP_FINDINGS_H

#include <epan/packet.h>

#include "gtpp_analysis.h"

/* Registers the fields and expert items under PROTO. Call once. */
void gtpp_findings_register(int proto);

/* Draws the findings about a message under TREE; nothing when there are none. What became of a request, and which local
 * sequence numbers never came, is known and drawn from the second pass on. */
void gtpp_findings_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message);

#endif
