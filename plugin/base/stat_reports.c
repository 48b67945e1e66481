/* stat_reports.c
 * A table of statistics of which each report has its own copy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "stat_reports.h"

#include <epan/packet.h>
#include <epan/tap.h>

#include <inttypes.h>
#include <stdlib.h>

/* A report, and what stands for its kind in it. */
typedef struct {
    stat_tap_table_ui ui; /* a copy of the kind's, with tables of its own */
    stat_report_t report;
    const stat_data_t *owner; /* Wireshark's description of the report */
    stat_report_draw_t draw;  /* NULL: the figures are made with each packet */
    GPtrArray *hidden;        /* rows that are not in the table at present */
    bool is_drawn;            /* no packet has come since the last drawing */
} copy_t;

static char no_text[] = ""; /* what most cells have: shared by all, never freed */

static GPtrArray *copies; /* of all kinds; as many as there have been reports open at a time */

static void free_text(stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING && item->value.string_value != no_text) {
        g_free((char *)item->value.string_value);
    }
}

static void free_row(const stat_tap_table *table, stat_tap_table_item_type *row)
{
    for (unsigned column = 0; column < table->num_fields; column++) {
        free_text(&row[column]);
    }
    g_free(row);
}

static void free_hidden(copy_t *copy)
{
    for (unsigned i = 0; i < copy->hidden->len; i++) {
        free_row(copy->report.table, copy->hidden->pdata[i]);
    }
    g_ptr_array_set_size(copy->hidden, 0);
}

static void free_own(stat_report_t *report)
{
    if (report->own != NULL) {
        report->free_own(report->own);
        report->own = NULL;
    }
}

static void free_copy(void *data)
{
    copy_t *copy = data;

    if (copy->draw != NULL) {
        remove_tap_listener(copy);
    }
    free_hidden(copy);
    g_ptr_array_free(copy->hidden, TRUE);
    free_stat_tables(&copy->ui);
    g_array_free(copy->ui.tables, TRUE);
    g_hash_table_destroy(copy->report.rows);
    g_hash_table_destroy(copy->report.seen);
    free_own(&copy->report);
    g_free(copy);
}

static void free_copies(void)
{
    g_ptr_array_free(copies, TRUE);
    copies = NULL;
}

static void add_table(stat_tap_table_ui *ui)
{
    /* The title in the menu is that of the table, behind the name of the plugin. */
    stat_tap_add_table(ui, stat_tap_init_table(ui->title + strlen(WS_MENU_TITLE), (int)ui->nfields, 0, NULL));
}

void stat_reports_init(stat_tap_table_ui *kind)
{
    if (kind->tables == NULL || kind->tables->len == 0) {
        add_table(kind);
    }
}

static void free_item(stat_tap_table *table _U_, unsigned row _U_, unsigned column _U_, stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING) {
        free_text(item);
        item->value.string_value = NULL;
    }
}

static void clear_table(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        free_row(table, table->elements[row]);
    }
    g_free(table->elements);
    table->elements = NULL;
    table->num_elements = 0;
}

static void reset(stat_tap_table *table)
{
    for (unsigned i = 0; copies != NULL && i < copies->len; i++) {
        copy_t *copy = g_ptr_array_index(copies, i);
        if (copy->report.table == table) {
            g_hash_table_remove_all(copy->report.rows);
            g_hash_table_remove_all(copy->report.seen);
            free_own(&copy->report);
            free_hidden(copy);
        }
    }
    clear_table(table);
}

/* The copy that OWNER had before, or a new one. */
static copy_t *find_copy(const stat_data_t *owner)
{
    if (copies == NULL) {
        copies = g_ptr_array_new_with_free_func(free_copy);
        register_shutdown_routine(free_copies);
    }
    for (unsigned i = 0; i < copies->len; i++) {
        copy_t *copy = g_ptr_array_index(copies, i);
        if (copy->owner == owner) {
            /* The address of one that was closed, or the same one anew. */
            g_ptr_array_remove_index_fast(copies, i);
            break;
        }
    }
    copy_t *copy = g_new0(copy_t, 1);
    copy->owner = owner;
    copy->hidden = g_ptr_array_new();
    g_ptr_array_add(copies, copy);
    return copy;
}

stat_report_t *stat_reports_get(void *tapdata)
{
    stat_data_t *owner = tapdata;

    for (unsigned i = 0; copies != NULL && i < copies->len; i++) {
        copy_t *copy = g_ptr_array_index(copies, i);
        if (owner->stat_tap_data == &copy->ui) {
            return &copy->report;
        }
    }
    copy_t *copy = find_copy(owner);
    copy->ui = *owner->stat_tap_data;
    copy->ui.tables = NULL;
    add_table(&copy->ui);
    copy->report.table = g_array_index(copy->ui.tables, stat_tap_table *, 0);
    copy->report.rows = g_hash_table_new(g_direct_hash, g_direct_equal);
    copy->report.seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    owner->stat_tap_data = &copy->ui;
    return &copy->report;
}

static tap_packet_status note_packet(void *tapdata _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *data _U_, tap_flags_t flags _U_)
{
    return TAP_PACKET_REDRAW;
}

static void draw_copy(void *tapdata)
{
    copy_t *copy = tapdata;

    if (!copy->is_drawn) {
        copy->is_drawn = true;
        copy->draw(&copy->report);
    }
}

/* Wireshark has no function that a table calls before it is printed. But it draws the listeners of taps in turn, the
 * one that was registered last first: so a listener of our own, registered after that of the report, comes before it.
 */
stat_report_t *stat_reports_get_drawn(void *tapdata, const char *tap, stat_report_draw_t draw)
{
    stat_report_t *report = stat_reports_get(tapdata);
    copy_t *copy = (copy_t *)((char *)report - offsetof(copy_t, report));

    if (copy->draw == NULL) {
        GString *error =
            register_tap_listener(tap, copy, NULL, TL_REQUIRES_NOTHING, NULL, note_packet, draw_copy, NULL);
        if (error != NULL) {
            ws_warning("%s", error->str);
            g_string_free(error, TRUE);
        }
        copy->draw = draw;
    }
    copy->is_drawn = false;
    return report;
}

stat_tap_table_item_type *stat_reports_add_row(stat_report_t *report, unsigned key)
{
    stat_tap_table *table = report->table;
    const copy_t *copy = (const copy_t *)((const char *)report - offsetof(copy_t, report));
    stat_tap_table_item_type *items = g_new0(stat_tap_table_item_type, table->num_fields);

    for (unsigned column = 0; column < table->num_fields; column++) {
        items[column].type = copy->ui.fields[column].type;
        if (items[column].type == TABLE_ITEM_STRING) {
            items[column].value.string_value = no_text;
        }
    }
    stat_tap_init_table_row(table, table->num_elements, table->num_fields, items);
    g_free(items);
    stat_tap_table_item_type *row = table->elements[table->num_elements - 1];
    g_hash_table_insert(report->rows, GUINT_TO_POINTER(key), row);
    return row;
}

void stat_reports_show_rows(stat_report_t *report, bool (*is_shown)(const stat_tap_table_item_type *row))
{
    stat_tap_table *table = report->table;
    const copy_t *copy = (const copy_t *)((const char *)report - offsetof(copy_t, report));
    GPtrArray *back = g_ptr_array_new();
    unsigned kept = 0;

    for (unsigned i = copy->hidden->len; i > 0; i--) {
        if (is_shown(copy->hidden->pdata[i - 1])) {
            g_ptr_array_add(back, g_ptr_array_remove_index(copy->hidden, i - 1));
        }
    }
    for (unsigned i = 0; i < table->num_elements; i++) {
        if (is_shown(table->elements[i])) {
            table->elements[kept++] = table->elements[i];
        } else {
            g_ptr_array_add(copy->hidden, table->elements[i]);
        }
    }
    table->num_elements = kept + back->len;
    table->elements = g_renew(stat_tap_table_item_type *, table->elements, table->num_elements);
    for (unsigned i = 0; i < back->len; i++) {
        table->elements[kept + i] = back->pdata[i];
    }
    g_ptr_array_free(back, TRUE);
}

const char *stat_reports_write_time(wmem_allocator_t *scope, const nstime_t *when)
{
    /* Before the capture's first packet, both parts are negative. */
    bool is_before = when->secs < 0 || when->nsecs < 0;
    int64_t whole = (int64_t)when->secs;

    return wmem_strdup_printf(scope, "%s%" PRId64 ".%06d", is_before ? "-" : "", is_before ? -whole : whole,
                              abs(when->nsecs) / 1000);
}

void stat_reports_set_text(stat_tap_table_item_type *row, unsigned column, const char *text)
{
    stat_tap_table_item_type *item = &row[column];

    if (item->value.string_value == NULL || strcmp(item->value.string_value, text) != 0) {
        free_text(item);
        item->value.string_value = text[0] != '\0' ? g_strdup(text) : no_text;
    }
}

void stat_reports_register(stat_tap_table_ui *kind)
{
    static tap_param parameters[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };

    kind->group = REGISTER_PACKET_STAT_GROUP_UNSORTED;
    if (kind->stat_tap_init_cb == NULL) {
        kind->stat_tap_init_cb = stat_reports_init;
    }
    kind->stat_tap_reset_table_cb = reset;
    kind->stat_tap_free_table_item_cb = free_item;
    kind->nparams = array_length(parameters);
    kind->params = parameters;
    register_stat_tap_table_ui(kind);
}
