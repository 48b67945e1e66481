/* test_gtpp_judge_nodes.c
 * What a node says of itself: restart counters, and redirections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

/* {{{ Restarts */

/* An Echo Request and its answer with the CGF's counter, which is returned. */
static const gtpp_event_t *ask(book_t *book, double seconds, uint16_t seq, uint8_t counter)
{
    book_at(book, seconds);
    book_echo(book, seq);
    return book_echo_answer(book, seq, counter);
}

static void test_restart(book_t *book)
{
    ask(book, 1, 1, 7);
    const gtpp_event_t *before = ask(book, 61, 2, 7);
    const gtpp_event_t *event = ask(book, 121, 3, 8);
    book_judge(book);
    assert_findings(book, RESTART, 1);
    const gtpp_finding_t *finding = book_find(event, GTPP_FINDING_RESTART);
    g_assert_cmpuint(finding->first, ==, 7);
    g_assert_cmpuint(finding->number, ==, 8);
    g_assert_true(finding->other == before);
}

static void test_counter_wraps(book_t *book)
{
    ask(book, 1, 1, 255);
    assert_role(ask(book, 61, 2, 0), ANSWER);
    book_judge(book);
    assert_findings(book, RESTART, 1);
}

/* The CDF and the CGF have counters of their own. */
static void test_both_nodes(book_t *book)
{
    ask(book, 1, 1, 7);
    book_plain(book, FROM_CGF, GTPP_ECHO_REQUEST, 1);
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_RESPONSE, .seq = 1, .has_recovery = true, .recovery = 200 });
    ask(book, 61, 2, 7);
    book_judge(book);
    assert_quiet(book);
}

/* Seen from a new connection: the next number is a restart. Any other may be another node's. */
static void test_restart_on_a_new_path(book_t *book)
{
    ask(book, 1, 1, 8);
    book_on(book, CDF, 40001, CGF, 3386);
    assert_role(ask(book, 61, 1, 9), ANSWER);
    book_judge(book);
    assert_findings(book, RESTART, 1);
}

/* Two CDFs behind one NAT, neither of which restarts; and a cluster behind one address. */
static void test_nodes_behind_one_address(book_t *book)
{
    static const uint8_t counters[] = { 5, 9 };

    for (unsigned i = 0; i < 6; i++) {
        book_on(book, NAT, 40000 + i % 2, CGF, 3386);
        book_at(book, 60 * i + 1);
        book_plain(book, FROM_CGF, GTPP_ECHO_REQUEST, (uint16_t)i);
        book_enter(
            book, FROM_CDF,
            (gtpp_ledger_input_t){
                .type = GTPP_ECHO_RESPONSE, .seq = (uint16_t)i, .has_recovery = true, .recovery = counters[i % 2] });
        book_on(book, CDF, 40000, OTHER_CGF, 3386);
        ask(book, 60 * i + 2, (uint16_t)i, (uint8_t)(6 + i % 2));
    }
    book_judge(book);
    assert_findings(book, RESTART, 0);
}

/* One after the other, each a few times. */
static void test_nodes_behind_one_address_in_turn(book_t *book)
{
    for (unsigned i = 0; i < 4; i++) {
        book_on(book, NAT, 40000 + i / 2, CGF, 3386);
        book_at(book, 60 * i + 1);
        book_enter(
            book, FROM_CDF,
            (gtpp_ledger_input_t){
                .type = GTPP_ECHO_RESPONSE, .seq = (uint16_t)i, .has_recovery = true, .recovery = i / 2 == 0 ? 5 : 9 });
    }
    book_judge(book);
    assert_findings(book, RESTART, 0);
}

/* A late answer to an earlier Echo Request brings the earlier counter: one restart. */
static void test_late_answer(book_t *book)
{
    book_at(book, 1);
    book_echo(book, 1);
    book_at(book, 61);
    book_echo(book, 2);
    ask(book, 62, 3, 6);
    ask(book, 121, 4, 7);
    book_at(book, 122);
    book_echo_answer(book, 2, 6);
    book_echo_answer(book, 1, 6);
    ask(book, 181, 5, 7);
    book_judge(book);
    assert_findings(book, RESTART, 1);
}

/* The files of a ring, read in the wrong order: from 5 to 6, once. */
static void test_files_in_the_wrong_order(book_t *book)
{
    const gtpp_event_t *event = ask(book, 601, 2, 6);
    ask(book, 1, 1, 5);
    book_judge(book);
    assert_findings(book, RESTART, 1);
    assert_says(event, RESTART);
}

/* The clock was set back between the two: it is not known which came first, and nothing says that 6 went to 5. */
static void test_clock_set_back(book_t *book)
{
    ask(book, 100, 1, 5);
    ask(book, 50, 2, 6);
    book_judge(book);
    assert_findings(book, RESTART, 0);
}

/* }}} */
/* {{{ Redirections */

static const gtpp_event_t *send(book_t *book, double seconds, uint16_t seq)
{
    book_at(book, seconds);
    const gtpp_event_t *request = book_exchange(book, seq, seq);
    return request;
}

static void test_redirection(book_t *book)
{
    const gtpp_event_t *before = send(book, 1, 1);
    book_at(book, 10);
    const gtpp_event_t *redirect = book_redirect(book, 1);
    const gtpp_event_t *between = book_exchange(book, 2, 2);
    book_redirect_answer(book, 1);
    const gtpp_event_t *after = send(book, 20, 3);
    book_at(book, 30);
    book_plain(book, FROM_CGF, GTPP_NODE_ALIVE_REQUEST, 1);
    book_plain(book, FROM_CDF, GTPP_NODE_ALIVE_RESPONSE, 1);
    const gtpp_event_t *alive = send(book, 40, 4);
    book_judge(book);
    assert_says_not(before, AFTER_REDIRECTION);
    assert_says_not(between, AFTER_REDIRECTION);
    g_assert_true(book_find(after, GTPP_FINDING_AFTER_REDIRECTION)->other == redirect);
    assert_says_not(alive, AFTER_REDIRECTION);
}

/* A redirection that was not accepted is none; nor does one that came later redirect what came before. */
static void test_redirection_not_accepted(book_t *book)
{
    book_at(book, 10);
    book_redirect(book, 1);
    send(book, 20, 3);
    book_judge(book);
    assert_findings(book, AFTER_REDIRECTION, 0);
}

static void test_redirection_in_a_later_file(book_t *book)
{
    book_at(book, 610);
    book_redirect(book, 1);
    book_redirect_answer(book, 1);
    send(book, 1, 1);
    send(book, 2, 2);
    book_judge(book);
    assert_findings(book, AFTER_REDIRECTION, 0);
}

/* Two members of a cluster answer one request. */
static void test_two_answers_to_one_request(book_t *book)
{
    book_echo(book, 1);
    book_echo_answer(book, 1, 138);
    book_echo_answer(book, 1, 15);
    book_judge(book);
    assert_findings(book, RESTART, 0);
}

/* Records that stand before the redirection in the file and behind it in time: the clock was set back. */
static void test_redirection_behind_a_set_clock(book_t *book)
{
    book_at(book, 1010);
    const gtpp_event_t *before = book_exchange(book, 1, 1);
    book_at(book, 1005);
    book_redirect(book, 9);
    book_redirect_answer(book, 9);
    const gtpp_event_t *after = book_send(book, 2, 2);
    book_judge(book);
    g_assert_null(book_find(before, GTPP_FINDING_AFTER_REDIRECTION));
    assert_says(after, AFTER_REDIRECTION);
}

/* A packet that the network held up was sent before the redirection: its number, and its IP identification, are earlier
 * than those of a packet that came before. A number that comes round, and a much later packet, are not that. */
static void test_redirection_overtakes_a_packet(book_t *book)
{
    static const double waits[] = { 0.9, 60 };

    for (unsigned i = 0; i < G_N_ELEMENTS(waits); i++) {
        book_at(book, 1000 * (i + 1));
        const uint16_t seq = (uint16_t)(100 * (i + 1));
        book_exchange(book, seq, seq);
        gtpp_event_t *last = book_exchange(book, (uint16_t)(seq + 2), seq + 2U);
        last->ip_id = 502;
        book_redirect(book, seq);
        book_redirect_answer(book, seq);
        book_at(book, 1000 * (i + 1) + waits[i]);
        gtpp_event_t *held_up = book_exchange(book, (uint16_t)(seq + 1), seq + 1U);
        held_up->ip_id = 501;
        const gtpp_event_t *reused = book_exchange(book, seq, seq + 3U);
        const gtpp_event_t *next = book_exchange(book, (uint16_t)(seq + 3), seq + 4U);
        book_judge(book);
        if (i == 0) {
            assert_says_not(held_up, AFTER_REDIRECTION);
        } else {
            assert_says(held_up, AFTER_REDIRECTION);
        }
        assert_says(reused, AFTER_REDIRECTION);
        assert_says(next, AFTER_REDIRECTION);
        book_at(book, 1000 * (i + 1) + 300);
        book_plain(book, FROM_CGF, GTPP_NODE_ALIVE_REQUEST, seq);
        book_plain(book, FROM_CDF, GTPP_NODE_ALIVE_RESPONSE, seq);
    }
}

/* The node that has restarted is in service. */
static void test_redirection_ends_by_restart(book_t *book)
{
    ask(book, 1, 1, 5);
    book_at(book, 10);
    book_redirect(book, 1);
    book_redirect_answer(book, 1);
    ask(book, 20, 2, 6);
    send(book, 30, 3);
    book_judge(book);
    assert_findings(book, AFTER_REDIRECTION, 0);
}

/* One of two CDFs behind a NAT was asked: the other one may go on. */
static void test_redirection_of_one_of_two(book_t *book)
{
    book_on(book, NAT, 40001, CGF, 3386);
    send(book, 1, 1);
    book_on(book, NAT, 40000, CGF, 3386);
    send(book, 2, 2);
    book_at(book, 10);
    book_redirect(book, 1);
    book_redirect_answer(book, 1);
    book_on(book, NAT, 40001, CGF, 3386);
    const gtpp_event_t *other = send(book, 20, 3);
    book_on(book, NAT, 40000, CGF, 3386);
    const gtpp_event_t *own = send(book, 21, 4);
    book_judge(book);
    assert_says_not(other, AFTER_REDIRECTION);
    assert_says(own, AFTER_REDIRECTION);
}

/* To another CGF they go as they should. */
static void test_redirection_followed(book_t *book)
{
    book_at(book, 10);
    book_redirect(book, 1);
    book_redirect_answer(book, 1);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    send(book, 20, 1);
    book_judge(book);
    assert_findings(book, AFTER_REDIRECTION, 0);
}

/* }}} */

static void test_flood(book_t *book)
{
    for (unsigned i = 0; i < 3000; i++) {
        book_at(book, 1000 + i);
        book_redirect(book, (uint16_t)i);
        book_redirect_answer(book, (uint16_t)i);
        book_send(book, (uint16_t)i, i);
        ask(book, 1000.5 + i, (uint16_t)i, (uint8_t)i);
    }
    book_judge(book);
}

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "restart", test_restart },
        { "counter_wraps", test_counter_wraps },
        { "both_nodes", test_both_nodes },
        { "restart_on_a_new_path", test_restart_on_a_new_path },
        { "nodes_behind_one_address", test_nodes_behind_one_address },
        { "nodes_behind_one_address_in_turn", test_nodes_behind_one_address_in_turn },
        { "late_answer", test_late_answer },
        { "files_in_the_wrong_order", test_files_in_the_wrong_order },
        { "clock_set_back", test_clock_set_back },
        { "redirection", test_redirection },
        { "redirection_not_accepted", test_redirection_not_accepted },
        { "redirection_in_a_later_file", test_redirection_in_a_later_file },
        { "two_answers_to_one_request", test_two_answers_to_one_request },
        { "redirection_behind_a_set_clock", test_redirection_behind_a_set_clock },
        { "redirection_overtakes_a_packet", test_redirection_overtakes_a_packet },
        { "redirection_ends_by_restart", test_redirection_ends_by_restart },
        { "redirection_of_one_of_two", test_redirection_of_one_of_two },
        { "redirection_followed", test_redirection_followed },
        { "flood", test_flood },
    };

    return BOOK_RUN("gtpp_judge_nodes", tests);
}
