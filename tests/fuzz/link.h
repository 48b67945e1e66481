/* link.h
 * A link layer for the fuzzer. It hands octets to dissectors that no port reaches: the plaintext of DTLS, and charging
 * records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_LINK_H
#define PORTLORE_FUZZ_LINK_H

#include <stdint.h>

/* Octets before the payload: which way (0: client to server), which channel, what it is, one octet of its own. */
#define LINK_HEADER 4

enum {
    LINK_RDGUDP_PACKET, /* a packet that DTLS decrypted */
    LINK_CDR,           /* a charging record; the own octet is its Data Record Format */
    LINK_CDR_OTHER,     /* the same, of a version of release 17 that the table does not have */
};

/* Which input of the session this is: each has addresses of its own, and so conversations. */
extern uint32_t link_serial;

/* Where the ends of a channel are, also when a frame gets there by IP. */
#define LINK_CLIENT(channel) (0x0a000000u + link_serial * 4 + (channel))
#define LINK_SERVER (0x0b000000u + link_serial)
#define LINK_CLIENT_PORT(channel) (50000u + (channel))

/* Registers it with Wireshark, which must not have started yet. */
void link_register(void);

#endif
