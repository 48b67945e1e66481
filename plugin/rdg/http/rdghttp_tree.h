/* rdghttp_tree.h
 * The trees of packets and heads of a main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_TREE_H
#define PORTLORE_RDGHTTP_TREE_H

#include <epan/packet.h>

#include "rdghttp_session.h"

void rdghttp_tree_register(int proto);

/* Adds the item of the protocol for TVB. *TREE is what hangs below it. */
proto_item *rdghttp_tree_begin(tvbuff_t *tvb, proto_tree *parent, const rdghttp_session_t *session, proto_tree **tree);

/* Adds what octets were joined with. */
void rdghttp_tree_add_joined(proto_tree *tree, const rdghttp_joined_t *joined);

/* Adds octets of a packet whose rest comes later. */
void rdghttp_tree_add_part(tvbuff_t *tvb, proto_tree *tree, unsigned at, const rdghttp_joined_t *joined);

/* Adds octets that begin no packet: before the first packet of the gateway, its seed. */
proto_item *rdghttp_tree_add_octets(tvbuff_t *tvb, proto_tree *tree, unsigned at, unsigned length, bool is_seed);

/* Adds a packet, which is the whole of TVB as far as it was captured, and what is known of it. Its item. NOTE may be
 * NULL. */
proto_item *rdghttp_tree_add_packet(tvbuff_t *tvb, proto_tree *tree, const rdghttp_pdu_t *pdu,
                                    const rdghttp_note_t *note);

/* Adds the request of a main channel that TVB is. */
void rdghttp_tree_add_request(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdghttp_head_t *head);

/* Adds what the client asked the proxy for whose connection CONN is; nothing when it goes by none. */
void rdghttp_tree_add_proxy(tvbuff_t *tvb, proto_tree *tree, const rdghttp_conn_t *conn);

/* Adds what an answer says besides what Wireshark's HTTP shows. */
void rdghttp_tree_add_answer(tvbuff_t *tvb, proto_tree *tree, const rdghttp_head_t *head);

/* Adds the verdict on the session at a head. */
void rdghttp_tree_add_verdict(tvbuff_t *tvb, proto_tree *tree, rdghttp_verdict_t verdict);

#endif
