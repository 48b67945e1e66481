/* gtpp_refusals.c
 * Tells the ledger of requests that their host refused.
 *
 * Of ICMP's errors, only "port unreachable" from the address that the request went to says that the host got it and
 * that no program there took it. An error from another address (a firewall, a router) may hold for this packet and not
 * for its copies, and the other codes do not say what became of the request at the host.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_refusals.h"

#include "base/icmp_error.h"
#include "base/observers.h"
#include "base/packet_ends.h"
#include "gtpp_session.h"

static bool is_port_unreachable(const packet_ends_t *ends)
{
    const ip_header_t *header = &ends->header;

    return header->transport == TRANSPORT_UDP && addresses_equal(&ends->sender, &ends->destination) &&
           icmp_error_kind(ends->source.type == AT_IPv6, header->icmp_type, header->icmp_code) == ICMP_ERROR_PORT;
}

/* The message's type and number, where the error quotes as much: many quote the UDP header alone. */
static gtpp_quote_t read_quote(tvbuff_t *frame, const packet_ends_t *ends)
{
    enum { TYPE = 1, NUMBER = 4, HEADER = 6 };
    const size_t at = ends->header.payload;
    gtpp_quote_t quote = { .ip_id = ends->header.ident };

    if (at > 0 && at + HEADER <= tvb_captured_length(frame)) {
        quote.has_header = true;
        quote.type = tvb_get_uint8(frame, (int)at + TYPE);
        quote.seq = tvb_get_ntohs(frame, (int)at + NUMBER);
    }
    return quote;
}

static void observe(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree _U_, bool is_icmp)
{
    packet_ends_t ends;

    if (!is_icmp || PINFO_FD_VISITED(pinfo) || !packet_ends_read(frame, pinfo, true, &ends) ||
        !is_port_unreachable(&ends)) {
        return;
    }
    const gtpp_quote_t quote = read_quote(frame, &ends);
    gtpp_session_refuse(pinfo, &ends, &quote);
}

void gtpp_refusals_start(int proto)
{
    observers_add(proto, observe);
}
