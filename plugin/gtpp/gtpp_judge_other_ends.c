/* gtpp_judge_other_ends.c
 * Answers that came from another address or port than the one that was asked, or went to another one.
 *
 * Such an answer has the number of a request of another path. Which request it belongs to is told by:
 * - the address that it came from. Where requests are sent to that address, it answers these only; an address to which
 *   nothing is sent may answer for any node.
 * - the address that it went to, which asked. Where requests come from the port that it went to, it answers these, but
 *   for a list that has one of them and others, and one that comes soon after a request.
 * - time: the latest request before it.
 * Requests that wait come before those that have been answered.
 *
 * The capture may lack the request of the answer's own path. So it cannot be told whose the answer is where it came
 * from a node that sends requests itself, or went long after the request to a port that did not ask and is not the
 * service's, or where the answer's own path has requests with numbers shortly before or behind the answer's, or has
 * requests of other kinds only, which tell nothing of its numbers. An answer that lists a request of its own path as
 * well may be that of both paths, where these have one row of numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"
#include "gtpp_pdu.h"

/* How long after the last copy of a request an answer from another end is taken for its own, in nanoseconds. */
#define TIME_LIMIT (INT64_C(60) * 1000000000)

/* How long after the last copy of an answered request another answer is one to it, too: as many may come as copies. */
#define REPEATED GTPP_MATCH_PROMPT

/* The numbers of a path's requests follow one another: a request that the capture lacks has a number that is no further
 * than this from that of the one before it, or behind it. */
#define NEAR_NUMBERS 32

/* This many requests of a path are looked at for numbers that another path has, too, and as many of each number. */
#define ROW 32

/* Of the requests of one host and number, this many are looked at. */
#define REQUESTS 64

typedef struct {
    const gtpp_judgement_t *judgement;
    GHashTable *requests; /* of all paths: key_of() -> GPtrArray of gtpp_event_t, in the order of time */
    GHashTable *asked;    /* numbers of the hosts that requests were sent to */
    GHashTable *asking;   /* numbers of the ends that sent them */
    GHashTable *own;      /* path_key_of() -> GPtrArray of the path's gtpp_event_t, in the order of time */
} gtpp_search_t;

static uint64_t key_of(uint32_t host, uint8_t type, uint16_t seq)
{
    return (uint64_t)host << 32 | (uint64_t)type << 16 | seq;
}

/* That of GLib looks at the lower half only, where the requests of many hosts are alike. */
static unsigned hash_key(const void *key)
{
    return wmem_strong_hash(key, sizeof(uint64_t));
}

static uint64_t path_key_of(uint32_t path, unsigned direction, uint8_t type)
{
    return (uint64_t)path << 32 | direction << 8 | type;
}

static void add_to(GHashTable *lists, uint64_t key, gtpp_event_t *event)
{
    GPtrArray *list = g_hash_table_lookup(lists, &key);

    if (list == NULL) {
        list = g_ptr_array_new();
        g_hash_table_insert(lists, g_memdup2(&key, sizeof key), list);
    }
    g_ptr_array_add(list, event);
}

static void open_search(gtpp_search_t *search, const gtpp_judgement_t *judgement)
{
    search->judgement = judgement;
    search->requests = g_hash_table_new_full(hash_key, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    search->own = g_hash_table_new_full(hash_key, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    search->asked = g_hash_table_new(g_direct_hash, g_direct_equal);
    search->asking = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event)) {
            continue;
        }
        add_to(search->requests, key_of(gtpp_judge_source(judgement, event), event->type, event->seq), event);
        add_to(search->own, path_key_of(event->path, event->direction, event->type), event);
        g_hash_table_add(search->asked, GUINT_TO_POINTER(gtpp_judge_target(judgement, event)));
        const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, event->path);
        g_hash_table_add(search->asking, GUINT_TO_POINTER(path->ends[event->direction]));
    }
}

static void close_search(gtpp_search_t *search)
{
    g_hash_table_destroy(search->requests);
    g_hash_table_destroy(search->own);
    g_hash_table_destroy(search->asked);
    g_hash_table_destroy(search->asking);
}

/* How many of the requests in LIST were sent by the time TIME. */
static unsigned count_until(const GPtrArray *list, int64_t when)
{
    unsigned from = 0;
    unsigned to = list->len;

    while (from < to) {
        const unsigned middle = from + (to - from) / 2;
        if (((const gtpp_event_t *)list->pdata[middle])->time <= when) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

/* How much earlier than its request an answer may be: where it stands behind later messages in the file, the clock may
 * have been set back between the two. */
static int64_t skew_of(const gtpp_event_t *answer)
{
    return answer->is_misplaced ? GTPP_MATCH_CLOCK_STEP : GTPP_MATCH_SKEW;
}

/* True when one of the numbers of ANSWER was asked for on its own path. */
static bool answers_own_path(gtpp_event_t *answer)
{
    gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(answer, k)) != NULL; k++) {
        if (item->link != NULL) {
            return true;
        }
    }
    return false;
}

/* True when one of the numbers of ANSWER that were asked for on its own path is near to SEQ. */
static bool has_own_number_near(gtpp_event_t *answer, uint16_t seq)
{
    gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(answer, k)) != NULL; k++) {
        if (item->link != NULL && MIN((uint16_t)(item->seq - seq), (uint16_t)(seq - item->seq)) <= NEAR_NUMBERS) {
            return true;
        }
    }
    return false;
}

static bool is_prompt(const gtpp_event_t *answer, const gtpp_event_t *request)
{
    return answer->time - gtpp_match_last_time(request) <= GTPP_MATCH_PROMPT;
}

/* How well REQUEST fits an answer of another path: higher is better, 0 is not at all. */
static int fit_of(const gtpp_search_t *search, gtpp_event_t *answer, const gtpp_event_t *request)
{
    const gtpp_judgement_t *judgement = search->judgement;
    const uint32_t source = gtpp_judge_source(judgement, answer);
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, answer->path);
    const gtpp_path_t *asking = gtpp_ledger_get_path(judgement->ledger, request->path);

    if (answer->path == request->path || answer->time < request->time - skew_of(answer) ||
        answer->time > gtpp_match_last_time(request) + TIME_LIMIT ||
        (source != gtpp_judge_target(judgement, request) &&
         g_hash_table_contains(search->asked, GUINT_TO_POINTER(source)))) {
        return 0;
    }
    const bool is_same_end = path->ends[1 - answer->direction] == asking->ends[request->direction];
    const bool waits = gtpp_judge_answer(request) == NULL;
    if (!is_same_end && !is_prompt(answer, request) && !answers_own_path(answer) &&
        g_hash_table_contains(search->asking, GUINT_TO_POINTER(path->ends[1 - answer->direction]))) {
        return 0;
    }
    if (!waits && answer->time > gtpp_match_last_time(request) + REPEATED) {
        return 0;
    }
    /* What came before the request, or to another port after the answer, is rather another request's. */
    if (!(is_same_end || waits) || (answer->time < request->time && !(is_same_end && waits))) {
        return 0;
    }
    return (is_same_end ? 2 : 0) + (waits ? 1 : 0);
}

/* The request that the answer fits best, the latest of several. *RIVAL: one of another path that it fits as well, so
 * that it cannot be told whose the answer is. */
static gtpp_event_t *find_asking(const gtpp_search_t *search, gtpp_event_t *answer, const GPtrArray *list,
                                 gtpp_event_t **rival)
{
    gtpp_event_t *best = NULL;
    int best_fit = 0;
    unsigned i = count_until(list, answer->time + skew_of(answer));

    *rival = NULL;
    for (unsigned left = REQUESTS; i > 0 && left > 0; left--) {
        gtpp_event_t *request = list->pdata[--i];
        const int fit = fit_of(search, answer, request);
        if (fit > best_fit) {
            best = request;
            best_fit = fit;
            *rival = NULL;
        } else if (fit > 0 && fit == best_fit && request->path != best->path && *rival == NULL &&
                   !(is_prompt(answer, best) && !is_prompt(answer, request))) {
            *rival = request;
        }
    }
    return best;
}

/* True when the answer went between the same ends as the request, the other way: as two connections with the same ports
 * are two paths, and a connection whose file begins amid it is one. */
static bool is_between_same_ends(const gtpp_judgement_t *judgement, const gtpp_event_t *answer,
                                 const gtpp_event_t *request)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, answer->path);
    const gtpp_path_t *asking = gtpp_ledger_get_path(judgement->ledger, request->path);

    return path->ends[answer->direction] == asking->ends[1 - request->direction] &&
           path->ends[1 - answer->direction] == asking->ends[request->direction];
}

/* The first answer counts, but acceptance more than rejection: a rejected request that is sent again may be accepted
 * then. */
static void link_answer(const gtpp_judgement_t *judgement, gtpp_item_t *item, gtpp_event_t *request)
{
    wmem_allocator_t *allocator = gtpp_ledger_allocator(judgement->ledger);
    gtpp_event_t *answer = item->event;
    const gtpp_event_t *before = gtpp_judge_answer(request);

    const bool is_other_end = !is_between_same_ends(judgement, answer, request);

    g_hash_table_add(judgement->from_elsewhere, item);
    gtpp_event_need_more(allocator, answer)->other_request = request;
    if (is_other_end) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_OTHER_END, request, item->seq);
    }
    if (before != NULL && (gtpp_match_answer_accepts(before) || !gtpp_match_answer_accepts(answer))) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_DUPLICATE_ACK, before, item->seq);
        return;
    }
    gtpp_event_need_more(allocator, request)->other_answer = answer;
    gtpp_judge_request(judgement, request);
    if (is_other_end) {
        gtpp_judge_count_finding(judgement, request, GTPP_FINDING_OTHER_END, answer, item->seq)->other = answer;
    }
    if (request->more->probed != NULL) {
        gtpp_judge_request(judgement, request->more->probed);
    }
}

/* Kinds of request that a response answers, as far as its type tells. */
static uint8_t asked_type(const gtpp_event_t *answer)
{
    return answer->type == GTPP_VERSION_NOT_SUPPORTED ? GTPP_DATA_RECORD_TRANSFER_REQUEST : (uint8_t)(answer->type - 1);
}

/* True when the answer's own path has requests before or behind it with numbers near to SEQ: the capture may lack the
 * one that has it. */
static bool has_near_numbers(const gtpp_search_t *search, const gtpp_event_t *answer, uint16_t seq)
{
    const uint64_t key = path_key_of(answer->path, 1U - answer->direction, asked_type(answer));
    const GPtrArray *list = g_hash_table_lookup(search->own, &key);

    if (list == NULL) {
        return false;
    }
    const unsigned behind = count_until(list, answer->time);
    const gtpp_event_t *before = behind > 0 ? list->pdata[behind - 1] : NULL;
    const gtpp_event_t *after = behind < list->len ? list->pdata[behind] : NULL;
    return (before != NULL && (uint16_t)(seq - before->seq) <= NEAR_NUMBERS) ||
           (after != NULL && (uint16_t)(after->seq - seq) <= NEAR_NUMBERS);
}

/* True when the node numbers the requests of the answer's own path and those of the path of REQUEST each in a row of
 * their own: then a number was given to different requests on both, shortly before or behind the answer. */
static bool has_own_row(const gtpp_search_t *search, const gtpp_event_t *answer, const gtpp_event_t *request)
{
    const uint64_t key = path_key_of(answer->path, 1U - answer->direction, asked_type(answer));
    const GPtrArray *own = g_hash_table_lookup(search->own, &key);
    unsigned i = own != NULL ? count_until(own, answer->time + TIME_LIMIT) : 0;

    for (unsigned left = ROW; i > 0 && left > 0; left--) {
        const gtpp_event_t *mine = own->pdata[--i];
        const uint64_t number = key_of(gtpp_judge_source(search->judgement, mine), mine->type, mine->seq);
        const GPtrArray *alike = g_hash_table_lookup(search->requests, &number);
        unsigned j = alike != NULL ? count_until(alike, mine->time + TIME_LIMIT) : 0;
        for (unsigned tries = ROW; j > 0 && tries > 0; tries--) {
            const gtpp_event_t *yours = alike->pdata[--j];
            if (yours->path == request->path && mine->time - yours->time <= TIME_LIMIT &&
                !gtpp_match_has_same_octets(mine, yours)) {
                return true;
            }
        }
    }
    return false;
}

/* True when the answer's own path has requests, and none of the kind that was answered: which numbers these have there
 * is not known, and the capture may lack one. Where the path of REQUEST has no answer at all, the answering node
 * probably sends the answers to all requests to one end, and the doubt does not hold. */
static bool has_other_requests(const gtpp_search_t *search, const gtpp_event_t *answer, const gtpp_event_t *request)
{
    static const uint8_t kinds[] = { GTPP_ECHO_REQUEST, GTPP_NODE_ALIVE_REQUEST, GTPP_REDIRECTION_REQUEST,
                                     GTPP_DATA_RECORD_TRANSFER_REQUEST };
    const gtpp_path_t *asking = gtpp_ledger_get_path(search->judgement->ledger, request->path);
    bool has_requests = false;

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const uint64_t key = path_key_of(answer->path, 1U - answer->direction, kinds[i]);
        if (g_hash_table_contains(search->own, &key)) {
            if (kinds[i] == asked_type(answer)) {
                return false;
            }
            has_requests = true;
        }
    }
    return has_requests && asking->directions[1 - request->direction].messages > 0;
}

/* True when the capture lacks octets or fragments that the asking node of the answer's own path sent before it. What
 * was cut has its number. */
static bool lacks_own_requests(const gtpp_search_t *search, const gtpp_event_t *answer)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(search->judgement->ledger, answer->path);
    const gtpp_reason_t reason = gtpp_judge_find_gap(search->judgement, path, 1U - answer->direction,
                                                     answer->time - GTPP_MATCH_REPEATED, answer->time);

    return reason != GTPP_REASON_NONE && reason != GTPP_REASON_CUT;
}

/* True when the answer may as well be one to a request of its own path which the capture lacks. */
static bool is_doubtful(const gtpp_search_t *search, gtpp_event_t *answer, const gtpp_event_t *request)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(search->judgement->ledger, answer->path);
    const gtpp_path_t *asking = gtpp_ledger_get_path(search->judgement->ledger, request->path);
    const unsigned target = 1U - answer->direction;
    const uint32_t source_end = path->ends[answer->direction];

    if (is_between_same_ends(search->judgement, answer, request)) {
        return false;
    }
    return (request->item.link != NULL && gtpp_match_answer_accepts(request->item.link->event)) ||
           (has_own_number_near(answer, request->seq) && has_own_row(search, answer, request)) ||
           (!answers_own_path(answer) &&
            (has_near_numbers(search, answer, request->seq) || has_other_requests(search, answer, request) ||
             lacks_own_requests(search, answer))) ||
           (source_end != asking->ends[1 - request->direction] &&
            g_hash_table_contains(search->asking, GUINT_TO_POINTER(source_end))) ||
           (path->ends[target] != asking->ends[request->direction] && !path->is_service[target] &&
            !(is_prompt(answer, request) &&
              g_hash_table_contains(search->asking, GUINT_TO_POINTER(path->ends[target]))));
}

static void assign(const gtpp_search_t *search, gtpp_item_t *item, const GPtrArray *list)
{
    const gtpp_judgement_t *judgement = search->judgement;
    gtpp_event_t *rival;
    gtpp_event_t *request = find_asking(search, item->event, list, &rival);

    if (request == NULL) {
        return;
    }
    const bool is_contested = (request->more != NULL && request->more->reason == GTPP_REASON_OTHER_END) ||
                              is_doubtful(search, item->event, request);
    if (rival == NULL && !is_contested) {
        link_answer(judgement, item, request);
        return;
    }
    if (gtpp_judge_answer(request) == NULL) {
        gtpp_judge_set_undecided(judgement, request, GTPP_REASON_OTHER_END, NULL);
    }
    if (rival != NULL && gtpp_judge_answer(rival) == NULL) {
        gtpp_judge_set_undecided(judgement, rival, GTPP_REASON_OTHER_END, NULL);
    }
    gtpp_event_need_more(gtpp_ledger_allocator(judgement->ledger), item->event)->reason = GTPP_REASON_OTHER_END;
}

void gtpp_judge_other_ends(const gtpp_judgement_t *judgement)
{
    gtpp_search_t search = { .requests = NULL };

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        gtpp_item_t *item;
        for (uint32_t k = 0; (item = gtpp_event_get_item(event, k)) != NULL; k++) {
            if (item->role != GTPP_ITEM_UNMATCHED || gtpp_match_is_request(item)) {
                continue;
            }
            if (search.requests == NULL) {
                open_search(&search, judgement);
            }
            const uint64_t key = key_of(gtpp_judge_target(judgement, event), asked_type(event), item->seq);
            const GPtrArray *list = g_hash_table_lookup(search.requests, &key);
            if (list != NULL) {
                assign(&search, item, list);
            }
        }
    }
    if (search.requests != NULL) {
        close_search(&search);
    }
}
