/* lore_names.c
 * The names of Port Lore's numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_names.h"

#include "lore_registry.h"
#include "lore_session.h"
#include "port_facts.h"

const value_string lore_names_ranges[] = {
    { PORT_RANGE_SYSTEM, "System" },
    { PORT_RANGE_USER, "User (registered)" },
    { PORT_RANGE_DYNAMIC, "Dynamic" },
    { 0, NULL },
};

const value_string lore_names_statuses[] = {
    { LORE_REGISTRY_ASSIGNED, "Assigned" },
    { LORE_REGISTRY_UNASSIGNED, "Unassigned" },
    { LORE_REGISTRY_RESERVED, "Reserved" },
    { LORE_REGISTRY_ABSENT, "Not in the registry" },
    { LORE_REGISTRY_STATELESS, "In the registry, without a status" },
    { 0, NULL },
};

const value_string lore_names_verdicts[] = {
    { PORT_CLAIM_CONFIRMED, "Confirmed" },
    { PORT_CLAIM_CONTRADICTED, "Contradicted" },
    { PORT_CLAIM_UNVERIFIED, "Unverified" },
    { 0, NULL },
};

const value_string lore_names_matches[] = {
    { LORE_MATCH_EXPECTED, "Expected tenant" },          { LORE_MATCH_OTHER, "Other known protocol" },
    { LORE_MATCH_UNRECOGNISED, "Unrecognised payload" }, { LORE_MATCH_NO_PAYLOAD, "No payload" },
    { LORE_MATCH_UNDECIDED, "Cannot be told" },          { 0, NULL },
};

const char *lore_names_transport(transport_t transport)
{
    return transport == TRANSPORT_TCP ? "tcp" : "udp";
}

const char *lore_names_transport_title(transport_t transport)
{
    return transport == TRANSPORT_TCP ? "TCP" : "UDP";
}
