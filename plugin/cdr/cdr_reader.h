/* cdr_reader.h
 * Reads the BER encoding of a charging data record (3GPP TS 32.298) and reports its key fields.
 *
 * Works on octets alone and knows nothing of trees, so that it can be tested and fuzzed alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_READER_H
#define PORTLORE_CDR_READER_H

#include "cdr_report.h"
#include "cdr_summary.h"

/* Reads a BER record of REPORTED octets of which CAPTURED (not more) are in DATA: fills SUMMARY, and reports key fields
 * and faults to SINK, which gets USER. What the capture cut off is no fault: the caller knows both lengths. Octets of
 * any kind are read; none beyond CAPTURED. Strings in pieces are put together in memory of POOL. */
void cdr_read_fields(wmem_allocator_t *pool, const uint8_t *data, uint32_t captured, uint32_t reported,
                     cdr_summary_t *summary, const cdr_sink_t *sink, void *user);

/* The same of the elements of RECORD alone: the LENGTH octets at DATA begin behind the outermost identifier and length.
 */
void cdr_read_elements(wmem_allocator_t *pool, const uint8_t *data, uint32_t length, const cdr_schema_record_t *record,
                       const cdr_sink_t *sink, void *user);

#endif
