/* rdgudp_rdpeudp.c
 * The RDPEUDP version 1 datagram inside a DATA_PKT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_rdpeudp.h"

#define FIXED_HEADER 8
#define SOURCE_HEADER 8

static uint16_t get_be16(const uint8_t *data)
{
    return (uint16_t)(data[0] << 8 | data[1]);
}

/* The ACK vector: a size of two octets, the elements, and octets that fill up to a multiple of four. False when it is
 * not all there. */
static bool read_ack_vector(const uint8_t *data, size_t length, size_t *at, rdgudp_rdpeudp_t *datagram)
{
    if (length - *at < 2) {
        return false;
    }
    datagram->ack_vector = *at;
    datagram->ack_vector_size = get_be16(data + *at);
    size_t end = *at + 2 + datagram->ack_vector_size;
    if (datagram->ack_vector_size > RDGUDP_RDPEUDP_ACK_VECTOR_MAX || end > length) {
        return false;
    }
    size_t padding = (4 - (2 + (size_t)datagram->ack_vector_size) % 4) % 4;
    if (padding > length - end) {
        return false;
    }
    datagram->ack_padding = end;
    datagram->ack_padding_length = padding;
    *at = end + padding;
    return true;
}

bool rdgudp_rdpeudp_read(const uint8_t *data, size_t length, rdgudp_rdpeudp_t *datagram)
{
    size_t at = FIXED_HEADER;

    *datagram = (rdgudp_rdpeudp_t){ 0 };
    if (length < FIXED_HEADER) {
        return false;
    }
    datagram->source_ack = (uint32_t)get_be16(data) << 16 | get_be16(data + 2);
    datagram->window = get_be16(data + 4);
    datagram->flags = get_be16(data + 6);
    if (datagram->flags & RDGUDP_RDPEUDP_SYN) {
        datagram->payload = at;
        datagram->whole = true;
        return true;
    }
    if ((datagram->flags & RDGUDP_RDPEUDP_ACK) && !read_ack_vector(data, length, &at, datagram)) {
        return true;
    }
    if (datagram->flags & RDGUDP_RDPEUDP_ACK_OF_ACKS) {
        if (length - at < 4) {
            return true;
        }
        datagram->ack_of_acks = at;
        at += 4;
    }
    if ((datagram->flags & RDGUDP_RDPEUDP_DATA) && !(datagram->flags & RDGUDP_RDPEUDP_FEC)) {
        if (length - at < SOURCE_HEADER) {
            return true;
        }
        datagram->source = at;
        at += SOURCE_HEADER;
    }
    datagram->payload = at;
    datagram->whole = true;
    return true;
}

rdgudp_inner_t rdgudp_rdpeudp_guess_inner(const uint8_t *data, size_t length)
{
    /* Content types change_cipher_spec to heartbeat, then the version. */
    if (length < 3 || data[0] < 20 || data[0] > 24) {
        return RDGUDP_INNER_UNKNOWN;
    }
    if (data[1] == 3 && data[2] <= 4) {
        return RDGUDP_INNER_TLS;
    }
    return data[1] == 0xfe && (data[2] == 0xff || data[2] == 0xfd) ? RDGUDP_INNER_DTLS : RDGUDP_INNER_UNKNOWN;
}
