/* rdghttp_names.c
 * Names of the numbers of the RD Gateway's main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_names.h"

#include "rdghttp_head.h"
#include "rdghttp_pdu.h"
#include "rdghttp_verdict.h"

const value_string rdghttp_names_types[] = {
    { RDGHTTP_HANDSHAKE_REQUEST, "HANDSHAKE_REQUEST" },
    { RDGHTTP_HANDSHAKE_RESPONSE, "HANDSHAKE_RESPONSE" },
    { RDGHTTP_EXTENDED_AUTH, "EXTENDED_AUTH_MSG" },
    { RDGHTTP_TUNNEL_CREATE, "TUNNEL_CREATE" },
    { RDGHTTP_TUNNEL_RESPONSE, "TUNNEL_RESPONSE" },
    { RDGHTTP_TUNNEL_AUTH, "TUNNEL_AUTH" },
    { RDGHTTP_TUNNEL_AUTH_RESPONSE, "TUNNEL_AUTH_RESPONSE" },
    { RDGHTTP_CHANNEL_CREATE, "CHANNEL_CREATE" },
    { RDGHTTP_CHANNEL_RESPONSE, "CHANNEL_RESPONSE" },
    { RDGHTTP_DATA, "DATA" },
    { RDGHTTP_SERVICE_MESSAGE, "SERVICE_MESSAGE" },
    { RDGHTTP_REAUTH_MESSAGE, "REAUTH_MESSAGE" },
    { RDGHTTP_KEEPALIVE, "KEEPALIVE" },
    { RDGHTTP_CLOSE_CHANNEL, "CLOSE_CHANNEL" },
    { RDGHTTP_CLOSE_CHANNEL_RESPONSE, "CLOSE_CHANNEL_RESPONSE" },
    { 0, NULL },
};

const value_string rdghttp_names_transports[] = {
    { 0, "WebSocket" },
    { 1, "two HTTP channels" },
    { 2, "RPC over HTTP" },
    { 0, NULL },
};

const value_string rdghttp_names_auth[] = {
    { RDGHTTP_AUTH_NONE, "none" },
    { RDGHTTP_AUTH_KERBEROS, "Kerberos" },
    { RDGHTTP_AUTH_NTLM, "NTLM" },
    { RDGHTTP_AUTH_BASIC, "Basic" },
    { RDGHTTP_AUTH_DIGEST, "Digest" },
    { RDGHTTP_AUTH_PAA, "PAA" },
    { RDGHTTP_AUTH_NTLM_INSIDE, "NTLM inside the tunnel" },
    { RDGHTTP_AUTH_BEARER, "Bearer" },
    { 0, NULL },
};

const value_string rdghttp_names_protocols[] = {
    { 3, "RDP" },
    { 0, NULL },
};

const value_string rdghttp_names_caps[] = {
    { RDGHTTP_CAPS_UDP, "UDP" },
    { RDGHTTP_CAPS_SOH, "statement of health" },
    { RDGHTTP_CAPS_IDLE_TIMEOUT, "idle time-out" },
    { RDGHTTP_CAPS_CONSENT, "consent" },
    { RDGHTTP_CAPS_SERVICE_MESSAGE, "service messages" },
    { RDGHTTP_CAPS_REAUTH, "reauthentication" },
    { 0, NULL },
};

const value_string rdghttp_names_redirections[] = {
    { 0x80000000, "all allowed" },
    { 0x40000000, "all forbidden" },
    { 0x00000001, "drives forbidden" },
    { 0x00000002, "printers forbidden" },
    { 0x00000004, "ports forbidden" },
    { 0x00000008, "clipboard forbidden" },
    { 0x00000010, "plug and play forbidden" },
    { 0, NULL },
};

const value_string rdghttp_names_verdicts[] = {
    { RDGHTTP_UDP_UNKNOWN, "not known" },
    { RDGHTTP_UDP_CLIENT_SILENT, "the client did not announce UDP" },
    { RDGHTTP_UDP_GATEWAY_SILENT, "the gateway did not announce UDP" },
    { RDGHTTP_UDP_NO_OFFER, "the gateway gave no port or no cookie" },
    { RDGHTTP_UDP_OFFERED, "offered" },
    { RDGHTTP_UDP_UNUSED, "offered, not tried in this capture" },
    { RDGHTTP_UDP_NO_ANSWER, "offered, tried, no answer" },
    { RDGHTTP_UDP_STOPPED, "offered, tried, ICMP said no" },
    { RDGHTTP_UDP_FAILED, "offered, handshake failed" },
    { RDGHTTP_UDP_REJECTED, "offered, rejected by the gateway" },
    { RDGHTTP_UDP_IN_USE, "UDP in use" },
    { RDGHTTP_UDP_CARRIES, "UDP carries data" },
    { RDGHTTP_UDP_CLOSED, "used, then closed while TCP carried on" },
    { RDGHTTP_UDP_NO_UDP, "offered; no UDP in this capture" },
    { RDGHTTP_UDP_SILENT, "used, then silent" },
    { RDGHTTP_UDP_TO_THE_END, "used to the end of the session" },
    { RDGHTTP_UDP_REFUSED_HTTP, "no session: refused at HTTP" },
    { RDGHTTP_UDP_REFUSED, "no session: refused" },
    { RDGHTTP_UDP_STALLED, "no session: the set-up stopped" },
    { RDGHTTP_UDP_RPC, "RPC over HTTP: no UDP" },
    { 0, NULL },
};
