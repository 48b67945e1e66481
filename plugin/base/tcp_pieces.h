/* tcp_pieces.h
 * Octets of one direction of a TCP connection that wait to be read, each under its sequence number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_TCP_PIECES_H
#define PORTLORE_TCP_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include <wsutil/wmem/wmem.h>

/* Pieces in the order of their numbers; no two overlap. Arithmetic of sequence numbers is modulo 2^32. */
typedef struct tcp_pieces tcp_pieces_t;

/* Without pieces. They are allocated from ALLOCATOR. */
tcp_pieces_t *tcp_pieces_open(wmem_allocator_t *allocator);

/* Adds a piece of LENGTH octets as sent, the first of which has the number SEQ. CAPTURED of them, at most LENGTH, stand
 * at OCTETS and are copied; OCTETS may be NULL when there are none. The caller adds no octet that is there already. */
void tcp_pieces_add(tcp_pieces_t *pieces, uint32_t seq, uint32_t length, const uint8_t *octets, uint32_t captured);

/* How many captured octets the pieces hold. */
uint32_t tcp_pieces_count(const tcp_pieces_t *pieces);

/* Copies octets from SEQ on to INTO, up to LENGTH, or none where INTO is NULL. Returns how many were captured without a
 * break, which is 0 where no piece has SEQ. */
uint32_t tcp_pieces_copy(const tcp_pieces_t *pieces, uint32_t seq, uint32_t length, uint8_t *into);

/* The end of the piece in which SEQ lies: the number behind its last octet. SEQ + 1 where no piece has SEQ. */
uint32_t tcp_pieces_find_end(const tcp_pieces_t *pieces, uint32_t seq);

/* True when the piece of the octets from SEQ up to END is to be kept. */
typedef bool (*tcp_pieces_is_needed_t)(const void *data, uint32_t seq, uint32_t end);

/* Frees each piece that IS_NEEDED, which is called with DATA, does not want. */
void tcp_pieces_drop(tcp_pieces_t *pieces, tcp_pieces_is_needed_t is_needed, const void *data);

#endif
