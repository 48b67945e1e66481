/* gtpp_local_seq.c
 * Which localSequenceNumbers of a node are missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_local_seq.h"

/* Numbers from LOW on, up to but not including NEXT, are seen or in a hole. Arithmetic is modulo 2^32. */
typedef struct gtpp_counter {
    struct gtpp_counter *older;
    uint32_t low;
    uint32_t next;
} gtpp_counter_t;

/* COUNT numbers from FIRST on are missing. */
typedef struct gtpp_hole {
    struct gtpp_hole *older;
    void *owner;
    uint32_t first;
    uint32_t count;
} gtpp_hole_t;

/* Both lists start with what was used last. */
typedef struct {
    gtpp_counter_t *counters;
    gtpp_hole_t *holes;
} gtpp_node_t;

struct gtpp_gaps {
    wmem_allocator_t *allocator;
    wmem_map_t *nodes; /* name -> gtpp_node_t */
};

gtpp_local_seq_t *gtpp_local_seq_open(wmem_allocator_t *allocator)
{
    gtpp_local_seq_t *gaps = wmem_new0(allocator, gtpp_local_seq_t);

    gaps->allocator = allocator;
    gaps->nodes = wmem_map_new(allocator, wmem_str_hash, g_str_equal);
    return gaps;
}

static gtpp_node_t *find_node(gtpp_local_seq_t *gaps, const char *node_id, uint32_t sender)
{
    /* The first octet keeps names and senders apart. */
    char *name = node_id != NULL ? g_strconcat("n", node_id, NULL) : g_strdup_printf("s%u", sender);
    gtpp_node_t *node = wmem_map_lookup(gaps->nodes, name);

    if (node == NULL) {
        node = wmem_new0(gaps->allocator, gtpp_node_t);
        wmem_map_insert(gaps->nodes, wmem_strdup(gaps->allocator, name), node);
    }
    g_free(name);
    return node;
}

static void add_counter(gtpp_local_seq_t *gaps, gtpp_node_t *node, uint32_t low, uint32_t next)
{
    gtpp_counter_t *counter = wmem_new(gaps->allocator, gtpp_counter_t);
    unsigned kept = 1;

    *counter = (gtpp_counter_t){ node->counters, low, next };
    node->counters = counter;
    while (counter->older != NULL && kept < GTPP_LOCAL_SEQ_MAX_COUNTERS) {
        counter = counter->older;
        kept++;
    }
    /* One is added at a time, so that one at most is too many. */
    wmem_free(gaps->allocator, counter->older);
    counter->older = NULL;
}

static gtpp_hole_t *add_hole(gtpp_local_seq_t *gaps, gtpp_node_t *node, uint32_t first, uint32_t count, void *owner)
{
    gtpp_hole_t *hole = wmem_new(gaps->allocator, gtpp_hole_t);
    gtpp_hole_t *last = hole;
    unsigned kept = 1;

    *hole = (gtpp_hole_t){ node->holes, owner, first, count };
    node->holes = hole;
    while (last->older != NULL && kept < GTPP_LOCAL_SEQ_MAX_HOLES) {
        last = last->older;
        kept++;
    }
    wmem_free(gaps->allocator, last->older);
    last->older = NULL;
    return hole;
}

static void bring_forward(gtpp_node_t *node, gtpp_counter_t *counter)
{
    gtpp_counter_t **at = &node->counters;

    while (*at != counter) {
        at = &(*at)->older;
    }
    *at = counter->older;
    counter->older = node->counters;
    node->counters = counter;
}

static gtpp_counter_t *find_counter_over(gtpp_node_t *node, uint32_t number)
{
    for (gtpp_counter_t *counter = node->counters; counter != NULL; counter = counter->older) {
        if (number - counter->low < counter->next - counter->low) {
            return counter;
        }
    }
    return NULL;
}

/* The hole turns out to lie between two counters: the lower one goes on with NUMBER. */
static void part_counters(gtpp_local_seq_t *gaps, gtpp_node_t *node, const gtpp_hole_t *hole, uint32_t number)
{
    gtpp_counter_t *counter = find_counter_over(node, number);

    if (counter != NULL) {
        uint32_t low = counter->low;
        counter->low = hole->first + hole->count;
        add_counter(gaps, node, low, number + 1);
    }
}

/* Takes NUMBER out of the hole at *AT. */
static gtpp_local_seq_change_t fill_hole(gtpp_local_seq_t *gaps, gtpp_node_t *node, gtpp_hole_t **at, uint32_t number)
{
    gtpp_hole_t *hole = *at;
    uint32_t before = number - hole->first;
    gtpp_local_seq_change_t change = { .event = GTPP_LOCAL_SEQ_FILLED, .count = 1, .announced = hole->owner };

    if (before == 0 && hole->count > GTPP_LOCAL_SEQ_REORDER) {
        change.count = hole->count;
        part_counters(gaps, node, hole, number);
    } else if (before > 0) {
        uint32_t after = hole->count - before - 1;
        hole->count = before;
        if (after > 0) {
            add_hole(gaps, node, number + 1, after, hole->owner);
        }
        return change;
    } else if (hole->count > 1) {
        hole->first++;
        hole->count--;
        return change;
    }
    *at = hole->older;
    wmem_free(gaps->allocator, hole);
    return change;
}

gtpp_local_seq_change_t gtpp_local_seq_enter(gtpp_local_seq_t *gaps, const char *node_id, uint32_t sender, uint32_t local_seq)
{
    gtpp_local_seq_change_t change = { .event = GTPP_LOCAL_SEQ_NOTHING };
    gtpp_node_t *node = find_node(gaps, node_id, sender);
    gtpp_counter_t *nearest = NULL;

    for (gtpp_hole_t **at = &node->holes; *at != NULL; at = &(*at)->older) {
        if (local_seq - (*at)->first < (*at)->count) {
            return fill_hole(gaps, node, at, local_seq);
        }
    }
    gtpp_counter_t *over = find_counter_over(node, local_seq);
    if (over != NULL) {
        bring_forward(node, over);
        return change;
    }
    for (gtpp_counter_t *counter = node->counters; counter != NULL; counter = counter->older) {
        uint32_t jump = local_seq - counter->next;
        if (jump <= GTPP_LOCAL_SEQ_MAX_JUMP && (nearest == NULL || jump < local_seq - nearest->next)) {
            nearest = counter;
        }
    }
    if (nearest == NULL) {
        add_counter(gaps, node, local_seq, local_seq + 1);
        return change;
    }
    if (local_seq != nearest->next) {
        change.event = GTPP_LOCAL_SEQ_OPENED;
        change.first = nearest->next;
        change.count = local_seq - nearest->next;
        change.owner = &add_hole(gaps, node, change.first, change.count, NULL)->owner;
    }
    nearest->next = local_seq + 1;
    bring_forward(node, nearest);
    return change;
}
