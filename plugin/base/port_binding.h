/* port_binding.h
 * Which ports our protocols get: the port preferences, and living beside those who had the ports before.
 *
 * Wireshark's own gtpprime dissector sits on port 3386 and takes it again whenever one of its preferences changes. So
 * ports are taken at start and again whenever a file is opened. A port that the user's Decode As gives to another
 * protocol is left alone. When the user disables our protocol or moves it elsewhere, the dissector that had the port
 * before gets it back: the last one that was not ours. Where two preferences name the same port, the one that was
 * registered first has it.
 *
 * The preferences are plain ranges. Wireshark's "Decode As" preferences (dissector_add_uint_range_with_preference) keep
 * the old ports when a new value is given by tshark's -o, which makes it impossible to give a port back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_BINDING_H
#define PORTLORE_PORT_BINDING_H

#include <epan/packet.h>
#include <epan/prefs.h>

/* Registers in MODULE a preference named after the dissector table TABLE ("udp.port", "tcp.port"): the ports of the
 * protocol PROTO, by default PORTS ("3386"). TITLE is shown in the preferences' dialog. */
void port_binding_register(module_t *module, int proto, const char *table, const char *title, const char *ports);

/* Names the dissector that is to get PROTO's ports while PROTO is enabled, and takes them. Call once, at handoff. */
void port_binding_start(int proto, dissector_handle_t handle);

/* Takes the ports of PROTO's first preference in another dissector table as well, for HANDLE. Call once, at handoff.
 */
void port_binding_follow(int proto, const char *table, dissector_handle_t handle);

/* True when PORT is one of PROTO's first preference. */
bool port_binding_names(int proto, uint32_t port);

/* Makes the port tables agree with the preferences and with which protocols are enabled. Cheap when they do. Call it
 * when preferences change; when a file is opened it is called of itself. */
void port_binding_renew(void);

#endif
