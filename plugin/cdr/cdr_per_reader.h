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
    bool is_joined;  /* the bits are those of pieces that were put together, and stand in the record ... */
    uint32_t joined; /* ... from this octet on */
    uint32_t joined_end;
    cdr_path_t path;
    cdr_path_t fault_path; /* where the first fault is */
    unsigned parts;
} per_reader_t;

/* Where in the record the octet of bit AT is; of pieces that were put together, where they all begin. */
static inline uint32_t per_place(const per_reader_t *reader, uint32_t at)
{
    return reader->is_joined ? reader->joined : at / 8;
}

/* Where in the record the octets before bit AT end. */
static inline uint32_t per_place_end(const per_reader_t *reader, uint32_t at)
{
    return reader->is_joined ? reader->joined_end : (at + 7) / 8;
}

/* Reads FIRST units of WIDTH bits, eight at most, each into an octet; with IS_FRAGMENT, more pieces with their lengths
 * follow. LENGTH is how many there are. NULL when nothing is reported. */
const uint8_t *per_read_units(per_reader_t *reader, uint32_t first, bool is_fragment, unsigned width, uint32_t *length);

/* Reports octets that stand where the table has no meaning for them: ITEM is the place of an extension, from 1; NAME is
 * that of a value whose extension it is, or CDR_SCHEMA_NONE. START is the bit where they begin. */
void per_report_unknown(per_reader_t *reader, uint16_t name, uint32_t item, uint32_t start, const uint8_t *octets,
                        uint32_t length);

/* A length or count between the limits of TYPE (11.9.4); IS_FIXED and HIGH tell what the limits say. With IS_FRAGMENT
 * more pieces follow. */
uint32_t per_read_length(per_reader_t *reader, const cdr_schema_type_t *type, bool *is_fragment, bool *is_fixed,
                         uint32_t *high);

/* Reads a value of TYPE, which has no parts, and reports it as PART. */
void per_read_plain(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part);

#endif
