/* test_icmp_error.c
 * What ICMP and ICMPv6 errors mean for the packet that they quote.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/icmp_error.h"

#include <glib.h>

static void check(bool is_ipv6, unsigned type, const char *expected)
{
    static const char letters[] = "-PTXRSHM"; /* of the kinds, in their order */
    GString *found = g_string_new(NULL);

    for (unsigned code = 0; expected[code] != '\0'; code++) {
        g_string_append_c(found, letters[icmp_error_kind(is_ipv6, type, code)]);
    }
    g_assert_cmpstr(found->str, ==, expected);
    g_string_free(found, TRUE);
}

static void test_codes(void)
{
    check(false, 3, "RRTPMSRRRXXRRXXX--");
    check(true, 1, "RXRRPXXS--");
}

static void test_types(void)
{
    check(false, 11, "H--");
    check(true, 3, "H--");
    check(true, 2, "MM");
    check(false, 2, "--");
    check(false, 4, "--");   /* source quench */
    check(false, 5, "----"); /* redirect */
    check(false, 12, "--");  /* parameter problem */
    check(false, 1, "--");
    check(true, 4, "--");
    check(false, 255, "-");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/icmp_error/codes", test_codes);
    g_test_add_func("/icmp_error/types", test_types);
    return g_test_run();
}
