/* lore_registry.c
 * What IANA's registry says of a port: in the words of the packet details.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_registry.h"

#include <epan/packet.h>
#include <glib/gstdio.h>
#include <wsutil/report_message.h>

#include <errno.h>

#include "registry_csv.h"
#include "service_protocols.h"

/* IANA's file has 2 MB. */
#define MAX_COPY (INT64_C(32) * 1024 * 1024)

static registry_csv_t *users_copy; /* NULL: the copy that is compiled in counts */

static void forget_users_copy(void)
{
    registry_csv_free(users_copy);
    users_copy = NULL;
}

/* Reads a file into the user's copy. What is wrong with it, to be freed; NULL when nothing is. */
static char *read_copy(const char *path)
{
    char *octets = NULL;
    char *fault = NULL;
    gsize length = 0;
    GStatBuf about;

    if (g_stat(path, &about) != 0) {
        return g_strdup_printf("%s", g_strerror(errno));
    }
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        return g_strdup("this is not a file");
    }
    if (about.st_size > MAX_COPY) {
        return g_strdup("it has more than 32 MB");
    }
    if (!g_file_get_contents(path, &octets, &length, NULL)) {
        return g_strdup("it cannot be read");
    }
    users_copy = registry_csv_read(octets, length, &fault);
    g_free(octets);
    return fault;
}

void lore_registry_use(const char *path)
{
    static char *used;

    if (g_strcmp0(used, path) == 0) {
        return;
    }
    g_free(used);
    used = g_strdup(path);
    forget_users_copy();
    if (path == NULL || path[0] == '\0') {
        return;
    }
    char *fault = read_copy(path);
    if (fault != NULL) {
        report_failure("portlore.registry: %s: %s. The copy of %s, which Portlore brings, is used.", path, fault,
                       port_registry_as_of());
    }
    g_free(fault);
}

void lore_registry_start(void)
{
    register_shutdown_routine(forget_users_copy);
}

static bool get_row(uint16_t port, size_t place, port_registry_entry_t *entry)
{
    return users_copy != NULL ? registry_csv_get(users_copy, port, place, entry)
                              : port_registry_get(port, place, entry);
}

static bool next_with(unsigned transports, uint16_t port, size_t *place, port_registry_entry_t *entry)
{
    while (get_row(port, *place, entry)) {
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

lore_registry_match_t lore_registry_compare(transport_t transport, uint16_t port, const char *seen)
{
    lore_registry_match_t match = { .is_whole = true };
    port_registry_entry_t entry;
    size_t place = 0;

    while (lore_registry_next(transport, port, &place, &entry)) {
        const char *protocols = entry.service != NULL ? service_protocols_of(entry.service, bit_of(transport)) : NULL;
        match.is_whole = match.is_whole && protocols != NULL;
        if (match.protocols == NULL) {
            match.protocols = protocols;
        }
        match.is_seen = match.is_seen || (protocols != NULL && seen != NULL && service_protocols_has(protocols, seen));
    }
    match.is_whole = match.is_whole && match.protocols != NULL;
    return match;
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
    return users_copy != NULL ? registry_csv_as_of(users_copy) : port_registry_as_of();
}
