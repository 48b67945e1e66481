/* octets.h
 * Numbers in octets, and a digest of octets. Plain: needs no Wireshark.
 *
 * The caller checks that the octets are there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_OCTETS_H
#define PORTLORE_OCTETS_H

#include <stddef.h>
#include <stdint.h>

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

/* FNV-1a of LENGTH octets, 64 bits. Equal octets have equal digests; different ones nearly always have different
 * digests, but a sender can make two that are equal. */
static inline uint64_t octets_digest(const uint8_t *data, size_t length)
{
    uint64_t value = 14695981039346656037u;

    for (size_t i = 0; i < length; i++) {
        value = (value ^ data[i]) * 1099511628211u;
    }
    return value;
}

#endif
