/* lore_mysql.h
 * MySQL on a documented port: recognised from the server's greeting, and handed to Wireshark's dissector.
 *
 * The ports that Port Lore documents are common choices for a second MySQL server, of which Wireshark knows only the
 * port 3306. Decode As, and a port that the user's own records give to another protocol, win.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_MYSQL_H
#define PORTLORE_LORE_MYSQL_H

#include <epan/packet.h>
#include <epan/prefs.h>

/* Registers the preference in MODULE. Call once. */
void lore_mysql_register(module_t *module);

/* Looks up Wireshark's dissector, and registers the heuristic, which is off while the protocol PROTO is disabled. Call
 * once, at handoff. */
void lore_mysql_start(int proto);

#endif
