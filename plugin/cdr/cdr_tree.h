/* cdr_tree.h
 * Adds a charging data record (CDR, 3GPP TS 32.298) to the tree: its octets, its key fields, what is wrong with it.
 *
 * The full-depth tree of a record is Wireshark's own (gprscdr). This one has the few fields by which people look for a
 * record, typed so that they can be filtered, sorted and exported.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_TREE_H
#define PORTLORE_CDR_TREE_H

#include <epan/packet.h>

#include <stdbool.h>

#include "cdr_record.h"

/* Registers the gtpp.cdr.* fields, subtrees and expert items under the protocol PROTO. Call once, from its
 * registration. */
void cdr_register(int proto);

/* Adds the length in front of a record: the two octets at OFFSET of TVB, which were captured. NULL without TREE. */
proto_item *cdr_tree_add_length(tvbuff_t *tvb, proto_tree *tree, uint32_t offset);

/* Adds the record CDR, whose octets are those of TVB, under TREE, which may be NULL: then only expert items are added.
 * ENCODING is the name of its encoding. Never throws. */
void cdr_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_t *cdr, const char *encoding);

#endif
