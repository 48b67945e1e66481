/* rdgudp_inner.c
 * Hands what is inside a packet to Wireshark's dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_inner.h"

#include <epan/exceptions.h>
#include <epan/proto_data.h>
#include <epan/show_exception.h>

#include "rdgudp_rdpeudp.h"

#define RDP_PORT 3389

static dissector_handle_t tls_handle;
static dissector_handle_t dtls_handle;

/* Hangs on a packet while what it carries is being dissected. */
#define KEY_INSIDE 0

static int proto_rdgudp = -1;

void rdgudp_inner_start(int proto)
{
    proto_rdgudp = proto;
    tls_handle = find_dissector_add_dependency("tls", proto);
    dtls_handle = find_dissector_add_dependency("dtls", proto);
}

bool rdgudp_inner_is_running(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto_rdgudp, KEY_INSIDE) != NULL;
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

    p_add_proto_data(pinfo->pool, pinfo, proto_rdgudp, KEY_INSIDE, pinfo);
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
        p_remove_proto_data(pinfo->pool, pinfo, proto_rdgudp, KEY_INSIDE);
    }
    ENDTRY;
}

/* The port that stands for the gateway's while the inner DTLS is dissected. The same on every pass, so the first use
 * fixes it. */
static uint16_t choose_port(rdgudp_conv_t *conv)
{
    if (conv->inner_port == 0) {
        uint16_t port = conv->channel.target_port != 0 ? conv->channel.target_port : RDP_PORT;
        conv->inner_port = port != conv->gateway_port ? port : (uint16_t)(port ^ 1);
    }
    return conv->inner_port;
}

/* Wireshark keeps one DTLS session per conversation. Inside the outer session's conversation, the inner one would take
 * its place, and nothing of the channel would be decrypted any more. So it gets a conversation of its own: the one that
 * the client would have with the target. */
static void call_dtls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv)
{
    uint32_t srcport = pinfo->srcport;
    uint32_t destport = pinfo->destport;

    if (rdgudp_session_is_from_gateway(conv, pinfo)) {
        pinfo->srcport = choose_port(conv);
    } else {
        pinfo->destport = choose_port(conv);
    }
    TRY
    {
        call_guarded(dtls_handle, tvb, pinfo, tree);
    }
    FINALLY
    {
        pinfo->srcport = srcport;
        pinfo->destport = destport;
    }
    ENDTRY;
}

void rdgudp_inner_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv)
{
    unsigned captured = tvb_captured_length(tvb);

    if (rdgudp_inner_is_running(pinfo)) {
        return;
    }
    switch (rdgudp_rdpeudp_guess_inner(tvb_get_ptr(tvb, 0, (int)captured), captured)) {
    case RDGUDP_INNER_TLS:
        if (tls_handle != NULL) {
            call_guarded(tls_handle, tvb, pinfo, tree);
        }
        break;
    case RDGUDP_INNER_DTLS:
        if (dtls_handle != NULL) {
            call_dtls(tvb, pinfo, tree, conv);
        }
        break;
    case RDGUDP_INNER_UNKNOWN:
        break;
    }
}

void rdgudp_inner_call_cms(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    dissector_table_t syntaxes = find_dissector_table("ber.syntax");
    dissector_handle_t cms_handle = syntaxes != NULL ? dissector_get_string_handle(syntaxes, "ContentInfo") : NULL;

    if (cms_handle != NULL) {
        /* To CMS, signed data are a mail; the columns are not for that. */
        ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);
        col_set_writable(pinfo->cinfo, -1, FALSE);
        TRY
        {
            call_guarded(cms_handle, tvb, pinfo, tree);
        }
        FINALLY
        {
            col_set_writable(pinfo->cinfo, -1, columns_writable);
        }
        ENDTRY;
    }
}
