/* cdr_reader.c
 * Reads the BER encoding of a charging data record (3GPP TS 32.298) and reports its key fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_reader.h"

#include "base/ber.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How texts call a record's outermost element. */
#define OUTERMOST "the outermost element"

/* recordType of an eGSN, and the outermost tag of an E-CSCF's record. */
#define EGSN_TYPE 70
#define EGSN_SHARED_TAG 70

/* Context tags of a container in listOfTrafficVolumes and in listOfServiceData; downlink is the one after uplink. */
#define VOLUME_TAG_UPLINK 3
#define SERVICE_TAG_RATING_GROUP 1
#define SERVICE_TAG_UPLINK 12

/* {{{ Summary */

/* The first element with context tag TAG, if it can be read in full. */
static bool find_element(ber_cursor_t cursor, uint32_t tag, ber_element_t *element)
{
    const char *text;

    while (ber_read_element(&cursor, element, &text) == BER_OK) {
        if (ber_is_context(element, tag, false)) {
            return ber_is_captured(&cursor, element);
        }
    }
    return false;
}

/* recordType 70 is an eGSN's and an E-CSCF's alike, and so is the outermost tag 70. The eGSN's record has the IMSI
 * under [3] and chargingID under [5], the E-CSCF's a one-octet role of the node and a SIP session's name. */
static bool is_egsn(ber_cursor_t fields, uint32_t outermost_tag)
{
    ber_element_t element;

    if (outermost_tag != EGSN_SHARED_TAG) {
        return true;
    }
    if (find_element(fields, 3, &element)) {
        return element.length >= 3;
    }
    return find_element(fields, 5, &element) && element.length <= 5;
}

/* Reads what stands at the start of RECORD, the outermost element, whose elements are FIELDS. */
static void read_summary(const ber_element_t *record, ber_cursor_t fields, cdr_summary_t *summary)
{
    ber_element_t element;
    uint64_t type;
    bool reads_negative;

    summary->has_tag = true;
    summary->tag = record->tag;
    summary->tag_length = (uint32_t)(record->length_start - record->start);
    if (find_element(fields, CDR_TAG_RECORD_TYPE, &element) &&
        cdr_read_integer(fields.data + element.value, element.length, &type, &reads_negative) == NULL &&
        type <= UINT32_MAX) {
        summary->has_type = true;
        summary->type = (uint32_t)type;
        const bool egsn = type == EGSN_TYPE && is_egsn(fields, summary->tag);
        summary->kind = cdr_find_kind(summary->type, egsn);
        summary->record = cdr_schema_find_record(summary->type, summary->tag, egsn);
    }
}

/* }}} */
/* {{{ Walk */

typedef struct {
    const cdr_sink_t *sink;
    void *user;
    unsigned faults;
} walk_t;

static void report_fault(walk_t *walk, cdr_fault_t fault, size_t offset, size_t length, const char *text)
{
    walk->faults++;
    if (walk->faults < CDR_MAX_FAULTS) {
        walk->sink->fault(walk->user, fault, (uint32_t)offset, (uint32_t)length, text);
    } else if (walk->faults == CDR_MAX_FAULTS) {
        walk->sink->fault(walk->user, fault, (uint32_t)offset, (uint32_t)length,
                          "The record has more faults than are listed.");
    }
}

/* "At octet 12 of the record, servedIMSI cannot be read: what is wrong."; octets are counted from 0, as in the byte
 * view. */
static void report_malformed(walk_t *walk, const char *name, size_t offset, size_t length, const char *what)
{
    char text[160];

    (void)snprintf(text, sizeof text, "At octet %zu of the record, %s cannot be read: %s.", offset, name, what);
    report_fault(walk, CDR_FAULT_MALFORMED, offset, length, text);
}

/* Reports what ber_read_element() found wrong; the element's octets up to the container's end are meant. */
static void report_ber(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, ber_status_t status,
                       size_t offset, const char *name, const char *what)
{
    char label[48];

    if (status != BER_BAD_START && status != BER_BAD_LENGTH) {
        return;
    }
    if (status == BER_BAD_LENGTH && element->tag_class == BER_CONTEXT) {
        (void)snprintf(label, sizeof label, "%s [%" PRIu32 "]", name, element->tag);
        name = label;
    }
    report_malformed(walk, name, offset, cursor->end - offset, what);
}

static cdr_item_t make_item(cdr_field_t field, const ber_element_t *element)
{
    cdr_item_t item;

    memset(&item, 0, sizeof item);
    item.field = field;
    item.offset = (uint32_t)element->value;
    item.length = (uint32_t)element->length;
    return item;
}

/* Reads an integer field into ITEM and reports it; everything but a volume has 32 bits at most by its definition. */
static void walk_integer(walk_t *walk, const uint8_t *data, cdr_item_t *item)
{
    const bool is_volume = item->field == CDR_UPLINK || item->field == CDR_DOWNLINK;
    bool reads_negative;
    const char *what = cdr_read_integer(data + item->offset, item->length, &item->number, &reads_negative);

    if (what == NULL && item->number > UINT32_MAX && !is_volume) {
        what = "an integer of more than 32 bits";
    }
    if (what != NULL) {
        report_malformed(walk, cdr_name_field(item->field), item->offset, item->length, what);
        return;
    }
    walk->sink->item(walk->user, item);
    if (reads_negative) {
        char text[160];
        (void)snprintf(text, sizeof text,
                       "At octet %" PRIu32 " of the record, %s is negative in BER; it is read as unsigned.",
                       item->offset, cdr_name_field(item->field));
        report_fault(walk, CDR_FAULT_SIGN, item->offset, item->length, text);
    }
}

/* Reads a primitive field and reports it. */
static void walk_primitive(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_field_t field)
{
    cdr_item_t item = make_item(field, element);
    const uint8_t *value = cursor->data + element->value;
    const char *what = NULL;

    if (element->constructed) {
        report_malformed(walk, cdr_name_field(field), element->start, element->value + element->length - element->start,
                         "elements inside what should be a plain value");
        return;
    }
    if (!ber_is_captured(cursor, element)) {
        return;
    }
    switch (field) {
    case CDR_IMSI:
        what = cdr_read_imsi(value, element->length, item.digits);
        break;
    case CDR_IMEI:
        what = cdr_read_imei(value, element->length, item.digits);
        break;
    case CDR_MSISDN:
        what = cdr_read_msisdn(value, element->length, item.digits);
        break;
    case CDR_OPENING_TIME:
        what = cdr_read_time(value, element->length, &item.time, &item.time_offset);
        break;
    case CDR_APN:
    case CDR_NODE_ID:
        what = element->length == 0 ? "a text without characters" : NULL;
        break;
    default:
        walk_integer(walk, cursor->data, &item);
        return;
    }
    if (what != NULL) {
        report_malformed(walk, cdr_name_field(field), item.offset, item.length, what);
        return;
    }
    walk->sink->item(walk->user, &item);
}

/* IPAddress: [0] IPv4, [1] IPv6, [2] and [3] text, [4] an IPv6 address together with its prefix length. */
static void walk_ip(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *choice, cdr_field_t field)
{
    ber_element_t element = *choice;
    cdr_item_t item;
    const uint8_t *value;
    const char *what;
    const uint32_t form = choice->tag_class == BER_CONTEXT ? choice->tag : UINT32_MAX;

    if (form == 4 && choice->constructed) {
        ber_cursor_t inner = ber_enter(cursor, choice);
        ber_status_t status = ber_read_element(&inner, &element, &what);

        if (status == BER_CUT) {
            return;
        }
        if (status != BER_OK || element.tag_class != BER_UNIVERSAL || element.tag != BER_OCTET_STRING) {
            report_malformed(walk, cdr_name_field(field), choice->value, choice->length,
                             "no IPv6 address before its prefix length");
            return;
        }
    }
    if (!ber_is_captured(cursor, &element)) {
        return;
    }
    item = make_item(field, &element);
    value = cursor->data + element.value;
    if (form > 4 || element.constructed) {
        what = "not a form of IP address";
    } else if (form == 0) {
        what = cdr_read_ipv4(value, element.length, &item.address);
    } else if (form == 1 || form == 4) {
        what = cdr_read_ipv6(value, element.length, &item.address);
    } else {
        what = cdr_read_ip_text(value, element.length, &item.address);
    }
    if (what != NULL) {
        report_malformed(walk, cdr_name_field(field), element.value, element.length, what);
        return;
    }
    walk->sink->item(walk->user, &item);
}

/* GSNAddress is an IPAddress. PDPAddress wraps one in [0]; its [1] is an X.121 address of early releases, which is no
 * IP address and not reported. */
static void walk_address(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *field_element,
                         cdr_field_t field)
{
    const char *name = cdr_name_field(field);
    ber_cursor_t inner = ber_enter(cursor, field_element);
    ber_element_t element;
    const char *what = NULL;
    ber_status_t status;
    size_t offset = inner.offset;

    if (!field_element->constructed) {
        report_malformed(walk, name, field_element->value, field_element->length, "an address without its form");
        return;
    }
    status = ber_read_element(&inner, &element, &what);
    if (status == BER_OK && field == CDR_PDP_ADDRESS) {
        if (ber_is_context(&element, 1, true)) {
            return;
        }
        if (ber_is_context(&element, 0, true)) {
            inner = ber_enter(cursor, &element);
            offset = inner.offset;
            status = ber_read_element(&inner, &element, &what);
        }
    }
    if (status == BER_OK) {
        walk_ip(walk, cursor, &element, field);
    } else if (status == BER_END) {
        report_malformed(walk, name, field_element->start, field_element->value - field_element->start,
                         "an address without octets");
    } else {
        report_ber(walk, &inner, &element, status, offset, name, what);
    }
}

/* One ChangeOfCharCondition or ChangeOfServiceCondition. */
static void walk_container(walk_t *walk, ber_cursor_t cursor, bool in_service, uint32_t container)
{
    const uint32_t uplink_tag = in_service ? SERVICE_TAG_UPLINK : VOLUME_TAG_UPLINK;
    const char *name = in_service ? "a service data container" : "a traffic volume container";
    uint64_t rating_group = 0;
    bool has_rating_group = false;

    for (;;) {
        ber_element_t element;
        cdr_item_t item;
        bool negative;
        const char *what = NULL;
        const size_t offset = cursor.offset;
        const ber_status_t status = ber_read_element(&cursor, &element, &what);

        if (status != BER_OK) {
            report_ber(walk, &cursor, &element, status, offset, name, what);
            return;
        }
        if (element.tag_class != BER_CONTEXT || !ber_is_captured(&cursor, &element)) {
            continue;
        }
        if (in_service && ber_is_context(&element, SERVICE_TAG_RATING_GROUP, false)) {
            has_rating_group =
                cdr_read_integer(cursor.data + element.value, element.length, &rating_group, &negative) == NULL &&
                rating_group <= UINT32_MAX;
        }
        if (element.constructed || (element.tag != uplink_tag && element.tag != uplink_tag + 1)) {
            continue;
        }
        item = make_item(element.tag == uplink_tag ? CDR_UPLINK : CDR_DOWNLINK, &element);
        item.in_service = in_service;
        item.container = container;
        item.has_rating_group = has_rating_group;
        item.rating_group = (uint32_t)rating_group;
        walk_integer(walk, cursor.data, &item);
    }
}

/* listOfTrafficVolumes and listOfServiceData. When the list's own length is wrong, what follows its containers is not
 * the list's fault: CLOSED is then false. */
static void walk_containers(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *list, cdr_field_t field,
                            bool closed)
{
    const char *name = cdr_name_field(field);
    ber_cursor_t inner = ber_enter(cursor, list);

    if (!list->constructed) {
        report_malformed(walk, name, list->value, list->length, "a plain value where a list should be");
        return;
    }
    for (uint32_t container = 1;; container++) {
        ber_element_t element;
        const char *what = NULL;
        const size_t offset = inner.offset;
        const ber_status_t status = ber_read_element(&inner, &element, &what);

        if (status == BER_END || status == BER_CUT) {
            return;
        }
        if (closed) {
            report_ber(walk, &inner, &element, status, offset, name, what);
        }
        if (status == BER_BAD_START) {
            return;
        }
        if (element.tag_class != BER_UNIVERSAL || element.tag != BER_SEQUENCE || !element.constructed) {
            if (closed) {
                report_malformed(walk, name, element.start, element.value - element.start,
                                 "something else than a container in the list");
            }
            return;
        }
        walk_container(walk, ber_enter(&inner, &element), field == CDR_SERVICES, container);
    }
}

/* The fields of the record. Each is read on its own: a bad value costs that value, and only a bad length, after which
 * nothing can be found any more, ends the walk. */
static void walk_fields(walk_t *walk, ber_cursor_t cursor, cdr_family_t family)
{
    for (;;) {
        ber_element_t element;
        cdr_field_t field = CDR_NONE;
        const char *what = NULL;
        const size_t offset = cursor.offset;
        const ber_status_t status = ber_read_element(&cursor, &element, &what);

        if (status == BER_END || status == BER_CUT) {
            return;
        }
        if (status != BER_BAD_START && element.tag_class == BER_CONTEXT) {
            field = cdr_find_field(family, element.tag);
        }
        if (status != BER_OK) {
            report_ber(walk, &cursor, &element, status, offset, cdr_name_field(field), what);
        }
        switch (field) {
        case CDR_NONE:
            break;
        case CDR_VOLUMES:
        case CDR_SERVICES:
            walk_containers(walk, &cursor, &element, field, status == BER_OK);
            break;
        case CDR_NODE_ADDRESS:
        case CDR_PDP_ADDRESS:
            walk_address(walk, &cursor, &element, field);
            break;
        default:
            if (status == BER_OK) {
                walk_primitive(walk, &cursor, &element, field);
            }
            break;
        }
    }
}

/* True when all octets from OFFSET to CAPTURED are 00, or all are FF, and there are some. */
static bool is_fill(const uint8_t *data, size_t offset, size_t captured)
{
    const size_t first = offset;

    if (offset >= captured || (data[offset] != 0 && data[offset] != 0xff)) {
        return false;
    }
    while (offset < captured && data[offset] == data[first]) {
        offset++;
    }
    return offset == captured;
}

/* What can be said of the outermost element itself. */
static void check_record(walk_t *walk, const ber_element_t *record, const cdr_summary_t *summary)
{
    if (record->tag_class != BER_CONTEXT) {
        report_malformed(walk, OUTERMOST, 0, record->value, "its tag is not a context tag, as a record's is");
    } else if (summary->kind != NULL && summary->kind->tag != 0 && summary->kind->tag != record->tag) {
        char text[160];

        (void)snprintf(text, sizeof text, "recordType says %s, whose outermost tag is %u, but the tag is %" PRIu32 ".",
                       summary->kind->name, summary->kind->tag, record->tag);
        report_fault(walk, CDR_FAULT_TAG, 0, summary->tag_length, text);
    }
}

void cdr_read_fields(const uint8_t *data, uint32_t captured, uint32_t reported, cdr_summary_t *summary,
                     const cdr_sink_t *sink, void *user)
{
    walk_t walk = { sink, user, 0 };
    ber_cursor_t cursor = { data, MIN(captured, reported), 0, reported };
    ber_element_t record;
    const char *what = NULL;
    const ber_status_t status = ber_read_element(&cursor, &record, &what);

    memset(summary, 0, sizeof *summary);
    if (status == BER_END) {
        report_fault(&walk, CDR_FAULT_MALFORMED, 0, 0, "The record is empty.");
        return;
    }
    report_ber(&walk, &cursor, &record, status, 0, OUTERMOST, what);
    if (status == BER_CUT || status == BER_BAD_START) {
        return;
    }
    if (!record.constructed) {
        report_malformed(&walk, OUTERMOST, 0, record.value, "a plain value where a record's fields should be");
        return;
    }
    const ber_cursor_t fields = ber_enter(&cursor, &record);
    read_summary(&record, fields, summary);
    check_record(&walk, &record, summary);
    walk_fields(&walk, fields, summary->kind != NULL ? (cdr_family_t)summary->kind->family : CDR_FAMILY_OTHER);
    if (!summary->has_type && walk.faults == 0 && captured >= reported) {
        report_fault(&walk, CDR_FAULT_MALFORMED, 0, summary->tag_length,
                     "The record has no recordType [0], so that its fields cannot be told apart.");
    }
    if (status != BER_OK || cursor.offset >= reported) {
        return;
    }
    if (is_fill(data, cursor.offset, cursor.captured)) {
        char text[160];
        (void)snprintf(text, sizeof text, "%zu octets %02X fill the room behind the record.", reported - cursor.offset,
                       data[cursor.offset]);
        report_fault(&walk, CDR_FAULT_FILL, cursor.offset, reported - cursor.offset, text);
    } else {
        report_malformed(&walk, "what follows the outermost element", cursor.offset, reported - cursor.offset,
                         "octets that belong to no element");
    }
}

/* }}} */
