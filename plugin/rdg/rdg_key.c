/* rdg_key.c
 * Keys of maps: an end of a connection or of a channel, and a correlation id.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_key.h"

#include <wsutil/wmem/wmem.h>

#include <string.h>

unsigned rdg_key_hash_end(const void *key)
{
    const rdg_end_t *end = key;

    return add_address_to_hash(end->port, &end->address);
}

int rdg_key_ends_are_equal(const void *key, const void *other_key)
{
    const rdg_end_t *end = key;
    const rdg_end_t *other = other_key;

    return end->port == other->port && addresses_equal(&end->address, &other->address);
}

unsigned rdg_key_hash_id(const void *key)
{
    return wmem_strong_hash(key, sizeof(e_guid_t));
}

int rdg_key_ids_are_equal(const void *key, const void *other_key)
{
    return memcmp(key, other_key, sizeof(e_guid_t)) == 0;
}
