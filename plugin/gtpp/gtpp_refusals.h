/* gtpp_refusals.h
 * Tells the ledger of requests that their host refused: ICMP says that their port is unreachable.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_REFUSALS_H
#define PORTLORE_GTPP_REFUSALS_H

/* Starts to look at ICMP errors, for PROTO. Call once, at handoff. */
void gtpp_refusals_start(int proto);

#endif
