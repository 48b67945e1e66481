/* rdghttp_order.h
 * The order of the packets that set a main channel up (MS-TSGU section 3.3.5.2). Plain: needs no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_ORDER_H
#define PORTLORE_RDGHTTP_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* True for a packet of the set-up; the others may come at any time. */
bool rdghttp_order_is_step(uint16_t type);

/* True when a packet of TYPE may follow one of BEFORE, which is the latest packet of the set-up before it, or
 * CLOSE_CHANNEL or its response. A HANDSHAKE_REQUEST, which begins anew, may follow any. */
bool rdghttp_order_follows(uint16_t type, uint16_t before);

#endif
