/* rdghttp_rpc.h
 * RPC over HTTP, the oldest transport of a gateway, which has no UDP: told apart and said, and left to Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_RPC_H
#define PORTLORE_RDGHTTP_RPC_H

#include <epan/packet.h>

/* PROTO is the id under which packets are looked at. Call once, at registration. */
void rdghttp_rpc_register(int proto);

/* First pass: what TVB begins with may be a request of this transport. It is noted when it is, and shown behind what
 * Wireshark makes of it; later passes need no call. */
void rdghttp_rpc_look(tvbuff_t *tvb, packet_info *pinfo);

#endif
