/* test_rdgudp_dtls.c
 * What the DTLS records of one datagram say in the clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_dtls.h"

#include <glib.h>
#include <string.h>

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

    rdgudp_dtls_read(client_hello, sizeof client_hello, sizeof client_hello, false, &dtls);
    g_assert_true(dtls.client_hello && dtls.has_random);
    g_assert_cmpuint(dtls.random[31], ==, 32);
    g_assert_cmpuint(dtls.num_offers, ==, 1);
    g_assert_cmphex(dtls.offers[0], ==, RDGUDP_DTLS_1_2);

    rdgudp_dtls_read(client_hello_versions, sizeof client_hello_versions, sizeof client_hello_versions, false, &dtls);
    g_assert_cmpuint(dtls.num_offers, ==, 2);
    g_assert_cmphex(dtls.offers[0], ==, 0xfefc);
    g_assert_cmphex(dtls.offers[1], ==, RDGUDP_DTLS_1_2);

    rdgudp_dtls_read(server_hello, sizeof server_hello, sizeof server_hello, false, &dtls);
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

    rdgudp_dtls_read(alert, sizeof alert, sizeof alert, false, &dtls);
    g_assert_true(dtls.alert && !dtls.encrypted_alert);
    g_assert_cmpuint(dtls.alert_level, ==, RDGUDP_DTLS_ALERT_FATAL);
    g_assert_cmpuint(dtls.alert_description, ==, 40);
    g_assert_cmpstr(rdgudp_dtls_alert_name(40), ==, "handshake_failure");
    g_assert_cmpstr(rdgudp_dtls_alert_name(99), ==, "unknown alert");
    rdgudp_dtls_read(secret_alert, sizeof secret_alert, sizeof secret_alert, false, &dtls);
    g_assert_true(!dtls.alert && dtls.encrypted_alert);
    rdgudp_dtls_read(flight, sizeof flight, sizeof flight, false, &dtls);
    g_assert_true(dtls.finished && dtls.application_data && !dtls.client_hello);
    rdgudp_dtls_read(later_fragment, sizeof later_fragment, sizeof later_fragment, false, &dtls);
    g_assert_false(dtls.client_hello);
}

/* Cut anywhere, nothing is read that is not there: the copies are exactly as long as what may be read. */
static void test_dtls_cut(void)
{
    for (size_t size = 0; size < sizeof client_hello_versions; size++) {
        rdgudp_dtls_t dtls;
        uint8_t *cut = g_memdup2(client_hello_versions, size);
        rdgudp_dtls_read(cut, size, sizeof client_hello_versions, false, &dtls);
        g_assert_true(dtls.has_random == (size >= 13 + 12 + 34));
        g_free(cut);
    }
}

/* What says the version may be in the part that the capture lacks, or in the message's next fragment. */
static void test_offers_not_captured(void)
{
    rdgudp_dtls_t dtls;
    uint8_t fragment[sizeof client_hello_versions];

    rdgudp_dtls_read(client_hello_versions, sizeof client_hello_versions - 6, sizeof client_hello_versions, false,
                     &dtls);
    g_assert_true(dtls.client_hello && dtls.has_random && dtls.is_cut);
    g_assert_cmpuint(dtls.num_offers, ==, 0);
    memcpy(fragment, client_hello, sizeof client_hello);
    fragment[16] = 200;
    rdgudp_dtls_read(fragment, sizeof client_hello, sizeof client_hello, false, &dtls);
    g_assert_true(dtls.client_hello && dtls.has_random && !dtls.is_cut);
    g_assert_cmpuint(dtls.num_offers, ==, 0);
}

static void test_cookies(void)
{
    static const uint8_t asks[] = { RECORD(22, 0, 17), MESSAGE(3, 5), 0xfe, 0xff, 2, 7, 8 };
    static const uint8_t answers[] = {
        RECORD(22, 0, 56), MESSAGE(1, 44), 0xfe, 0xfd, RANDOM, 0, 2, 7, 8, 0, 2, 0xc0, 0x2f, 1, 0
    };
    rdgudp_dtls_t verify, hello;
    uint8_t second[sizeof client_hello];

    rdgudp_dtls_read(asks, sizeof asks, sizeof asks, false, &verify);
    rdgudp_dtls_read(answers, sizeof answers, sizeof answers, false, &hello);
    g_assert_true(verify.hello_verify && hello.client_hello && hello.has_cookie);
    g_assert_true(verify.cookie != 0 && verify.cookie == hello.cookie);
    rdgudp_dtls_read(client_hello, sizeof client_hello, sizeof client_hello, false, &hello);
    g_assert_false(hello.has_cookie);
    /* The number of the message tells as well, where the cookie is not captured. */
    memcpy(second, client_hello, sizeof second);
    second[18] = 1;
    rdgudp_dtls_read(second, 13 + 6, sizeof second, false, &hello);
    g_assert_true(hello.client_hello && hello.has_cookie && !hello.has_random);
}

static void test_fragments_of_a_hello(void)
{
    static const uint8_t later[] = { RECORD(22, 0, 14), 1, 0, 0, 42, 0, 0, 0, 0, 40, 0, 0, 2, 1, 0 };
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(later, sizeof later, sizeof later, false, &dtls);
    g_assert_true(dtls.client_hello_part && !dtls.client_hello && dtls.presence == RDGUDP_DTLS_THERE);
}

/* Record headers of RFC 9147, only where the session chose DTLS 1.3. */
static void test_dtls_13(void)
{
    static const uint8_t data[] = { 0x2f, 0, 1, 0, 2, 9, 9, 0x2e, 0, 1, 0, 1, 9 };
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(data, sizeof data, sizeof data, false, &dtls);
    g_assert_cmpint(dtls.presence, ==, RDGUDP_DTLS_NONE);
    rdgudp_dtls_read(data, sizeof data, sizeof data, true, &dtls);
    g_assert_cmpint(dtls.presence, ==, RDGUDP_DTLS_THERE);
    g_assert_cmpuint(dtls.num_records, ==, 2);
    g_assert_true(dtls.application_data && dtls.finished);
}

/* The own type of such a record is encrypted. The first one ends the handshake, the later ones are data. */
static void test_connection_id(void)
{
    uint8_t data[] = { 25, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 1, 7, 7, 7, 7, 0, 2, 9, 9 };
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(data, sizeof data, sizeof data, false, &dtls);
    g_assert_cmpint(dtls.presence, ==, RDGUDP_DTLS_THERE);
    g_assert_cmpuint(dtls.length, ==, sizeof data);
    g_assert_true(dtls.has_connection_id && dtls.application_data && !dtls.finished);
    data[10] = 0;
    rdgudp_dtls_read(data, sizeof data, sizeof data, false, &dtls);
    g_assert_true(dtls.has_connection_id && dtls.finished && !dtls.application_data);
}

/* Behind messages in the clear, it ends the handshake as well: the flight was sent again. */
static void test_connection_id_in_a_flight(void)
{
    static const uint8_t data[] = {
        RECORD(20, 0, 1), 1, 25, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 1, 7, 7, 7, 7, 0, 2, 9, 9
    };
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(data, sizeof data, sizeof data, false, &dtls);
    g_assert_true(dtls.has_connection_id && dtls.finished && !dtls.application_data);
}

/* Fewer octets than a record's header, as far as they go. */
static void test_header_cut(void)
{
    rdgudp_dtls_t dtls;

    for (size_t size = 1; size < 13; size++) {
        uint8_t *cut = g_memdup2(client_hello, size);
        rdgudp_dtls_read(cut, size, sizeof client_hello, false, &dtls);
        g_assert_cmpint(dtls.presence, ==, RDGUDP_DTLS_CUT);
        rdgudp_dtls_read(cut, size, size, false, &dtls);
        g_assert_cmpint(dtls.presence, ==, RDGUDP_DTLS_NONE);
        cut[0] = 0x80;
        rdgudp_dtls_read(cut, size, sizeof client_hello, false, &dtls);
        g_assert_cmpint(dtls.presence, ==, RDGUDP_DTLS_NONE);
        g_free(cut);
    }
}

/* Every datagram of a session has another digest, and copies have the same. */
static void test_digest(void)
{
    uint8_t other[sizeof client_hello];
    rdgudp_dtls_t first, second;

    rdgudp_dtls_read(client_hello, sizeof client_hello, sizeof client_hello, false, &first);
    g_assert_true(first.digest != 0);
    rdgudp_dtls_read(client_hello, 41, sizeof client_hello, false, &second);
    g_assert_true(first.digest == second.digest);
    memcpy(other, client_hello, sizeof other);
    other[10]++;
    rdgudp_dtls_read(other, sizeof other, sizeof other, false, &second);
    g_assert_true(first.digest != second.digest);
    g_assert_cmpuint(second.number, ==, 1);
    memcpy(other, client_hello, sizeof other);
    other[30]++; /* in the random: a hello of another session */
    rdgudp_dtls_read(other, sizeof other, sizeof other, false, &second);
    g_assert_true(first.digest != second.digest);
}

/* A datagram that is shorter than what is looked at of others, as an alert is. */
static void test_digest_of_a_short_datagram(void)
{
    static const uint8_t alert[] = { RECORD(21, 0, 2), 2, 40 };
    rdgudp_dtls_t first, second;

    rdgudp_dtls_read(alert, sizeof alert, sizeof alert, false, &first);
    rdgudp_dtls_read(alert, sizeof alert, sizeof alert, false, &second);
    g_assert_true(first.digest != 0 && first.digest == second.digest);
}

static void test_what_speaks_against_a_gateway(void)
{
    static const uint8_t psk[] = {
        RECORD(22, 0, 56), MESSAGE(1, 44), 0xfe, 0xfd, RANDOM, 0, 0, 0, 4, 0xc0, 0xa8, 0, 0xff, 1, 0
    };
    static const uint8_t srtp[] = { RECORD(22, 0, 65),
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
                                    14,
                                    0,
                                    5,
                                    0,
                                    2,
                                    0,
                                    1,
                                    0 };
    rdgudp_dtls_t dtls;

    rdgudp_dtls_read(psk, sizeof psk, sizeof psk, false, &dtls);
    g_assert_true(dtls.offers_only_small && !dtls.offers_srtp);
    rdgudp_dtls_read(srtp, sizeof srtp, sizeof srtp, false, &dtls);
    g_assert_true(dtls.offers_srtp && !dtls.offers_only_small);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_dtls/hellos", test_dtls_hellos);
    g_test_add_func("/rdgudp_dtls/records", test_dtls_records);
    g_test_add_func("/rdgudp_dtls/cut", test_dtls_cut);
    g_test_add_func("/rdgudp_dtls/offers_not_captured", test_offers_not_captured);
    g_test_add_func("/rdgudp_dtls/cookies", test_cookies);
    g_test_add_func("/rdgudp_dtls/fragments", test_fragments_of_a_hello);
    g_test_add_func("/rdgudp_dtls/version_13", test_dtls_13);
    g_test_add_func("/rdgudp_dtls/connection_id", test_connection_id);
    g_test_add_func("/rdgudp_dtls/connection_id_in_a_flight", test_connection_id_in_a_flight);
    g_test_add_func("/rdgudp_dtls/header_cut", test_header_cut);
    g_test_add_func("/rdgudp_dtls/digest", test_digest);
    g_test_add_func("/rdgudp_dtls/digest_of_a_short_datagram", test_digest_of_a_short_datagram);
    g_test_add_func("/rdgudp_dtls/against", test_what_speaks_against_a_gateway);
    return g_test_run();
}
