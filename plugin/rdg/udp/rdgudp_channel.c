/* rdgudp_channel.c
 * The life of one UDP channel to an RD Gateway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_channel.h"

#include <string.h>

/* Nothing takes an exploit's pattern back. */
static void set_verdict(rdgudp_channel_t *channel, rdgudp_verdict_t verdict)
{
    if (channel->verdict != RDGUDP_EXPLOIT) {
        channel->verdict = verdict;
    }
}

bool rdgudp_channel_is_silent(const rdgudp_channel_t *channel)
{
    return channel->verdict == RDGUDP_NO_ANSWER || channel->verdict == RDGUDP_REFUSED;
}

/* True while no more is known than that the client tries. */
static bool is_before_answer(const rdgudp_channel_t *channel)
{
    return channel->verdict == RDGUDP_HELLO_SENT || rdgudp_channel_is_silent(channel);
}

static bool is_up(const rdgudp_channel_t *channel)
{
    return channel->verdict == RDGUDP_SECURED || channel->verdict == RDGUDP_CONNECTED;
}

/* The client begins anew from the same port. Fragments keep counting: their numbers name reassemblies. */
static void begin_again(rdgudp_channel_t *channel)
{
    rdgudp_channel_t fresh = { .attempt = channel->attempt + 1, .fragments = channel->fragments };

    if (channel->verdict == RDGUDP_EXPLOIT) {
        fresh.verdict = RDGUDP_EXPLOIT;
    }
    *channel = fresh;
}

static unsigned hear_client_hello(rdgudp_channel_t *channel, const rdgudp_dtls_t *dtls, uint32_t hello_threshold)
{
    /* The hello that answers a HelloVerifyRequest has the random of the first one, and so has a late copy. */
    bool is_other =
        dtls->has_random && channel->has_random && memcmp(dtls->random, channel->random, RDGUDP_DTLS_RANDOM) != 0;

    if (is_other && channel->answered) {
        begin_again(channel);
    }
    if (dtls->has_random) {
        channel->has_random = true;
        memcpy(channel->random, dtls->random, RDGUDP_DTLS_RANDOM);
    }
    channel->hello_count++;
    if (!channel->answered && channel->verdict == RDGUDP_HELLO_SENT && channel->hello_count >= hello_threshold) {
        set_verdict(channel, RDGUDP_NO_ANSWER);
        return RDGUDP_NEWS_NO_ANSWER;
    }
    return 0;
}

static unsigned hear_alert(rdgudp_channel_t *channel, bool from_gateway, const rdgudp_dtls_t *dtls)
{
    bool is_failure = dtls->alert && dtls->alert_level == RDGUDP_DTLS_ALERT_FATAL;

    if (is_up(channel)) {
        /* In the clear it is not of this session: anybody could have sent it. */
        if (dtls->encrypted_alert) {
            set_verdict(channel, RDGUDP_CLOSED);
        }
        return 0;
    }
    if (channel->verdict != RDGUDP_HANDSHAKING && channel->verdict != RDGUDP_HELLO_SENT) {
        return 0;
    }
    if (!is_failure && !dtls->encrypted_alert) {
        if (dtls->alert && dtls->alert_description == 0) {
            set_verdict(channel, RDGUDP_CLOSED);
        }
        return 0;
    }
    channel->alert_known = is_failure;
    channel->alert = dtls->alert_description;
    channel->alert_from_gateway = from_gateway;
    set_verdict(channel, RDGUDP_FAILED);
    return RDGUDP_NEWS_ALERT;
}

unsigned rdgudp_channel_hear_dtls(rdgudp_channel_t *channel, bool from_gateway, const rdgudp_dtls_t *dtls,
                                  uint32_t hello_threshold)
{
    unsigned news = 0;

    if (dtls->client_hello && !from_gateway) {
        return hear_client_hello(channel, dtls, hello_threshold);
    }
    /* Whatever else the client sends, it would not without an answer, even when the capture has only one direction. */
    channel->answered = true;
    if (is_before_answer(channel)) {
        set_verdict(channel, RDGUDP_HANDSHAKING);
    }
    if (dtls->server_hello) {
        channel->has_server_hello = true;
    }
    if (dtls->chosen != 0 && dtls->chosen != channel->version) {
        channel->version = dtls->chosen;
        news |= dtls->chosen == RDGUDP_DTLS_1_0 ? RDGUDP_NEWS_OLD_DTLS : 0;
    }
    channel->finished[from_gateway] = channel->finished[from_gateway] || dtls->finished;
    if (dtls->application_data && !channel->data[from_gateway]) {
        channel->data[from_gateway] = true;
        news |= channel->data[!from_gateway] ? RDGUDP_NEWS_BOTH_WAYS : 0;
    }
    if (channel->verdict == RDGUDP_HANDSHAKING &&
        ((channel->finished[0] && channel->finished[1]) || dtls->application_data)) {
        set_verdict(channel, RDGUDP_SECURED);
    }
    if (dtls->alert || dtls->encrypted_alert) {
        news |= hear_alert(channel, from_gateway, dtls);
    }
    return news;
}

unsigned rdgudp_channel_hear_refusal(rdgudp_channel_t *channel)
{
    if (channel->verdict != RDGUDP_HELLO_SENT && channel->verdict != RDGUDP_NO_ANSWER) {
        return 0;
    }
    set_verdict(channel, RDGUDP_REFUSED);
    return RDGUDP_NEWS_REFUSED;
}

void rdgudp_channel_hear_connect(rdgudp_channel_t *channel, bool lossy, uint16_t target_port)
{
    channel->lossy_known = true;
    channel->lossy = lossy;
    channel->target_port = target_port;
}

void rdgudp_channel_hear_response(rdgudp_channel_t *channel, uint32_t result)
{
    channel->result = result;
    set_verdict(channel, result == 0 ? RDGUDP_CONNECTED : RDGUDP_REJECTED);
}

void rdgudp_channel_hear_data(rdgudp_channel_t *channel)
{
    if (channel->verdict == RDGUDP_SECURED) {
        set_verdict(channel, RDGUDP_CONNECTED);
    }
}

void rdgudp_channel_hear_disconnect(rdgudp_channel_t *channel)
{
    if (channel->verdict != RDGUDP_REJECTED) {
        set_verdict(channel, RDGUDP_CLOSED);
    }
}

void rdgudp_channel_hear_exploit(rdgudp_channel_t *channel)
{
    channel->verdict = RDGUDP_EXPLOIT;
}

/* FNV-1a. Two fragments that it takes for the same are put together from the first one's octets; no harm. */
static uint32_t hash(const uint8_t *data, size_t length)
{
    uint32_t value = 2166136261u;

    for (size_t i = 0; i < length; i++) {
        value = (value ^ data[i]) * 16777619u;
    }
    return value;
}

rdgudp_fragment_use_t rdgudp_channel_take_fragment(rdgudp_fragments_t *fragments, uint16_t id, uint16_t count,
                                                   const uint8_t *data, size_t length)
{
    if (count == 0 || count > RDGUDP_MOST_FRAGMENTS || id >= count || length > RDGUDP_FRAGMENT_MAX) {
        return RDGUDP_FRAGMENT_REFUSED;
    }
    uint32_t value = hash(data, length);
    if (count == fragments->count && (fragments->seen & 1u << id) != 0 && fragments->lengths[id] == length &&
        fragments->hashes[id] == value) {
        return RDGUDP_FRAGMENT_REPEATED;
    }
    if (count != fragments->count || (fragments->seen & 1u << id) != 0) {
        fragments->attempt++;
        fragments->count = count;
        fragments->seen = 0;
    }
    fragments->seen |= 1u << id;
    fragments->lengths[id] = (uint16_t)length;
    fragments->hashes[id] = value;
    return RDGUDP_FRAGMENT_NEW;
}
