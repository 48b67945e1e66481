/* icmp_error.c
 * What an ICMP or ICMPv6 error means for the packet that it quotes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "icmp_error.h"

static icmp_error_kind_t unreachable(unsigned code)
{
    switch (code) {
    case 0:
    case 1:
    case 6:
    case 7:
    case 8:
    case 11: /* of networks and hosts, for a type of service */
    case 12:
        return ICMP_ERROR_ROUTE;
    case 2:
        return ICMP_ERROR_PROTOCOL;
    case 3:
        return ICMP_ERROR_PORT;
    case 4:
        return ICMP_ERROR_MTU;
    case 5:
        return ICMP_ERROR_SOURCE_ROUTE;
    case 9:
    case 10:
    case 13:
    case 14: /* of precedence */
    case 15:
        return ICMP_ERROR_PROHIBITED;
    default:
        return ICMP_ERROR_NONE;
    }
}

static icmp_error_kind_t unreachable_ipv6(unsigned code)
{
    switch (code) {
    case 0:
    case 2: /* beyond the scope of the source address */
    case 3:
        return ICMP_ERROR_ROUTE;
    case 1:
    case 5: /* by a policy for the source address */
    case 6: /* a route that rejects */
        return ICMP_ERROR_PROHIBITED;
    case 4:
        return ICMP_ERROR_PORT;
    case 7:
        return ICMP_ERROR_SOURCE_ROUTE;
    default:
        return ICMP_ERROR_NONE;
    }
}

icmp_error_kind_t icmp_error_kind(bool is_ipv6, unsigned type, unsigned code)
{
    enum { UNREACHABLE = 3, EXCEEDED = 11, IPV6_UNREACHABLE = 1, IPV6_TOO_BIG = 2, IPV6_EXCEEDED = 3 };

    if (type == (is_ipv6 ? IPV6_UNREACHABLE : UNREACHABLE)) {
        return is_ipv6 ? unreachable_ipv6(code) : unreachable(code);
    }
    if (type == (is_ipv6 ? IPV6_EXCEEDED : EXCEEDED)) {
        return code == 0 ? ICMP_ERROR_HOPS : ICMP_ERROR_NONE; /* code 1 is about fragments that came */
    }
    return is_ipv6 && type == IPV6_TOO_BIG ? ICMP_ERROR_MTU : ICMP_ERROR_NONE;
}
