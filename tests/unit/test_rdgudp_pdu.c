/* test_rdgudp_pdu.c
 * The parts of a datagram of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_pdu.h"

#include <glib.h>
#include <string.h>

#define HELLO 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0
#define TRAILER 0, 0, 0, 0, 0xaa, 0x1d, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0x1d, 0xaa, 0x1a, 0
#define HELLO_LENGTH 15

static const uint8_t hello_with_trailer[] = { HELLO, TRAILER };

static rdgudp_trailer_t read_trailer(const uint8_t *data, size_t captured)
{
    uint8_t *cut = g_memdup2(data, captured);
    rdgudp_trailer_t trailer = rdgudp_pdu_read_trailer(cut, captured, sizeof hello_with_trailer, HELLO_LENGTH);

    g_free(cut);
    return trailer;
}

static void test_trailer(void)
{
    /* The octets of the trailer that are fixed; the others are the id. */
    static const unsigned fixed[] = { 0, 1, 2, 3, 4, 5, 22, 23, 24, 25 };

    g_assert_cmpint(read_trailer(hello_with_trailer, sizeof hello_with_trailer), ==, RDGUDP_TRAILER_WHOLE);
    g_assert_cmpint(rdgudp_pdu_read_trailer(hello_with_trailer, HELLO_LENGTH, HELLO_LENGTH, HELLO_LENGTH), ==,
                    RDGUDP_TRAILER_NONE);
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
        uint8_t copy[sizeof hello_with_trailer];
        memcpy(copy, hello_with_trailer, sizeof copy);
        copy[HELLO_LENGTH + fixed[i]] ^= 1;
        g_assert_cmpint(read_trailer(copy, sizeof copy), ==, RDGUDP_TRAILER_NONE);
    }
}

/* What the capture lacks is not wrong. As far as it goes, the trailer must be right. */
static void test_trailer_cut_by_the_capture(void)
{
    for (size_t captured = HELLO_LENGTH - 1; captured < sizeof hello_with_trailer; captured++) {
        uint8_t copy[sizeof hello_with_trailer];
        memcpy(copy, hello_with_trailer, sizeof copy);
        g_assert_cmpint(read_trailer(copy, captured), ==, RDGUDP_TRAILER_NOT_CAPTURED);
        if (captured > HELLO_LENGTH) {
            copy[HELLO_LENGTH] ^= 1;
            g_assert_cmpint(read_trailer(copy, captured), ==, RDGUDP_TRAILER_NONE);
            /* Or the start of a further record. */
            memcpy(copy + HELLO_LENGTH, hello_with_trailer, sizeof copy - HELLO_LENGTH);
            g_assert_cmpint(read_trailer(copy, captured), ==,
                            captured < HELLO_LENGTH + 13 ? RDGUDP_TRAILER_NOT_CAPTURED : RDGUDP_TRAILER_NONE);
        }
    }
}

static bool read_packet(const uint8_t *data, size_t size)
{
    rdgudp_packet_t packet;

    return rdgudp_pdu_read_packet(data, size, &packet);
}

static void test_packet(void)
{
    static const uint8_t connect[20] = { 1, 0, 16, 0, 0x3d, 0x0d };
    static const uint8_t response[20] = { 2, 0, 12, 0 };
    static const uint8_t payload[12] = { 3, 0, 8, 0 };
    static const uint8_t disconnect[8] = { 4, 0, 4, 0 };
    static const uint8_t fragment[] = { 5, 0, 7, 0, 0, 0, 0x41, 0, 1, 0, 0 };
    static const uint8_t padded[20] = { 5, 0, 7, 0, 0, 0, 2, 0, 1, 0, 0 };
    rdgudp_packet_t packet;

    g_assert_true(rdgudp_pdu_read_packet(fragment, sizeof fragment, &packet));
    g_assert_cmpuint(packet.id, ==, RDGUDP_CONNECT_REQ_FRAGMENT);
    g_assert_cmpuint(packet.length, ==, 7);
    g_assert_true(read_packet(padded, sizeof padded));
    g_assert_false(read_packet(fragment, sizeof fragment - 1));
    g_assert_true(read_packet(connect, 20));
    g_assert_false(read_packet(connect, 19));
    g_assert_true(read_packet(response, 16));
    g_assert_false(read_packet(response, 20));
    g_assert_true(read_packet(payload, 12));
    g_assert_false(read_packet(payload, 11));
    g_assert_true(read_packet(disconnect, 8));
    g_assert_false(read_packet(disconnect, 3));
    g_assert_false(read_packet((const uint8_t[]){ 6, 0, 4, 0, 0, 0, 0, 0 }, 8));
    g_assert_false(read_packet((const uint8_t[]){ 0, 0, 0, 0 }, 4));
}

static void test_structures(void)
{
    static const uint8_t connect[20] = { 1, 0, 16, 0, 0x3d, 0x0d, 9, 0, 0xd0, 4, 0x6c, 4, 1, 0, 0, 0, 4, 3, 2, 1 };
    uint8_t response[20] = { 2, 0, 12, 0, 0xd0, 4, 0x6c, 4, 4, 3, 2, 1, 0xff, 0xff, 0, 0x80 };
    uint8_t disconnect[12] = { 4, 0, 4, 0, 0xca, 4 };
    static const uint8_t fragment[14] = { 5, 0, 8, 0, 1, 0, 2, 0, 2, 0, 7, 7 };
    rdgudp_connect_t connected;
    rdgudp_outcome_t outcome;
    rdgudp_fragment_t part;

    g_assert_true(rdgudp_pdu_read_connect(connect, 20, &connected));
    g_assert_cmpuint(connected.target_port, ==, 3389);
    g_assert_cmpuint(connected.cookie_length, ==, 9);
    g_assert_true(connected.lossy);
    g_assert_cmphex(connected.isn, ==, 0x01020304);
    g_assert_false(rdgudp_pdu_read_connect(connect, 19, &connected));

    g_assert_true(rdgudp_pdu_read_response(response, 16, &outcome));
    g_assert_cmpuint(outcome.code_length, ==, 4);
    g_assert_cmphex(outcome.code, ==, 0x8000ffff);
    g_assert_false(rdgudp_pdu_read_response(response, 15, &outcome));
    response[2] = 16;
    g_assert_true(rdgudp_pdu_read_response(response, 20, &outcome));
    g_assert_cmpuint(outcome.code_length, ==, 8);
    g_assert_cmphex(outcome.code, ==, 0x8000ffff);
    /* pktLen is that of neither form, or of the other one: the octets that are there decide. */
    g_assert_true(rdgudp_pdu_read_response(response, 16, &outcome));
    g_assert_cmpuint(outcome.code_length, ==, 4);
    response[2] = 14;
    g_assert_true(rdgudp_pdu_read_response(response, 20, &outcome));
    g_assert_cmpuint(outcome.code_length, ==, 8);
    g_assert_false(rdgudp_pdu_read_response(response, 18, &outcome));

    g_assert_true(rdgudp_pdu_read_disconnect(disconnect, 8, &outcome));
    g_assert_cmphex(outcome.code, ==, 0x4ca);
    disconnect[2] = 8;
    g_assert_true(rdgudp_pdu_read_disconnect(disconnect, 12, &outcome));
    g_assert_cmpuint(outcome.code_length, ==, 8);
    g_assert_false(rdgudp_pdu_read_disconnect(disconnect, 11, &outcome));
    g_assert_false(rdgudp_pdu_read_disconnect(disconnect, 3, &outcome));

    g_assert_true(rdgudp_pdu_read_fragment(fragment, 14, &part));
    g_assert_cmpuint(part.id, ==, 1);
    g_assert_cmpuint(part.count, ==, 2);
    g_assert_cmpuint(part.there, ==, 2);
    g_assert_cmpuint(part.padding, ==, 2);
    g_assert_true(rdgudp_pdu_read_fragment(fragment, 11, &part));
    g_assert_cmpuint(part.there, ==, 1);
    g_assert_cmpuint(part.padding, ==, 0);
    g_assert_false(rdgudp_pdu_read_fragment(fragment, 9, &part));
}

static void test_clear_fragment(void)
{
    static const uint8_t right[] = { 5, 0, 7, 0, 0, 0, 0x41, 0, 1, 0, 0 };
    static const uint8_t whole[] = { 5, 0, 12, 0, 0, 0, 0x41, 0, 1, 0, 0, 0 };
    static const uint8_t wrong[] = { 5, 0, 9, 0, 0, 0, 0x41, 0, 1, 0, 0, 0 };
    static const uint8_t other[] = { 4, 0, 7, 0, 0, 0, 0x41, 0, 1, 0, 0 };

    g_assert_true(rdgudp_pdu_is_clear_fragment(right, sizeof right));
    g_assert_true(rdgudp_pdu_is_clear_fragment(whole, sizeof whole));
    g_assert_false(rdgudp_pdu_is_clear_fragment(wrong, sizeof wrong));
    g_assert_false(rdgudp_pdu_is_clear_fragment(other, sizeof other));
    g_assert_false(rdgudp_pdu_is_clear_fragment(right, sizeof right - 1));
}

static bool fits(const char *octets, size_t length)
{
    uint8_t *data = g_memdup2(octets, length);
    rdgudp_packet_t packet;
    bool is_packet = rdgudp_pdu_read_header(data, length, &packet);

    g_assert_true(is_packet);
    is_packet = rdgudp_pdu_fits(data, length, &packet);
    g_free(data);
    return is_packet;
}

static void test_length_fits(void)
{
    /* CONNECT_PKT with a cookie of two octets: pktLen covers its parts, and no more than is there. */
    g_assert_true(fits("\1\0\22\0\75\15\2\0\0\0\0\0\0\0\0\0\0\0\0\0AB", 22));
    g_assert_true(fits("\1\0\22\0\75\15\2\0\0\0\0\0\0\0\0\0\0\0\0\0ABC", 23));
    g_assert_false(fits("\1\0\4\0\75\15\2\0\0\0\0\0\0\0\0\0\0\0\0\0AB", 22));
    g_assert_false(fits("\1\0\24\0\75\15\2\0\0\0\0\0\0\0\0\0\0\0\0\0AB", 22));
    /* One that ends too early has no right pktLen. */
    g_assert_true(fits("\1\0\4\0\75\15\2\0\0\0\0\0\0\0\0\0\0\0\0\0A", 21));
    g_assert_true(fits("\1\0\4\0\75\15", 6));
    /* CONNECT_PKT_RESP and DISC_PKT, DATA_PKT, CONNECT_PKT_FRAGMENT. */
    g_assert_true(fits("\2\0\14\0\0\0\0\0\0\0\0\0\0\0\0\0", 16));
    g_assert_false(fits("\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16));
    g_assert_false(fits("\4\0\4\0\1\0\0\0\0\0\0\0", 12));
    g_assert_true(fits("\4\0\4\0\1\0\0", 7));
    g_assert_true(fits("\3\0\10\0\0\0\0\0\0\0\0\0", 12));
    g_assert_false(fits("\3\0\7\0\0\0\0\0\0\0\0\0", 12));
    g_assert_true(fits("\5\0\0\0\0\0\1\0\2\0AB", 12));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_pdu/length_fits", test_length_fits);
    g_test_add_func("/rdgudp_pdu/trailer", test_trailer);
    g_test_add_func("/rdgudp_pdu/trailer/cut", test_trailer_cut_by_the_capture);
    g_test_add_func("/rdgudp_pdu/packet", test_packet);
    g_test_add_func("/rdgudp_pdu/structures", test_structures);
    g_test_add_func("/rdgudp_pdu/clear_fragment", test_clear_fragment);
    return g_test_run();
}
