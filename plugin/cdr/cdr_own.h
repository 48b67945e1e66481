/* cdr_own.h
 * Adds elements that 3GPP TS 32.298 does not have, but the user's table of tags.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_OWN_H
#define PORTLORE_CDR_OWN_H

#include <epan/packet.h>

#include "cdr_tags.h"
#include "cdr_walk.h"

/* Registers fields, an expert item and the preference under PROTO, the protocol cdr. Call once. */
void cdr_own_register(int proto);

/* Adds to TREE, the one of ITEM, what the user's table, OWN, says of PART: name and value. ITEM's text gets the value.
 * Where the octets are not of the kind that the user named, an expert item says so. False where the octets themselves
 * are what remains to be shown. */
bool cdr_own_add(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, proto_tree *tree, const cdr_part_t *part,
                 const cdr_tag_t *own);

#endif
