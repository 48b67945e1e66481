/* rdgudp_dtls.c
 * What the DTLS records of one datagram say in the clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_dtls.h"

#include <string.h>

#include "base/dtls_record.h"
#include "base/octets.h"

/* Content types that DTLS 1.2 has beside those of its own specification (RFC 6520, RFC 9146). */
enum { HEARTBEAT = 24, CONNECTION_ID = 25 };

/* Handshake messages (RFC 5246 section 7.4). */
enum { SERVER_HELLO = 2, HELLO_VERIFY_REQUEST = 3, CLIENT_KEY_EXCHANGE = 16 };

/* Extensions of a hello. */
enum { USE_SRTP = 14, SUPPORTED_VERSIONS = 43 };

/* A record's header (RFC 6347 section 4.1). */
#define RECORD_VERSION 1
#define RECORD_NUMBER 5
#define RECORD_LENGTH 11
#define CONNECTION_ID_HEADER 11 /* up to the connection id, whose length the record does not tell */

/* A handshake message's header (RFC 6347 section 4.2.2). */
#define HANDSHAKE_LENGTH 1
#define HANDSHAKE_SEQUENCE 4
#define HANDSHAKE_FRAGMENT_LENGTH 9

/* Octets at the start of a datagram that tell it from others: with most of a hello's random, or without it when the
 * capture has less. */
#define DIGEST_LONG 41
#define DIGEST_SHORT (DTLS_RECORD_12_HEADER + 8)

/* Octets that are there to be read, one field after the other. */
typedef struct {
    const uint8_t *data;
    size_t left;
} octets_t;

/* A handshake message, or a fragment of one. */
typedef struct {
    unsigned type;
    size_t length; /* of the whole message */
    unsigned sequence;
    size_t fragment_offset;
    size_t fragment_length;
    octets_t body; /* what was captured of the fragment */
} message_t;

/* {{{ Hellos */

static bool skip(octets_t *octets, size_t count)
{
    if (octets->left < count) {
        return false;
    }
    octets->data += count;
    octets->left -= count;
    return true;
}

/* Steps over a vector whose length stands in front of it, in SIZE octets (1 or 2), and gives its content. */
static bool take_vector(octets_t *octets, size_t size, octets_t *content)
{
    if (octets->left < size) {
        return false;
    }
    size_t length = size == 1 ? octets->data[0] : octets_be16(octets->data);
    *content = (octets_t){ .data = octets->data + size, .left = length };
    return skip(octets, size + length);
}

static void add_offer(rdgudp_dtls_t *dtls, uint16_t version)
{
    if (dtls->num_offers < RDGUDP_DTLS_OFFERS) {
        dtls->offers[dtls->num_offers++] = version;
    }
}

/* Finds an extension in what is left of a hello; false when there is none. */
static bool find_extension(octets_t extensions, unsigned type, octets_t *content)
{
    if (!skip(&extensions, 2)) {
        return false;
    }
    while (extensions.left >= 4) {
        unsigned one = octets_be16(extensions.data);
        skip(&extensions, 2);
        if (!take_vector(&extensions, 2, content)) {
            return false;
        }
        if (one == type) {
            return true;
        }
    }
    return false;
}

/* True for a cipher suite with a pre-shared key (RFC 4279, 4785, 5487, 5489, 8442), of CCM (RFC 6655, 7251), and for
 * the signals of renegotiation and fallback, which are no suites. */
static bool is_small_suite(unsigned suite)
{
    return (suite >= 0x002c && suite <= 0x002e) || (suite >= 0x008a && suite <= 0x0095) ||
           (suite >= 0x00a8 && suite <= 0x00b9) || (suite >= 0xc033 && suite <= 0xc03b) ||
           (suite >= 0xc09c && suite <= 0xc0af) || (suite >= 0xccab && suite <= 0xccae) ||
           (suite >= 0xd001 && suite <= 0xd005) || suite == 0x00ff || suite == 0x5600;
}

static bool are_only_small(octets_t suites)
{
    bool any = false;

    while (suites.left >= 2) {
        unsigned suite = octets_be16(suites.data);
        if (!is_small_suite(suite)) {
            return false;
        }
        any = any || (suite != 0x00ff && suite != 0x5600);
        skip(&suites, 2);
    }
    return any;
}

/* The versions that a ClientHello offers. Where supported_versions may be in the part that is not there, nothing is
 * known of them. */
static void read_offers(octets_t extensions, uint16_t legacy, bool is_whole, rdgudp_dtls_t *dtls)
{
    octets_t versions;

    if (find_extension(extensions, SUPPORTED_VERSIONS, &versions) && skip(&versions, 1) && versions.left >= 2) {
        while (versions.left >= 2) {
            add_offer(dtls, octets_be16(versions.data));
            skip(&versions, 2);
        }
    } else if (is_whole) {
        add_offer(dtls, legacy);
    }
}

static void read_client_hello(const message_t *message, rdgudp_dtls_t *dtls)
{
    octets_t body = message->body;
    octets_t cookie, suites, content;

    dtls->client_hello = true;
    dtls->has_cookie = message->sequence > 0;
    if (body.left < 2 + DTLS_HELLO_RANDOM) {
        return;
    }
    uint16_t legacy = octets_be16(body.data);
    memcpy(dtls->random, body.data + 2, DTLS_HELLO_RANDOM);
    dtls->has_random = true;
    const size_t at = dtls_hello_find_cookie(body.data, body.left);
    if (at == 0 || !skip(&body, at) || !take_vector(&body, 1, &cookie)) {
        return;
    }
    if (cookie.left > 0) {
        dtls->has_cookie = true;
        dtls->cookie = octets_digest(cookie.data, cookie.left);
    }
    if (!take_vector(&body, 2, &suites)) {
        return;
    }
    dtls->offers_only_small = are_only_small(suites);
    if (take_vector(&body, 1, &content)) {
        dtls->offers_srtp = find_extension(body, USE_SRTP, &content);
        read_offers(body, legacy, message->body.left == message->length, dtls);
    }
}

/* The random of a HelloRetryRequest (RFC 8446 section 4.1.3). */
static const uint8_t retry_random[DTLS_HELLO_RANDOM] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

static void read_server_hello(const message_t *message, rdgudp_dtls_t *dtls)
{
    octets_t body = message->body;
    octets_t content;

    if (body.left < 2 + DTLS_HELLO_RANDOM) {
        dtls->server_hello = true;
        return;
    }
    if (memcmp(body.data + 2, retry_random, DTLS_HELLO_RANDOM) == 0) {
        dtls->hello_verify = true;
        return;
    }
    dtls->server_hello = true;
    uint16_t legacy = octets_be16(body.data);
    skip(&body, 2 + DTLS_HELLO_RANDOM);
    /* Session id, then cipher suite and compression method. */
    if (take_vector(&body, 1, &content) && skip(&body, 3) && find_extension(body, SUPPORTED_VERSIONS, &content) &&
        content.left >= 2) {
        dtls->chosen = octets_be16(content.data);
    } else if (message->body.left == message->length || legacy == RDGUDP_DTLS_1_0) {
        /* A hello of DTLS 1.3 says 1.2 here, and the truth in the extension. */
        dtls->chosen = legacy;
    }
}

static void read_hello_verify(const message_t *message, rdgudp_dtls_t *dtls)
{
    octets_t body = message->body;
    octets_t cookie;

    dtls->hello_verify = true;
    if (skip(&body, 2) && take_vector(&body, 1, &cookie) && cookie.left > 0) {
        dtls->cookie = octets_digest(cookie.data, cookie.left);
    }
}

/* }}} */
/* {{{ Records */

static void read_message(const message_t *message, rdgudp_dtls_t *dtls)
{
    if (message->fragment_offset > 0) {
        dtls->client_hello_part = dtls->client_hello_part || message->type == DTLS_CLIENT_HELLO;
        return;
    }
    switch (message->type) {
    case DTLS_CLIENT_HELLO:
        read_client_hello(message, dtls);
        break;
    case SERVER_HELLO:
        read_server_hello(message, dtls);
        break;
    case HELLO_VERIFY_REQUEST:
        read_hello_verify(message, dtls);
        break;
    case CLIENT_KEY_EXCHANGE:
        dtls->key_exchange = true;
        break;
    default:
        break;
    }
}

/* What a message's header says that the capture cut: its type stands first. */
static void read_cut_header(octets_t header, rdgudp_dtls_t *dtls)
{
    message_t message = { .type = header.data[0], .length = SIZE_MAX };

    if (header.left >= DTLS_HANDSHAKE_FRAGMENT_OFFSET) {
        message.sequence = octets_be16(header.data + HANDSHAKE_SEQUENCE);
    }
    if (header.left >= HANDSHAKE_FRAGMENT_LENGTH) {
        message.fragment_offset = octets_be24(header.data + DTLS_HANDSHAKE_FRAGMENT_OFFSET);
    }
    read_message(&message, dtls);
}

/* The messages of a handshake record in the clear. */
static void read_handshake(octets_t record, rdgudp_dtls_t *dtls)
{
    while (record.left >= DTLS_HANDSHAKE_HEADER) {
        message_t message = {
            .type = record.data[0],
            .length = octets_be24(record.data + HANDSHAKE_LENGTH),
            .sequence = octets_be16(record.data + HANDSHAKE_SEQUENCE),
            .fragment_offset = octets_be24(record.data + DTLS_HANDSHAKE_FRAGMENT_OFFSET),
            .fragment_length = octets_be24(record.data + HANDSHAKE_FRAGMENT_LENGTH),
        };
        skip(&record, DTLS_HANDSHAKE_HEADER);
        message.body.data = record.data;
        message.body.left = message.fragment_length < record.left ? message.fragment_length : record.left;
        read_message(&message, dtls);
        if (!skip(&record, message.fragment_length)) {
            return;
        }
    }
    if (record.left > 0 && dtls->is_cut) {
        read_cut_header(record, dtls);
    }
}

static void read_record(unsigned type, bool encrypted, octets_t body, size_t length, rdgudp_dtls_t *dtls)
{
    if (type == CONNECTION_ID) {
        /* Its own type is encrypted. What comes with messages in the clear ends the handshake, as does an end's first
         * encrypted record. */
        dtls->has_connection_id = true;
        if (dtls->epoch == 0 || dtls->number == 0) {
            dtls->finished = true;
        } else {
            dtls->application_data = true;
        }
    } else if (type == DTLS_HANDSHAKE && encrypted) {
        dtls->finished = true;
    } else if (type == DTLS_HANDSHAKE) {
        read_handshake(body, dtls);
    } else if (type == DTLS_APPLICATION_DATA) {
        dtls->application_data = dtls->application_data || encrypted;
    } else if (type == DTLS_ALERT && encrypted) {
        dtls->encrypted_alert = true;
    } else if (type == DTLS_ALERT && length == 2 && body.left == 2) {
        dtls->alert = true;
        dtls->alert_level = body.data[0];
        dtls->alert_description = body.data[1];
    }
}

bool rdgudp_dtls_looks_like_record(const uint8_t *data, size_t length)
{
    if (length == 0 || data[0] < DTLS_CHANGE_CIPHER_SPEC || data[0] > CONNECTION_ID) {
        return false;
    }
    if (length <= RECORD_VERSION + 1) {
        return length == 1 || data[RECORD_VERSION] == 0xfe || data[RECORD_VERSION] == 1;
    }
    uint16_t version = octets_be16(data + RECORD_VERSION);
    return version == RDGUDP_DTLS_1_0 || version == RDGUDP_DTLS_1_2 || version == RDGUDP_DTLS_1_0_OPENSSL;
}

/* Length of the record at DATA, header included, as sent; 0 when there is none. REPORTED is what the datagram has from
 * there on. */
static size_t measure_record(const uint8_t *data, size_t captured, size_t reported)
{
    if (captured < DTLS_RECORD_12_HEADER || !rdgudp_dtls_looks_like_record(data, captured)) {
        return 0;
    }
    if (data[0] == CONNECTION_ID) {
        /* How long the connection id is only the hellos say. One datagram has one such record, as a rule. */
        return reported > CONNECTION_ID_HEADER ? reported : 0;
    }
    size_t length = DTLS_RECORD_12_HEADER + (size_t)octets_be16(data + RECORD_LENGTH);
    return length > DTLS_RECORD_12_HEADER && length <= reported ? length : 0;
}

/* Reads the record at DATA of which CAPTURED octets are there; returns its length as sent, 0 when there is none. */
static size_t read_next_record(const uint8_t *data, size_t captured, size_t reported, bool is_13, rdgudp_dtls_t *dtls)
{
    size_t length = measure_record(data, captured, reported);

    if (length > 0) {
        size_t there = captured < length ? captured : length;
        dtls->is_cut = dtls->is_cut || there < length;
        if (dtls->num_records == 0) {
            dtls->record_version = octets_be16(data + RECORD_VERSION);
            dtls->epoch = octets_be16(data + DTLS_RECORD_12_EPOCH);
            dtls->number = (uint64_t)octets_be16(data + RECORD_NUMBER) << 32 | octets_be32(data + RECORD_NUMBER + 2);
        }
        octets_t body = { .data = data + DTLS_RECORD_12_HEADER, .left = there - DTLS_RECORD_12_HEADER };
        read_record(data[0], octets_be16(data + DTLS_RECORD_12_EPOCH) > 0, body, length - DTLS_RECORD_12_HEADER, dtls);
        return length;
    }
    length = is_13 ? dtls_record_13_measure(data, captured, reported) : 0;
    if (length > 0) {
        dtls->is_cut = dtls->is_cut || captured < length;
        if (dtls_record_13_is_of_handshake(data)) {
            dtls->finished = true;
        } else {
            dtls->application_data = true;
        }
    }
    return length;
}

/* Every datagram of a session has other octets here: the number of the first record, and what is encrypted with it. In
 * the clear, the randoms of hellos tell sessions apart, where they were captured. */
static uint64_t digest_start(const uint8_t *data, size_t captured, size_t reported)
{
    size_t length = captured >= DIGEST_LONG ? DIGEST_LONG : DIGEST_SHORT;

    if (captured == reported && captured < length) {
        length = captured;
    }
    if (captured < length) {
        return 0;
    }
    uint64_t digest = octets_digest(data, length) + reported;
    return digest != 0 ? digest : 1;
}

void rdgudp_dtls_read(const uint8_t *data, size_t captured, size_t reported, bool is_13, rdgudp_dtls_t *dtls)
{
    size_t at = 0;

    *dtls = (rdgudp_dtls_t){ .presence = RDGUDP_DTLS_NONE };
    while (at < captured) {
        bool may_be_short = is_13 || dtls->chosen == RDGUDP_DTLS_1_3; /* by a ServerHello in front of the record */
        size_t length = read_next_record(data + at, captured - at, reported - at, may_be_short, dtls);
        if (length == 0) {
            break;
        }
        dtls->num_records++;
        at += length;
    }
    dtls->length = (uint32_t)at;
    dtls->digest = digest_start(data, captured, reported);
    if (at < reported && captured < reported) {
        size_t there = at < captured ? captured - at : 0;
        dtls->has_rest =
            there < DTLS_RECORD_12_HEADER && (there == 0 || rdgudp_dtls_looks_like_record(data + at, there));
    }
    if (dtls->num_records > 0) {
        dtls->presence = RDGUDP_DTLS_THERE;
    } else if (dtls->has_rest && captured > 0 && reported > DTLS_RECORD_12_HEADER) {
        dtls->presence = RDGUDP_DTLS_CUT;
    }
}

/* }}} */
/* {{{ Names */

const char *rdgudp_dtls_version_name(uint16_t version)
{
    switch (version) {
    case RDGUDP_DTLS_1_0:
        return "DTLS 1.0";
    case RDGUDP_DTLS_1_2:
        return "DTLS 1.2";
    case RDGUDP_DTLS_1_3:
        return "DTLS 1.3";
    case RDGUDP_DTLS_1_0_OPENSSL:
        return "DTLS 1.0 (OpenSSL pre 0.9.8f)";
    default:
        return "unknown version";
    }
}

const char *rdgudp_dtls_alert_name(uint8_t description)
{
    static const struct {
        uint8_t description;
        const char *name;
    } names[] = {
        { 0, "close_notify" },
        { 10, "unexpected_message" },
        { 20, "bad_record_mac" },
        { 21, "decryption_failed" },
        { 22, "record_overflow" },
        { 30, "decompression_failure" },
        { 40, "handshake_failure" },
        { 41, "no_certificate" },
        { 42, "bad_certificate" },
        { 43, "unsupported_certificate" },
        { 44, "certificate_revoked" },
        { 45, "certificate_expired" },
        { 46, "certificate_unknown" },
        { 47, "illegal_parameter" },
        { 48, "unknown_ca" },
        { 49, "access_denied" },
        { 50, "decode_error" },
        { 51, "decrypt_error" },
        { 60, "export_restriction" },
        { 70, "protocol_version" },
        { 71, "insufficient_security" },
        { 80, "internal_error" },
        { 86, "inappropriate_fallback" },
        { 90, "user_canceled" },
        { 100, "no_renegotiation" },
        { 109, "missing_extension" },
        { 110, "unsupported_extension" },
        { 111, "certificate_unobtainable" },
        { 112, "unrecognized_name" },
        { 113, "bad_certificate_status_response" },
        { 114, "bad_certificate_hash_value" },
        { 115, "unknown_psk_identity" },
        { 116, "certificate_required" },
        { 120, "no_application_protocol" },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].description == description) {
            return names[i].name;
        }
    }
    return "unknown alert";
}

/* }}} */
