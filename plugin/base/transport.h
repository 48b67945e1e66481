/* transport.h
 * The transports that have ports and that the plugin looks at.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_TRANSPORT_H
#define PORTLORE_TRANSPORT_H

/* Also an index into tables that have one row for each. */
typedef enum {
    TRANSPORT_TCP,
    TRANSPORT_UDP,
    TRANSPORTS /* how many there are */
} transport_t;

#endif
