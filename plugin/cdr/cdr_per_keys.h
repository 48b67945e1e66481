/* cdr_per_keys.h
 * Key fields of a charging data record in packed encoding.
 *
 * Works on octets alone and knows nothing of trees, so that it can be tested and fuzzed alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PER_KEYS_H
#define PORTLORE_CDR_PER_KEYS_H

#include "cdr_per.h"
#include "cdr_reader.h"

/* Reports the key fields of the record that cdr_per_find() found, and what is wrong with their values, to SINK, whose
 * place() is not asked. Offsets and lengths are those of the octets in which a value's bits lie. Of a record that the
 * capture cut, the key fields before the cut are reported. */
void cdr_per_read_keys(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                       const cdr_per_t *found, const cdr_sink_t *sink, void *user);

#endif
