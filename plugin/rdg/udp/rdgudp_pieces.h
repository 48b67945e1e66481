/* rdgudp_pieces.h
 * IP fragments towards a gateway whose datagrams the capture does not have whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_PIECES_H
#define PORTLORE_RDGUDP_PIECES_H

#include <epan/packet.h>

#include "rdg/rdg_offer.h"

/* Call once, at registration. */
void rdgudp_pieces_register(void);

/* First pass: takes in a packet, which FRAME is, where it is a fragment towards a gateway that has offered UDP. */
void rdgudp_pieces_on_packet(tvbuff_t *frame, const packet_info *pinfo);

/* True when such a fragment, later than the offer, is of the offered port, or of a port that is not known. */
bool rdgudp_pieces_may_be_of(const rdg_offer_t *offer);

#endif
