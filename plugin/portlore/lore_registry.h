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

/* Reads the user's copy of IANA's CSV, which counts from now on instead of the one that is compiled in. A fault is
 * reported, and then the latter counts, as it does when PATH is empty or NULL. The same path is not read again. */
void lore_registry_use(const char *path);

/* Has the user's copy freed when Wireshark ends. Call once. */
void lore_registry_start(void);

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

/* What is sure of the protocols on a number and transport. */
typedef struct {
    const char *protocols; /* of the first service of which they are known, as "http,http2"; NULL when of none */
    bool is_whole;         /* they are known of every service that the registry has there */
    bool is_seen;          /* the protocol asked for is one of theirs */
} lore_registry_match_t;

/* Compares a protocol's filter name SEEN, which may be NULL, with the services of a number and transport. */
lore_registry_match_t lore_registry_compare(transport_t transport, uint16_t port, const char *seen);

/* What unauthorized use of a number and transport is on record; NULL when none is. */
const char *lore_registry_unauthorized_use(transport_t transport, uint16_t port);

/* The PLACEth of the other transports that have rows for the number, as "udp (gprs-sig)"; NULL past the last. */
const char *lore_registry_other_transport(wmem_allocator_t *scope, transport_t transport, uint16_t port, size_t place);

/* The date of the registry's copy, as "2026-08-17". */
const char *lore_registry_as_of(void);

#endif
