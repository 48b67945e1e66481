/* rdg_inner.h
 * Calls Wireshark's dissectors for what is inside a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_INNER_H
#define PORTLORE_RDG_INNER_H

#include <epan/packet.h>

/* True while rdg_inner_call() dissects for PROTO in this packet. */
bool rdg_inner_is_running(packet_info *pinfo, int proto);

/* Calls HANDLE from inside the dissector that decrypted TVB, on behalf of PROTO. For as long as it runs, the packet has
 * the ports given, and asks TCP for no more octets. What it throws is caught and shown; whatever it does, the outer
 * dissector finds PINFO as it left it, but for the Info column, which has what HANDLE wrote behind ", ". */
void rdg_inner_call(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto,
                    uint32_t source_port, uint32_t destination_port);

/* The same for TLS or DTLS, which tell a packet's records apart by where they stand in their buffer: what was
 * decrypted, unmasked or joined has a buffer of its own each time, so that records of several calls would be taken for
 * one. So no call gets a place that an earlier one of the packet had. The octets of TVB may be copied for that. */
void rdg_inner_call_tls(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto,
                        uint32_t source_port, uint32_t destination_port);

/* The first one with the packet's own ports. The columns stay as they are. */
void rdg_inner_call_silent(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto);

/* The port that stands for the target while an inner TLS or DTLS is dissected. Wireshark keeps one session of these per
 * conversation: inside the outer session's conversation, the inner one would take its place, and nothing of the channel
 * would be decrypted any more. So the inner one gets a conversation of its own: the one that the client would have with
 * the target. TARGET_PORT: 0 when it is not known, and RDP's serves. Never GATEWAY_PORT. */
uint32_t rdg_inner_choose_port(uint32_t target_port, uint32_t gateway_port);

#endif
