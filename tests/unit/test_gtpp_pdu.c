/* test_gtpp_wire.c
 * What a GTP' PDU is and where its parts are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_pdu.h"

#include <glib.h>
#include <string.h>

#define BYTES(...) ((const uint8_t[]){ __VA_ARGS__ })
#define SIZE(...) (sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* A whole datagram with these octets. */
#define ACCEPT(...) gtpp_pdu_accept(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), SIZE(__VA_ARGS__))
#define RECOGNISE(...) gtpp_pdu_recognise(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), SIZE(__VA_ARGS__))
/* Octets of a stream. */
#define ACCEPT_STREAM(...) gtpp_pdu_accept(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), 0)
#define RECOGNISE_STREAM(...) gtpp_pdu_recognise(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), 0)

#define ECHO_RESPONSE 0x4e, 2, 0, 2, 0, 1, 14, 7
#define RESPONSE 0x4e, 241, 0, 7, 0, 9, 1, 128, 253, 0, 2, 0, 9

static gtpp_header_t read_header(const uint8_t *data, size_t size, size_t datagram)
{
    gtpp_header_t header;

    g_assert_true(gtpp_pdu_read_header(data, size, datagram, &header));
    return header;
}

static void test_header(void)
{
    gtpp_header_t header = read_header(BYTES(0x2e, 240, 0x01, 0x02, 0xfe, 0xdc), 6, 0);

    g_assert_cmpuint(header.version, ==, 1);
    g_assert_cmpuint(header.pt, ==, 0);
    g_assert_cmpuint(header.spare, ==, 7);
    g_assert_cmpuint(header.last_bit, ==, 0);
    g_assert_cmpuint(header.type, ==, 240);
    g_assert_cmpuint(header.length, ==, 0x102);
    g_assert_cmpuint(header.seq, ==, 0xfedc);
    g_assert_cmpuint(header.header_length, ==, 6);
    g_assert_cmpuint(gtpp_pdu_length(&header), ==, 0x108);
    g_assert_false(gtpp_pdu_read_header(BYTES(0x2e, 240, 0, 0, 0), 5, 0, &header));
}

static void test_header_length(void)
{
    uint8_t data[26] = { 0x0e, 1, 0, 0, 0, 1 };
    gtpp_header_t header = read_header(data, 20, 20);

    g_assert_cmpuint(header.header_length, ==, 20);
    g_assert_false(header.odd_header_length);
    /* Version 0 with the last bit set, and versions 1 and 2: six octets. */
    data[0] = 0x0f;
    g_assert_cmpuint(read_header(data, 6, 6).header_length, ==, 6);
    data[0] = 0x2e;
    g_assert_cmpuint(read_header(data, 6, 6).header_length, ==, 6);
    /* Old version 1 gear with the long header: when only that fits. */
    header = read_header(data, 20, 20);
    g_assert_cmpuint(header.header_length, ==, 20);
    g_assert_true(header.odd_header_length);
    /* Version 2 has no long header, and in a stream nothing tells. */
    data[0] = 0x4e;
    g_assert_cmpuint(read_header(data, 20, 20).header_length, ==, 6);
    data[0] = 0x2e;
    g_assert_cmpuint(read_header(data, 20, 0).header_length, ==, 6);
    /* The other way round in version 0. */
    data[0] = 0x0e;
    g_assert_cmpuint(read_header(data, 6, 6).header_length, ==, 6);
}

static void test_elements(void)
{
    static const uint8_t data[] = { 1, 128, 200, 0, 3, 9, 9, 9, 126, 1, 251, 0, 4, 192, 0 };
    uint32_t offset = 0;
    gtpp_ie_t ie;

    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_FOUND);
    g_assert_cmpuint(ie.type, ==, GTPP_IE_CAUSE);
    g_assert_cmpuint(ie.value_offset, ==, 1);
    g_assert_cmpuint(ie.length, ==, 1);
    /* An unknown TLV is stepped over. */
    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_FOUND);
    g_assert_cmpuint(ie.type, ==, 200);
    g_assert_cmpuint(ie.length, ==, 3);
    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_FOUND);
    g_assert_cmpuint(ie.type, ==, GTPP_IE_PACKET_TRANSFER_COMMAND);
    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_RUNS_OVER);
    g_assert_cmpuint(ie.length, ==, 4);
    g_assert_cmpuint(ie.present, ==, 2);
    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_END);
}

static void test_elements_at_the_end(void)
{
    gtpp_ie_t ie;
    uint32_t offset = 0;

    g_assert_cmpint(gtpp_pdu_next_ie(BYTES(252, 0), 2, &offset, &ie), ==, GTPP_IE_RUNS_OVER);
    g_assert_cmpuint(ie.present, ==, 0);
    g_assert_cmpuint(offset, ==, 2);
    offset = 0;
    g_assert_cmpint(gtpp_pdu_next_ie(BYTES(1), 1, &offset, &ie), ==, GTPP_IE_RUNS_OVER);
    g_assert_cmpuint(ie.present, ==, 0);
    offset = 0;
    g_assert_cmpint(gtpp_pdu_next_ie(BYTES(99, 1, 2), 3, &offset, &ie), ==, GTPP_IE_NO_LENGTH);
    g_assert_cmpuint(ie.present, ==, 2);
    g_assert_cmpuint(offset, ==, 3);
}

static void test_counted_list(void)
{
    static const uint8_t data[] = { 253, 2, 0, 7, 0, 8, 255, 0, 2, 0, 1 };
    uint32_t offset = 0;
    gtpp_ie_t ie;

    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_FOUND);
    g_assert_true(ie.counted);
    g_assert_cmpuint(ie.value_offset, ==, 2);
    g_assert_cmpuint(ie.length, ==, 4);
    g_assert_cmpint(gtpp_pdu_next_ie(data, sizeof data, &offset, &ie), ==, GTPP_IE_FOUND);
    g_assert_cmpuint(ie.type, ==, GTPP_IE_PRIVATE_EXTENSION);
    g_assert_false(ie.counted);
    /* Too many for either reading. */
    offset = 0;
    g_assert_cmpint(gtpp_pdu_next_ie(BYTES(253, 9, 0, 7), 4, &offset, &ie), ==, GTPP_IE_RUNS_OVER);
}

static void test_fit(void)
{
    g_assert_cmpint(gtpp_pdu_element_fit(240, GTPP_IE_DATA_RECORD_PACKET), ==, GTPP_IE_FITS);
    g_assert_cmpint(gtpp_pdu_element_fit(1, GTPP_IE_RECOVERY), ==, GTPP_IE_QUIRK);
    g_assert_cmpint(gtpp_pdu_element_fit(1, GTPP_IE_CAUSE), ==, GTPP_IE_FOREIGN);
    g_assert_cmpint(gtpp_pdu_element_fit(240, 200), ==, GTPP_IE_FOREIGN);
    g_assert_cmpuint(gtpp_pdu_missing_element(241, 0), ==, GTPP_IE_CAUSE);
    g_assert_cmpuint(gtpp_pdu_missing_element(241, gtpp_pdu_element_bit(GTPP_IE_CAUSE)), ==,
                     GTPP_IE_REQUESTS_RESPONDED);
    g_assert_cmpuint(gtpp_pdu_missing_element(1, 0), ==, 0);
    g_assert_cmpuint(gtpp_pdu_missing_element(77, 0), ==, 0);
}

static void test_record_packet(void)
{
    gtpp_record_packet_t packet;

    g_assert_false(gtpp_pdu_read_record_packet(BYTES(1, 1, 0x1c), 3, &packet));
    g_assert_true(gtpp_pdu_read_record_packet(BYTES(1, 1, 0x1c, 6, 0, 1, 0xb4), 7, &packet));
    g_assert_cmpuint(packet.release, ==, 12);
    g_assert_cmpuint(packet.version, ==, 6);
    g_assert_false(packet.has_extension);
    g_assert_cmpuint(packet.records_offset, ==, 4);
    /* Release 0: the extension octet says 16. */
    g_assert_true(gtpp_pdu_read_record_packet(BYTES(1, 1, 0x10, 3, 16, 0, 1, 0xb4), 8, &packet));
    g_assert_true(packet.has_extension);
    g_assert_cmpuint(packet.extension, ==, 16);
    g_assert_cmpuint(packet.records_offset, ==, 5);
    /* Release 0 and no extension octet: only so do the records fill the packet. */
    g_assert_true(gtpp_pdu_read_record_packet(BYTES(1, 1, 0x10, 3, 0, 1, 0xb4), 7, &packet));
    g_assert_false(packet.has_extension);
    /* Release 15 with an extension octet, likewise. */
    g_assert_true(gtpp_pdu_read_record_packet(BYTES(1, 1, 0x1f, 3, 16, 0, 1, 0xb4), 8, &packet));
    g_assert_true(packet.has_extension);
    g_assert_true(gtpp_pdu_read_record_packet(BYTES(1, 1, 0x10, 3), 4, &packet));
    g_assert_false(packet.has_extension);
}

static void test_accept(void)
{
    g_assert_true(ACCEPT(ECHO_RESPONSE));
    g_assert_true(ACCEPT(0x0f, 1, 0, 0, 0, 1));
    /* Real gear sends spare bits 101, and a Recovery in an Echo Request. */
    g_assert_true(ACCEPT(0x2a, 1, 0, 2, 0, 0, 14, 0));
    /* A wrong Length passes when the elements agree. */
    g_assert_true(ACCEPT(0x4e, 2, 0, 9, 0, 1, 14, 7));
    g_assert_true(ACCEPT(0x4e, 2, 0, 2, 0, 1, 14, 7, 0xff, 0xff));
    g_assert_false(ACCEPT(0x4e, 2, 0, 9, 0, 1, 99, 7));
    g_assert_false(ACCEPT(0x4e, 1, 0, 0, 0, 1, 0xff, 0xff));
    /* GTPv0 (PT = 1), version 3, no message of GTP', too short. */
    g_assert_false(ACCEPT(0x1e, 1, 0, 0, 0, 1));
    g_assert_false(ACCEPT(0x6e, 1, 0, 0, 0, 1));
    g_assert_false(ACCEPT(0x4e, 16, 0, 0, 0, 1));
    g_assert_false(ACCEPT(0x4e, 1, 0, 0, 0));
    g_assert_false(gtpp_pdu_accept(NULL, 0, 0));
    g_assert_true(ACCEPT_STREAM(0x4e));
    g_assert_true(ACCEPT_STREAM(0x4e, 240, 1));
    g_assert_false(ACCEPT_STREAM('G', 'E', 'T', ' ', '/', ' '));
}

static void test_recognise(void)
{
    g_assert_cmpint(RECOGNISE(ECHO_RESPONSE), ==, GTPP_YES);
    g_assert_cmpint(RECOGNISE(RESPONSE), ==, GTPP_YES);
    g_assert_cmpint(RECOGNISE(0x0f, 1, 0, 0, 0, 1), ==, GTPP_WEAK);
    g_assert_cmpint(RECOGNISE(0x4e, 3, 0, 0, 0, 1), ==, GTPP_WEAK);
    /* Spare bits, last bit, Length, a foreign element, a missing one, an empty transfer. */
    g_assert_cmpint(RECOGNISE(0x2a, 2, 0, 2, 0, 1, 14, 7), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4f, 2, 0, 2, 0, 1, 14, 7), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4e, 2, 0, 3, 0, 1, 14, 7), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4e, 2, 0, 2, 0, 1, 14, 7, 0), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4e, 2, 0, 2, 0, 1, 1, 128), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4e, 2, 0, 0, 0, 1), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4e, 240, 0, 0, 0, 1), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE(0x4e, 240, 0, 3, 0, 1, 200, 0, 0), ==, GTPP_NO);
}

static void test_recognise_stream(void)
{
    /* Behind the first PDU comes the next one: that is no fault. */
    g_assert_cmpint(RECOGNISE_STREAM(ECHO_RESPONSE, RESPONSE), ==, GTPP_YES);
    /* A PDU that goes on in the next segment: a whole element must be there, and the next must fit into the PDU. */
    g_assert_cmpint(RECOGNISE_STREAM(0x4e, 240, 1, 0, 0, 1, 126, 1, 252, 0, 249, 1, 1), ==, GTPP_YES);
    g_assert_cmpint(RECOGNISE_STREAM(0x4e, 240, 1, 0, 0, 1, 126, 1, 252, 1, 249, 1, 1), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE_STREAM(0x4e, 240, 1, 0, 0, 1, 252, 0, 249), ==, GTPP_NO);
    g_assert_cmpint(RECOGNISE_STREAM(0x4e, 240, 1, 0, 0, 1), ==, GTPP_NO);
}

/* No octets, however cut, make it read past them (the sanitizer sees to that). */
static void test_every_prefix(void)
{
    static const uint8_t whole[] = { 0x4e, 240,  0, 18, 0, 9,    126, 1,   252, 0, 8, 1,
                                     1,    0x1c, 6, 0,  2, 0xb4, 0,   255, 0,   2, 0, 1 };

    for (size_t size = 0; size <= sizeof whole; size++) {
        uint8_t *copy = g_memdup2(whole, size);
        gtpp_pdu_accept(copy, size, size);
        gtpp_pdu_accept(copy, size, sizeof whole);
        gtpp_pdu_recognise(copy, size, 0);
        gtpp_pdu_recognise(copy, size, sizeof whole);
        g_free(copy);
    }
    g_assert_cmpint(gtpp_pdu_recognise(whole, sizeof whole, sizeof whole), ==, GTPP_YES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gtpp_wire/header", test_header);
    g_test_add_func("/gtpp_wire/header_length", test_header_length);
    g_test_add_func("/gtpp_wire/elements", test_elements);
    g_test_add_func("/gtpp_wire/elements/at_the_end", test_elements_at_the_end);
    g_test_add_func("/gtpp_wire/elements/counted_list", test_counted_list);
    g_test_add_func("/gtpp_wire/fit", test_fit);
    g_test_add_func("/gtpp_wire/record_packet", test_record_packet);
    g_test_add_func("/gtpp_wire/accept", test_accept);
    g_test_add_func("/gtpp_wire/recognise", test_recognise);
    g_test_add_func("/gtpp_wire/recognise/stream", test_recognise_stream);
    g_test_add_func("/gtpp_wire/every_prefix", test_every_prefix);
    return g_test_run();
}
