/* test_rdgudp_parts.c
 * The clear part of DTLS, the rules for fragments, the cookie, and RDPEUDP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/rdg_cookie.h"
#include "rdg/udp/rdgudp_dtls.h"
#include "rdg/udp/rdgudp_exploits.h"
#include "rdg/udp/rdgudp_rdpeudp.h"

#include <glib.h>
#include <string.h>

/* {{{ DTLS */

/* A record of type and epoch 0, then a message of LENGTH octets. */
#define RECORD(type, epoch, length) (type), 0xfe, 0xff, 0, (epoch), 0, 0, 0, 0, 0, 0, 0, (length)
#define MESSAGE(type, length) (type), 0, 0, (length), 0, 0, 0, 0, 0, 0, 0, (length)
#define RANDOM                                                                                                         \
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, \
        32

static const uint8_t client_hello[] = {
    RECORD(22, 0, 54), MESSAGE(1, 42), 0xfe, 0xfd, RANDOM, 0, 0, 0, 2, 0xc0, 0x2f, 1, 0
};
static const uint8_t client_hello_versions[] = { RECORD(22, 0, 65),
                                                 MESSAGE(1, 53),
                                                 0xfe,
                                                 0xfd,
                                                 RANDOM,
                                                 0,
                                                 0,
                                                 0,
                                                 2,
                                                 0xc0,
                                                 0x2f,
                                                 1,
                                                 0,
                                                 0,
                                                 9,
                                                 0,
                                                 43,
                                                 0,
                                                 5,
                                                 4,
                                                 0xfe,
                                                 0xfc,
                                                 0xfe,
                                                 0xfd };
static const uint8_t server_hello[] = { RECORD(22, 0, 50), MESSAGE(2, 38), 0xfe, 0xff, RANDOM, 0, 0xc0, 0x2f, 0 };

static void test_dtls_hellos(void)
{
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(client_hello, sizeof client_hello, sizeof client_hello, &dtls);
    g_assert_true(dtls.client_hello && dtls.has_random);
    g_assert_cmpuint(dtls.random[31], ==, 32);
    g_assert_cmpuint(dtls.num_offers, ==, 1);
    g_assert_cmphex(dtls.offers[0], ==, RDGUDP_DTLS_1_2);

    rdgudp_dtls_read(client_hello_versions, sizeof client_hello_versions, sizeof client_hello_versions, &dtls);
    g_assert_cmpuint(dtls.num_offers, ==, 2);
    g_assert_cmphex(dtls.offers[0], ==, 0xfefc);
    g_assert_cmphex(dtls.offers[1], ==, RDGUDP_DTLS_1_2);

    rdgudp_dtls_read(server_hello, sizeof server_hello, sizeof server_hello, &dtls);
    g_assert_true(dtls.server_hello);
    g_assert_cmphex(dtls.chosen, ==, RDGUDP_DTLS_1_0);
}

static void test_dtls_records(void)
{
    static const uint8_t alert[] = { RECORD(21, 0, 2), 2, 40 };
    static const uint8_t secret_alert[] = { RECORD(21, 1, 2), 2, 40 };
    static const uint8_t flight[] = { RECORD(20, 0, 1), 1, RECORD(22, 1, 3), 9, 9, 9, RECORD(23, 1, 1), 7 };
    static const uint8_t later_fragment[] = { RECORD(22, 0, 13), 1, 0, 0, 9, 0, 0, 0, 0, 5, 0, 0, 1, 0 };
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(alert, sizeof alert, sizeof alert, &dtls);
    g_assert_true(dtls.alert && !dtls.encrypted_alert);
    g_assert_cmpuint(dtls.alert_level, ==, RDGUDP_DTLS_ALERT_FATAL);
    g_assert_cmpuint(dtls.alert_description, ==, 40);
    g_assert_cmpstr(rdgudp_dtls_alert_name(40), ==, "handshake_failure");
    g_assert_cmpstr(rdgudp_dtls_alert_name(99), ==, "unknown alert");
    rdgudp_dtls_read(secret_alert, sizeof secret_alert, sizeof secret_alert, &dtls);
    g_assert_true(!dtls.alert && dtls.encrypted_alert);
    rdgudp_dtls_read(flight, sizeof flight, sizeof flight, &dtls);
    g_assert_true(dtls.finished && dtls.application_data && !dtls.client_hello);
    rdgudp_dtls_read(later_fragment, sizeof later_fragment, sizeof later_fragment, &dtls);
    g_assert_false(dtls.client_hello);
}

/* Cut anywhere, nothing is read that is not there: the copies are exactly as long as what may be read. */
static void test_dtls_cut(void)
{
    for (size_t size = 0; size < sizeof client_hello_versions; size++) {
        rdgudp_dtls_t dtls;
        uint8_t *cut = g_memdup2(client_hello_versions, size);
        rdgudp_dtls_read(cut, size, sizeof client_hello_versions, &dtls);
        g_assert_true(dtls.has_random == (size >= 13 + 12 + 34));
        g_free(cut);
    }
}

/* }}} */
/* {{{ Findings */

static void test_findings(void)
{
    static const struct {
        uint16_t packet_length, id, count, length;
        unsigned findings;
    } cases[] = {
        /* What clients send. */
        { 1006, 0, 2, 1000, 0 },
        { 875, 1, 2, 869, 0 },
        { 106, 0, 1, 100, 0 },
        { 1006, 3, 5, 1000, 0 },
        { 102, 4, 5, 96, 0 },
        { 6, 1, 2, 0, 0 },
        /* On the edge of each rule and beyond. */
        { 7, 0, 64, 1, RDGUDP_FINDING_ODD_LENGTH },
        { 7, 0, 65, 1, RDGUDP_FINDING_SCAN | RDGUDP_FINDING_ODD_LENGTH },
        { 103, 4, 5, 97, RDGUDP_FINDING_0609 },
        { 1006, 64, 66, 1000, RDGUDP_FINDING_0609 | RDGUDP_FINDING_SCAN },
        { 1006, 65, 66, 1000, RDGUDP_FINDING_0610 },
        { 1006, 65535, 65535, 1000, RDGUDP_FINDING_0610 | RDGUDP_FINDING_BAD_ID },
        { 1006, 2, 2, 1000, RDGUDP_FINDING_BAD_ID },
        { 1006, 0, 0, 1000, RDGUDP_FINDING_BAD_ID },
        { 1007, 0, 1, 1001, RDGUDP_FINDING_ODD_LENGTH },
        { 1006, 1, 2, 999, RDGUDP_FINDING_ODD_LENGTH },
        { 1005, 0, 2, 999, RDGUDP_FINDING_ODD_LENGTH },
        { 5, 0, 1, 65535, RDGUDP_FINDING_0609 | RDGUDP_FINDING_ODD_LENGTH },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        g_assert_cmphex(
            rdgudp_exploits_find_in_fragment(cases[i].packet_length, cases[i].id, cases[i].count, cases[i].length), ==,
            cases[i].findings);
    }
}

/* }}} */
/* {{{ Cookie */

/* SignedData around TEXT, as far as it is read; its length. */
static size_t build_cookie(const char *text, size_t octets, uint8_t *out)
{
    static const uint8_t head[] = { 0x30, 0x82, 0, 0, 6, 1, 42, 0xa0, 0x82, 0, 0, 0x30, 0x82, 0, 0, 2, 1, 1, 0x31, 0,
                                    0x30, 0x82, 0, 0, 6, 1, 43, 0xa0, 0x82, 0, 0, 4,    0x82, 0, 0 };
    static const size_t lengths[] = { 2, 9, 13, 22, 29, 33 };
    size_t total = sizeof head + octets;

    memcpy(out, head, sizeof head);
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        size_t inside = total - lengths[i] - 2;
        out[lengths[i]] = (uint8_t)(inside >> 8);
        out[lengths[i] + 1] = (uint8_t)inside;
    }
    memset(out + sizeof head, 0, octets);
    for (size_t i = 0; i < octets / 2 && text[i] != '\0'; i++) {
        out[sizeof head + 2 * i] = (uint8_t)text[i];
    }
    return total;
}

static bool read_cookie(const char *text, rdg_cookie_t *cookie)
{
    uint8_t octets[1024];
    size_t length = build_cookie(text, 2 * (strlen(text) + 1), octets);
    uint8_t *copy = g_memdup2(octets, length);
    bool result = rdg_cookie_read(copy, length, cookie);

    g_free(copy);
    return result;
}

static void test_cookie(void)
{
    rdg_cookie_t cookie;
    int64_t seconds;
    uint32_t nanoseconds;

    g_assert_true(read_cookie("UDPCOOKIE;E\\u;133598446002690377;10.0.0.1;host;3389", &cookie));
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_SCHEME].length, ==, 18);
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].offset, ==, cookie.text + 20);
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].length, ==, 6);
    g_assert_true(cookie.has_port && cookie.has_expiry);
    g_assert_cmpuint(cookie.port, ==, 3389);
    g_assert_true(rdg_cookie_time(cookie.expiry, &seconds, &nanoseconds));
    g_assert_cmpint(seconds, ==, 1715371000);
    g_assert_cmpuint(nanoseconds, ==, 269037700);
    g_assert_false(rdg_cookie_time(1, &seconds, &nanoseconds));

    g_assert_true(read_cookie(";;;;;", &cookie));
    g_assert_false(cookie.has_port || cookie.has_expiry);
    g_assert_true(read_cookie("a;b;99999999999999999999999;d;e;65536", &cookie));
    g_assert_false(cookie.has_port || cookie.has_expiry);
    g_assert_true(read_cookie("a;b;1x;d;e;65535", &cookie));
    g_assert_true(cookie.has_port && !cookie.has_expiry);
    g_assert_false(read_cookie("a;b;c;d;e", &cookie));
    g_assert_false(read_cookie("a;b;c;d;e;f;g", &cookie));
}

static void test_cookie_cut(void)
{
    static const char text[] = "UDPCOOKIE;E\\u;133598446002690377;10.0.0.1;host;3389";
    uint8_t octets[1024];
    size_t length = build_cookie(text, 2 * sizeof text, octets);
    rdg_cookie_t cookie;

    g_assert_true(rdg_cookie_read(octets, length, &cookie));
    for (size_t size = 0; size < length; size++) {
        uint8_t *cut = g_memdup2(octets, size);
        g_assert_false(rdg_cookie_read(cut, size, &cookie));
        g_free(cut);
    }
    /* An odd number of octets is no UTF-16. */
    length = build_cookie(text, 2 * sizeof text - 1, octets);
    g_assert_false(rdg_cookie_read(octets, length, &cookie));
}

/* }}} */
/* {{{ RDPEUDP */

static void test_rdpeudp(void)
{
    /* snSourceAck, window, ACK and DATA, a vector of N elements, its padding, snCoded, snSourceStart, a payload. */
    for (size_t elements = 0; elements < 9; elements++) {
        uint8_t octets[64] = { 1, 2, 3, 4, 0, 64, 0, RDGUDP_RDPEUDP_ACK | RDGUDP_RDPEUDP_DATA, 0, (uint8_t)elements };
        size_t padding = (4 - (2 + elements) % 4) % 4;
        size_t source = 10 + elements + padding;
        rdgudp_rdpeudp_t datagram;

        g_assert_true(rdgudp_rdpeudp_read(octets, source + 9, &datagram));
        g_assert_true(datagram.whole);
        g_assert_cmphex(datagram.source_ack, ==, 0x01020304);
        g_assert_cmpuint(datagram.window, ==, 64);
        g_assert_cmpuint(datagram.ack_padding_length, ==, padding);
        g_assert_cmpuint(datagram.source, ==, source);
        g_assert_cmpuint(datagram.payload, ==, source + 8);
        for (size_t size = 8; size < source + 8; size++) {
            uint8_t *cut = g_memdup2(octets, size);
            g_assert_true(rdgudp_rdpeudp_read(cut, size, &datagram));
            g_assert_false(datagram.whole);
            g_free(cut);
        }
        g_assert_false(rdgudp_rdpeudp_read(octets, 7, &datagram));
    }
}

static void test_rdpeudp_flags(void)
{
    static const uint8_t syn[] = { 0, 0, 0, 0, 0, 64, 0, RDGUDP_RDPEUDP_SYN, 1 };
    static const uint8_t acks[] = { 0, 0, 0, 0, 0, 64, 1, RDGUDP_RDPEUDP_DATA, 9, 9, 9, 9, 1, 1, 1, 1, 2, 2, 2, 2 };
    static const uint8_t fec[] = { 0, 0, 0, 0, 0, 64, 0, RDGUDP_RDPEUDP_FEC | RDGUDP_RDPEUDP_DATA, 1 };
    static const uint8_t endless[] = { 0, 0, 0, 0, 0, 64, 0, RDGUDP_RDPEUDP_ACK, 255, 255, 1 };
    rdgudp_rdpeudp_t datagram;

    g_assert_true(rdgudp_rdpeudp_read(syn, sizeof syn, &datagram));
    g_assert_true(datagram.whole && datagram.source == 0 && datagram.payload == 8);
    g_assert_true(rdgudp_rdpeudp_read(acks, sizeof acks, &datagram));
    g_assert_true(datagram.whole && datagram.ack_of_acks == 8 && datagram.source == 12 && datagram.payload == 20);
    g_assert_true(rdgudp_rdpeudp_read(fec, sizeof fec, &datagram));
    g_assert_true(datagram.whole && datagram.source == 0);
    g_assert_true(rdgudp_rdpeudp_read(endless, sizeof endless, &datagram));
    g_assert_false(datagram.whole);
}

static void test_inner(void)
{
    g_assert_cmpint(rdgudp_rdpeudp_guess_inner((const uint8_t[]){ 22, 3, 3 }, 3), ==, RDGUDP_INNER_TLS);
    g_assert_cmpint(rdgudp_rdpeudp_guess_inner((const uint8_t[]){ 22, 0xfe, 0xff }, 3), ==, RDGUDP_INNER_DTLS);
    g_assert_cmpint(rdgudp_rdpeudp_guess_inner((const uint8_t[]){ 23, 0xfe, 0xfd }, 3), ==, RDGUDP_INNER_DTLS);
    g_assert_cmpint(rdgudp_rdpeudp_guess_inner((const uint8_t[]){ 22, 3, 9 }, 3), ==, RDGUDP_INNER_UNKNOWN);
    g_assert_cmpint(rdgudp_rdpeudp_guess_inner((const uint8_t[]){ 19, 3, 3 }, 3), ==, RDGUDP_INNER_UNKNOWN);
    g_assert_cmpint(rdgudp_rdpeudp_guess_inner((const uint8_t[]){ 22, 3 }, 2), ==, RDGUDP_INNER_UNKNOWN);
}

/* }}} */

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_dtls/hellos", test_dtls_hellos);
    g_test_add_func("/rdgudp_dtls/records", test_dtls_records);
    g_test_add_func("/rdgudp_dtls/cut", test_dtls_cut);
    g_test_add_func("/rdgudp_findings", test_findings);
    g_test_add_func("/rdgudp_cookie", test_cookie);
    g_test_add_func("/rdgudp_cookie/cut", test_cookie_cut);
    g_test_add_func("/rdgudp_rdpeudp", test_rdpeudp);
    g_test_add_func("/rdgudp_rdpeudp/flags", test_rdpeudp_flags);
    g_test_add_func("/rdgudp_rdpeudp/inner", test_inner);
    return g_test_run();
}
