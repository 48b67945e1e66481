/* ip_fragment.c
 * Reads the IP header of a packet that is a fragment of a UDP datagram.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ip_fragment.h"

#include <string.h>

#include "octets.h"

enum { PROTOCOL_UDP = 17, IPV6_HOP_BY_HOP = 0, IPV6_ROUTING = 43, IPV6_FRAGMENT = 44, IPV6_OPTIONS = 60 };

#define IPV4_HEADER 20
#define IPV4_SOURCE 12
#define IPV4_MORE 0x2000
#define IPV4_OFFSET 0x1fff /* in units of eight octets */
#define IPV6_HEADER 40
#define IPV6_SOURCE 8
#define IPV6_MORE 1
#define IPV6_OFFSET 0xfff8
#define IPV6_EXTENSION 8
#define MOST_IPV6_EXTENSIONS 8

static void read_ports(const uint8_t *frame, size_t captured, size_t at, size_t end, ip_fragment_t *fragment)
{
    fragment->payload = at;
    fragment->octets = end > at ? end - at : 0;
    if (fragment->offset == 0 && at + 4 <= captured) {
        fragment->has_ports = true;
        fragment->source_port = octets_be16(frame + at);
        fragment->destination_port = octets_be16(frame + at + 2);
    }
}

/* AT is where the header begins; all of it up to and with the addresses was captured. */
static bool read_ipv4(const uint8_t *frame, size_t captured, size_t at, ip_fragment_t *fragment)
{
    const size_t length = (size_t)(frame[at] & 0x0f) * 4;
    const unsigned place = octets_be16(frame + at + 6);

    if (frame[at] >> 4 != 4 || length < IPV4_HEADER || frame[at + 9] != PROTOCOL_UDP ||
        (place & (IPV4_MORE | IPV4_OFFSET)) == 0) {
        return false;
    }
    *fragment = (ip_fragment_t){ .ident = octets_be16(frame + at + 4), .offset = (place & IPV4_OFFSET) * 8 };
    read_ports(frame, captured, at + length, at + octets_be16(frame + at + 2), fragment);
    return true;
}

static bool read_ipv6(const uint8_t *frame, size_t captured, size_t at, ip_fragment_t *fragment)
{
    unsigned next = frame[at + 6];

    if (frame[at] >> 4 != 6) {
        return false;
    }
    at += IPV6_HEADER;
    const size_t end = at + octets_be16(frame + at - IPV6_HEADER + 4);
    for (unsigned i = 0; i < MOST_IPV6_EXTENSIONS && at + IPV6_EXTENSION <= captured; i++) {
        if (next == IPV6_FRAGMENT) {
            const unsigned place = octets_be16(frame + at + 2);
            if ((place & (IPV6_MORE | IPV6_OFFSET)) == 0 || frame[at] != PROTOCOL_UDP) {
                return false;
            }
            *fragment = (ip_fragment_t){ .ident = octets_be32(frame + at + 4), .offset = place & IPV6_OFFSET };
            read_ports(frame, captured, at + IPV6_EXTENSION, end, fragment);
            return true;
        }
        if (next != IPV6_HOP_BY_HOP && next != IPV6_ROUTING && next != IPV6_OPTIONS) {
            return false;
        }
        next = frame[at];
        at += ((size_t)frame[at + 1] + 1) * 8;
    }
    return false;
}

bool ip_fragment_find(const uint8_t *frame, size_t captured, const ip_addresses_t *addresses, ip_fragment_t *fragment)
{
    const size_t address = addresses->is_ipv6 ? 16 : 4;
    const size_t source = addresses->is_ipv6 ? IPV6_SOURCE : IPV4_SOURCE;

    for (size_t at = 0; at + source + 2 * address <= captured; at++) {
        if (memcmp(frame + at + source, addresses->source, address) == 0 &&
            memcmp(frame + at + source + address, addresses->destination, address) == 0 &&
            (addresses->is_ipv6 ? read_ipv6(frame, captured, at, fragment)
                                : read_ipv4(frame, captured, at, fragment))) {
            return true;
        }
    }
    return false;
}
