/* port_registry.c
 * Looks up a port number in the table of IANA's registry.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "port_registry.h"

#include <string.h>

/* The place of the first row that ends at PORT or above; the size of the table when there is none. */
static size_t first_row(uint16_t port)
{
    size_t low = 0;
    size_t high = port_registry_table_size;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (port_registry_table[middle].last < port) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool holds(size_t row, uint16_t port)
{
    return row < port_registry_table_size && port_registry_table[row].first <= port &&
           port_registry_table[row].last >= port;
}

size_t port_registry_count(uint16_t port)
{
    const size_t first = first_row(port);
    size_t count = 0;

    while (holds(first + count, port)) {
        count++;
    }
    return count;
}

static const char *said(const char *texts, uint16_t place)
{
    return place == 0 ? NULL : texts + place;
}

/* A switch and no array of pointers, which would have to be relocated when the plugin is loaded. */
static const char *words(uint32_t place)
{
    const uint16_t in_block = (uint16_t)(place & 0xffff);

    switch (place >> 16) {
    case 0:
        return said(port_registry_words0, in_block);
    case 1:
        return port_registry_words1 + in_block;
    case 2:
        return port_registry_words2 + in_block;
    default:
        return port_registry_words3 + in_block;
    }
}

bool port_registry_get(uint16_t port, size_t place, port_registry_entry_t *entry)
{
    const size_t first = first_row(port);

    memset(entry, 0, sizeof *entry);
    /* No number has so many rows as there are in the table: the sum cannot overflow. */
    if (place >= port_registry_table_size || !holds(first + place, port)) {
        return false;
    }
    const port_registry_row_t *row = &port_registry_table[first + place];

    entry->first = row->first;
    entry->last = row->last;
    entry->transports = row->transports;
    entry->status = (port_registry_status_t)row->status;
    entry->service = said(port_registry_names, row->service);
    entry->description = words(row->description);
    entry->registered = said(port_registry_notes, row->registered);
    entry->modified = said(port_registry_notes, row->modified);
    entry->reference = said(port_registry_notes, row->reference);
    entry->unauthorized = said(port_registry_notes, row->unauthorized);
    entry->note = said(port_registry_notes, row->note);
    return true;
}

const char *port_registry_as_of(void)
{
    return port_registry_table_as_of;
}
