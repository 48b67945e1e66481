/* cdr_pieces.c
 * Strings of a charging data record in BER that are sent in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_pieces.h"

#include <string.h>

/* Pieces inside one another; one level is usual. */
#define MAX_DEPTH 32

static bool join(ber_cursor_t cursor, bool is_bits, uint8_t *joined, uint32_t *length, unsigned depth)
{
    ber_element_t piece;
    const char *what;
    ber_status_t status;

    while ((status = ber_read_element(&cursor, &piece, &what)) == BER_OK) {
        if (piece.tag_class != BER_UNIVERSAL || !ber_is_captured(&cursor, &piece) || depth >= MAX_DEPTH) {
            return false;
        }
        if (piece.constructed) {
            if (!join(ber_enter(&cursor, &piece), is_bits, joined, length, depth + 1)) {
                return false;
            }
            continue;
        }
        /* The first octet of a piece of a BIT STRING tells its unused bits, which only the last one may have. */
        const size_t skip = is_bits && *length > 0 && piece.length > 0 ? 1 : 0;
        if (skip != 0) {
            joined[0] = cursor.data[piece.value];
        }
        memcpy(joined + *length, cursor.data + piece.value + skip, piece.length - skip);
        *length += (uint32_t)(piece.length - skip);
    }
    return status == BER_END;
}

bool cdr_join_pieces(wmem_allocator_t *pool, const ber_cursor_t *cursor, const ber_element_t *element, bool is_bits,
                     const uint8_t **octets, uint32_t *length)
{
    if (!element->constructed) {
        *octets = cursor->data + element->value;
        *length = (uint32_t)element->length;
        return true;
    }
    uint8_t *joined = (uint8_t *)wmem_alloc(pool, element->length + 1);
    *length = 0;
    *octets = joined;
    return join(ber_enter(cursor, element), is_bits, joined, length, 0);
}
