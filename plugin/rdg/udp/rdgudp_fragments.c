/* rdgudp_fragments.c
 * Which fragments of a CONNECT_PKT belong together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_fragments.h"

#include "base/octets.h"

rdgudp_fragment_use_t rdgudp_fragments_on_fragment(rdgudp_fragments_t *fragments, uint16_t id, uint16_t count,
                                                   const uint8_t *data, size_t length)
{
    if (count == 0 || count > RDGUDP_MOST_FRAGMENTS || id >= count || length > RDGUDP_FRAGMENT_MAX) {
        return RDGUDP_FRAGMENT_REFUSED;
    }
    uint64_t digest = octets_digest(data, length);
    if (count == fragments->count && (fragments->seen & 1u << id) != 0 && fragments->lengths[id] == length &&
        fragments->digests[id] == digest) {
        return RDGUDP_FRAGMENT_REPEATED;
    }
    if (count != fragments->count || (fragments->seen & 1u << id) != 0) {
        fragments->attempt++;
        fragments->count = count;
        fragments->seen = 0;
    }
    fragments->seen |= 1u << id;
    fragments->lengths[id] = (uint16_t)length;
    fragments->digests[id] = digest;
    return RDGUDP_FRAGMENT_NEW;
}
