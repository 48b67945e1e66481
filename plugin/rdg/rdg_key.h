/* rdg_key.h
 * Keys of maps: an end of a connection or of a channel, and a correlation id.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_KEY_H
#define PORTLORE_RDG_KEY_H

#include <epan/address.h>
#include <epan/guid-utils.h>

#include <stdint.h>

typedef struct {
    address address;
    uint32_t port; /* 0 where the address alone is meant */
} rdg_end_t;

/* For maps whose keys are rdg_end_t. */
unsigned rdg_key_hash_end(const void *key);
int rdg_key_ends_are_equal(const void *key, const void *other_key);

/* For maps whose keys are e_guid_t. */
unsigned rdg_key_hash_id(const void *key);
int rdg_key_ids_are_equal(const void *key, const void *other_key);

#endif
