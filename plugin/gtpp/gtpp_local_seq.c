/* gtpp_local_seq.c
 * Which localSequenceNumbers of a node are missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_local_seq.h"

#include <stdlib.h>

/* Numbers that follow each other. Arithmetic is modulo 2^32. */
typedef struct {
    const gtpp_local_seq_t *first;
    uint32_t last;
    int64_t last_time; /* when that was sent first */
    int64_t began;     /* the earliest and the latest of these times of all */
    int64_t ended;
} gtpp_run_t;

static int compare_numbers(const void *one, const void *other)
{
    const gtpp_local_seq_t *mine = one;
    const gtpp_local_seq_t *yours = other;

    if (mine->number != yours->number) {
        return mine->number > yours->number ? 1 : -1;
    }
    return (mine->time > yours->time) - (mine->time < yours->time);
}

static int compare_types(const void *one, const void *other)
{
    const gtpp_local_seq_t *mine = one;
    const gtpp_local_seq_t *yours = other;

    return mine->type != yours->type ? (mine->type > yours->type ? 1 : -1) : compare_numbers(one, other);
}

/* A counter that went over its largest number has its numbers at both ends of the range, and its widest hole between
 * them. Returns where the lower run begins then, otherwise 0. */
static unsigned find_start(const gtpp_local_seq_t *sorted, unsigned count)
{
    const uint32_t over = sorted[0].number - sorted[count - 1].number;
    unsigned start = 0;
    uint32_t widest = 0;

    if (over > GTPP_LOCAL_SEQ_MAX_JUMP) {
        return 0;
    }
    for (unsigned i = 1; i < count; i++) {
        const uint32_t jump = sorted[i].number - sorted[i - 1].number;
        if (jump > widest) {
            widest = jump;
            start = i;
        }
    }
    return widest > GTPP_LOCAL_SEQ_MAX_JUMP ? start : 0;
}

typedef enum { GAP_NONE, GAP_DOUBTFUL, GAP_CERTAIN } gap_t;

static gap_t weigh_gap(const gtpp_run_t *lower, const gtpp_run_t *upper)
{
    const uint32_t missing = upper->first->number - lower->last - 1;

    if (missing > GTPP_LOCAL_SEQ_MAX_JUMP || (lower->last == UINT32_MAX && missing == 1)) {
        return GAP_NONE;
    }
    return missing <= GTPP_LOCAL_SEQ_REORDER || lower->ended <= upper->began ? GAP_CERTAIN : GAP_DOUBTFUL;
}

/* Doubtful gaps weigh less than any number that is missing. */
#define MISSING (UINT64_C(1) << 32)

/* Adds the holes between the runs of SORTED, and returns how many numbers are missing, times MISSING, and how many
 * holes are doubtful. */
static uint64_t find_in_order(const gtpp_local_seq_t *sorted, unsigned count, GArray *gaps)
{
    gtpp_run_t lower = { NULL, 0, 0, 0, 0 };
    gtpp_run_t run;
    uint64_t missing = 0;
    const unsigned start = find_start(sorted, count);
    unsigned i = 0;

    while (i < count) {
        const gtpp_local_seq_t *entry = &sorted[(start + i) % count];
        run = (gtpp_run_t){ entry, entry->number, entry->time, entry->time, entry->time };
        for (i++; i < count; i++) {
            entry = &sorted[(start + i) % count];
            if (entry->number - run.last > 1) {
                break;
            }
            if (entry->number == run.last) {
                continue; /* sent again */
            }
            run.last = entry->number;
            run.last_time = entry->time;
            run.began = MIN(run.began, entry->time);
            run.ended = MAX(run.ended, entry->time);
        }
        const gap_t weight = lower.first != NULL ? weigh_gap(&lower, &run) : GAP_NONE;
        if (weight != GAP_NONE) {
            const gtpp_local_seq_gap_t gap = { run.first, lower.last_time, lower.last + 1, run.first->number - 1,
                                               weight == GAP_DOUBTFUL };
            g_array_append_val(gaps, gap);
            missing += gap.is_doubtful ? 1 : ((uint64_t)(gap.last - gap.first) + 1) * MISSING;
        }
        lower = run;
    }
    return missing;
}

static uint64_t find_by_type(gtpp_local_seq_t *sorted, unsigned count, GArray *gaps)
{
    uint64_t missing = 0;
    unsigned start = 0;

    for (unsigned i = 1; i <= count; i++) {
        if (i == count || sorted[i].type != sorted[start].type) {
            missing += find_in_order(&sorted[start], i - start, gaps);
            start = i;
        }
    }
    return missing;
}

static bool has_several_types(const gtpp_local_seq_t *all, unsigned count)
{
    for (unsigned i = 1; i < count; i++) {
        if (all[i].type != all[0].type) {
            return true;
        }
    }
    return false;
}

void gtpp_local_seq_find_gaps(gtpp_local_seq_t *all, unsigned count, GArray *gaps)
{
    const unsigned earlier = gaps->len;

    if (count < 2) {
        return;
    }
    qsort(all, count, sizeof *all, compare_numbers);
    const uint64_t missing = find_in_order(all, count, gaps);
    if (missing == 0 || !has_several_types(all, count)) {
        return;
    }
    /* Gaps point into the array, so that it is sorted anew only to count, and back when all kinds count together. */
    GArray *by_type = g_array_new(FALSE, FALSE, sizeof(gtpp_local_seq_gap_t));
    qsort(all, count, sizeof *all, compare_types);
    g_array_set_size(gaps, earlier);
    if (find_by_type(all, count, by_type) < missing) {
        if (by_type->len > 0) {
            g_array_append_vals(gaps, by_type->data, by_type->len);
        }
    } else {
        qsort(all, count, sizeof *all, compare_numbers);
        find_in_order(all, count, gaps);
    }
    g_array_free(by_type, TRUE);
}
