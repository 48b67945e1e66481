/* cdr_reader.h
 * Walks the BER encoding of a charging data record (3GPP TS 32.298) and reports its key fields.
 *
 * Works on octets alone and knows nothing of trees, so that it can be tested and fuzzed alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_READER_H
#define PORTLORE_CDR_READER_H

#include "cdr_kinds.h"
#include "cdr_values.h"

typedef struct {
    cdr_field_t field;
    size_t offset; /* of the value in the record */
    size_t length;
    /* Uplink and downlink volumes only: */
    bool in_service;       /* from listOfServiceData, otherwise from listOfTrafficVolumes */
    uint32_t container;    /* place in that list, from 1 */
    bool has_rating_group; /* service data only */
    uint32_t rating_group;
    /* One of these, by field: */
    uint64_t number;
    nstime_t time;
    int time_offset; /* minutes from UTC that the record gave */
    char digits[CDR_DIGITS_SIZE];
    cdr_address_t address;
} cdr_item_t;

typedef enum {
    CDR_FAULT_MALFORMED, /* something could not be read; no value is reported for it */
    CDR_FAULT_SIGN,      /* an integer that a strict BER reader takes for negative; its value is reported */
    CDR_FAULT_TAG        /* recordType and the outermost tag belong to different kinds of record */
} cdr_fault_t;

/* The one that a record stops at: a hostile record could otherwise bring thousands. */
#define CDR_MAX_FAULTS 12

typedef struct {
    void (*item)(void *user, const cdr_item_t *item);
    void (*fault)(void *user, cdr_fault_t fault, size_t offset, size_t length, const char *text);
} cdr_sink_t;

typedef struct {
    bool has_tag;      /* the outermost element is constructed, and its identifier and length could be read */
    uint32_t tag;      /* its tag number */
    size_t tag_length; /* octets of its identifier */
    bool has_type;     /* recordType was found */
    uint32_t type;
    const cdr_kind_t *kind; /* NULL when recordType is absent or not known */
} cdr_summary_t;

/* Reads the record's frame, recordType and kind: cheap, silent, enough to name the record. */
void cdr_read_summary(const uint8_t *data, size_t captured, size_t reported, cdr_summary_t *summary);

/* Walks the record of REPORTED octets of which CAPTURED are in DATA, and reports to SINK in the octets' order.
 * What the capture cut off is passed over in silence: whoever calls knows both lengths. */
void cdr_walk(const uint8_t *data, size_t captured, size_t reported, const cdr_summary_t *summary,
                   const cdr_sink_t *sink, void *user);

#endif
