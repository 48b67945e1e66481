/* rdgudp_pieces.c
 * IP fragments towards a gateway whose datagrams the capture does not have whole.
 *
 * IP puts a datagram together in the frame of its last fragment. When that does not come, no dissector of UDP sees the
 * datagram, although there was one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_pieces.h"

#include <epan/wmem_scopes.h>

#include "base/ip_fragment.h"
#include "rdg/rdg_session.h"

/* Datagrams that are kept. Behind them, any fragment may be of any port. */
#define MOST_KEPT 256

typedef struct {
    address gateway;
    uint32_t ident;
    bool has_port;
    uint16_t port; /* at the gateway, with HAS_PORT */
    bool is_whole;
    rdg_time_t latest;
} datagram_t;

static datagram_t kept[MOST_KEPT];
static unsigned count;
static bool has_more;

static void forget(void)
{
    count = 0;
    has_more = false;
}

void rdgudp_pieces_register(void)
{
    register_init_routine(forget);
    register_cleanup_routine(forget);
}

static datagram_t *find(const address *gateway, uint32_t ident)
{
    for (unsigned i = count; i > 0; i--) {
        if (kept[i - 1].ident == ident && addresses_equal(&kept[i - 1].gateway, gateway)) {
            return &kept[i - 1];
        }
    }
    return NULL;
}

static datagram_t *add(const address *gateway, uint32_t ident)
{
    if (count == MOST_KEPT) {
        has_more = true;
        return NULL;
    }
    datagram_t *datagram = &kept[count++];
    *datagram = (datagram_t){ .ident = ident };
    copy_address_wmem(wmem_file_scope(), &datagram->gateway, gateway);
    return datagram;
}

/* A fragment that IP keeps is no packet of UDP. The one that completes its datagram is. */
void rdgudp_pieces_on_packet(tvbuff_t *frame, const packet_info *pinfo)
{
    const bool is_whole = pinfo->ptype == PT_UDP;
    const bool is_ipv6 = pinfo->src.type == AT_IPv6;

    if ((pinfo->ptype != PT_NONE && !(is_whole && count > 0)) || (!is_ipv6 && pinfo->src.type != AT_IPv4) ||
        pinfo->dst.type != pinfo->src.type || !rdg_offer_is_gateway(&pinfo->dst)) {
        return;
    }
    const ip_addresses_t addresses = { is_ipv6, pinfo->src.data, pinfo->dst.data };
    const uint32_t captured = tvb_captured_length(frame);
    ip_fragment_t fragment;
    if (!ip_fragment_find(tvb_get_ptr(frame, 0, (int)captured), captured, &addresses, &fragment)) {
        return;
    }
    datagram_t *datagram = find(&pinfo->dst, fragment.ident);
    if (datagram == NULL && !is_whole) {
        datagram = add(&pinfo->dst, fragment.ident);
    }
    if (datagram == NULL) {
        return;
    }
    datagram->is_whole = datagram->is_whole || is_whole;
    if (fragment.has_ports) {
        datagram->has_port = true;
        datagram->port = fragment.destination_port;
    }
    datagram->latest = rdg_session_time(pinfo);
}

bool rdgudp_pieces_may_be_of(const rdg_offer_t *offer)
{
    for (unsigned i = 0; i < count; i++) {
        const datagram_t *datagram = &kept[i];
        if (!datagram->is_whole && datagram->latest >= offer->when &&
            (!datagram->has_port || datagram->port == offer->port) &&
            (offer->trunk->is_by_proxy || addresses_equal(&datagram->gateway, &offer->trunk->gateway))) {
            return true;
        }
    }
    return has_more;
}
