/* gtpp_judge_gaps.c
 * Local sequence numbers that are not in the capture, said on the record behind them.
 *
 * What a cut message, a message that announces more records than it holds, a hole in the stream or a datagram of which
 * fragments are missing may have held is undecided. What lies between the numbers before and after a restart of the
 * node is no gap.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_local_seq.h"
#include "gtpp_match.h"
#include "gtpp_spans.h"

/* A record may be captured before one with a lower number, or behind one with a higher one, by so much, in nanoseconds:
 * the network lets requests change places. */
#define CHANGED_PLACES (INT64_C(500) * 1000000)

static GHashTable *collect_numbers(const gtpp_judgement_t *judgement)
{
    GHashTable *nodes = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_array_unref);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        for (uint32_t k = 0; gtpp_match_is_request(&event->item) && k < event->num_records; k++) {
            gtpp_event_record_t *record = &event->records[k];
            if (record->node == 0) {
                continue;
            }
            GArray *numbers = g_hash_table_lookup(nodes, &record->node);
            if (numbers == NULL) {
                numbers = g_array_new(FALSE, FALSE, sizeof(gtpp_local_seq_t));
                g_hash_table_insert(nodes, &record->node, numbers);
            }
            const gtpp_local_seq_t number = { event->time, event, record->local_seq, record->type };
            g_array_append_val(numbers, number);
        }
    }
    return nodes;
}

/* {{{ Nodes of one name behind several addresses */

/* Of the addresses that send under one node id, this many are looked at. */
#define NAMESAKES 8

typedef struct {
    const GArray *numbers; /* of the node, in whatever order they are now */
    GArray *sorted;        /* the same, by number */
} gtpp_namesake_t;

static const gtpp_local_seq_t *number_at(const GArray *numbers, unsigned i)
{
    return &g_array_index(numbers, gtpp_local_seq_t, i);
}

static int compare_numbers(const void *one, const void *other)
{
    const uint32_t mine = ((const gtpp_local_seq_t *)one)->number;
    const uint32_t yours = ((const gtpp_local_seq_t *)other)->number;

    return (mine > yours) - (mine < yours);
}

static void free_namesakes(void *list)
{
    GArray *namesakes = list;

    for (unsigned i = 0; i < namesakes->len; i++) {
        GArray *sorted = g_array_index(namesakes, gtpp_namesake_t, i).sorted;
        if (sorted != NULL) {
            g_array_unref(sorted);
        }
    }
    g_array_unref(namesakes);
}

static uint64_t name_of(const gtpp_judgement_t *judgement, uint64_t node, const GArray *numbers)
{
    return node ^ gtpp_event_host_salt(gtpp_judge_source(judgement, number_at(numbers, 0)->owner));
}

static void sort_namesakes(void *name, void *value, void *data)
{
    GArray *namesakes = value;

    (void)name;
    (void)data;
    for (unsigned i = 0; i < namesakes->len && namesakes->len > 1; i++) {
        gtpp_namesake_t *namesake = &g_array_index(namesakes, gtpp_namesake_t, i);
        namesake->sorted = g_array_sized_new(FALSE, FALSE, sizeof(gtpp_local_seq_t), namesake->numbers->len);
        g_array_append_vals(namesake->sorted, namesake->numbers->data, namesake->numbers->len);
        g_array_sort(namesake->sorted, compare_numbers);
    }
}

/* Digest of a node id -> GArray of gtpp_namesake_t, the nodes with this name. */
static GHashTable *collect_names(const gtpp_judgement_t *judgement, GHashTable *nodes)
{
    GHashTable *names = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_namesakes);
    GHashTableIter iter;
    void *node;
    void *numbers;

    g_hash_table_iter_init(&iter, nodes);
    while (g_hash_table_iter_next(&iter, &node, &numbers)) {
        const uint64_t name = name_of(judgement, *(const uint64_t *)node, numbers);
        GArray *namesakes = g_hash_table_lookup(names, &name);
        if (namesakes == NULL) {
            namesakes = g_array_new(FALSE, FALSE, sizeof(gtpp_namesake_t));
            g_hash_table_insert(names, g_memdup2(&name, sizeof name), namesakes);
        }
        const gtpp_namesake_t namesake = { numbers, NULL };
        if (namesakes->len < NAMESAKES) {
            g_array_append_val(namesakes, namesake);
        }
    }
    g_hash_table_foreach(names, sort_namesakes, NULL);
    return names;
}

/* The first of SORTED from the number FIRST to LAST, or NULL. */
static const gtpp_local_seq_t *find_between(const GArray *sorted, uint32_t first, uint32_t last)
{
    unsigned from = 0;
    unsigned to = sorted->len;

    while (from < to) {
        const unsigned middle = from + (to - from) / 2;
        if (number_at(sorted, middle)->number < first) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < sorted->len && number_at(sorted, from)->number <= last ? number_at(sorted, from) : NULL;
}

/* True when no number is in both: one counter whose records go out from two addresses gives each number once. */
static bool is_apart(const GArray *numbers, const GArray *sorted)
{
    for (unsigned i = 0; i < numbers->len; i++) {
        const uint32_t number = number_at(numbers, i)->number;
        if (find_between(sorted, number, number) != NULL) {
            return false;
        }
    }
    return true;
}

/* Those of NAMESAKES that may share one counter with NUMBERS: GPtrArray of their sorted numbers. */
static GPtrArray *find_sharing(const GArray *namesakes, const GArray *numbers)
{
    GPtrArray *sharing = g_ptr_array_new();

    for (unsigned i = 0; i < namesakes->len; i++) {
        const gtpp_namesake_t *namesake = &g_array_index(namesakes, gtpp_namesake_t, i);
        if (namesake->numbers != numbers && namesake->sorted != NULL && is_apart(numbers, namesake->sorted)) {
            g_ptr_array_add(sharing, namesake->sorted);
        }
    }
    return sharing;
}

/* The message that brought a number of GAP from another address. NULL: none. */
static const gtpp_event_t *find_there(const GPtrArray *sharing, const gtpp_local_seq_gap_t *gap)
{
    for (unsigned i = 0; i < sharing->len; i++) {
        const gtpp_local_seq_t *there = find_between(sharing->pdata[i], gap->first, gap->last);
        if (there != NULL) {
            return there->owner;
        }
    }
    return NULL;
}

/* }}} */
/* {{{ What explains a gap */

/* A message that was cut is not all in the capture, nor is one that is longer than its datagram. */
static bool lacks_records(const gtpp_event_t *event)
{
    return gtpp_match_is_request(&event->item) && !event->is_cut &&
           (event->is_beyond || event->announced > event->num_records);
}

/* From when to when a host may have sent records that are not in the capture. */
static GArray *collect_hidden(const gtpp_judgement_t *judgement)
{
    GArray *spans = gtpp_spans_open();
    const uint32_t paths = gtpp_ledger_count_paths(judgement->ledger);

    for (uint32_t i = 0; i < paths; i++) {
        const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, i);
        for (unsigned end = 0; end < 2; end++) {
            const gtpp_direction_t *direction = &path->directions[end];
            if (direction->cut > 0) {
                gtpp_spans_add(spans, path->hosts[end], direction->first_cut, direction->last_cut);
            }
            for (const gtpp_hole_t *hole = direction->holes; hole != NULL; hole = hole->next) {
                if (hole->octets > 0) {
                    gtpp_spans_add(spans, path->hosts[end], hole->since, hole->until);
                }
            }
        }
    }
    for (unsigned i = 0; i < judgement->events->len; i++) {
        const gtpp_event_t *event = judgement->events->pdata[i];
        if (lacks_records(event)) {
            gtpp_spans_add(spans, gtpp_judge_source(judgement, event), event->time, event->time);
        }
    }
    for (unsigned i = 0; i < judgement->lost->len; i++) {
        const gtpp_span_t *lost = &g_array_index(judgement->lost, gtpp_span_t, i);
        gtpp_spans_add(spans, lost->key >> 32, lost->since, lost->until);
    }
    gtpp_spans_merge(spans);
    return spans;
}

/* When a host may have begun to count anew. */
static GArray *collect_restarts(const gtpp_judgement_t *judgement)
{
    GArray *spans = gtpp_spans_open();

    for (unsigned i = 0; i < judgement->restarts->len; i++) {
        const gtpp_event_t *event = judgement->restarts->pdata[i];
        gtpp_spans_add(spans, gtpp_judge_source(judgement, event), event->time, event->time);
    }
    gtpp_spans_merge(spans);
    return spans;
}

/* }}} */

typedef struct {
    const gtpp_judgement_t *judgement;
    GArray *hidden;
    GArray *restarts;
    GHashTable *names;
} gtpp_gap_search_t;

/* Whether a counter that goes over its largest number has 0 the capture cannot tell: 0 is not counted. */
static void set_numbers(gtpp_finding_t *finding, const gtpp_local_seq_gap_t *gap)
{
    finding->first = gap->first == 0 ? 1 : gap->first;
    finding->last = gap->last == 0 ? UINT32_MAX : gap->last;
    finding->count = finding->last - finding->first + (finding->last < finding->first ? 0 : 1);
}

/* Between when and when the numbers of GAP were sent. Where the clock was set back between the numbers on both sides,
 * that may be at any time. */
static gtpp_span_t find_when(const gtpp_local_seq_gap_t *gap)
{
    const gtpp_event_t *event = gap->before->owner;
    const int64_t before = gap->before->time;

    if (event->is_misplaced && gap->since - before > CHANGED_PLACES) {
        return (gtpp_span_t){ .since = GTPP_TIME_MIN, .until = GTPP_TIME_MAX };
    }
    return (gtpp_span_t){ .since = MIN(gap->since, before), .until = MAX(gap->since, before) };
}

static void report_gaps(void *node, void *value, void *data)
{
    const gtpp_gap_search_t *search = data;
    const gtpp_judgement_t *judgement = search->judgement;
    GArray *numbers = value;
    GArray *gaps = g_array_new(FALSE, FALSE, sizeof(gtpp_local_seq_gap_t));

    const uint64_t name = name_of(judgement, *(const uint64_t *)node, numbers);
    GPtrArray *sharing = find_sharing(g_hash_table_lookup(search->names, &name), numbers);

    gtpp_local_seq_find_gaps((gtpp_local_seq_t *)(void *)numbers->data, numbers->len, gaps);
    for (unsigned i = 0; i < gaps->len; i++) {
        const gtpp_local_seq_gap_t *gap = &g_array_index(gaps, gtpp_local_seq_gap_t, i);
        gtpp_event_t *event = gap->before->owner;
        const gtpp_span_t when = find_when(gap);
        const uint32_t source = gtpp_judge_source(judgement, event);
        if (gtpp_spans_meet(search->restarts, source, when.since, when.until)) {
            continue;
        }
        const bool is_hidden =
            gtpp_spans_meet(search->hidden, source, when.since - CHANGED_PLACES, when.until + CHANGED_PLACES);
        const gtpp_event_t *there = find_there(sharing, gap);
        const gtpp_reason_t reason = is_hidden          ? GTPP_REASON_NUMBERS_HIDDEN
                                     : gap->is_doubtful ? GTPP_REASON_COUNTERS
                                     : there != NULL    ? GTPP_REASON_ADDRESSES
                                                        : GTPP_REASON_NONE;
        gtpp_finding_t *finding = gtpp_judge_add_finding(
            judgement, event, reason == GTPP_REASON_NONE ? GTPP_FINDING_LOCAL_SEQ_GAP : GTPP_FINDING_UNDECIDED,
            reason == GTPP_REASON_ADDRESSES ? there : NULL);
        set_numbers(finding, gap);
        finding->reason = (uint8_t)reason;
    }
    g_ptr_array_free(sharing, TRUE);
    g_array_free(gaps, TRUE);
}

void gtpp_judge_gaps(const gtpp_judgement_t *judgement)
{
    GHashTable *nodes = collect_numbers(judgement);
    gtpp_gap_search_t search = { judgement, collect_hidden(judgement), collect_restarts(judgement),
                                 collect_names(judgement, nodes) };

    g_hash_table_foreach(nodes, report_gaps, &search);
    g_hash_table_destroy(search.names);
    g_hash_table_destroy(nodes);
    g_array_free(search.hidden, TRUE);
    g_array_free(search.restarts, TRUE);
}
