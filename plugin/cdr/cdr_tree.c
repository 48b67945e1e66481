/* cdr_tree.c
 * Key fields of a charging data record (CDR), 3GPP TS 32.298: their registration and their tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "cdr_tree.h"

#include <epan/expert.h>
#include <epan/unit_strings.h>

#include "cdr_reader.h"

#include <stdlib.h>
#include <string.h>

static int hf_cdr = -1;
static int hf_cdr_length = -1;
static int hf_cdr_tag = -1;
static int hf_cdr_type = -1;
static int hf_cdr_imsi = -1;
static int hf_cdr_msisdn = -1;
static int hf_cdr_imei = -1;
static int hf_cdr_apn = -1;
static int hf_cdr_node_id = -1;
static int hf_cdr_charging_id = -1;
static int hf_cdr_duration = -1;
static int hf_cdr_record_seq = -1;
static int hf_cdr_local_seq = -1;
static int hf_cdr_cause_closing = -1;
static int hf_cdr_rat = -1;
static int hf_cdr_opening_time = -1;
static int hf_cdr_node_ipv4 = -1;
static int hf_cdr_node_ipv6 = -1;
static int hf_cdr_pdp_ipv4 = -1;
static int hf_cdr_pdp_ipv6 = -1;
static int hf_cdr_uplink = -1;
static int hf_cdr_downlink = -1;

static int ett_cdr = -1;

static expert_field ei_cdr_malformed = EI_INIT;
static expert_field ei_cdr_sign = EI_INIT;
static expert_field ei_cdr_tag_mismatch = EI_INIT;
static expert_field ei_cdr_cut_short = EI_INIT;
static expert_field ei_cdr_not_decoded = EI_INIT;
static expert_field ei_cdr_type_not_decoded = EI_INIT;

/* Filled from the table of kinds at registration, so that the names stand in one place. */
#define MAX_TYPE_NAMES 160
static value_string cdr_type_vals[MAX_TYPE_NAMES];

/* CauseForRecClosing, 3GPP TS 32.298. */
static const value_string cdr_cause_vals[] = {
    { 0, "normalRelease" },
    { 1, "partialRecord" },
    { 4, "abnormalRelease" },
    { 5, "cAMELInitCallRelease" },
    { 16, "volumeLimit" },
    { 17, "timeLimit" },
    { 18, "servingNodeChange" },
    { 19, "maxChangeCond" },
    { 20, "managementIntervention" },
    { 21, "intraSGSNIntersystemChange" },
    { 22, "rATChange" },
    { 23, "mSTimeZoneChange" },
    { 24, "sGSNPLMNIDChange" },
    { 25, "sGWChange" },
    { 26, "aPNAMBRChange" },
    { 27, "mOExceptionDataCounterReceipt" },
    { 52, "unauthorizedRequestingNetwork" },
    { 53, "unauthorizedLCSClient" },
    { 54, "positionMethodFailure" },
    { 58, "unknownOrUnreachableLCSClient" },
    { 59, "listofDownstreamNodeChange" },
    { 0, NULL },
};

/* RAT type, 3GPP TS 29.061. */
static const value_string cdr_rat_vals[] = {
    { 1, "UTRAN" },          { 2, "GERAN" },         { 3, "WLAN" },          { 4, "GAN" },   { 5, "HSPA Evolution" },
    { 6, "EUTRAN" },         { 7, "Virtual" },       { 8, "EUTRAN-NB-IoT" }, { 9, "LTE-M" }, { 10, "NR" },
    { 101, "IEEE 802.16e" }, { 102, "3GPP2 eHRPD" }, { 103, "3GPP2 HRPD" },  { 0, NULL },
};

/* Where a reported field is drawn; fields that need more than that are not here. */
static const int *const cdr_hf[CDR_FIELD_COUNT] = {
    [CDR_TYPE] = &hf_cdr_type,
    [CDR_IMSI] = &hf_cdr_imsi,
    [CDR_MSISDN] = &hf_cdr_msisdn,
    [CDR_IMEI] = &hf_cdr_imei,
    [CDR_APN] = &hf_cdr_apn,
    [CDR_NODE_ID] = &hf_cdr_node_id,
    [CDR_CHARGING_ID] = &hf_cdr_charging_id,
    [CDR_DURATION] = &hf_cdr_duration,
    [CDR_RECORD_SEQ] = &hf_cdr_record_seq,
    [CDR_LOCAL_SEQ] = &hf_cdr_local_seq,
    [CDR_CAUSE_CLOSING] = &hf_cdr_cause_closing,
    [CDR_RAT] = &hf_cdr_rat,
    [CDR_OPENING_TIME] = &hf_cdr_opening_time,
    [CDR_UPLINK] = &hf_cdr_uplink,
    [CDR_DOWNLINK] = &hf_cdr_downlink,
};

/* What the callbacks of the walk need. */
typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    const cdr_summary_t *summary;
    cdr_t *out;
} cdr_tree_t;

static const char *cdr_name_format(wmem_allocator_t *pool, uint8_t format)
{
    switch (format) {
    case 0:
        return "format 0 (not to be used)";
    case GTPP_FORMAT_BER:
    case GTPP_FORMAT_ASCII_BER:
        return "BER";
    case GTPP_FORMAT_UNALIGNED_PER:
        return "unaligned PER";
    case GTPP_FORMAT_ALIGNED_PER:
        return "aligned PER";
    case GTPP_FORMAT_XER:
        return "XER";
    default:
        return wmem_strdup_printf(pool, "%s format %u", format >= 11 && format <= 50 ? "operator" : "unknown", format);
    }
}

static void cdr_draw_address(const cdr_tree_t *drawing, const cdr_item_t *item)
{
    const bool is_node = item->field == CDR_NODE_ADDRESS;
    const int offset = (int)item->offset;
    const int length = (int)item->length;

    if (item->address.is_ipv6) {
        ws_in6_addr ipv6;

        memcpy(&ipv6, item->address.octets, sizeof(ipv6));
        proto_tree_add_ipv6(drawing->tree, is_node ? hf_cdr_node_ipv6 : hf_cdr_pdp_ipv6, drawing->tvb, offset, length,
                            &ipv6);
    } else {
        ws_in4_addr ipv4;

        memcpy(&ipv4, item->address.octets, sizeof(ipv4));
        proto_tree_add_ipv4(drawing->tree, is_node ? hf_cdr_node_ipv4 : hf_cdr_pdp_ipv4, drawing->tvb, offset, length,
                            ipv4);
    }
}

static void cdr_draw_volume(const cdr_tree_t *drawing, const cdr_item_t *item)
{
    proto_item *drawn = proto_tree_add_uint64(drawing->tree, *cdr_hf[item->field], drawing->tvb, (int)item->offset,
                                              (int)item->length, item->number);

    proto_item_append_text(drawn, " (%s %u", item->in_service ? "service data" : "traffic volume", item->container);
    if (item->has_rating_group) {
        proto_item_append_text(drawn, ", rating group %u", item->rating_group);
    }
    proto_item_append_text(drawn, ")");
}

static void cdr_draw_item(const cdr_tree_t *drawing, const cdr_item_t *item)
{
    const int offset = (int)item->offset;
    const int length = (int)item->length;
    proto_tree *const tree = drawing->tree;
    tvbuff_t *const tvb = drawing->tvb;
    proto_item *drawn;

    switch (item->field) {
    case CDR_NODE_ADDRESS:
    case CDR_PDP_ADDRESS:
        cdr_draw_address(drawing, item);
        break;
    case CDR_UPLINK:
    case CDR_DOWNLINK:
        cdr_draw_volume(drawing, item);
        break;
    case CDR_IMSI:
    case CDR_MSISDN:
    case CDR_IMEI:
        proto_tree_add_string(tree, *cdr_hf[item->field], tvb, offset, length, item->digits);
        break;
    case CDR_APN:
    case CDR_NODE_ID:
        proto_tree_add_item(tree, *cdr_hf[item->field], tvb, offset, length, ENC_ASCII | ENC_NA);
        break;
    case CDR_OPENING_TIME:
        drawn = proto_tree_add_time(tree, hf_cdr_opening_time, tvb, offset, length, &item->time);
        proto_item_append_text(drawn, " (given as local time, UTC%c%02d:%02d)", item->time_offset < 0 ? '-' : '+',
                               abs(item->time_offset) / 60, abs(item->time_offset) % 60);
        break;
    case CDR_TYPE:
        if (drawing->summary->kind != NULL) {
            /* A type that two kinds share is shown by the kind that this record is. */
            proto_tree_add_uint_format_value(tree, hf_cdr_type, tvb, offset, length, (uint32_t)item->number, "%s (%u)",
                                             drawing->summary->kind->name, (uint32_t)item->number);
            break;
        }
        /* FALL THROUGH */
    default:
        proto_tree_add_uint(tree, *cdr_hf[item->field], tvb, offset, length, (uint32_t)item->number);
        break;
    }
}

static void cdr_take_item(void *user, const cdr_item_t *item)
{
    const cdr_tree_t *const drawing = (const cdr_tree_t *)user;
    cdr_t *const out = drawing->out;

    if (item->field == CDR_LOCAL_SEQ && !out->has_local_seq) {
        out->has_local_seq = true;
        out->local_seq = (uint32_t)item->number;
    } else if (item->field == CDR_NODE_ID && out->node_id == NULL) {
        out->node_id = (const char *)tvb_get_string_enc(drawing->pinfo->pool, drawing->tvb, (int)item->offset,
                                                        (int)item->length, ENC_ASCII | ENC_NA);
    }
    if (drawing->tree != NULL) {
        cdr_draw_item(drawing, item);
    }
}

static void cdr_take_fault(void *user, cdr_fault_t fault, size_t offset, size_t length, const char *text)
{
    const cdr_tree_t *const drawing = (const cdr_tree_t *)user;
    const size_t captured = tvb_captured_length(drawing->tvb);
    expert_field *ei = &ei_cdr_malformed;

    drawing->out->faulty = drawing->out->faulty || fault != CDR_FAULT_SIGN;
    if (fault == CDR_FAULT_SIGN) {
        ei = &ei_cdr_sign;
    } else if (fault == CDR_FAULT_TAG) {
        ei = &ei_cdr_tag_mismatch;
    }
    offset = MIN(offset, captured);
    length = MIN(length, captured - offset);
    proto_tree_add_expert_format(drawing->tree, drawing->pinfo, ei, drawing->tvb, (int)offset, (int)length, "%s", text);
}

/* The record's own item, which is also the root of its fields. Its value stays the octets; its text is for people. */
static proto_tree *cdr_draw_record(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, uint8_t format,
                                        const cdr_t *out, proto_item **record)
{
    const uint32_t captured = tvb_captured_length(tvb);
    const char *kind = out->type_name;

    if (format != GTPP_FORMAT_BER && format != GTPP_FORMAT_ASCII_BER) {
        kind = wmem_strdup_printf(pinfo->pool, "%s, not decoded", cdr_name_format(pinfo->pool, format));
    }
    *record = proto_tree_add_item(tree, hf_cdr, tvb, 0, (int)captured, ENC_NA);
    proto_item_set_text(*record, "Charging data record: %s, %u octet%s%s", kind, out->length,
                        out->length == 1 ? "" : "s", captured < out->length ? ", cut short by the capture" : "");
    return proto_item_add_subtree(*record, ett_cdr);
}

proto_item *cdr_draw_length(tvbuff_t *tvb, proto_tree *tree, int offset)
{
    return tree != NULL ? proto_tree_add_item(tree, hf_cdr_length, tvb, offset, 2, ENC_BIG_ENDIAN) : NULL;
}

void cdr_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, uint8_t format, cdr_t *out)
{
    static const cdr_sink_t sink = { cdr_take_item, cdr_take_fault };
    const uint32_t captured = tvb_captured_length(tvb);
    const bool is_ber = format == GTPP_FORMAT_BER || format == GTPP_FORMAT_ASCII_BER;
    const uint8_t *const data = captured > 0 ? tvb_get_ptr(tvb, 0, (int)captured) : NULL;
    cdr_summary_t summary;
    cdr_tree_t drawing;
    proto_item *record = NULL;

    memset(out, 0, sizeof(*out));
    memset(&summary, 0, sizeof(summary));
    out->length = tvb_reported_length(tvb);
    out->format = format;
    out->type_name = "type not known";
    if (is_ber) {
        cdr_read_summary(data, captured, out->length, &summary);
        out->has_type = summary.has_type;
        out->type = summary.type;
        out->has_kind = summary.kind != NULL;
        if (out->has_kind) {
            out->type_name = summary.kind->name;
        } else if (out->has_type) {
            out->type_name = wmem_strdup_printf(pinfo->pool, "type %u", out->type);
        }
    }
    if (tree != NULL) {
        tree = cdr_draw_record(tvb, pinfo, tree, format, out, &record);
        if (summary.has_tag) {
            proto_tree_add_uint(tree, hf_cdr_tag, tvb, 0, (int)summary.tag_length, summary.tag);
        }
    }
    if (captured < out->length) {
        expert_add_info_format(pinfo, record, &ei_cdr_cut_short,
                               "The capture holds %u of the record's %u octets: fields behind them are not shown.",
                               captured, out->length);
    }
    if (!is_ber) {
        expert_add_info_format(pinfo, record, &ei_cdr_not_decoded,
                               "Records in %s are not decoded; the record's octets are under gtpp.cdr.",
                               cdr_name_format(pinfo->pool, format));
        return;
    }
    drawing.tvb = tvb;
    drawing.pinfo = pinfo;
    drawing.tree = tree;
    drawing.summary = &summary;
    drawing.out = out;
    cdr_walk(data, captured, out->length, &summary, &sink, &drawing);
    if (summary.has_type && (summary.kind == NULL || summary.kind->family == CDR_FAMILY_OTHER)) {
        expert_add_info(pinfo, record, &ei_cdr_type_not_decoded);
    }
}

static void cdr_fill_type_vals(void)
{
    size_t count;
    const cdr_kind_t *const kinds = cdr_list_kinds(&count);
    size_t filled = 0;

    for (size_t i = 0; i < count && filled < MAX_TYPE_NAMES - 1; i++) {
        if (filled > 0 && cdr_type_vals[filled - 1].value == kinds[i].type) {
            /* Two kinds share the type, so that the number alone has both names. */
            cdr_type_vals[filled - 1].strptr =
                wmem_strdup_printf(wmem_epan_scope(), "%s/%s", cdr_type_vals[filled - 1].strptr, kinds[i].name);
            continue;
        }
        cdr_type_vals[filled].value = kinds[i].type;
        cdr_type_vals[filled].strptr = kinds[i].name;
        filled++;
    }
    cdr_type_vals[filled].value = 0;
    cdr_type_vals[filled].strptr = NULL;
}

void cdr_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_cdr,
          { "Charging data record", "gtpp.cdr", FT_BYTES, BASE_NONE, NULL, 0x0,
            "All octets of one record, without the length in front of it", HFILL } },
        { &hf_cdr_length,
          { "Record length", "gtpp.cdr.length", FT_UINT16, BASE_DEC, NULL, 0x0, "Octets of the record that follows",
            HFILL } },
        { &hf_cdr_tag,
          { "Outermost tag", "gtpp.cdr.tag", FT_UINT32, BASE_DEC, NULL, 0x0,
            "Tag number of the record's outermost BER element; different domains use the same numbers", HFILL } },
        { &hf_cdr_type,
          { "Record type", "gtpp.cdr.type", FT_UINT32, BASE_DEC, VALS(cdr_type_vals), 0x0,
            "recordType [0], which tells the kinds of record apart", HFILL } },
        { &hf_cdr_imsi,
          { "Served IMSI", "gtpp.cdr.imsi", FT_STRING, BASE_NONE, NULL, 0x0, "Digits of servedIMSI", HFILL } },
        { &hf_cdr_msisdn,
          { "Served MSISDN", "gtpp.cdr.msisdn", FT_STRING, BASE_NONE, NULL, 0x0,
            "Digits of servedMSISDN, without the octet of number type and plan", HFILL } },
        { &hf_cdr_imei,
          { "Served IMEI", "gtpp.cdr.imei", FT_STRING, BASE_NONE, NULL, 0x0, "Digits of servedIMEI or servedIMEISV",
            HFILL } },
        { &hf_cdr_apn,
          { "Access point name", "gtpp.cdr.apn", FT_STRING, BASE_NONE, NULL, 0x0,
            "accessPointNameNI, the network identifier of the APN", HFILL } },
        { &hf_cdr_node_id,
          { "Node ID", "gtpp.cdr.node_id", FT_STRING, BASE_NONE, NULL, 0x0,
            "nodeID, the name of the node that wrote the record", HFILL } },
        { &hf_cdr_charging_id,
          { "Charging ID", "gtpp.cdr.charging_id", FT_UINT32, BASE_DEC, NULL, 0x0,
            "chargingID, which ties together the records of one bearer", HFILL } },
        { &hf_cdr_duration,
          { "Duration", "gtpp.cdr.duration", FT_UINT32, BASE_DEC | BASE_UNIT_STRING, UNS(&units_second_seconds), 0x0,
            "Time that the record covers", HFILL } },
        { &hf_cdr_record_seq,
          { "Record sequence number", "gtpp.cdr.record_seq", FT_UINT32, BASE_DEC, NULL, 0x0,
            "recordSequenceNumber, the number of this partial record of one bearer", HFILL } },
        { &hf_cdr_local_seq,
          { "Local sequence number", "gtpp.cdr.local_seq", FT_UINT32, BASE_DEC, NULL, 0x0,
            "localSequenceNumber, which the node raises with every record that it writes", HFILL } },
        { &hf_cdr_cause_closing,
          { "Cause for record closing", "gtpp.cdr.cause_closing", FT_UINT32, BASE_DEC, VALS(cdr_cause_vals), 0x0,
            "causeForRecClosing, why the node closed the record", HFILL } },
        { &hf_cdr_rat,
          { "RAT type", "gtpp.cdr.rat", FT_UINT32, BASE_DEC, VALS(cdr_rat_vals), 0x0,
            "rATType, the radio access technology", HFILL } },
        { &hf_cdr_opening_time,
          { "Opening time", "gtpp.cdr.opening_time", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0x0,
            "recordOpeningTime, or eventTimeStamp of a short message, in UTC by the record's own offset", HFILL } },
        { &hf_cdr_node_ipv4,
          { "Node address", "gtpp.cdr.node.ipv4", FT_IPv4, BASE_NONE, NULL, 0x0,
            "IPv4 address of the node that wrote the record", HFILL } },
        { &hf_cdr_node_ipv6,
          { "Node address", "gtpp.cdr.node.ipv6", FT_IPv6, BASE_NONE, NULL, 0x0,
            "IPv6 address of the node that wrote the record", HFILL } },
        { &hf_cdr_pdp_ipv4,
          { "Served PDP/PDN address", "gtpp.cdr.pdp.ipv4", FT_IPv4, BASE_NONE, NULL, 0x0,
            "IPv4 address of the subscriber", HFILL } },
        { &hf_cdr_pdp_ipv6,
          { "Served PDP/PDN address", "gtpp.cdr.pdp.ipv6", FT_IPv6, BASE_NONE, NULL, 0x0,
            "IPv6 address of the subscriber", HFILL } },
        { &hf_cdr_uplink,
          { "Uplink volume", "gtpp.cdr.uplink", FT_UINT64, BASE_DEC | BASE_UNIT_STRING, &units_octet_octets, 0x0,
            "Octets that the subscriber sent, of one traffic volume or service data container", HFILL } },
        { &hf_cdr_downlink,
          { "Downlink volume", "gtpp.cdr.downlink", FT_UINT64, BASE_DEC | BASE_UNIT_STRING, &units_octet_octets, 0x0,
            "Octets that the subscriber received, of one traffic volume or service data container", HFILL } },
    };
    static int *ett[] = { &ett_cdr };
    static ei_register_info ei[] = {
        { &ei_cdr_malformed,
          { "gtpp.cdr.malformed", PI_MALFORMED, PI_WARN, "The record cannot be read in full.", EXPFILL } },
        { &ei_cdr_sign,
          { "gtpp.cdr.sign", PI_PROTOCOL, PI_NOTE, "An integer is negative in BER; it is read as unsigned.",
            EXPFILL } },
        { &ei_cdr_tag_mismatch,
          { "gtpp.cdr.tag_mismatch", PI_PROTOCOL, PI_NOTE,
            "recordType and the outermost tag belong to different kinds of record.", EXPFILL } },
        { &ei_cdr_cut_short,
          { "gtpp.cdr.cut_short", PI_UNDECODED, PI_NOTE, "The capture does not hold the whole record.", EXPFILL } },
        { &ei_cdr_not_decoded,
          { "gtpp.cdr.not_decoded", PI_UNDECODED, PI_NOTE, "Records in this format are not decoded.", EXPFILL } },
        { &ei_cdr_type_not_decoded,
          { "gtpp.cdr.type_not_decoded", PI_UNDECODED, PI_CHAT,
            "Key fields are not decoded for this kind of record; its octets are under gtpp.cdr.", EXPFILL } },
    };

    cdr_fill_type_vals();
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
