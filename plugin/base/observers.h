/* observers.h
 * Somebody else of ours who looks at every packet, together with Port Lore: a postdissector more would cost each packet
 * as much as all that it does there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_OBSERVERS_H
#define PORTLORE_OBSERVERS_H

#include <epan/packet.h>

#include <stdbool.h>

/* Looks at the packet FRAME, behind Port Lore. IS_ICMP: it is an ICMP or ICMPv6 message. */
typedef void (*observers_t)(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, bool is_icmp);

/* Prepares it for Port Lore's protocol PROTO. Call once, at registration. */
void observers_init(int proto);

/* From now on, until the next file, GUEST is called for each packet. False when it is not: Port Lore is disabled. There
 * is one guest. */
bool observers_invite(observers_t guest);

/* Calls the guest, if there is one. */
void observers_call(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, bool is_icmp);

#endif
