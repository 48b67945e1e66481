/* port_records.c
 * Everything Port Lore may say about a port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "port_records.h"

#include <epan/proto.h>
#include <epan/range.h>
#include <epan/uat.h>

#include "lore_registry.h"

#define MAX_PORT 65535

/* A row of the user's own. */
typedef struct {
    unsigned port;
    unsigned transport; /* transport_t, or TRANSPORT_BOTH */
    char *name;
    char *tenant;
    char *protocols; /* filter names, separated by commas or blanks */
} users_row_t;

enum { TRANSPORT_BOTH = TRANSPORTS };

static const value_string transport_choices[] = {
    { TRANSPORT_TCP, "tcp" },
    { TRANSPORT_UDP, "udp" },
    { TRANSPORT_BOTH, "both" },
    { 0, NULL },
};

static users_row_t *rows;
static unsigned num_rows;
static ws_bool all_ports = FALSE;
static range_t *asked_ports;
static const char *registry_path;
static bool is_reported; /* a report lists every port */
static bool has_others;  /* ports that are neither documented nor in the user's rows are of interest, too */

UAT_DEC_CB_DEF(rows, port, users_row_t)
UAT_VS_DEF(rows, transport, users_row_t, unsigned, TRANSPORT_BOTH, "both")
UAT_CSTRING_CB_DEF(rows, name, users_row_t)
UAT_CSTRING_CB_DEF(rows, tenant, users_row_t)
UAT_CSTRING_CB_DEF(rows, protocols, users_row_t)

/* {{{ The user's rows */

static char **split_protocols(const char *protocols)
{
    return g_strsplit_set(protocols != NULL ? protocols : "", ", ", -1);
}

static void *copy_row(void *to, const void *from, size_t size _U_)
{
    users_row_t *copy = to;
    const users_row_t *row = from;

    copy->port = row->port;
    copy->transport = row->transport;
    copy->name = g_strdup(row->name);
    copy->tenant = g_strdup(row->tenant);
    copy->protocols = g_strdup(row->protocols);
    return copy;
}

static void free_row(void *record)
{
    users_row_t *row = record;

    g_free(row->name);
    g_free(row->tenant);
    g_free(row->protocols);
}

/* Says what is wrong with a row: Wireshark shows the message and leaves the row out. */
static ws_uat_bool check_row(void *record, char **error)
{
    users_row_t *row = record;

    *error = NULL;
    if (row->port == 0 || row->port > MAX_PORT) {
        *error = ws_strdup_printf("%u is not a port number: it must be between 1 and %u.", row->port, MAX_PORT);
        return FALSE;
    }
    if (row->name == NULL || row->name[0] == '\0') {
        *error = ws_strdup_printf("Port %u needs a name: what is it?", row->port);
        return FALSE;
    }
    char **names = split_protocols(row->protocols);
    for (char **name = names; *name != NULL && *error == NULL; name++) {
        if (**name != '\0' && proto_get_id_by_filter_name(*name) == -1) {
            *error = ws_strdup_printf("Port %u: \"%s\" is not the filter name of a protocol that Wireshark knows.",
                                      row->port, *name);
        }
    }
    g_strfreev(names);
    return *error == NULL;
}

static const users_row_t *find_row(transport_t transport, uint16_t port)
{
    for (unsigned i = 0; i < num_rows; i++) {
        if (rows[i].port == port && (rows[i].transport == TRANSPORT_BOTH || rows[i].transport == transport)) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool row_expects(const users_row_t *row, const char *seen)
{
    char **names = split_protocols(row->protocols);
    bool found = g_strv_contains((const char *const *)names, seen);

    g_strfreev(names);
    return found;
}

/* }}} */

void port_records_apply(void)
{
    lore_registry_use(registry_path);
    has_others = all_ports || is_reported || (asked_ports != NULL && asked_ports->nranges > 0);
}

void port_records_report_every(void)
{
    is_reported = true;
    has_others = true;
}

/* True when the user asked for PORT, which is neither documented nor in his rows, on the packet. */
static bool is_wanted(uint16_t port)
{
    return all_ports || value_is_in_range(asked_ports, port);
}

unsigned port_records_weight(transport_t transport, uint16_t port)
{
    if (port_facts_find(port) != NULL || find_row(transport, port) != NULL) {
        return PORT_WEIGHT_RECORDED;
    }
    if (!has_others || !(is_reported || is_wanted(port))) {
        return PORT_WEIGHT_NONE;
    }
    return lore_registry_service(transport, port) != NULL ? PORT_WEIGHT_NAMED : PORT_WEIGHT_ANY;
}

bool port_records_find(transport_t transport, uint16_t port, port_record_t *record)
{
    const users_row_t *row = find_row(transport, port);

    memset(record, 0, sizeof *record);
    record->transport = transport;
    record->port = port;
    record->weight = port_records_weight(transport, port);
    record->facts = port_facts_find(port);
    if (record->facts != NULL) {
        record->tenant = record->facts->on[transport].tenant;
        record->dormant = record->facts->dormant;
        record->has_expected = !record->dormant;
    }
    if (record->facts == NULL && row == NULL && record->weight != PORT_WEIGHT_NONE) {
        record->by_registry = true;
        record->has_expected = lore_registry_compare(transport, port, NULL).is_whole;
    }
    record->is_annotated = record->facts != NULL || row != NULL || is_wanted(port);
    record->is_asked = has_others && value_is_in_range(asked_ports, port);
    /* What the user says of a port counts for more than what is generally the case. */
    if (row != NULL) {
        record->is_users = true;
        record->users_name = row->name;
        if (row->tenant != NULL && row->tenant[0] != '\0') {
            record->tenant = row->tenant;
        }
        record->dormant = false;
        record->has_expected = row->protocols != NULL && row->protocols[0] != '\0';
    }
    return record->weight != PORT_WEIGHT_NONE;
}

const char *port_records_name(const port_record_t *record)
{
    return record->users_name != NULL ? record->users_name : lore_registry_service(record->transport, record->port);
}

bool port_records_excludes(const port_record_t *record)
{
    return !record->by_registry || record->has_expected;
}

bool port_records_expects(const port_record_t *record, const char *seen)
{
    const users_row_t *row = record->is_users ? find_row(record->transport, record->port) : NULL;

    if (record->by_registry) {
        return lore_registry_compare(record->transport, record->port, seen).is_seen;
    }
    if (row != NULL && row_expects(row, seen)) {
        return true;
    }
    return record->facts != NULL && g_strv_contains(record->facts->on[record->transport].expected, seen);
}

void port_records_register(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_DEC(rows, port, "Port", "Port number of the service, 1 to 65535"),
        UAT_FLD_VS(rows, transport, "Transport", transport_choices, "tcp, udp or both"),
        UAT_FLD_CSTRING(rows, name, "Name", "What the port is called"),
        UAT_FLD_CSTRING(rows, tenant, "Tenant", "Who is on it in practice (may be empty)"),
        UAT_FLD_CSTRING(rows, protocols, "Protocols",
                        "Filter names of the protocols that belong there, separated by commas (may be empty)"),
        UAT_END_FIELDS,
    };
    uat_t *uat = uat_new("Port Lore records", sizeof(users_row_t), "portlore_records", TRUE, &rows, &num_rows,
                         UAT_AFFECTS_DISSECTION, NULL, copy_row, check_row, free_row, NULL, NULL, fields);

    prefs_register_uat_preference(module, "records", "Your own ports",
                                  "Ports of your own network: what they are called, who is on them, and which "
                                  "protocols belong there",
                                  uat);
    prefs_register_bool_preference(module, "all_ports", "Annotate every port",
                                   "Annotate conversations on any port, with what IANA's registry says of it",
                                   &all_ports);
    asked_ports = range_empty(wmem_epan_scope());
    prefs_register_range_preference(module, "ports", "Annotate these ports, too",
                                    "Ports and ranges of them on which conversations are annotated with what IANA's "
                                    "registry says, such as 3300-3500,5985",
                                    &asked_ports, MAX_PORT);
    prefs_register_filename_preference(module, "registry", "Newer copy of IANA's registry",
                                       "File service-names-port-numbers.csv of IANA's port registry, to be used "
                                       "instead of the copy that Portlore brings",
                                       &registry_path, FALSE);
    lore_registry_start();
}
