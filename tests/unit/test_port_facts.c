/* test_port_facts.c
 * Tests the lookup of port facts, and that the facts which must not get lost are there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/port_facts.h"

#include <glib.h>
#include <string.h>

static const uint16_t documented[] = { 3311, 3386, 3391, 3406, 3416 };

static const port_row_t *row(uint16_t port, transport_t transport)
{
    const port_facts_t *facts = port_facts_find(port);

    g_assert_nonnull(facts);
    return &facts->on[transport];
}

/* The first claim about a port whose text has both words in it. */
static const port_claim_t *claim(uint16_t port, const char *word, const char *another)
{
    const port_facts_t *facts = port_facts_find(port);

    g_assert_nonnull(facts);
    for (size_t i = 0; i < facts->num_claims; i++) {
        if (strstr(facts->claims[i].text, word) && strstr(facts->claims[i].text, another)) {
            return &facts->claims[i];
        }
    }
    g_error("no claim about port %u has \"%s\" and \"%s\" in it", port, word, another);
}

static bool belongs(const port_row_t *on, const char *filter_name)
{
    for (const char *const *name = on->expected; *name != NULL; name++) {
        if (strcmp(*name, filter_name) == 0) {
            return true;
        }
    }
    return false;
}

static void assert_text(const char *text)
{
    g_assert_nonnull(text);
    g_assert_cmpuint(strlen(text), >, 0);
    g_assert_true(g_utf8_validate(text, -1, NULL));
}

static void test_find(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(documented); i++) {
        const port_facts_t *facts = port_facts_find(documented[i]);

        g_assert_nonnull(facts);
        g_assert_cmpuint(facts->port, ==, documented[i]);
        g_assert_null(port_facts_find((uint16_t)(documented[i] - 1)));
        g_assert_null(port_facts_find((uint16_t)(documented[i] + 1)));
    }
    g_assert_null(port_facts_find(0));
    g_assert_null(port_facts_find(65535));
}

static void test_at(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(documented); i++) {
        g_assert_true(port_facts_at(i) == port_facts_find(documented[i]));
    }
    g_assert_null(port_facts_at(G_N_ELEMENTS(documented)));
    g_assert_null(port_facts_at(SIZE_MAX));
}

static void test_range(void)
{
    g_assert_cmpint(port_facts_range(0), ==, PORT_RANGE_SYSTEM);
    g_assert_cmpint(port_facts_range(1023), ==, PORT_RANGE_SYSTEM);
    g_assert_cmpint(port_facts_range(1024), ==, PORT_RANGE_USER);
    g_assert_cmpint(port_facts_range(49151), ==, PORT_RANGE_USER);
    g_assert_cmpint(port_facts_range(49152), ==, PORT_RANGE_DYNAMIC);
    g_assert_cmpint(port_facts_range(65535), ==, PORT_RANGE_DYNAMIC);
}

static void test_advice(void)
{
    static const char udp[] = "ss -ulnp 'sport = :3386' (Linux), Get-NetUDPEndpoint -LocalPort 3386 (Windows)";
    static const char tcp[] =
        "ss -tlnp 'sport = :65535' (Linux), Get-NetTCPConnection -State Listen -LocalPort 65535 (Windows)";
    char out[200];

    g_assert_cmpuint(port_facts_advice(TRANSPORT_UDP, 3386, out, sizeof out), ==, sizeof udp - 1);
    g_assert_cmpstr(out, ==, udp);
    g_assert_cmpuint(port_facts_advice(TRANSPORT_TCP, 65535, out, sizeof out), ==, sizeof tcp - 1);
    g_assert_cmpstr(out, ==, tcp);
    port_facts_advice(TRANSPORT_UDP, 0, out, sizeof out);
    g_assert_nonnull(strstr(out, "'sport = :0'"));

    /* What is no transport has no advice. */
    g_assert_cmpuint(port_facts_advice(TRANSPORTS, 3386, out, sizeof out), ==, 0);
    g_assert_cmpstr(out, ==, "");
}

static void test_advice_cut(void)
{
    char whole[200];
    const size_t length = port_facts_advice(TRANSPORT_UDP, 3391, whole, sizeof whole);

    g_assert_cmpuint(port_facts_advice(TRANSPORT_UDP, 3391, NULL, 0), ==, length);
    for (size_t size = 1; size <= length + 1; size++) {
        char out[200];

        memset(out, '#', sizeof out);
        g_assert_cmpuint(port_facts_advice(TRANSPORT_UDP, 3391, out, size), ==, length);
        g_assert_cmpuint(strlen(out), ==, size - 1);
        g_assert_true(strncmp(out, whole, size - 1) == 0);
        for (size_t i = size; i < sizeof out; i++) {
            g_assert_cmpint(out[i], ==, '#');
        }
    }
}

static void test_whole_table(void)
{
    const port_facts_t *facts;

    for (size_t i = 0; (facts = port_facts_at(i)) != NULL; i++) {
        assert_text(facts->recognise);
        g_assert_cmpuint(facts->num_claims, >=, 5);
        for (size_t c = 0; c < facts->num_claims; c++) {
            assert_text(facts->claims[c].text);
            assert_text(facts->claims[c].why);
            assert_text(facts->claims[c].source);
            g_assert_cmpint(facts->claims[c].verdict, <=, PORT_CLAIM_UNVERIFIED);
        }
        for (int t = 0; t < TRANSPORTS; t++) {
            const port_row_t *on = &facts->on[t];

            g_assert_nonnull(on->expected);
            for (const char *const *name = on->expected; *name != NULL; name++) {
                assert_text(*name);
            }
            /* Nobody known to be there: then no protocol can belong there either, and the other way round. */
            g_assert_cmpint(on->tenant == NULL, ==, on->expected[0] == NULL);
            if (facts->dormant) {
                g_assert_null(on->tenant);
            }
        }
    }
}

static void test_3386(void)
{
    const port_row_t *tcp = row(3386, TRANSPORT_TCP);
    const port_row_t *udp = row(3386, TRANSPORT_UDP);

    g_assert_null(tcp->assignee);
    g_assert_cmpstr(udp->assignee, ==, "Ansgar Bergmann (etsi.fr)");
    for (int t = 0; t < TRANSPORTS; t++) {
        const port_row_t *on = row(3386, (transport_t)t);

        g_assert_true(belongs(on, "gtpp"));
        g_assert_true(belongs(on, "gtpprime"));
        g_assert_true(belongs(on, "gtp"));
        g_assert_false(belongs(on, "gtp2"));
    }
    g_assert_false(port_facts_find(3386)->dormant);
    g_assert_cmpint(claim(3386, "IANA", "unassigned")->verdict, ==, PORT_CLAIM_CONTRADICTED);
    g_assert_cmpint(claim(3386, "GTP version 0", "shares")->verdict, ==, PORT_CLAIM_CONFIRMED);
}

static void test_3391(void)
{
    const port_row_t *tcp = row(3391, TRANSPORT_TCP);
    const port_row_t *udp = row(3391, TRANSPORT_UDP);

    g_assert_null(tcp->tenant);
    g_assert_nonnull(strstr(udp->tenant, "Remote Desktop Gateway"));
    g_assert_true(belongs(udp, "rdgudp"));
    g_assert_true(belongs(udp, "dtls"));
    g_assert_false(belongs(tcp, "dtls"));
    g_assert_false(port_facts_find(3391)->dormant);
    g_assert_cmpint(claim(3391, "unassigned", "no one")->verdict, ==, PORT_CLAIM_CONTRADICTED);
    g_assert_cmpint(claim(3391, "CVE-2020-0610", "TCP 3389")->verdict, ==, PORT_CLAIM_CONTRADICTED);
}

static void test_dormant_ports(void)
{
    g_assert_true(port_facts_find(3311)->dormant);
    g_assert_cmpint(claim(3311, "telephony return", "voice")->verdict, ==, PORT_CLAIM_CONTRADICTED);
    g_assert_cmpint(claim(3311, "W32.Ranetif", "3311")->verdict, ==, PORT_CLAIM_UNVERIFIED);

    g_assert_true(port_facts_find(3406)->dormant);
    g_assert_cmpint(claim(3406, "PortNumberStats", "default")->verdict, ==, PORT_CLAIM_CONTRADICTED);

    g_assert_true(port_facts_find(3416)->dormant);
    g_assert_cmpint(claim(3416, "AirMobile IS", "field workers")->verdict, ==, PORT_CLAIM_UNVERIFIED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/port_facts/find", test_find);
    g_test_add_func("/port_facts/at", test_at);
    g_test_add_func("/port_facts/range", test_range);
    g_test_add_func("/port_facts/advice", test_advice);
    g_test_add_func("/port_facts/advice_cut", test_advice_cut);
    g_test_add_func("/port_facts/whole_table", test_whole_table);
    g_test_add_func("/port_facts/3386", test_3386);
    g_test_add_func("/port_facts/3391", test_3391);
    g_test_add_func("/port_facts/dormant_ports", test_dormant_ports);
    return g_test_run();
}
