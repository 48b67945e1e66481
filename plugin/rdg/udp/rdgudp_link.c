/* rdgudp_link.c
 * Which session a UDP channel is of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_link.h"

#include "rdgudp_fallback.h"
#include "rdgudp_names.h"

/* Links of one offer that are kept; a client opens two channels. */
#define MOST_LINKS 64

/* Channels that are looked through for one whose session is not known. */
#define MOST_LOOKED_AT 4096

/* What the UDP half knows of a link. */
typedef struct link {
    rdg_link_t shown; /* stays the first: what the main channel's half points to */
    rdgudp_conv_t *conv;
    const rdgudp_channel_t *ended; /* what was known when another attempt began; NULL for the latest */
    rdgudp_judgement_t outcome;    /* with ENDED */
    struct link *earlier;          /* of the same channel */
} link_t;

static link_t *latest_of(const rdgudp_conv_t *conv)
{
    return (link_t *)conv->link;
}

static void put(rdg_offer_t *offer, rdg_link_t *link)
{
    link->offer = offer;
    link->next_of_offer = offer->links;
    offer->links = link;
    offer->num_links++;
}

static void take(rdg_link_t *link)
{
    rdg_link_t **at = &link->offer->links;

    while (*at != NULL && *at != link) {
        at = &(*at)->next_of_offer;
    }
    if (*at != NULL) {
        *at = link->next_of_offer;
        link->offer->num_links--;
    }
}

static void tie(rdgudp_conv_t *conv, packet_info *pinfo, rdg_offer_t *offer, rdg_tie_t by, rdg_order_t order)
{
    rdg_link_t *link = conv->link;

    if (link != NULL && link->attempt == conv->channel.attempt) {
        if (link->tie <= by || (offer->num_links >= MOST_LINKS && link->offer != offer)) {
            return;
        }
        take(link);
    } else if (offer->num_links < MOST_LINKS) {
        link_t *own = wmem_new0(wmem_file_scope(), link_t);
        own->conv = conv;
        own->earlier = latest_of(conv);
        link = &own->shown;
        link->attempt = conv->channel.attempt;
        link->first = frame_store_record(pinfo);
        link->when = rdg_session_time(pinfo);
        link->closed = RDG_NEVER;
        conv->link = link;
    } else {
        return;
    }
    link->tie = by;
    link->order = order;
    put(offer, link);
}

void rdgudp_link_on_attempt(rdgudp_conv_t *conv, const rdgudp_channel_t *before)
{
    link_t *link = latest_of(conv);

    if (before != NULL && link != NULL && !link->shown.is_over) {
        link->shown.is_over = true;
        link->ended = wmem_memdup(wmem_file_scope(), before, sizeof *before);
        link->outcome = rdgudp_session_outcome_of(conv, before);
    }
}

void rdgudp_link_on_hello(rdgudp_conv_t *conv, packet_info *pinfo)
{
    rdg_order_t order;

    if (conv->session != NULL) {
        rdg_offer_t *offer = rdg_offer_of_id(&conv->session->id, &order);
        if (offer != NULL) {
            tie(conv, pinfo, offer, RDG_TIE_ID, order);
        } else if (order == RDG_ORDER_UNCLEAR && conv->unclear_since == 0) {
            conv->unclear_since = conv->channel.attempt + 1;
        }
        return; /* it is of another session, or of one that the capture does not show */
    }
    rdg_time_t when = rdg_session_time(pinfo);
    rdg_offer_t *offer = rdg_offer_of_ends(&conv->client, &conv->gateway, conv->gateway_port, when);
    if (offer != NULL && !conv->channel.may_have_trailer &&
        !rdgudp_fallback_has_other(&conv->client, offer->trunk, when)) {
        tie(conv, pinfo, offer, RDG_TIE_ENDS, RDG_ORDER_NONE);
    }
}

void rdgudp_link_on_cookie(rdgudp_conv_t *conv, packet_info *pinfo, const uint8_t *cookie, size_t length)
{
    rdg_offer_t *offer = rdg_offer_of_cookie(cookie, length);

    if (offer != NULL) {
        tie(conv, pinfo, offer, RDG_TIE_COOKIE,
            conv->session != NULL ? rdg_offer_order(offer, &conv->session->id) : RDG_ORDER_NONE);
    }
    rdg_link_t *link = conv->link;
    if (link != NULL && link->attempt == conv->channel.attempt && link->tie == RDG_TIE_ID) {
        link->has_other_cookie = offer == NULL || offer->trunk != link->offer->trunk;
    }
}

void rdgudp_link_on_data(rdg_link_t *link, bool from_gateway, uint32_t length)
{
    if (link->is_over) {
        return;
    }
    link->data[from_gateway]++;
    if (length > link->longest[from_gateway]) {
        link->longest[from_gateway] = length;
    }
}

void rdgudp_link_on_end(rdgudp_conv_t *conv, rdg_time_t when, bool from_gateway)
{
    rdg_link_t *link = conv->link;

    if (!link->is_over && link->closed == RDG_NEVER && conv->channel.closed) {
        link->closed = when;
        link->closed_by_gateway = from_gateway;
    }
}

const rdg_link_t *rdgudp_link_of(const rdgudp_conv_t *conv, uint32_t attempt)
{
    const link_t *link = latest_of(conv);

    while (link != NULL && link->shown.attempt != attempt) {
        link = link->earlier;
    }
    return link != NULL ? &link->shown : NULL;
}

/* {{{ For the main channel's half */

static rdg_link_state_t state_of(rdgudp_verdict_t verdict)
{
    switch (verdict) {
    case RDGUDP_HELLO_SENT:
        return RDG_LINK_HELLO;
    case RDGUDP_HANDSHAKING:
        return RDG_LINK_HANDSHAKE;
    case RDGUDP_STUCK:
        return RDG_LINK_STUCK;
    case RDGUDP_NO_ANSWER:
        return RDG_LINK_NO_ANSWER;
    case RDGUDP_REFUSED:
    case RDGUDP_PROHIBITED:
    case RDGUDP_NO_ROUTE:
    case RDGUDP_MTU:
        return RDG_LINK_STOPPED;
    case RDGUDP_FAILED:
        return RDG_LINK_FAILED;
    case RDGUDP_REJECTED:
        return RDG_LINK_REJECTED;
    case RDGUDP_CONNECT_SILENT:
        return RDG_LINK_NOT_CONNECTED;
    case RDGUDP_SECURED:
    case RDGUDP_CONNECTED:
        return RDG_LINK_UP;
    case RDGUDP_DIED:
        return RDG_LINK_DIED;
    case RDGUDP_CLOSED:
        return RDG_LINK_CLOSED;
    default:
        return RDG_LINK_NOT_OURS;
    }
}

static rdg_stop_t stop_of(const rdgudp_stop_t *stop)
{
    switch (stop->kind) {
    case RDGUDP_STOP_NONE:
        return RDG_STOP_NONE;
    case RDGUDP_STOP_PORT:
        return stop->from_gateway ? RDG_STOP_NO_LISTENER : RDG_STOP_FILTERED;
    case RDGUDP_STOP_MTU:
        return RDG_STOP_MTU;
    case RDGUDP_STOP_PROHIBITED:
        return RDG_STOP_FILTERED;
    default:
        return RDG_STOP_ROUTE;
    }
}

rdg_link_facts_t rdgudp_link_describe(const rdg_link_t *shown)
{
    const link_t *link = (const link_t *)shown;
    const rdgudp_conv_t *conv = link->conv;
    const rdgudp_channel_t *channel = link->ended != NULL ? link->ended : &conv->channel;
    rdgudp_judgement_t judgement = link->ended != NULL ? link->outcome : rdgudp_session_outcome(conv);
    rdg_link_facts_t facts = {
        .channel = conv->index,
        .state = state_of(judgement.verdict),
        .state_name = val_to_str_const(judgement.verdict, rdgudp_names_verdicts, ""),
        .is_by_icmp = judgement.reason == RDGUDP_BECAUSE_ICMP,
        .is_decrypted = channel->packets > 0,
        .lossy_known = channel->lossy_known,
        .lossy = channel->lossy,
        .stop = stop_of(&channel->stop),
        .stop_type = channel->stop.type,
        .stop_code = channel->stop.code,
        .stopped_by = conv->stopped_by != NULL ? conv->stopped_by : "?",
        .answer_from = conv->answer_from,
        .alert = rdgudp_dtls_alert_name(channel->alert),
        .alert_from_gateway = channel->alert_from_gateway,
        .result = channel->result,
        .has_reason = channel->has_reason,
        .reason = channel->reason,
    };

    for (unsigned end = RDG_CLIENT; end <= RDG_GATEWAY; end++) {
        facts.has_data[end] = channel->sides[end].data;
        facts.last[end] = channel->sides[end].last;
    }
    return facts;
}

/* True when the id of a trailer cannot be that of a header, in neither order. */
static bool is_other_id(const e_guid_t *trailer, const e_guid_t *id)
{
    return id != NULL && !rdg_offer_ids_fit(trailer, id);
}

bool rdgudp_link_may_be_another(const rdg_offer_t *offer, const e_guid_t *id)
{
    uint32_t count = rdgudp_session_count();
    uint32_t lowest = count > MOST_LOOKED_AT ? count - MOST_LOOKED_AT : 0;

    while (count-- > lowest) {
        const rdgudp_conv_t *conv = rdgudp_session_of_index(count);
        if (conv == NULL || conv->link != NULL) {
            continue;
        }
        const rdg_session_t *session = conv->session;
        if (session != NULL && id != NULL && rdg_offer_ids_fit(&session->id, id)) {
            return true; /* a file may have its frames in another order than they came in */
        }
        /* The gateway's UDP may have another address: a balancer's, or one of the other version of IP. */
        bool is_near = addresses_equal(&conv->client, &offer->trunk->client) || conv->gateway_port == offer->port;
        const rdgudp_channel_t *channel = &conv->channel;
        bool is_later =
            channel->sides[RDG_CLIENT].last >= offer->when || channel->sides[RDG_GATEWAY].last >= offer->when;
        if (is_near && is_later && !(session != NULL && is_other_id(&session->id, id))) {
            return true;
        }
    }
    return lowest > 0;
}

/* }}} */
