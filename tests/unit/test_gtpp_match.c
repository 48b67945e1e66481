/* test_gtpp_match.c
 * Which answer belongs to which request, and which messages are copies of others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

/* {{{ Answers */

static void test_answered(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 5, 1);
    const gtpp_event_t *answer = book_answer(book, 5, ACCEPTED);

    assert_role(request, REQUEST);
    assert_role(answer, ANSWER);
    assert_answered_by(request, answer);
    g_assert_true(answer->item.link == &request->item);
    g_assert_cmpuint(request->copies, ==, 1);
    g_assert_cmpuint(request->item.answers, ==, 1);
    /* Such a pair needs no more memory than its two events. */
    g_assert_null(request->more);
    g_assert_null(answer->more);
}

static void test_who_asks_cannot_answer_itself(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 2, 1);
    const gtpp_event_t *answer = book_plain(book, FROM_CDF, GTPP_DATA_RECORD_TRANSFER_RESPONSE, 2);

    assert_role(answer, UNMATCHED);
    assert_answered_by(request, NULL);
}

/* An answer may have been captured before its request: another capture point, another queue, another file. */
static void test_answer_stands_first(book_t *book)
{
    book_at(book, 0.997);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    assert_role(answer, UNMATCHED);
    book_at(book, 1.000);
    const gtpp_event_t *request = book_send(book, 1, 1);
    assert_answered_by(request, answer);
    assert_role(answer, ANSWER);
}

/* An answer that is much earlier than the request is none. */
static void test_answer_long_before(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_at(book, 4);
    const gtpp_event_t *request = book_send(book, 1, 1);
    assert_answered_by(request, NULL);
    assert_role(answer, UNMATCHED);
}

/* The files of a ring, read in the wrong order. */
static void test_answer_in_an_earlier_file(book_t *book)
{
    book_at(book, 10.1);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_at(book, 10);
    const gtpp_event_t *request = book_send(book, 1, 1);
    assert_answered_by(request, answer);
}

/* The clock was set back between request and answer: the order of the file tells. */
static void test_clock_steps_back(book_t *book)
{
    book_at(book, 10);
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 8.5);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    assert_answered_by(request, answer);
}

/* Two capture points 3 ms apart and numbers that come round: each answer stands before its own request. */
static void test_numbers_come_round_answers_first(book_t *book)
{
    const gtpp_event_t *requests[2][2];
    const gtpp_event_t *answers[2][2];

    for (unsigned round = 0; round < 2; round++) {
        for (uint16_t seq = 0; seq < 2; seq++) {
            book_at(book, 20.0 * round + seq + 0.997);
            answers[round][seq] = book_answer(book, seq, ACCEPTED);
            book_at(book, 20.0 * round + seq + 1);
            requests[round][seq] = book_send(book, seq, 2 * round + seq);
        }
    }
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned seq = 0; seq < 2; seq++) {
            assert_answered_by(requests[round][seq], answers[round][seq]);
        }
    }
}

/* Gear with one number for all its requests, which sends the next one as soon as it has the answer. */
static void test_one_number_for_all(book_t *book)
{
    for (unsigned i = 0; i < 20; i++) {
        book_at(book, 1 + 0.051 * i);
        const gtpp_event_t *request = book_send(book, 0, i);
        book_at(book, 1 + 0.051 * i + 0.05);
        const gtpp_event_t *answer = book_answer(book, 0, ACCEPTED);
        assert_answered_by(request, answer);
    }
    for (size_t i = 0; i < 20; i++) {
        const gtpp_event_t *request = book->events->pdata[2 * i];
        const gtpp_event_t *answer = book->events->pdata[2 * i + 1];
        assert_answered_by(request, answer);
    }
}

/* All requests of the file, then all answers, and numbers that come round every second. */
static void test_directions_one_after_the_other(book_t *book)
{
    const gtpp_event_t *requests[6];

    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        book_at(book, 1 + i);
        requests[i] = book_send(book, 0, i);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        book_at(book, 1.01 + i);
        const gtpp_event_t *answer = book_answer(book, 0, ACCEPTED);
        assert_answered_by(requests[i], answer);
    }
}

/* A request of which the capture lacks the answer does not take that of a later request of its number. */
static void test_number_comes_round_unanswered(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *first = book_send(book, 7, 1);
    book_at(book, 21);
    const gtpp_event_t *second = book_send(book, 7, 2);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    assert_answered_by(first, NULL);
    assert_answered_by(second, answer);
    /* Nor a second answer to it, where the later request was sent again. */
    book_at(book, 26);
    assert_role(book_sent_again(book, second), SENT_AGAIN);
    assert_role(book_answer(book, 7, ACCEPTED), REPEATED);
    assert_answered_by(first, NULL);
}

/* A day later, not even where nothing explains a second answer. */
static void test_number_comes_round_a_day_later(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *first = book_send(book, 7, 1);
    book_at(book, 86401);
    const gtpp_event_t *second = book_send(book, 7, 2);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    assert_role(book_answer(book, 7, ACCEPTED), REPEATED);
    assert_answered_by(first, NULL);
    assert_answered_by(second, answer);
}

/* However often a number comes round, each request keeps its answer. */
static void test_number_comes_round_often(book_t *book)
{
    const gtpp_event_t *requests[100];
    const gtpp_event_t *answers[100];

    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        book_at(book, 60.0 * i + 1);
        requests[i] = book_echo(book, 0);
        answers[i] = book_echo_answer(book, 0, 3);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        assert_role(requests[i], REQUEST);
        assert_answered_by(requests[i], answers[i]);
    }
}

static void test_late_answer(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 300);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    assert_answered_by(request, answer);
    /* An hour later, what nothing asked for is no answer to it any more. */
    book_at(book, 4000);
    assert_role(book_answer(book, 1, ACCEPTED), UNMATCHED);
}

static void test_rejected_then_accepted(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    const gtpp_event_t *no = book_answer(book, 1, NO_RESOURCES);
    assert_answered_by(request, no);
    assert_role(book_sent_again(book, request), SENT_AGAIN);
    const gtpp_event_t *yes = book_answer(book, 1, ACCEPTED);
    assert_role(yes, REPEATED);
    assert_answered_by(request, yes);
    /* What was accepted stays so, however many answers follow. */
    for (unsigned i = 0; i < 40; i++) {
        book_at(book, 1009);
        assert_role(book_answer(book, 1, NO_RESOURCES), REPEATED);
    }
    /* But one that is late for copies that the capture does not have may be another request's. */
    book_at(book, 1050);
    assert_role(book_answer(book, 1, NO_RESOURCES), UNMATCHED);
    assert_answered_by(request, yes);
    assert_role(no, ANSWER);
}

/* }}} */
/* {{{ Copies */

static void test_sent_again(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 1, 1);
    book_at(book, 1005);
    const gtpp_event_t *second = book_sent_again(book, first);
    assert_role(second, SENT_AGAIN);
    g_assert_true(gtpp_match_find_first((gtpp_item_t *)&second->item) == &first->item);
    g_assert_cmpuint(first->copies, ==, 2);
    g_assert_cmpint(gtpp_match_last_time(first), ==, 1005 * SECOND);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    assert_answered_by(first, answer);
    /* The answer was late: the copy after it is still a copy, and its answer another one. */
    assert_role(book_sent_again(book, first), SENT_AGAIN);
    assert_role(book_answer(book, 1, ACCEPTED), REPEATED);
    assert_answered_by(first, answer);
    g_assert_cmpuint(first->copies, ==, 3);
    g_assert_cmpuint(first->item.answers, ==, 2);
}

static void test_same_number_other_content(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 1, 1);
    const gtpp_event_t *second = book_send(book, 1, 2);
    assert_role(first, REQUEST);
    assert_role(second, REQUEST);
}

/* A mirror port sees each packet twice: as often as it does, it was sent once. */
static void test_copied_by_the_mirror_port(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 1000.00001);
    const gtpp_event_t *copy = book_copied(book, request);
    book_at(book, 1000.01);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_at(book, 1000.01001);
    const gtpp_event_t *copied_answer = book_copied(book, answer);
    assert_role(copy, COPY);
    assert_role(copied_answer, COPY);
    g_assert_true(copied_answer->item.link == &answer->item);
    g_assert_cmpuint(request->copies, ==, 1);
    g_assert_cmpuint(request->item.answers, ==, 1);
    assert_answered_by(request, answer);
}

/* So does each retransmission; and all of them may stand at the end, in the file of the second capture point. */
static void test_copied_retransmissions(book_t *book)
{
    const gtpp_event_t *sent[4];

    sent[0] = book_send(book, 1, 1);
    for (unsigned i = 1; i < G_N_ELEMENTS(sent); i++) {
        book_at(book, 1000 + 5 * i);
        sent[i] = book_sent_again(book, sent[0]);
        assert_role(sent[i], SENT_AGAIN);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(sent); i++) {
        book_at(book, 1000.001 + 5 * i);
        const gtpp_event_t *copy = book_copied(book, sent[i]);
        assert_role(copy, COPY);
        g_assert_true(copy->item.link == &sent[i]->item);
    }
    g_assert_cmpuint(sent[0]->copies, ==, 4);
}

/* The network duplicates a packet: it comes milliseconds later, with its identification. */
static void test_copied_by_the_network(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 1000.003);
    assert_role(book_copied(book, request), COPY);
    g_assert_cmpuint(request->copies, ==, 1);
}

/* The node answers both, and a request that waits from before does not take the second answer. */
static void test_both_copies_are_answered(book_t *book)
{
    const gtpp_event_t *lost = book_send(book, 1, 1);
    book_at(book, 1020);
    const gtpp_event_t *request = book_send(book, 1, 2);
    book_at(book, 1020.003);
    book_copied(book, request);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_at(book, 1020.1);
    const gtpp_event_t *other = book_answer(book, 1, ACCEPTED);
    assert_answered_by(request, answer);
    assert_answered_by(lost, NULL);
    assert_role(other, REPEATED);
    g_assert_true(other->item.link == &request->item);
}

/* An identification of 0 proves nothing: 0.1 s later it is sent again. No node does that within some milliseconds; but
 * it may send two Echo Requests then. */
static void test_without_identification(book_t *book)
{
    book->has_no_ids = true;
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 1000.0001);
    assert_role(book_copied(book, request), COPY);
    book_at(book, 1000.1);
    assert_role(book_copied(book, request), SENT_AGAIN);
    const gtpp_event_t *echo = book_echo(book, 0);
    book_at(book, 1000.3);
    assert_role(book_copied(book, echo), SENT_AGAIN);
}

/* The copy to which a message belongs is the last one that was sent before it. */
static void test_copy_before(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_at(book, 6);
    const gtpp_event_t *second = book_sent_again(book, request);
    book_at(book, 11);
    const gtpp_event_t *third = book_sent_again(book, request);
    g_assert_true(gtpp_match_find_copy(request, 3 * SECOND) == request);
    g_assert_true(gtpp_match_find_copy(request, 7 * SECOND) == second);
    g_assert_true(gtpp_match_find_copy(request, 12 * SECOND) == third);
}

/* Bare messages are all alike: after its answer the next one is a new request, and after half a minute, too. */
static void test_bare_requests(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *first = book_echo(book, 0);
    book_at(book, 4);
    assert_role(book_echo(book, 0), SENT_AGAIN);
    book_echo_answer(book, 0, 1);
    const gtpp_event_t *next = book_echo(book, 0);
    assert_role(next, REQUEST);
    const gtpp_event_t *answer = book_echo_answer(book, 0, 1);
    assert_answered_by(next, answer);
    g_assert_cmpuint(first->copies, ==, 2);
    book_at(book, 61);
    const gtpp_event_t *lost = book_echo(book, 0);
    book_at(book, 121);
    const gtpp_event_t *last = book_echo(book, 0);
    answer = book_echo_answer(book, 0, 1);
    assert_role(last, REQUEST);
    assert_answered_by(lost, NULL);
    assert_answered_by(last, answer);
}

/* The answers of bare requests stand at the end of the file: an answer between two of them tells them apart. */
static void test_bare_requests_before_their_answers(book_t *book)
{
    const gtpp_event_t *requests[5];

    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        book_at(book, 10 * (i + 1));
        requests[i] = book_echo(book, 0);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
        book_at(book, 10 * (i + 1) + 0.01);
        const gtpp_event_t *answer = book_echo_answer(book, 0, 1);
        assert_role(requests[i], REQUEST);
        assert_answered_by(requests[i], answer);
        g_assert_cmpuint(requests[i]->copies, ==, 1);
    }
}

/* A possibly duplicated copy of a packet is a copy: only the command differs. */
static void test_changed_command(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 5, 1);
    book_at(book, 1005);
    const gtpp_event_t *second = book_send_duplicated(book, 5, 1);
    assert_role(second, CHANGED);
    g_assert_cmpuint(first->copies, ==, 2);
    g_assert_false(gtpp_match_is_duplicated(first, 1001 * SECOND));
    g_assert_true(gtpp_match_is_duplicated(first, 1006 * SECOND));
    const gtpp_event_t *answer = book_answer(book, 5, ACCEPTED);
    assert_answered_by(first, answer);
}

/* Where records have no identity, or were cut, they cannot be compared. */
static void test_records_that_cannot_be_compared(book_t *book)
{
    const gtpp_event_record_t record = { .identity = 0 };
    gtpp_ledger_input_t input = { .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                  .seq = 1,
                                  .has_command = true,
                                  .command = GTPP_COMMAND_SEND,
                                  .has_packet = true,
                                  .records = &record,
                                  .num_records = 1 };

    book_enter(book, FROM_CDF, input);
    input.command = GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED;
    assert_role(book_enter(book, FROM_CDF, input), REQUEST);
}

/* A cut request is compared as far as it was captured: after its answer, the next one is another. */
static void test_cut_requests(book_t *book)
{
    const gtpp_ledger_input_t input = {
        .type = GTPP_DATA_RECORD_TRANSFER_REQUEST, .seq = 1, .has_packet = true, .is_cut = true, .announced = 2
    };

    assert_role(book_enter(book, FROM_CDF, input), REQUEST);
    book_answer(book, 1, ACCEPTED);
    assert_role(book_enter(book, FROM_CDF, input), REQUEST);
    assert_role(book_answer(book, 1, ACCEPTED), ANSWER);
}

/* The first copy is the earliest one, wherever it stands in the file. */
static void test_first_copy_stands_last(book_t *book)
{
    book_at(book, 1010);
    const gtpp_event_t *third = book_send_duplicated(book, 1, 1);
    const gtpp_event_t *answer = book_answer(book, 1, ACCEPTED);
    book_at(book, 1005);
    const gtpp_event_t *second = book_send(book, 1, 1);
    book_at(book, 1000);
    const gtpp_event_t *first = book_sent_again(book, second);
    assert_role(first, REQUEST);
    assert_role(second, SENT_AGAIN);
    assert_role(third, CHANGED);
    g_assert_cmpuint(first->copies, ==, 3);
    g_assert_cmpint(gtpp_match_last_time(first), ==, 1010 * SECOND);
    g_assert_true(gtpp_match_find_first((gtpp_item_t *)&third->item) == &first->item);
    assert_answered_by(first, answer);
    g_assert_true(gtpp_match_is_duplicated(first, 1010 * SECOND));
    g_assert_false(gtpp_match_is_duplicated(first, 1009 * SECOND));
}

/* }}} */
/* {{{ Empty packets */

static void test_probe(book_t *book)
{
    book_at(book, 1);
    gtpp_event_t *packet = book_send(book, 7, 1);
    book_at(book, 31);
    const gtpp_event_t *probe = book_probe(book, 7);
    assert_role(probe, REQUEST);
    g_assert_true(packet->more->probe == probe);
    g_assert_true(probe->more->probed == packet);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    g_assert_true(probe->item.link == &answer->item);
    g_assert_null(packet->item.link);
}

/* Two capture points: the answer to the empty packet stands before it. It is no answer to the packet itself. */
static void test_answer_to_probe_first(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *packet = book_send(book, 7, 1);
    book_at(book, 31.001);
    const gtpp_event_t *answer = book_answer(book, 7, ACCEPTED);
    book_at(book, 31.004);
    const gtpp_event_t *probe = book_probe(book, 7);
    g_assert_true(probe->item.link == &answer->item);
    g_assert_null(packet->item.link);
}

/* Both copies of the empty packet were answered: neither answer is one to the packet. */
static void test_probe_sent_again(book_t *book)
{
    book_at(book, 1);
    const gtpp_event_t *packet = book_send(book, 7, 1);
    book_at(book, 31);
    const gtpp_event_t *probe = book_probe(book, 7);
    book_at(book, 36);
    assert_role(book_sent_again(book, probe), SENT_AGAIN);
    assert_role(book_answer(book, 7, ACCEPTED), ANSWER);
    assert_role(book_answer(book, 7, ACCEPTED), REPEATED);
    g_assert_null(packet->item.link);
}

/* The packet has been answered: an empty packet of its number asks about no packet. */
static void test_probe_of_an_answered_packet(book_t *book)
{
    const gtpp_event_t *packet = book_send(book, 7, 1);
    book_answer(book, 7, ACCEPTED);
    const gtpp_event_t *probe = book_probe(book, 7);
    g_assert_true(probe->more == NULL || probe->more->probed == NULL);
    g_assert_true(packet->more == NULL || packet->more->probe == NULL);
}

/* }}} */
/* {{{ Floods: the cost of a message does not depend on how many came before */

static void test_flood_of_one_number(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 1, 1);

    for (unsigned i = 0; i < 65000; i++) {
        book_at(book, 1001 + 0.01 * i);
        book_sent_again(book, first);
    }
    g_assert_cmpuint(first->copies, ==, 65001);
    for (unsigned i = 0; i < 65000; i++) {
        book_answer(book, 1, ACCEPTED);
    }
    for (unsigned i = 0; i < 65000; i++) {
        book_send(book, 1, 2 + i);
    }
    assert_role(first, REQUEST);
}

static void test_flood_of_bare_requests(book_t *book)
{
    const gtpp_event_t *first = book_echo(book, 0);

    for (unsigned i = 0; i < 65000; i++) {
        book_at(book, 1001 + 0.01 * i);
        book_echo(book, 0);
    }
    book_at(book, 1000.5);
    const gtpp_event_t *answer = book_echo_answer(book, 0, 1);
    assert_answered_by(first, answer);
    g_assert_cmpuint(first->copies, ==, 1);
}

/* }}} */

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "answered", test_answered },
        { "who_asks_cannot_answer_itself", test_who_asks_cannot_answer_itself },
        { "answer_stands_first", test_answer_stands_first },
        { "answer_long_before", test_answer_long_before },
        { "answer_in_an_earlier_file", test_answer_in_an_earlier_file },
        { "clock_steps_back", test_clock_steps_back },
        { "numbers_come_round_answers_first", test_numbers_come_round_answers_first },
        { "one_number_for_all", test_one_number_for_all },
        { "directions_one_after_the_other", test_directions_one_after_the_other },
        { "number_comes_round_unanswered", test_number_comes_round_unanswered },
        { "number_comes_round_a_day_later", test_number_comes_round_a_day_later },
        { "number_comes_round_often", test_number_comes_round_often },
        { "late_answer", test_late_answer },
        { "rejected_then_accepted", test_rejected_then_accepted },
        { "sent_again", test_sent_again },
        { "same_number_other_content", test_same_number_other_content },
        { "copied_by_the_mirror_port", test_copied_by_the_mirror_port },
        { "copied_retransmissions", test_copied_retransmissions },
        { "copied_by_the_network", test_copied_by_the_network },
        { "both_copies_are_answered", test_both_copies_are_answered },
        { "without_identification", test_without_identification },
        { "copy_before", test_copy_before },
        { "bare_requests", test_bare_requests },
        { "bare_requests_before_their_answers", test_bare_requests_before_their_answers },
        { "changed_command", test_changed_command },
        { "records_that_cannot_be_compared", test_records_that_cannot_be_compared },
        { "cut_requests", test_cut_requests },
        { "first_copy_stands_last", test_first_copy_stands_last },
        { "probe", test_probe },
        { "answer_to_probe_first", test_answer_to_probe_first },
        { "probe_sent_again", test_probe_sent_again },
        { "probe_of_an_answered_packet", test_probe_of_an_answered_packet },
        { "flood_of_one_number", test_flood_of_one_number },
        { "flood_of_bare_requests", test_flood_of_bare_requests },
    };

    return BOOK_RUN("gtpp_match", tests);
}
