/* ndb_text.h
 * The text protocol of MySQL NDB Cluster's management server (ndb_mgmd), recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_NDB_TEXT_H
#define PORTLORE_NDB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the LENGTH octets at DATA start with a message of that protocol: a known command line and the empty line
 * that ends a request, or a known reply line and at least one whole "name: value" line; also the refusal of an unknown
 * command and a keepalive, each alone. Anything else, also a message that goes on in the next segment before it says
 * that much, is false. */
bool ndb_text_recognise(const uint8_t *data, size_t length);

#endif
