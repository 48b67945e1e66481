/* test_gtpp_gaps.c
 * Which localSequenceNumbers of a node are missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_local_seq.h"

#include <glib.h>

typedef struct {
    wmem_allocator_t *allocator;
    gtpp_local_seq_t *gaps;
    long missing; /* the balance of what was announced and taken back */
    char owner;
} watch_t;

static void start(watch_t *watch, const void *unused)
{
    (void)unused;
    watch->allocator = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    watch->gaps = gtpp_local_seq_open(watch->allocator);
    watch->missing = 0;
}

static void stop(watch_t *watch, const void *unused)
{
    (void)unused;
    wmem_destroy_allocator(watch->allocator);
}

static gtpp_local_seq_change_t enter(watch_t *watch, const char *node, uint32_t number)
{
    gtpp_local_seq_change_t change = gtpp_local_seq_enter(watch->gaps, node, 7, number);

    if (change.event == GTPP_LOCAL_SEQ_OPENED) {
        *change.owner = &watch->owner;
        watch->missing += change.count;
    } else if (change.event == GTPP_LOCAL_SEQ_FILLED) {
        g_assert_true(change.announced == &watch->owner);
        watch->missing -= change.count;
    }
    return change;
}

/* How many are missing after these, one after another. */
static long missing_after(watch_t *watch, const uint32_t *numbers, size_t count)
{
    long before = watch->missing;

    for (size_t i = 0; i < count; i++) {
        enter(watch, "node", numbers[i]);
    }
    return watch->missing - before;
}

#define MISSING(...) \
    missing_after(watch, (const uint32_t[]){ __VA_ARGS__ }, G_N_ELEMENTS(((const uint32_t[]){ __VA_ARGS__ })))

static void test_gap(watch_t *watch, const void *unused)
{
    (void)unused;
    enter(watch, "node", 3);
    gtpp_local_seq_change_t change = enter(watch, "node", 6);
    g_assert_cmpint(change.event, ==, GTPP_LOCAL_SEQ_OPENED);
    g_assert_cmpuint(change.first, ==, 4);
    g_assert_cmpuint(change.count, ==, 2);
}

static void test_no_gap(watch_t *watch, const void *unused)
{
    (void)unused;
    g_assert_cmpint(MISSING(1, 2, 3, 4), ==, 0);
    g_assert_cmpint(MISSING(3, 4, 1, 5), ==, 0); /* sent again */
}

static void test_out_of_order(watch_t *watch, const void *unused)
{
    (void)unused;
    g_assert_cmpint(MISSING(1, 2, 4), ==, 1);
    g_assert_cmpint(MISSING(3), ==, -1);
    g_assert_cmpint(MISSING(3, 4, 5), ==, 0);
    g_assert_cmpint(MISSING(10), ==, 4); /* 6 to 9 */
    g_assert_cmpint(MISSING(8), ==, -1); /* from the middle */
    g_assert_cmpint(MISSING(6, 9, 7, 11), ==, -3);
}

static void test_wrap(watch_t *watch, const void *unused)
{
    (void)unused;
    g_assert_cmpint(MISSING(4294967294u, 4294967295u, 0, 1), ==, 0);
    g_assert_cmpint(MISSING(4), ==, 2);
}

static void test_gap_over_the_wrap(watch_t *watch, const void *unused)
{
    (void)unused;
    g_assert_cmpint(MISSING(4294967294u, 2), ==, 3);
    g_assert_cmpint(MISSING(0), ==, -1);
    g_assert_cmpint(MISSING(4294967295u, 1), ==, -2);
}

static void test_new_start(watch_t *watch, const void *unused)
{
    (void)unused;
    g_assert_cmpint(MISSING(90000, 90001, 1, 2), ==, 0);
    g_assert_cmpint(MISSING(4), ==, 1); /* the new counter is watched */
    g_assert_cmpint(MISSING(4 + 1 + GTPP_LOCAL_SEQ_MAX_JUMP), ==, GTPP_LOCAL_SEQ_MAX_JUMP);
    g_assert_cmpint(MISSING(200000), ==, 0); /* too far */
}

/* Gear that counts by kind of record: 1, 2, 3 ... and 100, 101 ... under the same name. */
static void test_two_counters(watch_t *watch, const void *unused)
{
    (void)unused;
    g_assert_cmpint(MISSING(1, 100, 2, 101, 3, 102, 103, 4), ==, 0);
    g_assert_cmpint(MISSING(6), ==, 1);
    g_assert_cmpint(MISSING(106), ==, 2);
    g_assert_cmpint(MISSING(5, 105, 104), ==, -3);
}

static void test_nodes_are_apart(watch_t *watch, const void *unused)
{
    (void)unused;
    enter(watch, "a", 1);
    enter(watch, "b", 5);
    enter(watch, NULL, 9);
    g_assert_cmpint(enter(watch, "a", 2).event, ==, GTPP_LOCAL_SEQ_NOTHING);
    g_assert_cmpint(enter(watch, NULL, 11).event, ==, GTPP_LOCAL_SEQ_OPENED);
    g_assert_cmpint(gtpp_local_seq_enter(watch->gaps, NULL, 8, 30).event, ==, GTPP_LOCAL_SEQ_NOTHING);
    g_assert_cmpint(enter(watch, "b", 7).event, ==, GTPP_LOCAL_SEQ_OPENED);
}

/* Whatever comes, what is missing is never negative, and every hole can be filled. */
static void test_any_order(watch_t *watch, const void *unused)
{
    uint32_t order[200];

    (void)unused;
    for (uint32_t i = 0; i < G_N_ELEMENTS(order); i++) {
        order[i] = i;
    }
    /* Shuffled within windows that are small enough not to look like two counters. */
    for (uint32_t i = 1; i < G_N_ELEMENTS(order); i++) {
        uint32_t j = (uint32_t)g_test_rand_int_range(MAX((int)i - 4, 1), (int)i + 1);
        uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        enter(watch, "node", order[i]);
        g_assert_cmpint(watch->missing, >=, 0);
    }
    g_assert_cmpint(watch->missing, ==, 0);
}

static void test_flood(watch_t *watch, const void *unused)
{
    (void)unused;
    for (uint32_t i = 0; i < 200000; i++) {
        enter(watch, "node", (uint32_t)g_test_rand_int());
        enter(watch, "holes", 2 * i);
    }
}

#define ADD(name) g_test_add("/gtpp_gaps/" #name, watch_t, NULL, start, test_##name, stop)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    wmem_init();
    ADD(gap);
    ADD(no_gap);
    ADD(out_of_order);
    ADD(wrap);
    ADD(gap_over_the_wrap);
    ADD(new_start);
    ADD(two_counters);
    ADD(nodes_are_apart);
    ADD(any_order);
    ADD(flood);
    return g_test_run();
}
