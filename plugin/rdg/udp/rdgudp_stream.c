/* rdgudp_stream.c
 * What RDPEUDP datagrams carry, in the order of their numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_stream.h"

#include <wsutil/wmem/wmem.h>
#include <epan/wmem_scopes.h>

#include <string.h>

#include "base/octets.h"
#include "rdgudp_rdpeudp.h"

#define RECORD_HEADER 5
#define LONGEST_RECORD (16384 + 2048)

/* Octets in order. */
typedef struct {
    uint8_t *octets;
    uint32_t length;
    uint32_t room;
} run_t;

/* One direction of a channel's attempt. */
typedef struct {
    rdgudp_order_t order;
    run_t rest;              /* the beginning of a record whose end has not come; only appended to until it has */
    rdgudp_chunk_t *rest_of; /* the datagram with its last octets */
    rdgudp_chunk_t *gaps;    /* datagrams before which some are missing, the latest first */
} direction_t;

struct rdgudp_stream {
    uint32_t attempt;
    direction_t directions[2];
};

static int owner = -1;

void rdgudp_stream_register(void)
{
    owner = frame_store_new_owner();
}

/* An attempt has numbers of its own. */
static direction_t *get_direction(rdgudp_conv_t *conv, bool from_gateway)
{
    if (conv->stream == NULL || conv->stream->attempt != conv->channel.attempt) {
        conv->stream = wmem_new0(wmem_file_scope(), struct rdgudp_stream);
        conv->stream->attempt = conv->channel.attempt;
    }
    return &conv->stream->directions[from_gateway];
}

void rdgudp_stream_set_initial(rdgudp_conv_t *conv, bool from_gateway, uint32_t initial)
{
    rdgudp_order_set_initial(&get_direction(conv, from_gateway)->order, initial);
}

/* {{{ Octets in order */

/* True when a datagram's octets stand alone, by what is known of the channel or, without that, by their looks. */
static bool stands_alone(const rdgudp_conv_t *conv, const uint8_t *octets, uint32_t length)
{
    return conv->channel.lossy_known ? conv->channel.lossy
                                     : rdgudp_rdpeudp_guess_inner(octets, length) == RDGUDP_INNER_DTLS;
}

/* The octets of whole TLS records at the start. *IS_LOST: what comes behind them begins no record. */
static uint32_t count_records(const uint8_t *octets, uint32_t length, bool *is_lost)
{
    uint32_t at = 0;

    *is_lost = false;
    while (length - at >= RECORD_HEADER) {
        uint32_t size = octets_be16(octets + at + 3);
        if (rdgudp_rdpeudp_guess_inner(octets + at, length - at) != RDGUDP_INNER_TLS || size > LONGEST_RECORD) {
            *is_lost = true;
            break;
        }
        if (size > length - at - RECORD_HEADER) {
            break;
        }
        at += RECORD_HEADER + size;
    }
    return at;
}

static void append(run_t *run, const uint8_t *octets, uint32_t length)
{
    if (length > run->room - run->length) {
        run->room = MAX(run->room * 2, run->length + length);
        run->octets = wmem_realloc(wmem_file_scope(), run->octets, run->room);
    }
    if (octets != NULL && length > 0) {
        memcpy(run->octets + run->length, octets, length);
        run->length += length;
    }
}

static void drop_rest(direction_t *direction)
{
    direction->rest.length = 0;
    direction->rest_of = NULL;
}

/* Whole records were read with the datagram: LENGTH octets at OCTETS, whose tail behind WHOLE, LAST's, begins another
 * record. */
static void keep_tail(direction_t *direction, const uint8_t *octets, uint32_t whole, uint32_t length,
                      rdgudp_chunk_t *last, frame_record_t *frame)
{
    if (direction->rest_of != NULL) {
        direction->rest_of->read_in = frame;
    }
    direction->rest = (run_t){ .octets = NULL };
    direction->rest_of = whole < length ? last : NULL;
    last->read_in = whole < length ? NULL : frame;
    append(&direction->rest, octets + whole, length - whole);
}

/* The datagram goes on where the last one ended, as do those that waited for it. */
static void read_in_order(direction_t *direction, const uint8_t *payload, uint32_t length, rdgudp_chunk_t *chunk,
                          packet_info *pinfo)
{
    frame_record_t *frame = frame_store_record(pinfo);
    rdgudp_chunk_t *waiting = rdgudp_order_pop(&direction->order);
    run_t *rest = &direction->rest;
    rdgudp_chunk_t *last = chunk;
    bool is_own = waiting == NULL && rest->length == 0;
    bool is_lost;

    if (!is_own) {
        append(rest, payload, length);
        for (; waiting != NULL; waiting = rdgudp_order_pop(&direction->order)) {
            append(rest, waiting->waits, waiting->waits_length);
            waiting->waits = NULL;
            waiting->read_in = frame;
            last = waiting;
        }
    }
    const uint8_t *octets = is_own ? payload : rest->octets;
    uint32_t all = is_own ? length : rest->length;
    uint32_t whole = count_records(octets, all, &is_lost);
    chunk->length = whole;
    if (whole > 0 && !is_own) {
        chunk->octets = rest->octets;
        chunk->carried = all - length;
    }
    if (is_lost) {
        last->read_in = frame;
        if (whole > 0) {
            direction->rest = (run_t){ .octets = NULL };
        }
        drop_rest(direction);
    } else if (whole > 0) {
        keep_tail(direction, octets, whole, all, last, frame);
    } else {
        if (is_own) {
            append(rest, payload, length);
        }
        last->read_in = NULL;
        direction->rest_of = last;
    }
}

/* Gaps that are looked through for a late datagram. */
#define MOST_GAPS 64

/* A datagram that is not the latest may be one that was missing. */
static void fill_gap(direction_t *direction, uint32_t number)
{
    unsigned count = 0;

    for (rdgudp_chunk_t *one = direction->gaps; one != NULL && count < MOST_GAPS; one = one->next, count++) {
        if (one->number - number <= one->missing && one->number != number) {
            one->filled++;
            return;
        }
    }
}

static void note_number(direction_t *direction, rdgudp_chunk_t *chunk, uint32_t number)
{
    chunk->number = number;
    if (chunk->missing > 0) {
        chunk->next = direction->gaps;
        direction->gaps = chunk;
    } else if (number + 1 != direction->order.end) {
        fill_gap(direction, number);
    }
}

/* First pass. */
static rdgudp_chunk_t *take(tvbuff_t *payload, packet_info *pinfo, rdgudp_conv_t *conv, uint32_t number)
{
    direction_t *direction = get_direction(conv, rdgudp_session_is_from_gateway(conv, pinfo));
    rdgudp_chunk_t *chunk = wmem_new0(wmem_file_scope(), rdgudp_chunk_t);
    uint32_t length = tvb_captured_length(payload);
    const uint8_t *octets = tvb_get_ptr(payload, 0, (int)length);
    bool is_alone = stands_alone(conv, octets, length);

    chunk->place = rdgudp_order_take(&direction->order, number, chunk, &chunk->missing);
    if (chunk->place != RDGUDP_ORDER_AGAIN) {
        note_number(direction, chunk, number);
    }
    if (is_alone) {
        /* Numbers count all the same. */
        chunk->length = chunk->place != RDGUDP_ORDER_AGAIN ? length : 0;
        chunk->read_in = frame_store_record(pinfo);
    } else if (chunk->place == RDGUDP_ORDER_NEXT) {
        read_in_order(direction, octets, length, chunk, pinfo);
    } else if (chunk->place == RDGUDP_ORDER_EARLY) {
        chunk->waits = wmem_memdup(wmem_file_scope(), octets, length);
        chunk->waits_length = length;
    }
    if (rdgudp_order_is_full(&direction->order)) {
        chunk->skipped = rdgudp_order_skip(&direction->order);
        drop_rest(direction);
    }
    if (is_alone) {
        while (rdgudp_order_pop(&direction->order) != NULL) {
        }
    } else if (chunk->skipped > 0) {
        read_in_order(direction, NULL, 0, chunk, pinfo);
    }
    return chunk;
}

/* }}} */

const rdgudp_chunk_t *rdgudp_stream_take(tvbuff_t *payload, packet_info *pinfo, rdgudp_conv_t *conv, uint32_t number,
                                         bool learns)
{
    if (PINFO_FD_VISITED(pinfo)) {
        return frame_store_next(pinfo, owner);
    }
    if (!learns) {
        return NULL;
    }
    rdgudp_chunk_t *chunk = take(payload, pinfo, conv, number);
    frame_store_put(pinfo, owner, chunk);
    return chunk;
}

tvbuff_t *rdgudp_stream_get(tvbuff_t *payload, packet_info *pinfo, const rdgudp_chunk_t *chunk)
{
    if (chunk->length == 0) {
        return NULL;
    }
    if (chunk->octets == NULL) {
        return chunk->length <= tvb_captured_length(payload) ? tvb_new_subset_length(payload, 0, (int)chunk->length)
                                                             : NULL;
    }
    tvbuff_t *joined = tvb_new_child_real_data(payload, chunk->octets, chunk->length, (int)chunk->length);
    add_new_data_source(pinfo, joined, "Joined RDPEUDP");
    return joined;
}
