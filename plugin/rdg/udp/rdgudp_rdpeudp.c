/* rdgudp_rdpeudp.c
 * The RDPEUDP version 1 datagram inside a DATA_PKT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_rdpeudp.h"

#include "base/octets.h"
#include "rdgudp_dtls.h"

#define FIXED_HEADER 8
#define SOURCE_HEADER 8

/* The start of a TLS record (RFC 5246 section 6.2.1): content type and version. */
enum { TLS_CHANGE_CIPHER_SPEC = 20, TLS_HEARTBEAT = 24, TLS_MAJOR = 3, TLS_1_3_MINOR = 4, TLS_RECORD_START = 3 };

/* The ACK vector: a size of two octets, the elements, and octets that fill up to a multiple of four. False when it is
 * not all there. */
static bool read_ack_vector(const uint8_t *data, size_t length, size_t *at, rdgudp_rdpeudp_t *datagram)
{
    if (length - *at < 2) {
        return false;
    }
    datagram->ack_vector = *at;
    datagram->ack_vector_size = octets_be16(data + *at);
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
    datagram->source_ack = octets_be32(data);
    datagram->window = octets_be16(data + 4);
    datagram->flags = octets_be16(data + 6);
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
    if (length < TLS_RECORD_START) {
        return RDGUDP_INNER_UNKNOWN;
    }
    if (data[0] >= TLS_CHANGE_CIPHER_SPEC && data[0] <= TLS_HEARTBEAT && data[1] == TLS_MAJOR &&
        data[2] <= TLS_1_3_MINOR) {
        return RDGUDP_INNER_TLS;
    }
    return data[1] != 1 && rdgudp_dtls_looks_like_record(data, length) ? RDGUDP_INNER_DTLS : RDGUDP_INNER_UNKNOWN;
}
