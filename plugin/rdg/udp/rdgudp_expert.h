/* rdgudp_expert.h
 * What is known of a channel, as it is shown on packets: its verdict, its outcome, and what this packet changes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_EXPERT_H
#define PORTLORE_RDGUDP_EXPERT_H

#include <epan/packet.h>

#include "rdgudp_history.h"

/* Registers fields, the subtree and expert items under PROTO. Call once, at registration. */
void rdgudp_expert_register(int proto);

/* Adds STATE to TREE, on a packet of its channel; TREE hangs on ROOT. Without a tree only the expert items are made,
 * which are wanted even then. */
void rdgudp_expert_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                       const rdgudp_state_t *state);

/* Adds the states FIRST and what follows it to a packet that is not the channels' own: an ICMP error, or TCP. A tree
 * has room for so many items only, so that of many states the first are added, and the others counted. */
void rdgudp_expert_add_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_state_t *first);

#endif
