/* test_gtpp_stream.c
 * The messages of a TCP stream of which segments are missing, out of order, cut, or sent again.
 *
 * Each test sends parts of a stream of messages, number 1 to 8, each of SIZE octets, and says which messages are read
 * with each part. Offsets count from the start of the stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_stream.h"

#include <glib.h>
#include <string.h>

#define SIZE 100
#define MESSAGES 8
#define TOTAL (MESSAGES * SIZE)

/* Behind a hole octets of a record could be taken for a header: these are those of a whole Echo Request, with nothing
 * of ours behind it, and of one that the elements do not fit. */
#define DECOY 40
static const uint8_t decoys[] = { 0x4e, 0x01, 0x00, 0x00, 0x02, 0x49, 0x4e, 0x01, 0x00, 0x08, 0x03, 0x01 };

typedef struct {
    wmem_allocator_t *allocator;
    gtpp_stream_t *stream;
    uint8_t octets[TOTAL];
    uint32_t start;
    int64_t time;
    gtpp_stream_message_t *last; /* of the last part */
    gtpp_hole_t *holes[64];
    unsigned num_holes;
} wire_t;

/* A Data Record Transfer Response with a private extension that fills it. */
static void write_message(uint8_t *octets, uint8_t seq)
{
    const uint8_t front[] = {
        0x4e, 0xf1, 0, SIZE - 6, 0, seq, 1, 128, 253, 0, 2, 0, seq, 255, 0, SIZE - 16, 0x28, 0xaf
    };

    memset(octets, seq, SIZE);
    memcpy(octets, front, sizeof front);
    memcpy(octets + DECOY, decoys, sizeof decoys);
}

static void open_wire(wire_t *wire, uint32_t start)
{
    memset(wire, 0, sizeof *wire);
    wire->allocator = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    wire->stream = gtpp_stream_open(wire->allocator);
    wire->start = start;
    for (unsigned i = 0; i < MESSAGES; i++) {
        write_message(wire->octets + (size_t)i * SIZE, (uint8_t)(i + 1));
    }
}

static void close_wire(wire_t *wire)
{
    wmem_destroy_allocator(wire->allocator);
}

static gtpp_segment_t part_of(wire_t *wire, uint32_t from, uint32_t to, uint32_t captured)
{
    return (gtpp_segment_t){ wire->start + from, to - from, wire->octets + from, MIN(captured, to - from),
                             wire->time++ };
}

/* The numbers of the messages that are read with the octets FROM up to TO, of which CAPTURED are there. */
static const char *send_cut(wire_t *wire, uint32_t from, uint32_t to, uint32_t captured)
{
    static char text[4 * MESSAGES];
    const gtpp_segment_t segment = part_of(wire, from, to, captured);

    text[0] = '\0';
    wire->last = gtpp_stream_add(wire->stream, &segment);
    for (const gtpp_stream_message_t *message = wire->last; message != NULL; message = message->next) {
        g_assert_cmpuint(message->length, ==, SIZE);
        g_assert_cmpuint((message->seq - wire->start) % SIZE, ==, 0);
        g_assert_cmpmem(message->octets, message->captured, wire->octets + (message->seq - wire->start),
                        message->captured);
        g_snprintf(text + strlen(text), 4, "%u ", message->octets[5]);
    }
    return g_strchomp(text);
}

static const char *send_part(wire_t *wire, uint32_t from, uint32_t to)
{
    return send_cut(wire, from, to, TOTAL);
}

static uint32_t count_missing(wire_t *wire)
{
    uint32_t missing = 0;
    gtpp_hole_t *hole;

    while ((hole = gtpp_stream_take_hole(wire->stream)) != NULL) {
        g_assert_cmpuint(wire->num_holes, <, G_N_ELEMENTS(wire->holes));
        wire->holes[wire->num_holes++] = hole;
    }
    for (unsigned i = 0; i < wire->num_holes; i++) {
        missing += wire->holes[i]->octets;
    }
    return missing;
}

static void begin(wire_t *wire, uint32_t start)
{
    open_wire(wire, start);
    gtpp_stream_begin(wire->stream, start);
    g_assert_cmpuint(count_missing(wire), ==, 0);
}

static void test_in_order(void)
{
    wire_t wire;

    begin(&wire, UINT32_MAX - 250); /* the numbers go over their largest one */
    g_assert_cmpstr(send_part(&wire, 0, 150), ==, "1");
    g_assert_cmpstr(send_part(&wire, 150, 330), ==, "2 3");
    g_assert_cmpstr(send_part(&wire, 330, TOTAL), ==, "4 5 6 7 8");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
}

static void test_in_any_order(void)
{
    /* Every order of four parts that cut messages: each message is read, and once. */
    static const uint32_t cuts[] = { 0, 130, 345, 610, TOTAL };

    for (unsigned order = 0; order < 256; order++) {
        const unsigned places[] = { order & 3, order >> 2 & 3, order >> 4 & 3, order >> 6 };
        unsigned seen = 0;
        unsigned read = 0;
        wire_t wire;
        for (unsigned i = 0; i < 4; i++) {
            seen |= 1u << places[i];
        }
        if (seen != 15) {
            continue;
        }
        begin(&wire, 1000);
        for (unsigned i = 0; i < 4; i++) {
            send_part(&wire, cuts[places[i]], cuts[places[i] + 1]);
            for (const gtpp_stream_message_t *message = wire.last; message != NULL; message = message->next) {
                g_assert_cmpuint(read & 1u << message->octets[5], ==, 0);
                read |= 1u << message->octets[5];
            }
        }
        g_assert_cmphex(read, ==, 0x1fe);
        g_assert_cmpuint(count_missing(&wire), ==, 0);
        close_wire(&wire);
    }
}

/* The last part first, in parts of whatever size. */
static void test_in_the_opposite_order(void)
{
    for (uint32_t size = 51; size < 3 * SIZE; size++) {
        unsigned read = 0;
        wire_t wire;
        begin(&wire, 1000);
        for (uint32_t from = (TOTAL - 1) / size * size;; from -= size) {
            send_part(&wire, from, MIN(from + size, TOTAL));
            for (const gtpp_stream_message_t *message = wire.last; message != NULL; message = message->next) {
                g_assert_cmpuint(read & 1u << message->octets[5], ==, 0);
                read |= 1u << message->octets[5];
            }
            if (from == 0) {
                break;
            }
        }
        g_assert_cmphex(read, ==, 0x1fe);
        close_wire(&wire);
    }
}

static void test_sent_again(void)
{
    wire_t wire;

    begin(&wire, 7);
    g_assert_cmpstr(send_part(&wire, 0, 100), ==, "1");
    g_assert_cmpstr(send_part(&wire, 0, 100), ==, "");
    g_assert_cmpstr(send_part(&wire, 0, 300), ==, "2 3"); /* with more */
    g_assert_cmpstr(send_part(&wire, 299, 300), ==, "");  /* keep-alive */
    g_assert_cmpstr(send_part(&wire, 250, 410), ==, "4");
    g_assert_cmpstr(send_part(&wire, 350, 500), ==, "5");
    close_wire(&wire);
}

static void test_hole(void)
{
    wire_t wire;

    begin(&wire, 7);
    send_part(&wire, 0, 200);
    g_assert_cmpstr(send_part(&wire, 300, 400), ==, "4");
    g_assert_nonnull(wire.last->hole);
    g_assert_cmpuint(wire.last->hole->octets, ==, 100);
    g_assert_cmpint(wire.last->hole->since, ==, 0);
    g_assert_cmpint(wire.last->hole->until, ==, 1);
    g_assert_cmpstr(send_part(&wire, 400, 500), ==, "5");
    g_assert_null(wire.last->hole); /* once */
    g_assert_cmpuint(count_missing(&wire), ==, 100);
    /* It is filled, in part and wholly. */
    g_assert_cmpstr(send_part(&wire, 200, 240), ==, "");
    g_assert_cmpuint(count_missing(&wire), ==, 60);
    g_assert_cmpstr(send_part(&wire, 240, 300), ==, "3");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
}

/* The Length of the message before the hole says where the next one begins. */
static void test_hole_amid_a_message(void)
{
    wire_t wire;

    begin(&wire, 7);
    g_assert_cmpstr(send_part(&wire, 0, 130), ==, "1");
    g_assert_cmpstr(send_part(&wire, 170, 310), ==, "3");
    g_assert_cmpuint(count_missing(&wire), ==, 40 + 90); /* what message 4 lacks is missing so far */
    g_assert_cmpstr(send_part(&wire, 310, 400), ==, "4");
    g_assert_cmpstr(send_part(&wire, 130, 170), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
}

/* Octets amid a message are no message, and what follows is found. */
static void test_octets_amid_a_message(void)
{
    wire_t wire;

    begin(&wire, 7);
    send_part(&wire, 0, 100);
    g_assert_cmpstr(send_part(&wire, 200 + DECOY, 360), ==, "");
    g_assert_cmpstr(send_part(&wire, 360, 500), ==, "4 5");
    close_wire(&wire);
    /* Alike where the capture begins. */
    open_wire(&wire, 7);
    g_assert_cmpstr(send_part(&wire, DECOY, 200), ==, "2");
    close_wire(&wire);
    open_wire(&wire, 7);
    g_assert_cmpstr(send_part(&wire, DECOY + 6, 99), ==, "");
    g_assert_cmpstr(send_part(&wire, 99, 200), ==, "2");
    close_wire(&wire);
}

static void test_first_two_changed_places(void)
{
    wire_t wire;

    open_wire(&wire, 7);
    g_assert_cmpstr(send_part(&wire, 60, 150), ==, "");
    g_assert_cmpstr(send_part(&wire, 0, 60), ==, "1");
    g_assert_cmpstr(send_part(&wire, 150, 300), ==, "2 3");
    close_wire(&wire);
}

/* A message that the capture cut is read as far as it goes. */
static void test_cut_segments(void)
{
    wire_t wire;

    begin(&wire, 7);
    g_assert_cmpstr(send_cut(&wire, 0, 250, 30), ==, "1");
    g_assert_cmpuint(wire.last->captured, ==, 30);
    /* Where the next message began is behind the cut, and this part begins amid one. */
    g_assert_cmpstr(send_cut(&wire, 250, 400, 120), ==, "4");
    g_assert_cmpstr(send_cut(&wire, 400, 500, 3), ==, "");
    g_assert_cmpstr(send_cut(&wire, 500, 600, 10), ==, "6");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
    begin(&wire, 7);
    /* Nothing is read of the rest of a message that was cut. */
    g_assert_cmpstr(send_cut(&wire, 0, 40, 30), ==, "1");
    g_assert_cmpstr(send_cut(&wire, DECOY, 200, 130), ==, "2");
    close_wire(&wire);
}

static void test_number_that_was_reached(void)
{
    wire_t wire;

    begin(&wire, 7);
    send_part(&wire, 0, 100);
    gtpp_stream_reach(wire.stream, 7 + 101, 5); /* the end of the connection has a number, too */
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    gtpp_stream_reach(wire.stream, 7 + 200, 5);
    g_assert_cmpuint(count_missing(&wire), ==, 100);
    g_assert_cmpstr(send_part(&wire, 100, 200), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    gtpp_stream_reach(wire.stream, 7 + 300, 5);
    g_assert_cmpstr(send_part(&wire, 300, 400), ==, "4");
    g_assert_cmpuint(wire.last->hole->octets, ==, 100);
    g_assert_cmpuint(count_missing(&wire), ==, 100);
    close_wire(&wire);
}

static void test_part_of_a_header(void)
{
    wire_t wire;

    begin(&wire, 7);
    send_part(&wire, 0, 103); /* how long the message is, is not known yet */
    g_assert_cmpuint(count_missing(&wire), ==, 3);
    send_part(&wire, 103, 106);
    g_assert_cmpuint(count_missing(&wire), ==, SIZE - 6);
    g_assert_cmpstr(send_part(&wire, 106, 200), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
}

static void test_begins_amid_and_goes_on_in_small_parts(void)
{
    for (uint32_t part = 1; part < 20; part++) {
        wire_t wire;
        open_wire(&wire, 7);
        send_part(&wire, SIZE - 5, SIZE);
        send_part(&wire, SIZE, SIZE + part); /* of the header, or of the first element */
        g_assert_cmpstr(send_part(&wire, SIZE + part, 2 * SIZE), ==, "2");
        close_wire(&wire);
    }
}

/* A message without elements that is all there is, in two parts. */
static void test_begins_with_a_bare_message(void)
{
    static const uint8_t echo[] = { 0x4e, 0x01, 0x00, 0x00, 0x00, 0x05 };

    for (uint32_t part = 1; part < sizeof echo; part++) {
        wire_t wire;
        open_wire(&wire, 7);
        const gtpp_segment_t first = { 7, part, echo, part, 1 };
        const gtpp_segment_t rest = { 7 + part, sizeof echo - part, echo + part, sizeof echo - part, 2 };
        g_assert_null(gtpp_stream_add(wire.stream, &first));
        g_assert_cmpuint(count_missing(&wire), ==, part);
        const gtpp_stream_message_t *message = gtpp_stream_add(wire.stream, &rest);
        g_assert_nonnull(message);
        g_assert_cmpuint(message->length, ==, sizeof echo);
        g_assert_cmpuint(count_missing(&wire), ==, 0);
        close_wire(&wire);
    }
}

/* The rest of a message that began before the capture: what it was is not known, but when it came. */
static void test_unread_octets(void)
{
    wire_t wire;

    open_wire(&wire, 7);
    g_assert_cmpstr(send_part(&wire, 50, SIZE), ==, "");
    g_assert_cmpuint(count_missing(&wire), ==, 50);
    g_assert_true(wire.holes[0]->is_unread);
    g_assert_cmpstr(send_part(&wire, SIZE, 2 * SIZE), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 50);
    g_assert_cmpint(wire.holes[0]->since, ==, 0);
    g_assert_cmpint(wire.holes[0]->until, ==, 0);
    g_assert_cmpstr(send_part(&wire, 0, 50), ==, "1");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
}

/* A segment that was sent again comes first before all others, and not all between them: what is missing there was sent
 * before those others. */
static void test_hole_before_the_first(void)
{
    wire_t wire;

    open_wire(&wire, 7);
    send_part(&wire, 2 * SIZE + 50, 3 * SIZE);
    g_assert_cmpstr(send_part(&wire, 3 * SIZE, 4 * SIZE), ==, "4");
    g_assert_cmpstr(send_part(&wire, SIZE, 2 * SIZE), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 50);
    const gtpp_hole_t *hole = wire.holes[wire.num_holes - 1];
    g_assert_cmpuint(hole->octets, ==, 50);
    g_assert_cmpint(hole->since, ==, 0);
    g_assert_cmpint(hole->until, ==, 2);
    close_wire(&wire);
}

/* The same where the segments before the hole were joined with those behind it. */
static void test_hole_before_what_was_joined(void)
{
    wire_t wire;

    open_wire(&wire, 7);
    send_part(&wire, 5 * SIZE, 6 * SIZE);
    send_part(&wire, 4 * SIZE, 5 * SIZE);
    send_part(&wire, 2 * SIZE, 3 * SIZE);
    g_assert_cmpuint(count_missing(&wire), ==, SIZE);
    g_assert_cmpint(wire.holes[wire.num_holes - 1]->since, ==, 0);
    close_wire(&wire);
}

/* What follows a hole that was filled late was sent behind its own segment, not behind the one that filled the hole. */
static void test_hole_behind_what_was_joined(void)
{
    wire_t wire;

    begin(&wire, 7);
    send_part(&wire, 0, SIZE);
    send_part(&wire, 2 * SIZE, 3 * SIZE);
    g_assert_cmpstr(send_part(&wire, SIZE, 2 * SIZE), ==, "2");
    g_assert_cmpstr(send_part(&wire, 4 * SIZE, 5 * SIZE), ==, "5");
    g_assert_cmpuint(wire.last->hole->octets, ==, SIZE);
    g_assert_cmpint(wire.last->hole->since, ==, 1);
    close_wire(&wire);
}

/* The header tells which message it is of which the rest is missing. */
static void test_number_of_a_rest(void)
{
    wire_t wire;

    begin(&wire, 7);
    send_part(&wire, 0, 2 * SIZE + 20);
    g_assert_cmpuint(count_missing(&wire), ==, SIZE - 20);
    g_assert_true(wire.holes[0]->has_number);
    g_assert_cmpuint(wire.holes[0]->number, ==, 3);
    close_wire(&wire);
}

/* The SYN is missing, and an acknowledgement tells where the stream goes on: what is missing from there on is a hole,
 * and where nothing is, there is none. */
static void test_start_that_is_acknowledged(void)
{
    wire_t wire;

    open_wire(&wire, UINT32_MAX - 50);
    gtpp_stream_expect(wire.stream, wire.start, 0);
    gtpp_stream_expect(wire.stream, wire.start + 700, 1); /* a later one tells nothing more */
    g_assert_cmpstr(send_part(&wire, 2 * SIZE, 4 * SIZE), ==, "3 4");
    g_assert_nonnull(wire.last->hole);
    g_assert_cmpuint(count_missing(&wire), ==, UINT64_C(2) * SIZE);
    g_assert_cmpstr(send_part(&wire, 0, SIZE), ==, "1");
    g_assert_cmpuint(count_missing(&wire), ==, SIZE);
    g_assert_cmpstr(send_part(&wire, SIZE, 2 * SIZE), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);

    open_wire(&wire, 1000);
    gtpp_stream_expect(wire.stream, wire.start, 0);
    gtpp_stream_begin(wire.stream, wire.start);
    g_assert_true(gtpp_stream_is_in_order(wire.stream, wire.start, SIZE));
    g_assert_cmpstr(send_part(&wire, 0, 150), ==, "1");
    g_assert_cmpstr(send_part(&wire, 150, 2 * SIZE), ==, "2");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);

    /* The acknowledgement came before what it acknowledges, from another tap. */
    open_wire(&wire, 1000);
    gtpp_stream_expect(wire.stream, wire.start + 2 * SIZE, 0);
    g_assert_cmpstr(send_part(&wire, 0, 2 * SIZE), ==, "1 2");
    g_assert_cmpstr(send_part(&wire, 2 * SIZE, 3 * SIZE), ==, "3");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);

    /* The stream goes on amid a message. */
    open_wire(&wire, 1000);
    gtpp_stream_expect(wire.stream, wire.start + 50, 0);
    g_assert_cmpstr(send_part(&wire, 50, 2 * SIZE), ==, "2");
    g_assert_cmpstr(send_part(&wire, 2 * SIZE, 3 * SIZE), ==, "3");
    close_wire(&wire);
}

/* The capture begins where a message does. What was sent before may come later, or be missing, as the other end's
 * acknowledgement of less tells. */
static void test_start_that_is_joined(void)
{
    wire_t wire;

    open_wire(&wire, UINT32_MAX - 250);
    gtpp_stream_join(wire.stream, wire.start + 4 * SIZE);
    g_assert_false(gtpp_stream_has_begun(wire.stream));
    g_assert_cmpstr(send_part(&wire, 4 * SIZE, 5 * SIZE), ==, "5");
    gtpp_stream_expect(wire.stream, wire.start + 5 * SIZE, 9); /* what has come */
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    gtpp_stream_expect(wire.stream, wire.start + 3 * SIZE, 9);
    g_assert_cmpuint(count_missing(&wire), ==, SIZE);
    g_assert_true(wire.holes[0]->is_early);
    gtpp_stream_expect(wire.stream, wire.start + 2 * SIZE, 9);
    g_assert_cmpuint(count_missing(&wire), ==, UINT64_C(2) * SIZE);
    g_assert_cmpstr(send_part(&wire, 3 * SIZE, 4 * SIZE), ==, "4");
    g_assert_cmpuint(count_missing(&wire), ==, SIZE);
    g_assert_cmpstr(send_part(&wire, 2 * SIZE, 3 * SIZE), ==, "3");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    g_assert_cmpstr(send_part(&wire, 5 * SIZE, 6 * SIZE), ==, "6");
    close_wire(&wire);

    /* A probe that keeps the connection alive sends the octet before the next one, and it may be any. */
    open_wire(&wire, 7);
    gtpp_stream_join(wire.stream, wire.start + SIZE);
    g_assert_cmpstr(send_part(&wire, SIZE, 2 * SIZE), ==, "2");
    g_assert_cmpstr(send_part(&wire, SIZE - 1, SIZE), ==, "");
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);

    /* Nothing lies before SYN. */
    begin(&wire, 7);
    g_assert_true(gtpp_stream_has_begun(wire.stream));
    g_assert_cmpstr(send_part(&wire, 0, SIZE), ==, "1");
    gtpp_stream_expect(wire.stream, wire.start - 100, 9);
    g_assert_cmpuint(count_missing(&wire), ==, 0);
    close_wire(&wire);
}

static void test_streams_in_order_are_followed(void)
{
    wire_t wire;

    begin(&wire, 7);
    g_assert_true(gtpp_stream_is_in_order(wire.stream, 7, 150));
    gtpp_segment_t segment = part_of(&wire, 0, 150, TOTAL);
    gtpp_stream_follow(wire.stream, &segment, 100, false);
    g_assert_false(gtpp_stream_is_in_order(wire.stream, 7 + 150, 50));
    g_assert_true(gtpp_stream_is_in_order(wire.stream, 7 + 100, 100));
    g_assert_cmpuint(count_missing(&wire), ==, 50);
    g_assert_cmpstr(send_part(&wire, 200, 300), ==, "3");
    g_assert_cmpstr(send_part(&wire, 150, 200), ==, "2"); /* its start was kept */
    g_assert_true(gtpp_stream_is_in_order(wire.stream, 7 + 300, 50));
    close_wire(&wire);
}

static void test_more_holes_than_are_kept(void)
{
    wire_t wire;
    uint8_t octets[SIZE];
    gtpp_segment_t segment = { 0, SIZE, octets, SIZE, 0 };
    const unsigned count = 3 * GTPP_STREAM_HOLES;

    begin(&wire, 0);
    write_message(octets, 9);
    for (unsigned i = 0; i < count; i++) {
        segment.seq = 2 * SIZE * i;
        g_assert_nonnull(gtpp_stream_add(wire.stream, &segment));
    }
    g_assert_cmpuint(count_missing(&wire), ==, (uint64_t)(count - 1) * SIZE);
    /* The last ones can be filled, the first one cannot. */
    segment.seq = 2 * SIZE * (count - 1) - SIZE;
    g_assert_nonnull(gtpp_stream_add(wire.stream, &segment));
    segment.seq = SIZE;
    g_assert_null(gtpp_stream_add(wire.stream, &segment));
    g_assert_cmpuint(count_missing(&wire), ==, (uint64_t)(count - 2) * SIZE);
    close_wire(&wire);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gtpp_stream/in_order", test_in_order);
    g_test_add_func("/gtpp_stream/in_any_order", test_in_any_order);
    g_test_add_func("/gtpp_stream/in_the_opposite_order", test_in_the_opposite_order);
    g_test_add_func("/gtpp_stream/sent_again", test_sent_again);
    g_test_add_func("/gtpp_stream/hole", test_hole);
    g_test_add_func("/gtpp_stream/hole_amid_a_message", test_hole_amid_a_message);
    g_test_add_func("/gtpp_stream/octets_amid_a_message", test_octets_amid_a_message);
    g_test_add_func("/gtpp_stream/first_two_changed_places", test_first_two_changed_places);
    g_test_add_func("/gtpp_stream/cut_segments", test_cut_segments);
    g_test_add_func("/gtpp_stream/number_that_was_reached", test_number_that_was_reached);
    g_test_add_func("/gtpp_stream/part_of_a_header", test_part_of_a_header);
    g_test_add_func("/gtpp_stream/begins_amid_and_goes_on_in_small_parts", test_begins_amid_and_goes_on_in_small_parts);
    g_test_add_func("/gtpp_stream/begins_with_a_bare_message", test_begins_with_a_bare_message);
    g_test_add_func("/gtpp_stream/unread_octets", test_unread_octets);
    g_test_add_func("/gtpp_stream/hole_before_the_first", test_hole_before_the_first);
    g_test_add_func("/gtpp_stream/hole_before_what_was_joined", test_hole_before_what_was_joined);
    g_test_add_func("/gtpp_stream/hole_behind_what_was_joined", test_hole_behind_what_was_joined);
    g_test_add_func("/gtpp_stream/number_of_a_rest", test_number_of_a_rest);
    g_test_add_func("/gtpp_stream/start_that_is_acknowledged", test_start_that_is_acknowledged);
    g_test_add_func("/gtpp_stream/start_that_is_joined", test_start_that_is_joined);
    g_test_add_func("/gtpp_stream/streams_in_order_are_followed", test_streams_in_order_are_followed);
    g_test_add_func("/gtpp_stream/more_holes_than_are_kept", test_more_holes_than_are_kept);
    return g_test_run();
}
