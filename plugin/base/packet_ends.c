/* packet_ends.c
 * The ends of a packet, or of the packet that an ICMP error quotes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "packet_ends.h"

static int proto_icmp = -1;
static int proto_icmpv6 = -1;

void packet_ends_start(void)
{
    proto_icmp = proto_get_id_by_filter_name("icmp");
    proto_icmpv6 = proto_get_id_by_filter_name("icmpv6");
}

/* Asked of every packet: two searches of its layers take less than two look-ups in Wireshark's map of them. */
bool packet_ends_is_icmp(const packet_info *pinfo)
{
    return wmem_list_find(pinfo->layers, GINT_TO_POINTER(proto_icmp)) != NULL ||
           wmem_list_find(pinfo->layers, GINT_TO_POINTER(proto_icmpv6)) != NULL;
}

static bool get_addresses(const packet_info *pinfo, ip_addresses_t *addresses)
{
    addresses->is_ipv6 = pinfo->src.type == AT_IPv6;
    addresses->source = pinfo->src.data;
    addresses->destination = pinfo->dst.data;
    return pinfo->src.type == pinfo->dst.type && (pinfo->src.type == AT_IPv4 || pinfo->src.type == AT_IPv6);
}

static const uint8_t *get_octets(tvbuff_t *frame, unsigned *captured)
{
    *captured = tvb_captured_length(frame);
    return tvb_get_ptr(frame, 0, (int)*captured);
}

/* PINFO cannot be asked for the ends of the quoted packet: which of the two packets its ports and addresses are those
 * of differs between versions of Wireshark. */
static bool read_quoted(tvbuff_t *frame, const packet_info *pinfo, packet_ends_t *ends)
{
    const int type = pinfo->src.type;
    const int length = pinfo->src.len;
    ip_addresses_t addresses;
    unsigned captured;
    const uint8_t *octets = get_octets(frame, &captured);

    *ends = (packet_ends_t){ .is_quoted = true, .has_header = true };
    if (!get_addresses(pinfo, &addresses) || !ip_headers_find_quoted(octets, captured, &addresses, &ends->header)) {
        return false;
    }
    set_address(&ends->source, type, length, octets + ends->header.source_offset);
    set_address(&ends->destination, type, length, octets + ends->header.source_offset + length);
    set_address(&ends->sender, type, length, octets + ends->header.error_source);
    return true;
}

bool packet_ends_read(tvbuff_t *frame, const packet_info *pinfo, bool is_icmp, packet_ends_t *ends)
{
    if (is_icmp) {
        return read_quoted(frame, pinfo, ends);
    }
    if (pinfo->ptype != PT_TCP && pinfo->ptype != PT_UDP) {
        return false;
    }
    *ends = (packet_ends_t){
        .header.transport = pinfo->ptype == PT_TCP ? TRANSPORT_TCP : TRANSPORT_UDP,
        .header.source_port = (uint16_t)pinfo->srcport,
        .header.destination_port = (uint16_t)pinfo->destport,
        .source = pinfo->src,
        .destination = pinfo->dst,
    };
    return true;
}

bool packet_ends_read_header(tvbuff_t *frame, const packet_info *pinfo, packet_ends_t *ends)
{
    ip_addresses_t addresses;
    unsigned captured;
    const uint8_t *octets = get_octets(frame, &captured);

    if (!ends->is_quoted && !ends->has_header && get_addresses(pinfo, &addresses)) {
        ends->has_header = ip_headers_find(octets, captured, &addresses, &ends->header);
    }
    return ends->has_header;
}
