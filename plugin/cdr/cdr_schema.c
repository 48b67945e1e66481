/* cdr_schema.c
 * Looks up records, fields and names of values in the table of 3GPP TS 32.298.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_schema.h"

#include <glib.h>

/* A CHOICE in a CHOICE without a tag between them: three at most in the table. */
#define MAX_DEPTH 8

#define EGSN_NUMBER 70

const cdr_schema_record_t *cdr_schema_find_record(uint32_t number, uint32_t tag, bool is_egsn)
{
    const cdr_schema_record_t *found = NULL;
    size_t low = 0;
    size_t high = cdr_schema_num_records;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (cdr_schema_records[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < cdr_schema_num_records && cdr_schema_records[low].number == number; low++) {
        const cdr_schema_record_t *record = &cdr_schema_records[low];
        if (number == EGSN_NUMBER && (record->is_old != 0) != is_egsn) {
            continue;
        }
        if (found == NULL || record->tag == tag) {
            found = record;
        }
    }
    return found;
}

const cdr_schema_record_t *cdr_schema_find_tag(uint32_t tag)
{
    const cdr_schema_record_t *found = NULL;

    for (size_t i = 0; i < cdr_schema_num_records; i++) {
        const cdr_schema_record_t *record = &cdr_schema_records[i];
        if (record->tag == tag && record->tag != CDR_SCHEMA_NONE) {
            if (found != NULL) {
                return NULL;
            }
            found = record;
        }
    }
    return found;
}

/* The universal tags that a type may begin with. A SET that is sent as a SEQUENCE is one all the same, and texts of
 * one kind are sent as another. */
static bool is_universal_of(cdr_shape_t shape, const ber_element_t *element)
{
    static const uint32_t tags[] = {
        [CDR_SET] = 1u << 16 | 1u << 17,
        [CDR_CHOICE] = 0,
        [CDR_LIST] = 1u << 16 | 1u << 17,
        [CDR_INTEGER] = 1u << 2,
        [CDR_ENUMERATED] = 1u << 10,
        [CDR_BOOLEAN] = 1u << 1,
        [CDR_NULL] = 1u << 5,
        [CDR_TEXT] = 1u << 12 | 1u << 19 | 1u << 22 | 1u << 25 | 1u << 26 | 1u << 27,
        [CDR_OCTETS] = 1u << 4,
        [CDR_BITS] = 1u << 3,
        [CDR_OID] = 1u << 6,
        [CDR_REAL] = 1u << 9,
        [CDR_ANY] = 0,
    };

    return element->tag_class == BER_UNIVERSAL && element->tag < 32 && (tags[shape] >> element->tag & 1) != 0;
}

static bool accepts(uint16_t type, const ber_element_t *element, unsigned depth);

static bool is_field(const cdr_schema_field_t *field, const ber_element_t *element, unsigned depth)
{
    if ((field->flags & CDR_IS_UNTAGGED) != 0) {
        return accepts(field->type, element, depth + 1);
    }
    return element->tag_class == BER_CONTEXT && element->tag == field->tag;
}

static bool accepts(uint16_t type, const ber_element_t *element, unsigned depth)
{
    const cdr_schema_type_t *t = &cdr_schema_types[type];

    if (t->shape == CDR_ANY) {
        return true;
    }
    if (t->shape != CDR_CHOICE) {
        return is_universal_of((cdr_shape_t)t->shape, element);
    }
    for (unsigned i = 0; depth < MAX_DEPTH && i < t->count; i++) {
        if (is_field(&cdr_schema_fields[t->first + i], element, depth)) {
            return true;
        }
    }
    return false;
}

bool cdr_schema_accepts(uint16_t type, const ber_element_t *element)
{
    return accepts(type, element, 0);
}

const cdr_schema_field_t *cdr_schema_find_field(const cdr_schema_type_t *type, const ber_element_t *element,
                                                unsigned *hint)
{
    for (unsigned i = 0, at = *hint; i < type->count; i++, at++) {
        if (at >= type->count) {
            at = 0;
        }
        const cdr_schema_field_t *field = &cdr_schema_fields[type->first + at];
        if (is_field(field, element, 0)) {
            *hint = at + 1;
            return field;
        }
    }
    return NULL;
}

const cdr_schema_field_t *cdr_schema_find_part(uint16_t type, const ber_element_t *element)
{
    unsigned hint = 0;

    if (type != CDR_SCHEMA_NONE && cdr_schema_types[type].shape == CDR_LIST) {
        type = cdr_schema_types[type].first;
    }
    if (type == CDR_SCHEMA_NONE ||
        (cdr_schema_types[type].shape != CDR_SET && cdr_schema_types[type].shape != CDR_CHOICE)) {
        return NULL;
    }
    return cdr_schema_find_field(&cdr_schema_types[type], element, &hint);
}

const char *cdr_schema_name_value(uint16_t first, int64_t value)
{
    if (first == 0) {
        return NULL;
    }
    for (const cdr_schema_value_t *v = &cdr_schema_values[first - 1]; v->name != 0; v++) {
        if (v->value == value) {
            return cdr_schema_text + v->name;
        }
    }
    return NULL;
}
