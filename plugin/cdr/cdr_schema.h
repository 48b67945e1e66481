/* cdr_schema.h
 * What 3GPP TS 32.298 says of charging records: which records, fields, types and names of values there are.
 *
 * The tables are generated from data/cdr.schema. They point to one another by numbers and to texts by their place in
 * cdr_schema_text, so that nothing in them is relocated when the plugin is loaded. Plain: needs no packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_SCHEMA_H
#define PORTLORE_CDR_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ber.h"

#define CDR_SCHEMA_NONE 0xFFFF

/* {{{ The tables */

/* What a type is made of. */
typedef enum {
    CDR_SET, /* SET or SEQUENCE */
    CDR_CHOICE,
    CDR_LIST, /* SET OF or SEQUENCE OF */
    CDR_INTEGER,
    CDR_ENUMERATED,
    CDR_BOOLEAN,
    CDR_NULL,
    CDR_TEXT,
    CDR_OCTETS,
    CDR_BITS,
    CDR_OID,
    CDR_REAL,
    CDR_ANY
} cdr_shape_t;

/* What the octets of an OCTET STRING are. */
typedef enum {
    CDR_AS_OCTETS, /* nothing that is known */
    CDR_AS_TIMESTAMP,
    CDR_AS_TBCD,
    CDR_AS_ADDRESS, /* AddressString: one octet of type and plan, then TBCD */
    CDR_AS_NUMBER,  /* BCDDirectoryNumber: the same, the first octet may be extended */
    CDR_AS_PLMN,
    CDR_AS_IPV4,
    CDR_AS_IPV6,
    CDR_AS_TIMEZONE,
    CDR_AS_UINT,
    CDR_AS_TEXT,
    CDR_AS_RAI,
    CDR_AS_ULI,
    CDR_AS_QOS,
    CDR_AS_PDPTYPE,
    CDR_AS_CHARACTERISTICS,
    CDR_AS_NTP,
    CDR_AS_SMSADDRESS,
    CDR_AS_ISUP,
    CDR_AS_AMF, /* AMF identifier of 5G */
    CDR_AS_CGI, /* an identity of a place, which its name tells */
    CDR_AS_LAI,
    CDR_AS_SAI,
    CDR_AS_RA,
    CDR_AS_TAI,
    CDR_AS_ECGI
} cdr_format_t;

/* What an item of a name holds. */
typedef enum {
    CDR_HOLDS_PARTS,
    CDR_HOLDS_NUMBER,
    CDR_HOLDS_BOOLEAN,
    CDR_HOLDS_NULL,
    CDR_HOLDS_TEXT,
    CDR_HOLDS_OCTETS,
    CDR_HOLDS_OID,
    CDR_HOLDS_REAL,
    CDR_HOLDS_TIME,
    CDR_HOLDS_IPV4,
    CDR_HOLDS_IPV6,
    CDR_HOLDS_COUNT
} cdr_holds_t;

/* Flags of a field. A release without a flag is 16 or earlier, or still there. */
#define CDR_IS_OPTIONAL 0x01
#define CDR_IS_EXPLICIT 0x02 /* the field's tag stands around that of its type */
#define CDR_IS_UNTAGGED 0x04 /* the field has the tag of its type, or of the type's choice */
#define CDR_IS_ADDED 0x08    /* behind the extension marker */
#define CDR_IS_SINCE_17 0x10
#define CDR_IS_SINCE_18 0x20
#define CDR_IS_UNTIL_16 0x40
#define CDR_IS_UNTIL_17 0x80

/* Flags of a type. */
#define CDR_IS_OPEN 0x01 /* its limits may be extended */
#define CDR_IS_EXT 0x02  /* has an extension marker */
#define CDR_IS_SIGNED 0x04
#define CDR_IS_UNORDERED 0x08 /* SET, not SEQUENCE */
#define CDR_IS_IA5 0x10

/* Flags of a limit. */
#define CDR_HAS_LOW 1
#define CDR_HAS_HIGH 2

typedef struct {
    uint16_t number; /* recordType */
    uint16_t tag;    /* outermost context tag; CDR_SCHEMA_NONE: not known */
    uint16_t type;   /* CDR_SCHEMA_NONE: not known */
    uint16_t name;   /* text: in TS 32.298 */
    uint16_t domain; /* text: PS, CS, IMS ... */
    uint16_t called; /* text: what people call it */
    uint16_t keys;   /* its first key field in cdr_schema_keys */
    uint8_t num_keys;
    uint8_t is_old; /* no release after 7 has it */
} cdr_schema_record_t;

typedef struct {
    uint16_t name;   /* text */
    uint16_t values; /* one more than the place of its first value; 0: none, or not the same ones everywhere */
    uint16_t suffix; /* text behind the name in a field's filter name, where a name holds two things */
    uint8_t holds;   /* cdr_holds_t */
    uint8_t is_signed;
} cdr_schema_name_t;

typedef struct {
    uint8_t shape;  /* cdr_shape_t */
    uint8_t format; /* cdr_format_t, of CDR_OCTETS and CDR_TEXT */
    uint8_t flags;
    uint8_t count;  /* fields; of CDR_ENUMERATED the values before the extension marker, 0: all */
    uint16_t first; /* its first field; the type of a list's elements; one more than the place of its first value */
    uint16_t limit; /* of length, count or value */
    uint16_t name;  /* text, of CDR_SET and CDR_CHOICE */
} cdr_schema_type_t;

typedef struct {
    uint16_t tag; /* context tag */
    uint8_t flags;
    uint16_t name; /* in cdr_schema_names */
    uint16_t type;
} cdr_schema_field_t;

typedef struct {
    int32_t value;
    uint16_t name; /* text; 0 ends a list */
} cdr_schema_value_t;

/* A field of a record that is a key field, by rising tag. */
typedef struct {
    uint16_t tag;
    uint16_t values;    /* one more than the place of its first value name; 0: none */
    uint8_t field;      /* cdr_field_t */
    uint8_t is_wrapped; /* of an address: an element stands around the IP address, as others may stand in its place */
} cdr_schema_key_t;

typedef struct {
    int64_t low;
    int64_t high;
    uint8_t has;
} cdr_schema_limit_t;

/* The CHOICE of a domain, whose alternatives are records. */
typedef struct {
    uint16_t domain; /* text */
    uint16_t first;  /* its first alternative in cdr_schema_alternatives, by rising tag */
    uint16_t count;
} cdr_schema_choice_t;

extern const char cdr_schema_text[];
extern const cdr_schema_record_t cdr_schema_records[]; /* by rising number */
extern const cdr_schema_name_t cdr_schema_names[];     /* by name */
extern const cdr_schema_type_t cdr_schema_types[];
extern const cdr_schema_field_t cdr_schema_fields[];
extern const cdr_schema_value_t cdr_schema_values[];
extern const cdr_schema_limit_t cdr_schema_limits[];
extern const cdr_schema_key_t cdr_schema_keys[];
extern const cdr_schema_choice_t cdr_schema_choices[];
extern const uint16_t cdr_schema_alternatives[]; /* in cdr_schema_records; CDR_SCHEMA_NONE: no record */
extern const size_t cdr_schema_num_choices;
extern const size_t cdr_schema_num_records;
extern const size_t cdr_schema_num_names;
extern const size_t cdr_schema_num_types;
extern const size_t cdr_schema_num_values;

/* }}} */
/* {{{ Questions to them */

/* The record of recordType NUMBER with the outermost TAG; when none has that tag, the first of that number. IS_EGSN
 * tells which is meant where the number is 70, which two records have. NULL when the number is not known. */
const cdr_schema_record_t *cdr_schema_find_record(uint32_t number, uint32_t tag, bool is_egsn);

/* The record that has the outermost TAG, if only one has. */
const cdr_schema_record_t *cdr_schema_find_tag(uint32_t tag);

/* The field of TYPE (CDR_SET or CDR_CHOICE) that ELEMENT is, or NULL. HINT is where to look first, a number below the
 * type's count or equal to it, and moves behind what was found: senders write fields in the order of the table. */
const cdr_schema_field_t *cdr_schema_find_field(const cdr_schema_type_t *type, const ber_element_t *element,
                                                unsigned *hint);

/* The field that ELEMENT is among the parts of TYPE, or of an item of TYPE if that is a list. NULL when TS 32.298 has
 * none there, or TYPE has no parts or is CDR_SCHEMA_NONE. */
const cdr_schema_field_t *cdr_schema_find_part(uint16_t type, const ber_element_t *element);

/* True when ELEMENT, which has no tag but that of its type, can be one of TYPE. */
bool cdr_schema_accepts(uint16_t type, const ber_element_t *element);

/* The name of VALUE in the list that begins at FIRST (one more than its place; 0: no list), or NULL. */
const char *cdr_schema_name_value(uint16_t first, int64_t value);

/* }}} */

#endif
