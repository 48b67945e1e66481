/* frame_store.c
 * What was found out about a frame, and when all frames have been read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "frame_store.h"

#include <epan/proto_data.h>

#include <string.h>

/* Keys of Wireshark's lists of protocol data: the frame's record, and how far each owner has come in this dissection.
 */
enum { KEY_RECORD, KEY_CURSORS };

typedef struct frame_item {
    struct frame_item *next;
    void *data;
    int owner;
} frame_item_t;

struct frame_record {
    frame_item_t first; /* most frames have one item; .data is NULL while there is none */
    uint32_t number;
    bool is_dropped; /* a later frame had the same number */
    bool is_kept;    /* the frame came again on a later pass */
};

/* How far one owner has come in this dissection of the frame. Lives as long as the packet. */
typedef struct frame_cursor {
    struct frame_cursor *next;
    frame_item_t *item; /* the last one put or got */
    uint32_t count;
    int owner;
} frame_cursor_t;

/* What tells one frame from the others of its number. */
typedef struct {
    uint32_t number;
    uint32_t length;
    nstime_t when;
} frame_mark_t;

/* Records are allocated in blocks: one of its own would cost half as much again. */
#define RECORDS_IN_A_BLOCK 32

static int proto_store = -1;

/* Of this file, or this dissection of it. */
static struct {
    frame_record_t *current; /* made in this dissection of a frame; NULL behind its end */
    frame_record_t *last;    /* of the frame that was observed last on the first pass; NULL when it has none */
    frame_mark_t mark;       /* of that frame */
    nstime_t latest;         /* the latest time of any frame so far */
    frame_record_t *block;   /* the last one allocated */
    unsigned free_records;   /* at its end */
    bool has_dropped;        /* a read filter dropped a frame */
    bool is_whole;
} file;

/* The last frame of the file that was read to its end before this one. Wireshark announces the end of a file, but not
 * that of a redissection, which comes to the same last frame. */
static frame_mark_t end_before;

static frame_record_t *allocate_record(void)
{
    if (file.free_records == 0) {
        file.block = wmem_alloc0_array(wmem_file_scope(), frame_record_t, RECORDS_IN_A_BLOCK);
        file.free_records = RECORDS_IN_A_BLOCK;
    }
    return &file.block[RECORDS_IN_A_BLOCK - file.free_records--];
}

static void start_file(void)
{
    if (file.is_whole) {
        end_before = file.mark;
    }
    memset(&file, 0, sizeof file);
}

static void end_file(void)
{
    file.is_whole = true;
}

void frame_store_register(int proto)
{
    proto_store = proto;
    register_init_routine(start_file);
    register_postseq_cleanup_routine(end_file);
}

static frame_mark_t mark_of(const packet_info *pinfo)
{
    return (frame_mark_t){ pinfo->num, pinfo->fd->pkt_len, pinfo->abs_ts };
}

static bool is_same_mark(const frame_mark_t *one, const frame_mark_t *other)
{
    return one->number == other->number && one->length == other->length && nstime_cmp(&one->when, &other->when) == 0;
}

/* Only a frame that the read filter drops leaves its number to the next frame. */
static void check_for_drop(const packet_info *pinfo, const frame_record_t *current)
{
    if (file.last != NULL && file.last != current && file.last->number == pinfo->num) {
        file.last->is_dropped = true;
        file.has_dropped = true;
    }
}

/* Asked of every packet, so that it does not call nstime_cmp(). */
static bool is_later(const nstime_t *one, const nstime_t *other)
{
    return one->secs > other->secs || (one->secs == other->secs && one->nsecs > other->nsecs);
}

static frame_record_t *add_record(packet_info *pinfo)
{
    frame_record_t *record = allocate_record();

    record->number = pinfo->num;
    p_add_proto_data(wmem_file_scope(), pinfo, proto_store, KEY_RECORD, record);
    return record;
}

static void note_time(const packet_info *pinfo)
{
    if (is_later(&pinfo->abs_ts, &file.latest) && !nstime_is_unset(&pinfo->abs_ts)) {
        file.latest = pinfo->abs_ts;
    }
}

frame_record_t *frame_store_record(packet_info *pinfo)
{
    frame_record_t *record = p_get_proto_data(wmem_file_scope(), pinfo, proto_store, KEY_RECORD);

    if (record == NULL && !PINFO_FD_VISITED(pinfo)) {
        record = add_record(pinfo);
        file.current = record;
        check_for_drop(pinfo, record);
        note_time(pinfo);
    } else if (record != NULL && PINFO_FD_VISITED(pinfo)) {
        record->is_kept = true;
    }
    return record;
}

void frame_store_observe(packet_info *pinfo)
{
    if (PINFO_FD_VISITED(pinfo)) {
        (void)frame_store_record(pinfo);
        return;
    }
    check_for_drop(pinfo, file.current);
    file.last = file.current;
    file.current = NULL;
    file.mark = mark_of(pinfo);
    note_time(pinfo);
    file.is_whole = is_same_mark(&file.mark, &end_before);
}

static frame_cursor_t *find_cursor(packet_info *pinfo, int owner)
{
    frame_cursor_t *first = p_get_proto_data(pinfo->pool, pinfo, proto_store, KEY_CURSORS);

    for (frame_cursor_t *cursor = first; cursor != NULL; cursor = cursor->next) {
        if (cursor->owner == owner) {
            return cursor;
        }
    }
    frame_cursor_t *cursor = wmem_new0(pinfo->pool, frame_cursor_t);
    cursor->owner = owner;
    if (first == NULL) {
        p_add_proto_data(pinfo->pool, pinfo, proto_store, KEY_CURSORS, cursor);
    } else {
        cursor->next = first->next;
        first->next = cursor;
    }
    return cursor;
}

/* The item of OWNER behind FROM, which itself may be it. */
static frame_item_t *find_item(frame_item_t *from, int owner)
{
    while (from != NULL && (from->data == NULL || from->owner != owner)) {
        from = from->next;
    }
    return from;
}

/* Adds an item behind BEFORE, or in its place while that is empty. The items of one owner stand in the order in which
 * they were put. */
static frame_item_t *add_item(frame_item_t *before, int owner, void *data)
{
    frame_item_t *item = before;

    if (before->data != NULL) {
        item = wmem_new0(wmem_file_scope(), frame_item_t);
        item->next = before->next;
        before->next = item;
    }
    item->owner = owner;
    item->data = data;
    return item;
}

int frame_store_new_owner(void)
{
    static int last = -1; /* the id of no protocol */

    return --last;
}

static void put(packet_info *pinfo, frame_record_t *record, int owner, void *data)
{
    if (record == NULL || data == NULL) {
        return;
    }
    frame_cursor_t *cursor = find_cursor(pinfo, owner);
    cursor->item = add_item(cursor->item != NULL ? cursor->item : &record->first, owner, data);
    cursor->count++;
}

void frame_store_put(packet_info *pinfo, int owner, void *data)
{
    put(pinfo, frame_store_record(pinfo), owner, data);
}

void frame_store_put_late(packet_info *pinfo, int owner, void *data)
{
    frame_record_t *record = frame_store_record(pinfo);

    put(pinfo, record != NULL ? record : add_record(pinfo), owner, data);
}

void *frame_store_next(packet_info *pinfo, int owner)
{
    frame_record_t *record = frame_store_record(pinfo);

    if (record == NULL) {
        return NULL;
    }
    frame_cursor_t *cursor = find_cursor(pinfo, owner);
    frame_item_t *item = find_item(cursor->item != NULL ? cursor->item->next : &record->first, owner);
    if (item == NULL) {
        return NULL;
    }
    cursor->item = item;
    cursor->count++;
    return item->data;
}

uint32_t frame_store_count(packet_info *pinfo, int owner)
{
    return find_cursor(pinfo, owner)->count;
}

bool frame_store_has_frames(void)
{
    return file.mark.number != 0;
}

bool frame_store_is_whole(void)
{
    return file.is_whole;
}

void frame_record_put(frame_record_t *record, int owner, void *data)
{
    frame_item_t *last = &record->first;

    while (last->next != NULL) {
        last = last->next;
    }
    add_item(last, owner, data);
}

const nstime_t *frame_store_latest(void)
{
    return &file.latest;
}

uint32_t frame_record_number(const frame_record_t *record)
{
    return record->number;
}

bool frame_record_is_shown(const frame_record_t *record)
{
    return record->is_kept || (!record->is_dropped && !(record == file.last && file.has_dropped));
}
