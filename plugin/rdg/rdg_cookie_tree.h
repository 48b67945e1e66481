/* rdg_cookie_tree.h
 * Adds the parts of an authentication cookie's text to the tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_COOKIE_TREE_H
#define PORTLORE_RDG_COOKIE_TREE_H

#include <epan/proto.h>

#include "rdg_cookie.h"

/* The fields of the protocol that carries the cookie. That of RDG_COOKIE_EXPIRY is a time, that of
 * RDG_COOKIE_TARGET_PORT a number, the others are texts. */
typedef struct {
    int *parts[RDG_COOKIE_PARTS];
} rdg_cookie_fields_t;

/* Adds the parts of COOKIE, which begins at BASE of TVB, to TREE. Returns the item of the expiry, and the time in
 * *EXPIRY; NULL where the text has none, which leaves *EXPIRY as it is. */
proto_item *rdg_cookie_tree_add(tvbuff_t *tvb, proto_tree *tree, int base, const rdg_cookie_t *cookie,
                                const rdg_cookie_fields_t *fields, nstime_t *expiry);

#endif
