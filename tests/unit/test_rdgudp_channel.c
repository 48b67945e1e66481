/* test_rdgudp_channel.c
 * The life of one UDP channel to an RD Gateway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_channel.h"

#include <glib.h>
#include <string.h>

#define THRESHOLD 2

static const rdgudp_dtls_t hello = { .client_hello = true, .has_random = true, .random = { 1 } };
static const rdgudp_dtls_t other_hello = { .client_hello = true, .has_random = true, .random = { 2 } };
static const rdgudp_dtls_t verify = { .hello_verify = true };
static const rdgudp_dtls_t server_hello = { .server_hello = true, .chosen = RDGUDP_DTLS_1_2 };
static const rdgudp_dtls_t finished = { .finished = true };
static const rdgudp_dtls_t data = { .application_data = true };
static const rdgudp_dtls_t fatal = { .alert = true, .alert_level = RDGUDP_DTLS_ALERT_FATAL, .alert_description = 40 };
static const rdgudp_dtls_t close_notify = { .alert = true, .alert_level = 1 };
static const rdgudp_dtls_t encrypted_alert = { .encrypted_alert = true };

static unsigned client_sends(rdgudp_channel_t *channel, const rdgudp_dtls_t *dtls)
{
    return rdgudp_channel_hear_dtls(channel, false, dtls, THRESHOLD);
}

static unsigned gateway_sends(rdgudp_channel_t *channel, const rdgudp_dtls_t *dtls)
{
    return rdgudp_channel_hear_dtls(channel, true, dtls, THRESHOLD);
}

static rdgudp_channel_t secured(void)
{
    rdgudp_channel_t channel = { 0 };

    client_sends(&channel, &hello);
    gateway_sends(&channel, &server_hello);
    client_sends(&channel, &finished);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HANDSHAKING);
    gateway_sends(&channel, &finished);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_SECURED);
    return channel;
}

static void test_whole_life(void)
{
    rdgudp_channel_t channel = { 0 };

    g_assert_cmpuint(client_sends(&channel, &hello), ==, 0);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HELLO_SENT);
    gateway_sends(&channel, &verify);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HANDSHAKING);
    /* The answer to HelloVerifyRequest is a second ClientHello: no silence. */
    g_assert_cmpuint(client_sends(&channel, &hello), ==, 0);
    g_assert_cmpuint(channel.hello_count, ==, 2);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HANDSHAKING);
    gateway_sends(&channel, &server_hello);
    g_assert_cmphex(channel.version, ==, RDGUDP_DTLS_1_2);

    channel = secured();
    g_assert_cmpuint(client_sends(&channel, &data), ==, 0);
    g_assert_cmpuint(gateway_sends(&channel, &data), ==, RDGUDP_NEWS_BOTH_WAYS);
    g_assert_cmpuint(gateway_sends(&channel, &data), ==, 0);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_SECURED);
    rdgudp_channel_hear_response(&channel, 0);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_CONNECTED);
    rdgudp_channel_hear_disconnect(&channel);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_CLOSED);
    client_sends(&channel, &encrypted_alert);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_CLOSED);
}

static void test_no_answer(void)
{
    rdgudp_channel_t channel = { 0 };

    client_sends(&channel, &hello);
    g_assert_cmpuint(client_sends(&channel, &hello), ==, RDGUDP_NEWS_NO_ANSWER);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_NO_ANSWER);
    g_assert_true(rdgudp_channel_is_silent(&channel));
    /* News only once. Another random is still the same silence. */
    g_assert_cmpuint(client_sends(&channel, &other_hello), ==, 0);
    g_assert_cmpuint(channel.hello_count, ==, 3);
    gateway_sends(&channel, &verify);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HANDSHAKING);
    g_assert_false(rdgudp_channel_is_silent(&channel));
}

static void test_threshold(void)
{
    rdgudp_channel_t channel = { 0 };

    g_assert_cmpuint(rdgudp_channel_hear_dtls(&channel, false, &hello, 0), ==, RDGUDP_NEWS_NO_ANSWER);
    channel = (rdgudp_channel_t){ 0 };
    for (unsigned i = 1; i < 5; i++) {
        g_assert_cmpuint(rdgudp_channel_hear_dtls(&channel, false, &hello, 5), ==, 0);
    }
    g_assert_cmpuint(rdgudp_channel_hear_dtls(&channel, false, &hello, 5), ==, RDGUDP_NEWS_NO_ANSWER);
}

static void test_refused(void)
{
    rdgudp_channel_t channel = { 0 };

    client_sends(&channel, &hello);
    g_assert_cmpuint(rdgudp_channel_hear_refusal(&channel), ==, RDGUDP_NEWS_REFUSED);
    g_assert_cmpuint(rdgudp_channel_hear_refusal(&channel), ==, 0);
    client_sends(&channel, &hello);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_REFUSED);
    /* An error about a channel that is up is late, or a lie. */
    channel = secured();
    g_assert_cmpuint(rdgudp_channel_hear_refusal(&channel), ==, 0);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_SECURED);
}

static void test_alerts(void)
{
    rdgudp_channel_t channel = { 0 };

    client_sends(&channel, &hello);
    g_assert_cmpuint(gateway_sends(&channel, &fatal), ==, RDGUDP_NEWS_ALERT);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_FAILED);
    g_assert_true(channel.alert_known);
    g_assert_true(channel.alert_from_gateway);
    g_assert_cmpuint(channel.alert, ==, 40);

    channel = (rdgudp_channel_t){ 0 };
    client_sends(&channel, &hello);
    gateway_sends(&channel, &server_hello);
    g_assert_cmpuint(client_sends(&channel, &encrypted_alert), ==, RDGUDP_NEWS_ALERT);
    g_assert_false(channel.alert_known);
    g_assert_false(channel.alert_from_gateway);

    channel = (rdgudp_channel_t){ 0 };
    client_sends(&channel, &hello);
    g_assert_cmpuint(gateway_sends(&channel, &close_notify), ==, 0);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_CLOSED);

    /* In the clear it is not of an encrypted session. */
    channel = secured();
    gateway_sends(&channel, &fatal);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_SECURED);
    gateway_sends(&channel, &encrypted_alert);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_CLOSED);
}

static void test_rejected(void)
{
    rdgudp_channel_t channel = secured();

    rdgudp_channel_hear_response(&channel, 0x59dd);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_REJECTED);
    rdgudp_channel_hear_disconnect(&channel);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_REJECTED);
    g_assert_cmphex(channel.result, ==, 0x59dd);
}

static void test_exploit_stays(void)
{
    rdgudp_channel_t channel = secured();

    rdgudp_channel_hear_exploit(&channel);
    rdgudp_channel_hear_response(&channel, 0x8000ffff);
    rdgudp_channel_hear_disconnect(&channel);
    client_sends(&channel, &other_hello);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_EXPLOIT);
}

static void test_again(void)
{
    rdgudp_channel_t channel = secured();
    const uint8_t octets[] = { 1, 2, 3 };

    rdgudp_channel_take_fragment(&channel.fragments, 0, 2, octets, sizeof octets);
    /* A late copy of the first hello changes nothing; a new one begins a new attempt. */
    client_sends(&channel, &hello);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_SECURED);
    client_sends(&channel, &other_hello);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HELLO_SENT);
    g_assert_cmpuint(channel.attempt, ==, 1);
    g_assert_cmpuint(channel.hello_count, ==, 1);
    g_assert_false(channel.answered);
    g_assert_cmpuint(channel.version, ==, 0);
    g_assert_cmpuint(channel.fragments.attempt, ==, 1);
}

static void test_midstream(void)
{
    rdgudp_channel_t channel = { 0 };

    client_sends(&channel, &data);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_SECURED);
    rdgudp_channel_hear_data(&channel);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_CONNECTED);
    /* One direction only: the client would not go on without an answer. */
    channel = (rdgudp_channel_t){ 0 };
    client_sends(&channel, &hello);
    client_sends(&channel, &finished);
    g_assert_cmpint(channel.verdict, ==, RDGUDP_HANDSHAKING);
}

static void test_old_dtls(void)
{
    const rdgudp_dtls_t old = { .server_hello = true, .chosen = RDGUDP_DTLS_1_0 };
    rdgudp_channel_t channel = { 0 };

    client_sends(&channel, &hello);
    g_assert_cmpuint(gateway_sends(&channel, &server_hello), ==, 0);
    channel = (rdgudp_channel_t){ 0 };
    g_assert_cmpuint(gateway_sends(&channel, &old), ==, RDGUDP_NEWS_OLD_DTLS);
    g_assert_cmpuint(gateway_sends(&channel, &old), ==, 0);
}

static void test_fragments(void)
{
    static uint8_t octets[RDGUDP_FRAGMENT_MAX + 1];
    rdgudp_fragments_t fragments = { 0 };

    /* Out of range: refused before anything is kept. */
    static const uint16_t bad[][2] = { { 0, 0 },     { 1, 1 },         { 5, 5 },  { 0, 6 },
                                       { 0, 65535 }, { 65535, 65535 }, { 64, 65 } };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, bad[i][0], bad[i][1], octets, 1), ==,
                        RDGUDP_FRAGMENT_REFUSED);
    }
    g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, 0, 1, octets, sizeof octets), ==, RDGUDP_FRAGMENT_REFUSED);
    g_assert_cmpuint(fragments.attempt, ==, 0);

    g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, 4, 5, octets, 96), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 1);
    for (uint16_t id = 0; id < 4; id++) {
        g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, id, 5, octets, 1000), ==, RDGUDP_FRAGMENT_NEW);
    }
    g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, 2, 5, octets, 1000), ==, RDGUDP_FRAGMENT_REPEATED);
    g_assert_cmpuint(fragments.attempt, ==, 1);
    /* Other octets, another length, another count: a new attempt each time. */
    octets[7] = 1;
    g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, 2, 5, octets, 1000), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 2);
    g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, 2, 5, octets, 999), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 3);
    g_assert_cmpint(rdgudp_channel_take_fragment(&fragments, 0, 2, octets, 1000), ==, RDGUDP_FRAGMENT_NEW);
    g_assert_cmpuint(fragments.attempt, ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_channel/whole_life", test_whole_life);
    g_test_add_func("/rdgudp_channel/no_answer", test_no_answer);
    g_test_add_func("/rdgudp_channel/threshold", test_threshold);
    g_test_add_func("/rdgudp_channel/refused", test_refused);
    g_test_add_func("/rdgudp_channel/alerts", test_alerts);
    g_test_add_func("/rdgudp_channel/rejected", test_rejected);
    g_test_add_func("/rdgudp_channel/exploit_stays", test_exploit_stays);
    g_test_add_func("/rdgudp_channel/again", test_again);
    g_test_add_func("/rdgudp_channel/midstream", test_midstream);
    g_test_add_func("/rdgudp_channel/old_dtls", test_old_dtls);
    g_test_add_func("/rdgudp_channel/fragments", test_fragments);
    return g_test_run();
}
