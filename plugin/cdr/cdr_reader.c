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

#include "cdr_egsn.h"
#include "cdr_pieces.h"

/* How texts call a record's outermost element. */
#define OUTERMOST "the outermost element"

/* Context tags of a container in listOfTrafficVolumes and in listOfServiceData; downlink is the one after uplink. */
#define VOLUME_TAG_UPLINK 3
#define SERVICE_TAG_RATING_GROUP 1
#define SERVICE_TAG_UPLINK 12

/* {{{ Walk */

typedef struct {
    wmem_allocator_t *pool;
    const cdr_sink_t *sink;
    void *user;
    unsigned faults;
    uint16_t type; /* of the record; CDR_SCHEMA_NONE when it is not known */
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

static uint32_t place_of(const walk_t *walk, size_t offset)
{
    return walk->sink->place != NULL ? walk->sink->place(walk->user, (uint32_t)offset) : (uint32_t)offset;
}

/* "At octet 12 of the record, servedIMSI cannot be read: what is wrong."; octets are counted from 0, as in the byte
 * view. */
static void report_malformed(walk_t *walk, const char *name, size_t offset, size_t length, const char *what)
{
    char text[240];

    (void)snprintf(text, sizeof text, "At octet %" PRIu32 " of the record, %s cannot be read: %s.",
                   place_of(walk, offset), name, what);
    report_fault(walk, CDR_FAULT_MALFORMED, offset, length, text);
}

/* Reports what ber_read_element() found wrong with an element, whose octets up to its container's end are meant: that
 * of NAME, or one that has none (NULL) in the part of the record that is called AROUND. */
static void report_ber(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, ber_status_t status,
                       size_t offset, const char *name, const char *around, const char *what)
{
    char label[96];
    char tag[24] = "";

    if (status != BER_BAD_START && status != BER_BAD_LENGTH) {
        return;
    }
    if (status == BER_BAD_LENGTH && element->tag_class == BER_CONTEXT) {
        (void)snprintf(tag, sizeof tag, " [%" PRIu32 "]", element->tag);
    }
    if (name != NULL) {
        (void)snprintf(label, sizeof label, "%s%s%s%s", around, around[0] != '\0' ? "." : "", name, tag);
    } else {
        (void)snprintf(label, sizeof label, "an element%s%s%s", tag, around[0] != '\0' ? " of " : "", around);
    }
    report_malformed(walk, label, offset, cursor->end - offset, what);
}

static cdr_item_t make_item(cdr_field_t field, const ber_cursor_t *cursor, const ber_element_t *element)
{
    cdr_item_t item;

    memset(&item, 0, sizeof item);
    item.field = field;
    item.offset = (uint32_t)element->value;
    item.length = (uint32_t)element->length;
    item.octets = cursor->data + element->value;
    item.num_octets = item.length;
    return item;
}

/* Gives ITEM the octets of ELEMENT, a string that may be in pieces. False when something else than pieces is in it. */
static bool take_string(const walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_item_t *item)
{
    return cdr_join_pieces(walk->pool, cursor, element, false, &item->octets, &item->num_octets);
}

/* Reads an integer field into ITEM and reports it. */
static void walk_integer(walk_t *walk, const uint8_t *data, cdr_item_t *item)
{
    bool reads_negative;
    const char *what = cdr_read_integer(data + item->offset, item->length, &item->number, &reads_negative);

    if (what == NULL && item->number > UINT32_MAX && !cdr_is_unlimited(item->field)) {
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
                       place_of(walk, item->offset), cdr_name_field(item->field));
        report_fault(walk, CDR_FAULT_SIGN, item->offset, item->length, text);
    }
}

/* Reads a primitive field and reports it. */
static void walk_primitive(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_field_t field,
                           uint16_t values)
{
    cdr_item_t item = make_item(field, cursor, element);
    const char *what = NULL;
    const bool is_readable = ber_is_captured(cursor, element);

    item.values = values;
    if (element->constructed && !cdr_is_string(field)) {
        what = "elements inside what should be a plain value";
    } else if (is_readable && !take_string(walk, cursor, element, &item)) {
        what = "something else than pieces of a string";
    }
    if (what != NULL) {
        report_malformed(walk, cdr_name_part(walk->type, element, field), element->start,
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
        walk_integer(walk, cursor->data, &item);
        return;
    }
    if (what != NULL) {
        report_malformed(walk, cdr_name_part(walk->type, element, field), item.offset, item.length, what);
        return;
    }
    walk->sink->item(walk->user, &item);
}

/* IPAddress: [0] IPv4, [1] IPv6, [2] and [3] text, [4] an IPv6 address together with its prefix length. */
static void walk_ip(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *choice, cdr_field_t field,
                    const ber_element_t *around)
{
    ber_element_t element = *choice;
    cdr_item_t item;
    const char *what;
    const uint32_t form = choice->tag_class == BER_CONTEXT ? choice->tag : UINT32_MAX;

    if (form == 4 && choice->constructed) {
        ber_cursor_t inner = ber_enter(cursor, choice);
        ber_status_t status;

        do { /* a sender's own elements may be in front */
            status = ber_read_element(&inner, &element, &what);
        } while (status == BER_OK && element.tag_class != BER_UNIVERSAL);
        if (status == BER_CUT) {
            return;
        }
        if (status != BER_OK || element.tag != BER_OCTET_STRING) {
            report_malformed(walk, cdr_name_part(walk->type, around, field), choice->value, choice->length,
                             "no IPv6 address before its prefix length");
            return;
        }
    }
    if (!ber_is_captured(cursor, &element)) {
        return;
    }
    item = make_item(field, cursor, &element);
    if (form > 4 || !take_string(walk, cursor, &element, &item)) {
        what = "not a form of IP address";
    } else if (form == 0) {
        what = cdr_read_ipv4(item.octets, item.num_octets, &item.address);
    } else if (form == 1 || form == 4) {
        what = cdr_read_ipv6(item.octets, item.num_octets, &item.address);
    } else {
        what = cdr_read_ip_text(item.octets, item.num_octets, &item.address);
        if (what != NULL) {
            return; /* the specification says IA5String: another text is well-formed, and no address to filter for */
        }
    }
    if (what != NULL) {
        report_malformed(walk, cdr_name_part(walk->type, around, field), element.value, element.length, what);
        return;
    }
    walk->sink->item(walk->user, &item);
}

/* GSNAddress is an IPAddress. PDPAddress and NodeAddress wrap one in [0]; their [1] is an X.121 address of early
 * releases or the name of a domain, which is no IP address and not reported. */
static void walk_address(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *field_element,
                         cdr_field_t field, bool is_wrapped)
{
    ber_cursor_t inner = ber_enter(cursor, field_element);
    ber_element_t element;
    const char *what = NULL;
    ber_status_t status;
    size_t offset = inner.offset;

    if (!field_element->constructed) {
        report_malformed(walk, cdr_name_part(walk->type, field_element, field), field_element->value,
                         field_element->length, "an address without its form");
        return;
    }
    status = ber_read_element(&inner, &element, &what);
    if (status == BER_OK && is_wrapped) {
        if (element.tag_class == BER_CONTEXT && element.tag == 1) {
            return;
        }
        if (ber_is_context(&element, 0, true)) {
            inner = ber_enter(cursor, &element);
            offset = inner.offset;
            status = ber_read_element(&inner, &element, &what);
        }
    }
    if (status == BER_OK) {
        walk_ip(walk, cursor, &element, field, field_element);
    } else if (status == BER_END) {
        report_malformed(walk, cdr_name_part(walk->type, field_element, field), field_element->start,
                         field_element->value - field_element->start, "an address without octets");
    } else {
        report_ber(walk, &inner, &element, status, offset, NULL, cdr_name_part(walk->type, field_element, field), what);
    }
}

/* Reports what is wrong with an element in item number CONTAINER of LIST. */
static void report_in_container(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element,
                                ber_status_t status, size_t offset, const ber_element_t *list, uint32_t container,
                                const char *what)
{
    const cdr_schema_field_t *field = cdr_schema_find_part(walk->type, list);
    const bool is_named =
        field != NULL && status == BER_BAD_LENGTH && cdr_schema_find_part(field->type, element) != NULL;
    char around[48];

    (void)snprintf(around, sizeof around, "%s[%" PRIu32 "]", cdr_name_part(walk->type, list, CDR_NONE), container);
    report_ber(walk, cursor, element, status, offset, is_named ? cdr_name_part(field->type, element, CDR_NONE) : NULL,
               around, what);
}

/* One ChangeOfCharCondition or ChangeOfServiceCondition, of LIST. */
static void walk_container(walk_t *walk, ber_cursor_t cursor, bool in_service, uint32_t container,
                           const ber_element_t *list)
{
    const uint32_t uplink_tag = in_service ? SERVICE_TAG_UPLINK : VOLUME_TAG_UPLINK;
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
            report_in_container(walk, &cursor, &element, status, offset, list, container, what);
            return;
        }
        if (element.tag_class != BER_CONTEXT || !ber_is_captured(&cursor, &element)) {
            continue;
        }
        if (in_service && ber_is_context(&element, SERVICE_TAG_RATING_GROUP, false)) {
            const bool is_number =
                cdr_read_integer(cursor.data + element.value, element.length, &rating_group, &negative) == NULL;
            has_rating_group = is_number;
            if (is_number) {
                item = make_item(CDR_RATING_GROUP, &cursor, &element);
                item.number = rating_group;
                item.in_service = true;
                item.container = container;
                walk->sink->item(walk->user, &item);
            }
        }
        if (element.constructed || (element.tag != uplink_tag && element.tag != uplink_tag + 1)) {
            continue;
        }
        item = make_item(element.tag == uplink_tag ? CDR_UPLINK : CDR_DOWNLINK, &cursor, &element);
        item.in_service = in_service;
        item.container = container;
        item.has_rating_group = has_rating_group;
        item.rating_group = rating_group;
        walk_integer(walk, cursor.data, &item);
    }
}

/* listOfTrafficVolumes and listOfServiceData. CLOSED is false when the list's own length is wrong: what follows its
 * containers is not its fault then. */
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
            report_ber(walk, &inner, &element, status, offset, NULL, name, what);
        }
        if (status == BER_BAD_START) {
            return;
        }
        if (element.tag_class != BER_UNIVERSAL) {
            continue; /* a vendor's own, as the walk over all parts notes */
        }
        if (element.constructed && (element.tag == BER_SEQUENCE || element.tag == BER_SET)) {
            walk_container(walk, ber_enter(&inner, &element), field == CDR_SERVICES, container, list);
        } else if (closed) {
            report_malformed(walk, name, element.start, element.value - element.start,
                             "something else than a container in the list");
        }
    }
}

/* }}} */
/* {{{ Parts of IMS and 5G */

/* Calls VISIT for each context element that CONTAINER holds and that can be read. What is wrong in there is said where
 * all parts of the record are shown. */
static void walk_parts(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *container,
                       void (*visit)(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element,
                                     void *data),
                       void *data)
{
    ber_cursor_t inner = ber_enter(cursor, container);
    ber_element_t element;
    const char *what;

    while (container->constructed && ber_read_element(&inner, &element, &what) == BER_OK) {
        visit(walk, &inner, &element, data);
    }
}

/* The number under context tag TAG in CONTAINER, if there is one that can be read. */
static bool find_number(const ber_cursor_t *cursor, const ber_element_t *container, uint32_t tag, uint64_t *number)
{
    ber_element_t element;
    bool negative;

    return container->constructed && cdr_summary_find_element(ber_enter(cursor, container), tag, false, &element) &&
           cdr_read_integer(cursor->data + element.value, element.length, number, &negative) == NULL;
}

/* The number in ELEMENT, which is a part of TYPE; CDR_SCHEMA_NONE when its values have no names. */
static void report_number(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_field_t field,
                          uint16_t type)
{
    const cdr_schema_field_t *part = cdr_schema_find_part(type, element);

    if (!element->constructed && ber_is_captured(cursor, element)) {
        cdr_item_t item = make_item(field, cursor, element);
        item.values = part != NULL ? cdr_schema_types[part->type].first : 0;
        walk_integer(walk, cursor->data, &item);
    }
}

/* SubscriptionID: [0] says what [1] is. In 5G the digits have a word in front: imsi-, msisdn-. */
static void walk_subscription(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *container, void *data)
{
    enum { IS_E164 = 0, IS_IMSI = 1 };
    ber_element_t element;
    uint64_t type;

    (void)data;
    if (!find_number(cursor, container, 0, &type) || (type != IS_E164 && type != IS_IMSI) ||
        !cdr_summary_find_element(ber_enter(cursor, container), 1, true, &element)) {
        return;
    }
    cdr_item_t item = make_item(type == IS_IMSI ? CDR_IMSI : CDR_MSISDN, cursor, &element);
    if (!take_string(walk, cursor, &element, &item)) {
        return;
    }
    if (cdr_read_subscriber(item.octets, item.num_octets, item.digits) == NULL) {
        walk->sink->item(walk->user, &item);
    }
}

/* A party: each text in it, whatever kind of address that is. */
static void report_party(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, void *data)
{
    enum { LAST_KIND = 4 }; /* of the CHOICE InvolvedParty; what is beyond is a vendor's */
    cdr_item_t item = make_item(*(const cdr_field_t *)data, cursor, element);

    if (element->tag_class == BER_CONTEXT && element->tag <= LAST_KIND && ber_is_captured(cursor, element) &&
        take_string(walk, cursor, element, &item) && item.num_octets > 0) {
        walk->sink->item(walk->user, &item);
    }
}

/* The number of a switch or of a party. One without digits is withheld; what else is wrong with it is said where all
 * parts of the record are shown. */
static void report_digits(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_field_t field)
{
    cdr_item_t item = make_item(field, cursor, element);

    item.is_digits = true;
    if (ber_is_captured(cursor, element) && take_string(walk, cursor, element, &item) &&
        cdr_read_number(item.octets, item.num_octets, item.digits) == NULL) {
        walk->sink->item(walk->user, &item);
    }
}

/* What a UsedUnitContainer is part of. */
typedef struct {
    uint32_t containers; /* before it */
    bool has_rating_group;
    uint64_t rating_group;
} units_t;

/* UsedUnitContainer: [5] up, [6] down. */
static void walk_used_unit(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *container, void *data)
{
    enum { UPLINK_TAG = 5 };
    units_t *units = data;

    units->containers++;
    for (uint32_t tag = UPLINK_TAG; container->constructed && tag <= UPLINK_TAG + 1; tag++) {
        ber_element_t element;
        if (cdr_summary_find_element(ber_enter(cursor, container), tag, false, &element)) {
            cdr_item_t item = make_item(tag == UPLINK_TAG ? CDR_UPLINK : CDR_DOWNLINK, cursor, &element);
            item.in_service = true;
            item.container = units->containers;
            item.has_rating_group = units->has_rating_group;
            item.rating_group = units->rating_group;
            walk_integer(walk, cursor->data, &item);
        }
    }
}

/* MultipleUnitUsage: [0] rating group, [1] its used units. */
static void walk_unit_usage(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *usage, void *data)
{
    units_t *units = data;
    ber_cursor_t inner = ber_enter(cursor, usage);
    ber_element_t element;
    const char *what;

    units->has_rating_group = find_number(cursor, usage, 0, &units->rating_group);
    while (usage->constructed && ber_read_element(&inner, &element, &what) == BER_OK) {
        if (ber_is_context(&element, 0, false)) {
            report_number(walk, &inner, &element, CDR_RATING_GROUP, CDR_SCHEMA_NONE);
        } else if (ber_is_context(&element, 1, true)) {
            walk_parts(walk, &inner, &element, walk_used_unit, units);
        }
    }
}

/* PDUSessionChargingInformation, whose type DATA is. */
static void walk_session_part(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, void *data)
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
            report_number(walk, cursor, element, numbers[i].field, *(const uint16_t *)data);
        }
    }
    if (element->tag == NETWORK_NAME_TAG) {
        cdr_field_t field = CDR_APN;
        report_party(walk, cursor, element, &field);
    } else if (element->tag == ADDRESS_TAG) {
        ber_cursor_t inner = ber_enter(cursor, element);
        ber_element_t address;
        const char *what;
        while (element->constructed && ber_read_element(&inner, &address, &what) == BER_OK) {
            if (address.tag_class == BER_CONTEXT && address.tag <= LAST_ADDRESS_TAG) {
                walk_address(walk, &inner, &address, CDR_PDP_ADDRESS, false);
            }
        }
    }
}

/* }}} */
/* {{{ The record */

static void walk_key(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element,
                     const cdr_schema_key_t *key, bool is_closed)
{
    cdr_field_t field = (cdr_field_t)key->field;
    const cdr_schema_field_t *part;
    uint16_t type;
    units_t units = { 0, false, 0 };

    switch (field) {
    case CDR_VOLUMES:
    case CDR_SERVICES:
        walk_containers(walk, cursor, element, field, is_closed);
        break;
    case CDR_NODE_ADDRESS:
    case CDR_PDP_ADDRESS:
        walk_address(walk, cursor, element, field, key->is_wrapped != 0);
        break;
    case CDR_SUBSCRIPTION:
        walk_subscription(walk, cursor, element, NULL);
        break;
    case CDR_SUBSCRIPTIONS:
        walk_parts(walk, cursor, element, walk_subscription, NULL);
        break;
    case CDR_CALLING:
    case CDR_CALLED:
        walk_parts(walk, cursor, element, report_party, &field);
        break;
    case CDR_NODE_NUMBER:
    case CDR_CALLING_NUMBER:
    case CDR_CALLED_NUMBER:
        if (is_closed) { /* some of the digits are another number */
            static const cdr_field_t reported[] = { CDR_NODE_ID, CDR_CALLING, CDR_CALLED };
            report_digits(walk, cursor, element, reported[field - CDR_NODE_NUMBER]);
        }
        break;
    case CDR_UNITS:
        walk_parts(walk, cursor, element, walk_unit_usage, &units);
        break;
    case CDR_SESSION:
        part = cdr_schema_find_part(walk->type, element);
        type = part != NULL ? part->type : CDR_SCHEMA_NONE;
        walk_parts(walk, cursor, element, walk_session_part, &type);
        break;
    default:
        if (is_closed) {
            walk_primitive(walk, cursor, element, field, key->values);
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
 * nothing can be found any more, ends the walk. */
static void walk_fields(walk_t *walk, ber_cursor_t cursor, const cdr_schema_record_t *record)
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
            const char *name = status == BER_BAD_LENGTH ? cdr_name_part(walk->type, &element, field) : NULL;
            report_ber(walk, &cursor, &element, status, offset, name, "", what);
        }
        if (key != NULL) {
            walk_key(walk, &cursor, &element, key, status == BER_OK);
        }
    }
}

/* What can be said of the outermost element itself. */
static void check_record(walk_t *walk, const ber_element_t *record, const cdr_summary_t *summary)
{
    if (record->tag_class != BER_CONTEXT) {
        report_malformed(walk, OUTERMOST, 0, record->value, "its tag is not a context tag, as a record's is");
    } else if (summary->record != NULL && summary->type != CDR_EGSN_TYPE && summary->record->tag != record->tag &&
               strcmp(cdr_schema_text + summary->record->domain, "PS") == 0) {
        char text[160];

        (void)snprintf(text, sizeof text, "recordType says %s, whose outermost tag is %u, but the tag is %" PRIu32 ".",
                       cdr_schema_text + summary->record->called, summary->record->tag, record->tag);
        report_fault(walk, CDR_FAULT_TAG, 0, summary->tag_length, text);
    } else if (summary->is_undecided) {
        report_fault(walk, CDR_FAULT_KIND, 0, summary->tag_length,
                     "The record is an eGSN's or an E-CSCF's: both have recordType 70, and nothing here is of one of "
                     "them alone. Its elements are shown without names.");
    }
}

void cdr_read_elements(wmem_allocator_t *pool, const uint8_t *data, uint32_t length, const cdr_schema_record_t *record,
                       const cdr_sink_t *sink, void *user)
{
    walk_t walk = { pool, sink, user, 0, record != NULL ? record->type : CDR_SCHEMA_NONE };

    walk_fields(&walk, (ber_cursor_t){ data, length, 0, length }, record);
}

void cdr_read_fields(wmem_allocator_t *pool, const uint8_t *data, uint32_t captured, uint32_t reported,
                     cdr_summary_t *summary, const cdr_sink_t *sink, void *user)
{
    walk_t walk = { pool, sink, user, 0, CDR_SCHEMA_NONE };
    ber_cursor_t cursor = { data, MIN(captured, reported), 0, reported };
    ber_element_t record;
    const char *what = NULL;
    const ber_status_t status = ber_read_element(&cursor, &record, &what);

    memset(summary, 0, sizeof *summary);
    if (status == BER_END) {
        report_fault(&walk, CDR_FAULT_MALFORMED, 0, 0, "The record is empty.");
        return;
    }
    report_ber(&walk, &cursor, &record, status, 0, OUTERMOST, "", what);
    if (status == BER_CUT || status == BER_BAD_START) {
        return;
    }
    if (!record.constructed) {
        report_malformed(&walk, OUTERMOST, 0, record.value, "a plain value where a record's fields should be");
        return;
    }
    const ber_cursor_t fields = ber_enter(&cursor, &record);
    cdr_summary_read(&record, fields, summary);
    walk.type = summary->record != NULL ? summary->record->type : CDR_SCHEMA_NONE;
    check_record(&walk, &record, summary);
    walk_fields(&walk, fields, summary->record);
    if (!summary->has_type && summary->record != NULL && captured >= reported) {
        char text[160];
        (void)snprintf(
            text, sizeof text,
            "There is no recordType [0] that can be read: the fields are named as those of %s, by the outermost tag.",
            cdr_schema_text + summary->record->called);
        report_fault(&walk, CDR_FAULT_MALFORMED, 0, summary->tag_length, text);
    } else if (!summary->has_type && walk.faults == 0 && captured >= reported) {
        report_fault(&walk, CDR_FAULT_MALFORMED, 0, summary->tag_length,
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
        report_fault(&walk, CDR_FAULT_FILL, cursor.offset, reported - cursor.offset, text);
    } else {
        const bool is_record = ber_read_element(&cursor, &record, &what) == BER_OK && record.constructed &&
                               record.tag_class == BER_CONTEXT;
        report_malformed(&walk, "what follows the outermost element", behind, reported - behind,
                         is_record ? "another record, or an element like one, whose key fields are not read"
                                   : "octets that belong to no element");
    }
}

/* }}} */
