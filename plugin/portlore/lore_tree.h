/* lore_tree.h
 * Port Lore's tree: what the port is on paper and in practice, and what was found on it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_TREE_H
#define PORTLORE_LORE_TREE_H

#include <epan/packet.h>

#include "lore_session.h"

/* Registers the fields under the protocol PROTO. Call once. */
void lore_tree_register(int proto);

/* Adds NOTE to TREE. Returns the item that stands for Port Lore. */
proto_item *lore_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const lore_note_t *note);

#endif
