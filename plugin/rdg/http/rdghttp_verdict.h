/* rdghttp_verdict.h
 * What a main channel says about UDP, from packet to packet. Plain: needs no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_VERDICT_H
#define PORTLORE_RDGHTTP_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "rdghttp_pdu.h"

/* The numbers are those of the field rdghttp.udp.verdict. */
typedef enum {
    RDGHTTP_UDP_UNKNOWN = 0,       /* the packet that decides has not come, or is not in the capture */
    RDGHTTP_UDP_CLIENT_SILENT = 1, /* TUNNEL_CREATE without the capability */
    RDGHTTP_UDP_GATEWAY_SILENT =
        2,                    /* the client has it; TUNNEL_RESPONSE names capabilities, and UDP is not among them */
    RDGHTTP_UDP_NO_OFFER = 3, /* both have it; a good CHANNEL_RESPONSE without port or cookie */
    RDGHTTP_UDP_OFFERED = 4,  /* a good CHANNEL_RESPONSE with both */
    RDGHTTP_UDP_UNUSED = 5,   /* and nothing of it in a capture that has UDP */
    RDGHTTP_UDP_NO_ANSWER = 6,
    RDGHTTP_UDP_STOPPED = 7, /* ICMP */
    RDGHTTP_UDP_FAILED = 8,  /* the handshake: an alert */
    RDGHTTP_UDP_REJECTED = 9,
    RDGHTTP_UDP_IN_USE = 10,
    RDGHTTP_UDP_CARRIES = 11, /* data both ways, without keys */
    RDGHTTP_UDP_CLOSED = 12,  /* used, then closed while TCP carries on */
    RDGHTTP_UDP_NO_UDP = 13,  /* as UNUSED, in a capture that has no UDP */
    RDGHTTP_UDP_SILENT = 14,  /* used, then silent */
    RDGHTTP_UDP_TO_THE_END = 15,
    RDGHTTP_UDP_REFUSED_HTTP = 20, /* the last answer to the connection's requests is a refusal */
    RDGHTTP_UDP_REFUSED = 21,      /* tunnel, authorisation or channel: by the code of the answer */
    RDGHTTP_UDP_STALLED = 22,      /* the set-up stops */
    RDGHTTP_UDP_RPC = 30           /* RPC over HTTP has none */
} rdghttp_verdict_t;

/* What is known of the capabilities of a session, and of its end. Begins as all zeros. */
typedef struct {
    rdghttp_verdict_t verdict;
    bool client_known;
    bool client_has_udp;
    bool gateway_known;
    bool gateway_has_udp;
    bool is_reauth;   /* the tunnel authenticates another one anew */
    bool has_channel; /* a good CHANNEL_RESPONSE has come in this tunnel */
    bool had_channel; /* in this tunnel or one before */
    uint32_t code;    /* of RDGHTTP_UDP_REFUSED */
} rdghttp_negotiation_t;

/* True for an answer of the gateway that refuses: the handshake, the authentication inside the tunnel
 * (EXTENDED_AUTH_MSG, 2.2.10.7, whose code is an error), the tunnel, the authorisation or the channel. */
bool rdghttp_verdict_is_refusal(const rdghttp_pdu_t *pdu);

/* True when the capture has all parts of a CHANNEL_RESPONSE, so that one that is not there was not sent. */
bool rdghttp_verdict_is_whole(const rdghttp_pdu_t *pdu);

/* True when a packet names a port for UDP, other than 0, which is none; when it has a cookie for UDP, with octets. */
bool rdghttp_verdict_has_port(const rdghttp_pdu_t *pdu);
bool rdghttp_verdict_has_cookie(const rdghttp_pdu_t *pdu);

/* True for a good and whole CHANNEL_RESPONSE that offers UDP: with a port and a cookie. */
bool rdghttp_verdict_is_offer(const rdghttp_pdu_t *pdu);

/* Takes in a packet of the session, in the order in which they come. */
void rdghttp_verdict_on_packet(rdghttp_negotiation_t *negotiation, const rdghttp_pdu_t *pdu);

#endif
