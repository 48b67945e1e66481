/* rdgudp_observe.c
 * What other packets say about a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_observe.h"

#include <epan/to_str.h>

#include "base/icmp_error.h"
#include "base/ip_headers.h"
#include "base/observers.h"
#include "rdgudp_fallback.h"
#include "rdgudp_pieces.h"

static rdgudp_observe_show_t show_states;
static int proto_rdgudp = -1;

static bool get_addresses(const packet_info *pinfo, ip_addresses_t *addresses)
{
    addresses->is_ipv6 = pinfo->src.type == AT_IPv6;
    addresses->source = pinfo->src.data;
    addresses->destination = pinfo->dst.data;
    return pinfo->src.type == pinfo->dst.type && (pinfo->src.type == AT_IPv4 || pinfo->src.type == AT_IPv6);
}

/* {{{ TCP */

static void on_tcp(tvbuff_t *frame, packet_info *pinfo)
{
    unsigned captured = tvb_captured_length(frame);
    const uint8_t *octets = tvb_get_ptr(frame, 0, (int)captured);
    bool from_gateway = rdgudp_fallback_is_tls_port(pinfo->srcport) && !rdgudp_fallback_is_tls_port(pinfo->destport);
    ip_header_t header = {
        .transport = TRANSPORT_TCP,
        .source_port = (uint16_t)pinfo->srcport,
        .destination_port = (uint16_t)pinfo->destport,
    };
    ip_addresses_t addresses;

    if (!get_addresses(pinfo, &addresses) || !ip_headers_find(octets, captured, &addresses, &header) ||
        header.payload == 0) {
        return;
    }
    rdgudp_segment_t segment = {
        .client = from_gateway ? &pinfo->dst : &pinfo->src,
        .gateway = from_gateway ? &pinfo->src : &pinfo->dst,
        .client_port = from_gateway ? header.destination_port : header.source_port,
        .gateway_port = from_gateway ? header.source_port : header.destination_port,
        .from_gateway = from_gateway,
        .syn = header.syn,
        .ack = header.ack,
        .fin = header.fin,
        .rst = header.rst,
        .sequence = header.sequence,
        .acknowledged = header.acknowledged,
        .length = (uint32_t)header.payload_length,
        .first_octet = header.payload_length > 0 && header.payload < captured ? octets[header.payload] : -1,
        .time = rdg_session_time(pinfo),
    };
    for (rdgudp_conv_t *conv = rdgudp_fallback_on_segment(pinfo, &segment); conv != NULL;) {
        rdgudp_conv_t *next = conv->next_waiting;
        conv->next_waiting = NULL;
        rdgudp_history_add(pinfo, conv, conv->judgement.verdict, RDGUDP_STATE_FALLBACK);
        if (conv->problem != NULL) {
            conv->problem->fallback_later = conv->fallback_stream;
        }
        conv = next;
    }
}

/* }}} */
/* {{{ ICMP */

/* What an ICMP or ICMPv6 error means for the channel. */
static rdgudp_stop_kind_t classify(bool is_ipv6, unsigned type, unsigned code)
{
    switch (icmp_error_kind(is_ipv6, type, code)) {
    case ICMP_ERROR_PORT:
        return RDGUDP_STOP_PORT;
    case ICMP_ERROR_MTU:
        return RDGUDP_STOP_MTU;
    case ICMP_ERROR_PROHIBITED:
        return RDGUDP_STOP_PROHIBITED;
    case ICMP_ERROR_PROTOCOL:
    case ICMP_ERROR_ROUTE:
    case ICMP_ERROR_SOURCE_ROUTE:
    case ICMP_ERROR_HOPS:
        return RDGUDP_STOP_ROUTE;
    default:
        return RDGUDP_STOP_NONE;
    }
}

/* An ICMP error may quote no more than the UDP header, so only what identifies the channel is read of the quote. */
static void on_icmp(tvbuff_t *frame, packet_info *pinfo)
{
    unsigned captured = tvb_captured_length(frame);
    const uint8_t *octets = tvb_get_ptr(frame, 0, (int)captured);
    address_type type = pinfo->src.type;
    int length = pinfo->src.len;
    ip_addresses_t addresses;
    ip_header_t header;
    address source, destination, sender;

    if (!get_addresses(pinfo, &addresses) || !ip_headers_find_quoted(octets, captured, &addresses, &header) ||
        header.transport != TRANSPORT_UDP) {
        return;
    }
    rdgudp_stop_t stop = {
        .kind = classify(addresses.is_ipv6, header.icmp_type, header.icmp_code),
        .type = header.icmp_type,
        .code = header.icmp_code,
        .mtu = header.icmp_mtu,
        .time = rdg_session_time(pinfo),
    };
    set_address(&source, type, length, octets + header.source_offset);
    set_address(&destination, type, length, octets + header.source_offset + length);
    set_address(&sender, type, length, octets + header.error_source);
    rdgudp_conv_t *conv =
        rdgudp_session_find_ends(pinfo->num, &source, &destination, header.source_port, header.destination_port);
    if (conv == NULL && rdg_offer_is_any()) {
        rdg_offer_on_other(&destination, header.destination_port);
    }
    /* Only a datagram that went to the gateway says something about the gateway. */
    if (stop.kind == RDGUDP_STOP_NONE || conv == NULL || conv->is_other ||
        header.destination_port != conv->gateway_port || !addresses_equal(&destination, &conv->gateway)) {
        return;
    }
    rdgudp_verdict_t before = conv->judgement.verdict;
    stop.from_gateway = addresses_equal(&sender, &conv->gateway);
    rdgudp_channel_on_stop(&conv->channel, &stop);
    conv->stopped_by = address_to_str(wmem_file_scope(), &sender);
    rdgudp_session_judge(conv);
    if (conv->judgement.verdict != before) {
        rdgudp_history_add(pinfo, conv, before, 0);
    }
}

/* }}} */

static void observe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_icmp)
{
    bool is_tls = pinfo->ptype == PT_TCP &&
                  (rdgudp_fallback_is_tls_port(pinfo->srcport) || rdgudp_fallback_is_tls_port(pinfo->destport));

    if (rdgudp_session_count() == 0 && rdg_offer_main_count == 0) {
        return;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        rdgudp_session_on_time(rdg_session_time(pinfo));
        if (is_icmp) {
            on_icmp(tvb, pinfo);
        } else if (is_tls) {
            on_tcp(tvb, pinfo);
        } else if (rdg_offer_is_any()) {
            rdgudp_pieces_on_packet(tvb, pinfo);
        }
    }
    if (is_tls || is_icmp) {
        const rdgudp_state_t *state = rdgudp_history_of_other(pinfo);
        if (state != NULL) {
            show_states(tvb, pinfo, tree, state);
        }
    }
}

void rdgudp_observe_init(int proto, rdgudp_observe_show_t show)
{
    proto_rdgudp = proto;
    show_states = show;
}

void rdgudp_observe_start(void)
{
    if (proto_rdgudp != -1) {
        observers_add(proto_rdgudp, observe);
    }
}
