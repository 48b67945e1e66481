/* packet-rdghttp.h
 * RD Gateway's main channel: MS-TSGU over HTTP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_RDGHTTP_H
#define PORTLORE_PACKET_RDGHTTP_H

void proto_register_rdghttp(void);
void proto_reg_handoff_rdghttp(void);

#endif
