/* cdr_values.c
 * Values inside a charging data record, 3GPP TS 32.298: digits, times, integers, addresses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_values.h"

#include <wsutil/inet_addr.h>

#include <string.h>

#define TIMESTAMP_LENGTH 9
#define SECONDS_PER_DAY 86400
#define DAYS_BEFORE_1970 719468 /* from 0000-03-01 */

const char *cdr_read_integer(const uint8_t *data, size_t length, uint64_t *value, bool *reads_negative)
{
    if (length == 0) {
        return "an integer without octets";
    }
    *reads_negative = (data[0] & 0x80) != 0;
    while (length > 1 && data[0] == 0) {
        data++;
        length--;
    }
    if (length > sizeof *value) {
        return "an integer of more than 64 bits";
    }
    *value = 0;
    for (size_t i = 0; i < length; i++) {
        *value = *value << 8 | data[i];
    }
    return NULL;
}

/* The lower four bits of an octet are the first digit of two. */
static unsigned read_nibble(const uint8_t *data, size_t place)
{
    return data[place / 2] >> (place % 2 * 4) & 0x0f;
}

static const char *read_tbcd(const uint8_t *data, size_t length, const char *alphabet, char digits[CDR_DIGITS_SIZE])
{
    enum { FILLER = 0x0f };
    const size_t symbols = strlen(alphabet);
    size_t count = 2 * length;

    if (count >= CDR_DIGITS_SIZE) {
        return "too many octets for a number";
    }
    while (count > 0 && read_nibble(data, count - 1) == FILLER) {
        count--;
    }
    for (size_t i = 0; i < count; i++) {
        const unsigned nibble = read_nibble(data, i);
        if (nibble >= symbols) {
            return nibble == FILLER ? "a digit after the filler" : "a nibble that is no digit";
        }
        digits[i] = alphabet[nibble];
    }
    digits[count] = '\0';
    return count == 0 ? "no digits" : NULL;
}

const char *cdr_read_imsi(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE])
{
    if (length < 3 || length > 8) {
        return "an IMSI has 3 to 8 octets";
    }
    return read_tbcd(data, length, "0123456789", digits);
}

const char *cdr_read_imei(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE])
{
    /* Seven octets are 14 digits: an IMEI without its check digit, complete enough to be read. */
    if (length != 8 && length != 7) {
        return "an IMEI has 8 octets";
    }
    return read_tbcd(data, length, "0123456789", digits);
}

const char *cdr_read_msisdn(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE])
{
    if (length == 0) {
        return "an MSISDN without octets";
    }
    /* The top bit says that no further octet of type and plan follows. One may (3GPP TS 24.008 section 10.5.4.9);
     * beyond it the digits may begin anywhere, and a number that has lost its first digits is worse than none. */
    const size_t front = (data[0] & 0x80) == 0 && length > 1 ? 2 : 1;
    if (!(data[front - 1] & 0x80)) {
        return "the first octet is not a type of number";
    }
    return read_tbcd(data + front, length - front, "0123456789*#abc", digits);
}

const char *cdr_read_number(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE])
{
    size_t front = 0;

    while (front < length && (data[front] & 0x80) == 0) {
        front++;
    }
    if (front == length) {
        return "no octet that ends the type of number";
    }
    return read_tbcd(data + front + 1, length - front - 1, "0123456789*#abc", digits);
}

const char *cdr_read_subscriber(const uint8_t *data, size_t length, char digits[CDR_DIGITS_SIZE])
{
    const char *text = (const char *)data;
    const char *end = text + length;
    const char *dash = memchr(text, '-', length);
    size_t count = 0;

    text = dash != NULL ? dash + 1 : text;
    text += text < end && *text == '+' ? 1 : 0;
    for (; text < end && count < CDR_DIGITS_SIZE - 1 && *text >= '0' && *text <= '9'; text++) {
        digits[count++] = *text;
    }
    digits[count] = '\0';
    return count > 0 && text == end ? NULL : "a text that is no number";
}

static int read_bcd(uint8_t octet)
{
    const int tens = octet >> 4;
    const int ones = octet & 0x0f;

    return tens > 9 || ones > 9 ? -1 : 10 * tens + ones;
}

/* Days of MONTH, 1 to 12. */
static int count_days_of_month(int year, int month)
{
    static const int days_of_month[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool is_leap_year = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days_of_month[month - 1] + (month == 2 && is_leap_year);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar after it. Years are counted from March, so that the leap day
 * is the last one of its year; from March on, the lengths of the months repeat every five months (153 days). */
static int64_t count_days(int year, int month, int day)
{
    const int years = month > 2 ? year : year - 1;
    const int months = month > 2 ? month - 3 : month + 9;
    const int leap_days = years / 4 - years / 100 + years / 400;

    return INT64_C(365) * years + leap_days + (153 * months + 2) / 5 + day - 1 - DAYS_BEFORE_1970;
}

const char *cdr_read_time(const uint8_t *data, size_t length, nstime_t *utc, int *offset_minutes)
{
    int part[TIMESTAMP_LENGTH]; /* year month day hour minute second (sign) hour minute */
    int64_t seconds;

    if (length != TIMESTAMP_LENGTH) {
        return "a time stamp has 9 octets";
    }
    for (size_t i = 0; i < TIMESTAMP_LENGTH; i++) {
        part[i] = read_bcd(data[i]);
        if (part[i] < 0 && i != 6) {
            return "a nibble that is no digit";
        }
    }
    part[0] += 2000;
    if (part[1] < 1 || part[1] > 12) {
        return "a month that does not exist";
    }
    if (part[2] < 1 || part[2] > count_days_of_month(part[0], part[1])) {
        return "a day that does not exist";
    }
    if (part[3] > 23 || part[4] > 59 || part[5] > 59) {
        return "a time of day that does not exist";
    }
    if (data[6] != '+' && data[6] != '-') {
        return "neither + nor - before the offset from UTC";
    }
    if (part[7] > 23 || part[8] > 59) {
        return "an offset from UTC that does not exist";
    }
    *offset_minutes = 60 * part[7] + part[8];
    if (data[6] == '-') {
        *offset_minutes = -*offset_minutes;
    }
    seconds = count_days(part[0], part[1], part[2]) * SECONDS_PER_DAY;
    seconds += 3600 * part[3] + 60 * part[4] + part[5] - 60 * *offset_minutes;
    utc->secs = (time_t)seconds;
    utc->nsecs = 0;
    return NULL;
}

const char *cdr_read_ipv4(const uint8_t *data, size_t length, cdr_address_t *address)
{
    if (length != 4) {
        return "an IPv4 address has 4 octets";
    }
    address->is_ipv6 = false;
    memcpy(address->octets, data, 4);
    return NULL;
}

const char *cdr_read_ipv6(const uint8_t *data, size_t length, cdr_address_t *address)
{
    if (length != 16) {
        return "an IPv6 address has 16 octets";
    }
    address->is_ipv6 = true;
    memcpy(address->octets, data, 16);
    return NULL;
}

const char *cdr_read_ip_text(const uint8_t *data, size_t length, cdr_address_t *address)
{
    char text[64];
    char *slash;
    ws_in4_addr ipv4;
    ws_in6_addr ipv6;

    if (length == 0 || length >= sizeof text || memchr(data, '\0', length) != NULL) {
        return "a text that is no IP address";
    }
    memcpy(text, data, length);
    text[length] = '\0';
    slash = strchr(text, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    /* Which of the two it is, the text says better than its tag. */
    if (ws_inet_pton4(text, &ipv4)) {
        return cdr_read_ipv4((const uint8_t *)&ipv4, sizeof(ipv4), address);
    }
    if (ws_inet_pton6(text, &ipv6)) {
        return cdr_read_ipv6((const uint8_t *)&ipv6, sizeof(ipv6), address);
    }
    return "a text that is no IP address";
}
