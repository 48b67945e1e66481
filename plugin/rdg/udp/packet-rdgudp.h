/* packet-rdgudp.h
 * RD Gateway UDP transport: MS-TSGU over DTLS, by convention on UDP port 3391.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_RDGUDP_H
#define PORTLORE_PACKET_RDGUDP_H

/* Registers the protocol, its fields, preferences and taps. Does nothing but warn when the name rdgudp is taken. */
void proto_register_rdgudp(void);

/* Hooks the protocol into the port tables and the heuristics. */
void proto_reg_handoff_rdgudp(void);

#endif
