/* rdg_offer.h
 * What a main channel offers, and by what a UDP channel is found to be of it: the correlation id, the cookie, or the
 * two hosts and the port (MS-TSGU sections 1.3.3.1 and 2.2.11). Neither half of the protocol is known here.
 *
 * All of it is made on the first pass and lives as long as the file. Nothing costs anything before the first offer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_OFFER_H
#define PORTLORE_RDG_OFFER_H

#include <epan/address.h>
#include <epan/guid-utils.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/frame_store.h"
#include "rdg_link.h"

/* A main channel, as far as its UDP channels have to do with it: the trunk that they leave. */
typedef struct rdg_main {
    uint32_t number; /* rdghttp.session */
    uint32_t stream; /* tcp.stream on which the gateway's DATA comes, or RDG_NO_STREAM */
    address client;
    address gateway;
    uint16_t gateway_port;
    bool is_by_proxy; /* the gateway's end is a proxy's, so that the address to which its UDP goes is not known */
    rdg_time_t began;
    rdg_time_t last_data[2]; /* when DATA last came from the client, from the gateway */
    rdg_time_t ended;        /* when the channel or its connection was closed; RDG_NEVER while it is open */
    bool has_no_udp;         /* what was said so far is that there is no UDP */
    bool is_waited_for;      /* a UDP channel that failed waits for DATA both ways, */
    rdg_time_t waits_since;  /* later than this */
    struct rdg_main *next;
} rdg_main_t;

/* A good CHANNEL_RESPONSE with a port and a cookie. */
typedef struct rdg_offer {
    rdg_main_t *trunk;
    frame_record_t *frame;
    rdg_time_t when;
    uint16_t port;
    uint64_t cookie; /* a digest; 0 for an empty one */
    bool has_id;
    e_guid_t id;       /* the session's correlation id */
    bool has_others;   /* what is no channel's went to the port, or an ICMP error quotes a datagram to it */
    rdg_link_t *links; /* UDP channels that are of it, the latest first */
    unsigned num_links;
    struct rdg_offer *next;         /* an earlier one of any session */
    struct rdg_offer *next_of_id;   /* an earlier one of the same correlation id */
    struct rdg_offer *next_of_port; /* an earlier one of the same gateway and port */
} rdg_offer_t;

/* How many main channels and offers there are. */
extern unsigned rdg_offer_main_count;
extern unsigned rdg_offer_count;

/* Call once, at registration, of either half. */
void rdg_offer_init(void);

/* False as long as no offer was seen. */
static inline bool rdg_offer_is_any(void)
{
    return rdg_offer_count > 0;
}

/* A main channel begins: TRUNK is filled in but for what comes later, and stays where it is. */
void rdg_offer_add_main(rdg_main_t *trunk);

/* The main channel is found by its gateway_port as it is now, too. */
void rdg_offer_add_port(rdg_main_t *trunk);

/* Notes a TCP connection of the main channel; it may have several. */
void rdg_offer_add_stream(rdg_main_t *trunk, uint32_t stream);

/* The main channel that has that connection, or NULL. */
rdg_main_t *rdg_offer_main_of_stream(uint32_t stream);

/* True when a main channel has PORT at the gateway's end of TCP. */
bool rdg_offer_is_main_port(uint32_t port);

/* A gateway offers UDP. ID is the session's correlation id, NULL when not known; COOKIE has LENGTH octets. */
rdg_offer_t *rdg_offer_add(rdg_main_t *trunk, frame_record_t *frame, rdg_time_t when, uint16_t port, const e_guid_t *id,
                           const uint8_t *cookie, size_t length);

/* True when a trailer's id, read in the little-endian order, is ID in one of the two orders. */
bool rdg_offer_ids_fit(const e_guid_t *trailer, const e_guid_t *id);

/* The order in which a trailer's id, read in the little-endian order, is that of the session of OFFER. */
rdg_order_t rdg_offer_order(const rdg_offer_t *offer, const e_guid_t *trailer);

/* The latest offer of the session whose correlation id is that of a trailer, TRAILER as read in the little-endian
 * order. ORDER says which order fits. NULL when there is none, or when each order names another session: then ORDER is
 * RDG_ORDER_UNCLEAR. */
rdg_offer_t *rdg_offer_of_id(const e_guid_t *trailer, rdg_order_t *order);

/* True when another session of OFFER's correlation id goes on beside it: it was offered UDP before, and its client has
 * sent DATA later than WHEN. The id does not tell then whose a channel is that begins at that time. */
bool rdg_offer_is_shared(const rdg_offer_t *offer, rdg_time_t when);

/* The same from the other side: True when a channel that was taken for one of another session, by the correlation id ID
 * that OFFER's session has too, may be of OFFER. */
bool rdg_offer_may_have_links(const rdg_offer_t *offer, const e_guid_t *id);

/* The offer with that cookie, or NULL. */
rdg_offer_t *rdg_offer_of_cookie(const uint8_t *cookie, size_t length);

/* The offer that CLIENT may follow at the time to PORT of GATEWAY: it is of these hosts, not older than its cookie is
 * good for, and its session goes on. NULL when there is none, or when sessions of the client overlap, so that it cannot
 * be told whose the channel is. */
rdg_offer_t *rdg_offer_of_ends(const address *client, const address *gateway, uint16_t port, rdg_time_t when);

/* True when some session was offered PORT of GATEWAY so far. */
bool rdg_offer_takes(const address *gateway, uint16_t port);

/* True when UDP channels to the offer's port of its gateway are known to be of some session. */
bool rdg_offer_port_has_links(const rdg_offer_t *offer);

/* True when some session was offered a port of GATEWAY so far. */
bool rdg_offer_is_gateway(const address *gateway);

/* A datagram that is no channel's was sent to PORT of GATEWAY, or is quoted. */
void rdg_offer_on_other(const address *gateway, uint16_t port);

#endif
