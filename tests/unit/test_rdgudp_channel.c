/* test_rdgudp_channel.c
 * What was seen of one UDP channel to an RD Gateway.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_channel.h"

#include <glib.h>

#define MILLISECOND (RDG_SECOND / 1000)

static unsigned send_at(rdgudp_channel_t *channel, bool from_gateway, rdgudp_dtls_t dtls, rdg_time_t time)
{
    rdgudp_datagram_event_t event = { .time = time, .from_gateway = from_gateway, .dtls = &dtls };
    void *copy_of;

    return rdgudp_channel_on_datagram(channel, &event, &copy_of);
}

static rdgudp_dtls_t hello(uint8_t random, uint64_t digest)
{
    return (rdgudp_dtls_t){ .client_hello = true, .has_random = true, .random = { random }, .digest = digest };
}

static rdgudp_dtls_t data(uint64_t digest)
{
    return (rdgudp_dtls_t){ .application_data = true, .epoch = 1, .number = digest, .digest = digest };
}

static void test_hellos(void)
{
    rdgudp_channel_t channel;

    rdgudp_channel_start(&channel);
    g_assert_cmpuint(send_at(&channel, false, hello(1, 1), 0), ==, RDGUDP_CHANGE_HELLO);
    g_assert_cmpuint(send_at(&channel, false, hello(1, 2), RDG_SECOND), ==, RDGUDP_CHANGE_HELLO);
    g_assert_cmpuint(channel.hello_count, ==, 2);
    g_assert_false(rdgudp_channel_is_answered(&channel));
    /* A later fragment is neither a hello nor the proof of an answer. */
    g_assert_cmpuint(send_at(&channel, false, (rdgudp_dtls_t){ .client_hello_part = true, .digest = 3 }, RDG_SECOND),
                     ==, 0);
    g_assert_cmpuint(channel.hello_count, ==, 2);
    g_assert_false(rdgudp_channel_is_answered(&channel));
    /* A cookie is one. */
    rdgudp_dtls_t with_cookie = hello(1, 4);
    with_cookie.has_cookie = true;
    send_at(&channel, false, with_cookie, 2 * RDG_SECOND);
    g_assert_true(rdgudp_channel_is_answered(&channel));
}

static void test_copies(void)
{
    rdgudp_channel_t channel;
    int first, second;
    rdgudp_dtls_t one = hello(1, 7);
    rdgudp_datagram_event_t event = { .time = 0, .dtls = &one, .frame = &first };
    void *copy_of;

    rdgudp_channel_start(&channel);
    g_assert_cmpuint(rdgudp_channel_on_datagram(&channel, &event, &copy_of), ==, RDGUDP_CHANGE_HELLO);
    event.time = MILLISECOND;
    event.frame = &second;
    g_assert_cmpuint(rdgudp_channel_on_datagram(&channel, &event, &copy_of), ==, RDGUDP_CHANGE_COPY);
    g_assert_true(copy_of == &first);
    g_assert_cmpuint(channel.hello_count, ==, 1);
    g_assert_cmpuint(channel.sides[RDG_CLIENT].datagrams, ==, 1);
    /* The same octets a second later: a client that repeats the datagram as it was. */
    event.time = RDG_SECOND;
    g_assert_cmpuint(rdgudp_channel_on_datagram(&channel, &event, &copy_of), ==, RDGUDP_CHANGE_HELLO);
    g_assert_cmpuint(channel.hello_count, ==, 2);
    /* What is encrypted is never the same again, and a direction has its own. */
    send_at(&channel, false, data(9), 2 * RDG_SECOND);
    g_assert_cmpuint(send_at(&channel, false, data(9), 3 * RDG_SECOND), ==, RDGUDP_CHANGE_COPY);
    g_assert_cmpuint(send_at(&channel, true, data(9), 3 * RDG_SECOND), ==, RDGUDP_CHANGE_BOTH_WAYS);
    g_assert_cmpuint(channel.copies, ==, 2);
    /* Too few octets captured: no copy. */
    send_at(&channel, false, data(0), 4 * RDG_SECOND);
    g_assert_cmpuint(send_at(&channel, false, data(0), 4 * RDG_SECOND), ==, 0);
}

static void test_attempts(void)
{
    rdgudp_channel_t channel;

    rdgudp_channel_start(&channel);
    send_at(&channel, false, hello(1, 1), 0);
    /* Not answered: another random is still the same attempt, but not after a minute. */
    send_at(&channel, false, hello(2, 2), RDG_SECOND);
    g_assert_cmpuint(channel.attempt, ==, 0);
    g_assert_cmpuint(channel.hello_count, ==, 2);
    send_at(&channel, false, hello(3, 3), 100 * RDG_SECOND);
    g_assert_cmpuint(channel.attempt, ==, 1);
    g_assert_cmpuint(channel.hello_count, ==, 1);
    /* Answered: the same random is a late copy, another one a new attempt. An exploit stays. */
    send_at(&channel, true, (rdgudp_dtls_t){ .server_hello = true, .chosen = RDGUDP_DTLS_1_2 }, 101 * RDG_SECOND);
    channel.exploit = true;
    send_at(&channel, false, hello(3, 4), 102 * RDG_SECOND);
    g_assert_cmpuint(channel.attempt, ==, 1);
    send_at(&channel, false, hello(4, 5), 103 * RDG_SECOND);
    g_assert_cmpuint(channel.attempt, ==, 2);
    g_assert_cmpuint(channel.version, ==, 0);
    g_assert_true(channel.exploit);
}

static void test_alerts(void)
{
    static const rdgudp_dtls_t fatal = { .alert = true, .alert_level = 2, .alert_description = 40 };
    rdgudp_channel_t channel;

    rdgudp_channel_start(&channel);
    send_at(&channel, false, hello(1, 1), 0);
    g_assert_cmpuint(send_at(&channel, true, fatal, 1), ==, RDGUDP_CHANGE_ALERT);
    g_assert_true(channel.alert_fatal && channel.alert_from_gateway && !channel.closed);
    g_assert_cmpuint(channel.alert, ==, 40);
    /* In the clear it is not of a session that is up. */
    rdgudp_channel_start(&channel);
    send_at(&channel, false, data(1), 0);
    g_assert_cmpuint(send_at(&channel, true, fatal, 1), ==, 0);
    g_assert_false(channel.alert_fatal || channel.closed);
    send_at(&channel, true, (rdgudp_dtls_t){ .encrypted_alert = true }, 2);
    g_assert_true(channel.closed);
}

/* Datagrams that are later than all of the other end's, whatever the order of the file. */
static void test_unanswered(void)
{
    rdgudp_channel_t channel;
    const rdgudp_side_t *client = &channel.sides[RDG_CLIENT];

    rdgudp_channel_start(&channel);
    send_at(&channel, false, data(1), 1);
    send_at(&channel, false, data(2), 3);
    g_assert_cmpuint(client->unanswered, ==, 2);
    send_at(&channel, true, data(3), 4);
    g_assert_cmpuint(client->unanswered, ==, 0);
    send_at(&channel, false, data(4), 5);
    send_at(&channel, true, data(5), 2);
    g_assert_cmpuint(client->unanswered, ==, 1);
    g_assert_cmpint(client->unanswered_since, ==, 5);
}

static void test_old_dtls(void)
{
    static const rdgudp_dtls_t old = { .server_hello = true, .chosen = RDGUDP_DTLS_1_0 };
    rdgudp_channel_t channel;

    rdgudp_channel_start(&channel);
    g_assert_cmpuint(send_at(&channel, true, old, 0), ==, RDGUDP_CHANGE_OLD_DTLS);
    g_assert_cmpuint(send_at(&channel, true, old, 1), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_channel/hellos", test_hellos);
    g_test_add_func("/rdgudp_channel/copies", test_copies);
    g_test_add_func("/rdgudp_channel/attempts", test_attempts);
    g_test_add_func("/rdgudp_channel/alerts", test_alerts);
    g_test_add_func("/rdgudp_channel/unanswered", test_unanswered);
    g_test_add_func("/rdgudp_channel/old_dtls", test_old_dtls);
    return g_test_run();
}
