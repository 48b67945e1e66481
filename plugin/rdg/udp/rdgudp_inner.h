/* rdgudp_inner.h
 * Hands what is inside a packet to Wireshark's dissectors without breaking the DTLS session that it came in.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_INNER_H
#define PORTLORE_RDGUDP_INNER_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_session.h"

/* Looks up TLS, DTLS and CMS. Call at handoff. */
void rdgudp_inner_start(int proto);

/* Hands the payload of an RDPEUDP datagram to TLS or DTLS, whichever it looks like; adds nothing when it looks like
 * neither. What they throw becomes a malformed item, and the packet's ports are as before in any case. */
void rdgudp_inner_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv);

/* True while one of them is called from here for PINFO: what it decrypts is not for us. */
bool rdgudp_inner_is_running(packet_info *pinfo);

/* Hands a cookie to Wireshark's CMS dissector, in the same way. */
void rdgudp_inner_call_cms(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
