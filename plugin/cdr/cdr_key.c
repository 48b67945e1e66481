/* cdr_key.c
 * Names of the key fields of charging data records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_key.h"

#include "cdr_schema.h"

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
    [CDR_CLOSING_TIME] = "closing time",
    [CDR_SESSION_ID] = "session-Id",
    [CDR_CALLING] = "calling party",
    [CDR_CALLED] = "called party",
    [CDR_NODE_NUMBER] = "recordingEntity",
    [CDR_CALLING_NUMBER] = "callingNumber",
    [CDR_CALLED_NUMBER] = "calledNumber",
    [CDR_PDU_SESSION] = "pDUSessionId",
    [CDR_RATING_GROUP] = "ratingGroup",
    [CDR_SUBSCRIPTION] = "SubscriptionID",
    [CDR_SUBSCRIPTIONS] = "list-of-subscription-ID",
    [CDR_UNITS] = "listOfMultipleUnitUsage",
    [CDR_SESSION] = "pDUSessionChargingInformation",
    [CDR_VOLUMES] = "listOfTrafficVolumes",
    [CDR_SERVICES] = "listOfServiceData",
};

const char *cdr_name_field(cdr_field_t field)
{
    return field_names[field];
}

const char *cdr_name_part(uint16_t type, const ber_element_t *element, cdr_field_t field)
{
    const cdr_schema_field_t *part = cdr_schema_find_part(type, element);

    return part != NULL ? cdr_schema_text + cdr_schema_names[part->name].name : cdr_name_field(field);
}

bool cdr_is_unlimited(cdr_field_t field)
{
    return field == CDR_UPLINK || field == CDR_DOWNLINK || field == CDR_DURATION || field == CDR_RECORD_SEQ ||
           field == CDR_CAUSE_CLOSING || field == CDR_RAT || field == CDR_RATING_GROUP;
}

bool cdr_is_string(cdr_field_t field)
{
    return field == CDR_IMSI || field == CDR_IMEI || field == CDR_MSISDN || field == CDR_OPENING_TIME ||
           field == CDR_CLOSING_TIME || field == CDR_APN || field == CDR_NODE_ID || field == CDR_SESSION_ID;
}
