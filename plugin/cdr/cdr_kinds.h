/* cdr_kinds.h
 * The kinds of charging data record, 3GPP TS 32.298, and which of their tags is which key field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_KINDS_H
#define PORTLORE_CDR_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* recordType, the same context tag in every kind of record. */
#define CDR_TAG_RECORD_TYPE 0

typedef enum {
    CDR_NONE,
    CDR_TYPE,          /* number */
    CDR_IMSI,          /* digits */
    CDR_MSISDN,        /* digits */
    CDR_IMEI,          /* digits */
    CDR_APN,           /* text: the octets themselves */
    CDR_NODE_ID,       /* text */
    CDR_CHARGING_ID,   /* number */
    CDR_DURATION,      /* number */
    CDR_RECORD_SEQ,    /* number */
    CDR_LOCAL_SEQ,     /* number */
    CDR_CAUSE_CLOSING, /* number */
    CDR_RAT,           /* number */
    CDR_OPENING_TIME,  /* time */
    CDR_NODE_ADDRESS,  /* address */
    CDR_PDP_ADDRESS,   /* address */
    CDR_UPLINK,        /* number, of a container */
    CDR_DOWNLINK,      /* number, of a container */
    CDR_VOLUMES,       /* listOfTrafficVolumes: walked, never reported */
    CDR_SERVICES,      /* listOfServiceData: walked, never reported */
    CDR_FIELD_COUNT
} cdr_field_t;

/* Which fields a record has, and under which tags. */
typedef enum {
    CDR_FAMILY_OTHER,    /* none but the record type */
    CDR_FAMILY_BEARER,   /* SGW, ePDG, TWAG */
    CDR_FAMILY_FLOW,     /* PGW, IPE: a bearer's record with service data */
    CDR_FAMILY_GGSN,     /* GGSN */
    CDR_FAMILY_EGSN,     /* eGSN: a GGSN's record with service data */
    CDR_FAMILY_TDF,      /* TDF */
    CDR_FAMILY_SGSN_PDP, /* SGSN, PDP context */
    CDR_FAMILY_SGSN_MM,  /* SGSN, mobility management */
    CDR_FAMILY_SGSN_SMO, /* SGSN, short message sent */
    CDR_FAMILY_SGSN_SMT, /* SGSN, short message received */
    CDR_FAMILY_COUNT
} cdr_family_t;

/* A kind of record. */
typedef struct {
    uint32_t type;  /* recordType */
    uint16_t tag;   /* outermost tag of a packet-switched record; 0: any */
    uint8_t family; /* cdr_family_t */
    const char *name;
} cdr_kind_t;

/* All kinds known, by rising recordType; two of them share one. */
const cdr_kind_t *cdr_list_kinds(size_t *count);

/* The kind of a recordType, or NULL. recordType 70 stands for two kinds: IS_EGSN tells which. */
const cdr_kind_t *cdr_find_kind(uint32_t type, bool is_egsn);

/* The field under context tag TAG of a record of FAMILY, or CDR_NONE. */
cdr_field_t cdr_find_field(cdr_family_t family, uint32_t tag);

/* The field's name in TS 32.298, or a plain one where records name it differently. */
const char *cdr_name_field(cdr_field_t field);

#endif
