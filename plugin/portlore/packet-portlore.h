/* packet-portlore.h
 * Port Lore: what a port is on paper, in practice, and whether what is on it belongs there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_PORTLORE_H
#define PORTLORE_PACKET_PORTLORE_H

/* Registers the protocol, its fields, preferences and taps. Does nothing but warn when the name portlore is taken. */
void proto_register_portlore(void);

/* Hooks the postdissector in behind everything else. */
void proto_reg_handoff_portlore(void);

#endif
