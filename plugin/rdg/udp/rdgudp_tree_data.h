/* rdgudp_tree_data.h
 * The tree of what a DATA_PKT carries: an RDPEUDP datagram, and TLS or DTLS inside it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_TREE_DATA_H
#define PORTLORE_RDGUDP_TREE_DATA_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_session.h"

/* Registers fields and subtrees under PROTO. Call once, at registration. */
void rdgudp_tree_data_register(int proto);

/* Adds the datagram that begins at BASE in TVB, at most at its end, to TREE, and hands its payload on. False when it
 * ends before all of its parts are there; what is there is added. */
bool rdgudp_tree_data_add(tvbuff_t *tvb, unsigned base, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv,
                          bool learns);

#endif
