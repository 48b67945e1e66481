/* cdr_reader.c
 * Reads the BER encoding of a charging data record (3GPP TS 32.298) and reports its key fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_reader.h"

#include "base/ber.h"
#include "base/octets.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cdr_address.h"
#include "cdr_egsn.h"
#include "cdr_parties.h"
#include "cdr_volumes.h"

/* How texts call a record's outermost element. */
#define OUTERMOST "the outermost element"

/* Reads a primitive field and reports it. */
static void report_primitive(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                             cdr_field_t field, uint16_t values)
{
    cdr_item_t item = cdr_make_item(field, cursor, element);
    const char *what = NULL;
    const bool is_readable = ber_is_captured(cursor, element);

    item.values = values;
    if (element->constructed && !cdr_is_string(field)) {
        what = "elements inside what should be a plain value";
    } else if (is_readable && !cdr_take_string(report, cursor, element, &item)) {
        what = "something else than pieces of a string";
    }
    if (what != NULL) {
        cdr_report_malformed(report, cdr_name_part(report->type, element, field), element->start,
                             element->value + element->length - element->start, what);
        return;
    }
    if (!is_readable) {
        return;
    }
    switch (field) {
    case CDR_IMSI:
        what = cdr_read_imsi(item.octets, item.num_octets, item.digits);
        break;
    case CDR_IMEI:
        what = cdr_read_imei(item.octets, item.num_octets, item.digits);
        break;
    case CDR_MSISDN:
        what = cdr_read_msisdn(item.octets, item.num_octets, item.digits);
        break;
    case CDR_OPENING_TIME:
    case CDR_CLOSING_TIME:
        what = cdr_read_time(item.octets, item.num_octets, &item.time, &item.time_offset);
        break;
    case CDR_APN:
    case CDR_NODE_ID:
        what = item.num_octets == 0 ? "a text without characters" : NULL;
        break;
    case CDR_SESSION_ID:
        if (item.num_octets == 0) {
            return; /* its type has no least length: nothing is wrong, and there is nothing to filter for */
        }
        break;
    default:
        cdr_report_integer(report, cursor->data, &item);
        return;
    }
    if (what != NULL) {
        cdr_report_malformed(report, cdr_name_part(report->type, element, field), item.offset, item.length, what);
        return;
    }
    report->sink->item(report->user, &item);
}

/* PDUSessionChargingInformation, whose type DATA is. */
static void report_session_part(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                                void *data)
{
    static const struct {
        uint32_t tag;
        cdr_field_t field;
    } numbers[] = { { 0, CDR_CHARGING_ID }, { 6, CDR_PDU_SESSION }, { 12, CDR_RAT } };
    enum { NETWORK_NAME_TAG = 13, ADDRESS_TAG = 14, LAST_ADDRESS_TAG = 1 };

    if (element->tag_class != BER_CONTEXT) {
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (numbers[i].tag == element->tag) {
            cdr_report_number(report, cursor, element, numbers[i].field, *(const uint16_t *)data);
        }
    }
    if (element->tag == NETWORK_NAME_TAG) {
        cdr_report_party(report, cursor, element, CDR_APN);
    } else if (element->tag == ADDRESS_TAG) {
        ber_cursor_t inner = ber_enter(cursor, element);
        ber_element_t address;
        const char *what;
        while (element->constructed && ber_read_element(&inner, &address, &what) == BER_OK) {
            if (address.tag_class == BER_CONTEXT && address.tag <= LAST_ADDRESS_TAG) {
                cdr_report_address(report, &inner, &address, CDR_PDP_ADDRESS, false);
            }
        }
    }
}

static void report_key(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                       const cdr_schema_key_t *key, bool is_closed)
{
    cdr_field_t field = (cdr_field_t)key->field;
    const cdr_schema_field_t *part;
    uint16_t type;

    switch (field) {
    case CDR_VOLUMES:
    case CDR_SERVICES:
        cdr_report_containers(report, cursor, element, field, is_closed);
        break;
    case CDR_NODE_ADDRESS:
    case CDR_PDP_ADDRESS:
        cdr_report_address(report, cursor, element, field, key->is_wrapped != 0);
        break;
    case CDR_SUBSCRIPTION:
        cdr_report_subscription(report, cursor, element);
        break;
    case CDR_SUBSCRIPTIONS:
        cdr_report_subscriptions(report, cursor, element);
        break;
    case CDR_CALLING:
    case CDR_CALLED:
        cdr_report_party_list(report, cursor, element, field);
        break;
    case CDR_NODE_NUMBER:
    case CDR_CALLING_NUMBER:
    case CDR_CALLED_NUMBER:
        if (is_closed) { /* some of the digits are another number */
            static const cdr_field_t reported[] = { CDR_NODE_ID, CDR_CALLING, CDR_CALLED };
            cdr_report_digits(report, cursor, element, reported[field - CDR_NODE_NUMBER]);
        }
        break;
    case CDR_UNITS:
        cdr_report_units(report, cursor, element);
        break;
    case CDR_SESSION:
        part = cdr_schema_find_part(report->type, element);
        type = part != NULL ? part->type : CDR_SCHEMA_NONE;
        cdr_report_parts(report, cursor, element, report_session_part, &type);
        break;
    default:
        if (is_closed) {
            report_primitive(report, cursor, element, field, key->values);
        }
        break;
    }
}

/* Any record has a recordType, also one that is not known. */
static const cdr_schema_key_t unknown_keys[] = { { .tag = CDR_RECORD_TYPE_TAG, .field = CDR_TYPE } };

/* The key field with TAG among those of RECORD, or NULL. *HINT is the first key that is not below the tag asked for
 * before: where to go on, as fields and keys rise alike. */
static const cdr_schema_key_t *find_key(const cdr_schema_record_t *record, uint32_t tag, unsigned *hint)
{
    const bool is_known = record != NULL && record->num_keys > 0;
    const cdr_schema_key_t *keys = is_known ? &cdr_schema_keys[record->keys] : unknown_keys;
    const unsigned count = is_known ? record->num_keys : 1;

    if (*hint > 0 && keys[*hint - 1].tag >= tag) {
        *hint = 0;
    }
    while (*hint < count && keys[*hint].tag < tag) {
        (*hint)++;
    }
    return *hint < count && keys[*hint].tag == tag ? &keys[*hint] : NULL;
}

/* The fields of the record. Each is read on its own: a bad value costs that value, and only a bad length, after which
 * nothing can be found any more, ends the report. */
static void report_fields(cdr_report_t *report, ber_cursor_t cursor, const cdr_schema_record_t *record)
{
    unsigned hint = 0;

    for (;;) {
        ber_element_t element;
        const cdr_schema_key_t *key = NULL;
        const char *what = NULL;
        const size_t offset = cursor.offset;
        const ber_status_t status = ber_read_element(&cursor, &element, &what);

        if (status == BER_END || status == BER_CUT) {
            return;
        }
        if (status != BER_BAD_START && element.tag_class == BER_CONTEXT) {
            key = find_key(record, element.tag, &hint);
        }
        if (status != BER_OK) {
            const cdr_field_t field = key != NULL ? (cdr_field_t)key->field : CDR_NONE;
            const char *name = status == BER_BAD_LENGTH ? cdr_name_part(report->type, &element, field) : NULL;
            cdr_report_ber(report, &cursor, &element, status, offset, name, "", what);
        }
        if (key != NULL) {
            report_key(report, &cursor, &element, key, status == BER_OK);
        }
    }
}

/* What can be said of the outermost element itself. */
static void check_record(cdr_report_t *report, const ber_element_t *record, const cdr_summary_t *summary)
{
    if (record->tag_class != BER_CONTEXT) {
        cdr_report_malformed(report, OUTERMOST, 0, record->value, "its tag is not a context tag, as a record's is");
    } else if (summary->record != NULL && summary->type != CDR_EGSN_TYPE && summary->record->tag != record->tag &&
               strcmp(cdr_schema_text + summary->record->domain, "PS") == 0) {
        char text[160];

        (void)snprintf(text, sizeof text, "recordType says %s, whose outermost tag is %u, but the tag is %" PRIu32 ".",
                       cdr_schema_text + summary->record->called, summary->record->tag, record->tag);
        cdr_report_fault(report, CDR_FAULT_TAG, 0, summary->tag_length, text);
    } else if (summary->is_undecided) {
        cdr_report_fault(
            report, CDR_FAULT_KIND, 0, summary->tag_length,
            "The record is an eGSN's or an E-CSCF's: both have recordType 70, and nothing here is of one of "
            "them alone. Its elements are shown without names.");
    }
}

void cdr_read_elements(wmem_allocator_t *pool, const uint8_t *data, uint32_t length, const cdr_schema_record_t *record,
                       const cdr_sink_t *sink, void *user)
{
    cdr_report_t report = { pool, sink, user, 0, record != NULL ? record->type : CDR_SCHEMA_NONE };

    report_fields(&report, (ber_cursor_t){ data, length, 0, length }, record);
}

void cdr_read_fields(wmem_allocator_t *pool, const uint8_t *data, uint32_t captured, uint32_t reported,
                     cdr_summary_t *summary, const cdr_sink_t *sink, void *user)
{
    cdr_report_t report = { pool, sink, user, 0, CDR_SCHEMA_NONE };
    ber_cursor_t cursor = { data, MIN(captured, reported), 0, reported };
    ber_element_t record;
    const char *what = NULL;
    const ber_status_t status = ber_read_element(&cursor, &record, &what);

    memset(summary, 0, sizeof *summary);
    if (status == BER_END) {
        cdr_report_fault(&report, CDR_FAULT_MALFORMED, 0, 0, "The record is empty.");
        return;
    }
    cdr_report_ber(&report, &cursor, &record, status, 0, OUTERMOST, "", what);
    if (status == BER_CUT || status == BER_BAD_START) {
        return;
    }
    if (!record.constructed) {
        cdr_report_malformed(&report, OUTERMOST, 0, record.value, "a plain value where a record's fields should be");
        return;
    }
    const ber_cursor_t fields = ber_enter(&cursor, &record);
    cdr_summary_read(&record, fields, summary);
    report.type = summary->record != NULL ? summary->record->type : CDR_SCHEMA_NONE;
    check_record(&report, &record, summary);
    report_fields(&report, fields, summary->record);
    if (!summary->has_type && summary->record != NULL && captured >= reported) {
        char text[160];
        (void)snprintf(
            text, sizeof text,
            "There is no recordType [0] that can be read: the fields are named as those of %s, by the outermost tag.",
            cdr_schema_text + summary->record->called);
        cdr_report_fault(&report, CDR_FAULT_MALFORMED, 0, summary->tag_length, text);
    } else if (!summary->has_type && report.faults == 0 && captured >= reported) {
        cdr_report_fault(&report, CDR_FAULT_MALFORMED, 0, summary->tag_length,
                         "The record has no recordType [0], so that its fields cannot be told apart.");
    }
    const size_t behind = cursor.offset;
    if (status != BER_OK || behind >= reported) {
        return;
    }
    if (octets_are_fill(data, cursor.offset, cursor.captured)) {
        char text[160];
        const size_t octets = reported - cursor.offset;
        (void)snprintf(text, sizeof text, "%zu octet%s %02X fill%s the room behind the record.", octets,
                       octets == 1 ? "" : "s", data[cursor.offset], octets == 1 ? "s" : "");
        cdr_report_fault(&report, CDR_FAULT_FILL, cursor.offset, reported - cursor.offset, text);
    } else {
        const bool is_record = ber_read_element(&cursor, &record, &what) == BER_OK && record.constructed &&
                               record.tag_class == BER_CONTEXT;
        cdr_report_malformed(&report, "what follows the outermost element", behind, reported - behind,
                             is_record ? "another record, or an element like one, whose key fields are not read"
                                       : "octets that belong to no element");
    }
}
