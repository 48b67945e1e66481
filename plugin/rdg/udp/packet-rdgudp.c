/* packet-rdgudp.c
 * RD Gateway UDP transport: MS-TSGU over DTLS. Registration, and how a packet gets here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-rdgudp.h"

#include <epan/conversation.h>
#include <epan/exceptions.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/show_exception.h>
#include <epan/tap.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/dissectors/packet-tls-utils.h>

#include "base/dtls_record.h"
#include "base/octets.h"
#include "base/packet_conversation.h"
#include "base/port_binding.h"
#include "rdg/rdg_names.h"
#include "rdgudp_exploits.h"
#include "rdgudp_expert.h"
#include "rdgudp_fallback.h"
#include "rdgudp_history.h"
#include "rdgudp_info.h"
#include "rdgudp_inner.h"
#include "rdgudp_link.h"
#include "rdgudp_observe.h"
#include "rdgudp_pieces.h"
#include "rdgudp_pdu.h"
#include "rdgudp_session.h"
#include "rdgudp_stats.h"
#include "rdgudp_tree.h"
#include "rdgudp_tree_clear.h"

#define RDGUDP_PORT_TEXT "3391"

static int proto_rdgudp = -1;

static int ett_rdgudp = -1;

static dissector_handle_t rdgudp_handle;
static dissector_handle_t rdgudp_packet_handle;
static dissector_handle_t dtls_handle;
static int rdgudp_tap = -1;

static unsigned hello_threshold = 2;

/* {{{ What another packet says of channels */

static void queue_others(packet_info *pinfo, const rdgudp_state_t *first)
{
    const rdgudp_tap_t *head = NULL;
    const rdgudp_tap_t **end = &head;

    for (const rdgudp_state_t *state = first; state != NULL; state = state->next) {
        rdgudp_tap_t *tap = wmem_new0(pinfo->pool, rdgudp_tap_t);
        tap->state = state;
        *end = tap;
        end = &tap->next;
    }
    tap_queue_packet(rdgudp_tap, pinfo, head);
}

/* A tree has room for so many items only; the reports get all. Wireshark has room for so many entries of taps only, so
 * that they are one. */
static void show_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_state_t *first)
{
    if (have_tap_listener(rdgudp_tap)) {
        queue_others(pinfo, first);
    }
    rdgudp_expert_add_others(tvb, pinfo, tree, first);
}

/* }}} */
/* {{{ Datagrams: what they are, and whose */

/* A datagram of a channel. Lives as long as its dissection. */
typedef struct rdgudp_datagram {
    rdgudp_dtls_t dtls;
    rdgudp_trailer_t trailer;
    bool is_clear_fragment;
    rdgudp_state_t draft;
    const rdgudp_state_t *state; /* NULL when there is none */
    rdgudp_tap_t *tap;           /* NULL when no report is wanted */
    unsigned packets;            /* inside DTLS, so far */
} rdgudp_datagram_t;

/* True when the datagram may be one of DTLS 1.3: its channel has chosen that, or the capture lacks the octets that say
 * what it has chosen. */
static bool may_be_13(const rdgudp_conv_t *conv, const uint8_t *data, unsigned captured, unsigned reported)
{
    if (conv == NULL || conv->is_other) {
        return false;
    }
    return conv->channel.version == RDGUDP_DTLS_1_3 ||
           (conv->channel.version == 0 && dtls_record_13_may_be(data, captured, reported));
}

/* False when the datagram is none of a channel. */
static bool read_datagram(tvbuff_t *tvb, const rdgudp_conv_t *conv, rdgudp_datagram_t *datagram)
{
    unsigned captured = tvb_captured_length(tvb);
    unsigned reported = tvb_reported_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, (int)captured);

    rdgudp_dtls_read(data, captured, reported, may_be_13(conv, data, captured, reported), &datagram->dtls);
    datagram->trailer = RDGUDP_TRAILER_NONE;
    datagram->is_clear_fragment = false;
    if (datagram->dtls.presence == RDGUDP_DTLS_NONE) {
        datagram->is_clear_fragment = rdgudp_pdu_is_clear_fragment(data, captured);
        return datagram->is_clear_fragment;
    }
    datagram->trailer = rdgudp_pdu_read_trailer(data, captured, reported, datagram->dtls.length);
    return true;
}

/* STUN (RFC 5389 section 6) begins with two zero bits and has its magic number behind type and length. */
static bool is_stun(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) >= 8 && tvb_get_uint8(tvb, 0) < 0x40 && tvb_get_ntohl(tvb, 4) == 0x2112a442;
}

/* First pass: what is not known to be a channel's, and yet goes to a port that may be an offered one, or comes from it.
 */
static void note_other(const packet_info *pinfo)
{
    if (rdg_offer_is_any() && !PINFO_FD_VISITED(pinfo)) {
        rdg_offer_on_other(&pinfo->dst, (uint16_t)pinfo->destport);
        rdg_offer_on_other(&pinfo->src, (uint16_t)pinfo->srcport);
    }
}

/* First pass: WebRTC begins with STUN, and its DTLS is not an RD Gateway's. */
static void on_other_datagram(tvbuff_t *tvb, packet_info *pinfo, rdgudp_conv_t *conv)
{
    note_other(pinfo);
    if (!is_stun(tvb)) {
        return;
    }
    if (conv == NULL) {
        conv = rdgudp_session_create_other(pinfo);
    }
    conv->channel.has_media = true;
}

/* What comes next on the packet's conversation belongs to the channel, on whatever port, and what DTLS decrypts goes to
 * our packets. */
static void bind_conversation(packet_info *pinfo, uint32_t from_frame)
{
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), from_frame, rdgudp_handle);
    tls_set_appdata_dissector(dtls_handle, pinfo, rdgudp_packet_handle);
}

/* The messages show which end is which; where there are none, the ports must. */
static bool is_from_gateway(const packet_info *pinfo, const rdgudp_datagram_t *datagram)
{
    const rdgudp_dtls_t *dtls = &datagram->dtls;

    if (dtls->client_hello || dtls->client_hello_part || datagram->is_clear_fragment) {
        return false;
    }
    return dtls->server_hello || dtls->hello_verify ||
           (port_binding_names(proto_rdgudp, pinfo->srcport) && !port_binding_names(proto_rdgudp, pinfo->destport));
}

/* True when a main channel has named the port of the gateway, at that end of the packet. */
static bool is_offered(const packet_info *pinfo, bool from_gateway)
{
    return rdg_offer_is_any() && (from_gateway ? rdg_offer_takes(&pinfo->src, (uint16_t)pinfo->srcport)
                                               : rdg_offer_takes(&pinfo->dst, (uint16_t)pinfo->destport));
}

/* A program that merely got the port from its system as a client, or what looks like a scanner's fragment and does not
 * go to the port. */
static bool is_of_other_service(const packet_info *pinfo, const rdgudp_datagram_t *datagram, bool from_gateway)
{
    uint32_t service_port = from_gateway ? pinfo->srcport : pinfo->destport;

    return !port_binding_names(proto_rdgudp, service_port) && datagram->trailer != RDGUDP_TRAILER_WHOLE &&
           !is_offered(pinfo, from_gateway);
}

/* First pass: a channel of which this is the first datagram between these ends. NULL when it is none. */
static rdgudp_conv_t *begin_channel(packet_info *pinfo, const rdgudp_datagram_t *datagram, rdgudp_conv_t *conv)
{
    bool from_gateway = is_from_gateway(pinfo, datagram);
    bool is_unclear = false;

    if (is_of_other_service(pinfo, datagram, from_gateway)) {
        if (!datagram->is_clear_fragment && conv == NULL) {
            rdgudp_session_create_other(pinfo);
        }
        return NULL;
    }
    rdgudp_observe_start();
    if (conv != NULL) {
        rdgudp_session_promote(conv, pinfo, from_gateway);
    } else if (from_gateway && (datagram->dtls.server_hello || datagram->dtls.hello_verify)) {
        conv = rdgudp_session_adopt_answer(pinfo);
    } else if (datagram->dtls.client_hello && !from_gateway) {
        conv = rdgudp_session_adopt_hello(pinfo);
    } else {
        conv = rdgudp_session_adopt_moved(pinfo, &datagram->dtls, from_gateway, &is_unclear);
    }
    if (conv == NULL) {
        conv = rdgudp_session_create(pinfo, from_gateway);
        conv->may_have_moved = is_unclear;
        conv->start.time = rdg_session_time(pinfo);
        conv->start.from_gateway = from_gateway;
        conv->start.epoch = datagram->dtls.epoch;
        conv->start.number = datagram->dtls.number;
    }
    bind_conversation(pinfo, pinfo->num);
    return conv;
}

/* The channel of the datagram, made when this is its first. NULL when there is none. */
static rdgudp_conv_t *get_channel(packet_info *pinfo, const rdgudp_datagram_t *datagram, rdgudp_conv_t *conv)
{
    bool may_begin = conv == NULL || (conv->is_other && conv->channel.has_media);

    if (may_begin && !PINFO_FD_VISITED(pinfo)) {
        return begin_channel(pinfo, datagram, conv);
    }
    return conv != NULL && !conv->is_other ? conv : NULL;
}

/* }}} */
/* {{{ Datagrams: what they say */

/* First pass: an id, or that there is none where it would be. */
static void on_trailer(tvbuff_t *tvb, rdgudp_conv_t *conv, const rdgudp_datagram_t *datagram)
{
    if (datagram->trailer == RDGUDP_TRAILER_WHOLE) {
        e_guid_t id;
        tvb_get_letohguid(tvb, (int)datagram->dtls.length + RDGUDP_TRAILER_ID, &id);
        rdgudp_session_set_id(conv, &id);
    } else if (datagram->trailer == RDGUDP_TRAILER_NOT_CAPTURED) {
        conv->channel.may_have_trailer = true;
    }
}

/* First pass: takes in what the datagram says in the clear. */
static void on_datagram(tvbuff_t *tvb, packet_info *pinfo, rdgudp_conv_t *conv, rdgudp_datagram_t *datagram)
{
    rdgudp_state_t *state = &datagram->draft;
    const rdgudp_dtls_t *dtls = &datagram->dtls;
    rdg_time_t when = rdg_session_time(pinfo);
    const uint32_t attempt = conv->channel.attempt;
    const rdgudp_channel_t *before = NULL;
    void *copy_of;

    rdgudp_session_on_time(when);
    if (datagram->is_clear_fragment) {
        state->changes |= RDGUDP_STATE_CLEAR;
        conv->channel.exploit = true;
        return;
    }
    if (dtls->client_hello) {
        rdgudp_session_set_client(conv, pinfo);
        state->from_gateway = false;
    }
    rdgudp_datagram_event_t event = {
        .time = when,
        .from_gateway = state->from_gateway,
        .from_elsewhere =
            conv->answer_from != NULL && state->from_gateway && rdgudp_session_is_from_elsewhere(conv, pinfo),
        .dtls = dtls,
    };
    /* To recognise copies, the frames of the handshake are remembered, and all from the first copy on. */
    if (dtls->epoch == 0 || conv->channel.copies > 0) {
        event.frame = frame_store_record(pinfo);
    }
    if (dtls->client_hello && conv->link != NULL) {
        before = wmem_memdup(pinfo->pool, &conv->channel, sizeof conv->channel);
    }
    state->changes |= rdgudp_channel_on_datagram(&conv->channel, &event, &copy_of);
    state->copy_of = copy_of;
    state->changes |= conv->has_moved ? RDGUDP_STATE_MOVED : 0;
    conv->has_moved = false;
    if (conv->channel.attempt != attempt) {
        rdgudp_link_on_attempt(conv, before);
        rdgudp_session_forget_id(conv);
    }
    if (dtls->client_hello || dtls->client_hello_part) {
        on_trailer(tvb, conv, datagram);
        if (conv->session != NULL && !(state->changes & RDGUDP_CHANGE_COPY)) {
            rdg_session_on_try(conv->session, when);
        }
        if (rdg_offer_is_any() && !(state->changes & RDGUDP_CHANGE_COPY)) {
            rdgudp_link_on_hello(conv, pinfo);
        }
    } else if (conv->link != NULL && dtls->application_data && !(state->changes & RDGUDP_CHANGE_COPY)) {
        rdgudp_link_on_data(conv->link, state->from_gateway, tvb_reported_length(tvb));
    }
}

/* First pass: when the first application data stay what they are, there is no key. */
static void on_secrecy(rdgudp_conv_t *conv, rdgudp_datagram_t *datagram)
{
    conv->is_decrypted = conv->is_decrypted || datagram->packets > 0;
    if (conv->is_decrypted || conv->has_reported_no_key || conv->judgement.verdict == RDGUDP_NOT_OURS) {
        return;
    }
    if (datagram->dtls.application_data) {
        conv->has_reported_no_key = true;
        datagram->draft.changes |= RDGUDP_STATE_NO_KEY;
        datagram->draft.is_cut = datagram->dtls.is_cut;
    }
}

/* What is left to do when DTLS is through. */
static void finish_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                            rdgudp_datagram_t *datagram)
{
    if (datagram->state == NULL) {
        return;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        rdgudp_conv_t *conv = datagram->draft.conv;
        on_secrecy(conv, datagram);
        if (conv->link != NULL) {
            rdgudp_link_on_end(conv, rdg_session_time(pinfo), datagram->draft.from_gateway);
        }
        datagram->state = rdgudp_history_end(pinfo, &datagram->draft);
    }
    rdgudp_expert_add(tvb, pinfo, tree, root, datagram->state);
    if (datagram->tap != NULL) {
        datagram->tap->state = datagram->state;
        tap_queue_packet(rdgudp_tap, pinfo, datagram->tap);
    }
}

static void begin_datagram(packet_info *pinfo, rdgudp_conv_t *conv, rdgudp_datagram_t *datagram)
{
    datagram->packets = 0;
    datagram->state = rdgudp_history_begin(pinfo, conv, &datagram->draft);
    datagram->tap = NULL;
    if (datagram->state != NULL && have_tap_listener(rdgudp_tap)) {
        datagram->tap = wmem_new0(pinfo->pool, rdgudp_tap_t);
        datagram->tap->is_datagram = true;
        datagram->tap->length = pinfo->fd->pkt_len;
        datagram->tap->time = pinfo->rel_ts;
    }
}

/* Without the trailer: with it, Wireshark's DTLS would lose the hello, and with that every later decryption. What the
 * capture cut may be further records, unless it has the trailer's length. */
static tvbuff_t *cut_behind_dtls(tvbuff_t *tvb, const rdgudp_datagram_t *datagram)
{
    uint32_t length = datagram->dtls.length;
    uint32_t reported = tvb_reported_length(tvb);
    bool may_be_records = datagram->dtls.has_rest && reported - length != RDGUDP_TRAILER_LENGTH;

    return length > 0 && length < reported && !may_be_records ? tvb_new_subset_length(tvb, 0, (int)length) : tvb;
}

/* What the datagram holds is added to TREE; what is known of the channel, behind that, to OWN_TREE. */
static void hand_to_dtls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_tree *own_tree, proto_item *root,
                         rdgudp_conv_t *conv, rdgudp_datagram_t *datagram)
{
    conv->datagram = datagram->state != NULL ? datagram : NULL;
    TRY
    {
        call_dissector_only(dtls_handle, cut_behind_dtls(tvb, datagram), pinfo, tree, NULL);
    }
    CATCH_BOUNDS_AND_DISSECTOR_ERRORS
    {
        /* DTLS gives up where the capture or a record ends, and over a fragment that does not fit those before it. What
         * is known of the channel stays to be shown. */
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    FINALLY
    {
        conv->datagram = NULL;
        finish_datagram(tvb, pinfo, own_tree, root, datagram);
    }
    ENDTRY;
}

static void dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv,
                             rdgudp_datagram_t *datagram)
{
    proto_item *root = NULL;
    proto_tree *own_tree = NULL;
    const char *correlation_id = NULL;

    if (tree != NULL) {
        root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
        own_tree = proto_item_add_subtree(root, ett_rdgudp);
    }
    begin_datagram(pinfo, conv, datagram);
    if (datagram->state != NULL && !PINFO_FD_VISITED(pinfo)) {
        on_datagram(tvb, pinfo, conv, datagram);
    }
    if (datagram->is_clear_fragment) {
        rdgudp_tree_add_clear_fragment(tvb, pinfo, own_tree, root);
        if (datagram->tap != NULL) {
            datagram->tap->findings = RDGUDP_FINDING_CLEAR;
        }
        finish_datagram(tvb, pinfo, own_tree, root, datagram);
    } else {
        if (datagram->dtls.length < tvb_reported_length(tvb) || datagram->dtls.num_offers > 0) {
            correlation_id = rdgudp_tree_clear_add(tvb, pinfo, own_tree, root, &datagram->dtls, datagram->trailer);
        }
        hand_to_dtls(tvb, pinfo, tree, own_tree, root, conv, datagram);
    }
    rdgudp_info_write(pinfo, datagram->state, correlation_id);
    if (datagram->state != NULL && datagram->state->judgement.verdict == RDGUDP_NOT_OURS) {
        packet_conversation_disown(pinfo, proto_rdgudp);
    }
}

static int dissect_rdgudp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_datagram_t datagram;

    if (dtls_handle == NULL || pinfo->flags.in_error_pkt) {
        return 0;
    }
    rdgudp_conv_t *conv = rdgudp_session_find(pinfo);
    if (!read_datagram(tvb, conv, &datagram)) {
        if (!PINFO_FD_VISITED(pinfo)) {
            on_other_datagram(tvb, pinfo, conv);
        }
        return 0;
    }
    conv = get_channel(pinfo, &datagram, conv);
    if (conv == NULL) {
        return 0;
    }
    dissect_datagram(tvb, pinfo, tree, conv, &datagram);
    return (int)tvb_captured_length(tvb);
}

/* On any port: the trailer behind a ClientHello, with its two signatures and its length, is sign enough; or that a main
 * channel has named the port; or an answer to a client that waits for one from another port. */
static ws_bool dissect_rdgudp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_conv_t *conv = NULL;
    rdgudp_datagram_t datagram;

    if (dtls_handle == NULL || pinfo->flags.in_error_pkt) {
        return FALSE;
    }
    if (!read_datagram(tvb, NULL, &datagram)) {
        note_other(pinfo);
        return FALSE;
    }
    if ((datagram.dtls.client_hello || datagram.dtls.client_hello_part) &&
        (datagram.trailer == RDGUDP_TRAILER_WHOLE || is_offered(pinfo, false))) {
        conv = get_channel(pinfo, &datagram, rdgudp_session_find(pinfo));
    } else if (datagram.dtls.server_hello || datagram.dtls.hello_verify) {
        conv = rdgudp_session_find(pinfo);
        if (conv == NULL && !PINFO_FD_VISITED(pinfo)) {
            conv = rdgudp_session_adopt_answer(pinfo);
            if (conv != NULL) {
                bind_conversation(pinfo, pinfo->num);
            }
        }
    }
    if (conv == NULL || conv->is_other) {
        note_other(pinfo);
        return FALSE;
    }
    dissect_datagram(tvb, pinfo, tree, conv, &datagram);
    return TRUE;
}

/* }}} */
/* {{{ What DTLS decrypted */

/* The channel of a packet that DTLS decrypted, made when DTLS was not called by us. */
static rdgudp_conv_t *get_channel_of_packet(packet_info *pinfo)
{
    rdgudp_conv_t *conv = rdgudp_session_find(pinfo);

    if (conv == NULL && !PINFO_FD_VISITED(pinfo)) {
        bool from_gateway =
            port_binding_names(proto_rdgudp, pinfo->srcport) && !port_binding_names(proto_rdgudp, pinfo->destport);
        rdgudp_observe_start();
        conv = rdgudp_session_create(pinfo, from_gateway);
        conv->channel.sides[from_gateway].data = true;
        rdgudp_session_judge(conv);
        /* This datagram came through Wireshark's DTLS and does so on every pass; the next ones come through us. */
        bind_conversation(pinfo, pinfo->num + 1);
    }
    return conv != NULL && !conv->is_other ? conv : NULL;
}

static void count_packet(rdgudp_datagram_t *datagram, unsigned packet_id, unsigned findings)
{
    rdgudp_tap_t *tap = datagram->tap;

    datagram->packets++;
    if (tap != NULL) {
        if (tap->num_packets < RDGUDP_TAP_PACKETS) {
            tap->packets[tap->num_packets++] = (uint16_t)packet_id;
        }
        tap->findings |= findings;
    }
}

static int dissect_rdgudp_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_conv_t *conv = rdgudp_inner_is_running(pinfo) ? NULL : get_channel_of_packet(pinfo);
    rdgudp_datagram_t alone;
    unsigned findings;

    if (conv == NULL) {
        return 0;
    }
    proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
    proto_tree *packet_tree = proto_item_add_subtree(root, ett_rdgudp);
    rdgudp_datagram_t *datagram = conv->datagram;
    if (datagram == NULL) {
        memset(&alone, 0, sizeof alone);
        datagram = &alone;
        begin_datagram(pinfo, conv, datagram);
    }
    bool learns = !PINFO_FD_VISITED(pinfo) && !(datagram->draft.changes & RDGUDP_CHANGE_COPY);
    unsigned packet_id = rdgudp_tree_add_packet(tvb, pinfo, packet_tree, root, conv, learns, &findings);
    count_packet(datagram, packet_id, findings);
    if (datagram == &alone) {
        finish_datagram(tvb, pinfo, packet_tree, root, datagram);
    }
    return (int)tvb_captured_length(tvb);
}

/* A DTLS session that no dissector has: its first packet must be one of ours in every length. */
static ws_bool dissect_rdgudp_packet_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured = tvb_captured_length(tvb);
    rdgudp_packet_t packet;

    return rdgudp_pdu_read_packet(tvb_get_ptr(tvb, 0, (int)captured), captured, &packet) &&
           dissect_rdgudp_packet(tvb, pinfo, tree, data) > 0;
}

/* }}} */
/* {{{ Registration */

/* With the protocol switched off, no channel is seen. */
static bool may_be_another(const rdg_offer_t *offer, const e_guid_t *id)
{
    return !proto_is_protocol_enabled(find_protocol_by_id(proto_rdgudp)) || rdgudp_link_may_be_another(offer, id);
}

void proto_register_rdgudp(void)
{
    static int *ett[] = { &ett_rdgudp };
    static const rdg_link_udp_t udp_half = {
        .start = rdgudp_observe_start,
        .describe = rdgudp_link_describe,
        .may_be_another = may_be_another,
        .has_pieces = rdgudp_pieces_may_be_of,
    };

    if (proto_get_id_by_filter_name("rdgudp") != -1) {
        ws_warning("Portlore's RD Gateway dissector is off: this Wireshark has a protocol named rdgudp already.");
        return;
    }
    proto_rdgudp = proto_register_protocol("RD Gateway UDP Transport", "RDGUDP", "rdgudp");
    proto_register_subtree_array(ett, array_length(ett));
    rdgudp_tree_clear_register(proto_rdgudp);
    rdgudp_expert_register(proto_rdgudp);
    rdgudp_tree_register(proto_rdgudp);
    rdgudp_session_init(proto_rdgudp, &hello_threshold);
    rdgudp_history_init(proto_rdgudp);
    rdgudp_observe_init(proto_rdgudp, show_others);
    rdgudp_pieces_register();
    rdg_link_set_udp(&udp_half);
    rdgudp_handle = register_dissector("rdgudp", dissect_rdgudp, proto_rdgudp);
    rdgudp_packet_handle = register_dissector_with_description("rdgudp_packet", "RD Gateway UDP packets (inside DTLS)",
                                                               dissect_rdgudp_packet, proto_rdgudp);
    rdgudp_tap = rdgudp_stats_register();

    module_t *module = prefs_register_protocol(proto_rdgudp, port_binding_renew);
    port_binding_register(module, proto_rdgudp, "udp.port", "RD Gateway UDP port(s)", RDGUDP_PORT_TEXT);
    rdgudp_fallback_register(module);
    prefs_register_uint_preference(module, "hello_threshold", "No answer from (ClientHellos)",
                                   "Number of ClientHellos without any answer from which a channel counts as not "
                                   "answered",
                                   10, &hello_threshold);
}

void proto_reg_handoff_rdgudp(void)
{
    if (proto_rdgudp == -1) {
        return;
    }
    dtls_handle = find_dissector_add_dependency("dtls", proto_rdgudp);
    rdgudp_tree_start(proto_rdgudp);
    rdgudp_stats_start();
    port_binding_start(proto_rdgudp, rdgudp_handle);
    /* By it, Wireshark's DTLS tells the gateway's end when the capture lacks the handshake. */
    port_binding_follow(proto_rdgudp, "dtls.port", rdgudp_packet_handle);
    heur_dissector_add("udp", dissect_rdgudp_heur, "RD Gateway UDP, by its correlation trailer", "rdgudp_udp",
                       proto_rdgudp, HEURISTIC_ENABLE);
    heur_dissector_add("dtls", dissect_rdgudp_packet_heur, "RD Gateway UDP packets inside DTLS", "rdgudp_dtls",
                       proto_rdgudp, HEURISTIC_ENABLE);
}

/* }}} */
