/* rdg_cookie_tree.c
 * Adds the parts of an authentication cookie's text to the tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_cookie_tree.h"

#include <epan/packet.h>

static proto_item *add_expiry(tvbuff_t *tvb, proto_tree *tree, int at, const rdg_cookie_t *cookie, int field,
                              nstime_t *expiry)
{
    int64_t seconds;
    uint32_t nanoseconds;

    if (!cookie->has_expiry || !rdg_cookie_time(cookie->expiry, &seconds, &nanoseconds)) {
        return NULL;
    }
    *expiry = (nstime_t){ .secs = (time_t)seconds, .nsecs = (int)nanoseconds };
    return proto_tree_add_time(tree, field, tvb, at, (int)cookie->parts[RDG_COOKIE_EXPIRY].length, expiry);
}

proto_item *rdg_cookie_tree_add(tvbuff_t *tvb, proto_tree *tree, int base, const rdg_cookie_t *cookie,
                                const rdg_cookie_fields_t *fields, nstime_t *expiry)
{
    static const unsigned texts[] = { RDG_COOKIE_SCHEME, RDG_COOKIE_USER, RDG_COOKIE_TARGET_IP,
                                      RDG_COOKIE_TARGET_NAME };

    for (size_t i = 0; i < array_length(texts); i++) {
        proto_tree_add_item(tree, *fields->parts[texts[i]], tvb, base + (int)cookie->parts[texts[i]].offset,
                            (int)cookie->parts[texts[i]].length, ENC_UTF_16 | ENC_LITTLE_ENDIAN);
    }
    proto_item *item = add_expiry(tvb, tree, base + (int)cookie->parts[RDG_COOKIE_EXPIRY].offset, cookie,
                                  *fields->parts[RDG_COOKIE_EXPIRY], expiry);
    if (cookie->has_port) {
        proto_tree_add_uint(tree, *fields->parts[RDG_COOKIE_TARGET_PORT], tvb,
                            base + (int)cookie->parts[RDG_COOKIE_TARGET_PORT].offset,
                            (int)cookie->parts[RDG_COOKIE_TARGET_PORT].length, cookie->port);
    }
    return item;
}
