/* rdghttp_verdict.c
 * What a main channel says about UDP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdghttp_verdict.h"

#include <stddef.h>

/* E_PROXY_QUARANTINE_ACCESSDENIED: restricts the session and does not end it (MS-TSGU section 3.7.5.2.7). */
#define QUARANTINE 0x59ed
#define QUARANTINE_HRESULT 0x800759ed

#define HRESULT_ERROR 0x80000000
#define LARGEST_BARE_CODE 0xffff

static uint32_t code_of(const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *part = rdghttp_pdu_find(pdu, RDGHTTP_CODE);

    return part != NULL ? (uint32_t)part->value : 0;
}

/* A code of success or of information, which SSPI has for a round that another one follows, refuses nothing. Codes of
 * the gateway come as they are, too, without the bit that makes an HRESULT an error. */
static bool is_error(uint32_t code)
{
    return code != 0 && (code >= HRESULT_ERROR || code <= LARGEST_BARE_CODE);
}

bool rdghttp_verdict_is_refusal(const rdghttp_pdu_t *pdu)
{
    uint32_t code = code_of(pdu);

    switch (pdu->type) {
    case RDGHTTP_HANDSHAKE_RESPONSE:
    case RDGHTTP_TUNNEL_RESPONSE:
    case RDGHTTP_CHANNEL_RESPONSE:
        return code != 0;
    case RDGHTTP_EXTENDED_AUTH:
        return pdu->from_gateway && is_error(code);
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        return code != 0 && code != QUARANTINE && code != QUARANTINE_HRESULT;
    default:
        return false;
    }
}

bool rdghttp_verdict_is_whole(const rdghttp_pdu_t *pdu)
{
    return rdghttp_pdu_find(pdu, RDGHTTP_FIELDS) != NULL &&
           (pdu->outcome == RDGHTTP_WHOLE || pdu->outcome == RDGHTTP_TOO_LONG);
}

bool rdghttp_verdict_has_port(const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *port = rdghttp_pdu_find(pdu, RDGHTTP_UDP_PORT);

    return port != NULL && port->value != 0;
}

bool rdghttp_verdict_has_cookie(const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *cookie = rdghttp_pdu_find(pdu, RDGHTTP_UDP_COOKIE);

    return cookie != NULL && cookie->length > 0;
}

bool rdghttp_verdict_is_offer(const rdghttp_pdu_t *pdu)
{
    return pdu->type == RDGHTTP_CHANNEL_RESPONSE && !rdghttp_verdict_is_refusal(pdu) && rdghttp_verdict_is_whole(pdu) &&
           rdghttp_verdict_has_port(pdu) && rdghttp_verdict_has_cookie(pdu);
}

/* What the capabilities alone say. A tunnel that authenticates another one anew has none of its own to speak of. */
static rdghttp_verdict_t by_capabilities(const rdghttp_negotiation_t *negotiation)
{
    if (!negotiation->client_known || negotiation->is_reauth) {
        return RDGHTTP_UDP_UNKNOWN;
    }
    if (!negotiation->client_has_udp) {
        return RDGHTTP_UDP_CLIENT_SILENT;
    }
    return negotiation->gateway_known && !negotiation->gateway_has_udp ? RDGHTTP_UDP_GATEWAY_SILENT
                                                                       : RDGHTTP_UDP_UNKNOWN;
}

/* Another tunnel may come behind one that was refused. */
static void on_tunnel_create(rdghttp_negotiation_t *negotiation, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *caps = rdghttp_pdu_find(pdu, RDGHTTP_CAPS);

    negotiation->has_channel = false;
    negotiation->is_reauth = rdghttp_pdu_find(pdu, RDGHTTP_REAUTH_CONTEXT) != NULL;
    if (caps != NULL) {
        negotiation->client_known = true;
        negotiation->client_has_udp = (caps->value & RDGHTTP_CAPS_UDP) != 0;
        negotiation->gateway_known = false;
        negotiation->verdict = by_capabilities(negotiation);
    }
}

static void on_tunnel_response(rdghttp_negotiation_t *negotiation, const rdghttp_part_t *caps)
{
    if (caps != NULL) {
        negotiation->gateway_known = true;
        negotiation->gateway_has_udp = (caps->value & RDGHTTP_CAPS_UDP) != 0;
        if (by_capabilities(negotiation) == RDGHTTP_UDP_GATEWAY_SILENT) {
            negotiation->verdict = RDGHTTP_UDP_GATEWAY_SILENT;
        }
    }
}

/* A channel that succeeds makes a session of what was refused before. */
static void on_channel_response(rdghttp_negotiation_t *negotiation, const rdghttp_pdu_t *pdu)
{
    if (!rdghttp_verdict_is_whole(pdu)) {
        return;
    }
    if (rdghttp_verdict_is_offer(pdu)) {
        negotiation->verdict = RDGHTTP_UDP_OFFERED;
    } else if (!negotiation->client_known || (negotiation->client_has_udp && !negotiation->gateway_known)) {
        negotiation->verdict = RDGHTTP_UDP_UNKNOWN;
    } else if (!negotiation->client_has_udp) {
        negotiation->verdict = RDGHTTP_UDP_CLIENT_SILENT;
    } else {
        negotiation->verdict = negotiation->gateway_has_udp ? RDGHTTP_UDP_NO_OFFER : RDGHTTP_UDP_GATEWAY_SILENT;
    }
}

/* A good answer behind a refusal: the client has tried again. */
static void take_back_refusal(rdghttp_negotiation_t *negotiation, const rdghttp_pdu_t *pdu)
{
    if (negotiation->verdict == RDGHTTP_UDP_REFUSED && rdghttp_pdu_find(pdu, RDGHTTP_CODE) != NULL) {
        negotiation->verdict = by_capabilities(negotiation);
    }
}

void rdghttp_verdict_on_packet(rdghttp_negotiation_t *negotiation, const rdghttp_pdu_t *pdu)
{
    if (rdghttp_verdict_is_refusal(pdu)) {
        if (negotiation->had_channel) {
            return; /* there was a session */
        }
        negotiation->verdict = RDGHTTP_UDP_REFUSED;
        negotiation->code = code_of(pdu);
        return;
    }
    switch (pdu->type) {
    case RDGHTTP_TUNNEL_CREATE:
        on_tunnel_create(negotiation, pdu);
        break;
    case RDGHTTP_HANDSHAKE_RESPONSE:
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        take_back_refusal(negotiation, pdu);
        break;
    case RDGHTTP_EXTENDED_AUTH:
        if (pdu->from_gateway) {
            take_back_refusal(negotiation, pdu);
        }
        break;
    case RDGHTTP_TUNNEL_RESPONSE:
        take_back_refusal(negotiation, pdu);
        on_tunnel_response(negotiation, rdghttp_pdu_find(pdu, RDGHTTP_CAPS));
        break;
    case RDGHTTP_CHANNEL_RESPONSE:
        negotiation->has_channel = true;
        negotiation->had_channel = true;
        on_channel_response(negotiation, pdu);
        break;
    default:
        break;
    }
}
