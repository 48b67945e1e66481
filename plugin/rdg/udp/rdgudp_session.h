/* rdgudp_session.h
 * A channel as Wireshark sees it: which conversation it is, and who its ends are.
 *
 * The channel's life itself is in rdgudp_channel; this ties it to conversations, frames and passes. All of it lives as
 * long as the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_SESSION_H
#define PORTLORE_RDGUDP_SESSION_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdgudp_channel.h"

#define RDGUDP_NO_STREAM UINT32_MAX

typedef struct rdgudp_flow {
    uint32_t index; /* counts from 0 */
    bool foreign;   /* DTLS that merely has the port at the client's end: not a channel, has no index */
    rdgudp_channel_t channel;
    address client;
    address gateway;
    uint16_t client_port;
    uint16_t gateway_port;
    uint32_t first_frame;
    bool begun; /* a datagram of it was seen */
    bool has_correlation_id;
    e_guid_t correlation_id; /* in the structure's little-endian order */
    const char *user;        /* of the cookie; NULL when not known */
    const char *target;      /* "name (address)", of the cookie; NULL when not known */
    bool decrypted;          /* a packet inside DTLS was seen */
    bool told_no_key;
    wmem_array_t *notes[2];     /* of its datagrams, one way and the other: rdgudp_notes has them; NULL before */
    uint16_t inner_port;        /* stands for the gateway's while inner DTLS is dissected; 0 before */
    struct rdgudp_note *silent; /* of the packet on which silence or a refusal became known; NULL when there is none */
    uint32_t fallback_stream;   /* tcp.stream that carries on meanwhile, or RDGUDP_NO_STREAM */
    bool is_waiting;            /* for a sign of fallback */
    struct rdgudp_flow *next_waiting; /* the chain of those that are */
} rdgudp_conv_t;

/* What is news on a packet, beside RDGUDP_NEWS_*. */
enum {
    RDGUDP_NOTE_NO_KEY = 1 << 16,
    RDGUDP_NOTE_FALLBACK = 1 << 17,
    RDGUDP_NOTE_HELLO = 1 << 18, /* not news: the datagram is a ClientHello */
    RDGUDP_NOTE_CLEAR = 1 << 19  /* a fragment without DTLS */
};

/* What was known of a channel after a packet: found on the first pass, drawn on every pass. */
typedef struct rdgudp_note {
    rdgudp_conv_t *flow;
    rdgudp_verdict_t before;
    rdgudp_verdict_t verdict;
    uint32_t hello_count;
    uint16_t version;
    bool both_ways; /* application data has gone both ways */
    bool first;     /* the first packet of the channel */
    bool from_gateway;
    uint32_t attempt; /* which of the channel's it belongs to */
    unsigned news;
    uint32_t fallback_stream;     /* as known then */
    const rdgudp_channel_t *then; /* the channel as it was, with RDGUDP_NEWS_ALERT and RDGUDP_NOTE_NO_KEY */
    /* What only later packets showed: drawn from the second pass on. */
    bool answered_later;
    uint32_t fallback_later;  /* tcp.stream, or RDGUDP_NO_STREAM */
    struct rdgudp_note *next; /* on a frame that is not of the channel: another channel that it says something about */
} rdgudp_note_t;

/* Sets things up for the protocol PROTO. Call once, at registration. */
void rdgudp_session_init(int proto);

/* The channel of the packet's addresses and ports, or NULL. */
rdgudp_conv_t *rdgudp_session_find(packet_info *pinfo);

/* The same for given ends: a quoted datagram's. */
rdgudp_conv_t *rdgudp_session_find_ends(uint32_t frame, const address *source, const address *destination,
                                     uint16_t source_port, uint16_t destination_port);

/* Makes the conversation of the packet a channel. Its source is the gateway when FROM_GATEWAY. */
rdgudp_conv_t *rdgudp_session_create(packet_info *pinfo, bool from_gateway);

/* Remembers that the conversation of the packet is DTLS of somebody else. */
void rdgudp_session_create_foreign(packet_info *pinfo);

/* True when the packet comes from the gateway. */
bool rdgudp_session_is_from_gateway(const rdgudp_conv_t *flow, const packet_info *pinfo);

/* A ClientHello shows which end is the client: puts a first guess right. */
void rdgudp_session_set_client(rdgudp_conv_t *flow, const packet_info *pinfo);

/* How many channels there are so far. */
uint32_t rdgudp_session_count(void);

#endif
