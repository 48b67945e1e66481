/* gtpp_judge_records.c
 * The same record on several ways: acknowledged elsewhere, or accepted twice.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_judge.h"

#include "gtpp_match.h"
#include "gtpp_pdu.h"

static bool is_taken(const gtpp_event_t *request)
{
    return request->fate == GTPP_FATE_ACKNOWLEDGED || request->fate == GTPP_FATE_RELEASED;
}

static bool is_taken_or_held(const gtpp_event_t *request)
{
    return is_taken(request) || request->fate == GTPP_FATE_HELD;
}

/* The answer by which the records of a request were accepted: its own or, where that is not in the capture, that to its
 * release. */
static const gtpp_event_t *find_acceptance(const gtpp_event_t *request)
{
    const gtpp_event_t *answer = gtpp_judge_answer(request);

    if (answer == NULL && request->more != NULL && request->more->settled_by != NULL) {
        return gtpp_judge_answer(request->more->settled_by);
    }
    return answer;
}

/* {{{ Accepted twice */

/* Identity -> the request with which the record was accepted first. */
static GHashTable *index_accepted(const gtpp_judgement_t *judgement, bool with_held)
{
    GHashTable *accepted = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) || !(with_held ? is_taken_or_held(event) : is_taken(event))) {
            continue;
        }
        for (uint32_t k = 0; k < event->num_records; k++) {
            gtpp_event_record_t *record = &event->records[k];
            if (gtpp_event_record_identity(record) != 0 && !g_hash_table_contains(accepted, &record->identity)) {
                g_hash_table_insert(accepted, &record->identity, event);
            }
        }
    }
    return accepted;
}

/* Records without a local number are told by their octets. On one path, a node may send two records of the same
 * octets; a record that came by two paths is one. */
static bool is_certain(const gtpp_event_record_t *record, const gtpp_event_t *one, const gtpp_event_t *other)
{
    return record->node != 0 || one->path != other->path;
}

/* The octet that counts the records of a packet goes so far; a message may have several packets. */
#define RECORDS_IN_A_PACKET 255

/* True when the request has the record in the place K before it, too. */
static bool has_before(const gtpp_event_t *request, uint32_t k)
{
    for (uint32_t i = k > RECORDS_IN_A_PACKET ? k - RECORDS_IN_A_PACKET : 0; i < k; i++) {
        if (gtpp_event_record_identity(&request->records[i]) == request->records[k].identity) {
            return true;
        }
    }
    return false;
}

/* True when the capture has the acceptance of ONE behind that of OTHER: a request that was rejected, or answered late,
 * may be the earlier one and have been accepted as the later one. */
static bool is_accepted_later(const gtpp_event_t *one, const gtpp_event_t *other)
{
    const gtpp_event_t *mine = find_acceptance(one);
    const gtpp_event_t *yours = find_acceptance(other);

    return mine == NULL || yours == NULL || mine->time > yours->time;
}

static void report_twice(const gtpp_judgement_t *judgement, gtpp_event_t *request, GHashTable *accepted)
{
    for (uint32_t k = 0; k < request->num_records; k++) {
        gtpp_event_record_t *record = &request->records[k];
        gtpp_event_t *before =
            gtpp_event_record_identity(record) != 0 ? g_hash_table_lookup(accepted, &record->identity) : NULL;
        if (before == NULL || (before == request && !has_before(request, k)) || !is_certain(record, request, before)) {
            continue;
        }
        record->fate = GTPP_FATE_TWICE;
        record->decided_by = find_acceptance(before);
        gtpp_judge_count_finding(judgement, request, GTPP_FINDING_TWICE, before,
                                 is_accepted_later(before, request) ? 1 : 0);
    }
}

static void find_twice(const gtpp_judgement_t *judgement)
{
    GHashTable *accepted = index_accepted(judgement, false);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (gtpp_judge_is_request(event) && is_taken(event)) {
            report_twice(judgement, event, accepted);
        }
    }
    g_hash_table_destroy(accepted);
}

/* }}} */
/* {{{ Acknowledged elsewhere */

static bool is_open(const gtpp_event_t *request)
{
    return request->fate == GTPP_FATE_UNACKNOWLEDGED || request->fate == GTPP_FATE_NOT_YET ||
           request->fate == GTPP_FATE_UNDECIDED || request->fate == GTPP_FATE_REJECTED;
}

/* A rejected request stays rejected; what became of its records is a finding all the same. */
static void report_elsewhere(const gtpp_judgement_t *judgement, gtpp_event_t *request, GHashTable *accepted)
{
    const gtpp_event_t *answer = NULL;
    uint32_t found = 0;

    for (uint32_t k = 0; k < request->num_records; k++) {
        gtpp_event_record_t *record = &request->records[k];
        gtpp_event_t *other =
            gtpp_event_record_identity(record) != 0 ? g_hash_table_lookup(accepted, &record->identity) : NULL;
        if (other == NULL || other == request) {
            continue;
        }
        answer = find_acceptance(other);
        found++;
        if (request->fate != GTPP_FATE_REJECTED) {
            record->fate = GTPP_FATE_ELSEWHERE;
            record->decided_by = answer;
        }
    }
    if (found == 0) {
        return;
    }
    gtpp_judge_add_finding(judgement, request, GTPP_FINDING_ELSEWHERE, answer)->count = found;
    if (found == request->num_records && request->num_records >= request->announced &&
        request->fate != GTPP_FATE_REJECTED) {
        request->fate = GTPP_FATE_ELSEWHERE;
        gtpp_event_need_more(gtpp_ledger_allocator(judgement->ledger), request)->elsewhere = answer;
    }
}

static void find_elsewhere(const gtpp_judgement_t *judgement)
{
    GHashTable *accepted = NULL;

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) || event->num_records == 0 || !is_open(event)) {
            continue;
        }
        if (accepted == NULL) {
            accepted = index_accepted(judgement, true);
        }
        report_elsewhere(judgement, event, accepted);
    }
    if (accepted != NULL) {
        g_hash_table_destroy(accepted);
    }
}

/* }}} */

/* {{{ Records that were cut, or whose answer may be another message's */

/* Between a request and a late answer, this many events are looked at. */
#define EVENTS_BETWEEN 4096

/* True for a request about records that were not all captured whole. */
static bool has_cut_records(const gtpp_event_t *request)
{
    if (request->type != GTPP_DATA_RECORD_TRANSFER_REQUEST || !request->is_cut || request->is_empty) {
        return false;
    }
    for (uint32_t k = 0; k < request->num_records; k++) {
        if (request->records[k].is_cut) {
            return true;
        }
    }
    return request->num_records == 0 || request->num_records < request->announced;
}

/* Requests that were accepted, or may have been, by the host that sent them, in the order of time. */
static GHashTable *index_by_host(const gtpp_judgement_t *judgement, bool cut_alone)
{
    GHashTable *hosts = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        const bool may_be_taken =
            is_taken_or_held(event) || (event->fate == GTPP_FATE_UNDECIDED && has_cut_records(event));
        if (!gtpp_judge_is_request(event) || !may_be_taken || (cut_alone && !has_cut_records(event)) ||
            !(event->has_packet || has_cut_records(event))) {
            continue;
        }
        void *host = GUINT_TO_POINTER(gtpp_judge_source(judgement, event));
        GPtrArray *list = g_hash_table_lookup(hosts, host);
        if (list == NULL) {
            list = g_ptr_array_new();
            g_hash_table_insert(hosts, host, list);
        }
        g_ptr_array_add(list, event);
    }
    return hosts;
}

/* True when the host sent another request after this one that was accepted, or may have been. */
static bool has_later(const GPtrArray *list, const gtpp_event_t *request)
{
    for (unsigned i = list != NULL ? list->len : 0; i > 0; i--) {
        const gtpp_event_t *other = list->pdata[i - 1];
        if (other != request) {
            return other->time >= request->time;
        }
    }
    return false;
}

/* A request without an answer, the records of which may be those of a later one that was accepted: they cannot be
 * compared, since they were cut here or there. */
static void find_incomparable(const gtpp_judgement_t *judgement)
{
    GHashTable *all = NULL;
    GHashTable *cut = NULL;

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        if (!gtpp_judge_is_request(event) ||
            (event->fate != GTPP_FATE_UNACKNOWLEDGED && event->fate != GTPP_FATE_NOT_YET) ||
            !(event->has_packet || has_cut_records(event))) {
            continue;
        }
        if (all == NULL) {
            all = index_by_host(judgement, false);
            cut = index_by_host(judgement, true);
        }
        const void *host = GUINT_TO_POINTER(gtpp_judge_source(judgement, event));
        if (!has_later(g_hash_table_lookup(has_cut_records(event) ? all : cut, host), event)) {
            continue;
        }
        gtpp_judge_set_undecided(judgement, event, GTPP_REASON_RECORDS_CUT, NULL);
        for (uint32_t k = 0; k < event->num_records; k++) {
            if (event->records[k].fate != GTPP_FATE_ELSEWHERE) {
                event->records[k].fate = GTPP_FATE_UNDECIDED;
            }
        }
    }
    if (all != NULL) {
        g_hash_table_destroy(all);
        g_hash_table_destroy(cut);
    }
}

/* A request without an answer, a record of which another request carries of which it cannot be told whether it was
 * answered: then that of the record cannot be told, either. */
static void find_undecided(const gtpp_judgement_t *judgement)
{
    GHashTable *carriers = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        const bool is_undecided = gtpp_judge_is_request(event) && event->fate == GTPP_FATE_UNDECIDED;
        for (uint32_t k = 0; is_undecided && k < event->num_records; k++) {
            if (gtpp_event_record_identity(&event->records[k]) != 0) {
                g_hash_table_insert(carriers, &event->records[k].identity, event);
            }
        }
    }
    for (unsigned i = 0; i < judgement->events->len && g_hash_table_size(carriers) > 0; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        const gtpp_event_t *other = NULL;
        const bool is_unacknowledged = gtpp_judge_is_request(event) && event->fate == GTPP_FATE_UNACKNOWLEDGED;
        for (uint32_t k = 0; is_unacknowledged && k < event->num_records; k++) {
            gtpp_event_record_t *record = &event->records[k];
            const gtpp_event_t *carrier =
                gtpp_event_record_identity(record) != 0 ? g_hash_table_lookup(carriers, &record->identity) : NULL;
            if (carrier != NULL && record->fate == GTPP_FATE_UNACKNOWLEDGED) {
                record->fate = GTPP_FATE_UNDECIDED;
                other = carrier;
            }
        }
        if (other != NULL) {
            gtpp_judge_set_undecided(judgement, event, GTPP_REASON_OTHER_REQUEST, other);
        }
    }
    g_hash_table_destroy(carriers);
}

static bool may_carry_same(const gtpp_event_t *request, const gtpp_event_t *other)
{
    if (has_cut_records(request) || has_cut_records(other)) {
        return true;
    }
    for (uint32_t k = 0; k < other->num_records; k++) {
        const uint64_t identity = gtpp_event_record_identity(&other->records[k]);
        if (identity != 0 && identity == gtpp_event_record_identity(&request->records[0])) {
            return true;
        }
    }
    return false;
}

/* True when the records of the request in the place AT were sent under another number before WHEN. */
static bool was_sent_elsewhere(const gtpp_judgement_t *judgement, unsigned at, int64_t when)
{
    const gtpp_event_t *request = judgement->events->pdata[at];

    for (unsigned i = at + 1, left = EVENTS_BETWEEN; i < judgement->events->len && left > 0; i++, left--) {
        const gtpp_event_t *event = judgement->events->pdata[i];
        if (event->time > when) {
            break;
        }
        if (gtpp_judge_is_request(event) && event->has_packet && event->path != request->path &&
            gtpp_judge_source(judgement, event) == gtpp_judge_source(judgement, request) &&
            may_carry_same(request, event)) {
            return true;
        }
    }
    return false;
}

/* A node that sent its records elsewhere asks later, with an empty packet, whether the first one had arrived. The
 * answer to it accepts the empty packet alone; where the capture lacks that one, it looks like a late answer to the
 * first. */
static void find_late(const gtpp_judgement_t *judgement)
{
    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        const gtpp_event_t *answer = event->item.link != NULL ? event->item.link->event : NULL;
        if (!gtpp_judge_is_request(event) || event->fate != GTPP_FATE_ACKNOWLEDGED || event->num_records == 0 ||
            answer == NULL || answer->time - gtpp_match_last_time(event) <= 2 * judgement->t3 ||
            gtpp_match_answer_says(answer) != GTPP_SAYS_YES) {
            continue;
        }
        if (was_sent_elsewhere(judgement, i, answer->time)) {
            gtpp_judge_set_undecided(judgement, event, GTPP_REASON_LATE, NULL);
        }
    }
}

/* }}} */

static void set_fates(const gtpp_judgement_t *judgement)
{
    for (unsigned i = 0; i < judgement->events->len; i++) {
        gtpp_event_t *event = judgement->events->pdata[i];
        for (uint32_t k = 0; gtpp_judge_is_request(event) && k < event->num_records; k++) {
            event->records[k].fate = event->fate;
        }
    }
}

void gtpp_judge_records(const gtpp_judgement_t *judgement)
{
    find_late(judgement);
    set_fates(judgement);
    find_twice(judgement);
    find_elsewhere(judgement);
    find_incomparable(judgement);
    find_undecided(judgement);
}
