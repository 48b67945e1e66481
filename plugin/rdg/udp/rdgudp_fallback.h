/* rdgudp_fallback.h
 * What other packets say about a channel: an ICMP error refuses it, TCP port 443 carries on without it.
 *
 * These packets are not the channel's, so they are looked at together with Port Lore, behind all dissectors, or from a
 * postdissector when Port Lore is disabled. It takes no packet and leaves frame.protocols as it was. It draws only on
 * an ICMP error about a channel, and on the TCP packet with which a fallback becomes known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_FALLBACK_H
#define PORTLORE_RDGUDP_FALLBACK_H

#include "rdgudp_session.h"

/* Draws the notes, NOTE and its next ones, on a packet that is not the channels' own. */
typedef void (*rdgudp_fallback_draw_t)(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_note_t *note);

/* Prepares the postdissector of the protocol PROTO. Call once, at registration. */
void rdgudp_fallback_init(int proto, rdgudp_fallback_draw_t draw);

/* Hooks it in: call when a channel begins. Nothing that comes before the first one can say anything about it, and until
 * then other traffic pays nothing. */
void rdgudp_fallback_start(void);

/* The channel has no answer or is refused, as this packet shows (first pass): true when TCP port 443 of the same two
 * hosts has carried data since the channel's first packet. Then flow->fallback_stream says which. Otherwise the watch
 * goes on. */
bool rdgudp_fallback_fallback(rdgudp_conv_t *flow);

#endif
