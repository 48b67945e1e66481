/* rdgudp_session.h
 * A channel as Wireshark sees it: which conversations are its own, who its ends are, and what is known of it now.
 *
 * What was seen of the channel is in rdgudp_channel, what follows in rdgudp_verdict; this ties both to conversations
 * and frames. All of it lives as long as the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_SESSION_H
#define PORTLORE_RDGUDP_SESSION_H

#include <epan/packet.h>

#include <stdbool.h>

#include "base/frame_store.h"
#include "rdg/rdg_link.h"
#include "rdg/rdg_session.h"
#include "rdgudp_fragments.h"
#include "rdgudp_verdict.h"

struct rdgudp_state;
struct rdgudp_datagram;
struct rdgudp_stream;

typedef struct rdgudp_conv {
    uint32_t index; /* counts from 0 */
    bool is_other;  /* DTLS that merely has the port at the client's end: not a channel, has no index */
    rdgudp_channel_t channel;
    rdgudp_fragments_t fragments; /* of CONNECT_PKT; their numbers go on over all attempts */
    address client;
    address gateway;
    uint16_t client_port;
    uint16_t gateway_port;
    struct rdgudp_datagram
        *datagram;          /* while one is handed to DTLS: what that decrypts belongs to it; otherwise NULL */
    bool has_begun;         /* a datagram of it was seen */
    rdg_session_t *session; /* of the latest attempt; NULL without a correlation id */
    uint32_t unclear_since; /* 1 more than the first attempt whose id has another session in each order; 0: none has */
    rdg_link_t *link;       /* to its main channel, of the latest attempt that has one; NULL when there is none */
    const char *user;       /* of the cookie; NULL when not known */
    const char *target;     /* "name (address)", of the cookie; NULL when not known */
    bool is_decrypted;      /* a packet inside DTLS was seen */
    bool has_reported_no_key;
    rdgudp_judgement_t judgement; /* after the latest event */
    bool counts_as_answered;      /* in the session's figures */
    bool counts_as_up;
    wmem_tree_t *states[2];       /* rdgudp_history has them; NULL before the first */
    struct rdgudp_state *last[2]; /* the latest of each */
    struct rdgudp_state *problem; /* of the packet on which a failure became known; NULL when there is none */
    struct rdgudp_state *hello;   /* of the latest ClientHello */
    struct rdgudp_state *no_key;  /* of the packet that tells why nothing is decrypted; NULL before */
    struct rdgudp_stream *stream; /* what RDPEUDP carries; NULL before */
    uint16_t inner_port;          /* stands for the gateway's while inner DTLS is dissected; 0 before */
    const char *stopped_by;       /* sender of the latest ICMP error; NULL before */
    const char *answer_from;      /* "address:port" of the first answer from elsewhere; NULL before */
    frame_record_t *answer_in;    /* of that answer */
    bool has_moved;               /* since the last datagram */
    bool may_have_moved;          /* it may be one of several channels of its client that goes on here */
    struct {
        rdg_time_t time;
        bool from_gateway;
        uint16_t epoch;
        uint64_t number;
    } start;                          /* of its first datagram in the file, and that one's first record */
    const char *moved_to;             /* "address:port" of the client after a NAT gave it another port; NULL before */
    uint32_t fallback_stream;         /* tcp.stream that carries on meanwhile, or RDG_NO_STREAM */
    bool is_waiting;                  /* for a sign of fallback */
    struct rdgudp_conv *next_of_host; /* an earlier channel of the same client's address */
    struct rdgudp_conv *next_waiting; /* the chain of those that are */
} rdgudp_conv_t;

/* Sets things up for the protocol PROTO; HELLO_THRESHOLD is the preference. Call once, at registration. */
void rdgudp_session_init(int proto, const unsigned *hello_threshold);

/* The capture has reached the packet's time. First pass only. */
void rdgudp_session_on_time(rdg_time_t when);

/* {{{ Channels of packets */

/* The channel of the packet's addresses and ports, or NULL. */
rdgudp_conv_t *rdgudp_session_find(packet_info *pinfo);

/* The same for given ends: a quoted datagram's. */
rdgudp_conv_t *rdgudp_session_find_ends(uint32_t frame, const address *source, const address *destination,
                                        uint16_t source_port, uint16_t destination_port);

/* Makes the conversation of the packet a channel. Its source is the gateway when FROM_GATEWAY. */
rdgudp_conv_t *rdgudp_session_create(packet_info *pinfo, bool from_gateway);

/* Remembers that the conversation of the packet is not a channel, although it has the port. */
rdgudp_conv_t *rdgudp_session_create_other(packet_info *pinfo);

/* Makes a channel of what was remembered so. */
void rdgudp_session_promote(rdgudp_conv_t *conv, packet_info *pinfo, bool from_gateway);

/* The channel whose client waits for an answer on the address and port that the packet goes to, but from another
 * address or port than its source; NULL when there is none. The packet's conversation becomes the channel's. */
rdgudp_conv_t *rdgudp_session_adopt_answer(packet_info *pinfo);

/* First pass: the channel of a ClientHello whose answers stand in front of it in the file, and came from another
 * address or port; it goes on as that of the address that the client sends to. NULL when there is none. */
rdgudp_conv_t *rdgudp_session_adopt_hello(packet_info *pinfo);

/* The channel that the packet goes on from, or to, another port of the same client, as behind a NAT that has forgotten
 * it: the record numbers go on where the channel's stopped. NULL when there is none, or, with IS_UNCLEAR set, when
 * several fit as well. The packet's conversation becomes the channel's. */
rdgudp_conv_t *rdgudp_session_adopt_moved(packet_info *pinfo, const rdgudp_dtls_t *dtls, bool from_gateway,
                                          bool *is_unclear);

/* True when CONV may be what another channel of its client became, which the file has behind it, and by its times in
 * front of it: the record numbers go on where that one stopped. */
bool rdgudp_session_may_be_moved(const rdgudp_conv_t *conv);

/* The channel with that index, or NULL. */
rdgudp_conv_t *rdgudp_session_of_index(unsigned number);

/* The latest channel of the same client's address; next_of_host leads to the earlier ones. */
rdgudp_conv_t *rdgudp_session_latest_of_host(const rdgudp_conv_t *conv);

/* True when the packet comes from the gateway. */
bool rdgudp_session_is_from_gateway(const rdgudp_conv_t *conv, const packet_info *pinfo);

/* True when the packet is not between the ends of the channel, but was adopted. */
bool rdgudp_session_is_from_elsewhere(const rdgudp_conv_t *conv, const packet_info *pinfo);

/* A ClientHello shows which end is the client: puts a first guess right. */
void rdgudp_session_set_client(rdgudp_conv_t *conv, const packet_info *pinfo);

/* }}} */

/* The channel has a correlation id. */
void rdgudp_session_set_id(rdgudp_conv_t *conv, const e_guid_t *id);

/* Another attempt begins: from a port that a client uses again, it may be another session's. What the attempts before
 * count in the figures of theirs stays. */
void rdgudp_session_forget_id(rdgudp_conv_t *conv);

/* Judges the channel after an event of the first pass: sets conv->judgement, and the session's figures. */
void rdgudp_session_judge(rdgudp_conv_t *conv);

/* What became of the channel as far as is known now: with the whole file, at its end. */
rdgudp_judgement_t rdgudp_session_outcome(const rdgudp_conv_t *conv);

/* The same of CHANNEL, which is what an attempt of CONV was. */
rdgudp_judgement_t rdgudp_session_outcome_of(const rdgudp_conv_t *conv, const rdgudp_channel_t *channel);

/* How many channels there are so far. */
uint32_t rdgudp_session_count(void);

#endif
