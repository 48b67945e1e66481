/* rdg_link.c
 * A UDP channel as its main channel sees it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_link.h"

static const rdg_link_udp_t *udp_half;

void rdg_link_set_udp(const rdg_link_udp_t *udp)
{
    udp_half = udp;
}

void rdg_link_start(void)
{
    if (udp_half != NULL) {
        udp_half->start();
    }
}

rdg_link_facts_t rdg_link_describe(const rdg_link_t *link)
{
    return udp_half != NULL ? udp_half->describe(link) : (rdg_link_facts_t){ .state = RDG_LINK_NOT_OURS };
}

bool rdg_link_may_be_another(const struct rdg_offer *offer, const e_guid_t *id)
{
    return udp_half == NULL || udp_half->may_be_another(offer, id);
}

bool rdg_link_has_pieces(const struct rdg_offer *offer)
{
    return udp_half == NULL || udp_half->has_pieces(offer);
}
