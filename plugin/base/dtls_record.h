/* dtls_record.h
 * The header of an encrypted record of DTLS 1.3, which names neither protocol nor version (RFC 9147 section 4). Plain:
 * needs no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_DTLS_RECORD_H
#define PORTLORE_DTLS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "octets.h"

/* The first octet: 0 0 1 C S L E E. */
#define DTLS_RECORD_13_MASK 0xe0
#define DTLS_RECORD_13 0x20
#define DTLS_RECORD_13_HAS_CONNECTION_ID 0x10
#define DTLS_RECORD_13_HAS_LONG_NUMBER 0x08
#define DTLS_RECORD_13_HAS_LENGTH 0x04
#define DTLS_RECORD_13_EPOCH 0x03
#define DTLS_RECORD_13_EPOCH_HANDSHAKE 2

/* The shortest content: its type, an octet that it has after padding, and the tag of the shortest cipher (8 octets, CCM
 * of RFC 6655). */
#define DTLS_RECORD_13_SHORTEST 9

/* Length of the record at DATA, header included, as sent; 0 when there is none. The datagram has REPORTED octets from
 * there on, of which CAPTURED are there. A record with a connection id, or without a length, goes to the datagram's
 * end. */
static inline size_t dtls_record_13_measure(const uint8_t *data, size_t captured, size_t reported)
{
    if (captured == 0 || (data[0] & DTLS_RECORD_13_MASK) != DTLS_RECORD_13) {
        return 0;
    }
    if (data[0] & DTLS_RECORD_13_HAS_CONNECTION_ID || !(data[0] & DTLS_RECORD_13_HAS_LENGTH)) {
        return reported;
    }
    size_t at = data[0] & DTLS_RECORD_13_HAS_LONG_NUMBER ? 3 : 2;
    if (captured < at + 2) {
        return reported;
    }
    size_t length = at + 2 + octets_be16(data + at);
    return length <= reported ? length : 0;
}

/* True when the record at DATA is of the epoch of the handshake, or of a later one that has the same two bits. At least
 * one octet must be there. */
static inline bool dtls_record_13_is_of_handshake(const uint8_t *data)
{
    return (data[0] & DTLS_RECORD_13_EPOCH) == DTLS_RECORD_13_EPOCH_HANDSHAKE;
}

/* True when the datagram of REPORTED octets at DATA, of which CAPTURED are there, may be an encrypted one of a session
 * whose hellos are not known. Only of the epochs of the handshake and of the first data (2 and 3): with others too much
 * else begins alike. */
static inline bool dtls_record_13_may_be(const uint8_t *data, size_t captured, size_t reported)
{
    return dtls_record_13_measure(data, captured, reported) > DTLS_RECORD_13_SHORTEST &&
           (data[0] & DTLS_RECORD_13_EPOCH) >= DTLS_RECORD_13_EPOCH_HANDSHAKE;
}

#endif
