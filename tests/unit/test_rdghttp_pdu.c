/* test_rdghttp_pdu.c
 * The packets of the RD Gateway's main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/http/rdghttp_pdu.h"

#include <glib.h>
#include <string.h>

#define HEADER(type, length) (type), 0, 0, 0, (length), 0, 0, 0

/* Octets as a server and a client exchange them. */
static const uint8_t handshake[] = { HEADER(1, 14), 1, 0, 0, 0, 0, 0 };
static const uint8_t handshake_response[] = { HEADER(2, 18), 0, 0, 0, 0, 1, 0, 0, 0, 7, 0 };
static const uint8_t tunnel_create[] = { HEADER(4, 16), 0x3f, 0, 0, 0, 0, 0, 0, 0 };
static const uint8_t tunnel_create_all[] = {
    HEADER(4, 28), 0x3f, 0, 0, 0, 3, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 2, 0, 'p', 'c',
};
static const uint8_t tunnel_response[] = { HEADER(5, 26), 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0x3f, 0, 0, 0 };
static const uint8_t tunnel_auth[] = { HEADER(6, 18), 1, 0, 4, 0, 'I', 0, 0, 0, 0, 0 };
static const uint8_t tunnel_auth_response[] = { HEADER(7, 24), 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0x80, 30, 0, 0, 0 };
static const uint8_t channel_create[] = {
    HEADER(8, 26), 1, 1, 0x3d, 0x0d, 3, 0, 4, 0, 'h', 0, 0, 0, 4, 0, 'i', 0, 0, 0,
};
static const uint8_t channel_response[] = {
    HEADER(9, 26), 0, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0x3f, 0x0d, 2, 0, 0x30, 0x82,
};
static const uint8_t data[] = { HEADER(10, 13), 3, 0, 'r', 'd', 'p' };
static const uint8_t reauth[] = { HEADER(12, 16), 4, 0, 0, 0, 0, 0, 0, 0 };
static const uint8_t keepalive[] = { HEADER(13, 8) };
static const uint8_t closed[] = { HEADER(16, 12), 0xf6, 0x59, 0x07, 0x80 };
static const uint8_t closed_response[] = { HEADER(17, 20), 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 };

typedef struct {
    const uint8_t *octets;
    size_t length;
} sample_t;

#define SAMPLE(octets)           \
    {                            \
        (octets), sizeof(octets) \
    }

static const sample_t samples[] = {
    SAMPLE(handshake),
    SAMPLE(handshake_response),
    SAMPLE(tunnel_create),
    SAMPLE(tunnel_create_all),
    SAMPLE(tunnel_response),
    SAMPLE(tunnel_auth),
    SAMPLE(tunnel_auth_response),
    SAMPLE(channel_create),
    SAMPLE(channel_response),
    SAMPLE(data),
    SAMPLE(reauth),
    SAMPLE(keepalive),
    SAMPLE(closed),
    SAMPLE(closed_response),
};

/* Reads octets in memory that ends with them. */
static void read_copy(const uint8_t *octets, size_t length, rdghttp_pdu_t *pdu)
{
    uint8_t *copy = g_memdup2(octets, length);

    g_assert_true(rdghttp_pdu_read(copy, length, pdu));
    g_free(copy);
}

static uint64_t value_of(const rdghttp_pdu_t *pdu, rdghttp_part_kind_t kind)
{
    const rdghttp_part_t *part = rdghttp_pdu_find(pdu, kind);

    g_assert_nonnull(part);
    return part->value;
}

static void assert_part(const rdghttp_pdu_t *pdu, rdghttp_part_kind_t kind, unsigned offset, unsigned length)
{
    const rdghttp_part_t *part = rdghttp_pdu_find(pdu, kind);

    g_assert_nonnull(part);
    g_assert_cmpuint(part->offset, ==, offset);
    g_assert_cmpuint(part->length, ==, length);
}

static void test_whole(void)
{
    rdghttp_pdu_t pdu;

    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        read_copy(samples[i].octets, samples[i].length, &pdu);
        g_assert_cmpint(pdu.outcome, ==, RDGHTTP_WHOLE);
        g_assert_cmpuint(pdu.length, ==, samples[i].length);
        g_assert_cmpuint(rdghttp_pdu_unit(samples[i].octets, samples[i].length), ==, samples[i].length);
    }
}

static void test_parts(void)
{
    rdghttp_pdu_t pdu;

    read_copy(tunnel_create_all, sizeof tunnel_create_all, &pdu);
    g_assert_cmphex(value_of(&pdu, RDGHTTP_CAPS), ==, 0x3f);
    g_assert_cmphex(value_of(&pdu, RDGHTTP_REAUTH_CONTEXT), ==, 0x0102030405060708);
    assert_part(&pdu, RDGHTTP_PAA_COOKIE, 26, 2);
    read_copy(tunnel_response, sizeof tunnel_response, &pdu);
    g_assert_cmpuint(value_of(&pdu, RDGHTTP_TUNNEL_ID), ==, 4);
    g_assert_cmphex(value_of(&pdu, RDGHTTP_CAPS), ==, 0x3f);
    read_copy(tunnel_auth, sizeof tunnel_auth, &pdu);
    assert_part(&pdu, RDGHTTP_CLIENT_NAME, 12, 4);
    assert_part(&pdu, RDGHTTP_SOH, 18, 0);
    read_copy(tunnel_auth_response, sizeof tunnel_auth_response, &pdu);
    g_assert_cmphex(value_of(&pdu, RDGHTTP_REDIRECTION), ==, 0x80000000);
    g_assert_cmpuint(value_of(&pdu, RDGHTTP_IDLE_TIMEOUT), ==, 30);
    read_copy(channel_create, sizeof channel_create, &pdu);
    g_assert_cmpuint(value_of(&pdu, RDGHTTP_TARGET_PORT), ==, 3389);
    assert_part(&pdu, RDGHTTP_TARGET, 16, 4);
    assert_part(&pdu, RDGHTTP_TARGET_ALTERNATIVE, 22, 4);
    read_copy(channel_response, sizeof channel_response, &pdu);
    g_assert_cmpuint(value_of(&pdu, RDGHTTP_UDP_PORT), ==, 3391);
    assert_part(&pdu, RDGHTTP_UDP_COOKIE, 24, 2);
    read_copy(closed, sizeof closed, &pdu);
    g_assert_cmphex(value_of(&pdu, RDGHTTP_CODE), ==, 0x800759f6);
}

/* What the capture lacks is not wrong, wherever it ends. */
static void test_cut_by_the_capture(void)
{
    rdghttp_pdu_t pdu;

    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        for (size_t there = RDGHTTP_HEADER; there < samples[i].length; there++) {
            read_copy(samples[i].octets, there, &pdu);
            g_assert_cmpint(pdu.outcome, ==,
                            samples[i].octets == closed_response && there >= 12 ? RDGHTTP_WHOLE : RDGHTTP_NOT_CAPTURED);
            g_assert_cmpuint(rdghttp_pdu_unit(samples[i].octets, there), ==, 0);
        }
    }
}

/* A length that the packet's parts do not fit is wrong, although all octets are there. */
static void test_wrong_length(void)
{
    rdghttp_pdu_t pdu;

    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        uint8_t copy[64] = { 0 };
        memcpy(copy, samples[i].octets, samples[i].length);
        if (samples[i].octets != closed_response) {
            copy[4]++;
            read_copy(copy, samples[i].length + 1, &pdu);
            g_assert_cmpint(pdu.outcome, ==, RDGHTTP_TOO_LONG);
            assert_part(&pdu, RDGHTTP_REST, (unsigned)samples[i].length, 1);
            copy[4]--;
        }
        if (samples[i].length > RDGHTTP_HEADER && samples[i].octets != closed_response) {
            copy[4]--;
            read_copy(copy, samples[i].length - 1, &pdu);
            g_assert_cmpint(pdu.outcome, ==, RDGHTTP_TOO_SHORT);
        }
    }
}

static void test_unknown_bits(void)
{
    uint8_t copy[sizeof channel_response];
    rdghttp_pdu_t pdu;

    memcpy(copy, channel_response, sizeof copy);
    copy[12] |= 0x40;
    read_copy(copy, sizeof copy, &pdu);
    g_assert_cmpint(pdu.outcome, ==, RDGHTTP_TOO_LONG);
    copy[0] = 99;
    read_copy(copy, sizeof copy, &pdu);
    g_assert_cmpint(pdu.outcome, ==, RDGHTTP_UNKNOWN_TYPE);
    assert_part(&pdu, RDGHTTP_REST, 8, sizeof copy - 8);
}

/* The nonce has the length with which the texts behind it fill the packet. */
static void test_nonce(void)
{
    static const unsigned lengths[] = { 16, 20, 2 };

    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        for (unsigned consent = 0; consent < 2; consent++) {
            uint8_t copy[64] = { HEADER(5, 0), 0, 0, 0, 0, 0, 0, (uint8_t)(consent ? 0x14 : 4) };
            unsigned at = 18 + lengths[i];
            rdghttp_pdu_t pdu;
            copy[at] = 2;
            copy[at + 2] = 'c';
            at += 4 + 2 * consent;
            copy[4] = (uint8_t)at;
            read_copy(copy, at, &pdu);
            g_assert_cmpint(pdu.outcome, ==, RDGHTTP_WHOLE);
            assert_part(&pdu, RDGHTTP_NONCE, 18, lengths[i]);
            assert_part(&pdu, RDGHTTP_SERVER_CERT, 20 + lengths[i], 2);
        }
    }
}

static void test_handshake(void)
{
    uint8_t copy[sizeof handshake_response + 1] = { 0 };

    g_assert_true(rdghttp_pdu_is_handshake(handshake, sizeof handshake));
    g_assert_true(rdghttp_pdu_is_handshake(handshake_response, sizeof handshake_response));
    g_assert_false(rdghttp_pdu_is_handshake(handshake, sizeof handshake - 1));
    g_assert_false(rdghttp_pdu_is_handshake(tunnel_create, sizeof tunnel_create));
    memcpy(copy, handshake_response, sizeof handshake_response);
    g_assert_false(rdghttp_pdu_is_handshake(copy, sizeof copy));
    copy[12] = 2;
    g_assert_false(rdghttp_pdu_is_handshake(copy, sizeof handshake_response));
}

static void test_units(void)
{
    uint8_t seeded[100 + sizeof handshake_response];
    uint8_t wrong[] = { HEADER(10, 0), 1, 2, 3 };

    for (size_t i = 0; i < 5; i++) {
        seeded[2 * i] = 0xab;
        seeded[2 * i + 1] = 0xcd;
    }
    memcpy(seeded + 10, handshake_response, sizeof handshake_response);
    g_assert_cmpuint(rdghttp_pdu_unit(seeded, 10 + sizeof handshake_response), ==, 10);
    memset(seeded, 0x55, 100);
    memcpy(seeded + 100, handshake_response, sizeof handshake_response);
    g_assert_cmpuint(rdghttp_pdu_unit(seeded, sizeof seeded), ==, 100);
    g_assert_cmpuint(rdghttp_pdu_unit(seeded, 100), ==, 100);
    g_assert_cmpuint(rdghttp_pdu_unit(wrong, sizeof wrong), ==, sizeof wrong);
    wrong[6] = 3; /* 196,608 octets */
    g_assert_cmpuint(rdghttp_pdu_unit(wrong, sizeof wrong), ==, sizeof wrong);
    g_assert_cmpuint(rdghttp_pdu_unit(wrong, 7), ==, 0);
}

static void test_inner_units(void)
{
    static const uint8_t tpkt[] = { 3, 0, 0, 7, 2, 0xf0, 0x80 };
    static const uint8_t record[] = { 23, 3, 3, 0, 2, 1, 2 };
    static const uint8_t other[] = { 0x44, 4, 1, 2 };

    g_assert_cmpuint(rdghttp_pdu_inner_unit(tpkt, sizeof tpkt), ==, sizeof tpkt);
    g_assert_cmpuint(rdghttp_pdu_inner_unit(tpkt, 6), ==, 0);
    g_assert_cmpuint(rdghttp_pdu_inner_unit(tpkt, 3), ==, 0);
    g_assert_cmpuint(rdghttp_pdu_inner_unit(record, sizeof record), ==, sizeof record);
    g_assert_cmpuint(rdghttp_pdu_inner_unit(record, 4), ==, 0);
    g_assert_cmpuint(rdghttp_pdu_inner_unit(other, sizeof other), ==, sizeof other);
    g_assert_cmpuint(rdghttp_pdu_inner_unit(other, 0), ==, 0);
}

static void test_confirm(void)
{
    uint8_t octets[] = { 3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0x1f, 8, 0, 8, 0, 0, 0 };
    uint8_t plain[] = { 3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0 };

    g_assert_cmpint(rdghttp_pdu_confirm(octets, sizeof octets), ==, RDGHTTP_CONFIRM_EXTENDED);
    for (size_t length = 0; length < sizeof octets; length++) {
        g_assert_cmpint(rdghttp_pdu_confirm(octets, length), ==, RDGHTTP_CONFIRM_NONE);
    }
    octets[12] = 0x1e;
    g_assert_cmpint(rdghttp_pdu_confirm(octets, sizeof octets), ==, RDGHTTP_CONFIRM_PLAIN);
    g_assert_cmpint(rdghttp_pdu_confirm(plain, sizeof plain), ==, RDGHTTP_CONFIRM_PLAIN);
    octets[11] = 3; /* refuses */
    g_assert_cmpint(rdghttp_pdu_confirm(octets, sizeof octets), ==, RDGHTTP_CONFIRM_NONE);
    plain[5] = 0xe0; /* a request */
    g_assert_cmpint(rdghttp_pdu_confirm(plain, sizeof plain), ==, RDGHTTP_CONFIRM_NONE);
    plain[5] = 0xd0;
    plain[4] = 7;
    g_assert_cmpint(rdghttp_pdu_confirm(plain, sizeof plain), ==, RDGHTTP_CONFIRM_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdghttp_pdu/whole", test_whole);
    g_test_add_func("/rdghttp_pdu/parts", test_parts);
    g_test_add_func("/rdghttp_pdu/cut_by_the_capture", test_cut_by_the_capture);
    g_test_add_func("/rdghttp_pdu/wrong_length", test_wrong_length);
    g_test_add_func("/rdghttp_pdu/unknown_bits", test_unknown_bits);
    g_test_add_func("/rdghttp_pdu/nonce", test_nonce);
    g_test_add_func("/rdghttp_pdu/handshake", test_handshake);
    g_test_add_func("/rdghttp_pdu/units", test_units);
    g_test_add_func("/rdghttp_pdu/inner_units", test_inner_units);
    g_test_add_func("/rdghttp_pdu/confirm", test_confirm);
    return g_test_run();
}
