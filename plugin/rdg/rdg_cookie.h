/* rdg_cookie.h
 * The authentication cookie of a CONNECT_PKT (MS-TSGU section 2.2.11.7): CMS SignedData over a line of text.
 *
 * The specification describes a structure (AUTHN_COOKIE_DATA, 2.2.11.10); what gateways sign is UTF-16LE text, ended by
 * a NUL: scheme;user;expiry;target's address;target's name;target's port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_COOKIE_H
#define PORTLORE_RDG_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The parts of the text, in order. */
enum {
    RDG_COOKIE_SCHEME,
    RDG_COOKIE_USER,
    RDG_COOKIE_EXPIRY,
    RDG_COOKIE_TARGET_IP,
    RDG_COOKIE_TARGET_NAME,
    RDG_COOKIE_TARGET_PORT,
    RDG_COOKIE_PARTS
};

/* Where things are in the cookie, in octets from its start. */
typedef struct {
    size_t text; /* the signed content */
    size_t text_length;
    struct {
        size_t offset;
        size_t length; /* octets: two per UTF-16 unit */
    } parts[RDG_COOKIE_PARTS];
    bool has_expiry;
    uint64_t expiry; /* FILETIME: units of 100 ns since 1601-01-01 UTC */
    bool has_port;
    uint16_t port;
} rdg_cookie_t;

/* Finds the signed text in the LENGTH octets at DATA, and its six parts. False when the octets are not SignedData with
 * content inside, or when the content has not the form of the text. A number that is none, or does not fit, leaves
 * has_expiry or has_port false. With more than five semicolons, those in excess are of the user's name, if the expiry
 * and the port are numbers. */
bool rdg_cookie_read(const uint8_t *data, size_t length, rdg_cookie_t *cookie);

/* Seconds since 1970 and nanoseconds of a FILETIME. False when the time is before 1970. */
bool rdg_cookie_time(uint64_t filetime, int64_t *seconds, uint32_t *nanoseconds);

#endif
