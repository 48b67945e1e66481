/* port_registry.h
 * IANA's Service Name and Transport Protocol Port Number Registry: what it says of any port number.
 *
 * The rows stand in data/iana.tsv; data/generate.py makes the table behind these functions of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_REGISTRY_H
#define PORTLORE_PORT_REGISTRY_H

#include <stdbool.h>

#include "port_registry_table.h"

/* One row of the registry, in its own words. Texts are NULL where the registry is silent, and live for ever. */
typedef struct {
    uint16_t first; /* the numbers that the row holds for; a range that has other rows inside is cut there */
    uint16_t last;
    unsigned transports; /* bits PORT_REGISTRY_TCP, ... */
    port_registry_status_t status;
    const char *service;
    const char *description;
    const char *registered; /* "2002-02" or "2002-02-27" */
    const char *modified;
    const char *reference;    /* "RFC 4727; RFC 6335" */
    const char *unauthorized; /* what unauthorized use of the number is on record */
    const char *note;
} port_registry_entry_t;

/* How many rows hold for a number, whatever their transport. Takes every number; 0 when it is not in the registry,
 * which is not the same as Unassigned. */
size_t port_registry_count(uint16_t port);

/* The row at PLACE of those that hold for a number, in the registry's order. False, and ENTRY is all zero, when there
 * is none at that place. */
bool port_registry_get(uint16_t port, size_t place, port_registry_entry_t *entry);

/* Date of the registry's copy, as "2026-08-17". */
const char *port_registry_as_of(void);

#endif
