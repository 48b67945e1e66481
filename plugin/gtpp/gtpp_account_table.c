/* gtpp_account_table.c
 * The account of every path: -z gtpp,ledger.
 *
 * Every message that is tapped adds its bookings. Without a filter, and after the last packet, a row is the account of
 * its path, on any pass; with a filter, it is what the messages that pass it have changed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include "gtpp_taps.h"

#define TABLE_NAME "GTP' Ledger"

/* Wireshark draws the sort arrow over the first title after it has made the column as wide as its cells: so the first
 * column is one with long cells. */
enum {
    COLUMN_CDF,
    COLUMN_CGF,
    COLUMN_PATH,
    COLUMN_REQUESTS,
    COLUMN_RETRANSMITTED,
    COLUMN_CDRS,
    COLUMN_ACKNOWLEDGED,
    COLUMN_REJECTED,
    COLUMN_HELD,
    COLUMN_RELEASED,
    COLUMN_CANCELLED,
    COLUMN_UNACKNOWLEDGED,
    COLUMN_MISSING,
    COLUMN_MEAN,
    COLUMN_WORST,
    COLUMNS
};

static const int column_of[GTPP_ACCOUNT_COLUMNS] = {
    [GTPP_ACCOUNT_REQUESTS] = COLUMN_REQUESTS,
    [GTPP_ACCOUNT_RETRANSMITTED] = COLUMN_RETRANSMITTED,
    [GTPP_ACCOUNT_CDRS] = COLUMN_CDRS,
    [GTPP_ACCOUNT_ACKNOWLEDGED] = COLUMN_ACKNOWLEDGED,
    [GTPP_ACCOUNT_REJECTED] = COLUMN_REJECTED,
    [GTPP_ACCOUNT_HELD] = COLUMN_HELD,
    [GTPP_ACCOUNT_RELEASED] = COLUMN_RELEASED,
    [GTPP_ACCOUNT_CANCELLED] = COLUMN_CANCELLED,
    [GTPP_ACCOUNT_UNACKNOWLEDGED] = COLUMN_UNACKNOWLEDGED,
    [GTPP_ACCOUNT_MISSING] = COLUMN_MISSING,
};

/* Whole numbers can be negative where a filter lets only the answers pass. */
static stat_tap_table_item columns[COLUMNS] = {
    [COLUMN_CDF] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "CDF", "%s" },
    [COLUMN_CGF] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "CGF", "%s" },
    [COLUMN_PATH] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Path", "%u" },
    [COLUMN_REQUESTS] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Requests", "%d" },
    [COLUMN_RETRANSMITTED] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Retransmitted", "%d" },
    [COLUMN_CDRS] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "CDRs", "%d" },
    [COLUMN_ACKNOWLEDGED] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Acknowledged", "%d" },
    [COLUMN_REJECTED] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Rejected", "%d" },
    [COLUMN_HELD] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Held", "%d" },
    [COLUMN_RELEASED] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Released", "%d" },
    [COLUMN_CANCELLED] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Cancelled", "%d" },
    [COLUMN_UNACKNOWLEDGED] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Unacknowledged", "%d" },
    [COLUMN_MISSING] = { TABLE_ITEM_INT, TAP_ALIGN_RIGHT, "Local seq missing", "%d" },
    [COLUMN_MEAN] = { TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Mean ack (ms)", "%.3f" },
    [COLUMN_WORST] = { TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Worst ack (ms)", "%.3f" },
};

/* path -> its row; Wireshark has one table of a kind at a time. */
static GHashTable *rows;

static void reset_table(stat_tap_table *table)
{
    g_hash_table_remove_all(rows);
    for (guint row = 0; row < table->num_elements; row++) {
        for (guint column = COLUMN_CDF; column <= COLUMN_CGF; column++) {
            g_free((char *)stat_tap_get_field_data(table, row, column)->value.string_value);
        }
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
}

static void free_item(stat_tap_table *table _U_, guint row _U_, guint column, stat_tap_table_item_type *item)
{
    if (column == COLUMN_CDF || column == COLUMN_CGF) {
        g_free((char *)item->value.string_value);
        item->value.string_value = NULL;
    }
}

static void free_rows(void)
{
    g_hash_table_destroy(rows);
    rows = NULL;
}

static void init_table(stat_tap_table_ui *ui)
{
    stat_tap_table *table = stat_tap_find_table(ui, TABLE_NAME);

    g_hash_table_remove_all(rows);
    if (table != NULL) {
        reset_table(table);
        return;
    }
    stat_tap_add_table(ui, stat_tap_init_table(TABLE_NAME, COLUMNS, 0, NULL));
}

static char *end_text(const gtpp_line_t *line, unsigned end)
{
    char *host = address_to_str(NULL, &line->addresses[end]);
    char *text = g_strdup_printf(line->addresses[end].type == AT_IPv6 ? "[%s]:%u" : "%s:%u", host, line->ports[end]);

    wmem_free(NULL, host);
    return text;
}

static void write_end(stat_tap_table *table, guint row, guint column, const gtpp_line_t *line, unsigned end)
{
    stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, column);

    g_free((char *)item->value.string_value);
    item->value.string_value = end_text(line, end);
}

/* The row of a path; rows come in the order in which their paths are first tapped, which without a filter is that of
 * their numbers. */
static guint find_row(stat_tap_table *table, uint32_t path)
{
    stat_tap_table_item_type items[COLUMNS];
    void *found;

    if (g_hash_table_lookup_extended(rows, GUINT_TO_POINTER(path), NULL, &found)) {
        return GPOINTER_TO_UINT(found);
    }
    const guint row = table->num_elements;
    memset(items, 0, sizeof items);
    for (int column = 0; column < COLUMNS; column++) {
        items[column].type = columns[column].type;
    }
    items[COLUMN_PATH].value.uint_value = path;
    stat_tap_init_table_row(table, row, COLUMNS, items);
    g_hash_table_insert(rows, GUINT_TO_POINTER(path), GUINT_TO_POINTER(row));
    return row;
}

static void add_booking(void *user, const gtpp_booking_t *booking)
{
    stat_tap_table *table = user;

    stat_tap_get_field_data(table, find_row(table, booking->path), (guint)column_of[booking->column])
        ->value.int_value += booking->amount;
}

/* The mean's scratch space holds the number of times; they are in milliseconds. */
static void add_time(stat_tap_table *table, guint row, double taken)
{
    stat_tap_table_item_type *mean = stat_tap_get_field_data(table, row, COLUMN_MEAN);
    stat_tap_table_item_type *worst = stat_tap_get_field_data(table, row, COLUMN_WORST);

    if (mean->user_data.uint_value == 0 || taken > worst->value.float_value) {
        worst->value.float_value = taken;
    }
    mean->user_data.uint_value++;
    mean->value.float_value += (taken - mean->value.float_value) / mean->user_data.uint_value;
}

static void add_message(stat_tap_table *table, const packet_info *pinfo, const gtpp_message_tap_t *message)
{
    const gtpp_line_t *line = message->line;
    guint row = find_row(table, line->index);

    write_end(table, row, COLUMN_CDF, line, line->cdf);
    write_end(table, row, COLUMN_CGF, line, 1 - line->cdf);
    gtpp_result_list_bookings(message->result, add_booking, table);
    for (uint32_t i = 0; i < message->result->num_answers; i++) {
        const gtpp_answer_t *answer = &message->result->answers[i];
        if (answer->timed && answer->request->type == GTPP_DATA_RECORD_TRANSFER_REQUEST) {
            nstime_t asked = gtpp_analysis_get_time(answer->request);
            nstime_t taken;
            nstime_delta(&taken, &pinfo->abs_ts, &asked);
            add_time(table, row, nstime_to_msec(&taken));
        }
    }
}

static tap_packet_status add_messages(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                      tap_flags_t flags _U_)
{
    stat_tap_table *table = g_array_index(((stat_data_t *)tapdata)->stat_tap_data->tables, stat_tap_table *, 0);

    for (const gtpp_message_tap_t *message = data; message != NULL; message = message->next) {
        add_message(table, pinfo, message);
    }
    return TAP_PACKET_REDRAW;
}

void gtpp_account_table_register(void)
{
    static tap_param params[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };
    static stat_tap_table_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = WS_MENU_TITLE TABLE_NAME,
        .tap_name = "gtpp",
        .cli_string = "gtpp,ledger",
        .stat_tap_init_cb = init_table,
        .packet_func = add_messages,
        .stat_tap_reset_table_cb = reset_table,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMNS,
        .fields = columns,
        .nparams = array_length(params),
        .params = params,
    };

    rows = g_hash_table_new(g_direct_hash, g_direct_equal);
    register_shutdown_routine(free_rows);
    register_stat_tap_table_ui(&ui);
}
