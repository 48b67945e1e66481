/* lore_stats.h
 * Statistics of Port Lore: -z portlore,tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_STATS_H
#define PORTLORE_LORE_STATS_H

#include "lore_session.h"

/* What is tapped for each packet of a conversation of interest. Lives as long as the packet. */
typedef struct {
    const lore_session_t *session;
    bool first; /* the first packet of the conversation */
    lore_match_t match;
    const char *seen; /* as portlore.seen has it; NULL when nothing is known of a payload */
} port_tap_t;

/* Registers the tap "portlore", of the packets whose port is annotated. Call once, at registration. Returns the tap's
 * number. */
int lore_stats_register(void);

/* Registers the statistics on it. Call once, at handoff. */
void lore_stats_start(void);

#endif
