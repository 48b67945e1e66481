/* rdgudp_expert.c
 * What is known of a channel, as it is shown on packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_expert.h"

#include <epan/expert.h>
#include <epan/to_str.h>

#include "rdgudp_dtls.h"
#include "rdg/rdg_names.h"
#include "rdgudp_history.h"

/* Channels that one packet of another protocol is shown to say something about. */
#define FOREIGN_NOTES_DRAWN 1000

static int state_proto = -1;

static int hf_channel = -1;
static int hf_verdict = -1;
static int hf_outcome = -1;
static int hf_both_ways = -1;
static int hf_hello_count = -1;
static int hf_dtls_version = -1;
static int hf_alert = -1;
static int hf_fallback_stream = -1;
static int hf_more_channels = -1;

static int ett_state = -1;

static expert_field ei_no_answer = EI_INIT;
static expert_field ei_fallback = EI_INIT;
static expert_field ei_refused = EI_INIT;
static expert_field ei_alert = EI_INIT;
static expert_field ei_old_dtls = EI_INIT;
static expert_field ei_no_key = EI_INIT;

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
    const rdgudp_conv_t *flow = note->flow;

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
    rdgudp_verdict_t verdict = rdgudp_history_shown_verdict(note, PINFO_FD_VISITED(pinfo));

    add_uint(tree, tvb, hf_channel, note->flow->index);
    proto_item *item = proto_tree_add_uint(tree, hf_verdict, tvb, 0, 0, verdict);
    proto_item_set_generated(item);
    proto_item_append_text(root, ", channel %u: %s", note->flow->index,
                           val_to_str_const(verdict, rdg_names_verdicts, "?"));
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

void rdgudp_expert_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, const rdgudp_note_t *note)
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
    proto_item *root = proto_tree_add_item(tree, state_proto, tvb, 0, 0, ENC_NA);

    proto_item_set_generated(root);
    rdgudp_expert_draw(tvb, pinfo, proto_item_add_subtree(root, ett_state), root, note);
}

void rdgudp_expert_draw_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_note_t *first)
{
    unsigned count = 0;

    for (const rdgudp_note_t *note = first; note != NULL; note = note->next) {
        if (count++ < FOREIGN_NOTES_DRAWN) {
            draw_foreign_note(tvb, pinfo, tree, note);
        }
    }
    if (count > FOREIGN_NOTES_DRAWN) {
        proto_item *root = proto_tree_add_item(tree, state_proto, tvb, 0, 0, ENC_NA);
        proto_item_set_generated(root);
        proto_item_append_text(root, ", and %u more channels", count - FOREIGN_NOTES_DRAWN);
        add_uint(proto_item_add_subtree(root, ett_state), tvb, hf_more_channels, count - FOREIGN_NOTES_DRAWN);
    }
}

void rdgudp_expert_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_channel,
          { "Channel", "rdgudp.channel", FT_UINT32, BASE_DEC, NULL, 0, "Index of the UDP channel, from 0", HFILL } },
        { &hf_verdict,
          { "Verdict", "rdgudp.verdict", FT_UINT8, BASE_DEC, VALS(rdg_names_verdicts), 0,
            "What is known of the channel after this packet", HFILL } },
        { &hf_outcome,
          { "Outcome", "rdgudp.outcome", FT_UINT8, BASE_DEC, VALS(rdg_names_verdicts), 0,
            "What became of the channel by the end of the capture; from the second pass on", HFILL } },
        { &hf_both_ways,
          { "Application data both ways", "rdgudp.data_both_ways", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The client and the gateway have sent application data", HFILL } },
        { &hf_hello_count,
          { "ClientHellos", "rdgudp.hello_count", FT_UINT32, BASE_DEC, NULL, 0, "Sent so far in this attempt",
            HFILL } },
        { &hf_dtls_version,
          { "DTLS version", "rdgudp.dtls_version", FT_UINT16, BASE_HEX, VALS(rdg_names_versions), 0,
            "Chosen by the gateway's ServerHello", HFILL } },
        { &hf_alert,
          { "Alert", "rdgudp.alert.description", FT_UINT8, BASE_DEC, NULL, 0, "That ended the handshake", HFILL } },
        { &hf_fallback_stream,
          { "Carries on over TCP stream", "rdgudp.fallback_stream", FT_UINT32, BASE_DEC, NULL, 0,
            "tcp.stream of the connection to port 443 between the same two hosts", HFILL } },
        { &hf_more_channels,
          { "Channels not shown", "rdgudp.more_channels", FT_UINT32, BASE_DEC, NULL, 0,
            "This packet says something about so many channels more than are shown on it", HFILL } },
    };
    static ei_register_info ei[] = {
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
    static int *ett[] = { &ett_state };

    state_proto = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
