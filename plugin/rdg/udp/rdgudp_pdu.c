/* rdgudp_pdu.c
 * The parts of a datagram of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_pdu.h"

#include <string.h>

#include "base/octets.h"
#include "rdgudp_dtls.h"

/* Smallest lengths behind the packet header (MS-TSGU sections 2.2.11.3 to 2.2.11.8). */
#define CONNECT_REQ_LENGTH 16
#define CONNECT_RESP_SHORT 12
#define CONNECT_RESP_LONG 16
#define DISCONNECT_SHORT 4
#define DISCONNECT_LONG 8
#define RDPEUDP_SHORTEST 8

/* What the THERE captured octets of LENGTH at DATA are. Of the trailer's 26 octets 10 are fixed; each of them that was
 * captured must be right. */
static rdgudp_trailer_t read_trailer(const uint8_t *data, size_t there, size_t length)
{
    static const uint8_t head[RDGUDP_TRAILER_ID] = { 0, 0, 0, 0, 0xaa, 0x1d };
    static const uint8_t tail[] = { 0x1d, 0xaa, RDGUDP_TRAILER_LENGTH, 0 };

    if (length != RDGUDP_TRAILER_LENGTH || memcmp(data, head, there < sizeof head ? there : sizeof head) != 0 ||
        (there > RDGUDP_TRAILER_SIGNATURE2 &&
         memcmp(data + RDGUDP_TRAILER_SIGNATURE2, tail, there - RDGUDP_TRAILER_SIGNATURE2) != 0)) {
        return RDGUDP_TRAILER_NONE;
    }
    return there == length ? RDGUDP_TRAILER_WHOLE : RDGUDP_TRAILER_NOT_CAPTURED;
}

rdgudp_trailer_t rdgudp_pdu_read_trailer(const uint8_t *data, size_t captured, size_t reported, size_t length)
{
    if (length >= reported) {
        return RDGUDP_TRAILER_NONE;
    }
    if (length >= captured) {
        return RDGUDP_TRAILER_NOT_CAPTURED;
    }
    size_t there = captured - length;
    if (captured < reported && there < DTLS_RECORD_12_HEADER && rdgudp_dtls_looks_like_record(data + length, there)) {
        return RDGUDP_TRAILER_NOT_CAPTURED;
    }
    return read_trailer(data + length, there, reported - length);
}

bool rdgudp_pdu_read_header(const uint8_t *data, size_t length, rdgudp_packet_t *packet)
{
    if (length < RDGUDP_PACKET_HEADER) {
        return false;
    }
    packet->id = octets_le16(data);
    packet->length = octets_le16(data + 2);
    return packet->id >= RDGUDP_CONNECT_REQ && packet->id <= RDGUDP_CONNECT_REQ_FRAGMENT;
}

bool rdgudp_pdu_read_packet(const uint8_t *data, size_t length, rdgudp_packet_t *packet)
{
    if (!rdgudp_pdu_read_header(data, length, packet)) {
        return false;
    }
    size_t body = length - RDGUDP_PACKET_HEADER;
    if (packet->id == RDGUDP_CONNECT_REQ_FRAGMENT) {
        return packet->length >= RDGUDP_FRAGMENT_HEADER && packet->length <= body &&
               octets_le16(data + RDGUDP_FRAGMENT_LENGTH) == packet->length - RDGUDP_FRAGMENT_HEADER;
    }
    if (packet->length != body) {
        return false;
    }
    switch (packet->id) {
    case RDGUDP_CONNECT_REQ:
        return body >= CONNECT_REQ_LENGTH &&
               octets_le16(data + RDGUDP_CONNECT_COOKIE_LENGTH) == body - CONNECT_REQ_LENGTH;
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

bool rdgudp_pdu_fits(const uint8_t *data, size_t length, const rdgudp_packet_t *packet)
{
    size_t body = length - RDGUDP_PACKET_HEADER;
    rdgudp_connect_t connect;

    switch (packet->id) {
    case RDGUDP_CONNECT_REQ:
        if (!rdgudp_pdu_read_connect(data, length, &connect) || connect.cookie_length > body - CONNECT_REQ_LENGTH) {
            return true; /* it ends too early, whatever pktLen is */
        }
        return packet->length >= CONNECT_REQ_LENGTH + connect.cookie_length && packet->length <= body;
    case RDGUDP_CONNECT_RESP:
        return packet->length == body || (body != CONNECT_RESP_SHORT && body != CONNECT_RESP_LONG);
    case RDGUDP_DISCONNECT:
        return packet->length == body || (body != DISCONNECT_SHORT && body != DISCONNECT_LONG);
    case RDGUDP_PAYLOAD:
        return packet->length == body;
    default:
        return true;
    }
}

bool rdgudp_pdu_read_connect(const uint8_t *data, size_t length, rdgudp_connect_t *connect)
{
    if (length < RDGUDP_CONNECT_COOKIE) {
        return false;
    }
    connect->target_port = octets_le16(data + RDGUDP_CONNECT_PORT);
    connect->cookie_length = octets_le16(data + RDGUDP_CONNECT_COOKIE_LENGTH);
    connect->lossy = octets_le32(data + RDGUDP_CONNECT_LOSSY) != 0;
    connect->isn = octets_le32(data + RDGUDP_CONNECT_ISN);
    return true;
}

/* A code of 4 or 8 octets from AT to the end that pktLen gives, or to the real end when pktLen is wrong. */
static bool read_code(const uint8_t *data, size_t length, size_t at, rdgudp_outcome_t *outcome)
{
    size_t end = RDGUDP_PACKET_HEADER + (size_t)octets_le16(data + 2);

    if (end > length || (end != at + 4 && end != at + 8)) {
        end = length;
    }
    if (end != at + 4 && end != at + 8) {
        return false;
    }
    outcome->code_length = (unsigned)(end - at);
    outcome->code = octets_le32(data + at);
    return true;
}

bool rdgudp_pdu_read_response(const uint8_t *data, size_t length, rdgudp_outcome_t *outcome)
{
    return length >= RDGUDP_RESPONSE_RESULT && read_code(data, length, RDGUDP_RESPONSE_RESULT, outcome);
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
    fragment->id = octets_le16(data + RDGUDP_FRAGMENT_ID);
    fragment->count = octets_le16(data + RDGUDP_FRAGMENT_COUNT);
    fragment->length = octets_le16(data + RDGUDP_FRAGMENT_LENGTH);
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
    return packet.length == RDGUDP_FRAGMENT_HEADER + fragment.length ||
           packet.length == length - RDGUDP_PACKET_HEADER || packet.length == length;
}
