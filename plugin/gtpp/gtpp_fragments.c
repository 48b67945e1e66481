/* gtpp_fragments.c
 * IP fragments of datagrams that may be GTP' messages, of which the capture lacks others.
 *
 * IP puts a datagram together in the frame of its last fragment. Until then no dissector sees it, and what it holds is
 * not known: so its fragments are told to the ledger, which takes it for a message that the capture may lack.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_fragments.h"

#include <string.h>

#include "base/ip_fragment.h"
#include "base/observers.h"
#include "base/octets.h"
#include "gtpp_session.h"

/* An identification serves again for another datagram later than this, in nanoseconds. */
#define LIFETIME (INT64_C(30) * 1000000000)

#define UDP_HEADER 8

typedef struct {
    uint32_t from; /* numbers of the hosts */
    uint32_t to;
    uint32_t ident;
} fragment_key_t;

typedef struct {
    fragment_key_t key;
    gtpp_datagram_t datagram;
} entry_t;

static struct {
    wmem_map_t *entries; /* fragment_key_t * -> entry_t *, the last one of each key; lives as long as the file */
    bool has_open;       /* a datagram was not whole */
} file;

static unsigned hash_key(const void *key)
{
    return wmem_strong_hash(key, sizeof(fragment_key_t));
}

static gboolean is_same_key(const void *one, const void *other)
{
    return memcmp(one, other, sizeof(fragment_key_t)) == 0;
}

static void start_file(void)
{
    file.entries = wmem_map_new(wmem_file_scope(), hash_key, is_same_key);
    file.has_open = false;
}

static void end_file(void)
{
    file.entries = NULL;
}

static entry_t *add_entry(const fragment_key_t *key, int64_t when)
{
    entry_t *entry = wmem_new0(wmem_file_scope(), entry_t);

    entry->key = *key;
    entry->datagram.from = key->from;
    entry->datagram.to = key->to;
    entry->datagram.since = when;
    entry->datagram.until = when;
    wmem_map_insert(file.entries, &entry->key, entry);
    gtpp_session_add_datagram(&entry->datagram);
    return entry;
}

/* IS_WHOLE: the packet of PINFO is the last fragment that came, or one that was read by itself. Fragments that come
 * behind a whole datagram are copies. */
static void note_fragment(packet_info *pinfo, const ip_fragment_t *fragment, const uint8_t *frame, uint32_t captured,
                          bool is_whole)
{
    const fragment_key_t key = { gtpp_session_number_host(&pinfo->src), gtpp_session_number_host(&pinfo->dst),
                                 fragment->ident };
    const int64_t when = gtpp_session_time_of(pinfo);
    entry_t *entry = wmem_map_lookup(file.entries, &key);

    if (entry == NULL || when > entry->datagram.until + LIFETIME || when < entry->datagram.since - LIFETIME) {
        entry = add_entry(&key, when);
    }
    if (fragment->has_ports) {
        gtpp_session_name_datagram(pinfo, &entry->datagram, fragment->source_port, fragment->destination_port);
        if (fragment->octets > UDP_HEADER && fragment->payload + fragment->octets <= captured) {
            entry->datagram.digest = octets_digest(frame + fragment->payload, fragment->octets);
            entry->datagram.frame = frame_store_record(pinfo);
        }
    }
    entry->datagram.since = MIN(entry->datagram.since, when);
    entry->datagram.until = MAX(entry->datagram.until, when);
    if (is_whole) {
        gtpp_session_complete_datagram(pinfo, &entry->datagram);
    }
    file.has_open |= !entry->datagram.is_whole;
}

/* A fragment that IP keeps is no packet of UDP. The one that completes its datagram is. */
static void observe(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree _U_, bool is_icmp)
{
    const bool is_whole = pinfo->ptype == PT_UDP;
    const bool is_ipv6 = pinfo->src.type == AT_IPv6;

    if ((pinfo->ptype != PT_NONE && !(is_whole && file.has_open)) || PINFO_FD_VISITED(pinfo) || is_icmp ||
        (!is_ipv6 && pinfo->src.type != AT_IPv4) || pinfo->dst.type != pinfo->src.type || file.entries == NULL) {
        return;
    }
    const ip_addresses_t addresses = { is_ipv6, pinfo->src.data, pinfo->dst.data };
    const uint32_t captured = tvb_captured_length(frame);
    ip_fragment_t fragment;

    const uint8_t *octets = tvb_get_ptr(frame, 0, (int)captured);

    if (ip_fragment_find(octets, captured, &addresses, &fragment)) {
        note_fragment(pinfo, &fragment, octets, captured, is_whole);
    }
}

void gtpp_fragments_expect(void)
{
    file.has_open = true;
}

void gtpp_fragments_register(void)
{
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}

void gtpp_fragments_start(int proto)
{
    observers_add(proto, observe);
}
