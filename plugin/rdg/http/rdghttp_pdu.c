/* rdghttp_pdu.c
 * The packets of the RD Gateway's main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdghttp_pdu.h"

#include <string.h>

#include "base/octets.h"

#define NONCE_LENGTH 16
#define HANDSHAKE_REQUEST_LENGTH 14
#define HANDSHAKE_RESPONSE_LENGTH 18
#define EXT_AUTH_KNOWN 0x0f
#define SEED_LONGEST 100

#define TPKT_VERSION 3
#define TPKT_HEADER 4
#define TLS_RECORD_HEADER 5
#define TLS_FIRST_TYPE 20
#define TLS_LAST_TYPE 24

/* {{{ Reading parts in their order */

typedef struct {
    const uint8_t *data;
    size_t captured;
    size_t end; /* of the packet, by its own length */
    size_t at;
    rdghttp_pdu_t *pdu;
    bool stopped; /* nothing can be read any more */
} reader_t;

static void stop(reader_t *reader, rdghttp_outcome_t outcome)
{
    if (!reader->stopped) {
        reader->stopped = true;
        reader->pdu->outcome = outcome;
    }
}

/* True when LENGTH octets are left in the packet, and captured. */
static bool has(reader_t *reader, size_t length)
{
    if (reader->stopped) {
        return false;
    }
    if (length > reader->end - reader->at) {
        stop(reader, RDGHTTP_TOO_SHORT);
        return false;
    }
    if (reader->at > reader->captured || length > reader->captured - reader->at) {
        stop(reader, RDGHTTP_NOT_CAPTURED);
        return false;
    }
    return true;
}

static void add(reader_t *reader, rdghttp_part_kind_t kind, size_t length, uint64_t value)
{
    rdghttp_pdu_t *pdu = reader->pdu;

    if (pdu->num_parts < RDGHTTP_MAX_PARTS) {
        pdu->parts[pdu->num_parts++] = (rdghttp_part_t){
            .kind = kind,
            .offset = (uint32_t)reader->at,
            .length = (uint32_t)length,
            .value = value,
        };
    }
    reader->at += length;
}

/* A number of 1, 2, 4 or 8 octets; 0 when it is not there. */
static uint64_t number(reader_t *reader, rdghttp_part_kind_t kind, size_t length)
{
    uint64_t value = 0;

    if (!has(reader, length)) {
        return 0;
    }
    for (size_t i = length; i > 0; i--) {
        value = value << 8 | reader->data[reader->at + i - 1];
    }
    add(reader, kind, length, value);
    return value;
}

/* Octets whose number stands before them, in 16 bits. What the capture has of them is a part, too. */
static void counted(reader_t *reader, rdghttp_part_kind_t kind)
{
    if (!has(reader, 2)) {
        return;
    }
    size_t length = octets_le16(reader->data + reader->at);
    reader->at += 2;
    if (length > reader->end - reader->at) {
        stop(reader, RDGHTTP_TOO_SHORT);
    } else if (length > reader->captured - reader->at) {
        add(reader, kind, reader->captured - reader->at, 0);
        stop(reader, RDGHTTP_NOT_CAPTURED);
    } else {
        add(reader, kind, length, 0);
    }
}

/* What is left of the packet. */
static void rest(reader_t *reader)
{
    size_t there = reader->captured < reader->end ? reader->captured : reader->end;

    if (reader->at < there) {
        add(reader, RDGHTTP_REST, there - reader->at, 0);
    }
}

/* }}} */
/* {{{ The packets */

static void read_handshake(reader_t *reader, rdghttp_part_kind_t version)
{
    number(reader, RDGHTTP_MAJOR, 1);
    number(reader, RDGHTTP_MINOR, 1);
    number(reader, version, 2);
    number(reader, RDGHTTP_EXT_AUTH, 2);
}

static uint64_t read_fields(reader_t *reader)
{
    uint64_t fields = number(reader, RDGHTTP_FIELDS, 2);

    number(reader, RDGHTTP_RESERVED, 2);
    return fields;
}

/* Behind optional parts of bits that nothing describes, the rest cannot be cut into parts. */
static void check_fields(reader_t *reader, uint64_t fields, uint64_t known)
{
    if ((fields & ~known) != 0 && !reader->stopped) {
        rest(reader);
        stop(reader, RDGHTTP_TOO_LONG);
    }
}

static void read_tunnel_create(reader_t *reader)
{
    number(reader, RDGHTTP_CAPS, 4);
    uint64_t fields = read_fields(reader);
    if (fields & RDGHTTP_CREATE_HAS_REAUTH) {
        number(reader, RDGHTTP_REAUTH_CONTEXT, 8);
    }
    if (fields & RDGHTTP_CREATE_HAS_PAA_COOKIE) {
        counted(reader, RDGHTTP_PAA_COOKIE);
    }
    check_fields(reader, fields, RDGHTTP_CREATE_HAS_REAUTH | RDGHTTP_CREATE_HAS_PAA_COOKIE);
}

/* A text and, behind it, one more when IS_FOLLOWED: whether they fill the packet from AT on. */
static bool texts_fit(const reader_t *reader, size_t at, bool is_followed)
{
    for (unsigned i = 0; i < 1u + is_followed; i++) {
        if (at + 2 > reader->end || at + 2 > reader->captured) {
            return false;
        }
        at += 2 + (size_t)octets_le16(reader->data + at);
    }
    return at == reader->end;
}

/* The specification gives the nonce 16 octets; other sizes are known of servers and clients. The one is right with
 * which the texts behind it fill the packet; without any such, that of the specification. */
static size_t nonce_length(const reader_t *reader, bool is_followed)
{
    static const size_t lengths[] = { NONCE_LENGTH, 20, 2 };

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        if (texts_fit(reader, reader->at + lengths[i], is_followed)) {
            return lengths[i];
        }
    }
    return NONCE_LENGTH;
}

static void read_tunnel_response(reader_t *reader)
{
    number(reader, RDGHTTP_SERVER_VERSION, 2);
    number(reader, RDGHTTP_CODE, 4);
    uint64_t fields = read_fields(reader);
    if (fields & RDGHTTP_TUNNEL_HAS_ID) {
        number(reader, RDGHTTP_TUNNEL_ID, 4);
    }
    if (fields & RDGHTTP_TUNNEL_HAS_CAPS) {
        number(reader, RDGHTTP_CAPS, 4);
    }
    if (fields & RDGHTTP_TUNNEL_HAS_SOH_REQUEST) {
        size_t length = nonce_length(reader, (fields & RDGHTTP_TUNNEL_HAS_CONSENT) != 0);
        if (has(reader, length)) {
            add(reader, RDGHTTP_NONCE, length, 0);
        }
        counted(reader, RDGHTTP_SERVER_CERT);
    }
    if (fields & RDGHTTP_TUNNEL_HAS_CONSENT) {
        counted(reader, RDGHTTP_CONSENT);
    }
    check_fields(reader, fields,
                 RDGHTTP_TUNNEL_HAS_ID | RDGHTTP_TUNNEL_HAS_CAPS | RDGHTTP_TUNNEL_HAS_SOH_REQUEST |
                     RDGHTTP_TUNNEL_HAS_CONSENT);
}

static void read_tunnel_auth(reader_t *reader)
{
    uint64_t fields = number(reader, RDGHTTP_FIELDS, 2);

    counted(reader, RDGHTTP_CLIENT_NAME);
    if (fields & RDGHTTP_AUTH_HAS_SOH) {
        counted(reader, RDGHTTP_SOH);
    }
    check_fields(reader, fields, RDGHTTP_AUTH_HAS_SOH);
}

static void read_tunnel_auth_response(reader_t *reader)
{
    number(reader, RDGHTTP_CODE, 4);
    uint64_t fields = read_fields(reader);
    if (fields & RDGHTTP_AUTH_HAS_REDIRECTION) {
        number(reader, RDGHTTP_REDIRECTION, 4);
    }
    if (fields & RDGHTTP_AUTH_HAS_IDLE_TIMEOUT) {
        number(reader, RDGHTTP_IDLE_TIMEOUT, 4);
    }
    if (fields & RDGHTTP_AUTH_HAS_SOH_RESPONSE) {
        counted(reader, RDGHTTP_SOH_RESPONSE);
    }
    check_fields(reader, fields,
                 RDGHTTP_AUTH_HAS_REDIRECTION | RDGHTTP_AUTH_HAS_IDLE_TIMEOUT | RDGHTTP_AUTH_HAS_SOH_RESPONSE);
}

static void read_channel_create(reader_t *reader)
{
    uint64_t resources = number(reader, RDGHTTP_NUM_RESOURCES, 1);
    uint64_t alternatives = number(reader, RDGHTTP_NUM_ALTERNATIVES, 1);

    number(reader, RDGHTTP_TARGET_PORT, 2);
    number(reader, RDGHTTP_TARGET_PROTOCOL, 2);
    for (uint64_t i = 0; i < resources && !reader->stopped; i++) {
        counted(reader, RDGHTTP_TARGET);
    }
    for (uint64_t i = 0; i < alternatives && !reader->stopped; i++) {
        counted(reader, RDGHTTP_TARGET_ALTERNATIVE);
    }
}

static void read_channel_response(reader_t *reader)
{
    number(reader, RDGHTTP_CODE, 4);
    uint64_t fields = read_fields(reader);
    if (fields & RDGHTTP_CHANNEL_HAS_ID) {
        number(reader, RDGHTTP_CHANNEL_ID, 4);
    }
    if (fields & RDGHTTP_CHANNEL_HAS_UDP_PORT) {
        number(reader, RDGHTTP_UDP_PORT, 2);
    }
    if (fields & RDGHTTP_CHANNEL_HAS_COOKIE) {
        counted(reader, RDGHTTP_UDP_COOKIE);
    }
    check_fields(reader, fields, RDGHTTP_CHANNEL_HAS_ID | RDGHTTP_CHANNEL_HAS_UDP_PORT | RDGHTTP_CHANNEL_HAS_COOKIE);
}

static void read_body(reader_t *reader)
{
    switch (reader->pdu->type) {
    case RDGHTTP_HANDSHAKE_REQUEST:
        read_handshake(reader, RDGHTTP_CLIENT_VERSION);
        break;
    case RDGHTTP_HANDSHAKE_RESPONSE:
        number(reader, RDGHTTP_CODE, 4);
        read_handshake(reader, RDGHTTP_SERVER_VERSION);
        break;
    case RDGHTTP_EXTENDED_AUTH:
        number(reader, RDGHTTP_CODE, 4);
        counted(reader, RDGHTTP_AUTH_BLOB);
        break;
    case RDGHTTP_TUNNEL_CREATE:
        read_tunnel_create(reader);
        break;
    case RDGHTTP_TUNNEL_RESPONSE:
        read_tunnel_response(reader);
        break;
    case RDGHTTP_TUNNEL_AUTH:
        read_tunnel_auth(reader);
        break;
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        read_tunnel_auth_response(reader);
        break;
    case RDGHTTP_CHANNEL_CREATE:
        read_channel_create(reader);
        break;
    case RDGHTTP_CHANNEL_RESPONSE:
        read_channel_response(reader);
        break;
    case RDGHTTP_DATA:
        counted(reader, RDGHTTP_DATA_OCTETS);
        break;
    case RDGHTTP_SERVICE_MESSAGE:
        counted(reader, RDGHTTP_MESSAGE);
        break;
    case RDGHTTP_REAUTH_MESSAGE:
        number(reader, RDGHTTP_REAUTH_CONTEXT, 8);
        break;
    case RDGHTTP_KEEPALIVE:
        break;
    case RDGHTTP_CLOSE_CHANNEL:
    case RDGHTTP_CLOSE_CHANNEL_RESPONSE:
        number(reader, RDGHTTP_CODE, 4);
        break;
    default:
        rest(reader);
        stop(reader, RDGHTTP_UNKNOWN_TYPE);
        break;
    }
}

/* }}} */

bool rdghttp_pdu_is_header(const uint8_t *data, size_t captured)
{
    return captured >= RDGHTTP_HEADER && octets_le16(data + 2) == 0 && octets_le32(data + 4) >= RDGHTTP_HEADER &&
           octets_le32(data + 4) <= RDGHTTP_LONGEST;
}

bool rdghttp_pdu_is_handshake(const uint8_t *data, size_t length)
{
    if (!rdghttp_pdu_is_header(data, length) || octets_le32(data + 4) != length) {
        return false;
    }
    switch (octets_le16(data)) {
    case RDGHTTP_HANDSHAKE_REQUEST:
        data += 8;
        break;
    case RDGHTTP_HANDSHAKE_RESPONSE:
        if (length != HANDSHAKE_RESPONSE_LENGTH) {
            return false;
        }
        data += 12;
        length -= 4;
        break;
    default:
        return false;
    }
    return length == HANDSHAKE_REQUEST_LENGTH && octets_le16(data) == 1 && octets_le16(data + 2) == 0 &&
           octets_le16(data + 4) <= EXT_AUTH_KNOWN;
}

/* How many octets at the end may begin the gateway's first packet, whose rest comes later. Not all of them. */
static size_t begun_header(const uint8_t *data, size_t left)
{
    static const uint8_t header[RDGHTTP_HEADER] = { RDGHTTP_HANDSHAKE_RESPONSE, 0, 0, 0, HANDSHAKE_RESPONSE_LENGTH };
    size_t count = left < HANDSHAKE_RESPONSE_LENGTH ? left - 1 : HANDSHAKE_RESPONSE_LENGTH - 1;

    while (count > 0 && memcmp(data + left - count, header, count < sizeof header ? count : sizeof header) != 0) {
        count--;
    }
    return count;
}

/* What begins no packet: up to the gateway's first packet, when that comes whole behind it. */
static size_t seed_length(const uint8_t *data, size_t left)
{
    static const uint8_t usual[] = { 0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd, 0xab, 0xcd };

    if (left >= sizeof usual && memcmp(data, usual, sizeof usual) == 0) {
        return sizeof usual;
    }
    for (size_t i = 1; i <= SEED_LONGEST && i + HANDSHAKE_RESPONSE_LENGTH <= left; i++) {
        if (octets_le16(data + i) == RDGHTTP_HANDSHAKE_RESPONSE &&
            rdghttp_pdu_is_handshake(data + i, HANDSHAKE_RESPONSE_LENGTH)) {
            return i;
        }
    }
    return left - begun_header(data, left);
}

size_t rdghttp_pdu_unit(const uint8_t *data, size_t left)
{
    if (left < RDGHTTP_HEADER) {
        return 0;
    }
    if (!rdghttp_pdu_is_header(data, left)) {
        return seed_length(data, left);
    }
    size_t length = octets_le32(data + 4);
    return length <= left ? length : 0;
}

bool rdghttp_pdu_read(const uint8_t *data, size_t captured, rdghttp_pdu_t *pdu)
{
    if (!rdghttp_pdu_is_header(data, captured)) {
        return false;
    }
    pdu->type = octets_le16(data);
    pdu->reserved = octets_le16(data + 2);
    pdu->length = octets_le32(data + 4);
    pdu->outcome = RDGHTTP_WHOLE;
    pdu->num_parts = 0;
    reader_t reader = { .data = data, .captured = captured, .end = pdu->length, .at = RDGHTTP_HEADER, .pdu = pdu };
    read_body(&reader);
    if (pdu->outcome == RDGHTTP_TOO_SHORT) {
        rest(&reader);
    } else if (pdu->outcome == RDGHTTP_WHOLE && reader.at < reader.end) {
        bool is_answer_to_close = pdu->type == RDGHTTP_CLOSE_CHANNEL_RESPONSE;
        rest(&reader);
        /* A server is known that appends octets here. */
        pdu->outcome = is_answer_to_close ? RDGHTTP_WHOLE : RDGHTTP_TOO_LONG;
    }
    return true;
}

const rdghttp_part_t *rdghttp_pdu_find(const rdghttp_pdu_t *pdu, rdghttp_part_kind_t kind)
{
    for (unsigned i = 0; i < pdu->num_parts; i++) {
        if (pdu->parts[i].kind == kind) {
            return &pdu->parts[i];
        }
    }
    return NULL;
}

bool rdghttp_pdu_has_ntlm(const rdghttp_pdu_t *pdu, const uint8_t *data)
{
    static const uint8_t signature[] = { 'N', 'T', 'L', 'M', 'S', 'S', 'P', 0 };
    const rdghttp_part_t *blob = rdghttp_pdu_find(pdu, RDGHTTP_AUTH_BLOB);

    return blob != NULL && pdu->outcome != RDGHTTP_NOT_CAPTURED && blob->length >= sizeof signature &&
           memcmp(data + blob->offset, signature, sizeof signature) == 0;
}

rdghttp_confirm_t rdghttp_pdu_confirm(const uint8_t *octets, size_t length)
{
    enum { TPKT = 4, CONFIRM = 11, WHOLE = 19, NEG_RSP = 2, EXTENDED_CLIENT_DATA_SUPPORTED = 1 };

    if (length < CONFIRM || octets[0] != 3 || octets[1] != 0 || octets[2] != 0 || octets[TPKT + 1] >> 4 != 0xd ||
        octets[TPKT] + TPKT + 1 != octets[3]) {
        return RDGHTTP_CONFIRM_NONE;
    }
    if (octets[3] == CONFIRM) {
        return RDGHTTP_CONFIRM_PLAIN;
    }
    if (octets[3] != WHOLE || length < WHOLE || octets[CONFIRM] != NEG_RSP) {
        return RDGHTTP_CONFIRM_NONE;
    }
    return (octets[CONFIRM + 1] & EXTENDED_CLIENT_DATA_SUPPORTED) != 0 ? RDGHTTP_CONFIRM_EXTENDED
                                                                       : RDGHTTP_CONFIRM_PLAIN;
}

size_t rdghttp_pdu_inner_unit(const uint8_t *data, size_t left)
{
    size_t length;

    if (left == 0) {
        return 0;
    }
    if (data[0] == TPKT_VERSION) {
        if (left < TPKT_HEADER) {
            return 0;
        }
        length = octets_be16(data + 2);
        if (length <= TPKT_HEADER) {
            return left;
        }
    } else if (data[0] >= TLS_FIRST_TYPE && data[0] <= TLS_LAST_TYPE) {
        if (left < TLS_RECORD_HEADER) {
            return 0;
        }
        length = TLS_RECORD_HEADER + (size_t)octets_be16(data + 3);
    } else {
        return left;
    }
    return length <= left ? length : 0;
}
