/* gtpp_ledger.h
 * Which request was answered by which message, and what became of the records (3GPP TS 32.295 section 5).
 *
 * The ledger is told what each message says, once and in the order of the capture, and keeps what later passes show. It
 * knows nothing of packets or trees. It answers for each message: which request it is or answers, what is remarkable
 * about it (findings), and how the account of its path changes (bookings).
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
 * Memory: a request costs about 150 octets and an answer about 100 plus 16 for each request that it answers; that is
 * what later passes show, and the latest request of each number is also found through it. There is no other state per
 * message: whatever numbers come, memory grows no faster than with the messages read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_H
#define PORTLORE_GTPP_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include <wsutil/wmem/wmem.h>

typedef struct gtpp_ledger gtpp_ledger_t;
typedef struct gtpp_path gtpp_path_t;

/* What is remarkable about a message. */
typedef enum {
    GTPP_FINDING_RETRANSMISSION,    /* a copy; .frame is the first one */
    GTPP_FINDING_UNACKNOWLEDGED,    /* never stored: see gtpp_ledger_find_unacknowledged */
    GTPP_FINDING_UNSOLICITED,       /* .count numbers, the first of which is .number, are those of no request */
    GTPP_FINDING_DUPLICATE_ACK,     /* .count requests had been answered before; the first in .frame */
    GTPP_FINDING_REJECTED,          /* the response says no; .number is its cause, .count its requests */
    GTPP_FINDING_RESTART,           /* the sender's restart counter went from .first to .number */
    GTPP_FINDING_REDIRECTED,        /* a Redirection Request; .number is its cause */
    GTPP_FINDING_BUFFERS_FULL,      /* cause 60 or 61 (.number) */
    GTPP_FINDING_GOING_DOWN,        /* cause 62 or 63 (.number) */
    GTPP_FINDING_AFTER_REDIRECTION, /* records for a node that sent them away in .frame */
    GTPP_FINDING_HELD,              /* .count possibly duplicated packets accepted; the first came in .frame */
    GTPP_FINDING_RELEASED,          /* .count held packets are to be released; the first came in .frame */
    GTPP_FINDING_CANCELLED,         /* likewise cancelled */
    GTPP_FINDING_UNKNOWN_PACKET,    /* .count numbers to release or cancel, the first is .number, are not held */
    GTPP_FINDING_FULFILLED,         /* cause 252 or 253 (.number): the node has the records already */
    GTPP_FINDING_UNDECODABLE,       /* cause 177: the node took the records and cannot read them */
    GTPP_FINDING_LOCAL_SEQ_GAP,     /* .count local numbers from .first to .last never came; from the second pass on */
    GTPP_FINDING_SEQ_REUSED,        /* the number of the request in .frame, which nobody had answered */
    GTPP_FINDING_COUNT
} gtpp_finding_kind_t;

typedef struct gtpp_finding {
    struct gtpp_finding *next;
    uint8_t kind; /* gtpp_finding_kind_t */
    uint16_t number;
    uint32_t count; /* at least 1; of a gap, 0 once all its numbers have come */
    uint32_t frame; /* another message's frame, 0 when there is none */
    uint32_t first;
    uint32_t last;
    uint32_t path; /* of the message */
} gtpp_finding_t;

/* What became of a request and its records. */
typedef enum {
    GTPP_FATE_OUTSTANDING, /* no answer so far */
    GTPP_FATE_ABANDONED,   /* no answer, and its number was taken for another request */
    GTPP_FATE_ACKNOWLEDGED,
    GTPP_FATE_REJECTED,
    GTPP_FATE_HELD, /* accepted as possibly duplicated */
    GTPP_FATE_RELEASED,
    GTPP_FATE_CANCELLED
} gtpp_fate_t;

/* A request, by its first copy. Read only, but for the ledger itself. */
typedef struct gtpp_request {
    int64_t time; /* of the first copy, nanoseconds since 1970 */
    uint64_t digest;
    uint32_t length;
    uint32_t frame; /* of the first copy */
    uint32_t path;
    uint32_t records;
    uint32_t answer_frame; /* of the answer that counts, 0 when there is none */
    uint32_t settle_frame; /* of the request that released or cancelled it, 0 when there is none */
    uint32_t last_answer;  /* the message, in order of the ledger, that answered it last */
    uint32_t num_settles;
    uint16_t seq;
    uint16_t copies; /* 1 is the first one; counting stops at 65535 */
    uint8_t type;
    uint8_t command;
    uint8_t cause;                  /* of the answer that counts */
    uint8_t fate;                   /* gtpp_fate_t */
    bool has_packet;                /* carries a Data Record Packet that is not empty */
    bool has_content;               /* its octets tell it from any other request */
    struct gtpp_request **settles;  /* held packets that it is to release or cancel */
    struct gtpp_request *probed;    /* the packet that this one asks about */
    struct gtpp_request *held_next; /* held later under the same number */
    struct gtpp_request *held_last; /* in the first of a list: the last */
} gtpp_request_t;

typedef struct {
    gtpp_request_t *request;
    bool timed; /* this is the first answer to the request: it has a response time */
} gtpp_answer_t;

/* Columns of the account of a path. The unit is the record (CDR), but for the first two. */
typedef enum {
    GTPP_ACCOUNT_REQUESTS,      /* Data Record Transfer Requests, copies not counted */
    GTPP_ACCOUNT_RETRANSMITTED, /* copies of them */
    GTPP_ACCOUNT_CDRS,
    GTPP_ACCOUNT_ACKNOWLEDGED,
    GTPP_ACCOUNT_REJECTED,
    GTPP_ACCOUNT_HELD,
    GTPP_ACCOUNT_RELEASED,
    GTPP_ACCOUNT_CANCELLED,
    GTPP_ACCOUNT_UNACKNOWLEDGED,
    GTPP_ACCOUNT_MISSING, /* local sequence numbers that never came */
    GTPP_ACCOUNT_COLUMNS
} gtpp_account_column_t;

/* A change of an account. The sum of all bookings of a path is its account, at any time. */
typedef struct {
    uint32_t path;
    int32_t amount;
    uint8_t column; /* gtpp_account_column_t */
} gtpp_booking_t;

/* What the ledger says about one message. Request, answers, bookings stay as they are; what became of a request, and
 * whether a gap was filled, changes until the last message has been told. */
typedef struct {
    uint32_t path;
    uint32_t num_answers;
    uint32_t num_bookings;
    uint16_t seq;
    uint8_t type;
    bool is_copy;             /* not the first copy of .request */
    gtpp_request_t *request;  /* what it is; NULL for a response */
    gtpp_answer_t *answers;   /* what it answers; none for a request */
    gtpp_booking_t *bookings; /* beyond those of gtpp_ledger_list_bookings for a request itself */
    gtpp_finding_t *findings;
} gtpp_result_t;

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

/* Starts an empty ledger; everything is allocated from ALLOCATOR. */
gtpp_ledger_t *gtpp_ledger_open(wmem_allocator_t *allocator);

/* Opens a path between two nodes, given by numbers that the caller has for them. The first path has the index 0. */
gtpp_path_t *gtpp_ledger_open_path(gtpp_ledger_t *ledger, uint32_t first_node, uint32_t second_node);

/* The path's index. */
uint32_t gtpp_ledger_get_index(const gtpp_path_t *path);

/* Tells the ledger of a message. Never NULL. */
const gtpp_result_t *gtpp_ledger_enter_pdu(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input);

/* Calls TAKE for each change of an account that the message brought about. */
void gtpp_ledger_list_bookings(const gtpp_result_t *result, void (*take)(void *user, const gtpp_booking_t *booking),
                               void *user);

/* True when the message is the first copy of a request that nobody has answered, as far as the ledger has been told. */
bool gtpp_ledger_find_unacknowledged(const gtpp_result_t *result);

/* True when a response with this cause says yes: acceptance, and 252 and 253, which say that it was done before. */
bool gtpp_ledger_is_acceptance(unsigned cause);

#endif
