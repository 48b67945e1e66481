/* tree_util.h
 * Adds generated items to a tree, says which fields are named, and writes ends of conversations as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_TREE_UTIL_H
#define PORTLORE_TREE_UTIL_H

#include <epan/packet.h>

/* True when a filter, a column, a tap or a list of fields names FIELD, which may be NULL, or a field of it when it is a
 * protocol. A visible tree names none, though it shows all: proto_field_is_referenced() is true of any field there. */
static inline bool tree_util_is_named(const header_field_info *field)
{
    return field != NULL && field->ref_type != HF_REF_TYPE_NONE;
}

/* Adds a generated item, which Wireshark shows in brackets and which covers no octets. Returns it. */
proto_item *tree_util_add_uint(proto_tree *tree, int hf, tvbuff_t *tvb, uint32_t value);

/* The same for a text. Adds nothing and returns NULL when VALUE is NULL. */
proto_item *tree_util_add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const char *value);

/* "192.0.2.1:3386" or "[2001:db8::1]:3386", in memory of SCOPE. */
char *tree_util_end_to_str(wmem_allocator_t *scope, const address *addr, uint32_t port);

#endif
