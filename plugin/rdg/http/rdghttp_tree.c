/* rdghttp_tree.c
 * The trees of packets and heads of a main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_tree.h"

#include "base/tree_util.h"
#include "rdg/rdg_cookie_tree.h"
#include "rdg/rdg_names.h"
#include "rdghttp_inner.h"
#include "rdghttp_names.h"
#include "rdghttp_outcome.h"

static int proto_rdghttp = -1;

static int hf_session = -1;
static int hf_transport = -1;
static int hf_request_method = -1;
static int hf_request_uri = -1;
static int hf_header = -1;
static int hf_connection_id = -1;
static int hf_correlation_id = -1;
static int hf_user = -1;
static int hf_proxy_target = -1;
static int hf_client_build = -1;
static int hf_client_generation = -1;
static int hf_auth_scheme = -1;
static int hf_auth = -1;
static int hf_seed = -1;
static int hf_unknown = -1;
static int hf_part = -1;
static int hf_type = -1;
static int hf_reserved = -1;
static int hf_length = -1;
static int hf_version_major = -1;
static int hf_version_minor = -1;
static int hf_client_version = -1;
static int hf_server_version = -1;
static int hf_ext_auth = -1;
static int hf_ext_auth_sc = -1;
static int hf_ext_auth_paa = -1;
static int hf_ext_auth_sspi_ntlm = -1;
static int hf_ext_auth_bearer = -1;
static int hf_code = -1;
static int hf_auth_blob = -1;
static int hf_fields = -1;
static int hf_fields_paa_cookie = -1;
static int hf_fields_reauth_context = -1;
static int hf_fields_tunnel_id = -1;
static int hf_fields_caps = -1;
static int hf_fields_soh_request = -1;
static int hf_fields_consent = -1;
static int hf_fields_soh = -1;
static int hf_fields_redirection = -1;
static int hf_fields_idle_timeout = -1;
static int hf_fields_soh_response = -1;
static int hf_fields_channel_id = -1;
static int hf_fields_udp_cookie = -1;
static int hf_fields_udp_port = -1;
static int hf_caps = -1;
static int hf_caps_soh = -1;
static int hf_caps_idle_timeout = -1;
static int hf_caps_consent = -1;
static int hf_caps_service_message = -1;
static int hf_caps_reauth = -1;
static int hf_caps_udp = -1;
static int hf_tunnel_id = -1;
static int hf_channel_id = -1;
static int hf_reauth_context = -1;
static int hf_paa_cookie = -1;
static int hf_soh = -1;
static int hf_soh_response = -1;
static int hf_nonce = -1;
static int hf_nonce_octets = -1;
static int hf_server_cert = -1;
static int hf_consent = -1;
static int hf_client_name = -1;
static int hf_redirection = -1;
static int hf_redirection_enable_all = -1;
static int hf_redirection_disable_all = -1;
static int hf_redirection_drive = -1;
static int hf_redirection_printer = -1;
static int hf_redirection_port = -1;
static int hf_redirection_clipboard = -1;
static int hf_redirection_pnp = -1;
static int hf_idle_timeout = -1;
static int hf_num_resources = -1;
static int hf_num_alternatives = -1;
static int hf_target = -1;
static int hf_target_alternative = -1;
static int hf_target_port = -1;
static int hf_target_protocol = -1;
static int hf_udp_port = -1;
static int hf_udp_cookie = -1;
static int hf_udp_cookie_len = -1;
static int hf_cookie_scheme = -1;
static int hf_cookie_user = -1;
static int hf_cookie_expiry = -1;
static int hf_cookie_target_ip = -1;
static int hf_cookie_target_name = -1;
static int hf_cookie_target_port = -1;
static int hf_service_message = -1;
static int hf_data_len = -1;
static int hf_data = -1;
static int hf_carried = -1;
static int hf_parts = -1;
static int hf_joined_in = -1;
static int hf_response_in = -1;
static int hf_response_to = -1;
static int hf_took = -1;
static int hf_verdict = -1;
static int hf_udp_channel = -1;
static int hf_udp_first_frame = -1;

static int ett_rdghttp = -1;
static int ett_packet = -1;
static int ett_bits = -1;
static int ett_cookie = -1;

/* {{{ Parts of packets */

static int *const ext_auth_bits[] = { &hf_ext_auth_bearer, &hf_ext_auth_sspi_ntlm, &hf_ext_auth_paa, &hf_ext_auth_sc,
                                      NULL };
static int *const caps_bits[] = {
    &hf_caps_udp, &hf_caps_reauth, &hf_caps_service_message, &hf_caps_consent, &hf_caps_idle_timeout, &hf_caps_soh, NULL
};
static int *const redirection_bits[] = { &hf_redirection_enable_all, &hf_redirection_disable_all,
                                         &hf_redirection_pnp,        &hf_redirection_clipboard,
                                         &hf_redirection_port,       &hf_redirection_printer,
                                         &hf_redirection_drive,      NULL };
static int *const tunnel_create_bits[] = { &hf_fields_reauth_context, &hf_fields_paa_cookie, NULL };
static int *const tunnel_response_bits[] = { &hf_fields_consent, &hf_fields_soh_request, &hf_fields_caps,
                                             &hf_fields_tunnel_id, NULL };
static int *const tunnel_auth_bits[] = { &hf_fields_soh, NULL };
static int *const tunnel_auth_response_bits[] = { &hf_fields_soh_response, &hf_fields_idle_timeout,
                                                  &hf_fields_redirection, NULL };
static int *const channel_response_bits[] = { &hf_fields_udp_port, &hf_fields_udp_cookie, &hf_fields_channel_id, NULL };

typedef enum { NUMBER, BITS, TEXT, OCTETS } form_t;

/* How a part looks. */
static const struct {
    int *hf;
    form_t form;
    int *const *bits;
} looks[RDGHTTP_NUM_PARTS] = {
    [RDGHTTP_MAJOR] = { &hf_version_major, NUMBER, NULL },
    [RDGHTTP_MINOR] = { &hf_version_minor, NUMBER, NULL },
    [RDGHTTP_CLIENT_VERSION] = { &hf_client_version, NUMBER, NULL },
    [RDGHTTP_SERVER_VERSION] = { &hf_server_version, NUMBER, NULL },
    [RDGHTTP_EXT_AUTH] = { &hf_ext_auth, BITS, ext_auth_bits },
    [RDGHTTP_CODE] = { &hf_code, NUMBER, NULL },
    [RDGHTTP_AUTH_BLOB] = { &hf_auth_blob, OCTETS, NULL },
    [RDGHTTP_CAPS] = { &hf_caps, BITS, caps_bits },
    [RDGHTTP_FIELDS] = { &hf_fields, BITS, NULL },
    [RDGHTTP_RESERVED] = { &hf_reserved, NUMBER, NULL },
    [RDGHTTP_REAUTH_CONTEXT] = { &hf_reauth_context, NUMBER, NULL },
    [RDGHTTP_PAA_COOKIE] = { &hf_paa_cookie, OCTETS, NULL },
    [RDGHTTP_TUNNEL_ID] = { &hf_tunnel_id, NUMBER, NULL },
    [RDGHTTP_NONCE] = { &hf_nonce, OCTETS, NULL },
    [RDGHTTP_SERVER_CERT] = { &hf_server_cert, TEXT, NULL },
    [RDGHTTP_CONSENT] = { &hf_consent, TEXT, NULL },
    [RDGHTTP_CLIENT_NAME] = { &hf_client_name, TEXT, NULL },
    [RDGHTTP_SOH] = { &hf_soh, OCTETS, NULL },
    [RDGHTTP_REDIRECTION] = { &hf_redirection, BITS, redirection_bits },
    [RDGHTTP_IDLE_TIMEOUT] = { &hf_idle_timeout, NUMBER, NULL },
    [RDGHTTP_SOH_RESPONSE] = { &hf_soh_response, OCTETS, NULL },
    [RDGHTTP_NUM_RESOURCES] = { &hf_num_resources, NUMBER, NULL },
    [RDGHTTP_NUM_ALTERNATIVES] = { &hf_num_alternatives, NUMBER, NULL },
    [RDGHTTP_TARGET_PORT] = { &hf_target_port, NUMBER, NULL },
    [RDGHTTP_TARGET_PROTOCOL] = { &hf_target_protocol, NUMBER, NULL },
    [RDGHTTP_TARGET] = { &hf_target, TEXT, NULL },
    [RDGHTTP_TARGET_ALTERNATIVE] = { &hf_target_alternative, TEXT, NULL },
    [RDGHTTP_CHANNEL_ID] = { &hf_channel_id, NUMBER, NULL },
    [RDGHTTP_UDP_PORT] = { &hf_udp_port, NUMBER, NULL },
    [RDGHTTP_UDP_COOKIE] = { &hf_udp_cookie, OCTETS, NULL },
    [RDGHTTP_DATA_OCTETS] = { &hf_data, OCTETS, NULL },
    [RDGHTTP_MESSAGE] = { &hf_service_message, TEXT, NULL },
    [RDGHTTP_REST] = { &hf_unknown, OCTETS, NULL },
};

/* Each packet with optional parts has bits of its own. */
static int *const *bits_of_fields(uint16_t type)
{
    switch (type) {
    case RDGHTTP_TUNNEL_CREATE:
        return tunnel_create_bits;
    case RDGHTTP_TUNNEL_RESPONSE:
        return tunnel_response_bits;
    case RDGHTTP_TUNNEL_AUTH:
        return tunnel_auth_bits;
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
        return tunnel_auth_response_bits;
    default:
        return channel_response_bits;
    }
}

/* The parts of the signed text, when the cookie is such. */
static void add_cookie(tvbuff_t *tvb, proto_item *item, const rdghttp_part_t *part)
{
    static const rdg_cookie_fields_t fields = { {
        [RDG_COOKIE_SCHEME] = &hf_cookie_scheme,
        [RDG_COOKIE_USER] = &hf_cookie_user,
        [RDG_COOKIE_EXPIRY] = &hf_cookie_expiry,
        [RDG_COOKIE_TARGET_IP] = &hf_cookie_target_ip,
        [RDG_COOKIE_TARGET_NAME] = &hf_cookie_target_name,
        [RDG_COOKIE_TARGET_PORT] = &hf_cookie_target_port,
    } };
    int base = (int)part->offset;
    rdg_cookie_t cookie;
    nstime_t expiry;

    if (rdg_cookie_read(tvb_get_ptr(tvb, base, (int)part->length), part->length, &cookie)) {
        rdg_cookie_tree_add(tvb, proto_item_add_subtree(item, ett_cookie), base, &cookie, &fields, &expiry);
    }
}

static void add_octets(tvbuff_t *tvb, proto_tree *tree, const rdghttp_part_t *part)
{
    int offset = (int)part->offset;
    int length = (int)part->length;

    if (part->kind == RDGHTTP_NONCE && length == 16) {
        proto_tree_add_item(tree, hf_nonce, tvb, offset, length, ENC_LITTLE_ENDIAN);
        return;
    }
    if (part->kind == RDGHTTP_UDP_COOKIE) {
        proto_tree_add_item(tree, hf_udp_cookie_len, tvb, offset - 2, 2, ENC_LITTLE_ENDIAN);
    } else if (part->kind == RDGHTTP_DATA_OCTETS) {
        proto_tree_add_item(tree, hf_data_len, tvb, offset - 2, 2, ENC_LITTLE_ENDIAN);
    }
    if (length == 0) {
        return;
    }
    int hf = part->kind == RDGHTTP_NONCE ? hf_nonce_octets : *looks[part->kind].hf;
    proto_item *item = proto_tree_add_item(tree, hf, tvb, offset, length, ENC_NA);
    if (part->kind == RDGHTTP_UDP_COOKIE) {
        add_cookie(tvb, item, part);
    }
}

static void add_part(tvbuff_t *tvb, proto_tree *tree, uint16_t type, const rdghttp_part_t *part)
{
    int hf = *looks[part->kind].hf;

    switch (looks[part->kind].form) {
    case NUMBER:
        proto_tree_add_item(tree, hf, tvb, (int)part->offset, (int)part->length, ENC_LITTLE_ENDIAN);
        break;
    case BITS: {
        int *const *bits = looks[part->kind].bits != NULL ? looks[part->kind].bits : bits_of_fields(type);
        proto_tree_add_bitmask(tree, tvb, (int)part->offset, hf, ett_bits, bits, ENC_LITTLE_ENDIAN);
        break;
    }
    case TEXT:
        /* Some senders count the NUL that ends it, and some write none. */
        proto_tree_add_item(tree, hf, tvb, (int)part->offset, (int)part->length, ENC_UTF_16 | ENC_LITTLE_ENDIAN);
        break;
    case OCTETS:
        add_octets(tvb, tree, part);
        break;
    }
}

/* What came of an offer, as soon as the whole file is known: the verdict on the session, and its channels. */
static void add_offer(tvbuff_t *tvb, proto_tree *tree, const rdghttp_session_t *session)
{
    tree_util_add_uint(tree, hf_verdict, tvb, rdghttp_outcome_of_offers(session).verdict);
    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        for (const rdg_link_t *link = one->offer->links; link != NULL; link = link->next_of_offer) {
            tree_util_add_uint(tree, hf_udp_channel, tvb, rdg_link_describe(link).channel);
            if (frame_record_is_shown(link->first)) {
                tree_util_add_uint(tree, hf_udp_first_frame, tvb, frame_record_number(link->first));
            }
        }
    }
}

static void add_note(tvbuff_t *tvb, proto_tree *tree, const rdghttp_pdu_t *pdu, const rdghttp_note_t *note)
{
    if (note->is_offer && frame_store_is_whole()) {
        add_offer(tvb, tree, note->session);
    } else {
        tree_util_add_uint(tree, hf_verdict, tvb, rdghttp_outcome_is_stall(note) ? RDGHTTP_UDP_STALLED : note->verdict);
    }
    if (note->peer == NULL || !frame_record_is_shown(note->peer)) {
        return;
    }
    bool is_answer = rdghttp_session_is_answer(pdu->type);
    tree_util_add_uint(tree, is_answer ? hf_response_to : hf_response_in, tvb, frame_record_number(note->peer));
    if (is_answer) {
        proto_item_set_generated(proto_tree_add_time(tree, hf_took, tvb, 0, 0, &note->took));
    }
}

proto_item *rdghttp_tree_add_packet(tvbuff_t *tvb, proto_tree *tree, const rdghttp_pdu_t *pdu,
                                    const rdghttp_note_t *note)
{
    const char *name = val_to_str_const(pdu->type, rdghttp_names_types, "Unknown packet");
    proto_item *item;
    proto_tree *packet_tree =
        proto_tree_add_subtree_format(tree, tvb, 0, -1, ett_packet, &item, "%s, %u octets", name, pdu->length);

    proto_tree_add_item(packet_tree, hf_type, tvb, 0, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet_tree, hf_reserved, tvb, 2, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(packet_tree, hf_length, tvb, 4, 4, ENC_LITTLE_ENDIAN);
    for (unsigned i = 0; i < pdu->num_parts; i++) {
        add_part(tvb, packet_tree, pdu->type, &pdu->parts[i]);
    }
    if (note != NULL) {
        add_note(tvb, packet_tree, pdu, note);
    }
    return item;
}

/* }}} */
/* {{{ What packets come in */

proto_item *rdghttp_tree_begin(tvbuff_t *tvb, proto_tree *parent, const rdghttp_session_t *session, proto_tree **tree)
{
    proto_item *item = proto_tree_add_item(parent, proto_rdghttp, tvb, 0, -1, ENC_NA);

    *tree = proto_item_add_subtree(item, ett_rdghttp);
    tree_util_add_uint(*tree, hf_session, tvb, session->trunk.number);
    if (session->transport != RDGHTTP_NO_TRANSPORT) {
        tree_util_add_uint(*tree, hf_transport, tvb, session->transport);
    }
    return item;
}

void rdghttp_tree_add_joined(proto_tree *tree, const rdghttp_joined_t *joined)
{
    if (joined->carried > 0) {
        tree_util_add_uint(tree, hf_carried, joined->tvb, joined->carried);
        tree_util_add_uint(tree, hf_parts, joined->tvb, joined->parts);
    }
}

void rdghttp_tree_add_part(tvbuff_t *tvb, proto_tree *tree, unsigned at, const rdghttp_joined_t *joined)
{
    proto_tree_add_item(tree, hf_part, tvb, (int)at, -1, ENC_NA);
    if (joined != NULL && joined->end != NULL && frame_record_is_shown(joined->end)) {
        tree_util_add_uint(tree, hf_joined_in, tvb, frame_record_number(joined->end));
    }
}

proto_item *rdghttp_tree_add_octets(tvbuff_t *tvb, proto_tree *tree, unsigned at, unsigned length, bool is_seed)
{
    return proto_tree_add_item(tree, is_seed ? hf_seed : hf_unknown, tvb, (int)at, (int)length, ENC_NA);
}

/* }}} */
/* {{{ Heads */

static void add_span(tvbuff_t *tvb, proto_tree *tree, int hf, const rdghttp_span_t *span)
{
    if (span->length > 0) {
        proto_tree_add_item(tree, hf, tvb, (int)span->offset, (int)span->length, ENC_ASCII);
    }
}

static void add_guid(tvbuff_t *tvb, proto_tree *tree, int hf, const rdghttp_span_t *span, const rdghttp_guid_t *guid)
{
    if (guid->is_there) {
        e_guid_t id = { .data1 = guid->data1, .data2 = guid->data2, .data3 = guid->data3 };
        memcpy(id.data4, guid->data4, sizeof id.data4);
        proto_tree_add_guid(tree, hf, tvb, (int)span->offset, (int)span->length, &id);
    }
}

/* Base64 of UTF-16; what is neither stays as it is. */
static void add_user(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdghttp_span_t *span)
{
    const char *name = rdghttp_story_read_user(pinfo->pool, tvb, span);

    if (name == NULL) {
        add_span(tvb, tree, hf_user, span);
    } else {
        proto_tree_add_string(tree, hf_user, tvb, (int)span->offset, (int)span->length, name);
    }
}

static void add_lines(tvbuff_t *tvb, proto_tree *tree)
{
    int offset = 0;
    int next;

    while (tvb_captured_length_remaining(tvb, offset) > 0) {
        int length = tvb_find_line_end(tvb, offset, -1, &next, FALSE);
        if (length > 0) {
            proto_tree_add_item(tree, hf_header, tvb, offset, length, ENC_ASCII);
        }
        if (next <= offset) {
            break;
        }
        offset = next;
    }
}

void rdghttp_tree_add_request(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdghttp_head_t *head)
{
    int length = (int)tvb_captured_length(tvb);
    rdghttp_auth_t auth = rdghttp_head_auth(tvb_get_ptr(tvb, 0, length), head);

    add_lines(tvb, tree);
    add_span(tvb, tree, hf_request_method, &head->method_text);
    add_span(tvb, tree, hf_request_uri, &head->uri);
    add_guid(tvb, tree, hf_connection_id, &head->connection_id_text, &head->connection_id);
    add_guid(tvb, tree, hf_correlation_id, &head->correlation_id_text, &head->correlation_id);
    add_user(tvb, pinfo, tree, &head->user);
    add_span(tvb, tree, hf_client_build, &head->client_build);
    add_span(tvb, tree, hf_client_generation, &head->client_generation);
    add_span(tvb, tree, hf_auth_scheme, &head->auth_scheme);
    if (auth != RDGHTTP_AUTH_UNKNOWN) {
        tree_util_add_uint(tree, hf_auth, tvb, auth);
    }
    if (auth == RDGHTTP_AUTH_KERBEROS || auth == RDGHTTP_AUTH_NTLM) {
        rdghttp_span_t token = head->authorization;
        while (token.length > 0 && tvb_get_uint8(tvb, (int)token.offset) != ' ') {
            token.offset++;
            token.length--;
        }
        if (token.length > 1) {
            token.offset++;
            token.length--;
            rdghttp_inner_call_token(tvb, pinfo, tree, &token);
        }
    }
}

void rdghttp_tree_add_proxy(tvbuff_t *tvb, proto_tree *tree, const rdghttp_conn_t *conn)
{
    if (conn->proxy_target != NULL) {
        tree_util_add_string(tree, hf_proxy_target, tvb, conn->proxy_target);
    }
}

void rdghttp_tree_add_answer(tvbuff_t *tvb, proto_tree *tree, const rdghttp_head_t *head)
{
    add_span(tvb, tree, hf_auth_scheme, &head->auth_scheme);
}

void rdghttp_tree_add_verdict(tvbuff_t *tvb, proto_tree *tree, rdghttp_verdict_t verdict)
{
    tree_util_add_uint(tree, hf_verdict, tvb, verdict);
}

/* }}} */
/* {{{ Registration */

static void register_head_fields(int proto)
{
    static hf_register_info hf[] = {
        { &hf_session,
          { "Session", "rdghttp.session", FT_UINT32, BASE_DEC, NULL, 0,
            "A WebSocket connection, or the two channels of one connection id", HFILL } },
        { &hf_transport,
          { "Transport", "rdghttp.transport", FT_UINT8, BASE_DEC, VALS(rdghttp_names_transports), 0, NULL, HFILL } },
        { &hf_request_method,
          { "Method", "rdghttp.request.method", FT_STRING, BASE_NONE, NULL, 0, "RDG_OUT_DATA or RDG_IN_DATA", HFILL } },
        { &hf_request_uri, { "URI", "rdghttp.request.uri", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_header, { "Line of the request", "rdghttp.request.line", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_connection_id,
          { "RDG-Connection-Id", "rdghttp.connection_id", FT_GUID, BASE_NONE, NULL, 0,
            "Made by the client; the same in both channels of a session", HFILL } },
        { &hf_correlation_id,
          { "RDG-Correlation-Id", "rdghttp.correlation_id", FT_GUID, BASE_NONE, NULL, 0,
            "Stands in the gateway's event log", HFILL } },
        { &hf_proxy_target,
          { "Target of the proxy's tunnel", "rdghttp.proxy_target", FT_STRING, BASE_NONE, NULL, 0,
            "The gateway as the client names it to the proxy with CONNECT, by which the connection goes", HFILL } },
        { &hf_user,
          { "RDG-User-Id", "rdghttp.user", FT_STRING, BASE_NONE, NULL, 0, "As the client says it; for logs only",
            HFILL } },
        { &hf_client_build,
          { "RDG-Client-AppBuild", "rdghttp.client_build", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_client_generation,
          { "RDG-Client-Generation", "rdghttp.client_generation", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_auth_scheme, { "RDG-Auth-Scheme", "rdghttp.auth_scheme", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_auth,
          { "Authentication", "rdghttp.auth", FT_UINT8, BASE_DEC, VALS(rdghttp_names_auth), 0,
            "What the request brings along", HFILL } },
        { &hf_seed,
          { "Seed", "rdghttp.seed", FT_BYTES, BASE_NONE, NULL, 0, "Before the first packet of the gateway's channel",
            HFILL } },
        { &hf_unknown,
          { "Octets that nothing describes", "rdghttp.unknown", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_part,
          { "Part of a packet", "rdghttp.part", FT_BYTES, BASE_NONE, NULL, 0, "The rest comes later", HFILL } },
        { &hf_carried,
          { "Octets from before", "rdghttp.carried", FT_UINT32, BASE_DEC, NULL, 0, "Which earlier messages brought",
            HFILL } },
        { &hf_parts, { "Messages joined", "rdghttp.parts", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_joined_in,
          { "Whole in", "rdghttp.joined_in", FT_FRAMENUM, BASE_NONE, NULL, 0, "Where the packet's last octet comes",
            HFILL } },
        { &hf_response_in,
          { "Answered in", "rdghttp.response_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, NULL,
            HFILL } },
        { &hf_response_to,
          { "Answer to", "rdghttp.response_to", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL,
            HFILL } },
        { &hf_took, { "Time from the request", "rdghttp.time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_verdict,
          { "UDP", "rdghttp.udp.verdict", FT_UINT8, BASE_DEC, VALS(rdghttp_names_verdicts), 0,
            "What is known at this packet of UDP for the session; on the packet that offers UDP, from the second pass "
            "on, "
            "what came of it",
            HFILL } },
        { &hf_udp_channel,
          { "UDP channel", "rdghttp.udp.channel", FT_UINT32, BASE_DEC, NULL, 0,
            "rdgudp.channel of a channel that follows the offer", HFILL } },
        { &hf_udp_first_frame,
          { "UDP channel begins in", "rdghttp.udp.first_frame", FT_FRAMENUM, BASE_NONE, NULL, 0, "Its ClientHello",
            HFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
}

static void register_packet_fields(int proto)
{
    static hf_register_info hf[] = {
        { &hf_type,
          { "packetType", "rdghttp.type", FT_UINT16, BASE_DEC, VALS(rdghttp_names_types), 0, "MS-TSGU 2.2.5.3.3",
            HFILL } },
        { &hf_reserved, { "reserved", "rdghttp.reserved", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_length,
          { "packetLength", "rdghttp.length", FT_UINT32, BASE_DEC, NULL, 0, "With the packet's header", HFILL } },
        { &hf_version_major, { "verMajor", "rdghttp.version.major", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_version_minor, { "verMinor", "rdghttp.version.minor", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_client_version,
          { "clientVersion", "rdghttp.client_version", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_server_version,
          { "serverVersion", "rdghttp.server_version", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_ext_auth,
          { "ExtendedAuth", "rdghttp.ext_auth", FT_UINT16, BASE_HEX, NULL, 0,
            "What the client uses, or what the gateway takes", HFILL } },
        { &hf_ext_auth_sc, { "Smart card", "rdghttp.ext_auth.sc", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_ext_auth_paa, { "PAA", "rdghttp.ext_auth.paa", FT_BOOLEAN, 16, NULL, 0x0002, NULL, HFILL } },
        { &hf_ext_auth_sspi_ntlm, { "NTLM", "rdghttp.ext_auth.sspi_ntlm", FT_BOOLEAN, 16, NULL, 0x0004, NULL, HFILL } },
        { &hf_ext_auth_bearer, { "Bearer", "rdghttp.ext_auth.bearer", FT_BOOLEAN, 16, NULL, 0x0008, NULL, HFILL } },
        { &hf_code,
          { "Code", "rdghttp.code", FT_UINT32, BASE_HEX, VALS(rdg_names_results), 0,
            "errorCode or statusCode; names from MS-TSGU 2.2.6", HFILL } },
        { &hf_auth_blob,
          { "authBlob", "rdghttp.auth_blob", FT_BYTES, BASE_NONE, NULL, 0, "Message of the extended authentication",
            HFILL } },
        { &hf_fields, { "fieldsPresent", "rdghttp.fields", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_fields_paa_cookie,
          { "PAA cookie", "rdghttp.fields.paa_cookie", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_fields_reauth_context,
          { "Context of the old tunnel", "rdghttp.fields.reauth_context", FT_BOOLEAN, 16, NULL, 0x0002, NULL, HFILL } },
        { &hf_fields_tunnel_id,
          { "Tunnel id", "rdghttp.fields.tunnel_id", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_fields_caps, { "Capabilities", "rdghttp.fields.caps", FT_BOOLEAN, 16, NULL, 0x0002, NULL, HFILL } },
        { &hf_fields_soh_request,
          { "Nonce and certificate", "rdghttp.fields.soh_request", FT_BOOLEAN, 16, NULL, 0x0004, NULL, HFILL } },
        { &hf_fields_consent,
          { "Consent message", "rdghttp.fields.consent", FT_BOOLEAN, 16, NULL, 0x0010, NULL, HFILL } },
        { &hf_fields_soh, { "Statement of health", "rdghttp.fields.soh", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_fields_redirection,
          { "Redirection", "rdghttp.fields.redirection", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_fields_idle_timeout,
          { "Idle time-out", "rdghttp.fields.idle_timeout", FT_BOOLEAN, 16, NULL, 0x0002, NULL, HFILL } },
        { &hf_fields_soh_response,
          { "Answer to the statement of health", "rdghttp.fields.soh_response", FT_BOOLEAN, 16, NULL, 0x0004, NULL,
            HFILL } },
        { &hf_fields_channel_id,
          { "Channel id", "rdghttp.fields.channel_id", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_fields_udp_cookie,
          { "UDP cookie", "rdghttp.fields.udp_cookie", FT_BOOLEAN, 16, NULL, 0x0002, NULL, HFILL } },
        { &hf_fields_udp_port, { "UDP port", "rdghttp.fields.udp_port", FT_BOOLEAN, 16, NULL, 0x0004, NULL, HFILL } },
        { &hf_caps, { "capsFlags", "rdghttp.caps", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_caps_soh,
          { "Statement of health", "rdghttp.caps.soh", FT_BOOLEAN, 32, NULL, RDGHTTP_CAPS_SOH, NULL, HFILL } },
        { &hf_caps_idle_timeout,
          { "Idle time-out", "rdghttp.caps.idle_timeout", FT_BOOLEAN, 32, NULL, RDGHTTP_CAPS_IDLE_TIMEOUT, NULL,
            HFILL } },
        { &hf_caps_consent,
          { "Consent message", "rdghttp.caps.consent", FT_BOOLEAN, 32, NULL, RDGHTTP_CAPS_CONSENT, NULL, HFILL } },
        { &hf_caps_service_message,
          { "Service messages", "rdghttp.caps.service_message", FT_BOOLEAN, 32, NULL, RDGHTTP_CAPS_SERVICE_MESSAGE,
            NULL, HFILL } },
        { &hf_caps_reauth,
          { "Authentication anew", "rdghttp.caps.reauth", FT_BOOLEAN, 32, NULL, RDGHTTP_CAPS_REAUTH, NULL, HFILL } },
        { &hf_caps_udp, { "UDP", "rdghttp.caps.udp", FT_BOOLEAN, 32, NULL, RDGHTTP_CAPS_UDP, NULL, HFILL } },
        { &hf_tunnel_id,
          { "tunnelId", "rdghttp.tunnel_id", FT_UINT32, BASE_DEC, NULL, 0, "Stands in the gateway's event log",
            HFILL } },
        { &hf_channel_id, { "channelId", "rdghttp.channel_id", FT_UINT32, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_reauth_context,
          { "reauthTunnelContext", "rdghttp.reauth_context", FT_UINT64, BASE_HEX, NULL, 0,
            "The tunnel that is to be authenticated anew", HFILL } },
        { &hf_paa_cookie, { "PAA cookie", "rdghttp.paa_cookie", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_soh, { "statementOfHealth", "rdghttp.soh", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_soh_response, { "SoHResponse", "rdghttp.soh_response", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_nonce, { "nonce", "rdghttp.nonce", FT_GUID, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_nonce_octets,
          { "nonce", "rdghttp.nonce_octets", FT_BYTES, BASE_NONE, NULL, 0,
            "Of another length than the specification's 16 octets", HFILL } },
        { &hf_server_cert, { "serverCert", "rdghttp.server_cert", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_consent, { "consentMessage", "rdghttp.consent", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_client_name,
          { "clientName", "rdghttp.client_name", FT_STRING, BASE_NONE, NULL, 0, "The client's computer", HFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
}

static void register_channel_fields(int proto)
{
    static hf_register_info hf[] = {
        { &hf_redirection,
          { "redirFlags", "rdghttp.redirection", FT_UINT32, BASE_HEX, NULL, 0, "What the gateway's policy says",
            HFILL } },
        { &hf_redirection_enable_all,
          { "All allowed", "rdghttp.redirection.enable_all", FT_BOOLEAN, 32, NULL, 0x80000000, NULL, HFILL } },
        { &hf_redirection_disable_all,
          { "All forbidden", "rdghttp.redirection.disable_all", FT_BOOLEAN, 32, NULL, 0x40000000, NULL, HFILL } },
        { &hf_redirection_drive,
          { "Drives forbidden", "rdghttp.redirection.drive", FT_BOOLEAN, 32, NULL, 0x00000001, NULL, HFILL } },
        { &hf_redirection_printer,
          { "Printers forbidden", "rdghttp.redirection.printer", FT_BOOLEAN, 32, NULL, 0x00000002, NULL, HFILL } },
        { &hf_redirection_port,
          { "Ports forbidden", "rdghttp.redirection.port", FT_BOOLEAN, 32, NULL, 0x00000004, NULL, HFILL } },
        { &hf_redirection_clipboard,
          { "Clipboard forbidden", "rdghttp.redirection.clipboard", FT_BOOLEAN, 32, NULL, 0x00000008, NULL, HFILL } },
        { &hf_redirection_pnp,
          { "Plug and play forbidden", "rdghttp.redirection.pnp", FT_BOOLEAN, 32, NULL, 0x00000010, NULL, HFILL } },
        { &hf_idle_timeout,
          { "idleTimeout", "rdghttp.idle_timeout", FT_UINT32, BASE_DEC, NULL, 0, "Minutes; 0 for none", HFILL } },
        { &hf_num_resources, { "numResources", "rdghttp.target.count", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_num_alternatives,
          { "numAltResources", "rdghttp.target.alternative_count", FT_UINT8, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_target,
          { "Target", "rdghttp.target", FT_STRING, BASE_NONE, NULL, 0, "Where the session is to go", HFILL } },
        { &hf_target_alternative,
          { "Alternative target", "rdghttp.target.alternative", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_target_port, { "port", "rdghttp.target_port", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_target_protocol,
          { "protocol", "rdghttp.target_protocol", FT_UINT16, BASE_DEC, VALS(rdghttp_names_protocols), 0, NULL,
            HFILL } },
        { &hf_udp_port,
          { "udpPort", "rdghttp.udp_port", FT_UINT16, BASE_DEC, NULL, 0, "Where the gateway takes UDP", HFILL } },
        { &hf_udp_cookie,
          { "authnCookie", "rdghttp.udp_cookie", FT_BYTES, BASE_NONE, NULL, 0,
            "For the CONNECT_PKT of the UDP channel; CMS SignedData", HFILL } },
        { &hf_udp_cookie_len,
          { "Length of the cookie", "rdghttp.udp_cookie_len", FT_UINT16, BASE_DEC, NULL, 0, "Octets", HFILL } },
        { &hf_cookie_scheme, { "Scheme", "rdghttp.cookie.scheme", FT_STRING, BASE_NONE, NULL, 0, "UDPCOOKIE", HFILL } },
        { &hf_cookie_user, { "User", "rdghttp.cookie.user", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_cookie_expiry,
          { "Expires", "rdghttp.cookie.expiry", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0, NULL, HFILL } },
        { &hf_cookie_target_ip,
          { "Target's address", "rdghttp.cookie.target_ip", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_cookie_target_name,
          { "Target's name", "rdghttp.cookie.target_name", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_cookie_target_port,
          { "Target's port", "rdghttp.cookie.target_port", FT_UINT16, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_service_message,
          { "Service message", "rdghttp.service_message", FT_STRING, BASE_NONE, NULL, 0, "Shown to the user", HFILL } },
        { &hf_data_len, { "cbDataLen", "rdghttp.data_len", FT_UINT16, BASE_DEC, NULL, 0, "Octets of RDP", HFILL } },
        { &hf_data, { "Data", "rdghttp.data", FT_BYTES, BASE_NONE, NULL, 0, "Part of the RDP stream", HFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
}

void rdghttp_tree_register(int proto)
{
    static int *ett[] = { &ett_rdghttp, &ett_packet, &ett_bits, &ett_cookie };

    proto_rdghttp = proto;
    register_head_fields(proto);
    register_packet_fields(proto);
    register_channel_fields(proto);
    proto_register_subtree_array(ett, array_length(ett));
}

/* }}} */
