/* packet-gtpp.h
 * GTP' (GTP prime), 3GPP TS 32.295: the protocol that carries charging records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_GTPP_H
#define PORTLORE_PACKET_GTPP_H

/* Registers the protocol, its fields, preferences and taps. Does nothing but warn when the name gtpp is taken. */
void proto_register_gtpp(void);

/* Hooks the protocol into the port tables and the heuristics. */
void proto_reg_handoff_gtpp(void);

#endif
