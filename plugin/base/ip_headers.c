/* ip_headers.c
 * Finds a packet's TCP or UDP header in its octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ip_headers.h"

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
    size_t offset; /* from the start of the frame */
    size_t length; /* as the header says: may be more than was captured */
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

/* Reads the TCP or UDP header there. */
static bool read_transport(const uint8_t *frame, size_t captured, const ip_payload_t *payload, lore_header_t *header)
{
    const uint8_t *data = frame + payload->offset;
    size_t there = captured - payload->offset;

    if (there < 4) {
        return false;
    }
    header->source_port = get_uint16(data);
    header->destination_port = get_uint16(data + 2);
    switch (payload->protocol) {
    case PROTOCOL_TCP:
        header->transport = PORT_TRANSPORT_TCP;
        if (there >= TCP_SHORTEST) {
            header->has_payload = payload->length > (size_t)(data[TCP_FLAGS - 1] >> 4) * 4;
            header->syn = (data[TCP_FLAGS] & 0x02) != 0;
            header->ack = (data[TCP_FLAGS] & 0x10) != 0;
            header->rst = (data[TCP_FLAGS] & 0x04) != 0;
        }
        return true;
    case PROTOCOL_UDP:
    case PROTOCOL_UDPLITE:
        header->transport = PORT_TRANSPORT_UDP;
        header->has_payload = payload->length > UDP_HEADER;
        return true;
    default:
        return false;
    }
}

/* Finds the next IP header with the addresses, from *AT on, and moves *AT behind its start. */
static bool next_ip(const uint8_t *frame, size_t captured, const lore_addresses_t *addresses, size_t *at,
                    ip_payload_t *payload, size_t *source_offset)
{
    size_t address = addresses->is_ipv6 ? 16 : 4;
    size_t source = addresses->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE;

    for (; *at + source + 2 * address <= captured; (*at)++) {
        if (memcmp(frame + *at + source, addresses->source, address) == 0 &&
            memcmp(frame + *at + source + address, addresses->destination, address) == 0 &&
            read_ip(frame, captured, *at, addresses->is_ipv6, payload)) {
            *source_offset = *at + source;
            (*at)++;
            return true;
        }
    }
    return false;
}

bool ip_headers_find(const uint8_t *frame, size_t captured, const lore_addresses_t *addresses, lore_header_t *header)
{
    ip_payload_t payload;
    size_t source_offset;

    for (size_t at = 0; next_ip(frame, captured, addresses, &at, &payload, &source_offset);) {
        lore_header_t found = { .source_offset = source_offset };
        if (read_transport(frame, captured, &payload, &found) && found.transport == header->transport &&
            found.source_port == header->source_port && found.destination_port == header->destination_port) {
            *header = found;
            return true;
        }
    }
    return false;
}

bool ip_headers_find_quoted(const uint8_t *frame, size_t captured, const lore_addresses_t *addresses,
                              lore_header_t *header)
{
    unsigned icmp = addresses->is_ipv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP;
    ip_payload_t payload, quoted;
    size_t source_offset;

    for (size_t at = 0; next_ip(frame, captured, addresses, &at, &payload, &source_offset);) {
        size_t inner = payload.offset + ICMP_HEADER;
        *header = (lore_header_t){ .source_offset = inner + (addresses->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE) };
        if (payload.protocol == icmp && inner < captured &&
            read_ip(frame, captured, inner, addresses->is_ipv6, &quoted) &&
            read_transport(frame, captured, &quoted, header)) {
            header->has_payload = false;
            header->unreachable = frame[payload.offset] == (addresses->is_ipv6 ? ICMPV6_UNREACHABLE : ICMP_UNREACHABLE);
            return true;
        }
    }
    return false;
}
