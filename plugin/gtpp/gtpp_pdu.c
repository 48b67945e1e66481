/* gtpp_pdu.c
 * What a GTP' PDU is and where its parts are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_pdu.h"

/* Which elements a message may carry by the book, which real gear adds, which must be there before we believe a message
 * on a foreign port, and which the book makes mandatory. Bits of gtpp_pdu_element_bit(). */
typedef struct {
    uint8_t type;
    uint16_t allowed;
    uint16_t quirks;
    uint16_t needed;
    uint16_t mandatory;
} gtpp_message_t;

enum {
    CAUSE = 1 << 0,
    RECOVERY = 1 << 1,
    COMMAND = 1 << 2,
    RELEASED = 1 << 3,
    CANCELLED = 1 << 4,
    NODE = 1 << 5,
    RECORDS = 1 << 6,
    RESPONDED = 1 << 7,
    RECOMMENDED = 1 << 8,
    PRIVATE = 1 << 9
};

/* The Packet Transfer Command is mandatory by the book, but real gear leaves it out: it is not needed. */
static const gtpp_message_t messages[] = {
    { GTPP_ECHO_REQUEST, PRIVATE, RECOVERY, 0, 0 },
    { GTPP_ECHO_RESPONSE, RECOVERY | PRIVATE, 0, RECOVERY, RECOVERY },
    { GTPP_VERSION_NOT_SUPPORTED, 0, 0, 0, 0 },
    { GTPP_NODE_ALIVE_REQUEST, NODE | PRIVATE, 0, NODE, NODE },
    { GTPP_NODE_ALIVE_RESPONSE, PRIVATE, 0, 0, 0 },
    { GTPP_REDIRECTION_REQUEST, CAUSE | RECOMMENDED | PRIVATE, 0, CAUSE, CAUSE },
    { GTPP_REDIRECTION_RESPONSE, CAUSE | PRIVATE, 0, CAUSE, CAUSE },
    { GTPP_DATA_RECORD_TRANSFER_REQUEST, COMMAND | RECORDS | RELEASED | CANCELLED | PRIVATE, 0, 0, COMMAND },
    { GTPP_DATA_RECORD_TRANSFER_RESPONSE, CAUSE | RESPONDED | PRIVATE, 0, CAUSE, CAUSE | RESPONDED },
};

/* The elements one after another, in ascending order of their types. */
static const uint8_t elements[] = { GTPP_IE_CAUSE,
                                    GTPP_IE_RECOVERY,
                                    GTPP_IE_PACKET_TRANSFER_COMMAND,
                                    GTPP_IE_RELEASED_PACKETS,
                                    GTPP_IE_CANCELLED_PACKETS,
                                    GTPP_IE_NODE_ADDRESS,
                                    GTPP_IE_DATA_RECORD_PACKET,
                                    GTPP_IE_REQUESTS_RESPONDED,
                                    GTPP_IE_RECOMMENDED_NODE,
                                    GTPP_IE_PRIVATE_EXTENSION };

static const gtpp_message_t *find_message(unsigned type)
{
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (messages[i].type == type) {
            return &messages[i];
        }
    }
    return NULL;
}

uint16_t gtpp_pdu_element_bit(uint8_t type)
{
    switch (type) {
    case GTPP_IE_CAUSE:
        return CAUSE;
    case GTPP_IE_RECOVERY:
        return RECOVERY;
    case GTPP_IE_PACKET_TRANSFER_COMMAND:
        return COMMAND;
    case GTPP_IE_RELEASED_PACKETS:
        return RELEASED;
    case GTPP_IE_CANCELLED_PACKETS:
        return CANCELLED;
    case GTPP_IE_NODE_ADDRESS:
        return NODE;
    case GTPP_IE_DATA_RECORD_PACKET:
        return RECORDS;
    case GTPP_IE_REQUESTS_RESPONDED:
        return RESPONDED;
    case GTPP_IE_RECOMMENDED_NODE:
        return RECOMMENDED;
    case GTPP_IE_PRIVATE_EXTENSION:
        return PRIVATE;
    default:
        return 0;
    }
}

static uint16_t get_uint16(const uint8_t *data)
{
    return (uint16_t)(data[0] << 8 | data[1]);
}

bool gtpp_pdu_is_message(unsigned type)
{
    return find_message(type) != NULL;
}

gtpp_ie_fit_t gtpp_pdu_element_fit(unsigned message_type, uint8_t ie_type)
{
    const gtpp_message_t *message = find_message(message_type);
    uint16_t bit = gtpp_pdu_element_bit(ie_type);

    if (message == NULL || (bit & (message->allowed | message->quirks)) == 0) {
        return GTPP_IE_FOREIGN;
    }
    return (bit & message->quirks) != 0 ? GTPP_IE_QUIRK : GTPP_IE_FITS;
}

uint8_t gtpp_pdu_missing_element(unsigned message_type, uint16_t seen)
{
    const gtpp_message_t *message = find_message(message_type);

    for (size_t i = 0; message != NULL && i < sizeof elements / sizeof elements[0]; i++) {
        uint16_t bit = gtpp_pdu_element_bit(elements[i]);
        if ((message->mandatory & bit) != 0 && (seen & bit) == 0) {
            return elements[i];
        }
    }
    return 0;
}

bool gtpp_pdu_read_header(const uint8_t *data, size_t captured, size_t datagram, gtpp_header_t *header)
{
    if (captured < GTPP_SHORT_HEADER) {
        return false;
    }
    header->version = data[0] >> 5;
    header->pt = data[0] >> 4 & 1;
    header->spare = data[0] >> 1 & 7;
    header->last_bit = data[0] & 1;
    header->type = data[1];
    header->length = get_uint16(data + 2);
    header->seq = get_uint16(data + 4);

    bool is_long = header->version == 0 && header->last_bit == 0;
    size_t as_said = (is_long ? GTPP_LONG_HEADER : GTPP_SHORT_HEADER) + (size_t)header->length;
    size_t otherwise = (is_long ? GTPP_SHORT_HEADER : GTPP_LONG_HEADER) + (size_t)header->length;
    /* Version 2 brought the 6-octet header and has no other. Old gear of version 0 and 1 is less sure. */
    header->odd_header_length = header->version < 2 && datagram != as_said && datagram == otherwise;
    if (header->odd_header_length) {
        is_long = !is_long;
    }
    header->header_length = is_long ? GTPP_LONG_HEADER : GTPP_SHORT_HEADER;
    return true;
}

uint32_t gtpp_pdu_length(const gtpp_header_t *header)
{
    return (uint32_t)header->header_length + header->length;
}

gtpp_ie_result_t gtpp_pdu_next_ie(const uint8_t *data, uint32_t end, uint32_t *offset, gtpp_ie_t *ie)
{
    uint32_t at = *offset;

    if (at >= end) {
        return GTPP_IE_END;
    }
    ie->type = data[at];
    ie->offset = at;
    ie->tlv = ie->type >= GTPP_IE_FIRST_TLV;
    ie->counted = false;
    if (ie->tlv) {
        if (end - at < 3) {
            ie->value_offset = end;
            ie->length = 0;
            ie->present = 0;
            *offset = end;
            return GTPP_IE_RUNS_OVER;
        }
        ie->length = get_uint16(data + at + 1);
        ie->value_offset = at + 3;
        /* Some gear writes a one-octet count of the numbers where the length belongs. Read as a length it is 256 or
         * more, and almost always too long: then the count is believed, if it fits. */
        uint32_t counted = 2 * (uint32_t)data[at + 1];
        if (ie->type == GTPP_IE_REQUESTS_RESPONDED && ie->length > end - ie->value_offset && counted <= end - at - 2) {
            ie->counted = true;
            ie->length = counted;
            ie->value_offset = at + 2;
        }
    } else if (gtpp_pdu_element_bit(ie->type) != 0) {
        ie->length = 1;
        ie->value_offset = at + 1;
    } else {
        ie->value_offset = at + 1;
        ie->length = end - ie->value_offset;
        ie->present = ie->length;
        *offset = end;
        return GTPP_IE_NO_LENGTH;
    }
    uint32_t there = end - ie->value_offset;
    ie->present = ie->length <= there ? ie->length : there;
    *offset = ie->value_offset + ie->present;
    return ie->length <= there ? GTPP_IE_FOUND : GTPP_IE_RUNS_OVER;
}

/* True when the elements from FROM on end exactly at END. */
static bool chain_ends_at(const uint8_t *data, uint32_t from, uint32_t end)
{
    gtpp_ie_t ie;
    gtpp_ie_result_t result = GTPP_IE_FOUND;

    while (result == GTPP_IE_FOUND) {
        result = gtpp_pdu_next_ie(data, end, &from, &ie);
    }
    return result == GTPP_IE_END;
}

/* True when the first octets can be those of a GTP' header: as far as they are there. */
static bool starts_like_header(const uint8_t *data, size_t captured)
{
    return captured > 0 && (data[0] >> 4 & 1) == 0 && data[0] >> 5 <= GTPP_MAX_VERSION &&
           (captured < 2 || gtpp_pdu_is_message(data[1]));
}

bool gtpp_pdu_accept(const uint8_t *data, size_t captured, size_t datagram)
{
    gtpp_header_t header;

    if (!starts_like_header(data, captured)) {
        return false;
    }
    if (!gtpp_pdu_read_header(data, captured, datagram, &header)) {
        return datagram == 0;
    }
    uint32_t pdu_length = gtpp_pdu_length(&header);
    if (datagram == 0 || pdu_length == datagram) {
        return true;
    }
    /* The Length is wrong. The elements must then say by themselves that this is GTP'. */
    return gtpp_pdu_find_end(data, captured, datagram, &header) != 0;
}

uint32_t gtpp_pdu_find_end(const uint8_t *data, size_t captured, size_t datagram, const gtpp_header_t *header)
{
    uint32_t start = header->header_length;
    uint32_t pdu_length = gtpp_pdu_length(header);
    uint32_t whole = (uint32_t)datagram;

    if (pdu_length > start && pdu_length <= captured && pdu_length <= whole && chain_ends_at(data, start, pdu_length)) {
        return pdu_length;
    }
    return whole > start && whole <= captured && chain_ends_at(data, start, whole) ? whole : 0;
}

/* Holds the elements against what the message may and must carry. AVAILABLE octets of the PDU's END are there. */
static gtpp_match_t match_elements(const uint8_t *data, const gtpp_header_t *header, uint32_t end, uint32_t available)
{
    const gtpp_message_t *message = find_message(header->type);
    uint32_t offset = header->header_length;
    uint16_t seen = 0;

    if (message == NULL) {
        return GTPP_NO;
    }
    while (offset < available) {
        gtpp_ie_t ie;
        gtpp_ie_result_t result = gtpp_pdu_next_ie(data, available, &offset, &ie);
        if ((gtpp_pdu_element_bit(ie.type) & (message->allowed | message->quirks)) == 0) {
            return GTPP_NO;
        }
        if (result != GTPP_IE_FOUND) {
            /* An element that goes on behind the captured octets must still end within the PDU. */
            if (available == end || ie.value_offset + ie.length > end) {
                return GTPP_NO;
            }
            return seen != 0 ? GTPP_YES : GTPP_NO;
        }
        seen |= gtpp_pdu_element_bit(ie.type);
    }
    if (available < end) {
        return seen != 0 ? GTPP_YES : GTPP_NO;
    }
    if ((seen & message->needed) != message->needed) {
        return GTPP_NO;
    }
    return seen != 0 ? GTPP_YES : GTPP_WEAK;
}

gtpp_match_t gtpp_pdu_recognise(const uint8_t *data, size_t captured, size_t datagram)
{
    gtpp_header_t header;

    if (!starts_like_header(data, captured) || !gtpp_pdu_read_header(data, captured, datagram, &header)) {
        return GTPP_NO;
    }
    if (header.spare != GTPP_SPARE_BITS || (header.version > 0 && header.last_bit != 0) || header.odd_header_length) {
        return GTPP_NO;
    }
    uint32_t end = gtpp_pdu_length(&header);
    if (header.header_length > captured || (datagram != 0 && end != datagram)) {
        return GTPP_NO;
    }
    /* A Data Record Transfer Request that transfers nothing is none. */
    if (header.type == GTPP_DATA_RECORD_TRANSFER_REQUEST && header.length == 0) {
        return GTPP_NO;
    }
    return match_elements(data, &header, end, end < captured ? end : (uint32_t)captured);
}

/* Number of whole records from FROM on, or -1 when the last one does not end exactly at LENGTH. */
static int count_records(const uint8_t *value, uint32_t length, uint32_t from)
{
    int count = 0;

    while (from < length) {
        if (length - from < 2 || length - from - 2 < get_uint16(value + from)) {
            return -1;
        }
        from += 2 + (uint32_t)get_uint16(value + from);
        count++;
    }
    return count;
}

bool gtpp_pdu_read_record_packet(const uint8_t *value, uint32_t length, gtpp_record_packet_t *packet)
{
    if (length < 4) {
        return false;
    }
    packet->count = value[0];
    packet->format = value[1];
    packet->release = value[2] & 0x0f;
    packet->version = value[3];
    packet->has_extension = packet->release == 0 && length > 4;
    /* Release 0 announces the extension octet. Gear exists that writes it without one, and others write 15 with one:
     * believe the records, when only one way lets them fill the packet. */
    if ((packet->release == 0 || packet->release == 15) && length > 4) {
        int with = count_records(value, length, 5);
        int without = count_records(value, length, 4);
        if (packet->has_extension ? with < 0 && without >= 0 : without < 0 && with >= 0) {
            packet->has_extension = !packet->has_extension;
        }
    }
    packet->extension = packet->has_extension ? value[4] : 0;
    packet->records_offset = packet->has_extension ? 5 : 4;
    return true;
}
