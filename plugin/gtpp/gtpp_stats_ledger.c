/* gtpp_stats_ledger.c
 * The account of every path: -z gtpp,ledger.
 *
 * A row is the account of those requests of its path of which the request itself, or the answer that counts, passes the
 * filter: what became of their records, whichever messages said so. Every record stands in one column, with any filter:
 * CDRs = Acknowledged + Elsewhere + Rejected + Held + Released + Cancelled + Unacknowledged + Undecided. Twice is
 * counted beside.
 *
 * Messages only say which events are in the report. The figures are made when it is drawn, from the judgement of what
 * has been read by then, so that one pass and two come to the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "base/stat_reports.h"
#include "gtpp_judge.h"
#include "gtpp_match.h"
#include "gtpp_stats.h"

/* Wireshark draws the sort arrow over the first title after it has made the column as wide as its cells: so the first
 * column is one with long cells. */
enum {
    COLUMN_CDF,
    COLUMN_CGF,
    COLUMN_PATH,
    COLUMN_REQUESTS,
    COLUMN_RETRANSMITTED,
    COLUMN_COPIES,
    COLUMN_CDRS,
    COLUMN_ACKNOWLEDGED,
    COLUMN_ELSEWHERE,
    COLUMN_REJECTED,
    COLUMN_HELD,
    COLUMN_RELEASED,
    COLUMN_CANCELLED,
    COLUMN_UNACKNOWLEDGED,
    COLUMN_UNDECIDED,
    COLUMN_TWICE,
    COLUMN_MISSING,
    COLUMN_OCTETS,
    COLUMN_MEAN,
    COLUMN_WORST,
    COLUMNS
};

static const unsigned column_of[GTPP_FATE_COUNT] = {
    [GTPP_FATE_UNDECIDED] = COLUMN_UNDECIDED, [GTPP_FATE_ACKNOWLEDGED] = COLUMN_ACKNOWLEDGED,
    [GTPP_FATE_ELSEWHERE] = COLUMN_ELSEWHERE, [GTPP_FATE_HELD] = COLUMN_HELD,
    [GTPP_FATE_RELEASED] = COLUMN_RELEASED,   [GTPP_FATE_CANCELLED] = COLUMN_CANCELLED,
    [GTPP_FATE_REJECTED] = COLUMN_REJECTED,   [GTPP_FATE_UNACKNOWLEDGED] = COLUMN_UNACKNOWLEDGED,
    [GTPP_FATE_NOT_YET] = COLUMN_UNDECIDED,
};

#define COUNT_COLUMN(title)                          \
    {                                                \
        TABLE_ITEM_INT, TAP_ALIGN_RIGHT, title, "%d" \
    }

static stat_tap_table_item columns[COLUMNS] = {
    [COLUMN_CDF] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "CDF", "%s" },
    [COLUMN_CGF] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "CGF", "%s" },
    [COLUMN_PATH] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Path", "%u" },
    [COLUMN_REQUESTS] = COUNT_COLUMN("Requests"),
    [COLUMN_RETRANSMITTED] = COUNT_COLUMN("Retransmitted"),
    [COLUMN_COPIES] = COUNT_COLUMN("Copies"),
    [COLUMN_CDRS] = COUNT_COLUMN("CDRs"),
    [COLUMN_ACKNOWLEDGED] = COUNT_COLUMN("Acknowledged"),
    [COLUMN_ELSEWHERE] = COUNT_COLUMN("Elsewhere"),
    [COLUMN_REJECTED] = COUNT_COLUMN("Rejected"),
    [COLUMN_HELD] = COUNT_COLUMN("Held"),
    [COLUMN_RELEASED] = COUNT_COLUMN("Released"),
    [COLUMN_CANCELLED] = COUNT_COLUMN("Cancelled"),
    [COLUMN_UNACKNOWLEDGED] = COUNT_COLUMN("Unacknowledged"),
    [COLUMN_UNDECIDED] = COUNT_COLUMN("Undecided"),
    [COLUMN_TWICE] = COUNT_COLUMN("Twice"),
    [COLUMN_MISSING] = COUNT_COLUMN("Local seq missing"),
    [COLUMN_OCTETS] = COUNT_COLUMN("Octets missing"),
    /* Texts, since there is no number for a time that nothing was measured of. */
    [COLUMN_MEAN] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Mean ack (ms)", "%s" },
    [COLUMN_WORST] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Worst ack (ms)", "%s" },
};

static void add_to(stat_tap_table_item_type *row, unsigned column, uint32_t amount)
{
    row[column].value.int_value += (int)amount;
}

/* {{{ Figures */

/* The time to the answer, in milliseconds. The scratch space of the two columns holds mean and maximum, that of the
 * path the number of times. An answer that was captured before its request has no time. */
static void add_time(stat_tap_table_item_type *row, const gtpp_event_t *request)
{
    const gtpp_event_t *answer = request->item.link != NULL ? request->item.link->event : NULL;
    unsigned *times = &row[COLUMN_PATH].user_data.uint_value;
    double *mean = &row[COLUMN_MEAN].user_data.float_value;
    double *worst = &row[COLUMN_WORST].user_data.float_value;

    if (answer == NULL || answer->time < request->time) {
        return;
    }
    const double taken = (double)(answer->time - request->time) / 1e6;
    *times += 1;
    *mean += (taken - *mean) / *times;
    *worst = MAX(*worst, taken);
}

/* A text of the same width for all numbers of up to ten million, by which the GUI sorts it as the number. */
static void write_time(stat_tap_table_item_type *row, unsigned column)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "";

    if (row[COLUMN_PATH].user_data.uint_value > 0) {
        (void)snprintf(text, sizeof text, "%11.3f", row[column].user_data.float_value);
    }
    stat_reports_set_text(row, column, text);
}

static void write_times(void *path _U_, void *row, void *data _U_)
{
    write_time(row, COLUMN_MEAN);
    write_time(row, COLUMN_WORST);
}

static void count_request(stat_tap_table_item_type *row, const gtpp_event_t *request)
{
    add_to(row, COLUMN_REQUESTS, 1);
    add_to(row, COLUMN_CDRS, request->announced);
    for (uint32_t i = 0; i < request->num_records; i++) {
        const uint8_t fate = request->records[i].fate;
        add_to(row, column_of[fate == GTPP_FATE_TWICE ? request->fate : fate], 1);
        add_to(row, COLUMN_TWICE, fate == GTPP_FATE_TWICE ? 1 : 0);
    }
    /* Records that the capture cut off share what became of the request. */
    if (request->announced > request->num_records) {
        add_to(row, column_of[request->fate], (uint32_t)request->announced - request->num_records);
    }
    add_time(row, request);
}

static void count_message(stat_tap_table_item_type *row, const gtpp_event_t *event)
{
    const gtpp_conv_t *conv = gtpp_session_get_conv(event->path);

    if (event->item.role == GTPP_ITEM_COPY) {
        add_to(row, COLUMN_COPIES, 1);
    } else if (event->type == GTPP_DATA_RECORD_TRANSFER_REQUEST && event->item.role != GTPP_ITEM_REQUEST) {
        add_to(row, COLUMN_RETRANSMITTED, 1);
    }
    add_to(row, COLUMN_OCTETS, conv != NULL ? gtpp_ledger_count_rest(conv->path, event) : 0);
    if (event->more == NULL) {
        return;
    }
    add_to(row, COLUMN_OCTETS, event->more->hole != NULL ? event->more->hole->octets : 0);
    for (const gtpp_finding_t *finding = event->more->findings; finding != NULL; finding = finding->next) {
        if (finding->kind == GTPP_FINDING_LOCAL_SEQ_GAP) {
            add_to(row, COLUMN_MISSING, finding->count);
        }
    }
}

/* }}} */
/* {{{ Rows */

/* The row of a path: rows come in the order in which their paths are first counted, which without a filter is that of
 * their numbers. Which end is which may turn out late, so that the ends are written when the figures are made. */
static stat_tap_table_item_type *need_row(stat_report_t *report, uint32_t path)
{
    stat_tap_table_item_type *row = g_hash_table_lookup(report->rows, GUINT_TO_POINTER(path));
    const gtpp_conv_t *conv = gtpp_session_get_conv(path);

    if (row == NULL) {
        row = stat_reports_add_row(report, path);
        row[COLUMN_PATH].value.uint_value = path;
    }
    if (conv != NULL) {
        char *cdf = (char *)gtpp_session_end_text(NULL, conv, conv->path->cdf);
        char *cgf = (char *)gtpp_session_end_text(NULL, conv, 1 - conv->path->cdf);
        stat_reports_set_text(row, COLUMN_CDF, cdf);
        stat_reports_set_text(row, COLUMN_CGF, cgf);
        wmem_free(NULL, cdf);
        wmem_free(NULL, cgf);
    }
    return row;
}

static void clear_row(void *path _U_, void *value, void *data _U_)
{
    stat_tap_table_item_type *row = value;

    for (unsigned column = COLUMN_REQUESTS; column < COLUMN_MEAN; column++) {
        row[column].value.int_value = 0;
    }
    row[COLUMN_PATH].user_data.uint_value = 0;
    row[COLUMN_MEAN].user_data.float_value = 0;
    row[COLUMN_WORST].user_data.float_value = 0;
}

/* What is being made while the events are visited. */
typedef struct {
    stat_report_t *report;
    stat_tap_table_item_type *row; /* of the path of the last event, which mostly is that of the next */
    uint32_t path;
} gtpp_rows_t;

static stat_tap_table_item_type *find_row(gtpp_rows_t *rows, uint32_t path)
{
    if (rows->row == NULL || rows->path != path) {
        rows->row = need_row(rows->report, path);
        rows->path = path;
    }
    return rows->row;
}

static bool is_in_report(const stat_report_t *report, const gtpp_event_t *event)
{
    return event != NULL && g_hash_table_contains(report->seen, event);
}

static void count_event(gtpp_event_t *event, void *data)
{
    gtpp_rows_t *rows = data;
    const bool is_counted = is_in_report(rows->report, event);

    if (is_counted) {
        count_message(find_row(rows, event->path), event);
    }
    if (gtpp_judge_is_request(event) && event->type == GTPP_DATA_RECORD_TRANSFER_REQUEST &&
        (is_counted || is_in_report(rows->report, gtpp_judge_answer(event)))) {
        count_request(find_row(rows, event->path), event);
    }
}

static void draw_report(stat_report_t *report)
{
    gtpp_rows_t rows = { report, NULL, 0 };

    if (!gtpp_session_judge()) {
        return;
    }
    g_hash_table_foreach(report->rows, clear_row, NULL);
    gtpp_session_visit(count_event, &rows);
    g_hash_table_foreach(report->rows, write_times, NULL);
}

/* }}} */

static tap_packet_status add_messages(void *tapdata, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                                      tap_flags_t flags _U_)
{
    stat_report_t *report = stat_reports_get_drawn(tapdata, "gtpp", draw_report);

    for (const gtpp_message_tap_t *message = data; message != NULL; message = message->next) {
        g_hash_table_add(report->seen, message->event);
    }
    return TAP_PACKET_REDRAW;
}

void gtpp_stats_ledger_register(void)
{
    static stat_tap_table_ui ui = {
        .title = WS_MENU_TITLE "GTP' Ledger",
        .tap_name = "gtpp",
        .cli_string = "gtpp,ledger",
        .packet_func = add_messages,
        .nfields = COLUMNS,
        .fields = columns,
    };

    stat_reports_register(&ui);
}
