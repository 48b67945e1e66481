/* lore_stats_ports.h
 * Report of Port Lore: -z portlore,ports, a row for each service port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_STATS_PORTS_H
#define PORTLORE_LORE_STATS_PORTS_H

/* Registers the tap "portlore_ports", which gets port_tap_t as "portlore" does, and the report on it. Call once, at
 * registration. Returns the tap's number. */
int lore_stats_ports_register(void);

#endif
