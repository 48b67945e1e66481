/* lore_registry.c
 * What IANA's registry says of a port: in the words of the packet details.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_registry.h"

#include <glib.h>

static bool next_with(unsigned transports, uint16_t port, size_t *place, port_registry_entry_t *entry)
{
    while (port_registry_get(port, *place, entry)) {
        (*place)++;
        if (entry->transports & transports) {
            return true;
        }
    }
    return false;
}

static unsigned bit_of(transport_t transport)
{
    return transport == TRANSPORT_TCP ? PORT_REGISTRY_TCP : PORT_REGISTRY_UDP;
}

bool lore_registry_next(transport_t transport, uint16_t port, size_t *place, port_registry_entry_t *entry)
{
    return next_with(bit_of(transport), port, place, entry);
}

unsigned lore_registry_status(const port_registry_entry_t *entry)
{
    switch (entry->status) {
    case PORT_REGISTRY_ASSIGNED:
        return LORE_REGISTRY_ASSIGNED;
    case PORT_REGISTRY_UNASSIGNED:
        return LORE_REGISTRY_UNASSIGNED;
    case PORT_REGISTRY_RESERVED:
        return LORE_REGISTRY_RESERVED;
    case PORT_REGISTRY_STATELESS:
        break;
    }
    return LORE_REGISTRY_STATELESS;
}

const char *lore_registry_service(transport_t transport, uint16_t port)
{
    port_registry_entry_t entry;
    size_t place = 0;

    while (lore_registry_next(transport, port, &place, &entry)) {
        if (entry.service != NULL) {
            return entry.service;
        }
    }
    return NULL;
}

const char *lore_registry_services(wmem_allocator_t *scope, transport_t transport, uint16_t port)
{
    port_registry_entry_t entry;
    const char *text = NULL;
    size_t place = 0;

    while (lore_registry_next(transport, port, &place, &entry)) {
        if (entry.service != NULL) {
            text = wmem_strdup_printf(scope, "%s%s%s (%s)", text != NULL ? text : "", text != NULL ? " and " : "",
                                      entry.service, entry.description != NULL ? entry.description : "no description");
        }
    }
    return text;
}

const char *lore_registry_unauthorized_use(transport_t transport, uint16_t port)
{
    port_registry_entry_t entry;
    size_t place = 0;

    while (lore_registry_next(transport, port, &place, &entry)) {
        if (entry.unauthorized != NULL) {
            return entry.unauthorized;
        }
    }
    return NULL;
}

/* The services of a row, or what it says instead of one. */
static const char *name_of(const port_registry_entry_t *entry)
{
    if (entry->service != NULL) {
        return entry->service;
    }
    return entry->description != NULL ? entry->description : "no name";
}

/* "udp (gprs-sig)", with all names of the number under the transport; NULL when it has no row. */
static const char *write_transport(wmem_allocator_t *scope, const char *title, unsigned bit, uint16_t port)
{
    port_registry_entry_t entry;
    const char *names = NULL;
    size_t place = 0;

    while (next_with(bit, port, &place, &entry)) {
        names = names == NULL ? name_of(&entry) : wmem_strdup_printf(scope, "%s, %s", names, name_of(&entry));
    }
    return names != NULL ? wmem_strdup_printf(scope, "%s (%s)", title, names) : NULL;
}

const char *lore_registry_other_transport(wmem_allocator_t *scope, transport_t transport, uint16_t port, size_t place)
{
    static const struct {
        char title[8];
        unsigned bit;
    } transports[] = {
        { "tcp", PORT_REGISTRY_TCP },
        { "udp", PORT_REGISTRY_UDP },
        { "sctp", PORT_REGISTRY_SCTP },
        { "dccp", PORT_REGISTRY_DCCP },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(transports); i++) {
        const char *text = transports[i].bit == bit_of(transport)
                               ? NULL
                               : write_transport(scope, transports[i].title, transports[i].bit, port);
        if (text != NULL && place-- == 0) {
            return text;
        }
    }
    return NULL;
}

const char *lore_registry_as_of(void)
{
    return port_registry_as_of();
}
