/* test_gtpp_ledger.c
 * All messages of a file, by path and number, and what is known of each path.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

/* {{{ Numbers */

static void test_list_answers_not_the_header(book_t *book)
{
    static const uint16_t two[] = { 1, 2 };
    const gtpp_event_t *first = book_send(book, 1, 1);
    const gtpp_event_t *second = book_send(book, 2, 2);
    const gtpp_event_t *third = book_send(book, 3, 3);
    gtpp_event_t *answer = book_enter(book, FROM_CGF,
                                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE,
                                                             .seq = 3,
                                                             .has_cause = true,
                                                             .cause = ACCEPTED,
                                                             .responded = { two, 2 } });

    assert_answered_by(first, answer);
    assert_answered_by(second, answer);
    assert_answered_by(third, NULL);
    g_assert_nonnull(gtpp_event_get_item(answer, 1));
    g_assert_null(gtpp_event_get_item(answer, 2));
    /* Without a list, the header counts. */
    answer = book_enter(
        book, FROM_CGF,
        (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE, .seq = 3, .has_cause = true, .cause = 128 });
    assert_answered_by(third, answer);
}

static void test_number_listed_twice(book_t *book)
{
    static const uint16_t twice[] = { 1, 1, 1 };
    const gtpp_event_t *request = book_send(book, 1, 1);
    gtpp_event_t *answer = book_answer_list(book, ACCEPTED, twice, 3);

    assert_answered_by(request, answer);
    g_assert_cmpuint(request->item.answers, ==, 1);
    g_assert_null(gtpp_event_get_item(answer, 1));
}

static void test_list_of_known_and_unknown(book_t *book)
{
    static const uint16_t three[] = { 88, 1, 89 };
    const gtpp_event_t *request = book_send(book, 1, 1);
    gtpp_event_t *answer = book_answer_list(book, ACCEPTED, three, 3);

    assert_answered_by(request, answer);
    g_assert_cmpint(gtpp_event_get_item(answer, 0)->role, ==, GTPP_ITEM_UNMATCHED);
    g_assert_cmpint(gtpp_event_get_item(answer, 1)->role, ==, GTPP_ITEM_ANSWER);
    g_assert_cmpint(gtpp_event_get_item(answer, 2)->role, ==, GTPP_ITEM_UNMATCHED);
}

static void test_wrap(book_t *book)
{
    static const uint16_t order[] = { 65534, 65535, 0, 1 };
    const gtpp_event_t *requests[G_N_ELEMENTS(order)];

    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++) {
        requests[i] = book_send(book, order[i], i);
    }
    const gtpp_event_t *answer = book_answer_list(book, ACCEPTED, order, G_N_ELEMENTS(order));
    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++) {
        assert_answered_by(requests[i], answer);
    }
}

/* Kinds of request, both directions and all paths count for themselves. */
static void test_kinds_and_directions_have_own_numbers(book_t *book)
{
    static const uint8_t pairs[][2] = { { GTPP_ECHO_REQUEST, GTPP_ECHO_RESPONSE },
                                        { GTPP_NODE_ALIVE_REQUEST, GTPP_NODE_ALIVE_RESPONSE },
                                        { GTPP_REDIRECTION_REQUEST, GTPP_REDIRECTION_RESPONSE },
                                        { GTPP_DATA_RECORD_TRANSFER_REQUEST, GTPP_DATA_RECORD_TRANSFER_RESPONSE } };
    const gtpp_event_t *asked[2][2][G_N_ELEMENTS(pairs)];

    for (unsigned path = 0; path < 2; path++) {
        book_on(book, CDF, 40000 + path, CGF, 3386);
        for (unsigned direction = FROM_CDF; direction <= FROM_CGF; direction++) {
            for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
                asked[path][direction][i] = book_plain(book, direction, pairs[i][0], 2);
                assert_role(asked[path][direction][i], REQUEST);
            }
        }
    }
    for (unsigned path = 0; path < 2; path++) {
        book_on(book, CDF, 40000 + path, CGF, 3386);
        for (unsigned direction = FROM_CDF; direction <= FROM_CGF; direction++) {
            for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
                const gtpp_event_t *answer = book_plain(book, 1 - direction, pairs[i][1], 2);
                assert_answered_by(asked[path][direction][i], answer);
            }
        }
    }
}

/* Version Not Supported answers the kind of request that waits. */
static void test_version_not_supported(book_t *book)
{
    book_echo(book, 9);
    book_echo_answer(book, 9, 1);
    const gtpp_event_t *request = book_send(book, 9, 1);
    const gtpp_event_t *answer = book_plain(book, FROM_CGF, GTPP_VERSION_NOT_SUPPORTED, 9);
    assert_answered_by(request, answer);
    book_judge(book);
    assert_fate(request, REJECTED);
    const gtpp_event_t *echo = book_echo(book, 10);
    answer = book_plain(book, FROM_CGF, GTPP_VERSION_NOT_SUPPORTED, 10);
    assert_answered_by(echo, answer);
}

static gtpp_event_t *enter_version(book_t *book, unsigned direction, uint8_t type, uint16_t seq, uint8_t version)
{
    return book_enter(book, direction, (gtpp_ledger_input_t){ .type = type, .seq = seq, .version = version });
}

/* It stands before its request, where it was captured elsewhere: the request tells which kind it answers. A request of
 * the version that it names is another one, and so is one that comes later. */
static void test_version_not_supported_early(book_t *book)
{
    static const uint8_t kinds[] = { GTPP_ECHO_REQUEST, GTPP_NODE_ALIVE_REQUEST, GTPP_REDIRECTION_REQUEST };

    for (unsigned k = 0; k < G_N_ELEMENTS(kinds); k++) {
        const uint16_t seq = (uint16_t)(20 + 10 * k);
        const gtpp_event_t *answer = enter_version(book, FROM_CGF, GTPP_VERSION_NOT_SUPPORTED, seq, 1);
        const gtpp_event_t *request = enter_version(book, FROM_CDF, kinds[k], seq, 2);
        assert_answered_by(request, answer);
        book_judge(book);
        assert_fate(request, REJECTED);
        assert_findings(book, ASKED_BEFORE, 0);
    }
    for (uint16_t is_late = 0; is_late < 2; is_late++) {
        const gtpp_event_t *answer =
            enter_version(book, FROM_CGF, GTPP_VERSION_NOT_SUPPORTED, (uint16_t)(50 + is_late), 1);
        book_at(book, book->now + 2 * is_late);
        const gtpp_event_t *request =
            enter_version(book, FROM_CDF, GTPP_ECHO_REQUEST, (uint16_t)(50 + is_late), is_late ? 2 : 1);
        g_assert_null(answer->item.link);
        g_assert_null(book_answer_of(request));
    }
}

/* Types that GTP' does not have are kept, and are about nothing. */
static void test_other_types(book_t *book)
{
    const gtpp_event_t *other = book_plain(book, FROM_CGF, 99, 1);

    book_judge(book);
    g_assert_null(other->item.link);
    g_assert_false(gtpp_judge_is_request(other));
    assert_findings(book, UNSOLICITED, 0);
}

/* }}} */
/* {{{ Paths */

static void test_which_end_sends_records(book_t *book)
{
    static const bool services[2] = { true, false };
    static const bool none[2] = { false, false };
    static const uint32_t hosts[2] = { 1, 2 };

    g_assert_cmpuint(book->path->cdf, ==, 0);
    g_assert_false(book->path->is_cdf_known);
    book_plain(book, FROM_CGF, GTPP_DATA_RECORD_TRANSFER_REQUEST, 1);
    g_assert_cmpuint(book->path->cdf, ==, 1);
    g_assert_true(book->path->is_cdf_known);
    /* Where both ends send records, the first message tells. */
    book_plain(book, FROM_CGF, GTPP_DATA_RECORD_TRANSFER_RESPONSE, 1);
    book_plain(book, FROM_CDF, GTPP_DATA_RECORD_TRANSFER_REQUEST, 1);
    g_assert_cmpuint(book->path->cdf, ==, 1);
    g_assert_cmpuint(gtpp_ledger_open_path(book->ledger, hosts, hosts, services, 0)->cdf, ==, 1);
    g_assert_cmpuint(gtpp_ledger_open_path(book->ledger, hosts, hosts, none, 1)->cdf, ==, 1);
    g_assert_cmpuint(gtpp_ledger_count_paths(book->ledger), ==, 3);
    g_assert_cmpuint(gtpp_ledger_get_path(book->ledger, 2)->number, ==, 2);
    g_assert_null(gtpp_ledger_get_path(book->ledger, 3));
}

static void test_coverage(book_t *book)
{
    const gtpp_direction_t *up = &book->path->directions[FROM_CDF];
    const gtpp_direction_t *down = &book->path->directions[FROM_CGF];

    book_at(book, 5);
    book_send(book, 1, 1);
    book_at(book, 3);
    book_send(book, 2, 2);
    g_assert_cmpuint(up->messages, ==, 2);
    g_assert_cmpint(up->first, ==, 3 * SECOND);
    g_assert_cmpint(up->last, ==, 5 * SECOND);
    g_assert_cmpint(gtpp_ledger_find_gap(up, 0, 20 * SECOND), ==, GTPP_REASON_NONE);
    g_assert_cmpuint(down->messages, ==, 0);
    /* What a hole held was sent after the message before it. */
    book_at(book, 9);
    book_hole(book, FROM_CDF, 100);
    g_assert_cmpint(gtpp_ledger_find_gap(up, 0, 5 * SECOND - 1), ==, GTPP_REASON_NONE);
    g_assert_cmpint(gtpp_ledger_find_gap(up, 0, 5 * SECOND), ==, GTPP_REASON_HOLE);
    g_assert_cmpint(gtpp_ledger_find_gap(up, 9 * SECOND, 20 * SECOND), ==, GTPP_REASON_HOLE);
    g_assert_cmpint(gtpp_ledger_find_gap(up, 9 * SECOND + 1, 20 * SECOND), ==, GTPP_REASON_NONE);
    /* What has come late is not missing. */
    up->holes->octets = 0;
    g_assert_cmpint(gtpp_ledger_find_gap(up, 0, 20 * SECOND), ==, GTPP_REASON_NONE);
    book_at(book, 11);
    book_enter(book, FROM_CGF, (gtpp_ledger_input_t){ .type = GTPP_ECHO_RESPONSE, .is_cut = true });
    g_assert_cmpuint(down->cut, ==, 1);
    g_assert_cmpint(gtpp_ledger_find_gap(down, 11 * SECOND, 11 * SECOND), ==, GTPP_REASON_CUT);
    g_assert_cmpint(gtpp_ledger_find_gap(down, 0, 11 * SECOND - 1), ==, GTPP_REASON_NONE);
}

/* The last packet, on another path half a millisecond later. */
static const gtpp_event_t *see_on(book_t *book, gtpp_path_t *path, unsigned direction)
{
    gtpp_ledger_input_t input = g_array_index(book->inputs, gtpp_ledger_input_t, book->inputs->len - 1);

    input.path = path;
    input.time = 0;
    input.frame = NULL;
    book_at(book, book->now - 0.0095);
    return book_enter(book, direction, input);
}

/* Both sides of a NAT are captured: the packets are one and the same, and so are their numbers. What comes first in the
 * file is the packet itself: of requests the inner one, of answers the outer one. */
static void test_both_sides_of_a_nat(book_t *book)
{
    gtpp_path_t *inside = book->path;
    gtpp_path_t *outside = book_on(book, NAT, 5000, CGF, 3386);

    for (uint16_t i = 0; i < 4; i++) {
        book_on(book, CDF, 40000, CGF, 3386);
        const gtpp_event_t *request = book_send(book, i, 100 + i);
        const gtpp_event_t *outer = see_on(book, outside, FROM_CDF);
        book_on(book, NAT, 5000, CGF, 3386);
        const gtpp_event_t *answer = book_answer(book, i, ACCEPTED);
        const gtpp_event_t *inner = see_on(book, inside, FROM_CGF);
        assert_role(outer, COPY);
        g_assert_true(outer->item.link == &request->item);
        assert_role(inner, COPY);
        g_assert_true(inner->item.link == &answer->item);
        assert_answered_by(request, answer);
    }
    g_assert_true(outside->has_twin);
    g_assert_false(inside->has_twin);
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 4);
    assert_quiet(book);
}

/* The outer path was opened by a packet of the other direction. */
static void test_nat_with_directions_reversed(book_t *book)
{
    const uint32_t hosts[2] = { CGF, NAT };
    const uint32_t ends[2] = { CGF << 16 | 3386, NAT << 16 | 5000 };
    const bool services[2] = { true, false };
    gtpp_path_t *outside = gtpp_ledger_open_path(book->ledger, hosts, ends, services, 1);

    const gtpp_event_t *request = book_send(book, 1, 1);
    assert_role(see_on(book, outside, 1), COPY);
    book->path = outside;
    const gtpp_event_t *answer =
        book_enter(book, 0,
                   (gtpp_ledger_input_t){
                       .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE, .seq = 1, .has_cause = true, .cause = ACCEPTED });
    assert_answered_by(request, answer);
}

/* One socket sends the same packet to two nodes, each with an identification of its own: a NAT on the way would have
 * kept that. */
static void test_same_packet_to_two_nodes(book_t *book)
{
    const gtpp_event_t *first = book_send(book, 1, 1);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    book_at(book, book->now - 0.0095);
    const gtpp_event_t *second = book_send(book, 1, 1);
    assert_role(first, REQUEST);
    assert_role(second, REQUEST);
    g_assert_false(book->path->has_twin);
}

/* Without identifications: when the first node had rejected it. */
static void test_sent_to_another_when_rejected(book_t *book)
{
    book->has_no_ids = true;
    book_send(book, 1, 1);
    book_at(book, book->now - 0.0095);
    book_answer(book, 1, NO_RESOURCES);
    book_on(book, CDF, 40000, OTHER_CGF, 3386);
    book_at(book, book->now - 0.0095);
    assert_role(book_send(book, 1, 1), REQUEST);
}

/* Echo Requests to two nodes at the same time have the same octets, and may have the same identification. */
static void test_same_echo_to_two_nodes(book_t *book)
{
    const gtpp_event_t *first =
        book_enter(book, FROM_CDF, (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 1, .ip_id = 77 });

    book_on(book, CDF, 40001, OTHER_CGF, 3386);
    book_at(book, book->now - 0.009);
    assert_role(book_enter(book, FROM_CDF, (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = 1, .ip_id = 77 }),
                REQUEST);
    assert_role(first, REQUEST);
}

/* }}} */
/* {{{ Reading */

static void count_event(gtpp_event_t *event, void *data)
{
    unsigned *count = data;

    g_assert_cmpuint(GPOINTER_TO_UINT(event->frame), ==, ++*count);
}

static void test_visit(book_t *book)
{
    unsigned count = 0;

    gtpp_ledger_visit(book->ledger, count_event, &count);
    g_assert_cmpuint(count, ==, 0);
    for (unsigned i = 0; i < 100; i++) {
        book_send(book, (uint16_t)i, i);
        if (i == 31 || i == 32 || i == 99) {
            count = 0;
            gtpp_ledger_visit(book->ledger, count_event, &count);
            g_assert_cmpuint(count, ==, i + 1);
        }
    }
    g_assert_cmpuint(gtpp_ledger_count(book->ledger), ==, 100);
}

static void test_order_of_the_file(book_t *book)
{
    gtpp_event_t *first;

    book_at(book, 10);
    book_send(book, 1, 1);
    book_at(book, 9.99); /* queues of a network card */
    book_send(book, 2, 2);
    g_assert_cmpuint(gtpp_ledger_count_misplaced(book->ledger, &first), ==, 0);
    book_at(book, 5);
    const gtpp_event_t *early = book_send(book, 3, 3);
    book_send(book, 4, 4);
    book_at(book, 11);
    book_send(book, 5, 5);
    g_assert_cmpuint(gtpp_ledger_count_misplaced(book->ledger, &first), ==, 2);
    g_assert_true(first == early);
    g_assert_true(early->is_misplaced);
}

static void test_commands_that_elements_imply(book_t *book)
{
    static const uint16_t seq = 7;
    const gtpp_ledger_input_t plain = { .type = GTPP_DATA_RECORD_TRANSFER_REQUEST };
    gtpp_ledger_input_t release = plain;
    gtpp_ledger_input_t cancel = plain;

    release.released = (gtpp_ledger_list_t){ &seq, 1 };
    cancel.cancelled = (gtpp_ledger_list_t){ &seq, 1 };
    g_assert_cmpuint(book_enter(book, FROM_CDF, plain)->command, ==, GTPP_COMMAND_SEND);
    g_assert_cmpuint(book_enter(book, FROM_CDF, release)->command, ==, GTPP_COMMAND_RELEASE);
    g_assert_cmpuint(book_enter(book, FROM_CDF, cancel)->command, ==, GTPP_COMMAND_CANCEL);
    release.has_packet = true;
    g_assert_cmpuint(book_enter(book, FROM_CDF, release)->command, ==, GTPP_COMMAND_SEND);
}

/* Files with senseless times exist: whatever they are, times can be compared. */
static void test_senseless_times(book_t *book)
{
    static const int64_t times[] = { INT64_MIN, INT64_MAX, -1, INT64_MIN + 1, 1, INT64_MAX - 1, INT64_MIN };

    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++) {
        book_enter(book, FROM_CDF,
                   (gtpp_ledger_input_t){ .type = GTPP_ECHO_REQUEST, .seq = (uint16_t)(i % 2), .time = times[i] });
        book_enter(book, FROM_CGF,
                   (gtpp_ledger_input_t){ .type = GTPP_ECHO_RESPONSE,
                                          .seq = (uint16_t)(i % 2),
                                          .time = times[G_N_ELEMENTS(times) - 1 - i],
                                          .hole = book_hole(book, FROM_CGF, i) });
    }
    gtpp_judge_update(book->judge, INT64_C(0xffffffff) * SECOND, INT64_MAX);
    gtpp_judge_update(book->judge, INT64_C(0xffffffff) * SECOND, INT64_MIN);
}

/* }}} */

static void test_flood_of_paths(book_t *book)
{
    for (unsigned i = 0; i < 20000; i++) {
        const uint32_t hosts[2] = { 1000 + i, CGF };
        const bool services[2] = { false, true };
        book->path = gtpp_ledger_open_path(book->ledger, hosts, hosts, services, 0);
        book_send(book, 1, i);
        book_answer(book, (uint16_t)(i % 3), ACCEPTED);
    }
}

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "list_answers_not_the_header", test_list_answers_not_the_header },
        { "number_listed_twice", test_number_listed_twice },
        { "list_of_known_and_unknown", test_list_of_known_and_unknown },
        { "wrap", test_wrap },
        { "kinds_and_directions_have_own_numbers", test_kinds_and_directions_have_own_numbers },
        { "version_not_supported", test_version_not_supported },
        { "version_not_supported_early", test_version_not_supported_early },
        { "other_types", test_other_types },
        { "which_end_sends_records", test_which_end_sends_records },
        { "coverage", test_coverage },
        { "both_sides_of_a_nat", test_both_sides_of_a_nat },
        { "same_packet_to_two_nodes", test_same_packet_to_two_nodes },
        { "sent_to_another_when_rejected", test_sent_to_another_when_rejected },
        { "nat_with_directions_reversed", test_nat_with_directions_reversed },
        { "same_echo_to_two_nodes", test_same_echo_to_two_nodes },
        { "visit", test_visit },
        { "order_of_the_file", test_order_of_the_file },
        { "commands_that_elements_imply", test_commands_that_elements_imply },
        { "senseless_times", test_senseless_times },
        { "flood_of_paths", test_flood_of_paths },
    };

    return BOOK_RUN("gtpp_ledger", tests);
}
