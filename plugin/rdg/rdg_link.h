/* rdg_link.h
 * A UDP channel as its main channel sees it: what the UDP half counts for it, and what it says when it is asked.
 *
 * The UDP half registers its functions here, so that the main channel's half needs to know nothing of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_LINK_H
#define PORTLORE_RDG_LINK_H

#include <epan/guid-utils.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/frame_store.h"
#include "rdg_terms.h"

/* By what a channel is found to be of a session, the strongest first. */
typedef enum { RDG_TIE_ID, RDG_TIE_COOKIE, RDG_TIE_ENDS } rdg_tie_t;

/* The order of a trailer's correlation id that equals the one in a header: rdgudp.correlation_order. */
typedef enum {
    RDG_ORDER_LITTLE = 0, /* as the structure says */
    RDG_ORDER_BIG = 1,
    RDG_ORDER_EITHER = 2,  /* the octets are the same both ways */
    RDG_ORDER_UNCLEAR = 3, /* each order has the id of another session */
    RDG_ORDER_NONE = 255
} rdg_order_t;

struct rdg_offer;

/* One attempt of a channel, and the offer that it follows. */
typedef struct rdg_link {
    uint32_t attempt;
    struct rdg_offer *offer;
    rdg_tie_t tie;
    rdg_order_t order;     /* RDG_ORDER_NONE where there is no id to compare */
    frame_record_t *first; /* the ClientHello, */
    rdg_time_t when;       /* and its time */
    bool is_over;          /* the channel began another attempt */
    uint32_t data[2];      /* datagrams with application data of the client, of the gateway */
    uint32_t longest[2];   /* octets of the longest of these */
    bool payload[2];       /* a DATA_PKT was decrypted */
    bool has_other_cookie; /* with RDG_TIE_ID: it sent a cookie that no offer of the session has */
    rdg_time_t closed;     /* RDG_NEVER while it is open */
    bool closed_by_gateway;
    struct rdg_link *next_of_offer;
} rdg_link_t;

/* How an attempt stands. */
typedef enum {
    RDG_LINK_HELLO,         /* the ClientHello has no answer so far */
    RDG_LINK_HANDSHAKE,     /* not through */
    RDG_LINK_STUCK,         /* the handshake begins and does not end */
    RDG_LINK_NO_ANSWER,     /* nothing came back, or from elsewhere */
    RDG_LINK_STOPPED,       /* an ICMP error says that it cannot be */
    RDG_LINK_FAILED,        /* an alert ended the handshake */
    RDG_LINK_REJECTED,      /* the gateway's result is an error */
    RDG_LINK_NOT_CONNECTED, /* CONNECT_PKT is not answered */
    RDG_LINK_UP,            /* secured, or connected */
    RDG_LINK_DIED,          /* it worked, and does no more */
    RDG_LINK_CLOSED,
    RDG_LINK_NOT_OURS /* none of a gateway's channels */
} rdg_link_state_t;

/* What an ICMP error means for the gateway's port. */
typedef enum {
    RDG_STOP_NONE,
    RDG_STOP_NO_LISTENER, /* the gateway's own port unreachable */
    RDG_STOP_FILTERED,    /* another host's, or communication administratively prohibited */
    RDG_STOP_MTU,
    RDG_STOP_ROUTE
} rdg_stop_t;

/* What was seen of an attempt, and what follows. */
typedef struct {
    uint32_t channel; /* rdgudp.channel */
    rdg_link_state_t state;
    const char *state_name; /* of rdgudp.verdict */
    bool is_by_icmp;        /* an ICMP error is why */
    bool is_decrypted;      /* packets inside DTLS were seen */
    bool lossy_known;
    bool lossy; /* with LOSSY_KNOWN */
    bool has_data[2];
    rdg_time_t last[2]; /* the latest datagram of the client, of the gateway; RDG_NEVER before */
    rdg_stop_t stop;
    uint8_t stop_type; /* of ICMP or ICMPv6 */
    uint8_t stop_code;
    const char *stopped_by;  /* sender of the latest ICMP error; "?" before */
    const char *answer_from; /* "address:port" of an answer from elsewhere; NULL when there is none */
    const char *alert;       /* its name, with RDG_LINK_FAILED */
    bool alert_from_gateway;
    uint32_t result; /* of CONNECT_PKT_RESP */
    bool has_reason; /* the DISC_PKT that closed it was read */
    uint32_t reason; /* of that DISC_PKT */
} rdg_link_facts_t;

/* What the UDP half does for the main channel's. */
typedef struct {
    /* A main channel begins: other packets may say something about its UDP from now on. */
    void (*start)(void);
    /* What is known of the link's attempt by now. */
    rdg_link_facts_t (*describe)(const rdg_link_t *link);
    /* True when a channel without a link may be of OFFER's session all the same: it was seen since, and nothing shows
     * whose it is; or it has the session's correlation id ID (NULL: not known), whenever it was seen. */
    bool (*may_be_another)(const struct rdg_offer *offer, const e_guid_t *id);
    /* True when the capture has IP fragments towards the offer's gateway, later than the offer, without the rest of
     * their datagrams, and of that port as far as they show it. */
    bool (*has_pieces)(const struct rdg_offer *offer);
} rdg_link_udp_t;

/* Call once, at registration of the UDP half. */
void rdg_link_set_udp(const rdg_link_udp_t *udp);

/* The functions of the UDP half. Without it, nothing starts, there is no link to describe, and any channel may be
 * another's: what is not looked at cannot be said to be missing. */
void rdg_link_start(void);
rdg_link_facts_t rdg_link_describe(const rdg_link_t *link);
bool rdg_link_may_be_another(const struct rdg_offer *offer, const e_guid_t *id);
bool rdg_link_has_pieces(const struct rdg_offer *offer);

#endif
