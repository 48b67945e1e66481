/* test_command_line.c
 * Unit tests: which fields a command line asks for, and whether for anything else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "base/command_line.h"

static const char *const protocols[] = { "gtp", "gsm_a.gm" };

#define NAMES(words) command_line_names_in((words), sizeof(words), protocols, G_N_ELEMENTS(protocols))

static void test_options(void)
{
    g_assert_true(NAMES("tshark\0-T\0fields\0-e\0gtp.seq_number"));
    g_assert_true(NAMES("tshark\0-egtp.seq_number"));
    g_assert_true(NAMES("tshark\0-e\0frame.number\0-e\0gtp"));
    g_assert_true(NAMES("tshark\0-O\0udp,gtp"));
    g_assert_true(NAMES("tshark\0-J\0udp gtp"));
    g_assert_true(NAMES("tshark\0-e\0gsm_a.gm.x"));
}

static void test_others(void)
{
    g_assert_false(NAMES("tshark"));
    g_assert_false(NAMES("tshark\0-r\0gtp.pcap"));
    g_assert_false(NAMES("tshark\0-e\0gtpp.seq"));
    g_assert_false(NAMES("tshark\0-O\0udp\0gtp"));
    g_assert_false(NAMES("tshark\0-e\0-e\0frame.number"));
    g_assert_false(NAMES("tshark\0-e\0gsm_a.dtap"));
    g_assert_false(NAMES("tshark\0-e"));
    g_assert_false(command_line_names_in("", 0, protocols, G_N_ELEMENTS(protocols)));
    g_assert_false(command_line_names_in("-egtp", 5, protocols, G_N_ELEMENTS(protocols))); /* without an end */
}

#define PRINTS_FIELDS(words) command_line_prints_fields_in((words), sizeof(words))

static void test_prints_fields(void)
{
    g_assert_true(PRINTS_FIELDS("tshark\0-T\0fields\0-e\0gtpp.seq"));
    g_assert_true(PRINTS_FIELDS("tshark\0-Tfields"));
    g_assert_true(PRINTS_FIELDS("tshark\0-T\0json\0-T\0fields"));
    g_assert_false(PRINTS_FIELDS("tshark"));
    g_assert_false(PRINTS_FIELDS("tshark\0-T\0json"));
    g_assert_false(PRINTS_FIELDS("tshark\0-T\0fields\0-Tpdml"));
    g_assert_false(PRINTS_FIELDS("tshark\0-r\0fields"));
    g_assert_false(PRINTS_FIELDS("tshark\0-T"));
    g_assert_false(PRINTS_FIELDS("tshark\0-nT\0fields"));
    g_assert_false(command_line_prints_fields_in("-Tfields", 8)); /* without an end */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/command_line/options", test_options);
    g_test_add_func("/command_line/others", test_others);
    g_test_add_func("/command_line/prints_fields", test_prints_fields);
    return g_test_run();
}
