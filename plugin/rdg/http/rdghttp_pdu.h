/* rdghttp_pdu.h
 * The packets of the RD Gateway's main channel (MS-TSGU sections 2.2.5.3 and 2.2.10).
 *
 * The functions work on plain octets, keep no state and never read past CAPTURED. All numbers are little-endian.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_PDU_H
#define PORTLORE_RDGHTTP_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RDGHTTP_HEADER 8 /* packetType, reserved, packetLength */

/* No packet is longer: each of its variable parts has a length of 16 bits. What says so is none. */
#define RDGHTTP_LONGEST 0x20000

/* packetType (MS-TSGU section 2.2.5.3.3). */
enum {
    RDGHTTP_HANDSHAKE_REQUEST = 1,
    RDGHTTP_HANDSHAKE_RESPONSE = 2,
    RDGHTTP_EXTENDED_AUTH = 3,
    RDGHTTP_TUNNEL_CREATE = 4,
    RDGHTTP_TUNNEL_RESPONSE = 5,
    RDGHTTP_TUNNEL_AUTH = 6,
    RDGHTTP_TUNNEL_AUTH_RESPONSE = 7,
    RDGHTTP_CHANNEL_CREATE = 8,
    RDGHTTP_CHANNEL_RESPONSE = 9,
    RDGHTTP_DATA = 10,
    RDGHTTP_SERVICE_MESSAGE = 11,
    RDGHTTP_REAUTH_MESSAGE = 12,
    RDGHTTP_KEEPALIVE = 13,
    RDGHTTP_CLOSE_CHANNEL = 16,
    RDGHTTP_CLOSE_CHANNEL_RESPONSE = 17
};

/* HTTP_CAPABILITY_TYPE (2.2.5.3.2). */
enum {
    RDGHTTP_CAPS_SOH = 0x01,
    RDGHTTP_CAPS_IDLE_TIMEOUT = 0x02,
    RDGHTTP_CAPS_CONSENT = 0x04,
    RDGHTTP_CAPS_SERVICE_MESSAGE = 0x08,
    RDGHTTP_CAPS_REAUTH = 0x10,
    RDGHTTP_CAPS_UDP = 0x20
};

/* fieldsPresent: each packet that has optional parts has bits of its own. */
enum {
    RDGHTTP_CREATE_HAS_PAA_COOKIE = 1, /* TUNNEL_CREATE */
    RDGHTTP_CREATE_HAS_REAUTH = 2,
    RDGHTTP_TUNNEL_HAS_ID = 1, /* TUNNEL_RESPONSE */
    RDGHTTP_TUNNEL_HAS_CAPS = 2,
    RDGHTTP_TUNNEL_HAS_SOH_REQUEST = 4,
    RDGHTTP_TUNNEL_HAS_CONSENT = 0x10,
    RDGHTTP_AUTH_HAS_SOH = 1,         /* TUNNEL_AUTH */
    RDGHTTP_AUTH_HAS_REDIRECTION = 1, /* TUNNEL_AUTH_RESPONSE */
    RDGHTTP_AUTH_HAS_IDLE_TIMEOUT = 2,
    RDGHTTP_AUTH_HAS_SOH_RESPONSE = 4,
    RDGHTTP_CHANNEL_HAS_ID = 1, /* CHANNEL_RESPONSE */
    RDGHTTP_CHANNEL_HAS_COOKIE = 2,
    RDGHTTP_CHANNEL_HAS_UDP_PORT = 4
};

/* The parts of packets. */
typedef enum {
    RDGHTTP_MAJOR,
    RDGHTTP_MINOR,
    RDGHTTP_CLIENT_VERSION,
    RDGHTTP_SERVER_VERSION,
    RDGHTTP_EXT_AUTH,
    RDGHTTP_CODE,
    RDGHTTP_AUTH_BLOB, /* octets */
    RDGHTTP_CAPS,
    RDGHTTP_FIELDS,
    RDGHTTP_RESERVED,
    RDGHTTP_REAUTH_CONTEXT,
    RDGHTTP_PAA_COOKIE, /* octets */
    RDGHTTP_TUNNEL_ID,
    RDGHTTP_NONCE,
    RDGHTTP_SERVER_CERT, /* text */
    RDGHTTP_CONSENT,     /* text */
    RDGHTTP_CLIENT_NAME, /* text */
    RDGHTTP_SOH,         /* octets */
    RDGHTTP_REDIRECTION,
    RDGHTTP_IDLE_TIMEOUT,
    RDGHTTP_SOH_RESPONSE, /* octets */
    RDGHTTP_NUM_RESOURCES,
    RDGHTTP_NUM_ALTERNATIVES,
    RDGHTTP_TARGET_PORT,
    RDGHTTP_TARGET_PROTOCOL,
    RDGHTTP_TARGET,             /* text */
    RDGHTTP_TARGET_ALTERNATIVE, /* text */
    RDGHTTP_CHANNEL_ID,
    RDGHTTP_UDP_PORT,
    RDGHTTP_UDP_COOKIE,  /* octets */
    RDGHTTP_DATA_OCTETS, /* octets */
    RDGHTTP_MESSAGE,     /* text */
    RDGHTTP_REST,        /* octets that nothing describes */
    RDGHTTP_NUM_PARTS
} rdghttp_part_kind_t;

/* A part, in octets from the packet's start. A text or octets of variable length have a length of 16 bits before
 * OFFSET. */
typedef struct {
    rdghttp_part_kind_t kind;
    uint32_t offset;
    uint32_t length;
    uint64_t value; /* of a number; 0 of texts and octets */
} rdghttp_part_t;

/* How a packet was read. */
typedef enum {
    RDGHTTP_WHOLE,
    RDGHTTP_NOT_CAPTURED, /* the capture lacks the rest; what is there agrees with itself */
    RDGHTTP_TOO_SHORT,    /* by its own length, the packet has no room for its parts */
    RDGHTTP_TOO_LONG,     /* octets are left that nothing describes */
    RDGHTTP_UNKNOWN_TYPE
} rdghttp_outcome_t;

/* CHANNEL_CREATE has up to 255 resources and as many alternatives, which are counted in an octet each. */
#define RDGHTTP_MAX_PARTS 528

typedef struct {
    uint16_t type;
    uint16_t reserved;
    uint32_t length;   /* with the header */
    bool from_gateway; /* who reads the packet sets it; false otherwise */
    rdghttp_outcome_t outcome;
    unsigned num_parts;
    rdghttp_part_t parts[RDGHTTP_MAX_PARTS]; /* in the order of their offsets */
} rdghttp_pdu_t;

/* True when a packet may begin with the octets at DATA: at least the header is there, the reserved octets are 0, and
 * the length is possible. */
bool rdghttp_pdu_is_header(const uint8_t *data, size_t captured);

/* True when the whole of the LENGTH octets at DATA is a handshake, of the client or the gateway, with the octets that
 * all of them have. Tells MS-TSGU in a WebSocket whose request was not seen. */
bool rdghttp_pdu_is_handshake(const uint8_t *data, size_t length);

/* The octets of the packet that begins at DATA: 0 when too few of the LEFT octets are there to tell, or when the packet
 * goes on behind them. Of octets that begin no packet: those of the seed that a gateway sends before its first packet
 * (3.3.5.1), or all. */
size_t rdghttp_pdu_unit(const uint8_t *data, size_t left);

/* Reads the packet at DATA, of which CAPTURED octets are there. False when there is no header. */
bool rdghttp_pdu_read(const uint8_t *data, size_t captured, rdghttp_pdu_t *pdu);

/* The first part of the kind. NULL when there is none. */
const rdghttp_part_t *rdghttp_pdu_find(const rdghttp_pdu_t *pdu, rdghttp_part_kind_t kind);

/* True when PDU, which begins at DATA, is an EXTENDED_AUTH_MSG with a whole token of NTLM. */
bool rdghttp_pdu_has_ntlm(const rdghttp_pdu_t *pdu, const uint8_t *data);

/* Whether the target takes extended client data, among which the client asks for UDP. */
typedef enum {
    RDGHTTP_CONFIRM_NONE,    /* not known */
    RDGHTTP_CONFIRM_PLAIN,   /* it does not */
    RDGHTTP_CONFIRM_EXTENDED /* it does: EXTENDED_CLIENT_DATA_SUPPORTED */
} rdghttp_confirm_t;

/* What an X.224 Connection Confirm (MS-RDPBCGR section 2.2.1.2), with which the octets that DATA carries begin, says of
 * it. RDGHTTP_CONFIRM_NONE for other octets, for a confirm that is not whole, and for one that refuses. */
rdghttp_confirm_t rdghttp_pdu_confirm(const uint8_t *octets, size_t length);

/* As rdghttp_pdu_unit(), of what DATA carries, an RDP stream: TPKT and TLS records. */
size_t rdghttp_pdu_inner_unit(const uint8_t *data, size_t left);

#endif
