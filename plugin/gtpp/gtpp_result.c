/* gtpp_result.c
 * What the ledger says about one message, and how little of that is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_result.h"

#include <string.h>

#include "gtpp_wire.h"

/* A message that changes fates changes few columns of one path. */
#define BOOKINGS_LOOKED_AT 8

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
    gtpp_booking_t bookings[2];
} gtpp_plain_result_t;

void gtpp_result_begin(gtpp_draft_t *draft, wmem_allocator_t *allocator)
{
    draft->allocator = allocator;
    memset(&draft->result, 0, sizeof draft->result);
    draft->result.answers = draft->few_answers;
    draft->result.bookings = draft->few_bookings;
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
/* {{{ Bookings */

/* Doubles the room for bookings when it is full: it is a power of two. */
static void make_room(gtpp_draft_t *draft)
{
    gtpp_result_t *result = &draft->result;
    uint32_t count = result->num_bookings;

    if (count < GTPP_FEW_BOOKINGS || (count & (count - 1)) != 0) {
        return;
    }
    if (result->bookings == draft->few_bookings) {
        result->bookings = wmem_alloc_array(draft->allocator, gtpp_booking_t, 2 * (size_t)count);
        memcpy(result->bookings, draft->few_bookings, sizeof draft->few_bookings);
    } else {
        result->bookings =
            wmem_realloc(draft->allocator, result->bookings, 2 * (size_t)count * sizeof *result->bookings);
    }
}

void gtpp_result_book(gtpp_draft_t *draft, uint32_t path, gtpp_account_column_t column, int64_t amount)
{
    gtpp_result_t *result = &draft->result;

    if (amount == 0) {
        return;
    }
    /* Where a list is worked through, the same entry comes again and again. To look at all would take its square. */
    for (uint32_t i = result->num_bookings; i > 0 && result->num_bookings - i < BOOKINGS_LOOKED_AT; i--) {
        gtpp_booking_t *booking = &result->bookings[i - 1];
        if (booking->path == path && booking->column == column) {
            booking->amount += (int32_t)amount;
            return;
        }
    }
    make_room(draft);
    result->bookings[result->num_bookings++] = (gtpp_booking_t){ path, (int32_t)amount, (uint8_t)column };
}

void gtpp_result_list_bookings(const gtpp_result_t *result, void (*take)(void *user, const gtpp_booking_t *booking),
                               void *user)
{
    if (result->request != NULL && result->type == GTPP_DATA_RECORD_TRANSFER_REQUEST) {
        const gtpp_booking_t own[] = {
            { result->path, 1, result->is_copy ? GTPP_ACCOUNT_RETRANSMITTED : GTPP_ACCOUNT_REQUESTS },
            { result->path, result->is_copy ? 0 : (int32_t)result->request->records, GTPP_ACCOUNT_CDRS },
            { result->path, result->is_copy ? 0 : (int32_t)result->request->records, GTPP_ACCOUNT_UNACKNOWLEDGED },
        };
        for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
            take(user, &own[i]);
        }
    }
    for (uint32_t i = 0; i < result->num_bookings; i++) {
        take(user, &result->bookings[i]);
    }
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
    plain->bookings[0] =
        (gtpp_booking_t){ request->path, -(int32_t)request->records, (uint8_t)GTPP_ACCOUNT_UNACKNOWLEDGED };
    plain->bookings[1] =
        (gtpp_booking_t){ request->path, (int32_t)request->records, (uint8_t)GTPP_ACCOUNT_ACKNOWLEDGED };
    plain->result = (gtpp_result_t){
        .path = request->path,
        .seq = request->seq,
        .type = (uint8_t)(request->type + 1),
        .answers = &plain->answer,
        .num_answers = 1,
        .bookings = plain->bookings,
        .num_bookings = request->records > 0 ? 2 : 0,
    };
}

/* True when both say the same of the message and of the account. Answers are for the caller to compare. */
static bool says_the_same(const gtpp_result_t *one, const gtpp_result_t *other)
{
    if (one->path != other->path || one->seq != other->seq || one->type != other->type ||
        one->is_copy != other->is_copy || one->request != other->request || one->findings != other->findings ||
        one->num_answers != other->num_answers || one->num_bookings != other->num_bookings) {
        return false;
    }
    for (uint32_t i = 0; i < one->num_bookings; i++) {
        const gtpp_booking_t *mine = &one->bookings[i];
        const gtpp_booking_t *yours = &other->bookings[i];
        if (mine->path != yours->path || mine->amount != yours->amount || mine->column != yours->column) {
            return false;
        }
    }
    return true;
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

/* A copy of COUNT things of SIZE octets, NULL when there are none. */
static void *keep(wmem_allocator_t *allocator, const void *things, uint32_t count, size_t size)
{
    return count > 0 ? wmem_memdup(allocator, things, count * size) : NULL;
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
        whole->answers = keep(draft->allocator, result->answers, result->num_answers, sizeof *result->answers);
        whole->bookings = keep(draft->allocator, result->bookings, result->num_bookings, sizeof *result->bookings);
        slip.of = whole;
    }
    if (result->answers != draft->few_answers) {
        wmem_free(draft->allocator, result->answers);
    }
    if (result->bookings != draft->few_bookings) {
        wmem_free(draft->allocator, result->bookings);
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
