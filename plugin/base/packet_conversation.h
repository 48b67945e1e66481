/* packet_conversation.h
 * The conversation of a packet, looked up once for all protocols of ours that ask.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_CONVERSATION_H
#define PORTLORE_PACKET_CONVERSATION_H

#include <epan/conversation.h>
#include <epan/packet.h>

#include <stdbool.h>

#include "packet_ends.h"

/* PROTO is the id under which the conversation hangs on the packet. Call once, at registration. */
void packet_conversation_register(int proto);

/* Call once, when all protocols are registered. */
void packet_conversation_start(void);

/* What find_conversation_pinfo(PINFO, 0) finds: NULL when there is none. */
conversation_t *packet_conversation_find(packet_info *pinfo);

/* The same; of a packet that PINFO's packet, an ICMP error, quotes where ENDS are those of the quoted one. */
conversation_t *packet_conversation_find_of(packet_info *pinfo, const packet_ends_t *ends);

/* Forgets what was found for the packet. Call when its dissection ends: the next packet may have its number, when a
 * read filter drops this one. */
void packet_conversation_forget(void);

/* Notes that what PROTO dissects of the packet is not PROTO's after all, as far as is known by now. */
void packet_conversation_disown(packet_info *pinfo, int proto);

/* True when PROTO disowned the packet in this dissection. */
bool packet_conversation_is_disowned(packet_info *pinfo, int proto);

#endif
