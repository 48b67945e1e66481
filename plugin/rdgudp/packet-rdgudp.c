/* packet-rdgudp.c
 * RD Gateway UDP transport: MS-TSGU over DTLS. Registration, the clear part, and how a packet gets here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "packet-rdgudp.h"

#include <epan/conversation.h>
#include <epan/exceptions.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto_data.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/dissectors/packet-tls.h>
#include <epan/dissectors/packet-tls-utils.h>

#include "port_claim.h"
#include "rdgudp_findings.h"
#include "rdgudp_flow.h"
#include "rdgudp_inner.h"
#include "rdgudp_names.h"
#include "rdgudp_notes.h"
#include "rdgudp_taps.h"
#include "rdgudp_tree.h"
#include "rdgudp_watch.h"
#include "rdgudp_wire.h"

#define RDGUDP_PORT_TEXT "3391"

static int proto_rdgudp = -1;

static int hf_channel = -1;
static int hf_verdict = -1;
static int hf_outcome = -1;
static int hf_both_ways = -1;
static int hf_hello_count = -1;
static int hf_dtls_offered = -1;
static int hf_dtls_version = -1;
static int hf_alert = -1;
static int hf_fallback_stream = -1;
static int hf_more_channels = -1;
static int hf_correlation_info = -1;
static int hf_correlation_reserved = -1;
static int hf_correlation_signature1 = -1;
static int hf_correlation_id = -1;
static int hf_correlation_id_be = -1;
static int hf_correlation_signature2 = -1;
static int hf_correlation_length = -1;
static int hf_rest = -1;

static int ett_rdgudp = -1;
static int ett_correlation_info = -1;

static expert_field ei_rest = EI_INIT;
static expert_field ei_no_answer = EI_INIT;
static expert_field ei_fallback = EI_INIT;
static expert_field ei_refused = EI_INIT;
static expert_field ei_alert = EI_INIT;
static expert_field ei_old_dtls = EI_INIT;
static expert_field ei_no_key = EI_INIT;

static dissector_handle_t rdgudp_handle;
static dissector_handle_t rdgudp_packet_handle;
static dissector_handle_t dtls_handle;
static int rdgudp_tap = -1;

static unsigned hello_threshold = 2;

/* Channels that one packet of another protocol is shown to say something about. */
#define FOREIGN_NOTES_DRAWN 1000

/* {{{ What is known of the channel */

static void add_uint(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

static const char *write_silence(packet_info *pinfo, const rdgudp_note_t *note)
{
    uint32_t count = note->hello_count;

    return wmem_strdup_printf(
        pinfo->pool,
        "%u ClientHello%s went out, and nothing came back%s: is UDP port %u let through, and does "
        "the gateway listen there?",
        count, count == 1 ? "" : "s", PINFO_FD_VISITED(pinfo) ? " in this capture" : " so far",
        note->flow->gateway_port);
}

static void tell_fallback(packet_info *pinfo, proto_item *item, const rdgudp_note_t *note, uint32_t stream)
{
    expert_add_info_format(pinfo, item, &ei_fallback,
                           "The UDP channel %s, and the session goes on over TCP: tcp.stream %u between the same two "
                           "hosts carries data meanwhile.",
                           note->verdict == RDGUDP_REFUSED ? "was refused" : "got no answer", stream);
}

/* Draws the link to the TCP connection that carries on, and says so once: on the packet with which it became known and,
 * from the second pass on, on the channel's own. */
static void draw_fallback(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                          const rdgudp_note_t *note)
{
    uint32_t stream = note->fallback_stream;
    bool tells = (note->news & RDGUDP_NOTE_FALLBACK) != 0;

    if (PINFO_FD_VISITED(pinfo) && note->fallback_later != RDGUDP_NO_STREAM && !note->answered_later) {
        stream = note->fallback_later;
        tells = true;
    }
    if (stream != RDGUDP_NO_STREAM) {
        add_uint(tree, tvb, hf_fallback_stream, stream);
    }
    if (tells) {
        tell_fallback(pinfo, root, note, stream);
    }
}

/* Says why nothing is decrypted, once per channel. Keys are found by the client's random. */
static void tell_no_key(packet_info *pinfo, proto_item *item, const rdgudp_channel_t *channel)
{
    if (!channel->has_random || !channel->has_server_hello) {
        expert_add_info_format(pinfo, item, &ei_no_key,
                               "Nothing is decrypted: the capture lacks the %s, without which no key helps.",
                               channel->has_random ? "ServerHello" : "ClientHello");
        return;
    }
    expert_add_info_format(pinfo, item, &ei_no_key,
                           "Nothing is decrypted: there is no key for this channel. Give a key log in the preference "
                           "tls.keylog_file; its line begins CLIENT_RANDOM %s.",
                           bytes_to_str(pinfo->pool, channel->random, RDGUDP_DTLS_RANDOM));
}

static void tell_alert(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item,
                       const rdgudp_channel_t *channel)
{
    const char *from = channel->alert_from_gateway ? "gateway" : "client";

    if (!channel->alert_known) {
        expert_add_info_format(pinfo, item, &ei_alert, "The handshake failed: an encrypted alert from the %s.", from);
        return;
    }
    add_uint(tree, tvb, hf_alert, channel->alert);
    expert_add_info_format(pinfo, item, &ei_alert, "The handshake failed: fatal alert %s (%u) from the %s.",
                           rdgudp_dtls_alert_name(channel->alert), channel->alert, from);
}

static void tell_news(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const rdgudp_note_t *note)
{
    const rdgudp_flow_t *flow = note->flow;

    /* Only the rest of the capture tells late from never. */
    if ((note->news & RDGUDP_NEWS_NO_ANSWER) && !(PINFO_FD_VISITED(pinfo) && note->answered_later)) {
        expert_add_info_format(pinfo, root, &ei_no_answer, "%s", write_silence(pinfo, note));
    }
    if (note->news & RDGUDP_NEWS_REFUSED) {
        expert_add_info_format(pinfo, root, &ei_refused, "ICMP refuses the channel: UDP port %u of %s is unreachable.",
                               flow->gateway_port, address_to_str(pinfo->pool, &flow->gateway));
    }
    if ((note->news & RDGUDP_NEWS_ALERT) && note->then != NULL) {
        tell_alert(tvb, pinfo, tree, root, note->then);
    }
    if (note->news & RDGUDP_NEWS_OLD_DTLS) {
        expert_add_info(pinfo, root, &ei_old_dtls);
    }
    if ((note->news & RDGUDP_NOTE_NO_KEY) && note->then != NULL) {
        tell_no_key(pinfo, root, note->then);
    }
}

static void draw_state(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const rdgudp_note_t *note)
{
    rdgudp_verdict_t verdict = rdgudp_notes_shown_verdict(note, PINFO_FD_VISITED(pinfo));

    add_uint(tree, tvb, hf_channel, note->flow->index);
    proto_item *item = proto_tree_add_uint(tree, hf_verdict, tvb, 0, 0, verdict);
    proto_item_set_generated(item);
    proto_item_append_text(root, ", channel %u: %s", note->flow->index,
                           val_to_str_const(verdict, rdgudp_names_verdicts, "?"));
    if (note->both_ways) {
        proto_item_append_text(item, ", application data both ways");
        proto_item_set_generated(proto_tree_add_boolean(tree, hf_both_ways, tvb, 0, 0, TRUE));
    }
    if (PINFO_FD_VISITED(pinfo)) {
        add_uint(tree, tvb, hf_outcome, note->flow->channel.verdict);
    }
    add_uint(tree, tvb, hf_hello_count, note->hello_count);
    if (note->version != 0) {
        add_uint(tree, tvb, hf_dtls_version, note->version);
    }
}

/* Draws what was known of the channel after this packet. Expert items are wanted even without a tree. */
static void draw_note(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const rdgudp_note_t *note)
{
    if (tree != NULL) {
        draw_state(tvb, pinfo, tree, root, note);
    }
    if (note->news != 0) {
        tell_news(tvb, pinfo, tree, root, note);
    }
    draw_fallback(tvb, pinfo, tree, root, note);
}

/* Draws a note on a packet that is not the channel's own: an ICMP error, or TCP. */
static void draw_foreign_note(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_note_t *note)
{
    proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, 0, ENC_NA);

    proto_item_set_generated(root);
    draw_note(tvb, pinfo, proto_item_add_subtree(root, ett_rdgudp), root, note);
}

/* All notes of such a packet. A tree has room for so many items only, and Wireshark for so many entries of taps; both
 * come to all: what is not drawn is counted. */
static void draw_foreign_notes(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_note_t *note)
{
    rdgudp_tap_t *taps = have_tap_listener(rdgudp_tap) ? wmem_new0(pinfo->pool, rdgudp_tap_t) : NULL;
    unsigned count = 0;

    if (taps != NULL) {
        taps->note = note;
        tap_queue_packet(rdgudp_tap, pinfo, taps);
    }
    for (; note != NULL; note = note->next) {
        if (count++ < FOREIGN_NOTES_DRAWN) {
            draw_foreign_note(tvb, pinfo, tree, note);
        }
        if (taps != NULL && note->next != NULL) {
            rdgudp_tap_t *next = wmem_new0(pinfo->pool, rdgudp_tap_t);
            next->note = note->next;
            taps->next = next;
            taps = next;
        }
    }
    if (count > FOREIGN_NOTES_DRAWN) {
        proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, 0, ENC_NA);
        proto_item_set_generated(root);
        proto_item_append_text(root, ", and %u more channels", count - FOREIGN_NOTES_DRAWN);
        add_uint(proto_item_add_subtree(root, ett_rdgudp), tvb, hf_more_channels, count - FOREIGN_NOTES_DRAWN);
    }
}

/* }}} */
/* {{{ The clear part: a datagram of the channel */

/* What a datagram is, and what is drawn of it. Lives as long as the packet. */
typedef struct {
    rdgudp_datagram_t parts;
    rdgudp_dtls_t dtls;
    bool is_clear_fragment;
    rdgudp_draft_t draft;
    const rdgudp_note_t *note; /* NULL when there is none */
    rdgudp_tap_t *tap;
} datagram_t;

#define TAP_KEY 1

/* While a datagram is being dissected that has a note: what DTLS decrypts belongs to it. */
static bool is_in_datagram;

/* Which byte order Windows uses for the id is not proven: the structure's rule says little-endian, the same id is sent
 * big-endian elsewhere. Both readings are shown. Returns the first. */
static const char *draw_trailer(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset)
{
    proto_item *item = proto_tree_add_item(tree, hf_correlation_info, tvb, offset, RDGUDP_TRAILER_LENGTH, ENC_NA);
    proto_tree *parts = proto_item_add_subtree(item, ett_correlation_info);
    e_guid_t id;

    proto_tree_add_item(parts, hf_correlation_reserved, tvb, offset, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_signature1, tvb, offset + 4, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_id, tvb, offset + 6, 16, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_id_be, tvb, offset + 6, 16, ENC_BIG_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_signature2, tvb, offset + 22, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_length, tvb, offset + 24, 2, ENC_LITTLE_ENDIAN);
    tvb_get_letohguid(tvb, offset + 6, &id);
    return guid_to_str(pinfo->pool, &id);
}

static bool read_datagram(tvbuff_t *tvb, packet_info *pinfo, datagram_t *datagram)
{
    unsigned captured = tvb_captured_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, (int)captured);

    if (dtls_handle == NULL || pinfo->flags.in_error_pkt) {
        return false;
    }
    datagram->is_clear_fragment = false;
    if (!rdgudp_wire_read_datagram(data, captured, tvb_reported_length(tvb), &datagram->parts)) {
        datagram->is_clear_fragment = rdgudp_wire_is_clear_fragment(data, captured);
    }
    rdgudp_dtls_read(data, captured, datagram->parts.dtls_length, &datagram->dtls);
    return datagram->parts.num_records > 0 || datagram->is_clear_fragment;
}

static rdgudp_flow_t *begin_channel(packet_info *pinfo, bool from_gateway)
{
    rdgudp_watch_start();
    return rdgudp_flow_create(pinfo, from_gateway);
}

/* The channel of this datagram, made when this is its first. NULL when it is none: a client of something else merely
 * got our port from its system, or what looks like a scanner's fragment does not go to the port. */
static rdgudp_flow_t *note_flow(packet_info *pinfo, const datagram_t *datagram)
{
    rdgudp_flow_t *flow = rdgudp_flow_find(pinfo);

    if (flow == NULL && !PINFO_FD_VISITED(pinfo)) {
        bool from_our_port = port_claim_names(proto_rdgudp, pinfo->srcport);
        bool to_our_port = port_claim_names(proto_rdgudp, pinfo->destport);
        bool from_client = datagram->dtls.client_hello || datagram->is_clear_fragment;
        if (from_client && from_our_port && !to_our_port && !datagram->parts.has_trailer) {
            if (!datagram->is_clear_fragment) {
                rdgudp_flow_create_foreign(pinfo);
            }
            return NULL;
        }
        flow = begin_channel(pinfo, !from_client && from_our_port && !to_our_port);
        /* What comes next on it belongs to the channel, on whatever port, and what DTLS decrypts goes to our packets.
         */
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, rdgudp_handle);
        tls_set_appdata_dissector(dtls_handle, pinfo, rdgudp_packet_handle);
    }
    return flow != NULL && !flow->foreign ? flow : NULL;
}

/* First pass: takes in what the datagram says in the clear. */
static void learn_datagram(tvbuff_t *tvb, packet_info *pinfo, rdgudp_flow_t *flow, datagram_t *datagram)
{
    rdgudp_note_t *note = &datagram->draft.note;

    if (datagram->is_clear_fragment) {
        note->news |= RDGUDP_NOTE_CLEAR;
        rdgudp_channel_hear_exploit(&flow->channel);
        return;
    }
    if (datagram->dtls.client_hello) {
        rdgudp_flow_set_client(flow, pinfo);
        note->from_gateway = false;
        note->news |= RDGUDP_NOTE_HELLO;
    }
    if (datagram->parts.has_trailer && !flow->has_correlation_id) {
        flow->has_correlation_id = true;
        tvb_get_letohguid(tvb, (int)datagram->parts.dtls_length + 6, &flow->correlation_id);
    }
    note->news |= rdgudp_channel_hear_dtls(&flow->channel, note->from_gateway, &datagram->dtls, hello_threshold);
    if (!(note->news & RDGUDP_NEWS_NO_ANSWER) && flow->channel.answered && flow->silent != NULL) {
        flow->silent->answered_later = true;
        flow->silent = NULL;
    }
    if (rdgudp_channel_is_silent(&flow->channel)) {
        note->news |= rdgudp_watch_fallback(flow) ? RDGUDP_NOTE_FALLBACK : 0;
        note->fallback_stream = flow->fallback_stream;
    }
}

static void draw_clear_part(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                            const datagram_t *datagram, const char **correlation_id)
{
    int behind = (int)datagram->parts.dtls_length;

    for (unsigned i = 0; i < datagram->dtls.num_offers; i++) {
        add_uint(tree, tvb, hf_dtls_offered, datagram->dtls.offers[i]);
    }
    if (datagram->parts.has_trailer) {
        *correlation_id = draw_trailer(tvb, pinfo, tree, behind);
        proto_item_append_text(root, ", correlation id %s", *correlation_id);
    } else if (datagram->parts.rest_length > 0) {
        proto_item *item = proto_tree_add_item(tree, hf_rest, tvb, behind, -1, ENC_NA);
        expert_add_info_format(pinfo, item, &ei_rest,
                               "What follows the DTLS records, %u octet%s, is not a correlation trailer.",
                               datagram->parts.rest_length, datagram->parts.rest_length == 1 ? "" : "s");
    }
}

/* When the first application data stay what they are, nobody has a key. */
static void learn_secrecy(packet_info *pinfo, rdgudp_flow_t *flow, datagram_t *datagram)
{
    if (flow->decrypted || flow->told_no_key) {
        return;
    }
    if (rdgudp_notes_have_packet(pinfo)) {
        flow->decrypted = true;
    } else if (datagram->dtls.application_data) {
        flow->told_no_key = true;
        datagram->draft.note.news |= RDGUDP_NOTE_NO_KEY;
    }
}

/* What is left to do when DTLS is through, or has thrown. */
static void finish_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, datagram_t *datagram)
{
    if (datagram->note == NULL) {
        return;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        learn_secrecy(pinfo, datagram->note->flow, datagram);
        datagram->note = rdgudp_notes_end(pinfo, &datagram->draft);
    }
    draw_note(tvb, pinfo, tree, root, datagram->note);
    if (datagram->tap != NULL) {
        datagram->tap->note = datagram->note;
        tap_queue_packet(rdgudp_tap, pinfo, datagram->tap);
    }
}

static rdgudp_tap_t *begin_tap(packet_info *pinfo, const rdgudp_note_t *note)
{
    if (note == NULL || !have_tap_listener(rdgudp_tap)) {
        return NULL;
    }
    rdgudp_tap_t *tap = wmem_new0(pinfo->pool, rdgudp_tap_t);
    tap->is_datagram = true;
    tap->length = pinfo->fd->pkt_len;
    p_remove_proto_data(pinfo->pool, pinfo, proto_rdgudp, TAP_KEY);
    p_add_proto_data(pinfo->pool, pinfo, proto_rdgudp, TAP_KEY, tap);
    return tap;
}

/* Without the trailer: with it, Wireshark's DTLS would lose the hello, and with that every later decryption. */
static tvbuff_t *cut_behind_dtls(tvbuff_t *tvb, const rdgudp_datagram_t *parts)
{
    return parts->dtls_length < tvb_reported_length(tvb) ? tvb_new_subset_length(tvb, 0, (int)parts->dtls_length) : tvb;
}

/* What the datagram holds is drawn under TREE; what is known of the channel, behind that, under OWN_TREE. */
static void hand_to_dtls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_tree *own_tree, proto_item *root,
                         datagram_t *datagram)
{
    const bool was_in_datagram = is_in_datagram;

    is_in_datagram = datagram->note != NULL;
    TRY
    {
        call_dissector_only(dtls_handle, cut_behind_dtls(tvb, &datagram->parts), pinfo, tree, NULL);
    }
    FINALLY
    {
        is_in_datagram = was_in_datagram;
        finish_datagram(tvb, pinfo, own_tree, root, datagram);
    }
    ENDTRY;
}

static void draw_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_flow_t *flow,
                          datagram_t *datagram)
{
    proto_item *root = NULL;
    proto_tree *rdgudp_tree = NULL;
    const char *correlation_id = NULL;

    if (tree != NULL) {
        root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
        rdgudp_tree = proto_item_add_subtree(root, ett_rdgudp);
    }
    datagram->note = rdgudp_notes_begin(pinfo, flow, &datagram->draft);
    datagram->tap = begin_tap(pinfo, datagram->note);
    if (datagram->note != NULL && !PINFO_FD_VISITED(pinfo)) {
        learn_datagram(tvb, pinfo, flow, datagram);
    }
    if (datagram->is_clear_fragment) {
        rdgudp_tree_draw_clear_fragment(tvb, pinfo, rdgudp_tree, root);
        if (datagram->tap != NULL) {
            datagram->tap->findings = RDGUDP_FINDING_CLEAR;
        }
        finish_datagram(tvb, pinfo, rdgudp_tree, root, datagram);
    } else {
        draw_clear_part(tvb, pinfo, rdgudp_tree, root, datagram, &correlation_id);
        hand_to_dtls(tvb, pinfo, tree, rdgudp_tree, root, datagram);
    }
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "RDGUDP");
    if (correlation_id != NULL) {
        col_append_fstr(pinfo->cinfo, COL_INFO, ", correlation id %s", correlation_id);
    }
    if (datagram->note != NULL && (datagram->note->first || datagram->note->before != datagram->note->verdict)) {
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]",
                        val_to_str_const(rdgudp_notes_shown_verdict(datagram->note, PINFO_FD_VISITED(pinfo)),
                                         rdgudp_names_verdicts, "?"));
    }
}

static int dissect_rdgudp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    datagram_t datagram;

    if (!read_datagram(tvb, pinfo, &datagram)) {
        return 0;
    }
    rdgudp_flow_t *flow = note_flow(pinfo, &datagram);
    if (flow == NULL) {
        return 0;
    }
    draw_datagram(tvb, pinfo, tree, flow, &datagram);
    return (int)tvb_captured_length(tvb);
}

/* On any port: the trailer behind a ClientHello, with its two signatures and its length, is sign enough. */
static ws_bool dissect_rdgudp_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    datagram_t datagram;

    if (!read_datagram(tvb, pinfo, &datagram) || !datagram.parts.is_client_hello || !datagram.parts.has_trailer) {
        return FALSE;
    }
    rdgudp_flow_t *flow = note_flow(pinfo, &datagram);
    if (flow == NULL) {
        return FALSE;
    }
    draw_datagram(tvb, pinfo, tree, flow, &datagram);
    return TRUE;
}

/* }}} */
/* {{{ What DTLS decrypted */

/* The channel of a packet that DTLS decrypted, made when DTLS was not called by us. */
static rdgudp_flow_t *note_packet_flow(packet_info *pinfo)
{
    rdgudp_flow_t *flow = rdgudp_flow_find(pinfo);

    if (flow == NULL && !PINFO_FD_VISITED(pinfo)) {
        flow = begin_channel(pinfo, port_claim_names(proto_rdgudp, pinfo->srcport) &&
                                        !port_claim_names(proto_rdgudp, pinfo->destport));
        flow->channel.verdict = RDGUDP_SECURED;
        flow->channel.answered = true;
        /* This datagram came through Wireshark's DTLS and does so on every pass; the next ones come through us. */
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num + 1, rdgudp_handle);
        tls_set_appdata_dissector(dtls_handle, pinfo, rdgudp_packet_handle);
    }
    return flow != NULL && !flow->foreign ? flow : NULL;
}

static void tell_tap(packet_info *pinfo, unsigned packet_id, unsigned findings)
{
    rdgudp_tap_t *tap = p_get_proto_data(pinfo->pool, pinfo, proto_rdgudp, TAP_KEY);

    if (tap != NULL) {
        if (tap->num_packets < RDGUDP_TAP_PACKETS) {
            tap->packets[tap->num_packets++] = (uint16_t)packet_id;
        }
        tap->findings |= findings;
    }
}

static int dissect_rdgudp_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    rdgudp_flow_t *flow = rdgudp_inner_is_running() ? NULL : note_packet_flow(pinfo);
    datagram_t datagram;
    unsigned findings;

    if (flow == NULL) {
        return 0;
    }
    proto_item *root = proto_tree_add_item(tree, proto_rdgudp, tvb, 0, -1, ENC_NA);
    proto_tree *packet_tree = proto_item_add_subtree(root, ett_rdgudp);
    bool is_alone = !is_in_datagram;
    if (is_alone) {
        memset(&datagram, 0, sizeof datagram);
        datagram.note = rdgudp_notes_begin(pinfo, flow, &datagram.draft);
        datagram.tap = begin_tap(pinfo, datagram.note);
    }
    unsigned packet_id = rdgudp_tree_draw_packet(tvb, pinfo, packet_tree, root, flow, &findings);
    tell_tap(pinfo, packet_id, findings);
    if (is_alone) {
        finish_datagram(tvb, pinfo, packet_tree, root, &datagram);
    }
    return (int)tvb_captured_length(tvb);
}

/* A DTLS session that nobody owns: its first packet must be one of ours in every length. */
static ws_bool dissect_rdgudp_packet_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    unsigned captured = tvb_captured_length(tvb);
    rdgudp_packet_t packet;

    return rdgudp_wire_read_packet(tvb_get_ptr(tvb, 0, (int)captured), captured, &packet) &&
           dissect_rdgudp_packet(tvb, pinfo, tree, data) > 0;
}

/* }}} */
/* {{{ Registration */

static void register_fields(void)
{
    static hf_register_info hf[] = {
        { &hf_channel,
          { "Channel", "rdgudp.channel", FT_UINT32, BASE_DEC, NULL, 0, "Index of the UDP channel, from 0", HFILL } },
        { &hf_verdict,
          { "Verdict", "rdgudp.verdict", FT_UINT8, BASE_DEC, VALS(rdgudp_names_verdicts), 0,
            "What is known of the channel after this packet", HFILL } },
        { &hf_outcome,
          { "Outcome", "rdgudp.outcome", FT_UINT8, BASE_DEC, VALS(rdgudp_names_verdicts), 0,
            "What became of the channel by the end of the capture; from the second pass on", HFILL } },
        { &hf_both_ways,
          { "Application data both ways", "rdgudp.data_both_ways", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The client and the gateway have sent application data", HFILL } },
        { &hf_hello_count,
          { "ClientHellos", "rdgudp.hello_count", FT_UINT32, BASE_DEC, NULL, 0, "Sent so far in this attempt",
            HFILL } },
        { &hf_dtls_offered,
          { "DTLS version offered", "rdgudp.dtls_offered", FT_UINT16, BASE_HEX, VALS(rdgudp_names_versions), 0,
            "By the ClientHello", HFILL } },
        { &hf_dtls_version,
          { "DTLS version", "rdgudp.dtls_version", FT_UINT16, BASE_HEX, VALS(rdgudp_names_versions), 0,
            "Chosen by the gateway's ServerHello", HFILL } },
        { &hf_alert,
          { "Alert", "rdgudp.alert.description", FT_UINT8, BASE_DEC, NULL, 0, "That ended the handshake", HFILL } },
        { &hf_fallback_stream,
          { "Carries on over TCP stream", "rdgudp.fallback_stream", FT_UINT32, BASE_DEC, NULL, 0,
            "tcp.stream of the connection to port 443 between the same two hosts", HFILL } },
        { &hf_more_channels,
          { "Channels not shown", "rdgudp.more_channels", FT_UINT32, BASE_DEC, NULL, 0,
            "This packet says something about so many channels more than are shown on it", HFILL } },
        { &hf_correlation_info,
          { "UDP_CORRELATION_INFO", "rdgudp.correlation", FT_NONE, BASE_NONE, NULL, 0,
            "The clear octets behind the ClientHello, MS-TSGU 2.2.11.9", HFILL } },
        { &hf_correlation_reserved,
          { "uReserved", "rdgudp.correlation.reserved", FT_UINT32, BASE_DEC, NULL, 0, "Always 0", HFILL } },
        { &hf_correlation_signature1,
          { "uSignature1", "rdgudp.correlation.signature1", FT_UINT16, BASE_HEX, NULL, 0, "0x1daa", HFILL } },
        { &hf_correlation_id,
          { "uCorrelationId", "rdgudp.correlation_id", FT_GUID, BASE_NONE, NULL, 0,
            "Read in the structure's little-endian order", HFILL } },
        { &hf_correlation_id_be,
          { "uCorrelationId, read big-endian", "rdgudp.correlation_id_be", FT_GUID, BASE_NONE, NULL, 0,
            "The same octets in the other order: which one Windows uses is not proven", HFILL } },
        { &hf_correlation_signature2,
          { "uSignature2", "rdgudp.correlation.signature2", FT_UINT16, BASE_HEX, NULL, 0, "0xaa1d", HFILL } },
        { &hf_correlation_length,
          { "uCbStruct", "rdgudp.correlation.length", FT_UINT16, BASE_DEC, NULL, 0, "Octets of the structure: 26",
            HFILL } },
        { &hf_rest, { "Octets behind the DTLS records", "rdgudp.rest", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_rest,
          { "rdgudp.rest.unknown", PI_UNDECODED, PI_NOTE, "Octets follow the DTLS records that are not a trailer.",
            EXPFILL } },
        { &ei_no_answer,
          { "rdgudp.no_answer", PI_SEQUENCE, PI_WARN, "ClientHellos were repeated, and nothing came back.", EXPFILL } },
        { &ei_fallback,
          { "rdgudp.fallback", PI_SEQUENCE, PI_WARN, "UDP does not work, and the session goes on over TCP.",
            EXPFILL } },
        { &ei_refused, { "rdgudp.refused", PI_RESPONSE_CODE, PI_WARN, "ICMP refuses the channel.", EXPFILL } },
        { &ei_alert, { "rdgudp.alert", PI_RESPONSE_CODE, PI_WARN, "An alert ended the handshake.", EXPFILL } },
        { &ei_old_dtls,
          { "rdgudp.old_dtls", PI_SECURITY, PI_NOTE,
            "The gateway chose DTLS 1.0: Windows Server 2012 and 2012 R2 know no other.", EXPFILL } },
        { &ei_no_key, { "rdgudp.no_key", PI_DECRYPTION, PI_NOTE, "Nothing of the channel is decrypted.", EXPFILL } },
    };
    static int *ett[] = { &ett_rdgudp, &ett_correlation_info };

    proto_register_field_array(proto_rdgudp, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_rdgudp), ei, array_length(ei));
}

void proto_register_rdgudp(void)
{
    if (proto_get_id_by_filter_name("rdgudp") != -1) {
        ws_warning("Portlore's RD Gateway dissector is off: this Wireshark has a protocol named rdgudp already.");
        return;
    }
    proto_rdgudp = proto_register_protocol("RD Gateway UDP Transport", "RDGUDP", "rdgudp");
    register_fields();
    rdgudp_tree_register(proto_rdgudp);
    rdgudp_flow_init(proto_rdgudp);
    rdgudp_notes_init(proto_rdgudp);
    rdgudp_watch_init(proto_rdgudp, draw_foreign_notes);
    rdgudp_handle = register_dissector("rdgudp", dissect_rdgudp, proto_rdgudp);
    rdgudp_packet_handle = register_dissector_with_description("rdgudp_packet", "RD Gateway UDP packets (inside DTLS)",
                                                               dissect_rdgudp_packet, proto_rdgudp);
    rdgudp_tap = rdgudp_taps_register();

    module_t *module = prefs_register_protocol(proto_rdgudp, port_claim_renew);
    port_claim_register(module, proto_rdgudp, "udp.port", "RD Gateway UDP port(s)", RDGUDP_PORT_TEXT);
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
    rdgudp_taps_start();
    port_claim_start(proto_rdgudp, rdgudp_handle);
    /* By it, Wireshark's DTLS tells the gateway's end when the capture lacks the handshake. */
    port_claim_follow(proto_rdgudp, "dtls.port", rdgudp_packet_handle);
    heur_dissector_add("udp", dissect_rdgudp_heur, "RD Gateway UDP, by its correlation trailer", "rdgudp_udp",
                       proto_rdgudp, HEURISTIC_ENABLE);
    heur_dissector_add("dtls", dissect_rdgudp_packet_heur, "RD Gateway UDP packets inside DTLS", "rdgudp_dtls",
                       proto_rdgudp, HEURISTIC_ENABLE);
}

/* }}} */
