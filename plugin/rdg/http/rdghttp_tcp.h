/* rdghttp_tcp.h
 * What TCP shows of a main channel's connection: who ended it, and whether there are octets that were not read.
 *
 * That an answer is missing can be said only where all octets since are known. Plain: needs no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_TCP_H
#define PORTLORE_RDGHTTP_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    RDGHTTP_TCP_OPEN,
    RDGHTTP_TCP_CLOSED,
    RDGHTTP_TCP_RESET,
    RDGHTTP_TCP_ALERT,
    RDGHTTP_TCP_WEBSOCKET
} rdghttp_tcp_end_t;

/* One direction. */
typedef struct {
    bool is_known;
    uint32_t end;   /* behind the last octet that was seen; with IS_KNOWN */
    bool has_gap;   /* octets are missing in the capture */
    bool is_unread; /* octets came that nothing was read of so far */
    bool has_alert; /* the latest octets are an alert of TLS, before which the other direction had none */
} rdghttp_tcp_side_t;

/* A connection since its latest step. Begins as all zeros. */
typedef struct {
    rdghttp_tcp_side_t sides[2]; /* from the client, from the gateway */
    rdghttp_tcp_end_t end; /* the first one; RDGHTTP_TCP_ALERT: an alert of TLS, behind which the other end closed TCP;
                              RDGHTTP_TCP_WEBSOCKET: a Close frame of WebSocket */
    bool ended_by_gateway; /* or by what stands before it */
    uint16_t close_status; /* of that Close frame; 0: it has none */
} rdghttp_tcp_t;

typedef struct {
    bool from_gateway;
    bool syn, ack, fin, rst;
    uint32_t sequence;
    uint32_t acknowledged;
    const uint8_t *octets; /* of the payload, as far as captured */
    size_t captured;
    uint32_t length; /* of the payload, as sent */
    bool is_read;    /* something of the connection was read in this segment */
    bool is_step;    /* and that is the latest step: what was missing before it does not matter */
} rdghttp_segment_t;

/* True when octets are missing between those that were seen before and SEGMENT, which comes next. */
bool rdghttp_tcp_is_behind_gap(const rdghttp_tcp_t *tcp, const rdghttp_segment_t *segment);

/* Takes in a segment, in the order of the capture. */
void rdghttp_tcp_on_segment(rdghttp_tcp_t *tcp, const rdghttp_segment_t *segment);

/* Takes in a Close frame of WebSocket, with its status; 0 where it has none (RFC 6455 section 5.5.1). */
void rdghttp_tcp_on_websocket_close(rdghttp_tcp_t *tcp, bool from_gateway, uint16_t status);

/* The status of the Close frame among the whole WebSocket frames that LENGTH octets begin with; 0 where it has none. -1
 * when there is no Close frame, or when the octets are no frames of that end: a client masks, a gateway does not. */
int rdghttp_tcp_find_websocket_close(const uint8_t *octets, size_t length, bool from_gateway);

/* Begins anew behind a step of the session. */
void rdghttp_tcp_on_step(rdghttp_tcp_t *tcp);

/* True when both directions were seen since, and nothing in them is missing or was not read. */
bool rdghttp_tcp_is_whole(const rdghttp_tcp_t *tcp);

#endif
