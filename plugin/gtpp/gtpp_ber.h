/* gtpp_ber.h
 * Elements of a BER encoding (ITU-T X.690), read from octets that may be wrong or cut short.
 *
 * epan's get_ber_identifier() and get_ber_length() read the same, but throw, forget the upper bits of a length that
 * has more than 32 of them, and cannot tell a record that its sender broke from one that the capture cut short.
 * Pure functions over octets: nothing here throws, recurses, or reads beyond what was captured.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_BER_H
#define PORTLORE_GTPP_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Classes of tags, and the universal tags that are needed. */
#define GTPP_BER_UNIVERSAL 0
#define GTPP_BER_CONTEXT 2
#define GTPP_BER_BOOLEAN 1
#define GTPP_BER_INTEGER 2
#define GTPP_BER_OCTET_STRING 4
#define GTPP_BER_NULL 5
#define GTPP_BER_ENUMERATED 10
#define GTPP_BER_SEQUENCE 16
#define GTPP_BER_SET 17

typedef struct {
    const uint8_t *data;
    size_t captured; /* octets that may be read */
    size_t offset;   /* of the next element */
    size_t end;      /* of the container; may lie beyond what was captured */
} gtpp_ber_cursor_t;

typedef struct {
    size_t start;        /* of the identifier */
    size_t length_start; /* of the length octets, which follow the identifier */
    size_t value;
    size_t length; /* of the value, end-of-contents not counted; never beyond the container */
    uint8_t tag_class;
    bool constructed;
    bool indefinite;
    uint32_t tag;
} gtpp_ber_element_t;

typedef enum {
    GTPP_BER_OK,
    GTPP_BER_END,       /* of the container */
    GTPP_BER_CUT,       /* the capture holds no more */
    GTPP_BER_BAD_START, /* identifier and length could not be read: the element is not set */
    GTPP_BER_BAD_LENGTH /* the value cannot be as long as it says: the element reaches to the container's end */
} gtpp_ber_status_t;

/* Reads the next element and moves the cursor behind it. After anything but GTPP_BER_OK the cursor stands at the end:
 * there is no telling where another element would begin. TEXT is set to what is wrong when something is.
 *
 * An element whose end was cut off by the capture is GTPP_BER_OK: ask gtpp_ber_is_captured() before its value is
 * read as a whole. */
gtpp_ber_status_t gtpp_ber_read_element(gtpp_ber_cursor_t *cursor, gtpp_ber_element_t *element, const char **text);

/* A cursor over the elements inside ELEMENT. */
gtpp_ber_cursor_t gtpp_ber_enter(const gtpp_ber_cursor_t *cursor, const gtpp_ber_element_t *element);

bool gtpp_ber_is_captured(const gtpp_ber_cursor_t *cursor, const gtpp_ber_element_t *element);

/* True when every element in the LENGTH octets, at any depth, has its place in them, and none is a string in pieces or
 * has a universal type beyond numbers, truth values, sequences and sets: no object identifier that calls for another
 * decoder, no string that must be put together. */
bool gtpp_ber_is_plain(const uint8_t *data, size_t length);

bool gtpp_ber_is_context(const gtpp_ber_element_t *element, uint32_t tag, bool constructed);

#endif
