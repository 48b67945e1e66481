/* lore_registry.h
 * What IANA's registry says of a port: in the words of the packet details.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_REGISTRY_H
#define PORTLORE_LORE_REGISTRY_H

#include <epan/wmem_scopes.h>

#include <stdbool.h>

#include "base/transport.h"
#include "port_registry.h"

/* portlore.iana.status. The first three are those of RFC 6335 section 6. */
enum {
    LORE_REGISTRY_ASSIGNED,
    LORE_REGISTRY_UNASSIGNED,
    LORE_REGISTRY_RESERVED,
    LORE_REGISTRY_ABSENT,   /* the registry has no row for the number and transport, which is not Unassigned */
    LORE_REGISTRY_STATELESS /* there is a row, which says none of the three, such as "De-registered" */
};

/* The next row for a number and transport, from *PLACE on, which is 0 for the first and moves behind the row. A row
 * without a transport holds for all of them, and a range for each of its numbers. False when there is none left. Texts
 * live until the user changes the preferences. */
bool lore_registry_next(transport_t transport, uint16_t port, size_t *place, port_registry_entry_t *entry);

/* LORE_REGISTRY_* of a row. */
unsigned lore_registry_status(const port_registry_entry_t *entry);

/* The name of the first service on a number and transport; NULL when there is none. */
const char *lore_registry_service(transport_t transport, uint16_t port);

/* All services of a number and transport, as "http (World Wide Web HTTP)", with " and " between them; NULL when there
 * is none. */
const char *lore_registry_services(wmem_allocator_t *scope, transport_t transport, uint16_t port);

/* What unauthorized use of a number and transport is on record; NULL when none is. */
const char *lore_registry_unauthorized_use(transport_t transport, uint16_t port);

/* The PLACEth of the other transports that have rows for the number, as "udp (gprs-sig)"; NULL past the last. */
const char *lore_registry_other_transport(wmem_allocator_t *scope, transport_t transport, uint16_t port, size_t place);

/* The date of the registry's copy, as "2026-08-17". */
const char *lore_registry_as_of(void);

#endif
