/* rdgudp_info.h
 * What the packet list says of a channel's datagram.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_INFO_H
#define PORTLORE_RDGUDP_INFO_H

#include <epan/packet.h>

#include "rdgudp_history.h"

/* Writes the Protocol column, and adds to the Info column that DTLS wrote: the correlation id (or NULL), and the
 * verdict of STATE (or NULL) where it changes. */
void rdgudp_info_write(packet_info *pinfo, const rdgudp_state_t *state, const char *correlation_id);

#endif
