/* lore_names.h
 * The names of Port Lore's numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_NAMES_H
#define PORTLORE_LORE_NAMES_H

#include <epan/packet.h>

#include "base/transport.h"

extern const value_string lore_names_ranges[];   /* port_range_t */
extern const value_string lore_names_statuses[]; /* port_iana_status_t */
extern const value_string lore_names_verdicts[]; /* port_claim_verdict_t */
extern const value_string lore_names_matches[];  /* lore_match_t */

/* "tcp" or "udp"; "TCP" or "UDP". */
const char *lore_names_transport(transport_t transport);
const char *lore_names_transport_title(transport_t transport);

#endif
