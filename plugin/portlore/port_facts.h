/* port_facts.h
 * Who is on a documented port, what people claim about it and what the evidence says. What the registry says of it:
 * port_registry.h.
 *
 * The facts stand in data/ports.json; data/generate.py makes the table behind these functions of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_FACTS_H
#define PORTLORE_PORT_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "port_facts_table.h"

/* The facts about a port, or NULL when the port is not a documented one. Takes every number. */
const port_facts_t *port_facts_find(uint16_t port);

/* The documented ports one after another, in ascending order of their numbers: the INDEXth, or NULL past the last. */
const port_facts_t *port_facts_at(size_t place);

/* The range a port number lies in (RFC 6335 section 6). Takes every number. */
port_range_t port_facts_range(uint16_t port);

/* Writes one readable sentence with the commands that show who listens on the port, such as
 * "ss -ulnp 'sport = :3386' (Linux), Get-NetUDPEndpoint -LocalPort 3386 (Windows)". Takes every number.
 *
 * At most SIZE octets are written to OUT, the terminator among them; a sentence that does not fit is cut. OUT may be
 * NULL when SIZE is 0. Returns the length of the whole sentence, so that SIZE or more means that it was cut. */
size_t port_facts_advice(transport_t transport, uint16_t port, char *out, size_t size);

#endif
