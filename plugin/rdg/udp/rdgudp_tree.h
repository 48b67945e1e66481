/* rdgudp_tree.h
 * The tree of a packet inside DTLS: CONNECT_PKT and its fragments, CONNECT_PKT_RESP, DATA_PKT, DISC_PKT (MS-TSGU
 * section 2.2.11), and what a DATA_PKT carries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_TREE_H
#define PORTLORE_RDGUDP_TREE_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_session.h"

/* Registers fields, subtrees, expert items and the reassembly under PROTO. Call once, at registration. */
void rdgudp_tree_register(int proto);

/* Looks up the dissectors that it calls: TLS, DTLS and CMS. Call at handoff. */
void rdgudp_tree_start(int proto);

/* Adds the packet in TVB to TREE, which hangs on ROOT, and, where it LEARNS, tells CONV what it says (first pass, and
 * no copy). Returns its pktID, 0 when it is no packet; *FINDINGS is set to RDGUDP_FINDING_*. Adds what is there of a
 * packet cut short, and lets no exception of what is inside out, but those that end Wireshark. */
unsigned rdgudp_tree_add_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                                rdgudp_conv_t *conv, bool learns, unsigned *findings);

/* Adds a CONNECT_PKT_FRAGMENT that is a datagram of its own, without DTLS. It is not put together with others. */
void rdgudp_tree_add_clear_fragment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root);

#endif
