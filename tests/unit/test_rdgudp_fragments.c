/* test_rdgudp_fragments.c
 * Which fragments of a CONNECT_PKT belong together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_fragments.h"

#include <glib.h>
#include <string.h>

static void test_fragments(void)
{
    static uint8_t octets[RDGUDP_FRAGMENT_MAX + 1];
    rdgudp_fragments_t fragments = { 0 };

    /* Out of range: refused before anything is kept. */
    static const uint16_t bad[][2] = { { 0, 0 },     { 1, 1 },         { 5, 5 },  { 0, 6 },
                                       { 0, 65535 }, { 65535, 65535 }, { 64, 65 } };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, bad[i][0], bad[i][1], octets, 1), ==,
                        RDGUDP_FRAGMENT_REFUSED);
    }
    g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, 0, 1, octets, sizeof octets), ==, RDGUDP_FRAGMENT_REFUSED);
    g_assert_cmpuint(fragments.attempt, ==, 0);

    g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, 4, 5, octets, 96), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 1);
    for (uint16_t id = 0; id < 4; id++) {
        g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, id, 5, octets, 1000), ==, RDGUDP_FRAGMENT_NEW);
    }
    g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, 2, 5, octets, 1000), ==, RDGUDP_FRAGMENT_REPEATED);
    g_assert_cmpuint(fragments.attempt, ==, 1);
    /* Other octets, another length, another count: a new attempt each time. */
    octets[7] = 1;
    g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, 2, 5, octets, 1000), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 2);
    g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, 2, 5, octets, 999), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 3);
    g_assert_cmpint(rdgudp_fragments_on_fragment(&fragments, 0, 2, octets, 1000), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_fragments/attempts", test_fragments);
    return g_test_run();
}
