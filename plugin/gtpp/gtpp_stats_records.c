/* gtpp_stats_records.c
 * A row for each charging record, with what became of it: -z gtpp,records.
 *
 * A record has a row when the request that brought it passes the filter, and is the first copy of it: the rows of a
 * path add up to the ledger's columns.
 *
 * The GUI and sharkd show one of Wireshark's tables, which has all cells of all rows at once. tshark would, too; but it
 * prints them in turn and ends, so that a report of our own, in the form of its tables, writes each row as it is made.
 *
 * Wireshark's tables have no empty cell for a number: what a record may lack is a text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/stat_reports.h"
#include "gtpp_judge.h"
#include "gtpp_rows.h"
#include "gtpp_stats.h"

#define TITLE "GTP' Records"
#define COMMAND "gtpp,records"

#define TEXT_COLUMN(title)                             \
    {                                                  \
        TABLE_ITEM_STRING, TAP_ALIGN_LEFT, title, "%s" \
    }
#define NUMBER_COLUMN(title)                            \
    {                                                   \
        TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, title, "%s" \
    }
#define COUNT_COLUMN(title)                           \
    {                                                 \
        TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, title, "%u" \
    }

static stat_tap_table_item columns[GTPP_ROW_COLUMNS] = {
    [GTPP_ROW_FRAME] = COUNT_COLUMN("Frame"),
    [GTPP_ROW_TIME] = TEXT_COLUMN("Time"),
    [GTPP_ROW_CDF] = TEXT_COLUMN("CDF"),
    [GTPP_ROW_CGF] = TEXT_COLUMN("CGF"),
    [GTPP_ROW_PATH] = COUNT_COLUMN("Path"),
    [GTPP_ROW_REQUEST] = COUNT_COLUMN("Request"),
    [GTPP_ROW_POSITION] = COUNT_COLUMN("Position"),
    [GTPP_ROW_KIND] = TEXT_COLUMN("Kind"),
    [GTPP_ROW_NODE] = TEXT_COLUMN("Node"),
    [GTPP_ROW_LOCAL_SEQ] = NUMBER_COLUMN("Local seq"),
    [GTPP_ROW_RECORD_SEQ] = NUMBER_COLUMN("Record seq"),
    [GTPP_ROW_IMSI] = TEXT_COLUMN("IMSI"),
    [GTPP_ROW_MSISDN] = TEXT_COLUMN("MSISDN"),
    [GTPP_ROW_APN] = TEXT_COLUMN("APN"),
    [GTPP_ROW_CHARGING_ID] = NUMBER_COLUMN("Charging id"),
    [GTPP_ROW_OPENING] = TEXT_COLUMN("Opening time"),
    [GTPP_ROW_DURATION] = NUMBER_COLUMN("Duration (s)"),
    [GTPP_ROW_UPLINK] = NUMBER_COLUMN("Octets up"),
    [GTPP_ROW_DOWNLINK] = NUMBER_COLUMN("Octets down"),
    [GTPP_ROW_RATING_GROUPS] = TEXT_COLUMN("Rating groups"),
    [GTPP_ROW_CAUSE] = NUMBER_COLUMN("Cause for closing"),
    [GTPP_ROW_FATE] = TEXT_COLUMN("Fate"),
    [GTPP_ROW_DECIDED_IN] = NUMBER_COLUMN("Decided in"),
    [GTPP_ROW_DELAY] = NUMBER_COLUMN("Delay (ms)"),
    [GTPP_ROW_AGE] = NUMBER_COLUMN("Age (s)"),
    [GTPP_ROW_DIGEST] = TEXT_COLUMN("Digest"),
    [GTPP_ROW_CUT] = TEXT_COLUMN("Cut"),
};

static void add_records(gtpp_rows_t *rows, packet_info *pinfo, const gtpp_message_tap_t *message)
{
    for (; message != NULL; message = message->next) {
        if (message->event->type != GTPP_DATA_RECORD_TRANSFER_REQUEST) {
            continue;
        }
        for (uint32_t place = 0; place < MAX(message->event->announced, message->pdu->num_cdrs); place++) {
            gtpp_rows_add(rows, pinfo, message, place);
        }
    }
}

/* {{{ A table of Wireshark's */

/* The row of a table keeps its event, and the record's place in it, in the scratch space of two cells. */
static gtpp_row_t row_of(const stat_tap_table_item_type *row, gtpp_rows_t *rows)
{
    return (gtpp_row_t){ .rows = rows,
                         .event = row[GTPP_ROW_REQUEST].user_data.ptr_value,
                         .place = row[GTPP_ROW_POSITION].user_data.uint_value };
}

static void set_cell(stat_tap_table_item_type *cells, const gtpp_row_t *row, unsigned column)
{
    if (columns[column].type == TABLE_ITEM_STRING) {
        gtpp_row_text_t room;
        stat_reports_set_text(cells, column, gtpp_row_cell(row, column, room));
    }
}

static void add_row(const gtpp_row_t *row, void *data)
{
    stat_report_t *report = data;
    stat_tap_table_item_type *cells = stat_reports_add_row(report, g_hash_table_size(report->rows));

    cells[GTPP_ROW_FRAME].value.uint_value = gtpp_session_frame_number(row->event);
    cells[GTPP_ROW_PATH].value.uint_value = row->event->path;
    cells[GTPP_ROW_REQUEST].value.uint_value = row->event->seq;
    cells[GTPP_ROW_REQUEST].user_data.ptr_value = (void *)row->event;
    cells[GTPP_ROW_POSITION].value.uint_value = row->place + 1;
    cells[GTPP_ROW_POSITION].user_data.uint_value = row->place;
    for (unsigned column = 0; column < GTPP_ROW_COLUMNS; column++) {
        set_cell(cells, row, column);
    }
}

static bool is_of_request(const stat_tap_table_item_type *row)
{
    return gtpp_judge_is_request(row[GTPP_ROW_REQUEST].user_data.ptr_value);
}

/* What may have turned out since the row was drawn before. */
static void draw_row(stat_tap_table_item_type *cells, gtpp_rows_t *rows)
{
    static const unsigned late[] = { GTPP_ROW_CDF, GTPP_ROW_CGF, GTPP_ROW_FATE, GTPP_ROW_DECIDED_IN, GTPP_ROW_DELAY };
    const gtpp_row_t row = row_of(cells, rows);

    for (unsigned i = 0; i < array_length(late); i++) {
        set_cell(cells, &row, late[i]);
    }
}

static void free_rows(void *rows)
{
    gtpp_rows_free(rows);
}

static void draw_report(stat_report_t *report)
{
    if (report->own == NULL || !gtpp_session_judge()) {
        return;
    }
    gtpp_rows_visit(report->own, add_row, report);
    gtpp_rows_clear(report->own);
    stat_reports_show_rows(report, is_of_request);
    for (unsigned i = 0; i < report->table->num_elements; i++) {
        draw_row(report->table->elements[i], report->own);
    }
}

static tap_packet_status add_to_table(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                      tap_flags_t flags _U_)
{
    stat_report_t *report = stat_reports_get_drawn(tapdata, "gtpp", draw_report);

    if (report->own == NULL) {
        report->own = gtpp_rows_new();
        report->free_own = free_rows;
    }
    add_records(report->own, pinfo, data);
    return TAP_PACKET_REDRAW;
}

/* }}} */
/* {{{ tshark */

typedef struct {
    char *filter;
    gtpp_rows_t *rows;
    GString *line;
} printed_t;

static tap_packet_status add_to_printed(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                        tap_flags_t flags _U_)
{
    printed_t *printed = tapdata;

    add_records(printed->rows, pinfo, data);
    return TAP_PACKET_REDRAW;
}

static void reset_printed(void *tapdata)
{
    printed_t *printed = tapdata;

    gtpp_rows_clear(printed->rows);
}

static void free_printed(void *tapdata)
{
    printed_t *printed = tapdata;

    gtpp_rows_free(printed->rows);
    g_string_free(printed->line, TRUE);
    g_free(printed->filter);
    g_free(printed);
}

static void print_row(const gtpp_row_t *row, void *data)
{
    GString *line = data;
    gtpp_row_text_t room;

    if (!gtpp_judge_is_request(row->event)) {
        return;
    }
    g_string_truncate(line, 0);
    for (unsigned column = 0; column < GTPP_ROW_COLUMNS; column++) {
        g_string_append(line, gtpp_row_cell(row, column, room));
        g_string_append(line, " |");
    }
    g_string_append_c(line, '\n');
    fputs(line->str, stdout);
}

/* In the form in which tshark prints tables. */
static void print_report(void *tapdata)
{
    static const char rule[] = "==================================================================================="
                               "==================";
    printed_t *printed = tapdata;

    printf("\n%s\n%s:\nFilter for statistics: %s\n", rule, WS_MENU_TITLE TITLE,
           printed->filter != NULL ? printed->filter : "");
    for (unsigned column = 0; column < GTPP_ROW_COLUMNS; column++) {
        printf("%s |", columns[column].column_name);
    }
    printf("\n%s\n", TITLE);
    if (gtpp_session_judge()) {
        gtpp_rows_visit(printed->rows, print_row, printed->line);
    }
    printf("%s\n", rule);
}

static WS_STAT_STARTED start_printed(const char *argument, void *userdata)
{
    const char *filter = NULL;
    char *complaint = NULL;
    printed_t *printed = g_new0(printed_t, 1);

    stat_tap_get_filter(userdata, argument, &filter, &complaint);
    g_free(complaint);
    printed->filter = g_strdup(filter);
    printed->rows = gtpp_rows_new();
    printed->line = g_string_new(NULL);
    GString *error = register_tap_listener("gtpp", printed, printed->filter, TL_REQUIRES_NOTHING, reset_printed,
                                           add_to_printed, print_report, free_printed);
    if (error != NULL) {
        fprintf(stderr, "tshark: Couldn't register tap: %s\n", error->str);
        exit(1);
    }
    WS_RETURN_STARTED(true);
}

/* tshark takes the report that was registered first under a name, and it registers those of the tables when all
 * dissectors have been. */
static void register_printed(stat_tap_table_ui *table)
{
    static stat_tap_ui ui = { .group = REGISTER_PACKET_STAT_GROUP_UNSORTED, .cli_string = COMMAND };

    if (g_strcmp0(g_get_prgname(), "tshark") == 0) {
        ui.title = table->title;
        ui.tap_init_cb = start_printed;
        ui.nparams = table->nparams;
        ui.params = table->params;
        register_stat_tap_ui(&ui, table);
    }
}

/* }}} */

void gtpp_stats_records_register(void)
{
    static stat_tap_table_ui ui = {
        .title = WS_MENU_TITLE TITLE,
        .tap_name = "gtpp",
        .cli_string = COMMAND,
        .packet_func = add_to_table,
        .nfields = GTPP_ROW_COLUMNS,
        .fields = columns,
    };

    stat_reports_register(&ui);
    register_printed(&ui);
}
