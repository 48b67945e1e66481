/* rdgudp_link.h
 * Which session a UDP channel is of, and what the session's verdict wants to know of the channel.
 *
 * A link is made when a ClientHello, or later its cookie, shows which offer the channel follows. Only from then on is
 * anything counted for it: a channel without one costs no more than the test for a pointer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_LINK_H
#define PORTLORE_RDGUDP_LINK_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdg/rdg_offer.h"
#include "rdgudp_session.h"

/* First pass: a ClientHello begins another attempt of the channel, which still has the session of the one before;
 * BEFORE is the channel as it was before it, or NULL. */
void rdgudp_link_on_attempt(rdgudp_conv_t *conv, const rdgudp_channel_t *before);

/* First pass: a ClientHello of the channel was taken in, with its trailer. */
void rdgudp_link_on_hello(rdgudp_conv_t *conv, packet_info *pinfo);

/* First pass: a CONNECT_PKT's cookie. */
void rdgudp_link_on_cookie(rdgudp_conv_t *conv, packet_info *pinfo, const uint8_t *cookie, size_t length);

/* First pass: a datagram of LENGTH octets with application data. Only with a link. */
void rdgudp_link_on_data(rdg_link_t *link, bool from_gateway, uint32_t length);

/* First pass: a datagram was taken in; notes the end of the channel when it is new. Only with a link. */
void rdgudp_link_on_end(rdgudp_conv_t *conv, rdg_time_t when, bool from_gateway);

/* The link of an attempt of the channel, or NULL. */
const rdg_link_t *rdgudp_link_of(const rdgudp_conv_t *conv, uint32_t attempt);

/* What rdg_link_udp_t wants. */
rdg_link_facts_t rdgudp_link_describe(const rdg_link_t *shown);
bool rdgudp_link_may_be_another(const rdg_offer_t *offer, const e_guid_t *id);

#endif
