/* dtls_record.h
 * What records of DTLS tell by themselves: the header of an encrypted one of DTLS 1.3, which names neither protocol nor
 * version (RFC 9147 section 4), and which of DTLS 1.2 a client sends only when it was answered (RFC 6347). Plain: needs
 * no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_DTLS_RECORD_H
#define PORTLORE_DTLS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "octets.h"

/* Content types (RFC 5246 section 6.2.1). */
enum { DTLS_CHANGE_CIPHER_SPEC = 20, DTLS_ALERT = 21, DTLS_HANDSHAKE = 22, DTLS_APPLICATION_DATA = 23 };

/* A record's header in DTLS 1.0 to 1.2 (RFC 6347 section 4.1): type, version, epoch, number and length. */
#define DTLS_RECORD_12_HEADER 13
#define DTLS_RECORD_12_EPOCH 3

/* A handshake message (RFC 6347 section 4.2.2). */
#define DTLS_CLIENT_HELLO 1
#define DTLS_HANDSHAKE_HEADER 12
#define DTLS_HANDSHAKE_FRAGMENT_OFFSET 6
#define DTLS_HELLO_RANDOM 32

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

/* Where the length of the cookie stands in the BODY of a ClientHello, of which CAPTURED octets are there: behind the
 * version, the random and the session id. 0 when it is not among them. */
static inline size_t dtls_hello_find_cookie(const uint8_t *body, size_t captured)
{
    enum { SESSION_ID = 2 + DTLS_HELLO_RANDOM };
    const size_t cookie = captured > SESSION_ID ? (size_t)SESSION_ID + 1 + body[SESSION_ID] : 0;

    return cookie < captured ? cookie : 0;
}

/* True when a client sends the datagram at DATA, of which CAPTURED octets are there, only behind an answer: a
 * ClientHello with a cookie, another message of the handshake, or a record of a later epoch. False for what is no DTLS
 * of versions 1.0 to 1.2, for alerts, and where too little is there. */
static inline bool dtls_record_12_is_reply(const uint8_t *data, size_t captured)
{
    enum {
        MESSAGE = DTLS_RECORD_12_HEADER,
        FRAGMENT_OFFSET = MESSAGE + DTLS_HANDSHAKE_FRAGMENT_OFFSET,
        HELLO = MESSAGE + DTLS_HANDSHAKE_HEADER
    };

    if (captured <= MESSAGE || data[0] < DTLS_CHANGE_CIPHER_SPEC || data[0] > DTLS_APPLICATION_DATA ||
        data[1] != 0xfe || data[2] < 0xfd) {
        return false;
    }
    if (octets_be16(data + DTLS_RECORD_12_EPOCH) != 0) {
        return true;
    }
    if (data[0] != DTLS_HANDSHAKE || data[MESSAGE] != DTLS_CLIENT_HELLO) {
        return data[0] == DTLS_HANDSHAKE;
    }
    if (captured <= HELLO || octets_be24(data + FRAGMENT_OFFSET) != 0) {
        return false;
    }
    const size_t cookie = dtls_hello_find_cookie(data + HELLO, captured - HELLO);
    return cookie > 0 && data[HELLO + cookie] > 0;
}

#endif
