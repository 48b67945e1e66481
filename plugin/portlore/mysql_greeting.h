/* mysql_greeting.h
 * The first message of a MySQL server, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_MYSQL_GREETING_H
#define PORTLORE_MYSQL_GREETING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when DATA, the CAPTURED octets of a segment of LENGTH, is a server's Initial Handshake Packet of version 10
 * (MySQL 3.21 and later, MariaDB): a packet of number 0 that fills the segment, with a version such as "8.0.36", and
 * behind it the fields that every such packet has. */
bool mysql_greeting_recognise(const uint8_t *data, size_t captured, size_t length);

#endif
