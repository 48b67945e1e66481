/* gtpp_session.c
 * The conversations of CDFs and CGFs: between packets and the ledger.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_session.h"

#include <epan/conversation.h>
#include <epan/ipproto.h>
#include <epan/proto_data.h>
#include <epan/to_str.h>

#include <string.h>

#include "base/ip_fragment.h"
#include "base/octets.h"
#include "base/packet_conversation.h"
#include "base/port_binding.h"
#include "base/tree_util.h"
#include "gtpp_judge.h"

#define NS_PER_SECOND 1000000000

static int gtpp_proto = -1;

/* Preference: how many seconds an answer may take. */
static unsigned gtpp_t3 = 5;

/* How far this dissection has come in the frame. Lives as long as the packet. */
typedef struct {
    uint32_t messages;
    uint32_t records;
    gtpp_message_tap_t *last;
} gtpp_progress_t;

/* All of it lives as long as the file. */
static struct {
    gtpp_ledger_t *ledger;
    gtpp_judge_t *judge;
    wmem_map_t *hosts;    /* text of an address -> its number */
    wmem_map_t *ends;     /* text of address and port -> its number */
    wmem_array_t *convs;  /* gtpp_conv_t *, by path */
    gtpp_event_t *latest; /* the one that was entered last */
} file;

static void start_file(void)
{
    wmem_allocator_t *scope = wmem_file_scope();

    file.ledger = gtpp_ledger_open(scope);
    file.judge = gtpp_judge_open(file.ledger, scope);
    file.hosts = wmem_map_new(scope, wmem_str_hash, g_str_equal);
    file.ends = wmem_map_new(scope, wmem_str_hash, g_str_equal);
    file.convs = wmem_array_new(scope, sizeof(gtpp_conv_t *));
    file.latest = NULL;
}

static void end_file(void)
{
    gtpp_judge_close(file.judge);
    gtpp_ledger_close(file.ledger);
    memset(&file, 0, sizeof file);
}

/* {{{ Conversations */

/* The number of NAME in MAP, from 1 on; a new one for a name that is not there. */
static uint32_t number_name(wmem_map_t *map, const char *name)
{
    uint32_t number = GPOINTER_TO_UINT(wmem_map_lookup(map, name));

    if (number == 0) {
        number = wmem_map_size(map) + 1;
        wmem_map_insert(map, wmem_strdup(wmem_file_scope(), name), GUINT_TO_POINTER(number));
    }
    return number;
}

uint32_t gtpp_session_number_host(const address *host)
{
    char *name = address_to_str(NULL, host);
    const uint32_t number = number_name(file.hosts, name);

    wmem_free(NULL, name);
    return number;
}

static uint32_t number_end(const address *host, uint32_t port)
{
    char *text = address_to_str(NULL, host);
    char *name = wmem_strdup_printf(NULL, "%u %s %u", (unsigned)host->type, text, port);
    const uint32_t number = number_name(file.ends, name);

    wmem_free(NULL, name);
    wmem_free(NULL, text);
    return number;
}

static void number_ends(const gtpp_conv_t *conv, uint32_t hosts[2], uint32_t ends[2])
{
    for (unsigned end = 0; end < 2; end++) {
        hosts[end] = gtpp_session_number_host(&conv->addresses[end]);
        ends[end] = number_end(&conv->addresses[end], conv->ports[end]);
    }
}

static gtpp_conv_t *open_conv(const packet_info *pinfo)
{
    gtpp_conv_t *conv = wmem_new0(wmem_file_scope(), gtpp_conv_t);
    uint32_t hosts[2];
    uint32_t ends[2];

    copy_address_wmem(wmem_file_scope(), &conv->addresses[0], &pinfo->src);
    copy_address_wmem(wmem_file_scope(), &conv->addresses[1], &pinfo->dst);
    conv->ports[0] = pinfo->srcport;
    conv->ports[1] = pinfo->destport;
    conv->is_tcp = pinfo->ptype == PT_TCP;
    number_ends(conv, hosts, ends);
    const bool is_service[2] = { port_binding_names(gtpp_proto, conv->ports[0]),
                                 port_binding_names(gtpp_proto, conv->ports[1]) };
    /* Where the ports do not tell, the service is taken for the end with the lower one. */
    conv->path = gtpp_ledger_open_path(file.ledger, hosts, ends, is_service, conv->ports[1] < conv->ports[0] ? 0 : 1);
    wmem_array_append_one(file.convs, conv);
    return conv;
}

static gtpp_conv_t *find_or_open_conv(packet_info *pinfo)
{
    conversation_t *conversation = packet_conversation_find(pinfo);

    if (conversation == NULL) {
        conversation = find_or_create_conversation(pinfo);
    }
    gtpp_conv_t *conv = conversation_get_proto_data(conversation, gtpp_proto);
    if (conv == NULL) {
        conv = open_conv(pinfo);
        conversation_add_proto_data(conversation, gtpp_proto, conv);
    }
    return conv;
}

static bool is_response(uint8_t type)
{
    return type == GTPP_ECHO_RESPONSE || type == GTPP_VERSION_NOT_SUPPORTED || type == GTPP_NODE_ALIVE_RESPONSE ||
           type == GTPP_REDIRECTION_RESPONSE || type == GTPP_DATA_RECORD_TRANSFER_RESPONSE;
}

/* Of a packet from this address and port. */
static unsigned direction_from(const gtpp_conv_t *conv, const address *source, uint32_t port)
{
    return port == conv->ports[0] && addresses_equal(source, &conv->addresses[0]) ? 0 : 1;
}

/* Packets that were exported without addresses have the same ends both ways; there the type tells. */
static unsigned find_direction(const gtpp_conv_t *conv, const packet_info *pinfo, uint8_t type)
{
    if (!conv->path->has_ends) {
        return is_response(type) ? 1 : 0;
    }
    return direction_from(conv, &pinfo->src, pinfo->srcport);
}

void gtpp_session_refuse(packet_info *pinfo, const packet_ends_t *ends, const gtpp_quote_t *quote)
{
    const conversation_t *conversation = packet_conversation_find_of(pinfo, ends);
    const gtpp_conv_t *conv = conversation != NULL ? conversation_get_proto_data(conversation, gtpp_proto) : NULL;

    if (conv != NULL && file.ledger != NULL && conv->path->has_ends) {
        gtpp_ledger_refuse(file.ledger, conv->path, direction_from(conv, &ends->source, ends->header.source_port),
                           quote);
    }
}

const gtpp_conv_t *gtpp_session_get_conv(uint32_t path)
{
    return file.convs != NULL && path < wmem_array_get_count(file.convs)
               ? *(gtpp_conv_t **)wmem_array_index(file.convs, path)
               : NULL;
}

const char *gtpp_session_end_text(wmem_allocator_t *pool, const gtpp_conv_t *conv, unsigned end)
{
    return tree_util_end_to_str(pool, &conv->addresses[end & 1], conv->ports[end & 1]);
}

/* }}} */
/* {{{ What the ledger is given */

/* Zero says that there is none. */
static uint64_t not_zero(uint64_t digest)
{
    return digest != 0 ? digest : 1;
}

/* Unsigned on the way: files with senseless times exist. */
static int64_t count_nanoseconds(const nstime_t *when)
{
    return (int64_t)((uint64_t)when->secs * NS_PER_SECOND + (uint64_t)when->nsecs);
}

/* The identification in the header right before that of UDP; how long it is, its own first octet says. A first fragment
 * has less than the datagram. */
static uint16_t read_id_before(tvbuff_t *packet, int udp)
{
    enum { UDP_LENGTH = 4, IP_LENGTH = 2, IP_ID = 4, IP_FLAGS = 6, IP_PROTOCOL = 9, WORDS_MIN = 5, WORDS_MAX = 15 };
    enum { MORE_FRAGMENTS = 0x20 };

    for (int words = WORDS_MIN; words <= WORDS_MAX && udp >= 4 * words; words++) {
        const int ip = udp - 4 * words;
        if (tvb_get_uint8(packet, ip) == (0x40 | words) && tvb_get_uint8(packet, ip + IP_PROTOCOL) == IP_PROTO_UDP &&
            ((tvb_get_uint8(packet, ip + IP_FLAGS) & MORE_FRAGMENTS) != 0 ||
             tvb_get_ntohs(packet, ip + IP_LENGTH) == 4 * words + tvb_get_ntohs(packet, udp + UDP_LENGTH))) {
            return tvb_get_ntohs(packet, ip + IP_ID);
        }
    }
    return 0;
}

/* Of a datagram that was put together, or of a first fragment: that of the fragment in FRAME. IPv6 has 32 bits. */
static uint16_t read_id_of_fragments(tvbuff_t *frame, const packet_info *pinfo)
{
    const bool is_ipv6 = pinfo->src.type == AT_IPv6;
    const uint32_t captured = tvb_captured_length(frame);
    const ip_addresses_t addresses = { is_ipv6, pinfo->src.data, pinfo->dst.data };
    ip_fragment_t fragment;

    if ((!is_ipv6 && pinfo->src.type != AT_IPv4) || pinfo->dst.type != pinfo->src.type ||
        !ip_fragment_find(tvb_get_ptr(frame, 0, (int)captured), captured, &addresses, &fragment)) {
        return 0;
    }
    return (uint16_t)(fragment.ident ^ (fragment.ident >> 16));
}

uint16_t gtpp_session_read_ip_id(tvbuff_t *tvb, const packet_info *pinfo)
{
    enum { UDP_HEADER = 8 };
    tvbuff_t *packet = tvb_get_ds_tvb(tvb);
    tvbuff_t *frame = pinfo->data_src != NULL ? get_data_source_tvb(pinfo->data_src->data) : NULL;

    if (pinfo->ptype != PT_UDP || packet == NULL) {
        return 0;
    }
    const uint16_t id = read_id_before(packet, tvb_raw_offset(tvb) - UDP_HEADER);
    return id != 0 || frame == NULL || (packet == frame && !pinfo->fragmented) ? id
                                                                               : read_id_of_fragments(frame, pinfo);
}

/* Records without a local number are told by their octets, which a record this short does not have enough of. */
#define SHORTEST_TELLING_RECORD 24

static gtpp_event_record_t describe_record(const cdr_t *cdr, uint32_t host)
{
    const uint64_t sender = octets_digest_on(OCTETS_DIGEST_START ^ host, cdr->node_id, cdr->node_id_length);
    gtpp_event_record_t record = { .identity = 0 };

    if (cdr->has_local_seq) {
        const uint64_t name = cdr->node_id_length > 0
                                  ? octets_digest_on(OCTETS_DIGEST_START, cdr->node_id, cdr->node_id_length)
                                  : octets_digest_word(OCTETS_DIGEST_START, host);
        record.node = not_zero(name ^ gtpp_event_host_salt(host));
        record.local_seq = cdr->local_seq;
    }
    if (cdr->captured < cdr->length) {
        record.is_cut = true;
        record.identity =
            cdr->captured > 0 ? not_zero(octets_digest_on(sender ^ cdr->length, cdr->octets, cdr->captured)) : 0;
    } else if (cdr->has_local_seq || cdr->length >= SHORTEST_TELLING_RECORD) {
        record.identity = not_zero(octets_digest_on(sender, cdr->octets, cdr->length));
    }
    const cdr_summary_t *summary = &cdr->summary;
    record.type = (uint16_t)(summary->has_type         ? summary->type + 1
                             : summary->record != NULL ? summary->record->number + 1u
                                                       : 0);
    return record;
}

static gtpp_ledger_list_t list_of(const gtpp_seq_list_t *list)
{
    return (gtpp_ledger_list_t){ list->seqs, list->count };
}

static gtpp_event_t *enter_message(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu, bool is_stream,
                                   const gtpp_hole_t *hole)
{
    const gtpp_conv_t *conv = find_or_open_conv(pinfo);
    const unsigned direction = find_direction(conv, pinfo, pdu->header.type);
    const uint32_t captured = MIN(pdu->captured, pdu->length);
    gtpp_event_record_t *records = wmem_alloc_array(pinfo->pool, gtpp_event_record_t, MAX(pdu->num_cdrs, 1));
    const gtpp_ledger_input_t input = {
        .path = conv->path,
        .direction = direction,
        .frame = frame_store_record(pinfo),
        .time = count_nanoseconds(&pinfo->abs_ts),
        .type = pdu->header.type,
        .version = pdu->header.version,
        .seq = pdu->header.seq,
        .ip_id = gtpp_session_read_ip_id(tvb, pinfo),
        .length = pdu->length,
        .digest = octets_digest(pdu->octets, captured),
        .is_cut = pdu->is_cut,
        .is_beyond = pdu->length_fit == GTPP_LENGTH_BEYOND,
        .is_stream = is_stream,
        .has_cause = pdu->has_cause,
        .cause = pdu->cause,
        .has_recovery = pdu->has_recovery,
        .recovery = pdu->recovery,
        .has_command = pdu->has_command,
        .command = pdu->command,
        .has_packet = pdu->has_record_packet,
        .is_empty_packet = pdu->has_record_packet && pdu->record_octets == 0,
        .announced = (uint16_t)MIN(gtpp_pdu_count_records(pdu), UINT16_MAX),
        .responded = list_of(&pdu->responded),
        .released = list_of(&pdu->released),
        .cancelled = list_of(&pdu->cancelled),
        .records = records,
        .num_records = pdu->num_cdrs,
        .hole = hole,
    };

    for (uint32_t i = 0; i < pdu->num_cdrs; i++) {
        records[i] = describe_record(&pdu->cdrs[i], conv->path->hosts[direction]);
    }
    file.latest = gtpp_ledger_enter(file.ledger, &input);
    return file.latest;
}

void gtpp_session_enter_earlier(packet_info *pinfo, frame_record_t *record, const nstime_t *when, uint16_t ip_id,
                                bool is_same_direction, const gtpp_header_t *header, const uint8_t *octets,
                                uint32_t length)
{
    const gtpp_conv_t *conv = find_or_open_conv(pinfo);
    const unsigned direction = find_direction(conv, pinfo, header->type);
    const gtpp_ledger_input_t input = {
        .path = conv->path,
        .direction = is_same_direction || !conv->path->has_ends ? direction : 1 - direction,
        .frame = record,
        .time = count_nanoseconds(when),
        .type = header->type,
        .version = header->version,
        .seq = header->seq,
        .ip_id = ip_id,
        .length = length,
        .digest = octets_digest(octets, length),
    };

    frame_record_put(record, gtpp_proto, gtpp_ledger_enter(file.ledger, &input));
}

int64_t gtpp_session_time_of(const packet_info *pinfo)
{
    return CLAMP(count_nanoseconds(&pinfo->abs_ts), GTPP_TIME_MIN, GTPP_TIME_MAX);
}

void gtpp_session_add_datagram(gtpp_datagram_t *datagram)
{
    gtpp_ledger_add_datagram(file.ledger, datagram);
}

void gtpp_session_complete_datagram(packet_info *pinfo, gtpp_datagram_t *datagram)
{
    datagram->is_whole = true;
    if (datagram->event == NULL && file.latest != NULL && file.latest->frame == frame_store_record(pinfo)) {
        datagram->event = file.latest;
    }
}

void gtpp_session_name_datagram(const packet_info *pinfo, gtpp_datagram_t *datagram, uint32_t source_port,
                                uint32_t destination_port)
{
    datagram->ends[0] = number_end(&pinfo->src, source_port);
    datagram->ends[1] = number_end(&pinfo->dst, destination_port);
    datagram->is_service =
        port_binding_names(gtpp_proto, source_port) || port_binding_names(gtpp_proto, destination_port);
}

static gtpp_conv_t *get_conv(packet_info *pinfo)
{
    conversation_t *conversation = packet_conversation_find(pinfo);

    return conversation != NULL ? conversation_get_proto_data(conversation, gtpp_proto) : NULL;
}

bool gtpp_session_has_path(packet_info *pinfo)
{
    return get_conv(pinfo) != NULL;
}

void gtpp_session_add_hole(packet_info *pinfo, bool is_same_direction, gtpp_hole_t *hole)
{
    const gtpp_conv_t *conv = get_conv(pinfo);

    if (conv != NULL) {
        const unsigned direction = find_direction(conv, pinfo, 0);
        gtpp_ledger_add_hole(file.ledger, conv->path, is_same_direction ? direction : 1 - direction, hole);
    }
}

void gtpp_session_note_beginning(packet_info *pinfo, bool is_same_direction)
{
    const gtpp_conv_t *conv = get_conv(pinfo);

    if (conv != NULL) {
        const unsigned direction = find_direction(conv, pinfo, 0);
        conv->path->directions[is_same_direction ? direction : 1 - direction].has_begun = true;
    }
}

/* }}} */
/* {{{ Messages of a frame */

static gtpp_progress_t *find_progress(packet_info *pinfo)
{
    gtpp_progress_t *progress = p_get_proto_data(pinfo->pool, pinfo, gtpp_proto, 0);

    if (progress == NULL) {
        progress = wmem_new0(pinfo->pool, gtpp_progress_t);
        p_add_proto_data(pinfo->pool, pinfo, gtpp_proto, 0, progress);
    }
    return progress;
}

static gtpp_event_t *find_event(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu, bool is_stream,
                                const gtpp_hole_t *hole)
{
    gtpp_event_t *event;

    if (!PINFO_FD_VISITED(pinfo)) {
        event = enter_message(tvb, pinfo, pdu, is_stream, hole);
        frame_store_put(pinfo, gtpp_proto, event);
        return event;
    }
    event = frame_store_next(pinfo, gtpp_proto);
    /* A frame that was read as something else on the first pass. */
    return event != NULL && event->type == pdu->header.type && event->seq == pdu->header.seq ? event : NULL;
}

gtpp_message_tap_t *gtpp_session_enter(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu, bool is_stream,
                                       const gtpp_hole_t *hole)
{
    if (pinfo->flags.in_error_pkt || pdu->length == 0 || file.ledger == NULL) {
        return NULL;
    }
    gtpp_event_t *event = find_event(tvb, pinfo, pdu, is_stream, hole);
    if (event == NULL) {
        return NULL;
    }
    gtpp_progress_t *progress = find_progress(pinfo);
    gtpp_message_tap_t *message = wmem_new0(pinfo->pool, gtpp_message_tap_t);
    message->pdu = pdu;
    message->event = event;
    message->conv = gtpp_session_get_conv(event->path);
    message->ordinal = progress->messages++;
    message->first_record = progress->records + 1;
    progress->records += pdu->num_cdrs;
    if (progress->last != NULL) {
        progress->last->next = message;
    }
    progress->last = message;
    return message;
}

/* }}} */
/* {{{ The judgement */

bool gtpp_session_judge(void)
{
    if (file.ledger == NULL) {
        return false;
    }
    gtpp_judge_update(file.judge, (int64_t)gtpp_t3 * NS_PER_SECOND, count_nanoseconds(frame_store_latest()));
    return true;
}

bool gtpp_session_is_judged(void)
{
    return frame_store_is_whole() && gtpp_session_judge();
}

void gtpp_session_visit(gtpp_ledger_visit_t visit, void *data)
{
    if (file.ledger != NULL) {
        gtpp_ledger_visit(file.ledger, visit, data);
    }
}

uint32_t gtpp_session_count_behind(const gtpp_event_t *event)
{
    return gtpp_ledger_count_behind(file.ledger, event);
}

uint32_t gtpp_session_frame_number(const gtpp_event_t *event)
{
    return frame_record_number(event->frame);
}

bool gtpp_session_is_shown(const gtpp_event_t *event)
{
    return frame_record_is_shown(event->frame);
}

nstime_t gtpp_session_time(const gtpp_event_t *event)
{
    const nstime_t when = { (time_t)(event->time / NS_PER_SECOND), (int)(event->time % NS_PER_SECOND) };

    return when;
}

/* }}} */

void gtpp_session_register_preference(module_t *module)
{
    prefs_register_uint_preference(module, "t3", "T3 (seconds)",
                                   "How long an answer may take. A request that was sent less than this before the end "
                                   "of the capture is \"not answered yet\".",
                                   10, &gtpp_t3);
}

void gtpp_session_register(int proto)
{
    gtpp_proto = proto;
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}
