/* gtpp_judge_twins.c
 * Answers on one side of a NAT to requests of which the capture has the other side only.
 *
 * That two paths are the two sides of one shows with the first packet that the capture has on both. From then on they
 * share their numbers; what came before is looked for here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"

/* Of the requests of one number, this many are looked at. */
#define REQUESTS 16

typedef struct {
    const gtpp_judgement_t *judgement;
    GHashTable *sided;   /* numbers of the paths that others are twins of */
    GHashTable *waiting; /* key_of() -> GPtrArray of gtpp_event_t: requests without an answer, in the order of time */
} gtpp_sides_t;

/* The path whose numbers those of EVENT's are, and which of its directions is the event's. */
static const gtpp_path_t *find_root(const gtpp_judgement_t *judgement, const gtpp_event_t *event, unsigned *direction)
{
    *direction = event->direction;
    return gtpp_ledger_find_root(judgement->ledger, gtpp_ledger_get_path(judgement->ledger, event->path), direction);
}

static bool is_on_a_side(const gtpp_sides_t *sides, const gtpp_event_t *event)
{
    unsigned direction;

    return g_hash_table_contains(sides->sided,
                                 GUINT_TO_POINTER(find_root(sides->judgement, event, &direction)->number));
}

/* The number of a request, or of one that an answer is to. */
static uint64_t key_of(const gtpp_judgement_t *judgement, const gtpp_event_t *event, uint16_t seq)
{
    const bool is_request = gtpp_match_is_request(&event->item);
    unsigned direction;
    const gtpp_path_t *root = find_root(judgement, event, &direction);

    /* The type of a response is that of its request and 1. */
    return (uint64_t)root->number << 32 | (uint64_t)(is_request ? direction : 1 - direction) << 24 |
           (uint64_t)(is_request ? event->type : event->type - 1U) << 16 | seq;
}

static void collect_sides(gtpp_sides_t *sides)
{
    const gtpp_ledger_t *ledger = sides->judgement->ledger;

    for (uint32_t i = 0; i < gtpp_ledger_count_paths(ledger); i++) {
        const gtpp_path_t *path = gtpp_ledger_get_path(ledger, i);
        unsigned direction = 0;
        if (path->has_twin) {
            g_hash_table_add(sides->sided, GUINT_TO_POINTER(gtpp_ledger_find_root(ledger, path, &direction)->number));
        }
    }
}

static void collect_waiting(gtpp_sides_t *sides)
{
    for (unsigned i = 0; i < sides->judgement->events->len; i++) {
        gtpp_event_t *event = sides->judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) || event->item.link != NULL || !is_on_a_side(sides, event)) {
            continue;
        }
        const uint64_t key = key_of(sides->judgement, event, event->seq);
        GPtrArray *list = g_hash_table_lookup(sides->waiting, &key);
        if (list == NULL) {
            list = g_ptr_array_new();
            g_hash_table_insert(sides->waiting, g_memdup2(&key, sizeof key), list);
        }
        g_ptr_array_add(list, event);
    }
}

/* The latest request on the other side that ANSWER, at ITEM, may be to. NULL: none. */
static gtpp_event_t *find_request(const gtpp_sides_t *sides, const gtpp_event_t *answer, const gtpp_item_t *item)
{
    const uint64_t key = key_of(sides->judgement, answer, item->seq);
    const GPtrArray *list = g_hash_table_lookup(sides->waiting, &key);
    unsigned left = REQUESTS;

    for (unsigned i = list != NULL ? list->len : 0; i > 0 && left > 0; i--, left--) {
        gtpp_event_t *request = list->pdata[i - 1];
        if (request->item.link == NULL && request->path != answer->path &&
            request->time <= answer->time + GTPP_MATCH_SKEW &&
            answer->time - gtpp_match_last_time(request) <= GTPP_MATCH_REPEATED) {
            return request;
        }
    }
    return NULL;
}

static void assign(const gtpp_sides_t *sides, gtpp_event_t *answer)
{
    gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(answer, k)) != NULL; k++) {
        gtpp_event_t *request = item->role == GTPP_ITEM_UNMATCHED ? find_request(sides, answer, item) : NULL;
        if (request != NULL) {
            item->role = GTPP_ITEM_ANSWER;
            item->link = &request->item;
            request->item.link = item;
            request->item.answers = 1;
        }
    }
}

void gtpp_judge_twins(const gtpp_judgement_t *judgement)
{
    gtpp_sides_t sides = { judgement, g_hash_table_new(g_direct_hash, g_direct_equal),
                           g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                                 (GDestroyNotify)g_ptr_array_unref) };

    collect_sides(&sides);
    if (g_hash_table_size(sides.sided) > 0) {
        collect_waiting(&sides);
    }
    for (unsigned i = 0; i < judgement->events->len && g_hash_table_size(sides.waiting) > 0; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_match_is_request(&event->item) && is_on_a_side(&sides, event)) {
            assign(&sides, event);
        }
    }
    g_hash_table_destroy(sides.sided);
    g_hash_table_destroy(sides.waiting);
}
