/* gtpp_stats_records.c
 * A row for each charging record, with what became of it: -z gtpp,records.
 *
 * A record has a row when the request that brought it passes the filter, and is the first copy of it: the rows of a
 * path add up to the ledger's columns. What the record itself says is written when its packet is read. What became of
 * it is written when the table is drawn, from the judgement of what has been read by then, so that one pass and two
 * come to the same.
 *
 * Wireshark's tables have no empty cell for a number: what a record may lack is a text, and numbers among them are
 * filled up with spaces on the left, so that they are sorted by value.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include <epan/charsets.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "base/stat_reports.h"
#include "gtpp_judge.h"
#include "gtpp_match.h"
#include "gtpp_stats.h"

enum {
    COLUMN_FRAME,
    COLUMN_TIME,
    COLUMN_CDF,
    COLUMN_CGF,
    COLUMN_PATH,
    COLUMN_REQUEST,
    COLUMN_POSITION,
    COLUMN_KIND,
    COLUMN_NODE,
    COLUMN_LOCAL_SEQ,
    COLUMN_RECORD_SEQ,
    COLUMN_IMSI,
    COLUMN_MSISDN,
    COLUMN_APN,
    COLUMN_CHARGING_ID,
    COLUMN_OPENING,
    COLUMN_DURATION,
    COLUMN_UPLINK,
    COLUMN_DOWNLINK,
    COLUMN_RATING_GROUPS,
    COLUMN_CAUSE,
    COLUMN_FATE,
    COLUMN_DECIDED_IN,
    COLUMN_DELAY,
    COLUMN_AGE,
    COLUMN_DIGEST,
    COLUMN_CUT,
    COLUMNS
};

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

static stat_tap_table_item columns[COLUMNS] = {
    [COLUMN_FRAME] = COUNT_COLUMN("Frame"),
    [COLUMN_TIME] = TEXT_COLUMN("Time"),
    [COLUMN_CDF] = TEXT_COLUMN("CDF"),
    [COLUMN_CGF] = TEXT_COLUMN("CGF"),
    [COLUMN_PATH] = COUNT_COLUMN("Path"),
    [COLUMN_REQUEST] = COUNT_COLUMN("Request"),
    [COLUMN_POSITION] = COUNT_COLUMN("Position"),
    [COLUMN_KIND] = TEXT_COLUMN("Kind"),
    [COLUMN_NODE] = TEXT_COLUMN("Node"),
    [COLUMN_LOCAL_SEQ] = NUMBER_COLUMN("Local seq"),
    [COLUMN_RECORD_SEQ] = NUMBER_COLUMN("Record seq"),
    [COLUMN_IMSI] = TEXT_COLUMN("IMSI"),
    [COLUMN_MSISDN] = TEXT_COLUMN("MSISDN"),
    [COLUMN_APN] = TEXT_COLUMN("APN"),
    [COLUMN_CHARGING_ID] = NUMBER_COLUMN("Charging id"),
    [COLUMN_OPENING] = TEXT_COLUMN("Opening time"),
    [COLUMN_DURATION] = NUMBER_COLUMN("Duration (s)"),
    [COLUMN_UPLINK] = NUMBER_COLUMN("Octets up"),
    [COLUMN_DOWNLINK] = NUMBER_COLUMN("Octets down"),
    [COLUMN_RATING_GROUPS] = TEXT_COLUMN("Rating groups"),
    [COLUMN_CAUSE] = NUMBER_COLUMN("Cause for closing"),
    [COLUMN_FATE] = TEXT_COLUMN("Fate"),
    [COLUMN_DECIDED_IN] = NUMBER_COLUMN("Decided in"),
    [COLUMN_DELAY] = NUMBER_COLUMN("Delay (ms)"),
    [COLUMN_AGE] = NUMBER_COLUMN("Age (s)"),
    [COLUMN_DIGEST] = TEXT_COLUMN("Digest"),
    [COLUMN_CUT] = TEXT_COLUMN("Cut"),
};

static const char *const fates[GTPP_FATE_COUNT] = {
    [GTPP_FATE_UNDECIDED] = "Cannot be told",
    [GTPP_FATE_ACKNOWLEDGED] = "Acknowledged",
    [GTPP_FATE_ELSEWHERE] = "Acknowledged elsewhere",
    [GTPP_FATE_HELD] = "Held",
    [GTPP_FATE_RELEASED] = "Released",
    [GTPP_FATE_CANCELLED] = "Cancelled",
    [GTPP_FATE_REJECTED] = "Rejected",
    [GTPP_FATE_TWICE] = "Accepted twice",
    [GTPP_FATE_UNACKNOWLEDGED] = "Not acknowledged",
    [GTPP_FATE_NOT_YET] = "Not answered yet",
};

/* {{{ Cells */

/* Text of a packet: a bar would be taken for the end of the cell, a control character for that of the line. */
static void set_packet_text(wmem_allocator_t *pool, stat_tap_table_item_type *row, unsigned column, const char *text)
{
    wmem_strbuf_t *cell = wmem_strbuf_new(pool, "");

    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == '\x7f' || *at == '|' || *at == '\\') {
            wmem_strbuf_append_printf(cell, "\\x%02x", (unsigned char)*at);
        } else {
            wmem_strbuf_append_c(cell, *at);
        }
    }
    stat_reports_set_text(row, column, wmem_strbuf_get_str(cell));
}

static void set_number(wmem_allocator_t *pool, stat_tap_table_item_type *row, unsigned column, uint64_t number,
                       int width)
{
    char *cell = wmem_strdup_printf(pool, "%*" PRIu64, width, number);

    stat_reports_set_text(row, column, cell);
    wmem_free(pool, cell);
}

/* A time in UTC. Nothing for one that no calendar has. */
static void set_time(stat_tap_table_item_type *row, unsigned column, const nstime_t *when, bool has_fraction)
{
    GDateTime *date = g_date_time_new_from_unix_utc(when->secs);

    if (date == NULL) {
        return;
    }
    char *seconds = g_date_time_format(date, "%Y-%m-%dT%H:%M:%S");
    char *cell = has_fraction ? g_strdup_printf("%s.%09dZ", seconds, when->nsecs) : g_strdup_printf("%sZ", seconds);
    stat_reports_set_text(row, column, cell);
    g_free(cell);
    g_free(seconds);
    g_date_time_unref(date);
}

/* }}} */
/* {{{ What the record says */

/* Octets of one direction. A record that lists both traffic volumes and service data counts the same octets in both. */
typedef struct {
    bool has_traffic;
    bool has_service;
    uint64_t traffic;
    uint64_t service;
} gtpp_volume_t;

static void add_volume(gtpp_volume_t *volume, const cdr_item_t *item)
{
    if (item->in_service) {
        volume->has_service = true;
        volume->service += item->number;
    } else {
        volume->has_traffic = true;
        volume->traffic += item->number;
    }
}

static void set_volume(wmem_allocator_t *pool, stat_tap_table_item_type *row, unsigned column,
                       const gtpp_volume_t *volume)
{
    if (volume->has_traffic || volume->has_service) {
        set_number(pool, row, column, volume->has_traffic ? volume->traffic : volume->service, 20);
    }
}

/* The rating groups, each once, in the order in which they come. */
static void add_rating_group(wmem_strbuf_t *groups, const cdr_item_t *item)
{
    char number[24];

    snprintf(number, sizeof number, ",%u,", item->rating_group);
    if (strstr(wmem_strbuf_get_str(groups), number) == NULL) {
        wmem_strbuf_append(groups, wmem_strbuf_get_len(groups) == 0 ? number : number + 1);
    }
}

static void set_rating_groups(wmem_allocator_t *pool, stat_tap_table_item_type *row, const wmem_strbuf_t *groups)
{
    const size_t length = wmem_strbuf_get_len(groups);

    if (length > 2) {
        const char *list = wmem_strndup(pool, wmem_strbuf_get_str(groups) + 1, length - 2);
        stat_reports_set_text(row, COLUMN_RATING_GROUPS, list);
    }
}

static void set_age(wmem_allocator_t *pool, stat_tap_table_item_type *row, const nstime_t *sent, const nstime_t *opened)
{
    nstime_t age;

    nstime_delta(&age, sent, opened);
    stat_reports_set_text(row, COLUMN_AGE, wmem_strdup_printf(pool, "%16.3f", nstime_to_sec(&age)));
}

/* A field that stands in a cell as it is. The first of several counts. */
static void set_field(packet_info *pinfo, stat_tap_table_item_type *row, const cdr_t *cdr, const cdr_item_t *item)
{
    static const struct {
        unsigned column; /* 0: none */
        int width;
    } numbers[CDR_FIELD_COUNT] = {
        [CDR_CHARGING_ID] = { COLUMN_CHARGING_ID, 10 }, [CDR_DURATION] = { COLUMN_DURATION, 10 },
        [CDR_RECORD_SEQ] = { COLUMN_RECORD_SEQ, 10 },   [CDR_LOCAL_SEQ] = { COLUMN_LOCAL_SEQ, 10 },
        [CDR_CAUSE_CLOSING] = { COLUMN_CAUSE, 5 },
    };
    static const unsigned texts[CDR_FIELD_COUNT] = {
        [CDR_IMSI] = COLUMN_IMSI, [CDR_MSISDN] = COLUMN_MSISDN, [CDR_APN] = COLUMN_APN, [CDR_NODE_ID] = COLUMN_NODE
    };
    const unsigned column = item->field == CDR_OPENING_TIME    ? COLUMN_OPENING
                            : numbers[item->field].column != 0 ? numbers[item->field].column
                                                               : texts[item->field];

    if (column == 0 || row[column].value.string_value[0] != '\0') {
        return;
    }
    if (item->field == CDR_OPENING_TIME) {
        set_time(row, column, &item->time, false);
        set_age(pinfo->pool, row, &pinfo->abs_ts, &item->time);
    } else if (numbers[item->field].column != 0) {
        set_number(pinfo->pool, row, column, item->number, numbers[item->field].width);
    } else if (item->field == CDR_IMSI || item->field == CDR_MSISDN || item->is_digits) {
        stat_reports_set_text(row, column, item->digits);
    } else {
        const char *text = (const char *)get_ascii_string(pinfo->pool, cdr->octets + item->offset, (int)item->length);
        set_packet_text(pinfo->pool, row, column, text);
    }
}

static void set_record(packet_info *pinfo, stat_tap_table_item_type *row, const cdr_t *cdr)
{
    gtpp_volume_t up = { .traffic = 0 };
    gtpp_volume_t down = { .traffic = 0 };
    wmem_strbuf_t *groups = wmem_strbuf_new(pinfo->pool, "");

    stat_reports_set_text(row, COLUMN_KIND, cdr->type_name);
    for (uint32_t i = 0; i < cdr->num_items; i++) {
        const cdr_item_t *item = &cdr->items[i];
        if (item->field == CDR_UPLINK || item->field == CDR_DOWNLINK) {
            add_volume(item->field == CDR_UPLINK ? &up : &down, item);
            if (item->has_rating_group) {
                add_rating_group(groups, item);
            }
        } else if (item->field < CDR_FIELD_COUNT) {
            set_field(pinfo, row, cdr, item);
        }
    }
    set_volume(pinfo->pool, row, COLUMN_UPLINK, &up);
    set_volume(pinfo->pool, row, COLUMN_DOWNLINK, &down);
    set_rating_groups(pinfo->pool, row, groups);
    if (cdr->captured < cdr->length) {
        stat_reports_set_text(row, COLUMN_CUT, "yes");
    } else if (!cdr->has_local_seq) {
        char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, cdr->octets, cdr->length);
        digest[16] = '\0';
        stat_reports_set_text(row, COLUMN_DIGEST, digest);
        g_free(digest);
    }
}

/* }}} */
/* {{{ What became of it */

/* The row keeps its event, and the record's place in it, in the scratch space of two cells. */
static gtpp_event_t *event_of(const stat_tap_table_item_type *row)
{
    return row[COLUMN_REQUEST].user_data.ptr_value;
}

static bool is_of_request(const stat_tap_table_item_type *row)
{
    return gtpp_judge_is_request(event_of(row));
}

static void set_fate(stat_tap_table_item_type *row)
{
    const gtpp_event_t *request = event_of(row);
    const uint32_t place = row[COLUMN_POSITION].user_data.uint_value;
    const gtpp_event_record_t *record = place < request->num_records ? &request->records[place] : NULL;
    const gtpp_event_t *answer =
        record != NULL && record->decided_by != NULL ? record->decided_by : gtpp_judge_answer(request);
    char text[32] = "";

    stat_reports_set_text(row, COLUMN_FATE, fates[record != NULL ? record->fate : request->fate]);
    if (answer != NULL && gtpp_session_is_shown(answer)) {
        snprintf(text, sizeof text, "%10u", gtpp_session_frame_number(answer));
    }
    stat_reports_set_text(row, COLUMN_DECIDED_IN, text);
    text[0] = '\0';
    if (answer != NULL) {
        snprintf(text, sizeof text, "%16.3f", (double)(answer->time - request->time) / 1e6);
    }
    stat_reports_set_text(row, COLUMN_DELAY, text);
}

/* Which end is which may turn out late. */
static void set_ends(stat_tap_table_item_type *row)
{
    const gtpp_conv_t *conv = gtpp_session_get_conv(event_of(row)->path);

    if (conv != NULL) {
        char *cdf = (char *)gtpp_session_end_text(NULL, conv, conv->path->cdf);
        char *cgf = (char *)gtpp_session_end_text(NULL, conv, 1 - conv->path->cdf);
        stat_reports_set_text(row, COLUMN_CDF, cdf);
        stat_reports_set_text(row, COLUMN_CGF, cgf);
        wmem_free(NULL, cdf);
        wmem_free(NULL, cgf);
    }
}

static void draw_report(stat_report_t *report)
{
    if (!gtpp_session_judge()) {
        return;
    }
    stat_reports_show_rows(report, is_of_request);
    for (unsigned i = 0; i < report->table->num_elements; i++) {
        set_ends(report->table->elements[i]);
        set_fate(report->table->elements[i]);
    }
}

/* }}} */

static void add_row(stat_report_t *report, packet_info *pinfo, const gtpp_message_tap_t *message, uint32_t place)
{
    stat_tap_table_item_type *row = stat_reports_add_row(report, g_hash_table_size(report->rows));
    const nstime_t when = gtpp_session_time(message->event);

    row[COLUMN_FRAME].value.uint_value = pinfo->num;
    set_time(row, COLUMN_TIME, &when, true);
    row[COLUMN_PATH].value.uint_value = message->event->path;
    row[COLUMN_REQUEST].value.uint_value = message->event->seq;
    row[COLUMN_REQUEST].user_data.ptr_value = message->event;
    row[COLUMN_POSITION].value.uint_value = place + 1;
    row[COLUMN_POSITION].user_data.uint_value = place;
    if (place < message->pdu->num_cdrs) {
        set_record(pinfo, row, &message->pdu->cdrs[place]);
    } else {
        stat_reports_set_text(row, COLUMN_KIND, "not captured");
        stat_reports_set_text(row, COLUMN_CUT, "yes");
    }
}

static tap_packet_status add_messages(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                      tap_flags_t flags _U_)
{
    stat_report_t *report = stat_reports_get_drawn(tapdata, "gtpp", draw_report);

    for (const gtpp_message_tap_t *message = data; message != NULL; message = message->next) {
        if (message->event->type != GTPP_DATA_RECORD_TRANSFER_REQUEST) {
            continue;
        }
        for (uint32_t place = 0; place < MAX(message->event->announced, message->pdu->num_cdrs); place++) {
            add_row(report, pinfo, message, place);
        }
    }
    return TAP_PACKET_REDRAW;
}

void gtpp_stats_records_register(void)
{
    static tap_param params[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };
    static stat_tap_table_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = WS_MENU_TITLE "GTP' Records",
        .tap_name = "gtpp",
        .cli_string = "gtpp,records",
        .stat_tap_init_cb = stat_reports_init,
        .packet_func = add_messages,
        .stat_tap_reset_table_cb = stat_reports_reset,
        .stat_tap_free_table_item_cb = stat_reports_free_item,
        .nfields = COLUMNS,
        .fields = columns,
        .nparams = array_length(params),
        .params = params,
    };

    register_stat_tap_table_ui(&ui);
}
