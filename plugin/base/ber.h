/* ber.h
 * Elements of a BER encoding (ITU-T X.690), read from octets that may be wrong or cut short.
 *
 * epan's get_ber_identifier() and get_ber_length() read the same, but throw, forget the upper bits of a length that
 * has more than 32 of them, and cannot tell a record that its sender broke from one that the capture cut short.
 * Pure functions over octets: nothing here throws, recurses, or reads beyond what was captured.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_BER_H
#define PORTLORE_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Classes of tags, and the universal tags that are needed. */
#define BER_UNIVERSAL 0
#define BER_CONTEXT 2
#define BER_BOOLEAN 1
#define BER_INTEGER 2
#define BER_OCTET_STRING 4
#define BER_NULL 5
#define BER_ENUMERATED 10
#define BER_SEQUENCE 16
#define BER_SET 17

typedef struct {
    const uint8_t *data;
    size_t captured; /* octets that may be read */
    size_t offset;   /* of the next element */
    size_t end;      /* of the container; may lie beyond what was captured */
} ber_cursor_t;

typedef struct {
    size_t start;        /* of the identifier */
    size_t length_start; /* of the length octets, which follow the identifier */
    size_t value;
    size_t length; /* of the value, end-of-contents not counted; never beyond the container */
    uint8_t tag_class;
    bool constructed;
    bool indefinite;
    uint32_t tag;
} ber_element_t;

typedef enum {
    BER_OK,
    BER_END,       /* of the container */
    BER_CUT,       /* the capture holds no more */
    BER_BAD_START, /* identifier and length could not be read: the element is not set */
    BER_BAD_LENGTH /* the value cannot be as long as it says: the element reaches to the container's end */
} ber_status_t;

/* Reads the next element and moves the cursor behind it. After anything but BER_OK the cursor stands at the end:
 * there is no telling where another element would begin. TEXT is set to what is wrong when something is.
 *
 * An element whose end was cut off by the capture is BER_OK: ask ber_is_captured() before its value is
 * read as a whole. */
ber_status_t ber_read_element(ber_cursor_t *cursor, ber_element_t *element, const char **text);

/* A cursor over the elements inside ELEMENT. */
ber_cursor_t ber_enter(const ber_cursor_t *cursor, const ber_element_t *element);

bool ber_is_captured(const ber_cursor_t *cursor, const ber_element_t *element);

bool ber_is_context(const ber_element_t *element, uint32_t tag, bool constructed);

#endif
