/* cdr_key.h
 * Key fields of charging data records: those by which people look for a record. data/cdr.schema says which fields of
 * which record they stand for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_KEY_H
#define PORTLORE_CDR_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ber.h"

/* recordType, the same context tag in every kind of record. */
#define CDR_TAG_RECORD_TYPE 0

typedef enum {
    CDR_NONE,
    CDR_TYPE,           /* number */
    CDR_IMSI,           /* digits */
    CDR_MSISDN,         /* digits */
    CDR_IMEI,           /* digits */
    CDR_APN,            /* text: the octets themselves */
    CDR_NODE_ID,        /* text, or digits of a switch's number */
    CDR_CHARGING_ID,    /* number */
    CDR_DURATION,       /* number */
    CDR_RECORD_SEQ,     /* number */
    CDR_LOCAL_SEQ,      /* number */
    CDR_CAUSE_CLOSING,  /* number */
    CDR_RAT,            /* number */
    CDR_OPENING_TIME,   /* time */
    CDR_NODE_ADDRESS,   /* address */
    CDR_PDP_ADDRESS,    /* address */
    CDR_UPLINK,         /* number, of a container */
    CDR_DOWNLINK,       /* number, of a container */
    CDR_CLOSING_TIME,   /* time */
    CDR_SESSION_ID,     /* text: of SIP */
    CDR_CALLING,        /* text: a party in IMS, one for each; or digits of a number */
    CDR_CALLED,         /* likewise */
    CDR_PDU_SESSION,    /* number */
    CDR_RATING_GROUP,   /* number, of a container */
    CDR_NODE_NUMBER,    /* recordingEntity of a switch: reported as CDR_NODE_ID */
    CDR_CALLING_NUMBER, /* reported as CDR_CALLING */
    CDR_CALLED_NUMBER,  /* reported as CDR_CALLED */
    CDR_SUBSCRIPTION,   /* SubscriptionID: walked, never reported */
    CDR_SUBSCRIPTIONS,  /* a list of them: likewise */
    CDR_UNITS,          /* listOfMultipleUnitUsage: likewise */
    CDR_SESSION,        /* pDUSessionChargingInformation: likewise */
    CDR_VOLUMES,        /* listOfTrafficVolumes: walked, never reported */
    CDR_SERVICES,       /* listOfServiceData: walked, never reported */
    CDR_FIELD_COUNT
} cdr_field_t;

/* The field's name in TS 32.298, or a plain one where records name it differently. */
const char *cdr_name_field(cdr_field_t field);

/* What TS 32.298 calls ELEMENT in a record of TYPE, or else the name of FIELD. TYPE is one of cdr_schema_types, or
 * CDR_SCHEMA_NONE when the record is not known. */
const char *cdr_name_part(uint16_t type, const ber_element_t *element, cdr_field_t field);

/* True when the specification gives the number FIELD no largest value. The others have 32 bits at most. */
bool cdr_is_unlimited(cdr_field_t field);

/* True for a field that is a string of octets or of characters, which may be sent in pieces. */
bool cdr_is_string(cdr_field_t field);

#endif
