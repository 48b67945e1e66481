/* test_gtpp_local_seq.c
 * Which localSequenceNumbers of a node are missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_local_seq.h"

#include <glib.h>

/* The numbers of a node, in the order of time: one a second. */
typedef struct {
    GArray *numbers; /* gtpp_local_seq_t */
    GArray *gaps;    /* gtpp_local_seq_gap_t */
    uint16_t type;
} watch_t;

static watch_t *start(void)
{
    watch_t *watch = g_new0(watch_t, 1);

    watch->numbers = g_array_new(FALSE, FALSE, sizeof(gtpp_local_seq_t));
    watch->gaps = g_array_new(FALSE, FALSE, sizeof(gtpp_local_seq_gap_t));
    watch->type = 1;
    return watch;
}

static void stop(watch_t *watch)
{
    g_array_free(watch->numbers, TRUE);
    g_array_free(watch->gaps, TRUE);
    g_free(watch);
}

static void enter(watch_t *watch, uint32_t number)
{
    const unsigned place = watch->numbers->len;
    const gtpp_local_seq_t entry = { 1000 + place, GUINT_TO_POINTER(place), number, watch->type };

    g_array_append_val(watch->numbers, entry);
}

static void enter_typed(watch_t *watch, uint16_t type, uint32_t number)
{
    watch->type = type;
    enter(watch, number);
}

static uint64_t find(watch_t *watch)
{
    uint64_t missing = 0;

    g_array_set_size(watch->gaps, 0);
    gtpp_local_seq_find_gaps((gtpp_local_seq_t *)(void *)watch->numbers->data, watch->numbers->len, watch->gaps);
    for (unsigned i = 0; i < watch->gaps->len; i++) {
        const gtpp_local_seq_gap_t *gap = &g_array_index(watch->gaps, gtpp_local_seq_gap_t, i);
        g_assert_cmpuint(gap->before->number, ==, (uint32_t)(gap->last + 1));
        missing += gap->is_doubtful ? 0 : (uint64_t)(gap->last - gap->first) + 1;
    }
    return missing;
}

/* How many numbers are missing of a node that sent these. */
static uint64_t count_missing(const uint32_t *numbers, size_t count)
{
    watch_t *watch = start();

    for (size_t i = 0; i < count; i++) {
        enter(watch, numbers[i]);
    }
    const uint64_t missing = find(watch);
    stop(watch);
    return missing;
}

#define MISSING(...) count_missing((const uint32_t[]){ __VA_ARGS__ }, G_N_ELEMENTS(((const uint32_t[]){ __VA_ARGS__ })))

static void test_nothing(void)
{
    g_assert_cmpuint(count_missing(NULL, 0), ==, 0);
    g_assert_cmpuint(MISSING(5), ==, 0);
    g_assert_cmpuint(MISSING(5, 5, 5), ==, 0);
}

static void test_gap(void)
{
    watch_t *watch = start();

    enter(watch, 3);
    enter(watch, 6);
    g_assert_cmpuint(find(watch), ==, 2);
    const gtpp_local_seq_gap_t *gap = &g_array_index(watch->gaps, gtpp_local_seq_gap_t, 0);
    g_assert_cmpuint(gap->first, ==, 4);
    g_assert_cmpuint(gap->last, ==, 5);
    g_assert_true(gap->before->owner == GUINT_TO_POINTER(1));
    g_assert_cmpint(gap->since, ==, 1000);
    stop(watch);
}

static void test_no_gap(void)
{
    g_assert_cmpuint(MISSING(1, 2, 3, 4), ==, 0);
    g_assert_cmpuint(MISSING(1, 2, 3, 4, 3, 4, 1, 5), ==, 0); /* sent again */
}

/* Of a record that was sent twice, the first copy stands behind the gap. */
static void test_gap_before_the_first_copy(void)
{
    watch_t *watch = start();

    enter(watch, 1);
    enter(watch, 3);
    enter(watch, 3);
    g_assert_cmpuint(find(watch), ==, 1);
    g_assert_true(g_array_index(watch->gaps, gtpp_local_seq_gap_t, 0).before->owner == GUINT_TO_POINTER(1));
    stop(watch);
}

static void test_out_of_order(void)
{
    g_assert_cmpuint(MISSING(1, 2, 4), ==, 1);
    g_assert_cmpuint(MISSING(1, 2, 4, 3), ==, 0);
    g_assert_cmpuint(MISSING(1, 2, 4, 3, 3, 4, 5, 10), ==, 4);
    g_assert_cmpuint(MISSING(1, 2, 4, 3, 5, 10, 8), ==, 3);
    g_assert_cmpuint(MISSING(1, 2, 4, 3, 5, 10, 8, 6, 9, 7, 11), ==, 0);
}

/* The first number seen need not be the lowest: 501 and 503 are there, so that 502 is missing. */
static void test_first_record_late(void)
{
    g_assert_cmpuint(MISSING(503, 501, 504, 505), ==, 1);
}

static void test_wrap(void)
{
    g_assert_cmpuint(MISSING(4294967294u, 4294967295u, 0, 1), ==, 0);
    g_assert_cmpuint(MISSING(4294967294u, 4294967295u, 0, 1, 4), ==, 2);
    g_assert_cmpuint(MISSING(4294967293u, 4294967295u, 0, 1), ==, 1);
    /* Gear that leaves 0 out. */
    g_assert_cmpuint(MISSING(4294967294u, 4294967295u, 1, 2), ==, 0);
}

static void test_gap_over_the_wrap(void)
{
    g_assert_cmpuint(MISSING(4294967294u, 2), ==, 3);
    g_assert_cmpuint(MISSING(4294967294u, 2, 0), ==, 2);
    g_assert_cmpuint(MISSING(4294967294u, 2, 0, 4294967295u, 1), ==, 0);
}

static void test_new_start(void)
{
    g_assert_cmpuint(MISSING(90000, 90001, 1, 2), ==, 0);
    g_assert_cmpuint(MISSING(90000, 90001, 1, 2, 4), ==, 1); /* the new counter is watched */
    g_assert_cmpuint(MISSING(1, 2 + GTPP_LOCAL_SEQ_MAX_JUMP), ==, GTPP_LOCAL_SEQ_MAX_JUMP);
    g_assert_cmpuint(MISSING(1, 3 + GTPP_LOCAL_SEQ_MAX_JUMP), ==, 0); /* too far */
}

/* Gear with a counter for each board, under one name: 1, 2, 3 ... and 100, 101 ... */
static void test_two_counters(void)
{
    g_assert_cmpuint(MISSING(1, 100, 2, 101, 3, 102, 103, 4), ==, 0);
    g_assert_cmpuint(MISSING(1, 100, 2, 101, 3, 102, 103, 4, 6, 106), ==, 3);
    g_assert_cmpuint(MISSING(1, 100, 2, 101, 3, 102, 103, 4, 6, 106, 5, 105, 104), ==, 0);
}

/* The numbers between those of two counters may be missing as well, and are told apart from those that are. */
static void test_doubtful(void)
{
    static const uint32_t numbers[] = { 100, 101, 202, 203, 204, 102, 103, 206 };
    watch_t *watch = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        enter(watch, numbers[i]);
    }
    g_assert_cmpuint(find(watch), ==, 1);
    g_assert_cmpuint(watch->gaps->len, ==, 2);
    const gtpp_local_seq_gap_t *gap = &g_array_index(watch->gaps, gtpp_local_seq_gap_t, 0);
    g_assert_true(gap->is_doubtful);
    g_assert_cmpuint(gap->first, ==, 104);
    g_assert_cmpuint(gap->last, ==, 201);
    stop(watch);
    /* Kinds that count apart leave no doubt. */
    watch = start();
    for (uint32_t i = 0; i < 5; i++) {
        enter_typed(watch, 78, 101 + i);
        enter_typed(watch, 79, 301 + i);
    }
    g_assert_cmpuint(find(watch), ==, 0);
    g_assert_cmpuint(watch->gaps->len, ==, 0);
    stop(watch);
}

/* Ten boards of one name: each counts for itself, however many there are. */
static void test_ten_boards(void)
{
    watch_t *watch = start();

    for (uint32_t round = 0; round < 6; round++) {
        for (uint32_t board = 0; board < 10; board++) {
            enter(watch, 1000 * (board + 1) + round);
        }
    }
    g_assert_cmpuint(find(watch), ==, 0);
    stop(watch);
}

/* Paths that stand one after the other in the file: first all odd numbers, then all even ones. */
static void test_shared_out(void)
{
    watch_t *watch = start();

    for (uint32_t i = 0; i < 600; i++) {
        enter(watch, i < 300 ? 1001 + 2 * i : 1000 + 2 * (i - 300));
    }
    g_assert_cmpuint(find(watch), ==, 0);
    stop(watch);
}

/* Kinds of record that count apart; and those of a node that counts them together, as the specification says. */
static void test_kinds(void)
{
    watch_t *watch = start();

    for (uint32_t i = 0; i < 5; i++) {
        enter_typed(watch, 78, 101 + i);
        enter_typed(watch, 79, 110 + i);
    }
    g_assert_cmpuint(find(watch), ==, 0);
    enter_typed(watch, 79, 116); /* 115 */
    g_assert_cmpuint(find(watch), ==, 1);
    stop(watch);
    watch = start();
    for (uint32_t i = 0; i < 10; i++) {
        if (i != 4) {
            enter_typed(watch, i % 2 == 0 ? 78 : 79, 101 + i);
        }
    }
    g_assert_cmpuint(find(watch), ==, 1);
    g_assert_cmpuint(g_array_index(watch->gaps, gtpp_local_seq_gap_t, 0).first, ==, 105);
    stop(watch);
}

/* Gaps are appended behind those that are there. */
static void test_appended(void)
{
    watch_t *watch = start();
    const gtpp_local_seq_gap_t earlier = { NULL, 0, 1, 1, false };

    enter_typed(watch, 1, 1);
    enter_typed(watch, 2, 3);
    enter_typed(watch, 1, 5);
    g_array_append_val(watch->gaps, earlier);
    gtpp_local_seq_find_gaps((gtpp_local_seq_t *)(void *)watch->numbers->data, watch->numbers->len, watch->gaps);
    g_assert_null(g_array_index(watch->gaps, gtpp_local_seq_gap_t, 0).before);
    g_assert_cmpuint(watch->gaps->len, ==, 3);
    stop(watch);
}

/* Of a hundred lost records two came later, from below. Another board of the same name looks the same, so that it is
 * only said to be doubtful. */
static void test_filled_from_below(void)
{
    watch_t *watch = start();

    for (uint32_t i = 1; i <= 10; i++) {
        enter(watch, i);
    }
    for (uint32_t i = 111; i <= 120; i++) {
        enter(watch, i);
    }
    g_assert_cmpuint(find(watch), ==, 100);
    enter(watch, 11);
    enter(watch, 12);
    g_assert_cmpuint(find(watch), ==, 0);
    stop(watch);
}

/* Whatever the order within a small window, nothing is missing; and each number that is left out is. */
static void test_any_order(void)
{
    uint32_t order[200];
    GRand *random = g_rand_new_with_seed(7);

    for (uint32_t i = 0; i < G_N_ELEMENTS(order); i++) {
        order[i] = i;
    }
    for (uint32_t i = 1; i < G_N_ELEMENTS(order); i++) {
        const uint32_t j = (uint32_t)g_rand_int_range(random, MAX((int)i - 4, 1), (int)i + 1);
        const uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    g_assert_cmpuint(count_missing(order, G_N_ELEMENTS(order)), ==, 0);
    for (unsigned left_out = 0; left_out < G_N_ELEMENTS(order); left_out++) {
        watch_t *watch = start();
        for (unsigned i = 0; i < G_N_ELEMENTS(order); i++) {
            if (i != left_out) {
                enter(watch, order[i]);
            }
        }
        g_assert_cmpuint(find(watch), ==, order[left_out] > 0 && order[left_out] < G_N_ELEMENTS(order) - 1 ? 1 : 0);
        stop(watch);
    }
    g_rand_free(random);
}

static void test_flood(void)
{
    watch_t *watch = start();
    GRand *random = g_rand_new_with_seed(8);

    for (uint32_t i = 0; i < 200000; i++) {
        enter_typed(watch, (uint16_t)(i % 3), i % 2 == 0 ? g_rand_int(random) : 2 * i);
    }
    find(watch);
    g_rand_free(random);
    stop(watch);
}

#define ADD(name) g_test_add_func("/gtpp_local_seq/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(nothing);
    ADD(gap);
    ADD(no_gap);
    ADD(gap_before_the_first_copy);
    ADD(out_of_order);
    ADD(first_record_late);
    ADD(wrap);
    ADD(gap_over_the_wrap);
    ADD(new_start);
    ADD(two_counters);
    ADD(doubtful);
    ADD(ten_boards);
    ADD(shared_out);
    ADD(kinds);
    ADD(appended);
    ADD(filled_from_below);
    ADD(any_order);
    ADD(flood);
    return g_test_run();
}
