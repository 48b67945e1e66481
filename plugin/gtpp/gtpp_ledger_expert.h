/* gtpp_ledger_expert.h
 * Shows what the ledger knows of a message: its path, the links between requests and answers, and a field with an
 * expert item for each finding.
 *
 * What follows from the messages so far shows on every pass. What needs the whole file shows once Wireshark has read it
 * (gtpp_session_is_judged).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_EXPERT_H
#define PORTLORE_GTPP_LEDGER_EXPERT_H

#include "gtpp_session.h"

/* Registers the fields and expert items under PROTO. Call once. */
void gtpp_ledger_expert_register(int proto);

/* Adds what is known of MESSAGE under TREE. */
void gtpp_ledger_expert_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message);

/* What the Info column says of MESSAGE in a word: "retransmission", "not answered". NULL: nothing. */
const char *gtpp_ledger_expert_word(const gtpp_message_tap_t *message);

#endif
