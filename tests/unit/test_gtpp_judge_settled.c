/* test_gtpp_judge_settled.c
 * Possibly duplicated packets: held, released, cancelled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

static const gtpp_event_t *hold(book_t *book, uint16_t seq, uint32_t local)
{
    const gtpp_event_t *packet = book_send_duplicated(book, seq, local);

    book_answer(book, seq, ACCEPTED);
    return packet;
}

static const gtpp_event_t *release(book_t *book, uint16_t seq, uint16_t packet)
{
    const gtpp_event_t *request = book_release(book, seq, packet);

    book_answer(book, seq, ACCEPTED);
    return request;
}

static void test_release_and_cancel(book_t *book)
{
    static const uint16_t two[] = { 1, 2 };
    const gtpp_event_t *held[3];

    for (uint16_t i = 0; i < 3; i++) {
        held[i] = hold(book, (uint16_t)(i + 1), i);
    }
    book_judge(book);
    assert_column(book, HELD, 3);
    const gtpp_event_t *request = book_enter(book, FROM_CDF,
                                             (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                                                    .seq = 4,
                                                                    .has_command = true,
                                                                    .command = GTPP_COMMAND_RELEASE,
                                                                    .released = { two, 2 } });
    book_judge(book);
    /* Nothing has said yes so far. */
    g_assert_cmpuint(book_find(request, GTPP_FINDING_RELEASED)->count, ==, 2);
    g_assert_true(book_find(request, GTPP_FINDING_RELEASED)->other == held[0]);
    assert_column(book, HELD, 3);
    book_answer(book, 4, ACCEPTED);
    const gtpp_event_t *cancel = book_cancel(book, 5, 3);
    book_answer(book, 5, ACCEPTED);
    book_judge(book);
    assert_column(book, RELEASED, 2);
    assert_column(book, CANCELLED, 1);
    assert_column(book, HELD, 0);
    g_assert_true(held[1]->more->settled_by == request);
    g_assert_true(book_find(cancel, GTPP_FINDING_CANCELLED)->other == held[2]);
    const gtpp_event_t *unknown = release(book, 6, 99);
    book_judge(book);
    g_assert_cmpuint(book_find(unknown, GTPP_FINDING_UNKNOWN_PACKET)->number, ==, 99);
}

static void test_refused_release(book_t *book)
{
    hold(book, 1, 1);
    book_release(book, 2, 1);
    book_answer(book, 2, NUMBERS_INCORRECT);
    book_judge(book);
    assert_column(book, HELD, 1);
    const gtpp_event_t *again = book_release(book, 3, 1);
    book_answer(book, 3, FULFILLED);
    book_judge(book);
    assert_says_not(again, UNKNOWN_PACKET);
    assert_column(book, RELEASED, 1);
}

/* What came later cannot release what came before it, nor the other way round. */
static void test_release_before_the_packet(book_t *book)
{
    book_at(book, 1010);
    hold(book, 1, 1);
    book_at(book, 1000);
    const gtpp_event_t *request = release(book, 2, 1);
    book_judge(book);
    assert_says(request, UNKNOWN_PACKET);
    assert_column(book, HELD, 1);
}

static void test_release_after_wraps(book_t *book)
{
    const gtpp_event_t *held = hold(book, 5, 0);

    for (uint32_t i = 0; i < 2 * 65536 + 10; i++) {
        book_exchange(book, (uint16_t)(6 + i), 1 + i);
    }
    release(book, 20, 5);
    book_judge(book);
    assert_fate(held, RELEASED);
}

/* Three packets were held under one number: the oldest is meant. When all are settled, that is said, and not that the
 * packet is unknown. */
static void test_held_under_one_number(book_t *book)
{
    const gtpp_event_t *held[3];
    const gtpp_event_t *cancels[4];

    for (unsigned i = 0; i < 3; i++) {
        book_at(book, 1000 + 100 * i);
        held[i] = hold(book, 5, i);
    }
    for (unsigned i = 0; i < 4; i++) {
        cancels[i] = book_cancel(book, (uint16_t)(10 + i), 5);
        book_answer(book, (uint16_t)(10 + i), ACCEPTED);
    }
    book_judge(book);
    for (unsigned i = 0; i < 3; i++) {
        assert_fate(held[i], CANCELLED);
        g_assert_true(held[i]->more->settled_by == cancels[i]);
    }
    assert_says_not(cancels[3], UNKNOWN_PACKET);
    g_assert_true(book_find(cancels[3], GTPP_FINDING_SETTLED_BEFORE)->other == cancels[2]);
}

static void test_released_twice(book_t *book)
{
    hold(book, 1, 1);
    const gtpp_event_t *first = release(book, 2, 1);
    const gtpp_event_t *second = release(book, 3, 1);
    book_judge(book);
    g_assert_true(book_find(second, GTPP_FINDING_SETTLED_BEFORE)->other == first);
    assert_findings(book, UNKNOWN_PACKET, 0);
    assert_column(book, RELEASED, 1);
}

/* A packet whose answer is not in the capture: the node accepts the release only when it has the packet. */
static void test_release_without_captured_answer(book_t *book)
{
    const gtpp_event_t *packet = book_send_duplicated(book, 900, 1);
    const gtpp_event_t *request = release(book, 2, 900);
    book_judge(book);
    g_assert_true(book_find(request, GTPP_FINDING_RELEASED)->other == packet);
    assert_fate(packet, RELEASED);
    assert_findings(book, UNKNOWN_PACKET, 0);
    assert_findings(book, UNACKNOWLEDGED, 0);
}

/* The answer to the held packet came from another port. */
static void test_held_answer_from_elsewhere(book_t *book)
{
    const gtpp_event_t *packet = book_send_duplicated(book, 9, 1);
    book_on(book, CDF, 40000, CGF, 5000);
    book_answer(book, 9, ACCEPTED);
    book_judge(book);
    assert_fate(packet, HELD);
    book_on(book, CDF, 40000, CGF, 3386);
    release(book, 10, 9);
    book_judge(book);
    assert_fate(packet, RELEASED);
    assert_findings(book, UNKNOWN_PACKET, 0);
}

/* A copy of an ordinary packet was possibly duplicated, and is held. */
static void test_release_of_a_changed_copy(book_t *book)
{
    const gtpp_event_t *packet = book_send(book, 5, 1);
    book_at(book, 1005);
    book_send_duplicated(book, 5, 1);
    book_answer(book, 5, ACCEPTED);
    release(book, 6, 5);
    book_judge(book);
    assert_fate(packet, RELEASED);
    assert_findings(book, UNKNOWN_PACKET, 0);
}

/* A release of a later connection, or from another port of the CDF, is for the packet of the earlier one; that of
 * another CGF is not. */
static void test_release_on_another_path(book_t *book)
{
    const gtpp_event_t *packet = hold(book, 1, 1);
    book_on(book, CDF, 40001, CGF, 3386);
    release(book, 1, 1);
    book_judge(book);
    assert_fate(packet, RELEASED);
    packet = hold(book, 2, 2);
    book_on(book, CDF, 40001, OTHER_CGF, 3386);
    const gtpp_event_t *request = release(book, 3, 2);
    book_judge(book);
    assert_fate(packet, HELD);
    assert_says(request, UNKNOWN_PACKET);
}

/* Two sockets of a CDF, or two CDFs behind one NAT, hold the same number: each release is for its own path. */
static void test_two_sockets(book_t *book)
{
    const gtpp_event_t *one = hold(book, 900, 1);
    book_on(book, CDF, 40001, CGF, 3386);
    const gtpp_event_t *other = hold(book, 900, 2);
    const gtpp_event_t *request = release(book, 901, 900);
    book_judge(book);
    assert_fate(one, HELD);
    assert_fate(other, RELEASED);
    g_assert_true(book_find(request, GTPP_FINDING_RELEASED)->other == other);
}

/* An empty packet is none that is held. */
static void test_probe_is_not_held(book_t *book)
{
    book_probe(book, 3);
    book_answer(book, 3, ACCEPTED);
    const gtpp_event_t *request = release(book, 4, 3);
    book_judge(book);
    assert_says(request, UNKNOWN_PACKET);
    assert_column(book, HELD, 0);
}

static void test_flood(book_t *book)
{
    for (unsigned i = 0; i < 30000; i++) {
        hold(book, 1, i);
    }
    for (unsigned i = 0; i < 30000; i++) {
        const gtpp_ledger_input_t input = { .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                            .seq = (uint16_t)(2 + i % 60000),
                                            .has_command = true,
                                            .command = GTPP_COMMAND_RELEASE,
                                            .released = { &(uint16_t){ 1 }, 1 } };
        book_enter(book, FROM_CDF, input);
        if (i % 2 == 0) {
            book_answer(book, (uint16_t)(2 + i % 60000), ACCEPTED);
        }
    }
    book_judge(book);
    assert_column(book, RELEASED, 15000);
}

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "release_and_cancel", test_release_and_cancel },
        { "refused_release", test_refused_release },
        { "release_before_the_packet", test_release_before_the_packet },
        { "release_after_wraps", test_release_after_wraps },
        { "held_under_one_number", test_held_under_one_number },
        { "released_twice", test_released_twice },
        { "release_without_captured_answer", test_release_without_captured_answer },
        { "held_answer_from_elsewhere", test_held_answer_from_elsewhere },
        { "release_of_a_changed_copy", test_release_of_a_changed_copy },
        { "release_on_another_path", test_release_on_another_path },
        { "two_sockets", test_two_sockets },
        { "probe_is_not_held", test_probe_is_not_held },
        { "flood", test_flood },
    };

    return BOOK_RUN("gtpp_judge_settled", tests);
}
