/* gtpp_cdr_kinds.h
 * The kinds of charging data record, 3GPP TS 32.298, and which of their tags is which key field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_CDR_KINDS_H
#define PORTLORE_GTPP_CDR_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* recordType, the same context tag in every kind of record. */
#define GTPP_CDR_TAG_RECORD_TYPE 0

typedef enum {
    GTPP_CDR_NONE,
    GTPP_CDR_TYPE,          /* number */
    GTPP_CDR_IMSI,          /* digits */
    GTPP_CDR_MSISDN,        /* digits */
    GTPP_CDR_IMEI,          /* digits */
    GTPP_CDR_APN,           /* text: the octets themselves */
    GTPP_CDR_NODE_ID,       /* text */
    GTPP_CDR_CHARGING_ID,   /* number */
    GTPP_CDR_DURATION,      /* number */
    GTPP_CDR_RECORD_SEQ,    /* number */
    GTPP_CDR_LOCAL_SEQ,     /* number */
    GTPP_CDR_CAUSE_CLOSING, /* number */
    GTPP_CDR_RAT,           /* number */
    GTPP_CDR_OPENING_TIME,  /* time */
    GTPP_CDR_NODE_ADDRESS,  /* address */
    GTPP_CDR_PDP_ADDRESS,   /* address */
    GTPP_CDR_UPLINK,        /* number, of a container */
    GTPP_CDR_DOWNLINK,      /* number, of a container */
    GTPP_CDR_VOLUMES,       /* listOfTrafficVolumes: walked, never reported */
    GTPP_CDR_SERVICES,      /* listOfServiceData: walked, never reported */
    GTPP_CDR_FIELD_COUNT
} gtpp_cdr_field_t;

/* Which fields a record has, and under which tags. */
typedef enum {
    GTPP_CDR_FAMILY_OTHER,    /* none but the record type */
    GTPP_CDR_FAMILY_BEARER,   /* SGW, ePDG, TWAG */
    GTPP_CDR_FAMILY_FLOW,     /* PGW, IPE: a bearer's record with service data */
    GTPP_CDR_FAMILY_GGSN,     /* GGSN */
    GTPP_CDR_FAMILY_EGSN,     /* eGSN: a GGSN's record with service data */
    GTPP_CDR_FAMILY_TDF,      /* TDF */
    GTPP_CDR_FAMILY_SGSN_PDP, /* SGSN, PDP context */
    GTPP_CDR_FAMILY_SGSN_MM,  /* SGSN, mobility management */
    GTPP_CDR_FAMILY_SGSN_SMO, /* SGSN, short message sent */
    GTPP_CDR_FAMILY_SGSN_SMT, /* SGSN, short message received */
    GTPP_CDR_FAMILY_COUNT
} gtpp_cdr_family_t;

/* A kind of record. */
typedef struct {
    uint32_t type;  /* recordType */
    uint16_t tag;   /* outermost tag of a packet-switched record; 0: any */
    uint8_t family; /* gtpp_cdr_family_t */
    const char *name;
} gtpp_cdr_kind_t;

/* All kinds known, by rising recordType; two of them share one. */
const gtpp_cdr_kind_t *gtpp_cdr_list_kinds(size_t *count);

/* The kind of a recordType, or NULL. recordType 70 stands for two kinds: IS_EGSN tells which. */
const gtpp_cdr_kind_t *gtpp_cdr_find_kind(uint32_t type, bool is_egsn);

/* The field under context tag TAG of a record of FAMILY, or GTPP_CDR_NONE. */
gtpp_cdr_field_t gtpp_cdr_find_field(gtpp_cdr_family_t family, uint32_t tag);

/* The field's name in TS 32.298, or a plain one where records name it differently. */
const char *gtpp_cdr_name_field(gtpp_cdr_field_t field);

#endif
