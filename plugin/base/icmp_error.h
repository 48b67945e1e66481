/* icmp_error.h
 * What an ICMP or ICMPv6 error means for the packet that it quotes. Plain: needs no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_ICMP_ERROR_H
#define PORTLORE_ICMP_ERROR_H

#include <stdbool.h>

typedef enum {
    ICMP_ERROR_NONE,         /* nothing that is known here: the packet may have arrived */
    ICMP_ERROR_PORT,         /* port unreachable: nothing listens there */
    ICMP_ERROR_PROTOCOL,     /* protocol unreachable: the host has no such transport */
    ICMP_ERROR_PROHIBITED,   /* a filter or a policy */
    ICMP_ERROR_ROUTE,        /* network or host unreachable or unknown */
    ICMP_ERROR_SOURCE_ROUTE, /* the route that the packet asked for failed */
    ICMP_ERROR_HOPS,         /* time exceeded in transit */
    ICMP_ERROR_MTU           /* fragmentation needed, packet too big */
} icmp_error_kind_t;

/* The kind of the error with TYPE and CODE (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1, RFC 4443
 * section 3, RFC 6554 section 3). */
icmp_error_kind_t icmp_error_kind(bool is_ipv6, unsigned type, unsigned code);

#endif
