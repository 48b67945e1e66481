/* passes.c
 * The passes over the frames of a file, with the lives that Wireshark gives to what hangs on a frame.
 *
 * What tshark.c (process_packet_first_pass) and file.c (read_record) do: a frame is dissected with a local frame_data.
 * If the read filter keeps the frame, the structure is copied into the sequence of frames, with the list of protocol
 * data that hangs on it. If not, the list is freed, and the next frame gets the same number. Memory of the packet
 * (pinfo->pool) is freed after each dissection. Here each local frame_data, packet_info and tree is a piece of memory
 * of its own, so that AddressSanitizer sees any use after its end; in Wireshark they are reused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "passes.h"

#include <epan/column.h>
#include <epan/epan_dissect.h>
#include <epan/packet.h>
#include <wiretap/wtap.h>

#include "session.h"

#define START_OF_TIME 1700000000

/* How a frame is dissected. */
typedef struct {
    bool tree;
    bool visible;
    bool columns;
    bool taps;
} look_t;

/* The frames of the file, kept ones only, by number: frame_data. They live until the next file. */
static GPtrArray *kept;
/* The frame that is being dissected, which may not be one of them yet. */
static const frame_data *current;

/* What frame_data_set_before_dissect() and frame_data_set_after_dissect() go on with from frame to frame. */
typedef struct {
    nstime_t elapsed;
    const frame_data *reference;
    const frame_data *before;
    uint32_t octets;
} progress_t;

uint32_t session_frame_number(void)
{
    return current != NULL ? current->num : 0;
}

const nstime_t *passes_time_of_frame(struct packet_provider_data *provider _U_, uint32_t number)
{
    if (kept != NULL && number > 0 && number <= kept->len) {
        return &((const frame_data *)kept->pdata[number - 1])->abs_ts;
    }
    return current != NULL && current->num == number ? &current->abs_ts : NULL;
}

static void fill_record(wtap_rec *rec, const session_frame_t *frame, const nstime_t *when)
{
    memset(rec, 0, sizeof *rec);
#if WS_AT_LEAST(4, 6)
    wtap_setup_packet_rec(rec, frame->encapsulation);
#endif
    rec->rec_type = REC_TYPE_PACKET;
    rec->presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN;
    rec->ts = *when;
    rec->tsprec = WTAP_TSPREC_USEC;
    rec->rec_header.packet_header.caplen = frame->captured;
    rec->rec_header.packet_header.len = frame->reported;
    rec->rec_header.packet_header.pkt_encap = frame->encapsulation;
}

static void dissect(const session_frame_t *frame, frame_data *fd, look_t how)
{
    epan_dissect_t *edt = epan_dissect_new(session_engine(), how.tree, how.visible);
    column_info *columns = how.columns ? session_columns() : NULL;
    wtap_rec rec;

    current = fd;
    fill_record(&rec, frame, &fd->abs_ts);
#if WS_AT_LEAST(4, 6)
    /* Wireshark takes the octets from the record and only reads them. */
    rec.data = (Buffer){ (uint8_t *)frame->octets, frame->captured, 0, frame->captured };
    (how.taps ? epan_dissect_run_with_taps : epan_dissect_run)(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &rec, fd, columns);
#else
    tvbuff_t *tvb = tvb_new_real_data(frame->octets, frame->captured, (int)frame->reported);
    (how.taps ? epan_dissect_run_with_taps : epan_dissect_run)(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &rec, tvb, fd,
                                                               columns);
#endif
    if (columns != NULL) {
        epan_dissect_fill_in_columns(edt, FALSE, FALSE);
    }
    epan_dissect_free(edt);
}

/* Dissects a frame in its place in the file. */
static void dissect_in_order(const session_frame_t *frame, frame_data *fd, look_t how, progress_t *progress)
{
    frame_data_set_before_dissect(fd, &progress->elapsed, &progress->reference, progress->before);
    dissect(frame, fd, how);
}

static void after_dissect(frame_data *fd, progress_t *progress)
{
    frame_data_set_after_dissect(fd, &progress->octets);
    progress->before = fd;
}

/* Reads one frame of the file. Its frame_data when the read filter keeps it, otherwise NULL. */
static frame_data *read_frame(const session_frame_t *frame, const nstime_t *when, unsigned how, bool has_filter,
                              progress_t *progress)
{
    const look_t filter = { .tree = has_filter || (how & SESSION_FIRST_TREE) != 0 };
    const look_t row = {
        .tree = (how & SESSION_FIRST_TREE) != 0,
        .visible = true,
        .columns = (how & SESSION_NO_COLUMNS) == 0,
        .taps = true,
    };
    const bool two_passes = (how & SESSION_TWO_PASSES) != 0;
    frame_data *local = g_new(frame_data, 1);
    frame_data *fd = NULL;
    wtap_rec rec;

    fill_record(&rec, frame, when);
    frame_data_init(local, kept->len + 1, &rec, 0, progress->octets);
    if (two_passes) {
        dissect_in_order(frame, local, filter, progress);
    } else if (has_filter) {
        dissect(frame, local, filter);
    }
    current = NULL;
    if (has_filter && frame->is_dropped) {
        frame_data_destroy(local);
    } else {
        fd = g_new(frame_data, 1);
        *fd = *local;
        g_ptr_array_add(kept, fd);
    }
    /* Nothing that the reference of times points to may end here. */
    if (progress->reference == local) {
        progress->reference = fd;
    }
    g_free(local);
    if (fd != NULL && !two_passes) {
        dissect_in_order(frame, fd, row, progress);
    }
    if (fd != NULL) {
        after_dissect(fd, progress);
    }
    return fd;
}

/* Draws rows of the packet list while later frames are not yet read: the last one and one in the middle. */
static void draw_early_rows(const session_frame_t *const *frames, unsigned first, unsigned how)
{
    const unsigned count = kept->len - first;
    const look_t row = { .tree = count % 2 == 0,
                         .visible = count % 4 == 0,
                         .columns = (how & SESSION_NO_COLUMNS) == 0 };
    const unsigned rows[] = { count - 1, count / 2 };

    for (unsigned i = 0; i < array_length(rows); i++) {
        dissect(frames[rows[i]], kept->pdata[first + rows[i]], row);
    }
}

/* Dissects the COUNT frames from number FIRST + 1 on, which were all dissected before. */
static void look_again(const session_frame_t *const *frames, unsigned first, unsigned count, unsigned how)
{
    const look_t look = {
        .tree = true,
        .visible = (how & SESSION_INVISIBLE) == 0,
        .columns = (how & SESSION_NO_COLUMNS) == 0,
        .taps = true,
    };
    progress_t progress = { .reference = NULL };

    for (unsigned i = 0; i < count; i++) {
        const unsigned at = (how & SESSION_BACKWARDS) != 0 ? count - 1 - i : i;
        if ((how & SESSION_TWO_PASSES) != 0 && (how & SESSION_BACKWARDS) == 0) {
            dissect_in_order(frames[at], kept->pdata[first + at], look, &progress);
            after_dissect(kept->pdata[first + at], &progress);
        } else {
            dissect(frames[at], kept->pdata[first + at], look);
        }
    }
}

/* As file.c (rescan_packets): state about all frames is freed, then the frames are dissected as if for the first time.
 * Frames of inputs before this one stay as if the user had stopped it. */
static void redissect(const session_frame_t *const *frames, unsigned first, unsigned count, unsigned how)
{
    const look_t look = { .tree = (how & SESSION_FIRST_TREE) != 0,
                          .columns = (how & SESSION_NO_COLUMNS) == 0,
                          .taps = true };
    progress_t progress = { .reference = NULL };

    session_renew();
    for (unsigned i = 0; i < kept->len; i++) {
        frame_data_reset(kept->pdata[i]);
    }
    for (unsigned i = 0; i < count; i++) {
        dissect_in_order(frames[i], kept->pdata[first + i], look, &progress);
        after_dissect(kept->pdata[first + i], &progress);
    }
}

void session_dissect(const session_frame_t *frames, unsigned count, unsigned how)
{
    const session_frame_t **rows = g_new0(const session_frame_t *, count + 1);
    nstime_t now = { START_OF_TIME, 0 };
    progress_t progress = { .reference = NULL };
    bool has_filter = false;
    unsigned rows_count = 0;

    if (kept == NULL) {
        kept = g_ptr_array_new();
    }
    const unsigned first = kept->len;
    for (unsigned i = 0; i < count; i++) {
        has_filter = has_filter || frames[i].is_dropped;
    }
    for (unsigned i = 0; i < count; i++) {
        const nstime_t wait = { frames[i].wait_ms / 1000, (int)(frames[i].wait_ms % 1000) * 1000000 };
        nstime_add(&now, &wait);
        if (read_frame(&frames[i], &now, how, has_filter, &progress) != NULL) {
            rows[rows_count++] = &frames[i];
        }
        if ((how & SESSION_EARLY_ROWS) != 0 && (how & SESSION_TWO_PASSES) == 0 && rows_count > 0) {
            draw_early_rows(rows, first, how);
        }
    }
    postseq_cleanup_all_protocols();
    look_again(rows, first, rows_count, how);
    if ((how & SESSION_REDISSECT) == SESSION_REDISSECT) {
        redissect(rows, first, rows_count, how);
        look_again(rows, first, rows_count, how);
    }
    current = NULL;
    g_free(rows);
}

void passes_forget(void)
{
    for (unsigned i = 0; kept != NULL && i < kept->len; i++) {
        frame_data_destroy(kept->pdata[i]);
        g_free(kept->pdata[i]);
    }
    if (kept != NULL) {
        g_ptr_array_set_size(kept, 0);
    }
}
