/* ledger_book.h
 * The language in which the tests of the ledger and its judgement are written.
 *
 * A book is a capture of a few messages: each test says what was sent when, in the order of the file, has the book
 * judged, and checks what became of the requests and what is said of each message. Times are seconds. A message is sent
 * at the book's time, which then goes on by 10 ms; book_at() sets it.
 *
 * Two messages with equal contents have equal octets. Each packet has an IP identification of its own, as nodes give
 * it, but for copies by the network.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LEDGER_BOOK_H
#define PORTLORE_LEDGER_BOOK_H

#include <glib.h>

#include "gtpp/gtpp_judge.h"
#include "gtpp/gtpp_ledger.h"
#include "gtpp/gtpp_match.h"
#include "gtpp/gtpp_pdu.h"

/* Hosts. Paths are opened from a CDF's host to a CGF's. */
enum { CDF = 1, OTHER_CDF, CGF, OTHER_CGF, NAT };

/* Directions. */
enum { FROM_CDF, FROM_CGF };

enum {
    ACCEPTED = 128,
    UNDECODABLE = 177,
    NO_RESOURCES = 199,
    DUPLICATES_FULFILLED = 252,
    FULFILLED = 253,
    NUMBERS_INCORRECT = 254
};

#define SECOND INT64_C(1000000000) /* in nanoseconds */
#define T3 5                       /* seconds */

typedef struct {
    wmem_allocator_t *allocator;
    gtpp_ledger_t *ledger;
    gtpp_judge_t *judge;
    gtpp_path_t *path; /* on which the next message is sent */
    GPtrArray *events; /* gtpp_event_t *, in the order of the file */
    GArray *inputs;    /* what was entered for each */
    double now;        /* seconds */
    double latest;     /* time of the latest message */
    uint16_t ip_id;    /* of the last packet; at 0 packets have none as long as has_no_ids */
    bool has_no_ids;
    uint64_t node; /* the node of the records: two of one host have different ones; 0: records without local number */
    uint16_t record_type; /* their kind */
} book_t;

/* {{{ Tests */

typedef struct {
    const char *name;
    void (*run)(book_t *book);
} book_test_t;

/* Runs the tests of a module, each with a book of its own, which has one path: from CDF to CGF. After each, what holds
 * for every book is checked. */
int book_run(int argc, char **argv, const char *module, const book_test_t *tests, size_t count);

#define BOOK_RUN(module, tests) book_run(argc, argv, module, tests, G_N_ELEMENTS(tests))

/* For tests with several books. */
void book_open(book_t *book);
void book_close(book_t *book);

/* }}} */
/* {{{ What was sent */

void book_at(book_t *book, double seconds);

/* The path between two ends, which is opened when it is new: the next messages are sent on it. */
gtpp_path_t *book_on(book_t *book, uint32_t cdf, unsigned cdf_port, uint32_t cgf, unsigned cgf_port);

/* A path of packets without addresses. */
gtpp_path_t *book_on_nameless(book_t *book);

/* Any message. The book gives what is 0: path, time, digest, length and IP identification. */
gtpp_event_t *book_enter(book_t *book, unsigned direction, gtpp_ledger_input_t input);

/* A hole in the TCP stream of DIRECTION, between the message before it and the next one. */
const gtpp_hole_t *book_hole(book_t *book, unsigned direction, uint32_t octets);

/* The same packet, captured again. */
gtpp_event_t *book_copied(book_t *book, const gtpp_event_t *event);

/* The same octets, sent again. */
gtpp_event_t *book_sent_again(book_t *book, const gtpp_event_t *event);

/* A message without elements. */
gtpp_event_t *book_plain(book_t *book, unsigned direction, uint8_t type, uint16_t seq);

/* A packet of one record, or of COUNT records, from the local number FIRST on. */
gtpp_event_t *book_send(book_t *book, uint16_t seq, uint32_t local);
gtpp_event_t *book_send_records(book_t *book, uint8_t command, uint16_t seq, uint32_t first, uint32_t count);

/* The same, possibly duplicated. */
gtpp_event_t *book_send_duplicated(book_t *book, uint16_t seq, uint32_t local);

/* An empty packet, which asks whether the one of the same number has arrived. */
gtpp_event_t *book_probe(book_t *book, uint16_t seq);

/* A request to release (or cancel) one possibly duplicated packet. */
gtpp_event_t *book_release(book_t *book, uint16_t seq, uint16_t packet);
gtpp_event_t *book_cancel(book_t *book, uint16_t seq, uint16_t packet);

/* A response that lists the number in its header, or COUNT numbers. */
gtpp_event_t *book_answer(book_t *book, uint16_t seq, uint8_t cause);
gtpp_event_t *book_answer_list(book_t *book, uint8_t cause, const uint16_t *seqs, uint32_t count);

/* A packet of one record, which is sent and accepted; the request. */
gtpp_event_t *book_exchange(book_t *book, uint16_t seq, uint32_t local);

/* An Echo Request of the CDF, and the CGF's response with its restart counter. */
gtpp_event_t *book_echo(book_t *book, uint16_t seq);
gtpp_event_t *book_echo_answer(book_t *book, uint16_t seq, uint8_t counter);

/* A Redirection Request of the CGF, and the CDF's acceptance. */
gtpp_event_t *book_redirect(book_t *book, uint16_t seq);
gtpp_event_t *book_redirect_answer(book_t *book, uint16_t seq);

/* }}} */
/* {{{ What is said */

/* Judges the book: the capture ends a minute after the latest message, or SECONDS after it. */
void book_judge(book_t *book);
void book_judge_at_end(book_t *book, double seconds);

/* Records of a path, or of all (NULL), in the column of FATE. */
uint32_t book_count(const book_t *book, const gtpp_path_t *path, gtpp_fate_t fate);

/* Findings of one kind in the whole book. */
uint32_t book_count_findings(const book_t *book, gtpp_finding_kind_t kind);

/* The finding of that kind, or NULL. */
const gtpp_finding_t *book_find(const gtpp_event_t *event, gtpp_finding_kind_t kind);

/* The answer that counts to a request; NULL: none. */
const gtpp_event_t *book_answer_of(const gtpp_event_t *request);

/* All that was judged, a line for each message, by its number. To be freed. */
char *book_print(const book_t *book);

/* What holds for every judged book. */
void book_check(book_t *book);

#define assert_fate(event, name) g_assert_cmpint((event)->fate, ==, GTPP_FATE_##name)
#define assert_role(event, name) g_assert_cmpint((event)->item.role, ==, GTPP_ITEM_##name)
#define assert_says(event, name) g_assert_nonnull(book_find(event, GTPP_FINDING_##name))
#define assert_says_not(event, name) g_assert_null(book_find(event, GTPP_FINDING_##name))
#define assert_undecided_for(event, name) \
    g_assert_cmpint(book_find(event, GTPP_FINDING_UNDECIDED)->reason, ==, GTPP_REASON_##name)
#define assert_answered_by(request, answer) g_assert_true(book_answer_of(request) == (answer))
#define assert_column(book, name, value) g_assert_cmpuint(book_count(book, NULL, GTPP_FATE_##name), ==, (value))
#define assert_findings(book, name, value) g_assert_cmpuint(book_count_findings(book, GTPP_FINDING_##name), ==, (value))

/* Nothing at all is remarkable. */
#define assert_quiet(book) g_assert_cmpuint(book_count_findings(book, GTPP_FINDING_COUNT), ==, 0)

/* }}} */

#endif
