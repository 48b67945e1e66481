/* test_cdr_per.c
 * Unit tests: records in packed encoding by the table of TS 32.298, and the numbers and lengths of these rules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "cdr/cdr_per.h"
#include "cdr/cdr_per_bits.h"

typedef struct {
    GString *said; /* "name{...}" of what has parts, "name=octets " of values, "!fault " */
    unsigned depth;
} told_t;

static const char *name_of(const cdr_part_t *part)
{
    return part->name != CDR_SCHEMA_NONE ? cdr_schema_text + cdr_schema_names[part->name].name : "item";
}

static void take_open(void *user, const cdr_part_t *part)
{
    told_t *told = user;

    told->depth++;
    g_assert_cmpuint(told->depth, <=, CDR_WALK_DEPTH);
    g_string_append_printf(told->said, "%s{", name_of(part));
}

static void take_close(void *user)
{
    told_t *told = user;

    g_assert_cmpuint(told->depth, >, 0);
    told->depth--;
    g_string_append(told->said, "}");
}

static const char *take_value(void *user, const cdr_part_t *part)
{
    told_t *told = user;

    g_assert_cmpuint(part->start, <=, part->end);
    g_string_append_printf(told->said, "%s=", name_of(part));
    for (uint32_t i = 0; i < part->length; i++) {
        g_string_append_printf(told->said, "%02x", part->octets[i]);
    }
    g_string_append_c(told->said, ' ');
    return NULL;
}

static void take_fault(void *user, cdr_walk_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    told_t *told = user;

    (void)fault;
    (void)offset;
    (void)length;
    g_string_append_printf(told->said, "!%s ", text);
}

/* What is said of the octets: the parts; or why they are none, after "?". */
static char *read_octets(const uint8_t *octets, uint32_t captured, uint32_t reported, bool is_aligned, uint8_t release,
                         uint8_t version)
{
    static const cdr_walk_sink_t sink = { take_open, take_close, take_value, take_fault };
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    uint8_t *copy = g_memdup2(octets, captured); /* a read beyond the end is seen by the sanitizers */
    told_t told = { .said = g_string_new("") };
    cdr_per_t found;

    cdr_per_find(pool, copy, captured, reported, is_aligned, release, version, &found);
    g_assert_true((found.record == NULL) == (found.problem != NULL));
    if (found.record != NULL) {
        g_string_append_printf(told.said, "%s: %s", cdr_schema_text + found.record->name,
                               found.doubt != NULL ? "(doubt) " : "");
        cdr_per_walk(pool, copy, captured, reported, &found, &sink, &told);
    } else {
        g_string_append_printf(told.said, "?%s", found.problem);
    }
    g_assert_cmpuint(told.depth, ==, 0);
    g_free(copy);
    wmem_destroy_allocator(pool);
    return g_string_free(told.said, FALSE);
}

static size_t from_hex(const char *hex, uint8_t *octets)
{
    const size_t length = strlen(hex) / 2;

    for (size_t i = 0; i < length; i++) {
        octets[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    }
    return length;
}

static void expect(const char *hex, bool is_aligned, uint8_t release, uint8_t version, const char *said)
{
    uint8_t octets[256];
    const uint32_t length = (uint32_t)from_hex(hex, octets);
    char *found = read_octets(octets, length, length, is_aligned, release, version);

    g_assert_cmpstr(found, ==, said);
    g_free(found);
}

/* The shortest records, as another encoder made them: of which domain they are is found. */
static void test_domains(void)
{
    expect("20000000000282", false, 18, 9, "iCSCFRecord: recordType=41 ");
    expect("20000000000141", true, 18, 9, "iCSCFRecord: recordType=41 ");
    expect("800168", false, 18, 9, "mERERecord: recordType=68 ");
    expect("000000059c", false, 18, 9, "mECORecord: recordType=67 ");
    expect("0000000167", true, 18, 9, "mECORecord: recordType=67 ");
    expect("0000000178", true, 18, 9, "eASCERecord: recordType=78 ");
    expect("400000000b284000", false, 18, 9,
           "pFEDRecord: recordType=65 chargingCharacteristics=0800 causeForRecClosing=00 ");
}

/* What is left, what is missing, what is no recordType. */
static void test_not_whole(void)
{
    expect(
        "80016800", false, 18, 9,
        "?The record cannot be read because it is no whole mERERecord of version 18.8 of 3GPP TS 32.298: at octet 3, "
        "in the record, octets are left behind its end. In PER, nothing of it is certain then.");
    expect(
        "20000000000283", false, 18, 9,
        "?The record cannot be read because it is no whole iCSCFRecord of version 18.8 of 3GPP TS 32.298: at octet 7, "
        "in the record, bits are left behind its end. In PER, nothing of it is certain then.");
    expect("200000000002", false, 18, 9,
           "?The record cannot be read because it begins like none of version 18.8 of 3GPP TS 32.298.");
    expect("", false, 18, 9,
           "?The record cannot be read because it begins like none of version 18.8 of 3GPP TS 32.298.");
    expect("20000000000284", false, 18, 9,
           "?The record cannot be read because it begins like none of version 18.8 of 3GPP TS 32.298.");
}

/* Versions that the table is of, others of the same releases, other releases. */
static void test_versions(void)
{
    expect("20000000000141", true, 16, 'B', "iCSCFRecord: recordType=41 ");
    expect("20000000000141", true, 16, 'b', "iCSCFRecord: recordType=41 ");
    expect("20000000000141", true, 17, 10, "iCSCFRecord: recordType=41 ");
    expect("20000000000141", true, 18, 3, "iCSCFRecord: (doubt) recordType=41 ");
    expect("20000000000141", true, 18, 0, "iCSCFRecord: (doubt) recordType=41 ");
    expect(
        "20000000000141", true, 15, 8,
        "?The record cannot be read because PER has no tags: which fields a release has must be known, and of 3GPP TS "
        "32.298 releases 16 to 18 are. The packet says 15.");
    expect("0000000178", true, 17, 10,
           "?The record cannot be read because the names of values in records of 5G's charging function are not known "
           "for version 17.9 of 3GPP TS 32.298, and PER sends their place among all.");
}

/* What the capture cut is not claimed, and what stands before the cut is shown where the version is known. */
static void test_cut(void)
{
    uint8_t octets[16];
    const uint32_t length = (uint32_t)from_hex("400000000b284000", octets);

    char *said = read_octets(octets, 6, length, false, 18, 9);
    g_assert_cmpstr(said, ==, "pFEDRecord: recordType=65 ");
    g_free(said);
    said = read_octets(octets, 6, length, false, 18, 3);
    g_assert_true(g_str_has_prefix(said, "?The record cannot be read because the packet is of another version"));
    g_free(said);
    said = read_octets(octets, 0, length, false, 18, 9);
    g_assert_true(g_str_has_prefix(said, "?"));
    g_free(said);
}

/* Any octets are read without harm. */
static void test_noise(void)
{
    GRand *random = g_rand_new_with_seed(32298);
    uint8_t octets[200];

    for (unsigned round = 0; round < 20000; round++) {
        const uint32_t length = (uint32_t)g_rand_int_range(random, 0, sizeof octets);
        for (uint32_t i = 0; i < length; i++) {
            octets[i] = g_rand_boolean(random) ? (uint8_t)g_rand_int(random) : 0;
        }
        g_free(read_octets(octets, length / (1 + round % 2), length, round % 3 == 0, (uint8_t)(16 + round % 3), 9));
    }
    g_rand_free(random);
}

static per_bits_t bits_of(const uint8_t *octets, size_t length, bool is_aligned)
{
    return (per_bits_t){
        .octets = octets, .captured = 8 * (uint32_t)length, .end = 8 * (uint32_t)length, .is_aligned = is_aligned
    };
}

/* Numbers between limits: 11.5.7 has four cases, of which unaligned PER knows one. */
static void test_whole(void)
{
    static const uint8_t octets[] = { 0x9f, 0x12, 0x34, 0x56, 0x78 };
    per_bits_t bits = bits_of(octets, sizeof octets, false);

    g_assert_cmpint(per_bits_whole(&bits, 5, 5), ==, 5);
    g_assert_cmpint(per_bits_whole(&bits, -1, 2), ==, 1);
    g_assert_cmpuint(bits.at, ==, 2);
    g_assert_cmpint(per_bits_whole(&bits, 0, 4), ==, 3);
    g_assert_cmpint(per_bits_whole(&bits, 0, 4), ==, 0);
    g_assert_cmpstr(bits.what, ==, "a number beyond its limits");

    static const uint8_t aligned[] = { 0x80, 0x12, 0x00, 0x01, 0x02, 0x40, 0x12, 0x34 };
    bits = bits_of(aligned, sizeof aligned, true);
    g_assert_cmpuint(per_bits_read(&bits, 1), ==, 1);
    g_assert_cmpint(per_bits_whole(&bits, 0, 255), ==, 0x12);
    g_assert_cmpint(per_bits_whole(&bits, 0, 256), ==, 1);
    g_assert_cmpint(per_bits_whole(&bits, 0, 254), ==, 2);
    g_assert_cmpint(per_bits_whole(&bits, 0, 4294967295), ==, 0x1234);
    g_assert_null(bits.what);
    g_assert_cmpuint(per_bits_read(&bits, 1), ==, 0);
    g_assert_cmpstr(bits.what, ==, "it ends too early");
    g_assert_false(bits.is_cut);
}

/* Lengths of one octet, of two, of a piece; bits in front of an octet that are not 0. */
static void test_lengths(void)
{
    static const uint8_t octets[] = { 0x7f, 0x81, 0x00, 0xc2, 0xc5 };
    per_bits_t bits = bits_of(octets, sizeof octets, true);
    bool is_fragment;

    g_assert_cmpuint(per_bits_length(&bits, &is_fragment), ==, 127);
    g_assert_false(is_fragment);
    g_assert_cmpuint(per_bits_length(&bits, &is_fragment), ==, 256);
    g_assert_cmpuint(per_bits_length(&bits, &is_fragment), ==, 32768);
    g_assert_true(is_fragment);
    g_assert_cmpuint(per_bits_length(&bits, &is_fragment), ==, 0);
    g_assert_cmpstr(bits.what, ==, "a length that no rule has");

    bits = bits_of(octets, sizeof octets, true);
    g_assert_cmpuint(per_bits_read(&bits, 1), ==, 0);
    g_assert_cmpuint(per_bits_length(&bits, &is_fragment), ==, 0);
    g_assert_cmpstr(bits.what, ==, "bits in front of an octet that should be 0");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cdr_per/domains", test_domains);
    g_test_add_func("/cdr_per/not_whole", test_not_whole);
    g_test_add_func("/cdr_per/versions", test_versions);
    g_test_add_func("/cdr_per/cut", test_cut);
    g_test_add_func("/cdr_per/noise", test_noise);
    g_test_add_func("/cdr_per/whole", test_whole);
    g_test_add_func("/cdr_per/lengths", test_lengths);
    return g_test_run();
}
