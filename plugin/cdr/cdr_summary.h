/* cdr_summary.h
 * Finds out which record of 3GPP TS 32.298 a charging data record is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_SUMMARY_H
#define PORTLORE_CDR_SUMMARY_H

#include "base/ber.h"
#include "cdr_schema.h"

/* recordType, the same context tag in every kind of record. */
#define CDR_RECORD_TYPE_TAG 0

/* What tells the kind of a record. */
typedef struct {
    bool has_tag;        /* the outermost element is constructed, and its identifier and length could be read */
    uint32_t tag;        /* its tag number */
    uint32_t tag_length; /* octets of its identifier */
    bool has_type;       /* recordType was found */
    uint32_t type;
    bool is_undecided;                 /* it is an eGSN's or an E-CSCF's, and nothing in it tells which */
    const cdr_schema_record_t *record; /* by recordType; without one by the tag, if it is that of one record; or NULL */
} cdr_summary_t;

/* Finds the first element with context tag TAG behind CURSOR: a primitive one, or with IS_STRING one that may be in
 * pieces. False when there is none before the first that cannot be read, or when not all of it was captured. */
bool cdr_summary_find_element(ber_cursor_t cursor, uint32_t tag, bool is_string, ber_element_t *element);

/* Reads into SUMMARY what stands at the start of RECORD, the outermost element, whose elements are FIELDS. Without a
 * recordType that can be read, SUMMARY has the outermost tag alone. */
void cdr_summary_read(const ber_element_t *record, ber_cursor_t fields, cdr_summary_t *summary);

#endif
