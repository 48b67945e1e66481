/* lore_headers.c
 * Finds a packet's TCP or UDP header in its octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "lore_headers.h"

#include <string.h>

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMPV6 = 58, PROTOCOL_UDPLITE = 136 };
enum { IPV6_HOP_BY_HOP = 0, IPV6_ROUTING = 43, IPV6_FRAGMENT = 44, IPV6_AUTHENTICATION = 51, IPV6_OPTIONS = 60 };

#define IPV4_HEADER 20
#define IPV4_SOURCE 12
#define IPV6_HEADER 40
#define IPV6_SOURCE 8
#define MOST_IPV6_EXTENSIONS 8
#define UDP_HEADER 8
#define TCP_FLAGS 13
#define TCP_SHORTEST 14 /* up to and with the flags */
#define ICMP_HEADER 8
#define ICMP_UNREACHABLE 3
#define ICMPV6_UNREACHABLE 1

/* The octets behind an IP header. */
typedef struct {
    unsigned protocol;
    size_t offset;    /* from the start of the frame */
    size_t length;    /* as the header says: may be more than was captured */
} ip_payload_t;

static uint16_t get_uint16(const uint8_t *data)
{
    return (uint16_t)(data[0] << 8 | data[1]);
}

/* False for what is no IPv4 header, or not that of a first fragment. */
static bool read_ipv4(const uint8_t *frame, size_t captured, size_t at, ip_payload_t *payload)
{
    if (captured - at < IPV4_HEADER || frame[at] >> 4 != 4) {
        return false;
    }
    size_t header = (size_t)(frame[at] & 0x0f) * 4;
    size_t total = get_uint16(frame + at + 2);
    /* Captured before the network card cuts large segments: the length is not known yet. */
    if (total == 0) {
        total = captured - at;
    }
    if (header < IPV4_HEADER || total < header || (get_uint16(frame + at + 6) & 0x1fff) != 0) {
        return false;
    }
    payload->protocol = frame[at + 9];
    payload->offset = at + header;
    payload->length = total - header;
    return payload->offset <= captured;
}

/* False for what is no IPv6 header, not that of a first fragment, or leads to nothing that we know. */
static bool read_ipv6(const uint8_t *frame, size_t captured, size_t at, ip_payload_t *payload)
{
    if (captured - at < IPV6_HEADER || frame[at] >> 4 != 6) {
        return false;
    }
    size_t length = get_uint16(frame + at + 4);
    unsigned next = frame[at + 6];
    at += IPV6_HEADER;
    for (unsigned i = 0; i < MOST_IPV6_EXTENSIONS; i++) {
        size_t header;
        if (next != IPV6_HOP_BY_HOP && next != IPV6_ROUTING && next != IPV6_FRAGMENT && next != IPV6_AUTHENTICATION &&
            next != IPV6_OPTIONS) {
            *payload = (ip_payload_t){ .protocol = next, .offset = at, .length = length };
            return true;
        }
        if (captured - at < 8 || (next == IPV6_FRAGMENT && (get_uint16(frame + at + 2) & 0xfff8) != 0)) {
            return false;
        }
        if (next == IPV6_FRAGMENT) {
            header = 8;
        } else if (next == IPV6_AUTHENTICATION) {
            header = ((size_t)frame[at + 1] + 2) * 4;
        } else {
            header = ((size_t)frame[at + 1] + 1) * 8;
        }
        next = frame[at];
        if (header > captured - at || header > length) {
            return false;
        }
        at += header;
        length -= header;
    }
    return false;
}

static bool read_ip(const uint8_t *frame, size_t captured, size_t at, bool is_ipv6, ip_payload_t *payload)
{
    return is_ipv6 ? read_ipv6(frame, captured, at, payload) : read_ipv4(frame, captured, at, payload);
}

static bool is_transport(unsigned protocol, port_transport_t transport)
{
    return transport == PORT_TRANSPORT_TCP ? protocol == PROTOCOL_TCP
                                           : protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE;
}

/* Reads the TCP or UDP header there, when it is the one that is known. */
static bool read_transport(const uint8_t *frame, size_t captured, const ip_payload_t *payload,
                           const lore_known_t *known, lore_header_t *header)
{
    const uint8_t *data = frame + payload->offset;
    size_t there = captured - payload->offset;

    if (!is_transport(payload->protocol, known->transport) || there < 4 || get_uint16(data) != known->source_port ||
        get_uint16(data + 2) != known->destination_port) {
        return false;
    }
    if (known->transport == PORT_TRANSPORT_UDP) {
        header->has_payload = payload->length > UDP_HEADER;
    } else if (there >= TCP_SHORTEST) {
        header->has_payload = payload->length > (size_t)(data[TCP_FLAGS - 1] >> 4) * 4;
        header->syn = (data[TCP_FLAGS] & 0x02) != 0;
        header->ack = (data[TCP_FLAGS] & 0x10) != 0;
        header->rst = (data[TCP_FLAGS] & 0x04) != 0;
    }
    return true;
}

/* Reads the header that the ICMP error quotes, when it is the one that is known. */
static bool read_quoted(const uint8_t *frame, size_t captured, const ip_payload_t *payload, const lore_known_t *known,
                        lore_header_t *header)
{
    unsigned expected = known->is_ipv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP;
    size_t inner = payload->offset + ICMP_HEADER;
    ip_payload_t quoted;

    if (payload->protocol != expected || inner >= captured ||
        !read_ip(frame, captured, inner, known->is_ipv6, &quoted) ||
        !read_transport(frame, captured, &quoted, known, header)) {
        return false;
    }
    header->quoted = true;
    header->has_payload = false;
    header->unreachable = frame[payload->offset] == (known->is_ipv6 ? ICMPV6_UNREACHABLE : ICMP_UNREACHABLE);
    header->source_offset = inner + (known->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE);
    return true;
}

bool lore_headers_find(const uint8_t *frame, size_t captured, const lore_known_t *known, bool quoted,
                       lore_header_t *header)
{
    size_t address = known->is_ipv6 ? 16 : 4;
    size_t source = known->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE;

    for (size_t at = 0; at + source + 2 * address <= captured; at++) {
        ip_payload_t payload;
        if (memcmp(frame + at + source, known->source, address) != 0 ||
            memcmp(frame + at + source + address, known->destination, address) != 0 ||
            !read_ip(frame, captured, at, known->is_ipv6, &payload)) {
            continue;
        }
        *header = (lore_header_t){ .source_offset = at + source };
        if (quoted ? read_quoted(frame, captured, &payload, known, header)
                   : read_transport(frame, captured, &payload, known, header)) {
            return true;
        }
    }
    return false;
}
