/* test_gtpp_ledger.c
 * Which request was answered by which message, and what became of the records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_ledger.h"

#include <glib.h>
#include <string.h>

#include "gtpp/gtpp_pdu.h"
#include "ledger_book.h"

/* {{{ Requests and answers */

static void test_answered(book_t *book, const void *unused)
{
    (void)unused;
    const gtpp_result_t *request = book_send(book, 5, 1);
    g_assert_true(book_is_unacknowledged(request));
    g_assert_records(book, OUTSTANDING, 2);
    const gtpp_result_t *response = book_answer(book, ACCEPTED, 5);
    g_assert_cmpuint(response->num_answers, ==, 1);
    g_assert_true(response->answers[0].request == request->request);
    g_assert_true(response->answers[0].timed);
    g_assert_cmpuint(request->request->answer_frame, ==, 2);
    g_assert_false(book_is_unacknowledged(request));
    g_assert_null(response->findings);
    g_assert_cmpuint(g_hash_table_size(book->requests), ==, 1);
    g_assert_records(book, ACKNOWLEDGED, 2);
    g_assert_records(book, OUTSTANDING, 0);
    /* Nothing is kept of either but the request. */
    g_assert_true(g_array_index(book->slips, gtpp_slip_t, 0).of == request->request);
    g_assert_true(g_array_index(book->slips, gtpp_slip_t, 1).of == request->request);
}

static void test_list_answers_not_the_header(book_t *book, const void *unused)
{
    static const uint16_t two[] = { 1, 2 };

    (void)unused;
    const gtpp_result_t *first = book_send(book, 1, 1);
    const gtpp_result_t *second = book_send(book, 2, 1);
    const gtpp_result_t *third = book_send(book, 3, 1);
    const gtpp_result_t *response = book_answer_list(book, ACCEPTED, 3, 2, two);
    g_assert_cmpuint(response->num_answers, ==, 2);
    g_assert_cmpuint(first->request->answer_frame, ==, 4);
    g_assert_cmpuint(second->request->answer_frame, ==, 4);
    g_assert_cmpuint(third->request->answer_frame, ==, 0);
    book_answer_list(book, ACCEPTED, 3, 0, NULL);
    g_assert_cmpuint(third->request->answer_frame, ==, 5);
}

static void test_number_listed_twice(book_t *book, const void *unused)
{
    static const uint16_t twice[] = { 1, 1, 1 };

    (void)unused;
    book_send(book, 1, 1);
    const gtpp_result_t *response = book_answer_list(book, ACCEPTED, 1, 3, twice);
    g_assert_cmpuint(response->num_answers, ==, 1);
    g_assert_null(response->findings);
}

static void test_kinds_and_directions_have_own_numbers(book_t *book, const void *unused)
{
    static const uint8_t pairs[][2] = { { GTPP_ECHO_REQUEST, GTPP_ECHO_RESPONSE },
                                        { GTPP_NODE_ALIVE_REQUEST, GTPP_NODE_ALIVE_RESPONSE },
                                        { GTPP_REDIRECTION_REQUEST, GTPP_REDIRECTION_RESPONSE } };
    const gtpp_result_t *asked[2][G_N_ELEMENTS(pairs)];

    (void)unused;
    const gtpp_result_t *records = book_send(book, 2, 1);
    for (unsigned direction = CDF; direction <= CGF; direction++) {
        for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
            asked[direction][i] = book_plain(book, direction, pairs[i][0], 2);
            g_assert_null(book_find_finding(asked[direction][i], GTPP_FINDING_SEQ_REUSED));
        }
    }
    for (unsigned direction = CDF; direction <= CGF; direction++) {
        for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
            const gtpp_result_t *reply = book_plain(book, 1 - direction, pairs[i][1], 2);
            g_assert_cmpuint(reply->num_answers, ==, 1);
            g_assert_true(reply->answers[0].request == asked[direction][i]->request);
        }
    }
    g_assert_cmpuint(records->request->answer_frame, ==, 0);
}

static void test_copies(book_t *book, const void *unused)
{
    (void)unused;
    const gtpp_result_t *first = book_send(book, 1, 1);
    const gtpp_result_t *second = book_send(book, 1, 1);
    g_assert_true(second->is_copy);
    g_assert_true(second->request == first->request);
    g_assert_cmpuint(book_find_finding(second, GTPP_FINDING_RETRANSMISSION)->frame, ==, 1);
    const gtpp_result_t *response = book_answer(book, ACCEPTED, 1);
    g_assert_cmpint(response->answers[0].request->time, ==, SECOND);
    g_assert_cmpuint(g_hash_table_size(book->requests), ==, 1);
    g_assert_cmpuint(book->copies, ==, 1);
    /* The answer was late: the copy after it is still a copy, and its answer no news. */
    g_assert_true(book_send(book, 1, 1)->is_copy);
    const gtpp_result_t *again = book_answer(book, ACCEPTED, 1);
    g_assert_cmpuint(book_find_finding(again, GTPP_FINDING_DUPLICATE_ACK)->frame, ==, 3);
    g_assert_cmpuint(again->num_answers, ==, 1);
    g_assert_false(again->answers[0].timed);
    g_assert_records(book, ACKNOWLEDGED, 2);
}

/* Bare messages are all alike: after its answer the next one is a new request. */
static void test_bare_messages_are_no_copies_after_the_answer(book_t *book, const void *unused)
{
    (void)unused;
    book_plain(book, CDF, GTPP_ECHO_REQUEST, 0);
    g_assert_true(book_plain(book, CDF, GTPP_ECHO_REQUEST, 0)->is_copy);
    book_plain(book, CGF, GTPP_ECHO_RESPONSE, 0);
    const gtpp_result_t *next = book_plain(book, CDF, GTPP_ECHO_REQUEST, 0);
    g_assert_false(next->is_copy);
    g_assert_true(book_plain(book, CGF, GTPP_ECHO_RESPONSE, 0)->answers[0].timed);
}

static void test_reuse(book_t *book, const void *unused)
{
    (void)unused;
    book_send(book, 1, 1);
    book_answer(book, ACCEPTED, 1);
    g_assert_null(book_send(book, 1, 2)->findings);
    book_answer(book, ACCEPTED, 1);
    const gtpp_result_t *lost = book_send(book, 2, 3);
    g_assert_cmpuint(book_find_finding(book_send(book, 2, 4), GTPP_FINDING_SEQ_REUSED)->frame, ==, 5);
    book_answer(book, ACCEPTED, 2);
    g_assert_true(book_is_unacknowledged(lost));
    g_assert_records(book, ACKNOWLEDGED, 6);
    g_assert_records(book, ABANDONED, 2);
}

static void test_wrap(book_t *book, const void *unused)
{
    static const uint16_t order[] = { 65534, 65535, 0, 1 };

    (void)unused;
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        book_send(book, order[i], (unsigned)i);
    }
    g_assert_cmpuint(book_answer_list(book, ACCEPTED, 1, G_N_ELEMENTS(order), order)->num_answers, ==, 4);
    g_assert_records(book, ACKNOWLEDGED, 8);
}

static void test_unsolicited(book_t *book, const void *unused)
{
    static const uint16_t known_and_not[] = { 1, 88, 89 };

    (void)unused;
    g_assert_cmpuint(book_find_finding(book_answer(book, ACCEPTED, 77), GTPP_FINDING_UNSOLICITED)->number, ==, 77);
    book_send(book, 1, 1);
    const gtpp_result_t *response = book_answer_list(book, ACCEPTED, 1, 3, known_and_not);
    g_assert_cmpuint(book_find_finding(response, GTPP_FINDING_UNSOLICITED)->number, ==, 88);
    g_assert_cmpuint(book_find_finding(response, GTPP_FINDING_UNSOLICITED)->count, ==, 2);
    g_assert_cmpuint(response->num_answers, ==, 1);
    /* Who asks cannot answer itself. */
    book_send(book, 2, 1);
    g_assert_nonnull(
        book_find_finding(book_plain(book, CDF, GTPP_DATA_RECORD_TRANSFER_RESPONSE, 2), GTPP_FINDING_UNSOLICITED));
}

static void test_causes(book_t *book, const void *unused)
{
    static const struct {
        uint8_t cause;
        gtpp_fate_t fate;
        gtpp_finding_kind_t finding;
    } cases[] = {
        { 59, GTPP_FATE_REJECTED, GTPP_FINDING_REJECTED },
        { 100, GTPP_FATE_REJECTED, GTPP_FINDING_REJECTED },
        { 128, GTPP_FATE_ACKNOWLEDGED, GTPP_FINDING_COUNT },
        { 177, GTPP_FATE_ACKNOWLEDGED, GTPP_FINDING_UNDECODABLE },
        { 199, GTPP_FATE_REJECTED, GTPP_FINDING_REJECTED },
        { 252, GTPP_FATE_ACKNOWLEDGED, GTPP_FINDING_FULFILLED },
        { 253, GTPP_FATE_ACKNOWLEDGED, GTPP_FINDING_FULFILLED },
        { 254, GTPP_FATE_REJECTED, GTPP_FINDING_REJECTED },
        { 255, GTPP_FATE_REJECTED, GTPP_FINDING_REJECTED },
    };

    (void)unused;
    for (uint16_t i = 0; i < (uint16_t)G_N_ELEMENTS(cases); i++) {
        const gtpp_result_t *request = book_send(book, i, i);
        const gtpp_result_t *response = book_answer(book, cases[i].cause, i);
        g_assert_cmpint(request->request->fate, ==, cases[i].fate);
        if (cases[i].finding == GTPP_FINDING_COUNT) {
            g_assert_null(response->findings);
        } else {
            g_assert_nonnull(book_find_finding(response, cases[i].finding));
            g_assert_null(response->findings->next);
        }
    }
}

static void test_rejected_then_accepted(book_t *book, const void *unused)
{
    (void)unused;
    const gtpp_result_t *request = book_send(book, 1, 1);
    book_answer(book, NO_RESOURCES, 1);
    g_assert_records(book, REJECTED, 2);
    g_assert_true(book_send(book, 1, 1)->is_copy);
    const gtpp_result_t *response = book_answer(book, ACCEPTED, 1);
    g_assert_null(book_find_finding(response, GTPP_FINDING_DUPLICATE_ACK));
    g_assert_cmpuint(request->request->answer_frame, ==, 4);
    g_assert_records(book, REJECTED, 0);
    g_assert_records(book, ACKNOWLEDGED, 2);
    /* What has been accepted stays so. */
    g_assert_nonnull(book_find_finding(book_answer(book, NO_RESOURCES, 1), GTPP_FINDING_DUPLICATE_ACK));
    g_assert_records(book, ACKNOWLEDGED, 2);
}

static void test_version_not_supported(book_t *book, const void *unused)
{
    (void)unused;
    book_plain(book, CDF, GTPP_ECHO_REQUEST, 9);
    book_plain(book, CGF, GTPP_ECHO_RESPONSE, 9);
    const gtpp_result_t *request = book_send(book, 9, 1);
    const gtpp_result_t *response = book_plain(book, CGF, GTPP_VERSION_NOT_SUPPORTED, 9);
    g_assert_true(response->answers[0].request == request->request);
    g_assert_nonnull(book_find_finding(response, GTPP_FINDING_REJECTED));
    g_assert_records(book, REJECTED, 2);
}

/* }}} */
/* {{{ Possibly duplicated packets */

static void test_release_and_cancel(book_t *book, const void *unused)
{
    (void)unused;
    const gtpp_result_t *held[4];
    for (uint16_t seq = 1; seq <= 3; seq++) {
        held[seq] = book_send_again(book, seq);
        g_assert_cmpuint(book_find_finding(book_answer(book, ACCEPTED, seq), GTPP_FINDING_HELD)->number, ==, seq);
    }
    g_assert_records(book, HELD, 6);
    const gtpp_result_t *release = book_settle(book, GTPP_COMMAND_RELEASE, 4, 1, 2);
    g_assert_cmpuint(book_find_finding(release, GTPP_FINDING_RELEASED)->count, ==, 2);
    g_assert_records(book, HELD, 6); /* nothing has said yes so far */
    book_answer(book, ACCEPTED, 4);
    g_assert_records(book, RELEASED, 4);
    g_assert_cmpint(held[2]->request->fate, ==, GTPP_FATE_RELEASED);
    g_assert_cmpuint(held[2]->request->settle_frame, ==, 7);
    book_settle(book, GTPP_COMMAND_CANCEL, 5, 3, 3);
    book_answer(book, ACCEPTED, 5);
    g_assert_records(book, CANCELLED, 2);
    g_assert_records(book, HELD, 0);
    g_assert_cmpuint(
        book_find_finding(book_settle(book, GTPP_COMMAND_RELEASE, 6, 1, 99), GTPP_FINDING_UNKNOWN_PACKET)->count, ==,
        2);
}

static void test_refused_release(book_t *book, const void *unused)
{
    (void)unused;
    book_send_again(book, 1);
    book_answer(book, ACCEPTED, 1);
    book_settle(book, GTPP_COMMAND_RELEASE, 2, 1, 1);
    book_answer(book, NUMBERS_INCORRECT, 2);
    g_assert_records(book, HELD, 2);
    g_assert_null(book_find_finding(book_settle(book, GTPP_COMMAND_RELEASE, 3, 1, 1), GTPP_FINDING_UNKNOWN_PACKET));
    book_answer(book, FULFILLED, 3);
    g_assert_records(book, RELEASED, 2);
}

static void test_release_after_wraps(book_t *book, const void *unused)
{
    (void)unused;
    const gtpp_result_t *held = book_send_again(book, 5);
    book_answer(book, ACCEPTED, 5);
    for (uint32_t i = 0; i < 3 * 65536 + 10; i++) {
        book_send(book, (uint16_t)(6 + i), 2 + i);
        book_answer(book, ACCEPTED, (uint16_t)(6 + i));
    }
    book_settle(book, GTPP_COMMAND_RELEASE, 20, 5, 5);
    book_answer(book, ACCEPTED, 20);
    g_assert_cmpint(held->request->fate, ==, GTPP_FATE_RELEASED);
}

static void test_held_twice_under_one_number(book_t *book, const void *unused)
{
    const gtpp_result_t *held[3];

    (void)unused;
    for (unsigned i = 0; i < 3; i++) {
        held[i] = book_packet(book, GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED, 5, 1 + i);
        book_answer(book, ACCEPTED, 5);
    }
    for (unsigned i = 0; i < 3; i++) {
        book_settle(book, GTPP_COMMAND_CANCEL, (uint16_t)(10 + i), 5, 5);
        book_answer(book, ACCEPTED, (uint16_t)(10 + i));
        g_assert_cmpint(held[i]->request->fate, ==, GTPP_FATE_CANCELLED);
        g_assert_records(book, HELD, 4 - 2 * i);
    }
    g_assert_nonnull(book_find_finding(book_settle(book, GTPP_COMMAND_CANCEL, 20, 5, 5), GTPP_FINDING_UNKNOWN_PACKET));
}

static void test_release_on_a_later_path(book_t *book, const void *unused)
{
    (void)unused;
    book_send_again(book, 1);
    book_answer(book, ACCEPTED, 1);
    book->path = gtpp_ledger_open_path(book->ledger, CDF_NODE, CGF_NODE);
    book_settle(book, GTPP_COMMAND_RELEASE, 1, 1, 1);
    book_answer(book, ACCEPTED, 1);
    g_assert_cmpuint(book_count_records(book, 0, GTPP_FATE_RELEASED), ==, 2);
    g_assert_cmpuint(book_count_records(book, 0, GTPP_FATE_HELD), ==, 0);
    /* Another CGF knows nothing of it. */
    book_send_again(book, 2);
    book_answer(book, ACCEPTED, 2);
    book->path = gtpp_ledger_open_path(book->ledger, CDF_NODE, OTHER_CGF_NODE);
    book_settle(book, GTPP_COMMAND_RELEASE, 3, 2, 2);
    g_assert_cmpuint(book_count_records(book, 1, GTPP_FATE_HELD), ==, 2);
    book_answer(book, ACCEPTED, 3);
    g_assert_cmpuint(book_count_records(book, 1, GTPP_FATE_HELD), ==, 2);
}

static void test_probe(book_t *book, const void *unused)
{
    (void)unused;
    const gtpp_result_t *never_came = book_send(book, 10, 1);
    const gtpp_result_t *came = book_send(book, 11, 2);
    g_assert_null(book_probe(book, 10)->findings);
    g_assert_null(book_probe(book, 11)->findings);
    book_answer(book, ACCEPTED, 10);
    const gtpp_result_t *response = book_answer(book, FULFILLED, 11);
    g_assert_true(book_is_unacknowledged(never_came));
    g_assert_false(book_is_unacknowledged(came));
    g_assert_cmpuint(came->request->answer_frame, ==, 6);
    g_assert_cmpuint(response->num_answers, ==, 2);
    g_assert_records(book, ACKNOWLEDGED, 2);
    g_assert_records(book, OUTSTANDING, 2);
    g_assert_records(book, HELD, 0);
}

/* }}} */
/* {{{ Nodes */

static const gtpp_result_t *recover(book_t *book, unsigned direction, uint16_t seq, uint8_t counter)
{
    return book_enter(
        book, direction,
        (gtpp_ledger_input_t){ .type = GTPP_ECHO_RESPONSE, .seq = seq, .has_recovery = true, .recovery = counter },
        counter);
}

static void test_restart(book_t *book, const void *unused)
{
    (void)unused;
    g_assert_null(book_find_finding(recover(book, CGF, 1, 7), GTPP_FINDING_RESTART));
    g_assert_null(book_find_finding(recover(book, CDF, 1, 200), GTPP_FINDING_RESTART));
    g_assert_null(book_find_finding(recover(book, CGF, 2, 7), GTPP_FINDING_RESTART));
    const gtpp_finding_t *finding = book_find_finding(recover(book, CGF, 3, 8), GTPP_FINDING_RESTART);
    g_assert_cmpuint(finding->first, ==, 7);
    g_assert_cmpuint(finding->number, ==, 8);
    /* Seen from a new connection, too. */
    book->path = gtpp_ledger_open_path(book->ledger, CGF_NODE, CDF_NODE);
    g_assert_nonnull(book_find_finding(recover(book, 0, 1, 9), GTPP_FINDING_RESTART));
}

static void test_redirection(book_t *book, const void *unused)
{
    static const struct {
        uint8_t cause;
        gtpp_finding_kind_t finding;
    } cases[] = { { 60, GTPP_FINDING_BUFFERS_FULL },
                  { 61, GTPP_FINDING_BUFFERS_FULL },
                  { 62, GTPP_FINDING_GOING_DOWN },
                  { 63, GTPP_FINDING_GOING_DOWN } };

    (void)unused;
    for (uint16_t i = 0; i < (uint16_t)G_N_ELEMENTS(cases); i++) {
        const gtpp_result_t *request =
            book_enter(book, CGF,
                       (gtpp_ledger_input_t){
                           .type = GTPP_REDIRECTION_REQUEST, .seq = i, .has_cause = true, .cause = cases[i].cause },
                       1);
        g_assert_nonnull(book_find_finding(request, GTPP_FINDING_REDIRECTED));
        g_assert_nonnull(book_find_finding(request, cases[i].finding));
    }
    g_assert_null(book_find_finding(book_send(book, 1, 1), GTPP_FINDING_AFTER_REDIRECTION));
    book_enter(
        book, CDF,
        (gtpp_ledger_input_t){ .type = GTPP_REDIRECTION_RESPONSE, .seq = 0, .has_cause = true, .cause = ACCEPTED }, 0);
    g_assert_cmpuint(book_find_finding(book_send(book, 2, 1), GTPP_FINDING_AFTER_REDIRECTION)->frame, ==, 1);
    book_plain(book, CGF, GTPP_NODE_ALIVE_REQUEST, 1);
    g_assert_null(book_find_finding(book_send(book, 3, 1), GTPP_FINDING_AFTER_REDIRECTION));
}

static const gtpp_result_t *send_local(book_t *book, uint16_t seq, uint32_t first, uint32_t second)
{
    const gtpp_ledger_record_t records[] = { { "node", true, first }, { "node", true, second } };

    return book_enter(book, CDF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                             .seq = seq,
                                             .has_packet = true,
                                             .records = records,
                                             .num_records = 2 },
                      first);
}

static void test_local_gap(book_t *book, const void *unused)
{
    (void)unused;
    send_local(book, 1, 1, 2);
    send_local(book, 1, 1, 2);
    const gtpp_result_t *after = send_local(book, 2, 6, 7);
    const gtpp_finding_t *gap = book_find_finding(after, GTPP_FINDING_LOCAL_SEQ_GAP);
    g_assert_cmpuint(gap->first, ==, 3);
    g_assert_cmpuint(gap->last, ==, 5);
    g_assert_cmpuint(gap->count, ==, 3);
    g_assert_cmpint(book->missing[0], ==, 3);
    /* They come late, and over another CGF. */
    book->path = gtpp_ledger_open_path(book->ledger, CDF_NODE, OTHER_CGF_NODE);
    send_local(book, 1, 4, 3);
    g_assert_cmpuint(gap->count, ==, 1);
    g_assert_cmpint(book->missing[0], ==, 1);
    g_assert_cmpint(book->missing[1], ==, 0);
}

/* }}} */

/* Anything in any order: no crash, no leak beyond the allocator, and every request is where it can be. */
static void test_flood(book_t *book, const void *unused)
{
    (void)unused;
    for (int i = 0; i < 20000; i++) {
        uint16_t seq = (uint16_t)g_test_rand_int_range(0, 50);
        uint16_t other = (uint16_t)g_test_rand_int_range(0, 50);
        uint8_t cause = (uint8_t)g_test_rand_int_range(0, 256);
        uint16_t seqs[] = { seq, other, 3 };
        switch (g_test_rand_int_range(0, 9)) {
        case 0:
            book_send(book, seq, (unsigned)g_test_rand_int_range(0, 3));
            break;
        case 1:
            book_packet(book, GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED, seq, (unsigned)g_test_rand_int_range(0, 3));
            break;
        case 2:
            book_probe(book, seq);
            break;
        case 3:
            book_settle(book, GTPP_COMMAND_RELEASE, seq, other, 3);
            break;
        case 4:
            book_settle(book, GTPP_COMMAND_CANCEL, seq, other, other);
            break;
        case 5:
            book_answer_list(book, ACCEPTED, seq, 3, seqs);
            break;
        case 6:
            book_answer_list(book, cause, seq, 2, seqs);
            break;
        case 7:
            book_plain(book, CGF, GTPP_VERSION_NOT_SUPPORTED, seq);
            break;
        default:
            book_plain(book, (unsigned)g_test_rand_int_range(0, 2), cause, seq);
            break;
        }
        if (i % 100 == 0) {
            book_check_fates(book);
        }
    }
}

#define ADD(name) g_test_add("/gtpp_ledger/" #name, book_t, NULL, book_start, test_##name, book_stop)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    wmem_init();
    ADD(answered);
    ADD(list_answers_not_the_header);
    ADD(number_listed_twice);
    ADD(kinds_and_directions_have_own_numbers);
    ADD(copies);
    ADD(bare_messages_are_no_copies_after_the_answer);
    ADD(reuse);
    ADD(wrap);
    ADD(unsolicited);
    ADD(causes);
    ADD(rejected_then_accepted);
    ADD(version_not_supported);
    ADD(release_and_cancel);
    ADD(refused_release);
    ADD(release_after_wraps);
    ADD(held_twice_under_one_number);
    ADD(release_on_a_later_path);
    ADD(probe);
    ADD(restart);
    ADD(redirection);
    ADD(local_gap);
    ADD(flood);
    return g_test_run();
}
