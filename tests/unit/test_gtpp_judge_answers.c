/* test_gtpp_judge_answers.c
 * Which requests were answered, and why it cannot be told of some requests; answers that no request asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

/* {{{ Fates */

static void test_answered(book_t *book)
{
    const gtpp_event_t *request = book_send_records(book, GTPP_COMMAND_SEND, 5, 1, 2);
    const gtpp_event_t *answer = book_answer(book, 5, ACCEPTED);

    book_judge(book);
    assert_fate(request, ACKNOWLEDGED);
    assert_answered_by(request, answer);
    assert_column(book, ACKNOWLEDGED, 2);
    assert_quiet(book);
}

static void test_unanswered(book_t *book)
{
    const gtpp_event_t *request = book_send_records(book, GTPP_COMMAND_SEND, 1, 1, 2);
    book_exchange(book, 2, 3);

    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
    assert_says(request, UNACKNOWLEDGED);
    assert_column(book, UNACKNOWLEDGED, 2);
    assert_column(book, ACKNOWLEDGED, 1);
}

static void refuse(const book_t *book, const gtpp_quote_t *quote)
{
    gtpp_ledger_refuse(book->ledger, book->path, FROM_CDF, quote);
}

/* No message of the CGF is in the capture, but its host refuses some: by number, by identification, or of another
 * message than is quoted. */
static void test_refused(book_t *book)
{
    const gtpp_event_t *by_number = book_send(book, 1, 1);
    const gtpp_event_t *by_id = book_send(book, 2, 2);

    refuse(book,
           &(gtpp_quote_t){
               .ip_id = by_number->ip_id, .has_header = true, .type = GTPP_DATA_RECORD_TRANSFER_REQUEST, .seq = 1 });
    refuse(book, &(gtpp_quote_t){ .ip_id = by_id->ip_id });
    const gtpp_event_t *other = book_send(book, 3, 3);
    refuse(book, &(gtpp_quote_t){ .ip_id = (uint16_t)(other->ip_id + 1) });
    refuse(book, &(gtpp_quote_t){ .has_header = true, .type = GTPP_ECHO_REQUEST, .seq = 3 });
    book_judge(book);
    assert_fate(by_number, UNACKNOWLEDGED);
    g_assert_cmpint(book_find(by_number, GTPP_FINDING_UNACKNOWLEDGED)->reason, ==, GTPP_REASON_REFUSED);
    assert_fate(by_id, UNACKNOWLEDGED);
    assert_undecided_for(other, ONE_WAY);
}

/* A request that was sent again is refused when each copy of it is. */
static void test_refused_in_part(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);

    refuse(book, &(gtpp_quote_t){ .ip_id = request->ip_id });
    book_at(book, 1005);
    const gtpp_event_t *again = book_sent_again(book, request);
    book_judge(book);
    assert_undecided_for(request, ONE_WAY);
    refuse(book, &(gtpp_quote_t){
                     .ip_id = again->ip_id, .has_header = true, .type = GTPP_DATA_RECORD_TRANSFER_REQUEST, .seq = 1 });
    book_send(book, 2, 2);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
}

/* Causes of TS 32.295 and TS 29.060: what the answer says. */
static void test_causes(book_t *book)
{
    static const struct {
        uint8_t cause;
        gtpp_fate_t fate;
    } cases[] = {
        { 59, GTPP_FATE_REJECTED },      { 100, GTPP_FATE_REJECTED }, { 128, GTPP_FATE_ACKNOWLEDGED },
        { 177, GTPP_FATE_ACKNOWLEDGED }, { 199, GTPP_FATE_REJECTED }, { 252, GTPP_FATE_ACKNOWLEDGED },
        { 253, GTPP_FATE_ACKNOWLEDGED }, { 254, GTPP_FATE_REJECTED }, { 255, GTPP_FATE_REJECTED },
    };
    const gtpp_event_t *requests[G_N_ELEMENTS(cases)];

    for (uint16_t i = 0; i < (uint16_t)G_N_ELEMENTS(cases); i++) {
        requests[i] = book_send(book, i, i);
        book_answer(book, i, cases[i].cause);
    }
    book_judge(book);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(requests[i]->fate, ==, cases[i].fate);
    }
    assert_quiet(book);
}

static void test_rejected_then_accepted(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_answer(book, 1, NO_RESOURCES);
    book_judge(book);
    assert_fate(request, REJECTED);
    book_sent_again(book, request);
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_fate(request, ACKNOWLEDGED);
    book_answer(book, 1, NO_RESOURCES);
    book_judge(book);
    assert_fate(request, ACKNOWLEDGED);
}

/* An answer that was cut before its cause is neither an acceptance nor a rejection; one that is whole and has none is
 * no acceptance. */
static void test_answer_without_cause(book_t *book)
{
    const gtpp_event_t *cut = book_send(book, 1, 1);
    const gtpp_event_t *whole = book_send(book, 2, 2);

    book_enter(book, FROM_CGF,
               (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE, .seq = 1, .is_cut = true });
    book_enter(book, FROM_CGF, (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE, .seq = 2 });
    book_judge(book);
    assert_fate(cut, UNDECIDED);
    assert_undecided_for(cut, ANSWER_CUT);
    assert_fate(whole, REJECTED);
    assert_column(book, UNDECIDED, 1);
}

/* Records that the capture cut off share what became of the request. */
static void test_cut_request(book_t *book)
{
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                      .seq = 1,
                                      .has_packet = true,
                                      .is_cut = true,
                                      .announced = 10,
                                      .records = &(gtpp_event_record_t){ .identity = 0 },
                                      .num_records = 1 });
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 10);
}

/* "Already fulfilled" to an empty packet says that the packet itself had arrived; acceptance, that it had not. */
static void test_probes(book_t *book)
{
    const gtpp_event_t *never_came = book_send(book, 10, 1);
    const gtpp_event_t *came = book_send(book, 11, 2);
    const gtpp_event_t *unanswered = book_send(book, 12, 3);

    book_at(book, 1030);
    const gtpp_event_t *probe = book_probe(book, 10);
    book_probe(book, 11);
    book_probe(book, 12);
    book_answer(book, 10, ACCEPTED);
    const gtpp_event_t *fulfilled = book_answer(book, 11, FULFILLED);
    book_judge(book);
    assert_fate(never_came, UNACKNOWLEDGED);
    g_assert_cmpint(book_find(never_came, GTPP_FINDING_UNACKNOWLEDGED)->reason, ==, GTPP_REASON_NOT_HAD);
    assert_fate(came, ACKNOWLEDGED);
    assert_answered_by(came, fulfilled);
    assert_fate(unanswered, UNACKNOWLEDGED);
    assert_fate(probe, ACKNOWLEDGED);
    assert_column(book, ACKNOWLEDGED, 1);
    assert_column(book, UNACKNOWLEDGED, 2);
}

/* One record, acknowledged as possibly duplicated: only the command differs. */
static void test_changed_command(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 5, 1);
    book_at(book, 1005);
    book_send_duplicated(book, 5, 1);
    book_answer(book, 5, ACCEPTED);
    book_judge(book);
    assert_fate(request, HELD);
    assert_column(book, HELD, 1);
    assert_findings(book, SEQ_REUSED, 0);
    assert_findings(book, UNACKNOWLEDGED, 0);
    /* With an answer to each copy, the first one was accepted as an ordinary packet. */
    book_answer(book, 5, ACCEPTED);
    book_judge(book);
    assert_fate(request, ACKNOWLEDGED);
    assert_quiet(book);
}

/* Version fallback: the same packet in version 1. The capture lacks Version Not Supported, or holds it. */
static void test_version_fallback(book_t *book)
{
    for (unsigned is_refused = 0; is_refused < 2; is_refused++) {
        const gtpp_event_t *first = book_send(book, (uint16_t)is_refused, is_refused);
        if (is_refused) {
            book_plain(book, FROM_CGF, GTPP_VERSION_NOT_SUPPORTED, (uint16_t)is_refused);
        }
        gtpp_ledger_input_t input =
            g_array_index(book->inputs, gtpp_ledger_input_t, book->inputs->len - 1 - is_refused);
        input.time = 0;
        input.frame = NULL;
        input.ip_id = 0;
        input.digest++;
        assert_role(book_enter(book, FROM_CDF, input), CHANGED);
        book_answer(book, (uint16_t)is_refused, ACCEPTED);
        book_judge(book);
        assert_fate(first, ACKNOWLEDGED);
    }
    assert_column(book, ACKNOWLEDGED, 2);
    assert_quiet(book);
}

/* }}} */
/* {{{ What the capture cannot show */

/* One direction only: that is said once, and nothing is called unanswered, nor unasked. */
static void test_one_way_requests(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 0, 0);

    for (uint16_t i = 1; i < 8; i++) {
        book_send(book, i, i);
    }
    /* A number that comes round, too, and the end of the capture. */
    book_at(book, 2000);
    book_send(book, 0, 8);
    book_judge_at_end(book, 0.1);
    assert_says(first, ONE_WAY);
    assert_findings(book, ONE_WAY, 1);
    assert_findings(book, UNACKNOWLEDGED, 0);
    assert_findings(book, NOT_YET, 0);
    assert_findings(book, SEQ_REUSED, 0);
    assert_column(book, UNDECIDED, 9);
    assert_undecided_for(first, ONE_WAY);
}

static void test_one_way_answers(book_t *book)
{
    for (uint16_t i = 0; i < 8; i++) {
        book_at(book, 10 * i);
        book_answer(book, i, ACCEPTED);
    }
    book_judge(book);
    assert_findings(book, ONE_WAY, 1);
    assert_findings(book, UNSOLICITED, 0);
    assert_findings(book, ASKED_BEFORE, 0);
}

/* A node that is heard on another path is in the capture. */
static void test_one_way_on_one_path(book_t *book)
{
    book_on(book, CDF, 40001, CGF, 3386);
    book_exchange(book, 1, 1);
    book_on(book, CDF, 40000, CGF, 3386);
    const gtpp_event_t *request = book_send(book, 1, 2);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
    assert_findings(book, ONE_WAY, 0);
}

/* Requests of the last T3 before the end. */
static void test_ends_in_flight(book_t *book)
{
    book_exchange(book, 1, 1);
    book_at(book, 1005);
    const gtpp_event_t *early = book_send(book, 2, 2);
    book_at(book, 1008);
    const gtpp_event_t *late = book_send(book, 3, 3);
    const gtpp_event_t *again = book_send(book, 4, 4);
    book_at(book, 1014);
    book_sent_again(book, again);
    book_judge_at_end(book, 1);
    assert_fate(early, UNACKNOWLEDGED);
    assert_fate(late, UNACKNOWLEDGED);
    assert_fate(again, NOT_YET);
    assert_says(again, NOT_YET);
    assert_column(book, NOT_YET, 1);
}

/* Answers whose requests lie before the capture's start. Later ones were asked for by nothing in the capture, nor was
 * the first one of a path that begins later. */
static void test_begins_late(book_t *book)
{
    const gtpp_event_t *first = book_answer(book, 77, ACCEPTED);
    book_exchange(book, 80, 1);
    book_at(book, 1004);
    const gtpp_event_t *second = book_answer(book, 78, ACCEPTED);
    book_at(book, 1008);
    const gtpp_event_t *third = book_answer(book, 79, ACCEPTED);
    book_on(book, CDF, 40001, CGF, 3386);
    book_at(book, 1100);
    const gtpp_event_t *fourth = book_answer(book, 5, ACCEPTED);
    book_judge(book);
    assert_says(first, ASKED_BEFORE);
    g_assert_cmpuint(book_find(first, GTPP_FINDING_ASKED_BEFORE)->number, ==, 77);
    assert_says(second, ASKED_BEFORE);
    assert_says(third, UNSOLICITED);
    assert_says(fourth, UNSOLICITED);
}

/* Answers from an end to which nothing is sent, at the capture's start: their requests may go another way. */
static void test_begins_one_way(book_t *book)
{
    book_exchange(book, 80, 1);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    const gtpp_event_t *answer = book_answer(book, 700, ACCEPTED);
    book_judge(book);
    assert_undecided_for(answer, ONE_PATH);
    assert_says_not(answer, ASKED_BEFORE);
}

/* The clock is set back by a minute between a request and its answer, or the file holds the second half of a capture
 * before the first: which of the two, the file does not tell. */
static void test_set_back_amid(book_t *book)
{
    book_exchange(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 2, 2);
    book_at(book, 940);
    const gtpp_event_t *answer = book_answer(book, 2, ACCEPTED);
    book_exchange(book, 3, 3);
    book_at(book, 1100);
    book_exchange(book, 4, 4);
    book_judge(book);
    assert_fate(request, UNDECIDED);
    assert_undecided_for(request, SET_BACK);
    g_assert_true(book_find(request, GTPP_FINDING_UNDECIDED)->other == answer);
    assert_undecided_for(answer, SET_BACK);
    g_assert_true(book_find(answer, GTPP_FINDING_UNDECIDED)->other == request);
    assert_says_not(answer, ASKED_BEFORE);
}

/* The latest request by time has no answer, and the file goes on with earlier times. A step of less than a clock is set
 * by is no such one. */
static void test_set_back_behind(book_t *book)
{
    book_exchange(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 2, 2);
    const double now = book->now;
    book_at(book, now - 1);
    book_exchange(book, 3, 3);
    book_judge_at_end(book, 0);
    assert_fate(request, NOT_YET);
    book_at(book, now - 60);
    book_exchange(book, 4, 4);
    book_judge_at_end(book, 0);
    assert_fate(request, UNDECIDED);
    assert_undecided_for(request, STEP);
}

/* The path's first request in the capture has a lower number: what was asked under a higher one was asked later. */
static void test_begins_with_lower_numbers(book_t *book)
{
    book_exchange(book, 5, 1);
    const gtpp_event_t *lower = book_answer(book, 4, ACCEPTED);
    const gtpp_event_t *higher = book_answer(book, 6, ACCEPTED);
    book_judge(book);
    assert_says(lower, ASKED_BEFORE);
    assert_says(higher, UNSOLICITED);
}

static void test_unsolicited_list(book_t *book)
{
    static const uint16_t three[] = { 1, 88, 89 };

    book_at(book, 1);
    book_echo(book, 0);
    book_at(book, 100);
    book_send(book, 1, 1);
    const gtpp_event_t *answer = book_answer_list(book, ACCEPTED, three, 3);
    book_judge(book);
    g_assert_cmpuint(book_find(answer, GTPP_FINDING_UNSOLICITED)->number, ==, 88);
    g_assert_cmpuint(book_find(answer, GTPP_FINDING_UNSOLICITED)->count, ==, 2);
}

/* A hole in the stream of the answering node may hold the answer: it lies between the message before and that behind.
 */
static void test_hole_among_answers(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *before = book_send(book, 1, 1);
    book_at(book, 10);
    book_exchange(book, 2, 2);
    book_at(book, 20);
    const gtpp_event_t *amid = book_send(book, 3, 3);
    book_at(book, 40);
    book_send(book, 4, 4);
    book_enter(book, FROM_CGF,
               (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE,
                                      .seq = 4,
                                      .has_cause = true,
                                      .cause = ACCEPTED,
                                      .hole = book_hole(book, FROM_CGF, 30) });
    book_at(book, 60);
    const gtpp_event_t *behind = book_send(book, 5, 5);
    book_judge(book);
    assert_fate(before, UNACKNOWLEDGED);
    assert_fate(amid, UNDECIDED);
    assert_undecided_for(amid, HOLE);
    assert_fate(behind, UNACKNOWLEDGED);
}

/* So may a message of which the list was cut. */
static void test_cut_list(book_t *book)
{
    static const uint16_t read[] = { 1, 2 };
    const gtpp_event_t *third;

    book_send(book, 1, 1);
    book_send(book, 2, 2);
    third = book_send(book, 3, 3);
    book_enter(book, FROM_CGF,
               (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE,
                                      .seq = 3,
                                      .has_cause = true,
                                      .cause = ACCEPTED,
                                      .is_cut = true,
                                      .responded = { read, 2 } });
    book_judge(book);
    assert_fate(third, UNDECIDED);
    assert_undecided_for(third, CUT);
    assert_column(book, ACKNOWLEDGED, 2);
}

/* The request may be in a hole of the asking node's stream, when the hole is near. */
static void test_hole_among_requests(book_t *book)
{
    book_at(book, 1);
    book_exchange(book, 1, 1);
    book_at(book, 100);
    const gtpp_event_t *amid = book_answer(book, 2, ACCEPTED);
    book_at(book, 101);
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 9, .hole = book_hole(book, FROM_CDF, 200) });
    book_echo_answer(book, 9, 1);
    book_at(book, 1000);
    const gtpp_event_t *later = book_answer(book, 3, ACCEPTED);
    book_judge(book);
    assert_undecided_for(amid, HOLE);
    assert_says_not(amid, UNSOLICITED);
    assert_says(later, UNSOLICITED);
}

/* The clock is set back between a request and the hole that may hold its answer, and between a hole that may hold a
 * request and its answer. */
static void test_hole_beside_a_clock_step(book_t *book)
{
    book_at(book, 1);
    book_send(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    book_at(book, 100);
    const gtpp_event_t *request = book_send(book, 2, 2);
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 9, .hole = book_hole(book, FROM_CDF, 200) });
    book_at(book, 30);
    book_echo_answer(book, 9, 1);
    const gtpp_event_t *answer = book_answer(book, 3, ACCEPTED);
    book_enter(book, FROM_CGF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 9, .hole = book_hole(book, FROM_CGF, 200) });
    book_at(book, 200);
    book_send(book, 4, 4);
    book_answer(book, 4, ACCEPTED);
    book_judge(book);
    assert_fate(request, UNDECIDED);
    assert_undecided_for(request, HOLE);
    assert_undecided_for(answer, HOLE);
}

/* However early in the capture: what is in the hole was not asked before it. A cut message is no reason to doubt that.
 */
static void test_hole_at_the_start(book_t *book)
{
    book_on(book, CDF, 40001, CGF, 3386);
    book_enter(book, FROM_CDF, (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 9, .is_cut = true });
    const gtpp_event_t *before = book_answer(book, 2, ACCEPTED);
    book_on(book, CDF, 40000, CGF, 3386);
    book_echo(book, 8);
    const gtpp_event_t *amid = book_answer(book, 2, ACCEPTED);
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 9, .hole = book_hole(book, FROM_CDF, 200) });
    book_judge(book);
    assert_says(before, ASKED_BEFORE);
    assert_undecided_for(amid, HOLE);
    assert_says_not(amid, ASKED_BEFORE);
}

/* Packets that were exported without addresses: the kind of message tells its direction. */
static void test_without_addresses(book_t *book)
{
    book_on_nameless(book);
    for (uint16_t i = 1; i <= 3; i++) {
        book_exchange(book, i, i);
    }
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 3);
    assert_quiet(book);
}

/* }}} */
/* {{{ The same number again */

static void test_reuse(book_t *book)
{
    book_exchange(book, 1, 1);
    const gtpp_event_t *answered = book_exchange(book, 1, 2);
    const gtpp_event_t *lost = book_send(book, 2, 3);
    book_at(book, 1020);
    const gtpp_event_t *next = book_exchange(book, 2, 4);
    book_judge(book);
    assert_says_not(answered, SEQ_REUSED);
    g_assert_true(book_find(next, GTPP_FINDING_SEQ_REUSED)->other == lost);
    assert_fate(lost, UNACKNOWLEDGED);
    assert_column(book, ACKNOWLEDGED, 3);
    assert_column(book, UNACKNOWLEDGED, 1);
}

/* An Echo Request is not a different request of a number. */
static void test_echo_with_one_number(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *lost = book_echo(book, 0);
    book_at(book, 61);
    const gtpp_event_t *next = book_echo(book, 0);
    const gtpp_event_t *answer = book_echo_answer(book, 0, 1);
    book_judge(book);
    assert_answered_by(next, answer);
    assert_says(lost, UNACKNOWLEDGED);
    assert_findings(book, SEQ_REUSED, 0);
}

/* A copy of a bare request crosses the answer to the first one, or is sent because that got lost behind the place of
 * the capture: nothing tells it from a new request. */
static void test_bare_copy_behind_the_answer(book_t *book)
{
    static const double waits[] = { 0.013, 2, 29 };

    for (unsigned i = 0; i < G_N_ELEMENTS(waits); i++) {
        book_at(book, 1000 + 100 * i);
        const gtpp_event_t *first = book_echo(book, 5);
        const gtpp_event_t *answer = book_echo_answer(book, 5, 1);
        book_at(book, 1000 + 100 * i + waits[i]);
        const gtpp_event_t *copy = book_echo(book, 5);
        book_judge(book);
        assert_answered_by(first, answer);
        assert_undecided_for(copy, ALIKE);
        g_assert_true(book_find(copy, GTPP_FINDING_UNDECIDED)->other == first);
    }
    assert_findings(book, UNACKNOWLEDGED, 0);
    assert_findings(book, NOT_YET, 0);
    book_at(book, 2000);
    const gtpp_event_t *next = book_echo(book, 5);
    book_at(book, 2100);
    book_echo(book, 6);
    book_echo_answer(book, 6, 1);
    book_judge(book);
    assert_says(next, UNACKNOWLEDGED);
}

/* So is an empty packet, but not one with records. */
static void test_empty_copy_behind_the_answer(book_t *book)
{
    const gtpp_event_t *first = book_probe(book, 5);
    book_answer(book, 5, ACCEPTED);
    const gtpp_event_t *copy = book_probe(book, 5);
    const gtpp_event_t *other = book_exchange(book, 6, 1);
    const gtpp_event_t *lost = book_send(book, 6, 2);
    book_at(book, 1100);
    book_exchange(book, 7, 3);
    book_judge(book);
    g_assert_true(book_find(copy, GTPP_FINDING_UNDECIDED)->other == first);
    assert_fate(other, ACKNOWLEDGED);
    assert_says(lost, UNACKNOWLEDGED);
}

/* }}} */
/* {{{ Copies */

/* Every packet is captured twice: as if it were once. */
static void test_captured_twice(book_t *book)
{
    for (uint16_t i = 0; i < 8; i++) {
        const gtpp_event_t *request = book_send(book, i, i);
        book_at(book, book->now - 0.00999);
        book_copied(book, request);
        if (i != 5) {
            const gtpp_event_t *answer = book_answer(book, i, ACCEPTED);
            book_at(book, book->now - 0.00999);
            book_copied(book, answer);
        }
    }
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 7);
    assert_column(book, UNACKNOWLEDGED, 1);
    assert_findings(book, UNACKNOWLEDGED, 1);
    g_assert_cmpuint(book_count_findings(book, GTPP_FINDING_COUNT), ==, 1);
}

/* The second capture point lags: its copies stand far behind in the file. */
static void test_second_tap_lags(book_t *book)
{
    for (uint16_t i = 0; i < 8; i++) {
        book_at(book, i + 1);
        book_exchange(book, i, i);
    }
    for (unsigned i = 0; i < 16; i++) {
        book_at(book, 1 + (i - i % 2) * 0.5 + (i % 2) * 0.01 + 0.002);
        assert_role(book_copied(book, book->events->pdata[i]), COPY);
    }
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 8);
    g_assert_cmpuint(book_count_findings(book, GTPP_FINDING_COUNT), ==, 1); /* the order of the file */
    assert_findings(book, FILE_ORDER, 1);
}

/* }}} */
/* {{{ Floods */

static void test_flood_of_waiting_requests(book_t *book)
{
    for (unsigned i = 0; i < 50000; i++) {
        book_at(book, 1000 + 0.001 * i);
        book_send(book, 1, i);
    }
    book_on(book, CDF, 40000, CGF, 5000);
    for (unsigned i = 0; i < 50000; i++) {
        book_at(book, 1000 + 0.001 * i);
        book_answer(book, 1, ACCEPTED);
    }
    book_judge(book);
}

/* }}} */

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "answered", test_answered },
        { "unanswered", test_unanswered },
        { "refused", test_refused },
        { "refused_in_part", test_refused_in_part },
        { "causes", test_causes },
        { "rejected_then_accepted", test_rejected_then_accepted },
        { "answer_without_cause", test_answer_without_cause },
        { "cut_request", test_cut_request },
        { "probes", test_probes },
        { "changed_command", test_changed_command },
        { "version_fallback", test_version_fallback },
        { "one_way_requests", test_one_way_requests },
        { "one_way_answers", test_one_way_answers },
        { "one_way_on_one_path", test_one_way_on_one_path },
        { "ends_in_flight", test_ends_in_flight },
        { "begins_late", test_begins_late },
        { "begins_with_lower_numbers", test_begins_with_lower_numbers },
        { "begins_one_way", test_begins_one_way },
        { "set_back_amid", test_set_back_amid },
        { "set_back_behind", test_set_back_behind },
        { "unsolicited_list", test_unsolicited_list },
        { "hole_among_answers", test_hole_among_answers },
        { "cut_list", test_cut_list },
        { "hole_among_requests", test_hole_among_requests },
        { "hole_beside_a_clock_step", test_hole_beside_a_clock_step },
        { "hole_at_the_start", test_hole_at_the_start },
        { "without_addresses", test_without_addresses },
        { "reuse", test_reuse },
        { "echo_with_one_number", test_echo_with_one_number },
        { "bare_copy_behind_the_answer", test_bare_copy_behind_the_answer },
        { "empty_copy_behind_the_answer", test_empty_copy_behind_the_answer },
        { "captured_twice", test_captured_twice },
        { "second_tap_lags", test_second_tap_lags },
        { "flood_of_waiting_requests", test_flood_of_waiting_requests },
    };

    return BOOK_RUN("gtpp_judge_answers", tests);
}
