/* gtpp_tree.c
 * Draws one GTP' PDU: header, information elements, records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_tree.h"

#include <epan/expert.h>
#include <epan/proto.h>
#include <epan/to_str.h>

#include "gtpp_tree_records.h"
#include "gtpp_names.h"

static int hf_first_octet = -1;
static int hf_version = -1;
static int hf_pt = -1;
static int hf_spare = -1;
static int hf_hdr_len_flag = -1;
static int hf_type = -1;
static int hf_length = -1;
static int hf_seq = -1;
static int hf_header_length = -1;
static int hf_header_unused = -1;
static int hf_ie_type = -1;
static int hf_ie_length = -1;
static int hf_ie_value = -1;
static int hf_cause = -1;
static int hf_recovery = -1;
static int hf_command = -1;
static int hf_released = -1;
static int hf_cancelled = -1;
static int hf_responded = -1;
static int hf_responded_count = -1;
static int hf_node_ipv4 = -1;
static int hf_node_ipv6 = -1;
static int hf_recommended_ipv4 = -1;
static int hf_recommended_ipv6 = -1;
static int hf_private_enterprise = -1;
static int hf_private_value = -1;
static int hf_trailing = -1;

static int ett_first_octet = -1;
static int ett_ie = -1;

static expert_field ei_spare_bits = EI_INIT;
static expert_field ei_last_bit = EI_INIT;
static expert_field ei_header_length = EI_INIT;
static expert_field ei_length = EI_INIT;
static expert_field ei_truncated = EI_INIT;
static expert_field ei_ie_runs_over = EI_INIT;
static expert_field ei_ie_unknown = EI_INIT;
static expert_field ei_ie_foreign = EI_INIT;
static expert_field ei_ie_quirk = EI_INIT;
static expert_field ei_ie_missing = EI_INIT;
static expert_field ei_ie_length = EI_INIT;
static expert_field ei_packet_repeated = EI_INIT;
static expert_field ei_command_absent = EI_INIT;
static expert_field ei_counted_list = EI_INIT;
static expert_field ei_foreign = EI_INIT;
static expert_field ei_builtin_skipped = EI_INIT;
static expert_field ei_builtin_stopped = EI_INIT;

/* What the functions below share while they draw one PDU. */
typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    gtpp_pdu_t *pdu;
    uint16_t seen; /* bits of gtpp_pdu_element_bit */
    bool cut;      /* the capture holds only the start of the message */
} gtpp_drawing_t;

/* What of the header the expert items hang on stays NULL without a tree. */
typedef struct {
    proto_item *first_octet;
    proto_item *length;
} header_items_t;

static void draw_header_fields(const gtpp_drawing_t *drawing, header_items_t *items)
{
    static int *const first_octet[] = { &hf_version, &hf_pt, &hf_spare, &hf_hdr_len_flag, NULL };
    const uint32_t header_length = drawing->pdu->header.header_length;
    proto_tree *tree = drawing->tree;
    tvbuff_t *tvb = drawing->tvb;

    items->first_octet = proto_tree_add_bitmask_with_flags(tree, tvb, 0, hf_first_octet, ett_first_octet, first_octet,
                                                           ENC_BIG_ENDIAN, BMT_NO_APPEND);
    proto_tree_add_item(tree, hf_type, tvb, 1, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_length, tvb, 2, 2, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_seq, tvb, 4, 2, ENC_BIG_ENDIAN);
    items->length = proto_tree_add_uint(tree, hf_header_length, tvb, 0, (int)header_length, header_length);
    proto_item_set_generated(items->length);
    if (header_length == GTPP_LONG_HEADER) {
        proto_tree_add_item(tree, hf_header_unused, tvb, GTPP_SHORT_HEADER, GTPP_LONG_HEADER - GTPP_SHORT_HEADER,
                            ENC_NA);
    }
}

static void draw_header(gtpp_drawing_t *drawing)
{
    const gtpp_header_t *header = &drawing->pdu->header;
    header_items_t items = { NULL, NULL };

    if (drawing->tree != NULL) {
        draw_header_fields(drawing, &items);
    }
    if (header->spare != GTPP_SPARE_BITS) {
        expert_add_info_format(drawing->pinfo, items.first_octet, &ei_spare_bits,
                               "The spare bits are %u%u%u; 3GPP TS 32.295 sends 111.", header->spare >> 2 & 1,
                               header->spare >> 1 & 1, header->spare & 1);
    }
    if (header->version > 0 && header->last_bit != 0) {
        expert_add_info(drawing->pinfo, items.first_octet, &ei_last_bit);
    }
    if (header->odd_header_length) {
        drawing->pdu->odd = true;
        expert_add_info_format(
            drawing->pinfo, items.length, &ei_header_length,
            "The first octet stands for a header of %u octets, but only one of %u fits the datagram.",
            header->header_length == GTPP_LONG_HEADER ? GTPP_SHORT_HEADER : GTPP_LONG_HEADER, header->header_length);
    }
}

static void expect_length(gtpp_drawing_t *drawing, proto_item *item, const gtpp_ie_t *ie, const char *expected)
{
    drawing->pdu->odd = true;
    expert_add_info_format(drawing->pinfo, item, &ei_ie_length, "%s has a value of %u octet%s where %s must be.",
                           val_to_str_const(ie->type, gtpp_ie_names, "The element"), ie->length,
                           ie->length == 1 ? "" : "s", expected);
}

/* A list of sequence numbers, two octets each. */
static void draw_seq_list(gtpp_drawing_t *drawing, proto_tree *tree, proto_item *ie_item, const gtpp_ie_t *ie, int hf,
                          gtpp_seq_list_t *list)
{
    uint32_t at = ie->value_offset;
    uint32_t end = ie->value_offset + ie->present;

    if (ie->counted) {
        proto_item *item = proto_tree_add_item(tree, hf_responded_count, drawing->tvb, at - 1, 1, ENC_BIG_ENDIAN);
        expert_add_info(drawing->pinfo, item, &ei_counted_list);
        drawing->pdu->misread = "its Requests Responded has a one-octet count instead of a length";
    } else if (ie->length % 2 != 0) {
        expect_length(drawing, ie_item, ie, "an even number");
    } else if (ie->length == 0) {
        expect_length(drawing, ie_item, ie, "at least one sequence number");
    }
    uint32_t more = (end - at) / 2;
    list->present = true;
    list->seqs = wmem_realloc(drawing->pinfo->pool, list->seqs, (list->count + (size_t)more) * sizeof *list->seqs);
    for (; end - at >= 2; at += 2) {
        if (tree != NULL) {
            proto_tree_add_item(tree, hf, drawing->tvb, at, 2, ENC_BIG_ENDIAN);
        }
        list->seqs[list->count++] = tvb_get_ntohs(drawing->tvb, at);
    }
    if (at < end) {
        proto_tree_add_item(tree, hf_trailing, drawing->tvb, at, end - at, ENC_NA);
    }
    proto_item_append_text(ie_item, ": %u number%s", more, more == 1 ? "" : "s");
}

/* The address as text; NULL when it is none. */
static const char *draw_address(gtpp_drawing_t *drawing, proto_tree *tree, proto_item *ie_item, const gtpp_ie_t *ie,
                                int hf_ipv4, int hf_ipv6)
{
    const char *text = NULL;

    if (ie->length == 4 && ie->present == 4) {
        proto_tree_add_item(tree, hf_ipv4, drawing->tvb, ie->value_offset, 4, ENC_BIG_ENDIAN);
        text = tvb_ip_to_str(drawing->pinfo->pool, drawing->tvb, ie->value_offset);
    } else if (ie->length == 16 && ie->present == 16) {
        proto_tree_add_item(tree, hf_ipv6, drawing->tvb, ie->value_offset, 16, ENC_NA);
        text = tvb_ip6_to_str(drawing->pinfo->pool, drawing->tvb, ie->value_offset);
    } else {
        proto_tree_add_item(tree, hf_ie_value, drawing->tvb, ie->value_offset, ie->present, ENC_NA);
        if (ie->present == ie->length) {
            expect_length(drawing, ie_item, ie, "4 (IPv4) or 16 (IPv6)");
        }
        return NULL;
    }
    proto_item_append_text(ie_item, ": %s", text);
    return text;
}

static void draw_private_extension(gtpp_drawing_t *drawing, proto_tree *tree, proto_item *ie_item, const gtpp_ie_t *ie)
{
    drawing->pdu->has_private_extension = true;
    if (ie->present < 2) {
        if (ie->present == ie->length) {
            expect_length(drawing, ie_item, ie, "at least 2");
        }
        return;
    }
    uint32_t enterprise;
    proto_tree_add_item_ret_uint(tree, hf_private_enterprise, drawing->tvb, ie->value_offset, 2, ENC_BIG_ENDIAN,
                                 &enterprise);
    proto_item_append_text(ie_item, ": enterprise %u", enterprise);
    if (ie->present > 2) {
        proto_tree_add_item(tree, hf_private_value, drawing->tvb, ie->value_offset + 2, ie->present - 2, ENC_NA);
    }
}

static void draw_record_packet(gtpp_drawing_t *drawing, proto_tree *tree, proto_item *ie_item, const gtpp_ie_t *ie)
{
    gtpp_pdu_t *pdu = drawing->pdu;
    const uint32_t end = ie->value_offset + ie->present;

    if (pdu->has_record_packet) {
        pdu->odd = true;
        expert_add_info(drawing->pinfo, ie_item, &ei_packet_repeated);
    }
    pdu->has_record_packet = true;
    pdu->record_octets += ie->length;
    const uint32_t at = gtpp_tree_records_draw(drawing->tvb, drawing->pinfo, tree, ie_item, ie, drawing->cut, pdu);
    if (at == ie->value_offset && ie->length > 0) {
        proto_tree_add_item(tree, hf_ie_value, drawing->tvb, at, ie->present, ENC_NA);
        if (ie->present == ie->length) {
            expect_length(drawing, ie_item, ie, "0 or at least 4");
        }
    } else if (at < end) {
        proto_item *rest = proto_tree_add_item(tree, hf_trailing, drawing->tvb, at, end - at, ENC_NA);
        if (ie->present == ie->length) {
            pdu->odd = true;
            expert_add_info_format(drawing->pinfo, rest, &ei_ie_length,
                                   "1 octet of the Data Record Packet is behind its last record.");
        }
    }
}

static void draw_octet(const gtpp_drawing_t *drawing, proto_tree *tree, proto_item *ie_item, const gtpp_ie_t *ie,
                       int hf, uint32_t value)
{
    if (tree == NULL) {
        return;
    }
    proto_tree_add_item(tree, hf, drawing->tvb, ie->value_offset, 1, ENC_BIG_ENDIAN);
    if (ie->type == GTPP_IE_RECOVERY) {
        proto_item_append_text(ie_item, ": restart counter %u", value);
        return;
    }
    proto_item_append_text(
        ie_item, ": %s (%u)",
        val_to_str_const(value, ie->type == GTPP_IE_CAUSE ? gtpp_cause_names : gtpp_command_names, "Unknown"), value);
}

/* The value of one element, by its type. */
static void draw_value(gtpp_drawing_t *drawing, proto_tree *tree, proto_item *ie_item, const gtpp_ie_t *ie)
{
    gtpp_pdu_t *pdu = drawing->pdu;
    const char *address;
    uint32_t value = 0;

    if (!ie->tlv && ie->present == 1) {
        value = tvb_get_uint8(drawing->tvb, ie->value_offset);
    } else if (!ie->tlv && ie->present == 0) {
        return;
    }
    switch (ie->type) {
    case GTPP_IE_CAUSE:
        draw_octet(drawing, tree, ie_item, ie, hf_cause, value);
        pdu->has_cause = true;
        pdu->cause = (uint8_t)value;
        break;
    case GTPP_IE_RECOVERY:
        draw_octet(drawing, tree, ie_item, ie, hf_recovery, value);
        pdu->has_recovery = true;
        pdu->recovery = (uint8_t)value;
        break;
    case GTPP_IE_PACKET_TRANSFER_COMMAND:
        draw_octet(drawing, tree, ie_item, ie, hf_command, value);
        pdu->has_command = true;
        pdu->command = (uint8_t)value;
        break;
    case GTPP_IE_RELEASED_PACKETS:
        draw_seq_list(drawing, tree, ie_item, ie, hf_released, &pdu->released);
        break;
    case GTPP_IE_CANCELLED_PACKETS:
        draw_seq_list(drawing, tree, ie_item, ie, hf_cancelled, &pdu->cancelled);
        break;
    case GTPP_IE_REQUESTS_RESPONDED:
        draw_seq_list(drawing, tree, ie_item, ie, hf_responded, &pdu->responded);
        break;
    case GTPP_IE_NODE_ADDRESS:
        draw_address(drawing, tree, ie_item, ie, hf_node_ipv4, hf_node_ipv6);
        break;
    case GTPP_IE_RECOMMENDED_NODE:
        address = draw_address(drawing, tree, ie_item, ie, hf_recommended_ipv4, hf_recommended_ipv6);
        if (pdu->recommended == NULL) {
            pdu->recommended = address;
        }
        break;
    case GTPP_IE_DATA_RECORD_PACKET:
        draw_record_packet(drawing, tree, ie_item, ie);
        break;
    case GTPP_IE_PRIVATE_EXTENSION:
        draw_private_extension(drawing, tree, ie_item, ie);
        break;
    default:
        if (ie->present > 0) {
            proto_tree_add_item(tree, hf_ie_value, drawing->tvb, ie->value_offset, ie->present, ENC_NA);
        }
        break;
    }
}

/* Draws what every element has; returns its tree. */
static proto_tree *draw_element_fields(const gtpp_drawing_t *drawing, const gtpp_ie_t *ie, gtpp_ie_result_t result,
                                       const char *name, proto_item **item)
{
    proto_tree *tree =
        proto_tree_add_subtree(drawing->tree, drawing->tvb, ie->offset, ie->value_offset - ie->offset + ie->present,
                               ett_ie, item, name != NULL ? name : "Unknown element");

    proto_tree_add_item(tree, hf_ie_type, drawing->tvb, ie->offset, 1, ENC_BIG_ENDIAN);
    if (ie->tlv && !ie->counted && ie->value_offset - ie->offset == 3) {
        proto_tree_add_item(tree, hf_ie_length, drawing->tvb, ie->offset + 1, 2, ENC_BIG_ENDIAN);
    } else if (result == GTPP_IE_FOUND) {
        proto_item_set_generated(proto_tree_add_uint(tree, hf_ie_length, drawing->tvb, ie->offset, 1, ie->length));
    }
    return tree;
}

static void draw_element(gtpp_drawing_t *drawing, const gtpp_ie_t *ie, gtpp_ie_result_t result)
{
    const char *name = try_val_to_str(ie->type, gtpp_ie_names);
    proto_item *item = NULL;
    proto_tree *tree = drawing->tree != NULL ? draw_element_fields(drawing, ie, result, name, &item) : NULL;

    if (name == NULL) {
        drawing->pdu->odd = true;
        expert_add_info_format(drawing->pinfo, item, &ei_ie_unknown,
                               result == GTPP_IE_NO_LENGTH
                                   ? "Element type %u is not one of GTP' and has no length: the rest cannot be read."
                                   : "Element type %u is not one of GTP'; it is skipped by its length.",
                               ie->type);
    } else {
        switch (gtpp_pdu_element_fit(drawing->pdu->header.type, ie->type)) {
        case GTPP_IE_FITS:
            break;
        case GTPP_IE_QUIRK:
            drawing->pdu->odd = true;
            expert_add_info_format(drawing->pinfo, item, &ei_ie_quirk,
                                   "%s does not belong in this message, but some gear sends it.", name);
            break;
        case GTPP_IE_FOREIGN:
            drawing->pdu->odd = true;
            expert_add_info_format(drawing->pinfo, item, &ei_ie_foreign, "%s does not belong in this message.", name);
            break;
        }
    }
    if (result == GTPP_IE_RUNS_OVER && !drawing->cut) {
        expert_add_info_format(drawing->pinfo, item, &ei_ie_runs_over,
                               "The element runs over the end of the message: %u of its %u octets are there.",
                               ie->present, ie->length);
    }
    draw_value(drawing, tree, item, ie);
    drawing->seen |= gtpp_pdu_element_bit(ie->type);
}

/* What must be there and is not. */
static void check_elements(gtpp_drawing_t *drawing, proto_item *root)
{
    const gtpp_pdu_t *pdu = drawing->pdu;
    uint16_t seen = drawing->seen;
    uint8_t missing;

    while ((missing = gtpp_pdu_missing_element(pdu->header.type, seen)) != 0) {
        if (missing == GTPP_IE_PACKET_TRANSFER_COMMAND) {
            expert_add_info(drawing->pinfo, root, &ei_command_absent);
        } else {
            expert_add_info_format(drawing->pinfo, root, &ei_ie_missing, "%s must be in this message and is not.",
                                   val_to_str_const(missing, gtpp_ie_names, "?"));
        }
        seen |= gtpp_pdu_element_bit(missing);
    }
    if (!pdu->has_command) {
        return;
    }
    if ((pdu->command == GTPP_COMMAND_SEND || pdu->command == GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED) &&
        !pdu->has_record_packet) {
        expert_add_info_format(drawing->pinfo, root, &ei_ie_missing,
                               "The message is to send a Data Record Packet, and has none.");
    } else if (pdu->command == GTPP_COMMAND_RELEASE && !pdu->released.present) {
        expert_add_info_format(drawing->pinfo, root, &ei_ie_missing,
                               "The message is to release packets, and names none.");
    } else if (pdu->command == GTPP_COMMAND_CANCEL && !pdu->cancelled.present) {
        expert_add_info_format(drawing->pinfo, root, &ei_ie_missing,
                               "The message is to cancel packets, and names none.");
    }
}

gtpp_pdu_t *gtpp_tree_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, uint32_t datagram)
{
    uint32_t captured = tvb_captured_length(tvb);
    uint32_t reported = tvb_reported_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, captured);
    gtpp_pdu_t *pdu = wmem_new0(pinfo->pool, gtpp_pdu_t);
    gtpp_drawing_t drawing = { .tvb = tvb, .pinfo = pinfo, .tree = tree, .pdu = pdu };

    if (!gtpp_pdu_read_header(data, captured, datagram, &pdu->header) || pdu->header.header_length > captured) {
        expert_add_info_format(pinfo, root, &ei_truncated, "Only %u octets of this message are here.", captured);
        return pdu;
    }
    pdu->length = gtpp_pdu_length(&pdu->header);
    draw_header(&drawing);

    uint32_t end = MIN(pdu->length, reported);
    if (pdu->length != reported && datagram != 0) {
        /* A Length that is too short hides no element that the datagram holds whole. */
        end = MAX(end, gtpp_pdu_find_end(data, captured, datagram, &pdu->header));
    }
    drawing.cut = captured < end;
    uint32_t offset = pdu->header.header_length;
    gtpp_ie_t ie;
    gtpp_ie_result_t result;
    do {
        result = gtpp_pdu_next_ie(data, MIN(end, captured), &offset, &ie);
        if (result != GTPP_IE_END) {
            draw_element(&drawing, &ie, result);
        }
    } while (result == GTPP_IE_FOUND);

    if (drawing.cut) {
        expert_add_info_format(pinfo, root, &ei_truncated, "Only %u of this message's %u octets are here.", captured,
                               end);
    } else {
        check_elements(&drawing, root);
    }
    if (pdu->length > reported) {
        expert_add_info_format(pinfo, root, &ei_length,
                               "The header announces %u octets, but only %u follow it in the datagram.",
                               pdu->header.length, reported - pdu->header.header_length);
    } else if (end > pdu->length) {
        expert_add_info_format(pinfo, root, &ei_length,
                               "The header announces %u octets, but the elements that follow it have %u.",
                               pdu->header.length, end - pdu->header.header_length);
    } else if (pdu->length < reported) {
        proto_tree_add_item(tree, hf_trailing, tvb, pdu->length, -1, ENC_NA);
        expert_add_info_format(pinfo, root, &ei_length, "%u octet%s the end of the message.", reported - pdu->length,
                               reported - pdu->length == 1 ? " follows" : "s follow");
    }
    if (result != GTPP_IE_END || pdu->length != reported || drawing.cut) {
        pdu->odd = true;
    }
    return pdu;
}

void gtpp_tree_draw_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    expert_add_info(pinfo, proto_tree_add_item(tree, hf_trailing, tvb, 0, -1, ENC_NA), &ei_foreign);
}

void gtpp_tree_note_full(packet_info *pinfo, proto_item *root)
{
    expert_add_info_format(pinfo, root, &ei_builtin_skipped,
                           "Wireshark's own dissector was not called: the packet has more messages than Wireshark has "
                           "layers for.");
}

void gtpp_tree_note_skipped(packet_info *pinfo, proto_item *root, const char *why)
{
    expert_add_info_format(pinfo, root, &ei_builtin_skipped,
                           "Wireshark's own dissector was not called: it would misread this message, because %s.", why);
}

void gtpp_tree_note_stopped(packet_info *pinfo, proto_item *root)
{
    expert_add_info(pinfo, root, &ei_builtin_stopped);
}

void gtpp_tree_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_first_octet,
          { "First octet", "gtpp.first_octet", FT_UINT8, BASE_HEX, NULL, 0, "Version, protocol type and spare bits",
            HFILL } },
        { &hf_version, { "Version", "gtpp.version", FT_UINT8, BASE_DEC, NULL, 0xe0, NULL, HFILL } },
        { &hf_pt, { "Protocol type", "gtpp.pt", FT_UINT8, BASE_DEC, NULL, 0x10, "0 is GTP', 1 is GTP", HFILL } },
        { &hf_spare, { "Spare", "gtpp.spare", FT_UINT8, BASE_DEC, NULL, 0x0e, "Sent as 7 (111)", HFILL } },
        { &hf_hdr_len_flag,
          { "Header length flag", "gtpp.hdr_len_flag", FT_UINT8, BASE_DEC, NULL, 0x01,
            "In version 0: 1 is the 6-octet header, 0 the 20-octet one; unused in versions 1 and 2", HFILL } },
        { &hf_type, { "Message type", "gtpp.type", FT_UINT8, BASE_DEC, VALS(gtpp_message_names), 0, NULL, HFILL } },
        { &hf_length,
          { "Length", "gtpp.length", FT_UINT16, BASE_DEC, NULL, 0, "Octets of the message behind its header", HFILL } },
        { &hf_seq, { "Sequence number", "gtpp.seq", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_header_length,
          { "Header length", "gtpp.header_length", FT_UINT8, BASE_DEC, NULL, 0, "Octets of the header: 6 or 20",
            HFILL } },
        { &hf_header_unused,
          { "Unused header fields", "gtpp.header_unused", FT_BYTES, BASE_NONE, NULL, 0,
            "The fields of the GTPv0 header that GTP' does not use", HFILL } },
        { &hf_ie_type, { "Element type", "gtpp.ie.type", FT_UINT8, BASE_DEC, VALS(gtpp_ie_names), 0, NULL, HFILL } },
        { &hf_ie_length,
          { "Element length", "gtpp.ie.length", FT_UINT16, BASE_DEC, NULL, 0, "Octets of the element's value",
            HFILL } },
        { &hf_ie_value,
          { "Element value", "gtpp.ie.value", FT_BYTES, BASE_NONE, NULL, 0,
            "The value of an element that is not decoded further", HFILL } },
        { &hf_cause, { "Cause", "gtpp.cause", FT_UINT8, BASE_DEC, VALS(gtpp_cause_names), 0, NULL, HFILL } },
        { &hf_recovery,
          { "Restart counter", "gtpp.recovery", FT_UINT8, BASE_DEC, NULL, 0,
            "Recovery: changes when the node has restarted", HFILL } },
        { &hf_command,
          { "Packet Transfer Command", "gtpp.command", FT_UINT8, BASE_DEC, VALS(gtpp_command_names), 0, NULL, HFILL } },
        { &hf_released, { "Released sequence number", "gtpp.released", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_cancelled, { "Cancelled sequence number", "gtpp.cancelled", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_responded,
          { "Request responded to", "gtpp.requests_responded", FT_UINT16, BASE_DEC, NULL, 0,
            "Sequence number of a request that this response answers", HFILL } },
        { &hf_responded_count,
          { "Number of requests responded to", "gtpp.requests_responded.count", FT_UINT8, BASE_DEC, NULL, 0,
            "The one-octet count that some gear sends instead of the length", HFILL } },
        { &hf_node_ipv4, { "Node IPv4 address", "gtpp.node.ipv4", FT_IPv4, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_node_ipv6, { "Node IPv6 address", "gtpp.node.ipv6", FT_IPv6, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_recommended_ipv4,
          { "Recommended node IPv4 address", "gtpp.recommended.ipv4", FT_IPv4, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_recommended_ipv6,
          { "Recommended node IPv6 address", "gtpp.recommended.ipv6", FT_IPv6, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_private_enterprise,
          { "Enterprise", "gtpp.private.enterprise", FT_UINT16, BASE_DEC, NULL, 0, "Private Extension: whose it is",
            HFILL } },
        { &hf_private_value, { "Private value", "gtpp.private.value", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_trailing,
          { "Octets that belong to nothing", "gtpp.trailing", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_spare_bits, { "gtpp.spare_bits", PI_PROTOCOL, PI_NOTE, "The spare bits are not 111.", EXPFILL } },
        { &ei_last_bit,
          { "gtpp.hdr_len_flag.odd", PI_PROTOCOL, PI_NOTE,
            "The last bit of the first octet is set, which means something in version 0 only.", EXPFILL } },
        { &ei_header_length,
          { "gtpp.header_length.odd", PI_PROTOCOL, PI_NOTE, "The header's length is not what its first octet says.",
            EXPFILL } },
        { &ei_length,
          { "gtpp.length.wrong", PI_PROTOCOL, PI_WARN, "The header's Length does not fit the datagram.", EXPFILL } },
        { &ei_truncated,
          { "gtpp.truncated", PI_UNDECODED, PI_NOTE, "The capture does not hold the whole message.", EXPFILL } },
        { &ei_ie_runs_over,
          { "gtpp.ie.runs_over", PI_PROTOCOL, PI_WARN, "An element runs over the end of the message.", EXPFILL } },
        { &ei_ie_unknown,
          { "gtpp.ie.unknown", PI_UNDECODED, PI_NOTE, "The element's type is not one of GTP'.", EXPFILL } },
        { &ei_ie_foreign,
          { "gtpp.ie.foreign", PI_PROTOCOL, PI_NOTE, "The element does not belong in this message.", EXPFILL } },
        { &ei_ie_quirk,
          { "gtpp.ie.quirk", PI_PROTOCOL, PI_CHAT, "The element does not belong in this message, but is known.",
            EXPFILL } },
        { &ei_ie_missing,
          { "gtpp.ie.missing", PI_PROTOCOL, PI_WARN, "An element that must be in the message is not.", EXPFILL } },
        { &ei_ie_length,
          { "gtpp.ie.length.wrong", PI_PROTOCOL, PI_WARN, "The element's value has a wrong length.", EXPFILL } },
        { &ei_packet_repeated,
          { "gtpp.packet.repeated", PI_PROTOCOL, PI_WARN,
            "Another Data Record Packet in the same message: its records are counted with those of the first.",
            EXPFILL } },
        { &ei_command_absent,
          { "gtpp.command.absent", PI_PROTOCOL, PI_CHAT,
            "There is no Packet Transfer Command: some gear leaves it out and means Send Data Record Packet.",
            EXPFILL } },
        { &ei_counted_list,
          { "gtpp.requests_responded.counted", PI_PROTOCOL, PI_CHAT,
            "Requests Responded has a one-octet count instead of a length, as some gear sends it.", EXPFILL } },
        { &ei_foreign,
          { "gtpp.foreign", PI_UNDECODED, PI_NOTE, "These octets of the stream are not the start of a GTP' message.",
            EXPFILL } },
        { &ei_builtin_skipped,
          { "gtpp.builtin.skipped", PI_ASSUMPTION, PI_CHAT, "Wireshark's own dissector was not called.", EXPFILL } },
        { &ei_builtin_stopped,
          { "gtpp.builtin.stopped", PI_ASSUMPTION, PI_CHAT,
            "Wireshark's own dissector gave up on this message half way.", EXPFILL } },
    };
    static int *ett[] = { &ett_first_octet, &ett_ie };

    gtpp_tree_records_register(proto);
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
