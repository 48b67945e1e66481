/* ber.c
 * Elements of a BER encoding (ITU-T X.690), read from octets that may be wrong or cut short.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ber.h"

#include <glib.h>

/* Those of 3GPP end at 200, those of vendors at 773 or so; what does not fit 32 bits is no tag. */
#define MAX_TAG_OCTETS 5

/* Elements of indefinite length inside one another. Charging records nest some ten deep. */
#define MAX_DEPTH 32

/* Reads identifier and length, whatever the length is. TEXT says what is wrong when something is. */
static ber_status_t read_start(const ber_cursor_t *cursor, ber_element_t *element, uint64_t *length, const char **text)
{
    size_t at = cursor->offset;
    const size_t limit = MIN(cursor->end, cursor->captured);
    const ber_status_t at_limit = cursor->captured < cursor->end ? BER_CUT : BER_BAD_START;
    uint8_t octet;

    if (at >= cursor->end) {
        return BER_END;
    }
    *text = "its identifier or length is incomplete";
    if (at >= limit) {
        return at_limit;
    }
    element->start = at;
    octet = cursor->data[at++];
    element->tag_class = octet >> 6;
    element->constructed = (octet & 0x20) != 0;
    element->indefinite = false;
    element->tag = octet & 0x1f;
    if (element->tag == 0x1f) {
        size_t octets = 0;

        element->tag = 0;
        do {
            if (at >= limit) {
                return at_limit;
            }
            if (octets++ == MAX_TAG_OCTETS || element->tag > UINT32_MAX >> 7) {
                *text = "its tag number is too long";
                return BER_BAD_START;
            }
            octet = cursor->data[at++];
            element->tag = element->tag << 7 | (octet & 0x7f);
        } while (octet & 0x80);
    }
    if (at >= limit) {
        return at_limit;
    }
    element->length_start = at;
    octet = cursor->data[at++];
    *length = octet & 0x7f;
    if (octet == 0x80) {
        if (!element->constructed) {
            *text = "it is primitive and of indefinite length";
            return BER_BAD_START;
        }
        element->indefinite = true;
    } else if (octet == 0xff) {
        *text = "its length octet is FF, which is reserved";
        return BER_BAD_START;
    } else if (octet & 0x80) {
        size_t octets = octet & 0x7f;

        *length = 0;
        while (octets-- > 0) {
            if (at >= limit) {
                return at_limit;
            }
            /* Once too large for any record it must not become small again. */
            if (*length <= UINT32_MAX) {
                *length = *length << 8 | cursor->data[at];
            }
            at++;
        }
    }
    element->value = at;
    return BER_OK;
}

/* Finds the end-of-contents of the element that ELEMENT has begun, stepping over all that lies between. A loop with a
 * count instead of recursion, so that no input can exhaust the stack. */
static ber_status_t find_end_of_contents(const ber_cursor_t *cursor, ber_element_t *element, size_t *next,
                                         const char **text)
{
    ber_cursor_t inner = *cursor;
    ber_element_t child;
    uint64_t length = 0;
    unsigned depth = 1;

    inner.offset = element->value;
    for (;;) {
        ber_status_t status = read_start(&inner, &child, &length, text);

        if (status == BER_END) {
            *text = "its end-of-contents is missing";
            return BER_BAD_LENGTH;
        }
        if (status == BER_BAD_START) {
            *text = "its end-of-contents cannot be found";
            return BER_BAD_LENGTH;
        }
        if (status != BER_OK) {
            return status;
        }
        if (child.tag_class == BER_UNIVERSAL && child.tag == 0 && !child.constructed && length == 0) {
            if (--depth == 0) {
                element->length = child.start - element->value;
                *next = child.value;
                return BER_OK;
            }
            inner.offset = child.value;
        } else if (child.indefinite) {
            if (++depth > MAX_DEPTH) {
                *text = "it is nested too deeply";
                return BER_BAD_LENGTH;
            }
            inner.offset = child.value;
        } else if (length > inner.end - child.value) {
            *text = "its end-of-contents cannot be found";
            return BER_BAD_LENGTH;
        } else {
            inner.offset = child.value + (size_t)length;
        }
    }
}

/* Reads an element as most are: one octet of identifier, one of length, all of it in the container. False when it is
 * another, and nothing has been read. */
static inline bool read_short(ber_cursor_t *cursor, ber_element_t *element)
{
    const size_t at = cursor->offset;

    if (at + 2 > cursor->end || at + 2 > cursor->captured) {
        return false;
    }
    const uint8_t identifier = cursor->data[at];
    const size_t length = cursor->data[at + 1];
    if ((identifier & 0x1f) == 0x1f || length >= 0x80 || length > cursor->end - at - 2) {
        return false;
    }
    *element = (ber_element_t){
        .start = at,
        .length_start = at + 1,
        .value = at + 2,
        .length = length,
        .tag_class = identifier >> 6,
        .constructed = (identifier & 0x20) != 0,
        .tag = identifier & 0x1f,
    };
    cursor->offset = at + 2 + length;
    return true;
}

/* Apart from ber_read_element(), which then saves no registers for what it seldom does. */
static G_GNUC_NO_INLINE ber_status_t read_any(ber_cursor_t *cursor, ber_element_t *element, const char **text)
{
    uint64_t length = 0;
    size_t next = cursor->end;
    ber_status_t status = read_start(cursor, element, &length, text);

    if (status != BER_OK) {
        cursor->offset = cursor->end;
        return status;
    }
    element->length = cursor->end - element->value;
    if (element->indefinite) {
        status = find_end_of_contents(cursor, element, &next, text);
        if (status == BER_CUT) {
            status = BER_OK; /* what is there can be read as it stands */
        }
    } else if (length > element->length) {
        *text = "its length runs past the end of what contains it";
        status = BER_BAD_LENGTH;
    } else {
        element->length = (size_t)length;
        next = element->value + element->length;
    }
    cursor->offset = next;
    return status;
}

ber_status_t ber_read_element(ber_cursor_t *cursor, ber_element_t *element, const char **text)
{
    return read_short(cursor, element) ? BER_OK : read_any(cursor, element, text);
}

ber_cursor_t ber_enter(const ber_cursor_t *cursor, const ber_element_t *element)
{
    ber_cursor_t inner = *cursor;

    inner.offset = element->value;
    inner.end = element->value + element->length;
    return inner;
}

bool ber_is_captured(const ber_cursor_t *cursor, const ber_element_t *element)
{
    return element->value <= cursor->captured && element->length <= cursor->captured - element->value;
}

bool ber_is_context(const ber_element_t *element, uint32_t tag, bool constructed)
{
    return element->tag_class == BER_CONTEXT && element->tag == tag && element->constructed == constructed;
}
