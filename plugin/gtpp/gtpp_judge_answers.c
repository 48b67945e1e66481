/* gtpp_judge_answers.c
 * Which requests were answered, and why it cannot be told of some; answers to nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"
#include "gtpp_pdu.h"

/* {{{ Fates of requests */

/* True when the rest of a message is missing whose header has the number of REQUEST. */
static bool has_begun_answer(const gtpp_judgement_t *judgement, const gtpp_event_t *request)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, request->path);
    const gtpp_hole_t *hole = path->directions[1 - request->direction].holes;

    while (hole != NULL &&
           (hole->octets == 0 || !hole->has_number || hole->number != request->seq || hole->until < request->time)) {
        hole = hole->next;
    }
    return hole != NULL;
}

/* True when the file may go on behind REQUEST with a clock that was set back: that no later time is in the file is not
 * to say that the capture ends. */
static bool is_before_step(const gtpp_judgement_t *judgement, const gtpp_event_t *request)
{
    return !request->is_misplaced && request->time <= gtpp_ledger_find_step(judgement->ledger);
}

/* From when on the answer to REQUEST may have been sent: at any time, where the clock was set back soon behind it. */
static int64_t find_earliest_answer(const gtpp_judgement_t *judgement, const gtpp_event_t *request)
{
    return is_before_step(judgement, request) &&
                   gtpp_ledger_find_step(judgement->ledger) - gtpp_match_last_time(request) < judgement->t3
               ? GTPP_TIME_MIN
               : request->time;
}

/* Why the capture may lack the answer to a request; GTPP_REASON_NONE where it would show one. */
static gtpp_reason_t find_excuse(const gtpp_judgement_t *judgement, const gtpp_event_t *request)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, request->path);
    const unsigned answering = 1U - request->direction;
    const int64_t last = gtpp_match_last_time(request);

    if (!path->has_ends && path->directions[answering].messages == 0) {
        return GTPP_REASON_NO_ENDS;
    }
    if (path->has_ends && !g_hash_table_contains(judgement->sources, GUINT_TO_POINTER(path->hosts[answering]))) {
        return gtpp_judge_explain_silence(judgement, path, answering);
    }
    const gtpp_reason_t gap =
        gtpp_judge_find_gap(judgement, path, answering, find_earliest_answer(judgement, request), last + judgement->t3);
    return gap == GTPP_REASON_NONE && has_begun_answer(judgement, request) ? GTPP_REASON_HOLE : gap;
}

void gtpp_judge_set_undecided(const gtpp_judgement_t *judgement, gtpp_event_t *request, gtpp_reason_t reason,
                              const gtpp_event_t *other)
{
    request->fate = GTPP_FATE_UNDECIDED;
    gtpp_event_more_t *more = gtpp_event_need_more(gtpp_ledger_allocator(judgement->ledger), request);
    more->reason = (uint8_t)reason;
    more->other_request = other;
}

/* True when ANSWER accepts a possibly duplicated packet. Where the first copy was an ordinary packet and both copies
 * were answered, the packet was accepted as such. */
static bool is_held(const gtpp_event_t *request, const gtpp_event_t *answer)
{
    return gtpp_match_is_duplicated(request, answer->time) &&
           (request->command == GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED || request->item.answers < 2);
}

/* True when an empty packet asked about this one, and the answer was that it had not arrived. */
static bool was_not_had(const gtpp_event_t *request)
{
    const gtpp_event_t *probe = request->more != NULL ? request->more->probe : NULL;
    const gtpp_event_t *answer = probe != NULL ? gtpp_judge_answer(probe) : NULL;

    return answer != NULL && gtpp_match_answer_says(answer) == GTPP_SAYS_YES;
}

/* The request before this one under the same number, with the same octets, that was answered shortly before. What has
 * no content to tell it apart may be a copy of it, which crossed the answer, or was sent when that got lost behind the
 * place of the capture. NULL: none. */
static const gtpp_event_t *find_alike(const gtpp_event_t *request)
{
    const gtpp_item_t *before = request->item.older;

    if (gtpp_match_is_told_apart(request)) {
        return NULL;
    }
    for (unsigned left = GTPP_MATCH_BEFORE; before != NULL && left > 0; before = before->older, left--) {
        const gtpp_event_t *event = before->event;
        if (gtpp_judge_is_request(event) && event->item.link != NULL && gtpp_match_has_same_octets(event, request) &&
            request->time - gtpp_match_last_time(event) <= GTPP_MATCH_BARE_COPIES) {
            return event;
        }
    }
    return NULL;
}

/* An answer with the number of REQUEST that stands behind it in the file and has an earlier time than a clock which was
 * right could give it. The clock may have been set back between the two, or a file with later times stands first. NULL:
 * none. */
static gtpp_event_t *find_set_back(const gtpp_event_t *request)
{
    const gtpp_item_t *before = request->item.older;

    for (unsigned left = GTPP_MATCH_BEFORE; before != NULL && left > 0; before = before->older, left--) {
        if (before->role == GTPP_ITEM_UNMATCHED && before->event->is_misplaced && !gtpp_match_is_request(before) &&
            before->place > request->item.place) {
            return before->event;
        }
    }
    return NULL;
}

/* The request that may likewise be that of ANSWER. */
static const gtpp_event_t *find_asked_later(const gtpp_item_t *answer)
{
    const gtpp_item_t *behind = answer->newer;

    for (unsigned left = GTPP_MATCH_BEFORE; behind != NULL && left > 0; behind = behind->newer, left--) {
        if (gtpp_judge_is_request(behind->event) && gtpp_judge_answer(behind->event) == NULL &&
            find_set_back(behind->event) == answer->event) {
            return behind->event;
        }
    }
    return NULL;
}

/* Two capture points of which one lags: where answers of a path were captured earlier than their requests, the capture
 * may begin between the two of one, or end there. */
static void collect_skews(const gtpp_judgement_t *judgement)
{
    for (unsigned i = 0; i < judgement->events->len; i++) {
        const gtpp_event_t *event = judgement->events->pdata[i];
        const gtpp_event_t *answer = event->item.link != NULL ? event->item.link->event : NULL;
        if (!gtpp_judge_is_request(event) || answer == NULL || answer->time >= event->time || answer->is_misplaced) {
            continue;
        }
        void *path = GUINT_TO_POINTER(event->path);
        int64_t *skew = g_hash_table_lookup(judgement->skews, path);
        if (skew == NULL) {
            skew = g_new0(int64_t, 1);
            g_hash_table_insert(judgement->skews, path, skew);
        }
        *skew = MAX(*skew, event->time - answer->time);
    }
}

/* True when EVENT is so near to the TIME at which the capture begins or ends that the other half of its pair may lie
 * beyond. One may lag more than another. */
static bool is_at_edge(const gtpp_judgement_t *judgement, const gtpp_event_t *event, int64_t edge)
{
    const int64_t *skew = g_hash_table_lookup(judgement->skews, GUINT_TO_POINTER(event->path));
    const int64_t apart = event->time - edge;

    return skew != NULL && ABS(apart) <= 2 * *skew;
}

static int64_t find_start(const gtpp_judgement_t *judgement)
{
    return ((const gtpp_event_t *)judgement->events->pdata[0])->time;
}

/* Why it cannot be told whether REQUEST was answered, though the capture lacks nothing. *OTHER is the message that
 * makes it doubtful. */
static gtpp_reason_t find_doubt(const gtpp_event_t *request, const gtpp_event_t **other)
{
    if ((*other = find_alike(request)) != NULL) {
        return GTPP_REASON_ALIKE;
    }
    return (*other = find_set_back(request)) != NULL ? GTPP_REASON_SET_BACK : GTPP_REASON_NONE;
}

/* True when the host that REQUEST went to refused each copy of it that the node sent. */
static bool is_refused(const gtpp_event_t *request)
{
    const gtpp_item_t *copy = request->more != NULL ? request->more->last_copy : NULL;

    for (unsigned left = GTPP_MATCH_BEFORE; copy != NULL && left > 0; copy = copy->older, left--) {
        if (!copy->event->is_refused) {
            return false;
        }
    }
    return copy == NULL && request->is_refused;
}

static void judge_without_answer(const gtpp_judgement_t *judgement, gtpp_event_t *request)
{
    const gtpp_event_t *other = NULL;
    gtpp_reason_t reason = find_excuse(judgement, request);

    if (was_not_had(request)) {
        request->fate = GTPP_FATE_UNACKNOWLEDGED;
        request->more->reason = GTPP_REASON_NOT_HAD;
        return;
    }
    if (reason == GTPP_REASON_NONE) {
        reason = find_doubt(request, &other);
    }
    if (reason == GTPP_REASON_NONE && is_at_edge(judgement, request, find_start(judgement))) {
        reason = GTPP_REASON_TAPS;
    }
    const bool is_at_end = judgement->end - gtpp_match_last_time(request) < judgement->t3;
    if (is_refused(request)) {
        request->fate = is_at_end ? GTPP_FATE_NOT_YET : GTPP_FATE_UNACKNOWLEDGED;
        gtpp_event_need_more(gtpp_ledger_allocator(judgement->ledger), request)->reason = GTPP_REASON_REFUSED;
        return;
    }
    if (reason == GTPP_REASON_NONE && is_at_end && is_before_step(judgement, request)) {
        reason = GTPP_REASON_STEP;
    }
    if (reason != GTPP_REASON_NONE) {
        gtpp_judge_set_undecided(judgement, request, reason, other);
    } else {
        request->fate = is_at_end ? GTPP_FATE_NOT_YET : GTPP_FATE_UNACKNOWLEDGED;
    }
}

void gtpp_judge_request(const gtpp_judgement_t *judgement, gtpp_event_t *request)
{
    const gtpp_event_t *answer = gtpp_judge_answer(request);

    if (answer == NULL) {
        judge_without_answer(judgement, request);
        return;
    }
    switch (gtpp_match_answer_says(answer)) {
    case GTPP_SAYS_NO:
        request->fate = GTPP_FATE_REJECTED;
        break;
    case GTPP_SAYS_YES:
        request->fate = is_held(request, answer) ? GTPP_FATE_HELD : GTPP_FATE_ACKNOWLEDGED;
        break;
    case GTPP_SAYS_HAD_BEFORE:
        request->fate = GTPP_FATE_ACKNOWLEDGED;
        break;
    case GTPP_SAYS_UNKNOWN:
        gtpp_judge_set_undecided(judgement, request, GTPP_REASON_ANSWER_CUT, NULL);
        break;
    }
}

/* }}} */
void gtpp_judge_answers(const gtpp_judgement_t *judgement)
{
    collect_skews(judgement);
    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (gtpp_judge_is_request(event)) {
            gtpp_judge_request(judgement, event);
        }
    }
    gtpp_judge_other_ends(judgement);
}

/* {{{ Findings about what has no answer, and about answers to nothing */

static void report_request(const gtpp_judgement_t *judgement, gtpp_event_t *request)
{
    const gtpp_event_more_t *more = request->more;
    const gtpp_reason_t reason = more != NULL ? (gtpp_reason_t)more->reason : GTPP_REASON_NONE;

    switch (request->fate) {
    case GTPP_FATE_UNACKNOWLEDGED:
        gtpp_judge_add_finding(judgement, request, GTPP_FINDING_UNACKNOWLEDGED, NULL)->reason = (uint8_t)reason;
        break;
    case GTPP_FATE_NOT_YET:
        gtpp_judge_add_finding(judgement, request, GTPP_FINDING_NOT_YET, NULL);
        break;
    case GTPP_FATE_UNDECIDED:
        gtpp_judge_add_finding(judgement, request, GTPP_FINDING_UNDECIDED, more != NULL ? more->other_request : NULL)
            ->reason = (uint8_t)reason;
        break;
    default:
        break;
    }
}

static bool has_no_answer(const gtpp_event_t *request)
{
    return request->fate == GTPP_FATE_UNACKNOWLEDGED || request->fate == GTPP_FATE_NOT_YET ||
           request->fate == GTPP_FATE_UNDECIDED || request->fate == GTPP_FATE_ELSEWHERE;
}

/* The request before this one under the same number, when the capture holds no answer to it. */
static void report_reuse(const gtpp_judgement_t *judgement, gtpp_event_t *request)
{
    const gtpp_item_t *before = request->item.older;

    while (before != NULL && before->role != GTPP_ITEM_REQUEST) {
        before = before->older;
    }
    if (before == NULL || !request->has_content || !before->event->has_content || !has_no_answer(before->event) ||
        before->event->time > request->time || gtpp_judge_answer(before->event) != NULL ||
        !gtpp_match_is_surely_different(request, before->event) ||
        (before->event->more != NULL &&
         (before->event->more->reason == GTPP_REASON_ONE_WAY || before->event->more->reason == GTPP_REASON_NO_WHOLE))) {
        return;
    }
    gtpp_judge_add_finding(judgement, request, GTPP_FINDING_SEQ_REUSED, before->event)->number = request->seq;
}

/* True when the number of ANSWER is not behind that of the path's first request in the capture. */
static bool is_before_first(const gtpp_judgement_t *judgement, const gtpp_event_t *answer, uint16_t seq)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, answer->path);
    const gtpp_direction_t *asking = &path->directions[1 - answer->direction];

    return answer->type != GTPP_DATA_RECORD_TRANSFER_RESPONSE || !asking->has_packets ||
           asking->first_packet_time > answer->time || (uint16_t)(seq - asking->first_packet - 1) >= INT16_MAX;
}

/* An answer to a request that may lie before the capture's start: it came within T3 of the first message. */
static bool may_be_asked_before(const gtpp_judgement_t *judgement, const gtpp_event_t *answer, uint16_t seq)
{
    const gtpp_event_t *first = judgement->events->pdata[0];

    return is_before_first(judgement, answer, seq) && answer->time - first->time < judgement->t3;
}

/* An answer over TCP to a request that may lie before what the capture has of the stream of the asking node, of which
 * it lacks the beginning. */
static bool may_be_asked_earlier(const gtpp_judgement_t *judgement, const gtpp_event_t *answer, uint16_t seq)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, answer->path);
    const gtpp_direction_t *asking = &path->directions[1 - answer->direction];

    return answer->is_stream && !asking->has_begun && is_before_first(judgement, answer, seq) &&
           (asking->messages == 0 || answer->time - asking->first < GTPP_MATCH_REPEATED);
}

/* Why the capture may lack the request: it lacks messages of the asking node, or cannot tell whose the answer is. */
static gtpp_reason_t find_excuse_of_answer(const gtpp_judgement_t *judgement, const gtpp_event_t *answer)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, answer->path);

    if (answer->more != NULL && answer->more->reason == GTPP_REASON_OTHER_END) {
        return GTPP_REASON_OTHER_END;
    }
    /* The clock may have been set back between the request and an answer that stands behind later messages. */
    return gtpp_judge_find_gap(judgement, path, 1U - answer->direction, answer->time - GTPP_MATCH_REPEATED,
                               answer->is_misplaced ? GTPP_TIME_MAX : answer->time);
}

/* The answer to the request before ANSWER under the same number. That came too long before for this one to be another
 * copy of it, unless the node is very late; or the capture lacks a request. NULL: none. */
static const gtpp_event_t *find_answered_before(const gtpp_item_t *answer)
{
    const gtpp_item_t *before = answer->older;

    for (unsigned left = GTPP_MATCH_BEFORE; before != NULL && left > 0; before = before->older, left--) {
        if (gtpp_judge_is_request(before->event)) {
            return before->link != NULL ? before->link->event : NULL;
        }
    }
    return NULL;
}

static void report_answer(const gtpp_judgement_t *judgement, gtpp_event_t *answer, const gtpp_item_t *item)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, answer->path);

    if (!g_hash_table_contains(judgement->sources, GUINT_TO_POINTER(path->hosts[1 - answer->direction]))) {
        return; /* one direction only: that is said once for the path */
    }
    const gtpp_reason_t excuse = find_excuse_of_answer(judgement, answer);
    const bool is_before = may_be_asked_before(judgement, answer, item->seq);
    const bool is_one_way = is_before && path->has_ends && path->directions[1 - answer->direction].messages == 0;
    const gtpp_event_t *later = find_asked_later(item);
    const gtpp_event_t *answered = excuse == GTPP_REASON_NONE && !is_before ? find_answered_before(item) : NULL;
    if (excuse == GTPP_REASON_NONE && is_at_edge(judgement, answer, judgement->end)) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_UNDECIDED, NULL, item->seq)->reason = GTPP_REASON_TAPS;
    } else if (answered != NULL) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_UNDECIDED, answered, item->seq)->reason =
            GTPP_REASON_ANSWERED;
    } else if (later != NULL) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_UNDECIDED, later, item->seq)->reason =
            GTPP_REASON_SET_BACK;
    } else if (excuse == GTPP_REASON_NONE && is_one_way) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_UNDECIDED, NULL, item->seq)->reason =
            GTPP_REASON_ONE_PATH;
    } else if (excuse == GTPP_REASON_NONE && !is_before && may_be_asked_earlier(judgement, answer, item->seq)) {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_UNDECIDED, NULL, item->seq)->reason = GTPP_REASON_AMID;
    } else if (excuse == GTPP_REASON_NONE ||
               ((excuse == GTPP_REASON_CUT || excuse == GTPP_REASON_UNREAD) && is_before)) {
        gtpp_judge_count_finding(judgement, answer, is_before ? GTPP_FINDING_ASKED_BEFORE : GTPP_FINDING_UNSOLICITED,
                                 NULL, item->seq);
    } else {
        gtpp_judge_count_finding(judgement, answer, GTPP_FINDING_UNDECIDED, NULL, item->seq)->reason = (uint8_t)excuse;
    }
}

static void report_answers(const gtpp_judgement_t *judgement, gtpp_event_t *event)
{
    gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(event, k)) != NULL; k++) {
        if (item->role == GTPP_ITEM_UNMATCHED && !gtpp_match_is_request(item) &&
            !g_hash_table_contains(judgement->from_elsewhere, item)) {
            report_answer(judgement, event, item);
        }
    }
}

/* Once for each path of which one node's messages are not in the capture. Where the node answers from another end, that
 * is said instead. */
static void report_one_way(const gtpp_judgement_t *judgement, gtpp_event_t *event, GHashTable *reported)
{
    const gtpp_path_t *path = gtpp_ledger_get_path(judgement->ledger, event->path);

    if (!path->has_ends || path->directions[1 - event->direction].messages > 0 ||
        (event->more != NULL && event->more->other_answer != NULL) ||
        g_hash_table_contains(judgement->sources, GUINT_TO_POINTER(path->hosts[1 - event->direction]))) {
        return;
    }
    if (g_hash_table_add(reported, GUINT_TO_POINTER(path->number + 1))) {
        gtpp_judge_add_finding(judgement, event, GTPP_FINDING_ONE_WAY, NULL)->reason =
            (uint8_t)gtpp_judge_explain_silence(judgement, path, 1U - event->direction);
    }
}

void gtpp_judge_unanswered(const gtpp_judgement_t *judgement)
{
    GHashTable *reported = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (gtpp_judge_is_request(event)) {
            report_reuse(judgement, event);
            report_request(judgement, event);
        } else if (!gtpp_match_is_request(&event->item)) {
            report_answers(judgement, event);
        }
        report_one_way(judgement, event, reported);
    }
    g_hash_table_destroy(reported);
}

/* }}} */
