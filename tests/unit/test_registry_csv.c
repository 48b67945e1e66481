/* test_registry_csv.c
 * Tests the reader of IANA's CSV: what it takes, how it looks rows up, and what it says of each fault.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/registry_csv.h"

#include <glib.h>
#include <string.h>

#define HEAD                                                                                      \
    "Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date," \
    "Modification Date,Reference,Service Code,Unauthorized Use Reported,Assignment Notes\r\n"
#define ECHO "echo,7,tcp,Echo,[A_Person],[A_Person],2002-02,,[RFC862][A_Person][1],,,\r\n"

static registry_csv_t *read_good(const char *text)
{
    char *fault = NULL;
    registry_csv_t *registry = registry_csv_read(text, strlen(text), &fault);

    g_assert_null(fault);
    g_assert_nonnull(registry);
    return registry;
}

static void assert_fault(const char *text, const char *wanted)
{
    char *fault = NULL;

    g_assert_null(registry_csv_read(text, strlen(text), &fault));
    g_assert_cmpstr(fault, ==, wanted);
    g_free(fault);
}

static void test_row(void)
{
    registry_csv_t *registry = read_good("\xef\xbb\xbf" HEAD ECHO);
    port_registry_entry_t entry;

    g_assert_true(registry_csv_get(registry, 7, 0, &entry));
    g_assert_cmpstr(entry.service, ==, "echo");
    g_assert_cmpstr(entry.description, ==, "Echo");
    g_assert_cmpuint(entry.transports, ==, PORT_REGISTRY_TCP);
    g_assert_cmpint(entry.status, ==, PORT_REGISTRY_ASSIGNED);
    g_assert_cmpstr(entry.registered, ==, "2002-02");
    g_assert_cmpstr(entry.reference, ==, "RFC 862; note 1");
    g_assert_null(entry.modified);
    g_assert_null(entry.note);
    g_assert_false(registry_csv_get(registry, 7, 1, &entry));
    g_assert_null(entry.service);
    g_assert_false(registry_csv_get(registry, 6, 0, &entry));
    g_assert_false(registry_csv_get(registry, 8, 0, &entry));
    g_assert_cmpstr(registry_csv_as_of(registry), ==, "2002-02");
    registry_csv_free(registry);
}

static void test_texts(void)
{
    registry_csv_t *registry =
        read_good(HEAD "x,9,,\"A \"\"quoted\"\", text\n  on two lines\",,,,2026-09-01,,,Known,\"By [A_Person], see "
                       "[RFC862]\"\n_by-name,,tcp,no number,,,,,,,,\n");
    port_registry_entry_t entry;

    g_assert_true(registry_csv_get(registry, 9, 0, &entry));
    g_assert_cmpuint(entry.transports, ==, PORT_REGISTRY_ALL);
    g_assert_cmpstr(entry.description, ==, "A \"quoted\", text on two lines");
    g_assert_cmpstr(entry.unauthorized, ==, "Known");
    g_assert_cmpstr(entry.note, ==, "By (a person), see [RFC862]");
    g_assert_cmpstr(registry_csv_as_of(registry), ==, "2026-09-01");
    registry_csv_free(registry);
}

static void test_ranges(void)
{
    registry_csv_t *registry = read_good(HEAD "b,20,tcp,B,,,,,,,,\n,10-30,,Unassigned,,,,,,,,\nc,20,udp,C,,,,,,,,\n"
                                              ",12-14,,Reserved for tests,,,,,,,,\n,40-65535,,De-registered,,,,,,,,\n");
    port_registry_entry_t entry;

    g_assert_true(registry_csv_get(registry, 20, 0, &entry));
    g_assert_cmpstr(entry.service, ==, "b");
    g_assert_true(registry_csv_get(registry, 20, 1, &entry));
    g_assert_cmpint(entry.status, ==, PORT_REGISTRY_UNASSIGNED);
    g_assert_true(registry_csv_get(registry, 20, 2, &entry));
    g_assert_cmpstr(entry.service, ==, "c");
    g_assert_false(registry_csv_get(registry, 20, 3, &entry));
    g_assert_true(registry_csv_get(registry, 13, 1, &entry));
    g_assert_cmpint(entry.status, ==, PORT_REGISTRY_RESERVED);
    g_assert_true(registry_csv_get(registry, 30, 0, &entry));
    g_assert_false(registry_csv_get(registry, 31, 0, &entry));
    g_assert_true(registry_csv_get(registry, 65535, 0, &entry));
    g_assert_cmpint(entry.status, ==, PORT_REGISTRY_STATELESS);
    registry_csv_free(registry);
}

/* Line ends of any kind, or none at the end. */
static void test_line_ends(void)
{
    registry_csv_t *registry = read_good(HEAD "a,1,tcp,A,,,,,,,,\r\nb,2,tcp,B,,,,,,,,\nc,3,tcp,C,,,,,,,,note");
    port_registry_entry_t entry;

    g_assert_true(registry_csv_get(registry, 1, 0, &entry));
    g_assert_true(registry_csv_get(registry, 2, 0, &entry));
    g_assert_true(registry_csv_get(registry, 3, 0, &entry));
    g_assert_cmpstr(entry.note, ==, "note");
    registry_csv_free(registry);
}

/* What no registry has, and a file that is to exhaust time or memory may. */
static void test_hostile(void)
{
    static const char nul[] = HEAD "echo,7,tcp,A\0B,,,,,,,,\n";
    static const char nul_in_head[] = "Service Name\0,Port Number";
    char *fault = NULL;

    g_assert_null(registry_csv_read(nul, sizeof nul - 1, &fault));
    g_assert_cmpstr(fault, ==, "row 2: this is not UTF-8 text");
    g_free(fault);
    g_assert_null(registry_csv_read(nul_in_head, sizeof nul_in_head - 1, &fault));
    g_free(fault);

    for (unsigned is_quoted = 0; is_quoted < 2; is_quoted++) {
        GString *text = g_string_new(HEAD "echo,7,tcp,");
        g_string_append(text, is_quoted ? "\"" : "");
        for (unsigned i = 0; i < 7000; i++) {
            g_string_append(text, "abcdefghij");
        }
        g_string_append(text, is_quoted ? "\",,,,,,,,\n" : ",,,,,,,,\n");
        assert_fault(text->str, "row 2: a cell has more than 65536 octets");
        g_string_free(text, TRUE);
    }
    GString *text = g_string_new(HEAD);
    for (unsigned i = 0; i < 65; i++) {
        g_string_append(text, ",0-65535,,Unassigned,,,,,,,,\n");
    }
    assert_fault(text->str, "row 66: this number has more than 64 rows");
    g_string_free(text, TRUE);
}

static void test_faults(void)
{
    static const char not_it[] = "its first row does not have the titles of IANA's service-names-port-numbers.csv";
    static const char number[] = "row 2: the port number is neither a number up to 65535 nor a range of them";

    assert_fault("", not_it);
    assert_fault("\"", not_it);
    assert_fault("Name,Port\n", not_it);
    assert_fault(HEAD, "there is no row with a port number");
    assert_fault(HEAD "_by-name,,tcp,no number,,,,,,,,\n", "there is no row with a port number");
    assert_fault(HEAD ECHO "echo,7\n", "row 3: there are fewer than 12 columns");
    assert_fault(HEAD "echo,7,tcp,Echo,,,,,,,,,\n", "row 2: there are more than 12 columns");
    assert_fault(HEAD "echo,7,tcp,\"Echo,,,,,,,,\n", "row 2: a quotation mark is not closed");
    assert_fault(HEAD "echo,7,tcp,\"Echo\" x,,,,,,,,\n", "row 2: there is text behind a closing quotation mark");
    assert_fault(HEAD "echo,65536,tcp,Echo,,,,,,,,\n", number);
    assert_fault(HEAD "echo,9-7,tcp,Echo,,,,,,,,\n", number);
    assert_fault(HEAD "echo,7-8-,tcp,Echo,,,,,,,,\n", number);
    assert_fault(HEAD "echo,7-,tcp,Echo,,,,,,,,\n", number);
    assert_fault(HEAD "echo, 7,tcp,Echo,,,,,,,,\n", number);
    assert_fault(HEAD "echo,7,tpc,Echo,,,,,,,,\n", "row 2: the transport is not one of tcp, udp, sctp, dccp");
    assert_fault(HEAD "echo,7,tcp,Echo,,,Feb 2002,,,,,\n", "row 2: a date is not written as 2002-02 or 2002-02-27");
    assert_fault(HEAD ",7,tcp, ,,,,,,,,\n", "row 2: there is neither a service nor a description");
    assert_fault(HEAD "echo,7,tcp,\xff,,,,,,,,\n", "row 2: this is not UTF-8 text");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry_csv/row", test_row);
    g_test_add_func("/registry_csv/texts", test_texts);
    g_test_add_func("/registry_csv/ranges", test_ranges);
    g_test_add_func("/registry_csv/line_ends", test_line_ends);
    g_test_add_func("/registry_csv/hostile", test_hostile);
    g_test_add_func("/registry_csv/faults", test_faults);
    return g_test_run();
}
