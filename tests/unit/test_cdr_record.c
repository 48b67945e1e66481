/* test_cdr_record.c
 * One charging data record, read once: its items and faults in order, what the account needs, and whether it is plain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr/cdr_record.h"

#include <glib.h>

#define READ(...) \
    read_record((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), CDR_ENCODING_BER)

static wmem_allocator_t *pool;

static cdr_t read_record(const uint8_t *octets, uint32_t length, cdr_encoding_t encoding)
{
    cdr_t cdr;

    const cdr_form_t form = { .encoding = encoding };
    cdr_read(pool, wmem_memdup(pool, octets, length), length, length, &form, &cdr);
    return cdr;
}

static void test_items(void)
{
    /* recordType 84, two node IDs, two local sequence numbers. */
    cdr_t cdr = READ(0xbf, 0x4e, 16, 0x80, 1, 84, 0x92, 2, 'S', 'G', 0x92, 1, 'X', 0x94, 1, 7, 0x94, 1, 8);

    g_assert_cmpstr(cdr.type_name, ==, "SGW");
    g_assert_cmpuint(cdr.num_items, ==, 5);
    g_assert_cmpint(cdr.items[1].field, ==, CDR_NODE_ID);
    g_assert_cmpmem(cdr.node_id, cdr.node_id_length, "SG", 2);
    g_assert_true(cdr.has_local_seq);
    g_assert_cmpuint(cdr.local_seq, ==, 7);
    g_assert_false(cdr.is_faulty);
    g_assert_false(cdr_has_remark(&cdr));
}

static void test_many_items(void)
{
    uint8_t octets[5 + 3 + 200 * 3] = { 0xbf, 0x4e, 0x82, 2, 0x5b, 0x80, 1, 84 };

    for (unsigned i = 0; i < 200; i++) {
        octets[8 + 3 * i] = 0x94;
        octets[9 + 3 * i] = 1;
        octets[10 + 3 * i] = (uint8_t)(i % 100);
    }
    cdr_t cdr = read_record(octets, sizeof octets, CDR_ENCODING_BER);
    g_assert_cmpuint(cdr.num_items, ==, 201);
    g_assert_cmpuint(cdr.items[200].number, ==, 99);
}

static void test_faults(void)
{
    /* An empty node ID between two good fields; then a negative number. */
    cdr_t cdr = READ(0xbf, 0x4e, 11, 0x80, 1, 84, 0x92, 0, 0x94, 1, 7, 0x85, 1, 0xff);

    g_assert_cmpuint(cdr.num_items, ==, 3);
    g_assert_cmpuint(cdr.num_faults, ==, 2);
    g_assert_cmpuint(cdr.faults[0].item, ==, 1);
    g_assert_cmpstr(cdr.faults[0].text, ==,
                    "At octet 8 of the record, nodeID cannot be read: a text without characters.");
    g_assert_cmpint(cdr.faults[1].fault, ==, CDR_FAULT_SIGN);
    g_assert_cmpuint(cdr.faults[1].item, ==, 3);
    g_assert_true(cdr.is_faulty);
    cdr = READ(0xbf, 0x4e, 6, 0x80, 1, 84, 0x85, 1, 0xff);
    g_assert_false(cdr.is_faulty);
    g_assert_true(cdr_has_remark(&cdr));
}

static void test_other_encodings(void)
{
    cdr_t cdr = read_record((const uint8_t *)"abc", 3, CDR_ENCODING_UNALIGNED_PER);

    g_assert_cmpstr(cdr.type_name, ==, "type not known");
    g_assert_cmpuint(cdr.num_items + cdr.num_faults, ==, 0);
    g_assert_true(cdr_has_remark(&cdr));
}

/* The key fields of a record in PER, and the octets in which their bits lie. */
static void test_keys_of_per(void)
{
    static const uint8_t octets[] = { 0x20, 0, 0, 0, 0, 2, 0x82 };
    const cdr_form_t form = { .encoding = CDR_ENCODING_UNALIGNED_PER, .release = 18, .version = 9 };
    cdr_t cdr;

    cdr_read(pool, octets, sizeof octets, sizeof octets, &form, &cdr);
    g_assert_cmpstr(cdr.type_name, ==, "I-CSCF");
    g_assert_cmpuint(cdr.num_items, ==, 1);
    g_assert_cmpint(cdr.items[0].field, ==, CDR_TYPE);
    g_assert_cmpuint(cdr.items[0].number, ==, 65);
    g_assert_cmpuint(cdr.items[0].offset, ==, 5);
    g_assert_cmpuint(cdr.items[0].length, ==, 2);
    g_assert_cmpmem(cdr.items[0].octets, cdr.items[0].num_octets, "\x41", 1);
    g_assert_cmpuint(cdr.num_faults, ==, 0);
}

static void test_plain(void)
{
    /* An object identifier inside; a record of another domain; an unknown type. */
    cdr_t cdr = READ(0xbf, 0x4e, 9, 0x80, 1, 84, 0xb3, 4, 6, 2, 0x55, 4);

    g_assert_false(cdr.is_faulty);
    cdr = READ(0xbf, 0x53, 3, 0x80, 1, 83);
    g_assert_false(cdr.is_type_only);
    g_assert_false(cdr_has_remark(&cdr));
    cdr = READ(0xbf, 0x53, 3, 0x80, 1, 127);
    g_assert_cmpstr(cdr.type_name, ==, "type 127");
    g_assert_true(cdr.is_type_only);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    wmem_init();
    pool = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    g_test_add_func("/cdr_record/items", test_items);
    g_test_add_func("/cdr_record/items/many", test_many_items);
    g_test_add_func("/cdr_record/faults", test_faults);
    g_test_add_func("/cdr_record/other_encodings", test_other_encodings);
    g_test_add_func("/cdr_record/keys_of_per", test_keys_of_per);
    g_test_add_func("/cdr_record/plain", test_plain);
    int failed = g_test_run();
    wmem_destroy_allocator(pool);
    wmem_cleanup();
    return failed;
}
