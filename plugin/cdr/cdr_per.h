/* cdr_per.h
 * Reads a charging data record in packed encoding (PER, ITU-T X.691), unaligned or aligned, by the table of 3GPP TS
 * 32.298, and reports every part of it.
 *
 * PER has no tags: a reader that knows one optional field more or less than the sender reads something else than was
 * sent. So nothing is reported of a record unless all of it, to its last bit, is what one record of the table can be.
 *
 * Works on octets alone and knows nothing of trees, so that it can be tested and fuzzed alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PER_H
#define PORTLORE_CDR_PER_H

#include "cdr_walk.h"

/* What is known of a record in PER. The text lives as long as the pool. */
typedef struct {
    const cdr_schema_record_t *record; /* NULL: it cannot be read */
    const char *problem;               /* why it cannot be read, as a sentence; NULL where it can */
    const char *doubt;                 /* why what was read may be wrong, as a sentence; NULL where the table is of
                                          the version that the packet names */
    uint8_t domain;                    /* in cdr_schema_choices */
    uint8_t release;                   /* of the table: 16 to 18 */
    bool is_aligned;
} cdr_per_t;

/* Finds out what the record of REPORTED octets, of which CAPTURED (not more) are at OCTETS, is. RELEASE and VERSION are
 * the Release Identifier and the Version Identifier of its packet as sent; of a release above 15, RELEASE is the
 * extension octet. The CHOICE of each domain is tried: nothing in a record in PER says which one it is of. */
void cdr_per_find(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported, bool is_aligned,
                  uint8_t release, uint8_t version, cdr_per_t *found);

/* Reports the parts of the record that cdr_per_find() found, in the octets' order; of one that the capture cut, those
 * before the cut. The value octets of a part are as in BER. */
void cdr_per_walk(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                  const cdr_per_t *found, const cdr_walk_sink_t *sink, void *user);

#endif
