/* stat_reports.h
 * A table of statistics (-z PROTO,NAME) of which each report has its own copy.
 *
 * Wireshark keeps one table for each kind of report (stat_tap_table_ui.tables), and gives it to all reports of the
 * kind: asked for twice, or with two filters, every packet is counted twice. Here Wireshark's table stays empty, and
 * each report gets a copy of its own with its first packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_STAT_REPORTS_H
#define PORTLORE_STAT_REPORTS_H

#include <epan/stat_tap_ui.h>

/* One report. Lives until it is reset or closed. */
typedef struct {
    stat_tap_table *table;
    GHashTable *rows; /* for the caller: a row's number of his own choice -> its items; empty in a new report */
    GHashTable *seen; /* for the caller: a set of addresses, which are not read here; empty in a new report */
    void *own;        /* for the caller: NULL in a new report; freed with free_own */
    GDestroyNotify free_own;
} stat_report_t;

/* Makes the figures of a report from what has been seen. */
typedef void (*stat_report_draw_t)(stat_report_t *report);

/* Registers a kind of report of which KIND has title, names, columns and packet_func; KIND gets what all kinds share: a
 * filter as parameter, and the callbacks, of which stat_tap_init_cb stays when it is set. KIND lives as long as the
 * program. Call once for each kind, at registration. */
void stat_reports_register(stat_tap_table_ui *kind);

/* What stat_tap_init_cb is when KIND has no other. One of its own calls it. */
void stat_reports_init(stat_tap_table_ui *kind);

/* The report that TAPDATA, which packet_func was given, stands for. */
stat_report_t *stat_reports_get(void *tapdata);

/* Likewise, for a report whose figures are made when it is drawn: DRAW is called before each drawing, when packets have
 * come since the last one. TAP is the name of the tap that the report listens to. */
stat_report_t *stat_reports_get_drawn(void *tapdata, const char *tap, stat_report_draw_t draw);

/* Adds a row under the number KEY, as the last one: numbers are 0, texts are "". Returns its items, which stay where
 * they are until the report is reset. */
stat_tap_table_item_type *stat_reports_add_row(stat_report_t *report, unsigned key);

/* Leaves the rows in the table for which IS_SHOWN is true. The others are kept, and looked at again with the next call:
 * those that come back are the last ones. */
void stat_reports_show_rows(stat_report_t *report, bool (*is_shown)(const stat_tap_table_item_type *row));

/* A time since the first packet of the capture, which may be before it: "12.345678", in memory of SCOPE. */
const char *stat_reports_write_time(wmem_allocator_t *scope, const nstime_t *when);

/* Sets a text of ROW; TEXT is copied. */
void stat_reports_set_text(stat_tap_table_item_type *row, unsigned column, const char *text);

#endif
