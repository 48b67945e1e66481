/* gtpp_cdr_kinds.c
 * The kinds of charging data record, 3GPP TS 32.298, and which of their tags is which key field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_cdr_kinds.h"

#include <glib.h>

/* Which recordType is which kind, and of packet-switched records also the outermost tag. Other domains use the same
 * outermost tags for other records, so that recordType decides. */
static const gtpp_cdr_kind_t gtpp_cdr_kinds[] = {
    { 0, 0, GTPP_CDR_FAMILY_OTHER, "MO call" },
    { 1, 0, GTPP_CDR_FAMILY_OTHER, "MT call" },
    { 2, 0, GTPP_CDR_FAMILY_OTHER, "Roaming" },
    { 3, 0, GTPP_CDR_FAMILY_OTHER, "Incoming gateway" },
    { 4, 0, GTPP_CDR_FAMILY_OTHER, "Outgoing gateway" },
    { 5, 0, GTPP_CDR_FAMILY_OTHER, "Transit call" },
    { 6, 0, GTPP_CDR_FAMILY_OTHER, "MO SMS" },
    { 7, 0, GTPP_CDR_FAMILY_OTHER, "MT SMS" },
    { 8, 0, GTPP_CDR_FAMILY_OTHER, "MO SMS IWMSC" },
    { 9, 0, GTPP_CDR_FAMILY_OTHER, "MT SMS GMSC" },
    { 10, 0, GTPP_CDR_FAMILY_OTHER, "SS action" },
    { 11, 0, GTPP_CDR_FAMILY_OTHER, "HLR interrogation" },
    { 12, 0, GTPP_CDR_FAMILY_OTHER, "HLR location update" },
    { 13, 0, GTPP_CDR_FAMILY_OTHER, "VLR location update" },
    { 14, 0, GTPP_CDR_FAMILY_OTHER, "Common equipment" },
    { 15, 0, GTPP_CDR_FAMILY_OTHER, "MO trace" },
    { 16, 0, GTPP_CDR_FAMILY_OTHER, "MT trace" },
    { 17, 0, GTPP_CDR_FAMILY_OTHER, "Terminating CAMEL" },
    { 18, 20, GTPP_CDR_FAMILY_SGSN_PDP, "SGSN-PDP" },
    { 19, 21, GTPP_CDR_FAMILY_GGSN, "GGSN" },
    { 20, 22, GTPP_CDR_FAMILY_SGSN_MM, "SGSN-MM" },
    { 21, 23, GTPP_CDR_FAMILY_SGSN_SMO, "SGSN-SMO" },
    { 22, 24, GTPP_CDR_FAMILY_SGSN_SMT, "SGSN-SMT" },
    { 23, 0, GTPP_CDR_FAMILY_OTHER, "MT LCS" },
    { 24, 0, GTPP_CDR_FAMILY_OTHER, "MO LCS" },
    { 25, 0, GTPP_CDR_FAMILY_OTHER, "NI LCS" },
    { 26, 25, GTPP_CDR_FAMILY_OTHER, "SGSN-MT-LCS" },
    { 27, 26, GTPP_CDR_FAMILY_OTHER, "SGSN-MO-LCS" },
    { 28, 27, GTPP_CDR_FAMILY_OTHER, "SGSN-NI-LCS" },
    { 30, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO1S" },
    { 31, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO4FRq" },
    { 32, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO4FRs" },
    { 33, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO4D" },
    { 34, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO1D" },
    { 35, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO4R" },
    { 36, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMO1R" },
    { 37, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMOMD" },
    { 38, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR4F" },
    { 39, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR1NRq" },
    { 40, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR1NRs" },
    { 41, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR1Rt" },
    { 42, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR1AF" },
    { 43, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR4DRq" },
    { 44, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR4DRs" },
    { 45, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR1RR" },
    { 46, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR4RRq" },
    { 47, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMR4RRs" },
    { 48, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMRMD" },
    { 49, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMF" },
    { 50, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMBx1S" },
    { 51, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMBx1V" },
    { 52, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMBx1U" },
    { 53, 0, GTPP_CDR_FAMILY_OTHER, "MMS MMBx1D" },
    { 54, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7S" },
    { 55, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7DRq" },
    { 56, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7DRs" },
    { 57, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7C" },
    { 58, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7R" },
    { 59, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7DRRq" },
    { 60, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7DRRs" },
    { 61, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7RRq" },
    { 62, 0, GTPP_CDR_FAMILY_OTHER, "MMS MM7RRs" },
    { 63, 0, GTPP_CDR_FAMILY_OTHER, "S-CSCF" },
    { 64, 0, GTPP_CDR_FAMILY_OTHER, "P-CSCF" },
    { 65, 0, GTPP_CDR_FAMILY_OTHER, "I-CSCF" },
    { 66, 0, GTPP_CDR_FAMILY_OTHER, "MRFC" },
    { 67, 0, GTPP_CDR_FAMILY_OTHER, "MGCF" },
    { 68, 0, GTPP_CDR_FAMILY_OTHER, "BGCF" },
    { 69, 0, GTPP_CDR_FAMILY_OTHER, "AS" },
    { 70, 0, GTPP_CDR_FAMILY_EGSN, "eGSN" },
    { 70, 0, GTPP_CDR_FAMILY_OTHER, "E-CSCF" },
    { 71, 0, GTPP_CDR_FAMILY_OTHER, "LCS-GMO" },
    { 72, 0, GTPP_CDR_FAMILY_OTHER, "LCS-RGMT" },
    { 73, 0, GTPP_CDR_FAMILY_OTHER, "LCS-HGMT" },
    { 74, 0, GTPP_CDR_FAMILY_OTHER, "LCS-VGMT" },
    { 75, 0, GTPP_CDR_FAMILY_OTHER, "LCS-GNI" },
    { 76, 76, GTPP_CDR_FAMILY_OTHER, "SGSN-MBMS" },
    { 77, 77, GTPP_CDR_FAMILY_OTHER, "GGSN-MBMS" },
    { 78, 0, GTPP_CDR_FAMILY_OTHER, "BM-SC subscriber" },
    { 79, 0, GTPP_CDR_FAMILY_OTHER, "BM-SC content" },
    { 80, 0, GTPP_CDR_FAMILY_OTHER, "PoC PPF" },
    { 81, 0, GTPP_CDR_FAMILY_OTHER, "PoC CPF" },
    { 82, 0, GTPP_CDR_FAMILY_OTHER, "IBCF" },
    { 83, 0, GTPP_CDR_FAMILY_OTHER, "MMTel" },
    { 84, 78, GTPP_CDR_FAMILY_BEARER, "SGW" },
    { 85, 79, GTPP_CDR_FAMILY_FLOW, "PGW" },
    { 86, 86, GTPP_CDR_FAMILY_OTHER, "MBMS-GW" },
    { 87, 0, GTPP_CDR_FAMILY_OTHER, "MSC-SRVCC" },
    { 88, 0, GTPP_CDR_FAMILY_OTHER, "MTRF" },
    { 89, 0, GTPP_CDR_FAMILY_OTHER, "TRF" },
    { 90, 0, GTPP_CDR_FAMILY_OTHER, "TF" },
    { 91, 0, GTPP_CDR_FAMILY_OTHER, "ATCF" },
    { 92, 92, GTPP_CDR_FAMILY_TDF, "TDF" },
    { 93, 0, GTPP_CDR_FAMILY_OTHER, "SMS SC-SMO" },
    { 94, 0, GTPP_CDR_FAMILY_OTHER, "SMS SC-SMT" },
    { 95, 95, GTPP_CDR_FAMILY_FLOW, "IPE" },
    { 96, 96, GTPP_CDR_FAMILY_BEARER, "ePDG" },
    { 97, 97, GTPP_CDR_FAMILY_BEARER, "TWAG" },
    { 99, 0, GTPP_CDR_FAMILY_OTHER, "ICS register" },
    { 100, 0, GTPP_CDR_FAMILY_OTHER, "ProSe PF-DD" },
    { 101, 0, GTPP_CDR_FAMILY_OTHER, "ProSe PF-ED" },
    { 102, 0, GTPP_CDR_FAMILY_OTHER, "ProSe PF-DC" },
    { 103, 0, GTPP_CDR_FAMILY_OTHER, "Monitoring ME-CO" },
    { 104, 0, GTPP_CDR_FAMILY_OTHER, "Monitoring ME-RE" },
    { 105, 0, GTPP_CDR_FAMILY_OTHER, "CPDT-SCE" },
    { 106, 0, GTPP_CDR_FAMILY_OTHER, "CPDT-SNN" },
    { 110, 0, GTPP_CDR_FAMILY_OTHER, "SMS SC-DVT-T4" },
    { 111, 0, GTPP_CDR_FAMILY_OTHER, "SMS SC-SMO-T4" },
    { 112, 0, GTPP_CDR_FAMILY_OTHER, "SMS ISM-SMO" },
    { 113, 0, GTPP_CDR_FAMILY_OTHER, "SMS ISM-SMT" },
    { 120, 0, GTPP_CDR_FAMILY_OTHER, "Exposure API" },
    { 200, 0, GTPP_CDR_FAMILY_OTHER, "CHF" },
};

/* Which context tag of a record is which field. Node addresses are those of the node that wrote the record, never of
 * its peers; a second tag of the same meaning is the other address of a dual-stack node or bearer. */
#define FIELD_TAGS 64

/* clang-format off */
#define GATEWAY_FIELDS                                                                                                 \
    [GTPP_CDR_TAG_RECORD_TYPE] = GTPP_CDR_TYPE,                                                                        \
    [3] = GTPP_CDR_IMSI,                                                                                               \
    [7] = GTPP_CDR_APN,                                                                                                \
    [9] = GTPP_CDR_PDP_ADDRESS,                                                                                        \
    [13] = GTPP_CDR_OPENING_TIME,                                                                                      \
    [14] = GTPP_CDR_DURATION,                                                                                          \
    [15] = GTPP_CDR_CAUSE_CLOSING,                                                                                     \
    [17] = GTPP_CDR_RECORD_SEQ,                                                                                        \
    [18] = GTPP_CDR_NODE_ID,                                                                                           \
    [20] = GTPP_CDR_LOCAL_SEQ,                                                                                         \
    [22] = GTPP_CDR_MSISDN,                                                                                            \
    [29] = GTPP_CDR_IMEI,                                                                                              \
    [30] = GTPP_CDR_RAT

#define BEARER_FIELDS                                                                                                  \
    [4] = GTPP_CDR_NODE_ADDRESS,                                                                                       \
    [5] = GTPP_CDR_CHARGING_ID,                                                                                        \
    [12] = GTPP_CDR_VOLUMES

static const uint8_t gtpp_cdr_fields[GTPP_CDR_FAMILY_COUNT][FIELD_TAGS] = {
    [GTPP_CDR_FAMILY_OTHER] = {
        [GTPP_CDR_TAG_RECORD_TYPE] = GTPP_CDR_TYPE,
    },
    [GTPP_CDR_FAMILY_BEARER] = {
        GATEWAY_FIELDS,
        BEARER_FIELDS,
        [43] = GTPP_CDR_PDP_ADDRESS,
        [48] = GTPP_CDR_NODE_ADDRESS,
    },
    [GTPP_CDR_FAMILY_FLOW] = {
        GATEWAY_FIELDS,
        BEARER_FIELDS,
        [34] = GTPP_CDR_SERVICES,
        [45] = GTPP_CDR_PDP_ADDRESS,
        [50] = GTPP_CDR_NODE_ADDRESS,
    },
    [GTPP_CDR_FAMILY_GGSN] = {
        GATEWAY_FIELDS,
        BEARER_FIELDS,
    },
    [GTPP_CDR_FAMILY_EGSN] = {
        GATEWAY_FIELDS,
        BEARER_FIELDS,
        [34] = GTPP_CDR_SERVICES,
    },
    [GTPP_CDR_FAMILY_TDF] = {
        GATEWAY_FIELDS, /* [4] is the PGW's address */
        [34] = GTPP_CDR_SERVICES,
        [45] = GTPP_CDR_PDP_ADDRESS,
        [53] = GTPP_CDR_NODE_ADDRESS,
        [54] = GTPP_CDR_NODE_ADDRESS,
    },
    [GTPP_CDR_FAMILY_SGSN_PDP] = {
        [GTPP_CDR_TAG_RECORD_TYPE] = GTPP_CDR_TYPE,
        [3] = GTPP_CDR_IMSI,
        [4] = GTPP_CDR_IMEI,
        [5] = GTPP_CDR_NODE_ADDRESS,
        [10] = GTPP_CDR_CHARGING_ID,
        [12] = GTPP_CDR_APN,
        [14] = GTPP_CDR_PDP_ADDRESS,
        [15] = GTPP_CDR_VOLUMES,
        [16] = GTPP_CDR_OPENING_TIME,
        [17] = GTPP_CDR_DURATION,
        [19] = GTPP_CDR_CAUSE_CLOSING,
        [21] = GTPP_CDR_RECORD_SEQ,
        [22] = GTPP_CDR_NODE_ID,
        [24] = GTPP_CDR_LOCAL_SEQ,
        [27] = GTPP_CDR_MSISDN,
        [29] = GTPP_CDR_RAT,
        [36] = GTPP_CDR_PDP_ADDRESS,
    },
    [GTPP_CDR_FAMILY_SGSN_MM] = {
        [GTPP_CDR_TAG_RECORD_TYPE] = GTPP_CDR_TYPE,
        [1] = GTPP_CDR_IMSI,
        [2] = GTPP_CDR_IMEI,
        [3] = GTPP_CDR_NODE_ADDRESS,
        [9] = GTPP_CDR_OPENING_TIME,
        [10] = GTPP_CDR_DURATION,
        [12] = GTPP_CDR_CAUSE_CLOSING,
        [14] = GTPP_CDR_RECORD_SEQ,
        [15] = GTPP_CDR_NODE_ID,
        [17] = GTPP_CDR_LOCAL_SEQ,
        [18] = GTPP_CDR_MSISDN,
        [21] = GTPP_CDR_RAT,
    },
    [GTPP_CDR_FAMILY_SGSN_SMO] = {
        [GTPP_CDR_TAG_RECORD_TYPE] = GTPP_CDR_TYPE,
        [1] = GTPP_CDR_IMSI,
        [2] = GTPP_CDR_IMEI,
        [3] = GTPP_CDR_MSISDN,
        [11] = GTPP_CDR_OPENING_TIME, /* eventTimeStamp */
        [14] = GTPP_CDR_NODE_ID,
        [15] = GTPP_CDR_LOCAL_SEQ,
        [17] = GTPP_CDR_RAT,
    },
    [GTPP_CDR_FAMILY_SGSN_SMT] = {
        [GTPP_CDR_TAG_RECORD_TYPE] = GTPP_CDR_TYPE,
        [1] = GTPP_CDR_IMSI,
        [2] = GTPP_CDR_IMEI,
        [3] = GTPP_CDR_MSISDN,
        [10] = GTPP_CDR_OPENING_TIME, /* eventTimeStamp */
        [13] = GTPP_CDR_NODE_ID,
        [14] = GTPP_CDR_LOCAL_SEQ,
        [16] = GTPP_CDR_RAT,
    },
};
/* clang-format on */

static const char *const gtpp_cdr_field_names[GTPP_CDR_FIELD_COUNT] = {
    [GTPP_CDR_NONE] = "an element",
    [GTPP_CDR_TYPE] = "recordType",
    [GTPP_CDR_IMSI] = "servedIMSI",
    [GTPP_CDR_MSISDN] = "servedMSISDN",
    [GTPP_CDR_IMEI] = "servedIMEI",
    [GTPP_CDR_APN] = "accessPointNameNI",
    [GTPP_CDR_NODE_ID] = "nodeID",
    [GTPP_CDR_CHARGING_ID] = "chargingID",
    [GTPP_CDR_DURATION] = "duration",
    [GTPP_CDR_RECORD_SEQ] = "recordSequenceNumber",
    [GTPP_CDR_LOCAL_SEQ] = "localSequenceNumber",
    [GTPP_CDR_CAUSE_CLOSING] = "causeForRecClosing",
    [GTPP_CDR_RAT] = "rATType",
    [GTPP_CDR_OPENING_TIME] = "recordOpeningTime",
    [GTPP_CDR_NODE_ADDRESS] = "node address",
    [GTPP_CDR_PDP_ADDRESS] = "served PDP/PDN address",
    [GTPP_CDR_UPLINK] = "uplink volume",
    [GTPP_CDR_DOWNLINK] = "downlink volume",
    [GTPP_CDR_VOLUMES] = "listOfTrafficVolumes",
    [GTPP_CDR_SERVICES] = "listOfServiceData",
};

const gtpp_cdr_kind_t *gtpp_cdr_list_kinds(size_t *count)
{
    *count = G_N_ELEMENTS(gtpp_cdr_kinds);
    return gtpp_cdr_kinds;
}

const gtpp_cdr_kind_t *gtpp_cdr_find_kind(uint32_t type, bool is_egsn)
{
    for (size_t i = 0; i < G_N_ELEMENTS(gtpp_cdr_kinds); i++) {
        if (gtpp_cdr_kinds[i].type == type && (gtpp_cdr_kinds[i].family != GTPP_CDR_FAMILY_EGSN || is_egsn)) {
            return &gtpp_cdr_kinds[i];
        }
    }
    return NULL;
}

gtpp_cdr_field_t gtpp_cdr_find_field(gtpp_cdr_family_t family, uint32_t tag)
{
    return tag < FIELD_TAGS ? (gtpp_cdr_field_t)gtpp_cdr_fields[family][tag] : GTPP_CDR_NONE;
}

const char *gtpp_cdr_name_field(gtpp_cdr_field_t field)
{
    return gtpp_cdr_field_names[field];
}
