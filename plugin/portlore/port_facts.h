/* port_facts.h
 * What the registry says about a port, what people claim about it and what the evidence says.
 *
 * The facts stand in data/ports.json; data/generate.py makes the table behind these functions of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_FACTS_H
#define PORTLORE_PORT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/transport.h"

/* The three states of a port number, RFC 6335 section 6. */
typedef enum { PORT_IANA_ASSIGNED, PORT_IANA_UNASSIGNED, PORT_IANA_RESERVED } port_iana_status_t;

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

/* The registry's row and the practice for one transport of one port. */
typedef struct {
    port_iana_status_t status;
    const char *service; /* NULL where the registry is silent, as the next three */
    const char *description;
    const char *assignee;
    const char *registered;      /* "2002-02": as the registry writes it */
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

/* The facts about a port, or NULL when the port is not a documented one. Takes every number. */
const port_facts_t *port_facts_find(uint16_t port);

/* The documented ports one after another, in ascending order of their numbers: the INDEXth, or NULL past the last. */
const port_facts_t *port_facts_at(size_t place);

/* Date of the registry copy that the facts were taken from, as "2026-08-17". */
const char *port_facts_as_of(void);

/* The range a port number lies in (RFC 6335 section 6). Takes every number. */
port_range_t port_facts_range(uint16_t port);

/* Writes one readable sentence with the commands that show who listens on the port, such as
 * "ss -ulnp 'sport = :3386' (Linux), Get-NetUDPEndpoint -LocalPort 3386 (Windows)". Takes every number.
 *
 * At most SIZE octets are written to OUT, the terminator among them; a sentence that does not fit is cut. OUT may be
 * NULL when SIZE is 0. Returns the length of the whole sentence, so that SIZE or more means that it was cut. */
size_t port_facts_advice(transport_t transport, uint16_t port, char *out, size_t size);

#endif
