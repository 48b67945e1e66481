/* cdr_per_keys.c
 * Key fields of a charging data record in packed encoding.
 *
 * The table says which fields of a record are key fields, and cdr_reader.c what stands in them, by their tags in BER.
 * PER has the same fields without tags. So the parts of the record that hold key fields are written in BER, and read
 * as those of any record; it is noted where in the record each value came from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_per_keys.h"

#include <string.h>

/* Octets of a length as it is written here: 84 and four more. */
#define LENGTH_OCTETS 5

/* Elements around one part: that of an explicit tag, and its own. */
#define MAX_ELEMENTS 2

/* Where a value that was copied stands in the record. */
typedef struct {
    uint32_t at; /* of its octets in the copy */
    uint32_t offset;
    uint32_t length;
} place_t;

typedef struct {
    unsigned count;
    uint32_t lengths[MAX_ELEMENTS]; /* where their lengths are written */
} open_t;

typedef struct {
    const cdr_schema_record_t *record;
    wmem_array_t *copy;
    wmem_array_t *places;
    open_t open[CDR_WALK_DEPTH + 1];
    unsigned depth;
    unsigned skipped; /* parts that are open and not copied */
    const cdr_sink_t *sink;
    void *user;
} copier_t;

/* {{{ The copy */

static void write_identifier(copier_t *copier, uint8_t tag_class, bool is_constructed, uint32_t tag)
{
    const uint8_t first = (uint8_t)(tag_class << 6 | (is_constructed ? 0x20 : 0));
    uint8_t octets[4] = { (uint8_t)(first | MIN(tag, 0x1f)) };
    unsigned count = 1;

    if (tag >= 0x1f) { /* 16 bits at most */
        for (int shift = tag >= 1u << 14 ? 14 : tag >= 1u << 7 ? 7 : 0; shift >= 0; shift -= 7) {
            octets[count++] = (uint8_t)((tag >> shift & 0x7f) | (shift > 0 ? 0x80 : 0));
        }
    }
    wmem_array_append(copier->copy, octets, count);
}

/* Writes a length, or the room for one; the result tells where. */
static uint32_t write_length(copier_t *copier, uint32_t length)
{
    const uint32_t at = wmem_array_get_count(copier->copy);
    const uint8_t octets[LENGTH_OCTETS] = { 0x84, (uint8_t)(length >> 24), (uint8_t)(length >> 16),
                                            (uint8_t)(length >> 8), (uint8_t)length };

    wmem_array_append(copier->copy, octets, sizeof octets);
    return at;
}

/* The universal tag of a type that is no CHOICE; the readers take a text of any kind. */
static uint32_t universal_tag(const cdr_schema_type_t *type)
{
    static const uint8_t tags[] = {
        [CDR_SET] = 16,  [CDR_LIST] = 16,  [CDR_INTEGER] = 2, [CDR_ENUMERATED] = 10, [CDR_BOOLEAN] = 1, [CDR_NULL] = 5,
        [CDR_TEXT] = 12, [CDR_OCTETS] = 4, [CDR_BITS] = 3,    [CDR_OID] = 6,         [CDR_REAL] = 9,
    };

    return type->shape < G_N_ELEMENTS(tags) ? tags[type->shape] : 0;
}

/* Writes identifiers and lengths around PART: none around an alternative of a CHOICE that has no tag but its own. */
static open_t write_start(copier_t *copier, const cdr_part_t *part)
{
    const cdr_schema_type_t *type = &cdr_schema_types[part->type];
    const cdr_schema_field_t *field = part->field;
    const bool is_tagged = field != NULL && (field->flags & CDR_IS_UNTAGGED) == 0;
    const bool has_own_tag = type->shape != CDR_CHOICE && type->shape != CDR_ANY;
    const bool is_constructed = cdr_walk_has_parts(part->type);
    open_t open = { .count = 0 };

    if (is_tagged && (!has_own_tag || (field->flags & CDR_IS_EXPLICIT) != 0)) {
        write_identifier(copier, BER_CONTEXT, true, field->tag);
        open.lengths[open.count++] = write_length(copier, 0);
    } else if (is_tagged) {
        write_identifier(copier, BER_CONTEXT, is_constructed, field->tag);
        open.lengths[open.count++] = write_length(copier, 0);
        return open;
    }
    if (has_own_tag) {
        write_identifier(copier, BER_UNIVERSAL, is_constructed, universal_tag(type));
        open.lengths[open.count++] = write_length(copier, 0);
    }
    return open;
}

static void write_end(copier_t *copier, const open_t *open)
{
    uint8_t *copy = (uint8_t *)wmem_array_get_raw(copier->copy);

    for (unsigned i = 0; i < open->count; i++) {
        const uint32_t at = open->lengths[i];
        const uint32_t length = wmem_array_get_count(copier->copy) - at - LENGTH_OCTETS;
        for (unsigned octet = 0; octet < 4; octet++) {
            copy[at + 1 + octet] = (uint8_t)(length >> (24 - 8 * octet));
        }
    }
}

/* True for a part that holds key fields, or is in one that does. */
static bool is_wanted(const copier_t *copier, const cdr_part_t *part)
{
    if (copier->skipped > 0 || part->type == CDR_SCHEMA_NONE) {
        return false;
    }
    if (copier->depth > 0 || part->field == NULL) {
        return true;
    }
    for (unsigned i = 0; i < copier->record->num_keys; i++) {
        if (cdr_schema_keys[copier->record->keys + i].tag == part->field->tag) {
            return true;
        }
    }
    return false;
}

static void open_part(void *user, const cdr_part_t *part)
{
    copier_t *copier = user;

    if (!is_wanted(copier, part) || copier->depth == G_N_ELEMENTS(copier->open)) {
        copier->skipped++;
        return;
    }
    copier->open[copier->depth++] = write_start(copier, part);
}

static void close_part(void *user)
{
    copier_t *copier = user;

    if (copier->skipped > 0) {
        copier->skipped--;
        return;
    }
    write_end(copier, &copier->open[--copier->depth]);
}

static const char *copy_value(void *user, const cdr_part_t *part)
{
    copier_t *copier = user;

    if (is_wanted(copier, part)) {
        const open_t open = write_start(copier, part);
        const place_t place = { wmem_array_get_count(copier->copy), part->start, part->end - part->start };
        wmem_array_append(copier->places, &place, 1);
        if (part->length > 0) {
            wmem_array_append(copier->copy, part->octets, part->length);
        }
        write_end(copier, &open);
    }
    return NULL;
}

/* Faults are known before: nothing of a record in PER is read unless all of it can be. */
static void ignore_fault(void *user, cdr_walk_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    (void)user;
    (void)fault;
    (void)offset;
    (void)length;
    (void)text;
}

/* }}} */
/* {{{ Reading it */

/* The last value that begins at octet AT of the copy, or before. NULL when there is none. */
static const place_t *find_place(const copier_t *copier, uint32_t at)
{
    const place_t *places = (const place_t *)wmem_array_get_raw(copier->places);
    unsigned low = 0;
    unsigned high = wmem_array_get_count(copier->places);

    while (low < high) {
        const unsigned middle = low + (high - low) / 2;
        if (places[middle].at <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? &places[low - 1] : NULL;
}

static uint32_t place_of(void *user, uint32_t offset)
{
    const place_t *place = find_place((const copier_t *)user, offset);

    return place != NULL ? place->offset : 0;
}

static void pass_item(void *user, const cdr_item_t *item)
{
    const copier_t *copier = user;
    const place_t *place = find_place(copier, item->offset);
    cdr_item_t passed = *item;

    passed.offset = place != NULL ? place->offset : 0;
    passed.length = place != NULL ? place->length : 0;
    copier->sink->item(copier->user, &passed);
}

/* Only of values: parts that are empty are those in which the capture cut the record. */
static void pass_fault(void *user, cdr_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    const copier_t *copier = user;
    const place_t *place = find_place(copier, offset);

    (void)length;
    if (place != NULL && place->at == offset) {
        copier->sink->fault(copier->user, fault, place->offset, place->length, text);
    }
}

void cdr_per_read_keys(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                       const cdr_per_t *found, const cdr_sink_t *sink, void *user)
{
    static const cdr_walk_sink_t copying = { open_part, close_part, copy_value, ignore_fault };
    static const cdr_sink_t passing = { pass_item, pass_fault, place_of };
    copier_t copier = {
        .record = found->record,
        .copy = wmem_array_sized_new(pool, 1, 512),
        .places = wmem_array_sized_new(pool, sizeof(place_t), 32),
        .sink = sink,
        .user = user,
    };

    cdr_per_walk(pool, octets, captured, reported, found, &copying, &copier);
    cdr_read_elements(pool, (const uint8_t *)wmem_array_get_raw(copier.copy), wmem_array_get_count(copier.copy),
                      found->record, &passing, &copier);
}

/* }}} */
