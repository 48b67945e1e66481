/* gtpp_stats_ledger.c
 * The account of every path: -z gtpp,ledger.
 *
 * A row is the account of those requests of its path of which the request itself, or the answer that counts, passes the
 * filter: what became of their records, whichever messages said so. So every record stands in one column with any
 * filter, and nothing can come out below zero. Without a filter, and after the last packet, a row is the account of its
 * path, on any pass.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include "gtpp_stats.h"

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

static const guint column_of[] = {
    [GTPP_FATE_OUTSTANDING] = COLUMN_UNACKNOWLEDGED,
    [GTPP_FATE_ABANDONED] = COLUMN_UNACKNOWLEDGED,
    [GTPP_FATE_ACKNOWLEDGED] = COLUMN_ACKNOWLEDGED,
    [GTPP_FATE_REJECTED] = COLUMN_REJECTED,
    [GTPP_FATE_HELD] = COLUMN_HELD,
    [GTPP_FATE_RELEASED] = COLUMN_RELEASED,
    [GTPP_FATE_CANCELLED] = COLUMN_CANCELLED,
};

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
static stat_tap_table *open_table;

/* Requests that are counted and of which there may be more to come: -> the column in which their records are, and
 * whether the time to their answer is counted. A request leaves when nothing can change any more, so that most of those
 * of a long capture are never here at the same time. */
#define IS_TIMED 0x100u
static GHashTable *counted;

/* A release or cancel that nobody has accepted yet -> those of its packets that are counted. */
static GHashTable *settling;

/* Requests that leave with the next frame: what is tapped of this one must still find them. */
static GPtrArray *leaving;
static guint32 last_frame;

static void forget_requests(void)
{
    g_hash_table_remove_all(counted);
    g_hash_table_remove_all(settling);
    g_ptr_array_set_size(leaving, 0);
}

static void forget_table(void)
{
    forget_requests();
    g_hash_table_remove_all(rows);
    open_table = NULL;
}

static void reset_table(stat_tap_table *table)
{
    forget_table();
    for (guint row = 0; row < table->num_elements; row++) {
        for (guint column = COLUMN_CDF; column <= COLUMN_CGF; column++) {
            g_free((char *)stat_tap_get_field_data(table, row, column)->value.string_value);
        }
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
}

/* Wireshark calls this when it frees the table, and only then. */
static void free_item(stat_tap_table *table _U_, guint row _U_, guint column, stat_tap_table_item_type *item)
{
    forget_table();
    if (column == COLUMN_CDF || column == COLUMN_CGF) {
        g_free((char *)item->value.string_value);
        item->value.string_value = NULL;
    }
}

static void free_memory(void)
{
    g_hash_table_destroy(rows);
    g_hash_table_destroy(counted);
    g_hash_table_destroy(settling);
    g_ptr_array_free(leaving, TRUE);
    rows = NULL;
    counted = NULL;
    settling = NULL;
    leaving = NULL;
}

static void init_table(stat_tap_table_ui *ui)
{
    stat_tap_table *table = stat_tap_find_table(ui, TABLE_NAME);

    if (table != NULL) {
        reset_table(table);
        return;
    }
    forget_table();
    stat_tap_add_table(ui, stat_tap_init_table(TABLE_NAME, COLUMNS, 0, NULL));
}

static char *end_text(const gtpp_conv_t *line, unsigned end)
{
    char *host = address_to_str(NULL, &line->addresses[end]);
    char *text = g_strdup_printf(line->addresses[end].type == AT_IPv6 ? "[%s]:%u" : "%s:%u", host, line->ports[end]);

    wmem_free(NULL, host);
    return text;
}

static void write_end(stat_tap_table *table, guint row, guint column, const gtpp_conv_t *line, unsigned end)
{
    stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, column);

    g_free((char *)item->value.string_value);
    item->value.string_value = end_text(line, end);
}

/* Which end is which may turn out late. The scratch space has one more than the end in the first column. */
static void write_ends(stat_tap_table *table, guint row, const gtpp_conv_t *line)
{
    stat_tap_table_item_type *item = stat_tap_get_field_data(table, row, COLUMN_CDF);

    if (item->user_data.uint_value != line->cdf + 1) {
        item->user_data.uint_value = line->cdf + 1;
        write_end(table, row, COLUMN_CDF, line, line->cdf);
        write_end(table, row, COLUMN_CGF, line, 1 - line->cdf);
    }
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

static void add_to_cell(guint row, guint column, int64_t amount)
{
    stat_tap_get_field_data(open_table, row, column)->value.int_value += (gint)amount;
}

/* The time to the answer that PINFO brings. The mean's scratch space holds the number of times; they are in
 * milliseconds. */
static void add_time(guint row, const packet_info *pinfo, const gtpp_request_t *request)
{
    stat_tap_table_item_type *mean = stat_tap_get_field_data(open_table, row, COLUMN_MEAN);
    stat_tap_table_item_type *worst = stat_tap_get_field_data(open_table, row, COLUMN_WORST);
    nstime_t asked = gtpp_session_get_time(request);
    nstime_t delta;

    nstime_delta(&delta, &pinfo->abs_ts, &asked);
    double taken = nstime_to_msec(&delta);
    if (mean->user_data.uint_value == 0 || taken > worst->value.float_value) {
        worst->value.float_value = taken;
    }
    mean->user_data.uint_value++;
    mean->value.float_value += (taken - mean->value.float_value) / mean->user_data.uint_value;
}

static void leave_when_settled(const packet_info *pinfo, gtpp_request_t *request)
{
    bool is_settled = request->fate == GTPP_FATE_ACKNOWLEDGED || request->fate == GTPP_FATE_RELEASED ||
                      request->fate == GTPP_FATE_CANCELLED;

    /* After the first pass it is known from the start what becomes of a request; its answers are still to come. */
    if (is_settled && pinfo->num >= request->answer_frame) {
        g_ptr_array_add(leaving, request);
    }
}

/* Counts a request with its records, once. */
static void count_request(guint row, const packet_info *pinfo, gtpp_request_t *request, bool timed)
{
    guint column = column_of[request->fate];

    if (g_hash_table_contains(counted, request)) {
        return;
    }
    add_to_cell(row, COLUMN_REQUESTS, 1);
    add_to_cell(row, COLUMN_CDRS, request->records);
    add_to_cell(row, column, request->records);
    if (timed) {
        add_time(row, pinfo, request);
    }
    g_hash_table_insert(counted, request, GUINT_TO_POINTER(timed ? column | IS_TIMED : column));
    leave_when_settled(pinfo, request);
}

/* Moves the records of a request, when it is counted, to where they are now. */
static void follow_request(const packet_info *pinfo, gtpp_request_t *request, bool timed)
{
    guint column = column_of[request->fate];
    void *found;
    void *row;

    if (!g_hash_table_lookup_extended(counted, request, NULL, &found) ||
        !g_hash_table_lookup_extended(rows, GUINT_TO_POINTER(request->path), NULL, &row)) {
        return;
    }
    guint before = GPOINTER_TO_UINT(found) & ~IS_TIMED;
    bool was_timed = (GPOINTER_TO_UINT(found) & IS_TIMED) != 0;
    add_to_cell(GPOINTER_TO_UINT(row), before, -(int64_t)request->records);
    add_to_cell(GPOINTER_TO_UINT(row), column, request->records);
    if (timed && !was_timed) {
        add_time(GPOINTER_TO_UINT(row), pinfo, request);
    }
    g_hash_table_insert(counted, request, GUINT_TO_POINTER(timed || was_timed ? column | IS_TIMED : column));
    leave_when_settled(pinfo, request);
}

/* The ledger forgets what a request is to settle when it has done so; so it is noted here before. */
static void note_settles(gtpp_request_t *request)
{
    const gtpp_request_links_t *links = request->links;
    GPtrArray *found = NULL;

    for (uint32_t i = 0; links != NULL && i < links->num_settles; i++) {
        if (g_hash_table_contains(counted, links->settles[i])) {
            if (found == NULL) {
                found = g_ptr_array_new();
                g_hash_table_insert(settling, request, found);
            }
            g_ptr_array_add(found, links->settles[i]);
        }
    }
}

/* Moves what a release or cancel is about, once it has been accepted. */
static void follow_settled(const packet_info *pinfo, const gtpp_request_t *request)
{
    GPtrArray *found = g_hash_table_lookup(settling, request);

    if (found != NULL && request->fate == GTPP_FATE_ACKNOWLEDGED) {
        for (guint i = 0; i < found->len; i++) {
            follow_request(pinfo, found->pdata[i], false);
        }
        g_hash_table_remove(settling, request);
    }
}

/* They leave when all that is tapped of their frame has been. */
static void let_go(uint32_t frame)
{
    if (frame == last_frame) {
        return;
    }
    for (guint i = 0; i < leaving->len; i++) {
        g_hash_table_remove(counted, leaving->pdata[i]);
    }
    g_ptr_array_set_size(leaving, 0);
    last_frame = frame;
}

void gtpp_stats_ledger_follow(const packet_info *pinfo, const gtpp_message_tap_t *message)
{
    const gtpp_result_t *result = message->result;

    if (g_hash_table_size(counted) == 0) {
        return;
    }
    let_go(pinfo->num);
    if (result->request != NULL && !result->is_copy) {
        note_settles(result->request);
    }
    for (uint32_t i = 0; i < result->num_answers; i++) {
        follow_request(pinfo, result->answers[i].request, result->answers[i].timed);
        follow_settled(pinfo, result->answers[i].request);
    }
}

/* Local sequence numbers that are missing, and those that came late, where the message that found them missing was on
 * this path. The scratch space has the sum; a filter can let those pass that came late, and not what was missing. */
static void count_missing(const gtpp_missing_t *missing)
{
    void *row;

    if (g_hash_table_lookup_extended(rows, GUINT_TO_POINTER(missing->path), NULL, &row)) {
        stat_tap_table_item_type *item = stat_tap_get_field_data(open_table, GPOINTER_TO_UINT(row), COLUMN_MISSING);
        item->user_data.int_value += missing->change;
        item->value.int_value = MAX(item->user_data.int_value, 0);
    }
}

/* True for the first answer to a request, and for the one that decided. */
static bool counts(const packet_info *pinfo, const gtpp_answer_t *answer)
{
    return answer->timed || answer->request->answer_frame == pinfo->num;
}

static void add_message(stat_tap_table *table, const packet_info *pinfo, const gtpp_message_tap_t *message)
{
    const gtpp_result_t *result = message->result;
    guint row = find_row(table, message->line->index);

    open_table = table;
    write_ends(table, row, message->line);
    if (result->request != NULL && result->type == GTPP_DATA_RECORD_TRANSFER_REQUEST) {
        if (result->is_copy) {
            add_to_cell(row, COLUMN_RETRANSMITTED, 1);
        } else {
            count_request(row, pinfo, result->request, false);
        }
    }
    for (uint32_t i = 0; i < result->num_answers; i++) {
        const gtpp_answer_t *answer = &result->answers[i];
        if (answer->request->type == GTPP_DATA_RECORD_TRANSFER_REQUEST && counts(pinfo, answer)) {
            count_request(row, pinfo, answer->request, answer->timed);
        }
    }
    for (uint32_t i = 0; i < result->num_missing; i++) {
        count_missing(&result->missing[i]);
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

void gtpp_stats_ledger_register(void)
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
    counted = g_hash_table_new(g_direct_hash, g_direct_equal);
    settling = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    leaving = g_ptr_array_new();
    /* Another file has other requests, which may lie where those of the last one lay. */
    register_init_routine(forget_requests);
    register_shutdown_routine(free_memory);
    register_stat_tap_table_ui(&ui);
}
