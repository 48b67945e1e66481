/* rdghttp_order.c
 * The order of the packets that set a main channel up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdghttp_order.h"

#include "rdghttp_pdu.h"

bool rdghttp_order_is_step(uint16_t type)
{
    return (type >= RDGHTTP_HANDSHAKE_REQUEST && type <= RDGHTTP_CHANNEL_RESPONSE) || type == RDGHTTP_CLOSE_CHANNEL ||
           type == RDGHTTP_CLOSE_CHANNEL_RESPONSE;
}

bool rdghttp_order_follows(uint16_t type, uint16_t before)
{
    switch (type) {
    case RDGHTTP_HANDSHAKE_RESPONSE:
        return before == RDGHTTP_HANDSHAKE_REQUEST;
    case RDGHTTP_EXTENDED_AUTH:
    case RDGHTTP_TUNNEL_CREATE:
        return before == RDGHTTP_HANDSHAKE_RESPONSE || before == RDGHTTP_EXTENDED_AUTH;
    case RDGHTTP_TUNNEL_RESPONSE:
        return before == RDGHTTP_TUNNEL_CREATE;
    case RDGHTTP_TUNNEL_AUTH:
        return before == RDGHTTP_TUNNEL_RESPONSE;
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        return before == RDGHTTP_TUNNEL_AUTH;
    case RDGHTTP_CHANNEL_CREATE:
        /* A tunnel may have several channels, one after another or side by side. */
        return before == RDGHTTP_TUNNEL_AUTH_RESPONSE || before >= RDGHTTP_CHANNEL_CREATE;
    case RDGHTTP_CHANNEL_RESPONSE:
        return before == RDGHTTP_CHANNEL_CREATE || before == RDGHTTP_CHANNEL_RESPONSE;
    default:
        return true;
    }
}
