/* lore_stats_ports.h
 * Report of Port Lore: -z portlore,ports, a row for each service port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_STATS_PORTS_H
#define PORTLORE_LORE_STATS_PORTS_H

/* Registers the report on the tap "portlore". Call once, at registration. */
void lore_stats_ports_register(void);

#endif
