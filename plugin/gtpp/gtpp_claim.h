/* gtpp_claim.h
 * Living beside Wireshark's own gtpprime dissector: who gets the packets of the GTP' ports.
 *
 * Wireshark's dissector sits on port 3386 and takes it again whenever one of its preferences changes. We claim the
 * ports of our preferences at start and again whenever a file is opened; we leave a port alone that the user gave to
 * somebody by Decode As; and we give back what was there before when the user disables gtpp or moves it elsewhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_CLAIM_H
#define PORTLORE_GTPP_CLAIM_H

#include <epan/packet.h>
#include <epan/prefs.h>

/* Registers the two port preferences (udp.port, tcp.port: ranges, by default 3386) in MODULE. Call once. */
void gtpp_claim_register(module_t *module);

/* Names the dissector that is to get the ports while the protocol PROTO is enabled, and claims them. Call once, at
 * handoff. */
void gtpp_claim_start(dissector_handle_t front, int proto);

/* Makes the port tables agree with the preferences and with whether the protocol is enabled. Cheap when they do. */
void gtpp_claim_renew(void);

#endif
