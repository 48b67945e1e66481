/* rdghttp_inner.c
 * Hands what is inside the main channel to Wireshark's dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_inner.h"

#include "rdg/rdg_inner.h"

#define TPKT_VERSION 3
#define TLS_FIRST_TYPE 20
#define TLS_LAST_TYPE 24

/* No TPKT or TLS record is longer. */
#define LONGEST_UNIT 0x10100

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
    return rdg_inner_is_running(pinfo, proto_rdghttp);
}

/* The port that stands for the target is the same on every pass, so the first use fixes it. Both channels of a session
 * share the inner conversation, since its TLS needs both hellos. */
static void call_inside(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                        rdghttp_conn_t *conn)
{
    rdghttp_session_t *session = rdghttp_session_of(conn);
    bool from_gateway = rdghttp_session_is_from_gateway(conn, pinfo);

    if (session->inner_port == 0) {
        session->inner_port =
            rdg_inner_choose_port(session->story.target_port, from_gateway ? pinfo->srcport : pinfo->destport);
    }
    uint32_t source_port = from_gateway ? session->inner_port : session->client_port;
    uint32_t destination_port = from_gateway ? session->client_port : session->inner_port;
    if (handle == tls_handle) {
        rdg_inner_call_tls(handle, tvb, pinfo, tree, proto_rdghttp, source_port, destination_port);
    } else {
        rdg_inner_call(handle, tvb, pinfo, tree, proto_rdghttp, source_port, destination_port);
    }
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
    rdg_inner_call_silent(gssapi_handle, decoded, pinfo, tree, proto_rdghttp);
}

void rdghttp_inner_call_ntlm(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (ntlmssp_handle != NULL) {
        rdg_inner_call_silent(ntlmssp_handle, tvb, pinfo, tree, proto_rdghttp);
    }
}
