/* rdgudp_channel.c
 * What was seen of one UDP channel to an RD Gateway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_channel.h"

#include <string.h>

/* A handshake message in the clear that comes again with the same octets is a copy by the network up to here, and sent
 * again by the client beyond: retransmission timers begin at a second, copies come within milliseconds. */
#define COPY_WITHIN (RDG_SECOND / 5)

/* A ClientHello with another random that comes so much later is another attempt, also when the first was not answered.
 */
#define ATTEMPT_ENDS (60 * RDG_SECOND)

/* The channel without anything that was seen in an attempt. Exploits stay: nothing takes them back. */
static void begin_attempt(rdgudp_channel_t *channel, uint32_t attempt)
{
    bool exploit = channel->exploit;

    memset(channel, 0, sizeof *channel);
    channel->attempt = attempt;
    channel->exploit = exploit;
    for (unsigned end = RDG_CLIENT; end <= RDG_GATEWAY; end++) {
        channel->sides[end].last = RDG_NEVER;
        channel->sides[end].unanswered_since = RDG_NEVER;
        channel->sides[end].first_finished = channel->sides[end].first_data = RDG_NEVER;
    }
    channel->first_hello = channel->last_hello = channel->first_cookie_hello = RDG_NEVER;
    channel->last_verify = RDG_NEVER;
    channel->first_server_hello = channel->first_key_exchange = RDG_NEVER;
    channel->first_connect = channel->last_connect = RDG_NEVER;
    channel->stop.time = RDG_NEVER;
}

void rdgudp_channel_start(rdgudp_channel_t *channel)
{
    channel->exploit = false;
    begin_attempt(channel, 0);
}

bool rdgudp_channel_is_up(const rdgudp_channel_t *channel)
{
    const rdgudp_side_t *client = &channel->sides[RDG_CLIENT];
    const rdgudp_side_t *gateway = &channel->sides[RDG_GATEWAY];

    return client->data || gateway->data || (client->finished && gateway->finished) || channel->has_result ||
           channel->has_data;
}

bool rdgudp_channel_is_answered(const rdgudp_channel_t *channel)
{
    return channel->sides[RDG_GATEWAY].datagrams > channel->answers_elsewhere || channel->cookie_hellos > 0 ||
           channel->key_exchanges > 0 || channel->sides[RDG_CLIENT].finished || channel->closed ||
           rdgudp_channel_is_up(channel);
}

bool rdgudp_channel_has_hellos(const rdgudp_channel_t *channel)
{
    return channel->has_random && channel->server_hellos > 0;
}

static void set_first(rdg_time_t *first, rdg_time_t when)
{
    if (*first == RDG_NEVER || when < *first) {
        *first = when;
    }
}

static void set_last(rdg_time_t *last, rdg_time_t when)
{
    if (when > *last) {
        *last = when;
    }
}

/* {{{ Copies */

/* Every encrypted record has a number of its own, also one that is sent again. So the same octets are a copy, made by a
 * mirror port or by the network. In the clear, an end may repeat a datagram as it was. */
static bool is_copy(const rdgudp_side_t *side, const rdgudp_datagram_event_t *event, void **copy_of)
{
    for (unsigned i = 0; i < RDGUDP_REMEMBERED; i++) {
        if (side->remembered[i].digest == event->dtls->digest) {
            rdg_time_t passed = event->time - side->remembered[i].time;
            *copy_of = side->remembered[i].frame;
            return event->dtls->epoch > 0 || (passed < COPY_WITHIN && passed > -COPY_WITHIN);
        }
    }
    return false;
}

/* True when the record's number is higher than all before, as most are: no copy. */
static bool is_next(const rdgudp_side_t *side, const rdgudp_dtls_t *dtls)
{
    return dtls->epoch > 0 && dtls->epoch == side->epoch && dtls->number > side->number;
}

static void remember(rdgudp_side_t *side, const rdgudp_datagram_event_t *event)
{
    side->remembered[side->next].digest = event->dtls->digest;
    side->remembered[side->next].time = event->time;
    side->remembered[side->next].frame = event->frame;
    side->next = (side->next + 1) % RDGUDP_REMEMBERED;
}

/* }}} */
/* {{{ Datagrams */

static void count_datagram(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    rdgudp_side_t *side = &channel->sides[event->from_gateway];
    rdgudp_side_t *other = &channel->sides[!event->from_gateway];

    side->datagrams++;
    if (event->time > other->last) {
        side->unanswered++;
        set_first(&side->unanswered_since, event->time);
    }
    set_last(&side->last, event->time);
    if (side->last >= other->last) {
        other->unanswered = 0;
        other->unanswered_since = RDG_NEVER;
    } else if (other->unanswered > 0 && event->time >= other->unanswered_since) {
        /* In the file it stands behind the other end's. How many of these are later than it is not known: the last. */
        other->unanswered = 1;
        other->unanswered_since = other->last;
    }
}

/* The time of the latest datagram of both ends; RDG_NEVER before the first. */
static rdg_time_t latest(const rdgudp_channel_t *channel)
{
    const rdg_time_t client = channel->sides[RDG_CLIENT].last;
    const rdg_time_t gateway = channel->sides[RDG_GATEWAY].last;

    return client > gateway ? client : gateway;
}

/* The file may have the later attempt first. */
static bool is_of_other_attempt(const rdgudp_channel_t *channel, rdg_time_t when)
{
    return when - channel->last_hello > ATTEMPT_ENDS || channel->last_hello - when > ATTEMPT_ENDS;
}

static bool begins_attempt(const rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    const rdgudp_dtls_t *dtls = event->dtls;

    /* The hello that answers a HelloVerifyRequest has the random of the first one, and so has a late copy. */
    return dtls->has_random && channel->has_random && memcmp(dtls->random, channel->random, DTLS_HELLO_RANDOM) != 0 &&
           (rdgudp_channel_is_answered(channel) || channel->stop.kind != RDGUDP_STOP_NONE ||
            is_of_other_attempt(channel, event->time));
}

static void on_cookie(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    channel->cookie_hellos++;
    set_first(&channel->first_cookie_hello, event->time);
    channel->cut_cookies += event->dtls->cookie == 0 && event->dtls->is_cut;
    if (event->dtls->cookie != 0 && event->dtls->cookie != channel->cookie) {
        channel->cookie_changes += channel->cookie != 0;
        channel->cookie = event->dtls->cookie;
    }
}

static void on_client_hello(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    const rdgudp_dtls_t *dtls = event->dtls;

    if (dtls->has_random) {
        channel->has_random = true;
        memcpy(channel->random, dtls->random, DTLS_HELLO_RANDOM);
    }
    channel->hello_count++;
    set_first(&channel->first_hello, event->time);
    set_last(&channel->last_hello, event->time);
    if (dtls->has_cookie) {
        on_cookie(channel, event);
    }
    channel->offers_srtp = channel->offers_srtp || dtls->offers_srtp;
    channel->offers_only_small = channel->offers_only_small || dtls->offers_only_small;
}

static unsigned on_alert(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    const rdgudp_dtls_t *dtls = event->dtls;

    /* In the clear it is not of a session that is up: any host could have sent it. An encrypted one does not say what
     * it is: of a capture that begins with it, nothing tells it from the end of a channel that worked. */
    if (dtls->encrypted_alert) {
        channel->closed = true;
        return 0;
    }
    if (rdgudp_channel_is_up(channel) || channel->alert_fatal) {
        return 0;
    }
    if (dtls->alert_level == RDGUDP_DTLS_ALERT_FATAL) {
        channel->alert_fatal = true;
        channel->alert = dtls->alert_description;
        channel->alert_from_gateway = event->from_gateway;
        return RDGUDP_CHANGE_ALERT;
    }
    channel->closed = channel->closed || dtls->alert_description == RDGUDP_DTLS_CLOSE_NOTIFY;
    return 0;
}

static void on_verify(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    const uint64_t cookie = event->dtls->cookie;

    channel->verify_requests++;
    set_last(&channel->last_verify, event->time);
    if (cookie != 0 && cookie != channel->verify_cookie) {
        channel->verify_changes += channel->verify_cookie != 0;
        channel->verify_cookie = cookie;
    }
}

static unsigned on_handshake(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event)
{
    const rdgudp_dtls_t *dtls = event->dtls;
    unsigned changes = 0;

    if (dtls->hello_verify) {
        on_verify(channel, event);
    }
    if (dtls->server_hello) {
        channel->server_hellos++;
        set_first(&channel->first_server_hello, event->time);
    }
    if (dtls->chosen != 0 && dtls->chosen != channel->version) {
        channel->version = dtls->chosen;
        changes |= dtls->chosen == RDGUDP_DTLS_1_0 ? RDGUDP_CHANGE_OLD_DTLS : 0;
    }
    if (dtls->key_exchange && !event->from_gateway) {
        channel->key_exchanges++;
        set_first(&channel->first_key_exchange, event->time);
    }
    return changes;
}

unsigned rdgudp_channel_on_datagram(rdgudp_channel_t *channel, const rdgudp_datagram_event_t *event, void **copy_of)
{
    const rdgudp_dtls_t *dtls = event->dtls;
    rdgudp_side_t *side = &channel->sides[event->from_gateway];
    unsigned changes = 0;

    *copy_of = NULL;
    if (dtls->digest != 0 && !is_next(side, dtls) && is_copy(side, event, copy_of)) {
        channel->copies++;
        return RDGUDP_CHANGE_COPY;
    }
    if (dtls->client_hello && !event->from_gateway && begins_attempt(channel, event)) {
        begin_attempt(channel, channel->attempt + 1);
    }
    if (event->dtls->digest != 0) {
        remember(side, event);
    }
    if (dtls->epoch == 0 && event->time < latest(channel)) {
        channel->is_disordered = true;
    }
    count_datagram(channel, event);
    channel->answers_elsewhere += event->from_elsewhere;
    if (!event->from_gateway && (dtls->client_hello || dtls->client_hello_part)) {
        if (dtls->client_hello) {
            on_client_hello(channel, event);
            changes |= RDGUDP_CHANGE_HELLO;
        }
        return changes;
    }
    if (dtls->epoch == 0) {
        changes |= on_handshake(channel, event);
    }
    if (dtls->epoch > side->epoch || is_next(side, dtls)) {
        side->epoch = dtls->epoch;
        side->number = dtls->number;
        side->record_version = dtls->record_version;
    }
    if (dtls->finished) {
        side->finished = true;
        set_first(&side->first_finished, event->time);
    }
    if (dtls->application_data) {
        changes |= !side->data && channel->sides[!event->from_gateway].data ? RDGUDP_CHANGE_BOTH_WAYS : 0;
        side->data = true;
        set_first(&side->first_data, event->time);
    }
    if (dtls->alert || dtls->encrypted_alert) {
        changes |= on_alert(channel, event);
    }
    return changes;
}

/* }}} */
/* {{{ Other events */

void rdgudp_channel_on_stop(rdgudp_channel_t *channel, const rdgudp_stop_t *stop)
{
    if (stop->time >= channel->stop.time) {
        channel->stop = *stop;
    }
}

void rdgudp_channel_on_connect(rdgudp_channel_t *channel, rdg_time_t when)
{
    channel->connects++;
    set_first(&channel->first_connect, when);
    set_last(&channel->last_connect, when);
}

void rdgudp_channel_on_target(rdgudp_channel_t *channel, bool lossy, uint16_t target_port)
{
    channel->lossy_known = true;
    channel->lossy = lossy;
    channel->target_port = target_port;
}

void rdgudp_channel_on_response(rdgudp_channel_t *channel, uint32_t result)
{
    channel->has_result = true;
    channel->result = result;
}

/* }}} */
