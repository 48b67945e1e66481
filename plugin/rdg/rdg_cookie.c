/* rdg_cookie.c
 * The authentication cookie of a CONNECT_PKT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg_cookie.h"

#include "base/ber.h"
#include "base/octets.h"

#include <string.h>

#define FILETIME_PER_SECOND 10000000
#define PARTS_BEHIND_USER (RDG_COOKIE_PARTS - RDG_COOKIE_EXPIRY)
#define SECONDS_1601_TO_1970 11644473600

/* Steps into the next element of CURSOR when it is what it should be. */
static bool enter(ber_cursor_t *cursor, uint8_t tag_class, uint32_t tag)
{
    ber_element_t element;
    const char *text;

    if (ber_read_element(cursor, &element, &text) != BER_OK || element.tag_class != tag_class || element.tag != tag ||
        !element.constructed) {
        return false;
    }
    *cursor = ber_enter(cursor, &element);
    return true;
}

static bool skip(ber_cursor_t *cursor, unsigned count)
{
    ber_element_t element;
    const char *text;

    while (count-- > 0) {
        if (ber_read_element(cursor, &element, &text) != BER_OK) {
            return false;
        }
    }
    return true;
}

/* ContentInfo { type, [0] SignedData { version, algorithms, EncapsulatedContentInfo { type, [0] OCTET STRING } } },
 * RFC 5652 sections 3 and 5. The octet string in one piece, whether it is wrapped or not. */
static bool find_content(const uint8_t *data, size_t length, rdg_cookie_t *cookie)
{
    ber_cursor_t cursor = { .data = data, .captured = length, .end = length };
    ber_element_t element;
    const char *text;

    if (!enter(&cursor, BER_UNIVERSAL, BER_SEQUENCE) || !skip(&cursor, 1) || !enter(&cursor, BER_CONTEXT, 0) ||
        !enter(&cursor, BER_UNIVERSAL, BER_SEQUENCE) || !skip(&cursor, 2) ||
        !enter(&cursor, BER_UNIVERSAL, BER_SEQUENCE) || !skip(&cursor, 1) || !enter(&cursor, BER_CONTEXT, 0) ||
        ber_read_element(&cursor, &element, &text) != BER_OK) {
        return false;
    }
    if (element.constructed) {
        cursor = ber_enter(&cursor, &element);
        if (ber_read_element(&cursor, &element, &text) != BER_OK || element.constructed) {
            return false;
        }
    }
    if (element.tag_class != BER_UNIVERSAL || element.tag != BER_OCTET_STRING || !ber_is_captured(&cursor, &element)) {
        return false;
    }
    cookie->text = element.value;
    cookie->text_length = element.length;
    return true;
}

static void set_part(rdg_cookie_t *cookie, unsigned part, size_t start, size_t end)
{
    cookie->parts[part].offset = start;
    cookie->parts[part].length = end - start;
}

/* Cuts the text at its semicolons, and counts them. A user's name may hold some of its own: all other parts are told by
 * their place from either end. False when there are too few, or when the text ends inside a unit. */
static bool split(const uint8_t *data, rdg_cookie_t *cookie, unsigned *semicolons)
{
    size_t end = cookie->text + cookie->text_length;
    size_t at = cookie->text;
    size_t first = 0;
    size_t last[PARTS_BEHIND_USER] = { 0 }; /* places of the latest */

    *semicolons = 0;
    if (cookie->text_length % 2 != 0) {
        return false;
    }
    for (; at < end && octets_le16(data + at) != 0; at += 2) {
        if (octets_le16(data + at) == ';') {
            first = *semicolons == 0 ? at : first;
            memmove(last, last + 1, sizeof last - sizeof last[0]);
            last[PARTS_BEHIND_USER - 1] = at;
            ++*semicolons;
        }
    }
    if (*semicolons < RDG_COOKIE_PARTS - 1) {
        return false;
    }
    set_part(cookie, RDG_COOKIE_SCHEME, cookie->text, first);
    set_part(cookie, RDG_COOKIE_USER, first + 2, last[0]);
    for (unsigned i = 0; i < PARTS_BEHIND_USER; i++) {
        set_part(cookie, RDG_COOKIE_EXPIRY + i, last[i] + 2, i + 1 < PARTS_BEHIND_USER ? last[i + 1] : at);
    }
    return true;
}

/* The decimal number that a part is. False when it is none, or more than MOST. */
static bool read_number(const uint8_t *data, const rdg_cookie_t *cookie, unsigned part, uint64_t most, uint64_t *number)
{
    const uint8_t *at = data + cookie->parts[part].offset;
    size_t units = cookie->parts[part].length / 2;

    *number = 0;
    for (size_t i = 0; i < units; i++) {
        unsigned unit = octets_le16(at + 2 * i);
        if (unit < '0' || unit > '9' || *number > (most - (unit - '0')) / 10) {
            return false;
        }
        *number = *number * 10 + (unit - '0');
    }
    return units > 0;
}

bool rdg_cookie_read(const uint8_t *data, size_t length, rdg_cookie_t *cookie)
{
    uint64_t port;
    unsigned semicolons;

    *cookie = (rdg_cookie_t){ 0 };
    if (!find_content(data, length, cookie) || !split(data, cookie, &semicolons)) {
        return false;
    }
    cookie->has_expiry = read_number(data, cookie, RDG_COOKIE_EXPIRY, INT64_MAX, &cookie->expiry);
    cookie->has_port = read_number(data, cookie, RDG_COOKIE_TARGET_PORT, UINT16_MAX, &port);
    cookie->port = cookie->has_port ? (uint16_t)port : 0;
    return semicolons == RDG_COOKIE_PARTS - 1 || (cookie->has_expiry && cookie->has_port);
}

bool rdg_cookie_time(uint64_t filetime, int64_t *seconds, uint32_t *nanoseconds)
{
    *seconds = (int64_t)(filetime / FILETIME_PER_SECOND) - SECONDS_1601_TO_1970;
    *nanoseconds = (uint32_t)(filetime % FILETIME_PER_SECOND) * 100;
    return *seconds >= 0;
}
