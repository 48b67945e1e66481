/* gtpp_stats.h
 * What is counted and written out: -z gtpp,tree, -z gtpp,srt, -z gtpp,ledger, -z gtpp,records, -z conv,gtpp,
 * -z endpoints,gtpp and --export-objects gtpp,DIR; in the GUI, the same ones in its menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_STATS_H
#define PORTLORE_GTPP_STATS_H

#include <epan/packet.h>

#include "gtpp_session.h"

/* Registers the taps and what listens to them. Call once, from the registration of PROTO. */
void gtpp_stats_register(int proto);

/* The part of it that belongs to the handoff. Call once. */
void gtpp_stats_start(void);

/* Hands a message to all of them. Call once per message and pass. */
void gtpp_stats_queue(packet_info *pinfo, const gtpp_message_tap_t *message);

/* Called by the above: one table, or the export, each in a file of its own. */
void gtpp_stats_ledger_register(void);
void gtpp_stats_records_register(void);
int gtpp_export_register(int proto);

#endif
