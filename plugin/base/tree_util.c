/* tree_util.c
 * Adds generated items to a tree, says which fields are named, and writes ends of conversations as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "tree_util.h"

#include <epan/to_str.h>

proto_item *tree_util_add_uint(proto_tree *tree, int hf, tvbuff_t *tvb, uint32_t value)
{
    proto_item *item = proto_tree_add_uint(tree, hf, tvb, 0, 0, value);

    proto_item_set_generated(item);
    return item;
}

proto_item *tree_util_add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const char *value)
{
    if (value == NULL) {
        return NULL;
    }
    proto_item *item = proto_tree_add_string(tree, hf, tvb, 0, 0, value);
    proto_item_set_generated(item);
    return item;
}

char *tree_util_end_to_str(wmem_allocator_t *scope, const address *addr, uint32_t port)
{
    char *host = address_to_str(scope, addr);
    char *text = wmem_strdup_printf(scope, addr->type == AT_IPv6 ? "[%s]:%u" : "%s:%u", host, port);

    wmem_free(scope, host);
    return text;
}
