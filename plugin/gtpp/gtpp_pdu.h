/* gtpp_pdu.h
 * A GTP' PDU (3GPP TS 32.295 section 6.1; information elements section 6.2), read once, before there is any tree:
 * header, elements, values, records. The heuristics, the tree, the ledger, the reports, the Info column and the call of
 * Wireshark's own dissector use what is read here.
 *
 * Works on octets; knows neither packets nor trees. It keeps no state, never reads past what was captured and never
 * fails: what is wrong is part of the result.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_PDU_H
#define PORTLORE_GTPP_PDU_H

#include "cdr/cdr_record.h"

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

/* Data Record Format: how the records of a packet are encoded (TS 32.295 section 6.2.4.5.2). */
enum {
    GTPP_FORMAT_NONE = 0, /* not to be used */
    GTPP_FORMAT_BER = 1,
    GTPP_FORMAT_UNALIGNED_PER = 2,
    GTPP_FORMAT_ALIGNED_PER = 3,
    GTPP_FORMAT_XER = 4,
    GTPP_FORMAT_FIRST_OPERATOR = 11, /* up to the last one: free for operators */
    GTPP_FORMAT_LAST_OPERATOR = 50,
    GTPP_FORMAT_ASCII_BER = 0x31 /* sent by some gear for BER: the digit 1 as a character */
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
    uint8_t header_length;  /* GTPP_SHORT_HEADER or GTPP_LONG_HEADER: what fits, see gtpp_pdu_read() */
    bool odd_header_length; /* header_length is not what version and last bit say, but the only one that fits */
} gtpp_header_t;

/* Whether the octets of an element are all there. */
typedef enum {
    GTPP_IE_WHOLE,
    GTPP_IE_CUT,       /* the capture ends inside the element; the message does not */
    GTPP_IE_RUNS_OVER, /* the element's length leads past the end of the message */
    GTPP_IE_NO_LENGTH  /* an unknown element of the fixed-length kind: where the next one starts cannot be known */
} gtpp_ie_extent_t;

/* Whether an element belongs in a message. */
typedef enum {
    GTPP_IE_FITS,
    GTPP_IE_QUIRK, /* TS 32.295 does not have it there, but real gear sends it */
    GTPP_IE_FOREIGN
} gtpp_ie_fit_t;

/* One information element. Offsets count from the start of the PDU. */
typedef struct {
    uint8_t type;
    bool tlv;
    bool counted; /* Requests Responded with a one-octet count of its numbers instead of a length */
    gtpp_ie_fit_t fit;
    gtpp_ie_extent_t extent;
    uint32_t offset;       /* of the type octet */
    uint32_t value_offset; /* of the value */
    uint32_t length;       /* octets of the value, as sent or as the type fixes it */
    uint32_t present;      /* octets of the value that may be read */
    const char *expected;  /* which length the value must have, when it has another; NULL otherwise */
    uint32_t packet;       /* of a Data Record Packet: its place among the PDU's packets */
} gtpp_ie_t;

/* How sure it is that octets are GTP'. */
typedef enum {
    GTPP_NO,
    GTPP_WEAK, /* fits, but has so little content that a second message should confirm it */
    GTPP_YES
} gtpp_match_t;

/* How the header's Length compares with the octets that follow. */
typedef enum {
    GTPP_LENGTH_FITS,      /* ends at the datagram's end; or the PDU is part of a stream, where nothing else ends it */
    GTPP_LENGTH_CORRECTED, /* does not, but the elements end at the end of one of the two */
    GTPP_LENGTH_BEYOND,    /* goes beyond the datagram, and the elements fit the message as far as the datagram goes */
    GTPP_LENGTH_WRONG      /* does not, and the elements do not tell, either */
} gtpp_length_t;

/* A list of sequence numbers: of all elements of its type. */
typedef struct {
    bool present;
    uint32_t count;
    uint16_t *seqs;
} gtpp_seq_list_t;

/* A Data Record Packet (TS 32.295 section 6.2.4.5). */
typedef struct {
    bool has_front;  /* the octets before the records could be read: four or more. Otherwise nothing below is set */
    uint8_t count;   /* Number of Data Records, as announced */
    uint8_t format;  /* Data Record Format */
    uint8_t release; /* Release Identifier: 0 when the extension octet has it */
    uint8_t version; /* Version Identifier, as sent: the digit plus one, or the character code of a letter */
    bool has_extension;
    uint8_t extension;   /* Release Identifier Extension, for releases above 15 */
    bool is_count_wrong; /* num_cdrs is not count, and nothing of the message is missing */
    uint32_t front;      /* octets before the first record's length: 4 or 5 */
    uint32_t first_cdr;  /* place of its first record among the PDU's */
    uint32_t num_cdrs;   /* records found */
    uint32_t end;        /* offset behind the last record, from the start of the PDU */
} gtpp_packet_t;

struct gtpp_message;

/* A PDU. Lives as long as the pool and the octets that it was read from. */
typedef struct {
    const uint8_t *octets; /* from the first one of the header on */
    uint32_t captured;     /* octets that may be read */
    uint32_t reported;     /* octets that there were: of the datagram, or in a stream of the PDU */
    bool is_in_stream;

    gtpp_header_t header;
    uint32_t length; /* octets of the whole PDU, by its Length. 0: fewer than GTPP_SHORT_HEADER octets were captured,
                      * and nothing else is known */
    gtpp_length_t length_fit;
    uint32_t end; /* where the elements end: at length, or at the datagram's end */
    bool is_cut;  /* the capture holds fewer octets than end */

    gtpp_ie_t *ies;
    uint32_t num_ies;
    uint16_t seen; /* which elements there are: bits of gtpp_pdu_element_bit() */

    /* By gtpp_pdu_read_values(). Of several elements of a type, the last one has the value. */
    bool has_cause;
    uint8_t cause;
    bool has_recovery;
    uint8_t recovery;
    bool has_command;
    uint8_t command;
    gtpp_seq_list_t responded; /* Requests Responded */
    gtpp_seq_list_t released;
    gtpp_seq_list_t cancelled;
    const char *recommended; /* the first Address of Recommended Node, as text; NULL when there is none */
    bool has_private_extension;
    bool has_record_packet;
    gtpp_packet_t *packets; /* Data Record Packets */
    uint32_t num_packets;
    uint32_t record_octets; /* of the Data Record Packets' values: 0 in an empty one */
    uint32_t announced;     /* records that the packets announce */
    cdr_t *cdrs;            /* records found, of all packets. Each one's length stands in the two octets before it */
    uint32_t num_cdrs;

    bool is_odd;         /* something is not as TS 32.295 has it, or is not captured */
    bool has_remark;     /* is_odd, or something else that is worth an expert item */
    const char *unread;  /* why it cannot read a record of this PDU, or takes it for another; NULL when it reads all */
    const char *misread; /* why Wireshark's own dissector would misread this PDU; NULL when it would not */

    const struct gtpp_message *message; /* for gtpp_pdu.c: what its type may carry */
    uint32_t max_ies;                   /* likewise: how many there is room for */
    uint32_t max_cdrs;
} gtpp_pdu_t;

/* True when the FIRST_OCTET is that of GTP, not of GTP': bit 5, the protocol type, is 1. */
bool gtpp_pdu_is_gtp(uint8_t first_octet);

/* True when the CAPTURED octets at DATA, as many as there are, can be the first ones of a header: PT is 0, the version
 * 0 to 2, the type one of GTP'. */
bool gtpp_pdu_can_begin(const uint8_t *data, size_t captured);

/* Reads header and elements from the CAPTURED octets at DATA. DATAGRAM is the number of octets that the datagram has
 * (as sent), or 0 in a stream, where the octets of other PDUs may follow and no boundary helps to tell the header's
 * length.
 *
 * In version 0, bit 1 tells the header's length, 6 or 20; where only the other one fits the datagram, that one is
 * believed, in version 1 likewise. The elements end where Length says when that is the datagram's end; otherwise at
 * whichever of the two they end exactly; otherwise at the first of the two. */
gtpp_pdu_t *gtpp_pdu_read(wmem_allocator_t *pool, const uint8_t *data, size_t captured, size_t datagram);

/* Reads what the elements say, and the records, into PDU, for which this is called once. */
void gtpp_pdu_read_values(wmem_allocator_t *pool, gtpp_pdu_t *pdu);

/* The relaxed question, for the port that belongs to GTP': the header is one of GTP', and its Length agrees with the
 * datagram, or the elements do where the Length does not, or they fit as far as the datagram goes (a first fragment).
 * Of a datagram whose header is cut, version and type must have been captured. Odd spare bits pass. In a stream the
 * header alone must do, and as many octets of it as there are; but octets amid a message may look like one, so that a
 * message whose spare bits are odd must begin with an element that belongs in it. */
bool gtpp_pdu_is_acceptable(const gtpp_pdu_t *pdu);

/* False when gtpp_pdu_match() would answer GTPP_NO for the fixed bits and the type in the first two of the CAPTURED
 * octets at DATA. Costs next to nothing, so that a heuristic asks it before it reads the PDU. */
bool gtpp_pdu_may_match(const uint8_t *data, size_t captured);

/* The strict question, for any other port: in addition the spare bits are 111, bit 1 is clear but in version 0, the
 * Length fills the datagram exactly, and the chain of elements ends exactly at its end and fits the message.
 * A message without any element is GTPP_WEAK. In a stream the PDU may end before the captured octets do, or after them:
 * then what is there of the chain must fit, and at least one whole element must be there. */
gtpp_match_t gtpp_pdu_match(const gtpp_pdu_t *pdu);

/* The length that stands before the record CDR of a PDU: more than cdr->length when the packet ends before it. */
uint32_t gtpp_pdu_announced_length(const cdr_t *cdr);

/* How many records the message brings: as it announces, where it is not all there; otherwise those that it holds. */
uint32_t gtpp_pdu_count_records(const gtpp_pdu_t *pdu);

/* A bit of its own for each type of element that is known, 0 for the others. */
uint16_t gtpp_pdu_element_bit(uint8_t ie_type);

/* The address in the element IE of PDU as text; NULL when it has another length than that of an address. */
const char *gtpp_pdu_address_text(wmem_allocator_t *pool, const gtpp_pdu_t *pdu, const gtpp_ie_t *ie);

/* True when the message does not have what its Packet Transfer Command is about: records to send, numbers to release or
 * to cancel. */
bool gtpp_pdu_lacks_content(const gtpp_pdu_t *pdu);

/* The first element that the message must have and SEEN (bits of gtpp_pdu_element_bit) lacks; 0 when none is. */
uint8_t gtpp_pdu_missing_element(const gtpp_pdu_t *pdu, uint16_t seen);

#endif
