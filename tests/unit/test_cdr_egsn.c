/* test_cdr_egsn.c
 * Records of an eGSN and of an E-CSCF, which share recordType 70: by each kind of element, and by none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr/cdr_egsn.h"

#include <glib.h>

#include <string.h>

#define TIME "2401020304052b0200"

/* Judges the elements of HEX, which may hold blanks, of which CUT octets were not captured. */
static cdr_egsn_t judge(const char *hex, uint32_t tag, size_t cut)
{
    uint8_t *octets = (uint8_t *)g_malloc(strlen(hex) / 2 + 1);
    size_t length = 0;

    for (; *hex != '\0'; hex++) {
        if (*hex != ' ') {
            octets[length++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
            hex++;
        }
    }
    /* No octet more than may be read, so that a sanitizer sees every step beyond the last one. */
    octets = (uint8_t *)g_realloc(octets, MAX(length - cut, 1));
    const cdr_egsn_t result = cdr_egsn_judge((ber_cursor_t){ octets, length - cut, 0, length }, tag);
    g_free(octets);
    return result;
}

/* An element beside recordType, and what follows from it. */
static void check(const char *hex, cdr_egsn_t expected)
{
    char *fields = g_strconcat("80 01 46 ", hex, NULL);

    g_test_message("%s", hex);
    g_assert_cmpint(judge(fields, 70, 0), ==, expected);
    g_free(fields);
}

static void test_third(void)
{
    check("83 08 00010100000000f1", CDR_EGSN_YES);
    check("a3 80 04 03 000101 04 05 00000000f1 0000", CDR_EGSN_YES);
    check("83 03 000101", CDR_EGSN_YES);
    check("83 08 ffffffffffffffff", CDR_EGSN_YES);
    check("83 01 00", CDR_EGSN_NO);
    check("83 01 01", CDR_EGSN_NO);
    check("83 01 7f", CDR_EGSN_NO);
    check("83 02 0001", CDR_EGSN_NO);
    check("83 05 0000000001", CDR_EGSN_NO);
    check("83 00", CDR_EGSN_UNDECIDED);
    /* It decides, whatever the others say. */
    check("83 01 00 85 04 00000009 88 02 f121 8e 01 05", CDR_EGSN_NO);
    check("83 08 00010100000000f1 82 06 494e56495445", CDR_EGSN_YES);
    check("83 00 82 06 494e56495445", CDR_EGSN_NO);
}

static void test_others(void)
{
    /* Those of one of the two. */
    check("82 06 494e56495445", CDR_EGSN_NO);
    check("88 02 f121", CDR_EGSN_YES);
    check("8a 09 " TIME, CDR_EGSN_NO);
    check("94 01 05", CDR_EGSN_YES);
    check("9b 03 00f110", CDR_EGSN_YES);
    check("bf22 06 30 04 81 02 00ff", CDR_EGSN_YES);
    check("9f24 01 00", CDR_EGSN_NO);
    check("bf41 03 0c 01 61", CDR_EGSN_NO);
    /* Those that are something else in each. */
    check("81 01 ff", CDR_EGSN_YES);
    check("81 00", CDR_EGSN_NO);
    check("a4 06 80 04 c0000201", CDR_EGSN_YES);
    check("a4 08 a0 06 80 04 c0000201", CDR_EGSN_NO);
    check("a4 06 81 04 61626364", CDR_EGSN_NO);
    check("a6 06 80 04 c0000201", CDR_EGSN_YES);
    check("a6 0c 80 0a 7369703a6140622e6373", CDR_EGSN_NO);
    check("87 03 617061", CDR_EGSN_YES);
    check("a7 05 81 03 74656c", CDR_EGSN_NO);
    check("89 09 " TIME, CDR_EGSN_NO);
    check("a9 08 a0 06 80 04 c6336401", CDR_EGSN_YES);
    check("8b 01 ff", CDR_EGSN_YES);
    check("8b 09 " TIME, CDR_EGSN_NO);
    check("8c 09 " TIME, CDR_EGSN_NO);
    check("ac 06 30 04 83 02 0348", CDR_EGSN_YES);
    check("8e 02 0102", CDR_EGSN_YES);
    check("ae 04 30 02 80 00", CDR_EGSN_NO);
    check("b0 03 80 01 05", CDR_EGSN_YES);
    check("90 01 05", CDR_EGSN_NO);
    check("92 04 50475731", CDR_EGSN_YES);
    check("96 04 91947100", CDR_EGSN_YES);
    check("9d 08 53214365870921f3", CDR_EGSN_YES);
}

/* Names of SIP sessions of any length, and numbers: what is a text and a number is none of both. */
static void test_fifth(void)
{
    check("85 04 00000009", CDR_EGSN_YES);
    check("85 05 00ffffffff", CDR_EGSN_YES);
    check("85 01 07", CDR_EGSN_YES);
    check("85 05 6162636465", CDR_EGSN_NO);
    check("85 0e 61383462406578616d706c652e74", CDR_EGSN_NO);
    check("a5 05 19 03 612040", CDR_EGSN_NO);
    check("85 04 61626364", CDR_EGSN_UNDECIDED);
    check("85 01 61", CDR_EGSN_UNDECIDED);
    check("85 01 61 82 06 494e56495445", CDR_EGSN_NO);
    check("85 05 6162636465 92 04 50475731 94 01 05", CDR_EGSN_YES); /* the majority */
}

static void test_none(void)
{
    check("", CDR_EGSN_UNDECIDED);
    check("8d 09 " TIME, CDR_EGSN_UNDECIDED);
    check("91 01 05 8d 09 " TIME, CDR_EGSN_UNDECIDED);
    check("85 05 6162636465 94 01 05", CDR_EGSN_UNDECIDED); /* one of each */
    check("9f8148 01 00", CDR_EGSN_UNDECIDED);              /* an element that neither has */
    check("04 01 00 02 01 05", CDR_EGSN_UNDECIDED);         /* no context tag */
    check("83", CDR_EGSN_UNDECIDED);
    check("8f 01 10", CDR_EGSN_UNDECIDED);
    check("8f 03 010000", CDR_EGSN_UNDECIDED); /* a cause, which has no limit, or a number */
    /* The old tag is an eGSN's alone. */
    g_assert_cmpint(judge("80 01 46", 28, 0), ==, CDR_EGSN_YES);
    g_assert_cmpint(judge("80 01 46 83 01 00", 28, 0), ==, CDR_EGSN_YES);
    g_assert_cmpint(judge("80 01 46 83 01 00", 79, 0), ==, CDR_EGSN_NO);
}

/* What the capture cut tells by what is left of it. */
static void test_cut(void)
{
    g_assert_cmpint(judge("80 01 46 83 08 00010100000000f1", 70, 8), ==, CDR_EGSN_YES);
    g_assert_cmpint(judge("80 01 46 83 08 00010100000000f1", 70, 9), ==, CDR_EGSN_UNDECIDED);
    g_assert_cmpint(judge("80 01 46 83 01 00", 70, 1), ==, CDR_EGSN_NO);
    /* Octets 00 in front of a number that was cut do not make it an IMSI where others tell. */
    g_assert_cmpint(judge("80 01 46 82 06 494e56495445 83 09 000000000000000001", 70, 4), ==, CDR_EGSN_NO);
    g_assert_cmpint(judge("80 01 46 a4 08 a0 06 80 04 c0000201", 70, 5), ==, CDR_EGSN_NO);
    g_assert_cmpint(judge("80 01 46 a4 08 a0 06 80 04 c0000201", 70, 8), ==, CDR_EGSN_UNDECIDED);
    g_assert_cmpint(judge("80 01 46 85 05 00ffffffff", 70, 5), ==, CDR_EGSN_UNDECIDED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cdr_egsn/third", test_third);
    g_test_add_func("/cdr_egsn/others", test_others);
    g_test_add_func("/cdr_egsn/fifth", test_fifth);
    g_test_add_func("/cdr_egsn/none", test_none);
    g_test_add_func("/cdr_egsn/cut", test_cut);
    return g_test_run();
}
