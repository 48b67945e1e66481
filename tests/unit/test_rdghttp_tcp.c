/* test_rdghttp_tcp.c
 * What TCP shows of a main channel's connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/http/rdghttp_tcp.h"

#include <glib.h>

enum { CLIENT, GATEWAY };

static const uint8_t octets[64] = { 23, 3, 3, 0, 59 };

/* A connection of which both directions were seen up to the octets 100 and 500, which were read. */
static rdghttp_tcp_t begin(void)
{
    rdghttp_tcp_t tcp = { 0 };
    rdghttp_segment_t request = { .ack = true,
                                  .sequence = 36,
                                  .acknowledged = 500,
                                  .octets = octets,
                                  .captured = 64,
                                  .length = 64,
                                  .is_read = true,
                                  .is_step = true };
    rdghttp_segment_t answer = { .from_gateway = true, .ack = true, .sequence = 500, .acknowledged = 100 };

    rdghttp_tcp_on_segment(&tcp, &request);
    g_assert_false(rdghttp_tcp_is_whole(&tcp)); /* nothing of the gateway was seen */
    rdghttp_tcp_on_segment(&tcp, &answer);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    return tcp;
}

static rdghttp_segment_t from_gateway(uint32_t sequence, uint32_t length)
{
    return (rdghttp_segment_t){ .from_gateway = true,
                                .ack = true,
                                .sequence = sequence,
                                .acknowledged = 100,
                                .octets = octets,
                                .captured = length,
                                .length = length };
}

static void test_unread(void)
{
    rdghttp_tcp_t tcp = begin();
    rdghttp_segment_t first = from_gateway(500, 64);
    rdghttp_segment_t second = from_gateway(564, 64);

    rdghttp_tcp_on_segment(&tcp, &first);
    g_assert_false(rdghttp_tcp_is_whole(&tcp));
    second.is_read = true; /* a record over two segments */
    rdghttp_tcp_on_segment(&tcp, &second);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    second.is_read = false; /* sent again */
    rdghttp_tcp_on_segment(&tcp, &second);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
}

static void test_gap(void)
{
    rdghttp_tcp_t tcp = begin();
    rdghttp_segment_t later = from_gateway(600, 64);

    later.is_read = true;
    rdghttp_tcp_on_segment(&tcp, &later);
    g_assert_false(rdghttp_tcp_is_whole(&tcp));
    rdghttp_tcp_on_step(&tcp);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    /* What is acknowledged was there. */
    rdghttp_segment_t ack = { .ack = true, .sequence = 100, .acknowledged = 700 };
    rdghttp_tcp_on_segment(&tcp, &ack);
    g_assert_false(rdghttp_tcp_is_whole(&tcp));
}

/* What was missing before a step does not matter. */
static void test_step(void)
{
    rdghttp_tcp_t tcp = begin();
    rdghttp_segment_t step = from_gateway(600, 64);

    step.is_read = step.is_step = true;
    step.acknowledged = 200;
    rdghttp_tcp_on_segment(&tcp, &step);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    rdghttp_segment_t next = { .ack = true, .sequence = 200, .acknowledged = 664 };
    rdghttp_tcp_on_segment(&tcp, &next);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
}

static void test_alert(void)
{
    static const uint8_t alert[7] = { 21, 3, 3, 0, 2, 1, 0 };
    static const uint8_t hidden[24] = { 23, 3, 3, 0, 19 };
    rdghttp_tcp_t tcp = begin();
    rdghttp_segment_t segment = from_gateway(500, sizeof alert);

    segment.octets = alert;
    rdghttp_tcp_on_segment(&tcp, &segment);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    segment = from_gateway(507, sizeof hidden);
    segment.octets = hidden;
    rdghttp_tcp_on_segment(&tcp, &segment);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    segment = from_gateway(531, 8); /* longer than the alert */
    segment.octets = alert;
    segment.captured = 7;
    rdghttp_tcp_on_segment(&tcp, &segment);
    g_assert_false(rdghttp_tcp_is_whole(&tcp));
}

/* The first end counts. */
static void test_end(void)
{
    rdghttp_tcp_t tcp = begin();
    rdghttp_segment_t fin = from_gateway(500, 0);
    rdghttp_segment_t reset = { .rst = true, .sequence = 100 };

    fin.fin = true;
    rdghttp_tcp_on_segment(&tcp, &fin);
    rdghttp_tcp_on_segment(&tcp, &reset);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_CLOSED);
    g_assert_true(tcp.ended_by_gateway);
    g_assert_true(rdghttp_tcp_is_whole(&tcp));
    rdghttp_tcp_on_step(&tcp);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_OPEN);
    rdghttp_tcp_on_segment(&tcp, &reset);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_RESET);
    g_assert_false(tcp.ended_by_gateway);
}

/* Who says first in TLS that it closes has ended the connection, whoever closes TCP. */
static void test_alert_before_the_end(void)
{
    static const uint8_t alert[7] = { 21, 3, 3, 0, 2, 1, 0 };
    rdghttp_segment_t said = { .ack = true, .sequence = 100, .octets = alert, .captured = 7, .length = 7 };
    rdghttp_segment_t fin = from_gateway(500, 0);
    rdghttp_segment_t more = { .ack = true, .sequence = 107, .octets = octets, .captured = 64, .length = 64 };

    said.acknowledged = more.acknowledged = 500;
    fin.fin = true;
    rdghttp_tcp_t tcp = begin();
    rdghttp_tcp_on_segment(&tcp, &said);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_OPEN);
    rdghttp_tcp_t before = tcp;
    rdghttp_tcp_on_segment(&tcp, &fin);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_ALERT);
    g_assert_false(tcp.ended_by_gateway);
    tcp = before; /* the client goes on behind it: it was a warning */
    more.is_read = true;
    rdghttp_tcp_on_segment(&tcp, &more);
    rdghttp_tcp_on_segment(&tcp, &fin);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_CLOSED);
    g_assert_true(tcp.ended_by_gateway);
    tcp = begin(); /* the end that has sent the alert closes */
    rdghttp_segment_t answer = from_gateway(500, 7);
    answer.octets = alert;
    rdghttp_tcp_on_segment(&tcp, &answer);
    rdghttp_tcp_on_segment(&tcp, &said);
    fin.sequence = 507;
    rdghttp_tcp_on_segment(&tcp, &fin);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_CLOSED);
    g_assert_true(tcp.ended_by_gateway);
}

/* What find_websocket_close() says of LENGTH octets. */
static int find_close(const char *frames, size_t length, bool from_gateway)
{
    return rdghttp_tcp_find_websocket_close((const uint8_t *)frames, length, from_gateway);
}

static void test_websocket_close(void)
{
    static const char ping[] = "\x89\x02hi\x88\x02\x03\xf3";
    static const char long_one[] = "\x82\x7e\x00\x03xyz\x88\x00";
    static const char huge[] = "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff\x88\x00";
    static const char masked[] = "\x88\x82\x11\x22\x33\x44\x12\xca";
    rdghttp_tcp_t tcp = begin();

    g_assert_cmpint(find_close(ping, 8, true), ==, 1011);
    g_assert_cmpint(find_close(ping, 7, true), ==, -1); /* cut */
    g_assert_cmpint(find_close(ping, 4, true), ==, -1);
    g_assert_cmpint(find_close(ping, 8, false), ==, -1); /* a client masks */
    g_assert_cmpint(find_close(long_one, 9, true), ==, 0);
    g_assert_cmpint(find_close(huge, 12, true), ==, -1);
    g_assert_cmpint(find_close(masked, 8, false), ==, 1000);
    g_assert_cmpint(find_close(masked, 8, true), ==, -1);
    g_assert_cmpint(find_close(masked, 1, false), ==, -1);
    rdghttp_tcp_on_websocket_close(&tcp, true, 1011);
    rdghttp_tcp_on_websocket_close(&tcp, false, 1000);
    g_assert_cmpint(tcp.end, ==, RDGHTTP_TCP_WEBSOCKET);
    g_assert_true(tcp.ended_by_gateway);
    g_assert_cmpint(tcp.close_status, ==, 1011);
}

static void test_before_a_gap(void)
{
    rdghttp_tcp_t tcp = begin();
    rdghttp_segment_t next = from_gateway(500, 64);
    rdghttp_segment_t later = from_gateway(501, 64);
    rdghttp_segment_t unseen = from_gateway(500, 64);

    g_assert_false(rdghttp_tcp_is_behind_gap(&tcp, &next));
    g_assert_true(rdghttp_tcp_is_behind_gap(&tcp, &later));
    unseen.acknowledged = 101;
    g_assert_true(rdghttp_tcp_is_behind_gap(&tcp, &unseen));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdghttp_tcp/unread", test_unread);
    g_test_add_func("/rdghttp_tcp/gap", test_gap);
    g_test_add_func("/rdghttp_tcp/step", test_step);
    g_test_add_func("/rdghttp_tcp/alert", test_alert);
    g_test_add_func("/rdghttp_tcp/end", test_end);
    g_test_add_func("/rdghttp_tcp/alert_before_the_end", test_alert_before_the_end);
    g_test_add_func("/rdghttp_tcp/websocket_close", test_websocket_close);
    g_test_add_func("/rdghttp_tcp/before_a_gap", test_before_a_gap);
    return g_test_run();
}
