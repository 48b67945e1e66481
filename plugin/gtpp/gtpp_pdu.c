/* gtpp_pdu.c
 * A GTP' PDU, read once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_pdu.h"

#include <wsutil/inet_addr.h>

#include "base/octets.h"

#include <string.h>

/* Room for so many elements at first: most messages have fewer. */
#define FIRST_IES 4

/* Of a Data Record Packet, before its records: Number of Data Records, Data Record Format, Format Version. */
#define PACKET_FRONT 4
#define RECORD_LENGTH 2 /* octets of the length before each record */
#define SEQ_LENGTH 2    /* octets of a sequence number */
#define LAST_RELEASE 15 /* that Release Identifier can have */

/* Which elements a message may carry by TS 32.295, which real gear adds, which must be there before a message on any
 * other port is recognised, and which TS 32.295 makes mandatory. Bits of gtpp_pdu_element_bit(). */
struct gtpp_message {
    uint8_t type;
    uint16_t allowed;
    uint16_t quirks;
    uint16_t needed;
    uint16_t mandatory;
};

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

/* The commonest first, as they are looked for one after another. The Packet Transfer Command is mandatory, but real
 * gear leaves it out: it is not needed. */
static const struct gtpp_message messages[] = {
    { GTPP_DATA_RECORD_TRANSFER_REQUEST, COMMAND | RECORDS | RELEASED | CANCELLED | PRIVATE, 0, 0, COMMAND },
    { GTPP_DATA_RECORD_TRANSFER_RESPONSE, CAUSE | RESPONDED | PRIVATE, 0, CAUSE, CAUSE | RESPONDED },
    { GTPP_ECHO_REQUEST, PRIVATE, RECOVERY, 0, 0 },
    { GTPP_ECHO_RESPONSE, RECOVERY | PRIVATE, 0, RECOVERY, RECOVERY },
    { GTPP_VERSION_NOT_SUPPORTED, 0, 0, 0, 0 },
    { GTPP_NODE_ALIVE_REQUEST, NODE | PRIVATE, 0, NODE, NODE },
    { GTPP_NODE_ALIVE_RESPONSE, PRIVATE, 0, 0, 0 },
    { GTPP_REDIRECTION_REQUEST, CAUSE | RECOMMENDED | PRIVATE, 0, CAUSE, CAUSE },
    { GTPP_REDIRECTION_RESPONSE, CAUSE | PRIVATE, 0, CAUSE, CAUSE },
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

static const struct gtpp_message *find_message(uint8_t type)
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

/* {{{ Header */

bool gtpp_pdu_is_gtp(uint8_t first_octet)
{
    return (first_octet >> 4 & 1) != 0;
}

bool gtpp_pdu_can_begin(const uint8_t *data, size_t captured)
{
    return captured > 0 && !gtpp_pdu_is_gtp(data[0]) && data[0] >> 5 <= GTPP_MAX_VERSION &&
           (captured < 2 || find_message(data[1]) != NULL);
}

/* False when too few octets were captured. */
static bool read_header(const uint8_t *data, size_t captured, size_t datagram, gtpp_header_t *header)
{
    if (captured < GTPP_SHORT_HEADER) {
        return false;
    }
    header->version = data[0] >> 5;
    header->pt = gtpp_pdu_is_gtp(data[0]);
    header->spare = data[0] >> 1 & 7;
    header->last_bit = data[0] & 1;
    header->type = data[1];
    header->length = octets_be16(data + 2);
    header->seq = octets_be16(data + 4);

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

/* }}} */
/* {{{ Elements */

/* Room for one more element. */
static gtpp_ie_t *add_ie(wmem_allocator_t *pool, gtpp_pdu_t *pdu)
{
    if (pdu->num_ies == pdu->max_ies) {
        pdu->max_ies = pdu->max_ies == 0 ? FIRST_IES : 2 * pdu->max_ies;
        pdu->ies = (gtpp_ie_t *)wmem_realloc(pool, pdu->ies, pdu->max_ies * sizeof(gtpp_ie_t));
    }
    gtpp_ie_t *ie = &pdu->ies[pdu->num_ies++];
    memset(ie, 0, sizeof *ie);
    return ie;
}

/* Reads the length of the element IE, whose type is TLV and which has three octets or more in a message that ends at
 * END. */
static void read_tlv_length(const uint8_t *data, uint32_t end, gtpp_ie_t *ie)
{
    const uint32_t at = ie->offset;
    /* Some gear writes a one-octet count of the numbers where the length belongs. Read as a length it is 256 or more,
     * and almost always too long: then the count is believed, if it fits. */
    const uint32_t counted = SEQ_LENGTH * (uint32_t)data[at + 1];

    ie->length = octets_be16(data + at + 1);
    ie->value_offset = at + 3;
    if (ie->type == GTPP_IE_REQUESTS_RESPONDED && ie->length > end - ie->value_offset && counted <= end - at - 2) {
        ie->counted = true;
        ie->length = counted;
        ie->value_offset = at + 2;
    }
}

/* An element of whose identifier or length nothing more is there. */
static void end_early(gtpp_ie_t *ie, uint32_t at, gtpp_ie_extent_t extent)
{
    ie->value_offset = at;
    ie->extent = extent;
}

/* Reads the element at AT of a message that ends at END, of which CAPTURED octets are in DATA; AT is before both. */
static void read_ie(const uint8_t *data, uint32_t captured, uint32_t end, uint32_t at, gtpp_ie_t *ie)
{
    const uint32_t readable = captured < end ? captured : end;

    ie->type = data[at];
    ie->offset = at;
    ie->tlv = ie->type >= GTPP_IE_FIRST_TLV;
    if (ie->tlv) {
        if (readable - at < 3) {
            end_early(ie, readable, end - at < 3 ? GTPP_IE_RUNS_OVER : GTPP_IE_CUT);
            return;
        }
        read_tlv_length(data, end, ie);
    } else {
        const bool is_known = gtpp_pdu_element_bit(ie->type) != 0;
        ie->value_offset = at + 1;
        ie->length = is_known ? 1 : end - ie->value_offset;
        ie->extent = is_known ? GTPP_IE_WHOLE : GTPP_IE_NO_LENGTH;
    }
    ie->present = readable - ie->value_offset;
    if (ie->length <= ie->present) {
        ie->present = ie->length;
    } else if (ie->extent != GTPP_IE_NO_LENGTH) {
        ie->extent = ie->length > end - ie->value_offset ? GTPP_IE_RUNS_OVER : GTPP_IE_CUT;
    }
}

/* Reads the elements of PDU from behind its header as far as END. True when they end exactly there. */
static bool read_ies(wmem_allocator_t *pool, gtpp_pdu_t *pdu, uint32_t end)
{
    const uint32_t readable = pdu->captured < end ? pdu->captured : end;
    uint32_t at = pdu->header.header_length;

    pdu->num_ies = 0;
    pdu->seen = 0;
    while (at < readable) {
        gtpp_ie_t *ie = add_ie(pool, pdu);
        read_ie(pdu->octets, pdu->captured, end, at, ie);
        const uint16_t bit = gtpp_pdu_element_bit(ie->type);
        if ((bit & (pdu->message->allowed | pdu->message->quirks)) == 0) {
            ie->fit = GTPP_IE_FOREIGN;
        } else if ((bit & pdu->message->quirks) != 0) {
            ie->fit = GTPP_IE_QUIRK;
        }
        pdu->seen |= bit;
        if (ie->extent != GTPP_IE_WHOLE) {
            return false;
        }
        at = ie->value_offset + ie->length;
    }
    return at == end;
}

/* True when there are elements, and all belong in the message. */
static bool have_ies_that_fit(const gtpp_pdu_t *pdu)
{
    for (uint32_t i = 0; i < pdu->num_ies; i++) {
        if (pdu->ies[i].fit == GTPP_IE_FOREIGN) {
            return false;
        }
    }
    return pdu->num_ies > 0;
}

/* True when the header's Length counts its sequence number, too, as that of GTP does: a scanner's probe has it. */
static bool counts_number(const gtpp_pdu_t *pdu)
{
    return !pdu->is_in_stream && pdu->header.header_length == GTPP_SHORT_HEADER &&
           pdu->header.spare == GTPP_SPARE_BITS && pdu->length == pdu->reported + SEQ_LENGTH;
}

/* Finds where the elements of a message end, and reads them. */
static void find_end(wmem_allocator_t *pool, gtpp_pdu_t *pdu)
{
    const uint32_t start = pdu->header.header_length;

    pdu->length_fit = GTPP_LENGTH_CORRECTED;
    if (pdu->length == pdu->reported) {
        pdu->length_fit = GTPP_LENGTH_FITS;
        pdu->end = pdu->length;
        read_ies(pool, pdu, pdu->end);
    } else if (pdu->length > start && pdu->length < pdu->reported && pdu->length <= pdu->captured &&
               read_ies(pool, pdu, pdu->length)) {
        pdu->end = pdu->length;
    } else if (pdu->reported > start && pdu->reported <= pdu->captured && read_ies(pool, pdu, pdu->reported)) {
        pdu->end = pdu->reported;
    } else {
        pdu->end = pdu->length < pdu->reported ? pdu->length : pdu->reported;
        read_ies(pool, pdu, pdu->end);
        if (counts_number(pdu)) {
            return;
        }
        pdu->length_fit =
            pdu->length > pdu->reported && have_ies_that_fit(pdu) ? GTPP_LENGTH_BEYOND : GTPP_LENGTH_WRONG;
    }
}

gtpp_pdu_t *gtpp_pdu_read(wmem_allocator_t *pool, const uint8_t *data, size_t captured, size_t datagram)
{
    gtpp_pdu_t *pdu = wmem_new0(pool, gtpp_pdu_t);

    pdu->octets = data;
    pdu->captured = (uint32_t)captured;
    pdu->reported = (uint32_t)datagram;
    pdu->is_in_stream = datagram == 0;
    if (!gtpp_pdu_can_begin(data, captured) || !read_header(data, captured, datagram, &pdu->header)) {
        return pdu;
    }
    pdu->message = find_message(pdu->header.type);
    pdu->length = (uint32_t)pdu->header.header_length + pdu->header.length;
    if (pdu->is_in_stream) {
        pdu->reported = pdu->length;
    }
    find_end(pool, pdu);
    pdu->is_cut = pdu->captured < pdu->end;
    return pdu;
}

/* }}} */
/* {{{ Recognition */

bool gtpp_pdu_is_acceptable(const gtpp_pdu_t *pdu)
{
    if (!gtpp_pdu_can_begin(pdu->octets, pdu->captured)) {
        return false;
    }
    if (pdu->length == 0) {
        return pdu->is_in_stream || (pdu->captured >= 2 && pdu->captured < pdu->reported);
    }
    if (pdu->is_in_stream) {
        return pdu->header.spare == GTPP_SPARE_BITS || (pdu->num_ies > 0 && pdu->ies[0].fit != GTPP_IE_FOREIGN) ||
               pdu->captured <= pdu->header.header_length;
    }
    return pdu->length_fit != GTPP_LENGTH_WRONG;
}

/* Compares the elements with what the message may and must carry. */
static gtpp_match_t match_elements(const gtpp_pdu_t *pdu)
{
    uint32_t whole = 0;

    for (uint32_t i = 0; i < pdu->num_ies; i++) {
        const gtpp_ie_t *ie = &pdu->ies[i];
        if (ie->fit == GTPP_IE_FOREIGN || ie->extent == GTPP_IE_RUNS_OVER || ie->extent == GTPP_IE_NO_LENGTH) {
            return GTPP_NO;
        }
        whole += ie->extent == GTPP_IE_WHOLE;
    }
    if (pdu->is_cut) {
        return whole > 0 ? GTPP_YES : GTPP_NO;
    }
    if ((pdu->seen & pdu->message->needed) != pdu->message->needed) {
        return GTPP_NO;
    }
    return whole > 0 ? GTPP_YES : GTPP_WEAK;
}

bool gtpp_pdu_may_match(const uint8_t *data, size_t captured)
{
    return captured >= GTPP_SHORT_HEADER && (data[0] >> 1 & 7) == GTPP_SPARE_BITS &&
           (data[0] >> 5 == 0 || (data[0] & 1) == 0) && gtpp_pdu_can_begin(data, captured);
}

gtpp_match_t gtpp_pdu_match(const gtpp_pdu_t *pdu)
{
    const gtpp_header_t *header = &pdu->header;

    if (!gtpp_pdu_may_match(pdu->octets, pdu->captured) || pdu->length == 0 || pdu->length_fit != GTPP_LENGTH_FITS ||
        header->odd_header_length) {
        return GTPP_NO;
    }
    /* A Data Record Transfer Request that transfers nothing is none. */
    if (header->type == GTPP_DATA_RECORD_TRANSFER_REQUEST && header->length == 0) {
        return GTPP_NO;
    }
    return match_elements(pdu);
}

uint8_t gtpp_pdu_missing_element(const gtpp_pdu_t *pdu, uint16_t seen)
{
    const uint16_t missing = pdu->message->mandatory & (uint16_t)~seen;

    for (size_t i = 0; missing != 0 && i < sizeof elements / sizeof elements[0]; i++) {
        if ((missing & gtpp_pdu_element_bit(elements[i])) != 0) {
            return elements[i];
        }
    }
    return 0;
}

/* }}} */
/* {{{ Records */

/* True when records from FROM on fill the packet, whose VALUE has LENGTH octets, the first CAPTURED of which are there:
 * as far as those tell. */
static bool can_hold_records(const uint8_t *value, uint32_t captured, uint32_t length, uint32_t from)
{
    while (from < length) {
        if (length - from < RECORD_LENGTH) {
            return false;
        }
        if (captured < length && from + RECORD_LENGTH > captured) {
            return true;
        }
        if (length - from - RECORD_LENGTH < octets_be16(value + from)) {
            return false;
        }
        from += RECORD_LENGTH + (uint32_t)octets_be16(value + from);
    }
    return true;
}

/* Reads what stands before the records in a packet whose VALUE has LENGTH octets, the first CAPTURED of which, four or
 * more, are there. */
static void read_front(const uint8_t *value, uint32_t captured, uint32_t length, gtpp_packet_t *packet)
{
    packet->has_front = true;
    packet->count = value[0];
    packet->format = value[1];
    packet->release = value[2] & 0x0f;
    packet->version = value[3];
    packet->has_extension = packet->release == 0 && captured > PACKET_FRONT;
    /* Release 0 announces the extension octet. Gear exists that writes it without one, and others write 15 with one:
     * the records are believed, when only one way lets them fill the packet. */
    if ((packet->release == 0 || packet->release == LAST_RELEASE) && captured > PACKET_FRONT) {
        const bool with = can_hold_records(value, captured, length, PACKET_FRONT + 1);
        const bool without = can_hold_records(value, captured, length, PACKET_FRONT);
        if (with != without) {
            packet->has_extension = with;
        }
    }
    packet->extension = packet->has_extension ? value[PACKET_FRONT] : 0;
    packet->front = packet->has_extension ? PACKET_FRONT + 1 : PACKET_FRONT;
}

static cdr_encoding_t find_encoding(uint8_t format)
{
    switch (format) {
    case GTPP_FORMAT_BER:
    case GTPP_FORMAT_ASCII_BER:
        return CDR_ENCODING_BER;
    case GTPP_FORMAT_UNALIGNED_PER:
        return CDR_ENCODING_UNALIGNED_PER;
    case GTPP_FORMAT_ALIGNED_PER:
        return CDR_ENCODING_ALIGNED_PER;
    case GTPP_FORMAT_XER:
        return CDR_ENCODING_XER;
    default:
        return CDR_ENCODING_OTHER;
    }
}

/* Room for one more record: for EXPECTED at once, or for twice as many as there are. */
static cdr_t *add_cdr(wmem_allocator_t *pool, gtpp_pdu_t *pdu, uint32_t expected)
{
    if (pdu->num_cdrs == pdu->max_cdrs) {
        pdu->max_cdrs = MAX(pdu->max_cdrs + MAX(expected, 1), 2 * pdu->max_cdrs);
        pdu->cdrs = (cdr_t *)wmem_realloc(pool, pdu->cdrs, pdu->max_cdrs * sizeof(cdr_t));
    }
    return &pdu->cdrs[pdu->num_cdrs++];
}

uint32_t gtpp_pdu_count_records(const gtpp_pdu_t *pdu)
{
    const bool is_all_there = !pdu->is_cut && pdu->length_fit != GTPP_LENGTH_BEYOND;

    return is_all_there ? pdu->num_cdrs : MAX(pdu->announced, pdu->num_cdrs);
}

uint32_t gtpp_pdu_announced_length(const cdr_t *cdr)
{
    return octets_be16(cdr->octets - RECORD_LENGTH);
}

/* Reads the records of PACKET, the element IE: from its front on, and past the number that it announces while there are
 * any, because a number that is too small must not hide records. */
static void read_cdrs(wmem_allocator_t *pool, gtpp_pdu_t *pdu, const gtpp_ie_t *ie, gtpp_packet_t *packet)
{
    const uint32_t end = ie->value_offset + MIN(ie->length, pdu->end - ie->value_offset);
    const uint32_t readable = ie->value_offset + ie->present;
    const cdr_form_t form = { .encoding = find_encoding(packet->format),
                              .release = packet->has_extension ? packet->extension : packet->release,
                              .version = packet->version };
    uint32_t at = ie->value_offset + packet->front;

    while (readable - at >= RECORD_LENGTH) {
        const uint32_t announced = octets_be16(pdu->octets + at);
        at += RECORD_LENGTH;
        const uint32_t length = MIN(announced, end - at);
        const uint32_t captured = MIN(length, readable - at);
        cdr_t *cdr = add_cdr(pool, pdu, MIN(packet->count, (readable - at) / RECORD_LENGTH + 1));
        cdr_read(pool, pdu->octets + at, captured, length, &form, cdr);
        pdu->is_odd = pdu->is_odd || announced > length;
        pdu->has_remark = pdu->has_remark || cdr_has_remark(cdr);
        if (pdu->unread == NULL && cdr_is_beyond_stock(cdr)) {
            pdu->has_remark = true;
            pdu->unread = wmem_strdup_printf(pool,
                                             "it knows the records of the packet-switched domain alone, and one "
                                             "is of the type %s",
                                             cdr->type_name);
        }
        at += captured;
    }
    packet->num_cdrs = pdu->num_cdrs - packet->first_cdr;
    packet->end = at;
}

/* The octets of a Data Record Packet's value. Where its length was cut, those behind it in the message. */
static uint32_t count_packet_octets(const gtpp_pdu_t *pdu, const gtpp_ie_t *ie)
{
    const uint32_t front = ie->offset + 3;

    if (ie->value_offset >= front || ie->extent != GTPP_IE_CUT) {
        return ie->length;
    }
    return pdu->end > front ? pdu->end - front : 0;
}

static void read_packet(wmem_allocator_t *pool, gtpp_pdu_t *pdu, gtpp_ie_t *ie)
{
    pdu->packets = (gtpp_packet_t *)wmem_realloc(pool, pdu->packets, (pdu->num_packets + 1) * sizeof(gtpp_packet_t));
    ie->packet = pdu->num_packets++;
    gtpp_packet_t *packet = &pdu->packets[ie->packet];
    *packet = (gtpp_packet_t){ .first_cdr = pdu->num_cdrs, .end = ie->value_offset };
    pdu->is_odd = pdu->is_odd || pdu->has_record_packet;
    pdu->has_record_packet = true;
    pdu->record_octets += count_packet_octets(pdu, ie);
    if (ie->present < PACKET_FRONT) {
        pdu->has_remark = true;
        ie->expected = ie->length != 0 && ie->extent == GTPP_IE_WHOLE ? "0 or at least 4" : NULL;
        return;
    }
    read_front(pdu->octets + ie->value_offset, ie->present, ie->extent == GTPP_IE_CUT ? ie->length : ie->present,
               packet);
    pdu->announced += packet->count;
    pdu->has_remark = pdu->has_remark || packet->format == GTPP_FORMAT_NONE;
    if (packet->release == 0 && !packet->has_extension) {
        pdu->misread = "its Data Record Format Version says release 0 without the extension octet";
    }
    read_cdrs(pool, pdu, ie, packet);
    packet->is_count_wrong = packet->num_cdrs != packet->count && !pdu->is_cut;
    if (packet->is_count_wrong || (packet->end < ie->value_offset + ie->present && ie->extent == GTPP_IE_WHOLE)) {
        pdu->is_odd = true;
    }
}

/* }}} */
/* {{{ Values */

static void read_seqs(wmem_allocator_t *pool, gtpp_pdu_t *pdu, gtpp_ie_t *ie, gtpp_seq_list_t *list)
{
    const uint8_t *value = pdu->octets + ie->value_offset;
    const uint32_t more = ie->present / SEQ_LENGTH;

    if (ie->counted) {
        pdu->has_remark = true;
        pdu->misread = "its Requests Responded has a one-octet count instead of a length";
    } else if (ie->length % SEQ_LENGTH != 0) {
        ie->expected = "an even number";
    } else if (ie->length == 0 && ie->extent == GTPP_IE_WHOLE) {
        ie->expected = "at least one sequence number";
    }
    list->present = true;
    list->seqs = (uint16_t *)wmem_realloc(pool, list->seqs, (list->count + (size_t)more + 1) * sizeof(uint16_t));
    for (uint32_t i = 0; i < more; i++) {
        list->seqs[list->count++] = octets_be16(value + (size_t)SEQ_LENGTH * i);
    }
}

static void check_address(gtpp_ie_t *ie)
{
    if (ie->extent == GTPP_IE_WHOLE && ie->length != 4 && ie->length != 16) {
        ie->expected = "4 (IPv4) or 16 (IPv6)";
    }
}

const char *gtpp_pdu_address_text(wmem_allocator_t *pool, const gtpp_pdu_t *pdu, const gtpp_ie_t *ie)
{
    const uint8_t *value = pdu->octets + ie->value_offset;
    char text[WS_INET6_ADDRSTRLEN];

    if (ie->present != ie->length || (ie->length != 4 && ie->length != 16)) {
        return NULL;
    }
    return wmem_strdup(pool, ie->length == 4 ? ws_inet_ntop4(value, text, sizeof text)
                                             : ws_inet_ntop6(value, text, sizeof text));
}

/* The value of an element of one octet, when that is there. */
static void read_octet(const gtpp_pdu_t *pdu, const gtpp_ie_t *ie, bool *has_value, uint8_t *value)
{
    if (ie->present == 1) {
        *has_value = true;
        *value = pdu->octets[ie->value_offset];
    }
}

static void read_value(wmem_allocator_t *pool, gtpp_pdu_t *pdu, gtpp_ie_t *ie)
{
    switch (ie->type) {
    case GTPP_IE_CAUSE:
        read_octet(pdu, ie, &pdu->has_cause, &pdu->cause);
        break;
    case GTPP_IE_RECOVERY:
        read_octet(pdu, ie, &pdu->has_recovery, &pdu->recovery);
        break;
    case GTPP_IE_PACKET_TRANSFER_COMMAND:
        read_octet(pdu, ie, &pdu->has_command, &pdu->command);
        break;
    case GTPP_IE_RELEASED_PACKETS:
        read_seqs(pool, pdu, ie, &pdu->released);
        break;
    case GTPP_IE_CANCELLED_PACKETS:
        read_seqs(pool, pdu, ie, &pdu->cancelled);
        break;
    case GTPP_IE_REQUESTS_RESPONDED:
        read_seqs(pool, pdu, ie, &pdu->responded);
        break;
    case GTPP_IE_NODE_ADDRESS:
        check_address(ie);
        break;
    case GTPP_IE_RECOMMENDED_NODE:
        check_address(ie);
        if (pdu->recommended == NULL) {
            pdu->recommended = gtpp_pdu_address_text(pool, pdu, ie);
        }
        break;
    case GTPP_IE_DATA_RECORD_PACKET:
        read_packet(pool, pdu, ie);
        break;
    case GTPP_IE_PRIVATE_EXTENSION:
        pdu->has_private_extension = true;
        if (ie->length < 2 && ie->extent == GTPP_IE_WHOLE) {
            ie->expected = "at least 2";
        }
        break;
    default:
        break;
    }
}

bool gtpp_pdu_lacks_content(const gtpp_pdu_t *pdu)
{
    if (!pdu->has_command) {
        return false;
    }
    switch (pdu->command) {
    case GTPP_COMMAND_SEND:
    case GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED:
        return !pdu->has_record_packet;
    case GTPP_COMMAND_CANCEL:
        return !pdu->cancelled.present;
    case GTPP_COMMAND_RELEASE:
        return !pdu->released.present;
    default:
        return false;
    }
}

void gtpp_pdu_read_values(wmem_allocator_t *pool, gtpp_pdu_t *pdu)
{
    const gtpp_header_t *header = &pdu->header;

    if (pdu->length == 0) {
        pdu->is_odd = true;
        pdu->has_remark = true;
        return;
    }
    for (uint32_t i = 0; i < pdu->num_ies; i++) {
        gtpp_ie_t *ie = &pdu->ies[i];
        read_value(pool, pdu, ie);
        if (ie->fit != GTPP_IE_FITS || ie->extent != GTPP_IE_WHOLE || ie->expected != NULL) {
            pdu->is_odd = true;
        }
    }
    if (header->odd_header_length || pdu->length != pdu->reported || pdu->is_cut) {
        pdu->is_odd = true;
    }
    if (pdu->is_odd || header->spare != GTPP_SPARE_BITS || (header->version > 0 && header->last_bit != 0) ||
        gtpp_pdu_lacks_content(pdu) || gtpp_pdu_missing_element(pdu, pdu->seen) != 0) {
        pdu->has_remark = true;
    }
}

/* }}} */
