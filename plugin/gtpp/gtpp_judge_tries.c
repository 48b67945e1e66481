/* gtpp_judge_tries.c
 * Requests of which the capture has earlier copies that are not whole: datagrams in IP fragments, some of which are
 * missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"

/* The datagrams that are not whole, by their digests. Datagrams alike are in one list, latest in the file first. */
static GHashTable *index_incomplete(const gtpp_judgement_t *judgement)
{
    GHashTable *incomplete =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    const gtpp_datagram_t *datagram = gtpp_ledger_get_datagrams(judgement->ledger);

    for (; datagram != NULL; datagram = datagram->next) {
        if (datagram->is_whole || datagram->digest == 0) {
            continue;
        }
        GPtrArray *list = g_hash_table_lookup(incomplete, &datagram->digest);
        if (list == NULL) {
            list = g_ptr_array_new();
            g_hash_table_insert(incomplete, (void *)&datagram->digest, list);
        }
        g_ptr_array_add(list, (void *)datagram);
    }
    return incomplete;
}

/* The tries before WHOLE among LIST: how many, and the earliest one. */
static uint32_t count_tries(const GPtrArray *list, const gtpp_datagram_t *whole, const gtpp_datagram_t **earliest)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < list->len; i++) {
        const gtpp_datagram_t *other = list->pdata[i];
        if (other->from != whole->from || other->to != whole->to || other->since >= whole->since) {
            continue;
        }
        count++;
        if (*earliest == NULL || other->since < (*earliest)->since) {
            *earliest = other;
        }
    }
    return count;
}

void gtpp_judge_tries(const gtpp_judgement_t *judgement)
{
    const gtpp_datagram_t *datagram = gtpp_ledger_get_datagrams(judgement->ledger);

    if (datagram == NULL) {
        return;
    }
    GHashTable *incomplete = index_incomplete(judgement);
    for (; datagram != NULL; datagram = datagram->next) {
        const gtpp_datagram_t *earliest = NULL;
        gtpp_event_t *event = datagram->event;
        const GPtrArray *list = event != NULL ? g_hash_table_lookup(incomplete, &datagram->digest) : NULL;
        if (list == NULL || !gtpp_match_is_request(&event->item) || event->item.role == GTPP_ITEM_COPY) {
            continue;
        }
        const uint32_t count = count_tries(list, datagram, &earliest);
        if (count > 0) {
            gtpp_judge_add_finding(judgement, event, GTPP_FINDING_TRIED, NULL)->count = count;
            event->more->tried = earliest;
        }
    }
    g_hash_table_destroy(incomplete);
}
