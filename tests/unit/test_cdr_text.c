/* test_cdr_text.c
 * Unit tests: values of charging records as people read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "cdr/cdr_text.h"

static wmem_allocator_t *pool;

static size_t from_hex(const char *hex, uint8_t octets[64])
{
    const size_t length = strlen(hex) / 2;

    for (size_t i = 0; i < length; i++) {
        octets[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    }
    return length;
}

/* The text of octets of a form, or what is wrong with them after a "!". */
static const char *read_text(cdr_format_t format, const char *hex)
{
    const cdr_schema_type_t type = { .shape = CDR_OCTETS, .format = (uint8_t)format };
    uint8_t octets[64];
    const size_t length = from_hex(hex, octets);
    const char *text = NULL;
    const char *what = cdr_text_read(pool, &type, octets, length, &text);

    return what == NULL ? text : wmem_strdup_printf(pool, "!%s", what);
}

static const char *explain(cdr_format_t format, const char *hex)
{
    const cdr_schema_type_t type = { .shape = CDR_OCTETS, .format = (uint8_t)format };
    uint8_t octets[64];
    const size_t length = from_hex(hex, octets);

    return cdr_text_explain(pool, &type, octets, length);
}

static void test_numbers(void)
{
    static const uint8_t nine[] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const uint8_t ten[] = { 1, 0, 0, 0, 0, 0, 0, 0, 0 };
    static const uint8_t top[] = { 0xff, 0xff, 0xff, 0xfe };
    uint64_t number = 0;

    g_assert_null(cdr_text_read_number(nine, sizeof nine, false, &number));
    g_assert_cmpuint(number, ==, UINT64_MAX);
    g_assert_nonnull(cdr_text_read_number(ten, sizeof ten, false, &number));
    g_assert_nonnull(cdr_text_read_number(ten, 0, false, &number));
    g_assert_null(cdr_text_read_number(top, sizeof top, false, &number));
    g_assert_cmpuint(number, ==, 0xfffffffe);
    g_assert_null(cdr_text_read_number(top, sizeof top, true, &number));
    g_assert_cmpint((int64_t)number, ==, -2);
    g_assert_null(cdr_text_read_number(nine + 1, 8, true, &number));
    g_assert_cmpint((int64_t)number, ==, -1);
}

static double real(const char *hex)
{
    uint8_t octets[64];
    const size_t length = from_hex(hex, octets);
    double number = -12345.0;

    return cdr_text_read_real(octets, length, &number) == NULL ? number : -12345.0;
}

static void test_reals(void)
{
    g_assert_cmpfloat(real(""), ==, 0.0);
    g_assert_cmpfloat(real("80ff19"), ==, 12.5);
    g_assert_cmpfloat(real("c0ff19"), ==, -12.5);
    g_assert_cmpfloat(real("900103"), ==, 24.0);
    g_assert_cmpfloat(real("a4ff10"), ==, 2.0);
    g_assert_cmpfloat(real("03312e35"), ==, 1.5);
    g_assert_cmpfloat(real("03312c78"), ==, -12345.0);
    g_assert_true(isinf(real("40")));
    g_assert_true(isnan(real("42")));
    g_assert_cmpfloat(real("80ff"), ==, -12345.0);
    g_assert_cmpfloat(real("b0ff01"), ==, -12345.0);
    /* The exponent's length in an octet of its own. */
    g_assert_cmpfloat(real("8301ff05"), ==, 2.5);
    g_assert_cmpfloat(real("8303ffffff05"), ==, 2.5);
    g_assert_cmpfloat(real("83"), ==, -12345.0);
    g_assert_cmpfloat(real("830005"), ==, -12345.0);
    g_assert_cmpfloat(real("8304ffffffff05"), ==, -12345.0);
    g_assert_cmpfloat(real("8303ffffff"), ==, -12345.0);
    g_assert_cmpfloat(real("00"), ==, -12345.0);
}

static void test_digits(void)
{
    g_assert_cmpstr(read_text(CDR_AS_TBCD, "00011032547698f0"), ==, "001001234567890");
    g_assert_cmpstr(read_text(CDR_AS_TBCD, "a1fbff"), ==, "1*#");
    g_assert_cmpstr(read_text(CDR_AS_TBCD, "f121"), ==, "!a digit after the filler");
    g_assert_cmpstr(read_text(CDR_AS_TBCD, "dcfe"), ==, "abc");
    g_assert_cmpstr(read_text(CDR_AS_ADDRESS, "919909002143f5"), ==, "99900012345");
    g_assert_cmpstr(read_text(CDR_AS_NUMBER, "1181214365"), ==, "123456");
    g_assert_cmpstr(read_text(CDR_AS_NUMBER, "1112"), ==, "!no octet that ends the type of number");
    g_assert_cmpstr(read_text(CDR_AS_NUMBER, "91"), ==, "");
    g_assert_cmpstr(read_text(CDR_AS_ISUP, "8310214305"), ==, "12345");
    g_assert_cmpstr(read_text(CDR_AS_ISUP, "03102143"), ==, "1234");
    g_assert_cmpstr(read_text(CDR_AS_ISUP, "83"), ==, "!a number without its type");
    g_assert_cmpstr(read_text(CDR_AS_SMSADDRESS, "05912143f5"), ==, "12345");
    g_assert_cmpstr(read_text(CDR_AS_SMSADDRESS, "912143f5"), ==, "12345");
    g_assert_cmpstr(read_text(CDR_AS_SMSADDRESS, "06d061f118"), ==, "abc");
    g_assert_cmpstr(read_text(CDR_AS_SMSADDRESS, "07d0416f0408"), ==, "A\xc3\x9c_\xc2\xa1");
    g_assert_cmpstr(read_text(CDR_AS_SMSADDRESS, "6d6d6d"), ==, "6d6d6d");
}

static void test_places(void)
{
    g_assert_cmpstr(read_text(CDR_AS_PLMN, "00f110"), ==, "001-01");
    g_assert_cmpstr(read_text(CDR_AS_PLMN, "001110"), ==, "001-011");
    g_assert_cmpstr(read_text(CDR_AS_PLMN, "00fa10"), ==, "!a nibble that is no digit");
    g_assert_cmpstr(read_text(CDR_AS_PLMN, "00f1"), ==, "!a network has 3 octets");
    g_assert_cmpstr(read_text(CDR_AS_RAI, "00ff10123405"), ==, "!a nibble that is no digit");
    g_assert_cmpstr(read_text(CDR_AS_RAI, "00f110123405"), ==, "001-01 LAC 4660 RAC 5");
    g_assert_cmpstr(explain(CDR_AS_ULI, "1800f110123400f11001234567"), ==,
                    "TAI 001-01 TAC 4660, ECGI 001-01 ECI 19088743");
    g_assert_cmpstr(explain(CDR_AS_ULI, "0100f11012340102"), ==,
                    "CGI 001-01 LAC 4660 CI 258 by TS 29.274, or SAI 001-01 LAC 4660 SAC 258 by TS 29.060");
    g_assert_cmpstr(explain(CDR_AS_ULI, "0200f110123405ff"), ==,
                    "SAI 001-01 LAC 4660 SAC 1535 by TS 29.274, or RAI 001-01 LAC 4660 RAC 5 by TS 29.060");
    g_assert_cmpstr(explain(CDR_AS_ULI, "0000f11012340102"), ==, "CGI 001-01 LAC 4660 CI 258");
    /* Spare bits are none of the number, and FF fills the room for a second octet of a RAC. */
    g_assert_cmpstr(explain(CDR_AS_ULI, "1000f110f1234567"), ==, "ECGI 001-01 ECI 19088743");
    g_assert_cmpstr(explain(CDR_AS_ULI, "4000f110f12345"), ==, "Macro eNodeB 001-01 ID 74565");
    g_assert_cmpstr(explain(CDR_AS_ULI, "0400f110123405ff"), ==, "RAI 001-01 LAC 4660 RAC 5");
    g_assert_cmpstr(explain(CDR_AS_ULI, "0400f11012340501"), ==, "RAI 001-01 LAC 4660 RAC 1281");
    g_assert_null(explain(CDR_AS_ULI, "1800f1101234"));
    g_assert_null(explain(CDR_AS_ULI, ""));
}

static void test_others(void)
{
    g_assert_cmpstr(read_text(CDR_AS_TIMEZONE, "8001"), ==, "+02:00, daylight saving 1 h");
    g_assert_cmpstr(read_text(CDR_AS_TIMEZONE, "4900"), ==, "-03:30, daylight saving 0 h");
    g_assert_cmpstr(read_text(CDR_AS_TIMEZONE, "0003"), ==, "+00:00, daylight saving not known (3)");
    g_assert_cmpstr(read_text(CDR_AS_TIMEZONE, "a001"), ==, "!a nibble that is no digit");
    g_assert_cmpstr(read_text(CDR_AS_TIMEZONE, "80"), ==, "!a time zone has 2 octets");
    g_assert_cmpstr(read_text(CDR_AS_TEXT, "7465c3a9"), ==, "te\xc3\xa9");
    g_assert_cmpstr(read_text(CDR_AS_TEXT, "74e9"), ==, "!octets that are no text");
    g_assert_cmpstr(read_text(CDR_AS_TEXT, "7400"), ==, "!octets that are no text");
    g_assert_cmpstr(explain(CDR_AS_PDPTYPE, "f18d"), ==, "IPv4v6");
    g_assert_cmpstr(explain(CDR_AS_PDPTYPE, "f001"), ==, "PPP");
    g_assert_null(explain(CDR_AS_PDPTYPE, "f021"));
    g_assert_null(explain(CDR_AS_PDPTYPE, "f101"));
    g_assert_cmpstr(explain(CDR_AS_PDPTYPE, "f002"), ==, "Non-IP");
    g_assert_null(explain(CDR_AS_PDPTYPE, "f102"));
    g_assert_cmpstr(explain(CDR_AS_CHARACTERISTICS, "0900"), ==, "hot billing, normal");
    g_assert_cmpstr(explain(CDR_AS_NTP, "e93dfba500000000"), ==, "2024-01-02 03:04:05 UTC");
    g_assert_cmpstr(explain(CDR_AS_NTP, "0000000000000000"), ==, "2036-02-07 06:28:16 UTC");
    g_assert_null(explain(CDR_AS_NTP, "e93dfba5"));
}

static void test_quality_of_service(void)
{
    g_assert_cmpstr(explain(CDR_AS_QOS, "0b"), ==, "ARP 11");
    g_assert_cmpstr(explain(CDR_AS_QOS, "01230c"), ==, "ARP 1");
    g_assert_cmpstr(explain(CDR_AS_QOS, "0b921f31"), ==,
                    "ARP 11, delay class 2, reliability class 2, peak 1, precedence 7, mean 17");
    /* Interactive; 8640 kbit/s down is in the octet of its own, and 64 kbit/s and beyond in steps of 8. */
    g_assert_cmpstr(explain(CDR_AS_QOS, "02230c1f71963f40741680ff004a"), ==,
                    "ARP 2, delay class 4, reliability class 3, peak 0, precedence 4, mean 31, traffic class "
                    "interactive, handling priority 2, at most 63 up and 16000 down, guaranteed 576 up and 0 down "
                    "kbit/s");
    /* The highest rates are in four octets more; a rate of 0 is that of the subscription. */
    g_assert_cmpstr(explain(CDR_AS_QOS, "02230c1f419600fe740000fe00fafa00fa3da100f6"), ==,
                    "ARP 2, delay class 4, reliability class 3, peak 0, precedence 4, mean 31, traffic class "
                    "streaming, at most as subscribed up and 500000 down, guaranteed as subscribed up and 1500000 "
                    "down kbit/s");
    g_assert_cmpstr(explain(CDR_AS_QOS, "02230c1f81960000740600000000"), ==,
                    "ARP 2, delay class 4, reliability class 3, peak 0, precedence 4, mean 31, traffic class "
                    "background");
    g_assert_null(explain(CDR_AS_QOS, ""));
}

static void test_kinds_of_numbers(void)
{
    g_assert_cmpstr(explain(CDR_AS_ADDRESS, "919909"), ==, "international, E.164");
    g_assert_cmpstr(explain(CDR_AS_NUMBER, "2181214365"), ==, "national, E.164");
    g_assert_cmpstr(explain(CDR_AS_NUMBER, "85"), ==, "unknown nature, plan 5");
    g_assert_null(explain(CDR_AS_NUMBER, ""));
    g_assert_cmpstr(explain(CDR_AS_AMF, "cafe81"), ==, "region 202, set 1018, pointer 1");
    g_assert_cmpstr(explain(CDR_AS_AMF, "636166653831"), ==, "region 202, set 1018, pointer 1");
    g_assert_null(explain(CDR_AS_AMF, "63616665383a"));
    g_assert_null(explain(CDR_AS_AMF, "cafe8100"));
}

static void test_identities(void)
{
    g_assert_cmpstr(explain(CDR_AS_CGI, "00f11012340102"), ==, "CGI 001-01 LAC 4660 CI 258");
    g_assert_cmpstr(explain(CDR_AS_SAI, "00f11012340102"), ==, "SAI 001-01 LAC 4660 SAC 258");
    g_assert_cmpstr(explain(CDR_AS_RA, "00f110123405"), ==, "RAI 001-01 LAC 4660 RAC 5");
    g_assert_cmpstr(explain(CDR_AS_RA, "00f11012340500"), ==, "RAI 001-01 LAC 4660 RAC 1280");
    g_assert_cmpstr(explain(CDR_AS_LAI, "00f1101234"), ==, "LAI 001-01 LAC 4660");
    g_assert_cmpstr(explain(CDR_AS_TAI, "00f1101234"), ==, "TAI 001-01 TAC 4660");
    g_assert_cmpstr(explain(CDR_AS_ECGI, "00f11001234567"), ==, "ECGI 001-01 ECI 19088743");
    g_assert_null(explain(CDR_AS_TAI, "00f110123405"));
    g_assert_null(explain(CDR_AS_TAI, "00fa101234"));
    g_assert_null(explain(CDR_AS_CGI, ""));
}

static void test_bits(void)
{
    const cdr_schema_type_t type = { .shape = CDR_BITS };
    static const uint8_t two[] = { 0x05, 0xa0 };
    static const uint8_t none[] = { 0x07 };

    g_assert_cmpstr(cdr_text_explain(pool, &type, two, sizeof two), ==, "bit 0, bit 2");
    g_assert_cmpstr(cdr_text_explain(pool, &type, none, sizeof none), ==, "no bit set");
    g_assert_null(cdr_text_explain(pool, &type, none, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    pool = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    g_test_add_func("/cdr_text/numbers", test_numbers);
    g_test_add_func("/cdr_text/reals", test_reals);
    g_test_add_func("/cdr_text/digits", test_digits);
    g_test_add_func("/cdr_text/places", test_places);
    g_test_add_func("/cdr_text/others", test_others);
    g_test_add_func("/cdr_text/quality_of_service", test_quality_of_service);
    g_test_add_func("/cdr_text/kinds_of_numbers", test_kinds_of_numbers);
    g_test_add_func("/cdr_text/identities", test_identities);
    g_test_add_func("/cdr_text/bits", test_bits);
    const int result = g_test_run();
    wmem_destroy_allocator(pool);
    return result;
}
