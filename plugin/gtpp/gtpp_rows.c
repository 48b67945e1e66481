/* gtpp_rows.c
 * A row for each charging record, with what became of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_rows.h"

#include <inttypes.h>

#include "gtpp_judge.h"

#define BLOCK_SIZE (1U << 20)
#define ROW_SIZE_MAX 512 /* 8 octets of address and up to 10 of each of 29 numbers */
#define SECONDS_OF_DAY 86400

/* Which day the last time of a column was of, in words: rows that follow each other are mostly of the same. */
typedef struct {
    bool is_set;
    int64_t day;   /* since 1970 */
    char text[12]; /* empty for a day that no calendar has */
} day_t;

struct gtpp_rows {
    GPtrArray *blocks;  /* of GByteArray: the rows, each as add_packed() writes it */
    GPtrArray *texts;   /* of those cells that are no digits, each text once */
    GHashTable *places; /* a text -> its place in texts */
    const gtpp_conv_t *conv;
    char *ends[2]; /* of that conversation, in words */
    day_t sent;
    day_t opened;
};

typedef enum {
    FORM_NONE, /* made when it is asked for */
    FORM_TEXT,
    FORM_NUMBER,
    FORM_TIME,
    FORM_DIGEST,
    FORM_FLAG
} form_t;

/* What is kept of a record. */
static const struct {
    form_t form;
    int width; /* of a number */
} kept[GTPP_ROW_COLUMNS] = {
    [GTPP_ROW_KIND] = { FORM_TEXT, 0 },          [GTPP_ROW_NODE] = { FORM_TEXT, 0 },
    [GTPP_ROW_LOCAL_SEQ] = { FORM_NUMBER, 10 },  [GTPP_ROW_RECORD_SEQ] = { FORM_NUMBER, 10 },
    [GTPP_ROW_IMSI] = { FORM_TEXT, 0 },          [GTPP_ROW_MSISDN] = { FORM_TEXT, 0 },
    [GTPP_ROW_APN] = { FORM_TEXT, 0 },           [GTPP_ROW_CHARGING_ID] = { FORM_NUMBER, 10 },
    [GTPP_ROW_OPENING] = { FORM_TIME, 0 },       [GTPP_ROW_DURATION] = { FORM_NUMBER, 10 },
    [GTPP_ROW_UPLINK] = { FORM_NUMBER, 20 },     [GTPP_ROW_DOWNLINK] = { FORM_NUMBER, 20 },
    [GTPP_ROW_RATING_GROUPS] = { FORM_TEXT, 0 }, [GTPP_ROW_CAUSE] = { FORM_NUMBER, 5 },
    [GTPP_ROW_DIGEST] = { FORM_DIGEST, 0 },      [GTPP_ROW_CUT] = { FORM_FLAG, 0 },
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

static void free_block(void *block)
{
    g_byte_array_free(block, TRUE);
}

gtpp_rows_t *gtpp_rows_new(void)
{
    gtpp_rows_t *rows = g_new0(gtpp_rows_t, 1);

    rows->blocks = g_ptr_array_new_with_free_func(free_block);
    rows->texts = g_ptr_array_new_with_free_func(g_free);
    rows->places = g_hash_table_new(g_str_hash, g_str_equal);
    return rows;
}

void gtpp_rows_clear(gtpp_rows_t *rows)
{
    g_ptr_array_set_size(rows->blocks, 0);
    g_hash_table_remove_all(rows->places);
    g_ptr_array_set_size(rows->texts, 0);
    rows->conv = NULL;
}

void gtpp_rows_free(gtpp_rows_t *rows)
{
    g_ptr_array_free(rows->blocks, TRUE);
    g_hash_table_destroy(rows->places);
    g_ptr_array_free(rows->texts, TRUE);
    g_free(rows->ends[0]);
    g_free(rows->ends[1]);
    g_free(rows);
}

/* {{{ Packed */

/* Writes a number, with spaces in front up to WIDTH. By hand: rows have ten of them, and printf takes longer than all
 * else of a row. */
static const char *write_number(uint64_t number, int width, gtpp_row_text_t room)
{
    char *end = &room[sizeof(gtpp_row_text_t) - 1];
    char *at = end;

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (end - at < width) {
        *--at = ' ';
    }
    return at;
}

static void put_number(GByteArray *block, uint64_t number)
{
    uint8_t octets[10];
    unsigned length = 0;

    while (number >= 0x80) {
        octets[length++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    octets[length++] = (uint8_t)number;
    g_byte_array_append(block, octets, length);
}

static uint64_t get_number(const uint8_t **at)
{
    uint64_t number = 0;
    unsigned shift = 0;

    do {
        number |= (uint64_t)(**at & 0x7F) << shift;
        shift += 7;
    } while (*(*at)++ & 0x80);
    return number;
}

/* Up to 18 digits are kept as twice the number that they are behind a digit 1, so that zeros in front stay; another
 * text as twice its place, and one. */
static uint64_t pack_text(gtpp_rows_t *rows, const char *text)
{
    const size_t length = strlen(text);

    if (length >= 1 && length <= 18 && strspn(text, "0123456789") == length) {
        uint64_t digits = 1;
        for (size_t i = 0; i < length; i++) {
            digits = digits * 10 + (uint64_t)(text[i] - '0');
        }
        return digits * 2;
    }
    void *place;
    if (!g_hash_table_lookup_extended(rows->places, text, NULL, &place)) {
        char *copy = g_strdup(text);
        place = GUINT_TO_POINTER(rows->texts->len);
        g_ptr_array_add(rows->texts, copy);
        g_hash_table_insert(rows->places, copy, place);
    }
    return (uint64_t)GPOINTER_TO_UINT(place) * 2 + 1;
}

static const char *unpack_text(const gtpp_rows_t *rows, uint64_t packed, gtpp_row_text_t room)
{
    if (packed % 2 == 1) {
        return g_ptr_array_index(rows->texts, packed / 2);
    }
    return write_number(packed / 2, 0, room) + 1;
}

static void add_packed(gtpp_rows_t *rows, const gtpp_row_t *row)
{
    GByteArray *block = rows->blocks->len > 0 ? g_ptr_array_index(rows->blocks, rows->blocks->len - 1) : NULL;

    if (block == NULL || block->len + ROW_SIZE_MAX > BLOCK_SIZE) {
        block = g_byte_array_sized_new(BLOCK_SIZE);
        g_ptr_array_add(rows->blocks, block);
    }
    g_byte_array_append(block, (const uint8_t *)&row->event, sizeof row->event);
    put_number(block, row->place);
    put_number(block, row->has);
    for (unsigned column = 0; column < GTPP_ROW_COLUMNS; column++) {
        if ((row->has >> column & 1) != 0 && kept[column].form != FORM_FLAG) {
            put_number(block, row->cells[column]);
        }
    }
}

static const uint8_t *read_packed(gtpp_row_t *row, const uint8_t *at)
{
    memcpy(&row->event, at, sizeof row->event);
    at += sizeof row->event;
    row->place = (uint32_t)get_number(&at);
    row->has = (uint32_t)get_number(&at);
    for (unsigned column = 0; column < GTPP_ROW_COLUMNS; column++) {
        if ((row->has >> column & 1) != 0 && kept[column].form != FORM_FLAG) {
            row->cells[column] = get_number(&at);
        }
    }
    return at;
}

void gtpp_rows_visit(gtpp_rows_t *rows, void (*visit)(const gtpp_row_t *row, void *data), void *data)
{
    gtpp_row_t row = { .rows = rows };

    for (unsigned i = 0; i < rows->blocks->len; i++) {
        const GByteArray *block = g_ptr_array_index(rows->blocks, i);
        for (const uint8_t *at = block->data; at < block->data + block->len;) {
            at = read_packed(&row, at);
            visit(&row, data);
        }
    }
}

/* }}} */
/* {{{ What the record says */

/* The first value of several counts. */
static void set_cell(gtpp_row_t *row, unsigned column, uint64_t value)
{
    if ((row->has >> column & 1) == 0) {
        row->has |= UINT32_C(1) << column;
        row->cells[column] = value;
    }
}

static void set_text(gtpp_row_t *row, unsigned column, const char *text)
{
    if (text[0] != '\0') {
        set_cell(row, column, pack_text(row->rows, text));
    }
}

/* Text of a packet: a bar would be taken for the end of the cell, a control character for that of the line. */
static void set_packet_text(wmem_allocator_t *pool, gtpp_row_t *row, unsigned column, const char *text)
{
    wmem_strbuf_t *cell = wmem_strbuf_new(pool, "");

    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == '\x7f' || *at == '|' || *at == '\\') {
            wmem_strbuf_append_printf(cell, "\\x%02x", (unsigned char)*at);
        } else {
            wmem_strbuf_append_c(cell, *at);
        }
    }
    set_text(row, column, wmem_strbuf_get_str(cell));
}

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

static void set_volume(gtpp_row_t *row, unsigned column, const gtpp_volume_t *volume)
{
    if (volume->has_traffic || volume->has_service) {
        set_cell(row, column, volume->has_traffic ? volume->traffic : volume->service);
    }
}

/* The rating groups, each once, in the order in which they come. */
static void add_rating_group(wmem_strbuf_t *groups, const cdr_item_t *item)
{
    char number[24];

    snprintf(number, sizeof number, ",%" PRIu64 ",", item->rating_group);
    if (strstr(wmem_strbuf_get_str(groups), number) == NULL) {
        wmem_strbuf_append(groups, wmem_strbuf_get_len(groups) == 0 ? number : number + 1);
    }
}

static void set_rating_groups(wmem_allocator_t *pool, gtpp_row_t *row, const wmem_strbuf_t *groups)
{
    const size_t length = wmem_strbuf_get_len(groups);

    if (length > 2) {
        set_text(row, GTPP_ROW_RATING_GROUPS, wmem_strndup(pool, wmem_strbuf_get_str(groups) + 1, length - 2));
    }
}

/* A field that stands in a cell as it is. */
static void set_field(wmem_allocator_t *pool, gtpp_row_t *row, const cdr_item_t *item)
{
    static const unsigned columns[CDR_FIELD_COUNT] = {
        [CDR_IMSI] = GTPP_ROW_IMSI,
        [CDR_MSISDN] = GTPP_ROW_MSISDN,
        [CDR_APN] = GTPP_ROW_APN,
        [CDR_NODE_ID] = GTPP_ROW_NODE,
        [CDR_CHARGING_ID] = GTPP_ROW_CHARGING_ID,
        [CDR_DURATION] = GTPP_ROW_DURATION,
        [CDR_RECORD_SEQ] = GTPP_ROW_RECORD_SEQ,
        [CDR_LOCAL_SEQ] = GTPP_ROW_LOCAL_SEQ,
        [CDR_CAUSE_CLOSING] = GTPP_ROW_CAUSE,
        [CDR_OPENING_TIME] = GTPP_ROW_OPENING,
    };
    const unsigned column = columns[item->field];

    if (column == 0 || (row->has >> column & 1) != 0) {
        return;
    }
    if (kept[column].form == FORM_TIME) {
        set_cell(row, column, (uint64_t)item->time.secs);
    } else if (kept[column].form == FORM_NUMBER) {
        set_cell(row, column, item->number);
    } else if (item->field == CDR_IMSI || item->field == CDR_MSISDN || item->is_digits) {
        set_text(row, column, item->digits);
    } else {
        set_packet_text(pool, row, column, cdr_item_text(pool, item));
    }
}

static void set_digest(gtpp_row_t *row, const cdr_t *cdr)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    uint8_t octets[32];
    size_t length = sizeof octets;
    uint64_t digest = 0;

    g_checksum_update(sum, cdr->octets, (gssize)cdr->length);
    g_checksum_get_digest(sum, octets, &length);
    g_checksum_free(sum);
    for (unsigned i = 0; i < sizeof digest; i++) {
        digest = digest << 8 | octets[i];
    }
    set_cell(row, GTPP_ROW_DIGEST, digest);
}

static void set_record(wmem_allocator_t *pool, gtpp_row_t *row, const cdr_t *cdr)
{
    gtpp_volume_t up = { .traffic = 0 };
    gtpp_volume_t down = { .traffic = 0 };
    wmem_strbuf_t *groups = NULL;

    set_text(row, GTPP_ROW_KIND, cdr->type_name);
    for (uint32_t i = 0; i < cdr->num_items; i++) {
        const cdr_item_t *item = &cdr->items[i];
        if (item->field == CDR_UPLINK || item->field == CDR_DOWNLINK) {
            add_volume(item->field == CDR_UPLINK ? &up : &down, item);
            if (item->has_rating_group) {
                groups = groups != NULL ? groups : wmem_strbuf_new(pool, "");
                add_rating_group(groups, item);
            }
        } else if (item->field < CDR_FIELD_COUNT) {
            set_field(pool, row, item);
        }
    }
    set_volume(row, GTPP_ROW_UPLINK, &up);
    set_volume(row, GTPP_ROW_DOWNLINK, &down);
    if (groups != NULL) {
        set_rating_groups(pool, row, groups);
    }
    if (cdr->captured < cdr->length) {
        set_cell(row, GTPP_ROW_CUT, 1);
    } else if (!cdr->has_local_seq) {
        set_digest(row, cdr);
    }
}

void gtpp_rows_add(gtpp_rows_t *rows, packet_info *pinfo, const gtpp_message_tap_t *message, uint32_t place)
{
    gtpp_row_t row = { .rows = rows, .event = message->event, .place = place };

    if (place < message->pdu->num_cdrs) {
        set_record(pinfo->pool, &row, &message->pdu->cdrs[place]);
    } else {
        set_text(&row, GTPP_ROW_KIND, "not captured");
        set_cell(&row, GTPP_ROW_CUT, 1);
    }
    add_packed(rows, &row);
}

/* }}} */
/* {{{ Cells */

/* Writes a time in UTC; NANOSECONDS is negative for one to the second. False for a time that no calendar has. */
static bool write_time(day_t *cached, int64_t seconds, int nanoseconds, gtpp_row_text_t room)
{
    const int64_t in_day = (seconds % SECONDS_OF_DAY + SECONDS_OF_DAY) % SECONDS_OF_DAY;
    const int64_t day = (seconds - in_day) / SECONDS_OF_DAY;

    if (!cached->is_set || cached->day != day) {
        GDateTime *date = g_date_time_new_from_unix_utc(seconds - in_day);
        char *text = date != NULL ? g_date_time_format(date, "%Y-%m-%d") : NULL;
        g_strlcpy(cached->text, text != NULL ? text : "", sizeof cached->text);
        cached->is_set = true;
        cached->day = day;
        g_free(text);
        if (date != NULL) {
            g_date_time_unref(date);
        }
    }
    const int hours = (int)(in_day / 3600);
    const int minutes = (int)(in_day / 60 % 60);
    const int rest = (int)(in_day % 60);
    if (nanoseconds >= 0) {
        snprintf(room, sizeof(gtpp_row_text_t), "%sT%02d:%02d:%02d.%09dZ", cached->text, hours, minutes, rest,
                 nanoseconds);
    } else {
        snprintf(room, sizeof(gtpp_row_text_t), "%sT%02d:%02d:%02dZ", cached->text, hours, minutes, rest);
    }
    return cached->text[0] != '\0';
}

/* Which end is which may turn out late. */
static const char *end_of(const gtpp_row_t *row, bool is_cdf)
{
    gtpp_rows_t *rows = row->rows;
    const gtpp_conv_t *conv = gtpp_session_get_conv(row->event->path);

    if (conv == NULL) {
        return "";
    }
    if (rows->conv != conv) {
        rows->conv = conv;
        for (unsigned end = 0; end < 2; end++) {
            char *text = (char *)gtpp_session_end_text(NULL, conv, end);
            g_free(rows->ends[end]);
            rows->ends[end] = g_strdup(text);
            wmem_free(NULL, text);
        }
    }
    const unsigned cdf = conv->path->cdf & 1;
    return rows->ends[is_cdf ? cdf : 1 - cdf];
}

static const char *fate_of(const gtpp_row_t *row, unsigned column, gtpp_row_text_t room)
{
    const gtpp_event_t *request = row->event;
    const gtpp_event_record_t *record = row->place < request->num_records ? &request->records[row->place] : NULL;

    if (column == GTPP_ROW_FATE) {
        return fates[record != NULL ? record->fate : request->fate];
    }
    const gtpp_event_t *answer =
        record != NULL && record->decided_by != NULL ? record->decided_by : gtpp_judge_answer(request);
    if (answer == NULL || (column == GTPP_ROW_DECIDED_IN && !gtpp_session_is_shown(answer))) {
        return "";
    }
    if (column == GTPP_ROW_DECIDED_IN) {
        return write_number(gtpp_session_frame_number(answer), 10, room);
    }
    snprintf(room, sizeof(gtpp_row_text_t), "%16.3f", (double)(answer->time - request->time) / 1e6);
    return room;
}

static const char *age_of(const gtpp_row_t *row, gtpp_row_text_t room)
{
    if ((row->has >> GTPP_ROW_OPENING & 1) == 0) {
        return "";
    }
    const nstime_t sent = gtpp_session_time(row->event);
    const nstime_t opened = { (time_t)row->cells[GTPP_ROW_OPENING], 0 };
    nstime_t age;
    nstime_delta(&age, &sent, &opened);
    snprintf(room, sizeof(gtpp_row_text_t), "%16.3f", nstime_to_sec(&age));
    return room;
}

/* A cell of which the record's packet says nothing, or which is there for every record. */
static const char *make_cell(const gtpp_row_t *row, unsigned column, gtpp_row_text_t room)
{
    const nstime_t when = gtpp_session_time(row->event);
    unsigned number;

    switch (column) {
    case GTPP_ROW_TIME:
        return write_time(&row->rows->sent, when.secs, when.nsecs, room) ? room : "";
    case GTPP_ROW_CDF:
    case GTPP_ROW_CGF:
        return end_of(row, column == GTPP_ROW_CDF);
    case GTPP_ROW_FATE:
    case GTPP_ROW_DECIDED_IN:
    case GTPP_ROW_DELAY:
        return fate_of(row, column, room);
    case GTPP_ROW_AGE:
        return age_of(row, room);
    case GTPP_ROW_FRAME:
        number = gtpp_session_frame_number(row->event);
        break;
    case GTPP_ROW_PATH:
        number = row->event->path;
        break;
    case GTPP_ROW_REQUEST:
        number = row->event->seq;
        break;
    case GTPP_ROW_POSITION:
        number = row->place + 1;
        break;
    default:
        return "";
    }
    return write_number(number, 0, room);
}

const char *gtpp_row_cell(const gtpp_row_t *row, unsigned column, gtpp_row_text_t room)
{
    const uint64_t cell = row->cells[column];

    if ((row->has >> column & 1) == 0) {
        return make_cell(row, column, room);
    }
    switch (kept[column].form) {
    case FORM_TEXT:
        return unpack_text(row->rows, cell, room);
    case FORM_TIME:
        return write_time(&row->rows->opened, (int64_t)cell, -1, room) ? room : "";
    case FORM_DIGEST:
        snprintf(room, sizeof(gtpp_row_text_t), "%016" PRIx64, cell);
        return room;
    case FORM_FLAG:
        return "yes";
    default:
        return write_number(cell, kept[column].width, room);
    }
}

/* }}} */
