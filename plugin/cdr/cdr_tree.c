/* cdr_tree.c
 * Key fields of a charging data record (CDR), 3GPP TS 32.298: their registration and their tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "cdr_tree.h"

#include <epan/expert.h>
#include <epan/unit_strings.h>
#include <wsutil/str_util.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cdr_parts.h"

static int hf_cdr = -1;
static int hf_cdr_text = -1;
static int hf_cdr_length = -1;
static int hf_cdr_fault = -1;
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
static int hf_cdr_closing_time = -1;
static int hf_cdr_session_id = -1;
static int hf_cdr_calling = -1;
static int hf_cdr_called = -1;
static int hf_cdr_pdu_session = -1;
static int hf_cdr_rating_group = -1;
static int hf_cdr_node_ipv4 = -1;
static int hf_cdr_node_ipv6 = -1;
static int hf_cdr_pdp_ipv4 = -1;
static int hf_cdr_pdp_ipv6 = -1;
static int hf_cdr_uplink = -1;
static int hf_cdr_downlink = -1;

static int ett_cdr = -1;

static expert_field ei_cdr_malformed = EI_INIT;
static expert_field ei_cdr_sign = EI_INIT;
static expert_field ei_cdr_fill = EI_INIT;
static expert_field ei_cdr_tag_mismatch = EI_INIT;
static expert_field ei_cdr_undecided = EI_INIT;
static expert_field ei_cdr_cut_short = EI_INIT;
static expert_field ei_cdr_not_decoded = EI_INIT;
static expert_field ei_cdr_other_version = EI_INIT;
static expert_field ei_cdr_type_not_decoded = EI_INIT;

/* Filled from the table of kinds at registration, so that the names stand in one place. The last one stays empty. */
#define MAX_TYPE_NAMES 160
static value_string type_names[MAX_TYPE_NAMES];

/* Of our own: on Windows the address of another library's data is no constant. */
static const unit_name_string unit_seconds = { " second", " seconds" };
static const unit_name_string unit_octets = { " octet", " octets" };

/* CauseForRecClosing, 3GPP TS 32.298. */
static const val64_string cause_names[] = {
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
static const val64_string rat_names[] = {
    { 1, "UTRAN" },          { 2, "GERAN" },         { 3, "WLAN" },          { 4, "GAN" },   { 5, "HSPA Evolution" },
    { 6, "EUTRAN" },         { 7, "Virtual" },       { 8, "EUTRAN-NB-IoT" }, { 9, "LTE-M" }, { 10, "NR" },
    { 101, "IEEE 802.16e" }, { 102, "3GPP2 eHRPD" }, { 103, "3GPP2 HRPD" },  { 0, NULL },
};

/* Where an item is added to the tree; fields that need more than that are not here. */
static const int *const item_hf[CDR_FIELD_COUNT] = {
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
    [CDR_CLOSING_TIME] = &hf_cdr_closing_time,
    [CDR_SESSION_ID] = &hf_cdr_session_id,
    [CDR_CALLING] = &hf_cdr_calling,
    [CDR_CALLED] = &hf_cdr_called,
    [CDR_PDU_SESSION] = &hf_cdr_pdu_session,
    [CDR_RATING_GROUP] = &hf_cdr_rating_group,
    [CDR_UPLINK] = &hf_cdr_uplink,
    [CDR_DOWNLINK] = &hf_cdr_downlink,
};

static void add_address(tvbuff_t *tvb, proto_tree *tree, const cdr_item_t *item)
{
    const bool is_node = item->field == CDR_NODE_ADDRESS;
    const int offset = (int)item->offset;
    const int length = (int)item->length;

    if (item->address.is_ipv6) {
        ws_in6_addr ipv6;
        memcpy(&ipv6, item->address.octets, sizeof ipv6);
        proto_tree_add_ipv6(tree, is_node ? hf_cdr_node_ipv6 : hf_cdr_pdp_ipv6, tvb, offset, length, &ipv6);
    } else {
        ws_in4_addr ipv4;
        memcpy(&ipv4, item->address.octets, sizeof ipv4);
        proto_tree_add_ipv4(tree, is_node ? hf_cdr_node_ipv4 : hf_cdr_pdp_ipv4, tvb, offset, length, ipv4);
    }
}

static void add_volume(tvbuff_t *tvb, proto_tree *tree, const cdr_item_t *item)
{
    proto_item *added =
        proto_tree_add_uint64(tree, *item_hf[item->field], tvb, (int)item->offset, (int)item->length, item->number);

    proto_item_append_text(added, " (%s %u", item->in_service ? "service data" : "traffic volume", item->container);
    if (item->has_rating_group) {
        proto_item_append_text(added, ", rating group %" PRIu64, item->rating_group);
    }
    proto_item_append_text(added, ")");
}

static void add_time(tvbuff_t *tvb, proto_tree *tree, const cdr_item_t *item)
{
    proto_item *added =
        proto_tree_add_time(tree, *item_hf[item->field], tvb, (int)item->offset, (int)item->length, &item->time);

    proto_item_append_text(added, " (given as local time, UTC%c%02d:%02d)", item->time_offset < 0 ? '-' : '+',
                           abs(item->time_offset) / 60, abs(item->time_offset) % 60);
}

/* A recordType that two kinds share is shown as the kind that this record is. */
static void add_type(tvbuff_t *tvb, proto_tree *tree, const cdr_item_t *item, const cdr_schema_record_t *record)
{
    const uint32_t number = (uint32_t)item->number;

    if (record != NULL) {
        proto_tree_add_uint_format_value(tree, hf_cdr_type, tvb, (int)item->offset, (int)item->length, number,
                                         "%s (%u)", cdr_schema_text + record->called, number);
    } else {
        proto_tree_add_uint(tree, hf_cdr_type, tvb, (int)item->offset, (int)item->length, number);
    }
}

/* A number whose values have names: the same number is another cause, or another radio access, in another domain. */
static void add_named(tvbuff_t *tvb, proto_tree *tree, const cdr_item_t *item)
{
    const uint64_t number = item->number;
    const int hf = *item_hf[item->field];
    const char *name = cdr_schema_name_value(item->values, (int64_t)number);

    if (item->values != 0) {
        proto_tree_add_uint64_format_value(tree, hf, tvb, (int)item->offset, (int)item->length, number,
                                           "%s (%" PRIu64 ")", name != NULL ? name : "Unknown", number);
    } else {
        proto_tree_add_uint64(tree, hf, tvb, (int)item->offset, (int)item->length, number);
    }
}

static void add_item(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_item_t *item,
                     const cdr_schema_record_t *record)
{
    const int offset = (int)item->offset;
    const int length = (int)item->length;

    switch (item->field) {
    case CDR_NODE_ADDRESS:
    case CDR_PDP_ADDRESS:
        add_address(tvb, tree, item);
        break;
    case CDR_UPLINK:
    case CDR_DOWNLINK:
        add_volume(tvb, tree, item);
        break;
    case CDR_IMSI:
    case CDR_MSISDN:
    case CDR_IMEI:
        proto_tree_add_string(tree, *item_hf[item->field], tvb, offset, length, item->digits);
        break;
    case CDR_APN:
    case CDR_NODE_ID:
    case CDR_SESSION_ID:
    case CDR_CALLING:
    case CDR_CALLED:
        if (item->is_digits) {
            proto_tree_add_string(tree, *item_hf[item->field], tvb, offset, length, item->digits);
        } else {
            proto_tree_add_string(tree, *item_hf[item->field], tvb, offset, length, cdr_item_text(pinfo->pool, item));
        }
        break;
    case CDR_OPENING_TIME:
    case CDR_CLOSING_TIME:
        add_time(tvb, tree, item);
        break;
    case CDR_DURATION:
    case CDR_RECORD_SEQ:
    case CDR_RATING_GROUP:
        proto_tree_add_uint64(tree, *item_hf[item->field], tvb, offset, length, item->number);
        break;
    case CDR_TYPE:
        add_type(tvb, tree, item, record);
        break;
    case CDR_CAUSE_CLOSING:
    case CDR_RAT:
        add_named(tvb, tree, item);
        break;
    default:
        proto_tree_add_uint(tree, *item_hf[item->field], tvb, offset, length, (uint32_t)item->number);
        break;
    }
}

static void add_fault(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_fault_report_t *report)
{
    const uint32_t captured = tvb_captured_length(tvb);
    const uint32_t offset = MIN(report->offset, captured);
    const uint32_t length = MIN(report->length, captured - offset);
    expert_field *ei = &ei_cdr_malformed;

    if (report->fault == CDR_FAULT_SIGN) {
        ei = &ei_cdr_sign;
    } else if (report->fault == CDR_FAULT_FILL) {
        ei = &ei_cdr_fill;
    } else if (report->fault == CDR_FAULT_TAG) {
        ei = &ei_cdr_tag_mismatch;
    } else if (report->fault == CDR_FAULT_KIND) {
        ei = &ei_cdr_undecided;
    }
    expert_add_info_format(pinfo,
                           proto_tree_add_string_format(tree, hf_cdr_fault, tvb, (int)offset, (int)length, report->text,
                                                        "%s", report->text),
                           ei, "%s", report->text);
}

/* Items and faults, each fault where it was found. */
static void add_items(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_t *cdr)
{
    uint32_t fault = 0;

    for (uint32_t i = 0; i <= cdr->num_items; i++) {
        for (; fault < cdr->num_faults && cdr->faults[fault].item == i; fault++) {
            add_fault(tvb, pinfo, tree, &cdr->faults[fault]);
        }
        if (i < cdr->num_items && tree != NULL) {
            add_item(tvb, pinfo, tree, &cdr->items[i], cdr->summary.record);
        }
    }
}

/* The record's own item, which is also the root of its fields. Its value stays the octets; its text describes it. */
static proto_tree *add_record(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_t *cdr,
                              const char *encoding, proto_item **record)
{
    const char *kind = cdr->type_name;

    if (cdr->per.record != NULL) {
        kind = wmem_strdup_printf(pinfo->pool, "%s, %s", kind, encoding);
    } else if (cdr->encoding != CDR_ENCODING_BER) {
        kind = wmem_strdup_printf(pinfo->pool, "%s, not decoded", encoding);
    }

    *record = proto_tree_add_item(tree, hf_cdr, tvb, 0, (int)cdr->captured, ENC_NA);
    proto_item_set_text(*record, "Charging data record: %s, %u octet%s%s", kind, cdr->length,
                        plurality(cdr->length, "", "s"), cdr->captured < cdr->length ? ", not whole here" : "");
    tree = proto_item_add_subtree(*record, ett_cdr);
    if (cdr->summary.has_tag) {
        proto_tree_add_uint(tree, hf_cdr_tag, tvb, 0, (int)cdr->summary.tag_length, cdr->summary.tag);
    }
    return tree;
}

/* A record in PER: its key fields and parts, or why they cannot be read. */
static void add_per(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *record, const cdr_t *cdr)
{
    if (cdr->per.record == NULL) {
        expert_add_info_format(pinfo, record, &ei_cdr_not_decoded, "%s", cdr->per.problem);
        return;
    }
    if (cdr->per.doubt != NULL) {
        expert_add_info_format(pinfo, record, &ei_cdr_other_version, "%s", cdr->per.doubt);
    }
    add_items(tvb, pinfo, tree, cdr);
    if (cdr_parts_are_wanted(pinfo, tree)) {
        cdr_parts_add(tvb, pinfo, tree, cdr);
    }
}

proto_item *cdr_tree_add_length(tvbuff_t *tvb, proto_tree *tree, uint32_t offset)
{
    return tree != NULL ? proto_tree_add_item(tree, hf_cdr_length, tvb, (int)offset, 2, ENC_BIG_ENDIAN) : NULL;
}

void cdr_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_t *cdr, const char *encoding)
{
    proto_item *record = NULL;

    if (tree != NULL) {
        tree = add_record(tvb, pinfo, tree, cdr, encoding, &record);
    }
    if (cdr->captured < cdr->length) {
        expert_add_info_format(pinfo, record, &ei_cdr_cut_short,
                               "Only %u of the record's %u octets %s here: fields behind them are not shown.",
                               cdr->captured, cdr->length, plurality(cdr->captured, "is", "are"));
    }
    if (cdr->encoding == CDR_ENCODING_XER) {
        proto_tree_add_item(tree, hf_cdr_text, tvb, 0, (int)cdr->captured, ENC_UTF_8 | ENC_NA);
        expert_add_info_format(pinfo, record, &ei_cdr_not_decoded,
                               "Records in %s are not decoded; the record's text is under gtpp.cdr.text.", encoding);
        return;
    }
    if (cdr_is_per(cdr)) {
        add_per(tvb, pinfo, tree, record, cdr);
        return;
    }
    if (cdr->encoding != CDR_ENCODING_BER) {
        expert_add_info_format(pinfo, record, &ei_cdr_not_decoded,
                               "Records in %s are not decoded; the record's octets are under gtpp.cdr.", encoding);
        return;
    }
    add_items(tvb, pinfo, tree, cdr);
    if (cdr->is_type_only) {
        expert_add_info(pinfo, record, &ei_cdr_type_not_decoded);
    }
    if (cdr_parts_are_wanted(pinfo, tree)) {
        cdr_parts_add(tvb, pinfo, tree, cdr);
    }
}

static void fill_type_names(void)
{
    size_t filled = 0;

    for (size_t i = 0; i < cdr_schema_num_records && filled < MAX_TYPE_NAMES - 1; i++) {
        const cdr_schema_record_t *record = &cdr_schema_records[i];
        const char *name = cdr_schema_text + record->called;
        if (filled > 0 && type_names[filled - 1].value == record->number) {
            /* Two kinds share the type, so that the number alone has both names. */
            if (strstr(type_names[filled - 1].strptr, name) == NULL) {
                type_names[filled - 1].strptr =
                    wmem_strdup_printf(wmem_epan_scope(), "%s/%s", type_names[filled - 1].strptr, name);
            }
            continue;
        }
        type_names[filled].value = record->number;
        type_names[filled].strptr = name;
        filled++;
    }
}

void cdr_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_cdr,
          { "Charging data record", "gtpp.cdr", FT_BYTES, BASE_NONE, NULL, 0x0,
            "All octets of one record, without the length in front of it", HFILL } },
        { &hf_cdr_text,
          { "Text", "gtpp.cdr.text", FT_STRING, BASE_NONE, NULL, 0x0, "A record in XER, which is XML, as it was sent",
            HFILL } },
        { &hf_cdr_length,
          { "Record length", "gtpp.cdr.length", FT_UINT16, BASE_DEC, NULL, 0x0, "Octets of the record that follows",
            HFILL } },
        { &hf_cdr_fault,
          { "Fault", "gtpp.cdr.fault", FT_STRING, BASE_NONE, NULL, 0x0,
            "What is wrong with a key field of the record, or with what surrounds it", HFILL } },
        { &hf_cdr_tag,
          { "Outermost tag", "gtpp.cdr.tag", FT_UINT32, BASE_DEC, NULL, 0x0,
            "Tag number of the record's outermost BER element; different domains use the same numbers", HFILL } },
        { &hf_cdr_type,
          { "Record type", "gtpp.cdr.type", FT_UINT32, BASE_DEC, VALS(type_names), 0x0,
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
            "nodeID, the name of the node that wrote the record; of a switch, the digits of recordingEntity", HFILL } },
        { &hf_cdr_charging_id,
          { "Charging ID", "gtpp.cdr.charging_id", FT_UINT32, BASE_DEC, NULL, 0x0,
            "chargingID, which ties together the records of one bearer", HFILL } },
        { &hf_cdr_duration,
          { "Duration", "gtpp.cdr.duration", FT_UINT64, BASE_DEC | BASE_UNIT_STRING, UNS(&unit_seconds), 0x0,
            "Time that the record covers", HFILL } },
        { &hf_cdr_record_seq,
          { "Record sequence number", "gtpp.cdr.record_seq", FT_UINT64, BASE_DEC, NULL, 0x0,
            "recordSequenceNumber, the number of this partial record of one bearer", HFILL } },
        { &hf_cdr_local_seq,
          { "Local sequence number", "gtpp.cdr.local_seq", FT_UINT32, BASE_DEC, NULL, 0x0,
            "localSequenceNumber, which the node raises with every record that it writes", HFILL } },
        { &hf_cdr_cause_closing,
          { "Cause for record closing", "gtpp.cdr.cause_closing", FT_UINT64, BASE_DEC | BASE_VAL64_STRING,
            VALS64(cause_names), 0x0, "causeForRecClosing, why the node closed the record", HFILL } },
        { &hf_cdr_rat,
          { "RAT type", "gtpp.cdr.rat", FT_UINT64, BASE_DEC | BASE_VAL64_STRING, VALS64(rat_names), 0x0,
            "rATType, the radio access technology", HFILL } },
        { &hf_cdr_opening_time,
          { "Opening time", "gtpp.cdr.opening_time", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0x0,
            "recordOpeningTime, or eventTimeStamp of a short message, in UTC by the record's own offset", HFILL } },
        { &hf_cdr_closing_time,
          { "Closing time", "gtpp.cdr.closing_time", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0x0,
            "recordClosureTime in IMS, releaseTime of a call, in UTC by the record's own offset", HFILL } },
        { &hf_cdr_session_id,
          { "Session ID", "gtpp.cdr.session_id", FT_STRING, BASE_NONE, NULL, 0x0, "session-Id, the Call-ID of SIP",
            HFILL } },
        { &hf_cdr_calling,
          { "Calling party", "gtpp.cdr.calling", FT_STRING, BASE_NONE, NULL, 0x0,
            "An address in list-Of-Calling-Party-Address; of a call, the digits of callingNumber", HFILL } },
        { &hf_cdr_called,
          { "Called party", "gtpp.cdr.called", FT_STRING, BASE_NONE, NULL, 0x0,
            "called-Party-Address; of a call, the digits of calledNumber", HFILL } },
        { &hf_cdr_pdu_session,
          { "PDU session", "gtpp.cdr.pdu_session", FT_UINT32, BASE_DEC, NULL, 0x0, "pDUSessionId of a CHF's record",
            HFILL } },
        { &hf_cdr_rating_group,
          { "Rating group", "gtpp.cdr.rating_group", FT_UINT64, BASE_DEC, NULL, 0x0,
            "ratingGroup of one service data container, or of one unit usage", HFILL } },
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
          { "Uplink volume", "gtpp.cdr.uplink", FT_UINT64, BASE_DEC | BASE_UNIT_STRING, UNS(&unit_octets), 0x0,
            "Octets that the subscriber sent, of one traffic volume or service data container", HFILL } },
        { &hf_cdr_downlink,
          { "Downlink volume", "gtpp.cdr.downlink", FT_UINT64, BASE_DEC | BASE_UNIT_STRING, UNS(&unit_octets), 0x0,
            "Octets that the subscriber received, of one traffic volume or service data container", HFILL } },
    };
    static int *ett[] = { &ett_cdr };
    static ei_register_info ei[] = {
        { &ei_cdr_malformed,
          { "gtpp.cdr.malformed", PI_MALFORMED, PI_WARN, "The record cannot be read in full.", EXPFILL } },
        { &ei_cdr_sign,
          { "gtpp.cdr.sign", PI_PROTOCOL, PI_NOTE, "An integer is negative in BER; it is read as unsigned.",
            EXPFILL } },
        { &ei_cdr_fill, { "gtpp.cdr.fill", PI_PROTOCOL, PI_NOTE, "Octets fill the room behind the record.", EXPFILL } },
        { &ei_cdr_tag_mismatch,
          { "gtpp.cdr.tag_mismatch", PI_PROTOCOL, PI_NOTE,
            "recordType and the outermost tag belong to different kinds of record.", EXPFILL } },
        { &ei_cdr_undecided,
          { "gtpp.cdr.undecided", PI_UNDECODED, PI_NOTE, "The record is an eGSN's or an E-CSCF's: nothing tells which.",
            EXPFILL } },
        { &ei_cdr_cut_short,
          { "gtpp.cdr.cut_short", PI_UNDECODED, PI_NOTE, "The record is not whole here.", EXPFILL } },
        { &ei_cdr_not_decoded,
          { "gtpp.cdr.not_decoded", PI_UNDECODED, PI_NOTE, "Records in this format are not decoded.", EXPFILL } },
        { &ei_cdr_other_version,
          { "gtpp.cdr.other_version", PI_ASSUMPTION, PI_NOTE, "Read as another version than the packet says.",
            EXPFILL } },
        { &ei_cdr_type_not_decoded,
          { "gtpp.cdr.type_not_decoded", PI_UNDECODED, PI_CHAT,
            "3GPP TS 32.298 (to release 18) has no such record; its octets are under gtpp.cdr.", EXPFILL } },
    };

    fill_type_names();
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
