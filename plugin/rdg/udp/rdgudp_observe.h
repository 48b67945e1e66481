/* rdgudp_observe.h
 * What other packets say about a channel: an ICMP error stops it, a TCP connection goes on without it.
 *
 * These packets are not the channel's, so an observer of every packet (base/observers) reads them behind all
 * dissectors. It takes no packet and leaves frame.protocols as it was. It adds items only to an ICMP error about a
 * channel, and to the TCP packet with which a fallback becomes known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_OBSERVE_H
#define PORTLORE_RDGUDP_OBSERVE_H

#include "rdgudp_history.h"

/* Shows the states, STATE and its next ones, on a packet that is not the channels' own. */
typedef void (*rdgudp_observe_show_t)(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_state_t *state);

/* Prepares the observer of the protocol PROTO. Call once, at registration. */
void rdgudp_observe_init(int proto, rdgudp_observe_show_t show);

/* Adds the observer: call when a channel, or a main channel, begins. Other traffic pays nothing until then. */
void rdgudp_observe_start(void);

#endif
