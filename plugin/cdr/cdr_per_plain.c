/* cdr_per_plain.c
 * Plain values of records in packed encoding: numbers, strings, bits.
 *
 * Numbers in brackets name clauses of ITU-T X.691 (02/2021).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_per_reader.h"

#include <stdio.h>

#include "cdr_values.h"

/* Lengths of this or more are sent without limits (11.9.4.2). */
#define LONGEST_LIMIT 65536

/* {{{ Reports */

static bool has_failed(const per_reader_t *reader)
{
    return reader->bits.what != NULL;
}

static void fail(per_reader_t *reader, const char *what)
{
    per_bits_fail(&reader->bits, what);
}

/* Reports a value whose bits end where the reader is, and begin at START; OCTETS are as in BER. */
static void report_value(per_reader_t *reader, cdr_part_t *part, uint32_t start, const uint8_t *octets, uint32_t length)
{
    if (has_failed(reader) || reader->sink == NULL) {
        return;
    }
    part->start = per_place(reader, start);
    part->end = per_place_end(reader, reader->bits.at);
    part->value = part->start;
    part->octets = octets;
    part->length = length;
    const char *what = reader->sink->value(reader->user, part);
    if (what != NULL) {
        char path[CDR_PATH_TEXT];
        char text[CDR_PATH_TEXT + 160];
        cdr_path_print(&reader->path, path);
        (void)snprintf(text, sizeof text, "At octet %u of the record, %s cannot be read: %s.", part->start, path, what);
        reader->sink->fault(reader->user, CDR_WALK_MALFORMED, part->start, part->end - part->start, text);
    }
}

void per_report_unknown(per_reader_t *reader, uint16_t name, uint32_t item, uint32_t start, const uint8_t *octets,
                        uint32_t length)
{
    cdr_part_t part = { .name = name, .type = CDR_SCHEMA_NONE, .is_noted = true, .item = item };

    report_value(reader, &part, start, octets, length);
}

static void report_wide_number(per_reader_t *reader, cdr_part_t *part, uint32_t start, uint64_t value, bool is_negative)
{
    uint8_t *octets = (uint8_t *)wmem_alloc(reader->pool, 9);
    unsigned length = 9;

    /* As BER has it: no octet more than it takes, and none that makes a number of a counter negative. */
    octets[0] = is_negative ? 0xff : 0;
    for (unsigned i = 0; i < 8; i++) {
        octets[1 + i] = (uint8_t)(value >> (56 - 8 * i));
    }
    while (length > 1 && octets[9 - length] == octets[0] && (octets[10 - length] & 0x80) == (octets[0] & 0x80)) {
        length--;
    }
    report_value(reader, part, start, octets + 9 - length, length);
}

static void report_number(per_reader_t *reader, cdr_part_t *part, uint32_t start, int64_t value)
{
    report_wide_number(reader, part, start, (uint64_t)value, value < 0);
}

/* }}} */
/* {{{ Plain values */

uint32_t per_read_length(per_reader_t *reader, const cdr_schema_type_t *type, bool *is_fragment, bool *is_fixed,
                         uint32_t *high)
{
    const cdr_schema_limit_t *limit = &cdr_schema_limits[type->limit];
    const bool is_extended = (type->flags & CDR_IS_OPEN) != 0 && per_bits_read(&reader->bits, 1) != 0;

    *is_fragment = false;
    *is_fixed = false;
    *high = LONGEST_LIMIT;
    if (is_extended || (limit->has & CDR_HAS_HIGH) == 0 || limit->high >= LONGEST_LIMIT) {
        return per_bits_length(&reader->bits, is_fragment);
    }
    const int64_t low = (limit->has & CDR_HAS_LOW) != 0 ? limit->low : 0;
    *is_fixed = low == limit->high;
    *high = (uint32_t)limit->high;
    return (uint32_t)per_bits_whole(&reader->bits, low, limit->high);
}

const uint8_t *per_read_units(per_reader_t *reader, uint32_t first, bool is_fragment, unsigned width, uint32_t *length)
{
    per_bits_t *bits = &reader->bits;
    wmem_array_t *joined = NULL;
    uint8_t *units = NULL;
    uint32_t count = first;

    *length = 0;
    for (;;) {
        if (count > (bits->end - bits->at) / width) { /* so that the length is no more than the record's */
            fail(reader, "its length goes beyond the end");
            return NULL;
        }
        if (reader->sink != NULL || reader->is_strict) {
            units = (uint8_t *)wmem_alloc(reader->pool, count + 1);
        }
        if (width == 8) {
            per_bits_copy(bits, units, 8 * count);
        } else {
            for (uint32_t i = 0; i < count && !has_failed(reader); i++) {
                const uint8_t unit = (uint8_t)per_bits_read(bits, width);
                if (units != NULL) {
                    units[i] = unit;
                }
            }
        }
        *length += count;
        if (!is_fragment && joined == NULL) {
            return units;
        }
        if (units != NULL) {
            joined = joined == NULL ? wmem_array_new(reader->pool, 1) : joined;
            wmem_array_append(joined, units, count);
        }
        if (!is_fragment || has_failed(reader)) {
            return units != NULL ? (const uint8_t *)wmem_array_get_raw(joined) : NULL;
        }
        count = per_bits_length(bits, &is_fragment);
    }
}

/* Where a version of the table is taken for another one, values tell whether it fits. */
static void check_value(per_reader_t *reader, const cdr_schema_type_t *type, const uint8_t *octets, uint32_t length)
{
    nstime_t when;
    int offset;

    if (!reader->is_strict || has_failed(reader)) {
        return;
    }
    if (type->shape == CDR_OCTETS && type->format == CDR_AS_TIMESTAMP) {
        if (cdr_read_time(octets, length, &when, &offset) != NULL) {
            fail(reader, "it is no time");
        }
    } else if (type->shape == CDR_TEXT || type->format == CDR_AS_TEXT) {
        for (uint32_t i = 0; i < length; i++) {
            if (octets[i] < 0x20) {
                fail(reader, "it is no text");
            }
        }
        if (!g_utf8_validate((const char *)octets, length, NULL)) {
            fail(reader, "it is no text");
        }
    }
}

/* OCTET STRING and IA5String (17, 30): limits are seen, and short ones of aligned PER begin amid an octet. */
static void read_octets(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part)
{
    const bool is_text = type->shape == CDR_TEXT;
    const unsigned width = is_text && !reader->bits.is_aligned ? 7 : 8;
    bool is_fragment;
    bool is_fixed;
    uint32_t high;
    uint32_t length;
    const uint32_t count = per_read_length(reader, type, &is_fragment, &is_fixed, &high);
    const bool is_short = is_text ? high * 8 < 16 || (high * 8 == 16 && is_fixed) : high <= 2 && is_fixed;

    if (!is_short) {
        per_bits_align(&reader->bits);
    }
    const uint32_t start = reader->bits.at;
    const uint8_t *octets = per_read_units(reader, count, is_fragment, width, &length);
    check_value(reader, type, octets, length);
    report_value(reader, part, start, octets, length);
}

/* What has a length and octets: other strings, identifiers of objects, real numbers, open types. */
static void read_counted(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part)
{
    bool is_fragment;
    uint32_t length;
    const uint32_t count = per_bits_length(&reader->bits, &is_fragment);
    const uint32_t start = reader->bits.at;
    const uint8_t *octets = per_read_units(reader, count, is_fragment, 8, &length);

    check_value(reader, type, octets, length);
    report_value(reader, part, start, octets, length);
}

/* The bits of a piece, COUNT of them, behind those that OUT has. */
static void append_bits(per_reader_t *reader, wmem_array_t *out, uint32_t count)
{
    per_bits_t *bits = &reader->bits;

    if (out == NULL) {
        per_bits_copy(bits, NULL, count);
        return;
    }
    for (uint32_t left = count; left > 0 && !has_failed(reader);) {
        const unsigned taken = MIN(left, 8);
        const uint8_t octet = (uint8_t)(per_bits_read(bits, taken) << (8 - taken));
        wmem_array_append(out, &octet, 1);
        left -= taken;
    }
}

static void read_bit_string(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part)
{
    bool is_fragment;
    bool is_fixed;
    uint32_t high;
    uint32_t count = per_read_length(reader, type, &is_fragment, &is_fixed, &high);
    const bool is_kept = reader->sink != NULL && !has_failed(reader);
    const uint8_t unused = 0;

    if (!(is_fixed && high <= 16)) {
        per_bits_align(&reader->bits);
    }
    const uint32_t start = reader->bits.at;
    wmem_array_t *octets = is_kept ? wmem_array_sized_new(reader->pool, 1, 8) : NULL;
    if (octets != NULL) {
        wmem_array_append(octets, &unused, 1);
    }
    append_bits(reader, octets, count);
    while (is_fragment && !has_failed(reader)) { /* all pieces but the last have whole octets */
        count = per_bits_length(&reader->bits, &is_fragment);
        append_bits(reader, octets, count);
    }
    if (octets == NULL || has_failed(reader)) {
        return;
    }
    uint8_t *joined = (uint8_t *)wmem_array_get_raw(octets);
    joined[0] = (uint8_t)(-count & 7);
    report_value(reader, part, start, joined, wmem_array_get_count(octets));
}

static void read_integer(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part)
{
    const cdr_schema_limit_t *limit = &cdr_schema_limits[type->limit];
    uint32_t start = reader->bits.at;
    const bool is_extended = (type->flags & CDR_IS_OPEN) != 0 && per_bits_read(&reader->bits, 1) != 0;

    if (!is_extended && (limit->has & CDR_HAS_LOW) != 0 && (limit->has & CDR_HAS_HIGH) != 0) {
        report_number(reader, part, start, per_bits_whole(&reader->bits, limit->low, limit->high));
        return;
    }
    bool is_fragment;
    uint32_t length;
    const uint32_t count = per_bits_length(&reader->bits, &is_fragment);
    if (count == 0) {
        fail(reader, "a number without octets");
    }
    start = reader->bits.at;
    if (is_extended || (limit->has & CDR_HAS_LOW) == 0) { /* 11.8: as in BER */
        const uint8_t *octets = per_read_units(reader, count, is_fragment, 8, &length);
        report_value(reader, part, start, octets, length);
        return;
    }
    if (count > 8) { /* 11.7: from LOW on */
        fail(reader, "a number of more than 64 bits");
    }
    const uint64_t number = per_bits_read(&reader->bits, 8 * MIN(count, 8));
    const uint64_t value = (uint64_t)limit->low + number;
    if (limit->low >= 0 ? value < number : number > INT64_MAX) {
        fail(reader, "a number of more than 64 bits");
    }
    report_wide_number(reader, part, start, value, limit->low < 0 && (int64_t)value < 0);
}

static void read_enumerated(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part)
{
    const cdr_schema_value_t *values = type->first != 0 ? &cdr_schema_values[type->first - 1] : NULL;
    const uint32_t start = reader->bits.at;
    uint32_t all = 0;

    while (values != NULL && values[all].name != 0) {
        all++;
    }
    const uint32_t root = type->count != 0 ? type->count : all;
    uint32_t at;
    if ((type->flags & CDR_IS_EXT) != 0 && per_bits_read(&reader->bits, 1) != 0) {
        const uint32_t extension = per_bits_small(&reader->bits);
        at = root + extension;
        if (at >= all && !has_failed(reader)) { /* of a later release: its place is known, and not its value */
            uint8_t *octets = (uint8_t *)wmem_alloc(reader->pool, 2);
            octets[0] = (uint8_t)(extension >> 8);
            octets[1] = (uint8_t)extension;
            per_report_unknown(reader, part->name, extension + 1, start, octets, 2);
            return;
        }
    } else {
        at = root != 0 ? (uint32_t)per_bits_whole(&reader->bits, 0, (int64_t)root - 1) : 0;
    }
    if (values == NULL || at >= all) {
        fail(reader, "a value that the table does not have");
        return;
    }
    report_number(reader, part, start, values[at].value);
}

void per_read_plain(per_reader_t *reader, const cdr_schema_type_t *type, cdr_part_t *part)
{
    const uint32_t start = reader->bits.at;
    uint8_t *octet;

    switch ((cdr_shape_t)type->shape) {
    case CDR_INTEGER:
        read_integer(reader, type, part);
        break;
    case CDR_ENUMERATED:
        read_enumerated(reader, type, part);
        break;
    case CDR_BOOLEAN:
        octet = (uint8_t *)wmem_alloc(reader->pool, 1);
        *octet = per_bits_read(&reader->bits, 1) != 0 ? 0xff : 0;
        report_value(reader, part, start, octet, 1);
        break;
    case CDR_NULL:
        report_value(reader, part, start, (const uint8_t *)"", 0);
        break;
    case CDR_OCTETS:
        read_octets(reader, type, part);
        break;
    case CDR_BITS:
        read_bit_string(reader, type, part);
        break;
    case CDR_TEXT:
        if ((type->flags & CDR_IS_IA5) != 0) {
            read_octets(reader, type, part);
            break;
        }
        read_counted(reader, type, part);
        break;
    default:
        read_counted(reader, type, part);
        break;
    }
}

/* }}} */
