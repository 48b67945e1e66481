/* test_cdr_walk.c
 * Unit tests: a walk over records in BER by the table of TS 32.298.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "cdr/cdr_text.h"
#include "cdr/cdr_walk.h"

typedef struct {
    GString *said; /* "name{...}" of what has parts, "name=octets " of values, "!fault " */
    unsigned depth;
    unsigned deepest;
    unsigned faults;
} told_t;

static const char *name_of(const cdr_part_t *part)
{
    if (part->name != CDR_SCHEMA_NONE) {
        return cdr_schema_text + cdr_schema_names[part->name].name;
    }
    return part->type != CDR_SCHEMA_NONE ? "item" : part->is_noted ? "unknown" : "element";
}

static void take_open(void *user, const cdr_part_t *part)
{
    told_t *told = user;

    told->depth++;
    told->deepest = MAX(told->deepest, told->depth);
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

    g_string_append_printf(told->said, "%s=", name_of(part));
    for (uint32_t i = 0; i < part->length; i++) {
        g_string_append_printf(told->said, "%02x", part->octets[i]);
    }
    g_string_append_c(told->said, ' ');
    return part->type != CDR_SCHEMA_NONE && part->length == 0 ? "no octets" : NULL;
}

static void take_fault(void *user, cdr_walk_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    told_t *told = user;

    (void)fault;
    (void)offset;
    (void)length;
    told->faults++;
    g_string_append_printf(told->said, "!%s ", text);
}

static told_t walk_octets(const uint8_t *octets, uint32_t captured, uint32_t reported,
                          const cdr_schema_record_t *record)
{
    static const cdr_walk_sink_t sink = { take_open, take_close, take_value, take_fault };
    told_t told = { .said = g_string_new("") };
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    uint8_t *copy = g_memdup2(octets, captured); /* a read beyond the end is seen by the sanitizers */

    cdr_walk_ber(pool, copy, captured, reported, record, &sink, &told);
    g_assert_cmpuint(told.depth, ==, 0);
    g_free(copy);
    wmem_destroy_allocator(pool);
    return told;
}

/* Writes the octets in HEX; the number of them. */
static size_t from_hex(const char *hex, uint8_t *octets)
{
    const size_t length = strlen(hex) / 2;

    for (size_t i = 0; i < length; i++) {
        octets[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    }
    return length;
}

/* Walks a record with this recordType and outermost tag (31 to 127), whose FIELDS behind recordType are given in hex:
 * they begin at octet 7. */
static void expect(uint8_t number, uint8_t tag, const char *fields, const char *said)
{
    uint8_t octets[256] = { 0xbf, tag, 0x81, 0, 0x80, 0x01, number };
    const size_t length = 7 + from_hex(fields, octets + 7);
    char *start = g_strdup_printf("recordType=%02x ", number);

    octets[3] = (uint8_t)(length - 4);
    told_t told = walk_octets(octets, (uint32_t)length, (uint32_t)length, cdr_schema_find_record(number, tag, false));
    g_assert_true(g_str_has_prefix(told.said->str, start));
    g_assert_cmpstr(told.said->str + strlen(start), ==, said);
    g_string_free(told.said, TRUE);
    g_free(start);
}

/* A choice in a choice without a tag between them, an explicit tag, a list. */
static void test_parts(void)
{
    expect(85, 79, "a4068004c0000201ac0630048302030a",
           "p-GWAddress{iPBinaryAddress{iPBinV4Address=c0000201 }}"
           "listOfTrafficVolumes{item{dataVolumeGPRSUplink=030a }}");
}

/* The same with indefinite lengths, which change nothing. */
static void test_indefinite(void)
{
    expect(85, 79, "a4808004c00002010000ac8030808302030a00000000",
           "p-GWAddress{iPBinaryAddress{iPBinV4Address=c0000201 }}"
           "listOfTrafficVolumes{item{dataVolumeGPRSUplink=030a }}");
}

/* Tags of vendors are above those of the table, and need more than an octet. What stands behind them is read. */
static void test_unknown_tags(void)
{
    expect(85, 79, "bf86050580010730009f860500940101", "unknown{element=07 element{}}unknown= localSequenceNumber=01 ");
    expect(85, 79, "9f8605020a0b", "unknown=0a0b ");
}

/* Another record in the same octets is shown, and what is none is not. */
static void test_two_records(void)
{
    static const uint8_t two[] = { 0xbf, 0x4f, 3, 0x80, 1, 0x55, 0xbf, 0x4f, 3, 0x94, 1, 7, 0, 0 };
    told_t told = walk_octets(two, sizeof two, sizeof two, cdr_schema_find_record(85, 79, false));

    g_assert_cmpstr(told.said->str, ==, "recordType=55 element{element=07 }");
    g_string_free(told.said, TRUE);
}

/* A record that the table does not have. */
static void test_unknown_record(void)
{
    static const uint8_t record[] = { 0xbf, 0x81, 0x47, 0x07, 0x80, 0x02, 0x00, 0xc7, 0x81, 0x01, 0x01 };
    told_t told = walk_octets(record, sizeof record, sizeof record, NULL);

    g_assert_cmpstr(told.said->str, ==, "element{element=00c7 element=01 }");
    g_string_free(told.said, TRUE);
}

/* A string in pieces is put together. */
static void test_pieces(void)
{
    expect(63, 63, "a20a1902494e190456495445", "sIP-Method=494e56495445 ");
    /* A piece that is none: the octets of the field are shown as they are. */
    expect(85, 79, "a8058103f12104",
           "!At octet 7 of the record, pdpPDNType cannot be read: something else than pieces of a string. "
           "element{element=f12104 }");
}

/* The end of a string in pieces is not there: what came of it is no value, in a field as in a choice. */
static void test_half_a_string(void)
{
    expect(85, 79, "b28004026269",
           "!At octet 7 of the record, nodeID cannot be read: its end-of-contents is missing. element{element=6269 }");
    expect(
        85, 79, "a406a28016023139940101",
        "!At octet 7 of the record, p-GWAddress cannot be read: its end-of-contents is missing. element=a28016023139 "
        "localSequenceNumber=01 ");
}

/* A wrong form costs the field alone. */
static void test_misfits(void)
{
    expect(
        85, 79, "8401c0a300940101",
        "!At octet 7 of the record, p-GWAddress cannot be read: a plain value where an element should be. element=c0 "
        "servedIMSI= !At octet 10 of the record, servedIMSI cannot be read: no octets. localSequenceNumber=01 ");
    expect(85, 79, "8e009401010f",
           "duration= !At octet 7 of the record, duration cannot be read: no octets. localSequenceNumber=01 "
           "!At octet 12 of the record, an element cannot be read: its identifier or length is incomplete. ");
    expect(85, 79, "ac05300383050a",
           "listOfTrafficVolumes{item{!At octet 11 of the record, listOfTrafficVolumes[1].dataVolumeGPRSUplink cannot "
           "be read: its length runs past the end of what contains it. element=0a }}");
    /* The fields of an item that is cut off, and those of the table and others in it. */
    expect(85, 79, "ac0430080301",
           "listOfTrafficVolumes{!At octet 9 of the record, listOfTrafficVolumes[1] cannot be read: its length runs "
           "past the end of what contains it. item{!At octet 11 of the record, an element of listOfTrafficVolumes[1] "
           "cannot be read: its length runs past the end of what contains it. unknown= }}");
}

/* Anything may stand in an extension, also without the tag that should be around it. */
static void test_any(void)
{
    expect(83, 83, "b9113007060153a20230003006060153800109",
           "recordExtensions{item{identifier=53 information{element{}}}item{identifier=53 information{element=09 }}}");
}

/* Under its tag, what is no element keeps its name; what stands behind the element is said, whatever it is. */
static void test_any_that_is_no_element(void)
{
    expect(83, 83, "b9093007060153a2024142",
           "recordExtensions{item{identifier=53 !At octet 14 of the record, recordExtensions[1].information cannot be "
           "read: its length runs past the end of what contains it. information{}}}");
    expect(83, 83, "b908300606015382014f",
           "recordExtensions{item{identifier=53 !At octet 14 of the record, recordExtensions[1].information cannot be "
           "read: a plain value where an element should be. information{}}}");
    expect(83, 83, "b9073005060153a200",
           "recordExtensions{item{identifier=53 !At octet 14 of the record, recordExtensions[1].information cannot be "
           "read: there is no element in it. element{}}}");
    expect(83, 83, "b90b3009060153a2040401419f",
           "recordExtensions{item{identifier=53 information{element=41 }!At octet 19 of the record, an element of "
           "recordExtensions[1].information cannot be read: its identifier or length is incomplete. }}");
    expect(85, 79, "a404820101c0940101",
           "p-GWAddress{iPTextRepresentedAddress{iPTextV4Address=01 }}!At octet 12 of the record, an element of "
           "p-GWAddress cannot be read: its "
           "identifier or length is incomplete. localSequenceNumber=01 ");
}

/* Beside elements that no table has: one of a universal tag is what may be anything, of the context's there must be one
 * alone. */
static void test_any_beside_unknown(void)
{
    /* [7] and a bare SEQUENCE; the same the other way round. */
    expect(83, 83, "b90d300b0601538701083003020109",
           "recordExtensions{item{identifier=53 unknown=08 information{element{element=09 }}}}");
    expect(83, 83, "b90d300b0601533003020109870108",
           "recordExtensions{item{identifier=53 information{element{element=09 }}unknown=08 }}");
    /* In front of the identifier. */
    expect(83, 83, "b90b30098701080601530c0161",
           "recordExtensions{item{unknown=08 identifier=53 information{element=61 }}}");
    /* What has its tag is it, and two of the context's may both be. */
    expect(83, 83, "b90d300b060153870108a203020109",
           "recordExtensions{item{identifier=53 unknown=08 information{element=09 }}}");
    expect(83, 83, "b90b3009060153870108880109", "recordExtensions{item{identifier=53 unknown=08 unknown=09 }}");
    /* MAP's private extension, which has no tag around it in any case. */
    expect(71, 71, "a311a00fa10da00b30090601538901080c0161",
           "lcsClientIdentity{lcsClientExternalID{extensionContainer{privateExtensionList{item{extId=53 unknown=08 "
           "extType{element=61 }}}}}}");
    expect(71, 71, "a311a00fa10da00b30090601530c0161890108",
           "lcsClientIdentity{lcsClientExternalID{extensionContainer{privateExtensionList{item{extId=53 "
           "extType{element=61 }unknown=08 }}}}}");
    expect(71, 71, "a30ea00ca10aa0083006060153890108",
           "lcsClientIdentity{lcsClientExternalID{extensionContainer{privateExtensionList{item{extId=53 "
           "extType{element=08 }}}}}}");
    expect(71, 71, "a30ea00ca10aa0083006060153060154",
           "lcsClientIdentity{lcsClientExternalID{extensionContainer{privateExtensionList{item{extId=53 "
           "extType{element=54 }}}}}}");
}

/* Values whose end was not captured are not reported, and nothing is called wrong. */
static void test_cut(void)
{
    static const uint8_t record[] = { 0xbf, 0x4f, 0x13, 0x80, 0x01, 0x55, 0xa4, 0x06, 0x80, 0x04, 0xc0,
                                      0x00, 0x02, 0x01, 0xac, 0x06, 0x30, 0x04, 0x83, 0x02, 0x03, 0x0a };
    const cdr_schema_record_t *pgw = cdr_schema_find_record(85, 79, false);

    for (uint32_t captured = 0; captured <= sizeof record; captured++) {
        told_t told = walk_octets(record, captured, sizeof record, pgw);
        g_assert_cmpuint(told.faults, ==, 0);
        g_assert_cmpint(strstr(told.said->str, "recordType=55 ") != NULL, ==, captured >= 6);
        g_assert_cmpint(strstr(told.said->str, "iPBinV4Address=c0000201 ") != NULL, ==, captured >= 14);
        g_assert_cmpint(strstr(told.said->str, "030a") != NULL, ==, captured >= 22);
        g_string_free(told.said, TRUE);
    }
}

/* Depth and number have limits, and the walk says so. */
static void test_limits(void)
{
    enum { LEVELS = 200, MANY = 60000 };
    uint8_t *octets = g_malloc(MANY);
    const cdr_schema_record_t *pgw = cdr_schema_find_record(85, 79, false);

    for (size_t i = 0; i < LEVELS; i++) {
        octets[2 * i] = 0xbf & 0xef; /* [15], constructed, indefinite */
        octets[2 * i + 1] = 0x80;
    }
    told_t told = walk_octets(octets, 2 * LEVELS, 2 * LEVELS, NULL);
    g_assert_cmpuint(told.deepest, <=, CDR_WALK_DEPTH + 2);
    g_string_free(told.said, TRUE);

    octets[0] = 0xbf;
    octets[1] = 0x4f;
    octets[2] = 0x80;
    memset(octets + 3, 0, MANY - 3);
    for (unsigned i = 3; i + 1 < MANY; i += 2) {
        octets[i] = 0x9e;
    }
    told = walk_octets(octets, MANY, MANY + 10, pgw);
    g_assert_nonnull(strstr(told.said->str, "The record has more parts than are shown."));
    g_assert_cmpuint(told.faults, <=, CDR_WALK_FAULTS + 1);
    g_string_free(told.said, TRUE);
    g_free(octets);
}

/* Octets of every kind: nothing beyond them is read, and each part that is opened is closed. */
static void test_random(void)
{
    static const uint8_t seed[] = { 0xbf, 0x4f, 0x13, 0x80, 0x01, 0x55, 0xa4, 0x06, 0x80, 0x04, 0xc0,
                                    0x00, 0x02, 0x01, 0xac, 0x06, 0x30, 0x04, 0x83, 0x02, 0x03, 0x0a };
    GRand *rand = g_rand_new_with_seed(1);

    for (unsigned run = 0; run < 20000; run++) {
        uint8_t octets[sizeof seed];
        const size_t kind = (size_t)g_rand_int_range(rand, 0, (gint32)cdr_schema_num_records);
        memcpy(octets, seed, sizeof octets);
        for (unsigned i = 0; i < 1 + run % 8; i++) {
            octets[g_rand_int_range(rand, 0, sizeof octets)] = (uint8_t)g_rand_int(rand);
        }
        told_t told = walk_octets(octets, (uint32_t)g_rand_int_range(rand, 0, sizeof octets + 1), sizeof octets,
                                  &cdr_schema_records[kind]);
        g_string_free(told.said, TRUE);
    }
    g_rand_free(rand);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cdr_walk/parts", test_parts);
    g_test_add_func("/cdr_walk/indefinite", test_indefinite);
    g_test_add_func("/cdr_walk/unknown_tags", test_unknown_tags);
    g_test_add_func("/cdr_walk/unknown_record", test_unknown_record);
    g_test_add_func("/cdr_walk/two_records", test_two_records);
    g_test_add_func("/cdr_walk/pieces", test_pieces);
    g_test_add_func("/cdr_walk/half_a_string", test_half_a_string);
    g_test_add_func("/cdr_walk/misfits", test_misfits);
    g_test_add_func("/cdr_walk/any", test_any);
    g_test_add_func("/cdr_walk/any_that_is_no_element", test_any_that_is_no_element);
    g_test_add_func("/cdr_walk/any-beside-unknown", test_any_beside_unknown);
    g_test_add_func("/cdr_walk/cut", test_cut);
    g_test_add_func("/cdr_walk/limits", test_limits);
    g_test_add_func("/cdr_walk/random", test_random);
    return g_test_run();
}
