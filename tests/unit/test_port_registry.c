/* test_port_registry.c
 * Tests the lookup in IANA's registry, and the form of the table. tests/e2e/project/test_iana.py compares every row
 * with data/iana.tsv; with the argument --dump this program prints them for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/port_registry.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static port_registry_entry_t entry(uint16_t port, size_t place)
{
    port_registry_entry_t found;

    g_assert_true(port_registry_get(port, place, &found));
    return found;
}

static void test_named(void)
{
    g_assert_cmpuint(port_registry_count(3386), ==, 2);
    g_assert_cmpstr(entry(3386, 0).service, ==, "gprs-data");
    g_assert_cmpuint(entry(3386, 0).transports, ==, PORT_REGISTRY_TCP);
    g_assert_cmpstr(entry(3386, 1).service, ==, "gprs-sig");
    g_assert_cmpuint(entry(3386, 1).transports, ==, PORT_REGISTRY_UDP);
    g_assert_null(entry(3386, 1).registered);
    g_assert_null(entry(3386, 1).unauthorized);

    g_assert_cmpuint(port_registry_count(3406), ==, 1);
    g_assert_cmpuint(entry(3406, 0).transports, ==, PORT_REGISTRY_TCP | PORT_REGISTRY_UDP);
    g_assert_cmpstr(entry(3406, 0).registered, ==, "2002-02");
    g_assert_cmpstr(entry(3406, 0).description, ==, "Nokia Announcement ch 2");
}

static void test_several_names(void)
{
    static const char *const names[] = { "http", "www", "www-http", "http" };

    g_assert_cmpuint(port_registry_count(80), ==, G_N_ELEMENTS(names));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_cmpstr(entry(80, i).service, ==, names[i]);
    }
    g_assert_cmpuint(entry(80, 3).transports, ==, PORT_REGISTRY_SCTP);
    g_assert_cmpstr(entry(80, 0).reference, ==, "RFC 9110");
}

static void test_states(void)
{
    g_assert_cmpint(entry(4, 0).status, ==, PORT_REGISTRY_UNASSIGNED);
    g_assert_cmpint(entry(0, 0).status, ==, PORT_REGISTRY_RESERVED);
    g_assert_cmpint(entry(80, 0).status, ==, PORT_REGISTRY_ASSIGNED);
    /* "any private mail system" */
    g_assert_cmpint(entry(24, 0).status, ==, PORT_REGISTRY_STATELESS);
    g_assert_null(entry(24, 0).service);
    g_assert_cmpstr(entry(24, 0).description, ==, "any private mail system");
}

static void test_ranges(void)
{
    /* 7748-7776 is Unassigned, and 7775 has rows of its own. */
    g_assert_cmpuint(entry(7748, 0).first, ==, 7748);
    g_assert_cmpuint(entry(7748, 0).last, ==, 7774);
    g_assert_cmpuint(entry(7748, 0).transports, ==, PORT_REGISTRY_ALL);
    g_assert_cmpuint(port_registry_count(7775), >, 1);
    g_assert_cmpint(entry(7776, 0).status, ==, PORT_REGISTRY_UNASSIGNED);
    g_assert_cmpstr(entry(6063, 0).service, ==, "x11");
    g_assert_cmpuint(entry(6063, 0).first, ==, 6000);
}

static void test_absent(void)
{
    port_registry_entry_t found;

    memset(&found, 0xff, sizeof found);
    g_assert_cmpuint(port_registry_count(65535), ==, 0);
    g_assert_false(port_registry_get(65535, 0, &found));
    g_assert_null(found.service);
    g_assert_false(port_registry_get(3406, 1, &found));
    g_assert_false(port_registry_get(3406, SIZE_MAX, &found));
    g_assert_cmpuint(strlen(port_registry_as_of()), ==, strlen("2026-08-17"));
}

/* What the binary search relies on. */
static void test_order(void)
{
    for (size_t i = 1; i < port_registry_table_size; i++) {
        const port_registry_row_t *row = &port_registry_table[i];
        const port_registry_row_t *before = row - 1;

        g_assert_cmpuint(row->first, <=, row->last);
        g_assert_true(row->first > before->last || (row->first == before->first && row->last == before->last));
    }
}

static const char *cell(const char *text)
{
    return text != NULL ? text : "";
}

static int dump(void)
{
    printf("%s\n", port_registry_as_of());
    for (unsigned port = 0; port <= G_MAXUINT16; port++) {
        port_registry_entry_t e;

        for (size_t i = 0; port_registry_get((uint16_t)port, i, &e); i++) {
            printf("%u\t%u\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", port, e.transports, cell(e.service), cell(e.description),
                   cell(e.registered), cell(e.modified), cell(e.reference), cell(e.unauthorized), cell(e.note));
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--dump") == 0) {
        return dump();
    }
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/port_registry/named", test_named);
    g_test_add_func("/port_registry/several_names", test_several_names);
    g_test_add_func("/port_registry/states", test_states);
    g_test_add_func("/port_registry/ranges", test_ranges);
    g_test_add_func("/port_registry/absent", test_absent);
    g_test_add_func("/port_registry/order", test_order);
    return g_test_run();
}
