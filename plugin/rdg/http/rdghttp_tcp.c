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
    rdghttp_tcp_side_t *other = &tcp->sides[!segment->from_gateway];

    if (!segment->rst) {
        on_octets(&tcp->sides[segment->from_gateway], segment);
    }
    /* What is acknowledged was there. */
    if (segment->ack && !segment->rst && other->is_known && tcp_sequence_is_after(segment->acknowledged, other->end)) {
        other->has_gap = other->has_gap || !segment->is_step;
        other->end = segment->acknowledged;
    }
    if (tcp->end == RDGHTTP_TCP_OPEN && (segment->fin || segment->rst)) {
        tcp->end = segment->rst ? RDGHTTP_TCP_RESET : RDGHTTP_TCP_CLOSED;
        tcp->ended_by_gateway = segment->from_gateway;
    }
}

void rdghttp_tcp_on_step(rdghttp_tcp_t *tcp)
{
    for (unsigned i = 0; i < 2; i++) {
        tcp->sides[i].has_gap = false;
        tcp->sides[i].is_unread = false;
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
