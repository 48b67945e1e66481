/* test_rdgudp_rdpeudp.c
 * The RDPEUDP datagram inside a DATA_PKT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/udp/rdgudp_rdpeudp.h"

#include <glib.h>
#include <string.h>

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdgudp_rdpeudp/parts", test_rdpeudp);
    g_test_add_func("/rdgudp_rdpeudp/flags", test_rdpeudp_flags);
    g_test_add_func("/rdgudp_rdpeudp/inner", test_inner);
    return g_test_run();
}
