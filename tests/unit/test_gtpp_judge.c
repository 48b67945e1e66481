/* test_gtpp_judge.c
 * The judgement as a whole: when it is made, and what holds whatever was sent, and in whatever order the file has it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "ledger_book.h"

/* {{{ When it is made */

static void test_nothing(book_t *book)
{
    book_judge(book);
    assert_quiet(book);
}

/* What has come since is judged, and what was judged is judged anew. */
static void test_events_come(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    book_judge(book);
    assert_fate(request, UNACKNOWLEDGED);
    assert_says(request, UNACKNOWLEDGED);
    book_answer(book, 1, ACCEPTED);
    book_judge(book);
    assert_fate(request, ACKNOWLEDGED);
    assert_says_not(request, UNACKNOWLEDGED);
}

/* The end of the capture and T3 count, too. */
static void test_end_comes(book_t *book)
{
    const gtpp_event_t *request = book_send(book, 1, 1);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    book_judge_at_end(book, 1);
    assert_fate(request, NOT_YET);
    book_judge_at_end(book, 10);
    assert_fate(request, UNACKNOWLEDGED);
    gtpp_judge_update(book->judge, 20 * SECOND, (int64_t)(book->latest + 10) * SECOND);
    assert_fate(request, NOT_YET);
}

static void test_order_of_the_file(book_t *book)
{
    book_at(book, 1000);
    book_echo(book, 1);
    book_echo_answer(book, 1, 1);
    book_at(book, 400);
    const gtpp_event_t *first = book_echo(book, 2);
    book_echo_answer(book, 2, 1);
    book_judge(book);
    g_assert_cmpuint(book_find(first, GTPP_FINDING_FILE_ORDER)->count, ==, 2);
    g_assert_cmpuint(book_count_findings(book, GTPP_FINDING_COUNT), ==, 1);
}

/* The clock was set back amid an exchange, and between two: each is whole. */
static void test_clock_steps_back(book_t *book)
{
    for (unsigned amid = 0; amid < 2; amid++) {
        for (uint16_t i = 0; i < 10; i++) {
            book_at(book, 1000 + i - (i >= 5 + amid ? 1.5 : 0));
            const gtpp_event_t *request = book_send(book, (uint16_t)(10 * amid + i), 10 * amid + i);
            if (amid && i == 5) {
                book_at(book, 1005 - 1.49);
            }
            const gtpp_event_t *answer = book_answer(book, (uint16_t)(10 * amid + i), ACCEPTED);
            assert_answered_by(request, answer);
        }
    }
    book_judge(book);
    assert_column(book, ACKNOWLEDGED, 20);
    g_assert_cmpuint(book_count_findings(book, GTPP_FINDING_COUNT), ==, 1);
    assert_findings(book, FILE_ORDER, 1);
}

/* Both ends send requests under the same numbers. */
static void test_both_ends_ask(book_t *book)
{
    for (uint16_t i = 0; i < 4; i++) {
        const gtpp_event_t *one = book_send(book, i, i);
        const gtpp_event_t *other = book_plain(book, FROM_CGF, GTPP_DATA_RECORD_TRANSFER_REQUEST, i);
        const gtpp_event_t *to_one = book_answer(book, i, ACCEPTED);
        const gtpp_event_t *to_other = book_enter(
            book, FROM_CDF,
            (gtpp_ledger_input_t){
                .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE, .seq = i, .has_cause = true, .cause = ACCEPTED });
        assert_answered_by(one, to_one);
        assert_answered_by(other, to_other);
    }
    book_judge(book);
    assert_quiet(book);
}

/* }}} */
/* {{{ Anything in any order */

static gtpp_event_t *send_anything(book_t *book, GRand *random)
{
    const uint16_t seq = (uint16_t)g_rand_int_range(random, 0, 12);
    const uint16_t other = (uint16_t)g_rand_int_range(random, 0, 12);
    const uint32_t local = (uint32_t)g_rand_int_range(random, 0, 40);
    const uint8_t octet = (uint8_t)g_rand_int_range(random, 0, 256);
    const uint16_t seqs[] = { seq, other, 3 };
    gtpp_ledger_input_t input = { .type = GTPP_DATA_RECORD_TRANSFER_REQUEST, .seq = seq };

    switch (g_rand_int_range(random, 0, 16)) {
    case 0:
    case 1:
        return book_send(book, seq, local);
    case 2:
        return book_send_records(book, (uint8_t)g_rand_int_range(random, 1, 3), seq, local, local % 5);
    case 3:
        return book_send_duplicated(book, seq, local);
    case 4:
        return book_probe(book, seq);
    case 5:
        return book_release(book, seq, other);
    case 6:
        return book_cancel(book, seq, other);
    case 7:
        return book_answer(book, seq, ACCEPTED);
    case 8:
        return book_answer_list(book, octet < 128 ? ACCEPTED : octet, seqs, 1 + octet % 3);
    case 9:
        return book_echo(book, seq);
    case 10:
        return book_echo_answer(book, seq, octet % 4);
    case 11:
        return octet % 2 == 0 ? book_redirect(book, seq) : book_redirect_answer(book, seq);
    case 12:
        return book_plain(book, octet % 2, octet, seq);
    case 13:
        return book_plain(book, FROM_CGF, GTPP_VERSION_NOT_SUPPORTED, seq);
    case 14:
        input.type = octet % 2 == 0 ? GTPP_DATA_RECORD_TRANSFER_REQUEST : GTPP_DATA_RECORD_TRANSFER_RESPONSE;
        input.is_cut = octet % 4 < 2;
        input.has_packet = true;
        input.announced = octet % 7;
        input.hole = octet % 3 == 0 ? book_hole(book, octet % 2, octet) : NULL;
        return book_enter(book, octet % 2, input);
    default:
        if (book->events->len == 0) {
            return NULL;
        }
        const unsigned place = (unsigned)g_rand_int_range(random, 0, (int)book->events->len);
        const gtpp_event_t *event = book->events->pdata[MAX(place, book->events->len - MIN(book->events->len, 20))];
        return octet % 2 == 0 ? book_copied(book, event) : book_sent_again(book, event);
    }
}

static void send_at_any_time(book_t *book, GRand *random)
{
    static const double steps[] = { 0.0001, 0.003, 0.01, 1, 5, 20, 70, 4000 };
    const double sign = g_rand_int_range(random, 0, 10) == 0 ? -1 : 1;

    book_at(book, MAX(1, book->now + sign * steps[g_rand_int_range(random, 0, G_N_ELEMENTS(steps))]));
    switch (g_rand_int_range(random, 0, 6)) {
    case 0:
        book_on(book, CDF, 40001, CGF, 3386);
        break;
    case 1:
        book_on(book, CDF, 40000, OTHER_CGF, 3386);
        break;
    case 2:
        book_on(book, NAT, 40000, CGF, 3386);
        break;
    case 3:
        book_on_nameless(book);
        break;
    default:
        book_on(book, CDF, 40000, CGF, 3386);
        break;
    }
    send_anything(book, random);
}

/* Each record is in one column, each sentence has what it names, and judging twice says the same. */
static void test_anything(book_t *book)
{
    for (unsigned seed = 1; seed <= 300; seed++) {
        GRand *random = g_rand_new_with_seed(seed);
        book_t own;
        book_open(&own);
        own.has_no_ids = seed % 3 == 0;
        const int count = g_rand_int_range(random, 1, 300);
        for (int i = 0; i < count; i++) {
            send_at_any_time(&own, random);
        }
        book_judge(&own);
        book_check(&own);
        book_close(&own);
        g_rand_free(random);
    }
    book_judge(book);
}

/* The judgement of a capture that was judged on the way is that of one that was not. */
static void test_judged_on_the_way(book_t *book)
{
    for (unsigned seed = 1; seed <= 50; seed++) {
        char *said[2];
        for (unsigned is_judged = 0; is_judged < 2; is_judged++) {
            GRand *random = g_rand_new_with_seed(seed);
            book_t own;
            book_open(&own);
            for (int i = 0; i < 100; i++) {
                send_at_any_time(&own, random);
                if (is_judged) {
                    book_judge(&own);
                }
            }
            book_judge(&own);
            said[is_judged] = book_print(&own);
            book_close(&own);
            g_rand_free(random);
        }
        g_assert_cmpstr(said[0], ==, said[1]);
        g_free(said[0]);
        g_free(said[1]);
    }
    book_judge(book);
}

/* }}} */
/* {{{ The order of the file */

/* A day of two CDFs and two CGFs, in the order of time: what was entered for each message. Exchanges of one number are
 * further apart than an answer can be from its request. */
typedef struct {
    book_t book;
    GRand *random;
    double now;
    uint16_t seq;
    uint32_t local;
    uint16_t echo; /* the number of Echo Requests */
    bool has_one_echo;
} day_t;

static void exchange(day_t *day)
{
    book_t *book = &day->book;
    const bool is_answered = g_rand_int_range(day->random, 0, 10) > 0;
    const unsigned copies =
        (unsigned)(g_rand_int_range(day->random, 0, 5) == 0 ? g_rand_int_range(day->random, 1, 4) : 0);
    const bool is_changed = copies > 0 && g_rand_int_range(day->random, 0, 3) == 0;
    const uint16_t seq = day->seq = (uint16_t)((day->seq + 1) % 40);
    day->echo = day->has_one_echo ? 0 : seq;

    book_on(book, CDF, 40000, g_rand_int_range(day->random, 0, 2) == 0 ? CGF : OTHER_CGF, 3386);
    const int kind = g_rand_int_range(day->random, 0, 5);
    /* Echo Requests of one number are known by their distance. */
    day->now += kind == 0 && day->has_one_echo ? 40 : 6;
    book_at(book, day->now);
    const gtpp_event_t *request;
    switch (kind) {
    case 0:
        request = book_echo(book, day->echo);
        break;
    case 1:
        request = book_send_duplicated(book, seq, ++day->local);
        break;
    case 2:
        request = book_release(book, seq, (uint16_t)((seq + 37) % 40));
        break;
    default:
        /* Some records are sent a second time, as after a failover. */
        day->local -= g_rand_int_range(day->random, 0, 8) == 0 ? 1 : 0;
        request = book_send_records(book, GTPP_COMMAND_SEND, seq, ++day->local, 1);
        break;
    }
    const uint32_t local = request->num_records > 0 ? request->records[0].local_seq : 0;
    for (unsigned i = 0; i < copies; i++) {
        day->now += 5;
        book_at(book, day->now);
        if (is_changed && i + 1 == copies && request->num_records > 0) {
            gtpp_event_t *copy = book_send_duplicated(book, seq, local);
            g_assert_nonnull(copy);
        } else {
            book_sent_again(book, request);
        }
    }
    day->now += 0.02;
    book_at(book, day->now);
    if (is_answered && request->type == GTPP_ECHO_REQUEST) {
        book_echo_answer(book, day->echo, (uint8_t)(1 + day->now / 1400));
    } else if (is_answered) {
        book_answer(book, seq, g_rand_int_range(day->random, 0, 12) == 0 ? NO_RESOURCES : ACCEPTED);
    }
}

/* The fates of all messages and what is said of them, but for what the order of the file is about. */
static char *print_day(const book_t *book)
{
    GString *text = g_string_new(NULL);
    char *all = book_print(book);
    char **lines = g_strsplit(all, "\n", 0);
    char *order = g_strdup_printf(", finding %u: 0 0 0 0 ", GTPP_FINDING_FILE_ORDER);

    for (unsigned i = 0; lines[i] != NULL; i++) {
        char *found = strstr(lines[i], order);
        if (found != NULL) {
            *found = '\0';
        }
        g_string_append_printf(text, "%s\n", lines[i]);
    }
    g_strfreev(lines);
    g_free(order);
    g_free(all);
    return g_string_free(text, FALSE);
}

/* Enters the day's messages in the order of PLACES, by number. */
static char *read_in_order(const day_t *day, const unsigned *places)
{
    const book_t *book = &day->book;
    book_t other;

    book_open(&other);
    book_on(&other, CDF, 40000, OTHER_CGF, 3386);
    for (unsigned i = 0; i < book->inputs->len; i++) {
        gtpp_ledger_input_t input = g_array_index(book->inputs, gtpp_ledger_input_t, places[i]);
        const gtpp_event_t *event = book->events->pdata[places[i]];
        input.path = gtpp_ledger_get_path(other.ledger, input.path->number);
        input.time = event->time;
        input.frame = GUINT_TO_POINTER(places[i] + 1);
        book_enter(&other, input.direction, input);
    }
    other.latest = book->latest;
    book_judge(&other);
    book_check(&other);
    char *said = print_day(&other);
    book_close(&other);
    return said;
}

/* Files of a ring in any order; or all of one direction before all of the other. */
static void shuffle(const day_t *day, unsigned way, unsigned *places)
{
    const unsigned count = day->book.inputs->len;
    const unsigned cut = (unsigned)g_rand_int_range(day->random, 0, (int)count);
    unsigned filled = 0;

    if (way < 2) {
        for (unsigned direction = 0; direction < 2; direction++) {
            for (unsigned i = 0; i < count; i++) {
                const gtpp_event_t *event = day->book.events->pdata[i];
                if (event->direction == (direction ^ way)) {
                    places[filled++] = i;
                }
            }
        }
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        places[i] = (i + cut) % count;
    }
    if (way == 3) { /* three files: the second, the first, the third */
        for (unsigned i = 0; i < count; i++) {
            places[i] = i < cut / 2 ? i + cut / 2 : i < cut / 2 * 2 ? i - cut / 2 : i;
        }
    }
}

static void check_same(unsigned seed, unsigned way, const char *said, const char *in_order)
{
    char **lines = g_strsplit(said, "\n", 0);
    char **expected = g_strsplit(in_order, "\n", 0);

    for (unsigned i = 0; lines[i] != NULL && expected[i] != NULL; i++) {
        if (strcmp(lines[i], expected[i]) != 0) {
            g_error("seed %u, way %u: \"%s\", in order \"%s\"", seed, way, lines[i], expected[i]);
        }
    }
    g_strfreev(lines);
    g_strfreev(expected);
}

static void test_files_in_any_order(book_t *book)
{
    for (unsigned seed = 1; seed <= 200; seed++) {
        day_t day = { .now = 1000, .local = 500, .has_one_echo = seed % 2 == 0 };
        book_open(&day.book);
        day.random = g_rand_new_with_seed(seed);
        for (unsigned i = 0; i < 80; i++) {
            exchange(&day);
        }
        unsigned *places = g_new(unsigned, day.book.inputs->len);
        for (unsigned i = 0; i < day.book.inputs->len; i++) {
            places[i] = i;
        }
        char *in_order = read_in_order(&day, places);
        for (unsigned way = 0; way < 4; way++) {
            shuffle(&day, way, places);
            char *said = read_in_order(&day, places);
            check_same(seed, way, said, in_order);
            g_free(said);
        }
        g_free(in_order);
        g_free(places);
        g_rand_free(day.random);
        book_close(&day.book);
    }
    book_judge(book);
}

/* }}} */

int main(int argc, char **argv)
{
    static const book_test_t tests[] = {
        { "nothing", test_nothing },
        { "events_come", test_events_come },
        { "end_comes", test_end_comes },
        { "order_of_the_file", test_order_of_the_file },
        { "clock_steps_back", test_clock_steps_back },
        { "both_ends_ask", test_both_ends_ask },
        { "anything", test_anything },
        { "judged_on_the_way", test_judged_on_the_way },
        { "files_in_any_order", test_files_in_any_order },
    };

    return BOOK_RUN("gtpp_judge", tests);
}
