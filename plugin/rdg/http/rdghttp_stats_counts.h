/* rdghttp_stats_counts.h
 * Counts of the RD Gateway's main channel (-z rdghttp,tree), and how long its steps take (-z rdghttp,srt).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_STATS_COUNTS_H
#define PORTLORE_RDGHTTP_STATS_COUNTS_H

/* Registers the response times of the protocol PROTO. Call once, at registration. */
void rdghttp_stats_counts_register(int proto);

/* Registers the tree. Call once, at hand-off: the tap is there by then. */
void rdghttp_stats_counts_start(void);

#endif
