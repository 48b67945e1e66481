/* ip_headers.c
 * Finds a packet's TCP or UDP header in its octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ip_headers.h"

#include <string.h>

#include "icmp_error.h"
#include "octets.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMPV6 = 58, PROTOCOL_UDPLITE = 136 };
enum { IPV6_HOP_BY_HOP = 0, IPV6_ROUTING = 43, IPV6_FRAGMENT = 44, IPV6_AUTHENTICATION = 51, IPV6_OPTIONS = 60 };

#define IPV4_HEADER 20
#define IPV4_SOURCE 12
#define IPV6_HEADER 40
#define IPV6_SOURCE 8
#define MOST_IPV6_EXTENSIONS 8
#define UDP_HEADER 8
#define TCP_SEQUENCE 4
#define TCP_ACKNOWLEDGED 8
#define TCP_FLAGS 13
#define TCP_SHORTEST 14 /* up to and with the flags */
#define ICMP_HEADER 8
#define ICMP_MTU 6   /* two octets, behind type, code, checksum and two unused ones */
#define ICMPV6_MTU 4 /* four octets */

/* The octets behind an IP header. */
typedef struct {
    unsigned protocol;
    size_t offset; /* from the start of the frame */
    size_t length; /* as the header says: may be more than was captured */
    uint16_t ident;
    bool is_fragment;
} ip_payload_t;

/* False for what is no IPv4 header, or not that of a first fragment. */
static bool read_ipv4(const uint8_t *frame, size_t captured, size_t at, ip_payload_t *payload)
{
    if (captured - at < IPV4_HEADER || frame[at] >> 4 != 4) {
        return false;
    }
    size_t header = (size_t)(frame[at] & 0x0f) * 4;
    size_t total = octets_be16(frame + at + 2);
    /* Captured before the network card cuts large segments: the length is not known yet. */
    if (total == 0) {
        total = captured - at;
    }
    if (header < IPV4_HEADER || total < header || (octets_be16(frame + at + 6) & 0x1fff) != 0) {
        return false;
    }
    payload->protocol = frame[at + 9];
    payload->offset = at + header;
    payload->length = total - header;
    payload->ident = octets_be16(frame + at + 4);
    payload->is_fragment = (octets_be16(frame + at + 6) & 0x2000) != 0;
    return payload->offset <= captured;
}

/* False for what is no IPv6 header, not that of a first fragment, or leads to nothing that we know. */
static bool read_ipv6(const uint8_t *frame, size_t captured, size_t at, ip_payload_t *payload)
{
    if (captured - at < IPV6_HEADER || frame[at] >> 4 != 6) {
        return false;
    }
    size_t length = octets_be16(frame + at + 4);
    unsigned next = frame[at + 6];
    bool is_fragment = false;
    at += IPV6_HEADER;
    for (unsigned i = 0; i < MOST_IPV6_EXTENSIONS; i++) {
        size_t header;
        if (next != IPV6_HOP_BY_HOP && next != IPV6_ROUTING && next != IPV6_FRAGMENT && next != IPV6_AUTHENTICATION &&
            next != IPV6_OPTIONS) {
            *payload = (ip_payload_t){ .protocol = next, .offset = at, .length = length, .is_fragment = is_fragment };
            return true;
        }
        if (captured - at < 8 || (next == IPV6_FRAGMENT && (octets_be16(frame + at + 2) & 0xfff8) != 0)) {
            return false;
        }
        if (next == IPV6_FRAGMENT) {
            header = 8;
            is_fragment = (frame[at + 3] & 1) != 0;
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
static bool read_transport(const uint8_t *frame, size_t captured, const ip_payload_t *payload, ip_header_t *header)
{
    const uint8_t *data = frame + payload->offset;
    size_t there = captured - payload->offset;

    if (there < 4) {
        return false;
    }
    header->source_port = octets_be16(data);
    header->destination_port = octets_be16(data + 2);
    header->ident = payload->ident;
    header->is_fragment = payload->is_fragment;
    switch (payload->protocol) {
    case PROTOCOL_TCP:
        header->transport = TRANSPORT_TCP;
        header->sequence = there >= TCP_ACKNOWLEDGED ? octets_be32(data + TCP_SEQUENCE) : 0;
        if (there >= TCP_SHORTEST) {
            size_t length = (size_t)(data[TCP_FLAGS - 1] >> 4) * 4;
            header->has_payload = payload->length > length;
            header->payload = payload->offset + length;
            header->payload_length = header->has_payload ? payload->length - length : 0;
            header->acknowledged = octets_be32(data + TCP_ACKNOWLEDGED);
            header->flags = data[TCP_FLAGS];
            header->fin = (data[TCP_FLAGS] & 0x01) != 0;
            header->syn = (data[TCP_FLAGS] & 0x02) != 0;
            header->ack = (data[TCP_FLAGS] & 0x10) != 0;
            header->rst = (data[TCP_FLAGS] & 0x04) != 0;
        }
        return true;
    case PROTOCOL_UDP:
    case PROTOCOL_UDPLITE:
        header->transport = TRANSPORT_UDP;
        header->has_payload = payload->length > UDP_HEADER;
        header->payload = payload->offset + UDP_HEADER;
        header->payload_length = header->has_payload ? payload->length - UDP_HEADER : 0;
        return true;
    default:
        return false;
    }
}

/* Finds the next IP header with the addresses, from *AT on, and moves *AT behind its start. */
static bool next_ip(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses, size_t *at,
                    ip_payload_t *payload, size_t *source_offset)
{
    const uint8_t version = addresses->is_ipv6 ? 6 : 4;
    size_t address = addresses->is_ipv6 ? 16 : 4;
    size_t source = addresses->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE;

    for (; *at + source + 2 * address <= captured; (*at)++) {
        /* The version rules out most places without a comparison of addresses. */
        if (frame[*at] >> 4 == version && memcmp(frame + *at + source, addresses->source, address) == 0 &&
            memcmp(frame + *at + source + address, addresses->destination, address) == 0 &&
            read_ip(frame, captured, *at, addresses->is_ipv6, payload)) {
            *source_offset = *at + source;
            (*at)++;
            return true;
        }
    }
    return false;
}

/* Where the header begins when the addresses are octets of FRAME itself, as Wireshark's are; otherwise 0. */
static size_t guess_start(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses)
{
    const uintptr_t begin = (uintptr_t)frame + (addresses->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE);
    const uintptr_t source = (uintptr_t)addresses->source;

    return source >= begin && source < (uintptr_t)frame + captured ? source - begin : 0;
}

static bool find_from(size_t at, const uint8_t *frame, size_t captured, const ip_addresses_t *addresses,
                      ip_header_t *header)
{
    ip_payload_t payload;
    size_t source_offset;

    while (next_ip(frame, captured, addresses, &at, &payload, &source_offset)) {
        ip_header_t found = { .source_offset = source_offset };
        if (read_transport(frame, captured, &payload, &found) && found.transport == header->transport &&
            found.source_port == header->source_port && found.destination_port == header->destination_port) {
            *header = found;
            return true;
        }
    }
    return false;
}

bool ip_headers_find(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses, ip_header_t *header)
{
    const size_t guess = guess_start(frame, captured, addresses);

    return find_from(guess, frame, captured, addresses, header) ||
           (guess > 0 && find_from(0, frame, captured, addresses, header));
}

/* Reads the error whose ICMP header is at AT, and the TCP or UDP header that it quotes. */
static bool read_error(const uint8_t *frame, size_t captured, size_t at, bool is_ipv6, ip_header_t *header)
{
    size_t inner = at + ICMP_HEADER;
    ip_payload_t quoted;

    *header = (ip_header_t){ .source_offset = inner + (is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE) };
    if (inner >= captured || !read_ip(frame, captured, inner, is_ipv6, &quoted) ||
        !read_transport(frame, captured, &quoted, header)) {
        return false;
    }
    header->has_payload = false;
    header->icmp_type = frame[at];
    header->icmp_code = frame[at + 1];
    if (icmp_error_kind(is_ipv6, header->icmp_type, header->icmp_code) == ICMP_ERROR_MTU) {
        header->icmp_mtu = is_ipv6 ? octets_be32(frame + at + ICMPV6_MTU) : octets_be16(frame + at + ICMP_MTU);
    }
    return true;
}

/* True when the IP header of an ICMP error, without options, stands right before the ICMP header at AT; *OUTER is where
 * it begins. */
static bool find_error_before(const uint8_t *frame, size_t at, bool is_ipv6, size_t *outer)
{
    size_t length = is_ipv6 ? IPV6_HEADER : IPV4_HEADER;

    if (at < length) {
        return false;
    }
    *outer = at - length;
    return is_ipv6 ? frame[*outer] >> 4 == 6 && frame[*outer + 6] == PROTOCOL_ICMPV6
                   : frame[*outer] == 0x45 && frame[*outer + 9] == PROTOCOL_ICMP;
}

bool ip_headers_find_quoted(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses, ip_header_t *header)
{
    const bool is_ipv6 = addresses->is_ipv6;
    const size_t source = is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE;
    ip_payload_t payload;
    size_t source_offset, outer;

    for (size_t at = 0; next_ip(frame, captured, addresses, &at, &payload, &source_offset);) {
        if (payload.protocol == (is_ipv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP) &&
            read_error(frame, captured, payload.offset, is_ipv6, header)) {
            header->error_source = source_offset;
            return true;
        }
        /* Or these are the addresses of what is quoted. */
        size_t quoted = source_offset - source;
        if (quoted >= ICMP_HEADER && find_error_before(frame, quoted - ICMP_HEADER, is_ipv6, &outer) &&
            read_error(frame, captured, quoted - ICMP_HEADER, is_ipv6, header)) {
            header->error_source = outer + source;
            return true;
        }
    }
    return false;
}
