/* rdgudp_expert.h
 * What is known of a channel, as it is shown on packets: its verdict, its outcome, and the news of this packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_EXPERT_H
#define PORTLORE_RDGUDP_EXPERT_H

#include <epan/packet.h>

#include "rdgudp_session.h"

/* Registers fields, the subtree and expert items under PROTO. Call once, at registration. */
void rdgudp_expert_register(int proto);

/* Draws NOTE on a packet of its channel, under TREE, which hangs on ROOT. Without a tree only the expert items are
 * made, which are wanted even then. */
void rdgudp_expert_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                       const rdgudp_note_t *note);

/* Draws the notes of FIRST and what follows it on a packet that is not the channels' own: an ICMP error, or TCP. A tree
 * has room for so many items only, so that of many notes the first are drawn, and the others counted. */
void rdgudp_expert_draw_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_note_t *first);

#endif
