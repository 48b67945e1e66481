/* port_taps.h
 * Statistics of Port Lore: -z portlore,tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_TAPS_H
#define PORTLORE_PORT_TAPS_H

#include "lore_conversation.h"

/* What is tapped for each packet of a conversation of interest. Lives as long as the packet. */
typedef struct {
    const lore_conversation_t *conversation;
    bool first; /* the first packet of the conversation */
    lore_match_t match;
} port_tap_t;

/* Registers the tap "portlore". Call once, at registration. Returns the tap's number. */
int port_taps_register(void);

/* Registers the statistics on it. Call once, at handoff. */
void port_taps_start(void);

/* "Expected tenant", "Other known protocol" and so on, by lore_match_t. */
extern const value_string port_taps_match_names[];

#endif
