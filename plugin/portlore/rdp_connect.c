/* rdp_connect.c
 * The first message of each side of an RDP connection, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdp_connect.h"

#include <string.h>

#include "base/octets.h"

#define TPKT_VERSION 3
#define HEADERS 11 /* TPKT 4, X.224 7 */
#define NEGOTIATION 8

enum { CONNECTION_REQUEST = 0xe0, CONNECTION_CONFIRM = 0xd0 };
enum { NEGOTIATION_REQUEST = 1, NEGOTIATION_RESPONSE = 2, NEGOTIATION_FAILURE = 3 };

/* RDP_NEG_REQ, RDP_NEG_RSP or RDP_NEG_FAILURE: type, flags, length (8, little-endian), four octets. */
static bool is_negotiation(const uint8_t *data, size_t length, uint8_t lowest, uint8_t highest)
{
    return length >= NEGOTIATION && data[0] >= lowest && data[0] <= highest && data[2] == NEGOTIATION && data[3] == 0;
}

static bool starts_with(const uint8_t *data, size_t length, const char *text)
{
    return length >= strlen(text) && memcmp(data, text, strlen(text)) == 0;
}

static bool has_cookie(const uint8_t *data, size_t length)
{
    return starts_with(data, length, "Cookie: mstshash=") || starts_with(data, length, "Cookie: msts=");
}

bool rdp_connect_recognise(const uint8_t *data, size_t length)
{
    if (length < HEADERS || data[0] != TPKT_VERSION || data[1] != 0) {
        return false;
    }
    const uint8_t *rest = data + HEADERS;
    size_t left = length - HEADERS;
    /* The cookie is sign enough; scanners are careless with the lengths. */
    if (data[5] == CONNECTION_REQUEST && has_cookie(rest, left)) {
        return true;
    }
    if (octets_be16(data + 2) != length || data[4] != length - 5) {
        return false;
    }
    switch (data[5]) {
    case CONNECTION_REQUEST:
        return is_negotiation(rest, left, NEGOTIATION_REQUEST, NEGOTIATION_REQUEST);
    case CONNECTION_CONFIRM:
        return is_negotiation(rest, left, NEGOTIATION_RESPONSE, NEGOTIATION_FAILURE);
    default:
        return false;
    }
}
