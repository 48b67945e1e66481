/* cdr_text.c
 * Values of charging data records as people read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_text.h"

#include <epan/charsets.h>

#include <math.h>
#include <string.h>

#include "base/octets.h"
#include "base/ws_compat.h"
#include "cdr_location.h"
#include "cdr_qos.h"

/* Seconds from 1900 to 1970, between which NTP and Unix begin to count. */
#define NTP_TO_UNIX 2208988800u

/* {{{ Numbers */

const char *cdr_text_read_number(const uint8_t *octets, size_t length, bool is_signed, uint64_t *number)
{
    if (length == 0) {
        return "an integer without octets";
    }
    const uint8_t fill = is_signed && (octets[0] & 0x80) != 0 ? 0xff : 0;
    while (length > sizeof *number && octets[0] == fill) {
        octets++;
        length--;
    }
    if (length > sizeof *number) {
        return "an integer of more than 64 bits";
    }
    *number = fill != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < length; i++) {
        *number = *number << 8 | octets[i];
    }
    return NULL;
}

/* A double needs two; scaled by 4 bits and some, three still fit an int. */
#define MAX_EXPONENT_OCTETS 3

/* REAL in base 2, 8 or 16. */
static const char *read_binary_real(const uint8_t *octets, size_t length, double *number)
{
    const unsigned base = octets[0] >> 4 & 3;
    const bool is_counted = (octets[0] & 3) == 3; /* an octet tells how many octets the exponent has */
    const size_t front = is_counted ? 2 : 1;
    uint64_t exponent = 0;
    uint64_t mantissa = 0;

    if (length < front) {
        return "a real number of a wrong length";
    }
    size_t exponent_octets = (size_t)(octets[0] & 3) + 1;
    if (is_counted) {
        exponent_octets = octets[1];
    }
    if (base == 3 || exponent_octets == 0 || exponent_octets > MAX_EXPONENT_OCTETS) {
        return "a form of real number that is not read";
    }
    if (length < front + exponent_octets + 1 || length > front + exponent_octets + sizeof mantissa) {
        return "a real number of a wrong length";
    }
    (void)cdr_text_read_number(octets + front, exponent_octets, true, &exponent);
    (void)cdr_text_read_number(octets + front + exponent_octets, length - front - exponent_octets, false, &mantissa);
    const int bits_of_base = base == 0 ? 1 : base == 1 ? 3 : 4;
    const int scale = (int)(int64_t)exponent * bits_of_base + (octets[0] >> 2 & 3);
    const double value = ldexp((double)mantissa, scale);
    *number = (octets[0] & 0x40) != 0 ? -value : value;
    return NULL;
}

const char *cdr_text_read_real(const uint8_t *octets, size_t length, double *number)
{
    char text[40];
    char *end;

    if (length == 0) {
        *number = 0.0;
        return NULL;
    }
    if ((octets[0] & 0x80) != 0) {
        return read_binary_real(octets, length, number);
    }
    if ((octets[0] & 0x40) != 0) {
        *number = octets[0] == 0x40 ? INFINITY : octets[0] == 0x41 ? -INFINITY : octets[0] == 0x43 ? -0.0 : NAN;
        return NULL;
    }
    if (length < 2 || length > sizeof text) {
        return "a real number of a wrong length";
    }
    memcpy(text, octets + 1, length - 1);
    text[length - 1] = '\0';
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == ',' ? '.' : *c;
    }
    *number = g_ascii_strtod(text, &end);
    return *end == '\0' && end != text ? NULL : "a decimal number with other characters";
}

/* }}} */
/* {{{ Digits */

static const char *octets_as_hex(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");

    for (size_t i = 0; i < length; i++) {
        wmem_strbuf_append_printf(text, "%02x", octets[i]);
    }
    return wmem_strbuf_get_str(text);
}

/* TBCD: low nibble first, filler nibbles F at the end only. */
static const char *read_tbcd(wmem_allocator_t *pool, const uint8_t *octets, size_t length, const char **text)
{
    static const char symbols[] = "0123456789*#abc";
    char *digits = (char *)wmem_alloc(pool, 2 * length + 1);
    size_t count = 0;

    for (size_t i = 0; i < 2 * length; i++) {
        const uint8_t nibble = (i & 1) != 0 ? octets[i / 2] >> 4 : octets[i / 2] & 15;
        if (nibble != 15) {
            if (count < i) {
                return "a digit after the filler";
            }
            digits[count++] = symbols[nibble];
        }
    }
    digits[count] = '\0';
    *text = digits;
    return NULL;
}

/* AddressString and BCDDirectoryNumber: octets of type and plan, the last of which has its top bit set, then TBCD. */
static const char *read_isdn(wmem_allocator_t *pool, const uint8_t *octets, size_t length, const char **text)
{
    size_t front = 0;

    while (front < length && (octets[front] & 0x80) == 0) {
        front++;
    }
    if (front == length) {
        return "no octet that ends the type of number";
    }
    return read_tbcd(pool, octets + front + 1, length - front - 1, text);
}

/* The address of a short message, 3GPP TS 23.040 section 9.1.2.5: the number of its digits, type and plan, the digits.
 * Some leave the number out. */
static const char *read_sms_address(wmem_allocator_t *pool, const uint8_t *octets, size_t length, const char **text)
{
    if (length >= 2 && (octets[1] & 0x80) != 0 && (octets[0] + 1u) / 2 == length - 2) {
        if ((octets[1] >> 4 & 7) == 5) {
            /* The alphabet of short messages, 3GPP TS 23.038, in seven bits a character. */
            *text = (const char *)get_ts_23_038_7bits_string_packed(pool, octets + 2, 0, octets[0] * 4 / 7);
            return NULL;
        }
        return read_tbcd(pool, octets + 2, length - 2, text);
    }
    if (read_isdn(pool, octets, length, text) != NULL) {
        *text = octets_as_hex(pool, octets, length); /* other forms are in use: the specification names none */
    }
    return NULL;
}

/* The number of a called party, ITU-T Q.763 section 3.9: odd or even, nature, plan, digits. */
static const char *read_isup(wmem_allocator_t *pool, const uint8_t *octets, size_t length, const char **text)
{
    static const char symbols[] = "0123456789abcdef";

    if (length < 2) {
        return "a number without its type";
    }
    const bool is_odd = (octets[0] & 0x80) != 0;
    const size_t count = 2 * (length - 2) - (is_odd && length > 2 ? 1 : 0);
    char *digits = (char *)wmem_alloc(pool, count + 1);
    for (size_t i = 0; i < count; i++) {
        digits[i] = symbols[(i & 1) != 0 ? octets[2 + i / 2] >> 4 : octets[2 + i / 2] & 15];
    }
    digits[count] = '\0';
    *text = digits;
    return NULL;
}

/* }}} */
/* {{{ Texts */

/* Texts are UTF-8, whatever the kind of string: what is none is not shown as one. */
static const char *read_characters(wmem_allocator_t *pool, const uint8_t *octets, size_t length, const char **text)
{
    if (memchr(octets, '\0', length) != NULL || !g_utf8_validate((const char *)octets, (gssize)length, NULL)) {
        return "octets that are no text";
    }
    *text = wmem_strndup(pool, (const char *)octets, length);
    return NULL;
}

/* MSTimeZone, 3GPP TS 29.060 section 7.7.52: quarters of an hour, tens in the low nibble; hours of summer time, of
 * which there are two at most. */
static const char *read_time_zone(wmem_allocator_t *pool, const uint8_t *octets, size_t length, const char **text)
{
    if (length != 2) {
        return "a time zone has 2 octets";
    }
    const unsigned quarters = (octets[0] >> 4) + 10u * (octets[0] & 7);
    const unsigned summer = octets[1] & 3;
    if (octets[0] >> 4 > 9) {
        return "a nibble that is no digit";
    }
    *text = wmem_strdup_printf(pool, "%c%02u:%02u, daylight saving %s", (octets[0] & 8) != 0 ? '-' : '+', quarters / 4,
                               quarters % 4 * 15,
                               summer == 3   ? "not known (3)"
                               : summer == 2 ? "2 h"
                               : summer == 1 ? "1 h"
                                             : "0 h");
    return NULL;
}

const char *cdr_text_read(wmem_allocator_t *pool, const cdr_schema_type_t *type, const uint8_t *octets, size_t length,
                          const char **text)
{
    const char *plmn;

    switch (type->format) {
    case CDR_AS_TBCD:
        return read_tbcd(pool, octets, length, text);
    case CDR_AS_ADDRESS:
    case CDR_AS_NUMBER:
        return read_isdn(pool, octets, length, text);
    case CDR_AS_SMSADDRESS:
        return read_sms_address(pool, octets, length, text);
    case CDR_AS_ISUP:
        return read_isup(pool, octets, length, text);
    case CDR_AS_PLMN:
        if (length != 3) {
            return "a network has 3 octets";
        }
        *text = cdr_location_plmn(pool, octets);
        return *text != NULL ? NULL : "a nibble that is no digit";
    case CDR_AS_RAI:
        if (length != 6) {
            return "a routing area has 6 octets";
        }
        plmn = cdr_location_plmn(pool, octets);
        if (plmn == NULL) {
            return "a nibble that is no digit";
        }
        *text = wmem_strdup_printf(pool, "%s LAC %u RAC %u", plmn, octets_be16(octets + 3), octets[5]);
        return NULL;
    case CDR_AS_TIMEZONE:
        return read_time_zone(pool, octets, length, text);
    default:
        return read_characters(pool, octets, length, text);
    }
}

/* }}} */
/* {{{ What is said beside the octets */

static const char *explain_bits(wmem_allocator_t *pool, const cdr_schema_type_t *type, const uint8_t *octets,
                                size_t length)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");

    if (length == 0) {
        return NULL;
    }
    const size_t unused = MIN(octets[0], 7u);
    const size_t bits = 8 * (length - 1) > unused ? 8 * (length - 1) - unused : 0;
    for (size_t bit = 0; bit < bits; bit++) {
        if ((octets[1 + bit / 8] >> (7 - bit % 8) & 1) != 0) {
            const char *name = cdr_schema_name_value(type->first, (int64_t)bit);
            if (wmem_strbuf_get_len(text) > 0) {
                wmem_strbuf_append(text, ", ");
            }
            if (name != NULL) {
                wmem_strbuf_append(text, name);
            } else {
                wmem_strbuf_append_printf(text, "bit %zu", bit);
            }
        }
    }
    return wmem_strbuf_get_len(text) > 0 ? wmem_strbuf_get_str(text) : "no bit set";
}

/* PDP type organisation and number, 3GPP TS 29.060 section 7.7.27 and TS 24.008 section 10.5.6.4. */
static const char *explain_pdp_type(const uint8_t *octets, size_t length)
{
    if (length != 2) {
        return NULL;
    }
    enum { ETSI = 0, IETF = 1, PPP = 1, NON_IP = 2 };
    const unsigned organisation = octets[0] & 15u;
    if (organisation != IETF) {
        return organisation != ETSI ? NULL : octets[1] == PPP ? "PPP" : octets[1] == NON_IP ? "Non-IP" : NULL;
    }
    switch (octets[1]) {
    case 0x21:
        return "IPv4";
    case 0x57:
        return "IPv6";
    case 0x8d:
        return "IPv4v6";
    default:
        return NULL;
    }
}

/* 3GPP TS 32.251 annex A: one bit for each kind of charging. */
static const char *explain_characteristics(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    static const char *const kinds[] = { "hot billing", "flat rate", "prepaid", "normal" };
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");

    for (unsigned bit = 0; length == 2 && bit < G_N_ELEMENTS(kinds); bit++) {
        if ((octets[0] >> bit & 1) != 0) {
            wmem_strbuf_append_printf(text, "%s%s", wmem_strbuf_get_len(text) > 0 ? ", " : "", kinds[bit]);
        }
    }
    return wmem_strbuf_get_len(text) > 0 ? wmem_strbuf_get_str(text) : NULL;
}

/* Nature and plan of a number, 3GPP TS 29.002 section 17.7.8 (AddressString) and TS 24.008 section 10.5.4.7. */
static const char *explain_number(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    static const char *const natures[] = { "unknown nature",    "international",     "national",    "network specific",
                                           "subscriber number", "reserved nature 5", "abbreviated", "extended nature" };
    static const char *const plans[16] = { [0] = "unknown plan", [1] = "E.164",    [3] = "X.121",  [4] = "F.69 (telex)",
                                           [6] = "E.212",        [8] = "national", [9] = "private" };

    if (length == 0) {
        return NULL;
    }
    const char *plan = plans[octets[0] & 15];
    return plan != NULL ? wmem_strdup_printf(pool, "%s, %s", natures[octets[0] >> 4 & 7], plan)
                        : wmem_strdup_printf(pool, "%s, plan %u", natures[octets[0] >> 4 & 7], octets[0] & 15u);
}

/* Region, set and pointer, 3GPP TS 23.003 section 2.10.1; some write the 24 bits in hexadecimal digits. */
static const char *explain_amf(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    uint32_t number = 0;

    if (length == 3) {
        number = octets_be24(octets);
    } else if (length == 6) {
        for (unsigned i = 0; i < length; i++) {
            const int digit = g_ascii_xdigit_value((char)octets[i]);
            if (digit < 0) {
                return NULL;
            }
            number = number << 4 | (unsigned)digit;
        }
    } else {
        return NULL;
    }
    return wmem_strdup_printf(pool, "region %u, set %u, pointer %u", number >> 16, number >> 6 & 0x3ff, number & 0x3f);
}

static const char *explain_ntp(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    if (length != 8) {
        return NULL;
    }
    const uint32_t seconds = octets_be32(octets);
    /* Numbers below that of 1968 are of the era that begins in 2036. */
    const int64_t unix_seconds =
        (int64_t)seconds - NTP_TO_UNIX + ((seconds & 0x80000000u) != 0 ? 0 : INT64_C(0x100000000));
    GDateTime *time = g_date_time_new_from_unix_utc(unix_seconds);
    if (time == NULL) {
        return NULL;
    }
    char *formatted = g_date_time_format(time, "%Y-%m-%d %H:%M:%S UTC");
    const char *text = wmem_strdup(pool, formatted);
    g_free(formatted);
    g_date_time_unref(time);
    return text;
}

const char *cdr_text_explain(wmem_allocator_t *pool, const cdr_schema_type_t *type, const uint8_t *octets,
                             size_t length)
{
    if (type->shape == CDR_BITS) {
        return explain_bits(pool, type, octets, length);
    }
    switch (type->format) {
    case CDR_AS_PDPTYPE:
        return explain_pdp_type(octets, length);
    case CDR_AS_CHARACTERISTICS:
        return explain_characteristics(pool, octets, length);
    case CDR_AS_NTP:
        return explain_ntp(pool, octets, length);
    case CDR_AS_ULI:
        return cdr_location_explain(pool, octets, length);
    case CDR_AS_QOS:
        return cdr_qos_explain(pool, octets, length);
    case CDR_AS_AMF:
        return explain_amf(pool, octets, length);
    case CDR_AS_CGI:
    case CDR_AS_LAI:
    case CDR_AS_SAI:
    case CDR_AS_RA:
    case CDR_AS_TAI:
    case CDR_AS_ECGI:
        return cdr_location_identity(pool, (cdr_format_t)type->format, octets, length);
    case CDR_AS_ADDRESS:
    case CDR_AS_NUMBER:
        return explain_number(pool, octets, length);
    default:
        return NULL;
    }
}

const char *cdr_text_group_digits(wmem_allocator_t *pool, uint64_t number)
{
    char *plain = wmem_strdup_printf(pool, "%" PRIu64, number);
    const size_t digits = strlen(plain);
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");

    for (size_t i = 0; i < digits; i++) {
        if (i > 0 && (digits - i) % 3 == 0) {
            wmem_strbuf_append_c(text, ',');
        }
        wmem_strbuf_append_c(text, plain[i]);
    }
    return wmem_strbuf_get_str(text);
}

/* }}} */
