/* gtpp_ledger.h
 * All GTP' messages of a file, by path and number, and what is known of each path.
 *
 * The ledger is given each message once, in the order of the file. It finds the message's relations to others of its
 * number (gtpp_match) at once, and keeps what the judgement of the whole file (gtpp_judge) needs. It knows nothing of
 * packets or trees.
 *
 * Memory: 104 octets for a message, 32 for each record, some 60 for each number that is in use on a path, and about 120
 * for a message that is a copy, answers several requests, releases, or has something remarkable.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_H
#define PORTLORE_GTPP_LEDGER_H

#include <wsutil/wmem/wmem.h>

#include "gtpp_event.h"

typedef struct gtpp_ledger gtpp_ledger_t;

/* What is in the capture of one direction of a path. */
typedef struct {
    uint32_t messages;
    uint32_t cut;  /* of these, messages that were cut */
    int64_t first; /* time of the earliest and of the latest message */
    int64_t last;
    int64_t first_cut; /* time of the first and of the last one that was cut */
    int64_t last_cut;
    struct gtpp_event *first_event; /* the first message in the file, and the latest by time */
    const struct gtpp_event *last_event;
    gtpp_hole_t *holes;    /* in the TCP stream; also those that were filled */
    bool has_begun;        /* the capture has the beginning of the TCP stream */
    bool has_packets;      /* requests about records were sent */
    uint16_t first_packet; /* number of the earliest of these, and its time */
    int64_t first_packet_time;
} gtpp_direction_t;

/* A conversation of two ends. */
typedef struct gtpp_path {
    uint32_t number;                /* the first path has the number 0 */
    uint32_t hosts[2];              /* numbers that the caller has for the addresses of its two ends */
    uint32_t ends[2];               /* likewise for address and port */
    bool has_ends;                  /* false: the packets have no addresses */
    bool has_twin;                  /* the packets of another path, .twin, are on this one, too: both sides of a NAT */
    bool is_twin_reversed;          /* the first end of this path stands for the second one of its twin */
    uint32_t twin;                  /* numbers of this path are those of its twin */
    bool is_service[2];             /* the port of that end is one on which GTP' is expected */
    unsigned cdf;                   /* which end sends records, 0 or 1: a guess until is_cdf_known */
    bool is_cdf_known;              /* a message about records told */
    gtpp_direction_t directions[2]; /* 0: from the first end */
} gtpp_path_t;

typedef struct {
    const uint16_t *seqs;
    uint32_t count;
} gtpp_ledger_list_t;

/* What a message says. Nothing of it need outlive the call. */
typedef struct {
    gtpp_path_t *path;
    unsigned direction; /* 0: from the path's first end */
    const void *frame;  /* what the caller knows the frame by; not NULL */
    int64_t time;       /* nanoseconds since 1970 */
    uint8_t type;       /* message type; those that GTP' does not have are kept without relations */
    uint8_t version;    /* of the header */
    uint16_t seq;
    uint16_t ip_id;  /* IPv4 identification; 0 when it is zero or not known */
    uint32_t length; /* octets of the message */
    uint64_t digest; /* of the captured octets: equal for equal ones */
    bool is_cut;     /* not all octets are in the capture */
    bool is_beyond;  /* the message's length goes beyond its datagram */
    bool is_stream;  /* read from a TCP stream, of which each octet is read once */
    bool has_cause;
    uint8_t cause;
    bool has_recovery;
    uint8_t recovery;
    bool has_command; /* without one, the other elements tell */
    uint8_t command;
    bool has_packet;              /* a Data Record Packet is there */
    bool is_empty_packet;         /* and has nothing in it */
    uint16_t announced;           /* records that the packet announces; at least num_records */
    const gtpp_hole_t *hole;      /* in the TCP stream, right before the message; NULL */
    gtpp_ledger_list_t responded; /* Requests Responded; count 0 when absent */
    gtpp_ledger_list_t released;
    gtpp_ledger_list_t cancelled;
    const gtpp_event_record_t *records; /* .identity, .node, .local_seq and .type */
    uint32_t num_records;
} gtpp_ledger_input_t;

/* Starts an empty ledger. All of it is allocated from ALLOCATOR. */
gtpp_ledger_t *gtpp_ledger_open(wmem_allocator_t *allocator);

/* Ends the ledger, before its allocator is emptied. NULL is none. */
void gtpp_ledger_close(gtpp_ledger_t *ledger);

/* Opens a path between two ends. Until messages tell, the end that sends records is taken for the one of which the port
 * is not one of the service, or else for CDF (0 or 1). */
gtpp_path_t *gtpp_ledger_open_path(gtpp_ledger_t *ledger, const uint32_t hosts[2], const uint32_t ends[2],
                                   const bool is_service[2], unsigned cdf);

/* The path of that number, or NULL. */
gtpp_path_t *gtpp_ledger_get_path(const gtpp_ledger_t *ledger, uint32_t number);
uint32_t gtpp_ledger_count_paths(const gtpp_ledger_t *ledger);

/* The path whose numbers those of PATH are: itself, or its twin, which may have one itself. *DIRECTION, one of PATH's,
 * becomes the same one of that path. */
const gtpp_path_t *gtpp_ledger_find_root(const gtpp_ledger_t *ledger, const gtpp_path_t *path, unsigned *direction);

/* Enters a message. The event lives as long as the allocator. */
gtpp_event_t *gtpp_ledger_enter(gtpp_ledger_t *ledger, const gtpp_ledger_input_t *input);

/* HOLE, which lives as long as the allocator, is in the stream of DIRECTION of PATH. */
void gtpp_ledger_add_hole(gtpp_ledger_t *ledger, gtpp_path_t *path, unsigned direction, gtpp_hole_t *hole);

/* What an ICMP error quotes of a message. */
typedef struct {
    uint16_t ip_id;  /* as of an input */
    bool has_header; /* the next two are known */
    uint8_t type;
    uint16_t seq;
} gtpp_quote_t;

/* The host that a message of DIRECTION of PATH went to refused it: its port is unreachable. It is the latest one with
 * the number or, where that is not quoted, the latest one when it has the identification. Does nothing when it is not
 * there. */
void gtpp_ledger_refuse(gtpp_ledger_t *ledger, const gtpp_path_t *path, unsigned direction, const gtpp_quote_t *quote);

/* How many octets of the TCP stream are missing behind EVENT, when it is the latest message of its direction, so that
 * no message stands behind them; otherwise 0. PATH is that of the event. */
uint32_t gtpp_ledger_count_rest(const gtpp_path_t *path, const gtpp_event_t *event);

/* The same, but only of octets that are surely behind EVENT: not of those in front of it that no message could be put
 * behind, and none when the file is not in the order of time, since they may stand in another place. */
uint32_t gtpp_ledger_count_behind(const gtpp_ledger_t *ledger, const gtpp_event_t *event);

/* What may hide messages of DIRECTION between two times: a hole that was not filled, or else a message that was cut.
 * GTPP_REASON_NONE when there is neither. */
gtpp_reason_t gtpp_ledger_find_gap(const gtpp_direction_t *direction, int64_t since, int64_t until);

/* DATAGRAM, which lives as long as the allocator, may be a message. */
void gtpp_ledger_add_datagram(gtpp_ledger_t *ledger, gtpp_datagram_t *datagram);

/* The last one that was added; .next leads to the others. NULL: none. */
const gtpp_datagram_t *gtpp_ledger_get_datagrams(const gtpp_ledger_t *ledger);

/* Calls VISIT for all events, in the order in which they were entered. */
typedef void (*gtpp_ledger_visit_t)(gtpp_event_t *event, void *data);
void gtpp_ledger_visit(const gtpp_ledger_t *ledger, gtpp_ledger_visit_t visit, void *data);

/* How many events there are. */
uint32_t gtpp_ledger_count(const gtpp_ledger_t *ledger);

/* How many events stand behind later ones in the file, and the first of them (NULL: none). */
uint32_t gtpp_ledger_count_misplaced(const gtpp_ledger_t *ledger, gtpp_event_t **first);

/* The latest time before the times of the file last stepped back by GTPP_MATCH_CLOCK_STEP or more; GTPP_TIME_MIN:
 * never. */
int64_t gtpp_ledger_find_step(const gtpp_ledger_t *ledger);

/* The ledger's allocator. */
wmem_allocator_t *gtpp_ledger_allocator(const gtpp_ledger_t *ledger);

/* The K-th number of a message, from 0: the request itself, or the K-th request that a response answers. NULL when
 * there is no such number. */
gtpp_item_t *gtpp_event_get_item(gtpp_event_t *event, uint32_t k);

#endif
