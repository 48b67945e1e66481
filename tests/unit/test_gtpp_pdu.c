/* test_gtpp_pdu.c
 * A GTP' PDU, read from octets: header, elements, values, records; what is recognised as one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp/gtpp_pdu.h"

#include <glib.h>
#include <string.h>

#define BYTES(...) ((const uint8_t[]){ __VA_ARGS__ })
#define SIZE(...) (sizeof((const uint8_t[]){ __VA_ARGS__ }))

/* A whole datagram with these octets. */
#define READ(...) read_all(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), SIZE(__VA_ARGS__))
#define ACCEPT(...) accept(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), SIZE(__VA_ARGS__))
#define RECOGNISE(...) recognise(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), SIZE(__VA_ARGS__))
/* Octets of a stream. */
#define ACCEPT_STREAM(...) accept(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), 0)
#define RECOGNISE_STREAM(...) recognise(BYTES(__VA_ARGS__), SIZE(__VA_ARGS__), 0)

#define ECHO_RESPONSE 0x4e, 2, 0, 2, 0, 1, 14, 7
#define RESPONSE 0x4e, 241, 0, 7, 0, 9, 1, 128, 253, 0, 2, 0, 9

/* For all that the tests read. */
static wmem_allocator_t *pool;

static gtpp_pdu_t *read_all(const uint8_t *data, size_t captured, size_t datagram)
{
    gtpp_pdu_t *pdu = gtpp_pdu_read(pool, wmem_memdup(pool, data, captured), captured, datagram);

    gtpp_pdu_read_values(pool, pdu);
    return pdu;
}

static bool accept(const uint8_t *data, size_t captured, size_t datagram)
{
    return gtpp_pdu_is_acceptable(gtpp_pdu_read(pool, data, captured, datagram));
}

static gtpp_match_t recognise(const uint8_t *data, size_t captured, size_t datagram)
{
    return gtpp_pdu_match(gtpp_pdu_read(pool, data, captured, datagram));
}

static gtpp_header_t read_header(const uint8_t *data, size_t size, size_t datagram)
{
    return gtpp_pdu_read(pool, data, size, datagram)->header;
}

static void check_ie(const gtpp_pdu_t *pdu, uint32_t at, uint8_t type, gtpp_ie_extent_t extent, uint32_t length,
                     uint32_t present)
{
    g_assert_cmpuint(at, <, pdu->num_ies);
    g_assert_cmpuint(pdu->ies[at].type, ==, type);
    g_assert_cmpint(pdu->ies[at].extent, ==, extent);
    g_assert_cmpuint(pdu->ies[at].length, ==, length);
    g_assert_cmpuint(pdu->ies[at].present, ==, present);
}

static void test_header(void)
{
    static const uint8_t data[] = { 0x2e, 240, 0x01, 0x02, 0xfe, 0xdc };
    const gtpp_pdu_t *pdu = read_all(data, sizeof data, 0);

    g_assert_cmpuint(pdu->header.version, ==, 1);
    g_assert_cmpuint(pdu->header.pt, ==, 0);
    g_assert_cmpuint(pdu->header.spare, ==, 7);
    g_assert_cmpuint(pdu->header.last_bit, ==, 0);
    g_assert_cmpuint(pdu->header.type, ==, 240);
    g_assert_cmpuint(pdu->header.length, ==, 0x102);
    g_assert_cmpuint(pdu->header.seq, ==, 0xfedc);
    g_assert_cmpuint(pdu->header.header_length, ==, 6);
    g_assert_cmpuint(pdu->length, ==, 0x108);
    g_assert_true(pdu->is_cut);
    g_assert_cmpuint(read_all(data, 5, 0)->length, ==, 0);
}

/* An empty packet's length says so; where the capture cut it, that of the message does. */
static void test_cut_before_the_length_of_the_packet(void)
{
    static const uint8_t data[] = { 0x4e, 240, 0, 181, 0, 1, 126, 2, 252, 0 };
    static const uint8_t empty[] = { 0x4e, 240, 0, 5, 0, 1, 126, 2, 252, 0 };
    static const uint8_t whole[] = { 0x4e, 240, 0, 5, 0, 1, 126, 2, 252, 0, 0 };

    g_assert_cmpuint(read_all(data, sizeof data, 187)->record_octets, ==, 176);
    g_assert_cmpuint(read_all(empty, sizeof empty, 11)->record_octets, ==, 0);
    g_assert_cmpuint(read_all(whole, sizeof whole, 11)->record_octets, ==, 0);
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

/* The capture ends in a header of 20 octets: what is there tells the message. */
static void test_header_cut(void)
{
    static const uint8_t data[] = { 0x0e, 2, 0, 2, 0, 9, 0, 0 };
    const gtpp_pdu_t *pdu = read_all(data, sizeof data, 22);

    g_assert_true(gtpp_pdu_is_acceptable(pdu));
    g_assert_cmpuint(pdu->header.header_length, ==, 20);
    g_assert_cmpuint(pdu->header.seq, ==, 9);
    g_assert_cmpuint(pdu->num_ies, ==, 0);
    g_assert_true(pdu->is_cut);
}

static void test_elements(void)
{
    const gtpp_pdu_t *pdu = READ(0x4e, 240, 0, 15, 0, 1, 1, 128, 200, 0, 3, 9, 9, 9, 126, 1, 251, 0, 4, 192, 0);

    g_assert_cmpuint(pdu->num_ies, ==, 4);
    check_ie(pdu, 0, GTPP_IE_CAUSE, GTPP_IE_WHOLE, 1, 1);
    g_assert_cmpuint(pdu->ies[0].value_offset, ==, 7);
    check_ie(pdu, 1, 200, GTPP_IE_WHOLE, 3, 3); /* an unknown TLV is stepped over */
    check_ie(pdu, 2, GTPP_IE_PACKET_TRANSFER_COMMAND, GTPP_IE_WHOLE, 1, 1);
    check_ie(pdu, 3, GTPP_IE_NODE_ADDRESS, GTPP_IE_RUNS_OVER, 4, 2);
    g_assert_false(pdu->is_cut);
    g_assert_true(pdu->is_odd);
}

static void test_elements_at_the_end(void)
{
    check_ie(READ(0x4e, 240, 0, 2, 0, 1, 252, 0), 0, GTPP_IE_DATA_RECORD_PACKET, GTPP_IE_RUNS_OVER, 0, 0);
    check_ie(READ(0x4e, 241, 0, 1, 0, 1, 1), 0, GTPP_IE_CAUSE, GTPP_IE_RUNS_OVER, 1, 0);
    check_ie(READ(0x4e, 241, 0, 3, 0, 1, 99, 1, 2), 0, 99, GTPP_IE_NO_LENGTH, 2, 2);
}

/* What the capture cut is not wrong. */
static void test_elements_cut(void)
{
    static const uint8_t data[] = { RESPONSE };
    const gtpp_pdu_t *pdu = read_all(data, sizeof data - 1, sizeof data);

    g_assert_true(pdu->is_cut);
    check_ie(pdu, 1, GTPP_IE_REQUESTS_RESPONDED, GTPP_IE_CUT, 2, 1);
    g_assert_cmpuint(pdu->responded.count, ==, 0);
    g_assert_null(pdu->ies[1].expected);
    pdu = read_all(data, sizeof data - 3, sizeof data); /* amid the element's length */
    check_ie(pdu, 1, GTPP_IE_REQUESTS_RESPONDED, GTPP_IE_CUT, 0, 0);
    g_assert_null(pdu->ies[1].expected);
    pdu = read_all(data, sizeof data - 6, sizeof data); /* before the cause's value */
    check_ie(pdu, 0, GTPP_IE_CAUSE, GTPP_IE_CUT, 1, 0);
    g_assert_false(pdu->has_cause);
}

static void test_counted_list(void)
{
    const gtpp_pdu_t *pdu = READ(0x4e, 241, 0, 11, 0, 1, 253, 2, 0, 7, 0, 8, 255, 0, 2, 0, 1);

    check_ie(pdu, 0, GTPP_IE_REQUESTS_RESPONDED, GTPP_IE_WHOLE, 4, 4);
    g_assert_true(pdu->ies[0].counted);
    g_assert_cmpuint(pdu->ies[0].value_offset, ==, 8);
    g_assert_cmpuint(pdu->responded.count, ==, 2);
    g_assert_cmpuint(pdu->responded.seqs[1], ==, 8);
    g_assert_nonnull(pdu->misread);
    check_ie(pdu, 1, GTPP_IE_PRIVATE_EXTENSION, GTPP_IE_WHOLE, 2, 2);
    g_assert_false(pdu->ies[1].counted);
    g_assert_true(pdu->has_private_extension);
    /* Too many for either reading. */
    check_ie(READ(0x4e, 241, 0, 4, 0, 1, 253, 9, 0, 7), 0, GTPP_IE_REQUESTS_RESPONDED, GTPP_IE_RUNS_OVER, 0x900, 1);
}

/* A list with a length, cut by the capture: only the message's end may tell that the length is a count. */
static void test_long_list_cut(void)
{
    uint8_t data[6 + 2 + 3 + 600] = { 0x4e, 241, 2, 0x5d, 0, 1, 1, 128, 253, 2, 0x58, 0, 4 };
    const gtpp_pdu_t *pdu = read_all(data, 21, sizeof data);

    check_ie(pdu, 1, GTPP_IE_REQUESTS_RESPONDED, GTPP_IE_CUT, 600, 10);
    g_assert_false(pdu->ies[1].counted);
    g_assert_cmpuint(pdu->responded.count, ==, 5);
    g_assert_cmpuint(pdu->responded.seqs[0], ==, 4);
    g_assert_null(pdu->misread);
}

static void test_fit(void)
{
    const gtpp_pdu_t *echo = READ(0x4e, 1, 0, 4, 0, 1, 14, 7, 1, 128);
    const gtpp_pdu_t *transfer = READ(0x4e, 240, 0, 6, 0, 1, 252, 0, 0, 200, 0, 0);
    const gtpp_pdu_t *response = READ(0x4e, 241, 0, 2, 0, 1, 1, 128);

    g_assert_cmpint(echo->ies[0].fit, ==, GTPP_IE_QUIRK);
    g_assert_cmpint(echo->ies[1].fit, ==, GTPP_IE_FOREIGN);
    g_assert_cmpint(transfer->ies[0].fit, ==, GTPP_IE_FITS);
    g_assert_cmpint(transfer->ies[1].fit, ==, GTPP_IE_FOREIGN);
    g_assert_cmpuint(gtpp_pdu_missing_element(response, 0), ==, GTPP_IE_CAUSE);
    g_assert_cmpuint(gtpp_pdu_missing_element(response, response->seen), ==, GTPP_IE_REQUESTS_RESPONDED);
    g_assert_cmpuint(gtpp_pdu_missing_element(echo, 0), ==, 0);
}

static void test_values(void)
{
    const gtpp_pdu_t *pdu = READ(0x4e, 6, 0, 18, 0, 1, 1, 63, 254, 0, 4, 192, 0, 2, 9, 254, 0, 4, 192, 0, 2, 1, 14, 3);

    g_assert_cmpuint(pdu->cause, ==, 63);
    g_assert_true(pdu->has_recovery);
    g_assert_cmpuint(pdu->recovery, ==, 3);
    g_assert_cmpstr(pdu->recommended, ==, "192.0.2.9");
    pdu = READ(0x4e, 240, 0, 11, 0, 1, 126, 4, 249, 0, 6, 0, 5, 0, 6, 255, 255);
    g_assert_cmpuint(pdu->command, ==, GTPP_COMMAND_RELEASE);
    g_assert_cmpuint(pdu->released.count, ==, 3);
    g_assert_cmpuint(pdu->released.seqs[2], ==, 65535);
    g_assert_false(gtpp_pdu_lacks_content(pdu));
    g_assert_false(pdu->is_odd);
    g_assert_false(pdu->has_remark);
    g_assert_true(gtpp_pdu_lacks_content(READ(0x4e, 240, 0, 2, 0, 1, 126, 4)));
    g_assert_cmpstr(READ(0x4e, 4, 0, 6, 0, 1, 251, 0, 3, 1, 2, 3)->ies[0].expected, ==, "4 (IPv4) or 16 (IPv6)");
}

/* A Data Record Packet with these octets: its front. */
#define PACKET(count, ...) *READ(0x4e, 240, 0, 3 + (count), 0, 1, 252, 0, count, __VA_ARGS__)->packets

static void test_packet(void)
{
    gtpp_packet_t packet = PACKET(3, 1, 1, 0x1c);

    g_assert_false(packet.has_front);
    packet = PACKET(7, 1, 1, 0x1c, 6, 0, 1, 0xb4);
    g_assert_cmpuint(packet.release, ==, 12);
    g_assert_cmpuint(packet.version, ==, 6);
    g_assert_false(packet.has_extension);
    g_assert_cmpuint(packet.front, ==, 4);
    g_assert_cmpuint(packet.num_cdrs, ==, 1);
    /* Release 0: the extension octet says 16. */
    packet = PACKET(8, 1, 1, 0x10, 3, 16, 0, 1, 0xb4);
    g_assert_true(packet.has_extension);
    g_assert_cmpuint(packet.extension, ==, 16);
    g_assert_cmpuint(packet.front, ==, 5);
    /* Release 0 and no extension octet: only so do the records fill the packet. */
    packet = PACKET(7, 1, 1, 0x10, 3, 0, 1, 0xb4);
    g_assert_false(packet.has_extension);
    /* Release 15 with an extension octet, likewise. */
    packet = PACKET(8, 1, 1, 0x1f, 3, 16, 0, 1, 0xb4);
    g_assert_true(packet.has_extension);
    packet = PACKET(4, 1, 1, 0x10, 3);
    g_assert_true(packet.has_front);
    g_assert_false(packet.has_extension);
}

#define RECORD 0, 5, 0xb5, 3, 0x80, 1, 19

static void test_records(void)
{
    /* One is announced, two are there. */
    const gtpp_pdu_t *pdu = READ(0x4e, 240, 0, 21, 0, 1, 252, 0, 18, 1, 1, 0x1c, 6, RECORD, RECORD);

    g_assert_cmpuint(pdu->announced, ==, 1);
    g_assert_cmpuint(pdu->num_cdrs, ==, 2);
    g_assert_true(pdu->packets[0].is_count_wrong);
    g_assert_cmpuint(pdu->packets[0].end, ==, 27);
    g_assert_cmpstr(pdu->cdrs[1].type_name, ==, "GGSN");
    g_assert_cmpuint(gtpp_pdu_announced_length(&pdu->cdrs[1]), ==, 5);
    g_assert_true(pdu->cdrs[1].octets == pdu->octets + 22);
    /* In two packets. */
    pdu = READ(0x4e, 240, 0, 28, 0, 1, 252, 0, 11, 1, 1, 0x1c, 6, RECORD, 252, 0, 11, 1, 1, 0x1c, 6, RECORD);
    g_assert_cmpuint(pdu->num_packets, ==, 2);
    g_assert_cmpuint(pdu->announced, ==, 2);
    g_assert_cmpuint(pdu->packets[1].first_cdr, ==, 1);
    g_assert_true(pdu->is_odd);
    /* The record's length leads past the packet's end. */
    pdu = READ(0x4e, 240, 0, 10, 0, 1, 252, 0, 7, 1, 1, 0x1c, 6, 0, 9, 0xb5);
    g_assert_cmpuint(pdu->cdrs[0].length, ==, 1);
    g_assert_cmpuint(gtpp_pdu_announced_length(&pdu->cdrs[0]), ==, 9);
}

static void test_records_cut(void)
{
    static const uint8_t data[] = { 0x4e, 240, 0, 14, 0, 1, 252, 0, 11, 1, 1, 0x1c, 6, RECORD };
    const gtpp_pdu_t *pdu = read_all(data, sizeof data - 2, sizeof data);

    g_assert_cmpuint(pdu->num_cdrs, ==, 1);
    g_assert_cmpuint(pdu->cdrs[0].length, ==, 5);
    g_assert_cmpuint(pdu->cdrs[0].captured, ==, 3);
    g_assert_cmpuint(pdu->cdrs[0].num_faults, ==, 0);
    g_assert_false(pdu->packets[0].is_count_wrong);
    /* A length that leads past the packet's end does so whatever was captured. */
    static const uint8_t wrong[] = { 0x4e, 240, 0, 14, 0, 1, 252, 0, 11, 1, 1, 0x1c, 6, 0, 6, 0xb5 };
    pdu = read_all(wrong, sizeof wrong, sizeof data);
    g_assert_cmpuint(pdu->cdrs[0].length, ==, 5);
    g_assert_cmpuint(gtpp_pdu_announced_length(&pdu->cdrs[0]), ==, 6);
}

/* The header's Length and the datagram disagree. */
static void test_end(void)
{
    const gtpp_pdu_t *pdu = READ(0x4e, 2, 0, 2, 0, 1, 14, 7, 255, 255);

    g_assert_cmpint(pdu->length_fit, ==, GTPP_LENGTH_CORRECTED);
    g_assert_cmpuint(pdu->end, ==, 8);
    pdu = READ(0x4e, 2, 0, 9, 0, 1, 14, 7);
    g_assert_cmpint(pdu->length_fit, ==, GTPP_LENGTH_CORRECTED);
    g_assert_cmpuint(pdu->end, ==, 8);
    pdu = READ(0x4e, 2, 0, 0, 0, 1, 14, 7);
    g_assert_cmpuint(pdu->end, ==, 8);
    g_assert_cmpuint(pdu->num_ies, ==, 1);
    pdu = READ(0x4e, 2, 0, 1, 0, 1, 14, 7, 255);
    g_assert_cmpint(pdu->length_fit, ==, GTPP_LENGTH_WRONG);
    g_assert_cmpuint(pdu->end, ==, 7);
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
    g_assert_false(accept(BYTES(0), 0, 0));
    /* The Length goes beyond the datagram: an element that belongs in the message must be there, whole or not. */
    g_assert_true(ACCEPT(0x4e, 240, 2, 0, 0, 1, 126, 1, 252, 1, 0, 1));
    g_assert_false(ACCEPT(0x4e, 240, 2, 0, 0, 1, 1, 128, 252, 1, 0, 1));
    g_assert_false(ACCEPT(0x4e, 240, 2, 0, 0, 1));
    /* A header that the capture cut: version and type. */
    g_assert_true(accept(BYTES(0x4e, 240), 2, 100));
    g_assert_false(accept(BYTES(0x4e), 1, 100));
    g_assert_false(accept(BYTES(0x4e, 99), 2, 100));
    /* In a stream, where octets amid a message may look like one. */
    g_assert_true(ACCEPT_STREAM(0x2a, 1, 0, 2, 0, 0, 14, 0));
    g_assert_false(ACCEPT_STREAM(0x03, 1, 0, 2, 0, 0, 99, 0));
    g_assert_false(ACCEPT_STREAM(0x03, 1, 0, 0, 0, 0, 99, 0));
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
        gtpp_pdu_read_values(pool, gtpp_pdu_read(pool, copy, size, 0));
        gtpp_pdu_read_values(pool, gtpp_pdu_read(pool, copy, size, size));
        gtpp_pdu_read_values(pool, gtpp_pdu_read(pool, copy, size, sizeof whole));
        g_free(copy);
    }
    g_assert_cmpint(recognise(whole, sizeof whole, sizeof whole), ==, GTPP_YES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    wmem_init();
    pool = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    g_test_add_func("/gtpp_pdu/header", test_header);
    g_test_add_func("/gtpp_pdu/header/length", test_header_length);
    g_test_add_func("/gtpp_pdu/cut_before_the_length_of_the_packet", test_cut_before_the_length_of_the_packet);
    g_test_add_func("/gtpp_pdu/header/cut", test_header_cut);
    g_test_add_func("/gtpp_pdu/elements", test_elements);
    g_test_add_func("/gtpp_pdu/elements/at_the_end", test_elements_at_the_end);
    g_test_add_func("/gtpp_pdu/elements/cut", test_elements_cut);
    g_test_add_func("/gtpp_pdu/elements/counted_list", test_counted_list);
    g_test_add_func("/gtpp_pdu/elements/long_list_cut", test_long_list_cut);
    g_test_add_func("/gtpp_pdu/elements/fit", test_fit);
    g_test_add_func("/gtpp_pdu/values", test_values);
    g_test_add_func("/gtpp_pdu/packet", test_packet);
    g_test_add_func("/gtpp_pdu/records", test_records);
    g_test_add_func("/gtpp_pdu/records/cut", test_records_cut);
    g_test_add_func("/gtpp_pdu/end", test_end);
    g_test_add_func("/gtpp_pdu/accept", test_accept);
    g_test_add_func("/gtpp_pdu/recognise", test_recognise);
    g_test_add_func("/gtpp_pdu/recognise/stream", test_recognise_stream);
    g_test_add_func("/gtpp_pdu/every_prefix", test_every_prefix);
    int failed = g_test_run();
    wmem_destroy_allocator(pool);
    wmem_cleanup();
    return failed;
}
