/* cdr_per_reader.h
 * What the parts of the reader of packed encoding share: cdr_per.c has what has parts, cdr_per_plain.c plain values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PER_READER_H
#define PORTLORE_CDR_PER_READER_H

#include "cdr_path.h"
#include "cdr_per_bits.h"
#include "cdr_walk.h"

typedef struct {
    wmem_allocator_t *pool;
    per_bits_t bits;
    unsigned release;
    const cdr_walk_sink_t *sink; /* NULL: nothing is reported */
    void *user;
    bool is_strict;                    /* values that look wrong are faults, too */
    const cdr_schema_record_t *record; /* what the outermost CHOICE says */
    bool is_record;                    /* its recordType says so, too */
    cdr_path_t path;
    cdr_path_t fault_path; /* where the first fault is */
    unsigned parts;
} per_reader_t;

/* A length or count between the limits of TYPE (11.9.4); IS_FIXED and HIGH tell what the limits say. With IS_FRAGMENT
 * more pieces follow. */
uint32_t per_read_length(per_reader_t *reader, const cdr_schema_type_t *type, bool *is_fragment, bool *is_fixed,
                         uint32_t *high);

/* Reads a value of TYPE, which has no parts, and reports it as PART. */
void per_read_plain(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part);

#endif
