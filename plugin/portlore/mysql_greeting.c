/* mysql_greeting.c
 * The first message of a MySQL server, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mysql_greeting.h"

#include <string.h>

#define HEADER 4 /* length 3, number 1 */
#define PROTOCOL_10 10
#define LONGEST_VERSION 64
#define SCRAMBLE 8
#define FIXED (4 + SCRAMBLE + 1 + 2) /* connection id, scramble, filler, capabilities */
#define CHARSET_AND_STATUS (1 + 2)
#define PROTOCOL_41 0x0200 /* of the capabilities */

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

/* "8.0.36", "5.5.5-10.6.16-MariaDB": starts with a number and a dot; printable. */
static bool is_version(const uint8_t *text, size_t length)
{
    if (length < 3 || length > LONGEST_VERSION || !is_digit(text[0])) {
        return false;
    }
    size_t dot = is_digit(text[1]) ? 2 : 1;
    if (text[dot] != '.') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            return false;
        }
    }
    return true;
}

/* Octets of a scramble are never zero: the server's text ends with one. */
static bool is_scramble(const uint8_t *data)
{
    return memchr(data, 0, SCRAMBLE) == NULL;
}

bool mysql_greeting_recognise(const uint8_t *data, size_t captured, size_t length)
{
    if (captured < HEADER + 1 || captured > length) {
        return false;
    }
    size_t said = data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16;
    if (said + HEADER != length || data[3] != 0 || data[HEADER] != PROTOCOL_10) {
        return false;
    }
    const uint8_t *version = data + HEADER + 1;
    const uint8_t *end = memchr(version, 0, captured - HEADER - 1);
    if (end == NULL || !is_version(version, (size_t)(end - version))) {
        return false;
    }
    const uint8_t *fixed = end + 1;
    size_t left = captured - (size_t)(fixed - data);
    if (left < FIXED || !is_scramble(fixed + 4) || fixed[4 + SCRAMBLE] != 0) {
        return false;
    }
    unsigned capabilities = fixed[4 + SCRAMBLE + 1] | (unsigned)fixed[4 + SCRAMBLE + 2] << 8;
    return (capabilities & PROTOCOL_41) == 0 || length - (size_t)(fixed - data) >= FIXED + CHARSET_AND_STATUS;
}
