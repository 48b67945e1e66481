/* lore_expert.h
 * What Port Lore finds on a packet, as expert items.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_EXPERT_H
#define PORTLORE_LORE_EXPERT_H

#include <epan/packet.h>

#include "lore_session.h"

/* Registers the expert items under the protocol PROTO. Call once. */
void lore_expert_register(int proto);

/* Adds to ITEM what NOTE has that is still true by what is known now. */
void lore_expert_add(packet_info *pinfo, proto_item *item, const lore_note_t *note);

/* "UDP port 3386", for a message. Lives as long as the packet. */
const char *lore_expert_port(packet_info *pinfo, const port_record_t *record);

#endif
