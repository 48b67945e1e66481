/* gtpp_judge_nodes.c
 * What a node says of itself: restart counters, and redirections.
 *
 * A node is not an address: several may stand behind one (a NAT, a cluster). So
 * - a restart is claimed only where the node's counter never comes back to an earlier value. A response counts at the
 *   time of its request: a late answer to an earlier Echo Request brings an earlier counter.
 * - a redirection concerns the end (address and port) that accepted it. Where that is the port of the service, from
 *   which no records come, it concerns all ends of the address, when their records are of one node.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"
#include "gtpp_pdu.h"

/* {{{ Restarts */

typedef struct {
    int64_t when;
    gtpp_event_t *event;
} gtpp_counter_t;

/* The CGF is known by address and port, since one host may have several; the CDF by its address, since it may use any
 * port. The number of an end and that of a host are told apart by their lowest bit. */
static uint32_t node_of(const gtpp_judgement_t *judgement, const gtpp_event_t *event)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, event->path);

    return event->direction == path->cdf ? path->hosts[event->direction] << 1 : path->ends[event->direction] << 1 | 1;
}

static int64_t time_of_counter(const gtpp_event_t *event)
{
    const gtpp_item_t *request = event->item.link;
    const bool is_answer = event->item.role == GTPP_ITEM_ANSWER || event->item.role == GTPP_ITEM_REPEATED;

    return is_answer && request != NULL ? request->event->time : event->time;
}

static int compare_counters(const void *one, const void *other)
{
    const int64_t mine = ((const gtpp_counter_t *)one)->when;
    const int64_t yours = ((const gtpp_counter_t *)other)->when;

    return (mine > yours) - (mine < yours);
}

/* An answer that nothing asked for, under a number that was answered before, may be a copy of that answer which is very
 * late: its counter may be an earlier one. */
static bool is_of_unknown_time(const gtpp_event_t *event)
{
    const gtpp_item_t *before = event->item.older;

    return event->item.role == GTPP_ITEM_UNMATCHED && before != NULL && before->link != NULL &&
           (event->type == GTPP_ECHO_RESPONSE || event->type == GTPP_NODE_ALIVE_RESPONSE);
}

static GHashTable *collect_counters(const gtpp_judgement_t *judgement)
{
    GHashTable *nodes = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_array_unref);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!event->has_recovery || is_of_unknown_time(event)) {
            continue;
        }
        const uint32_t node = node_of(judgement, event);
        GArray *counters = g_hash_table_lookup(nodes, GUINT_TO_POINTER(node));
        if (counters == NULL) {
            counters = g_array_new(FALSE, FALSE, sizeof(gtpp_counter_t));
            g_hash_table_insert(nodes, GUINT_TO_POINTER(node), counters);
        }
        const gtpp_counter_t counter = { time_of_counter(event), event };
        g_array_append_val(counters, counter);
    }
    return nodes;
}

static const gtpp_counter_t *counter_at(const GArray *counters, unsigned i)
{
    return &g_array_index(counters, gtpp_counter_t, i);
}

/* True when each value of the counter has one time only: no value comes back after another one. */
static bool is_of_one_node(const GArray *counters)
{
    bool was_seen[UINT8_MAX + 1] = { false };

    for (unsigned i = 0; i < counters->len; i++) {
        const uint8_t value = counter_at(counters, i)->event->recovery;
        const bool is_new = i == 0 || counter_at(counters, i - 1)->event->recovery != value;
        if (is_new && was_seen[value]) {
            return false;
        }
        was_seen[value] = true;
    }
    return true;
}

/* Counters of two ports of one address may be those of two nodes, unless the later one is the next number. So may they
 * where the order of the file is not that of time: the clock may have been set back between the two. */
static bool is_restart(const gtpp_event_t *before, const gtpp_event_t *event)
{
    /* Two answers to one request come from two members of a cluster, or in the wrong order. */
    if (before->item.link != NULL && before->item.link == event->item.link) {
        return false;
    }
    if (event->recovery == (uint8_t)(before->recovery + 1)) {
        return true;
    }
    return before->recovery != event->recovery && before->path == event->path && !before->is_misplaced &&
           !event->is_misplaced;
}

static void report_restarts(void *node, void *value, void *data)
{
    const gtpp_judgement_t *judgement = data;
    GArray *counters = value;

    (void)node;
    g_array_sort(counters, compare_counters);
    if (!is_of_one_node(counters)) {
        return;
    }
    for (unsigned i = 1; i < counters->len; i++) {
        const gtpp_event_t *before = counter_at(counters, i - 1)->event;
        gtpp_event_t *event = counter_at(counters, i)->event;
        if (is_restart(before, event)) {
            gtpp_finding_t *finding = gtpp_judge_add_finding(judgement, event, GTPP_FINDING_RESTART, before);
            finding->number = event->recovery;
            finding->first = before->recovery;
            g_ptr_array_add(judgement->restarts, event);
        }
    }
}

/* }}} */
/* {{{ Redirections */

/* A capture has few redirections. More than this many are reported by themselves only, since each is held against all
 * messages. */
#define MAX_REDIRECTIONS 64

/* Who asked whom not to send records, and until when. */
typedef struct {
    const gtpp_event_t *request;
    uint32_t cgf; /* host */
    uint32_t cdf; /* host */
    uint32_t cdf_end;
    bool is_for_address; /* it went to the CDF's port of the service, from which the CDF need not send records */
    int64_t since;       /* when it was accepted */
    int64_t until;       /* when the node was in service again */
} gtpp_redirection_t;

static bool ends_redirection(const gtpp_event_t *event)
{
    if (event->type == GTPP_NODE_ALIVE_REQUEST) {
        return true;
    }
    for (const gtpp_finding_t *finding = event->more != NULL ? event->more->findings : NULL; finding != NULL;
         finding = finding->next) {
        if (finding->kind == GTPP_FINDING_RESTART) {
            return true;
        }
    }
    return false;
}

static uint32_t end_of(const gtpp_judgement_t *judgement, const gtpp_event_t *event, unsigned direction)
{
    return gtpp_ledger_get_path(judgement->ledger, event->path)->ends[direction];
}

static bool is_to_service(const gtpp_judgement_t *judgement, const gtpp_event_t *event)
{
    return gtpp_ledger_get_path(judgement->ledger, event->path)->is_service[1 - event->direction];
}

static GArray *collect_redirections(const gtpp_judgement_t *judgement)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(gtpp_redirection_t));

    for (unsigned i = 0; i < judgement->events->len; i++) {
        const gtpp_event_t *event = judgement->events->pdata[i];
        const uint32_t source = gtpp_judge_source(judgement, event);
        for (unsigned k = 0; k < all->len && ends_redirection(event); k++) {
            gtpp_redirection_t *redirection = &g_array_index(all, gtpp_redirection_t, k);
            if (redirection->cgf == source && redirection->until > event->time) {
                redirection->until = event->time;
            }
        }
        if (event->type == GTPP_REDIRECTION_REQUEST && gtpp_judge_is_request(event) &&
            event->fate == GTPP_FATE_ACKNOWLEDGED && all->len < MAX_REDIRECTIONS) {
            const gtpp_redirection_t redirection = { event,
                                                     source,
                                                     gtpp_judge_target(judgement, event),
                                                     end_of(judgement, event, 1 - event->direction),
                                                     is_to_service(judgement, event),
                                                     MAX(event->time, gtpp_judge_answer(event)->time),
                                                     INT64_MAX };
            g_array_append_val(all, redirection);
        }
    }
    return all;
}

/* What is known of those that send records from one address. */
typedef struct {
    GHashTable *ends; /* that send records */
    uint64_t node;
    bool has_nodes; /* more than one, or records without one from several ends */
} gtpp_senders_t;

static void find_senders(const gtpp_judgement_t *judgement, uint32_t host, gtpp_senders_t *senders)
{
    senders->ends = g_hash_table_new(g_direct_hash, g_direct_equal);
    senders->node = 0;
    senders->has_nodes = false;
    for (unsigned i = 0; i < judgement->events->len; i++) {
        const gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) || !event->has_packet || gtpp_judge_source(judgement, event) != host) {
            continue;
        }
        g_hash_table_add(senders->ends, GUINT_TO_POINTER(end_of(judgement, event, event->direction)));
        for (uint32_t k = 0; k < event->num_records; k++) {
            const uint64_t node = event->records[k].node;
            if (senders->node != 0 && node != 0 && node != senders->node) {
                senders->has_nodes = true;
            }
            senders->node = node != 0 ? node : senders->node;
        }
    }
    if (senders->node == 0 && g_hash_table_size(senders->ends) > 1) {
        senders->has_nodes = true;
    }
}

/* True when the clock may have been set back between REQUEST and EVENT: the one that is earlier by its time stands
 * behind later messages in the file, and the other one does not. */
static bool may_be_before(const gtpp_event_t *request, const gtpp_event_t *event)
{
    return request->is_misplaced && !event->is_misplaced;
}

/* True when EVENT was probably sent before LAST, the packet that its path carried last before a redirection, and was
 * held up on its way: it has an earlier number, which had not been used, and an earlier IP identification if any. */
static bool is_held_up(const gtpp_event_t *event, const gtpp_event_t *last)
{
    if (last == NULL || event->is_stream || event->item.older != NULL || (int16_t)(event->seq - last->seq) >= 0) {
        return false;
    }
    return event->ip_id == 0 || last->ip_id == 0 || (int16_t)(event->ip_id - last->ip_id) < 0;
}

static void report_after_redirection(const gtpp_judgement_t *judgement, const gtpp_redirection_t *redirection)
{
    gtpp_senders_t senders;

    GHashTable *last = g_hash_table_new(g_direct_hash, g_direct_equal); /* path -> packet before the redirection */

    find_senders(judgement, redirection->cdf, &senders);
    const bool is_for_end = g_hash_table_contains(senders.ends, GUINT_TO_POINTER(redirection->cdf_end));
    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) || !event->has_packet ||
            gtpp_judge_source(judgement, event) != redirection->cdf ||
            gtpp_judge_target(judgement, event) != redirection->cgf) {
            continue;
        }
        void *path = GUINT_TO_POINTER(event->path);
        if (event->time <= redirection->since) {
            g_hash_table_insert(last, path, event);
            continue;
        }
        if (event->time >= redirection->until || may_be_before(redirection->request, event) ||
            (event->time - redirection->since <= judgement->t3 && is_held_up(event, g_hash_table_lookup(last, path)))) {
            continue;
        }
        if (end_of(judgement, event, event->direction) == redirection->cdf_end ||
            (redirection->is_for_address && !is_for_end && !senders.has_nodes)) {
            gtpp_judge_count_finding(judgement, event, GTPP_FINDING_AFTER_REDIRECTION, redirection->request, 0)->count =
                1;
        }
    }
    g_hash_table_destroy(senders.ends);
    g_hash_table_destroy(last);
}

/* }}} */

void gtpp_judge_nodes(const gtpp_judgement_t *judgement)
{
    GHashTable *nodes = collect_counters(judgement);

    g_hash_table_foreach(nodes, report_restarts, (void *)judgement);
    g_hash_table_destroy(nodes);
    GArray *redirections = collect_redirections(judgement);
    for (unsigned i = 0; i < redirections->len; i++) {
        report_after_redirection(judgement, &g_array_index(redirections, gtpp_redirection_t, i));
    }
    g_array_free(redirections, TRUE);
}
