/* gtpp_ledger.h
 * Which request was answered by which message, and what became of the records (3GPP TS 32.295 section 5).
 *
 * The ledger is told what each message says, once and in the order of the capture, and keeps what later passes show. It
 * knows nothing of packets or trees. It answers for each message: which request it is or answers, and what is
 * remarkable about it (gtpp_result).
 *
 * How messages are told apart:
 * - A request is known by its path, its direction on the path, its kind (Echo, Node Alive, Redirection, Data Record
 *   Transfer) and its sequence number. Both directions have numbers of their own.
 * - A Data Record Transfer Response answers what its Requests Responded lists. The number in its header counts only
 *   when that element is absent or lists nothing. All other responses answer the number in their header.
 * - The same number with the same octets is a copy of the request. With other octets, it is a new request: an ordinary
 *   one when the first has been answered, a reuse of the number when it has not, and then the first stays without an
 *   acknowledgement for ever.
 * - The same octets under a number that has been answered are still a copy when the message carries records or lists of
 *   numbers: the answer was late or lost, and the node answers again, which is no more than a note. An Echo Request,
 *   a Node Alive Request, a Redirection Request or an empty packet says nothing that tells a copy from the next one:
 *   after its answer it is a new request.
 * - An empty Data Record Packet under the number of an unanswered packet asks whether that one had arrived. "Already
 *   fulfilled" acknowledges the packet; "accepted" means that it had not arrived, and leaves it unacknowledged.
 *
 * What becomes of the records of a request (gtpp_fate_t): every record is in one of these states, so that on every path
 * CDRs = acknowledged + rejected + held + released + cancelled + unacknowledged. A release or cancel takes effect when
 * it has been accepted. It finds the held packet by its number among those that the same two nodes have exchanged, on
 * this path or an earlier one, oldest first, however often the numbers have wrapped since.
 *
 * Memory: a request costs 64 octets, and about 24 to be found by its number, until another takes the number. Of a
 * message with findings, and of an answer to several requests, another 100 octets and more are kept (gtpp_result).
 * There is no other state per message: whatever numbers come, memory grows no faster than with the messages read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_H
#define PORTLORE_GTPP_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include <wsutil/wmem/wmem.h>

#include "gtpp_ledger_store.h"

typedef struct gtpp_ledger gtpp_ledger_t;
typedef struct gtpp_path gtpp_path_t;

typedef struct {
    const char *node_id; /* NULL when absent */
    bool has_local_seq;
    uint32_t local_seq;
} gtpp_ledger_record_t;

typedef struct {
    const uint16_t *seqs;
    uint32_t count;
} gtpp_ledger_list_t;

/* What a message says. Nothing of it need outlive the call. */
typedef struct {
    gtpp_path_t *path;
    unsigned direction; /* 0: from the path's first node, 1: to it */
    uint32_t frame;     /* at least 1 */
    int64_t time;       /* nanoseconds since 1970 */
    uint8_t type;       /* message type; those that GTP' does not have are ignored */
    uint16_t seq;
    uint32_t length; /* octets of the message */
    uint64_t digest; /* of those octets: equal for equal ones */
    bool has_cause;
    uint8_t cause;
    bool has_recovery;
    uint8_t recovery;
    bool has_command; /* without one, a packet is sent: see TS 32.295 and what gear leaves out */
    uint8_t command;
    bool has_packet;              /* a Data Record Packet is there */
    bool is_empty_packet;         /* and has nothing in it */
    gtpp_ledger_list_t responded; /* Requests Responded; count 0 when absent */
    gtpp_ledger_list_t released;
    gtpp_ledger_list_t cancelled;
    const gtpp_ledger_record_t *records;
    uint32_t num_records;
} gtpp_ledger_input_t;

/* Starts an empty ledger. What it says is allocated from ALLOCATOR, and outlives the ledger. */
gtpp_ledger_t *gtpp_ledger_open(wmem_allocator_t *allocator);

/* Ends the ledger, before its allocator is emptied. NULL is none. */
void gtpp_ledger_close(gtpp_ledger_t *ledger);

/* Opens a path between two nodes, given by numbers that the caller has for them. The first path has the index 0. */
gtpp_path_t *gtpp_ledger_open_path(gtpp_ledger_t *ledger, uint32_t first_node, uint32_t second_node);

/* The path's index. */
uint32_t gtpp_ledger_get_index(const gtpp_path_t *path);

/* Tells the ledger of a message. What it says of it is read with gtpp_result_read. */
gtpp_slip_t gtpp_ledger_enter_pdu(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input);

/* True when a response with this cause says yes: acceptance, and 252 and 253, which say that it was done before. */
bool gtpp_ledger_is_acceptance(unsigned cause);

#endif
