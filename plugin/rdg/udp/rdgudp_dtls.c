/* rdgudp_dtls.c
 * What the DTLS records of one datagram say in the clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_dtls.h"

#include <string.h>

enum { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, HELLO_VERIFY_REQUEST = 3 };

#define RECORD_HEADER 13
#define RECORD_EPOCH 3
#define RECORD_LENGTH 11
#define HANDSHAKE_HEADER 12
#define HANDSHAKE_FRAGMENT_OFFSET 6
#define HANDSHAKE_FRAGMENT_LENGTH 9
#define SUPPORTED_VERSIONS 43

/* Octets that are there to be read, one field after the other. */
typedef struct {
    const uint8_t *data;
    size_t left;
} octets_t;

static unsigned get_uint16(const uint8_t *data)
{
    return (unsigned)data[0] << 8 | data[1];
}

static unsigned get_uint24(const uint8_t *data)
{
    return (unsigned)data[0] << 16 | (unsigned)data[1] << 8 | data[2];
}

static bool skip(octets_t *octets, size_t count)
{
    if (octets->left < count) {
        return false;
    }
    octets->data += count;
    octets->left -= count;
    return true;
}

/* Steps over a vector whose length stands in front of it, in SIZE octets (1 or 2). */
static bool skip_vector(octets_t *octets, size_t size)
{
    if (octets->left < size) {
        return false;
    }
    return skip(octets, size + (size == 1 ? octets->data[0] : get_uint16(octets->data)));
}

static void add_offer(rdgudp_dtls_t *dtls, uint16_t version)
{
    if (dtls->num_offers < RDGUDP_DTLS_OFFERS) {
        dtls->offers[dtls->num_offers++] = version;
    }
}

/* Finds the extension supported_versions in what is left of a hello; false when there is none. */
static bool find_versions(octets_t extensions, octets_t *versions)
{
    if (!skip(&extensions, 2)) {
        return false;
    }
    while (extensions.left >= 4) {
        unsigned type = get_uint16(extensions.data);
        size_t length = get_uint16(extensions.data + 2);
        skip(&extensions, 4);
        if (length > extensions.left) {
            return false;
        }
        if (type == SUPPORTED_VERSIONS) {
            *versions = (octets_t){ .data = extensions.data, .left = length };
            return true;
        }
        skip(&extensions, length);
    }
    return false;
}

/* Session id, cookie, cipher suites, compression methods: the octets of the length of each. */
static bool skip_to_extensions(octets_t *body)
{
    static const unsigned widths[] = { 1, 1, 2, 1 };
    bool there = true;

    for (size_t i = 0; i < sizeof widths / sizeof widths[0] && there; i++) {
        there = skip_vector(body, widths[i]);
    }
    return there;
}

static void read_client_hello(octets_t body, rdgudp_dtls_t *dtls)
{
    octets_t versions;

    dtls->client_hello = true;
    if (body.left < 2 + RDGUDP_DTLS_RANDOM) {
        return;
    }
    uint16_t legacy = (uint16_t)get_uint16(body.data);
    memcpy(dtls->random, body.data + 2, RDGUDP_DTLS_RANDOM);
    dtls->has_random = true;
    skip(&body, 2 + RDGUDP_DTLS_RANDOM);
    if (skip_to_extensions(&body) && find_versions(body, &versions) && skip(&versions, 1) && versions.left >= 2) {
        while (versions.left >= 2) {
            add_offer(dtls, (uint16_t)get_uint16(versions.data));
            skip(&versions, 2);
        }
        return;
    }
    add_offer(dtls, legacy);
}

static void read_server_hello(octets_t body, rdgudp_dtls_t *dtls)
{
    octets_t versions;

    dtls->server_hello = true;
    if (body.left < 2 + RDGUDP_DTLS_RANDOM) {
        return;
    }
    dtls->chosen = (uint16_t)get_uint16(body.data);
    skip(&body, 2 + RDGUDP_DTLS_RANDOM);
    /* Session id, then cipher suite and compression method. */
    if (skip_vector(&body, 1) && skip(&body, 3) && find_versions(body, &versions) && versions.left >= 2) {
        dtls->chosen = (uint16_t)get_uint16(versions.data);
    }
}

/* The messages of a handshake record in the clear; only what begins in it counts. */
static void read_handshake(octets_t record, rdgudp_dtls_t *dtls)
{
    while (record.left >= HANDSHAKE_HEADER) {
        unsigned type = record.data[0];
        size_t length = get_uint24(record.data + HANDSHAKE_FRAGMENT_LENGTH);
        bool is_start = get_uint24(record.data + HANDSHAKE_FRAGMENT_OFFSET) == 0;
        skip(&record, HANDSHAKE_HEADER);
        octets_t body = { .data = record.data, .left = length < record.left ? length : record.left };
        if (is_start && type == CLIENT_HELLO) {
            read_client_hello(body, dtls);
        } else if (is_start && type == SERVER_HELLO) {
            read_server_hello(body, dtls);
        } else if (is_start && type == HELLO_VERIFY_REQUEST) {
            dtls->hello_verify = true;
        }
        if (!skip(&record, length)) {
            return;
        }
    }
}

static void read_record(unsigned type, bool encrypted, octets_t body, size_t length, rdgudp_dtls_t *dtls)
{
    if (type == HANDSHAKE && encrypted) {
        dtls->finished = true;
    } else if (type == HANDSHAKE) {
        read_handshake(body, dtls);
    } else if (type == APPLICATION_DATA) {
        dtls->application_data = dtls->application_data || encrypted;
    } else if (type == ALERT && encrypted) {
        dtls->encrypted_alert = true;
    } else if (type == ALERT && length == 2 && body.left == 2) {
        dtls->alert = true;
        dtls->alert_level = body.data[0];
        dtls->alert_description = body.data[1];
    }
}

void rdgudp_dtls_read(const uint8_t *data, size_t captured, size_t length, rdgudp_dtls_t *dtls)
{
    octets_t there = { .data = data, .left = captured < length ? captured : length };

    *dtls = (rdgudp_dtls_t){ 0 };
    while (there.left >= RECORD_HEADER) {
        unsigned type = there.data[0];
        bool encrypted = get_uint16(there.data + RECORD_EPOCH) > 0;
        size_t record = get_uint16(there.data + RECORD_LENGTH);
        skip(&there, RECORD_HEADER);
        octets_t body = { .data = there.data, .left = record < there.left ? record : there.left };
        read_record(type, encrypted, body, record, dtls);
        if (!skip(&there, record)) {
            return;
        }
    }
}

const char *rdgudp_dtls_version_name(uint16_t version)
{
    switch (version) {
    case RDGUDP_DTLS_1_0:
        return "DTLS 1.0";
    case RDGUDP_DTLS_1_2:
        return "DTLS 1.2";
    case 0xfefc:
        return "DTLS 1.3";
    case 0x0100:
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
