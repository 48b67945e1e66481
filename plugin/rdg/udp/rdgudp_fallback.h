/* rdgudp_fallback.h
 * Whether the session goes on over HTTPS while a channel does not work.
 *
 * Claimed only where the capture shows it: a TCP connection between the same two hosts, to one of the ports of the
 * preference rdgudp.tls.port, that began before the channel's last try, was not closed since, and has carried data both
 * ways, acknowledged and more than a close, after the channel's trouble began. Where another such connection ended
 * meanwhile, it cannot be told which of them is the session's, and nothing is claimed. A channel whose main channel is
 * known has that one, on whatever port, when its DATA went both ways since.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_FALLBACK_H
#define PORTLORE_RDGUDP_FALLBACK_H

#include <epan/packet.h>
#include <epan/prefs.h>

#include <stdbool.h>

#include "rdg/rdg_offer.h"
#include "rdgudp_session.h"

/* A TCP segment between a client and a port of the preference. */
typedef struct {
    const address *client;
    const address *gateway;
    uint16_t client_port;
    uint16_t gateway_port;
    bool from_gateway;
    bool syn, ack, fin, rst;
    uint32_t sequence;
    uint32_t acknowledged; /* with ACK */
    uint32_t length;       /* octets of payload, as sent */
    int first_octet;       /* of the payload; -1 when there is none or it was not captured */
    rdg_time_t time;
} rdgudp_segment_t;

/* Registers the preference in MODULE. Call once, at registration. */
void rdgudp_fallback_register(module_t *module);

/* True when PORT is one of the preference, or the gateway's port of a main channel that is known. */
bool rdgudp_fallback_is_tls_port(uint32_t port);

/* True when another connection than a known main channel's carries octets at WHEN between CLIENT and the gateway of
 * TRUNK: it may be the main channel of another session. */
bool rdgudp_fallback_has_other(const address *client, const rdg_main_t *trunk, rdg_time_t when);

/* First pass: a segment was captured; PINFO is its packet. Returns the channels, linked by next_waiting, of which it
 * shows that the session goes on without them; their fallback_stream says where. */
rdgudp_conv_t *rdgudp_fallback_on_segment(packet_info *pinfo, const rdgudp_segment_t *segment);

/* First pass: a channel's verdict has become a failure. True when the session goes on without it; conv->fallback_stream
 * says where. Otherwise the channel waits for a segment that shows it. */
bool rdgudp_fallback_find(rdgudp_conv_t *conv);

/* tcp.stream of the connection that does the channel's work, as far as is known now, or RDG_NO_STREAM. */
uint32_t rdgudp_fallback_stream(const rdgudp_conv_t *conv);

#endif
