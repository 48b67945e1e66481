/* port_facts.c
 * Looks up what is known about a port in the table that is generated from data/ports.json.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "port_facts.h"

#include <stdio.h>
#include <string.h>

const port_facts_t *port_facts_find(uint16_t port)
{
    /* Every packet asks, and hardly any port is one of these. Otherwise a handful: walking is as fast as any search. */
    if (port < port_facts_table[0].port || port > port_facts_table[port_facts_table_size - 1].port) {
        return NULL;
    }
    for (size_t i = 0; i < port_facts_table_size; i++) {
        if (port_facts_table[i].port == port) {
            return &port_facts_table[i];
        }
    }
    return NULL;
}

const port_facts_t *port_facts_at(size_t place)
{
    return place < port_facts_table_size ? &port_facts_table[place] : NULL;
}

port_range_t port_facts_range(uint16_t port)
{
    if (port <= 1023) {
        return PORT_RANGE_SYSTEM;
    }
    return port <= 49151 ? PORT_RANGE_USER : PORT_RANGE_DYNAMIC;
}

/* Puts as much of a text as fits behind the USED characters in OUT; returns how many there would be with more room. */
static size_t append(char *out, size_t size, size_t used, const char *text, size_t length)
{
    if (used < size) {
        const size_t room = size - used - 1; /* one is for the terminator */
        const size_t taken = length < room ? length : room;

        memcpy(out + used, text, taken);
        out[used + taken] = '\0';
    }
    return used + length;
}

size_t port_facts_advice(transport_t transport, uint16_t port, char *out, size_t size)
{
    char number[sizeof "65535"];
    size_t used = append(out, size, 0, "", 0);

    if ((unsigned)transport >= TRANSPORTS) {
        return used;
    }
    (void)snprintf(number, sizeof number, "%u", (unsigned)port);

    /* The text is data: it is searched and copied, never used as a printf format. */
    const char *rest = port_facts_table_advice[transport];
    for (const char *hit; (hit = strstr(rest, PORT_FACTS_TABLE_PORT)) != NULL;) {
        used = append(out, size, used, rest, (size_t)(hit - rest));
        used = append(out, size, used, number, strlen(number));
        rest = hit + strlen(PORT_FACTS_TABLE_PORT);
    }
    return append(out, size, used, rest, strlen(rest));
}
