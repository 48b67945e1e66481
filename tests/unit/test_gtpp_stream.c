/* test_gtpp_stream.c
 * Where messages begin in a TCP stream of which segments are missing, out of order, cut, or sent again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_stream.h"

#include <glib.h>

/* A stream whose first message of 100 octets, from sequence number START on, has been read. */
static gtpp_stream_t begin(uint32_t start)
{
    gtpp_stream_t stream = { .has_begun = false };

    g_assert_false(gtpp_stream_enter(&stream, start, 100, 0).is_in_place);
    gtpp_stream_end_message(&stream, start, 100);
    return stream;
}

static void assert_place(gtpp_stream_place_t place, uint32_t skip, uint32_t hole, bool is_in_place)
{
    g_assert_cmpuint(place.skip, ==, skip);
    g_assert_cmpuint(place.hole, ==, hole);
    g_assert_cmpint(place.is_in_place, ==, is_in_place);
}

static void test_in_order(void)
{
    gtpp_stream_t stream = begin(1);

    assert_place(gtpp_stream_enter(&stream, 101, 50, 0), 0, 0, true);
    gtpp_stream_end_message(&stream, 101, 50);
    assert_place(gtpp_stream_enter(&stream, 151, 50, 0), 0, 0, true);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 0);
}

static void test_message_that_waits_for_its_rest_comes_again(void)
{
    gtpp_stream_t stream = begin(1);

    assert_place(gtpp_stream_enter(&stream, 101, 10, 0), 0, 0, true);
    assert_place(gtpp_stream_enter(&stream, 101, 80, 0), 0, 0, true);
}

static void test_rest_of_a_cut_message_is_skipped(void)
{
    gtpp_stream_t stream = begin(1);

    /* Of 300 octets, the first segment has 120. */
    gtpp_stream_enter(&stream, 101, 120, 0);
    gtpp_stream_end_message(&stream, 101, 300);
    assert_place(gtpp_stream_enter(&stream, 221, 100, 0), 100, 0, true);
    assert_place(gtpp_stream_enter(&stream, 321, 150, 0), 80, 0, true);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 0);
}

static void test_sent_again_with_more(void)
{
    gtpp_stream_t stream = begin(1);

    assert_place(gtpp_stream_enter(&stream, 1, 160, 0), 100, 0, true);
}

static void test_missing_segment(void)
{
    gtpp_stream_t stream = begin(1);

    assert_place(gtpp_stream_enter(&stream, 161, 40, 0), 0, 60, false);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 60);
    gtpp_stream_end_message(&stream, 161, 40);
    assert_place(gtpp_stream_enter(&stream, 201, 40, 0), 0, 0, true);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 60);
}

static void test_segments_change_places(void)
{
    gtpp_stream_t stream = begin(1);

    assert_place(gtpp_stream_enter(&stream, 161, 40, 0), 0, 60, false);
    gtpp_stream_end_message(&stream, 161, 40);
    const gtpp_stream_place_t late = gtpp_stream_enter(&stream, 101, 60, 0);
    assert_place(late, 0, 0, true);
    g_assert_true(late.is_late);
    gtpp_stream_end_message(&stream, 101, 60);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 0);
    assert_place(gtpp_stream_enter(&stream, 201, 40, 0), 0, 0, true);
}

static void test_hole_is_filled_from_its_middle(void)
{
    gtpp_stream_t stream = begin(1);

    gtpp_stream_enter(&stream, 201, 40, 0);
    const gtpp_stream_place_t middle = gtpp_stream_enter(&stream, 131, 20, 0);
    assert_place(middle, 0, 0, false);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 80);
    gtpp_stream_enter(&stream, 101, 30, 0);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 50);
    gtpp_stream_enter(&stream, 151, 50, 0);
    g_assert_cmpuint(gtpp_stream_count_missing(&stream), ==, 0);
}

static void test_numbers_wrap(void)
{
    gtpp_stream_t stream = begin(UINT32_MAX - 49);

    assert_place(gtpp_stream_enter(&stream, 50, 30, 0), 0, 0, true);
    gtpp_stream_end_message(&stream, 50, 30);
    assert_place(gtpp_stream_enter(&stream, 100, 30, 0), 0, 20, false);
}

static void test_more_holes_than_are_kept(void)
{
    gtpp_stream_t stream = begin(1);

    for (uint32_t i = 1; i <= GTPP_STREAM_HOLES + 5; i++) {
        gtpp_stream_enter(&stream, 1000 * i, 10, 0);
        gtpp_stream_end_message(&stream, 1000 * i, 10);
    }
    g_assert_cmpuint(stream.num_holes, ==, GTPP_STREAM_HOLES);
    g_assert_true(stream.has_forgotten);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gtpp_stream/in_order", test_in_order);
    g_test_add_func("/gtpp_stream/waits_for_its_rest", test_message_that_waits_for_its_rest_comes_again);
    g_test_add_func("/gtpp_stream/cut", test_rest_of_a_cut_message_is_skipped);
    g_test_add_func("/gtpp_stream/sent_again_with_more", test_sent_again_with_more);
    g_test_add_func("/gtpp_stream/missing", test_missing_segment);
    g_test_add_func("/gtpp_stream/out_of_order", test_segments_change_places);
    g_test_add_func("/gtpp_stream/filled_from_the_middle", test_hole_is_filled_from_its_middle);
    g_test_add_func("/gtpp_stream/wrap", test_numbers_wrap);
    g_test_add_func("/gtpp_stream/many_holes", test_more_holes_than_are_kept);
    return g_test_run();
}
