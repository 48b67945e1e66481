/* cdr_reader.h
 * Reads the BER encoding of a charging data record (3GPP TS 32.298) and reports its key fields.
 *
 * Works on octets alone and knows nothing of trees, so that it can be tested and fuzzed alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_READER_H
#define PORTLORE_CDR_READER_H

#include "cdr_key.h"
#include "cdr_summary.h"
#include "cdr_values.h"

#include <wsutil/wmem/wmem.h>

/* One key field, as found. */
typedef struct {
    cdr_field_t field;
    uint32_t offset; /* of the value in the record; of PER, of the octets in which its bits lie */
    uint32_t length;
    const uint8_t *octets; /* of the value, as in BER, and how many; they live as long as those that are read, and as
                            * the pool */
    uint32_t num_octets;
    uint16_t values; /* of a number with names: one more than the place of the first in cdr_schema_values; else 0 */
    bool is_digits;  /* of a text: it is in digits, for its octets are a number in TBCD */
    /* Uplink and downlink volumes only: */
    bool in_service;       /* from listOfServiceData, otherwise from listOfTrafficVolumes */
    bool has_rating_group; /* service data only */
    uint32_t container;    /* place in that list, from 1 */
    uint64_t rating_group;
    union { /* by field; see cdr_field_t */
        uint64_t number;
        struct {
            nstime_t time;
            int time_offset; /* minutes from UTC that the record gave */
        };
        char digits[CDR_DIGITS_SIZE];
        cdr_address_t address;
    };
} cdr_item_t;

typedef enum {
    CDR_FAULT_MALFORMED, /* something could not be read; no value is reported for it */
    CDR_FAULT_SIGN,      /* an integer that is negative in BER; its unsigned value is reported */
    CDR_FAULT_FILL,      /* octets 00 or FF behind the record */
    CDR_FAULT_TAG,       /* recordType and the outermost tag belong to different kinds of record */
    CDR_FAULT_KIND       /* two kinds of record have its recordType, and nothing in it tells which it is */
} cdr_fault_t;

/* A record's last fault says that there are more: a hostile record could otherwise bring thousands. */
#define CDR_MAX_FAULTS 12

/* What takes the report, in the octets' order. The item and the text live as long as the call. */
typedef struct {
    void (*item)(void *user, const cdr_item_t *item);
    void (*fault)(void *user, cdr_fault_t fault, uint32_t offset, uint32_t length, const char *text);
    /* Where in the record octet OFFSET of what is read stands; NULL: where it is read. Texts have the result. */
    uint32_t (*place)(void *user, uint32_t offset);
} cdr_sink_t;

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
