/* tcp_side.h
 * One side of a TCP connection: which of its octets the capture has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_TCP_SIDE_H
#define PORTLORE_TCP_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero at the start. */
typedef struct {
    bool has_start; /* the capture has its SYN */
    bool has_next;
    bool has_hole;
    uint32_t next; /* sequence number behind all octets so far */
} tcp_side_t;

/* What a segment with payload brings; bits. */
enum {
    TCP_SIDE_NEW = 1 << 0,  /* octets that no segment before it had: it is no retransmission, keep-alive or copy */
    TCP_SIDE_WHOLE = 1 << 1 /* the capture has all octets of this side from its start to this segment */
};

/* Takes a SYN, with or without ACK. True when it is the first one of SIDE with this sequence number. */
bool tcp_side_take_syn(tcp_side_t *side, uint32_t sequence);

/* Takes a segment with LENGTH octets of payload, 1 or more. Returns what it brings. */
unsigned tcp_side_take(tcp_side_t *side, uint32_t sequence, size_t length);

#endif
