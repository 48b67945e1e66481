/* test_gtpp_judge_records.c
 * The same record on several ways: acknowledged elsewhere, or accepted twice.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

static void on_first(book_t *book)
{
    book_on(book, CDF, 40000, CGF, 3386);
}

static void on_second(book_t *book)
{
    book_on(book, CDF, 40001, OTHER_CGF, 3386);
}

/* Failover: what one CGF did not answer, another one accepted. */
static void test_failover(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send_records(book, GTPP_COMMAND_SEND, 7, 1, 3);
    book_at(book, 1015);
    on_second(book);
    const gtpp_event_t *other = book_send_records(book, GTPP_COMMAND_SEND, 1, 1, 3);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_fate(request, ELSEWHERE);
    assert_fate(other, ACKNOWLEDGED);
    g_assert_true(book_find(request, GTPP_FINDING_ELSEWHERE)->other == answer);
    g_assert_cmpuint(book_find(request, GTPP_FINDING_ELSEWHERE)->count, ==, 3);
    g_assert_true(request->records[0].decided_by == answer);
    assert_findings(book, UNACKNOWLEDGED, 0);
    assert_column(book, ELSEWHERE, 3);
    assert_column(book, ACKNOWLEDGED, 3);
    assert_column(book, TWICE, 0);
}

/* The same as possibly duplicated: held, released, or cancelled at the second one. */
static void test_failover_held(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_at(book, 1015);
    on_second(book);
    book_send_duplicated(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_fate(request, ELSEWHERE);
    book_release(book, 2, 1);
    book_answer(book, 2, ACCEPTED);
    book_judge(book);
    assert_fate(request, ELSEWHERE);
    assert_column(book, RELEASED, 1);
}

/* The first CGF had it all the same: the second one is told to discard it. Nothing is billed twice. */
static void test_failover_cancelled(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_at(book, 1015);
    on_second(book);
    const gtpp_event_t *other = book_send_duplicated(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    on_first(book);
    book_at(book, 1030);
    book_probe(book, 7);
    book_answer(book, 7, FULFILLED);
    on_second(book);
    book_cancel(book, 2, 1);
    book_answer(book, 2, ACCEPTED);
    book_judge(book);
    assert_fate(request, ACKNOWLEDGED);
    assert_fate(other, CANCELLED);
    assert_findings(book, TWICE, 0);
    assert_findings(book, ELSEWHERE, 0);
}

/* A cancelled packet took no record: what the first CGF did not answer is not acknowledged. */
static void test_cancelled_without_need(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_at(book, 1015);
    on_second(book);
    book_send_duplicated(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    book_cancel(book, 2, 1);
    book_answer(book, 2, ACCEPTED);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
}

/* An empty packet asked the first CGF, whose answer, that it had not had the packet, was captured before the question:
 * no record is there, and none is taken twice. */
static void test_probe_after_failover(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_at(book, 16);
    on_second(book);
    const gtpp_event_t *other = book_send_duplicated(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    on_first(book);
    book_at(book, 31.001);
    book_answer(book, 7, ACCEPTED);
    book_at(book, 31.004);
    book_probe(book, 7);
    on_second(book);
    book_at(book, 32);
    book_release(book, 2, 1);
    book_answer(book, 2, ACCEPTED);
    book_judge(book);
    assert_fate(request, ELSEWHERE);
    assert_fate(other, RELEASED);
    assert_findings(book, TWICE, 0);
    assert_column(book, ACKNOWLEDGED, 0);
}

/* The answer to a released packet is not in the capture: that to the release says who took the record. */
static void test_elsewhere_by_release(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_at(book, 1015);
    on_second(book);
    book_send_duplicated(book, 1, 1);
    book_release(book, 2, 1);
    const gtpp_event_t *answer = book_answer(book, 2, ACCEPTED);
    book_judge(book);
    g_assert_true(book_find(request, GTPP_FINDING_ELSEWHERE)->other == answer);
    assert_fate(request, ELSEWHERE);
}

/* Of three records two were taken elsewhere. */
static void test_partly_elsewhere(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send_records(book, GTPP_COMMAND_SEND, 7, 1, 3);
    book_at(book, 1015);
    on_second(book);
    book_send_records(book, GTPP_COMMAND_SEND, 1, 1, 2);
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
    g_assert_cmpuint(book_find(request, GTPP_FINDING_ELSEWHERE)->count, ==, 2);
    g_assert_cmpuint(book_count(book, gtpp_ledger_get_path(book->ledger, 0), GTPP_FATE_ELSEWHERE), ==, 2);
    g_assert_cmpuint(book_count(book, gtpp_ledger_get_path(book->ledger, 0), GTPP_FATE_UNACKNOWLEDGED), ==, 1);
}

/* Rejected, and accepted under another number: the request stays rejected, and what became of the record is said. */
static void test_rejected_then_accepted(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    const gtpp_event_t *no = book_answer(book, 1, NO_RESOURCES);
    book_send(book, 2, 1);
    const gtpp_event_t *yes = book_answer(book, 2, ACCEPTED);
    book_judge(book);
    assert_fate(request, REJECTED);
    assert_answered_by(request, no);
    g_assert_null(request->records[0].decided_by);
    g_assert_true(book_find(request, GTPP_FINDING_ELSEWHERE)->other == yes);
    assert_findings(book, TWICE, 0);
    assert_column(book, REJECTED, 1);
}

/* Not answered, and sent elsewhere; then an answer comes, late: it may be that to an empty packet. */
static void test_late_answer(book_t *book)
{
    const gtpp_event_t *alone = book_send(book, 1, 1);
    const gtpp_event_t *twice = book_send(book, 2, 2);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    book_at(book, 1005);
    book_send_duplicated(book, 9, 2);
    book_on(book, CDF, 40000, CGF, 3386);
    book_at(book, 1030);
    book_answer(book, 1, ACCEPTED);
    book_answer(book, 2, ACCEPTED);
    book_judge(book);
    assert_fate(alone, ACKNOWLEDGED);
    assert_fate(twice, UNDECIDED);
    assert_undecided_for(twice, LATE);
}

/* Not answered, and sent elsewhere, where it cannot be told whether it was answered. */
static void test_sent_where_nothing_is_seen(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 1, 1);
    const gtpp_event_t *alone = book_send(book, 2, 2);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    book_at(book, 1010);
    const gtpp_event_t *other = book_send(book, 9, 1);
    book_judge(book);
    assert_fate(other, UNDECIDED);
    assert_fate(request, UNDECIDED);
    const gtpp_finding_t *finding = book_find(request, GTPP_FINDING_UNDECIDED);
    g_assert_cmpint(finding->reason, ==, GTPP_REASON_OTHER_REQUEST);
    g_assert_true(finding->other == other);
    g_assert_cmpint(request->records[0].fate, ==, GTPP_FATE_UNDECIDED);
    assert_fate(alone, UNACKNOWLEDGED);
}

/* Records that were cut cannot be looked for among those of a later request. */
static void test_cut_records(book_t *book)
{
    const gtpp_event_record_t record = { .identity = 5, .is_cut = true };
    gtpp_ledger_input_t input = { .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                  .has_packet = true,
                                  .is_cut = true,
                                  .announced = 1,
                                  .records = &record,
                                  .num_records = 1 };

    input.seq = 1;
    const gtpp_event_t *first = book_enter(book, FROM_CDF, input);
    input.seq = 2;
    const gtpp_event_t *accepted = book_enter(book, FROM_CDF, input);
    book_answer(book, 2, ACCEPTED);
    input.seq = 3;
    const gtpp_event_t *last = book_enter(book, FROM_CDF, input);
    book_judge(book);
    assert_fate(first, UNDECIDED);
    assert_fate(accepted, ACKNOWLEDGED);
    assert_fate(last, UNACKNOWLEDGED);
    assert_undecided_for(first, RECORDS_CUT);
}

/* A retransmission from another port of the CDF's pool. */
static void test_pool_of_ports(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_at(book, 1005);
    book_on(book, CDF, 40002, CGF, 3386);
    book_exchange(book, 7, 1);
    book_judge(book);
    assert_fate(request, ELSEWHERE);
    assert_findings(book, UNACKNOWLEDGED, 0);
}

/* The same record was accepted under two numbers, or by two nodes. */
static void test_accepted_twice(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 1, 1);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    const gtpp_event_t *second = book_exchange(book, 2, 1);
    on_second(book);
    const gtpp_event_t *third = book_send_duplicated(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_findings(book, TWICE, 1); /* what is held is not taken yet */
    book_release(book, 2, 1);
    book_answer(book, 2, ACCEPTED);
    book_judge(book);
    g_assert_true(book_find(second, GTPP_FINDING_TWICE)->other == first);
    g_assert_true(second->records[0].decided_by == answer);
    g_assert_true(book_find(third, GTPP_FINDING_TWICE)->other == first);
    assert_says_not(first, TWICE);
    assert_column(book, TWICE, 2);
    assert_fate(third, RELEASED);
}

/* Which of two acceptances was first is that of the capture: an answer that came late, or behind a rejection, may
 * belong to the earlier request. */
static void test_accepted_twice_in_the_other_order(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 1, 1);
    const gtpp_event_t *second = book_exchange(book, 2, 1);
    book_at(book, 1004);
    book_answer(book, 1, ACCEPTED);
    const gtpp_event_t *third = book_exchange(book, 3, 1);
    book_judge(book);
    g_assert_true(book_find(second, GTPP_FINDING_TWICE)->other == first);
    g_assert_cmpuint(book_find(second, GTPP_FINDING_TWICE)->number, ==, 1);
    g_assert_true(book_find(third, GTPP_FINDING_TWICE)->other == first);
    g_assert_cmpuint(book_find(third, GTPP_FINDING_TWICE)->number, ==, 0);
}

/* One request has the same record two times, or three, beside another one. */
static void test_twice_in_one_request(book_t *book)
{
    const gtpp_event_t *request = book_send_records(book, GTPP_COMMAND_SEND, 1, 1, 4);
    request->records[1].identity = request->records[3].identity = request->records[0].identity;
    book_judge(book);
    assert_findings(book, TWICE, 0);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_judge(book);
    g_assert_true(book_find(request, GTPP_FINDING_TWICE)->other == request);
    g_assert_cmpuint(book_find(request, GTPP_FINDING_TWICE)->count, ==, 2);
    g_assert_true(request->records[1].decided_by == answer);
    g_assert_cmpint(request->records[0].fate, ==, GTPP_FATE_ACKNOWLEDGED);
    g_assert_cmpint(request->records[2].fate, ==, GTPP_FATE_ACKNOWLEDGED);
    assert_fate(request, ACKNOWLEDGED);
}

/* Copies are not accepted twice: by the node, by a mirror port, changed. */
static void test_copies_are_not_twice(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 1000.002);
    book_copied(book, request);
    book_at(book, 1005);
    book_sent_again(book, request);
    book_at(book, 1010);
    book_send_duplicated(book, 1, 1);
    book_answer(book, 1, ACCEPTED);
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_findings(book, TWICE, 0);
    g_assert_cmpuint(book_count(book, NULL, GTPP_FATE_ACKNOWLEDGED), ==, 1);
}

/* The same local number of another node, sender or kind is another record. */
static void test_other_records(book_t *book)
{
    book_exchange(book, 1, 1);
    book->node = 2;
    book_exchange(book, 2, 1);
    book->record_type = 2;
    book_exchange(book, 3, 1);
    book_on(book, OTHER_CDF, 40000, CGF, 3386);
    book_exchange(book, 4, 1);
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 4);
    assert_quiet(book);
}

/* Records without local number are told by their octets. A node may send two such records on one path. */
static void test_records_without_number(book_t *book)
{
    book->node = 0;
    book_exchange(book, 1, 1);
    book_exchange(book, 2, 1);
    book_judge(book);
    assert_findings(book, TWICE, 0);
    on_second(book);
    book_exchange(book, 1, 1);
    book_judge(book);
    assert_findings(book, TWICE, 1);
}

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "failover", test_failover },
        { "failover_held", test_failover_held },
        { "failover_cancelled", test_failover_cancelled },
        { "cancelled_without_need", test_cancelled_without_need },
        { "probe_after_failover", test_probe_after_failover },
        { "elsewhere_by_release", test_elsewhere_by_release },
        { "partly_elsewhere", test_partly_elsewhere },
        { "rejected_then_accepted", test_rejected_then_accepted },
        { "late_answer", test_late_answer },
        { "sent_where_nothing_is_seen", test_sent_where_nothing_is_seen },
        { "cut_records", test_cut_records },
        { "pool_of_ports", test_pool_of_ports },
        { "accepted_twice", test_accepted_twice },
        { "accepted_twice_in_the_other_order", test_accepted_twice_in_the_other_order },
        { "twice_in_one_request", test_twice_in_one_request },
        { "copies_are_not_twice", test_copies_are_not_twice },
        { "other_records", test_other_records },
        { "records_without_number", test_records_without_number },
    };

    return BOOK_RUN("gtpp_judge_records", tests);
}
