/* gtpp_tree_records.c
 * Draws a Data Record Packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_tree_records.h"

#include <epan/expert.h>

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

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    gtpp_pdu_t *pdu;
    uint8_t format;
    bool cut;
} gtpp_tree_records_t;

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

static void draw_format_version(const gtpp_tree_records_t *drawing, proto_tree *tree, proto_item *ie_item,
                                const gtpp_record_packet_t *packet, uint32_t at)
{
    unsigned release = packet->has_extension ? packet->extension : packet->release;
    const char *digit = version_digit(drawing->pinfo->pool, packet->version);

    proto_tree_add_item(tree, hf_format_app, drawing->tvb, at, 1, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_format_release, drawing->tvb, at, 1, ENC_BIG_ENDIAN);
    proto_tree_add_uint_format_value(tree, hf_format_version, drawing->tvb, at + 1, 1, packet->version,
                                     "%u (3GPP TS 32.298 version %u.%s)", packet->version, release, digit);
    if (packet->has_extension) {
        proto_tree_add_item(tree, hf_format_release_ext, drawing->tvb, at + 2, 1, ENC_BIG_ENDIAN);
    }
    proto_item_append_text(ie_item, ", version %u.%s", release, digit);
}

/* What precedes the records. */
typedef struct {
    proto_item *count;
    proto_item *format;
} packet_items_t;

static void draw_packet_fields(const gtpp_tree_records_t *drawing, proto_tree *tree, proto_item *ie_item,
                               const gtpp_record_packet_t *packet, uint32_t at, packet_items_t *items)
{
    items->count = proto_tree_add_item(tree, hf_records, drawing->tvb, at, 1, ENC_BIG_ENDIAN);
    items->format = proto_tree_add_item(tree, hf_format, drawing->tvb, at + 1, 1, ENC_BIG_ENDIAN);
    proto_item_append_text(ie_item, ": %s", val_to_str_const(packet->format, gtpp_format_names, "other format"));
    draw_format_version(drawing, tree, ie_item, packet, at + 2);
}

/* Makes room for MORE records than there are; twice the room, where a message has packet after packet. */
static void make_room(const gtpp_tree_records_t *drawing, uint32_t more)
{
    gtpp_pdu_t *pdu = drawing->pdu;
    wmem_allocator_t *pool = drawing->pinfo->pool;

    if (pdu->num_cdrs + more <= pdu->max_cdrs) {
        return;
    }
    pdu->max_cdrs = MAX(pdu->num_cdrs + more, 2 * pdu->max_cdrs);
    pdu->cdrs = wmem_realloc(pool, pdu->cdrs, pdu->max_cdrs * sizeof *pdu->cdrs);
    pdu->cdr_tvbs = wmem_realloc(pool, pdu->cdr_tvbs, pdu->max_cdrs * sizeof(tvbuff_t *));
}

/* Splits the records from AT to END. Goes on past the number that the packet announces while records fit: a count that
 * is too small must not hide any. Returns where the last one ends. */
static uint32_t draw_records(const gtpp_tree_records_t *drawing, proto_tree *tree, uint32_t at, uint32_t end)
{
    gtpp_pdu_t *pdu = drawing->pdu;

    make_room(drawing, (end - at) / 2);
    while (end - at >= 2) {
        uint32_t length = tvb_get_ntohs(drawing->tvb, at);
        uint32_t there = end - at - 2;
        proto_item *item = cdr_draw_length(drawing->tvb, tree, (int)at);
        at += 2;
        if (length > there && !drawing->cut) {
            pdu->odd = true;
            expert_add_info_format(drawing->pinfo, item, &ei_record_runs_over,
                                   "The record is said to have %u octets, but only %u are left in the packet.", length,
                                   there);
            length = there;
        }
        tvbuff_t *cdr_tvb = tvb_new_subset_length_caplen(drawing->tvb, at, MIN(length, there), length);
        pdu->cdr_tvbs[pdu->num_cdrs] = cdr_tvb;
        cdr_dissect(cdr_tvb, drawing->pinfo, tree, drawing->format, &pdu->cdrs[pdu->num_cdrs]);
        pdu->num_cdrs++;
        at += MIN(length, there);
    }
    return at;
}

uint32_t gtpp_tree_records_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *ie_item,
                                const gtpp_ie_t *ie, bool cut, gtpp_pdu_t *pdu)
{
    gtpp_tree_records_t drawing = { .tvb = tvb, .pinfo = pinfo, .pdu = pdu, .cut = cut };
    const uint32_t at = ie->value_offset;
    const uint32_t earlier = pdu->num_cdrs; /* of another packet in the same message */
    gtpp_record_packet_t packet;
    packet_items_t items = { NULL, NULL };

    if (ie->length == 0) {
        expert_add_info(pinfo, ie_item, &ei_empty_packet);
        proto_item_append_text(ie_item, ": empty");
        return at;
    }
    if (!gtpp_pdu_read_record_packet(tvb_get_ptr(tvb, (int)at, (int)ie->present), ie->present, &packet)) {
        return at;
    }
    drawing.format = packet.format;
    if (tree != NULL) {
        draw_packet_fields(&drawing, tree, ie_item, &packet, at, &items);
    }
    if (packet.format == 0) {
        expert_add_info(pinfo, items.format, &ei_format);
    }
    if (packet.release == 0 && !packet.has_extension) {
        pdu->misread = "its Data Record Format Version says release 0 without the extension octet";
    }
    const uint32_t end = draw_records(&drawing, tree, at + packet.records_offset, at + ie->present);
    const uint32_t count = pdu->num_cdrs - earlier;
    proto_item_append_text(ie_item, ", %u record%s", count, count == 1 ? "" : "s");
    if (count != packet.count && !cut) {
        pdu->odd = true;
        expert_add_info_format(pinfo, items.count, &ei_record_count, "The packet announces %u record%s, but holds %u.",
                               packet.count, packet.count == 1 ? "" : "s", count);
    }
    return end;
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
