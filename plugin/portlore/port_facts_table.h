/* port_facts_table.h
 * The table that is generated from data/ports.json: what port_facts.c looks things up in, and nobody else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_FACTS_TABLE_H
#define PORTLORE_PORT_FACTS_TABLE_H

#include "port_facts.h"

/* In ascending order of the port numbers, each number once. */
extern const port_facts_t port_facts_table[];
extern const size_t port_facts_table_size;

/* Date of the registry copy. */
extern const char *const port_facts_table_as_of;

/* One sentence for each transport, in which PORT_FACTS_TABLE_PORT stands for the port number. */
extern const char *const port_facts_table_advice[TRANSPORTS];
#define PORT_FACTS_TABLE_PORT "PORT"

#endif
