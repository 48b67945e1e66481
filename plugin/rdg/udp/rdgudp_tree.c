/* rdgudp_tree.c
 * The tree of a packet inside DTLS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_tree.h"

#include <epan/expert.h>
#include <wsutil/str_util.h>
#include <epan/reassemble.h>

#include "base/octets.h"
#include "rdg/rdg_cookie_tree.h"
#include "rdg/rdg_names.h"
#include "rdgudp_exploits.h"
#include "rdgudp_history.h"
#include "rdgudp_inner.h"
#include "rdgudp_link.h"
#include "rdgudp_names.h"
#include "rdgudp_stream.h"
#include "rdgudp_tree_data.h"
#include "rdgudp_pdu.h"

static int hf_pkt_id = -1;
static int hf_pkt_len = -1;
static int hf_pkt_data = -1;
static int hf_target_port = -1;
static int hf_cookie_len = -1;
static int hf_mtu_up = -1;
static int hf_mtu_down = -1;
static int hf_lossy = -1;
static int hf_isn = -1;
static int hf_result = -1;
static int hf_result_high = -1;
static int hf_reason = -1;
static int hf_reason_high = -1;
static int hf_fragment_id = -1;
static int hf_fragment_count = -1;
static int hf_fragment_length = -1;
static int hf_fragment_data = -1;
static int hf_fragment_padding = -1;
static int hf_fragment_repeated = -1;
static int hf_cookie = -1;
static int hf_cookie_scheme = -1;
static int hf_cookie_user = -1;
static int hf_cookie_expiry = -1;
static int hf_cookie_target_ip = -1;
static int hf_cookie_target_name = -1;
static int hf_cookie_target_port = -1;
static int hf_fragments = -1;
static int hf_fragments_fragment = -1;
static int hf_fragments_overlap = -1;
static int hf_fragments_conflict = -1;
static int hf_fragments_multiple_tails = -1;
static int hf_fragments_too_long = -1;
static int hf_fragments_error = -1;
static int hf_fragments_count = -1;
static int hf_fragments_reassembled_in = -1;
static int hf_fragments_reassembled_length = -1;

static int ett_connect = -1;
static int ett_cookie = -1;
static int ett_fragments = -1;
static int ett_fragment = -1;

static expert_field ei_packet = EI_INIT;
static expert_field ei_cut = EI_INIT;
static expert_field ei_length = EI_INIT;
static expert_field ei_rejected = EI_INIT;
static expert_field ei_cve_2020_0610 = EI_INIT;
static expert_field ei_cve_2020_0609 = EI_INIT;
static expert_field ei_gateway_scan = EI_INIT;
static expert_field ei_bad_fragment = EI_INIT;
static expert_field ei_odd_fragment = EI_INIT;
static expert_field ei_clear_fragment = EI_INIT;
static expert_field ei_e_unexpected = EI_INIT;
static expert_field ei_cookie = EI_INIT;
static expert_field ei_cookie_expired = EI_INIT;
static expert_field ei_clock = EI_INIT;

static reassembly_table reassemblies;

static const fragment_items fragment_fields = {
    &ett_fragment,
    &ett_fragments,
    &hf_fragments,
    &hf_fragments_fragment,
    &hf_fragments_overlap,
    &hf_fragments_conflict,
    &hf_fragments_multiple_tails,
    &hf_fragments_too_long,
    &hf_fragments_error,
    &hf_fragments_count,
    &hf_fragments_reassembled_in,
    &hf_fragments_reassembled_length,
    NULL,
    "fragments of CONNECT_PKT",
};

/* What is being added to the tree. */
typedef struct {
    tvbuff_t *tvb;
    const uint8_t *data; /* its octets */
    size_t length;       /* how many of them there are */
    packet_info *pinfo;
    proto_tree *tree;
    proto_item *root;
    rdgudp_conv_t *conv; /* NULL for a fragment without DTLS */
    bool learns;         /* first pass: conv gets what is said */
} view_t;

static view_t make_view(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root, rdgudp_conv_t *conv,
                        bool learns)
{
    unsigned captured = tvb_captured_length(tvb);

    return (view_t){
        .tvb = tvb,
        .data = tvb_get_ptr(tvb, 0, (int)captured),
        .length = captured,
        .pinfo = pinfo,
        .tree = tree,
        .root = root,
        .conv = conv,
        .learns = learns,
    };
}

/* Adds what is left from AT when a packet is cut short. */
static void add_cut(const view_t *view, size_t at)
{
    if (at < view->length) {
        proto_tree_add_item(view->tree, hf_pkt_data, view->tvb, (int)at, -1, ENC_NA);
    }
    expert_add_info(view->pinfo, view->root, &ei_cut);
}

/* {{{ CONNECT_PKT and its cookie */

/* EXPIRY is the time in ITEM. */
static void check_cookie_expiry(const view_t *view, proto_item *item, const nstime_t *expiry)
{
    if (nstime_cmp(expiry, &view->pinfo->abs_ts) >= 0) {
        return;
    }
    nstime_t age;
    nstime_delta(&age, &view->pinfo->abs_ts, expiry);
    if (view->conv->channel.has_result && view->conv->channel.result == 0) {
        expert_add_info_format(view->pinfo, item, &ei_clock,
                               "By the capture's clock the cookie expired %" PRIu64
                               " s before it was sent, and the gateway "
                               "accepts it: the clocks of the two differ.",
                               (uint64_t)age.secs);
    } else {
        expert_add_info_format(view->pinfo, item, &ei_cookie_expired,
                               "The cookie expired %" PRIu64 " s before it was sent: the gateway denies access, if the "
                               "capture's clock is right.",
                               (uint64_t)age.secs);
    }
}

static const char *get_part(const view_t *view, wmem_allocator_t *scope, size_t base, const rdg_cookie_t *cookie,
                            unsigned part)
{
    return (const char *)tvb_get_string_enc(scope, view->tvb, (int)(base + cookie->parts[part].offset),
                                            (int)cookie->parts[part].length, ENC_UTF_16 | ENC_LITTLE_ENDIAN);
}

static void add_cookie(const view_t *view, size_t base, size_t length)
{
    static const rdg_cookie_fields_t fields = { {
        [RDG_COOKIE_SCHEME] = &hf_cookie_scheme,
        [RDG_COOKIE_USER] = &hf_cookie_user,
        [RDG_COOKIE_EXPIRY] = &hf_cookie_expiry,
        [RDG_COOKIE_TARGET_IP] = &hf_cookie_target_ip,
        [RDG_COOKIE_TARGET_NAME] = &hf_cookie_target_name,
        [RDG_COOKIE_TARGET_PORT] = &hf_cookie_target_port,
    } };
    proto_item *item = proto_tree_add_item(view->tree, hf_cookie, view->tvb, (int)base, (int)length, ENC_NA);
    proto_tree *tree = proto_item_add_subtree(item, ett_cookie);
    rdg_cookie_t cookie;
    nstime_t expiry;

    if (!rdg_cookie_read(view->data + base, length, &cookie)) {
        expert_add_info(view->pinfo, item, &ei_cookie);
        return;
    }
    proto_item *expiry_item = rdg_cookie_tree_add(view->tvb, tree, (int)base, &cookie, &fields, &expiry);
    if (expiry_item != NULL) {
        check_cookie_expiry(view, expiry_item, &expiry);
    }
    if (view->learns && view->conv->user == NULL) {
        wmem_allocator_t *pool = view->pinfo->pool;
        view->conv->user = get_part(view, wmem_file_scope(), base, &cookie, RDG_COOKIE_USER);
        view->conv->target = wmem_strdup_printf(wmem_file_scope(), "%s (%s)",
                                                get_part(view, pool, base, &cookie, RDG_COOKIE_TARGET_NAME),
                                                get_part(view, pool, base, &cookie, RDG_COOKIE_TARGET_IP));
    }
    rdgudp_inner_call_cms(tvb_new_subset_length(view->tvb, (int)base, (int)length), view->pinfo, tree);
}

/* pktID and pktLen. */
static void add_header(const view_t *view)
{
    proto_tree_add_item(view->tree, hf_pkt_id, view->tvb, 0, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_pkt_len, view->tvb, 2, 2, ENC_LITTLE_ENDIAN);
}

static void add_connect(const view_t *view)
{
    rdgudp_connect_t connect;

    if (!rdgudp_pdu_read_connect(view->data, view->length, &connect)) {
        add_cut(view, RDGUDP_PACKET_HEADER);
        return;
    }
    proto_tree_add_item(view->tree, hf_target_port, view->tvb, RDGUDP_CONNECT_PORT, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_cookie_len, view->tvb, RDGUDP_CONNECT_COOKIE_LENGTH, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_mtu_up, view->tvb, RDGUDP_CONNECT_MTU_UP, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_mtu_down, view->tvb, RDGUDP_CONNECT_MTU_DOWN, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_lossy, view->tvb, RDGUDP_CONNECT_LOSSY, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_isn, view->tvb, RDGUDP_CONNECT_ISN, 4, ENC_LITTLE_ENDIAN);
    if (view->learns) {
        rdgudp_channel_on_target(&view->conv->channel, connect.lossy, connect.target_port);
        rdgudp_stream_set_initial(view->conv, false, connect.isn);
    }
    size_t there = view->length - RDGUDP_CONNECT_COOKIE;
    if (connect.cookie_length > there) {
        add_cut(view, RDGUDP_CONNECT_COOKIE);
    } else if (connect.cookie_length > 0) {
        if (view->learns && rdg_offer_is_any()) {
            rdgudp_link_on_cookie(view->conv, view->pinfo, view->data + RDGUDP_CONNECT_COOKIE, connect.cookie_length);
        }
        add_cookie(view, RDGUDP_CONNECT_COOKIE, connect.cookie_length);
    }
}

/* }}} */
/* {{{ Fragments */

static void report_findings(const view_t *view, proto_item *item, unsigned findings, const rdgudp_fragment_t *fragment)
{
    if (findings & RDGUDP_FINDING_0610) {
        expert_add_info_format(
            view->pinfo, item, &ei_cve_2020_0610,
            "The fragment's id is %u, where the gateway's table has 64 places: the pattern of CVE-2020-0610.",
            fragment->id);
    }
    if (findings & RDGUDP_FINDING_0609) {
        expert_add_info_format(
            view->pinfo, item, &ei_cve_2020_0609,
            "The fragment ends at octet %u, beyond the gateway's connect buffer of 4096: the pattern of CVE-2020-0609.",
            fragment->id * RDGUDP_FRAGMENT_MAX + fragment->length);
    }
    if (findings & RDGUDP_FINDING_SCAN) {
        expert_add_info_format(view->pinfo, item, &ei_gateway_scan,
                               "%u fragments are announced, where a patched gateway takes 64 at most: so BlueGate and "
                               "RDGScanner check for CVE-2020-0610.",
                               fragment->count);
    }
    if (findings & RDGUDP_FINDING_BAD_ID) {
        expert_add_info_format(view->pinfo, item, &ei_bad_fragment,
                               "The fragment's id, %u, is not below the number of fragments, %u: no client sends this.",
                               fragment->id, fragment->count);
    }
    if (findings & RDGUDP_FINDING_ODD_LENGTH) {
        expert_add_info_format(
            view->pinfo, item, &ei_odd_fragment,
            "The fragment has %u octet%s: clients send %u, fewer in the last one, and pktLen is 6 more.",
            fragment->length, plurality(fragment->length, "", "s"), RDGUDP_FRAGMENT_MAX);
    }
}

/* The whole CONNECT_PKT when this fragment completes it, otherwise NULL. */
static tvbuff_t *reassemble(const view_t *view, const rdgudp_fragment_t *fragment, rdgudp_fragment_state_t *state)
{
    bool is_last = fragment->id + 1 == fragment->count;
    fragment_head *head = NULL;

    if (view->learns) {
        rdgudp_fragments_t *fragments = &view->conv->fragments;
        state->use = rdgudp_fragments_on_fragment(fragments, fragment->id, fragment->count,
                                                  view->data + RDGUDP_FRAGMENT_DATA, fragment->there);
        state->attempt = fragments->attempt;
    }
    if (state->use == RDGUDP_FRAGMENT_REPEATED) {
        proto_item_set_generated(proto_tree_add_boolean(view->tree, hf_fragment_repeated, view->tvb, 0, 0, TRUE));
    }
    if (state->use != RDGUDP_FRAGMENT_NEW) {
        return NULL;
    }
    if (fragment->count == 1) {
        return tvb_new_subset_length(view->tvb, RDGUDP_FRAGMENT_DATA, fragment->length);
    }
    if (view->learns || state->completes) {
        head = fragment_add_seq_check(&reassemblies, view->tvb, RDGUDP_FRAGMENT_DATA, view->pinfo, state->attempt, NULL,
                                      fragment->id, fragment->length, !is_last);
        state->completes = head != NULL;
    } else {
        /* The table knows frames, not packets: with two fragments in a frame, it would complete twice. */
        head = fragment_get_reassembled_id(&reassemblies, view->pinfo, state->attempt);
        if (head != NULL) {
            proto_item_set_generated(
                proto_tree_add_uint(view->tree, hf_fragments_reassembled_in, view->tvb, 0, 0, head->reassembled_in));
        }
        return NULL;
    }
    return process_reassembled_data(view->tvb, RDGUDP_FRAGMENT_DATA, view->pinfo, "Reassembled CONNECT_PKT", head,
                                    &fragment_fields, NULL, view->tree);
}

static void add_reassembled(const view_t *outer, tvbuff_t *tvb)
{
    proto_item *item;
    proto_tree *tree = proto_tree_add_subtree(outer->tree, tvb, 0, -1, ett_connect, &item, "CONNECT_PKT");
    view_t view = make_view(tvb, outer->pinfo, tree, item, outer->conv, outer->learns);
    rdgudp_packet_t packet;

    if (!rdgudp_pdu_read_header(view.data, view.length, &packet) || packet.id != RDGUDP_CONNECT_REQ) {
        expert_add_info(view.pinfo, item, &ei_packet);
        proto_tree_add_item(tree, hf_pkt_data, tvb, 0, -1, ENC_NA);
        return;
    }
    proto_item_append_text(outer->root, ", CONNECT_PKT complete");
    add_header(&view);
    add_connect(&view);
}

/* Adds the fragment's own parts. False when it is cut short. */
static bool add_fragment(const view_t *view, rdgudp_fragment_t *fragment)
{
    if (!rdgudp_pdu_read_fragment(view->data, view->length, fragment)) {
        add_cut(view, RDGUDP_PACKET_HEADER);
        return false;
    }
    proto_item_append_text(view->root, " %u of %u", fragment->id, fragment->count);
    col_append_fstr(view->pinfo->cinfo, COL_INFO, " %u of %u", fragment->id, fragment->count);
    proto_tree_add_item(view->tree, hf_fragment_id, view->tvb, RDGUDP_FRAGMENT_ID, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_fragment_count, view->tvb, RDGUDP_FRAGMENT_COUNT, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(view->tree, hf_fragment_length, view->tvb, RDGUDP_FRAGMENT_LENGTH, 2, ENC_LITTLE_ENDIAN);
    if (fragment->there > 0) {
        proto_tree_add_item(view->tree, hf_fragment_data, view->tvb, RDGUDP_FRAGMENT_DATA, (int)fragment->there,
                            ENC_NA);
    }
    if (fragment->padding > 0) {
        proto_tree_add_item(view->tree, hf_fragment_padding, view->tvb, (int)(RDGUDP_FRAGMENT_DATA + fragment->there),
                            (int)fragment->padding, ENC_NA);
    }
    return true;
}

static unsigned add_secured_fragment(const view_t *view, const rdgudp_packet_t *packet)
{
    rdgudp_fragment_t fragment;

    if (!add_fragment(view, &fragment)) {
        return 0;
    }
    unsigned findings = rdgudp_exploits_find_in_fragment(packet->length, fragment.id, fragment.count, fragment.length);
    report_findings(view, view->root, findings, &fragment);
    if (view->learns && fragment.id == 0) {
        rdgudp_channel_on_connect(&view->conv->channel, rdg_session_time(view->pinfo));
    }
    if (view->learns && (findings & RDGUDP_EXPLOITS_EXPLOIT)) {
        view->conv->channel.exploit = true;
    }
    if (fragment.there < fragment.length) {
        expert_add_info(view->pinfo, view->root, &ei_cut);
        return findings;
    }
    rdgudp_fragment_state_t *state = rdgudp_history_next_fragment(view->pinfo);
    tvbuff_t *whole = state != NULL ? reassemble(view, &fragment, state) : NULL;
    if (whole != NULL) {
        add_reassembled(view, whole);
    }
    return findings;
}

void rdgudp_tree_add_clear_fragment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root)
{
    view_t view = make_view(tvb, pinfo, tree, root, NULL, false);
    rdgudp_fragment_t fragment;

    proto_item_append_text(root, ", CONNECT_PKT_FRAGMENT without DTLS");
    col_set_str(pinfo->cinfo, COL_INFO, "CONNECT_PKT_FRAGMENT without DTLS");
    add_header(&view);
    add_fragment(&view, &fragment);
    expert_add_info(pinfo, root, &ei_clear_fragment);
}

/* }}} */
/* {{{ CONNECT_PKT_RESP and DISC_PKT */

static void add_code(const view_t *view, size_t at, const rdgudp_outcome_t *outcome, int hf, int hf_high)
{
    const char *name = rdg_names_result(outcome->code);

    proto_tree_add_item(view->tree, hf, view->tvb, (int)at, 4, ENC_LITTLE_ENDIAN);
    if (outcome->code_length == 8) {
        proto_tree_add_item(view->tree, hf_high, view->tvb, (int)at + 4, 4, ENC_LITTLE_ENDIAN);
    }
    proto_item_append_text(view->root, ", %s", name);
    col_append_fstr(view->pinfo->cinfo, COL_INFO, " %s", name);
}

static unsigned add_response(const view_t *view)
{
    rdgudp_outcome_t outcome;

    if (view->length >= RDGUDP_RESPONSE_RESULT) {
        proto_tree_add_item(view->tree, hf_mtu_up, view->tvb, RDGUDP_RESPONSE_MTU_UP, 2, ENC_LITTLE_ENDIAN);
        proto_tree_add_item(view->tree, hf_mtu_down, view->tvb, RDGUDP_RESPONSE_MTU_DOWN, 2, ENC_LITTLE_ENDIAN);
        proto_tree_add_item(view->tree, hf_isn, view->tvb, RDGUDP_RESPONSE_ISN, 4, ENC_LITTLE_ENDIAN);
    }
    if (!rdgudp_pdu_read_response(view->data, view->length, &outcome)) {
        add_cut(view, view->length >= RDGUDP_RESPONSE_RESULT ? RDGUDP_RESPONSE_RESULT : RDGUDP_PACKET_HEADER);
        return 0;
    }
    add_code(view, RDGUDP_RESPONSE_RESULT, &outcome, hf_result, hf_result_high);
    if (view->learns) {
        rdgudp_channel_on_response(&view->conv->channel, outcome.code);
        rdgudp_stream_set_initial(view->conv, true, octets_le32(view->data + RDGUDP_RESPONSE_ISN));
    }
    if (outcome.code != 0) {
        expert_add_info_format(view->pinfo, view->root, &ei_rejected, "The gateway rejects the channel: %s (0x%08x).",
                               rdg_names_result(outcome.code), outcome.code);
    }
    if (outcome.code == RDGUDP_E_UNEXPECTED) {
        expert_add_info(view->pinfo, view->root, &ei_e_unexpected);
        return RDGUDP_FINDING_UNEXPECTED;
    }
    return 0;
}

static void add_disconnect(const view_t *view)
{
    rdgudp_outcome_t outcome;

    bool is_read = rdgudp_pdu_read_disconnect(view->data, view->length, &outcome);
    if (view->learns && !view->conv->channel.closed) {
        view->conv->channel.closed = true;
        view->conv->channel.has_reason = is_read;
        view->conv->channel.reason = is_read ? outcome.code : 0;
    }
    if (!is_read) {
        add_cut(view, RDGUDP_DISCONNECT_REASON);
        return;
    }
    add_code(view, RDGUDP_DISCONNECT_REASON, &outcome, hf_reason, hf_reason_high);
}

/* }}} */
static void check_length(const view_t *view, const rdgudp_packet_t *packet)
{
    size_t body = view->length - RDGUDP_PACKET_HEADER;

    if (!rdgudp_pdu_fits(view->data, view->length, packet)) {
        expert_add_info_format(view->pinfo, view->root, &ei_length,
                               "The length pktLen is %u, where %u octet%s behind the header.", packet->length,
                               (unsigned)body, plurality(body, " is", "s are"));
    }
}

unsigned rdgudp_tree_add_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                                rdgudp_conv_t *conv, bool learns, unsigned *findings)
{
    view_t view = make_view(tvb, pinfo, tree, root, conv, learns);
    rdgudp_packet_t packet;
    bool is_packet = rdgudp_pdu_read_header(view.data, view.length, &packet);

    *findings = 0;
    if (learns) {
        conv->channel.packets += is_packet;
        conv->channel.no_packets += !is_packet;
    }
    if (!is_packet) {
        expert_add_info(pinfo, root, &ei_packet);
        proto_tree_add_item(tree, hf_pkt_data, tvb, 0, -1, ENC_NA);
        return 0;
    }
    const char *name = val_to_str_const(packet.id, rdgudp_names_packets, "packet");
    proto_item_append_text(root, ", %s", name);
    col_append_sep_str(pinfo->cinfo, COL_INFO, ", ", name);
    add_header(&view);
    check_length(&view, &packet);
    switch (packet.id) {
    case RDGUDP_CONNECT_REQ:
        if (learns) {
            rdgudp_channel_on_connect(&conv->channel, rdg_session_time(pinfo));
        }
        add_connect(&view);
        break;
    case RDGUDP_CONNECT_RESP:
        *findings = add_response(&view);
        break;
    case RDGUDP_PAYLOAD:
        if (learns) {
            conv->channel.has_data = true;
            if (conv->link != NULL) {
                conv->link->payload[rdgudp_session_is_from_gateway(conv, pinfo)] = true;
            }
        }
        if (!rdgudp_tree_data_add(tvb, RDGUDP_PACKET_HEADER, pinfo, tree, conv, learns)) {
            expert_add_info(pinfo, root, &ei_cut);
        }
        break;
    case RDGUDP_DISCONNECT:
        add_disconnect(&view);
        break;
    case RDGUDP_CONNECT_REQ_FRAGMENT:
        *findings = add_secured_fragment(&view, &packet);
        break;
    default:
        break;
    }
    return packet.id;
}

static void register_fields(int proto)
{
    static hf_register_info hf[] = {
        { &hf_pkt_id,
          { "pktID", "rdgudp.pkt_id", FT_UINT16, BASE_DEC, VALS(rdgudp_names_packets), 0, "MS-TSGU 2.2.5.4.1",
            HFILL } },
        { &hf_pkt_len,
          { "pktLen", "rdgudp.pkt_len", FT_UINT16, BASE_DEC, NULL, 0, "Octets behind the packet's header", HFILL } },
        { &hf_pkt_data, { "Packet data", "rdgudp.pkt_data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_target_port,
          { "usPortNumber", "rdgudp.target_port", FT_UINT16, BASE_DEC, NULL, 0,
            "Port of the target that the client asks for", HFILL } },
        { &hf_cookie_len,
          { "cbAuthnCookieLen", "rdgudp.cookie_len", FT_UINT16, BASE_DEC, NULL, 0, "Octets of the cookie", HFILL } },
        { &hf_mtu_up,
          { "uUpStreamMtu", "rdgudp.mtu.up", FT_UINT16, BASE_DEC, NULL, 0, "Octets, towards the target", HFILL } },
        { &hf_mtu_down,
          { "uDownStreamMtu", "rdgudp.mtu.down", FT_UINT16, BASE_DEC, NULL, 0, "Octets, towards the client", HFILL } },
        { &hf_lossy,
          { "fLossy", "rdgudp.lossy", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "RDPEUDP-L: what is inside is secured by DTLS, not by TLS", HFILL } },
        { &hf_isn,
          { "Initial sequence number", "rdgudp.isn", FT_UINT32, BASE_HEX, NULL, 0,
            "snSendISN of the client, snRecvISN of the target", HFILL } },
        { &hf_result,
          { "result", "rdgudp.result", FT_UINT32, BASE_HEX, VALS(rdg_names_results), 0,
            "Lower 32 bits; names from MS-TSGU 2.2.6", HFILL } },
        { &hf_result_high,
          { "result, upper 32 bits", "rdgudp.result.high", FT_UINT32, BASE_HEX, NULL, 0, "Only in the form of 8 octets",
            HFILL } },
        { &hf_reason,
          { "discReason", "rdgudp.reason", FT_UINT32, BASE_HEX, VALS(rdg_names_results), 0,
            "Lower 32 bits; names from MS-TSGU 2.2.6", HFILL } },
        { &hf_reason_high,
          { "discReason, upper 32 bits", "rdgudp.reason.high", FT_UINT32, BASE_HEX, NULL, 0,
            "Only in the form of 8 octets", HFILL } },
        { &hf_fragment_id,
          { "usFragmentID", "rdgudp.fragment.id", FT_UINT16, BASE_DEC, NULL, 0, "The first is 0", HFILL } },
        { &hf_fragment_count,
          { "usNoOfFragments", "rdgudp.fragment.count", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_fragment_length,
          { "cbFragmentLength", "rdgudp.fragment.length", FT_UINT16, BASE_DEC, NULL, 0, "Octets", HFILL } },
        { &hf_fragment_data, { "fragment", "rdgudp.fragment.data", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragment_padding,
          { "Padding", "rdgudp.fragment.padding", FT_BYTES, BASE_NONE, NULL, 0,
            "Clients may fill up the first fragment, MS-TSGU 3.8.3", HFILL } },
        { &hf_fragment_repeated,
          { "Repeated", "rdgudp.fragment.repeated", FT_BOOLEAN, BASE_NONE, NULL, 0,
            "The same fragment was sent before, as clients do until the gateway answers", HFILL } },
        { &hf_cookie, { "authnCookie", "rdgudp.cookie", FT_BYTES, BASE_NONE, NULL, 0, "CMS SignedData", HFILL } },
        { &hf_cookie_scheme, { "Scheme", "rdgudp.cookie.scheme", FT_STRING, BASE_NONE, NULL, 0, "UDPCOOKIE", HFILL } },
        { &hf_cookie_user, { "User", "rdgudp.cookie.user", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_cookie_expiry,
          { "Expires", "rdgudp.cookie.expiry", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0, NULL, HFILL } },
        { &hf_cookie_target_ip,
          { "Target's address", "rdgudp.cookie.target_ip", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_cookie_target_name,
          { "Target's name", "rdgudp.cookie.target_name", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_cookie_target_port,
          { "Target's port", "rdgudp.cookie.target_port", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_fragments, { "Fragments of CONNECT_PKT", "rdgudp.fragments", FT_NONE, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragments_fragment,
          { "Fragment", "rdgudp.fragments.fragment", FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragments_overlap,
          { "Overlap", "rdgudp.fragments.overlap", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragments_conflict,
          { "Conflicting overlap", "rdgudp.fragments.conflict", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragments_multiple_tails,
          { "Several last fragments", "rdgudp.fragments.multiple_tails", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL,
            HFILL } },
        { &hf_fragments_too_long,
          { "Fragment too long", "rdgudp.fragments.too_long", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragments_error,
          { "Reassembly error", "rdgudp.fragments.error", FT_FRAMENUM, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_fragments_count,
          { "Number of fragments", "rdgudp.fragments.count", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_fragments_reassembled_in,
          { "CONNECT_PKT complete in", "rdgudp.fragments.reassembled_in", FT_FRAMENUM, BASE_NONE, NULL, 0, NULL,
            HFILL } },
        { &hf_fragments_reassembled_length,
          { "Length of CONNECT_PKT", "rdgudp.fragments.reassembled_length", FT_UINT32, BASE_DEC, NULL, 0, "Octets",
            HFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
}

static void register_experts(int proto)
{
    static ei_register_info ei[] = {
        { &ei_packet,
          { "rdgudp.not_a_packet", PI_UNDECODED, PI_NOTE,
            "What DTLS decrypted is not a packet of the RD Gateway's UDP transport.", EXPFILL } },
        { &ei_cut,
          { "rdgudp.cut_short", PI_MALFORMED, PI_WARN, "The packet ends before all of its parts are there.",
            EXPFILL } },
        { &ei_length,
          { "rdgudp.bad_length", PI_MALFORMED, PI_WARN, "The packet's length does not fit its parts.", EXPFILL } },
        { &ei_rejected, { "rdgudp.rejected", PI_RESPONSE_CODE, PI_WARN, "The gateway rejects the channel.", EXPFILL } },
        { &ei_cve_2020_0610,
          { "rdgudp.cve_2020_0610", PI_SECURITY, PI_ERROR,
            "The fragment's id is over 64, which is the pattern of CVE-2020-0610.", EXPFILL } },
        { &ei_cve_2020_0609,
          { "rdgudp.cve_2020_0609", PI_SECURITY, PI_WARN,
            "The fragment ends beyond the gateway's connect buffer, which is the pattern of CVE-2020-0609.",
            EXPFILL } },
        { &ei_gateway_scan,
          { "rdgudp.gateway_scan", PI_SECURITY, PI_WARN,
            "Over 64 fragments are announced, which is a check for CVE-2020-0610.", EXPFILL } },
        { &ei_bad_fragment,
          { "rdgudp.bad_fragment", PI_SECURITY, PI_WARN, "The fragment's id is not below the number of fragments.",
            EXPFILL } },
        { &ei_odd_fragment,
          { "rdgudp.odd_fragment", PI_PROTOCOL, PI_NOTE, "The fragment has a length that no client sends.", EXPFILL } },
        { &ei_clear_fragment,
          { "rdgudp.cleartext_fragment", PI_SECURITY, PI_NOTE,
            "A CONNECT_PKT_FRAGMENT came without DTLS: a scanner's template (nuclei) sends this, no client does.",
            EXPFILL } },
        { &ei_e_unexpected,
          { "rdgudp.e_unexpected", PI_SECURITY, PI_NOTE,
            "The gateway refused with E_UNEXPECTED, as a patched one answers fragment numbers over 64.", EXPFILL } },
        { &ei_cookie,
          { "rdgudp.cookie.unknown", PI_UNDECODED, PI_NOTE, "The cookie is not signed text in six parts.", EXPFILL } },
        { &ei_clock,
          { "rdgudp.clock_off", PI_SEQUENCE, PI_NOTE, "The clock of the capture and that of the gateway differ.",
            EXPFILL } },
        { &ei_cookie_expired,
          { "rdgudp.cookie_expired", PI_SECURITY, PI_WARN, "The cookie expired before it was sent.", EXPFILL } },
    };

    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

void rdgudp_tree_register(int proto)
{
    static int *ett[] = { &ett_connect, &ett_cookie, &ett_fragments, &ett_fragment };

    register_fields(proto);
    proto_register_subtree_array(ett, array_length(ett));
    register_experts(proto);
    rdgudp_tree_data_register(proto);
    reassembly_table_register(&reassemblies, &addresses_ports_reassembly_table_functions);
}

void rdgudp_tree_start(int proto)
{
    rdgudp_inner_start(proto);
}
