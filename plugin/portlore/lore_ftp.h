/* lore_ftp.h
 * Which hosts talk FTP with each other: their other TCP connections may be those that FTP announces (RFC 959
 * section 5.3, RFC 2428), also where the announcement is cut, missing, or behind the data in the file.
 *
 * Written on the first pass only, packet after packet. Lives as long as the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_FTP_H
#define PORTLORE_LORE_FTP_H

#include <epan/packet.h>

#include <stdbool.h>

/* Makes the table that is emptied for each file. Call once. */
void lore_ftp_init(void);

/* Takes in a packet of any kind, whose octets are FRAME. */
void lore_ftp_take(tvbuff_t *frame, const packet_info *pinfo);

/* True when a packet so far was one of an FTP control connection between these two hosts, in whichever order: SYN and
 * RST alone are none. */
bool lore_ftp_is_between(const address *one, const address *other);

#endif
