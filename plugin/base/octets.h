/* octets.h
 * Numbers in octets, and a digest of octets. Plain: needs no Wireshark.
 *
 * The caller checks that the octets are there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_OCTETS_H
#define PORTLORE_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* {{{ Network byte order */

static inline uint16_t octets_be16(const uint8_t *data)
{
    return (uint16_t)(data[0] << 8 | data[1]);
}

static inline uint32_t octets_be24(const uint8_t *data)
{
    return (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2];
}

static inline uint32_t octets_be32(const uint8_t *data)
{
    return (uint32_t)octets_be16(data) << 16 | octets_be16(data + 2);
}

/* }}} */
/* {{{ Little-endian */

static inline uint16_t octets_le16(const uint8_t *data)
{
    return (uint16_t)(data[1] << 8 | data[0]);
}

static inline uint32_t octets_le32(const uint8_t *data)
{
    return (uint32_t)octets_le16(data + 2) << 16 | octets_le16(data);
}

/* }}} */

/* True when all octets from OFFSET to END are 00, or all are FF, and there are some. */
static inline bool octets_are_fill(const uint8_t *data, size_t offset, size_t end)
{
    const size_t first = offset;

    if (offset >= end || (data[offset] != 0 && data[offset] != 0xff)) {
        return false;
    }
    while (offset < end && data[offset] == data[first]) {
        offset++;
    }
    return offset == end;
}

/* {{{ Digest */

#define OCTETS_DIGEST_START UINT64_C(14695981039346656037)

static inline uint64_t octets_digest_word(uint64_t digest, uint64_t word)
{
    digest = (digest ^ word) * UINT64_C(1099511628211);
    return digest ^ digest >> 32;
}

/* A digest of DIGEST, LENGTH and as many octets, 64 bits, after FNV-1a, but eight octets at a time, with the upper bits
 * folded down. Equal octets have equal digests; different ones nearly always have different digests, but a sender can
 * make two that are equal. It differs between machines of other byte order. */
static inline uint64_t octets_digest_on(uint64_t digest, const uint8_t *data, size_t length)
{
    uint64_t word = 0;

    digest ^= length;
    for (; length >= sizeof word; data += sizeof word, length -= sizeof word) {
        memcpy(&word, data, sizeof word);
        digest = octets_digest_word(digest, word);
    }
    if (length > 0) {
        word = 0;
        memcpy(&word, data, length);
        digest = octets_digest_word(digest, word);
    }
    return digest;
}

static inline uint64_t octets_digest(const uint8_t *data, size_t length)
{
    return octets_digest_on(OCTETS_DIGEST_START, data, length);
}

/* }}} */

#endif
