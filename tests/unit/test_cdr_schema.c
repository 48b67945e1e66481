/* test_cdr_schema.c
 * Unit tests: lookups in the table of charging records, and that the table holds together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "cdr/cdr_schema.h"

static const char *name_of(const cdr_schema_record_t *record)
{
    return record != NULL ? cdr_schema_text + record->name : "none";
}

static void test_records(void)
{
    g_assert_cmpstr(name_of(cdr_schema_find_record(85, 79, false)), ==, "pGWRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(79, 79, false)), ==, "cONTENTBMSCRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(200, 200, false)), ==, "chargingFunctionRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(19, 21, false)), ==, "ggsnPDPRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(88, 21, false)), ==, "mMTRFRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(70, 70, false)), ==, "eCSCFRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(70, 70, true)), ==, "egsnPDPRecord");
    g_assert_cmpuint(cdr_schema_find_record(70, 28, true)->tag, ==, 28);
    g_assert_cmpstr(name_of(cdr_schema_find_record(0, 0, false)), ==, "moCallRecord");
    g_assert_cmpstr(name_of(cdr_schema_find_record(199, 199, false)), ==, "none");
    g_assert_cmpstr(name_of(cdr_schema_find_record(UINT32_MAX, 0, false)), ==, "none");
    g_assert_cmpuint(cdr_schema_find_record(15, 15, false)->type, ==, CDR_SCHEMA_NONE);
}

/* Every number points into its table, and a search that halves finds every record. */
static void test_table(void)
{
    for (size_t i = 0; i < cdr_schema_num_records; i++) {
        const cdr_schema_record_t *record = &cdr_schema_records[i];
        g_assert_true(i == 0 || record[-1].number <= record->number);
        g_assert_true(cdr_schema_find_record(record->number, record->tag, record->is_old) == record);
        g_assert_true(record->type == CDR_SCHEMA_NONE || record->type < cdr_schema_num_types);
    }
    for (size_t i = 0; i < cdr_schema_num_types; i++) {
        const cdr_schema_type_t *type = &cdr_schema_types[i];
        if (type->shape == CDR_LIST) {
            g_assert_cmpuint(type->first, <, cdr_schema_num_types);
        } else if (type->shape == CDR_SET || type->shape == CDR_CHOICE) {
            for (unsigned j = 0; j < type->count; j++) {
                const cdr_schema_field_t *field = &cdr_schema_fields[type->first + j];
                g_assert_cmpuint(field->name, <, cdr_schema_num_names);
                g_assert_cmpuint(field->type, <, cdr_schema_num_types);
            }
        } else {
            g_assert_cmpuint(type->first, <=, cdr_schema_num_values);
        }
    }
}

static const cdr_schema_type_t *record_type(uint32_t number, uint32_t tag)
{
    return &cdr_schema_types[cdr_schema_find_record(number, tag, false)->type];
}

static const char *find(const cdr_schema_type_t *type, uint8_t tag_class, uint32_t tag, unsigned *hint)
{
    const ber_element_t element = { .tag_class = tag_class, .tag = tag };
    const cdr_schema_field_t *field = cdr_schema_find_field(type, &element, hint);

    return field != NULL ? cdr_schema_text + cdr_schema_names[field->name].name : "none";
}

static void test_fields(void)
{
    const cdr_schema_type_t *pgw = record_type(85, 79);
    unsigned hint = 0;

    g_assert_cmpstr(find(pgw, BER_CONTEXT, 0, &hint), ==, "recordType");
    g_assert_cmpuint(hint, ==, 1);
    g_assert_cmpstr(find(pgw, BER_CONTEXT, 3, &hint), ==, "servedIMSI");
    g_assert_cmpstr(find(pgw, BER_CONTEXT, 0, &hint), ==, "recordType"); /* backwards */
    g_assert_cmpstr(find(pgw, BER_CONTEXT, 773, &hint), ==, "none");
    g_assert_cmpstr(find(pgw, BER_UNIVERSAL, 3, &hint), ==, "none");
    hint = pgw->count;
    g_assert_cmpstr(find(pgw, BER_CONTEXT, 0, &hint), ==, "recordType");
}

/* IPAddress has no tag of its own for its parts: the tags are those of the choices in it. */
static void test_untagged(void)
{
    const cdr_schema_type_t *pgw = record_type(85, 79);
    const ber_element_t node = { .tag_class = BER_CONTEXT, .tag = 4 };
    const ber_element_t other = { .tag_class = BER_CONTEXT, .tag = 9 };
    const ber_element_t v4 = { .tag_class = BER_CONTEXT, .tag = 0 };
    unsigned hint = 0;
    const cdr_schema_field_t *field = cdr_schema_find_field(pgw, &node, &hint);

    g_assert_true((field->flags & CDR_IS_EXPLICIT) != 0);
    g_assert_true(cdr_schema_accepts(field->type, &v4));
    g_assert_false(cdr_schema_accepts(field->type, &other));
    hint = 0;
    g_assert_cmpstr(find(&cdr_schema_types[field->type], BER_CONTEXT, 0, &hint), ==, "iPBinaryAddress");
}

static void test_values(void)
{
    const cdr_schema_type_t *pgw = record_type(85, 79);
    const ber_element_t cause = { .tag_class = BER_CONTEXT, .tag = 15 };
    unsigned hint = 0;
    const uint16_t first = cdr_schema_types[cdr_schema_find_field(pgw, &cause, &hint)->type].first;

    g_assert_cmpstr(cdr_schema_name_value(first, 16), ==, "volumeLimit");
    g_assert_null(cdr_schema_name_value(first, 250));
    g_assert_null(cdr_schema_name_value(0, 16));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cdr_schema/records", test_records);
    g_test_add_func("/cdr_schema/table", test_table);
    g_test_add_func("/cdr_schema/fields", test_fields);
    g_test_add_func("/cdr_schema/untagged", test_untagged);
    g_test_add_func("/cdr_schema/values", test_values);
    return g_test_run();
}
