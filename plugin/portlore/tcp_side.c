/* tcp_side.c
 * One side of a TCP connection: which of its octets the capture has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tcp_side.h"

#include "base/tcp_sequence.h"

bool tcp_side_take_syn(tcp_side_t *side, uint32_t sequence)
{
    if (side->has_start && side->has_next && side->next == sequence + 1) {
        return false;
    }
    *side = (tcp_side_t){ .has_start = true, .has_next = true, .next = sequence + 1 };
    return true;
}

unsigned tcp_side_take(tcp_side_t *side, uint32_t sequence, size_t length)
{
    const uint32_t end = sequence + (uint32_t)length;

    if (side->has_next && !tcp_sequence_is_before(side->next, end)) {
        return 0;
    }
    side->has_hole = side->has_hole || (side->has_next && tcp_sequence_is_before(side->next, sequence));
    side->has_next = true;
    side->next = end;
    return TCP_SIDE_NEW | (side->has_start && !side->has_hole ? TCP_SIDE_WHOLE : 0);
}
