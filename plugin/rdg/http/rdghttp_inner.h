/* rdghttp_inner.h
 * Hands what is inside the main channel to Wireshark's dissectors: the RDP that DATA carries, tokens of the client's
 * authentication.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_INNER_H
#define PORTLORE_RDGHTTP_INNER_H

#include <epan/packet.h>
#include <epan/prefs.h>

#include "rdghttp_session.h"

/* Call once, at registration; adds a preference to MODULE. */
void rdghttp_inner_register(int proto, module_t *module);

/* Call once, at handoff. */
void rdghttp_inner_start(int proto);

/* True while what the channel carries is being dissected. */
bool rdghttp_inner_is_running(packet_info *pinfo);

/* Dissects the octets of a DATA packet, all of which were captured. Adds to TREE. What they were joined with is said in
 * *JOINED. */
void rdghttp_inner_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdghttp_conn_t *conn,
                        rdghttp_joined_t *joined);

/* First pass: octets are missing in the direction. */
void rdghttp_inner_give_up(packet_info *pinfo, rdghttp_conn_t *conn);

/* Dissects a token of Negotiate or NTLM, which is Base64 in the request TVB. The columns stay as they are. */
void rdghttp_inner_call_token(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdghttp_span_t *token);

/* Dissects NTLM messages of the extended authentication. */
void rdghttp_inner_call_ntlm(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
