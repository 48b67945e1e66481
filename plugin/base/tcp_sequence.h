/* tcp_sequence.h
 * The order of TCP's sequence numbers, which wrap around (RFC 9293 section 3.4). Plain: needs no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_TCP_SEQUENCE_H
#define PORTLORE_TCP_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Signed: how far SEQUENCE is behind PLACE in the stream. Right for numbers that are less than 2^31 apart. */
static inline int32_t tcp_sequence_behind(uint32_t sequence, uint32_t place)
{
    return (int32_t)(sequence - place);
}

static inline bool tcp_sequence_is_after(uint32_t sequence, uint32_t other)
{
    return tcp_sequence_behind(sequence, other) > 0;
}

static inline bool tcp_sequence_is_before(uint32_t sequence, uint32_t other)
{
    return tcp_sequence_behind(sequence, other) < 0;
}

#endif
