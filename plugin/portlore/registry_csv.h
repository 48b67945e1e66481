/* registry_csv.h
 * Reads IANA's port registry from its CSV (service-names-port-numbers.csv), of which a user may have a newer copy than
 * the one that is compiled in.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_REGISTRY_CSV_H
#define PORTLORE_REGISTRY_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "port_registry.h"

typedef struct registry_csv registry_csv_t;

/* Reads LENGTH octets. NULL, and *FAULT is a sentence without a full stop that says what is wrong and in which row (the
 * head is row 1), when they are not that registry; g_free() it. Rows without a port number are left out. */
registry_csv_t *registry_csv_read(const char *octets, size_t length, char **fault);

/* NULL is nothing to free. */
void registry_csv_free(registry_csv_t *registry);

/* As port_registry_get(). Texts live as long as REGISTRY. */
bool registry_csv_get(const registry_csv_t *registry, uint16_t port, size_t place, port_registry_entry_t *entry);

/* The newest date of a row, "" when there is none. */
const char *registry_csv_as_of(const registry_csv_t *registry);

#endif
