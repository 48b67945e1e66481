/* test_gtpp_judge_gaps.c
 * Local sequence numbers that are not in the capture, and what explains them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

static const gtpp_event_t *send(book_t *book, double seconds, uint16_t seq, uint32_t local)
{
    book_at(book, seconds);
    const gtpp_event_t *request = book_exchange(book, seq, local);
    return request;
}

static void test_gap(book_t *book)
{
    send(book, 1, 1, 1);
    const gtpp_event_t *after = send(book, 2, 2, 5);
    book_judge(book);
    const gtpp_finding_t *gap = book_find(after, GTPP_FINDING_LOCAL_SEQ_GAP);
    g_assert_cmpuint(gap->first, ==, 2);
    g_assert_cmpuint(gap->last, ==, 4);
    g_assert_cmpuint(gap->count, ==, 3);
    assert_findings(book, LOCAL_SEQ_GAP, 1);
    /* They come late, and over another CGF. */
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    send(book, 3, 1, 4);
    send(book, 4, 2, 2);
    book_judge(book);
    gap = book_find(after, GTPP_FINDING_LOCAL_SEQ_GAP);
    g_assert_null(gap);
    assert_findings(book, LOCAL_SEQ_GAP, 1); /* 3, before 4 */
}

/* Many counters have no 0: it is not counted. */
static void test_gap_with_zero(book_t *book)
{
    static const uint32_t cases[][5] = {
        /* before, behind, first, last, count */
        { UINT32_MAX - 1, 1, UINT32_MAX, UINT32_MAX, 1 },
        { UINT32_MAX, 2, 1, 1, 1 },
        { UINT32_MAX - 1, 3, UINT32_MAX, 2, 3 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        book->node = 100 + i;
        send(book, 2 * i, 1, cases[i][0]);
        const gtpp_event_t *after = send(book, 2 * i + 1, 2, cases[i][1]);
        book_judge(book);
        const gtpp_finding_t *gap = book_find(after, GTPP_FINDING_LOCAL_SEQ_GAP);
        g_assert_nonnull(gap);
        g_assert_cmpuint(gap->first, ==, cases[i][2]);
        g_assert_cmpuint(gap->last, ==, cases[i][3]);
        g_assert_cmpuint(gap->count, ==, cases[i][4]);
    }
}

/* A copy behind the gap is no other record behind it. */
static void test_said_once(book_t *book)
{
    send(book, 1, 1, 1);
    const gtpp_event_t *after = send(book, 2, 2, 3);
    book_sent_again(book, after);
    book_copied(book, after);
    book_judge(book);
    assert_findings(book, LOCAL_SEQ_GAP, 1);
    assert_says(after, LOCAL_SEQ_GAP);
}

/* A record that was first seen in a retransmission is in the capture. */
static void test_sent_only_unanswered(book_t *book)
{
    send(book, 1, 1, 1);
    book_at(book, 2);
    book_send(book, 2, 2);
    send(book, 3, 3, 3);
    book_judge(book);
    assert_findings(book, LOCAL_SEQ_GAP, 0);
}

/* Nodes, and senders of one node id, count for themselves. */
static void test_nodes_are_apart(book_t *book)
{
    send(book, 1, 1, 1);
    book->node = 2;
    send(book, 2, 2, 3);
    book->node = 1;
    book_on(book, OTHER_CDF, 40000, CGF, 3386);
    send(book, 3, 3, 5);
    book->node = 0;
    send(book, 4, 4, 7);
    book_judge(book);
    assert_quiet(book);
}

/* Load sharing: each of two CGFs has every other record. Where both are captured, nothing is missing; where one is,
 * that is what is not in this capture. */
static void test_load_sharing(book_t *book)
{
    for (uint16_t i = 0; i < 20; i++) {
        book_on(book, CDF, 40000, i % 2 == 0 ? CGF : OTHER_CGF, 3386);
        send(book, 1 + i, i, i);
    }
    book_judge(book);
    assert_quiet(book);
}

/* One node sends from two addresses: what one of them lacks, the other one has. */
static void test_two_addresses(book_t *book)
{
    for (uint16_t i = 0; i < 6; i++) {
        book_on(book, i % 2 == 0 ? CDF : OTHER_CDF, 40000, CGF, 3386);
        send(book, 1 + i, i, 10 + i);
    }
    book_judge(book);
    assert_findings(book, LOCAL_SEQ_GAP, 0);
    assert_findings(book, UNDECIDED, 4);
    const gtpp_finding_t *finding = book_find(book->events->pdata[4], GTPP_FINDING_UNDECIDED);
    g_assert_cmpuint(finding->reason, ==, GTPP_REASON_ADDRESSES);
    g_assert_cmpuint(finding->first, ==, 11);
    g_assert_true(finding->other == book->events->pdata[2]);
}

/* Two nodes that were configured alike: both had number 10, so that each counts for itself. */
static void test_two_nodes_of_one_name(book_t *book)
{
    static const uint32_t numbers[] = { 10, 10, 12, 11, 13, 12 };
    const gtpp_event_t *behind = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        book_on(book, i % 2 == 0 ? CDF : OTHER_CDF, 40000, CGF, 3386);
        const gtpp_event_t *request = send(book, 1 + i, (uint16_t)i, numbers[i]);
        behind = i == 2 ? request : behind;
    }
    book_judge(book);
    assert_says(behind, LOCAL_SEQ_GAP);
    assert_findings(book, LOCAL_SEQ_GAP, 1);
}

/* A cut message may hold what is missing. */
static void test_cut_message(book_t *book)
{
    send(book, 1, 1, 1);
    send(book, 2, 2, 3);
    book_at(book, 3);
    book_enter(
        book, FROM_CDF,
        (gtpp_ledger_input_t){
            .type = GTPP_DATA_RECORD_TRANSFER_REQUEST, .seq = 3, .has_packet = true, .is_cut = true, .announced = 2 });
    book_answer(book, 3, ACCEPTED);
    const gtpp_event_t *behind = send(book, 4, 4, 6);
    const gtpp_event_t *later = send(book, 5, 5, 8);
    book_judge(book);
    assert_says_not(behind, LOCAL_SEQ_GAP);
    assert_says(later, LOCAL_SEQ_GAP);
    assert_findings(book, LOCAL_SEQ_GAP, 2);
}

/* So may a hole in the stream, which lies between two messages; on whichever path of the sender. */
static void test_hole(book_t *book)
{
    book_on(book, CDF, 40001, OTHER_CGF, 3386);
    book_at(book, 1);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    book_on(book, CDF, 40000, CGF, 3386);
    send(book, 2, 1, 1);
    const gtpp_event_t *amid = send(book, 3, 2, 3);
    book_on(book, CDF, 40001, OTHER_CGF, 3386);
    book_at(book, 4);
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 2, .hole = book_hole(book, FROM_CDF, 50) });
    book_echo_answer(book, 2, 1);
    book_on(book, CDF, 40000, CGF, 3386);
    send(book, 5, 3, 4);
    const gtpp_event_t *behind = send(book, 6, 4, 6);
    book_judge(book);
    assert_says_not(amid, LOCAL_SEQ_GAP);
    assert_says(behind, LOCAL_SEQ_GAP);
}

/* The clock is set back behind a hole, or before it: the numbers on both sides have other times than those missing. */
static void test_hole_beside_a_clock_step(book_t *book)
{
    static const double holes[] = { 22, 12, 0 };

    for (unsigned i = 0; i < G_N_ELEMENTS(holes); i++) {
        book_t own;
        book_open(&own);
        send(&own, 1, 1, 1);
        send(&own, 20, 2, 2);
        if (holes[i] > 0) {
            book_on(&own, CDF, 40001, OTHER_CGF, 3386);
            book_at(&own, holes[i]);
            book_echo(&own, 1);
            book_at(&own, holes[i] + 0.1);
            book_enter(
                &own, FROM_CDF,
                (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 2, .hole = book_hole(&own, FROM_CDF, 50) });
            book_on(&own, CDF, 40000, CGF, 3386);
        }
        const gtpp_event_t *behind = send(&own, 15, 4, 4);
        send(&own, 30, 5, 5);
        book_judge(&own);
        if (holes[i] > 0) {
            assert_says_not(behind, LOCAL_SEQ_GAP);
            assert_undecided_for(behind, NUMBERS_HIDDEN);
        } else {
            assert_says(behind, LOCAL_SEQ_GAP);
        }
        book_close(&own);
    }
    book_judge(book);
}

/* A hole of another sender explains nothing. */
static void test_hole_of_another_sender(book_t *book)
{
    send(book, 1, 1, 1);
    book_on(book, OTHER_CDF, 40000, CGF, 3386);
    book_at(book, 2);
    book_enter(book, FROM_CDF,
               (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 2, .hole = book_hole(book, FROM_CDF, 50) });
    book_echo_answer(book, 2, 1);
    book_on(book, CDF, 40000, CGF, 3386);
    const gtpp_event_t *behind = send(book, 3, 2, 3);
    book_judge(book);
    assert_says(behind, LOCAL_SEQ_GAP);
}

/* Two senders have holes at the same time: each explains its own gap. */
static void test_holes_of_two_senders(book_t *book)
{
    const gtpp_event_t *behind[2];

    for (unsigned i = 0; i < 2; i++) {
        book_on(book, i == 0 ? CDF : OTHER_CDF, 40000, CGF, 3386);
        send(book, 1 + 0.1 * i, 1, 1);
        book_at(book, 2 + 0.1 * i);
        book_enter(book, FROM_CDF,
                   (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 2, .hole = book_hole(book, FROM_CDF, 50) });
        book_echo_answer(book, 2, 1);
        behind[i] = send(book, 3 + 0.1 * i, 2, 3);
    }
    book_judge(book);
    assert_says_not(behind[0], LOCAL_SEQ_GAP);
    assert_says_not(behind[1], LOCAL_SEQ_GAP);
}

/* The node has restarted, and says so; after that its counter goes on elsewhere. */
static void test_restart(book_t *book)
{
    for (unsigned i = 0; i < 2; i++) {
        book_at(book, 10 * i + 1);
        book_plain(book, FROM_CGF, GTPP_ECHO_REQUEST, (uint16_t)i);
        book_enter(
            book, FROM_CDF,
            (gtpp_ledger_input_t){
                .type = GTPP_ECHO_RESPONSE, .seq = (uint16_t)i, .has_recovery = true, .recovery = (uint8_t)(4 + i) });
        send(book, 10 * i + 2, (uint16_t)(2 * i), 1000 + 100 * i);
        send(book, 10 * i + 3, (uint16_t)(2 * i + 1), 1001 + 100 * i);
    }
    book_judge(book);
    assert_findings(book, RESTART, 1);
    assert_findings(book, LOCAL_SEQ_GAP, 0);
}

/* Two kinds of record that count apart. */
static void test_kinds(book_t *book)
{
    for (uint16_t i = 0; i < 6; i++) {
        book->record_type = 78;
        send(book, 2 * i + 1, (uint16_t)(2 * i), 1000 + i);
        book->record_type = 79;
        send(book, 2 * i + 2, (uint16_t)(2 * i + 1), 1010 + i);
    }
    book_judge(book);
    assert_quiet(book);
}

/* The files of a ring, read in the wrong order. */
static void test_files_in_the_wrong_order(book_t *book)
{
    for (uint16_t i = 0; i < 40; i++) {
        const uint16_t place = (uint16_t)(i < 20 ? i + 20 : i - 20);
        send(book, 1 + place, place, place);
    }
    book_judge(book);
    assert_findings(book, LOCAL_SEQ_GAP, 0);
    assert_findings(book, FILE_ORDER, 1);
}

/* Many gaps, many paths with holes, many restarts. */
static void test_flood(book_t *book)
{
    for (unsigned i = 0; i < 5000; i++) {
        const uint32_t hosts[2] = { CDF, 100 + i };
        const uint32_t ends[2] = { i, 100000 + i };
        const bool services[2] = { false, true };
        book->path = gtpp_ledger_open_path(book->ledger, hosts, ends, services, 0);
        book_at(book, 1000 + i);
        book_enter(book, FROM_CDF,
                   (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST,
                                          .seq = 2,
                                          .is_cut = true,
                                          .has_recovery = true,
                                          .recovery = (uint8_t)(i / 20) });
        book_at(book, 1000.5 + i);
        book_send(book, 1, 2 * i);
    }
    book_on(book, OTHER_CDF, 40000, CGF, 3386);
    for (unsigned i = 0; i < 20000; i++) {
        book_send(book, (uint16_t)i, 2 * i);
    }
    book_judge(book);
    assert_findings(book, LOCAL_SEQ_GAP, 19999);
}

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "gap", test_gap },
        { "gap_with_zero", test_gap_with_zero },
        { "said_once", test_said_once },
        { "sent_only_unanswered", test_sent_only_unanswered },
        { "nodes_are_apart", test_nodes_are_apart },
        { "load_sharing", test_load_sharing },
        { "two_addresses", test_two_addresses },
        { "two_nodes_of_one_name", test_two_nodes_of_one_name },
        { "cut_message", test_cut_message },
        { "hole", test_hole },
        { "hole_beside_a_clock_step", test_hole_beside_a_clock_step },
        { "hole_of_another_sender", test_hole_of_another_sender },
        { "holes_of_two_senders", test_holes_of_two_senders },
        { "restart", test_restart },
        { "kinds", test_kinds },
        { "files_in_the_wrong_order", test_files_in_the_wrong_order },
        { "flood", test_flood },
    };

    return BOOK_RUN("gtpp_judge_gaps", tests);
}
