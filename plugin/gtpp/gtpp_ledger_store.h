/* gtpp_ledger_store.h
 * What the ledger says about one message: which request it is or answers, what is remarkable about it (findings), and
 * which local sequence numbers are missing more or fewer. And how little of that is kept.
 *
 * Nearly all messages are requests with nothing to remark, or answers that acknowledge one such request. What is said
 * of these follows from the request, so that nothing else is kept of them (gtpp_slip_t); of all others, the result is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_STORE_H
#define PORTLORE_GTPP_LEDGER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <wsutil/wmem/wmem.h>

/* What is remarkable about a message. */
typedef enum {
    GTPP_FINDING_RETRANSMISSION,    /* a copy; .frame is the first one */
    GTPP_FINDING_UNACKNOWLEDGED,    /* never stored: it follows from the fate of the request */
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

/* What few requests have. Written by the ledger only. */
typedef struct {
    struct gtpp_request **settles; /* held packets that it is to release or cancel */
    uint32_t num_settles;
    struct gtpp_request *probed;    /* the packet that this one asks about */
    struct gtpp_request *held_next; /* held later under the same number */
    struct gtpp_request *held_last; /* in the first of a list: the last */
} gtpp_request_links_t;

/* A request, by its first copy. Read only, but for the ledger itself. There is one for every other message: its size
 * counts. */
typedef struct gtpp_request {
    int64_t time; /* of the first copy, nanoseconds since 1970 */
    uint64_t digest;
    gtpp_request_links_t *links; /* NULL when there are none */
    uint32_t length;
    uint32_t frame; /* of the first copy */
    uint32_t path;
    uint32_t records;
    uint32_t answer_frame; /* of the answer that counts, 0 when there is none */
    uint32_t settle_frame; /* of the request that released or cancelled it, 0 when there is none */
    uint32_t last_answer;  /* the message, in order of the ledger, that answered it last */
    uint16_t seq;
    uint16_t copies; /* 1 is the first one; counting stops at 65535 */
    uint8_t type;
    uint8_t command;
    uint8_t fate; /* gtpp_fate_t */
    uint8_t direction : 1;
    uint8_t pair : 2;        /* which kind of request, as the ledger has them */
    uint8_t has_packet : 1;  /* carries a Data Record Packet that is not empty */
    uint8_t has_content : 1; /* its octets tell it from any other request */
} gtpp_request_t;

typedef struct {
    gtpp_request_t *request;
    bool timed; /* this is the first answer to the request: it has a response time */
} gtpp_answer_t;

/* A change in how many local sequence numbers are missing on a path. The sum of all changes is what is missing now. */
typedef struct {
    uint32_t path;
    int32_t change;
} gtpp_missing_t;

/* What the ledger says about one message. Request, answers and changes stay as they are; what became of a request, and
 * whether a gap was filled, changes until the last message has been told. */
typedef struct {
    uint32_t path;
    uint32_t num_answers;
    uint32_t num_missing;
    uint16_t seq;
    uint8_t type;
    bool is_copy;            /* not the first copy of .request */
    gtpp_request_t *request; /* what it is; NULL for a response */
    gtpp_answer_t *answers;  /* what it answers; none for a request */
    gtpp_missing_t *missing; /* changes in what is missing; a path may have several */
    gtpp_finding_t *findings;
} gtpp_result_t;

/* What is kept of a message's result, as long as the file: as much as tells the rest. */
typedef struct {
    void *of;       /* by .kind: a gtpp_request_t or a gtpp_result_t */
    uint32_t frame; /* of the message */
    uint8_t kind;
} gtpp_slip_t;

/* A result that is being written. */
typedef struct {
    wmem_allocator_t *allocator; /* of what is kept */
    gtpp_result_t result;
    gtpp_answer_t few_answers[2];
} gtpp_draft_t;

/* Begins a result without answers, changes and findings. The draft must stay where it is until it is closed. */
void gtpp_result_begin(gtpp_draft_t *draft, wmem_allocator_t *allocator);

/* Adds a finding, counted once, and says which; it lives as long as the allocator. */
gtpp_finding_t *gtpp_result_add_finding(gtpp_draft_t *draft, gtpp_finding_kind_t kind, uint16_t number, uint32_t frame);

/* Adds a finding or, when there is one of that kind already, counts that once more. */
void gtpp_result_count_finding(gtpp_draft_t *draft, gtpp_finding_kind_t kind, uint16_t number, uint32_t frame);

/* Adds to the change in what is missing on a path. */
void gtpp_result_change_missing(gtpp_draft_t *draft, uint32_t path, int64_t change);

/* Makes room for COUNT answers; before the first is added. */
void gtpp_result_expect_answers(gtpp_draft_t *draft, size_t count);

/* Adds an answer, for which room must have been made. */
void gtpp_result_add_answer(gtpp_draft_t *draft, gtpp_request_t *request, bool timed);

/* Ends the draft, and says what to keep of the result for the message in FRAME. */
gtpp_slip_t gtpp_result_close(gtpp_draft_t *draft, uint32_t frame);

/* The result of which SLIP was kept. Never NULL; lives as long as POOL and what the ledger allocates from. */
const gtpp_result_t *gtpp_result_read(const gtpp_slip_t *slip, wmem_allocator_t *pool);

#endif
