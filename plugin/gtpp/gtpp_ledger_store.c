/* gtpp_ledger_store.c
 * What the ledger says about one message, and how little of that is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_ledger_store.h"

#include <string.h>

#include "gtpp_pdu.h"

/* A message opens gaps on its own path, and fills those of few others. */
#define CHANGES_LOOKED_AT 8

_Static_assert(sizeof(gtpp_request_t) <= 64, "there is one for every other message: its size counts");

/* What a slip is of. */
enum {
    SLIP_RESULT, /* anything */
    SLIP_ASKS,   /* the first copy of a request, and nothing to remark */
    SLIP_ANSWERS /* the acknowledgement of one request, and nothing to remark */
};

/* The result of a message of which only the request is kept, with all that it points to. */
typedef struct {
    gtpp_result_t result;
    gtpp_answer_t answer;
} gtpp_plain_result_t;

void gtpp_result_begin(gtpp_draft_t *draft, wmem_allocator_t *allocator)
{
    draft->allocator = allocator;
    memset(&draft->result, 0, sizeof draft->result);
    draft->result.answers = draft->few_answers;
}

/* {{{ Findings */

gtpp_finding_t *gtpp_result_add_finding(gtpp_draft_t *draft, gtpp_finding_kind_t kind, uint16_t number, uint32_t frame)
{
    gtpp_finding_t *finding = wmem_new0(draft->allocator, gtpp_finding_t);

    finding->kind = (uint8_t)kind;
    finding->number = number;
    finding->frame = frame;
    finding->count = 1;
    finding->path = draft->result.path;
    finding->next = draft->result.findings;
    draft->result.findings = finding;
    return finding;
}

void gtpp_result_count_finding(gtpp_draft_t *draft, gtpp_finding_kind_t kind, uint16_t number, uint32_t frame)
{
    for (gtpp_finding_t *finding = draft->result.findings; finding != NULL; finding = finding->next) {
        if (finding->kind == kind) {
            finding->count++;
            return;
        }
    }
    gtpp_result_add_finding(draft, kind, number, frame);
}

/* }}} */
/* {{{ Local sequence numbers that are missing */

void gtpp_result_change_missing(gtpp_draft_t *draft, uint32_t path, int64_t change)
{
    gtpp_result_t *result = &draft->result;
    const size_t count = result->num_missing;

    /* The same path comes again and again. To look at all would take the square of the message's records. */
    for (size_t i = count; i > 0 && count - i < CHANGES_LOOKED_AT; i--) {
        if (result->missing[i - 1].path == path) {
            result->missing[i - 1].change += (int32_t)change;
            return;
        }
    }
    /* There is room for the next power of two. */
    if ((count & (count - 1)) == 0) {
        result->missing = wmem_realloc(draft->allocator, result->missing, MAX(2 * count, 1) * sizeof *result->missing);
    }
    result->missing[result->num_missing++] = (gtpp_missing_t){ path, (int32_t)change };
}

/* }}} */
/* {{{ Answers */

void gtpp_result_expect_answers(gtpp_draft_t *draft, size_t count)
{
    if (count > sizeof draft->few_answers / sizeof draft->few_answers[0]) {
        draft->result.answers = wmem_alloc_array(draft->allocator, gtpp_answer_t, count);
    }
}

void gtpp_result_add_answer(gtpp_draft_t *draft, gtpp_request_t *request, bool timed)
{
    draft->result.answers[draft->result.num_answers++] = (gtpp_answer_t){ request, timed };
}

/* }}} */
/* {{{ What is kept */

/* What there is to say of the first copy of REQUEST, when there is nothing to remark. */
static void write_asking(gtpp_result_t *result, gtpp_request_t *request)
{
    *result = (gtpp_result_t){
        .path = request->path,
        .seq = request->seq,
        .type = request->type,
        .request = request,
    };
}

/* What there is to say of the message that acknowledges REQUEST and nothing else, when there is nothing to remark. A
 * response has the type behind that of its request. */
static void write_answering(gtpp_plain_result_t *plain, gtpp_request_t *request)
{
    plain->answer = (gtpp_answer_t){ request, true };
    plain->result = (gtpp_result_t){
        .path = request->path,
        .seq = request->seq,
        .type = (uint8_t)(request->type + 1),
        .answers = &plain->answer,
        .num_answers = 1,
    };
}

/* True when both say the same. Answers are for the caller to compare. */
static bool says_the_same(const gtpp_result_t *one, const gtpp_result_t *other)
{
    return one->path == other->path && one->seq == other->seq && one->type == other->type &&
           one->is_copy == other->is_copy && one->request == other->request && one->findings == other->findings &&
           one->num_answers == other->num_answers && one->missing == other->missing;
}

static bool is_asking(const gtpp_result_t *result)
{
    gtpp_result_t asking;

    if (result->request == NULL) {
        return false;
    }
    write_asking(&asking, result->request);
    return says_the_same(result, &asking);
}

static bool is_answering(const gtpp_result_t *result)
{
    gtpp_plain_result_t plain;

    if (result->num_answers != 1 || !result->answers[0].timed) {
        return false;
    }
    write_answering(&plain, result->answers[0].request);
    return says_the_same(result, &plain.result);
}

gtpp_slip_t gtpp_result_close(gtpp_draft_t *draft, uint32_t frame)
{
    const gtpp_result_t *result = &draft->result;
    gtpp_slip_t slip = { NULL, frame, SLIP_RESULT };

    if (is_asking(result)) {
        slip.kind = SLIP_ASKS;
        slip.of = result->request;
    } else if (is_answering(result)) {
        slip.kind = SLIP_ANSWERS;
        slip.of = result->answers[0].request;
    } else {
        gtpp_result_t *whole = wmem_memdup(draft->allocator, result, sizeof *result);
        whole->answers = NULL;
        if (result->num_answers > 0) {
            whole->answers =
                wmem_memdup(draft->allocator, result->answers, result->num_answers * sizeof *result->answers);
        }
        slip.of = whole;
    }
    if (result->answers != draft->few_answers) {
        wmem_free(draft->allocator, result->answers);
    }
    return slip;
}

const gtpp_result_t *gtpp_result_read(const gtpp_slip_t *slip, wmem_allocator_t *pool)
{
    switch (slip->kind) {
    case SLIP_ASKS: {
        gtpp_result_t *result = wmem_new(pool, gtpp_result_t);
        write_asking(result, slip->of);
        return result;
    }
    case SLIP_ANSWERS: {
        gtpp_plain_result_t *plain = wmem_new(pool, gtpp_plain_result_t);
        write_answering(plain, slip->of);
        return &plain->result;
    }
    default:
        return slip->of;
    }
}

/* }}} */
