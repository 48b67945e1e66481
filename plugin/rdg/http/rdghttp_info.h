/* rdghttp_info.h
 * What the packet list says of a main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_INFO_H
#define PORTLORE_RDGHTTP_INFO_H

#include <epan/packet.h>

#include "rdghttp_head.h"
#include "rdghttp_pdu.h"

/* Names the protocol and leaves the line to what follows. */
void rdghttp_info_begin(packet_info *pinfo);

/* Adds a request. */
void rdghttp_info_add_request(tvbuff_t *tvb, packet_info *pinfo, const rdghttp_head_t *head);

/* Adds a packet, with its code or its offer of UDP. */
void rdghttp_info_add_packet(packet_info *pinfo, const rdghttp_pdu_t *pdu);

/* Adds a word on octets that are no packet. */
void rdghttp_info_add(packet_info *pinfo, const char *text);

#endif
