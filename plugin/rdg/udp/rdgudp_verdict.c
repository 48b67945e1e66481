/* rdgudp_verdict.c
 * What follows from what was seen of a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_verdict.h"

/* A try that is younger may still be answered. */
#define PATIENCE (RDG_SECOND / 2)

/* One end's datagrams have stopped when the other's went on so many times and so long. RDPEUDP acknowledges what it
 * gets within a fraction of that. */
#define DEAD_DATAGRAMS 3
#define DEAD_TIME (2 * RDG_SECOND)

/* Times that a part of the handshake is sent until it counts as stuck, and CONNECT_PKT until it counts as not answered.
 */
#define STUCK_REPEATS 2
#define SILENT_CONNECTS 3

static rdgudp_judgement_t say(rdgudp_verdict_t verdict, rdgudp_reason_t reason)
{
    return (rdgudp_judgement_t){ .verdict = verdict, .reason = reason };
}

static bool has_passed(rdg_time_t since, rdg_time_t now, rdg_time_t when)
{
    return since != RDG_NEVER && now - since >= when;
}

/* {{{ Parts of the judgement. Each is RDGUDP_HELLO_SENT when it has nothing to say. */

static rdgudp_judgement_t judge_content(const rdgudp_channel_t *channel)
{
    if (channel->packets > 0 || channel->has_trailer) {
        return say(RDGUDP_HELLO_SENT, RDGUDP_BECAUSE_NONE);
    }
    if (channel->no_packets > 0) {
        return say(RDGUDP_NOT_OURS, RDGUDP_BECAUSE_CONTENT);
    }
    if (channel->offers_srtp) {
        return say(RDGUDP_NOT_OURS, RDGUDP_BECAUSE_SRTP);
    }
    if (channel->offers_only_small) {
        return say(RDGUDP_NOT_OURS, RDGUDP_BECAUSE_SMALL);
    }
    if (channel->has_media) {
        return say(RDGUDP_NOT_OURS, RDGUDP_BECAUSE_MEDIA);
    }
    return say(RDGUDP_HELLO_SENT, RDGUDP_BECAUSE_NONE);
}

static rdg_time_t later_of(rdg_time_t one, rdg_time_t other)
{
    return one > other ? one : other;
}

/* When the client first sent what it can only send when the gateway has answered; the latest of these. RDG_NEVER
 * before. */
static rdg_time_t find_proof_of_answer(const rdgudp_channel_t *channel)
{
    const rdgudp_side_t *client = &channel->sides[RDG_CLIENT];
    const rdg_time_t hello_or_flight = later_of(channel->first_cookie_hello, channel->first_key_exchange);

    return later_of(hello_or_flight, later_of(client->first_finished, client->first_data));
}

/* An ICMP error says nothing any more when the gateway has sent a datagram after it, or the client what proves one. */
static bool is_stopped(const rdgudp_channel_t *channel)
{
    const rdg_time_t answered = later_of(channel->sides[RDG_GATEWAY].last, find_proof_of_answer(channel));

    return channel->stop.kind != RDGUDP_STOP_NONE && channel->stop.time >= answered;
}

/* In a capture without the gateway's datagrams, a client that goes on for long after the ICMP error is probably
 * answered: one that is not gives up, or gets the error again. */
static bool goes_on_after_stop(const rdgudp_channel_t *channel)
{
    return channel->sides[RDG_GATEWAY].datagrams == 0 &&
           has_passed(channel->stop.time, channel->sides[RDG_CLIENT].last, DEAD_TIME);
}

static bool has_stopped_sending(const rdgudp_channel_t *channel)
{
    for (unsigned end = RDG_CLIENT; end <= RDG_GATEWAY; end++) {
        const rdgudp_side_t *side = &channel->sides[end];
        if (side->unanswered >= DEAD_DATAGRAMS && has_passed(side->unanswered_since, side->last, DEAD_TIME)) {
            return true;
        }
    }
    return false;
}

/* The channel is up. */
static rdgudp_judgement_t judge_use(const rdgudp_channel_t *channel)
{
    const bool both_ways = channel->sides[RDG_CLIENT].data && channel->sides[RDG_GATEWAY].data;
    const bool is_connected = channel->has_result || channel->has_data;

    if (!is_connected && channel->connects >= SILENT_CONNECTS && !channel->sides[RDG_GATEWAY].data &&
        has_passed(channel->first_connect, channel->last_connect, PATIENCE)) {
        return say(RDGUDP_CONNECT_SILENT, RDGUDP_BECAUSE_NONE);
    }
    if (is_stopped(channel) && channel->stop.kind != RDGUDP_STOP_MTU && !goes_on_after_stop(channel)) {
        return say(RDGUDP_DIED, RDGUDP_BECAUSE_ICMP);
    }
    if (both_ways && has_stopped_sending(channel)) {
        return say(RDGUDP_DIED, RDGUDP_BECAUSE_ONE_SIDE_STOPS);
    }
    return say(is_connected ? RDGUDP_CONNECTED : RDGUDP_SECURED, RDGUDP_BECAUSE_NONE);
}

static rdgudp_judgement_t judge_stop(const rdgudp_channel_t *channel)
{
    switch (channel->stop.kind) {
    case RDGUDP_STOP_PORT:
        /* A port that another host calls unreachable is one that it does not let through. */
        return say(channel->stop.from_gateway ? RDGUDP_REFUSED : RDGUDP_PROHIBITED, RDGUDP_BECAUSE_ICMP);
    case RDGUDP_STOP_MTU:
        return say(RDGUDP_MTU, RDGUDP_BECAUSE_ICMP);
    case RDGUDP_STOP_PROHIBITED:
        return say(RDGUDP_PROHIBITED, RDGUDP_BECAUSE_ICMP);
    case RDGUDP_STOP_ROUTE:
        return say(RDGUDP_NO_ROUTE, RDGUDP_BECAUSE_ICMP);
    case RDGUDP_STOP_NONE:
        break;
    }
    return say(RDGUDP_HELLO_SENT, RDGUDP_BECAUSE_NONE);
}

/* True when a hello with a cookie was answered with a HelloVerifyRequest: there are more of these than hellos without a
 * cookie can have asked for, and one came behind the first hello with a cookie. A capture that begins late lacks the
 * hello without a cookie, or two of them. */
static bool is_cookie_asked_again(const rdgudp_channel_t *channel)
{
    const uint32_t plain = channel->hello_count - channel->cookie_hellos;

    return channel->verify_requests > (plain > 0 ? plain : 2) && channel->last_verify > channel->first_cookie_hello;
}

/* The client sends its hello with a cookie again and again. Whether it got another cookie meanwhile, the cookies tell,
 * or the HelloVerifyRequests; in captures of one direction whose snapshot length cuts the cookies, nothing does. */
static rdgudp_reason_t find_why_cookie_repeats(const rdgudp_channel_t *channel)
{
    const bool has_request_behind = channel->last_verify > channel->first_cookie_hello;

    if (channel->cookie_changes > 0) {
        return RDGUDP_BECAUSE_COOKIE_LOOP;
    }
    if (is_cookie_asked_again(channel)) {
        return channel->verify_changes > 0 ? RDGUDP_BECAUSE_COOKIE_LOOP : RDGUDP_BECAUSE_VERIFY_LOOP;
    }
    return channel->cut_cookies > 0 && (channel->verify_requests == 0 || has_request_behind) ? RDGUDP_BECAUSE_COOKIE_CUT
                                                                                             : RDGUDP_BECAUSE_NO_FLIGHT;
}

/* The gateway has answered; the handshake is not through. Each reason rests on what an end sends again, which it would
 * not if it had what it waits for. So it holds for captures of one direction as well. */
static rdgudp_judgement_t judge_handshake(const rdgudp_channel_t *channel, const rdgudp_view_t *view)
{
    const rdgudp_side_t *client = &channel->sides[RDG_CLIENT];
    const rdgudp_side_t *gateway = &channel->sides[RDG_GATEWAY];
    const bool client_goes_on = channel->key_exchanges > 0 || client->finished;

    if (client_goes_on && channel->key_exchanges >= STUCK_REPEATS && !gateway->finished &&
        has_passed(channel->first_key_exchange, client->last, PATIENCE)) {
        return say(RDGUDP_STUCK, RDGUDP_BECAUSE_NO_FINISHED);
    }
    if (!client_goes_on && channel->server_hellos >= STUCK_REPEATS && !gateway->finished && client->datagrams > 0 &&
        has_passed(channel->first_server_hello, gateway->last, PATIENCE)) {
        return say(RDGUDP_STUCK, RDGUDP_BECAUSE_CLIENT_SILENT);
    }
    /* A HelloVerifyRequest before would show that the client has sent its cookie. A reflector that is asked with the
     * same octets sends the same octets, as copies have. A client that asks another end may get its answer from this
     * one. */
    if (client->datagrams == 0 && channel->verify_requests == 0 && channel->server_hellos > 0 && !gateway->finished &&
        !view->client_asks_others && channel->server_hellos + channel->copies >= STUCK_REPEATS) {
        return say(RDGUDP_UNSOLICITED, RDGUDP_BECAUSE_NONE);
    }
    if (!client_goes_on && channel->server_hellos == 0 && channel->cookie_hellos >= STUCK_REPEATS &&
        has_passed(channel->first_cookie_hello, channel->last_hello, PATIENCE)) {
        return say(RDGUDP_STUCK, find_why_cookie_repeats(channel));
    }
    return say(RDGUDP_HANDSHAKING, RDGUDP_BECAUSE_NONE);
}

static rdgudp_judgement_t judge_silence(const rdgudp_channel_t *channel, const rdgudp_view_t *view)
{
    bool is_repeated = channel->hello_count > 0 && channel->hello_count >= view->hello_threshold &&
                       has_passed(channel->first_hello, view->now, PATIENCE);
    bool is_tried_again = channel->hello_count > 0 && view->session_tries > 0 &&
                          view->session_tries >= view->hello_threshold &&
                          has_passed(view->session_began, view->now, PATIENCE);

    if (!is_repeated && !is_tried_again) {
        return say(RDGUDP_HELLO_SENT, RDGUDP_BECAUSE_NONE);
    }
    return say(RDGUDP_NO_ANSWER, channel->answers_elsewhere > 0 ? RDGUDP_BECAUSE_ELSEWHERE : RDGUDP_BECAUSE_SILENCE);
}

/* }}} */

rdgudp_judgement_t rdgudp_verdict_judge(const rdgudp_channel_t *channel, const rdgudp_view_t *view)
{
    if (channel->exploit) {
        return say(RDGUDP_EXPLOIT, RDGUDP_BECAUSE_NONE);
    }
    rdgudp_judgement_t content = judge_content(channel);
    if (content.verdict != RDGUDP_HELLO_SENT) {
        return content;
    }
    if (channel->has_result && channel->result != 0) {
        return say(RDGUDP_REJECTED, RDGUDP_BECAUSE_NONE);
    }
    if (channel->closed) {
        return say(RDGUDP_CLOSED, RDGUDP_BECAUSE_NONE);
    }
    if (rdgudp_channel_is_up(channel)) {
        return judge_use(channel);
    }
    if (channel->alert_fatal) {
        return say(RDGUDP_FAILED, RDGUDP_BECAUSE_NONE);
    }
    if (is_stopped(channel)) {
        return judge_stop(channel);
    }
    if (rdgudp_channel_is_answered(channel)) {
        return judge_handshake(channel, view);
    }
    return judge_silence(channel, view);
}

bool rdgudp_verdict_is_failure(rdgudp_verdict_t verdict)
{
    switch (verdict) {
    case RDGUDP_NO_ANSWER:
    case RDGUDP_REFUSED:
    case RDGUDP_STUCK:
    case RDGUDP_DIED:
    case RDGUDP_CONNECT_SILENT:
    case RDGUDP_MTU:
    case RDGUDP_PROHIBITED:
    case RDGUDP_NO_ROUTE:
        return true;
    default:
        return false;
    }
}

rdg_time_t rdgudp_verdict_since(const rdgudp_channel_t *channel, rdgudp_verdict_t verdict)
{
    switch (verdict) {
    case RDGUDP_CONNECT_SILENT:
        return channel->first_connect;
    case RDGUDP_DIED:
        if (is_stopped(channel)) {
            return channel->stop.time;
        }
        return channel->sides[RDG_CLIENT].unanswered > channel->sides[RDG_GATEWAY].unanswered
                   ? channel->sides[RDG_CLIENT].unanswered_since
                   : channel->sides[RDG_GATEWAY].unanswered_since;
    default:
        return channel->first_hello;
    }
}

const rdgudp_stop_t *rdgudp_verdict_stop(const rdgudp_channel_t *channel, rdgudp_judgement_t judgement)
{
    return judgement.reason == RDGUDP_BECAUSE_ICMP ? &channel->stop : NULL;
}
