/* rdgudp_expert.c
 * What is known of a channel, as it is shown on packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_expert.h"

#include <epan/expert.h>
#include <wsutil/str_util.h>
#include <epan/to_str.h>

#include "rdgudp_dtls.h"
#include "rdgudp_fallback.h"
#include "rdgudp_link.h"
#include "rdgudp_names.h"

/* Channels that one packet of another protocol is shown to say something about. */
#define OTHERS_SHOWN 1000

static int own_proto = -1;

static int hf_channel = -1;
static int hf_verdict = -1;
static int hf_outcome = -1;
static int hf_why = -1;
static int hf_both_ways = -1;
static int hf_hello_count = -1;
static int hf_dtls_version = -1;
static int hf_alert = -1;
static int hf_stopped_by = -1;
static int hf_stopped_code = -1;
static int hf_answer_from = -1;
static int hf_answer_in = -1;
static int hf_copied = -1;
static int hf_copy_of = -1;
static int hf_moved_to = -1;
static int hf_fallback_stream = -1;
static int hf_more_channels = -1;
static int hf_session = -1;
static int hf_offered_in = -1;
static int hf_correlation_order = -1;

static int ett_state = -1;

static expert_field ei_no_answer = EI_INIT;
static expert_field ei_fallback = EI_INIT;
static expert_field ei_refused = EI_INIT;
static expert_field ei_alert = EI_INIT;
static expert_field ei_stuck = EI_INIT;
static expert_field ei_died = EI_INIT;
static expert_field ei_connect_silent = EI_INIT;
static expert_field ei_path_mtu = EI_INIT;
static expert_field ei_prohibited = EI_INIT;
static expert_field ei_no_route = EI_INIT;
static expert_field ei_unsolicited = EI_INIT;
static expert_field ei_not_ours = EI_INIT;
static expert_field ei_moved = EI_INIT;
static expert_field ei_old_dtls = EI_INIT;
static expert_field ei_no_key = EI_INIT;

static void add_uint(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

static void add_string(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value)
{
    proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, value));
}

/* {{{ What stopped a channel, in words */

static double seconds(rdg_time_t from, rdg_time_t to)
{
    return (double)(to - from) / (double)RDG_SECOND;
}

static const char *write_no_answer(packet_info *pinfo, const rdgudp_state_t *state, rdgudp_reason_t reason)
{
    const rdgudp_conv_t *conv = state->conv;
    uint32_t count = state->hello_count;

    /* An answer may stand behind the report in the file. */
    if (frame_store_is_whole() && state->attempt == conv->channel.attempt) {
        reason = rdgudp_session_outcome(conv).reason;
    }
    if (reason == RDGUDP_BECAUSE_ELSEWHERE && conv->answer_from != NULL) {
        const char *frame = conv->answer_in != NULL && frame_record_is_shown(conv->answer_in)
                                ? wmem_strdup_printf(pinfo->pool, " in frame %u", frame_record_number(conv->answer_in))
                                : "";
        return wmem_strdup_printf(
            pinfo->pool,
            "The answer%s comes from %s, not from %s port %u to which the client sends: the client "
            "cannot take it for its own.",
            frame, conv->answer_from, address_to_str(pinfo->pool, &conv->gateway), conv->gateway_port);
    }
    const char *from = "";
    if (conv->session != NULL && count == 1 && conv->session->tries > 1) {
        count = conv->session->tries;
        from = ", from several ports";
    }
    return wmem_strdup_printf(
        pinfo->pool,
        "%u ClientHello%s went out%s, and nothing came back%s: is UDP port %u let through, and does "
        "the gateway listen there?",
        count, plurality(count, "", "s"), from, frame_store_is_whole() ? " in this capture" : " so far",
        conv->gateway_port);
}

static const char *write_stuck(packet_info *pinfo, const rdgudp_channel_t *channel, rdgudp_reason_t reason)
{
    switch (reason) {
    case RDGUDP_BECAUSE_COOKIE_LOOP:
        return wmem_strdup_printf(pinfo->pool,
                                  "The gateway answers every ClientHello with another cookie, %u times: probably a "
                                  "balancer hands the client's datagrams to gateways in turn.",
                                  (channel->cookie_changes > 0 ? channel->cookie_changes : channel->verify_changes) +
                                      1);
    case RDGUDP_BECAUSE_VERIFY_LOOP:
        if (channel->cut_cookies == 0 && channel->cookie != 0) {
            return wmem_strdup_printf(
                pinfo->pool,
                "The gateway answers every ClientHello with a HelloVerifyRequest, %u times, and does not "
                "take the cookie that it gave.",
                channel->verify_requests);
        }
        return wmem_strdup_printf(pinfo->pool,
                                  "The gateway answers every ClientHello with a HelloVerifyRequest, %u times (the "
                                  "snapshot length cuts the cookies): probably a balancer hands the client's datagrams "
                                  "to gateways in turn.",
                                  channel->verify_requests);
    case RDGUDP_BECAUSE_COOKIE_CUT:
        return wmem_strdup_printf(
            pinfo->pool,
            "The gateway has answered with a cookie, and the client has sent the ClientHello with it %u times. The "
            "snapshot length cuts the cookies, so it cannot be told whether each is another one (a balancer) or the "
            "same (no answer).",
            channel->cookie_hellos);
    case RDGUDP_BECAUSE_NO_FLIGHT:
        return wmem_strdup_printf(pinfo->pool,
                                  "The gateway has answered with a cookie, and the ClientHello with it, sent %u times, "
                                  "is not answered: probably the longer datagrams of its flight do not pass.",
                                  channel->cookie_hellos);
    case RDGUDP_BECAUSE_CLIENT_SILENT:
        return wmem_strdup_printf(
            pinfo->pool,
            "The gateway has sent its flight %u times, and the client does not go on: probably it "
            "does not get it.",
            channel->server_hellos);
    default:
        return wmem_strdup_printf(pinfo->pool,
                                  "The client has sent its flight %u times, and the gateway does not finish the "
                                  "handshake.",
                                  channel->key_exchanges);
    }
}

static const char *write_died(packet_info *pinfo, const rdgudp_state_t *state, rdgudp_reason_t reason)
{
    const rdgudp_channel_t *channel = state->then;
    const rdgudp_side_t *client = &channel->sides[RDG_CLIENT];
    const rdgudp_side_t *gateway = &channel->sides[RDG_GATEWAY];
    bool is_client_alone = client->unanswered > gateway->unanswered;
    const rdgudp_side_t *alone = is_client_alone ? client : gateway;

    if (reason == RDGUDP_BECAUSE_ICMP) {
        return wmem_strdup_printf(pinfo->pool,
                                  "The channel worked, and then %s said that it cannot be reached (ICMP type %u, code "
                                  "%u).",
                                  state->stopped_by, channel->stop.type, channel->stop.code);
    }
    return wmem_strdup_printf(pinfo->pool,
                              "The channel worked, and then nothing more of the %s is in this capture, while %u "
                              "datagrams of the %s went on for %.1f s.",
                              is_client_alone ? "gateway" : "client", alone->unanswered,
                              is_client_alone ? "client" : "gateway", seconds(alone->unanswered_since, alone->last));
}

static const char *write_mtu(packet_info *pinfo, const rdgudp_state_t *state)
{
    uint32_t mtu = state->then->stop.mtu;

    if (mtu == 0) {
        return wmem_strdup_printf(pinfo->pool,
                                  "%s cannot pass the client's datagrams on: they are too long for the "
                                  "path behind it.",
                                  state->stopped_by);
    }
    return wmem_strdup_printf(pinfo->pool,
                              "%s cannot pass the client's datagrams on: the path behind it takes %u octets (MTU).",
                              state->stopped_by, mtu);
}

static const char *write_not_ours(rdgudp_reason_t reason)
{
    switch (reason) {
    case RDGUDP_BECAUSE_SRTP:
        return "This is not an RD Gateway's channel: the ClientHello asks for SRTP, as WebRTC does.";
    case RDGUDP_BECAUSE_SMALL:
        return "This is probably not an RD Gateway's channel: the ClientHello offers only cipher suites of small "
               "devices (pre-shared keys, CCM), as CoAP does.";
    case RDGUDP_BECAUSE_MEDIA:
        return "This is not an RD Gateway's channel: STUN went between the same ends before, as WebRTC does.";
    default:
        return "This is not an RD Gateway's channel: what DTLS decrypts is none of its packets.";
    }
}

/* What came after the report may show another reason: a cookie that is asked for again. */
static const char *write_stuck_by_now(packet_info *pinfo, const rdgudp_state_t *state, rdgudp_reason_t reason)
{
    const rdgudp_channel_t *now = &state->conv->channel;

    if (frame_store_is_whole() && state->attempt == now->attempt) {
        rdgudp_judgement_t outcome = rdgudp_session_outcome(state->conv);
        if (outcome.verdict == RDGUDP_STUCK) {
            return write_stuck(pinfo, now, outcome.reason);
        }
    }
    return write_stuck(pinfo, state->then != NULL ? state->then : now, reason);
}

/* }}} */
/* {{{ What a packet changes, as expert items */

static void report_problem(packet_info *pinfo, proto_item *item, const rdgudp_state_t *state,
                           rdgudp_judgement_t judgement)
{
    const rdgudp_conv_t *conv = state->conv;
    const rdgudp_channel_t *then = state->then != NULL ? state->then : &conv->channel;
    const char *by = state->stopped_by != NULL ? state->stopped_by : "?";

    switch (judgement.verdict) {
    case RDGUDP_NO_ANSWER:
        expert_add_info_format(pinfo, item, &ei_no_answer, "%s", write_no_answer(pinfo, state, judgement.reason));
        break;
    case RDGUDP_REFUSED:
        expert_add_info_format(pinfo, item, &ei_refused, "ICMP refuses the channel: UDP port %u of %s is unreachable.",
                               conv->gateway_port, address_to_str(pinfo->pool, &conv->gateway));
        break;
    case RDGUDP_STUCK:
        expert_add_info_format(pinfo, item, &ei_stuck, "%s", write_stuck_by_now(pinfo, state, judgement.reason));
        break;
    case RDGUDP_DIED:
        if (state->then != NULL) {
            expert_add_info_format(pinfo, item, &ei_died, "%s", write_died(pinfo, state, judgement.reason));
        }
        break;
    case RDGUDP_CONNECT_SILENT:
        expert_add_info_format(pinfo, item, &ei_connect_silent,
                               "The client has sent CONNECT_PKT %u times, and the gateway does not answer it.",
                               then->connects);
        break;
    case RDGUDP_MTU:
        if (state->then != NULL) {
            expert_add_info_format(pinfo, item, &ei_path_mtu, "%s", write_mtu(pinfo, state));
        }
        break;
    case RDGUDP_PROHIBITED:
        expert_add_info_format(pinfo, item, &ei_prohibited,
                               "%s does not let the channel through (ICMP type %u, code %u): a firewall's rule.", by,
                               then->stop.type, then->stop.code);
        break;
    case RDGUDP_NO_ROUTE:
        expert_add_info_format(pinfo, item, &ei_no_route,
                               "%s has no way to the gateway for the channel's datagrams (ICMP type %u, code %u).", by,
                               then->stop.type, then->stop.code);
        break;
    case RDGUDP_UNSOLICITED:
        expert_add_info_format(pinfo, item, &ei_unsolicited,
                               "The gateway has sent its flight %u times, and no ClientHello in this capture asks for "
                               "it: a reflection, if the host sent none.",
                               then->server_hellos + then->copies);
        break;
    case RDGUDP_NOT_OURS:
        expert_add_info_format(pinfo, item, &ei_not_ours, "%s", write_not_ours(judgement.reason));
        break;
    default:
        break;
    }
}

static const char *write_failure(rdgudp_verdict_t verdict)
{
    switch (verdict) {
    case RDGUDP_NO_ANSWER:
        return "got no answer";
    case RDGUDP_REFUSED:
        return "was refused";
    case RDGUDP_STUCK:
        return "is stuck in the handshake";
    case RDGUDP_DIED:
        return "died in use";
    case RDGUDP_CONNECT_SILENT:
        return "is not connected";
    default:
        return "was stopped on the way";
    }
}

/* Shows the TCP connection that carries on, and says so once: on the packet with which it became known and, as soon as
 * it is known, on the channel's own. */
static void add_fallback(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                         const rdgudp_state_t *state)
{
    uint32_t stream = state->fallback_stream;
    bool is_report = (state->changes & RDGUDP_STATE_FALLBACK) != 0;

    if (state->fallback_later != RDG_NO_STREAM && PINFO_FD_VISITED(pinfo)) {
        stream = state->fallback_later;
        is_report = true;
    }
    /* The channel may have come up since, or another one of its session. */
    if (stream == RDG_NO_STREAM || (PINFO_FD_VISITED(pinfo) && rdgudp_fallback_stream(state->conv) == RDG_NO_STREAM)) {
        return;
    }
    add_uint(tree, tvb, hf_fallback_stream, stream);
    if (is_report) {
        expert_add_info_format(pinfo, root, &ei_fallback,
                               "The UDP channel %s, and the session goes on over TCP: tcp.stream %u%s carries data "
                               "meanwhile.",
                               write_failure(state->judgement.verdict), stream,
                               rdgudp_link_of(state->conv, state->attempt) != NULL ? ", its main channel,"
                                                                                   : " between the same two hosts");
    }
}

/* Both hellos are in the capture, and the random of the client's, by which Wireshark finds keys. The state is that of
 * the channel's first data, CHANNEL what is known by now. */
static const char *write_no_key(packet_info *pinfo, const rdgudp_state_t *state, const rdgudp_channel_t *channel)
{
    const char *random = bytes_to_str(pinfo->pool, channel->random, DTLS_HELLO_RANDOM);

    if (channel->is_disordered) {
        return wmem_strdup_printf(pinfo->pool,
                                  "the file has messages of the handshake behind later packets. Sort it by time "
                                  "(reordercap). The key log's line begins CLIENT_RANDOM %s.",
                                  random);
    }
    if (!rdgudp_channel_has_hellos(state->then)) {
        return wmem_strdup_printf(
            pinfo->pool,
            "the file has a hello behind the data, by its times as well, and Wireshark needs it in "
            "front of them. The key log's line begins CLIENT_RANDOM %s.",
            random);
    }
    if (channel->version == RDGUDP_DTLS_1_3) {
        return wmem_strdup_printf(pinfo->pool,
                                  "there is no key for this channel, or this Wireshark cannot decrypt DTLS 1.3 (4.0 "
                                  "cannot). The key log's lines have the random %s.",
                                  random);
    }
    if (!channel->sides[state->from_gateway].finished) {
        return wmem_strdup_printf(pinfo->pool,
                                  "the capture lacks the end of the %s's handshake, from which on Wireshark decrypts. "
                                  "The key log's line begins CLIENT_RANDOM %s.",
                                  state->from_gateway ? "gateway" : "client", random);
    }
    return wmem_strdup_printf(pinfo->pool,
                              "there is no key for this channel. Give a key log in the preference "
                              "tls.keylog_file; its line begins CLIENT_RANDOM %s.",
                              random);
}

/* Says why nothing is decrypted, once per channel. */
static void report_no_key(packet_info *pinfo, proto_item *item, const rdgudp_state_t *state)
{
    const rdgudp_channel_t *now = &state->conv->channel;
    const rdgudp_channel_t *channel = state->then;
    const char *so_far = frame_store_is_whole() ? "the capture lacks" : "the capture has not shown";

    if (frame_store_is_whole()) {
        channel = state->hellos != NULL ? state->hellos : now->attempt == state->attempt ? now : state->then;
    }
    if (state->is_cut) {
        expert_add_info_format(pinfo, item, &ei_no_key,
                               "Nothing is decrypted: the snapshot length of the capture cuts the datagrams.");
    } else if (state->conv->may_have_moved ||
               (frame_store_is_whole() && now->hello_count == 0 && rdgudp_session_may_be_moved(state->conv))) {
        expert_add_info_format(
            pinfo, item, &ei_no_key,
            "Nothing is decrypted: the capture has no ClientHello from this port. One of the client's "
            "other channels may go on here, behind a NAT; which one cannot be told.");
    } else if (!rdgudp_channel_has_hellos(channel)) {
        expert_add_info_format(pinfo, item, &ei_no_key, "Nothing is decrypted: %s the %s, without which no key helps.",
                               so_far,
                               channel->has_random        ? "ServerHello"
                               : channel->hello_count > 0 ? "random of the ClientHello"
                                                          : "ClientHello");
    } else {
        /* With its key, the other end's data may be decrypted all the same. */
        const char *what = !frame_store_is_whole() || !state->conv->is_decrypted ? "Nothing is"
                           : state->from_gateway                                 ? "The gateway's data are not"
                                                                                 : "The client's data are not";
        expert_add_info_format(pinfo, item, &ei_no_key, "%s decrypted: %s", what, write_no_key(pinfo, state, channel));
    }
}

static void report_alert(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item,
                         const rdgudp_channel_t *channel)
{
    add_uint(tree, tvb, hf_alert, channel->alert);
    expert_add_info_format(pinfo, item, &ei_alert, "The handshake failed: fatal alert %s (%u) from the %s.",
                           rdgudp_dtls_alert_name(channel->alert), channel->alert,
                           channel->alert_from_gateway ? "gateway" : "client");
}

static void report_changes(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                           const rdgudp_state_t *state)
{
    if (rdgudp_history_reports_problem(state)) {
        report_problem(pinfo, root, state,
                       state->changes & RDGUDP_STATE_PROBLEM ? state->judgement : rdgudp_session_outcome(state->conv));
    }
    if ((state->changes & RDGUDP_CHANGE_ALERT) && state->then != NULL) {
        report_alert(tvb, pinfo, tree, root, state->then);
    }
    if (state->changes & RDGUDP_CHANGE_OLD_DTLS) {
        expert_add_info(pinfo, root, &ei_old_dtls);
    }
    if ((state->changes & RDGUDP_STATE_MOVED) && state->conv->moved_to != NULL) {
        expert_add_info_format(
            pinfo, root, &ei_moved,
            "The channel goes on from %s: the record numbers go on where those from port %u stopped. "
            "Probably a NAT has forgotten the old port.",
            state->conv->moved_to, state->conv->client_port);
    }
    if ((state->changes & RDGUDP_STATE_NO_KEY) && state->then != NULL) {
        report_no_key(pinfo, root, state);
    }
}

/* }}} */
/* {{{ The tree */

static void add_stop(tvbuff_t *tvb, proto_tree *tree, const rdgudp_state_t *state)
{
    if (state->stopped_by != NULL && state->then != NULL && state->judgement.reason == RDGUDP_BECAUSE_ICMP) {
        add_string(tree, tvb, hf_stopped_by, state->stopped_by);
        add_uint(tree, tvb, hf_stopped_code, state->then->stop.code);
    }
}

static void add_answer(tvbuff_t *tvb, proto_tree *tree, const rdgudp_conv_t *conv)
{
    if (conv->answer_from == NULL) {
        return;
    }
    add_string(tree, tvb, hf_answer_from, conv->answer_from);
    if (conv->answer_in != NULL && frame_record_is_shown(conv->answer_in)) {
        add_uint(tree, tvb, hf_answer_in, frame_record_number(conv->answer_in));
    }
}

/* The main channel that the channel is of. */
static void add_session(tvbuff_t *tvb, proto_tree *tree, const rdgudp_state_t *state)
{
    const rdg_link_t *link = rdgudp_link_of(state->conv, state->attempt);

    if (link == NULL) {
        if (state->conv->unclear_since != 0 && state->attempt + 1 >= state->conv->unclear_since) {
            add_uint(tree, tvb, hf_correlation_order, RDG_ORDER_UNCLEAR);
        }
        return;
    }
    add_uint(tree, tvb, hf_session, link->offer->trunk->number);
    if (frame_record_is_shown(link->offer->frame)) {
        add_uint(tree, tvb, hf_offered_in, frame_record_number(link->offer->frame));
    }
    if (link->order != RDG_ORDER_NONE) {
        add_uint(tree, tvb, hf_correlation_order, link->order);
    }
}

static void add_state(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                      const rdgudp_state_t *state)
{
    rdgudp_verdict_t verdict = rdgudp_history_shown_verdict(state);

    add_uint(tree, tvb, hf_channel, state->conv->index);
    proto_item *item = proto_tree_add_uint(tree, hf_verdict, tvb, 0, 0, verdict);
    proto_item_set_generated(item);
    proto_item_append_text(root, ", channel %u: %s", state->conv->index,
                           val_to_str_const(verdict, rdgudp_names_verdicts, "?"));
    if (state->both_ways) {
        proto_item_append_text(item, ", application data both ways");
        proto_item_set_generated(proto_tree_add_boolean(tree, hf_both_ways, tvb, 0, 0, TRUE));
    }
    if (frame_store_is_whole() && PINFO_FD_VISITED(pinfo)) {
        add_uint(tree, tvb, hf_outcome, rdgudp_session_outcome(state->conv).verdict);
    }
    add_uint(tree, tvb, hf_hello_count, state->hello_count);
    if (state->version != 0) {
        add_uint(tree, tvb, hf_dtls_version, state->version);
    }
    if (state->judgement.reason != RDGUDP_BECAUSE_NONE) {
        add_uint(tree, tvb, hf_why, state->judgement.reason);
    }
    add_stop(tvb, tree, state);
    if (state->conv->link != NULL || state->conv->unclear_since != 0) {
        add_session(tvb, tree, state);
    }
    if (rdgudp_session_outcome(state->conv).reason == RDGUDP_BECAUSE_ELSEWHERE ||
        state->judgement.reason == RDGUDP_BECAUSE_ELSEWHERE) {
        add_answer(tvb, tree, state->conv);
    }
    if (state->changes & RDGUDP_CHANGE_COPY) {
        proto_item_set_generated(proto_tree_add_item(tree, hf_copied, tvb, 0, 0, ENC_NA));
    }
    if (state->changes & RDGUDP_CHANGE_COPY && state->copy_of != NULL && frame_record_is_shown(state->copy_of)) {
        add_uint(tree, tvb, hf_copy_of, frame_record_number(state->copy_of));
    }
    if (state->changes & RDGUDP_STATE_MOVED && state->conv->moved_to != NULL) {
        add_string(tree, tvb, hf_moved_to, state->conv->moved_to);
    }
}

void rdgudp_expert_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                       const rdgudp_state_t *state)
{
    if (tree != NULL) {
        add_state(tvb, pinfo, tree, root, state);
    }
    if (state->changes != 0) {
        report_changes(tvb, pinfo, tree, root, state);
    }
    if (state->fallback_stream != RDG_NO_STREAM || state->fallback_later != RDG_NO_STREAM) {
        add_fallback(tvb, pinfo, tree, root, state);
    }
}

/* Adds a state to a packet that is not the channel's own: an ICMP error, or TCP. */
static void add_other(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_state_t *state)
{
    proto_item *root = proto_tree_add_item(tree, own_proto, tvb, 0, 0, ENC_NA);

    proto_item_set_generated(root);
    rdgudp_expert_add(tvb, pinfo, proto_item_add_subtree(root, ett_state), root, state);
}

void rdgudp_expert_add_others(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdgudp_state_t *first)
{
    unsigned count = 0;

    for (const rdgudp_state_t *state = first; state != NULL; state = state->next) {
        if (count++ < OTHERS_SHOWN) {
            add_other(tvb, pinfo, tree, state);
        }
    }
    if (count > OTHERS_SHOWN) {
        proto_item *root = proto_tree_add_item(tree, own_proto, tvb, 0, 0, ENC_NA);
        proto_item_set_generated(root);
        proto_item_append_text(root, ", and %u more channels", count - OTHERS_SHOWN);
        add_uint(proto_item_add_subtree(root, ett_state), tvb, hf_more_channels, count - OTHERS_SHOWN);
    }
}

/* }}} */
/* {{{ Registration */

static void register_fields(int proto)
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
        { &hf_why,
          { "Why", "rdgudp.why", FT_UINT8, BASE_DEC, VALS(rdgudp_names_reasons), 0, "Why the verdict is this one",
            HFILL } },
        { &hf_both_ways,
          { "Application data both ways", "rdgudp.data_both_ways", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The client and the gateway have sent application data", HFILL } },
        { &hf_hello_count,
          { "ClientHellos", "rdgudp.hello_count", FT_UINT32, BASE_DEC, NULL, 0, "Sent so far in this attempt",
            HFILL } },
        { &hf_dtls_version,
          { "DTLS version", "rdgudp.dtls_version", FT_UINT16, BASE_HEX, VALS(rdgudp_names_versions), 0,
            "Chosen by the gateway's ServerHello", HFILL } },
        { &hf_alert,
          { "Alert", "rdgudp.alert.description", FT_UINT8, BASE_DEC, NULL, 0, "That ended the handshake", HFILL } },
        { &hf_stopped_by,
          { "Stopped by", "rdgudp.stopped_by", FT_STRING, BASE_NONE, NULL, 0, "Sender of the ICMP error", HFILL } },
        { &hf_stopped_code,
          { "ICMP code", "rdgudp.stopped_code", FT_UINT8, BASE_DEC, NULL, 0, "Of the error that stopped the channel",
            HFILL } },
        { &hf_answer_from,
          { "Answer from", "rdgudp.answer_from", FT_STRING, BASE_NONE, NULL, 0,
            "Address and port of an answer that did not come from where the client sends to", HFILL } },
        { &hf_answer_in,
          { "Answer in", "rdgudp.answer_in", FT_FRAMENUM, BASE_NONE, NULL, 0, "The first such answer", HFILL } },
        { &hf_copied,
          { "Copy", "rdgudp.copied", FT_NONE, BASE_NONE, NULL, 0,
            "The same datagram was captured before: a mirror port or the network made a copy", HFILL } },
        { &hf_copy_of,
          { "Copy of", "rdgudp.copy_of", FT_FRAMENUM, BASE_NONE, NULL, 0,
            "The first one, where it is known: in the handshake, and after the first copy of a channel", HFILL } },
        { &hf_moved_to,
          { "Goes on from", "rdgudp.moved_to", FT_STRING, BASE_NONE, NULL, 0,
            "The client's address and port since a NAT gave it another one", HFILL } },
        { &hf_fallback_stream,
          { "Carries on over TCP stream", "rdgudp.fallback_stream", FT_UINT32, BASE_DEC, NULL, 0,
            "tcp.stream of the HTTPS connection between the same two hosts, or of the main channel", HFILL } },
        { &hf_more_channels,
          { "Channels not shown", "rdgudp.more_channels", FT_UINT32, BASE_DEC, NULL, 0,
            "This packet says something about so many channels more than are shown on it", HFILL } },
        { &hf_session,
          { "Session", "rdgudp.session", FT_UINT32, BASE_DEC, NULL, 0,
            "rdghttp.session of the main channel that offered the channel", HFILL } },
        { &hf_offered_in,
          { "Offered in", "rdgudp.offered_in", FT_FRAMENUM, BASE_NONE, NULL, 0, "The main channel's CHANNEL_RESPONSE",
            HFILL } },
        { &hf_correlation_order,
          { "Order of the correlation id", "rdgudp.correlation_order", FT_UINT8, BASE_DEC, VALS(rdgudp_names_orders), 0,
            "In which the trailer's octets are the main channel's RDG-Correlation-Id", HFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
}

void rdgudp_expert_register(int proto)
{
    static ei_register_info ei[] = {
        { &ei_no_answer,
          { "rdgudp.no_answer", PI_SEQUENCE, PI_WARN, "ClientHellos were repeated, and no answer reached the client.",
            EXPFILL } },
        { &ei_fallback,
          { "rdgudp.fallback", PI_SEQUENCE, PI_WARN, "UDP does not work, and the session goes on over TCP.",
            EXPFILL } },
        { &ei_refused, { "rdgudp.refused", PI_RESPONSE_CODE, PI_WARN, "ICMP refuses the channel.", EXPFILL } },
        { &ei_alert, { "rdgudp.alert", PI_RESPONSE_CODE, PI_WARN, "An alert ended the handshake.", EXPFILL } },
        { &ei_stuck, { "rdgudp.stuck", PI_SEQUENCE, PI_WARN, "The handshake begins and does not end.", EXPFILL } },
        { &ei_died, { "rdgudp.died", PI_SEQUENCE, PI_WARN, "The channel worked, and does no more.", EXPFILL } },
        { &ei_connect_silent,
          { "rdgudp.connect_silent", PI_SEQUENCE, PI_WARN, "The gateway does not answer CONNECT_PKT.", EXPFILL } },
        { &ei_path_mtu,
          { "rdgudp.path_mtu", PI_RESPONSE_CODE, PI_WARN, "The path is too narrow for the client's datagrams.",
            EXPFILL } },
        { &ei_prohibited,
          { "rdgudp.prohibited", PI_RESPONSE_CODE, PI_WARN, "A firewall does not let the channel through.", EXPFILL } },
        { &ei_no_route,
          { "rdgudp.no_route", PI_RESPONSE_CODE, PI_WARN, "A router has no way to the gateway.", EXPFILL } },
        { &ei_unsolicited,
          { "rdgudp.unsolicited", PI_SECURITY, PI_WARN, "The gateway's flight comes unasked for.", EXPFILL } },
        { &ei_not_ours,
          { "rdgudp.not_a_channel", PI_PROTOCOL, PI_NOTE, "This is not an RD Gateway's channel.", EXPFILL } },
        { &ei_moved,
          { "rdgudp.moved", PI_SEQUENCE, PI_NOTE, "The channel goes on from another port of the client.", EXPFILL } },
        { &ei_old_dtls,
          { "rdgudp.old_dtls", PI_SECURITY, PI_NOTE,
            "The gateway chose DTLS 1.0: Windows Server 2012 and 2012 R2 know no other.", EXPFILL } },
        { &ei_no_key, { "rdgudp.no_key", PI_DECRYPTION, PI_NOTE, "Data of the channel are not decrypted.", EXPFILL } },
    };
    static int *ett[] = { &ett_state };

    own_proto = proto;
    register_fields(proto);
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

/* }}} */
