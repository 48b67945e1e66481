/* rdp_connect.h
 * The first message of each side of an RDP connection, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDP_CONNECT_H
#define PORTLORE_RDP_CONNECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when DATA, all LENGTH octets of a segment, is an X.224 Connection Request or Confirm of RDP (MS-RDPBCGR 2.2.1.1
 * and 2.2.1.2): with RDP's cookie, routing token or negotiation, since X.224 alone has other users as well. */
bool rdp_connect_recognise(const uint8_t *data, size_t length);

#endif
