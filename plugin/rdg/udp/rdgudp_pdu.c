/* rdgudp_pdu.c
 * The parts of a datagram of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_pdu.h"

#include <string.h>

#define DTLS_RECORD_HEADER 13
#define DTLS_LENGTH_OFFSET 11
#define DTLS_CHANGE_CIPHER_SPEC 20
#define DTLS_HANDSHAKE 22
#define DTLS_HEARTBEAT 24
#define DTLS_CLIENT_HELLO 1
#define DTLS_1_0 0xfeff
#define DTLS_1_2 0xfefd
#define DTLS_OLD_OPENSSL 0x0100

/* Smallest lengths behind the packet header (MS-TSGU sections 2.2.11.3 to 2.2.11.8). */
#define CONNECT_REQ_LENGTH 16
#define CONNECT_REQ_COOKIE_OFFSET 6
#define CONNECT_RESP_SHORT 12
#define CONNECT_RESP_LONG 16
#define DISCONNECT_SHORT 4
#define DISCONNECT_LONG 8
#define RDPEUDP_SHORTEST 8
#define FRAGMENT_LENGTH 6
#define FRAGMENT_LENGTH_OFFSET 8

static uint16_t get_be16(const uint8_t *data)
{
    return (uint16_t)(data[0] << 8 | data[1]);
}

static uint16_t get_le16(const uint8_t *data)
{
    return (uint16_t)(data[1] << 8 | data[0]);
}

static uint32_t get_le32(const uint8_t *data)
{
    return (uint32_t)get_le16(data + 2) << 16 | get_le16(data);
}

/* Length of the DTLS record at DATA, header included, as sent; 0 when there is none. */
static size_t read_record(const uint8_t *data, size_t captured, size_t reported)
{
    if (captured < DTLS_RECORD_HEADER) {
        return 0;
    }
    uint16_t version = get_be16(data + 1);
    if (data[0] < DTLS_CHANGE_CIPHER_SPEC || data[0] > DTLS_HEARTBEAT ||
        (version != DTLS_1_0 && version != DTLS_1_2 && version != DTLS_OLD_OPENSSL)) {
        return 0;
    }
    size_t length = DTLS_RECORD_HEADER + (size_t)get_be16(data + DTLS_LENGTH_OFFSET);
    return length > DTLS_RECORD_HEADER && length <= reported ? length : 0;
}

/* True when the THERE octets at DATA, fewer than a record's header has, may be its start. */
static bool is_start_of_record(const uint8_t *data, size_t there)
{
    return there < DTLS_RECORD_HEADER && data[0] >= DTLS_CHANGE_CIPHER_SPEC && data[0] <= DTLS_HEARTBEAT &&
           (there < 2 || data[1] == DTLS_1_2 >> 8 || data[1] == DTLS_OLD_OPENSSL >> 8);
}

/* What the THERE captured octets of LENGTH at DATA are. Of the trailer's 26 octets 10 are fixed; each of them that was
 * captured must be right. */
static rdgudp_trailer_t read_trailer(const uint8_t *data, size_t there, size_t length)
{
    static const uint8_t head[] = { 0, 0, 0, 0, 0xaa, 0x1d };
    static const uint8_t tail[] = { 0x1d, 0xaa, RDGUDP_TRAILER_LENGTH, 0 };

    if (there == 0) {
        return length > 0 ? RDGUDP_TRAILER_NOT_CAPTURED : RDGUDP_TRAILER_NONE;
    }
    if (there < length && is_start_of_record(data, there)) {
        return RDGUDP_TRAILER_NOT_CAPTURED;
    }
    if (length != RDGUDP_TRAILER_LENGTH || memcmp(data, head, there < sizeof head ? there : sizeof head) != 0 ||
        (there > RDGUDP_TRAILER_TAIL && memcmp(data + RDGUDP_TRAILER_TAIL, tail, there - RDGUDP_TRAILER_TAIL) != 0)) {
        return RDGUDP_TRAILER_NONE;
    }
    return there == length ? RDGUDP_TRAILER_WHOLE : RDGUDP_TRAILER_NOT_CAPTURED;
}

bool rdgudp_pdu_read_datagram(const uint8_t *data, size_t captured, size_t reported, rdgudp_datagram_t *datagram)
{
    size_t at = 0;

    *datagram = (rdgudp_datagram_t){ 0 };
    while (at < reported) {
        size_t length = at < captured ? read_record(data + at, captured - at, reported - at) : 0;
        if (length == 0) {
            break;
        }
        if (at == 0) {
            datagram->is_client_hello = data[0] == DTLS_HANDSHAKE && captured > DTLS_RECORD_HEADER &&
                                        data[DTLS_RECORD_HEADER] == DTLS_CLIENT_HELLO;
        }
        datagram->num_records++;
        at += length;
    }
    datagram->dtls_length = (uint32_t)at;
    datagram->rest_length = (uint32_t)(reported - at);
    datagram->rest_there = at < captured ? (uint32_t)(captured - at) : 0;
    datagram->trailer =
        read_trailer(data + (at < captured ? at : captured), datagram->rest_there, datagram->rest_length);
    if (datagram->trailer == RDGUDP_TRAILER_WHOLE) {
        datagram->rest_length = 0;
        datagram->rest_there = 0;
    }
    return datagram->num_records > 0;
}

bool rdgudp_pdu_read_header(const uint8_t *data, size_t length, rdgudp_packet_t *packet)
{
    if (length < RDGUDP_PACKET_HEADER) {
        return false;
    }
    packet->id = get_le16(data);
    packet->length = get_le16(data + 2);
    return packet->id >= RDGUDP_CONNECT_REQ && packet->id <= RDGUDP_CONNECT_REQ_FRAGMENT;
}

bool rdgudp_pdu_read_packet(const uint8_t *data, size_t length, rdgudp_packet_t *packet)
{
    if (!rdgudp_pdu_read_header(data, length, packet)) {
        return false;
    }
    size_t body = length - RDGUDP_PACKET_HEADER;
    if (packet->id == RDGUDP_CONNECT_REQ_FRAGMENT) {
        return packet->length >= FRAGMENT_LENGTH && packet->length <= body &&
               get_le16(data + FRAGMENT_LENGTH_OFFSET) == packet->length - FRAGMENT_LENGTH;
    }
    if (packet->length != body) {
        return false;
    }
    switch (packet->id) {
    case RDGUDP_CONNECT_REQ:
        return body >= CONNECT_REQ_LENGTH && get_le16(data + CONNECT_REQ_COOKIE_OFFSET) == body - CONNECT_REQ_LENGTH;
    case RDGUDP_CONNECT_RESP:
        return body == CONNECT_RESP_SHORT || body == CONNECT_RESP_LONG;
    case RDGUDP_PAYLOAD:
        return body >= RDPEUDP_SHORTEST;
    case RDGUDP_DISCONNECT:
        return body == DISCONNECT_SHORT || body == DISCONNECT_LONG;
    default:
        return false;
    }
}

bool rdgudp_pdu_read_connect(const uint8_t *data, size_t length, rdgudp_connect_t *connect)
{
    if (length < RDGUDP_CONNECT_COOKIE) {
        return false;
    }
    connect->target_port = get_le16(data + 4);
    connect->cookie_length = get_le16(data + 6);
    connect->syn = (rdgudp_syn_t){
        .lossy = get_le32(data + 12) != 0,
        .isn = get_le32(data + 16),
    };
    return true;
}

/* A code of 4 or 8 octets from AT to the end that pktLen gives. */
static bool read_code(const uint8_t *data, size_t length, size_t at, rdgudp_outcome_t *outcome)
{
    size_t end = RDGUDP_PACKET_HEADER + (size_t)get_le16(data + 2);

    if (end > length || (end != at + 4 && end != at + 8)) {
        return false;
    }
    outcome->code_length = (unsigned)(end - at);
    outcome->code = get_le32(data + at);
    return true;
}

bool rdgudp_pdu_read_response(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome)
{
    if (length < RDGUDP_RESPONSE_RESULT || !read_code(data, length, RDGUDP_RESPONSE_RESULT, outcome)) {
        return false;
    }
    outcome->syn = (rdgudp_syn_t){
        .isn = get_le32(data + 8),
    };
    return true;
}

bool rdgudp_pdu_read_disconnect(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome)
{
    return length >= RDGUDP_DISCONNECT_REASON && read_code(data, length, RDGUDP_DISCONNECT_REASON, outcome);
}

bool rdgudp_pdu_read_fragment(const uint8_t *data, size_t length, rdgudp_fragment_t *fragment)
{
    if (length < RDGUDP_FRAGMENT_DATA) {
        return false;
    }
    size_t behind = length - RDGUDP_FRAGMENT_DATA;
    fragment->id = get_le16(data + 4);
    fragment->count = get_le16(data + 6);
    fragment->length = get_le16(data + FRAGMENT_LENGTH_OFFSET);
    fragment->there = fragment->length < behind ? fragment->length : behind;
    fragment->padding = behind - fragment->there;
    return true;
}

bool rdgudp_pdu_is_clear_fragment(const uint8_t *data, size_t length)
{
    rdgudp_packet_t packet;
    rdgudp_fragment_t fragment;

    if (!rdgudp_pdu_read_header(data, length, &packet) || packet.id != RDGUDP_CONNECT_REQ_FRAGMENT ||
        !rdgudp_pdu_read_fragment(data, length, &fragment) || fragment.there < fragment.length) {
        return false;
    }
    return packet.length == FRAGMENT_LENGTH + fragment.length || packet.length == length - RDGUDP_PACKET_HEADER ||
           packet.length == length;
}
