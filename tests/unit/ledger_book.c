/* ledger_book.c
 * The language in which the tests of the ledger and its judgement are written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger_book.h"

#include <string.h>

#define STEP 0.01

static int64_t nanoseconds(double seconds)
{
    return (int64_t)(seconds * 1e9 + 0.5);
}

/* {{{ Tests */

void book_open(book_t *book)
{
    memset(book, 0, sizeof *book);
    book->allocator = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    book->ledger = gtpp_ledger_open(book->allocator);
    book->judge = gtpp_judge_open(book->ledger, book->allocator);
    book->events = g_ptr_array_new();
    book->inputs = g_array_new(FALSE, FALSE, sizeof(gtpp_ledger_input_t));
    book->node = 1;
    book->record_type = 1;
    book->now = 1000;
    book_on(book, CDF, 40000, CGF, 3386);
}

void book_close(book_t *book)
{
    g_ptr_array_free(book->events, TRUE);
    g_array_free(book->inputs, TRUE);
    gtpp_judge_close(book->judge);
    gtpp_ledger_close(book->ledger);
    wmem_destroy_allocator(book->allocator);
}

static void run_one(const void *data)
{
    const book_test_t *test = data;
    book_t book;

    book_open(&book);
    test->run(&book);
    book_judge(&book);
    book_check(&book);
    book_close(&book);
}

int book_run(int argc, char **argv, const char *module, const book_test_t *tests, size_t count)
{
    g_test_init(&argc, &argv, NULL);
    wmem_init();
    for (size_t i = 0; i < count; i++) {
        char *name = g_strdup_printf("/%s/%s", module, tests[i].name);
        g_test_add_data_func(name, &tests[i], run_one);
        g_free(name);
    }
    return g_test_run();
}

/* }}} */
/* {{{ What was sent */

void book_at(book_t *book, double seconds)
{
    book->now = seconds;
}

static gtpp_path_t *find_or_open_path(book_t *book, const uint32_t hosts[2], const uint32_t ends[2], bool is_service)
{
    const bool services[2] = { false, is_service };

    for (uint32_t i = 0; i < gtpp_ledger_count_paths(book->ledger); i++) {
        gtpp_path_t *path = gtpp_ledger_get_path(book->ledger, i);
        if (path->ends[0] == ends[0] && path->ends[1] == ends[1]) {
            return path;
        }
    }
    return gtpp_ledger_open_path(book->ledger, hosts, ends, services, 0);
}

gtpp_path_t *book_on(book_t *book, uint32_t cdf, unsigned cdf_port, uint32_t cgf, unsigned cgf_port)
{
    const uint32_t hosts[2] = { cdf, cgf };
    const uint32_t ends[2] = { cdf << 16 | cdf_port, cgf << 16 | cgf_port };

    book->path = find_or_open_path(book, hosts, ends, true);
    return book->path;
}

gtpp_path_t *book_on_nameless(book_t *book)
{
    const uint32_t none[2] = { 100, 100 };

    book->path = find_or_open_path(book, none, none, false);
    return book->path;
}

static uint64_t mix(uint64_t digest, uint64_t value)
{
    digest = (digest ^ value) * G_GUINT64_CONSTANT(1099511628211);
    return digest ^ digest >> 29;
}

static uint64_t mix_list(uint64_t digest, const gtpp_ledger_list_t *list)
{
    digest = mix(digest, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        digest = mix(digest, list->seqs[i]);
    }
    return digest;
}

static uint64_t digest_of(const gtpp_ledger_input_t *input)
{
    uint64_t digest = mix(mix(7, input->type), input->seq);

    digest = mix(mix(mix(digest, input->command), input->cause), input->recovery);
    for (uint32_t i = 0; i < input->num_records; i++) {
        digest = mix(mix(digest, input->records[i].identity), input->records[i].local_seq);
    }
    digest = mix_list(digest, &input->responded);
    digest = mix_list(digest, &input->released);
    digest = mix_list(digest, &input->cancelled);
    return mix(digest, input->is_cut);
}

static gtpp_ledger_list_t keep_list(const book_t *book, gtpp_ledger_list_t list)
{
    return (gtpp_ledger_list_t){ wmem_memdup(book->allocator, list.seqs, list.count * sizeof *list.seqs), list.count };
}

static void keep_input(book_t *book, const gtpp_ledger_input_t *input)
{
    gtpp_ledger_input_t kept = *input;

    kept.records = wmem_memdup(book->allocator, input->records, input->num_records * sizeof *input->records);
    kept.responded = keep_list(book, input->responded);
    kept.released = keep_list(book, input->released);
    kept.cancelled = keep_list(book, input->cancelled);
    g_array_append_val(book->inputs, kept);
}

gtpp_event_t *book_enter(book_t *book, unsigned direction, gtpp_ledger_input_t input)
{
    input.direction = direction;
    input.path = input.path != NULL ? input.path : book->path;
    input.frame = input.frame != NULL ? input.frame : GUINT_TO_POINTER(book->events->len + 1);
    if (input.time == 0) {
        input.time = nanoseconds(book->now);
        book->latest = MAX(book->latest, book->now);
        book->now += STEP;
    }
    input.digest = input.digest != 0 ? input.digest : digest_of(&input);
    input.length = input.length != 0 ? input.length : 6 + 50 * input.num_records;
    input.announced = MAX(input.announced, (uint16_t)input.num_records);
    if (input.ip_id == 0 && !book->has_no_ids) {
        book->ip_id = (uint16_t)(book->ip_id + 1 != UINT16_MAX + 1 ? book->ip_id + 1 : 1);
        input.ip_id = book->ip_id;
    }
    keep_input(book, &input);
    gtpp_event_t *event = gtpp_ledger_enter(book->ledger, &input);
    g_ptr_array_add(book->events, event);
    return event;
}

const gtpp_hole_t *book_hole(book_t *book, unsigned direction, uint32_t octets)
{
    const gtpp_direction_t *before = &book->path->directions[direction];
    gtpp_hole_t *hole = wmem_new0(book->allocator, gtpp_hole_t);

    hole->octets = octets;
    hole->until = nanoseconds(book->now);
    hole->since = before->messages > 0 ? MIN(before->last, hole->until) : GTPP_TIME_MIN;
    gtpp_ledger_add_hole(book->ledger, book->path, direction, hole);
    return hole;
}

static gtpp_ledger_input_t input_of(const book_t *book, const gtpp_event_t *event)
{
    for (unsigned i = 0; i < book->events->len; i++) {
        if (book->events->pdata[i] == event) {
            gtpp_ledger_input_t input = g_array_index(book->inputs, gtpp_ledger_input_t, i);
            input.time = 0;
            input.frame = NULL;
            return input;
        }
    }
    g_assert_not_reached();
}

gtpp_event_t *book_copied(book_t *book, const gtpp_event_t *event)
{
    const gtpp_ledger_input_t input = input_of(book, event);

    return book_enter(book, event->direction, input);
}

gtpp_event_t *book_sent_again(book_t *book, const gtpp_event_t *event)
{
    gtpp_ledger_input_t input = input_of(book, event);

    input.ip_id = 0;
    return book_enter(book, event->direction, input);
}

gtpp_event_t *book_plain(book_t *book, unsigned direction, uint8_t type, uint16_t seq)
{
    return book_enter(book, direction, (gtpp_ledger_input_t){ .type = type, .seq = seq });
}

/* A record is the same wherever it travels: sender, node, kind and number tell it. */
static gtpp_event_record_t make_record(const book_t *book, uint32_t local)
{
    const uint64_t node = mix(3, book->node) ^ gtpp_event_host_salt(book->path->hosts[0]);
    gtpp_event_record_t record = { .identity = mix(mix(node, book->record_type), local) | 1,
                                   .type = book->record_type };

    if (book->node != 0) {
        record.node = node;
        record.local_seq = local;
    }
    return record;
}

gtpp_event_t *book_send_records(book_t *book, uint8_t command, uint16_t seq, uint32_t first, uint32_t count)
{
    gtpp_event_record_t *records = g_new(gtpp_event_record_t, count);

    for (uint32_t i = 0; i < count; i++) {
        records[i] = make_record(book, first + i);
    }
    gtpp_event_t *event = book_enter(book, FROM_CDF,
                                     (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                                            .seq = seq,
                                                            .has_command = true,
                                                            .command = command,
                                                            .has_packet = true,
                                                            .records = records,
                                                            .num_records = count });
    g_free(records);
    return event;
}

gtpp_event_t *book_send(book_t *book, uint16_t seq, uint32_t local)
{
    return book_send_records(book, GTPP_COMMAND_SEND, seq, local, 1);
}

gtpp_event_t *book_send_duplicated(book_t *book, uint16_t seq, uint32_t local)
{
    return book_send_records(book, GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED, seq, local, 1);
}

gtpp_event_t *book_probe(book_t *book, uint16_t seq)
{
    return book_enter(book, FROM_CDF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                             .seq = seq,
                                             .has_command = true,
                                             .command = GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED,
                                             .has_packet = true,
                                             .is_empty_packet = true });
}

gtpp_event_t *book_release(book_t *book, uint16_t seq, uint16_t packet)
{
    return book_enter(book, FROM_CDF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                             .seq = seq,
                                             .has_command = true,
                                             .command = GTPP_COMMAND_RELEASE,
                                             .released = { &packet, 1 } });
}

gtpp_event_t *book_cancel(book_t *book, uint16_t seq, uint16_t packet)
{
    return book_enter(book, FROM_CDF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_REQUEST,
                                             .seq = seq,
                                             .has_command = true,
                                             .command = GTPP_COMMAND_CANCEL,
                                             .cancelled = { &packet, 1 } });
}

static gtpp_event_t *enter_answer(book_t *book, uint16_t seq, uint8_t cause, const uint16_t *seqs, uint32_t count)
{
    return book_enter(book, FROM_CGF,
                      (gtpp_ledger_input_t){ .type = GTPP_DATA_RECORD_TRANSFER_RESPONSE,
                                             .seq = seq,
                                             .has_cause = true,
                                             .cause = cause,
                                             .responded = { seqs, count } });
}

gtpp_event_t *book_answer(book_t *book, uint16_t seq, uint8_t cause)
{
    return enter_answer(book, seq, cause, &seq, 1);
}

gtpp_event_t *book_answer_list(book_t *book, uint8_t cause, const uint16_t *seqs, uint32_t count)
{
    return enter_answer(book, seqs[count - 1], cause, seqs, count);
}

gtpp_event_t *book_exchange(book_t *book, uint16_t seq, uint32_t local)
{
    gtpp_event_t *request = book_send(book, seq, local);

    book_answer(book, seq, ACCEPTED);
    return request;
}

gtpp_event_t *book_echo(book_t *book, uint16_t seq)
{
    return book_plain(book, FROM_CDF, GTPP_ECHO_REQUEST, seq);
}

gtpp_event_t *book_echo_answer(book_t *book, uint16_t seq, uint8_t counter)
{
    return book_enter(
        book, FROM_CGF,
        (gtpp_ledger_input_t){ .type = GTPP_ECHO_RESPONSE, .seq = seq, .has_recovery = true, .recovery = counter });
}

gtpp_event_t *book_redirect(book_t *book, uint16_t seq)
{
    return book_enter(
        book, FROM_CGF,
        (gtpp_ledger_input_t){ .type = GTPP_REDIRECTION_REQUEST, .seq = seq, .has_cause = true, .cause = 63 });
}

gtpp_event_t *book_redirect_answer(book_t *book, uint16_t seq)
{
    return book_enter(
        book, FROM_CDF,
        (gtpp_ledger_input_t){ .type = GTPP_REDIRECTION_RESPONSE, .seq = seq, .has_cause = true, .cause = ACCEPTED });
}

/* }}} */
/* {{{ What is said */

void book_judge_at_end(book_t *book, double seconds)
{
    gtpp_judge_update(book->judge, T3 * SECOND, nanoseconds(book->latest + seconds));
}

void book_judge(book_t *book)
{
    book_judge_at_end(book, 60);
}

static uint32_t count_records(const gtpp_event_t *request, gtpp_fate_t fate)
{
    uint32_t count = 0;

    if (!gtpp_judge_is_request(request) || request->type != GTPP_DATA_RECORD_TRANSFER_REQUEST) {
        return 0;
    }
    for (uint32_t i = 0; i < request->num_records; i++) {
        count += request->records[i].fate == fate ? 1 : 0;
    }
    /* What the capture cut off shares what became of the request. */
    return count + (request->fate == fate ? request->announced - request->num_records : 0);
}

uint32_t book_count(const book_t *book, const gtpp_path_t *path, gtpp_fate_t fate)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < book->events->len; i++) {
        const gtpp_event_t *event = book->events->pdata[i];
        count += path == NULL || event->path == path->number ? count_records(event, fate) : 0;
    }
    return count;
}

const gtpp_finding_t *book_find(const gtpp_event_t *event, gtpp_finding_kind_t kind)
{
    const gtpp_finding_t *finding = event->more != NULL ? event->more->findings : NULL;

    while (finding != NULL && finding->kind != kind && kind != GTPP_FINDING_COUNT) {
        finding = finding->next;
    }
    return finding;
}

uint32_t book_count_findings(const book_t *book, gtpp_finding_kind_t kind)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < book->events->len; i++) {
        count += book_find(book->events->pdata[i], kind) != NULL ? 1 : 0;
    }
    return count;
}

const gtpp_event_t *book_answer_of(const gtpp_event_t *request)
{
    return gtpp_judge_answer(request);
}

static unsigned number_of(const gtpp_event_t *event)
{
    return event != NULL ? GPOINTER_TO_UINT(event->frame) : 0;
}

static char *print_event(const gtpp_event_t *event)
{
    GString *text = g_string_new(NULL);

    g_string_printf(text, "%u: type %u role %u fate %u reason %u copies %u answer %u, records", number_of(event),
                    event->type, event->item.role, event->fate, event->more != NULL ? event->more->reason : 0,
                    event->copies, event->item.link != NULL ? number_of(event->item.link->event) : 0);
    for (uint32_t i = 0; i < event->num_records; i++) {
        g_string_append_printf(text, " %u/%u", event->records[i].fate, number_of(event->records[i].decided_by));
    }
    for (const gtpp_finding_t *finding = book_find(event, GTPP_FINDING_COUNT); finding != NULL;
         finding = finding->next) {
        g_string_append_printf(text, ", finding %u: %u %u %u %u %u of %u", finding->kind, finding->reason,
                               finding->number, finding->first, finding->last, finding->count,
                               number_of(finding->other));
    }
    return g_string_free(g_string_append_c(text, '\n'), FALSE);
}

static int compare_numbers(const void *one, const void *other)
{
    return (int)number_of(*(gtpp_event_t *const *)one) - (int)number_of(*(gtpp_event_t *const *)other);
}

char *book_print(const book_t *book)
{
    GPtrArray *sorted = g_ptr_array_new();
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < book->events->len; i++) {
        g_ptr_array_add(sorted, book->events->pdata[i]);
    }
    g_ptr_array_sort(sorted, compare_numbers);
    for (unsigned i = 0; i < sorted->len; i++) {
        char *line = print_event(sorted->pdata[i]);
        g_string_append(text, line);
        g_free(line);
    }
    g_ptr_array_free(sorted, TRUE);
    return g_string_free(text, FALSE);
}

/* }}} */
/* {{{ What holds for every book */

static void check_request(const gtpp_event_t *request)
{
    const gtpp_event_t *answer = gtpp_judge_answer(request);
    uint32_t records = 0;
    uint32_t twice = 0;

    g_assert_cmpuint(request->fate, <, GTPP_FATE_COUNT);
    g_assert_cmpuint(request->fate, !=, GTPP_FATE_TWICE);
    for (gtpp_fate_t fate = GTPP_FATE_UNDECIDED; fate < GTPP_FATE_COUNT; fate++) {
        records += count_records(request, fate);
        twice += fate == GTPP_FATE_TWICE ? count_records(request, fate) : 0;
    }
    if (request->type == GTPP_DATA_RECORD_TRANSFER_REQUEST) {
        g_assert_cmpuint(records, ==, request->announced);
    }
    g_assert_true(twice == 0 || request->fate == GTPP_FATE_ACKNOWLEDGED || request->fate == GTPP_FATE_RELEASED);
    switch (request->fate) {
    case GTPP_FATE_ACKNOWLEDGED:
    case GTPP_FATE_HELD:
    case GTPP_FATE_REJECTED:
        g_assert_nonnull(answer);
        break;
    case GTPP_FATE_UNACKNOWLEDGED:
    case GTPP_FATE_NOT_YET:
        g_assert_null(answer);
        break;
    case GTPP_FATE_RELEASED:
    case GTPP_FATE_CANCELLED:
        g_assert_nonnull(request->more->settled_by);
        break;
    case GTPP_FATE_ELSEWHERE:
        g_assert_nonnull(request->more->elsewhere);
        break;
    default:
        break;
    }
}

/* The sentences of these kinds name another message. */
static bool needs_other(gtpp_finding_kind_t kind)
{
    switch (kind) {
    case GTPP_FINDING_ELSEWHERE:
    case GTPP_FINDING_TWICE:
    case GTPP_FINDING_OTHER_END:
    case GTPP_FINDING_RESTART:
    case GTPP_FINDING_AFTER_REDIRECTION:
    case GTPP_FINDING_RELEASED:
    case GTPP_FINDING_CANCELLED:
    case GTPP_FINDING_SETTLED_BEFORE:
    case GTPP_FINDING_SEQ_REUSED:
        return true;
    default:
        return false;
    }
}

static void check_event(const gtpp_event_t *event)
{
    for (const gtpp_finding_t *finding = book_find(event, GTPP_FINDING_COUNT); finding != NULL;
         finding = finding->next) {
        g_assert_cmpuint(finding->count, >=, 1);
        g_assert_true(finding->other != NULL || !needs_other((gtpp_finding_kind_t)finding->kind));
    }
    if (gtpp_judge_is_request(event)) {
        check_request(event);
    } else if (gtpp_match_is_request(&event->item)) {
        /* A copy leads to the first one, which is no later. */
        const gtpp_item_t *first = gtpp_match_find_first((gtpp_item_t *)&event->item);
        g_assert_true(first != &event->item);
        g_assert_cmpint(first->role, ==, GTPP_ITEM_REQUEST);
        g_assert_true(event->item.role == GTPP_ITEM_COPY || first->event->time <= event->time);
    }
}

static void check_answers(gtpp_event_t *event)
{
    const gtpp_item_t *item;

    for (uint32_t k = 0; (item = gtpp_event_get_item(event, k)) != NULL; k++) {
        if (item->role == GTPP_ITEM_ANSWER || item->role == GTPP_ITEM_REPEATED) {
            g_assert_nonnull(item->link);
            g_assert_cmpint(item->link->role, ==, GTPP_ITEM_REQUEST);
            g_assert_nonnull(item->link->link);
        }
    }
}

void book_check(book_t *book)
{
    char *once = book_print(book);
    const int64_t end = nanoseconds(book->latest + 60);

    for (unsigned i = 0; i < book->events->len; i++) {
        check_event(book->events->pdata[i]);
        check_answers(book->events->pdata[i]);
    }
    /* Judged anew, the book says the same. */
    gtpp_judge_update(book->judge, T3 * SECOND, end + 1);
    gtpp_judge_update(book->judge, T3 * SECOND, end);
    char *twice = book_print(book);
    g_assert_cmpstr(once, ==, twice);
    g_free(once);
    g_free(twice);
}

/* }}} */
