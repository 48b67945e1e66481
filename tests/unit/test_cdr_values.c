/* test_cdr_values.c
 * Digits, times, integers and addresses of charging data records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr/cdr_values.h"

#include <string.h>

#define OCTETS(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static void check_integer(const uint8_t *data, size_t length, uint64_t expected, bool expected_negative)
{
    uint64_t value = 0;
    bool negative = false;

    g_assert_cmpstr(cdr_read_integer(data, length, &value, &negative), ==, NULL);
    g_assert_cmpuint(value, ==, expected);
    g_assert_cmpint(negative, ==, expected_negative);
}

static void test_integer(void)
{
    uint64_t value;
    bool negative;

    check_integer(OCTETS(0x00), 0, false);
    check_integer(OCTETS(0x7f), 127, false);
    check_integer(OCTETS(0x00, 0xff), 255, false);
    check_integer(OCTETS(0x03, 0x48), 840, false);
    check_integer(OCTETS(0x00, 0xff, 0xff, 0xff, 0xff), UINT32_MAX, false);
    check_integer(OCTETS(0x01, 0x00, 0x00, 0x00, 0x00), UINT64_C(0x100000000), false);
    check_integer(OCTETS(0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), UINT64_MAX, false);
    check_integer(OCTETS(0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05), 5, false);
    /* Encoders that leave the leading zero out. */
    check_integer(OCTETS(0xff), 255, true);
    check_integer(OCTETS(0xf0, 0x00, 0x00, 0x01), UINT64_C(0xf0000001), true);
    g_assert_nonnull(cdr_read_integer(OCTETS(0x01, 0, 0, 0, 0, 0, 0, 0, 0), &value, &negative));
    g_assert_nonnull(cdr_read_integer((const uint8_t *)"", 0, &value, &negative));
}

static void test_imsi(void)
{
    char digits[CDR_DIGITS_SIZE];

    g_assert_null(cdr_read_imsi(OCTETS(0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0xf1), digits));
    g_assert_cmpstr(digits, ==, "001010000000001");
    g_assert_null(cdr_read_imsi(OCTETS(0x00, 0x01, 0x21), digits));
    g_assert_cmpstr(digits, ==, "001012");
    /* A short IMSI filled up to eight octets. */
    g_assert_null(cdr_read_imsi(OCTETS(0x00, 0x01, 0x01, 0x32, 0xf4, 0xff, 0xff, 0xff), digits));
    g_assert_cmpstr(digits, ==, "001010234");
    g_assert_nonnull(cdr_read_imsi(OCTETS(0x00, 0x01), digits));
    g_assert_nonnull(cdr_read_imsi(OCTETS(0, 1, 2, 3, 4, 5, 6, 7, 8), digits));
    g_assert_nonnull(cdr_read_imsi(OCTETS(0x00, 0xf1, 0x01), digits)); /* digit after filler */
    g_assert_nonnull(cdr_read_imsi(OCTETS(0x00, 0x0a, 0x01), digits)); /* no digit */
    g_assert_nonnull(cdr_read_imsi(OCTETS(0xff, 0xff, 0xff), digits));
    g_assert_nonnull(cdr_read_imsi((const uint8_t *)"", 0, digits));
}

static void test_imei(void)
{
    char digits[CDR_DIGITS_SIZE];

    g_assert_null(cdr_read_imei(OCTETS(0x53, 0x21, 0x43, 0x65, 0x87, 0x09, 0x21, 0x43), digits));
    g_assert_cmpstr(digits, ==, "3512345678901234");
    g_assert_null(cdr_read_imei(OCTETS(0x53, 0x21, 0x43, 0x65, 0x87, 0x09, 0x21, 0xf3), digits));
    g_assert_cmpstr(digits, ==, "351234567890123");
    g_assert_null(cdr_read_imei(OCTETS(0x53, 0x21, 0x43, 0x65, 0x87, 0x09, 0x21), digits));
    g_assert_cmpstr(digits, ==, "35123456789012");
    g_assert_nonnull(cdr_read_imei(OCTETS(0x53, 0x21, 0x43), digits));
    g_assert_nonnull(cdr_read_imei(OCTETS(0x53, 0x21, 0x43, 0x65, 0x87, 0x09, 0x21, 0x43, 0x65), digits));
}

static void test_msisdn(void)
{
    char digits[CDR_DIGITS_SIZE];

    g_assert_null(cdr_read_msisdn(OCTETS(0x91, 0x94, 0x71, 0x00, 0x00, 0xf1), digits));
    g_assert_cmpstr(digits, ==, "491700001");
    g_assert_null(cdr_read_msisdn(OCTETS(0xa1, 0x21), digits));
    g_assert_cmpstr(digits, ==, "12");
    g_assert_null(cdr_read_msisdn(OCTETS(0x91, 0xba, 0xdc, 0xfe), digits));
    g_assert_cmpstr(digits, ==, "*#abc");
    g_assert_null(cdr_read_msisdn(OCTETS(0x11, 0x83, 0x94, 0xf1), digits));
    g_assert_cmpstr(digits, ==, "491");
    g_assert_nonnull(cdr_read_msisdn(OCTETS(0x91), digits));
    g_assert_nonnull(cdr_read_msisdn(OCTETS(0x11), digits));
    g_assert_nonnull(cdr_read_msisdn(OCTETS(0x11, 0x83), digits));
    g_assert_nonnull(cdr_read_msisdn(OCTETS(0x91, 0xff), digits));
    g_assert_nonnull(cdr_read_msisdn(OCTETS(0x11, 0x22, 0x33), digits));
    g_assert_nonnull(cdr_read_msisdn((const uint8_t *)"", 0, digits));
    /* As long as the buffer allows, and one octet longer. */
    uint8_t longest[18];

    memset(longest, 0x99, sizeof(longest));
    g_assert_null(cdr_read_msisdn(longest, 17, digits));
    g_assert_cmpuint(strlen(digits), ==, 32);
    g_assert_nonnull(cdr_read_msisdn(longest, 18, digits));
}

/* Octets of type and plan may be several: the last one has the top bit set. */
static void test_number(void)
{
    char digits[CDR_DIGITS_SIZE];

    g_assert_null(cdr_read_number(OCTETS(0x91, 0x94, 0x71, 0xf0), digits));
    g_assert_cmpstr(digits, ==, "49170");
    g_assert_null(cdr_read_number(OCTETS(0x21, 0x83, 0x94, 0x71, 0xf0), digits));
    g_assert_cmpstr(digits, ==, "49170");
    g_assert_null(cdr_read_number(OCTETS(0x11, 0x22, 0x80, 0xba), digits));
    g_assert_cmpstr(digits, ==, "*#");
    g_assert_cmpstr(cdr_read_number(OCTETS(0x11, 0x22), digits), ==, "no octet that ends the type of number");
    g_assert_cmpstr(cdr_read_number((const uint8_t *)"", 0, digits), ==, "no octet that ends the type of number");
    g_assert_cmpstr(cdr_read_number(OCTETS(0x11, 0x91), digits), ==, "no digits");
    g_assert_cmpstr(cdr_read_number(OCTETS(0x91, 0xf1, 0x22), digits), ==, "a digit after the filler");
}

static void check_time(const char *stamp, int64_t seconds, int offset)
{
    uint8_t octets[9];
    nstime_t utc;
    int minutes;

    for (size_t i = 0; i < sizeof(octets); i++) {
        octets[i] = (uint8_t)(g_ascii_xdigit_value(stamp[2 * i]) << 4 | g_ascii_xdigit_value(stamp[2 * i + 1]));
    }
    const char *what = cdr_read_time(octets, sizeof(octets), &utc, &minutes);

    if (seconds < 0) {
        g_assert_nonnull(what);
    } else {
        g_assert_cmpstr(what, ==, NULL);
        g_assert_cmpint(utc.secs, ==, seconds);
        g_assert_cmpint(utc.nsecs, ==, 0);
        g_assert_cmpint(minutes, ==, offset);
    }
}

/* Every day that a time stamp can name, one after another. */
static void test_every_day(void)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t midnight = 946684800; /* 2000-01-01 */

    for (int year = 0; year < 100; year++) {
        for (int month = 1; month <= 12; month++) {
            const int days = lengths[month - 1] + (month == 2 && year % 4 == 0);
            for (int day = 1; day <= days; day++, midnight += 86400) {
                char stamp[19];
                g_snprintf(stamp, sizeof stamp, "%02d%02d%02d0000002b0000", year, month, day);
                check_time(stamp, midnight, 0);
            }
        }
    }
    g_assert_cmpint(midnight, ==, 4102444800); /* 2100-01-01 */
}

static void test_time(void)
{
    nstime_t utc;
    int minutes;

    check_time("0001010000002b0000", 946684800, 0);     /* 2000-01-01T00:00:00Z */
    check_time("2401020304052b0200", 1704157445, 120);  /* 2024-01-02T01:04:05Z */
    check_time("1502251638012b0000", 1424882281, 0);    /* 2015-02-25T16:38:01Z */
    check_time("2401010000002d0530", 1704087000, -330); /* west of Greenwich: later in UTC */
    check_time("2401010000002b0545", 1704046500, 345);  /* the day before in UTC */
    check_time("0001010000002b0100", 946681200, 60);    /* the century before in UTC */
    check_time("2402290000002b0000", 1709164800, 0);    /* leap day */
    check_time("2403010000002b0000", 1709251200, 0);    /* the day after it */
    check_time("2303010000002b0000", 1677628800, 0);    /* and without one */
    check_time("9912312359592b0000", 4102444799, 0);    /* 2099, not 1999 */
    check_time("0000000000002b0000", -1, 0);
    check_time("2413010000002b0000", -1, 0); /* month 13 */
    check_time("2302290000002b0000", -1, 0); /* no leap year */
    check_time("2404310000002b0000", -1, 0);
    check_time("2401000000002b0000", -1, 0);
    check_time("2401012400002b0000", -1, 0);
    check_time("2401010060002b0000", -1, 0);
    check_time("2401010000602b0000", -1, 0);
    check_time("240101000000200000", -1, 0); /* a blank for a sign */
    check_time("2401010000002b2400", -1, 0);
    check_time("2401010000002b0060", -1, 0);
    check_time("2a01010000002b0000", -1, 0); /* not BCD */
    check_time("24010100000f2b0000", -1, 0);
    check_time("2401010000002b00a0", -1, 0);
    g_assert_nonnull(cdr_read_time(OCTETS(0x24, 0x01, 0x01, 0, 0, 0, '+', 0), &utc, &minutes));
    g_assert_nonnull(cdr_read_time((const uint8_t *)"", 0, &utc, &minutes));
}

static void check_text(const char *text, bool is_ipv6, const uint8_t *octets, size_t length)
{
    cdr_address_t address;

    g_assert_cmpstr(cdr_read_ip_text((const uint8_t *)text, strlen(text), &address), ==, NULL);
    g_assert_cmpint(address.is_ipv6, ==, is_ipv6);
    g_assert_cmpmem(address.octets, length, octets, length);
}

static void test_address(void)
{
    static const uint8_t ipv6[] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
    cdr_address_t address;
    char too_long[80];

    g_assert_null(cdr_read_ipv4(OCTETS(192, 0, 2, 1), &address));
    g_assert_false(address.is_ipv6);
    g_assert_cmpmem(address.octets, 4, "\xc0\x00\x02\x01", 4);
    g_assert_nonnull(cdr_read_ipv4(OCTETS(192, 0, 2), &address));
    g_assert_nonnull(cdr_read_ipv4(ipv6, sizeof(ipv6), &address));
    g_assert_null(cdr_read_ipv6(ipv6, sizeof(ipv6), &address));
    g_assert_true(address.is_ipv6);
    g_assert_cmpmem(address.octets, 16, ipv6, 16);
    g_assert_nonnull(cdr_read_ipv6(ipv6, 15, &address));
    check_text("192.0.2.1", false, OCTETS(192, 0, 2, 1));
    check_text("2001:db8::1", true, ipv6, sizeof(ipv6));
    check_text("2001:db8::1/64", true, ipv6, sizeof(ipv6));
    g_assert_nonnull(cdr_read_ip_text((const uint8_t *)"192.0.2.256", 11, &address));
    g_assert_nonnull(cdr_read_ip_text((const uint8_t *)"192.0.2.1\0x", 11, &address));
    g_assert_nonnull(cdr_read_ip_text((const uint8_t *)"", 0, &address));
    memset(too_long, '1', sizeof(too_long));
    g_assert_nonnull(cdr_read_ip_text((const uint8_t *)too_long, sizeof(too_long), &address));
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cdr_values/integer", test_integer);
    g_test_add_func("/cdr_values/imsi", test_imsi);
    g_test_add_func("/cdr_values/imei", test_imei);
    g_test_add_func("/cdr_values/msisdn", test_msisdn);
    g_test_add_func("/cdr_values/number", test_number);
    g_test_add_func("/cdr_values/time", test_time);
    g_test_add_func("/cdr_values/time/every_day", test_every_day);
    g_test_add_func("/cdr_values/address", test_address);
    return g_test_run();
}
