/* gtpp_match.c
 * Which answer belongs to which request, and which messages are copies of others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_match.h"

#include <string.h>

#include "gtpp_pdu.h"

/* Of the answers that repeat others, this many stay in sight. */
#define MORE_ANSWERS 4

/* An item is looked for its place among this many others: the order of a file is nearly that of time. */
#define PLACE_STEPS 4096

/* The items of one number that are looked at, in the order of time. */
typedef struct {
    gtpp_item_t *items[GTPP_MATCH_HORIZON];
    unsigned count;
} gtpp_items_t;

gtpp_event_more_t *gtpp_event_need_more(wmem_allocator_t *allocator, gtpp_event_t *event)
{
    if (event->more == NULL) {
        event->more = wmem_new0(allocator, gtpp_event_more_t);
        event->more->last_time = event->time;
    }
    return event->more;
}

bool gtpp_match_is_request(const gtpp_item_t *item)
{
    switch (item->event->type) {
    case GTPP_ECHO_REQUEST:
    case GTPP_NODE_ALIVE_REQUEST:
    case GTPP_REDIRECTION_REQUEST:
    case GTPP_DATA_RECORD_TRANSFER_REQUEST:
        return true;
    default:
        return false;
    }
}

static bool is_copy(const gtpp_item_t *item)
{
    return item->role == GTPP_ITEM_SENT_AGAIN || item->role == GTPP_ITEM_CHANGED || item->role == GTPP_ITEM_COPY;
}

gtpp_item_t *gtpp_match_find_first(gtpp_item_t *item)
{
    while (is_copy(item) && item->link != NULL) {
        item = item->link;
    }
    return item;
}

int64_t gtpp_match_last_time(const gtpp_event_t *request)
{
    return request->more != NULL ? request->more->last_time : request->time;
}

static int64_t distance(int64_t one, int64_t other)
{
    return one > other ? one - other : other - one;
}

bool gtpp_match_is_duplicated(const gtpp_event_t *request, int64_t when)
{
    if (request->type != GTPP_DATA_RECORD_TRANSFER_REQUEST || !request->has_packet) {
        return false;
    }
    return request->command == GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED ||
           (request->more != NULL && request->more->duplicated != NULL && request->more->duplicated->time <= when);
}

/* {{{ Requests: which are copies */

/* True when the request FIRST had an answer that was captured before WHEN. */
static bool was_answered_by(const gtpp_event_t *first, int64_t when)
{
    return first->item.link != NULL && first->item.link->event->time <= when;
}

/* True when it may be sent again at WHEN: it is recent, and has no answer, or one that rejects it. */
static bool may_be_sent_again(const gtpp_event_t *first, int64_t when)
{
    return (!was_answered_by(first, when) || gtpp_match_answer_says(first->item.link->event) == GTPP_SAYS_NO) &&
           distance(when, gtpp_match_last_time(first)) <= GTPP_MATCH_BARE_COPIES;
}

static gtpp_item_role_t role_beside(const gtpp_event_t *event, const gtpp_event_t *first)
{
    if (gtpp_match_is_same_packet(event, first)) {
        return GTPP_ITEM_COPY;
    }
    if (gtpp_match_has_same_octets(event, first)) {
        return gtpp_match_is_told_apart(event) || may_be_sent_again(first, event->time) ? GTPP_ITEM_SENT_AGAIN
                                                                                        : GTPP_ITEM_REQUEST;
    }
    if (event->has_packet &&
        (gtpp_match_has_same_records(event, first) ||
         (gtpp_match_has_same_cut_records(event, first) && may_be_sent_again(first, event->time)))) {
        return GTPP_ITEM_CHANGED;
    }
    return GTPP_ITEM_REQUEST;
}

/* Puts COPY among the other copies of FIRST: the last one leads, the rest follow in the order of the file. */
static void add_copy(wmem_allocator_t *allocator, gtpp_event_t *first, gtpp_event_t *copy)
{
    gtpp_event_more_t *more = gtpp_event_need_more(allocator, first);

    if (first->copies < UINT16_MAX) {
        first->copies++;
    }
    if (more->last_copy == NULL || copy->time >= more->last_time) {
        copy->item.older = more->last_copy;
        more->last_copy = &copy->item;
        more->last_time = MAX(copy->time, more->last_time);
    } else {
        copy->item.older = more->last_copy->older;
        more->last_copy->older = &copy->item;
    }
    if (copy->has_packet && copy->command == GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED &&
        (more->duplicated == NULL || copy->time < more->duplicated->time)) {
        more->duplicated = copy;
    }
}

/* The copies that the node sent lead to FIRST: the last ones at once, others by way of a copy. */
static void link_copies(gtpp_item_t *first)
{
    gtpp_item_t *copy = first->event->more != NULL ? first->event->more->last_copy : NULL;

    for (unsigned i = 0; copy != NULL && i < GTPP_MATCH_HORIZON; i++) {
        copy->link = first;
        copy = copy->older;
    }
}

/* COPY is earlier than LATER, which came first in the file: it takes over what is known of the request. */
static void take_over(wmem_allocator_t *allocator, gtpp_item_t *later, gtpp_item_t *copy, gtpp_item_role_t role)
{
    gtpp_event_more_t *more = later->event->more;

    copy->role = GTPP_ITEM_REQUEST;
    copy->link = later->link;
    copy->answers = later->answers;
    copy->event->copies = later->event->copies;
    copy->event->is_copied = later->event->is_copied;
    later->event->copies = 1;
    if (more != NULL) {
        gtpp_event_more_t *taken = gtpp_event_need_more(allocator, copy->event);
        taken->last_copy = more->last_copy;
        taken->last_time = more->last_time;
        taken->duplicated = more->duplicated;
        taken->probe = more->probe;
        more->last_copy = NULL;
        more->duplicated = NULL;
        more->probe = NULL;
        if (taken->probe != NULL) {
            taken->probe->more->probed = copy->event;
        }
        if (more->probed != NULL) {
            taken->probed = more->probed;
            taken->probed->more->probe = copy->event;
            more->probed = NULL;
        }
    }
    later->role = (uint8_t)role;
    later->link = copy;
    link_copies(copy);
    add_copy(allocator, copy->event, later->event);
}

/* Answers to LATER among the items of the number are answers to FIRST. */
static void move_answers(const gtpp_items_t *found, const gtpp_item_t *later, gtpp_item_t *first)
{
    for (unsigned i = 0; i < found->count; i++) {
        if (!gtpp_match_is_request(found->items[i]) && found->items[i]->link == later) {
            found->items[i]->link = first;
        }
    }
}

/* The same packet as one of the last copies that the node sent, captured twice. */
static gtpp_item_t *find_copied(const gtpp_item_t *first, const gtpp_item_t *new)
{
    gtpp_item_t *copy = first->event->more != NULL ? first->event->more->last_copy : NULL;

    for (unsigned i = 0; copy != NULL && i < GTPP_MATCH_HORIZON; i++) {
        if (gtpp_match_is_same_packet(new->event, copy->event)) {
            return copy;
        }
        copy = copy->older;
    }
    return NULL;
}

/* The item among FOUND that NEW is a copy of, with NEW's role beside it. The latest one that fits. */
static gtpp_item_t *find_original(const gtpp_items_t *found, const gtpp_item_t *new, gtpp_item_role_t *role)
{
    for (unsigned i = found->count; i > 0; i--) {
        gtpp_item_t *before = found->items[i - 1];
        if (before == new || gtpp_match_is_request(before) != gtpp_match_is_request(new)) {
            continue;
        }
        if (!gtpp_match_is_request(new)) {
            *role = GTPP_ITEM_COPY;
            if (before->seq == new->seq && gtpp_match_is_same_packet(new->event, before->event)) {
                return before;
            }
            continue;
        }
        gtpp_item_t *copied = find_copied(before, new);
        if (copied != NULL) {
            *role = GTPP_ITEM_COPY;
            return copied;
        }
        *role = role_beside(new->event, before->event);
        if (*role != GTPP_ITEM_REQUEST) {
            return before;
        }
    }
    return NULL;
}

/* }}} */
/* {{{ Answers */

/* How far REQUEST is from an answer at WHEN: from its first or its last copy. A request behind the answer is nearer
 * only than one that has waited for long: gear with one number for all requests sends the next one right behind an
 * answer. */
static int64_t distance_of(const gtpp_item_t *request, int64_t when)
{
    const int64_t nearest =
        MIN(distance(when, request->event->time), distance(when, gtpp_match_last_time(request->event)));

    return request->event->time > when ? nearest + GTPP_MATCH_PROMPT : nearest;
}

/* True when the answer at AT may be one to the request at I. A request that is later by its time may stand before the
 * answer in the file, when the clock was set back between the two; or the answer was captured elsewhere. */
static bool may_answer(const gtpp_items_t *found, unsigned at, unsigned i)
{
    const int64_t early = found->items[i]->event->time - found->items[at]->event->time;

    if (found->items[i]->role != GTPP_ITEM_REQUEST) {
        return false;
    }
    return i < at ||
           early <= (found->items[i]->place < found->items[at]->place ? GTPP_MATCH_CLOCK_STEP : GTPP_MATCH_SKEW);
}

/* The request nearest in time that still waits, seen from an answer at AT, and the nearest that has been answered. Of
 * two that are as near, the later one. */
static gtpp_item_t *find_waiting(const gtpp_items_t *found, unsigned at, gtpp_item_t **answered)
{
    const int64_t when = found->items[at]->event->time;
    gtpp_item_t *waiting = NULL;

    *answered = NULL;
    for (unsigned i = 0; i < found->count; i++) {
        gtpp_item_t *item = found->items[i];
        gtpp_item_t **nearest = item->link == NULL ? &waiting : answered;
        if (may_answer(found, at, i) && (*nearest == NULL || distance_of(item, when) <= distance_of(*nearest, when))) {
            *nearest = item;
        }
    }
    return waiting;
}

static void link_answer(gtpp_item_t *answer, gtpp_item_t *request, bool is_first)
{
    answer->role = is_first ? GTPP_ITEM_ANSWER : GTPP_ITEM_REPEATED;
    answer->link = request;
    if (request->answers < UINT8_MAX) {
        request->answers++;
    }
    if (is_first) {
        request->link = answer;
        return;
    }
    /* A rejected request that is sent again may be accepted then. */
    const gtpp_says_t says = gtpp_match_answer_says(answer->event);
    const gtpp_says_t said = gtpp_match_answer_says(request->link->event);
    if ((said == GTPP_SAYS_NO || said == GTPP_SAYS_UNKNOWN) &&
        (says == GTPP_SAYS_YES || says == GTPP_SAYS_HAD_BEFORE)) {
        request->link = answer;
    }
}

/* True when the answer at WHEN is rather another one to ANSWERED than the first one to WAITING. */
static bool is_repetition(const gtpp_item_t *answered, const gtpp_item_t *waiting, int64_t when)
{
    const int64_t near = distance_of(answered, when);
    const unsigned copies = answered->event->copies;

    if (waiting == NULL) {
        return near <= (copies > answered->answers ? GTPP_MATCH_REPEATED : GTPP_MATCH_UNASKED);
    }
    /* A node answers a copy that the network made, too. */
    return near < distance_of(waiting, when) && (copies + answered->event->is_copied > answered->answers ||
                                                 distance_of(waiting, when) > GTPP_MATCH_REPEATED);
}

bool gtpp_match_is_surely_repeated(const gtpp_item_t *answer)
{
    const gtpp_event_t *request = answer->link->event;

    return request->copies >= answer->link->answers &&
           distance_of(answer->link, answer->event->time) <= GTPP_MATCH_PROMPT;
}

static void assign_answer(const gtpp_items_t *found, unsigned at)
{
    gtpp_item_t *answer = found->items[at];
    gtpp_item_t *answered;
    gtpp_item_t *waiting = find_waiting(found, at, &answered);

    if (answered != NULL && is_repetition(answered, waiting, answer->event->time)) {
        link_answer(answer, answered, false);
    } else if (waiting != NULL) {
        link_answer(answer, waiting, true);
    } else {
        answer->role = GTPP_ITEM_UNMATCHED;
        answer->link = NULL;
    }
}

/* }}} */
/* {{{ All items of a number */

/* Puts ITEM behind those that are not later. */
static void insert(gtpp_number_items_t *number, gtpp_item_t *item)
{
    const int64_t when = item->event->time;
    gtpp_item_t *before = number->newest;

    if (before != NULL && before->event->time > when) {
        unsigned steps = PLACE_STEPS;
        before = number->last;
        while (before != NULL && before->event->time > when && steps-- > 0) {
            before = before->older;
        }
        while (before != NULL && before->newer != NULL && before->newer->event->time <= when && steps-- > 0) {
            before = before->newer;
        }
        if (before == NULL) {
            gtpp_item_t *oldest = number->last; /* PLACE_STEPS away at most */
            while (oldest != NULL && oldest->older != NULL) {
                oldest = oldest->older;
            }
            item->older = NULL;
            item->newer = oldest;
            if (oldest != NULL) {
                oldest->older = item;
            }
            number->last = item;
            return;
        }
    }
    item->older = before;
    item->newer = before != NULL ? before->newer : NULL;
    if (item->newer != NULL) {
        item->newer->older = item;
    } else {
        number->newest = item;
    }
    if (before != NULL) {
        before->newer = item;
    }
    number->last = item;
}

void gtpp_match_take_out(gtpp_number_items_t *number, gtpp_item_t *item)
{
    if (item->newer != NULL) {
        item->newer->older = item->older;
    } else {
        number->newest = item->older;
    }
    if (item->older != NULL) {
        item->older->newer = item->newer;
    }
    if (number->last == item) {
        number->last = item->older != NULL ? item->older : item->newer;
    }
    item->older = NULL;
    item->newer = NULL;
}

/* Repeated answers leave the items of the number when there are many: their relation stays as it is. */
static bool is_one_too_many(const gtpp_item_t *item, unsigned *more_answers)
{
    if (item->role == GTPP_ITEM_REPEATED && item->link->link != item) {
        ++*more_answers;
        return *more_answers > MORE_ANSWERS;
    }
    return false;
}

/* What is looked at around MIDDLE. */
static void collect(gtpp_items_t *found, gtpp_number_items_t *number, gtpp_item_t *middle)
{
    gtpp_item_t *before[GTPP_MATCH_BEFORE];
    gtpp_item_t *item = middle->older;
    gtpp_item_t *next;
    unsigned count = 0;
    unsigned more_answers = 0;

    for (; item != NULL && count < GTPP_MATCH_BEFORE; item = next) {
        next = item->older;
        if (is_one_too_many(item, &more_answers)) {
            gtpp_match_take_out(number, item);
        } else {
            before[count++] = item;
        }
    }
    found->count = 0;
    while (count > 0) {
        found->items[found->count++] = before[--count];
    }
    found->items[found->count++] = middle;
    for (item = middle->newer; item != NULL && count < GTPP_MATCH_BEHIND; item = item->newer) {
        found->items[found->count++] = item;
        count++;
    }
}

static bool is_in_sight(const gtpp_items_t *found, const gtpp_item_t *item)
{
    for (unsigned i = 0; i < found->count; i++) {
        if (found->items[i] == item) {
            return true;
        }
    }
    return false;
}

static void forget_probes(const gtpp_items_t *found)
{
    for (unsigned i = 0; i < found->count; i++) {
        gtpp_event_more_t *more = found->items[i]->event->more;
        if (more != NULL && more->probed != NULL && is_in_sight(found, &more->probed->item)) {
            more->probed->more->probe = NULL;
            more->probed = NULL;
        }
    }
}

/* An empty packet asks whether the packet before it under the same number has arrived. */
static void link_probes(wmem_allocator_t *allocator, const gtpp_items_t *found)
{
    gtpp_event_t *packet = NULL;

    forget_probes(found);
    for (unsigned i = 0; i < found->count; i++) {
        gtpp_event_t *event = found->items[i]->event;
        if (found->items[i]->role != GTPP_ITEM_REQUEST) {
            continue;
        }
        if (event->has_packet) {
            packet = event;
        } else if (event->is_empty && packet != NULL && !was_answered_by(packet, event->time)) {
            gtpp_event_need_more(allocator, event)->probed = packet;
            gtpp_event_need_more(allocator, packet)->probe = event;
        }
    }
}

/* Requests and answers that are both in sight are matched anew. An answer whose request is out of sight stays that
 * request's, and a request stays answered by an answer that is out of sight. */
static void forget_answers(const gtpp_items_t *found, bool is_kept[GTPP_MATCH_HORIZON])
{
    for (unsigned i = 0; i < found->count; i++) {
        gtpp_item_t *item = found->items[i];
        is_kept[i] = gtpp_match_is_request(item) || (item->link != NULL && !is_in_sight(found, item->link));
        if (!is_kept[i] && item->link != NULL) {
            item->link->link = item->link->link == item ? NULL : item->link->link;
            if (item->link->answers > 0) {
                item->link->answers--;
            }
        }
    }
}

/* {{{ Bare requests that an answer tells apart */

/* True for a copy of FIRST that was sent after ANSWER. A copy that stands before FIRST in the file may have been sent
 * before it, too: then the clock was set back between the two. */
static bool is_behind(const gtpp_item_t *copy, const gtpp_item_t *first, const gtpp_item_t *answer)
{
    return copy->event->time > answer->event->time && copy->place > first->place;
}

static bool has_copy_behind(const gtpp_item_t *copy, const gtpp_item_t *first, const gtpp_item_t *answer)
{
    while (copy != NULL && !is_behind(copy, first, answer)) {
        copy = copy->older;
    }
    return copy != NULL;
}

/* Takes the copies of FIRST behind ANSWER out of its list. The earliest of them has the others as its copies, and is
 * returned. There is at least one. */
static gtpp_item_t *take_later_copies(wmem_allocator_t *allocator, gtpp_event_t *first, const gtpp_item_t *answer)
{
    gtpp_item_t *copy = first->more->last_copy;
    gtpp_item_t *earliest = NULL;
    gtpp_item_t *next;
    gtpp_item_t *kept = NULL;
    gtpp_item_t *moved = NULL;

    for (; copy != NULL; copy = next) {
        gtpp_item_t **list = is_behind(copy, &first->item, answer) ? &moved : &kept;
        next = copy->older;
        copy->older = *list;
        *list = copy;
        if (list == &moved && (earliest == NULL || copy->event->time < earliest->event->time)) {
            earliest = copy;
        }
    }
    first->more->last_copy = NULL;
    first->more->last_time = first->time;
    first->copies = 1;
    for (copy = kept; copy != NULL; copy = next) {
        next = copy->older;
        add_copy(allocator, first, copy->event);
    }
    for (copy = moved; copy != NULL; copy = next) {
        next = copy->older;
        if (copy != earliest) {
            copy->link = earliest;
            add_copy(allocator, earliest->event, copy->event);
        }
    }
    return earliest;
}

/* Requests without content are taken for copies of one until an answer stands between them, which may come late in the
 * file: then the copies behind the answer are a request of their own. True when there were some. */
static bool split_copies(wmem_allocator_t *allocator, gtpp_number_items_t *number, const gtpp_items_t *found)
{
    for (unsigned i = 0; i < found->count; i++) {
        gtpp_item_t *item = found->items[i];
        const gtpp_event_more_t *more = item->event->more;
        if (item->role != GTPP_ITEM_REQUEST || gtpp_match_is_told_apart(item->event) || item->link == NULL ||
            more == NULL || more->last_copy == NULL || more->last_time <= item->link->event->time ||
            gtpp_match_answer_says(item->link->event) == GTPP_SAYS_NO ||
            !has_copy_behind(more->last_copy, item, item->link)) {
            continue;
        }
        gtpp_item_t *other = take_later_copies(allocator, item->event, item->link);
        other->role = GTPP_ITEM_REQUEST;
        other->link = NULL;
        insert(number, other);
        return true;
    }
    return false;
}

/* }}} */

/* A request that was sent once and has two answers, one of which stands before it: where numbers come round at once
 * (Echo Requests may all have the number 0) the other one, right behind it, is its own. The capture lacks the request
 * of the first one. */
static void prefer_answers_behind(const gtpp_items_t *found)
{
    for (unsigned i = 0; i < found->count; i++) {
        gtpp_item_t *answer = found->items[i];
        gtpp_item_t *request = answer->role == GTPP_ITEM_REPEATED ? answer->link : NULL;
        gtpp_item_t *early = request != NULL ? request->link : NULL;
        if (early == NULL || early == answer || !is_in_sight(found, early) || request->event->copies > 1 ||
            early->place > request->place || early->event->time >= request->event->time ||
            answer->event->time < request->event->time ||
            answer->event->time - request->event->time > GTPP_MATCH_SKEW) {
            continue;
        }
        request->link = answer;
        request->answers--;
        answer->role = GTPP_ITEM_ANSWER;
        early->role = GTPP_ITEM_UNMATCHED;
        early->link = NULL;
    }
}

static void assign_once(wmem_allocator_t *allocator, const gtpp_items_t *found)
{
    bool is_kept[GTPP_MATCH_HORIZON];

    forget_answers(found, is_kept);
    for (unsigned i = 0; i < found->count; i++) {
        if (!is_kept[i]) {
            assign_answer(found, i);
        }
    }
    prefer_answers_behind(found);
    link_probes(allocator, found);
}

static void assign_answers(wmem_allocator_t *allocator, gtpp_number_items_t *number, gtpp_item_t *middle)
{
    gtpp_items_t found;
    unsigned rounds = 0;

    do {
        collect(&found, number, middle);
        assign_once(allocator, &found);
    } while (++rounds < GTPP_MATCH_HORIZON && split_copies(allocator, number, &found));
}

/* The usual case: an answer behind the one request of its number that waits, and no other message near. */
static bool is_plain_answer(const gtpp_item_t *newest, const gtpp_item_t *item)
{
    return newest != NULL && !gtpp_match_is_request(item) && newest->role == GTPP_ITEM_REQUEST &&
           newest->link == NULL && newest->event->time <= item->event->time && newest->event->more == NULL &&
           (newest->older == NULL || newest->older->event->time + GTPP_MATCH_COPY < newest->event->time);
}

/* Copies leave the items of the number, so that however many there are, the first one stays in sight. Returns the item
 * that stays. */
static gtpp_item_t *enter_copy(wmem_allocator_t *allocator, gtpp_number_items_t *number, const gtpp_items_t *found,
                               gtpp_item_t *item, gtpp_item_t *original, gtpp_item_role_t role)
{
    if (role != GTPP_ITEM_COPY && item->event->time < original->event->time) {
        gtpp_match_take_out(number, original);
        move_answers(found, original, item);
        take_over(allocator, original, item, role);
        return item;
    }
    gtpp_match_take_out(number, item);
    item->role = (uint8_t)role;
    item->link = original;
    if (role != GTPP_ITEM_COPY) {
        add_copy(allocator, original->event, item->event);
        return original;
    }
    gtpp_item_t *first = gtpp_match_find_first(original);
    first->event->is_copied = true;
    return first;
}

void gtpp_match_enter(wmem_allocator_t *allocator, gtpp_number_items_t *number, gtpp_item_t *item)
{
    gtpp_items_t found;
    gtpp_item_role_t role;
    const bool is_plain = number->newest == NULL || is_plain_answer(number->newest, item);

    item->place = number->count++;
    item->role = gtpp_match_is_request(item) ? GTPP_ITEM_REQUEST : GTPP_ITEM_UNMATCHED;
    insert(number, item);
    if (is_plain) {
        if (item->older != NULL) {
            link_answer(item, item->older, true);
        }
        return;
    }
    collect(&found, number, item);
    gtpp_item_t *original = find_original(&found, item, &role);
    if (original != NULL) {
        item = enter_copy(allocator, number, &found, item, original, role);
    }
    assign_answers(allocator, number, item);
}

/* }}} */
