/* rdghttp_tcp.c
 * What TCP shows of a main channel's connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdghttp_tcp.h"

#include "base/tcp_sequence.h"

#define RECORD_HEADER 5
#define ALERT 21
#define APPLICATION_DATA 23

/* An encrypted alert of TLS 1.3: two octets, the content type, the tag (RFC 8446 section 5.2). */
#define HIDDEN_ALERT 19

/* WebSocket: octets of a mask; the first octet of a Close frame. */
#define MASK 4
#define CLOSE_FRAME 0x88

/* True for a segment that is one TLS record with an alert: what an end says before it closes. */
static bool is_alert(const rdghttp_segment_t *segment)
{
    const uint8_t *octets = segment->octets;

    if (segment->captured < RECORD_HEADER || octets[1] != 3) {
        return false;
    }
    uint32_t length = (uint32_t)octets[3] << 8 | octets[4];
    return segment->length == RECORD_HEADER + length &&
           (octets[0] == ALERT || (octets[0] == APPLICATION_DATA && length == HIDDEN_ALERT));
}

static void on_octets(rdghttp_tcp_side_t *side, const rdghttp_segment_t *segment)
{
    uint32_t end = segment->sequence + segment->length + segment->syn + segment->fin;

    if (side->is_known && !segment->is_step && tcp_sequence_is_after(segment->sequence, side->end)) {
        side->has_gap = true;
    }
    if (segment->length > 0 && (!side->is_known || tcp_sequence_is_after(end, side->end)) && !is_alert(segment)) {
        side->is_unread = true;
    }
    if (segment->is_read) {
        side->is_unread = false;
        side->has_alert = false;
    }
    if (!side->is_known || tcp_sequence_is_after(end, side->end)) {
        side->is_known = true;
        side->end = end;
    }
}

bool rdghttp_tcp_is_behind_gap(const rdghttp_tcp_t *tcp, const rdghttp_segment_t *segment)
{
    const rdghttp_tcp_side_t *side = &tcp->sides[segment->from_gateway];
    const rdghttp_tcp_side_t *other = &tcp->sides[!segment->from_gateway];

    return (side->is_known && tcp_sequence_is_after(segment->sequence, side->end)) ||
           (segment->ack && other->is_known && tcp_sequence_is_after(segment->acknowledged, other->end));
}

void rdghttp_tcp_on_segment(rdghttp_tcp_t *tcp, const rdghttp_segment_t *segment)
{
    rdghttp_tcp_side_t *side = &tcp->sides[segment->from_gateway];
    rdghttp_tcp_side_t *other = &tcp->sides[!segment->from_gateway];

    if (!segment->rst) {
        on_octets(side, segment);
    }
    if (!segment->is_read && is_alert(segment)) {
        side->has_alert = !other->has_alert;
    }
    /* What is acknowledged was there. */
    if (segment->ack && !segment->rst && other->is_known && tcp_sequence_is_after(segment->acknowledged, other->end)) {
        other->has_gap = other->has_gap || !segment->is_step;
        other->end = segment->acknowledged;
    }
    if (tcp->end == RDGHTTP_TCP_OPEN && (segment->fin || segment->rst)) {
        tcp->end = other->has_alert ? RDGHTTP_TCP_ALERT : segment->rst ? RDGHTTP_TCP_RESET : RDGHTTP_TCP_CLOSED;
        tcp->ended_by_gateway = segment->from_gateway != other->has_alert;
    }
}

void rdghttp_tcp_on_websocket_close(rdghttp_tcp_t *tcp, bool from_gateway, uint16_t status)
{
    if (tcp->end == RDGHTTP_TCP_OPEN) {
        tcp->end = RDGHTTP_TCP_WEBSOCKET;
        tcp->ended_by_gateway = from_gateway;
        tcp->close_status = status;
    }
}

/* The octets of a frame's head, SIZE those behind it (RFC 6455 section 5.2); 0 when they are not there. */
static size_t frame_head(const uint8_t *octets, size_t length, uint64_t *size)
{
    if (length < 2) {
        return 0;
    }
    const size_t more = (octets[1] & 0x7f) == 126 ? 2 : (octets[1] & 0x7f) == 127 ? 8 : 0;
    const size_t head = 2 + more + (octets[1] & 0x80 ? MASK : 0);
    if (length < head) {
        return 0;
    }
    *size = more == 0 ? octets[1] & 0x7f : 0;
    for (size_t i = 0; i < more; i++) {
        *size = *size << 8 | octets[2 + i];
    }
    return head;
}

int rdghttp_tcp_find_websocket_close(const uint8_t *octets, size_t length, bool from_gateway)
{
    uint64_t size;
    size_t head;

    while ((head = frame_head(octets, length, &size)) > 0 && size <= length - head) {
        const bool is_masked = octets[1] & 0x80;
        if (is_masked == from_gateway) {
            return -1;
        }
        if (octets[0] == CLOSE_FRAME) {
            const uint8_t *mask = octets + head - MASK;
            uint16_t status = size < 2 ? 0 : (uint16_t)(octets[head] << 8 | octets[head + 1]);
            return is_masked && size >= 2 ? status ^ (mask[0] << 8 | mask[1]) : status;
        }
        octets += head + size;
        length -= head + (size_t)size;
    }
    return -1;
}

void rdghttp_tcp_on_step(rdghttp_tcp_t *tcp)
{
    for (unsigned i = 0; i < 2; i++) {
        tcp->sides[i].has_gap = false;
        tcp->sides[i].is_unread = false;
        tcp->sides[i].has_alert = false;
    }
    tcp->end = RDGHTTP_TCP_OPEN;
}

bool rdghttp_tcp_is_whole(const rdghttp_tcp_t *tcp)
{
    for (unsigned i = 0; i < 2; i++) {
        const rdghttp_tcp_side_t *side = &tcp->sides[i];
        if (!side->is_known || side->has_gap || side->is_unread) {
            return false;
        }
    }
    return true;
}
