/* cdr_report.h
 * Key fields of a charging data record as they are reported, and what is wrong with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_REPORT_H
#define PORTLORE_CDR_REPORT_H

#include "base/ber.h"
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

/* The report of one record. */
typedef struct {
    wmem_allocator_t *pool;
    const cdr_sink_t *sink;
    void *user;
    unsigned faults; /* so far */
    uint16_t type;   /* of the record, in cdr_schema_types; CDR_SCHEMA_NONE when it is not known */
} cdr_report_t;

/* Reports a fault of the LENGTH octets at OFFSET, unless there were CDR_MAX_FAULTS. */
void cdr_report_fault(cdr_report_t *report, cdr_fault_t fault, size_t offset, size_t length, const char *text);

/* Reports that NAME cannot be read: "At octet 12 of the record, servedIMSI cannot be read: WHAT."; octets are counted
 * from 0, as in the byte view. */
void cdr_report_malformed(cdr_report_t *report, const char *name, size_t offset, size_t length, const char *what);

/* Reports WHAT ber_read_element() found wrong with an element, whose octets up to its container's end are meant: that
 * of NAME, or one that has none (NULL) in the part of the record that is called AROUND. Another STATUS than a bad start
 * or a bad length is no fault, and not reported. */
void cdr_report_ber(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element, ber_status_t status,
                    size_t offset, const char *name, const char *around, const char *what);

/* An item of FIELD with the octets of ELEMENT, which must have been captured to be read. */
cdr_item_t cdr_make_item(cdr_field_t field, const ber_cursor_t *cursor, const ber_element_t *element);

/* Gives ITEM the octets of ELEMENT, a string that may be in pieces. False when something else than pieces is in it. */
bool cdr_take_string(const cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                     cdr_item_t *item);

/* The number under context tag TAG in CONTAINER. False, and NUMBER as it was, when there is none that can be read. */
bool cdr_find_number(const ber_cursor_t *cursor, const ber_element_t *container, uint32_t tag, uint64_t *number);

/* Reads the integer in DATA whose place ITEM has into it, and reports it, or what is wrong with it. */
void cdr_report_integer(cdr_report_t *report, const uint8_t *data, cdr_item_t *item);

/* Reports the number in ELEMENT, which is a part of TYPE; CDR_SCHEMA_NONE when its values have no names. Nothing when
 * it is no plain value or was not captured. */
void cdr_report_number(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                       cdr_field_t field, uint16_t type);

/* Calls VISIT, with DATA, for each element that CONTAINER holds and that can be read. What is wrong in there is said
 * where all parts of the record are shown. */
void cdr_report_parts(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *container,
                      void (*visit)(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                                    void *data),
                      void *data);

#endif
