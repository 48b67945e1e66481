/* cdr_tree.h
 * Key fields of a charging data record (CDR), 3GPP TS 32.298.
 *
 * The full-depth tree of a record is Wireshark's own (gprscdr). This finds the few fields by which people look for a
 * record, typed so that they can be filtered, sorted and exported, and keeps going where that tree gives up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_TREE_H
#define PORTLORE_CDR_TREE_H

#include <epan/packet.h>

#include <stdbool.h>

/* Data Record Format (octet 5 of the Data Record Packet IE, 3GPP TS 32.295 section 6.2.4.5.2). */
#define GTPP_FORMAT_BER 1
#define GTPP_FORMAT_UNALIGNED_PER 2
#define GTPP_FORMAT_ALIGNED_PER 3
#define GTPP_FORMAT_XER 4
#define GTPP_FORMAT_ASCII_BER 0x31 /* sent by some gear for BER: the digit 1 as a character */

/* What the rest of the plugin needs to know about one record. */
typedef struct {
    uint32_t length;       /* octets of the record */
    uint8_t format;        /* Data Record Format of its packet */
    bool faulty;           /* something in it cannot be read, or contradicts something else */
    bool has_type;         /* .type was found */
    uint32_t type;         /* recordType, context tag 0 */
    bool has_kind;         /* .type_name is that of a known kind of record */
    const char *type_name; /* for the Info column: "ePDG", "SGSN-PDP"; else "type 199" or "type not known" */
    bool has_local_seq;    /* .local_seq was found */
    uint32_t local_seq;    /* localSequenceNumber */
    const char *node_id;   /* nodeID, NULL when absent; lives as long as the packet (pinfo->pool) */
} cdr_t;

/* Registers the gtpp.cdr.* fields, subtrees and expert items under the protocol PROTO. Call once, from its
 * registration. */
void cdr_register(int proto);

/* Draws the two octets at OFFSET of TVB, which are there: the length in front of a record. */
proto_item *cdr_draw_length(tvbuff_t *tvb, proto_tree *tree, int offset);

/* Draws one record under TREE (which may be NULL) and fills OUT.
 *
 * TVB holds exactly the record's octets (it may be cut short by the capture's snapshot length: tvb_captured_length is
 * then smaller than tvb_reported_length). FORMAT is the Data Record Format as sent. Whatever the octets are, this
 * neither throws nor reads past them: what cannot be read becomes an expert item, and what can be read is drawn. */
void cdr_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, uint8_t format, cdr_t *out);

#endif
