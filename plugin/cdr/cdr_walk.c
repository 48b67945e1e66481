/* cdr_walk.c
 * Walks a charging data record in BER by the table of 3GPP TS 32.298.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cdr_path.h"
#include "cdr_pieces.h"

typedef struct {
    wmem_allocator_t *pool;
    const uint8_t *octets;
    uint32_t captured;
    const cdr_walk_sink_t *sink;
    void *user;
    cdr_path_t path;
    unsigned parts;
    unsigned faults;
    bool is_over; /* the limit of parts is reached */
} walk_t;

/* {{{ Reports */

static void report(walk_t *walk, cdr_walk_fault_t fault, size_t offset, size_t length, const char *text)
{
    if (walk->faults++ < CDR_WALK_FAULTS) {
        walk->sink->fault(walk->user, fault, (uint32_t)offset, (uint32_t)length, text);
    }
}

/* "At octet 12 of the record, listOfServiceData[2].changeTime cannot be read: what is wrong." */
static void report_malformed(walk_t *walk, size_t offset, size_t length, const char *what)
{
    char path[CDR_PATH_TEXT];
    char text[CDR_PATH_TEXT + 160];

    cdr_path_print(&walk->path, path);
    (void)snprintf(text, sizeof text, "At octet %zu of the record, %s cannot be read: %s.", offset,
                   path[0] != '\0' ? path : "an element", what);
    report(walk, CDR_WALK_MALFORMED, offset, length, text);
}

/* The same of an element that has no name: "an element [77] of listOfServiceData[2]". */
static void report_nameless(walk_t *walk, size_t offset, size_t length, const ber_element_t *element, const char *what)
{
    char path[CDR_PATH_TEXT];
    char tag[24] = "";
    char text[CDR_PATH_TEXT + 160];

    cdr_path_print(&walk->path, path);
    if (element != NULL && element->tag_class == BER_CONTEXT) {
        (void)snprintf(tag, sizeof tag, " [%" PRIu32 "]", element->tag);
    }
    (void)snprintf(text, sizeof text, "At octet %zu of the record, an element%s%s%s cannot be read: %s.", offset, tag,
                   path[0] != '\0' ? " of " : "", path, what);
    report(walk, CDR_WALK_MALFORMED, offset, length, text);
}

/* Counts a part; false when there have been too many. */
static bool count_part(walk_t *walk, size_t offset)
{
    if (walk->is_over) {
        return false;
    }
    if (++walk->parts > CDR_WALK_PARTS) {
        walk->is_over = true;
        walk->sink->fault(walk->user, CDR_WALK_LIMIT, (uint32_t)offset, (uint32_t)(walk->captured - offset),
                          "The record has more parts than are shown.");
        return false;
    }
    return true;
}

static cdr_part_t make_part(const walk_t *walk, const ber_element_t *element, uint16_t type, uint16_t name,
                            uint32_t item)
{
    const size_t end = element->value + element->length;

    return (cdr_part_t){
        .name = name,
        .type = type,
        .is_cut = end > walk->captured,
        .tag_class = element->tag_class,
        .tag = element->tag,
        .item = item,
        .start = (uint32_t)element->start,
        .end = (uint32_t)MIN(end, walk->captured),
        .value = (uint32_t)element->value,
    };
}

static void report_value(walk_t *walk, const cdr_part_t *part)
{
    const char *what = walk->sink->value(walk->user, part);

    if (what != NULL) {
        report_malformed(walk, part->start, part->end - part->start, what);
    }
}

/* }}} */
/* {{{ What the table does not have */

/* True when the octets of ELEMENT are elements themselves, one behind the other to its end. */
static bool holds_elements(const ber_cursor_t *cursor, const ber_element_t *element)
{
    ber_cursor_t inner = ber_enter(cursor, element);
    ber_element_t child;
    const char *what;
    ber_status_t status;

    do {
        status = ber_read_element(&inner, &child, &what);
    } while (status == BER_OK);
    return status == BER_END || status == BER_CUT;
}

static void walk_unknown(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, bool is_noted,
                         unsigned depth)
{
    cdr_part_t part = make_part(walk, element, CDR_SCHEMA_NONE, CDR_SCHEMA_NONE, 0);

    part.is_noted = is_noted;
    if (!element->constructed || depth >= CDR_WALK_DEPTH || !holds_elements(cursor, element)) {
        part.octets = walk->octets + part.value;
        part.length = part.end - MIN(part.value, part.end);
        report_value(walk, &part);
        return;
    }
    walk->sink->open(walk->user, &part);
    ber_cursor_t inner = ber_enter(cursor, element);
    ber_element_t child;
    const char *what;
    while (ber_read_element(&inner, &child, &what) == BER_OK && count_part(walk, child.start)) {
        walk_unknown(walk, &inner, &child, false, depth + 1);
    }
    walk->sink->close(walk->user);
}

/* An element whose form is not that of its field: its octets are reported all the same. */
static void walk_misfit(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, unsigned depth,
                        const char *what)
{
    report_malformed(walk, element->start, element->value + element->length - element->start, what);
    walk_unknown(walk, cursor, element, false, depth);
}

/* }}} */
/* {{{ Plain values */

static void walk_plain(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_part_t *part,
                       unsigned depth)
{
    const cdr_shape_t shape = (cdr_shape_t)cdr_schema_types[part->type].shape;

    if (part->is_cut) {
        return; /* half a value is none */
    }
    if (element->constructed && shape != CDR_OCTETS && shape != CDR_TEXT && shape != CDR_BITS) {
        walk_misfit(walk, cursor, element, depth, "elements inside what should be a plain value");
        return;
    }
    if (!cdr_join_pieces(walk->pool, cursor, element, shape == CDR_BITS, &part->octets, &part->length)) {
        walk_misfit(walk, cursor, element, depth, "something else than pieces of a string");
        return;
    }
    report_value(walk, part);
}

/* ANY: whatever it is, it is where it belongs. */
static void walk_any(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, cdr_part_t *part,
                     unsigned depth)
{
    part->octets = walk->octets + part->start;
    part->length = part->end - part->start;
    walk->sink->open(walk->user, part);
    walk_unknown(walk, cursor, element, false, depth + 1);
    walk->sink->close(walk->user);
}

/* }}} */
/* {{{ What has parts */

static void walk_value(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, uint16_t type,
                       uint16_t name, uint32_t item, unsigned depth);

/* True when ELEMENT, a value of TYPE whose length is wrong, is plain, or a string in pieces: half a value is none. Of
 * what has parts, those that are whole can be read. */
static bool is_half_value(const ber_element_t *element, uint16_t type)
{
    while (element->constructed && cdr_schema_types[type].shape == CDR_CHOICE) {
        unsigned hint = 0;
        const cdr_schema_field_t *field = cdr_schema_find_field(&cdr_schema_types[type], element, &hint);
        if (field == NULL || (field->flags & CDR_IS_EXPLICIT) != 0) {
            return false;
        }
        type = field->type;
    }
    return !element->constructed || (cdr_schema_types[type].shape != CDR_ANY && !cdr_walk_has_parts(type));
}

static bool is_any(const cdr_schema_field_t *field)
{
    return cdr_schema_types[field->type].shape == CDR_ANY;
}

static bool is_half_field(const ber_element_t *element, const cdr_schema_field_t *field)
{
    return (field->flags & CDR_IS_EXPLICIT) != 0 ? !element->constructed : is_half_value(element, field->type);
}

/* Reports what ber_read_element() said of an element: the field of this NAME, or this ITEM of a list, or neither. False
 * when nothing can be read behind it. */
static bool check_status(walk_t *walk, const ber_cursor_t *cursor, ber_status_t status, const ber_element_t *element,
                         uint16_t name, uint32_t item, size_t offset, const char *what)
{
    const size_t length = MIN(cursor->end, cursor->captured) - MIN(offset, cursor->captured);

    if (status == BER_END || status == BER_CUT) {
        return false;
    }
    if (status == BER_BAD_START) {
        report_nameless(walk, offset, length, NULL, what);
        return false;
    }
    if (status == BER_BAD_LENGTH && name == CDR_SCHEMA_NONE && item == 0) {
        report_nameless(walk, offset, length, element, what);
    } else if (status == BER_BAD_LENGTH) {
        const bool is_pushed = cdr_path_push(&walk->path, name, item);
        report_malformed(walk, offset, length, what);
        if (is_pushed) {
            cdr_path_pop(&walk->path);
        }
    }
    return true;
}

/* An element under the explicit tag of FIELD whose content is no element. What may be anything keeps its name: its
 * octets are whatever its sender wanted them to be. */
static void walk_misfit_field(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element,
                              const cdr_schema_field_t *field, unsigned depth, const char *what)
{
    if (!is_any(field) || element->length == 0) {
        walk_misfit(walk, cursor, element, depth, what);
        return;
    }
    cdr_part_t part = make_part(walk, element, field->type, field->name, 0);
    report_malformed(walk, element->start, element->value + element->length - element->start, what);
    part.start = MIN(part.value, part.end);
    part.octets = walk->octets + part.start;
    part.length = part.end - part.start;
    walk->sink->open(walk->user, &part);
    walk->sink->close(walk->user);
}

/* An element that was recognised as FIELD. */
static void walk_field(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element,
                       const cdr_schema_field_t *field, unsigned depth)
{
    const char *what;

    if ((field->flags & CDR_IS_EXPLICIT) == 0) {
        walk_value(walk, cursor, element, field->type, field->name, 0, depth);
        return;
    }
    ber_cursor_t inner = ber_enter(cursor, element);
    ber_element_t value;
    if (!element->constructed) {
        walk_misfit_field(walk, cursor, element, field, depth, "a plain value where an element should be");
        return;
    }
    const ber_status_t status = ber_read_element(&inner, &value, &what);
    if (status == BER_CUT) {
        return;
    }
    if (status == BER_BAD_START || (status == BER_BAD_LENGTH && is_half_value(&value, field->type))) {
        walk_misfit_field(walk, cursor, element, field, depth, what);
        return;
    }
    if (status == BER_END || !cdr_schema_accepts(field->type, &value)) {
        walk_misfit(walk, cursor, element, depth,
                    status == BER_END ? "there is no element in it"
                                      : "the element in it is not one that belongs there");
        return;
    }
    if (status == BER_BAD_LENGTH) {
        report_malformed(walk, value.start, value.value + value.length - value.start, what);
    }
    const ber_cursor_t around = inner;
    walk_value(walk, &around, &value, field->type, field->name, 0, depth);
    for (;;) { /* an explicit tag has one element */
        const size_t offset = inner.offset;
        const ber_status_t next = ber_read_element(&inner, &value, &what);
        if (!check_status(walk, &inner, next, &value, CDR_SCHEMA_NONE, 0, offset, what) || !count_part(walk, offset)) {
            return;
        }
        walk_unknown(walk, &inner, &value, true, depth);
    }
}

/* A field that takes anything, and where the element stands that is it: without a tag of its own. */
typedef struct {
    bool is_sought;
    const cdr_schema_field_t *field; /* NULL: the type has none, or it stands under its tag */
    size_t at;                       /* SIZE_MAX: no element, or it cannot be told which */
} bare_any_t;

/* True when ELEMENT is under the tag of a field of TYPE, or of its type; SEEN has the fields that were there. */
static bool is_other_field(const cdr_schema_type_t *type, const ber_element_t *element, uint64_t *seen)
{
    for (unsigned i = 0; i < type->count; i++) {
        const cdr_schema_field_t *field = &cdr_schema_fields[type->first + i];
        const bool is_untagged = (field->flags & CDR_IS_UNTAGGED) != 0;
        if (is_any(field) || (is_untagged ? !cdr_schema_accepts(field->type, element)
                                          : element->tag_class != BER_CONTEXT || element->tag != field->tag)) {
            continue;
        }
        /* What has no tag of its own and is there already may be the other one. */
        const bool is_again = is_untagged && (*seen >> (i & 63) & 1) != 0;
        *seen |= (uint64_t)1 << (i & 63);
        return !is_again;
    }
    return false;
}

/* Finds among the elements behind CURSOR the one that is the field of TYPE that takes anything: TS 32.298 gives it no
 * tag, or its sender has left the tag out. Vendors' own elements have tags of the context, so that one of another class
 * is it before them; of several of the context it cannot be told. */
static bare_any_t find_bare_any(const cdr_schema_type_t *type, ber_cursor_t cursor)
{
    bare_any_t found = { .is_sought = true, .at = SIZE_MAX };
    size_t others = SIZE_MAX; /* the one of the context, while there is only one */
    unsigned count = 0;
    uint64_t seen = 0;
    ber_element_t element;
    const char *what;

    for (unsigned i = 0; i < type->count && found.field == NULL; i++) {
        const cdr_schema_field_t *field = &cdr_schema_fields[type->first + i];
        found.field = is_any(field) ? field : NULL;
    }
    while (found.field != NULL && ber_read_element(&cursor, &element, &what) == BER_OK) {
        const bool is_context = element.tag_class == BER_CONTEXT;
        if (is_context && (found.field->flags & CDR_IS_UNTAGGED) == 0 && element.tag == found.field->tag) {
            found.field = NULL;
        } else if (is_other_field(type, &element, &seen)) {
            continue;
        } else if (!is_context) {
            found.at = MIN(found.at, element.start);
        } else {
            others = element.start;
            count++;
        }
    }
    if (found.at == SIZE_MAX && count == 1) {
        found.at = others;
    }
    return found;
}

static void walk_fields(walk_t *walk, ber_cursor_t cursor, const cdr_schema_type_t *type, unsigned depth)
{
    const ber_cursor_t start = cursor;
    bare_any_t any = { .is_sought = false };
    unsigned hint = 0;

    for (;;) {
        ber_element_t element;
        const char *what = NULL;
        const size_t offset = cursor.offset;
        const ber_status_t status = ber_read_element(&cursor, &element, &what);
        const cdr_schema_field_t *field =
            status == BER_OK || status == BER_BAD_LENGTH ? cdr_schema_find_field(type, &element, &hint) : NULL;
        const uint16_t name = field != NULL ? field->name : CDR_SCHEMA_NONE;
        if (!check_status(walk, &cursor, status, &element, name, 0, offset, what) || !count_part(walk, offset)) {
            return;
        }
        const bool is_bare_any = field != NULL && is_any(field) && (field->flags & CDR_IS_UNTAGGED) != 0;
        if (!any.is_sought && (field == NULL || is_bare_any)) {
            any = find_bare_any(type, start);
        }
        if (any.field != NULL && any.at == element.start) {
            cdr_part_t part = make_part(walk, &element, any.field->type, any.field->name, 0);
            walk_any(walk, &cursor, &element, &part, depth);
            continue;
        }
        field = is_bare_any ? NULL : field;
        if (field == NULL || (status == BER_BAD_LENGTH && is_half_field(&element, field))) {
            walk_unknown(walk, &cursor, &element, field == NULL, depth);
            continue;
        }
        const bool is_pushed = cdr_path_push(&walk->path, field->name, 0);
        walk_field(walk, &cursor, &element, field, depth);
        if (is_pushed) {
            cdr_path_pop(&walk->path);
        }
    }
}

static void walk_list(walk_t *walk, ber_cursor_t cursor, uint16_t of, uint16_t name, unsigned depth)
{
    for (uint32_t item = 1;;) {
        ber_element_t element;
        const char *what = NULL;
        const size_t offset = cursor.offset;
        const ber_status_t status = ber_read_element(&cursor, &element, &what);
        if (!check_status(walk, &cursor, status, &element, CDR_SCHEMA_NONE, item, offset, what) ||
            !count_part(walk, offset)) {
            return;
        }
        if (!cdr_schema_accepts(of, &element) || (status == BER_BAD_LENGTH && is_half_value(&element, of))) {
            walk_unknown(walk, &cursor, &element, true, depth);
            continue;
        }
        const bool is_pushed = cdr_path_push(&walk->path, CDR_SCHEMA_NONE, item);
        walk_value(walk, &cursor, &element, of, cdr_walk_has_parts(of) ? CDR_SCHEMA_NONE : name, item, depth);
        item++; /* what the table does not have is no item of the list */
        if (is_pushed) {
            cdr_path_pop(&walk->path);
        }
    }
}

static void walk_value(walk_t *walk, const ber_cursor_t *cursor, const ber_element_t *element, uint16_t type,
                       uint16_t name, uint32_t item, unsigned depth)
{
    const cdr_schema_type_t *t = &cdr_schema_types[type];
    cdr_part_t part = make_part(walk, element, type, name, item);

    if (depth >= CDR_WALK_DEPTH) {
        walk_misfit(walk, cursor, element, depth, "it is nested too deeply");
        return;
    }
    if (t->shape == CDR_ANY) {
        walk_any(walk, cursor, element, &part, depth);
        return;
    }
    if (!cdr_walk_has_parts(type)) {
        walk_plain(walk, cursor, element, &part, depth);
        return;
    }
    if (t->shape != CDR_CHOICE && !element->constructed) {
        walk_misfit(walk, cursor, element, depth, "a plain value where its parts should be");
        return;
    }
    walk->sink->open(walk->user, &part);
    if (t->shape == CDR_SET) {
        walk_fields(walk, ber_enter(cursor, element), t, depth + 1);
    } else if (t->shape == CDR_LIST) {
        walk_list(walk, ber_enter(cursor, element), t->first, name, depth + 1);
    } else {
        unsigned hint = 0;
        const cdr_schema_field_t *field = cdr_schema_find_field(t, element, &hint);
        if (field != NULL) {
            const bool is_pushed = cdr_path_push(&walk->path, field->name, 0);
            walk_field(walk, cursor, element, field, depth + 1);
            if (is_pushed) {
                cdr_path_pop(&walk->path);
            }
        } else {
            walk_unknown(walk, cursor, element, true, depth + 1);
        }
    }
    walk->sink->close(walk->user);
}

/* }}} */

void cdr_walk_ber(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                  const cdr_schema_record_t *record, const cdr_walk_sink_t *sink, void *user)
{
    walk_t walk = { .pool = pool, .octets = octets, .captured = MIN(captured, reported), .sink = sink, .user = user };
    ber_cursor_t cursor = { octets, walk.captured, 0, reported };
    ber_element_t outermost;
    const char *what = NULL;
    const ber_status_t status = ber_read_element(&cursor, &outermost, &what);

    if (!check_status(&walk, &cursor, status, &outermost, CDR_SCHEMA_NONE, 0, 0, what)) {
        return;
    }
    if (record == NULL || record->type == CDR_SCHEMA_NONE || !outermost.constructed) {
        walk_unknown(&walk, &cursor, &outermost, false, 0);
        return;
    }
    walk_fields(&walk, ber_enter(&cursor, &outermost), &cdr_schema_types[record->type], 0);
    /* Another record in the same octets; fill, and what is no element, is said by the reader of the key fields. */
    while (ber_read_element(&cursor, &outermost, &what) == BER_OK && outermost.constructed &&
           outermost.tag_class == BER_CONTEXT && count_part(&walk, outermost.start)) {
        walk_unknown(&walk, &cursor, &outermost, false, 0);
    }
}
