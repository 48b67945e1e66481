/* ledger_book.c
 * The language in which the ledger's tests are written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

#include <string.h>

#include "gtpp/gtpp_pdu.h"

void book_start(book_t *book, const void *unused)
{
    (void)unused;
    memset(book, 0, sizeof *book);
    book->allocator = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    book->ledger = gtpp_ledger_open(book->allocator);
    book->path = gtpp_ledger_open_path(book->ledger, CDF_NODE, CGF_NODE);
    book->slips = g_array_new(FALSE, FALSE, sizeof(gtpp_slip_t));
    book->requests = g_hash_table_new(g_direct_hash, g_direct_equal);
}

unsigned book_count_records(const book_t *book, uint32_t path, gtpp_fate_t fate)
{
    unsigned count = 0;
    GHashTableIter all;
    void *each;

    g_hash_table_iter_init(&all, book->requests);
    while (g_hash_table_iter_next(&all, &each, NULL)) {
        const gtpp_request_t *request = each;
        count += request->path == path && request->fate == fate ? request->records : 0;
    }
    return count;
}

void book_check_fates(const book_t *book)
{
    GHashTableIter all;
    void *each;

    g_hash_table_iter_init(&all, book->requests);
    while (g_hash_table_iter_next(&all, &each, NULL)) {
        const gtpp_request_t *request = each;
        bool is_open = request->fate == GTPP_FATE_OUTSTANDING || request->fate == GTPP_FATE_ABANDONED;
        bool is_settled = request->fate == GTPP_FATE_RELEASED || request->fate == GTPP_FATE_CANCELLED;
        g_assert_cmpint(is_open, ==, request->answer_frame == 0);
        g_assert_cmpint(is_settled, ==, request->settle_frame != 0);
    }
    for (int path = 0; path < PATHS; path++) {
        g_assert_cmpint(book->missing[path], >=, 0);
    }
}

/* Takes in what is said of a message. A later pass reads of each what was read when it came: then COUNTED is false, and
 * nothing is new. */
static void take(book_t *book, const gtpp_result_t *result, bool counted)
{
    if (result->request != NULL && !result->is_copy) {
        g_assert_cmpint(g_hash_table_add(book->requests, result->request), ==, counted);
    }
    book->copies += result->is_copy ? 1 : 0;
    for (uint32_t i = 0; i < result->num_answers; i++) {
        g_assert_cmpuint(result->answers[i].request->answer_frame, !=, 0);
    }
    for (uint32_t i = 0; i < result->num_missing; i++) {
        g_assert_cmpuint(result->missing[i].path, <, PATHS);
        book->missing[result->missing[i].path] += result->missing[i].change;
    }
}

static void check_later_pass(book_t *book)
{
    long missing[PATHS];
    const unsigned copies = book->copies;

    memcpy(missing, book->missing, sizeof missing);
    memset(book->missing, 0, sizeof book->missing);
    book->copies = 0;
    for (unsigned i = 0; i < book->slips->len; i++) {
        const gtpp_slip_t *slip = &g_array_index(book->slips, gtpp_slip_t, i);
        g_assert_cmpuint(slip->frame, ==, i + 1);
        take(book, gtpp_result_read(slip, book->allocator), false);
    }
    g_assert_cmpuint(book->copies, ==, copies);
    g_assert_cmpmem(book->missing, sizeof missing, missing, sizeof missing);
}

void book_stop(book_t *book, const void *unused)
{
    (void)unused;
    book_check_fates(book);
    check_later_pass(book);
    g_array_free(book->slips, TRUE);
    g_hash_table_destroy(book->requests);
    gtpp_ledger_close(book->ledger);
    wmem_destroy_allocator(book->allocator);
}

const gtpp_result_t *book_enter(book_t *book, unsigned direction, gtpp_ledger_input_t input, unsigned content)
{
    input.path = book->path;
    input.direction = direction;
    input.frame = ++book->frame;
    input.time = (int64_t)book->frame * SECOND;
    input.length = 6 + content;
    input.digest = (uint64_t)content << 32 | (uint64_t)input.type << 16 | input.seq;
    const gtpp_slip_t slip = gtpp_ledger_enter_pdu(book->ledger, &input);
    const gtpp_result_t *result = gtpp_result_read(&slip, book->allocator);
    g_array_append_val(book->slips, slip);
    take(book, result, true);
    return result;
}

const gtpp_result_t *book_plain(book_t *book, unsigned direction, uint8_t type, uint16_t seq)
{
    return book_enter(book, direction, (gtpp_ledger_input_t){ .type = type, .seq = seq }, 0);
}

const gtpp_result_t *book_packet(book_t *book, uint8_t command, uint16_t seq, unsigned content)
{
    static const gtpp_ledger_record_t records[2];

    return book_enter(book, CDF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                             .seq = seq,
                                             .has_command = true,
                                             .command = command,
                                             .has_packet = true,
                                             .records = records,
                                             .num_records = 2 },
                      content);
}

const gtpp_result_t *book_send(book_t *book, uint16_t seq, unsigned content)
{
    return book_packet(book, GTPP_COMMAND_SEND, seq, content);
}

const gtpp_result_t *book_send_again(book_t *book, uint16_t seq)
{
    return book_packet(book, GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED, seq, 1);
}

const gtpp_result_t *book_probe(book_t *book, uint16_t seq)
{
    return book_enter(book, CDF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                             .seq = seq,
                                             .has_command = true,
                                             .command = GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED,
                                             .has_packet = true,
                                             .is_empty_packet = true },
                      0);
}

const gtpp_result_t *book_settle(book_t *book, uint8_t command, uint16_t seq, uint16_t first, uint16_t second)
{
    const uint16_t seqs[2] = { first, second };
    const gtpp_ledger_list_t list = { seqs, first == second ? 1 : 2 };
    gtpp_ledger_input_t input = {
        .type = GTPP_DATA_RECORD_TRANSFER_REQUEST, .seq = seq, .has_command = true, .command = command
    };

    *(command == GTPP_COMMAND_RELEASE ? &input.released : &input.cancelled) = list;
    return book_enter(book, CDF, input, 100u + first + second);
}

const gtpp_result_t *book_answer_list(book_t *book, uint8_t cause, uint16_t seq, uint32_t count, const uint16_t *seqs)
{
    return book_enter(book, CGF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE,
                                             .seq = seq,
                                             .has_cause = true,
                                             .cause = cause,
                                             .responded = { seqs, count } },
                      0);
}

const gtpp_result_t *book_answer(book_t *book, uint8_t cause, uint16_t seq)
{
    return book_answer_list(book, cause, seq, 1, &seq);
}

bool book_is_unacknowledged(const gtpp_result_t *result)
{
    return result->request != NULL && !result->is_copy &&
           (result->request->fate == GTPP_FATE_OUTSTANDING || result->request->fate == GTPP_FATE_ABANDONED);
}

const gtpp_finding_t *book_find_finding(const gtpp_result_t *result, gtpp_finding_kind_t kind)
{
    const gtpp_finding_t *finding = result->findings;

    while (finding != NULL && finding->kind != kind) {
        finding = finding->next;
    }
    return finding;
}
