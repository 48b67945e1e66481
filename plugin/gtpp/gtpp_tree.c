/* gtpp_tree.c
 * Adds a GTP' PDU to the tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_tree.h"

#include <epan/expert.h>
#include <epan/proto.h>
#include <wsutil/str_util.h>

#include "gtpp_names.h"
#include "gtpp_tree_records.h"

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
static int hf_ie = -1;
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

/* What the functions below share for one PDU. */
typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    const gtpp_pdu_t *pdu;
} context_t;

/* {{{ Header */

/* The items that expert items of the header belong to: NULL without a tree. */
typedef struct {
    proto_item *first_octet;
    proto_item *length;
} header_items_t;

/* The first octet and its bits. Wireshark itself leaves out an item that nothing wants, but only after it has read each
 * of the bits. Returns the item, or that of the message when nothing wants the octet. */
static proto_item *add_first_octet(proto_tree *tree, tvbuff_t *tvb)
{
    static int *const bits[] = { &hf_version, &hf_pt, &hf_spare, &hf_hdr_len_flag, NULL };
    bool is_wanted = proto_field_is_referenced(tree, hf_first_octet);

    for (int *const *bit = bits; *bit != NULL && !is_wanted; bit++) {
        is_wanted = proto_field_is_referenced(tree, **bit);
    }
    return is_wanted ? proto_tree_add_bitmask_with_flags(tree, tvb, 0, hf_first_octet, ett_first_octet, bits,
                                                         ENC_BIG_ENDIAN, BMT_NO_APPEND)
                     : proto_tree_get_parent(tree);
}

static void add_header_fields(const context_t *context, header_items_t *items)
{
    const uint32_t header_length = context->pdu->header.header_length;
    const uint32_t captured = MIN(context->pdu->captured, header_length);
    proto_tree *tree = context->tree;
    tvbuff_t *tvb = context->tvb;

    items->first_octet = add_first_octet(tree, tvb);
    proto_tree_add_item(tree, hf_type, tvb, 1, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_length, tvb, 2, 2, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_seq, tvb, 4, 2, ENC_BIG_ENDIAN);
    items->length = proto_tree_add_uint(tree, hf_header_length, tvb, 0, (int)captured, header_length);
    proto_item_set_generated(items->length);
    if (captured > GTPP_SHORT_HEADER) {
        proto_tree_add_item(tree, hf_header_unused, tvb, GTPP_SHORT_HEADER, (int)captured - GTPP_SHORT_HEADER, ENC_NA);
    }
}

static void add_header(const context_t *context)
{
    const gtpp_header_t *header = &context->pdu->header;
    header_items_t items = { NULL, NULL };

    if (context->tree != NULL) {
        add_header_fields(context, &items);
    }
    if (header->spare != GTPP_SPARE_BITS) {
        expert_add_info_format(context->pinfo, items.first_octet, &ei_spare_bits,
                               "The spare bits are %u%u%u; 3GPP TS 32.295 sends 111.", header->spare >> 2 & 1,
                               header->spare >> 1 & 1, header->spare & 1);
    }
    if (header->version > 0 && header->last_bit != 0) {
        expert_add_info(context->pinfo, items.first_octet, &ei_last_bit);
    }
    if (header->odd_header_length) {
        expert_add_info_format(
            context->pinfo, items.length, &ei_header_length,
            "The first octet stands for a header of %u octets, but only one of %u fits the datagram.",
            header->header_length == GTPP_LONG_HEADER ? GTPP_SHORT_HEADER : GTPP_LONG_HEADER, header->header_length);
    }
}

/* }}} */
/* {{{ Values of elements */

/* TREE is the element's, ITEM what it belongs to; both are NULL without a tree. */

static void add_expected_length(const context_t *context, proto_item *item, const gtpp_ie_t *ie)
{
    if (ie->expected != NULL) {
        expert_add_info_format(context->pinfo, item, &ei_ie_length, "%s has a value of %u octet%s where %s must be.",
                               val_to_str_const(ie->type, gtpp_ie_names, "The element"), ie->length,
                               plurality(ie->length, "", "s"), ie->expected);
    }
}

/* A list of sequence numbers, two octets each. */
static void add_seq_list(const context_t *context, proto_tree *tree, proto_item *item, const gtpp_ie_t *ie, int hf)
{
    const uint32_t count = ie->present / 2;

    if (ie->counted) {
        proto_item *count_item =
            proto_tree_add_item(tree, hf_responded_count, context->tvb, ie->value_offset - 1, 1, ENC_BIG_ENDIAN);
        expert_add_info(context->pinfo, count_item, &ei_counted_list);
    }
    add_expected_length(context, item, ie);
    if (tree == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        proto_tree_add_item(tree, hf, context->tvb, ie->value_offset + 2 * i, 2, ENC_BIG_ENDIAN);
    }
    if (ie->present % 2 != 0) {
        proto_tree_add_item(tree, hf_trailing, context->tvb, ie->value_offset + 2 * count, 1, ENC_NA);
    }
    proto_item_append_text(item, ": %u number%s", count, plurality(count, "", "s"));
}

static void add_address(const context_t *context, proto_tree *tree, proto_item *item, const gtpp_ie_t *ie, int hf_ipv4,
                        int hf_ipv6)
{
    const char *text = tree != NULL ? gtpp_pdu_address_text(context->pinfo->pool, context->pdu, ie) : NULL;

    if (text != NULL) {
        const bool is_ipv4 = ie->length == 4;
        proto_tree_add_item(tree, is_ipv4 ? hf_ipv4 : hf_ipv6, context->tvb, ie->value_offset, ie->length,
                            ENC_BIG_ENDIAN);
        proto_item_append_text(item, ": %s", text);
    } else {
        proto_tree_add_item(tree, hf_ie_value, context->tvb, ie->value_offset, ie->present, ENC_NA);
    }
    add_expected_length(context, item, ie);
}

static void add_private_extension(const context_t *context, proto_tree *tree, proto_item *item, const gtpp_ie_t *ie)
{
    add_expected_length(context, item, ie);
    if (tree == NULL || ie->present < 2) {
        return;
    }
    uint32_t enterprise;
    proto_tree_add_item_ret_uint(tree, hf_private_enterprise, context->tvb, ie->value_offset, 2, ENC_BIG_ENDIAN,
                                 &enterprise);
    proto_item_append_text(item, ": enterprise %u", enterprise);
    if (ie->present > 2) {
        proto_tree_add_item(tree, hf_private_value, context->tvb, ie->value_offset + 2, ie->present - 2, ENC_NA);
    }
}

static void add_record_packet(const context_t *context, proto_tree *tree, proto_item *item, const gtpp_ie_t *ie)
{
    const gtpp_packet_t *packet = &context->pdu->packets[ie->packet];
    const uint32_t end = ie->value_offset + ie->present;

    if (ie->packet > 0) {
        expert_add_info(context->pinfo, item, &ei_packet_repeated);
    }
    gtpp_tree_records_add(context->tvb, context->pinfo, tree, item, context->pdu, ie);
    if (!packet->has_front && ie->present > 0) {
        proto_tree_add_item(tree, hf_ie_value, context->tvb, ie->value_offset, ie->present, ENC_NA);
        add_expected_length(context, item, ie);
    } else if (packet->end < end) {
        proto_item *rest = proto_tree_add_item(tree, hf_trailing, context->tvb, packet->end, end - packet->end, ENC_NA);
        if (ie->extent == GTPP_IE_WHOLE) {
            expert_add_info_format(context->pinfo, rest, &ei_ie_length,
                                   "1 octet of the Data Record Packet is behind its last record.");
        }
    }
}

static void add_octet(const context_t *context, proto_tree *tree, proto_item *item, const gtpp_ie_t *ie, int hf,
                      const value_string *names)
{
    if (tree == NULL || ie->present == 0) {
        return;
    }
    const uint32_t value = context->pdu->octets[ie->value_offset];
    proto_tree_add_item(tree, hf, context->tvb, ie->value_offset, 1, ENC_BIG_ENDIAN);
    if (names != NULL) {
        proto_item_append_text(item, ": %s (%u)", val_to_str_const(value, names, "Unknown"), value);
    } else {
        proto_item_append_text(item, ": restart counter %u", value);
    }
}

static void add_value(const context_t *context, proto_tree *tree, proto_item *item, const gtpp_ie_t *ie)
{
    switch (ie->type) {
    case GTPP_IE_CAUSE:
        add_octet(context, tree, item, ie, hf_cause, gtpp_cause_names);
        break;
    case GTPP_IE_RECOVERY:
        add_octet(context, tree, item, ie, hf_recovery, NULL);
        break;
    case GTPP_IE_PACKET_TRANSFER_COMMAND:
        add_octet(context, tree, item, ie, hf_command, gtpp_command_names);
        break;
    case GTPP_IE_RELEASED_PACKETS:
        add_seq_list(context, tree, item, ie, hf_released);
        break;
    case GTPP_IE_CANCELLED_PACKETS:
        add_seq_list(context, tree, item, ie, hf_cancelled);
        break;
    case GTPP_IE_REQUESTS_RESPONDED:
        add_seq_list(context, tree, item, ie, hf_responded);
        break;
    case GTPP_IE_NODE_ADDRESS:
        add_address(context, tree, item, ie, hf_node_ipv4, hf_node_ipv6);
        break;
    case GTPP_IE_RECOMMENDED_NODE:
        add_address(context, tree, item, ie, hf_recommended_ipv4, hf_recommended_ipv6);
        break;
    case GTPP_IE_DATA_RECORD_PACKET:
        add_record_packet(context, tree, item, ie);
        break;
    case GTPP_IE_PRIVATE_EXTENSION:
        add_private_extension(context, tree, item, ie);
        break;
    default:
        if (ie->present > 0) {
            proto_tree_add_item(tree, hf_ie_value, context->tvb, ie->value_offset, ie->present, ENC_NA);
        }
        break;
    }
}

/* }}} */
/* {{{ Elements */

/* Adds what every element has; returns its tree. */
static proto_tree *add_ie_fields(const context_t *context, const gtpp_ie_t *ie, const char *name, proto_item **item)
{
    const uint32_t front = ie->value_offset - ie->offset;

    *item = proto_tree_add_none_format(context->tree, hf_ie, context->tvb, (int)ie->offset, (int)(front + ie->present),
                                       "%s", name != NULL ? name : "Unknown element");
    proto_tree *tree = proto_item_add_subtree(*item, ett_ie);
    proto_tree_add_item(tree, hf_ie_type, context->tvb, ie->offset, 1, ENC_BIG_ENDIAN);
    if (ie->tlv && !ie->counted && front == 3) {
        proto_tree_add_item(tree, hf_ie_length, context->tvb, ie->offset + 1, 2, ENC_BIG_ENDIAN);
    } else if (ie->extent == GTPP_IE_WHOLE) {
        proto_item_set_generated(proto_tree_add_uint(tree, hf_ie_length, context->tvb, ie->offset, 1, ie->length));
    }
    return tree;
}

/* What there is to say of an element by its type and its extent. */
static void check_ie(const context_t *context, proto_item *item, const gtpp_ie_t *ie, const char *name)
{
    if (name == NULL) {
        expert_add_info_format(context->pinfo, item, &ei_ie_unknown,
                               ie->extent == GTPP_IE_NO_LENGTH
                                   ? "Element type %u is not one of GTP' and has no length: the rest cannot be read."
                                   : "Element type %u is not one of GTP'; it is skipped by its length.",
                               ie->type);
    } else if (ie->fit == GTPP_IE_QUIRK) {
        expert_add_info_format(context->pinfo, item, &ei_ie_quirk,
                               "%s does not belong in this message, but some gear sends it.", name);
    } else if (ie->fit == GTPP_IE_FOREIGN) {
        expert_add_info_format(context->pinfo, item, &ei_ie_foreign, "%s does not belong in this message.", name);
    }
    if (ie->extent == GTPP_IE_RUNS_OVER) {
        expert_add_info_format(context->pinfo, item, &ei_ie_runs_over,
                               "The element runs over the end of the message: %u of its %u octets are there.",
                               ie->present, ie->length);
    }
}

static void add_ie(const context_t *context, const gtpp_ie_t *ie)
{
    const char *name = try_val_to_str(ie->type, gtpp_ie_names);
    proto_item *item = NULL;
    proto_tree *tree = context->tree != NULL ? add_ie_fields(context, ie, name, &item) : NULL;

    check_ie(context, item, ie, name);
    add_value(context, tree, item, ie);
}

/* What must be there and is not. */
static void check_missing(const context_t *context, proto_item *root)
{
    const gtpp_pdu_t *pdu = context->pdu;
    uint16_t seen = pdu->seen;
    uint8_t missing;

    while ((missing = gtpp_pdu_missing_element(pdu, seen)) != 0) {
        if (missing == GTPP_IE_PACKET_TRANSFER_COMMAND) {
            expert_add_info(context->pinfo, root, &ei_command_absent);
        } else {
            expert_add_info_format(context->pinfo, root, &ei_ie_missing, "%s must be in this message and is not.",
                                   val_to_str_const(missing, gtpp_ie_names, "?"));
        }
        seen |= gtpp_pdu_element_bit(missing);
    }
    if (gtpp_pdu_lacks_content(pdu)) {
        const char *text = "The message is to send a Data Record Packet, and has none.";
        if (pdu->command == GTPP_COMMAND_RELEASE) {
            text = "The message is to release packets, and names none.";
        } else if (pdu->command == GTPP_COMMAND_CANCEL) {
            text = "The message is to cancel packets, and names none.";
        }
        expert_add_info_format(context->pinfo, root, &ei_ie_missing, "%s", text);
    }
}

/* What there is to say of the header's Length, and octets behind the message. */
static void check_length(const context_t *context, proto_item *root)
{
    const gtpp_pdu_t *pdu = context->pdu;
    const uint32_t header_length = pdu->header.header_length;

    if (pdu->length > pdu->reported) {
        expert_add_info_format(context->pinfo, root, &ei_length,
                               "The header announces %u octets, but only %u follow it in the datagram.",
                               pdu->header.length, pdu->reported - header_length);
    } else if (pdu->end > pdu->length) {
        expert_add_info_format(context->pinfo, root, &ei_length,
                               "The header announces %u octets, but the elements that follow it have %u.",
                               pdu->header.length, pdu->end - header_length);
    } else if (pdu->length < pdu->reported) {
        const uint32_t behind = pdu->reported - pdu->length;
        if (pdu->length < pdu->captured) {
            proto_tree_add_item(context->tree, hf_trailing, context->tvb, pdu->length, -1, ENC_NA);
        }
        expert_add_info_format(context->pinfo, root, &ei_length, "%u octet%s the end of the message.", behind,
                               plurality(behind, " follows", "s follow"));
    }
}

/* }}} */

void gtpp_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const gtpp_pdu_t *pdu)
{
    const context_t context = { .tvb = tvb, .pinfo = pinfo, .tree = tree, .pdu = pdu };

    if (tree == NULL && !pdu->has_remark) {
        return;
    }
    if (pdu->length == 0) {
        expert_add_info_format(pinfo, root, &ei_truncated, "Only %u octets of this message are here.", pdu->captured);
        return;
    }
    add_header(&context);
    for (uint32_t i = 0; i < pdu->num_ies; i++) {
        add_ie(&context, &pdu->ies[i]);
    }
    if (pdu->is_cut) {
        expert_add_info_format(pinfo, root, &ei_truncated, "Only %u of this message's %u octets %s here.",
                               pdu->captured, pdu->end, plurality(pdu->captured, "is", "are"));
    } else {
        check_missing(&context, root);
    }
    check_length(&context, root);
}

void gtpp_tree_add_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    expert_add_info(pinfo, proto_tree_add_item(tree, hf_trailing, tvb, 0, -1, ENC_NA), &ei_foreign);
}

void gtpp_tree_add_stock_full(packet_info *pinfo, proto_item *root)
{
    expert_add_info_format(pinfo, root, &ei_builtin_skipped,
                           "Wireshark's own dissector was not called: the packet has more messages than Wireshark has "
                           "layers for.");
}

void gtpp_tree_add_stock_skipped(packet_info *pinfo, proto_item *root, const char *why)
{
    expert_add_info_format(pinfo, root, &ei_builtin_skipped,
                           "Wireshark's own dissector was not called: it would misread this message, because %s.", why);
}

void gtpp_tree_add_stock_stopped(packet_info *pinfo, proto_item *root)
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
        { &hf_ie,
          { "Element", "gtpp.ie", FT_NONE, BASE_NONE, NULL, 0, "An information element, with all that is in it",
            HFILL } },
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
        { &ei_truncated, { "gtpp.truncated", PI_UNDECODED, PI_NOTE, "The message is not whole here.", EXPFILL } },
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
