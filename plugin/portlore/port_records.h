/* port_records.h
 * Everything Port Lore may say about a port: the documented facts, the user's own rows, IANA's registry.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_RECORDS_H
#define PORTLORE_PORT_RECORDS_H

#include <epan/packet.h>
#include <epan/prefs.h>

#include <stdbool.h>

#include "port_facts.h"

/* How much is known about a port. More is more. */
enum {
    PORT_WEIGHT_NONE,    /* nothing is to be said */
    PORT_WEIGHT_ANY,     /* the user wants to know about every port, or about this one, or a report lists it */
    PORT_WEIGHT_NAMED,   /* likewise, and the registry has a service on it */
    PORT_WEIGHT_RECORDED /* a documented port, or one of the user's own */
};

/* What is known about one port on one transport. Strings live until the user changes the records. */
typedef struct {
    transport_t transport;
    uint16_t port;
    unsigned weight;
    const port_facts_t *facts; /* NULL when it is not a documented port */
    bool is_users;             /* the user has a row for it */
    const char *users_name;    /* its name in the user's row; NULL when there is none */
    bool is_annotated;         /* its packets say so; false for a port that is only listed in a report */
    bool is_asked;             /* it is one of portlore.ports */
    const char *tenant;        /* who is on it in practice; NULL when nobody is known to be */
    bool dormant;
    bool has_expected; /* protocols are known that belong here */
    bool by_registry;  /* these are those of the registry's services, for want of a fact or a row */
} port_record_t;

/* Registers the preferences (records, all_ports, ports) in MODULE. Call once. */
void port_records_register(module_t *module);

/* Takes over the preferences. Call when they have changed. */
void port_records_apply(void);

/* From now on every port is of interest, for a report that lists all. Packets of ports that are neither documented nor
 * asked for stay as they were (is_annotated). */
void port_records_report_every(void);

/* The weight of a port: what port_records_find would find, without looking names up where none are needed. */
unsigned port_records_weight(transport_t transport, uint16_t port);

/* Fills in what is known about a port. False when that is nothing. */
bool port_records_find(transport_t transport, uint16_t port, port_record_t *record);

/* The name of a port: the user's, or that of the first service in the registry; NULL when it has none. */
const char *port_records_name(const port_record_t *record);

/* True when what is not expected on the port is known not to belong there. */
bool port_records_excludes(const port_record_t *record);

/* True when the protocol with the filter name SEEN belongs on the port. */
bool port_records_expects(const port_record_t *record, const char *seen);

#endif
