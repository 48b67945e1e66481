/* test_service_protocols.c
 * Tests which protocols belong to a service, and the order that the search relies on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/service_protocols.h"

#include <glib.h>
#include <string.h>

#include "portlore/port_registry_table.h"

static void test_find(void)
{
    g_assert_cmpstr(service_protocols_of("https", PORT_REGISTRY_TCP), ==, "tls");
    g_assert_cmpstr(service_protocols_of("domain-s", PORT_REGISTRY_UDP), ==, "quic,dtls");
    g_assert_cmpstr(service_protocols_of("domain", PORT_REGISTRY_TCP), ==, "dns");
    g_assert_cmpstr(service_protocols_of("domain", PORT_REGISTRY_UDP), ==, "dns");
    g_assert_null(service_protocols_of("ssh", PORT_REGISTRY_UDP));
    g_assert_null(service_protocols_of("ssh", PORT_REGISTRY_SCTP));
    g_assert_null(service_protocols_of("", PORT_REGISTRY_TCP));
    g_assert_null(service_protocols_of("zzz", PORT_REGISTRY_TCP));
}

static void test_has(void)
{
    g_assert_true(service_protocols_has("http,http2", "http"));
    g_assert_true(service_protocols_has("http,http2", "http2"));
    g_assert_false(service_protocols_has("http2", "http"));
    g_assert_false(service_protocols_has("http,http2", "htt"));
    g_assert_false(service_protocols_has("http", ""));
}

static void test_order(void)
{
    for (size_t i = 1; i < service_protocols_table_size; i++) {
        g_assert_cmpint(strcmp(service_protocols_table[i - 1].service, service_protocols_table[i].service), <=, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/service_protocols/find", test_find);
    g_test_add_func("/service_protocols/has", test_has);
    g_test_add_func("/service_protocols/order", test_order);
    return g_test_run();
}
