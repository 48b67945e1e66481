/* tree_util.h
 * Adds generated items to a tree, and writes ends of conversations as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_TREE_UTIL_H
#define PORTLORE_TREE_UTIL_H

#include <epan/packet.h>

/* Adds a generated item, which Wireshark shows in brackets and which covers no octets. Returns it. */
proto_item *tree_util_add_uint(proto_tree *tree, int hf, tvbuff_t *tvb, uint32_t value);

/* The same for a text. Adds nothing and returns NULL when VALUE is NULL. */
proto_item *tree_util_add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const char *value);

/* "192.0.2.1:3386" or "[2001:db8::1]:3386", in memory of SCOPE. */
char *tree_util_end_to_str(wmem_allocator_t *scope, const address *addr, uint32_t port);

#endif
