/* cdr_egsn.c
 * Tells two kinds of charging data records apart that have the same recordType: those of an eGSN and of an E-CSCF.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_egsn.h"

#include <glib.h>

#include "cdr_schema.h"
#include "cdr_values.h"

/* The outermost tag of an eGSN's record in version 6.4.1. */
#define EGSN_OLD_TAG 28

/* servedIMSI of an eGSN, role-of-Node of an E-CSCF; and the octets of an IMSI. */
#define TELLING_TAG 3
#define SHORTEST_IMSI 3

/* CHOICEs and lists inside one another that are looked into. */
#define MAX_DEPTH 8

/* {{{ What an element can be */

static bool can_be(uint16_t number, const ber_cursor_t *cursor, const ber_element_t *element, unsigned depth);

static bool is_within(const cdr_schema_limit_t *limit, uint64_t number)
{
    return !((limit->has & CDR_HAS_LOW) != 0 && limit->low > 0 && number < (uint64_t)limit->low) &&
           !((limit->has & CDR_HAS_HIGH) != 0 && number > (uint64_t)limit->high);
}

static bool can_be_number(const cdr_schema_type_t *type, const uint8_t *octets, size_t length)
{
    uint64_t number;
    bool reads_negative;

    return cdr_read_integer(octets, length, &number, &reads_negative) == NULL &&
           is_within(&cdr_schema_limits[type->limit], number);
}

static bool is_text(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (octets[i] < 0x20 || octets[i] == 0x7f) {
            return false;
        }
    }
    return g_utf8_validate((const char *)octets, (gssize)length, NULL);
}

static bool can_be_string(const cdr_schema_type_t *type, const uint8_t *octets, size_t length)
{
    nstime_t when;
    int offset;

    if (!is_within(&cdr_schema_limits[type->limit], length)) {
        return false;
    }
    if (type->format == CDR_AS_TIMESTAMP) {
        return cdr_read_time(octets, length, &when, &offset) == NULL;
    }
    return (type->shape != CDR_TEXT && type->format != CDR_AS_TEXT) || is_text(octets, length);
}

static bool can_be_plain(const cdr_schema_type_t *type, const ber_cursor_t *cursor, const ber_element_t *element)
{
    const bool is_string = type->shape == CDR_TEXT || type->shape == CDR_OCTETS || type->shape == CDR_BITS;

    if (element->constructed) { /* pieces, or none */
        ber_cursor_t inner = ber_enter(cursor, element);
        ber_element_t piece;
        const char *what;
        const ber_status_t status = is_string ? ber_read_element(&inner, &piece, &what) : BER_BAD_START;
        return status == BER_END || (status == BER_OK && piece.tag_class == BER_UNIVERSAL &&
                                     piece.tag != BER_SEQUENCE && piece.tag != BER_SET);
    }
    if (type->shape == CDR_NULL || type->shape == CDR_BOOLEAN) {
        return element->length == (type->shape == CDR_BOOLEAN ? 1 : 0);
    }
    if (!ber_is_captured(cursor, element)) {
        return true;
    }
    const uint8_t *octets = cursor->data + element->value;
    if (type->shape == CDR_INTEGER || type->shape == CDR_ENUMERATED) {
        return can_be_number(type, octets, element->length);
    }
    return !is_string || can_be_string(type, octets, element->length);
}

static bool can_be_field(const cdr_schema_field_t *field, const ber_cursor_t *cursor, const ber_element_t *element,
                         unsigned depth)
{
    ber_element_t value;
    const char *what;

    if ((field->flags & CDR_IS_EXPLICIT) == 0) {
        return can_be(field->type, cursor, element, depth);
    }
    if (!element->constructed) {
        return false;
    }
    ber_cursor_t inner = ber_enter(cursor, element);
    const ber_status_t status = ber_read_element(&inner, &value, &what);
    return status == BER_CUT ||
           (status == BER_OK && cdr_schema_accepts(field->type, &value) && can_be(field->type, &inner, &value, depth));
}

/* Whether ELEMENT, whose tag is that of a field of TYPE, can be one by its form and its value. Of what has parts the
 * first one tells, but for SET and SEQUENCE: those of vendors may begin with anything. */
static bool can_be(uint16_t number, const ber_cursor_t *cursor, const ber_element_t *element, unsigned depth)
{
    const cdr_schema_type_t *type = &cdr_schema_types[number];
    ber_element_t item;
    const char *what;
    unsigned hint = 0;

    if (depth >= MAX_DEPTH || type->shape == CDR_ANY) {
        return true;
    }
    if (type->shape == CDR_SET) {
        return element->constructed;
    }
    if (type->shape == CDR_CHOICE) {
        const cdr_schema_field_t *field = cdr_schema_find_field(type, element, &hint);
        return field != NULL && can_be_field(field, cursor, element, depth + 1);
    }
    if (type->shape == CDR_LIST) {
        ber_cursor_t inner = ber_enter(cursor, element);
        const ber_status_t status = element->constructed ? ber_read_element(&inner, &item, &what) : BER_BAD_START;
        return status == BER_END || status == BER_CUT ||
               (status == BER_OK && cdr_schema_accepts(type->first, &item) &&
                can_be(type->first, &inner, &item, depth + 1));
    }
    return can_be_plain(type, cursor, element);
}

/* }}} */

/* [3]: a string of three octets or more, which may be in pieces, or a number, which is small even where its sender
 * has put octets 00 in front of it. Where the capture cut it before it tells, IS_CUT is set. */
static cdr_egsn_t judge_telling(const ber_cursor_t *cursor, const ber_element_t *element, bool *is_cut)
{
    if (element->constructed) {
        return CDR_EGSN_YES;
    }
    if (element->length < SHORTEST_IMSI) {
        return element->length > 0 ? CDR_EGSN_NO : CDR_EGSN_UNDECIDED;
    }
    for (size_t i = 0; i + 1 < element->length; i++) {
        if (element->value + i >= cursor->captured) {
            *is_cut = true;
            return CDR_EGSN_UNDECIDED;
        }
        if (cursor->data[element->value + i] != 0) {
            return CDR_EGSN_YES;
        }
    }
    return CDR_EGSN_NO;
}

static bool is_of(const cdr_schema_record_t *record, const ber_cursor_t *cursor, const ber_element_t *element,
                  unsigned *hint)
{
    const cdr_schema_field_t *field = cdr_schema_find_field(&cdr_schema_types[record->type], element, hint);

    return field != NULL && can_be_field(field, cursor, element, 0);
}

cdr_egsn_t cdr_egsn_judge(ber_cursor_t fields, uint32_t outermost_tag)
{
    const cdr_schema_record_t *egsn = cdr_schema_find_record(CDR_EGSN_TYPE, outermost_tag, true);
    const cdr_schema_record_t *ecscf = cdr_schema_find_record(CDR_EGSN_TYPE, outermost_tag, false);
    cdr_egsn_t told = CDR_EGSN_UNDECIDED;
    size_t speak_for = 0;
    size_t speak_against = 0;
    bool is_cut = false;
    unsigned hints[2] = { 0, 0 };
    ber_element_t element;
    const char *what;

    if (outermost_tag == EGSN_OLD_TAG) {
        return CDR_EGSN_YES;
    }
    while (ber_read_element(&fields, &element, &what) == BER_OK) {
        if (element.tag_class != BER_CONTEXT) {
            continue;
        }
        if (element.tag == TELLING_TAG) {
            told = told == CDR_EGSN_UNDECIDED ? judge_telling(&fields, &element, &is_cut) : told;
            continue;
        }
        const bool can_be_egsn = is_of(egsn, &fields, &element, &hints[0]);
        const bool can_be_ecscf = is_of(ecscf, &fields, &element, &hints[1]);
        speak_for += can_be_egsn && !can_be_ecscf;
        speak_against += can_be_ecscf && !can_be_egsn;
    }
    if (told != CDR_EGSN_UNDECIDED) {
        return told;
    }
    if (speak_for == speak_against) { /* octets 00 in front of a number are rare */
        return is_cut ? CDR_EGSN_YES : CDR_EGSN_UNDECIDED;
    }
    return speak_for > speak_against ? CDR_EGSN_YES : CDR_EGSN_NO;
}
