/* port_facts_table.h
 * The form of the facts about ports, and the table of them that is generated from data/ports.json.
 *
 * Only port_facts.c reads the table. Other modules use the functions of port_facts.h, which includes this header for
 * the types.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_FACTS_TABLE_H
#define PORTLORE_PORT_FACTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/transport.h"

/* The three ranges of port numbers, RFC 6335 section 6. */
typedef enum {
    PORT_RANGE_SYSTEM, /* 0-1023 */
    PORT_RANGE_USER,   /* 1024-49151, often called "registered" */
    PORT_RANGE_DYNAMIC /* 49152-65535, never assigned */
} port_range_t;

/* What the evidence says about a claim. */
typedef enum { PORT_CLAIM_CONFIRMED, PORT_CLAIM_CONTRADICTED, PORT_CLAIM_UNVERIFIED } port_claim_verdict_t;

/* One thing that is commonly said about a port. No string is NULL. */
typedef struct {
    const char *text; /* the claim, one sentence */
    port_claim_verdict_t verdict;
    const char *why;    /* one sentence: what the evidence is */
    const char *source; /* where the evidence can be read */
} port_claim_t;

/* What the table of the registry does not have of one transport of one port, and the practice there. */
typedef struct {
    const char *assignee;        /* NULL where the registry is silent */
    const char *tenant;          /* who is on it in practice; NULL when nobody is known to be */
    const char *const *expected; /* filter names of the protocols that belong here, NULL-terminated, never NULL */
} port_row_t;

/* Everything known about one port number. */
typedef struct {
    uint16_t port;
    bool dormant;          /* registered, but no use and no format is known: lasting traffic is worth a look */
    const char *recognise; /* one sentence: how to tell what is on it */
    port_row_t on[TRANSPORTS];
    const port_claim_t *claims;
    size_t num_claims;
} port_facts_t;

/* In ascending order of the port numbers, each number once. */
extern const port_facts_t port_facts_table[];
extern const size_t port_facts_table_size;

/* One sentence for each transport, in which PORT_FACTS_TABLE_PORT stands for the port number. */
extern const char *const port_facts_table_advice[TRANSPORTS];
#define PORT_FACTS_TABLE_PORT "PORT"

#endif
