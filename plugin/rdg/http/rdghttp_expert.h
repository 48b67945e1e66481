/* rdghttp_expert.h
 * What is remarkable about a packet of a main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_EXPERT_H
#define PORTLORE_RDGHTTP_EXPERT_H

#include <epan/packet.h>

#include "rdghttp_session.h"

void rdghttp_expert_register(int proto);

/* Adds the items of a packet, whose item is ITEM. NOTE may be NULL. */
void rdghttp_expert_add(packet_info *pinfo, proto_item *item, const rdghttp_pdu_t *pdu, const rdghttp_note_t *note);

/* Adds to an HTTP answer with STATUS and REASON that the session ended with it. */
void rdghttp_expert_add_refusal(packet_info *pinfo, proto_item *item, unsigned status, const char *reason);

/* Adds that octets begin no packet. */
/* On a head behind which the set-up of the session of NOTE stopped. */
void rdghttp_expert_add_stall(packet_info *pinfo, proto_item *item, const rdghttp_note_t *note);

/* On a request of RPC over HTTP. */
void rdghttp_expert_add_rpc(packet_info *pinfo, proto_item *item);

void rdghttp_expert_add_no_packet(packet_info *pinfo, proto_item *item);

#endif
