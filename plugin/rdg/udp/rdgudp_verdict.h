/* rdgudp_verdict.h
 * What follows from what was seen of a channel: a pure function of it, asked whenever a verdict is needed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_VERDICT_H
#define PORTLORE_RDGUDP_VERDICT_H

#include "rdgudp_channel.h"

/* The numbers are those of the field rdgudp.verdict. */
typedef enum {
    RDGUDP_HELLO_SENT = 0,
    RDGUDP_HANDSHAKING = 1,
    RDGUDP_SECURED = 2,   /* without keys, the best that can be known */
    RDGUDP_CONNECTED = 3, /* the gateway said so inside DTLS */
    RDGUDP_CLOSED = 4,
    RDGUDP_NO_ANSWER = 10,
    RDGUDP_REFUSED = 11,        /* the gateway itself says that the port is unreachable */
    RDGUDP_FAILED = 12,         /* an alert ended the handshake */
    RDGUDP_REJECTED = 13,       /* the gateway's result is an error */
    RDGUDP_STUCK = 14,          /* the handshake begins and does not end */
    RDGUDP_DIED = 15,           /* the channel worked, and does no more */
    RDGUDP_CONNECT_SILENT = 16, /* CONNECT_PKT is not answered */
    RDGUDP_MTU = 17,            /* the path does not take datagrams of that length */
    RDGUDP_PROHIBITED = 18,     /* a firewall says so */
    RDGUDP_NO_ROUTE = 19,
    RDGUDP_EXPLOIT = 20,     /* an exploit's or a scanner's pattern; nothing takes this back */
    RDGUDP_UNSOLICITED = 21, /* the gateway's flight, and nothing in the capture asked for it */
    RDGUDP_NOT_OURS = 22     /* DTLS, but not an RD Gateway's channel */
} rdgudp_verdict_t;

/* Why, where one verdict has several reasons. */
typedef enum {
    RDGUDP_BECAUSE_NONE,
    RDGUDP_BECAUSE_SILENCE,        /* no answer: nothing came back */
    RDGUDP_BECAUSE_ELSEWHERE,      /* no answer: it came from another address or port */
    RDGUDP_BECAUSE_COOKIE_LOOP,    /* stuck: every hello is answered with another cookie */
    RDGUDP_BECAUSE_NO_FLIGHT,      /* stuck: the hello with the cookie is not answered */
    RDGUDP_BECAUSE_CLIENT_SILENT,  /* stuck: the gateway repeats its flight, the client does not go on */
    RDGUDP_BECAUSE_NO_FINISHED,    /* stuck: the client repeats its flight, the gateway does not finish */
    RDGUDP_BECAUSE_ONE_SIDE_STOPS, /* died: one end's datagrams stop while the other's go on */
    RDGUDP_BECAUSE_ICMP,           /* died: an ICMP error says why */
    RDGUDP_BECAUSE_SRTP,           /* not ours: the ClientHello asks for SRTP */
    RDGUDP_BECAUSE_SMALL,          /* not ours: the ClientHello offers pre-shared keys only */
    RDGUDP_BECAUSE_MEDIA,          /* not ours: STUN or RTP between the same ends */
    RDGUDP_BECAUSE_CONTENT,        /* not ours: what DTLS decrypts is none of our packets */
    RDGUDP_BECAUSE_VERIFY_LOOP,    /* stuck: every hello is answered with a HelloVerifyRequest, whose cookie is the same
                                    * or not captured */
    RDGUDP_BECAUSE_COOKIE_CUT      /* stuck: the hello with the cookie comes again; the capture lacks the cookies, by
                                    * which could be told why */
} rdgudp_reason_t;

/* What is known beside the channel. */
typedef struct {
    uint32_t hello_threshold; /* ClientHellos from which silence is an answer; 0 counts as 1 */
    rdg_time_t now;           /* time of the latest frame of the capture so far */
    uint32_t session_tries;   /* of all channels of its session, when none of them was answered; otherwise 0 */
    rdg_time_t session_began;
    bool
        client_asks_others; /* the client's port has said hello to another end, which may not be the one that answers */
} rdgudp_view_t;

typedef struct {
    rdgudp_verdict_t verdict;
    rdgudp_reason_t reason;
} rdgudp_judgement_t;

/* Judges CHANNEL as of VIEW. */
rdgudp_judgement_t rdgudp_verdict_judge(const rdgudp_channel_t *channel, const rdgudp_view_t *view);

/* True for a verdict that says why the session does without the channel: a fallback is looked for. */
bool rdgudp_verdict_is_failure(rdgudp_verdict_t verdict);

/* The time from which TCP does the channel's work, if it does. Only with a verdict that is a failure. */
rdg_time_t rdgudp_verdict_since(const rdgudp_channel_t *channel, rdgudp_verdict_t verdict);

/* The ICMP error that the verdict rests on, or NULL. */
const rdgudp_stop_t *rdgudp_verdict_stop(const rdgudp_channel_t *channel, rdgudp_judgement_t judgement);

#endif
