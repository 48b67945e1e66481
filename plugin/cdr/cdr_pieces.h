/* cdr_pieces.h
 * Strings of a charging data record in BER that are sent in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PIECES_H
#define PORTLORE_CDR_PIECES_H

#include <wsutil/wmem/wmem.h>

#include "base/ber.h"

/* Sets OCTETS and LENGTH to the value of ELEMENT, which was captured: as it stands when it is primitive; else put
 * together from its pieces, which may be in pieces themselves, in memory of POOL. IS_BITS: each piece of a BIT STRING
 * has an octet in front. False when something else than pieces is in it. */
bool cdr_join_pieces(wmem_allocator_t *pool, const ber_cursor_t *cursor, const ber_element_t *element, bool is_bits,
                     const uint8_t **octets, uint32_t *length);

#endif
