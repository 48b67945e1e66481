/* test_rdgudp_verdict.c
 * What follows from what was seen of a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_verdict.h"

#include <glib.h>

#define S RDG_SECOND

/* A channel that is told what happens, in seconds. */
typedef struct {
    rdgudp_channel_t channel;
    rdgudp_view_t view;
    uint64_t digest;
} story_t;

static story_t begin(void)
{
    story_t story = { .view = { .hello_threshold = 2, .now = RDG_NEVER } };

    rdgudp_channel_start(&story.channel);
    return story;
}

static void pass(story_t *story, double seconds)
{
    rdg_time_t time = (rdg_time_t)(seconds * (double)S);

    story->view.now = time > story->view.now ? time : story->view.now;
}

static void send_from(story_t *story, bool from_gateway, double seconds, rdgudp_dtls_t dtls)
{
    rdgudp_datagram_event_t event = { .time = (rdg_time_t)(seconds * (double)S),
                                      .from_gateway = from_gateway,
                                      .dtls = &dtls };
    void *copy_of;

    dtls.digest = ++story->digest;
    pass(story, seconds);
    rdgudp_channel_on_datagram(&story->channel, &event, &copy_of);
}

static void client(story_t *story, double seconds, rdgudp_dtls_t dtls)
{
    send_from(story, false, seconds, dtls);
}

static void gateway(story_t *story, double seconds, rdgudp_dtls_t dtls)
{
    send_from(story, true, seconds, dtls);
}

static const rdgudp_dtls_t hello = { .client_hello = true, .has_random = true, .random = { 1 } };
static const rdgudp_dtls_t verify = { .hello_verify = true, .cookie = 5 };
static const rdgudp_dtls_t server_hello = { .server_hello = true, .chosen = RDGUDP_DTLS_1_2 };
static const rdgudp_dtls_t client_flight = { .key_exchange = true, .finished = true };
static const rdgudp_dtls_t finished = { .finished = true };
static const rdgudp_dtls_t data = { .application_data = true };

static rdgudp_dtls_t hello_with(uint64_t cookie)
{
    rdgudp_dtls_t dtls = hello;

    dtls.has_cookie = true;
    dtls.cookie = cookie;
    return dtls;
}

static void stop(story_t *story, double seconds, rdgudp_stop_kind_t kind, bool from_gateway)
{
    const rdgudp_stop_t one = { .kind = kind, .from_gateway = from_gateway, .time = (rdg_time_t)(seconds * (double)S) };

    pass(story, seconds);
    rdgudp_channel_on_stop(&story->channel, &one);
}

#define ASSERT(story, what, why)                                                              \
    do {                                                                                      \
        rdgudp_judgement_t judgement = rdgudp_verdict_judge(&(story).channel, &(story).view); \
        g_assert_cmpint(judgement.verdict, ==, RDGUDP_##what);                                \
        g_assert_cmpint(judgement.reason, ==, RDGUDP_BECAUSE_##why);                          \
    } while (0)

static story_t secured(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    gateway(&story, 0.1, server_hello);
    client(&story, 0.2, client_flight);
    ASSERT(story, HANDSHAKING, NONE);
    gateway(&story, 0.3, finished);
    ASSERT(story, SECURED, NONE);
    return story;
}

static story_t used(void)
{
    story_t story = secured();

    client(&story, 1, data);
    gateway(&story, 1.1, data);
    ASSERT(story, SECURED, NONE);
    return story;
}

static void test_whole_life(void)
{
    story_t story = used();

    rdgudp_channel_on_response(&story.channel, 0);
    ASSERT(story, CONNECTED, NONE);
    client(&story, 2, (rdgudp_dtls_t){ .encrypted_alert = true });
    ASSERT(story, CLOSED, NONE);
}

static void test_no_answer(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    pass(&story, 100);
    ASSERT(story, HELLO_SENT, NONE);
    client(&story, 101, hello);
    ASSERT(story, NO_ANSWER, SILENCE);
    gateway(&story, 102, verify);
    ASSERT(story, HANDSHAKING, NONE);
    /* Too early to say. */
    story = begin();
    client(&story, 0, hello);
    client(&story, 0.1, hello);
    ASSERT(story, HELLO_SENT, NONE);
    pass(&story, 0.6);
    ASSERT(story, NO_ANSWER, SILENCE);
    /* The threshold is the user's; 0 counts as 1. */
    story.view.hello_threshold = 3;
    ASSERT(story, HELLO_SENT, NONE);
    story = begin();
    story.view.hello_threshold = 0;
    client(&story, 0, hello);
    pass(&story, 1);
    ASSERT(story, NO_ANSWER, SILENCE);
}

/* One hello on each port that the client tries. */
static void test_tries_of_the_session(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    story.view.session_tries = 2;
    story.view.session_began = 0;
    pass(&story, 1);
    ASSERT(story, NO_ANSWER, SILENCE);
}

static void test_stops(void)
{
    static const struct {
        rdgudp_stop_kind_t kind;
        bool from_gateway;
        rdgudp_verdict_t verdict;
    } cases[] = {
        { RDGUDP_STOP_PORT, true, RDGUDP_REFUSED },           { RDGUDP_STOP_PORT, false, RDGUDP_PROHIBITED },
        { RDGUDP_STOP_PROHIBITED, false, RDGUDP_PROHIBITED }, { RDGUDP_STOP_MTU, false, RDGUDP_MTU },
        { RDGUDP_STOP_ROUTE, false, RDGUDP_NO_ROUTE },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        story_t story = begin();
        client(&story, 0, hello);
        stop(&story, 0.1, cases[i].kind, cases[i].from_gateway);
        rdgudp_judgement_t judgement = rdgudp_verdict_judge(&story.channel, &story.view);
        g_assert_cmpint(judgement.verdict, ==, cases[i].verdict);
        g_assert_nonnull(rdgudp_verdict_stop(&story.channel, judgement));
        /* The gateway answers later: nothing of it stays. One that the file brings late was earlier. */
        gateway(&story, 1, verify);
        ASSERT(story, HANDSHAKING, NONE);
        stop(&story, 0.5, cases[i].kind, cases[i].from_gateway);
        ASSERT(story, HANDSHAKING, NONE);
    }
}

static void test_stuck(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    gateway(&story, 0.1, verify);
    client(&story, 0.2, hello_with(5));
    ASSERT(story, HANDSHAKING, NONE);
    client(&story, 1.2, hello_with(5));
    ASSERT(story, STUCK, NO_FLIGHT);
    /* It goes on: nothing is stuck. */
    gateway(&story, 1.3, server_hello);
    ASSERT(story, HANDSHAKING, NONE);
    gateway(&story, 2.3, server_hello);
    ASSERT(story, STUCK, CLIENT_SILENT);
    client(&story, 2.4, client_flight);
    ASSERT(story, HANDSHAKING, NONE);
    client(&story, 3.4, client_flight);
    ASSERT(story, STUCK, NO_FINISHED);
    gateway(&story, 3.5, finished);
    ASSERT(story, SECURED, NONE);

    story = begin();
    client(&story, 0, hello);
    for (unsigned i = 0; i < 3; i++) {
        gateway(&story, i + 0.1, verify);
        client(&story, i + 0.2, hello_with(5 + i));
    }
    ASSERT(story, STUCK, COOKIE_LOOP);
}

static rdgudp_dtls_t hello_with_cut_cookie(void)
{
    rdgudp_dtls_t dtls = hello_with(0);

    dtls.is_cut = true;
    return dtls;
}

static rdgudp_dtls_t verify_with(uint64_t cookie)
{
    rdgudp_dtls_t dtls = verify;

    dtls.cookie = cookie;
    return dtls;
}

/* The snapshot length cuts the clients' cookies: HelloVerifyRequests tell a loop, or nothing does. */
static void test_cut_cookies(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    for (unsigned i = 0; i < 3; i++) {
        gateway(&story, i + 0.1, verify_with(i + 1));
        client(&story, i + 0.2, hello_with_cut_cookie());
    }
    ASSERT(story, STUCK, COOKIE_LOOP);

    story = begin();
    client(&story, 0, hello);
    for (unsigned i = 0; i < 3; i++) {
        gateway(&story, i + 0.1, verify_with(0));
        client(&story, i + 0.2, hello_with_cut_cookie());
    }
    ASSERT(story, STUCK, VERIFY_LOOP);

    /* The only HelloVerifyRequest stands before the hellos with a cookie. */
    story = begin();
    client(&story, 0, hello);
    gateway(&story, 0.1, verify_with(0));
    client(&story, 0.2, hello_with_cut_cookie());
    client(&story, 1.2, hello_with_cut_cookie());
    ASSERT(story, STUCK, NO_FLIGHT);

    /* The client's half alone. */
    story = begin();
    client(&story, 0, hello);
    client(&story, 0.2, hello_with_cut_cookie());
    client(&story, 1.2, hello_with_cut_cookie());
    ASSERT(story, STUCK, COOKIE_CUT);

    /* The late request may answer the second hello without a cookie. */
    story = begin();
    client(&story, 0, hello);
    client(&story, 1, hello);
    gateway(&story, 1.1, verify_with(0));
    client(&story, 1.2, hello_with_cut_cookie());
    gateway(&story, 1.3, verify_with(0));
    client(&story, 2.2, hello_with_cut_cookie());
    ASSERT(story, STUCK, COOKIE_CUT);
}

/* A gateway that does not take its own cookie answers all the same. */
static void test_same_cookie_asked_again(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    for (unsigned i = 0; i < 3; i++) {
        gateway(&story, i + 0.1, verify_with(5));
        client(&story, i + 0.2, hello_with(5));
    }
    ASSERT(story, STUCK, VERIFY_LOOP);
}

/* The client's half alone: what the client sends after an ICMP error proves that the gateway has answered. */
static void test_stop_taken_back_one_way(void)
{
    const rdgudp_dtls_t proofs[] = { hello_with(5), client_flight, data };

    for (size_t i = 0; i < G_N_ELEMENTS(proofs); i++) {
        story_t story = begin();
        client(&story, 0, hello);
        stop(&story, 0.1, RDGUDP_STOP_ROUTE, false);
        ASSERT(story, NO_ROUTE, ICMP);
        client(&story, 0.2, hello);
        ASSERT(story, NO_ROUTE, ICMP);
        client(&story, 1, proofs[i]);
        rdgudp_judgement_t judgement = rdgudp_verdict_judge(&story.channel, &story.view);
        g_assert_cmpint(judgement.verdict, ==, i < 2 ? RDGUDP_HANDSHAKING : RDGUDP_SECURED);
    }

    /* In use: the error counts, unless the client goes on for long. */
    story_t story = begin();
    client(&story, 0, data);
    stop(&story, 1, RDGUDP_STOP_PORT, true);
    client(&story, 2, data);
    ASSERT(story, DIED, ICMP);
    client(&story, 10, data);
    ASSERT(story, SECURED, NONE);
}

/* The client's half alone: a hello with a cookie was answered; one that comes again was not. */
static void test_one_way(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    client(&story, 0.1, hello_with(5));
    ASSERT(story, HANDSHAKING, NONE);
    client(&story, 1.1, hello_with(5));
    ASSERT(story, STUCK, NO_FLIGHT);
    client(&story, 1.2, client_flight);
    ASSERT(story, HANDSHAKING, NONE);
    client(&story, 1.3, data);
    ASSERT(story, SECURED, NONE);
    for (unsigned i = 0; i < 10; i++) {
        client(&story, 2 + i, data);
    }
    ASSERT(story, SECURED, NONE);
}

static void test_died(void)
{
    story_t story = used();

    for (unsigned i = 0; i < 5; i++) {
        client(&story, 2 + i, data);
    }
    ASSERT(story, DIED, ONE_SIDE_STOPS);
    g_assert_cmpint(rdgudp_verdict_since(&story.channel, RDGUDP_DIED), ==, 2 * S);
    gateway(&story, 7, data);
    ASSERT(story, SECURED, NONE);
    stop(&story, 8, RDGUDP_STOP_MTU, false);
    ASSERT(story, SECURED, NONE);
    stop(&story, 8, RDGUDP_STOP_PORT, true);
    ASSERT(story, DIED, ICMP);
    gateway(&story, 9, data);
    ASSERT(story, SECURED, NONE);
}

static void test_connect(void)
{
    story_t story = secured();

    client(&story, 1, data);
    rdgudp_channel_on_connect(&story.channel, 1 * S);
    ASSERT(story, SECURED, NONE);
    client(&story, 2, data);
    rdgudp_channel_on_connect(&story.channel, 2 * S);
    ASSERT(story, SECURED, NONE);
    client(&story, 3, data);
    rdgudp_channel_on_connect(&story.channel, 3 * S);
    ASSERT(story, CONNECT_SILENT, NONE);
    rdgudp_channel_on_response(&story.channel, 0x59dd);
    ASSERT(story, REJECTED, NONE);
}

static void test_alerts(void)
{
    story_t story = begin();

    client(&story, 0, hello);
    gateway(&story, 0.1, (rdgudp_dtls_t){ .alert = true, .alert_level = 2, .alert_description = 40 });
    ASSERT(story, FAILED, NONE);
    /* A capture that begins with an encrypted alert: a channel that worked has ended. */
    story = begin();
    client(&story, 0, (rdgudp_dtls_t){ .encrypted_alert = true });
    ASSERT(story, CLOSED, NONE);
}

static void test_not_ours(void)
{
    story_t story = begin();
    rdgudp_dtls_t srtp = hello;

    srtp.offers_srtp = true;
    client(&story, 0, srtp);
    ASSERT(story, NOT_OURS, SRTP);
    story.channel.has_trailer = true;
    ASSERT(story, HELLO_SENT, NONE);
    story = used();
    story.channel.no_packets = 1;
    ASSERT(story, NOT_OURS, CONTENT);
    story.channel.packets = 1;
    ASSERT(story, SECURED, NONE);
}

static void test_unsolicited(void)
{
    story_t story = begin();

    gateway(&story, 0, server_hello);
    ASSERT(story, HANDSHAKING, NONE);
    gateway(&story, 0.03, server_hello);
    ASSERT(story, UNSOLICITED, NONE);
    /* The client has asked another end: its answer may come from here. */
    story.view.client_asks_others = true;
    ASSERT(story, HANDSHAKING, NONE);
    story.view.client_asks_others = false;
    /* One direction of a channel that works. */
    gateway(&story, 0.1, finished);
    ASSERT(story, HANDSHAKING, NONE);
}

static void test_exploit_stays(void)
{
    story_t story = used();

    story.channel.exploit = true;
    rdgudp_channel_on_response(&story.channel, 0x8000ffff);
    ASSERT(story, EXPLOIT, NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_verdict/whole_life", test_whole_life);
    g_test_add_func("/rdgudp_verdict/no_answer", test_no_answer);
    g_test_add_func("/rdgudp_verdict/tries_of_the_session", test_tries_of_the_session);
    g_test_add_func("/rdgudp_verdict/stops", test_stops);
    g_test_add_func("/rdgudp_verdict/stuck", test_stuck);
    g_test_add_func("/rdgudp_verdict/cut_cookies", test_cut_cookies);
    g_test_add_func("/rdgudp_verdict/same_cookie_asked_again", test_same_cookie_asked_again);
    g_test_add_func("/rdgudp_verdict/stop_taken_back_one_way", test_stop_taken_back_one_way);
    g_test_add_func("/rdgudp_verdict/one_way", test_one_way);
    g_test_add_func("/rdgudp_verdict/died", test_died);
    g_test_add_func("/rdgudp_verdict/connect", test_connect);
    g_test_add_func("/rdgudp_verdict/alerts", test_alerts);
    g_test_add_func("/rdgudp_verdict/not_ours", test_not_ours);
    g_test_add_func("/rdgudp_verdict/unsolicited", test_unsolicited);
    g_test_add_func("/rdgudp_verdict/exploit_stays", test_exploit_stays);
    return g_test_run();
}
