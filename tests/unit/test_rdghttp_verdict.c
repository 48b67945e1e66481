/* test_rdghttp_verdict.c
 * What a main channel says about UDP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/http/rdghttp_verdict.h"

#include <glib.h>

#define NO_CAPS (-1)

/* The next packet of a session: a number of each kind that the packet is to have. */
static void say(rdghttp_negotiation_t *negotiation, uint16_t type, int caps, uint32_t code, bool has_port,
                bool has_cookie)
{
    rdghttp_pdu_t pdu = { .type = type, .outcome = RDGHTTP_WHOLE, .from_gateway = type != RDGHTTP_TUNNEL_CREATE };

    pdu.parts[pdu.num_parts++] = (rdghttp_part_t){ .kind = RDGHTTP_FIELDS };
    pdu.parts[pdu.num_parts++] = (rdghttp_part_t){ .kind = RDGHTTP_CODE, .value = code };
    if (caps != NO_CAPS) {
        pdu.parts[pdu.num_parts++] = (rdghttp_part_t){ .kind = RDGHTTP_CAPS, .value = (uint64_t)caps };
    }
    if (has_port) {
        pdu.parts[pdu.num_parts++] = (rdghttp_part_t){ .kind = RDGHTTP_UDP_PORT, .value = 3391 };
    }
    if (has_cookie) {
        pdu.parts[pdu.num_parts++] = (rdghttp_part_t){ .kind = RDGHTTP_UDP_COOKIE, .length = 3 };
    }
    rdghttp_verdict_on_packet(negotiation, &pdu);
}

static rdghttp_verdict_t offer(int client, int gateway, bool has_port, bool has_cookie)
{
    rdghttp_negotiation_t negotiation = { 0 };

    if (client != NO_CAPS) {
        say(&negotiation, RDGHTTP_TUNNEL_CREATE, client, 0, false, false);
    }
    say(&negotiation, RDGHTTP_TUNNEL_RESPONSE, gateway, 0, false, false);
    say(&negotiation, RDGHTTP_CHANNEL_RESPONSE, NO_CAPS, 0, has_port, has_cookie);
    return negotiation.verdict;
}

static void test_offers(void)
{
    g_assert_cmpint(offer(0x3f, 0x3f, true, true), ==, RDGHTTP_UDP_OFFERED);
    g_assert_cmpint(offer(0x3f, 0x3f, true, false), ==, RDGHTTP_UDP_NO_OFFER);
    g_assert_cmpint(offer(0x3f, 0x3f, false, true), ==, RDGHTTP_UDP_NO_OFFER);
    g_assert_cmpint(offer(0x1f, 0x3f, false, false), ==, RDGHTTP_UDP_CLIENT_SILENT);
    g_assert_cmpint(offer(0x3f, 0x02, false, false), ==, RDGHTTP_UDP_GATEWAY_SILENT);
    /* What a gateway offers counts, whatever was announced. */
    g_assert_cmpint(offer(NO_CAPS, NO_CAPS, true, true), ==, RDGHTTP_UDP_OFFERED);
}

/* Without the packet that decides, nothing is said. */
static void test_unknown(void)
{
    g_assert_cmpint(offer(NO_CAPS, 0x3f, false, false), ==, RDGHTTP_UDP_UNKNOWN);
    g_assert_cmpint(offer(NO_CAPS, 0x02, false, false), ==, RDGHTTP_UDP_UNKNOWN);
    g_assert_cmpint(offer(0x3f, NO_CAPS, false, false), ==, RDGHTTP_UDP_UNKNOWN);
}

/* A channel that was closed was there all the same. */
static void test_close(void)
{
    rdghttp_negotiation_t negotiation = { 0 };

    say(&negotiation, RDGHTTP_TUNNEL_CREATE, 0x3f, 0, false, false);
    g_assert_false(negotiation.has_channel);
    say(&negotiation, RDGHTTP_CHANNEL_RESPONSE, NO_CAPS, 0, false, false);
    say(&negotiation, RDGHTTP_CLOSE_CHANNEL, NO_CAPS, 0, false, false);
    g_assert_true(negotiation.has_channel);
    say(&negotiation, RDGHTTP_TUNNEL_CREATE, 0x3f, 0, false, false);
    g_assert_false(negotiation.has_channel);
}

/* The codes of EXTENDED_AUTH_MSG: SEC_E_LOGON_DENIED, one without an HRESULT's bits, and SEC_I_CONTINUE_NEEDED, behind
 * which another round comes. Only the gateway refuses. */
static void test_authentication(void)
{
    rdghttp_negotiation_t negotiation = { 0 };
    const rdghttp_pdu_t of_client = { .type = RDGHTTP_EXTENDED_AUTH,
                                      .num_parts = 1,
                                      .parts = { { .kind = RDGHTTP_CODE, .value = 0x8009030c } } };

    rdghttp_verdict_on_packet(&negotiation, &of_client);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_UNKNOWN);
    say(&negotiation, RDGHTTP_EXTENDED_AUTH, NO_CAPS, 0x00090312, false, false);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_UNKNOWN);
    say(&negotiation, RDGHTTP_EXTENDED_AUTH, NO_CAPS, 0x8009030c, false, false);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_REFUSED);
    g_assert_cmphex(negotiation.code, ==, 0x8009030c);
    rdghttp_verdict_on_packet(&negotiation, &of_client);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_REFUSED);
    say(&negotiation, RDGHTTP_EXTENDED_AUTH, NO_CAPS, 0, false, false);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_UNKNOWN);
    say(&negotiation, RDGHTTP_EXTENDED_AUTH, NO_CAPS, 0x59db, false, false);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_REFUSED);
}

static void test_refusals(void)
{
    static const uint16_t types[] = { RDGHTTP_HANDSHAKE_RESPONSE, RDGHTTP_TUNNEL_RESPONSE, RDGHTTP_TUNNEL_AUTH_RESPONSE,
                                      RDGHTTP_CHANNEL_RESPONSE };

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        rdghttp_negotiation_t negotiation = { 0 };
        say(&negotiation, types[i], NO_CAPS, 0x800759da, false, false);
        g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_REFUSED);
        g_assert_cmphex(negotiation.code, ==, 0x800759da);
        /* A later channel makes a session of it. */
        say(&negotiation, RDGHTTP_CHANNEL_RESPONSE, NO_CAPS, 0, true, true);
        g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_OFFERED);
    }
}

/* Quarantine restricts a session and does not end it. */
static void test_quarantine(void)
{
    rdghttp_negotiation_t negotiation = { 0 };

    say(&negotiation, RDGHTTP_TUNNEL_AUTH_RESPONSE, NO_CAPS, 0x800759ed, false, false);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_UNKNOWN);
    say(&negotiation, RDGHTTP_CLOSE_CHANNEL, NO_CAPS, 0x800759f6, false, false);
    g_assert_cmpint(negotiation.verdict, ==, RDGHTTP_UDP_UNKNOWN);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdghttp_verdict/offers", test_offers);
    g_test_add_func("/rdghttp_verdict/unknown", test_unknown);
    g_test_add_func("/rdghttp_verdict/close", test_close);
    g_test_add_func("/rdghttp_verdict/authentication", test_authentication);
    g_test_add_func("/rdghttp_verdict/refusals", test_refusals);
    g_test_add_func("/rdghttp_verdict/quarantine", test_quarantine);
    return g_test_run();
}
