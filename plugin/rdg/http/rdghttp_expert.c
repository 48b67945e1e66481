/* rdghttp_expert.c
 * What is remarkable about a packet of a main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_expert.h"

#include <epan/expert.h>

#include "rdg/rdg_names.h"
#include "rdghttp_names.h"
#include "rdghttp_outcome.h"
#include "rdghttp_setup.h"

/* E_PROXY_SESSIONTIMEOUT, with which a gateway ends a session whose time is up. */
#define SESSION_TIMEOUT 0x59f6
#define SESSION_TIMEOUT_HRESULT 0x800759f6

static expert_field ei_not_announced = EI_INIT;
static expert_field ei_not_offered = EI_INIT;
static expert_field ei_unused = EI_INIT;
static expert_field ei_no_answer = EI_INIT;
static expert_field ei_stopped = EI_INIT;
static expert_field ei_failed = EI_INIT;
static expert_field ei_rejected = EI_INIT;
static expert_field ei_in_use = EI_INIT;
static expert_field ei_udp_closed = EI_INIT;
static expert_field ei_silent = EI_INIT;
static expert_field ei_unclear = EI_INIT;
static expert_field ei_refused = EI_INIT;
static expert_field ei_http_refused = EI_INIT;
static expert_field ei_setup_stopped = EI_INIT;
static expert_field ei_rpc_transport = EI_INIT;
static expert_field ei_closed = EI_INIT;
static expert_field ei_session_timeout = EI_INIT;
static expert_field ei_reauth = EI_INIT;
static expert_field ei_bad_length = EI_INIT;
static expert_field ei_not_captured = EI_INIT;
static expert_field ei_out_of_order = EI_INIT;
static expert_field ei_cookie_mismatch = EI_INIT;
static expert_field ei_unknown_type = EI_INIT;
static expert_field ei_no_packet = EI_INIT;

static void add_outcome(packet_info *pinfo, proto_item *item, const rdghttp_pdu_t *pdu)
{
    switch (pdu->outcome) {
    case RDGHTTP_WHOLE:
        break;
    case RDGHTTP_NOT_CAPTURED:
        expert_add_info(pinfo, item, &ei_not_captured);
        break;
    case RDGHTTP_TOO_SHORT:
        expert_add_info_format(pinfo, item, &ei_bad_length, "The packet's length leaves no room for all of its parts.");
        break;
    case RDGHTTP_TOO_LONG:
        expert_add_info_format(pinfo, item, &ei_bad_length, "The packet has octets that nothing in it describes.");
        break;
    case RDGHTTP_UNKNOWN_TYPE:
        expert_add_info(pinfo, item, &ei_unknown_type);
        break;
    }
}

static void add_code(packet_info *pinfo, proto_item *item, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *part = rdghttp_pdu_find(pdu, RDGHTTP_CODE);
    uint32_t code = part != NULL ? (uint32_t)part->value : 0;

    if (code == 0) {
        return;
    }
    if (pdu->type == RDGHTTP_CLOSE_CHANNEL || pdu->type == RDGHTTP_CLOSE_CHANNEL_RESPONSE) {
        bool is_timeout = code == SESSION_TIMEOUT || code == SESSION_TIMEOUT_HRESULT;
        expert_add_info_format(pinfo, item, is_timeout ? &ei_session_timeout : &ei_closed,
                               "The channel is closed with %s (0x%08x).", rdg_names_result(code), code);
    } else if (rdghttp_verdict_is_refusal(pdu)) {
        expert_add_info_format(pinfo, item, &ei_refused, "The gateway refuses %s: %s (0x%08x).",
                               pdu->type == RDGHTTP_CHANNEL_RESPONSE       ? "the channel to the target"
                               : pdu->type == RDGHTTP_TUNNEL_AUTH_RESPONSE ? "the client's authorisation"
                               : pdu->type == RDGHTTP_TUNNEL_RESPONSE      ? "the tunnel"
                               : pdu->type == RDGHTTP_EXTENDED_AUTH        ? "the client's authentication"
                                                                           : "the handshake",
                               rdg_names_result(code), code);
    }
}

static void add_udp(packet_info *pinfo, proto_item *item, const rdghttp_pdu_t *pdu, const rdghttp_note_t *note)
{
    if (note == NULL) {
        return;
    }
    if (pdu->type == RDGHTTP_TUNNEL_CREATE && note->verdict == RDGHTTP_UDP_CLIENT_SILENT) {
        expert_add_info_format(pinfo, item, &ei_not_announced,
                               "The client does not announce UDP, so that the gateway is not expected to offer it.");
    } else if (pdu->type == RDGHTTP_TUNNEL_RESPONSE && note->verdict == RDGHTTP_UDP_GATEWAY_SILENT) {
        expert_add_info_format(pinfo, item, &ei_not_announced,
                               "The gateway does not announce UDP, although the client did: see the gateway's "
                               "properties.");
    } else if (pdu->type == RDGHTTP_CHANNEL_RESPONSE && note->verdict == RDGHTTP_UDP_NO_OFFER) {
        expert_add_info_format(pinfo, item, &ei_not_offered,
                               "Both ends announced UDP, but the gateway gives no %s: see its UDP listener.",
                               rdghttp_verdict_has_port(pdu)     ? "cookie for it"
                               : rdghttp_verdict_has_cookie(pdu) ? "port for it"
                                                                 : "port and no cookie for it");
    }
}

static expert_field *field_of(rdghttp_verdict_t verdict)
{
    switch (verdict) {
    case RDGHTTP_UDP_UNUSED:
    case RDGHTTP_UDP_NO_UDP:
        return &ei_unused;
    case RDGHTTP_UDP_NO_ANSWER:
        return &ei_no_answer;
    case RDGHTTP_UDP_STOPPED:
        return &ei_stopped;
    case RDGHTTP_UDP_FAILED:
        return &ei_failed;
    case RDGHTTP_UDP_REJECTED:
        return &ei_rejected;
    case RDGHTTP_UDP_IN_USE:
    case RDGHTTP_UDP_CARRIES:
    case RDGHTTP_UDP_TO_THE_END:
        return &ei_in_use;
    case RDGHTTP_UDP_CLOSED:
        return &ei_udp_closed;
    case RDGHTTP_UDP_SILENT:
        return &ei_silent;
    default:
        return &ei_unclear;
    }
}

/* A cookie that no offer has, on a channel whose correlation id says that it is of the session. */
static void add_other_cookies(packet_info *pinfo, proto_item *item, const rdghttp_session_t *session)
{
    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        for (const rdg_link_t *link = one->offer->links; link != NULL; link = link->next_of_offer) {
            if (link->has_other_cookie) {
                expert_add_info_format(pinfo, item, &ei_cookie_mismatch,
                                       "UDP channel %u has the session's correlation id, and sends a cookie that no "
                                       "CHANNEL_RESPONSE in this capture gives to the session.",
                                       rdg_link_describe(link).channel);
            }
        }
    }
}

/* On the packet that offers UDP: what came of it. */
static void add_outcome_of_offer(packet_info *pinfo, proto_item *item, const rdghttp_session_t *session)
{
    rdghttp_result_t result = rdghttp_outcome_of_offers(session);
    const char *text = rdghttp_outcome_write(pinfo->pool, session, &result);

    if (text[0] != '\0') {
        expert_add_info_format(pinfo, item, field_of(result.verdict), "%s", text);
    }
    add_other_cookies(pinfo, item, session);
}

void rdghttp_expert_add(packet_info *pinfo, proto_item *item, const rdghttp_pdu_t *pdu, const rdghttp_note_t *note)
{
    add_outcome(pinfo, item, pdu);
    add_code(pinfo, item, pdu);
    add_udp(pinfo, item, pdu, note);
    if (note != NULL && note->is_offer && frame_store_is_whole()) {
        add_outcome_of_offer(pinfo, item, note->session);
    }
    if (note != NULL && note->is_out_of_order && frame_store_is_whole()) {
        expert_add_info(pinfo, item, &ei_out_of_order);
    }
    if (note != NULL && rdghttp_outcome_is_stall(note)) {
        rdghttp_expert_add_stall(pinfo, item, note);
    }
    if (pdu->type == RDGHTTP_REAUTH_MESSAGE) {
        expert_add_info(pinfo, item, &ei_reauth);
    }
}

void rdghttp_expert_add_refusal(packet_info *pinfo, proto_item *item, unsigned status, const char *reason)
{
    expert_add_info_format(pinfo, item, &ei_http_refused,
                           "The gateway, or a proxy before it, refuses the session with %u %s.", status, reason);
}

void rdghttp_expert_add_stall(packet_info *pinfo, proto_item *item, const rdghttp_note_t *note)
{
    expert_add_info_format(pinfo, item, &ei_setup_stopped, "%s", rdghttp_setup_write(pinfo->pool, note->session));
}

void rdghttp_expert_add_rpc(packet_info *pinfo, proto_item *item)
{
    expert_add_info(pinfo, item, &ei_rpc_transport);
}

void rdghttp_expert_add_no_packet(packet_info *pinfo, proto_item *item)
{
    expert_add_info(pinfo, item, &ei_no_packet);
}

void rdghttp_expert_register(int proto)
{
    static ei_register_info ei[] = {
        { &ei_not_announced,
          { "rdghttp.udp_not_announced", PI_SEQUENCE, PI_NOTE, "One end does not announce UDP.", EXPFILL } },
        { &ei_not_offered,
          { "rdghttp.udp_not_offered", PI_SEQUENCE, PI_NOTE, "The gateway gives no port or no cookie for UDP.",
            EXPFILL } },
        { &ei_unused,
          { "rdghttp.udp_unused", PI_SEQUENCE, PI_NOTE, "UDP was offered, and the capture has nothing of it.",
            EXPFILL } },
        { &ei_no_answer,
          { "rdghttp.udp_no_answer", PI_SEQUENCE, PI_WARN, "UDP was offered and tried, and no answer came.",
            EXPFILL } },
        { &ei_stopped,
          { "rdghttp.udp_stopped", PI_RESPONSE_CODE, PI_WARN, "UDP was offered and tried, and ICMP says no.",
            EXPFILL } },
        { &ei_failed,
          { "rdghttp.udp_handshake_failed", PI_RESPONSE_CODE, PI_WARN,
            "UDP was offered and tried, and the handshake failed.", EXPFILL } },
        { &ei_rejected,
          { "rdghttp.udp_rejected", PI_RESPONSE_CODE, PI_WARN,
            "UDP was offered and tried, and the gateway rejects the channel.", EXPFILL } },
        { &ei_in_use, { "rdghttp.udp_in_use", PI_SEQUENCE, PI_CHAT, "UDP is used.", EXPFILL } },
        { &ei_udp_closed,
          { "rdghttp.udp_closed", PI_SEQUENCE, PI_NOTE, "UDP was used, and closed while the session goes on.",
            EXPFILL } },
        { &ei_silent, { "rdghttp.udp_silent", PI_SEQUENCE, PI_WARN, "UDP was used, and fell silent.", EXPFILL } },
        { &ei_unclear,
          { "rdghttp.udp_unclear", PI_SEQUENCE, PI_NOTE, "What became of UDP cannot be told from here.", EXPFILL } },
        { &ei_refused, { "rdghttp.refused", PI_RESPONSE_CODE, PI_WARN, "The gateway refuses.", EXPFILL } },
        { &ei_http_refused,
          { "rdghttp.http_refused", PI_RESPONSE_CODE, PI_WARN, "The session is refused at HTTP.", EXPFILL } },
        { &ei_setup_stopped,
          { "rdghttp.setup_stopped", PI_SEQUENCE, PI_WARN, "The set-up of the session stops here.", EXPFILL } },
        { &ei_rpc_transport,
          { "rdghttp.rpc_transport", PI_SEQUENCE, PI_NOTE, "RPC over HTTP, the oldest transport, has no UDP.",
            EXPFILL } },
        { &ei_closed, { "rdghttp.closed", PI_RESPONSE_CODE, PI_NOTE, "The channel is closed with a code.", EXPFILL } },
        { &ei_session_timeout,
          { "rdghttp.session_timeout", PI_RESPONSE_CODE, PI_NOTE, "The session's time is up.", EXPFILL } },
        { &ei_reauth,
          { "rdghttp.reauth", PI_SEQUENCE, PI_NOTE, "The gateway asks the client to authenticate anew.", EXPFILL } },
        { &ei_bad_length,
          { "rdghttp.bad_length", PI_MALFORMED, PI_WARN, "The packet's length does not fit its parts.", EXPFILL } },
        { &ei_not_captured,
          { "rdghttp.not_captured", PI_UNDECODED, PI_NOTE, "The capture does not have the whole packet.", EXPFILL } },
        { &ei_out_of_order,
          { "rdghttp.out_of_order", PI_SEQUENCE, PI_NOTE,
            "MS-TSGU has other packets before this one, and the capture has no hole here.", EXPFILL } },
        { &ei_cookie_mismatch,
          { "rdghttp.cookie_mismatch", PI_SECURITY, PI_WARN,
            "A UDP channel of the session sends another cookie than the gateway gave.", EXPFILL } },
        { &ei_unknown_type,
          { "rdghttp.unknown_type", PI_UNDECODED, PI_NOTE, "MS-TSGU has no packet of this type.", EXPFILL } },
        { &ei_no_packet, { "rdghttp.no_packet", PI_UNDECODED, PI_NOTE, "The octets begin no packet.", EXPFILL } },
    };

    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
