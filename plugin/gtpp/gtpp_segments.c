/* gtpp_segments.c
 * Between TCP and gtpp_stream: the streams of each connection, and which messages are read in which frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_segments.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>

#include "base/frame_store.h"
#include "base/observers.h"
#include "base/packet_conversation.h"
#include "base/packet_ends.h"
#include "gtpp_pdu.h"
#include "gtpp_session.h"

static int gtpp_proto = -1;
static int readings_owner = -1;
static gtpp_segments_draw_t draw_reading;
static const ws_bool *is_wanted; /* a preference */
static dissector_table_t tcp_ports;

/* A TCP connection, of which either direction has a stream. Lives as long as the file. */
typedef struct {
    address source; /* of direction 0 */
    uint32_t source_port;
    bool is_ours; /* a message was read */
    gtpp_stream_t *streams[2];
    bool has_base[2];
    uint32_t bases[2]; /* what TCP's dissector takes off each sequence number */
} gtpp_connection_t;

/* The readings of a frame. Lives as long as the packet. */
typedef struct drawing {
    struct drawing *next;
    gtpp_reading_t *reading;
    bool is_drawn;
} drawing_t;

typedef struct {
    drawing_t *first;
    drawing_t **last;
} drawings_t;

static wmem_map_t *connections; /* conversation_t * -> gtpp_connection_t *; lives as long as the file */

/* What was found out about each port, since every TCP packet asks. Whose a port is may change with a preference or
 * Decode As; then Wireshark reads the file anew. */
typedef enum { PORT_UNKNOWN, PORT_OURS, PORT_OTHERS } port_owner_t;

static uint8_t port_owners[UINT16_MAX + 1]; /* port_owner_t */

static void start_file(void)
{
    connections = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    memset(port_owners, PORT_UNKNOWN, sizeof port_owners);
}

static void end_file(void)
{
    connections = NULL;
}

/* {{{ Readings of a frame */

static void add_drawing(drawings_t *drawings, packet_info *pinfo, gtpp_reading_t *reading)
{
    drawing_t *drawing = wmem_new0(pinfo->pool, drawing_t);

    drawing->reading = reading;
    *drawings->last = drawing;
    drawings->last = &drawing->next;
}

static drawings_t *get_drawings(packet_info *pinfo)
{
    drawings_t *drawings = p_get_proto_data(pinfo->pool, pinfo, readings_owner, 0);

    if (drawings == NULL) {
        gtpp_reading_t *reading;

        drawings = wmem_new0(pinfo->pool, drawings_t);
        drawings->last = &drawings->first;
        p_add_proto_data(pinfo->pool, pinfo, readings_owner, 0, drawings);
        while (PINFO_FD_VISITED(pinfo) && (reading = frame_store_next(pinfo, readings_owner)) != NULL) {
            add_drawing(drawings, pinfo, reading);
        }
    }
    return drawings;
}

static gtpp_reading_t *put_reading(packet_info *pinfo, uint32_t seq, uint32_t given_seq)
{
    gtpp_reading_t *reading = wmem_new0(wmem_file_scope(), gtpp_reading_t);

    reading->seq = seq;
    reading->given_seq = given_seq;
    frame_store_put(pinfo, readings_owner, reading);
    add_drawing(get_drawings(pinfo), pinfo, reading);
    return reading;
}

static gtpp_reading_t *find_reading(packet_info *pinfo, uint32_t given_seq)
{
    for (drawing_t *drawing = get_drawings(pinfo)->first; drawing != NULL; drawing = drawing->next) {
        if (!drawing->is_drawn && !drawing->reading->is_late && drawing->reading->given_seq == given_seq) {
            return drawing->reading;
        }
    }
    return NULL;
}

void gtpp_segments_note_drawn(packet_info *pinfo, const gtpp_reading_t *reading)
{
    for (drawing_t *drawing = get_drawings(pinfo)->first; drawing != NULL; drawing = drawing->next) {
        drawing->is_drawn |= drawing->reading == reading;
    }
}

/* }}} */
/* {{{ Connections */

static gtpp_connection_t *find_connection(packet_info *pinfo)
{
    if (connections == NULL || wmem_map_size(connections) == 0) {
        return NULL;
    }
    conversation_t *conversation = packet_conversation_find(pinfo);
    return conversation != NULL ? wmem_map_lookup(connections, conversation) : NULL;
}

static gtpp_connection_t *need_connection(packet_info *pinfo)
{
    gtpp_connection_t *connection = find_connection(pinfo);

    if (connection == NULL && connections != NULL) {
        connection = wmem_new0(wmem_file_scope(), gtpp_connection_t);
        copy_address_wmem(wmem_file_scope(), &connection->source, &pinfo->src);
        connection->source_port = pinfo->srcport;
        connection->streams[0] = gtpp_stream_open(wmem_file_scope());
        connection->streams[1] = gtpp_stream_open(wmem_file_scope());
        wmem_map_insert(connections, find_or_create_conversation(pinfo), connection);
    }
    return connection;
}

static unsigned find_direction(const gtpp_connection_t *connection, const packet_info *pinfo)
{
    return pinfo->srcport == connection->source_port && addresses_equal(&pinfo->src, &connection->source) ? 0 : 1;
}

/* Beginnings and holes that have come to light, for the ledger, which knows the connection once a message was read. */
static void pass_on_holes(packet_info *pinfo, gtpp_connection_t *connection)
{
    const unsigned direction = find_direction(connection, pinfo);

    for (unsigned way = 0; way < 2 && gtpp_session_has_path(pinfo); way++) {
        gtpp_hole_t *hole;
        if (gtpp_stream_has_begun(connection->streams[way])) {
            gtpp_session_note_beginning(pinfo, way == direction);
        }
        while ((hole = gtpp_stream_take_hole(connection->streams[way])) != NULL) {
            gtpp_session_add_hole(pinfo, way == direction, hole);
        }
    }
}

/* }}} */
/* {{{ What TCP hands on */

/* Learns from the TCP header in PACKET what TCP's dissector takes off the numbers of this direction. */
static bool learn_base(tvbuff_t *packet, packet_info *pinfo, const struct tcpinfo *info, uint32_t *base)
{
    packet_ends_t ends;

    if (packet == NULL || !packet_ends_read(packet, pinfo, false, &ends) ||
        !packet_ends_read_header(packet, pinfo, &ends) || !ends.header.has_payload) {
        return false;
    }
    *base = ends.header.sequence + (uint32_t)ends.header.payload_length - info->nxtseq;
    return true;
}

/* The number of the first octet, as the sender counts. The header stands in the frame, or in what TVB is part of; where
 * it is in neither, an earlier segment has told. */
static bool find_seq(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *info, gtpp_connection_t *connection,
                     uint32_t *seq)
{
    const unsigned direction = find_direction(connection, pinfo);
    uint32_t *base = &connection->bases[direction];
    tvbuff_t *frame = pinfo->data_src != NULL ? get_data_source_tvb(pinfo->data_src->data) : NULL;

    if (learn_base(frame, pinfo, info, base) || learn_base(tvb_get_ds_tvb(tvb), pinfo, info, base)) {
        connection->has_base[direction] = true;
    }
    *seq = info->seq + *base;
    return connection->has_base[direction];
}

/* True when whole messages, and nothing else, fill the segment. */
static bool is_chain(const packet_info *pinfo, const gtpp_segment_t *segment)
{
    uint32_t offset = 0;

    while (offset < segment->captured) {
        const uint8_t *octets = segment->octets + offset;
        const uint32_t left = segment->captured - offset;
        const gtpp_pdu_t *pdu = gtpp_pdu_can_begin(octets, left) ? gtpp_pdu_read(pinfo->pool, octets, left, 0) : NULL;
        if (pdu == NULL || pdu->length == 0 || gtpp_pdu_match(pdu) == GTPP_NO) {
            return false;
        }
        offset += MIN(pdu->length, UINT32_MAX - offset);
    }
    return offset == segment->length;
}

gtpp_place_t gtpp_segments_place(tvbuff_t *tvb, packet_info *pinfo, const struct tcpinfo *info, bool is_start)
{
    gtpp_place_t place = { .reading = NULL };

    if (info == NULL || pinfo->flags.in_error_pkt) {
        return place;
    }
    if (PINFO_FD_VISITED(pinfo)) {
        place.reading = find_reading(pinfo, info->seq);
        return place;
    }
    gtpp_connection_t *connection = need_connection(pinfo);
    uint32_t seq;
    if (connection == NULL || !find_seq(tvb, pinfo, info, connection, &seq)) {
        return place;
    }
    const uint32_t captured = tvb_captured_length(tvb);
    place.segment = (gtpp_segment_t){ seq, tvb_reported_length(tvb), tvb_get_ptr(tvb, 0, (int)captured), captured,
                                      gtpp_session_time_of(pinfo) };
    place.stream = connection->streams[find_direction(connection, pinfo)];
    if (is_start || is_chain(pinfo, &place.segment)) {
        gtpp_stream_join(place.stream, seq);
    }
    if (captured == place.segment.length && pinfo->can_desegment != 0 &&
        gtpp_stream_is_in_order(place.stream, seq, captured)) {
        return place;
    }
    gtpp_stream_message_t *messages = gtpp_stream_add(place.stream, &place.segment);
    connection->is_ours |= messages != NULL;
    place.reading = put_reading(pinfo, seq, info->seq);
    place.reading->messages = messages;
    place.reading->is_claimed = connection->is_ours;
    pass_on_holes(pinfo, connection);
    return place;
}

void gtpp_segments_follow(packet_info *pinfo, const gtpp_place_t *place, uint32_t read, bool is_lost)
{
    gtpp_connection_t *connection = find_connection(pinfo);

    gtpp_stream_follow(place->stream, &place->segment, read, is_lost);
    if (connection != NULL) {
        connection->is_ours |= !is_lost;
        pass_on_holes(pinfo, connection);
    }
}

/* }}} */
/* {{{ What TCP withholds */

static void add_segment(tvbuff_t *frame, packet_info *pinfo, gtpp_connection_t *connection, const ip_header_t *header)
{
    const uint32_t captured = tvb_captured_length(frame);
    const uint32_t payload = MIN((uint32_t)header->payload, captured);
    const uint32_t length = (uint32_t)header->payload_length;
    const uint32_t there = MIN(captured - payload, length);
    const gtpp_segment_t segment = { header->sequence + header->syn, length,
                                     tvb_get_ptr(frame, (int)payload, (int)there), there, gtpp_session_time_of(pinfo) };
    gtpp_stream_message_t *messages = gtpp_stream_add(connection->streams[find_direction(connection, pinfo)], &segment);

    if (messages != NULL) {
        gtpp_reading_t *reading = put_reading(pinfo, segment.seq, segment.seq);
        reading->messages = messages;
        reading->is_late = true;
        connection->is_ours = true;
    }
}

static void look_at_segment(tvbuff_t *frame, packet_info *pinfo, gtpp_connection_t *connection)
{
    const unsigned direction = find_direction(connection, pinfo);
    packet_ends_t ends;

    if (!packet_ends_read(frame, pinfo, false, &ends) || !packet_ends_read_header(frame, pinfo, &ends) ||
        ends.header.payload == 0 || ends.header.rst) {
        return;
    }
    const ip_header_t *header = &ends.header;
    if (header->syn) {
        gtpp_stream_begin(connection->streams[direction], header->sequence + 1);
    }
    if (header->syn && header->ack) {
        /* It tells where the other direction begins, of which the SYN may be missing. */
        gtpp_stream_begin(connection->streams[1 - direction], header->acknowledged);
    }
    if (header->has_payload) {
        add_segment(frame, pinfo, connection, header);
    } else {
        gtpp_stream_reach(connection->streams[direction], header->sequence, gtpp_session_time_of(pinfo));
    }
    if (header->ack && header->acknowledged != 0) {
        gtpp_stream_expect(connection->streams[1 - direction], header->acknowledged, gtpp_session_time_of(pinfo));
        gtpp_stream_reach(connection->streams[1 - direction], header->acknowledged, gtpp_session_time_of(pinfo));
    }
}

static port_owner_t find_owner(uint32_t port)
{
    dissector_handle_t handle = dissector_get_uint_handle(tcp_ports, port);
    const int proto = handle != NULL ? dissector_handle_get_protocol_index(handle) : -1;

    return proto != -1 && (proto == gtpp_proto || proto == readings_owner) ? PORT_OURS : PORT_OTHERS;
}

/* True when TCP's dissector gives the port to us. */
static bool is_port_ours(uint32_t port)
{
    uint8_t *owner = &port_owners[port & UINT16_MAX];

    if (*owner == PORT_UNKNOWN) {
        *owner = find_owner(port);
    }
    return *owner == PORT_OURS;
}

static bool is_on_port(const packet_info *pinfo)
{
    return is_port_ours(pinfo->srcport) || is_port_ours(pinfo->destport);
}

static void observe(tvbuff_t *frame, packet_info *pinfo, proto_tree *tree, bool is_icmp)
{
    if (pinfo->ptype != PT_TCP || is_icmp || pinfo->flags.in_error_pkt || !*is_wanted) {
        return;
    }
    gtpp_connection_t *connection = find_connection(pinfo);
    if (connection == NULL &&
        (PINFO_FD_VISITED(pinfo) || !is_on_port(pinfo) || (connection = need_connection(pinfo)) == NULL)) {
        return;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        look_at_segment(frame, pinfo, connection);
    }
    for (drawing_t *drawing = get_drawings(pinfo)->first; drawing != NULL; drawing = drawing->next) {
        if (!drawing->is_drawn && drawing->reading->messages != NULL) {
            drawing->is_drawn = true;
            draw_reading(frame, pinfo, tree, drawing->reading);
        }
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        pass_on_holes(pinfo, connection);
    }
}

/* }}} */

void gtpp_segments_register(int proto, int owner)
{
    gtpp_proto = proto;
    readings_owner = owner;
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}

void gtpp_segments_start(gtpp_segments_draw_t draw, const ws_bool *wanted)
{
    draw_reading = draw;
    is_wanted = wanted;
    tcp_ports = find_dissector_table("tcp.port");
    observers_add(gtpp_proto, observe);
}
