/* cdr_text.h
 * Values of charging data records as people read them: what the octets of an OCTET STRING are, numbers, bits.
 *
 * Works on octets alone. Each function returns NULL when the octets are good, and otherwise says in plain words what is
 * wrong with them; the result is then not to be used.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_TEXT_H
#define PORTLORE_CDR_TEXT_H

#include <wireshark.h>
#include <wsutil/wmem/wmem.h>

#include "cdr_schema.h"

/* An INTEGER or ENUMERATED, or the octets of a number. One that is not SIGNED counts or numbers something: its octets
 * are read as they stand, whatever the first bit. A signed one is the bits of an int64_t. */
const char *cdr_text_read_number(const uint8_t *octets, size_t length, bool is_signed, uint64_t *number);

/* A REAL (ITU-T X.690 section 8.5): binary of 64 bits at most, decimal, or one of the special values. */
const char *cdr_text_read_real(const uint8_t *octets, size_t length, double *number);

/* A text, or octets that are one for people: digits, a network, a time zone. In memory of POOL. */
const char *cdr_text_read(wmem_allocator_t *pool, const cdr_schema_type_t *type, const uint8_t *octets, size_t length,
                          const char **text);

/* What can be said beside the octets: the names of the bits that are set, what a location, a PDP type or a time is.
 * NULL when there is nothing to say. In memory of POOL. */
const char *cdr_text_explain(wmem_allocator_t *pool, const cdr_schema_type_t *type, const uint8_t *octets,
                             size_t length);

/* 1234567 as "1,234,567", in memory of POOL. */
const char *cdr_text_group_digits(wmem_allocator_t *pool, uint64_t number);

#endif
