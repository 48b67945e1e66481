/* lore_stats_ports.c
 * Report of Port Lore: -z portlore,ports, a row for each service port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_stats_ports.h"

#include <epan/proto.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include <string.h>

#include "base/observers.h"
#include "base/stat_reports.h"
#include "lore_late.h"
#include "lore_names.h"
#include "lore_registry.h"
#include "lore_stats.h"
#include "port_records.h"

#define TAP "portlore_ports"
#define DIVIDER ", "

/* Names in one cell; what comes later is not listed any more. */
#define MAX_NAMES 8

enum {
    COLUMN_PORT,
    COLUMN_TRANSPORT,
    COLUMN_SERVICE,
    COLUMN_STATUS,
    COLUMN_SEEN,
    COLUMN_MATCH,
    COLUMN_CONVERSATIONS,
    COLUMN_PACKETS,
    COLUMN_OCTETS,
    COLUMN_CLIENTS,
    COLUMN_SERVERS,
    NUM_COLUMNS
};

/* Octets are real numbers, because a whole number of a table has 32 bits. */
static stat_tap_table_item columns[NUM_COLUMNS] = {
    [COLUMN_PORT] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Port", "%u" },
    [COLUMN_TRANSPORT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Transport", "%s" },
    [COLUMN_SERVICE] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "IANA service", "%s" },
    [COLUMN_STATUS] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "IANA status", "%s" },
    [COLUMN_SEEN] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Found on it", "%s" },
    [COLUMN_MATCH] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Match", "%s" },
    [COLUMN_CONVERSATIONS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Conversations", "%u" },
    [COLUMN_PACKETS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Packets", "%u" },
    [COLUMN_OCTETS] = { TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Octets", "%.0f" },
    [COLUMN_CLIENTS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Clients", "%u" },
    [COLUMN_SERVERS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Servers", "%u" },
};

/* {{{ Cells */

/* Adds NAME to a cell that is a list, unless it is there or the list is full. */
static void add_name(stat_tap_table_item_type *row, unsigned column, wmem_allocator_t *scope, const char *name)
{
    const char *list = row[column].value.string_value;
    const size_t length = strlen(name);
    unsigned count = 0;

    for (const char *at = list; *at != '\0'; count++) {
        const char *end = strstr(at, DIVIDER);
        const size_t here = end != NULL ? (size_t)(end - at) : strlen(at);
        if (here == length && memcmp(at, name, length) == 0) {
            return;
        }
        at += here + (end != NULL ? sizeof DIVIDER - 1 : 0);
    }
    if (count < MAX_NAMES) {
        stat_reports_set_text(row, column,
                              count == 0 ? name : wmem_strdup_printf(scope, "%s" DIVIDER "%s", list, name));
    }
}

static const char *name_match(lore_match_t match)
{
    return val_to_str_const(match, lore_names_matches, "?");
}

/* A verdict counts for more than that there is none, and this for more than that there is nothing to judge. */
static void add_match(stat_tap_table_item_type *row, wmem_allocator_t *scope, lore_match_t match)
{
    const char *now = row[COLUMN_MATCH].value.string_value;
    const bool is_empty = now[0] == '\0' || strcmp(now, name_match(LORE_MATCH_NO_PAYLOAD)) == 0;
    const bool is_open = is_empty || strcmp(now, name_match(LORE_MATCH_UNDECIDED)) == 0;

    if (match == LORE_MATCH_NO_PAYLOAD || match == LORE_MATCH_UNDECIDED) {
        if (is_empty) {
            stat_reports_set_text(row, COLUMN_MATCH, name_match(match));
        }
    } else if (is_open) {
        stat_reports_set_text(row, COLUMN_MATCH, name_match(match));
    } else {
        add_name(row, COLUMN_MATCH, scope, name_match(match));
    }
}

/* What the registry says: every name, and the status of the first row. */
static void fill_registry(stat_tap_table_item_type *row, wmem_allocator_t *scope, const port_record_t *record)
{
    port_registry_entry_t entry;
    unsigned status = LORE_REGISTRY_ABSENT;
    size_t rows = 0;

    for (size_t place = 0; lore_registry_next(record->transport, record->port, &place, &entry); rows++) {
        if (rows == 0) {
            status = lore_registry_status(&entry);
        }
        if (entry.service != NULL) {
            add_name(row, COLUMN_SERVICE, scope, entry.service);
        }
    }
    stat_reports_set_text(row, COLUMN_STATUS, val_to_str_const(status, lore_names_statuses, "?"));
}

/* }}} */
/* {{{ Rows */

static bool is_before(const stat_tap_table_item_type *one, const stat_tap_table_item_type *other)
{
    const unsigned a = one[COLUMN_PORT].value.uint_value, b = other[COLUMN_PORT].value.uint_value;

    return a != b ? a < b
                  : strcmp(one[COLUMN_TRANSPORT].value.string_value, other[COLUMN_TRANSPORT].value.string_value) < 0;
}

/* Moves the last row to its place by number. */
static void sort_in(stat_tap_table *table)
{
    stat_tap_table_item_type *added = table->elements[table->num_elements - 1];
    unsigned place = table->num_elements - 1;

    for (; place > 0 && is_before(added, table->elements[place - 1]); place--) {
        table->elements[place] = table->elements[place - 1];
    }
    table->elements[place] = added;
}

static stat_tap_table_item_type *find_or_add_row(stat_report_t *report, wmem_allocator_t *scope,
                                                 const port_record_t *record)
{
    const unsigned key = (unsigned)record->transport << 16 | record->port;
    stat_tap_table_item_type *row = g_hash_table_lookup(report->rows, GUINT_TO_POINTER(key));

    if (row == NULL) {
        row = stat_reports_add_row(report, key);
        row[COLUMN_PORT].value.uint_value = record->port;
        stat_reports_set_text(row, COLUMN_TRANSPORT, lore_names_transport(record->transport));
        fill_registry(row, scope, record);
        sort_in(report->table);
    }
    return row;
}

/* Counts what is new to the report. */
static void count_new(stat_report_t *report, stat_tap_table_item_type *row, unsigned column, const void *what)
{
    row[column].value.uint_value += g_hash_table_add(report->seen, (void *)what) ? 1 : 0;
}

static tap_packet_status list_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                     tap_flags_t flags _U_)
{
    const port_tap_t *tap = data;
    const lore_session_t *session = tap->session;
    stat_report_t *report = stat_reports_get(tapdata);
    stat_tap_table_item_type *row = find_or_add_row(report, pinfo->pool, &session->record);

    if (tap->seen != NULL) {
        add_name(row, COLUMN_SEEN, pinfo->pool, tap->seen);
    }
    add_match(row, pinfo->pool, tap->match);
    count_new(report, row, COLUMN_CONVERSATIONS, session);
    count_new(report, row, COLUMN_CLIENTS, session->client);
    count_new(report, row, COLUMN_SERVERS, session->server);
    row[COLUMN_PACKETS].value.uint_value++;
    row[COLUMN_OCTETS].value.float_value += pinfo->fd->pkt_len;
    return TAP_PACKET_REDRAW;
}

/* }}} */

static tap_packet_status look_on(void *tapdata _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                 const void *data _U_, tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

/* Every port is to be listed, and what is on it is to be the same in one pass and in two: on the first pass a wanted
 * field makes Wireshark build trees, on the second one a listener that needs them. */
static void start_report(stat_tap_table_ui *kind)
{
    static bool is_started;

    if (!is_started) {
        is_started = true;
        port_records_report_every();
        lore_late_start();
        observers_want_trees(proto_registrar_get_id_byname("portlore.port"));
        GString *error =
            register_tap_listener(TAP, &is_started, NULL, TL_REQUIRES_PROTO_TREE, NULL, look_on, NULL, NULL);
        if (error != NULL) {
            ws_warning("%s", error->str);
            g_string_free(error, TRUE);
        }
    }
    stat_reports_init(kind);
}

static stat_tap_table_ui table_ui = {
    .title = WS_MENU_TITLE "Service Ports",
    .tap_name = TAP,
    .cli_string = "portlore,ports",
    .stat_tap_init_cb = start_report,
    .packet_func = list_packet,
    .nfields = NUM_COLUMNS,
    .fields = columns,
};

int lore_stats_ports_register(void)
{
    const int tap = register_tap(TAP);

    stat_reports_register(&table_ui);
    return tap;
}
