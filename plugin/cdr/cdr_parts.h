/* cdr_parts.h
 * Adds every part of a charging data record to the tree, under its name in 3GPP TS 32.298.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PARTS_H
#define PORTLORE_CDR_PARTS_H

#include <epan/packet.h>

#include "cdr_record.h"

/* Registers subtrees and expert items under PROTO, the protocol cdr, and has the fields registered when they are first
 * asked for: there are some 1,400. Call once, at registration. */
void cdr_parts_register(int proto);

/* True when something of what cdr_parts_add() adds is wanted of this packet: by a visible tree, a filter, a column or a
 * report. TREE may be NULL. */
bool cdr_parts_are_wanted(const packet_info *pinfo, proto_tree *tree);

/* Adds the parts of CDR, whose octets are those of TVB, under TREE, which may be NULL: then only expert items are
 * added. Never throws for what the octets are. */
void cdr_parts_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_t *cdr);

#endif
