/* rdgudp_inner.c
 * Hands what is inside a packet to Wireshark's dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_inner.h"

#include "rdg/rdg_inner.h"
#include "rdgudp_rdpeudp.h"

static dissector_handle_t tls_handle;
static dissector_handle_t dtls_handle;

static int proto_rdgudp = -1;

void rdgudp_inner_start(int proto)
{
    proto_rdgudp = proto;
    tls_handle = find_dissector_add_dependency("tls", proto);
    dtls_handle = find_dissector_add_dependency("dtls", proto);
}

bool rdgudp_inner_is_running(packet_info *pinfo)
{
    return rdg_inner_is_running(pinfo, proto_rdgudp);
}

/* The port that stands for the gateway's is the same on every pass, so the first use fixes it. */
static void call_dtls(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv)
{
    bool from_gateway = rdgudp_session_is_from_gateway(conv, pinfo);

    if (conv->inner_port == 0) {
        conv->inner_port = (uint16_t)rdg_inner_choose_port(conv->channel.target_port, conv->gateway_port);
    }
    rdg_inner_call_tls(dtls_handle, tvb, pinfo, tree, proto_rdgudp, from_gateway ? conv->inner_port : pinfo->srcport,
                       from_gateway ? pinfo->destport : conv->inner_port);
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
            rdg_inner_call_tls(tls_handle, tvb, pinfo, tree, proto_rdgudp, pinfo->srcport, pinfo->destport);
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
        rdg_inner_call_silent(cms_handle, tvb, pinfo, tree, proto_rdgudp);
    }
}
