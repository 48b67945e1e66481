/* later_pass.h
 * Whether the program that dissects may come back to a packet. Wireshark, sharkd and "tshark -2" do; tshark with one
 * pass and rawshark never do, so that what only a later pass could show need not be kept there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LATER_PASS_H
#define PORTLORE_LATER_PASS_H

#include <epan/packet.h>

#include <stdbool.h>

/* Asks anew whenever a file is opened. Call once, at registration or handoff. */
void later_pass_init(void);

/* False when PINFO's packet and all others of the file are dissected once only. True in doubt: among the first packets
 * of a file, and in series of Wireshark that are not known to us. */
bool later_pass_is_possible(const packet_info *pinfo);

#endif
