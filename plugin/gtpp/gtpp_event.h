/* gtpp_event.h
 * A GTP' message as the ledger sees it: what it says, how whole it is, and how it relates to others.
 *
 * Each event hangs on its own frame (base/frame_store). Relations between requests and answers of one number
 * (gtpp_match) are up to date after each message. What needs the whole file (gtpp_judge) is written when it is asked
 * for and events have come since.
 *
 * A number identifies a request together with its path, its direction on the path and its kind (Echo, Node Alive,
 * Redirection, Data Record Transfer); both directions count for themselves (3GPP TS 32.295 section 5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_EVENT_H
#define PORTLORE_GTPP_EVENT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct gtpp_event gtpp_event_t;

/* Times are nanoseconds since 1970. Files with senseless times exist: what lies beyond these is taken for them, so that
 * the distance of two times, and a time and a few seconds, can be counted in 64 bits. */
#define GTPP_TIME_MAX (INT64_MAX / 2)
#define GTPP_TIME_MIN (-GTPP_TIME_MAX)

/* What is remarkable about a message. */
typedef enum {
    GTPP_FINDING_RETRANSMISSION, /* a copy that the node sent; .other is the first one */
    GTPP_FINDING_CHANGED_COPY,   /* a retransmission whose octets changed; .other is the first copy */
    GTPP_FINDING_TRIED,  /* .count datagrams were the same request, of which fragments are missing: more->tried */
    GTPP_FINDING_COPIED, /* a copy by a mirror port or the network; .other is what it copies */
    GTPP_FINDING_UNACKNOWLEDGED, /* the capture would show an answer, and holds none */
    GTPP_FINDING_NOT_YET,        /* not answered when the capture ends */
    GTPP_FINDING_UNDECIDED,      /* whether it was answered cannot be told; .reason says why */
    GTPP_FINDING_ELSEWHERE,      /* .count records were acknowledged on other paths; one of them by .other */
    GTPP_FINDING_TWICE,          /* .count records were accepted with .other, too; .number is 1 where that was later */
    GTPP_FINDING_OTHER_END,      /* the answer .other came from another address or port, or is from there */
    GTPP_FINDING_UNSOLICITED,    /* .count numbers, the first of which is .number, are those of no request */
    GTPP_FINDING_ASKED_BEFORE,   /* likewise, but the requests may lie before the capture's start */
    GTPP_FINDING_DUPLICATE_ACK,  /* .count requests had been answered before; the first by .other */
    GTPP_FINDING_REJECTED,       /* the response says no; .number is its cause, .count its requests */
    GTPP_FINDING_RESTART,        /* the sender's restart counter went from .first to .number */
    GTPP_FINDING_REDIRECTED,     /* a Redirection Request; .number is its cause */
    GTPP_FINDING_BUFFERS_FULL,   /* cause 60 or 61 (.number) */
    GTPP_FINDING_GOING_DOWN,     /* cause 62 or 63 (.number) */
    GTPP_FINDING_AFTER_REDIRECTION, /* records for a node that had sent them away in .other */
    GTPP_FINDING_HELD,              /* .count possibly duplicated packets accepted; the first is .other */
    GTPP_FINDING_RELEASED,          /* .count held packets are to be released; the first is .other */
    GTPP_FINDING_CANCELLED,         /* likewise cancelled */
    GTPP_FINDING_SETTLED_BEFORE,    /* .count packets had been released or cancelled already; the first by .other */
    GTPP_FINDING_UNKNOWN_PACKET,    /* .count numbers to release or cancel, the first is .number, are of no packet */
    GTPP_FINDING_FULFILLED,         /* cause 252 or 253 (.number): the node has the records already */
    GTPP_FINDING_UNDECODABLE,       /* cause 177: the node took the records and cannot read them */
    GTPP_FINDING_LOCAL_SEQ_GAP,     /* .count local numbers from .first to .last are not in the capture */
    GTPP_FINDING_SEQ_REUSED,        /* the number of the request .other, to which the capture holds no answer */
    GTPP_FINDING_ONE_WAY,           /* no message of one direction of the path is in the capture */
    GTPP_FINDING_FILE_ORDER,        /* messages of the file stand before earlier ones; .count of them */
    GTPP_FINDING_CUT,               /* not all octets of the message are in the capture */
    GTPP_FINDING_HOLE,              /* .count octets of the TCP stream before the message are not in their place */
    GTPP_FINDING_HOLE_BEHIND,       /* likewise behind the message, which is the last one of its direction */
    GTPP_FINDING_COUNT
} gtpp_finding_kind_t;

/* Why something cannot be told, or is only likely. */
typedef enum {
    GTPP_REASON_NONE,
    GTPP_REASON_ONE_WAY,     /* no message of the answering node is in the capture */
    GTPP_REASON_NO_WHOLE,    /* only parts of messages of the answering node are in the capture */
    GTPP_REASON_HOLE,        /* octets of the TCP stream are missing or out of order behind the request */
    GTPP_REASON_CUT,         /* a message that may be the answer was cut */
    GTPP_REASON_NO_ENDS,     /* the packets have no addresses */
    GTPP_REASON_ANSWER_CUT,  /* the answer was captured up to its header only: its cause is not known */
    GTPP_REASON_NOT_HAD,     /* an answer to an empty packet says that the packet had not arrived */
    GTPP_REASON_OTHER_END,   /* an answer with the number came from another end, and may be another request's */
    GTPP_REASON_RECORDS_CUT, /* not answered; records were cut, so that they cannot be looked for in other requests */
    GTPP_REASON_FRAGMENT,    /* fragments of a datagram that may be the message are missing */
    GTPP_REASON_UNREAD,      /* octets of a TCP stream that the capture has from amid it on could not be read */
    GTPP_REASON_COUNTERS,    /* local numbers that the capture lacks may be between those of two counters */
    GTPP_REASON_NUMBERS_HIDDEN, /* likewise they may be in what was cut or is missing */
    GTPP_REASON_OTHER_REQUEST,  /* not answered; whether another request with its records was cannot be told */
    GTPP_REASON_ALIKE,          /* not answered; an equal request was shortly before, and it may be a copy of that */
    GTPP_REASON_LATE,      /* the answer came late, when the records had been sent elsewhere: it may be a probe's */
    GTPP_REASON_SET_BACK,  /* request and answer stand in this order in the file, and their times in the other one */
    GTPP_REASON_STEP,      /* the request is one of the last by time, and the file goes on with earlier times */
    GTPP_REASON_ANSWERED,  /* of an answer: the request with its number was answered long before, by .other */
    GTPP_REASON_ADDRESSES, /* local numbers that one address lacks were sent by another one of the same name, .other */
    GTPP_REASON_ONE_PATH,  /* of an answer early in the capture: its path has no messages the other way */
    GTPP_REASON_REFUSED,   /* not answered; by ICMP, its host says of each of its copies that the port is unreachable */
    GTPP_REASON_AMID, /* of an answer over TCP: the stream of the asking node had begun before what the capture has */
    GTPP_REASON_TAPS  /* answers were captured before their requests, and the capture begins or ends there */
} gtpp_reason_t;

typedef struct gtpp_finding {
    struct gtpp_finding *next;
    const gtpp_event_t *other; /* the message that it is about besides its own; NULL when there is none */
    uint32_t count;            /* at least 1 */
    uint32_t first;
    uint32_t last;
    uint16_t number;
    uint8_t kind;   /* gtpp_finding_kind_t */
    uint8_t reason; /* gtpp_reason_t */
} gtpp_finding_t;

/* What became of a request and of its records. */
typedef enum {
    GTPP_FATE_UNDECIDED, /* cannot be told */
    GTPP_FATE_ACKNOWLEDGED,
    GTPP_FATE_ELSEWHERE, /* not on this path, but the same records on another */
    GTPP_FATE_HELD,      /* accepted as possibly duplicated */
    GTPP_FATE_RELEASED,
    GTPP_FATE_CANCELLED,
    GTPP_FATE_REJECTED,
    GTPP_FATE_TWICE, /* of a record only: accepted, and accepted before */
    GTPP_FATE_UNACKNOWLEDGED,
    GTPP_FATE_NOT_YET,
    GTPP_FATE_COUNT
} gtpp_fate_t;

/* A charging record as the ledger sees it. */
typedef struct {
    uint64_t identity;              /* equal for the same record wherever it travels; 0 when it has none */
    uint64_t node;                  /* whose counter: digest of the node id, and the sender's salt; 0: no number */
    const gtpp_event_t *decided_by; /* on another path, or accepted before: the answer; NULL */
    uint32_t local_seq;
    uint16_t type; /* kind of record, as far as it tells counters apart */
    uint8_t fate;  /* gtpp_fate_t, once judged */
    bool is_cut;   /* the identity is that of the octets which were captured: see gtpp_event_record_identity() */
} gtpp_event_record_t;

/* What the .node of a record has besides the digest of its node id: two nodes of one name behind two hosts differ by
 * the salts of these. HOST is the number of the sender's address. */
static inline uint64_t gtpp_event_host_salt(uint32_t host)
{
    return (host + UINT64_C(1)) * UINT64_C(0x9E3779B97F4A7C15);
}

/* What tells the record from all others; 0 when that is not known. */
static inline uint64_t gtpp_event_record_identity(const gtpp_event_record_t *record)
{
    return record->is_cut ? 0 : record->identity;
}

/* One number of a message: the request itself, or one request that a response answers. */
typedef struct gtpp_item {
    /* The items before and behind it under the same number, in the order of time. A copy has none, but for one that the
     * node sent: .older is the copy before it. */
    struct gtpp_item *older;
    struct gtpp_item *newer;
    gtpp_event_t *event;
    /* Of a request's first copy: the item of the answer that counts. Of another copy: the item of the message that it
     * copies. Of an answer: the item of the request's first copy. NULL: none. */
    struct gtpp_item *link;
    uint32_t place; /* among the items of the number, in the order of the file */
    uint16_t seq;
    uint8_t role;    /* gtpp_item_role_t */
    uint8_t answers; /* of a request's first copy: how many it has had; counting stops at 255 */
} gtpp_item_t;

typedef enum {
    GTPP_ITEM_REQUEST, /* first copy of a request, by time */
    GTPP_ITEM_SENT_AGAIN,
    GTPP_ITEM_CHANGED,  /* sent again with other octets */
    GTPP_ITEM_COPY,     /* of a request or a response, by a mirror port or the network */
    GTPP_ITEM_ANSWER,   /* the first answer to its request */
    GTPP_ITEM_REPEATED, /* another answer to it */
    GTPP_ITEM_UNMATCHED /* an answer to no request of this path */
} gtpp_item_role_t;

/* Octets of a TCP stream that were sent and have not come, or that came first and belong to a message which began
 * earlier. More may come while the file is read. */
typedef struct gtpp_hole {
    struct gtpp_hole *following; /* in the stream's list */
    struct gtpp_hole *next;      /* in the path's list */
    int64_t since; /* time of what came before it, and of the message behind it; GTPP_TIME_MAX: none yet */
    int64_t until;
    uint32_t octets; /* that are missing still: 0 once all have come */
    uint16_t number; /* of the message whose rest is missing */
    bool has_number;
    bool is_unread; /* they came, and could not be read */
    bool is_early;  /* it lies before all that had come when it was found: the message behind it had been read */
} gtpp_hole_t;

/* A UDP datagram of which fragments have come, and not all. The rest may come while the file is read. */
typedef struct gtpp_datagram {
    struct gtpp_datagram *next; /* in the ledger's list */
    uint32_t from;              /* numbers of the hosts, as of a path */
    uint32_t to;
    uint32_t ends[2]; /* numbers of the ends, where the first fragment told the ports; otherwise 0 */
    int64_t since;    /* time of the earliest and of the latest fragment */
    int64_t until;
    /* Of the octets of the first fragment from the UDP header on, which has the checksum of the whole datagram; 0 where
     * that has not come, or was cut. Datagrams alike are the same one, sent again. */
    uint64_t digest;
    const void *frame;   /* the first fragment's, as .frame of an event */
    gtpp_event_t *event; /* the message in the datagram, where it was read; NULL */
    bool is_service;     /* a port is one on which GTP' is expected */
    bool is_whole;       /* the datagram was read */
} gtpp_datagram_t;

/* What few messages have. */
typedef struct {
    gtpp_finding_t *findings;         /* judged ones */
    uint16_t *released;               /* numbers to release, then numbers to cancel */
    gtpp_item_t *items;               /* of a response to several requests: all but the first */
    gtpp_event_t *probed;             /* of an empty packet: the packet that it asks about */
    gtpp_event_t *probe;              /* of a packet: the last empty one that asks about it */
    const gtpp_event_t *other_answer; /* of a request: the answer that came from another end */
    /* Of an answer: the request of another path that it answers. Of a request that is undecided because of another one
     * with its records or its octets, or because of an answer whose time is earlier: that one. */
    const gtpp_event_t *other_request;
    const gtpp_event_t *settled_by; /* of a possibly duplicated packet: the request that released or cancelled it */
    const gtpp_event_t *elsewhere;  /* of a request: the answer that acknowledged its records on another path */
    gtpp_item_t *last_copy; /* of a request's first copy: the last one that the node sent; .older leads to the others */
    int64_t last_time;      /* when that was */
    const gtpp_event_t *duplicated; /* of a packet: the earliest other copy that was sent as possibly duplicated */
    uint32_t num_items;
    const gtpp_datagram_t *tried; /* of a request: the earliest datagram that was the same, and is not whole */
    const gtpp_hole_t *hole;      /* of the TCP stream, right before the message; NULL */
    uint16_t num_released;
    uint16_t num_cancelled;
    uint8_t reason; /* gtpp_reason_t, of a request that is undecided */
} gtpp_event_more_t;

/* A message. There is one for each: its size counts. */
struct gtpp_event {
    gtpp_item_t item; /* the request itself, or the first of the requests that it answers */
    gtpp_event_more_t *more;
    gtpp_event_record_t *records; /* those that are in the capture */
    const void *frame;            /* what the caller knows the frame by */
    int64_t time;                 /* nanoseconds since 1970 */
    uint64_t digest;              /* of the captured octets */
    uint32_t length;              /* octets of the message */
    uint32_t path;
    uint16_t seq;         /* in the header */
    uint16_t num_records; /* in .records */
    uint16_t announced;   /* records that the packet announces */
    uint16_t copies;      /* of a request's first copy: how often the node sent it; counting stops at 65535 */
    uint16_t ip_id;       /* identification of the IP packet or its fragments; 0 when it is zero or not known */
    uint8_t type;
    uint8_t command; /* of a Data Record Transfer Request: as sent, or what its elements mean; of Version Not Supported:
                      * the version in its header */
    uint8_t cause;
    uint8_t recovery;
    uint8_t fate : 4;      /* gtpp_fate_t of a request's first copy, once judged */
    uint8_t is_stream : 1; /* read from a TCP stream, of which each octet is read once */
    uint8_t direction : 1;
    uint8_t has_cause : 1;
    uint8_t has_recovery : 1;
    uint8_t has_packet : 1;   /* carries a Data Record Packet that is not empty */
    uint8_t is_empty : 1;     /* carries one that is empty */
    uint8_t has_content : 1;  /* its octets tell it from any other request */
    uint8_t is_cut : 1;       /* not all octets are in the capture */
    uint8_t is_beyond : 1;    /* its length goes beyond its datagram */
    uint8_t is_misplaced : 1; /* a later message stands before it in the file */
    uint8_t is_refused : 1;   /* by ICMP, its host says that its port is unreachable */
    uint8_t is_copied : 1;    /* of a request's first copy: the capture has a packet of it more than once */
};

#endif
