/* lore_ftp.c
 * Which hosts talk FTP with each other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_ftp.h"

#include <epan/address.h>

#include "base/packet_ends.h"

#define CONTROL_PORT 21

/* The lower address first. */
typedef struct {
    address hosts[2];
} hosts_key_t;

static wmem_map_t *controls; /* hosts_key_t -> itself */

static unsigned hash_hosts(const void *value)
{
    const hosts_key_t *key = value;

    return add_address_to_hash(add_address_to_hash(0, &key->hosts[0]), &key->hosts[1]);
}

static gboolean are_equal_hosts(const void *one, const void *other)
{
    const hosts_key_t *a = one, *b = other;

    return addresses_equal(&a->hosts[0], &b->hosts[0]) && addresses_equal(&a->hosts[1], &b->hosts[1]);
}

static hosts_key_t order_hosts(const address *one, const address *other)
{
    const bool turn = cmp_address(one, other) > 0;

    return (hosts_key_t){ { turn ? *other : *one, turn ? *one : *other } };
}

void lore_ftp_init(void)
{
    controls = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_hosts, are_equal_hosts);
}

/* A try that nobody answers or that is refused announces nothing. What the capture cut may be anything. */
static bool is_try(tvbuff_t *frame, const packet_info *pinfo)
{
    packet_ends_t ends;

    return packet_ends_read(frame, pinfo, false, &ends) && packet_ends_read_header(frame, pinfo, &ends) &&
           (ends.header.rst || (ends.header.syn && !ends.header.ack));
}

void lore_ftp_take(tvbuff_t *frame, const packet_info *pinfo)
{
    if (pinfo->ptype != PT_TCP || (pinfo->srcport != CONTROL_PORT && pinfo->destport != CONTROL_PORT)) {
        return;
    }
    const hosts_key_t key = order_hosts(&pinfo->src, &pinfo->dst);
    if (!wmem_map_contains(controls, &key) && !is_try(frame, pinfo)) {
        hosts_key_t *kept = wmem_new(wmem_file_scope(), hosts_key_t);
        for (unsigned i = 0; i < 2; i++) {
            copy_address_wmem(wmem_file_scope(), &kept->hosts[i], &key.hosts[i]);
        }
        wmem_map_insert(controls, kept, kept);
    }
}

bool lore_ftp_is_between(const address *one, const address *other)
{
    const hosts_key_t key = order_hosts(one, other);

    return wmem_map_contains(controls, &key);
}
