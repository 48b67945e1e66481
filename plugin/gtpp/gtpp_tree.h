/* gtpp_tree.h
 * Draws one GTP' PDU: header, information elements, records (3GPP TS 32.295 section 6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_TREE_H
#define PORTLORE_GTPP_TREE_H

#include <epan/packet.h>

#include <stdbool.h>

#include "cdr/cdr_tree.h"
#include "gtpp_pdu.h"

/* A list of sequence numbers from a PDU. Lives as long as the packet. */
typedef struct {
    bool present;
    uint32_t count;
    uint16_t *seqs;
} gtpp_seq_list_t;

/* What a PDU says: told to the ledger, to the taps and to the Info column. Lives as long as the packet. */
typedef struct {
    gtpp_header_t header;
    uint32_t length; /* octets of the whole PDU, as sent */
    bool has_cause;
    uint8_t cause;
    bool has_recovery;
    uint8_t recovery;
    bool has_command;
    uint8_t command;
    gtpp_seq_list_t responded; /* Requests Responded */
    gtpp_seq_list_t released;
    gtpp_seq_list_t cancelled;
    bool has_record_packet;
    uint32_t record_octets; /* of the Data Record Packets' values: 0 in an empty one */
    uint32_t num_cdrs;      /* records found, which may differ from the number announced */
    cdr_t *cdrs;
    tvbuff_t **cdr_tvbs;     /* the octets of each record */
    uint32_t max_cdrs;       /* for which there is room in both */
    const char *recommended; /* the first Address of Recommended Node, as text; NULL when there is none */
    bool has_private_extension;
    bool odd;            /* something about it is not as 3GPP TS 32.295 has it, or is not all here */
    const char *misread; /* why Wireshark's own dissector would misread this PDU; NULL when it would not */
} gtpp_pdu_t;

/* Registers fields, subtrees and expert items under PROTO. Call once, from its registration. */
void gtpp_tree_register(int proto);

/* Draws the PDU at the start of TVB under TREE and returns what it says. DATAGRAM is as for gtpp_pdu_read_header. TVB
 * holds a header that gtpp_pdu_accept or gtpp_pdu_recognise has let pass. Never throws. */
gtpp_pdu_t *gtpp_tree_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, uint32_t datagram);

/* Draws octets of a GTP' stream that cannot be a PDU. */
void gtpp_tree_draw_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/* Notes in the tree why Wireshark's own dissector was not called (it would misread the message because of WHY, or the
 * packet has too many), or that it gave up. */
void gtpp_tree_note_full(packet_info *pinfo, proto_item *root);
void gtpp_tree_note_skipped(packet_info *pinfo, proto_item *root, const char *why);
void gtpp_tree_note_stopped(packet_info *pinfo, proto_item *root);

#endif
