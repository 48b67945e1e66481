/* cdr_per.c
 * Reads a charging data record in packed encoding by the table of 3GPP TS 32.298.
 *
 * A record is read twice: first without reports, to find out whether it can be one of the table at all, then for the
 * report. Numbers in brackets name clauses of ITU-T X.691 (02/2021).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_per.h"

#include <string.h>

#include "cdr_per_reader.h"

/* A CHOICE in a CHOICE without a tag between them: three at most in the table. */
#define MAX_DEPTH 8

/* Components of a type: the table's count of them has eight bits. */
#define MAX_FIELDS 256

/* The table's first release, and its last. */
#define FIRST_RELEASE 16
#define LAST_RELEASE 18

static void push(per_reader_t *reader, uint16_t name, uint32_t item, bool *is_pushed)
{
    *is_pushed = cdr_path_push(&reader->path, name, item);
}

static void pop(per_reader_t *reader, bool is_pushed)
{
    if (is_pushed) {
        cdr_path_pop(&reader->path);
    }
}

/* True when something is wrong; where it was noted first stays known. */
static bool has_failed(const per_reader_t *reader)
{
    return reader->bits.what != NULL;
}

static void fail(per_reader_t *reader, const char *what)
{
    per_bits_fail(&reader->bits, what);
}

/* Whether one more part may be read. */
static bool count_part(per_reader_t *reader)
{
    if (!has_failed(reader) && ++reader->parts > CDR_WALK_PARTS) {
        fail(reader, "the record has more parts than are read");
    }
    return !has_failed(reader);
}

/* {{{ What has parts */

static void read_value(per_reader_t *reader, uint16_t number, uint16_t name, uint32_t item,
                       const cdr_schema_field_t *field, unsigned depth);

/* True when the release that is read has FIELD. */
static bool is_in_release(const per_reader_t *reader, const cdr_schema_field_t *field)
{
    const unsigned flags = field->flags;

    return !((flags & CDR_IS_SINCE_17) != 0 && reader->release < 17) &&
           !((flags & CDR_IS_SINCE_18) != 0 && reader->release < 18) &&
           !((flags & CDR_IS_UNTIL_16) != 0 && reader->release > 16) &&
           !((flags & CDR_IS_UNTIL_17) != 0 && reader->release > 17);
}

/* Where FIELD is in the order of tags (X.680, 8.6): universal ones before those of the context. Of what is told by
 * several tags it is the smallest. */
static uint32_t order_of(const cdr_schema_field_t *field, unsigned depth)
{
    static const uint8_t universal[] = {
        [CDR_SET] = 16,    [CDR_CHOICE] = 0, [CDR_LIST] = 16, [CDR_INTEGER] = 2, [CDR_ENUMERATED] = 10,
        [CDR_BOOLEAN] = 1, [CDR_NULL] = 5,   [CDR_TEXT] = 12, [CDR_OCTETS] = 4,  [CDR_BITS] = 3,
        [CDR_OID] = 6,     [CDR_REAL] = 9,   [CDR_ANY] = 0,
    };
    const cdr_schema_type_t *type = &cdr_schema_types[field->type];
    uint32_t smallest = UINT32_MAX;

    if ((field->flags & CDR_IS_UNTAGGED) == 0) {
        return 0x10000 | field->tag;
    }
    if (type->shape != CDR_CHOICE) {
        return universal[type->shape];
    }
    for (unsigned i = 0; depth < MAX_DEPTH && i < type->count; i++) {
        const uint32_t order = order_of(&cdr_schema_fields[type->first + i], depth + 1);
        smallest = MIN(smallest, order);
    }
    return smallest;
}

/* The components of TYPE before its extension marker, or behind it, as the release has them; a SET and a CHOICE have
 * them by their tags. */
static unsigned list_fields(const per_reader_t *reader, const cdr_schema_type_t *type, bool is_added,
                            const cdr_schema_field_t *fields[MAX_FIELDS])
{
    const bool is_sorted = !is_added && (type->shape == CDR_CHOICE || (type->flags & CDR_IS_UNORDERED) != 0);
    uint32_t orders[MAX_FIELDS];
    unsigned count = 0;

    for (unsigned i = 0; i < type->count; i++) {
        const cdr_schema_field_t *field = &cdr_schema_fields[type->first + i];
        if (((field->flags & CDR_IS_ADDED) != 0) != is_added || !is_in_release(reader, field)) {
            continue;
        }
        const uint32_t order = is_sorted ? order_of(field, 0) : 0;
        unsigned at = count++;
        for (; is_sorted && at > 0 && orders[at - 1] > order; at--) {
            orders[at] = orders[at - 1];
            fields[at] = fields[at - 1];
        }
        orders[at] = order;
        fields[at] = field;
    }
    return count;
}

static void read_field(per_reader_t *reader, const cdr_schema_field_t *field, unsigned depth)
{
    bool is_pushed;

    push(reader, field->name, 0, &is_pushed);
    read_value(reader, field->type, field->name, 0, field, depth);
    if (has_failed(reader) && reader->fault_path.steps == 0) {
        reader->fault_path = reader->path;
    }
    pop(reader, is_pushed);
}

/* A component whose octets, LENGTH in the first piece, are sent in pieces: it is read when they are together. */
static void read_joined(per_reader_t *reader, const cdr_schema_field_t *field, uint32_t length, unsigned depth)
{
    const uint32_t start = per_place(reader, reader->bits.at);
    const bool is_strict = reader->is_strict;

    reader->is_strict = true; /* so that the octets are kept, also where nothing is reported */
    const uint8_t *octets = per_read_units(reader, length, true, 8, &length);
    reader->is_strict = is_strict;
    if (has_failed(reader) || octets == NULL) {
        return;
    }
    per_reader_t inner = *reader;
    inner.bits = (per_bits_t){
        .octets = octets, .captured = 8 * length, .end = 8 * length, .is_aligned = reader->bits.is_aligned
    };
    if (!inner.is_joined) {
        inner.is_joined = true;
        inner.joined = start;
        inner.joined_end = per_place_end(reader, reader->bits.at);
    }
    read_field(&inner, field, depth);
    reader->parts = inner.parts;
    if (has_failed(&inner)) {
        reader->fault_path = inner.fault_path;
        fail(reader, inner.bits.what);
    }
}

/* What stands behind an extension marker, as the extension of number ITEM, from 1: octets, in which FIELD is; NULL: one
 * that the table does not have. */
static void read_extension(per_reader_t *reader, const cdr_schema_field_t *field, uint32_t item, unsigned depth)
{
    per_bits_t *bits = &reader->bits;
    bool is_fragment;
    uint32_t length = per_bits_length(bits, &is_fragment);
    const uint32_t start = bits->at;

    if (field == NULL) {
        const uint8_t *octets = per_read_units(reader, length, is_fragment, 8, &length);
        per_report_unknown(reader, CDR_SCHEMA_NONE, item, start, octets, length);
        return;
    }
    if (is_fragment) {
        read_joined(reader, field, length, depth);
        return;
    }
    if (length > (bits->end - bits->at) / 8) {
        fail(reader, "an extension goes beyond the end");
        return;
    }
    const uint32_t end = bits->end;
    bits->end = bits->at + 8 * length;
    read_field(reader, field, depth);
    per_bits_copy(bits, NULL, bits->end - bits->at);
    bits->end = end;
}

static void read_extensions(per_reader_t *reader, const cdr_schema_type_t *type, unsigned depth)
{
    const cdr_schema_field_t *fields[MAX_FIELDS];
    const unsigned known = list_fields(reader, type, true, fields);
    const uint32_t count = per_bits_small(&reader->bits) + 1;
    uint8_t there[MAX_FIELDS];

    if (count > MAX_FIELDS) {
        fail(reader, "it has too many extensions");
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        there[i] = (uint8_t)per_bits_read(&reader->bits, 1);
    }
    for (uint32_t i = 0; i < count && !has_failed(reader); i++) {
        if (there[i] != 0 && count_part(reader)) {
            read_extension(reader, i < known ? fields[i] : NULL, i + 1, depth);
        }
    }
}

/* SEQUENCE and SET (19, 21). */
static void read_fields(per_reader_t *reader, const cdr_schema_type_t *type, unsigned depth)
{
    const cdr_schema_field_t *fields[MAX_FIELDS];
    const bool is_extended = (type->flags & CDR_IS_EXT) != 0 && per_bits_read(&reader->bits, 1) != 0;
    const unsigned count = list_fields(reader, type, false, fields);
    uint8_t there[MAX_FIELDS];

    for (unsigned i = 0; i < count; i++) {
        there[i] = (fields[i]->flags & CDR_IS_OPTIONAL) == 0 || per_bits_read(&reader->bits, 1) != 0;
    }
    for (unsigned i = 0; i < count && !has_failed(reader); i++) {
        if (there[i] != 0 && count_part(reader)) {
            read_field(reader, fields[i], depth);
        }
    }
    if (is_extended && !has_failed(reader)) {
        read_extensions(reader, type, depth);
    }
}

static void read_choice(per_reader_t *reader, const cdr_schema_type_t *type, unsigned depth)
{
    const cdr_schema_field_t *fields[MAX_FIELDS];
    const bool is_extended = (type->flags & CDR_IS_EXT) != 0 && per_bits_read(&reader->bits, 1) != 0;
    const unsigned count = list_fields(reader, type, is_extended, fields);

    if (is_extended) {
        const uint32_t at = per_bits_small(&reader->bits);
        if (!has_failed(reader) && count_part(reader)) {
            read_extension(reader, at < count ? fields[at] : NULL, at + 1, depth);
        }
        return;
    }
    if (count == 0) {
        fail(reader, "the release has nothing there");
        return;
    }
    const int64_t at = per_bits_whole(&reader->bits, 0, (int64_t)count - 1);
    if (!has_failed(reader) && count_part(reader)) {
        read_field(reader, fields[at], depth);
    }
}

static void read_list(per_reader_t *reader, const cdr_schema_type_t *type, uint16_t name, unsigned depth)
{
    bool is_fragment;
    bool is_fixed;
    uint32_t high;
    uint32_t count = per_read_length(reader, type, &is_fragment, &is_fixed, &high);
    uint32_t item = 1;

    for (;;) {
        for (; count > 0 && count_part(reader); count--, item++) {
            bool is_pushed;
            push(reader, CDR_SCHEMA_NONE, item, &is_pushed);
            read_value(reader, type->first, cdr_walk_has_parts(type->first) ? CDR_SCHEMA_NONE : name, item, NULL,
                       depth);
            if (has_failed(reader) && reader->fault_path.steps == 0) {
                reader->fault_path = reader->path;
            }
            pop(reader, is_pushed);
        }
        if (!is_fragment || has_failed(reader)) {
            return;
        }
        count = per_bits_length(&reader->bits, &is_fragment);
    }
}

/* The end of a part that has parts is not known before they are read: its item is as long as what is left. */
static void read_value(per_reader_t *reader, uint16_t number, uint16_t name, uint32_t item,
                       const cdr_schema_field_t *field, unsigned depth)
{
    const cdr_schema_type_t *type = &cdr_schema_types[number];
    cdr_part_t part = { .name = name, .type = number, .item = item, .field = field };

    if (depth >= CDR_WALK_DEPTH) {
        fail(reader, "it is nested too deeply");
        return;
    }
    if (!cdr_walk_has_parts(number)) {
        per_read_plain(reader, type, &part);
        return;
    }
    if (reader->sink != NULL) {
        part.start = part.value = per_place(reader, reader->bits.at);
        part.end = per_place_end(reader, MIN(reader->bits.end, reader->bits.captured));
        reader->sink->open(reader->user, &part);
    }
    if (type->shape == CDR_SET) {
        read_fields(reader, type, depth + 1);
    } else if (type->shape == CDR_LIST) {
        read_list(reader, type, name, depth + 1);
    } else {
        read_choice(reader, type, depth + 1);
    }
    if (reader->sink != NULL) {
        reader->sink->close(reader->user);
    }
}

/* }}} */
/* {{{ A record */

/* The record of DOMAIN, a place in cdr_schema_choices, that the reader begins with; NULL when it is none. */
static const cdr_schema_record_t *read_alternative(per_reader_t *reader, unsigned domain)
{
    const cdr_schema_choice_t *choice = &cdr_schema_choices[domain];
    const int64_t at = per_bits_whole(&reader->bits, 0, (int64_t)choice->count - 1);

    if (has_failed(reader)) {
        return NULL;
    }
    const uint16_t record = cdr_schema_alternatives[choice->first + at];
    return record != CDR_SCHEMA_NONE ? &cdr_schema_records[record] : NULL;
}

/* Reads recordType [0], which every record has as its first component, from a copy of the READER that stands behind
 * the components' bits; false when it is not that of RECORD. */
static bool check_type(const per_reader_t *reader, const cdr_schema_record_t *record)
{
    const cdr_schema_type_t *type = &cdr_schema_types[record->type];
    const cdr_schema_field_t *fields[MAX_FIELDS];
    const unsigned count = list_fields(reader, type, false, fields);
    per_bits_t bits = reader->bits;
    bool is_fragment;
    unsigned optional = 0;

    for (unsigned i = 0; i < count; i++) {
        optional += (fields[i]->flags & CDR_IS_OPTIONAL) != 0;
    }
    if (count == 0 || (fields[0]->flags & CDR_IS_OPTIONAL) != 0) {
        return false;
    }
    per_bits_copy(&bits, NULL, optional + ((type->flags & CDR_IS_EXT) != 0));
    const uint32_t length = per_bits_length(&bits, &is_fragment);
    if (length < 1 || length > 2) {
        return false;
    }
    return per_bits_read(&bits, 8 * length) == record->number && bits.what == NULL;
}

/* What is left of a record: fewer bits than an octet, all of them 0. */
static void check_end(per_reader_t *reader)
{
    per_bits_t *bits = &reader->bits;

    if (has_failed(reader)) {
        return;
    }
    if (bits->end - bits->at >= 8) {
        fail(reader, "octets are left behind its end");
    } else if (per_bits_read(bits, bits->end - bits->at) != 0) {
        fail(reader, "bits are left behind its end");
    }
}

static per_reader_t make_reader(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                                bool is_aligned, unsigned release)
{
    const uint32_t longest = UINT32_MAX / 8;

    return (per_reader_t){
        .pool = pool,
        .bits = { .octets = octets,
                  .captured = 8 * MIN(MIN(captured, reported), longest),
                  .end = 8 * MIN(reported, longest),
                  .is_aligned = is_aligned },
        .release = release,
    };
}

/* True when the table knows what the release has in records of DOMAIN. Of the two domains of 5G's core, the names of
 * values are known for the last release alone, and PER sends their place among all. */
static bool is_known(const char *domain, unsigned release)
{
    return release == LAST_RELEASE || (strcmp(domain, "CHF") != 0 && strcmp(domain, "EFAPI") != 0);
}

typedef struct {
    const cdr_schema_record_t *record;
    uint8_t domain;
    bool is_cut;
    unsigned count;       /* records that it may be */
    per_reader_t closest; /* of those that it is not, the one that was read furthest */
    bool has_closest;
    bool is_release_lacking; /* it may be one of a domain that is not known in this release */
} search_t;

static void try_domain(const per_reader_t *start, unsigned domain, search_t *search)
{
    per_reader_t reader = *start;
    const cdr_schema_record_t *record = read_alternative(&reader, domain);

    if (record == NULL || record->type == CDR_SCHEMA_NONE || !check_type(&reader, record)) {
        return;
    }
    if (!is_known(cdr_schema_text + record->domain, reader.release)) {
        search->is_release_lacking = true;
        return;
    }
    reader.record = record;
    read_fields(&reader, &cdr_schema_types[record->type], 0);
    check_end(&reader);
    if (reader.bits.what == NULL || reader.bits.is_cut) {
        search->count++;
        search->record = record;
        search->domain = (uint8_t)domain;
        search->is_cut = reader.bits.is_cut;
    } else if (!search->has_closest || reader.bits.at > search->closest.bits.at) {
        search->has_closest = true;
        search->closest = reader;
    }
}

/* Why a record is none of the table. */
static const char *explain(wmem_allocator_t *pool, const search_t *search, const char *version)
{
    if (search->count > 1) {
        return wmem_strdup_printf(pool,
                                  "The record cannot be read because by version %s of 3GPP TS 32.298 it may be "
                                  "of more than one domain.",
                                  version);
    }
    if (search->is_release_lacking) {
        return wmem_strdup_printf(pool,
                                  "The record cannot be read because the names of values in records of 5G's "
                                  "charging function are not known for version %s of 3GPP TS 32.298, and PER sends "
                                  "their place among all.",
                                  version);
    }
    if (search->has_closest) {
        const per_reader_t *closest = &search->closest;
        char path[CDR_PATH_TEXT];
        cdr_path_print(&closest->fault_path, path);
        return wmem_strdup_printf(pool,
                                  "The record cannot be read because it is no whole %s of version %s of 3GPP TS "
                                  "32.298: at octet %u, in %s, %s. In PER, nothing of it is certain then.",
                                  cdr_schema_text + closest->record->name, version, closest->bits.at / 8,
                                  path[0] != '\0' ? path : "the record", closest->bits.what);
    }
    return wmem_strdup_printf(pool,
                              "The record cannot be read because it begins like none of version %s of 3GPP TS "
                              "32.298.",
                              version);
}

/* The second number of a version: sent plus one, or as the character code of a letter that follows 9. */
static unsigned minor_of(uint8_t version)
{
    if (g_ascii_isalpha(version)) {
        return 10 + (unsigned)(g_ascii_tolower(version) - 'a');
    }
    return version > 0 ? version - 1u : UINT8_MAX;
}

void cdr_per_find(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported, bool is_aligned,
                  uint8_t release, uint8_t version, cdr_per_t *found)
{
    /* Of 3GPP TS 32.298, by release: those that data/README.md names. */
    static const unsigned minors[] = { 11, 9, 8 };
    const unsigned minor = minor_of(version);
    search_t search = { .record = NULL };

    memset(found, 0, sizeof *found);
    found->is_aligned = is_aligned;
    if (release < FIRST_RELEASE || release > LAST_RELEASE) {
        found->problem =
            wmem_strdup_printf(pool,
                               "The record cannot be read because PER has no tags: which fields a release has "
                               "must be known, and of 3GPP TS 32.298 releases 16 to 18 are. The packet says %u.",
                               release);
        return;
    }
    const bool is_exact = minor == minors[release - FIRST_RELEASE];
    const char *name = wmem_strdup_printf(pool, "%u.%u", release, minors[release - FIRST_RELEASE]);
    per_reader_t start = make_reader(pool, octets, captured, reported, is_aligned, release);
    start.is_strict = !is_exact;
    for (unsigned i = 0; i < cdr_schema_num_choices; i++) {
        try_domain(&start, i, &search);
    }
    if (search.count == 1 && search.is_cut && !is_exact) {
        found->problem = wmem_strdup_printf(pool,
                                            "The record cannot be read because the packet is of another version "
                                            "than %s of 3GPP TS 32.298, and the capture cut the record: whether that "
                                            "version fits cannot be told.",
                                            name);
        return;
    }
    if (search.count != 1) {
        found->problem = explain(pool, &search, name);
        return;
    }
    found->record = search.record;
    found->domain = search.domain;
    found->release = release;
    if (!is_exact) {
        const char *sent = minor != UINT8_MAX ? wmem_strdup_printf(pool, "%u.%u", release, minor) : "no version";
        found->doubt = wmem_strdup_printf(pool,
                                          "The packet says %s: the record was read as one of %s, which it fits "
                                          "to its last bit.",
                                          sent, name);
    }
}

void cdr_per_walk(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                  const cdr_per_t *found, const cdr_walk_sink_t *sink, void *user)
{
    per_reader_t reader = make_reader(pool, octets, captured, reported, found->is_aligned, found->release);

    reader.sink = sink;
    reader.user = user;
    const cdr_schema_record_t *record = read_alternative(&reader, found->domain);
    if (record != NULL && record == found->record) {
        reader.record = record;
        read_fields(&reader, &cdr_schema_types[record->type], 0);
    }
}

/* }}} */
