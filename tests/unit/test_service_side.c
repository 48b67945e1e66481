/* test_service_side.c
 * Which end of a conversation is the service.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/service_side.h"

#include <glib.h>

static service_side_t judge(service_clues_t clues, service_certainty_t expected)
{
    service_certainty_t certainty;
    service_side_t side = service_side_judge(&clues, &certainty);

    g_assert_cmpint(certainty, ==, expected);
    return side;
}

static void test_tcp_handshake(void)
{
    service_clues_t syn = { .transport = TRANSPORT_TCP, .source_port = 3311, .destination_port = 443, .syn = true };
    service_clues_t syn_ack = {
        .transport = TRANSPORT_TCP, .source_port = 3386, .destination_port = 40000, .syn = true, .ack = true
    };

    g_assert_cmpint(judge(syn, SERVICE_PROVEN), ==, SERVICE_AT_DESTINATION);
    g_assert_cmpint(judge(syn_ack, SERVICE_PROVEN), ==, SERVICE_AT_SOURCE);
    /* A handshake says more than any number. */
    syn.source_port = 22;
    syn.destination_port = 3311;
    syn.recognised_by_source = true;
    g_assert_cmpint(judge(syn, SERVICE_PROVEN), ==, SERVICE_AT_DESTINATION);
}

static void test_tcp_midstream(void)
{
    service_clues_t clues = { .transport = TRANSPORT_TCP, .source_port = 3406, .destination_port = 50000 };

    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_UNKNOWN);
    clues.source_weight = 3;
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_SOURCE);
    clues.destination_port = 443;
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_DESTINATION);
    clues.destination_port = 8080;
    clues.recognised_by_destination = true;
    g_assert_cmpint(judge(clues, SERVICE_PROVEN), ==, SERVICE_AT_DESTINATION);
    /* Not even a client's usual number tells: services have such numbers, too. */
    clues = (service_clues_t){
        .transport = TRANSPORT_TCP, .source_port = 50000, .destination_port = 3416, .destination_weight = 3
    };
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_DESTINATION);
    clues.is_scan = true;
    g_assert_cmpint(judge(clues, SERVICE_PROVEN), ==, SERVICE_AT_DESTINATION);
    clues = (service_clues_t){ .transport = TRANSPORT_TCP,
                               .source_port = 3416,
                               .destination_port = 3311,
                               .source_weight = 3,
                               .destination_weight = 3 };
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_DESTINATION);
}

static void test_udp(void)
{
    service_clues_t clues = {
        .transport = TRANSPORT_UDP, .source_port = 40000, .destination_port = 3386, .destination_weight = 3
    };

    g_assert_cmpint(judge(clues, SERVICE_LIKELY), ==, SERVICE_AT_DESTINATION);
    clues.source_port = 9000;
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_DESTINATION);
    clues.source_port = 3386;
    clues.source_weight = 3;
    g_assert_cmpint(judge(clues, SERVICE_LIKELY), ==, SERVICE_AT_DESTINATION);
    clues.destination_port = 40000;
    clues.destination_weight = 0;
    /* The first packet of the conversation goes to the service, whatever the numbers ... */
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_DESTINATION);
    /* ... unless it was recognised by where it comes from ... */
    clues.recognised_by_source = true;
    g_assert_cmpint(judge(clues, SERVICE_PROVEN), ==, SERVICE_AT_SOURCE);
    /* ... or comes from a System port. */
    clues = (service_clues_t){
        .transport = TRANSPORT_UDP, .source_port = 53, .destination_port = 3416, .destination_weight = 3
    };
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_SOURCE);
    clues.source_port = 1023;
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_SOURCE);
    clues.source_port = 1024;
    g_assert_cmpint(judge(clues, SERVICE_GUESSED), ==, SERVICE_AT_DESTINATION);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/service_side/tcp/handshake", test_tcp_handshake);
    g_test_add_func("/service_side/tcp/midstream", test_tcp_midstream);
    g_test_add_func("/service_side/udp", test_udp);
    return g_test_run();
}
