/* gtpp_pdu.h
 * What a GTP' PDU is and where its parts are (3GPP TS 32.295 section 6.1; information elements section 6.2).
 *
 * One set of functions answers for the heuristics and for the dissector; only the strictness differs. They work on
 * plain octets, keep no state, never read past CAPTURED and never fail: what is wrong is part of the answer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_PDU_H
#define PORTLORE_GTPP_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GTPP_SHORT_HEADER 6 /* octets: versions 1 and 2, and version 0 with bit 1 set */
#define GTPP_LONG_HEADER 20 /* octets: version 0 with bit 1 clear */
#define GTPP_MAX_VERSION 2
#define GTPP_SPARE_BITS 7 /* the three spare bits are sent as 1 1 1 */

/* Message types (TS 32.295 section 6.1.1). */
enum {
    GTPP_ECHO_REQUEST = 1,
    GTPP_ECHO_RESPONSE = 2,
    GTPP_VERSION_NOT_SUPPORTED = 3,
    GTPP_NODE_ALIVE_REQUEST = 4,
    GTPP_NODE_ALIVE_RESPONSE = 5,
    GTPP_REDIRECTION_REQUEST = 6,
    GTPP_REDIRECTION_RESPONSE = 7,
    GTPP_DATA_RECORD_TRANSFER_REQUEST = 240,
    GTPP_DATA_RECORD_TRANSFER_RESPONSE = 241
};

/* Information element types. Those below 128 have a fixed length (TV), the others carry one (TLV). */
enum {
    GTPP_IE_CAUSE = 1,
    GTPP_IE_RECOVERY = 14,
    GTPP_IE_PACKET_TRANSFER_COMMAND = 126,
    GTPP_IE_RELEASED_PACKETS = 249,
    GTPP_IE_CANCELLED_PACKETS = 250,
    GTPP_IE_NODE_ADDRESS = 251,
    GTPP_IE_DATA_RECORD_PACKET = 252,
    GTPP_IE_REQUESTS_RESPONDED = 253,
    GTPP_IE_RECOMMENDED_NODE = 254,
    GTPP_IE_PRIVATE_EXTENSION = 255
};
#define GTPP_IE_FIRST_TLV 128

/* Packet Transfer Command values. */
enum {
    GTPP_COMMAND_SEND = 1,
    GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED = 2,
    GTPP_COMMAND_CANCEL = 3,
    GTPP_COMMAND_RELEASE = 4
};

/* The header, as read. */
typedef struct {
    uint8_t version;        /* bits 8-6 of octet 1 */
    uint8_t pt;             /* bit 5: 0 is GTP', 1 is GTP */
    uint8_t spare;          /* bits 4-2 */
    uint8_t last_bit;       /* bit 1: in version 0, 1 means the 6-octet header */
    uint8_t type;           /* message type */
    uint16_t length;        /* octets after the header, as sent */
    uint16_t seq;           /* sequence number */
    uint8_t header_length;  /* GTPP_SHORT_HEADER or GTPP_LONG_HEADER: what fits, see gtpp_pdu_read_header */
    bool odd_header_length; /* header_length is not what version and last bit say, but the only one that fits */
} gtpp_header_t;

/* One information element. Offsets count from the start of the PDU. */
typedef struct {
    uint8_t type;
    bool tlv;
    bool counted;          /* Requests Responded with a one-octet count of its numbers instead of a length */
    uint32_t offset;       /* of the type octet */
    uint32_t value_offset; /* of the value */
    uint32_t length;       /* octets of the value, as sent or as the type fixes it */
    uint32_t present;      /* octets of the value that lie within the message: less than length when it runs over */
} gtpp_ie_t;

/* What gtpp_pdu_next_ie found. */
typedef enum {
    GTPP_IE_FOUND,
    GTPP_IE_END,       /* the message ends here, exactly */
    GTPP_IE_RUNS_OVER, /* the element's length leads past the end of the message; its present part is filled in */
    GTPP_IE_NO_LENGTH  /* an unknown element of the fixed-length kind: where the next one starts cannot be known */
} gtpp_ie_result_t;

/* How sure we are that octets are GTP'. */
typedef enum {
    GTPP_NO,
    GTPP_WEAK, /* fits, but says so little that a second message should confirm it */
    GTPP_YES
} gtpp_match_t;

/* Whether an element belongs into a message. */
typedef enum {
    GTPP_IE_FITS,
    GTPP_IE_QUIRK, /* not by the book, but real gear sends it */
    GTPP_IE_FOREIGN
} gtpp_ie_fit_t;

/* What stands before the records in a Data Record Packet (TS 32.295 section 6.2.4.5). */
typedef struct {
    uint8_t count;       /* Number of Data Records */
    uint8_t format;      /* Data Record Format */
    uint8_t release;     /* Release Identifier: 0 when the extension octet says it */
    uint8_t version;     /* Version Identifier, as sent: the digit plus one, or the character code of a letter */
    bool has_extension;
    uint8_t extension;       /* Release Identifier Extension, for releases above 15 */
    uint32_t records_offset; /* where the first record's length starts, from the start of the element's value */
} gtpp_record_packet_t;

/* True when TYPE is a message of GTP'. */
bool gtpp_pdu_is_message(unsigned type);

/* Reads the header from the CAPTURED octets at DATA. DATAGRAM is the number of octets that the datagram has (as sent),
 * or 0 in a stream, where no boundary helps to tell the header's length. False when too few octets were captured. */
bool gtpp_pdu_read_header(const uint8_t *data, size_t captured, size_t datagram, gtpp_header_t *header);

/* Where the elements of a message end whose Length does not agree with its DATAGRAM (in octets, not 0): as far as the
 * Length goes when octets trail, or else at the datagram's end. 0 when the elements end exactly at neither, or not all
 * of them were captured. */
uint32_t gtpp_pdu_find_end(const uint8_t *data, size_t captured, size_t datagram, const gtpp_header_t *header);

/* Octets of the whole PDU: header plus Length. At most 65555. */
uint32_t gtpp_pdu_length(const gtpp_header_t *header);

/* Reads the information element at *OFFSET of a message that ends at END (both count from the start of the PDU), and
 * moves *OFFSET behind it. DATA holds at least END octets. */
gtpp_ie_result_t gtpp_pdu_next_ie(const uint8_t *data, uint32_t end, uint32_t *offset, gtpp_ie_t *ie);

/* A bit of its own for each element that we know, 0 for the others. */
uint16_t gtpp_pdu_element_bit(uint8_t ie_type);

/* Whether the element belongs into the message. */
gtpp_ie_fit_t gtpp_pdu_element_fit(unsigned message_type, uint8_t ie_type);

/* The first element that the message must have and SEEN (bits of gtpp_pdu_element_bit) lacks; 0 when none is. */
uint8_t gtpp_pdu_missing_element(unsigned message_type, uint16_t seen);

/* Reads the front of a Data Record Packet's VALUE of LENGTH octets. False when it is shorter than four octets. */
bool gtpp_pdu_read_record_packet(const uint8_t *value, uint32_t length, gtpp_record_packet_t *packet);

/* The relaxed question, for the port that belongs to GTP': PT is 0, the version 0 to 2, the type one of GTP', and the
 * header's Length agrees with the datagram, or the elements do where the Length does not. Odd spare bits pass.
 * DATAGRAM is 0 in a stream: then the header alone must do, and as many octets of it as there are. */
bool gtpp_pdu_accept(const uint8_t *data, size_t captured, size_t datagram);

/* The strict question, for any other port: in addition the spare bits are 111, bit 1 is clear but in version 0, the
 * Length fills the datagram exactly, and the chain of elements ends exactly at its end and fits the message.
 * A message without any element is GTPP_WEAK. In a stream (DATAGRAM is 0) the PDU may end before the captured octets
 * do, or after them: then what is there of the chain must fit, and at least one whole element must be there. */
gtpp_match_t gtpp_pdu_recognise(const uint8_t *data, size_t captured, size_t datagram);

#endif
