/* cdr_kinds.c
 * The kinds of charging data record, 3GPP TS 32.298, and which of their tags is which key field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_kinds.h"

#include <glib.h>

/* Which recordType is which kind, and of packet-switched records also the outermost tag. Other domains use the same
 * outermost tags for other records, so that recordType decides. */
static const cdr_kind_t kinds[] = {
    { 0, 0, CDR_FAMILY_OTHER, "MO call" },
    { 1, 0, CDR_FAMILY_OTHER, "MT call" },
    { 2, 0, CDR_FAMILY_OTHER, "Roaming" },
    { 3, 0, CDR_FAMILY_OTHER, "Incoming gateway" },
    { 4, 0, CDR_FAMILY_OTHER, "Outgoing gateway" },
    { 5, 0, CDR_FAMILY_OTHER, "Transit call" },
    { 6, 0, CDR_FAMILY_OTHER, "MO SMS" },
    { 7, 0, CDR_FAMILY_OTHER, "MT SMS" },
    { 8, 0, CDR_FAMILY_OTHER, "MO SMS IWMSC" },
    { 9, 0, CDR_FAMILY_OTHER, "MT SMS GMSC" },
    { 10, 0, CDR_FAMILY_OTHER, "SS action" },
    { 11, 0, CDR_FAMILY_OTHER, "HLR interrogation" },
    { 12, 0, CDR_FAMILY_OTHER, "HLR location update" },
    { 13, 0, CDR_FAMILY_OTHER, "VLR location update" },
    { 14, 0, CDR_FAMILY_OTHER, "Common equipment" },
    { 15, 0, CDR_FAMILY_OTHER, "MO trace" },
    { 16, 0, CDR_FAMILY_OTHER, "MT trace" },
    { 17, 0, CDR_FAMILY_OTHER, "Terminating CAMEL" },
    { 18, 20, CDR_FAMILY_SGSN_PDP, "SGSN-PDP" },
    { 19, 21, CDR_FAMILY_GGSN, "GGSN" },
    { 20, 22, CDR_FAMILY_SGSN_MM, "SGSN-MM" },
    { 21, 23, CDR_FAMILY_SGSN_SMO, "SGSN-SMO" },
    { 22, 24, CDR_FAMILY_SGSN_SMT, "SGSN-SMT" },
    { 23, 0, CDR_FAMILY_OTHER, "MT LCS" },
    { 24, 0, CDR_FAMILY_OTHER, "MO LCS" },
    { 25, 0, CDR_FAMILY_OTHER, "NI LCS" },
    { 26, 25, CDR_FAMILY_OTHER, "SGSN-MT-LCS" },
    { 27, 26, CDR_FAMILY_OTHER, "SGSN-MO-LCS" },
    { 28, 27, CDR_FAMILY_OTHER, "SGSN-NI-LCS" },
    { 30, 0, CDR_FAMILY_OTHER, "MMS MMO1S" },
    { 31, 0, CDR_FAMILY_OTHER, "MMS MMO4FRq" },
    { 32, 0, CDR_FAMILY_OTHER, "MMS MMO4FRs" },
    { 33, 0, CDR_FAMILY_OTHER, "MMS MMO4D" },
    { 34, 0, CDR_FAMILY_OTHER, "MMS MMO1D" },
    { 35, 0, CDR_FAMILY_OTHER, "MMS MMO4R" },
    { 36, 0, CDR_FAMILY_OTHER, "MMS MMO1R" },
    { 37, 0, CDR_FAMILY_OTHER, "MMS MMOMD" },
    { 38, 0, CDR_FAMILY_OTHER, "MMS MMR4F" },
    { 39, 0, CDR_FAMILY_OTHER, "MMS MMR1NRq" },
    { 40, 0, CDR_FAMILY_OTHER, "MMS MMR1NRs" },
    { 41, 0, CDR_FAMILY_OTHER, "MMS MMR1Rt" },
    { 42, 0, CDR_FAMILY_OTHER, "MMS MMR1AF" },
    { 43, 0, CDR_FAMILY_OTHER, "MMS MMR4DRq" },
    { 44, 0, CDR_FAMILY_OTHER, "MMS MMR4DRs" },
    { 45, 0, CDR_FAMILY_OTHER, "MMS MMR1RR" },
    { 46, 0, CDR_FAMILY_OTHER, "MMS MMR4RRq" },
    { 47, 0, CDR_FAMILY_OTHER, "MMS MMR4RRs" },
    { 48, 0, CDR_FAMILY_OTHER, "MMS MMRMD" },
    { 49, 0, CDR_FAMILY_OTHER, "MMS MMF" },
    { 50, 0, CDR_FAMILY_OTHER, "MMS MMBx1S" },
    { 51, 0, CDR_FAMILY_OTHER, "MMS MMBx1V" },
    { 52, 0, CDR_FAMILY_OTHER, "MMS MMBx1U" },
    { 53, 0, CDR_FAMILY_OTHER, "MMS MMBx1D" },
    { 54, 0, CDR_FAMILY_OTHER, "MMS MM7S" },
    { 55, 0, CDR_FAMILY_OTHER, "MMS MM7DRq" },
    { 56, 0, CDR_FAMILY_OTHER, "MMS MM7DRs" },
    { 57, 0, CDR_FAMILY_OTHER, "MMS MM7C" },
    { 58, 0, CDR_FAMILY_OTHER, "MMS MM7R" },
    { 59, 0, CDR_FAMILY_OTHER, "MMS MM7DRRq" },
    { 60, 0, CDR_FAMILY_OTHER, "MMS MM7DRRs" },
    { 61, 0, CDR_FAMILY_OTHER, "MMS MM7RRq" },
    { 62, 0, CDR_FAMILY_OTHER, "MMS MM7RRs" },
    { 63, 0, CDR_FAMILY_OTHER, "S-CSCF" },
    { 64, 0, CDR_FAMILY_OTHER, "P-CSCF" },
    { 65, 0, CDR_FAMILY_OTHER, "I-CSCF" },
    { 66, 0, CDR_FAMILY_OTHER, "MRFC" },
    { 67, 0, CDR_FAMILY_OTHER, "MGCF" },
    { 68, 0, CDR_FAMILY_OTHER, "BGCF" },
    { 69, 0, CDR_FAMILY_OTHER, "AS" },
    { 70, 0, CDR_FAMILY_EGSN, "eGSN" },
    { 70, 0, CDR_FAMILY_OTHER, "E-CSCF" },
    { 71, 0, CDR_FAMILY_OTHER, "LCS-GMO" },
    { 72, 0, CDR_FAMILY_OTHER, "LCS-RGMT" },
    { 73, 0, CDR_FAMILY_OTHER, "LCS-HGMT" },
    { 74, 0, CDR_FAMILY_OTHER, "LCS-VGMT" },
    { 75, 0, CDR_FAMILY_OTHER, "LCS-GNI" },
    { 76, 76, CDR_FAMILY_OTHER, "SGSN-MBMS" },
    { 77, 77, CDR_FAMILY_OTHER, "GGSN-MBMS" },
    { 78, 0, CDR_FAMILY_OTHER, "BM-SC subscriber" },
    { 79, 0, CDR_FAMILY_OTHER, "BM-SC content" },
    { 80, 0, CDR_FAMILY_OTHER, "PoC PPF" },
    { 81, 0, CDR_FAMILY_OTHER, "PoC CPF" },
    { 82, 0, CDR_FAMILY_OTHER, "IBCF" },
    { 83, 0, CDR_FAMILY_OTHER, "MMTel" },
    { 84, 78, CDR_FAMILY_BEARER, "SGW" },
    { 85, 79, CDR_FAMILY_FLOW, "PGW" },
    { 86, 86, CDR_FAMILY_OTHER, "MBMS-GW" },
    { 87, 0, CDR_FAMILY_OTHER, "MSC-SRVCC" },
    { 88, 0, CDR_FAMILY_OTHER, "MTRF" },
    { 89, 0, CDR_FAMILY_OTHER, "TRF" },
    { 90, 0, CDR_FAMILY_OTHER, "TF" },
    { 91, 0, CDR_FAMILY_OTHER, "ATCF" },
    { 92, 92, CDR_FAMILY_TDF, "TDF" },
    { 93, 0, CDR_FAMILY_OTHER, "SMS SC-SMO" },
    { 94, 0, CDR_FAMILY_OTHER, "SMS SC-SMT" },
    { 95, 95, CDR_FAMILY_FLOW, "IPE" },
    { 96, 96, CDR_FAMILY_BEARER, "ePDG" },
    { 97, 97, CDR_FAMILY_BEARER, "TWAG" },
    { 99, 0, CDR_FAMILY_OTHER, "ICS register" },
    { 100, 0, CDR_FAMILY_OTHER, "ProSe PF-DD" },
    { 101, 0, CDR_FAMILY_OTHER, "ProSe PF-ED" },
    { 102, 0, CDR_FAMILY_OTHER, "ProSe PF-DC" },
    { 103, 0, CDR_FAMILY_OTHER, "Monitoring ME-CO" },
    { 104, 0, CDR_FAMILY_OTHER, "Monitoring ME-RE" },
    { 105, 0, CDR_FAMILY_OTHER, "CPDT-SCE" },
    { 106, 0, CDR_FAMILY_OTHER, "CPDT-SNN" },
    { 110, 0, CDR_FAMILY_OTHER, "SMS SC-DVT-T4" },
    { 111, 0, CDR_FAMILY_OTHER, "SMS SC-SMO-T4" },
    { 112, 0, CDR_FAMILY_OTHER, "SMS ISM-SMO" },
    { 113, 0, CDR_FAMILY_OTHER, "SMS ISM-SMT" },
    { 120, 0, CDR_FAMILY_OTHER, "Exposure API" },
    { 200, 0, CDR_FAMILY_OTHER, "CHF" },
};

/* Which context tag of a record is which field: an array for each family, by tag number. Node addresses are those of
 * the node that wrote the record, never of its peers; a second tag of the same meaning is the other address of a
 * dual-stack node or bearer. */
/* clang-format off */
#define GATEWAY_FIELDS \
    [CDR_TAG_RECORD_TYPE] = CDR_TYPE, \
    [3] = CDR_IMSI, \
    [7] = CDR_APN, \
    [9] = CDR_PDP_ADDRESS, \
    [13] = CDR_OPENING_TIME, \
    [14] = CDR_DURATION, \
    [15] = CDR_CAUSE_CLOSING, \
    [17] = CDR_RECORD_SEQ, \
    [18] = CDR_NODE_ID, \
    [20] = CDR_LOCAL_SEQ, \
    [22] = CDR_MSISDN, \
    [29] = CDR_IMEI, \
    [30] = CDR_RAT

#define BEARER_FIELDS \
    [4] = CDR_NODE_ADDRESS, \
    [5] = CDR_CHARGING_ID, \
    [12] = CDR_VOLUMES

static const uint8_t other_fields[] = {
    [CDR_TAG_RECORD_TYPE] = CDR_TYPE,
};

static const uint8_t bearer_fields[] = {
    GATEWAY_FIELDS,
    BEARER_FIELDS,
    [43] = CDR_PDP_ADDRESS,
    [48] = CDR_NODE_ADDRESS,
};

static const uint8_t flow_fields[] = {
    GATEWAY_FIELDS,
    BEARER_FIELDS,
    [34] = CDR_SERVICES,
    [45] = CDR_PDP_ADDRESS,
    [50] = CDR_NODE_ADDRESS,
};

static const uint8_t ggsn_fields[] = {
    GATEWAY_FIELDS,
    BEARER_FIELDS,
};

static const uint8_t egsn_fields[] = {
    GATEWAY_FIELDS,
    BEARER_FIELDS,
    [34] = CDR_SERVICES,
};

static const uint8_t tdf_fields[] = {
    GATEWAY_FIELDS, /* [4] is the PGW's address */
    [34] = CDR_SERVICES,
    [45] = CDR_PDP_ADDRESS,
    [53] = CDR_NODE_ADDRESS,
    [54] = CDR_NODE_ADDRESS,
};

static const uint8_t sgsn_pdp_fields[] = {
    [CDR_TAG_RECORD_TYPE] = CDR_TYPE,
    [3] = CDR_IMSI,
    [4] = CDR_IMEI,
    [5] = CDR_NODE_ADDRESS,
    [10] = CDR_CHARGING_ID,
    [12] = CDR_APN,
    [14] = CDR_PDP_ADDRESS,
    [15] = CDR_VOLUMES,
    [16] = CDR_OPENING_TIME,
    [17] = CDR_DURATION,
    [19] = CDR_CAUSE_CLOSING,
    [21] = CDR_RECORD_SEQ,
    [22] = CDR_NODE_ID,
    [24] = CDR_LOCAL_SEQ,
    [27] = CDR_MSISDN,
    [29] = CDR_RAT,
    [36] = CDR_PDP_ADDRESS,
};

static const uint8_t sgsn_mm_fields[] = {
    [CDR_TAG_RECORD_TYPE] = CDR_TYPE,
    [1] = CDR_IMSI,
    [2] = CDR_IMEI,
    [3] = CDR_NODE_ADDRESS,
    [9] = CDR_OPENING_TIME,
    [10] = CDR_DURATION,
    [12] = CDR_CAUSE_CLOSING,
    [14] = CDR_RECORD_SEQ,
    [15] = CDR_NODE_ID,
    [17] = CDR_LOCAL_SEQ,
    [18] = CDR_MSISDN,
    [21] = CDR_RAT,
};

static const uint8_t sgsn_smo_fields[] = {
    [CDR_TAG_RECORD_TYPE] = CDR_TYPE,
    [1] = CDR_IMSI,
    [2] = CDR_IMEI,
    [3] = CDR_MSISDN,
    [11] = CDR_OPENING_TIME, /* eventTimeStamp */
    [14] = CDR_NODE_ID,
    [15] = CDR_LOCAL_SEQ,
    [17] = CDR_RAT,
};

static const uint8_t sgsn_smt_fields[] = {
    [CDR_TAG_RECORD_TYPE] = CDR_TYPE,
    [1] = CDR_IMSI,
    [2] = CDR_IMEI,
    [3] = CDR_MSISDN,
    [10] = CDR_OPENING_TIME, /* eventTimeStamp */
    [13] = CDR_NODE_ID,
    [14] = CDR_LOCAL_SEQ,
    [16] = CDR_RAT,
};

#define TABLE(fields) { fields, sizeof fields }

static const struct {
    const uint8_t *fields; /* cdr_field_t, by tag */
    size_t count;
} families[CDR_FAMILY_COUNT] = {
    [CDR_FAMILY_OTHER] = TABLE(other_fields),
    [CDR_FAMILY_BEARER] = TABLE(bearer_fields),
    [CDR_FAMILY_FLOW] = TABLE(flow_fields),
    [CDR_FAMILY_GGSN] = TABLE(ggsn_fields),
    [CDR_FAMILY_EGSN] = TABLE(egsn_fields),
    [CDR_FAMILY_TDF] = TABLE(tdf_fields),
    [CDR_FAMILY_SGSN_PDP] = TABLE(sgsn_pdp_fields),
    [CDR_FAMILY_SGSN_MM] = TABLE(sgsn_mm_fields),
    [CDR_FAMILY_SGSN_SMO] = TABLE(sgsn_smo_fields),
    [CDR_FAMILY_SGSN_SMT] = TABLE(sgsn_smt_fields),
};
/* clang-format on */

static const char *const field_names[CDR_FIELD_COUNT] = {
    [CDR_NONE] = "an element",
    [CDR_TYPE] = "recordType",
    [CDR_IMSI] = "servedIMSI",
    [CDR_MSISDN] = "servedMSISDN",
    [CDR_IMEI] = "servedIMEI",
    [CDR_APN] = "accessPointNameNI",
    [CDR_NODE_ID] = "nodeID",
    [CDR_CHARGING_ID] = "chargingID",
    [CDR_DURATION] = "duration",
    [CDR_RECORD_SEQ] = "recordSequenceNumber",
    [CDR_LOCAL_SEQ] = "localSequenceNumber",
    [CDR_CAUSE_CLOSING] = "causeForRecClosing",
    [CDR_RAT] = "rATType",
    [CDR_OPENING_TIME] = "recordOpeningTime",
    [CDR_NODE_ADDRESS] = "node address",
    [CDR_PDP_ADDRESS] = "served PDP/PDN address",
    [CDR_UPLINK] = "uplink volume",
    [CDR_DOWNLINK] = "downlink volume",
    [CDR_VOLUMES] = "listOfTrafficVolumes",
    [CDR_SERVICES] = "listOfServiceData",
};

const cdr_kind_t *cdr_list_kinds(size_t *count)
{
    *count = G_N_ELEMENTS(kinds);
    return kinds;
}

const cdr_kind_t *cdr_find_kind(uint32_t type, bool is_egsn)
{
    size_t low = 0;
    size_t high = G_N_ELEMENTS(kinds);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (kinds[middle].type < type) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    /* The first one of the type; the eGSN's comes before the other of its type. */
    if (low < G_N_ELEMENTS(kinds) && kinds[low].family == CDR_FAMILY_EGSN && !is_egsn) {
        low++;
    }
    return low < G_N_ELEMENTS(kinds) && kinds[low].type == type ? &kinds[low] : NULL;
}

cdr_field_t cdr_find_field(cdr_family_t family, uint32_t tag)
{
    return tag < families[family].count ? (cdr_field_t)families[family].fields[tag] : CDR_NONE;
}

const char *cdr_name_field(cdr_field_t field)
{
    return field_names[field];
}
