/* test_command_line.c
 * Unit tests: which fields a command line asks for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "base/command_line.h"

static const char *const protocols[] = { "gtp", "gsm_a.gm" };

#define NAMES(words) command_line_names_in(words, sizeof words, protocols, G_N_ELEMENTS(protocols))

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/command_line/options", test_options);
    g_test_add_func("/command_line/others", test_others);
    return g_test_run();
}
