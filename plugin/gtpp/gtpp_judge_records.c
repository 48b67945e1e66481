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
            if (record->identity != 0 && !g_hash_table_contains(accepted, &record->identity)) {
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

static void report_twice(const gtpp_judgement_t *judgement, gtpp_event_t *request, GHashTable *accepted)
{
    for (uint32_t k = 0; k < request->num_records; k++) {
        gtpp_event_record_t *record = &request->records[k];
        gtpp_event_t *before = record->identity != 0 ? g_hash_table_lookup(accepted, &record->identity) : NULL;
        if (before == NULL || before == request || !is_certain(record, request, before)) {
            continue;
        }
        record->fate = GTPP_FATE_TWICE;
        record->decided_by = find_acceptance(before);
        gtpp_judge_count_finding(judgement, request, GTPP_FINDING_TWICE, before, 0);
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
        gtpp_event_t *other = record->identity != 0 ? g_hash_table_lookup(accepted, &record->identity) : NULL;
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
    set_fates(judgement);
    find_twice(judgement);
    find_elsewhere(judgement);
}
