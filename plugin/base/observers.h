/* observers.h
 * Functions of ours that look at every packet, behind all dissectors.
 *
 * Wireshark calls a postdissector for each packet, whatever the packet is. All observers share one, since each costs as
 * much as a short observer does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_OBSERVERS_H
#define PORTLORE_OBSERVERS_H

#include <epan/packet.h>

#include <stdbool.h>

/* Looks at the packet whose octets are FRAME; TREE is NULL when no tree is built. IS_ICMP: the packet is an ICMP or
 * ICMPv6 message, so that PINFO's ports, if any, are those of a quoted packet. */
typedef void (*observer_t)(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, bool is_icmp);

/* Registers the postdissector, the frame store and the packet conversations. Call once, at registration. */
void observers_register(void);

/* Looks up Wireshark's protocols. Call once, at handoff. */
void observers_start(void);

/* From now on OBSERVE is called for each packet while the protocol PROTO is enabled, in the order in which observers
 * were added. Does nothing when it was added before. May be called at any time. */
void observers_add(int proto, observer_t observe);

/* From now on a tree is built for every packet on the first pass. Wireshark leaves the layer of a dissector that added
 * nothing in a packet's list of protocols when there is no tree, and takes it out when there is one. FIELD is any field
 * of ours. */
void observers_want_trees(int field);

#endif
