/* test_gtpp_judge_other_ends.c
 * Answers that came from another address or port than the one that was asked, or went to another one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

/* From another port of the CGF, or another address: they are the answers, and both messages say so. */
static void test_from_another_end(book_t *book)
{
    static const struct {
        uint32_t host;
        unsigned port;
    } ends[] = { { CGF, 40000 }, { OTHER_CGF, 3386 } };

    for (unsigned k = 0; k < G_N_ELEMENTS(ends); k++) {
        for (uint16_t i = 0; i < 4; i++) {
            const uint16_t seq = (uint16_t)(10 * k + i);
            book_on(book, CDF, 40000, CGF, 3386);
            const gtpp_event_t *request = book_send(book, seq, seq);
            book_on(book, CDF, 40000, ends[k].host, ends[k].port);
            const gtpp_event_t *answer = book_answer(book, seq, ACCEPTED);
            book_judge(book);
            assert_fate(request, ACKNOWLEDGED);
            assert_answered_by(request, answer);
            g_assert_true(book_find(request, GTPP_FINDING_OTHER_END)->other == answer);
            g_assert_true(book_find(answer, GTPP_FINDING_OTHER_END)->other == request);
        }
    }
    assert_column(book, ACKNOWLEDGED, 8);
    assert_findings(book, UNSOLICITED, 0);
    assert_findings(book, UNACKNOWLEDGED, 0);
    assert_findings(book, ONE_WAY, 0);
}

/* Two sockets of the CDF use one number: the port that an answer goes to tells which of them is meant. A second answer
 * from there is one to the same request. */
static void test_by_the_port_of_the_cdf(book_t *book)
{
    book_on(book, CDF, 40000, CGF, 3386);
    const gtpp_event_t *one = book_send(book, 7, 1);
    book_on(book, CDF, 40001, CGF, 3386);
    const gtpp_event_t *other = book_send(book, 7, 2);
    book_on(book, CDF, 40000, CGF, 5000);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    const gtpp_event_t *again = book_answer(book, 7, ACCEPTED);
    book_on(book, CDF, 40001, CGF, 5000);
    const gtpp_event_t *last = book_answer(book, 7, ACCEPTED);
    book_judge(book);
    assert_answered_by(one, answer);
    assert_answered_by(other, last);
    g_assert_true(book_find(again, GTPP_FINDING_DUPLICATE_ACK)->other == answer);
    assert_findings(book, UNSOLICITED, 0);
    assert_column(book, ACKNOWLEDGED, 2);
}

/* An answer for one socket of the CDF, on the path of another, which is in use. */
static void test_for_another_path(book_t *book)
{
    book_exchange(book, 6, 3);
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_on(book, CDF, 40001, CGF, 3386);
    book_exchange(book, 100, 2);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    book_judge(book);
    assert_answered_by(request, answer);
    assert_says(answer, OTHER_END);
    assert_column(book, ACKNOWLEDGED, 3);
}

typedef struct {
    unsigned cdf_port;
    unsigned cgf_port;
} end_t;

static const end_t usual = { 40000, 3386 };

static void on_end(book_t *book, const end_t *end)
{
    book_on(book, CDF, end->cdf_port, CGF, end->cgf_port);
}

/* A request, number SEQ, that is answered at OTHER, where its answer may be another one's, and a request behind it that
 * is answered at NEXT: whether the first one was answered is not told. */
static void check_doubt(book_t *book, uint16_t seq, const end_t *other, const end_t *next)
{
    on_end(book, &usual);
    const gtpp_event_t *request = book_send(book, seq, 2);
    on_end(book, other);
    const gtpp_event_t *answer = book_answer(book, seq, ACCEPTED);
    on_end(book, next);
    book_exchange(book, (uint16_t)(seq + 1), 3);
    book_judge(book);
    assert_undecided_for(request, OTHER_END);
    assert_undecided_for(answer, OTHER_END);
}

/* The other socket has numbers of its own next to that of the answer: the capture may lack the request that it belongs
 * to. So it may where the answer comes from another port that is asked, too. */
static void test_between_numbers_of_its_own_path(book_t *book)
{
    static const end_t ends[] = { { 40001, 3386 }, { 40000, 3387 } };

    for (unsigned k = 0; k < G_N_ELEMENTS(ends); k++) {
        const uint16_t seq = (uint16_t)(1000 * k + 3);
        book_at(book, 1000 + 100 * k);
        on_end(book, &ends[k]);
        if (k == 0) {
            book_exchange(book, seq - 2, 1);
        }
        check_doubt(book, seq, &ends[k], &ends[k]);
    }
    assert_findings(book, OTHER_END, 0);
}

/* An answer lists a number of its own path, and one of another: where the node numbers the requests of all ports in one
 * row, it answers both. Where each port has a row of its own, as a number in both tells, the capture may lack the
 * request of its own path. */
static void test_list_of_two_paths(book_t *book)
{
    for (uint16_t has_own_rows = 0; has_own_rows < 2; has_own_rows++) {
        const uint16_t seqs[] = { (uint16_t)(100 * has_own_rows + 2), (uint16_t)(100 * has_own_rows + 3) };
        const uint32_t first = 1000 * has_own_rows + 1U;
        book_at(book, 1000 + 200 * has_own_rows);
        book_on(book, CDF, 40001, CGF, 3386);
        book_exchange(book, seqs[0] - 1, first);
        const gtpp_event_t *own = book_send(book, seqs[1], first + 2);
        book_on(book, CDF, 40000, CGF, 3386);
        if (has_own_rows) {
            book_exchange(book, seqs[0] - 1, first + 100);
        }
        const gtpp_event_t *request = book_send(book, seqs[0], first + 101);
        book_on(book, CDF, 40001, CGF, 3386);
        const gtpp_event_t *answer = book_answer_list(book, ACCEPTED, seqs, 2);
        book_judge(book);
        assert_answered_by(own, answer);
        if (has_own_rows) {
            assert_undecided_for(request, OTHER_END);
            assert_undecided_for(answer, OTHER_END);
        } else {
            assert_answered_by(request, answer);
            assert_says(answer, OTHER_END);
        }
    }
}

/* The other socket asks, too, but not for records as far as the capture shows: which numbers it has is not known. Where
 * answers come to the socket that asked, this one is not surely the answer to another's request. */
static void test_to_one_that_asks_other_things(book_t *book)
{
    static const end_t ends[] = { { 3386, 3386 }, { 40000, 3387 } };

    for (unsigned k = 0; k < G_N_ELEMENTS(ends); k++) {
        book_at(book, 1000 + 100 * k);
        on_end(book, &ends[k]);
        book_echo(book, 1);
        book_echo_answer(book, 1, 1);
        check_doubt(book, (uint16_t)(1000 * k), &ends[k], &usual);
    }
    assert_findings(book, OTHER_END, 0);
}

/* A node all of whose answers go to the port of the service, from which the CDF sends its Echo Requests. */
static void test_all_to_the_service(book_t *book)
{
    book_on(book, CDF, 3386, CGF, 3386);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    for (uint16_t seq = 0; seq < 3; seq++) {
        book_on(book, CDF, 40000, CGF, 3386);
        const gtpp_event_t *request = book_send(book, seq, seq);
        book_on(book, CDF, 3386, CGF, 3386);
        const gtpp_event_t *answer = book_answer(book, seq, ACCEPTED);
        book_judge(book);
        assert_answered_by(request, answer);
        assert_says(answer, OTHER_END);
    }
    assert_column(book, ACKNOWLEDGED, 3);
}

/* Two sockets wait under the number: whose answer it is cannot be told. */
static void test_for_one_of_two(book_t *book)
{
    const gtpp_event_t *one = book_send(book, 7, 1);
    book_on(book, CDF, 40001, CGF, 3386);
    const gtpp_event_t *other = book_send(book, 7, 2);
    book_on(book, CDF, 40002, CGF, 3386);
    book_at(book, 1010);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    book_judge(book);
    assert_fate(one, UNDECIDED);
    assert_fate(other, UNDECIDED);
    assert_undecided_for(one, OTHER_END);
    assert_undecided_for(answer, OTHER_END);
    assert_findings(book, UNSOLICITED, 0);
    assert_column(book, UNDECIDED, 2);
}

/* The other CGF answers what was asked before the capture began, under a number that waits at the first one: that is no
 * answer of the first one. */
static void test_of_another_cgf(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    book_exchange(book, 8, 2);
    book_on(book, CDF, 40000, CGF, 3386);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
    assert_says(answer, ASKED_BEFORE);
    assert_findings(book, OTHER_END, 0);
}

/* Much later, it is no answer to the request. */
static void test_from_another_end_late(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_on(book, CDF, 40000, CGF, 5000);
    book_at(book, 1100);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
    assert_says(answer, UNSOLICITED);
}

/* A node that sends requests itself has paths of its own: the capture may lack the request on that one. */
static void test_from_a_node_of_its_own(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    book_plain(book, FROM_CGF, GTPP_ECHO_REQUEST, 1);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    book_judge(book);
    assert_undecided_for(request, OTHER_END);
    assert_undecided_for(answer, OTHER_END);
    assert_findings(book, OTHER_END, 0);
}

/* So it may where an answer went long after the request to a port that is not seen to ask. */
static void test_to_another_port_later(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 7, 1);
    book_on(book, CDF, 40001, CGF, 3386);
    book_at(book, 1010);
    book_answer(book, 7, ACCEPTED);
    book_judge(book);
    assert_undecided_for(request, OTHER_END);
    assert_findings(book, OTHER_END, 0);
    assert_findings(book, UNSOLICITED, 0);
}

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "from_another_end", test_from_another_end },
        { "by_the_port_of_the_cdf", test_by_the_port_of_the_cdf },
        { "for_another_path", test_for_another_path },
        { "list_of_two_paths", test_list_of_two_paths },
        { "to_one_that_asks_other_things", test_to_one_that_asks_other_things },
        { "all_to_the_service", test_all_to_the_service },
        { "for_one_of_two", test_for_one_of_two },
        { "of_another_cgf", test_of_another_cgf },
        { "between_numbers_of_its_own_path", test_between_numbers_of_its_own_path },
        { "from_another_end_late", test_from_another_end_late },
        { "from_a_node_of_its_own", test_from_a_node_of_its_own },
        { "to_another_port_later", test_to_another_port_later },
    };

    return BOOK_RUN("gtpp_judge_other_ends", tests);
}
