/* rdgudp_tree_clear.h
 * The tree of what a datagram says in the clear: DTLS versions that are offered, and the correlation trailer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_TREE_CLEAR_H
#define PORTLORE_RDGUDP_TREE_CLEAR_H

#include <epan/packet.h>

#include "rdgudp_dtls.h"
#include "rdgudp_pdu.h"

/* Registers fields, subtrees and expert items under PROTO. Call once, at registration. */
void rdgudp_tree_clear_register(int proto);

/* Adds what the datagram in TVB says to TREE, which hangs on ROOT: its records are DTLS, what follows is TRAILER.
 * Returns the correlation id as text, NULL when there is none. */
const char *rdgudp_tree_clear_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                                  const rdgudp_dtls_t *dtls, rdgudp_trailer_t trailer);

#endif
