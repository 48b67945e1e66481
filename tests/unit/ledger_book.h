/* ledger_book.h
 * The language in which the ledger's tests are written: a book takes in what the ledger says of each message, and
 * checks it in the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LEDGER_BOOK_H
#define PORTLORE_LEDGER_BOOK_H

#include "gtpp/gtpp_ledger.h"

#include <glib.h>

#define SECOND 1000000000 /* in nanoseconds */
enum { CDF, CGF };
#define PATHS 3
enum { CDF_NODE = 1, CGF_NODE = 2, OTHER_CGF_NODE = 3 };
enum { ACCEPTED = 128, UNDECODABLE = 177, NO_RESOURCES = 199, FULFILLED = 253, NUMBERS_INCORRECT = 254 };

typedef struct {
    wmem_allocator_t *allocator;
    gtpp_ledger_t *ledger;
    gtpp_path_t *path;
    uint32_t frame;
    GHashTable *requests; /* a set of gtpp_request_t *: all that there were */
    unsigned copies;      /* of records that were sent before */
    long missing[PATHS];
    GArray *slips; /* gtpp_slip_t of all messages */
} book_t;

/* Opens a book with a ledger and one path, from the CDF to the CGF; for g_test_add. */
void book_start(book_t *book, const void *unused);

/* Checks what must hold whatever happened, and that a later pass reads what the first one did; closes the book. */
void book_stop(book_t *book, const void *unused);

/* Whatever happened: what nobody answered has no answer, and what was released or cancelled had been answered. */
void book_check_fates(const book_t *book);

/* Records of a path that came to this. */
unsigned book_count_records(const book_t *book, uint32_t path, gtpp_fate_t fate);

/* A message a second after the one before. Equal numbers and contents are equal octets. */
const gtpp_result_t *book_enter(book_t *book, unsigned direction, gtpp_ledger_input_t input, unsigned content);

/* A message without elements. */
const gtpp_result_t *book_plain(book_t *book, unsigned direction, uint8_t type, uint16_t seq);

/* A packet of two records; CONTENT tells one packet from another. */
const gtpp_result_t *book_packet(book_t *book, uint8_t command, uint16_t seq, unsigned content);

/* An ordinary packet of two records. */
const gtpp_result_t *book_send(book_t *book, uint16_t seq, unsigned content);

/* A possibly duplicated packet of two records. */
const gtpp_result_t *book_send_again(book_t *book, uint16_t seq);

/* An empty packet, which asks whether the one of the same number has arrived. */
const gtpp_result_t *book_probe(book_t *book, uint16_t seq);

/* A request to release or cancel two packets, or one where both numbers are equal. */
const gtpp_result_t *book_settle(book_t *book, uint8_t command, uint16_t seq, uint16_t first, uint16_t second);

/* A response with the header number SEQ that lists up to three numbers: none where COUNT is 0. */
const gtpp_result_t *book_answer_list(book_t *book, uint8_t cause, uint16_t seq, uint32_t count, const uint16_t *seqs);

/* A response that lists the number in its header. */
const gtpp_result_t *book_answer(book_t *book, uint8_t cause, uint16_t seq);

/* True for the first copy of a request that nobody has answered so far. */
bool book_is_unacknowledged(const gtpp_result_t *result);

/* The first finding of this kind, or NULL. */
const gtpp_finding_t *book_find_finding(const gtpp_result_t *result, gtpp_finding_kind_t kind);

#define g_assert_records(book, name, value) \
    g_assert_cmpuint(book_count_records(book, gtpp_ledger_get_index((book)->path), GTPP_FATE_##name), ==, (value))

#endif
