/* rdghttp_inner.c
 * Hands what is inside the main channel to Wireshark's dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_inner.h"

#include <epan/exceptions.h>
#include <epan/proto_data.h>
#include <epan/show_exception.h>

#define RDP_PORT 3389
#define TPKT_VERSION 3
#define TLS_FIRST_TYPE 20
#define TLS_LAST_TYPE 24

/* No TPKT or TLS record is longer. */
#define LONGEST_UNIT 0x10100

/* Hangs on a packet while what it carries is being dissected. */
#define KEY_INSIDE 1

static int proto_rdghttp = -1;
static int owner = -1;
static ws_bool is_wanted = TRUE;

static dissector_handle_t tls_handle;
static dissector_handle_t tpkt_handle;
static dissector_handle_t gssapi_handle;
static dissector_handle_t ntlmssp_handle;

void rdghttp_inner_register(int proto, module_t *module)
{
    proto_rdghttp = proto;
    owner = frame_store_new_owner();
    prefs_register_bool_preference(module, "inner", "Dissect what DATA carries",
                                   "Hand the RDP stream inside the main channel to Wireshark's dissectors", &is_wanted);
}

void rdghttp_inner_start(int proto)
{
    tls_handle = find_dissector_add_dependency("tls", proto);
    tpkt_handle = find_dissector_add_dependency("tpkt", proto);
    gssapi_handle = find_dissector_add_dependency("gssapi", proto);
    ntlmssp_handle = find_dissector_add_dependency("ntlmssp", proto);
}

bool rdghttp_inner_is_running(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto_rdghttp, KEY_INSIDE) != NULL;
}

/* Calls a dissector from inside the one that decrypted. Whatever it does, the outer one must find PINFO as it left it.
 */
static void call_guarded(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const char *saved_proto = pinfo->current_proto;
    uint16_t saved_can_desegment = pinfo->can_desegment;
    uint32_t saved_srcport = pinfo->srcport;
    uint32_t saved_destport = pinfo->destport;
    uint32_t saved_match = pinfo->match_uint;

    pinfo->can_desegment = 0;
    p_add_proto_data(pinfo->pool, pinfo, proto_rdghttp, KEY_INSIDE, pinfo);
    TRY
    {
        call_dissector_only(handle, tvb, pinfo, tree, NULL);
    }
    CATCH_BOUNDS_AND_DISSECTOR_ERRORS
    {
        /* It is that dissector which gave up, not ours. */
        pinfo->current_proto = dissector_handle_get_protocol_short_name(handle);
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    FINALLY
    {
        pinfo->current_proto = saved_proto;
        pinfo->can_desegment = saved_can_desegment;
        pinfo->srcport = saved_srcport;
        pinfo->destport = saved_destport;
        pinfo->match_uint = saved_match;
        p_remove_proto_data(pinfo->pool, pinfo, proto_rdghttp, KEY_INSIDE);
    }
    ENDTRY;
}

/* The columns are the packet's line, not the token's. */
static void call_silent(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);

    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY
    {
        call_guarded(handle, tvb, pinfo, tree);
    }
    FINALLY
    {
        col_set_writable(pinfo->cinfo, -1, columns_writable);
    }
    ENDTRY;
}

/* The port that stands for the target while the inner RDP is dissected. The same on every pass, so the first use fixes
 * it. */
static uint32_t choose_port(rdghttp_session_t *session, uint32_t gateway_port)
{
    if (session->inner_port == 0) {
        uint32_t port = session->target_port != 0 ? session->target_port : RDP_PORT;
        session->inner_port = port != gateway_port ? port : port ^ 1;
    }
    return session->inner_port;
}

/* Wireshark keeps one TLS session per conversation. Inside the outer session's conversation, the inner one would take
 * its place, and nothing of the channel would be decrypted any more. So it gets a conversation of its own: the one that
 * the client would have with the target. Both channels of a session share it, since the inner session needs both
 * hellos. */
static void call_inside(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                        rdghttp_conn_t *conn)
{
    rdghttp_session_t *session = rdghttp_session_of(conn);
    uint32_t source_port = pinfo->srcport;
    uint32_t destination_port = pinfo->destport;

    if (rdghttp_session_is_from_gateway(conn, pinfo)) {
        pinfo->srcport = choose_port(session, source_port);
        pinfo->destport = session->client_port;
    } else {
        pinfo->srcport = session->client_port;
        pinfo->destport = choose_port(session, destination_port);
    }
    TRY
    {
        call_guarded(handle, tvb, pinfo, tree);
    }
    FINALLY
    {
        pinfo->srcport = source_port;
        pinfo->destport = destination_port;
    }
    ENDTRY;
}

static bool is_record(uint8_t first)
{
    return first >= TLS_FIRST_TYPE && first <= TLS_LAST_TYPE;
}

/* The octets of the units at AT that go to one dissector: a TPKT, or a run of TLS records. */
static unsigned run_length(tvbuff_t *tvb, unsigned at, unsigned end)
{
    uint8_t first = tvb_get_uint8(tvb, (int)at);
    unsigned start = at;

    do {
        const uint8_t *data = tvb_get_ptr(tvb, (int)at, (int)(end - at));
        size_t size = rdghttp_pdu_inner_unit(data, end - at);
        at += size > 0 ? (unsigned)size : end - at;
    } while (at < end && is_record(first) && is_record(tvb_get_uint8(tvb, (int)at)));
    return at - start;
}

void rdghttp_inner_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdghttp_conn_t *conn,
                        rdghttp_joined_t *joined)
{
    rdghttp_half_t *half = &conn->halves[rdghttp_session_is_from_gateway(conn, pinfo)];

    rdghttp_join_next(&half->inner, owner, rdghttp_pdu_inner_unit, LONGEST_UNIT, tvb, pinfo, "RDP inside RDGHTTP",
                      joined);
    if (!is_wanted || rdghttp_inner_is_running(pinfo)) {
        return;
    }
    for (unsigned at = 0; at < joined->units;) {
        uint8_t first = tvb_get_uint8(joined->tvb, (int)at);
        unsigned length = run_length(joined->tvb, at, joined->units);
        dissector_handle_t handle = first == TPKT_VERSION ? tpkt_handle : is_record(first) ? tls_handle : NULL;
        if (handle != NULL && first == TPKT_VERSION) {
            col_append_str(pinfo->cinfo, COL_INFO, ", "); /* TLS does it by itself */
            col_set_fence(pinfo->cinfo, COL_INFO);
        }
        if (handle != NULL && length > 0) {
            call_inside(handle, tvb_new_subset_length(joined->tvb, (int)at, (int)length), pinfo, tree, conn);
        }
        at += length;
    }
}

void rdghttp_inner_give_up(packet_info *pinfo, rdghttp_conn_t *conn)
{
    rdghttp_join_give_up(&conn->halves[rdghttp_session_is_from_gateway(conn, pinfo)].inner, pinfo);
}

void rdghttp_inner_call_token(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const rdghttp_span_t *token)
{
    uint8_t *octets = wmem_alloc(pinfo->pool, token->length / 4 * 3 + 3);
    const uint8_t *text = tvb_get_ptr(tvb, (int)token->offset, (int)token->length);
    size_t count = rdghttp_head_base64(text, token->length, octets);

    if (count == 0 || gssapi_handle == NULL) {
        return;
    }
    tvbuff_t *decoded = tvb_new_child_real_data(tvb, octets, (unsigned)count, (int)count);
    add_new_data_source(pinfo, decoded, "Negotiate token");
    call_silent(gssapi_handle, decoded, pinfo, tree);
}

void rdghttp_inner_call_ntlm(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (ntlmssp_handle != NULL) {
        call_silent(ntlmssp_handle, tvb, pinfo, tree);
    }
}
