/* gtpp_tree_records.c
 * Adds a Data Record Packet to the tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_tree_records.h"

#include <epan/expert.h>
#include <wsutil/str_util.h>

#include "cdr/cdr_tree.h"
#include "gtpp_names.h"

static int hf_records = -1;
static int hf_format = -1;
static int hf_format_app = -1;
static int hf_format_release = -1;
static int hf_format_version = -1;
static int hf_format_release_ext = -1;

static expert_field ei_record_count = EI_INIT;
static expert_field ei_record_runs_over = EI_INIT;
static expert_field ei_format = EI_INIT;
static expert_field ei_empty_packet = EI_INIT;

/* The second digit of the specification's version: sent plus one, or as the character code of a letter. */
static const char *version_digit(wmem_allocator_t *pool, uint8_t version)
{
    static const char *const digits[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };

    if (version > 0 && version <= array_length(digits)) {
        return digits[version - 1];
    }
    if (g_ascii_isalpha(version)) {
        return wmem_strdup_printf(pool, "%c", version);
    }
    return version > 0 ? wmem_strdup_printf(pool, "%u", version - 1) : "?";
}

/* Adds the format version at AT, two or three octets. */
static void add_format_version(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ie_item,
                               const gtpp_packet_t *packet, uint32_t at)
{
    unsigned release = packet->has_extension ? packet->extension : packet->release;
    const char *digit = version_digit(pinfo->pool, packet->version);

    proto_tree_add_item(tree, hf_format_app, tvb, at, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_format_release, tvb, at, 1, ENC_BIG_ENDIAN);
    proto_tree_add_uint_format_value(tree, hf_format_version, tvb, at + 1, 1, packet->version,
                                     "%u (3GPP TS 32.298 version %u.%s)", packet->version, release, digit);
    if (packet->has_extension) {
        proto_tree_add_item(tree, hf_format_release_ext, tvb, at + 2, 1, ENC_BIG_ENDIAN);
    }
    proto_item_append_text(ie_item, ", version %u.%s", release, digit);
}

/* The items that expert items of the packet belong to: NULL without a tree. */
typedef struct {
    proto_item *count;
    proto_item *format;
} packet_items_t;

/* Adds what precedes the records. */
static void add_front(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ie_item,
                      const gtpp_packet_t *packet, uint32_t at, packet_items_t *items)
{
    items->count = proto_tree_add_item(tree, hf_records, tvb, at, 1, ENC_BIG_ENDIAN);
    items->format = proto_tree_add_item(tree, hf_format, tvb, at + 1, 1, ENC_BIG_ENDIAN);
    proto_item_append_text(ie_item, ": %s", val_to_str_const(packet->format, gtpp_format_names, "other format"));
    add_format_version(tvb, pinfo, tree, ie_item, packet, at + 2);
}

/* Adds a record and the length before it. */
static void add_cdr(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_pdu_t *pdu, const cdr_t *cdr,
                    const char *encoding)
{
    const uint32_t at = (uint32_t)(cdr->octets - pdu->octets);
    const uint32_t announced = gtpp_pdu_announced_length(cdr);
    proto_item *item = cdr_tree_add_length(tvb, tree, at - 2);

    if (announced > cdr->length) {
        expert_add_info_format(pinfo, item, &ei_record_runs_over,
                               "The record is said to have %u octets, but only %u are left in the packet.", announced,
                               cdr->length);
    }
    if (tree != NULL || cdr_has_remark(cdr)) {
        tvbuff_t *cdr_tvb = tvb_new_subset_length_caplen(tvb, (int)at, (int)cdr->captured, (int)cdr->length);
        cdr_tree_add(cdr_tvb, pinfo, tree, cdr, encoding);
    }
}

void gtpp_tree_records_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item, const gtpp_pdu_t *pdu,
                           const gtpp_ie_t *ie)
{
    const gtpp_packet_t *packet = &pdu->packets[ie->packet];
    packet_items_t items = { NULL, NULL };

    if (!packet->has_front) {
        if (ie->length == 0 && ie->extent == GTPP_IE_WHOLE) {
            expert_add_info(pinfo, item, &ei_empty_packet);
            proto_item_append_text(item, ": empty");
        }
        return;
    }
    if (tree != NULL) {
        add_front(tvb, pinfo, tree, item, packet, ie->value_offset, &items);
    }
    if (packet->format == GTPP_FORMAT_NONE) {
        expert_add_info(pinfo, items.format, &ei_format);
    }
    const char *encoding = gtpp_names_format(pinfo->pool, packet->format);
    for (uint32_t i = 0; i < packet->num_cdrs; i++) {
        add_cdr(tvb, pinfo, tree, pdu, &pdu->cdrs[packet->first_cdr + i], encoding);
    }
    proto_item_append_text(item, ", %u record%s", packet->num_cdrs, plurality(packet->num_cdrs, "", "s"));
    if (packet->is_count_wrong) {
        expert_add_info_format(pinfo, items.count, &ei_record_count, "The packet announces %u record%s, but holds %u.",
                               packet->count, plurality(packet->count, "", "s"), packet->num_cdrs);
    }
}

void gtpp_tree_records_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_records,
          { "Number of Data Records", "gtpp.records", FT_UINT8, BASE_DEC, NULL, 0, "As announced by the packet",
            HFILL } },
        { &hf_format,
          { "Data Record Format", "gtpp.format", FT_UINT8, BASE_DEC, VALS(gtpp_format_names), 0, NULL, HFILL } },
        { &hf_format_app,
          { "Application Identifier", "gtpp.format.app", FT_UINT8, BASE_DEC, NULL, 0xf0, "1 is charging", HFILL } },
        { &hf_format_release,
          { "Release Identifier", "gtpp.format.release", FT_UINT8, BASE_DEC, NULL, 0x0f,
            "Release of 3GPP TS 32.298; 0 when the extension octet says it", HFILL } },
        { &hf_format_version,
          { "Version Identifier", "gtpp.format.version", FT_UINT8, BASE_DEC, NULL, 0,
            "Second digit of the specification's version plus one, or the character code of a letter", HFILL } },
        { &hf_format_release_ext,
          { "Release Identifier Extension", "gtpp.format.release_ext", FT_UINT8, BASE_DEC, NULL, 0,
            "Release of 3GPP TS 32.298 when it is above 15", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_record_count,
          { "gtpp.records.wrong", PI_PROTOCOL, PI_WARN, "The number of records is not the one announced.", EXPFILL } },
        { &ei_record_runs_over,
          { "gtpp.cdr.length.wrong", PI_PROTOCOL, PI_WARN, "The record runs over the end of its packet.", EXPFILL } },
        { &ei_format,
          { "gtpp.format.zero", PI_PROTOCOL, PI_WARN, "Data Record Format 0 is not to be used.", EXPFILL } },
        { &ei_empty_packet,
          { "gtpp.empty_packet", PI_PROTOCOL, PI_CHAT, "An empty packet asks if this number had arrived.", EXPFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
