/* tcp_pieces.c
 * Octets of one direction of a TCP connection that wait to be read, each under its sequence number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tcp_pieces.h"

#include <string.h>

#include "tcp_sequence.h"

typedef struct piece {
    struct piece *next;
    uint8_t *octets; /* NULL where none was captured */
    uint32_t seq;
    uint32_t length;
    uint32_t captured;
} piece_t;

struct tcp_pieces {
    wmem_allocator_t *allocator;
    piece_t *first;
    uint32_t count; /* of captured octets */
};

tcp_pieces_t *tcp_pieces_open(wmem_allocator_t *allocator)
{
    tcp_pieces_t *pieces = wmem_new0(allocator, tcp_pieces_t);

    pieces->allocator = allocator;
    return pieces;
}

void tcp_pieces_add(tcp_pieces_t *pieces, uint32_t seq, uint32_t length, const uint8_t *octets, uint32_t captured)
{
    piece_t *piece = wmem_new0(pieces->allocator, piece_t);
    piece_t **place = &pieces->first;

    while (*place != NULL && tcp_sequence_behind((*place)->seq, seq) < 0) {
        place = &(*place)->next;
    }
    piece->seq = seq;
    piece->length = length;
    piece->captured = captured;
    if (captured > 0) {
        piece->octets = wmem_memdup(pieces->allocator, octets, captured);
    }
    piece->next = *place;
    *place = piece;
    pieces->count += captured;
}

uint32_t tcp_pieces_count(const tcp_pieces_t *pieces)
{
    return pieces->count;
}

uint32_t tcp_pieces_copy(const tcp_pieces_t *pieces, uint32_t seq, uint32_t length, uint8_t *into)
{
    uint32_t count = 0;

    for (const piece_t *piece = pieces->first; piece != NULL && count < length; piece = piece->next) {
        const uint32_t at = seq + count;
        if (tcp_sequence_behind(piece->seq, at) > 0 || tcp_sequence_behind(piece->seq + piece->length, at) <= 0) {
            continue;
        }
        const uint32_t offset = at - piece->seq;
        if (offset >= piece->captured) {
            break;
        }
        const uint32_t part = MIN(piece->captured - offset, length - count);
        if (into != NULL) {
            memcpy(into + count, piece->octets + offset, part);
        }
        count += part;
        if (offset + part < piece->length && count < length) {
            break;
        }
    }
    return count;
}

uint32_t tcp_pieces_find_end(const tcp_pieces_t *pieces, uint32_t seq)
{
    for (const piece_t *piece = pieces->first; piece != NULL; piece = piece->next) {
        if (tcp_sequence_behind(seq, piece->seq) >= 0 && tcp_sequence_behind(seq, piece->seq + piece->length) < 0) {
            return piece->seq + piece->length;
        }
    }
    return seq + 1;
}

void tcp_pieces_drop(tcp_pieces_t *pieces, tcp_pieces_is_needed_t is_needed, const void *data)
{
    for (piece_t **place = &pieces->first; *place != NULL;) {
        piece_t *piece = *place;
        if (is_needed(data, piece->seq, piece->seq + piece->length)) {
            place = &piece->next;
            continue;
        }
        *place = piece->next;
        pieces->count -= piece->captured;
        if (piece->octets != NULL) {
            wmem_free(pieces->allocator, piece->octets);
        }
        wmem_free(pieces->allocator, piece);
    }
}
