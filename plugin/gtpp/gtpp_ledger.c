/* gtpp_ledger.c
 * Which request was answered by which message, and what became of the records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_ledger.h"

#include "gtpp_local_seq.h"
#include "gtpp_pdu.h"

/* Kinds of request, each with numbers of its own. */
enum { PAIR_ECHO, PAIR_NODE_ALIVE, PAIR_REDIRECTION, PAIR_RECORDS, PAIRS };

enum {
    CAUSE_TRANSMIT_BUFFERS = 60,
    CAUSE_RECEIVE_BUFFERS = 61,
    CAUSE_OTHER_NODE_DOWN = 62,
    CAUSE_THIS_NODE_DOWN = 63,
    CAUSE_UNDECODABLE = 177,
    CAUSE_DUPLICATES_FULFILLED = 252,
    CAUSE_FULFILLED = 253
};

/* Requests are allocated in groups, for their number. */
#define REQUESTS_IN_A_GROUP 32

/* What one node has told another: outlives the paths between them. */
typedef struct {
    uint64_t nodes;         /* sender and receiver */
    wmem_map_t *held;       /* number -> the oldest request held under it */
    uint32_t redirected_in; /* frame in which the receiver sent the sender away; 0 when it may send */
    bool has_recovery;
    uint8_t recovery; /* restart counter of the sender */
} gtpp_bond_t;

struct gtpp_path {
    uint32_t number;
    uint32_t nodes[2];
    gtpp_bond_t *bonds[2]; /* by direction */
};

struct gtpp_ledger {
    wmem_allocator_t *allocator;
    wmem_map_t *bonds; /* two nodes -> gtpp_bond_t */
    gtpp_local_seq_t *gaps;
    GHashTable *requests;  /* a set: the latest of each path, direction, pair and number */
    gtpp_request_t *group; /* where the next request goes, while there is room */
    uint32_t room;         /* for requests in the group */
    uint32_t num_paths;
    uint32_t num_pdus;
};

/* What is being worked on while one message is entered. */
typedef struct {
    gtpp_ledger_t *ledger;
    const gtpp_ledger_input_t *input;
    gtpp_draft_t *draft;
} gtpp_entry_t;

/* GLib's hash of 64 bits makes one of all pairs whose numbers lie side by side, and nodes are numbered in pairs. */
static unsigned hash_nodes(const void *nodes)
{
    return (unsigned)(*(const uint64_t *)nodes * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15) >> 32);
}

/* Paths apart, and the numbers of one side by side. */
static unsigned hash_request(const void *key)
{
    const gtpp_request_t *request = key;

    return request->path * 0x9e3779b1U + ((unsigned)request->direction << 18 | (unsigned)request->pair << 16) +
           request->seq;
}

static gboolean is_same_number(const void *one, const void *other)
{
    const gtpp_request_t *mine = one;
    const gtpp_request_t *yours = other;

    return mine->seq == yours->seq && mine->path == yours->path && mine->pair == yours->pair &&
           mine->direction == yours->direction;
}

gtpp_ledger_t *gtpp_ledger_open(wmem_allocator_t *allocator)
{
    gtpp_ledger_t *ledger = wmem_new0(allocator, gtpp_ledger_t);

    ledger->allocator = allocator;
    ledger->bonds = wmem_map_new(allocator, hash_nodes, g_int64_equal);
    ledger->gaps = gtpp_local_seq_open(allocator);
    ledger->requests = g_hash_table_new(hash_request, is_same_number);
    return ledger;
}

void gtpp_ledger_close(gtpp_ledger_t *ledger)
{
    if (ledger != NULL) {
        g_hash_table_destroy(ledger->requests);
    }
}

static gtpp_bond_t *find_bond(gtpp_ledger_t *ledger, uint32_t sender, uint32_t receiver)
{
    uint64_t nodes = (uint64_t)sender << 32 | receiver;
    gtpp_bond_t *bond = wmem_map_lookup(ledger->bonds, &nodes);

    if (bond == NULL) {
        bond = wmem_new0(ledger->allocator, gtpp_bond_t);
        bond->nodes = nodes;
        wmem_map_insert(ledger->bonds, &bond->nodes, bond);
    }
    return bond;
}

gtpp_path_t *gtpp_ledger_open_path(gtpp_ledger_t *ledger, uint32_t first_node, uint32_t second_node)
{
    gtpp_path_t *path = wmem_new0(ledger->allocator, gtpp_path_t);

    path->number = ledger->num_paths++;
    path->nodes[0] = first_node;
    path->nodes[1] = second_node;
    path->bonds[0] = find_bond(ledger, first_node, second_node);
    path->bonds[1] = find_bond(ledger, second_node, first_node);
    return path;
}

uint32_t gtpp_ledger_get_index(const gtpp_path_t *path)
{
    return path->number;
}

bool gtpp_ledger_is_acceptance(unsigned cause)
{
    return (cause & 0xc0) == 0x80 || cause == CAUSE_DUPLICATES_FULFILLED || cause == CAUSE_FULFILLED;
}

/* {{{ Held packets */

static gtpp_request_links_t *links_of(const gtpp_entry_t *entry, gtpp_request_t *request)
{
    if (request->links == NULL) {
        request->links = wmem_new0(entry->ledger->allocator, gtpp_request_links_t);
    }
    return request->links;
}

static void hold_packet(const gtpp_entry_t *entry, gtpp_request_t *request)
{
    gtpp_bond_t *bond = entry->input->path->bonds[1 - entry->input->direction];

    if (bond->held == NULL) {
        bond->held = wmem_map_new(entry->ledger->allocator, g_direct_hash, g_direct_equal);
    }
    gtpp_request_t *oldest = wmem_map_lookup(bond->held, GUINT_TO_POINTER(request->seq));
    if (oldest == NULL) {
        wmem_map_insert(bond->held, GUINT_TO_POINTER(request->seq), request);
    } else {
        gtpp_request_links_t *links = links_of(entry, oldest);
        links_of(entry, links->held_last != NULL ? links->held_last : oldest)->held_next = request;
        links->held_last = request;
    }
    request->fate = (uint8_t)GTPP_FATE_HELD;
    gtpp_result_count_finding(entry->draft, GTPP_FINDING_HELD, request->seq, request->frame);
}

/* The packets of a list that are held now are those that REQUEST is about. */
static void name_held(const gtpp_entry_t *entry, gtpp_request_t *request, const gtpp_ledger_list_t *list,
                      gtpp_finding_kind_t kind)
{
    const gtpp_bond_t *bond = entry->input->path->bonds[entry->input->direction];

    for (uint32_t i = 0; i < list->count; i++) {
        gtpp_request_t *held = NULL;
        if (bond->held != NULL) {
            held = wmem_map_lookup(bond->held, GUINT_TO_POINTER(list->seqs[i]));
        }
        if (held == NULL) {
            gtpp_result_count_finding(entry->draft, GTPP_FINDING_UNKNOWN_PACKET, list->seqs[i], 0);
            continue;
        }
        gtpp_request_links_t *links = links_of(entry, request);
        if (links->settles == NULL) {
            links->settles = wmem_alloc_array(entry->ledger->allocator, gtpp_request_t *,
                                              (size_t)entry->input->released.count + entry->input->cancelled.count);
        }
        links->settles[links->num_settles++] = held;
        gtpp_result_count_finding(entry->draft, kind, list->seqs[i], held->frame);
    }
}

/* Takes a packet that is held off its list. What is held is always the oldest of its number. */
static void drop_held(const gtpp_entry_t *entry, gtpp_request_t *held)
{
    gtpp_bond_t *bond = entry->input->path->bonds[1 - entry->input->direction];
    gtpp_request_links_t *links = held->links;
    gtpp_request_t *next = links != NULL ? links->held_next : NULL;

    if (next == NULL) {
        wmem_map_remove(bond->held, GUINT_TO_POINTER(held->seq));
        return;
    }
    if (links->held_last != next) {
        links_of(entry, next)->held_last = links->held_last;
    }
    wmem_map_insert(bond->held, GUINT_TO_POINTER(held->seq), next);
    links->held_next = NULL;
    links->held_last = NULL;
}

/* REQUEST, which releases or cancels, has been accepted. */
static void settle_held(const gtpp_entry_t *entry, gtpp_request_t *request)
{
    gtpp_fate_t fate = request->command == GTPP_COMMAND_CANCEL ? GTPP_FATE_CANCELLED : GTPP_FATE_RELEASED;
    gtpp_request_links_t *links = request->links;

    for (uint32_t i = 0; i < links->num_settles; i++) {
        gtpp_request_t *held = links->settles[i];
        /* Another request may have settled it meanwhile. */
        if (held->fate == GTPP_FATE_HELD) {
            drop_held(entry, held);
            held->settle_frame = request->frame;
            held->fate = (uint8_t)fate;
        }
    }
    wmem_free(entry->ledger->allocator, links->settles);
    links->settles = NULL;
    links->num_settles = 0;
}

/* }}} */
/* {{{ Requests */

/* The latest request of a kind that went this way under the number, or NULL. */
static gtpp_request_t *find_request(const gtpp_entry_t *entry, unsigned direction, unsigned pair, uint16_t seq)
{
    const gtpp_request_t key = {
        .path = entry->input->path->number, .seq = seq, .direction = direction & 1, .pair = pair & 3
    };

    return g_hash_table_lookup(entry->ledger->requests, &key);
}

static void note_copy(const gtpp_entry_t *entry, gtpp_request_t *request)
{
    if (request->copies < UINT16_MAX) {
        request->copies++;
    }
    entry->draft->result.request = request;
    entry->draft->result.is_copy = true;
    gtpp_result_add_finding(entry->draft, GTPP_FINDING_RETRANSMISSION, request->seq, request->frame);
}

static bool is_same(const gtpp_request_t *request, const gtpp_ledger_input_t *input)
{
    return request->length == input->length && request->digest == input->digest;
}

/* Gear that leaves the command out means what the other elements say. */
static uint8_t command_of(const gtpp_ledger_input_t *input)
{
    if (input->has_command) {
        return input->command;
    }
    if (!input->has_packet && input->released.count > 0) {
        return GTPP_COMMAND_RELEASE;
    }
    return !input->has_packet && input->cancelled.count > 0 ? GTPP_COMMAND_CANCEL : GTPP_COMMAND_SEND;
}

static gtpp_request_t *allocate_request(gtpp_ledger_t *ledger)
{
    if (ledger->room == 0) {
        ledger->group = wmem_alloc0(ledger->allocator, REQUESTS_IN_A_GROUP * sizeof(gtpp_request_t));
        ledger->room = REQUESTS_IN_A_GROUP;
    }
    ledger->room--;
    return ledger->group++;
}

static gtpp_request_t *add_request(const gtpp_entry_t *entry, unsigned pair)
{
    const gtpp_ledger_input_t *input = entry->input;
    gtpp_request_t *request = allocate_request(entry->ledger);

    request->time = input->time;
    request->digest = input->digest;
    request->length = input->length;
    request->frame = input->frame;
    request->path = input->path->number;
    request->seq = input->seq;
    request->copies = 1;
    request->type = input->type;
    request->command = command_of(input);
    request->records = input->num_records;
    request->direction = input->direction & 1;
    request->pair = pair & 3;
    request->has_packet = input->has_packet && !input->is_empty_packet;
    request->has_content = request->has_packet || input->released.count > 0 || input->cancelled.count > 0;
    g_hash_table_add(entry->ledger->requests, request);
    entry->draft->result.request = request;
    return request;
}

/* The packet that a request asks about, or NULL. */
static gtpp_request_t *probed_by(const gtpp_request_t *request)
{
    return request->links != NULL ? request->links->probed : NULL;
}

static bool is_unanswered(const gtpp_request_t *request)
{
    return request->answer_frame == 0;
}

/* The packet that an empty one under the same number asks about, or NULL. */
static gtpp_request_t *find_probed(gtpp_request_t *before)
{
    if (before == NULL) {
        return NULL;
    }
    if (probed_by(before) != NULL) {
        return probed_by(before);
    }
    return is_unanswered(before) && before->has_packet ? before : NULL;
}

static void enter_request(const gtpp_entry_t *entry, unsigned pair)
{
    const gtpp_ledger_input_t *input = entry->input;
    gtpp_request_t *before = find_request(entry, input->direction, pair, input->seq);
    gtpp_request_t *probed = NULL;

    if (before != NULL && is_same(before, input) && (is_unanswered(before) || before->has_content)) {
        note_copy(entry, before);
        return;
    }
    if (before != NULL && probed_by(before) != NULL && is_same(probed_by(before), input)) {
        /* The packet itself, once more after all. */
        g_hash_table_add(entry->ledger->requests, probed_by(before));
        note_copy(entry, probed_by(before));
        return;
    }
    if (input->is_empty_packet) {
        probed = find_probed(before);
    }
    if (before != NULL && is_unanswered(before) && probed == NULL) {
        before->fate = GTPP_FATE_ABANDONED;
        gtpp_result_add_finding(entry->draft, GTPP_FINDING_SEQ_REUSED, input->seq, before->frame);
    }
    gtpp_request_t *request = add_request(entry, pair);
    if (probed != NULL) {
        links_of(entry, request)->probed = probed;
    }
}

static void enter_records(const gtpp_entry_t *entry)
{
    const gtpp_ledger_input_t *input = entry->input;
    const gtpp_bond_t *bond = input->path->bonds[input->direction];
    gtpp_request_t *request;

    enter_request(entry, PAIR_RECORDS);
    if (entry->draft->result.is_copy) {
        return;
    }
    request = entry->draft->result.request;
    if (request->command == GTPP_COMMAND_RELEASE) {
        name_held(entry, request, &input->released, GTPP_FINDING_RELEASED);
    } else if (request->command == GTPP_COMMAND_CANCEL) {
        name_held(entry, request, &input->cancelled, GTPP_FINDING_CANCELLED);
    }
    if (bond->redirected_in != 0 && request->has_packet) {
        gtpp_result_add_finding(entry->draft, GTPP_FINDING_AFTER_REDIRECTION, input->seq, bond->redirected_in);
    }
    for (uint32_t i = 0; i < input->num_records; i++) {
        if (!input->records[i].has_local_seq) {
            continue;
        }
        gtpp_local_seq_change_t change = gtpp_local_seq_enter(entry->ledger->gaps, input->records[i].node_id,
                                                    input->path->nodes[input->direction], input->records[i].local_seq);
        if (change.event == GTPP_LOCAL_SEQ_OPENED) {
            gtpp_finding_t *finding = gtpp_result_add_finding(entry->draft, GTPP_FINDING_LOCAL_SEQ_GAP, 0, 0);
            finding->first = change.first;
            finding->last = change.first + change.count - 1;
            finding->count = change.count;
            *change.owner = finding;
            gtpp_result_change_missing(entry->draft, finding->path, change.count);
        } else if (change.event == GTPP_LOCAL_SEQ_FILLED && change.announced != NULL) {
            gtpp_finding_t *finding = change.announced;
            finding->count -= change.count;
            gtpp_result_change_missing(entry->draft, finding->path, -(int64_t)change.count);
        }
    }
}

/* }}} */
/* {{{ Responses */

/* Nothing says yes where a cause must be and is not. */
static bool says_yes(const gtpp_ledger_input_t *input)
{
    if (input->type == GTPP_VERSION_NOT_SUPPORTED) {
        return false;
    }
    if (input->type == GTPP_ECHO_RESPONSE || input->type == GTPP_NODE_ALIVE_RESPONSE) {
        return true;
    }
    return input->has_cause && gtpp_ledger_is_acceptance(input->cause);
}

static bool was_fulfilled_before(const gtpp_ledger_input_t *input)
{
    return input->has_cause && (input->cause == CAUSE_FULFILLED || input->cause == CAUSE_DUPLICATES_FULFILLED);
}

static void accept_request(const gtpp_entry_t *entry, gtpp_request_t *request)
{
    const gtpp_ledger_input_t *input = entry->input;

    if (request->command == GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED && request->has_packet &&
        request->type == GTPP_DATA_RECORD_TRANSFER_REQUEST && !was_fulfilled_before(input)) {
        hold_packet(entry, request);
    } else {
        request->fate = (uint8_t)GTPP_FATE_ACKNOWLEDGED;
    }
    if (request->links != NULL && request->links->num_settles > 0) {
        settle_held(entry, request);
    }
    if (request->type == GTPP_REDIRECTION_REQUEST) {
        input->path->bonds[input->direction]->redirected_in = request->frame;
    }
}

static void answer_request(const gtpp_entry_t *entry, gtpp_request_t *request)
{
    const gtpp_ledger_input_t *input = entry->input;
    bool first = is_unanswered(request);
    bool yes = says_yes(input);

    if (request->last_answer == entry->ledger->num_pdus) {
        return; /* the list names it twice */
    }
    request->last_answer = entry->ledger->num_pdus;
    gtpp_result_add_answer(entry->draft, request, first);
    /* A rejected request that is sent again may be accepted then. */
    if (!first && !(yes && request->fate == GTPP_FATE_REJECTED)) {
        gtpp_result_count_finding(entry->draft, GTPP_FINDING_DUPLICATE_ACK, request->seq, request->answer_frame);
        return;
    }
    request->answer_frame = input->frame;
    if (yes) {
        accept_request(entry, request);
    } else {
        request->fate = (uint8_t)GTPP_FATE_REJECTED;
        gtpp_result_count_finding(entry->draft, GTPP_FINDING_REJECTED, input->cause, request->frame);
    }
    gtpp_request_t *packet = probed_by(request);
    if (packet != NULL && was_fulfilled_before(input) && is_unanswered(packet)) {
        packet->answer_frame = input->frame;
        packet->last_answer = entry->ledger->num_pdus;
        packet->fate = (uint8_t)GTPP_FATE_ACKNOWLEDGED;
        gtpp_result_add_answer(entry->draft, packet, false);
    }
}

static void answer_number(const gtpp_entry_t *entry, unsigned pair, uint16_t seq)
{
    const gtpp_ledger_input_t *input = entry->input;
    gtpp_request_t *request = find_request(entry, 1 - input->direction, pair, seq);

    if (request == NULL) {
        gtpp_result_count_finding(entry->draft, GTPP_FINDING_UNSOLICITED, seq, 0);
    } else {
        answer_request(entry, request);
    }
}

static void enter_response(const gtpp_entry_t *entry, unsigned pair)
{
    const gtpp_ledger_input_t *input = entry->input;
    uint32_t numbers = pair == PAIR_RECORDS && input->responded.count > 0 ? input->responded.count : 1;

    /* Each may answer a probe and the packet that it asks about. */
    gtpp_result_expect_answers(entry->draft, 2 * (size_t)numbers);
    if (pair == PAIR_RECORDS && input->responded.count > 0) {
        for (uint32_t i = 0; i < input->responded.count; i++) {
            answer_number(entry, pair, input->responded.seqs[i]);
        }
    } else {
        answer_number(entry, pair, input->seq);
    }
    if (input->has_cause && entry->draft->result.num_answers > 0) {
        if (was_fulfilled_before(input)) {
            gtpp_result_add_finding(entry->draft, GTPP_FINDING_FULFILLED, input->cause, 0);
        } else if (input->cause == CAUSE_UNDECODABLE) {
            gtpp_result_add_finding(entry->draft, GTPP_FINDING_UNDECODABLE, input->cause, 0);
        }
    }
}

/* Version Not Supported answers any kind of request: the latest one of its number that waits, or else the latest. */
static void enter_version_not_supported(const gtpp_entry_t *entry)
{
    const gtpp_ledger_input_t *input = entry->input;
    const gtpp_request_t *best = NULL;
    unsigned best_pair = PAIR_ECHO;

    for (unsigned pair = 0; pair < PAIRS; pair++) {
        const gtpp_request_t *request = find_request(entry, 1 - input->direction, pair, input->seq);
        if (request == NULL) {
            continue;
        }
        if (best == NULL || (is_unanswered(request) && !is_unanswered(best)) ||
            (is_unanswered(request) == is_unanswered(best) && request->frame >= best->frame)) {
            best = request;
            best_pair = pair;
        }
    }
    enter_response(entry, best_pair);
}

/* }}} */

static void enter_recovery(const gtpp_entry_t *entry)
{
    const gtpp_ledger_input_t *input = entry->input;
    gtpp_bond_t *bond = input->path->bonds[input->direction];

    if (bond->has_recovery && bond->recovery != input->recovery) {
        gtpp_result_add_finding(entry->draft, GTPP_FINDING_RESTART, input->recovery, 0)->first = bond->recovery;
        /* Who has restarted may be sent records again. */
        input->path->bonds[1 - input->direction]->redirected_in = 0;
    }
    bond->has_recovery = true;
    bond->recovery = input->recovery;
}

static void enter_redirection(const gtpp_entry_t *entry)
{
    const gtpp_ledger_input_t *input = entry->input;

    enter_request(entry, PAIR_REDIRECTION);
    gtpp_result_add_finding(entry->draft, GTPP_FINDING_REDIRECTED, input->cause, 0);
    if (input->cause == CAUSE_TRANSMIT_BUFFERS || input->cause == CAUSE_RECEIVE_BUFFERS) {
        gtpp_result_add_finding(entry->draft, GTPP_FINDING_BUFFERS_FULL, input->cause, 0);
    } else if (input->cause == CAUSE_OTHER_NODE_DOWN || input->cause == CAUSE_THIS_NODE_DOWN) {
        gtpp_result_add_finding(entry->draft, GTPP_FINDING_GOING_DOWN, input->cause, 0);
    }
}

gtpp_slip_t gtpp_ledger_enter_pdu(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input)
{
    gtpp_draft_t draft;
    const gtpp_entry_t entry = { ledger, input, &draft };

    ledger->num_pdus++;
    gtpp_result_begin(&draft, ledger->allocator);
    draft.result.path = input->path->number;
    draft.result.type = input->type;
    draft.result.seq = input->seq;
    switch (input->type) {
    case GTPP_ECHO_REQUEST:
        enter_request(&entry, PAIR_ECHO);
        break;
    case GTPP_ECHO_RESPONSE:
        enter_response(&entry, PAIR_ECHO);
        break;
    case GTPP_VERSION_NOT_SUPPORTED:
        enter_version_not_supported(&entry);
        break;
    case GTPP_NODE_ALIVE_REQUEST:
        enter_request(&entry, PAIR_NODE_ALIVE);
        /* The node is in service again. */
        input->path->bonds[1 - input->direction]->redirected_in = 0;
        break;
    case GTPP_NODE_ALIVE_RESPONSE:
        enter_response(&entry, PAIR_NODE_ALIVE);
        break;
    case GTPP_REDIRECTION_REQUEST:
        enter_redirection(&entry);
        break;
    case GTPP_REDIRECTION_RESPONSE:
        enter_response(&entry, PAIR_REDIRECTION);
        break;
    case GTPP_DATA_RECORD_TRANSFER_REQUEST:
        enter_records(&entry);
        break;
    case GTPP_DATA_RECORD_TRANSFER_RESPONSE:
        enter_response(&entry, PAIR_RECORDS);
        break;
    default:
        break;
    }
    if (input->has_recovery) {
        enter_recovery(&entry);
    }
    return gtpp_result_close(&draft, input->frame);
}
