/* gtpp_ledger.c
 * All GTP' messages of a file, by path and number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_ledger.h"

#include <glib.h>
#include <string.h>

#include "gtpp_match.h"
#include "gtpp_pdu.h"

/* Kinds of request, each with numbers of its own. */
enum { PAIR_ECHO, PAIR_NODE_ALIVE, PAIR_REDIRECTION, PAIR_RECORDS, PAIRS };

/* Events are allocated in groups, for their number, and stay in the order in which they came. */
#define EVENTS_IN_A_GROUP 32

/* A step back in time of less than this is what several queues of a network card, or two capture points, bring about;
 * in nanoseconds. */
#define MISPLACED_FROM (INT64_C(100) * 1000000)

typedef struct gtpp_group {
    struct gtpp_group *next;
    gtpp_event_t events[EVENTS_IN_A_GROUP];
} gtpp_group_t;

/* Both sides of a NAT may be captured: then the same packet comes on two paths, within this time (nanoseconds): with
 * the same IPv4 identification, or where the NAT gives a new one, with octets that tell it from any other message.
 * RECENT is a power of two. */
#define RECENT 256
#define OTHER_PATH_COPY (INT64_C(100) * 1000000)
#define OTHER_PATH_COPY_WITHOUT_ID (INT64_C(5) * 1000000)

/* All messages of one number. */
typedef struct {
    uint64_t key;
    gtpp_number_items_t items;
} gtpp_number_t;

struct gtpp_ledger {
    wmem_allocator_t *allocator;
    GHashTable *numbers; /* a set of gtpp_number_t */
    gtpp_group_t *groups;
    gtpp_group_t *last_group;
    wmem_array_t *paths; /* gtpp_path_t * */
    gtpp_event_t *first_misplaced;
    int64_t latest;      /* the latest time so far */
    int64_t before_step; /* and what it was when the times last stepped back by GTPP_MATCH_CLOCK_STEP or more */
    gtpp_event_t
        *recent[RECENT]; /* the last packet of each digest, by which the same packet is found on another path */
    uint32_t num_events;
    uint32_t num_misplaced;
    bool has_refusals; /* Version Not Supported */
    gtpp_datagram_t *datagrams;
};

_Static_assert(sizeof(gtpp_event_t) <= 104, "there is one for each message: its size counts");

static unsigned hash_number(const void *number)
{
    const uint64_t key = ((const gtpp_number_t *)number)->key;

    /* Paths apart, and the numbers of one side by side. */
    return (unsigned)(key >> 32) * 0x9e3779b1U + (unsigned)key;
}

static gboolean is_same_number(const void *one, const void *other)
{
    return ((const gtpp_number_t *)one)->key == ((const gtpp_number_t *)other)->key;
}

gtpp_ledger_t *gtpp_ledger_open(wmem_allocator_t *allocator)
{
    gtpp_ledger_t *ledger = wmem_new0(allocator, gtpp_ledger_t);

    ledger->allocator = allocator;
    ledger->numbers = g_hash_table_new(hash_number, is_same_number);
    ledger->paths = wmem_array_new(allocator, sizeof(gtpp_path_t *));
    ledger->latest = INT64_MIN;
    ledger->before_step = GTPP_TIME_MIN;
    return ledger;
}

void gtpp_ledger_close(gtpp_ledger_t *ledger)
{
    if (ledger != NULL) {
        g_hash_table_destroy(ledger->numbers);
    }
}

gtpp_path_t *gtpp_ledger_open_path(gtpp_ledger_t *ledger, const uint32_t hosts[2], const uint32_t ends[2],
                                   const bool is_service[2], unsigned cdf)
{
    gtpp_path_t *path = wmem_new0(ledger->allocator, gtpp_path_t);

    path->number = wmem_array_get_count(ledger->paths);
    path->cdf = is_service[0] != is_service[1] ? is_service[0] : cdf & 1;
    path->has_ends = ends[0] != ends[1];
    for (unsigned end = 0; end < 2; end++) {
        path->hosts[end] = hosts[end];
        path->ends[end] = ends[end];
        path->is_service[end] = is_service[end];
    }
    wmem_array_append_one(ledger->paths, path);
    return path;
}

gtpp_path_t *gtpp_ledger_get_path(const gtpp_ledger_t *ledger, uint32_t number)
{
    return number < wmem_array_get_count(ledger->paths) ? *(gtpp_path_t **)wmem_array_index(ledger->paths, number)
                                                        : NULL;
}

uint32_t gtpp_ledger_count_paths(const gtpp_ledger_t *ledger)
{
    return wmem_array_get_count(ledger->paths);
}

/* {{{ Numbers */

const gtpp_path_t *gtpp_ledger_find_root(const gtpp_ledger_t *ledger, const gtpp_path_t *path, unsigned *direction)
{
    while (path->has_twin) {
        *direction ^= path->is_twin_reversed ? 1 : 0;
        path = gtpp_ledger_get_path(ledger, path->twin);
    }
    return path;
}

/* Numbers of a request that goes in DIRECTION on PATH, or on the twin of it. */
static uint64_t key_of(const gtpp_ledger_t *ledger, const gtpp_path_t *path, unsigned direction, unsigned pair,
                       uint16_t seq)
{
    path = gtpp_ledger_find_root(ledger, path, &direction);
    return (uint64_t)path->number << 32 | (uint64_t)(direction & 1) << 18 | (uint64_t)pair << 16 | seq;
}

static gtpp_number_t *find_number(const gtpp_ledger_t *ledger, uint64_t key)
{
    const gtpp_number_t wanted = { .key = key };

    return g_hash_table_lookup(ledger->numbers, &wanted);
}

static gtpp_number_t *need_number(gtpp_ledger_t *ledger, uint64_t key)
{
    gtpp_number_t *number = find_number(ledger, key);

    if (number == NULL) {
        number = wmem_new(ledger->allocator, gtpp_number_t);
        *number = (gtpp_number_t){ .key = key };
        g_hash_table_add(ledger->numbers, number);
    }
    return number;
}

static bool find_pair(uint8_t type, unsigned *pair, bool *is_request)
{
    static const struct {
        uint8_t request;
        uint8_t response;
    } pairs[PAIRS] = {
        [PAIR_ECHO] = { GTPP_ECHO_REQUEST, GTPP_ECHO_RESPONSE },
        [PAIR_NODE_ALIVE] = { GTPP_NODE_ALIVE_REQUEST, GTPP_NODE_ALIVE_RESPONSE },
        [PAIR_REDIRECTION] = { GTPP_REDIRECTION_REQUEST, GTPP_REDIRECTION_RESPONSE },
        [PAIR_RECORDS] = { GTPP_DATA_RECORD_TRANSFER_REQUEST, GTPP_DATA_RECORD_TRANSFER_RESPONSE },
    };

    for (*pair = 0; *pair < PAIRS; ++*pair) {
        *is_request = type == pairs[*pair].request;
        if (*is_request || type == pairs[*pair].response) {
            return true;
        }
    }
    return false;
}

/* Version Not Supported answers any kind of request: the latest one of its number that waits, or else the latest. */
static unsigned find_refused_pair(const gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input)
{
    const gtpp_event_t *best = NULL;
    unsigned best_pair = PAIR_RECORDS;

    for (unsigned pair = 0; pair < PAIRS; pair++) {
        const gtpp_number_t *number =
            find_number(ledger, key_of(ledger, input->path, 1 - input->direction, pair, input->seq));
        gtpp_item_t *item = number != NULL ? number->items.newest : NULL;
        while (item != NULL && item->role != GTPP_ITEM_REQUEST) {
            item = item->older;
        }
        if (item == NULL) {
            continue;
        }
        const bool waits = item->link == NULL;
        const bool best_waits = best != NULL && best->item.link == NULL;
        if (best == NULL || (waits && !best_waits) || (waits == best_waits && item->event->time >= best->time)) {
            best = item->event;
            best_pair = pair;
        }
    }
    return best_pair;
}

/* }}} */
/* {{{ Entering */

static gtpp_event_t *allocate_event(gtpp_ledger_t *ledger)
{
    const uint32_t place = ledger->num_events % EVENTS_IN_A_GROUP;

    if (place == 0) {
        gtpp_group_t *group = wmem_new0(ledger->allocator, gtpp_group_t);
        if (ledger->last_group == NULL) {
            ledger->groups = group;
        } else {
            ledger->last_group->next = group;
        }
        ledger->last_group = group;
    }
    ledger->num_events++;
    return &ledger->last_group->events[place];
}

/* What a Data Record Transfer Request without a command means follows from its other elements. */
static uint8_t command_of(const gtpp_ledger_input_t *input)
{
    if (input->has_command) {
        return input->command;
    }
    if (!input->has_packet && input->released.count > 0) {
        return GTPP_COMMAND_RELEASE;
    }
    return !input->has_packet && input->cancelled.count > 0 ? GTPP_COMMAND_CANCEL : GTPP_COMMAND_SEND;
}

static uint16_t clamp_to_16_bits(uint32_t count)
{
    return count < UINT16_MAX ? (uint16_t)count : UINT16_MAX;
}

static void copy_lists(gtpp_ledger_t *ledger, gtpp_event_t *event, const gtpp_ledger_input_t *input)
{
    const uint16_t released = clamp_to_16_bits(input->released.count);
    const uint16_t cancelled = clamp_to_16_bits(input->cancelled.count);

    if (released + cancelled == 0) {
        return;
    }
    gtpp_event_more_t *more = gtpp_event_need_more(ledger->allocator, event);
    more->released = wmem_alloc_array(ledger->allocator, uint16_t, released + cancelled);
    more->num_released = released;
    more->num_cancelled = cancelled;
    if (released > 0) {
        memcpy(more->released, input->released.seqs, released * sizeof(uint16_t));
    }
    if (cancelled > 0) {
        memcpy(more->released + released, input->cancelled.seqs, cancelled * sizeof(uint16_t));
    }
}

static gtpp_event_t *add_event(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input)
{
    gtpp_event_t *event = allocate_event(ledger);

    event->item.event = event;
    event->item.seq = input->seq;
    event->seq = input->seq;
    event->frame = input->frame;
    event->time = CLAMP(input->time, GTPP_TIME_MIN, GTPP_TIME_MAX);
    event->digest = input->digest;
    event->length = input->length;
    event->path = input->path->number;
    event->ip_id = input->ip_id;
    event->announced = input->announced;
    event->copies = 1;
    event->type = input->type;
    event->command = input->type == GTPP_VERSION_NOT_SUPPORTED ? input->version : command_of(input);
    event->cause = input->cause;
    event->recovery = input->recovery;
    event->direction = input->direction & 1;
    event->has_cause = input->has_cause;
    event->has_recovery = input->has_recovery;
    event->has_packet = input->has_packet && !input->is_empty_packet;
    event->is_empty = input->has_packet && input->is_empty_packet;
    event->has_content = event->has_packet || input->released.count > 0 || input->cancelled.count > 0;
    event->is_cut = input->is_cut;
    event->is_beyond = input->is_beyond;
    event->is_stream = input->is_stream;
    event->num_records = clamp_to_16_bits(input->num_records);
    if (event->num_records > 0) {
        event->records = wmem_memdup(ledger->allocator, input->records, event->num_records * sizeof *event->records);
    }
    copy_lists(ledger, event, input);
    if (input->hole != NULL) {
        gtpp_event_need_more(ledger->allocator, event)->hole = input->hole;
    }
    return event;
}

static void cover(gtpp_path_t *path, gtpp_event_t *event)
{
    gtpp_direction_t *direction = &path->directions[event->direction];

    if (direction->messages == 0) {
        direction->first_event = event;
    }
    if (direction->messages == 0 || event->time < direction->first) {
        direction->first = event->time;
    }
    if (direction->messages == 0 || event->time >= direction->last) {
        direction->last = event->time;
        direction->last_event = event;
    }
    direction->messages++;
    if (event->is_cut) {
        direction->first_cut = direction->cut == 0 ? event->time : MIN(direction->first_cut, event->time);
        direction->last_cut = direction->cut == 0 ? event->time : MAX(direction->last_cut, event->time);
        direction->cut++;
    }
    if (event->type == GTPP_DATA_RECORD_TRANSFER_REQUEST &&
        (!direction->has_packets || event->time < direction->first_packet_time)) {
        direction->has_packets = true;
        direction->first_packet = event->seq;
        direction->first_packet_time = event->time;
    }
}

void gtpp_ledger_add_hole(gtpp_ledger_t *ledger, gtpp_path_t *path, unsigned direction, gtpp_hole_t *hole)
{
    gtpp_direction_t *of = &path->directions[direction & 1];

    if (hole->is_early && of->first_event != NULL) {
        gtpp_event_more_t *more = gtpp_event_need_more(ledger->allocator, of->first_event);
        more->hole = more->hole != NULL ? more->hole : hole;
    }
    hole->next = of->holes;
    of->holes = hole;
}

/* Octets that are missing with no message behind them, when EVENT is the latest of its direction: in holes from SINCE
 * on. */
static uint32_t count_last_holes(const gtpp_path_t *path, const gtpp_event_t *event, int64_t since)
{
    const gtpp_direction_t *direction = &path->directions[event->direction];
    uint32_t octets = 0;

    for (const gtpp_hole_t *hole = direction->last_event == event ? direction->holes : NULL; hole != NULL;
         hole = hole->next) {
        octets += hole->until == GTPP_TIME_MAX && hole->since >= since && !hole->is_unread ? hole->octets : 0;
    }
    return octets;
}

uint32_t gtpp_ledger_count_rest(const gtpp_path_t *path, const gtpp_event_t *event)
{
    return count_last_holes(path, event, GTPP_TIME_MIN);
}

uint32_t gtpp_ledger_count_behind(const gtpp_ledger_t *ledger, const gtpp_event_t *event)
{
    return ledger->num_misplaced == 0 ? count_last_holes(gtpp_ledger_get_path(ledger, event->path), event, event->time)
                                      : 0;
}

void gtpp_ledger_add_datagram(gtpp_ledger_t *ledger, gtpp_datagram_t *datagram)
{
    datagram->next = ledger->datagrams;
    ledger->datagrams = datagram;
}

const gtpp_datagram_t *gtpp_ledger_get_datagrams(const gtpp_ledger_t *ledger)
{
    return ledger->datagrams;
}

gtpp_reason_t gtpp_ledger_find_gap(const gtpp_direction_t *direction, int64_t since, int64_t until)
{
    for (const gtpp_hole_t *hole = direction->holes; hole != NULL; hole = hole->next) {
        if (hole->octets > 0 && hole->until >= since && hole->since <= until) {
            return hole->is_unread ? GTPP_REASON_UNREAD : GTPP_REASON_HOLE;
        }
    }
    return direction->cut > 0 && direction->last_cut >= since && direction->first_cut <= until ? GTPP_REASON_CUT
                                                                                               : GTPP_REASON_NONE;
}

/* Messages about records tell which end is which; the first one, where both ends send them. */
static void learn_cdf(gtpp_path_t *path, const gtpp_ledger_input_t *input)
{
    if (path->is_cdf_known) {
        return;
    }
    switch (input->type) {
    case GTPP_DATA_RECORD_TRANSFER_REQUEST:
    case GTPP_REDIRECTION_RESPONSE:
        path->cdf = input->direction & 1;
        path->is_cdf_known = true;
        break;
    case GTPP_DATA_RECORD_TRANSFER_RESPONSE:
    case GTPP_REDIRECTION_REQUEST:
        path->cdf = 1 - (input->direction & 1);
        path->is_cdf_known = true;
        break;
    default:
        break;
    }
}

static void check_order(gtpp_ledger_t *ledger, gtpp_event_t *event)
{
    if (event->time > ledger->latest) {
        ledger->latest = event->time;
    } else if (ledger->latest - event->time >= MISPLACED_FROM) {
        event->is_misplaced = true;
        ledger->num_misplaced++;
        if (ledger->latest - event->time >= GTPP_MATCH_CLOCK_STEP) {
            ledger->before_step = ledger->latest;
        }
        if (ledger->first_misplaced == NULL) {
            ledger->first_misplaced = event;
        }
    }
}

static void enter_number(gtpp_ledger_t *ledger, gtpp_item_t *item, uint64_t key)
{
    gtpp_match_enter(ledger->allocator, &need_number(ledger, key)->items, item);
}

/* A response to several requests has an item for each; a number that is listed twice has one. */
static void enter_list(gtpp_ledger_t *ledger, gtpp_event_t *event, const gtpp_ledger_input_t *input)
{
    GHashTable *seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    gtpp_event_more_t *more = gtpp_event_need_more(ledger->allocator, event);

    more->items = wmem_alloc0(ledger->allocator, (input->responded.count - 1) * sizeof(gtpp_item_t));
    for (uint32_t i = 0; i < input->responded.count; i++) {
        const uint16_t seq = input->responded.seqs[i];
        if (!g_hash_table_add(seen, GUINT_TO_POINTER(seq))) {
            continue;
        }
        gtpp_item_t *item = i == 0 ? &event->item : &more->items[more->num_items++];
        item->event = event;
        item->seq = seq;
        enter_number(ledger, item, key_of(ledger, input->path, 1 - input->direction, PAIR_RECORDS, seq));
    }
    g_hash_table_destroy(seen);
}

/* The answer Version Not Supported of the number of NUMBER that has no request, and may be that to one of INPUT, which
 * is entered behind it. It names a version that its node supports: a request of that one was not refused. NULL:
 * none. */
static gtpp_item_t *find_early_refusal(const gtpp_number_t *number, const gtpp_ledger_input_t *input)
{
    gtpp_item_t *item = number != NULL ? number->items.newest : NULL;

    for (unsigned left = GTPP_MATCH_BEFORE; item != NULL && left > 0; item = item->older, left--) {
        const int64_t early = input->time - item->event->time;
        if (item->role == GTPP_ITEM_UNMATCHED && item->event->type == GTPP_VERSION_NOT_SUPPORTED &&
            item->event->command != input->version && early >= -GTPP_MATCH_PROMPT && early <= GTPP_MATCH_SKEW) {
            return item;
        }
    }
    return NULL;
}

/* Version Not Supported may stand before its request, which tells only then of which kind that is: PAIR. */
static void move_early_refusal(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input, unsigned pair)
{
    for (unsigned other = 0; other < PAIRS; other++) {
        gtpp_number_t *number = find_number(ledger, key_of(ledger, input->path, input->direction, other, input->seq));
        gtpp_item_t *item = other != pair ? find_early_refusal(number, input) : NULL;
        if (item != NULL) {
            gtpp_match_take_out(&number->items, item);
            enter_number(ledger, item, key_of(ledger, input->path, input->direction, pair, input->seq));
            return;
        }
    }
}

static void enter_relations(gtpp_ledger_t *ledger, gtpp_event_t *event, const gtpp_ledger_input_t *input)
{
    unsigned pair;
    bool is_request;

    if (input->type == GTPP_VERSION_NOT_SUPPORTED) {
        pair = find_refused_pair(ledger, input);
        is_request = false;
        ledger->has_refusals = true;
    } else if (!find_pair(input->type, &pair, &is_request)) {
        return;
    }
    if (is_request) {
        if (ledger->has_refusals) {
            move_early_refusal(ledger, input, pair);
        }
        enter_number(ledger, &event->item, key_of(ledger, input->path, input->direction, pair, input->seq));
    } else if (pair == PAIR_RECORDS && input->responded.count > 1) {
        enter_list(ledger, event, input);
    } else {
        if (pair == PAIR_RECORDS && input->responded.count == 1) {
            event->item.seq = input->responded.seqs[0];
        }
        enter_number(ledger, &event->item, key_of(ledger, input->path, 1 - input->direction, pair, event->item.seq));
    }
}

static bool is_twin_of(const gtpp_path_t *path, const gtpp_path_t *other)
{
    return path->has_twin && path->twin == other->number;
}

/* OTHER, on which the packet came first and is entered, keeps its numbers; PATH has the same from now on. Neither has a
 * twin, so that twins of twins come to an end. */
static void join_paths(gtpp_path_t *path, const gtpp_path_t *other, bool is_reversed)
{
    if (!path->has_twin && !other->has_twin) {
        path->has_twin = true;
        path->is_twin_reversed = is_reversed;
        path->twin = other->number;
    }
}

/* True when one end sent both packets, EVENT later, to two others. Each has an identification of its own, which a NAT
 * would have kept; or the first one had been rejected before. */
static bool was_sent_to_another(const gtpp_path_t *mine, const gtpp_event_t *event, const gtpp_path_t *yours,
                                const gtpp_event_t *other)
{
    const gtpp_event_t *answer = other->item.link != NULL ? other->item.link->event : NULL;

    if (mine->ends[event->direction] != yours->ends[other->direction]) {
        return false;
    }
    return (event->ip_id != 0 && other->ip_id != 0 && event->ip_id != other->ip_id) ||
           (event->ip_id == 0 && gtpp_match_is_request(&other->item) && answer != NULL && answer->time <= event->time &&
            gtpp_match_answer_says(answer) == GTPP_SAYS_NO);
}

/* The same packet on another path that has one of its hosts in common, or a copy of that on this path; NULL: none. */
static gtpp_event_t *find_on_other_path(gtpp_ledger_t *ledger, gtpp_event_t *event)
{
    gtpp_event_t **place = &ledger->recent[(event->digest ^ event->digest >> 32) & (RECENT - 1)];
    gtpp_event_t *other = *place;

    *place = event;
    if (other == NULL || !gtpp_match_has_same_octets(event, other)) {
        return NULL;
    }
    if (other->path == event->path) {
        /* Captured twice on this side of a NAT, of which the other side is in the capture, too. */
        return other->item.role == GTPP_ITEM_COPY && gtpp_match_is_same_packet(event, other) ? other : NULL;
    }
    gtpp_path_t *mine = gtpp_ledger_get_path(ledger, event->path);
    gtpp_path_t *yours = gtpp_ledger_get_path(ledger, other->path);
    const int64_t apart = event->time > other->time ? event->time - other->time : other->time - event->time;
    const bool is_twin = is_twin_of(mine, yours) || is_twin_of(yours, mine);
    const bool has_same_id = event->ip_id != 0 && event->ip_id == other->ip_id;
    /* Messages without content are alike on many paths, and nodes may count their packets from the same number. */
    if (!(event->has_content || is_twin) || apart > (has_same_id ? OTHER_PATH_COPY : OTHER_PATH_COPY_WITHOUT_ID)) {
        return NULL;
    }
    if (mine->hosts[event->direction] != yours->hosts[other->direction] &&
        mine->hosts[1 - event->direction] != yours->hosts[1 - other->direction]) {
        return NULL;
    }
    if (!is_twin && was_sent_to_another(mine, event, yours, other)) {
        return NULL;
    }
    join_paths(mine, yours, event->direction != other->direction);
    return other;
}

gtpp_event_t *gtpp_ledger_enter(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input)
{
    gtpp_event_t *event = add_event(ledger, input);
    gtpp_event_t *other = find_on_other_path(ledger, event);

    cover(input->path, event);
    learn_cdf(input->path, input);
    check_order(ledger, event);
    if (other != NULL) {
        event->item.role = GTPP_ITEM_COPY;
        event->item.link = &other->item;
        return event;
    }
    enter_relations(ledger, event, input);
    return event;
}

/* The latest request with the number that is quoted. NULL: none. */
static gtpp_event_t *find_quoted(const gtpp_ledger_t *ledger, const gtpp_path_t *path, unsigned direction,
                                 const gtpp_quote_t *quote)
{
    unsigned pair;
    bool is_request;

    if (!find_pair(quote->type, &pair, &is_request) || !is_request) {
        return NULL;
    }
    const gtpp_number_t *number = find_number(ledger, key_of(ledger, path, direction, pair, quote->seq));
    const gtpp_item_t *item = number != NULL ? number->items.newest : NULL;
    while (item != NULL && !gtpp_match_is_request(item)) {
        item = item->older;
    }
    if (item == NULL) {
        return NULL;
    }
    /* The node may have sent it again since. */
    return item->event->more != NULL && item->event->more->last_copy != NULL ? item->event->more->last_copy->event
                                                                             : item->event;
}

void gtpp_ledger_refuse(gtpp_ledger_t *ledger, const gtpp_path_t *path, unsigned direction, const gtpp_quote_t *quote)
{
    const gtpp_event_t *last = path->directions[direction & 1].last_event;
    gtpp_event_t *event = NULL;

    if (quote->has_header) {
        event = find_quoted(ledger, path, direction & 1, quote);
    } else if (last != NULL && last->ip_id == quote->ip_id) {
        event = (gtpp_event_t *)last;
    }
    if (event != NULL && (quote->ip_id == 0 || event->ip_id == quote->ip_id)) {
        event->is_refused = true;
    }
}

/* }}} */
/* {{{ Reading */

void gtpp_ledger_visit(const gtpp_ledger_t *ledger, gtpp_ledger_visit_t visit, void *data)
{
    uint32_t left = ledger->num_events;

    for (gtpp_group_t *group = ledger->groups; group != NULL; group = group->next) {
        for (uint32_t i = 0; i < EVENTS_IN_A_GROUP && left > 0; i++, left--) {
            visit(&group->events[i], data);
        }
    }
}

uint32_t gtpp_ledger_count(const gtpp_ledger_t *ledger)
{
    return ledger->num_events;
}

uint32_t gtpp_ledger_count_misplaced(const gtpp_ledger_t *ledger, gtpp_event_t **first)
{
    *first = ledger->first_misplaced;
    return ledger->num_misplaced;
}

int64_t gtpp_ledger_find_step(const gtpp_ledger_t *ledger)
{
    return ledger->before_step;
}

wmem_allocator_t *gtpp_ledger_allocator(const gtpp_ledger_t *ledger)
{
    return ledger->allocator;
}

gtpp_item_t *gtpp_event_get_item(gtpp_event_t *event, uint32_t k)
{
    if (k == 0) {
        return &event->item;
    }
    return event->more != NULL && k - 1 < event->more->num_items ? &event->more->items[k - 1] : NULL;
}

/* }}} */
