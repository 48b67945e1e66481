/* gtpp_judge.c
 * What the capture as a whole proves: the steps of a judgement, and what they share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"
#include "gtpp_pdu.h"
#include "gtpp_spans.h"

struct gtpp_judge {
    gtpp_ledger_t *ledger;
    wmem_allocator_t *findings;
    uint32_t num_events; /* of the last judgement */
    int64_t t3;
    int64_t end;
};

gtpp_judge_t *gtpp_judge_open(gtpp_ledger_t *ledger, wmem_allocator_t *allocator)
{
    gtpp_judge_t *judge = wmem_new0(allocator, gtpp_judge_t);

    judge->ledger = ledger;
    return judge;
}

void gtpp_judge_close(gtpp_judge_t *judge)
{
    if (judge != NULL && judge->findings != NULL) {
        wmem_destroy_allocator(judge->findings);
    }
}

/* {{{ Shared by the parts */

gtpp_finding_t *gtpp_judge_add_finding(const gtpp_judgement_t *judgement, gtpp_event_t *event, gtpp_finding_kind_t kind,
                                       const gtpp_event_t *other)
{
    gtpp_finding_t *finding = wmem_new0(judgement->findings, gtpp_finding_t);
    gtpp_finding_t **last = &gtpp_event_need_more(gtpp_ledger_allocator(judgement->ledger), event)->findings;

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = finding;
    finding->kind = (uint8_t)kind;
    finding->other = other;
    finding->count = 1;
    return finding;
}

gtpp_finding_t *gtpp_judge_count_finding(const gtpp_judgement_t *judgement, gtpp_event_t *event,
                                         gtpp_finding_kind_t kind, const gtpp_event_t *other, uint16_t number)
{
    gtpp_finding_t *finding = event->more != NULL ? event->more->findings : NULL;

    while (finding != NULL && finding->kind != kind) {
        finding = finding->next;
    }
    if (finding != NULL) {
        finding->count++;
        return finding;
    }
    finding = gtpp_judge_add_finding(judgement, event, kind, other);
    finding->number = number;
    return finding;
}

bool gtpp_judge_is_request(const gtpp_event_t *event)
{
    return event->item.role == GTPP_ITEM_REQUEST && gtpp_match_is_request(&event->item);
}

uint32_t gtpp_judge_source(const gtpp_judgement_t *judgement, const gtpp_event_t *event)
{
    return gtpp_ledger_get_path(judgement->ledger, event->path)->hosts[event->direction];
}

uint32_t gtpp_judge_target(const gtpp_judgement_t *judgement, const gtpp_event_t *event)
{
    return gtpp_ledger_get_path(judgement->ledger, event->path)->hosts[1 - event->direction];
}

const gtpp_event_t *gtpp_judge_answer(const gtpp_event_t *request)
{
    const gtpp_event_t *own = request->item.link != NULL ? request->item.link->event : NULL;

    if (request->more == NULL || (own != NULL && gtpp_match_answer_accepts(own))) {
        return own;
    }
    /* "Already fulfilled" to an empty packet says that the packet itself had arrived. */
    const gtpp_event_t *to_probe = request->more->probe != NULL ? gtpp_judge_answer(request->more->probe) : NULL;
    if (to_probe != NULL && gtpp_match_answer_says(to_probe) == GTPP_SAYS_HAD_BEFORE) {
        return to_probe;
    }
    const gtpp_event_t *other = request->more->other_answer;
    return other != NULL && (own == NULL || gtpp_match_answer_accepts(other)) ? other : own;
}

bool gtpp_judge_is_accepted(const gtpp_event_t *request)
{
    return request->fate == GTPP_FATE_ACKNOWLEDGED || request->fate == GTPP_FATE_HELD ||
           request->fate == GTPP_FATE_RELEASED || request->fate == GTPP_FATE_CANCELLED;
}

gtpp_reason_t gtpp_judge_find_gap(const gtpp_judgement_t *judgement, const gtpp_path_t *path, unsigned end,
                                  int64_t since, int64_t until)
{
    const gtpp_reason_t reason = gtpp_ledger_find_gap(&path->directions[end], since, until);

    if (reason != GTPP_REASON_NONE) {
        return reason;
    }
    return gtpp_spans_meet(judgement->lost, gtpp_judge_way(path->hosts[end], path->hosts[1 - end]), since, until)
               ? GTPP_REASON_FRAGMENT
               : GTPP_REASON_NONE;
}

gtpp_reason_t gtpp_judge_explain_silence(const gtpp_judgement_t *judgement, const gtpp_path_t *path, unsigned end)
{
    return gtpp_judge_find_gap(judgement, path, end, GTPP_TIME_MIN, GTPP_TIME_MAX) == GTPP_REASON_NONE
               ? GTPP_REASON_ONE_WAY
               : GTPP_REASON_NO_WHOLE;
}

/* }}} */
/* {{{ Datagrams of which fragments are missing */

/* That of GLib looks at the lower half only. */
static unsigned hash_way(const void *way)
{
    return wmem_strong_hash(way, sizeof(uint64_t));
}

/* Pairs of hosts with a path, both ways, or pairs of ends. */
static GHashTable *collect_ways(const gtpp_judgement_t *judgement, bool is_of_ends)
{
    GHashTable *ways = g_hash_table_new_full(hash_way, g_int64_equal, g_free, NULL);
    const uint32_t count = gtpp_ledger_count_paths(judgement->ledger);

    for (uint32_t i = 0; i < count; i++) {
        const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, i);
        const uint32_t *of = is_of_ends ? path->ends : path->hosts;
        for (unsigned end = 0; end < 2 && path->has_ends; end++) {
            const uint64_t way = gtpp_judge_way(of[end], of[1 - end]);
            g_hash_table_add(ways, g_memdup2(&way, sizeof way));
        }
    }
    return ways;
}

/* Only what went between hosts of which messages are in the capture counts: other datagrams are others'. */
static void collect_lost(gtpp_judgement_t *judgement)
{
    const gtpp_datagram_t *datagram = gtpp_ledger_get_datagrams(judgement->ledger);

    judgement->lost = gtpp_spans_open();
    if (datagram == NULL) {
        return;
    }
    GHashTable *hosts = collect_ways(judgement, false);
    GHashTable *ends = collect_ways(judgement, true);
    for (; datagram != NULL; datagram = datagram->next) {
        const uint64_t way = gtpp_judge_way(datagram->from, datagram->to);
        const uint64_t between = gtpp_judge_way(datagram->ends[0], datagram->ends[1]);
        if (!datagram->is_whole && g_hash_table_contains(hosts, &way) &&
            (between == 0 || datagram->is_service || g_hash_table_contains(ends, &between))) {
            gtpp_spans_add(judgement->lost, way, datagram->since, datagram->until);
        }
    }
    gtpp_spans_merge(judgement->lost);
    g_hash_table_destroy(hosts);
    g_hash_table_destroy(ends);
}

/* }}} */
/* {{{ The steps */

static void forget_judgement(gtpp_event_t *event, void *data)
{
    gtpp_event_more_t *more = event->more;
    gtpp_judgement_t *judgement = data;

    event->fate = GTPP_FATE_UNDECIDED;
    for (uint32_t i = 0; i < event->num_records; i++) {
        event->records[i].decided_by = NULL;
        event->records[i].fate = GTPP_FATE_UNDECIDED;
    }
    if (more != NULL) {
        more->findings = NULL;
        more->other_answer = NULL;
        more->other_request = NULL;
        more->settled_by = NULL;
        more->tried = NULL;
        more->elsewhere = NULL;
        more->reason = GTPP_REASON_NONE;
    }
    if (event->item.role != GTPP_ITEM_COPY) {
        g_ptr_array_add(judgement->events, event);
        g_hash_table_add(judgement->sources, GUINT_TO_POINTER(gtpp_judge_source(judgement, event)));
    }
}

static int compare_times(const void *one, const void *other)
{
    const int64_t mine = (*(gtpp_event_t *const *)one)->time;
    const int64_t yours = (*(gtpp_event_t *const *)other)->time;

    return (mine > yours) - (mine < yours);
}

/* The order of a capture is nearly always that of time. The sort keeps the order of equal times, as merging does. */
static void sort_events(GPtrArray *events)
{
    for (unsigned i = 1; i < events->len; i++) {
        if (compare_times(&events->pdata[i - 1], &events->pdata[i]) > 0) {
            g_ptr_array_sort(events, compare_times);
            return;
        }
    }
}

static void judge_file_order(const gtpp_judgement_t *judgement)
{
    gtpp_event_t *first;
    const uint32_t count = gtpp_ledger_count_misplaced(judgement->ledger, &first);

    if (count > 0) {
        gtpp_judge_add_finding(judgement, first, GTPP_FINDING_FILE_ORDER, NULL)->count = count;
    }
}

static void run_steps(gtpp_judgement_t *judgement)
{
    judgement->events = g_ptr_array_sized_new(gtpp_ledger_count(judgement->ledger));
    judgement->sources = g_hash_table_new(g_direct_hash, g_direct_equal);
    judgement->from_elsewhere = g_hash_table_new(g_direct_hash, g_direct_equal);
    judgement->skews = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    judgement->restarts = g_ptr_array_new();
    collect_lost(judgement);
    gtpp_ledger_visit(judgement->ledger, forget_judgement, judgement);
    sort_events(judgement->events);
    gtpp_judge_twins(judgement);
    gtpp_judge_answers(judgement);
    gtpp_judge_tries(judgement);
    gtpp_judge_settled(judgement);
    gtpp_judge_records(judgement);
    gtpp_judge_unanswered(judgement);
    gtpp_judge_nodes(judgement);
    gtpp_judge_gaps(judgement);
    judge_file_order(judgement);
    g_ptr_array_free(judgement->events, TRUE);
    g_ptr_array_free(judgement->restarts, TRUE);
    g_array_unref(judgement->lost);
    g_hash_table_destroy(judgement->from_elsewhere);
    g_hash_table_destroy(judgement->skews);
    g_hash_table_destroy(judgement->sources);
}

void gtpp_judge_update(gtpp_judge_t *judge, int64_t t3, int64_t end)
{
    const uint32_t num_events = gtpp_ledger_count(judge->ledger);

    end = CLAMP(end, GTPP_TIME_MIN, GTPP_TIME_MAX);
    if (num_events == judge->num_events && t3 == judge->t3 && end == judge->end) {
        return;
    }
    judge->num_events = num_events;
    judge->t3 = t3;
    judge->end = end;
    if (judge->findings != NULL) {
        wmem_destroy_allocator(judge->findings);
    }
    judge->findings = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    run_steps(&(gtpp_judgement_t){ .ledger = judge->ledger, .findings = judge->findings, .t3 = t3, .end = end });
}

/* }}} */
