/* gtpp_judge.h
 * What the capture as a whole proves: what became of each request and record, and what is remarkable.
 *
 * A judgement is made of the ledger's events in the order of time. Each finding says what the capture proves; where the
 * capture cannot tell, the finding is GTPP_FINDING_UNDECIDED with its reason:
 * - A request is "not acknowledged" only where the capture would show an answer: it holds messages of the answering
 *   node, no hole, cut message or part of a datagram of that node behind the request, and more than T3 behind its last
 * copy.
 * - A record that another request brought to a node that accepted it is acknowledged elsewhere.
 * - Restart counters, redirections and held packets belong to a node. Where one address may stand for several nodes,
 *   nothing is claimed.
 *
 * The parts: gtpp_judge_answers (requests and their answers), gtpp_judge_other_ends (answers of another path),
 * gtpp_judge_tries (requests that were sent before in fragments), gtpp_judge_settled (held packets), gtpp_judge_records
 * (the same record on several ways), gtpp_judge_nodes (restarts and redirections), gtpp_local_seq (missing numbers).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_JUDGE_H
#define PORTLORE_GTPP_JUDGE_H

#include <glib.h>

#include "gtpp_ledger.h"

/* What one judgement works on. */
typedef struct {
    gtpp_ledger_t *ledger;
    wmem_allocator_t *findings; /* of this judgement alone */
    GPtrArray *events;          /* gtpp_event_t *, all but copies of a packet, in the order of time */
    GHashTable *sources;        /* numbers of the hosts that sent a message which is in the capture */
    GHashTable *skews; /* number of a path -> int64_t: how much earlier than a request its answer was captured */
    GHashTable *from_elsewhere; /* gtpp_item_t * of answers that belong to a request of another path */
    GArray *lost;               /* gtpp_span_t: when fragments are missing, by gtpp_judge_way() */
    GPtrArray *restarts;        /* gtpp_event_t *: those that say that their node has restarted */
    int64_t t3;                 /* how long an answer may take, in nanoseconds */
    int64_t end;                /* time of the last packet of the capture */
} gtpp_judgement_t;

typedef struct gtpp_judge gtpp_judge_t;

/* Starts with no judgement. ALLOCATOR is the ledger's. */
gtpp_judge_t *gtpp_judge_open(gtpp_ledger_t *ledger, wmem_allocator_t *allocator);

/* Ends it, before the allocator is emptied. NULL is none. */
void gtpp_judge_close(gtpp_judge_t *judge);

/* Makes the judgement anew when events have come, or T3 or END has changed, since the last one; otherwise does nothing.
 * T3 and END are in nanoseconds; END is the time of the last packet of the capture. */
void gtpp_judge_update(gtpp_judge_t *judge, int64_t t3, int64_t end);

/* {{{ For the parts of the judgement */

/* Adds a finding to EVENT, behind those that it has. */
gtpp_finding_t *gtpp_judge_add_finding(const gtpp_judgement_t *judgement, gtpp_event_t *event, gtpp_finding_kind_t kind,
                                       const gtpp_event_t *other);

/* Adds a finding or, when EVENT has one of that kind, counts that once more. */
gtpp_finding_t *gtpp_judge_count_finding(const gtpp_judgement_t *judgement, gtpp_event_t *event,
                                         gtpp_finding_kind_t kind, const gtpp_event_t *other, uint16_t number);

/* True for the first copy of a request. */
bool gtpp_judge_is_request(const gtpp_event_t *event);

/* The host that sent EVENT, and the one that it was sent to. */
uint32_t gtpp_judge_source(const gtpp_judgement_t *judgement, const gtpp_event_t *event);
uint32_t gtpp_judge_target(const gtpp_judgement_t *judgement, const gtpp_event_t *event);

/* The answer that counts: on the request's own path, or from another end; NULL: none. */
const gtpp_event_t *gtpp_judge_answer(const gtpp_event_t *request);

/* True when the request was accepted, so that the records are with the node that answered. */
bool gtpp_judge_is_accepted(const gtpp_event_t *request);

/* What became of REQUEST by its answer, before it is known whether it was released or accepted elsewhere. */
void gtpp_judge_request(const gtpp_judgement_t *judgement, gtpp_event_t *request);

/* It cannot be told what became of REQUEST, for REASON; OTHER is the message that makes it doubtful, or NULL. */
void gtpp_judge_set_undecided(const gtpp_judgement_t *judgement, gtpp_event_t *request, gtpp_reason_t reason,
                              const gtpp_event_t *other);

/* The key of what one host sends to another. */
static inline uint64_t gtpp_judge_way(uint32_t from, uint32_t to)
{
    return (uint64_t)from << 32 | to;
}

/* Why a host of which the capture has no message is silent: GTPP_REASON_NO_WHOLE where parts of some are there. */
gtpp_reason_t gtpp_judge_explain_silence(const gtpp_judgement_t *judgement, const gtpp_path_t *path, unsigned end);

/* What may hide messages from one host of PATH, at the end END, between two times. GTPP_REASON_NONE: nothing. */
gtpp_reason_t gtpp_judge_find_gap(const gtpp_judgement_t *judgement, const gtpp_path_t *path, unsigned end,
                                  int64_t since, int64_t until);

void gtpp_judge_twins(const gtpp_judgement_t *judgement);
void gtpp_judge_answers(const gtpp_judgement_t *judgement);
void gtpp_judge_other_ends(const gtpp_judgement_t *judgement);
void gtpp_judge_unanswered(const gtpp_judgement_t *judgement);
void gtpp_judge_tries(const gtpp_judgement_t *judgement);
void gtpp_judge_settled(const gtpp_judgement_t *judgement);
void gtpp_judge_records(const gtpp_judgement_t *judgement);
void gtpp_judge_nodes(const gtpp_judgement_t *judgement);
void gtpp_judge_gaps(const gtpp_judgement_t *judgement);

/* }}} */

#endif
