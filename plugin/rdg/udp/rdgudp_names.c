/* rdgudp_names.c
 * Names of the numbers of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_names.h"

#include "rdg/rdg_offer.h"
#include "rdgudp_pdu.h"
#include "rdgudp_verdict.h"

const value_string rdgudp_names_packets[] = {
    { RDGUDP_CONNECT_REQ, "CONNECT_PKT" },
    { RDGUDP_CONNECT_RESP, "CONNECT_PKT_RESP" },
    { RDGUDP_PAYLOAD, "DATA_PKT" },
    { RDGUDP_DISCONNECT, "DISC_PKT" },
    { RDGUDP_CONNECT_REQ_FRAGMENT, "CONNECT_PKT_FRAGMENT" },
    { 0, NULL },
};

const value_string rdgudp_names_verdicts[] = {
    { RDGUDP_HELLO_SENT, "hello sent" },
    { RDGUDP_HANDSHAKING, "handshaking" },
    { RDGUDP_SECURED, "secured" },
    { RDGUDP_CONNECTED, "connected" },
    { RDGUDP_CLOSED, "closed" },
    { RDGUDP_NO_ANSWER, "no answer" },
    { RDGUDP_REFUSED, "refused (ICMP)" },
    { RDGUDP_FAILED, "handshake failed (alert)" },
    { RDGUDP_REJECTED, "rejected (result)" },
    { RDGUDP_STUCK, "stuck in the handshake" },
    { RDGUDP_DIED, "died in use" },
    { RDGUDP_CONNECT_SILENT, "CONNECT not answered" },
    { RDGUDP_MTU, "stopped by the path's MTU" },
    { RDGUDP_PROHIBITED, "prohibited (firewall)" },
    { RDGUDP_NO_ROUTE, "no route" },
    { RDGUDP_EXPLOIT, "exploit pattern" },
    { RDGUDP_UNSOLICITED, "unsolicited" },
    { RDGUDP_NOT_OURS, "not an RD Gateway's channel" },
    { 0, NULL },
};

const value_string rdgudp_names_reasons[] = {
    { RDGUDP_BECAUSE_SILENCE, "nothing came back" },
    { RDGUDP_BECAUSE_ELSEWHERE, "answered from another address or port" },
    { RDGUDP_BECAUSE_COOKIE_LOOP, "every hello is answered with another cookie" },
    { RDGUDP_BECAUSE_NO_FLIGHT, "the hello with the cookie is not answered" },
    { RDGUDP_BECAUSE_CLIENT_SILENT, "the client does not answer the gateway's flight" },
    { RDGUDP_BECAUSE_NO_FINISHED, "the gateway does not finish" },
    { RDGUDP_BECAUSE_ONE_SIDE_STOPS, "one end's datagrams stop" },
    { RDGUDP_BECAUSE_ICMP, "ICMP" },
    { RDGUDP_BECAUSE_SRTP, "asks for SRTP" },
    { RDGUDP_BECAUSE_SMALL, "offers only cipher suites of small devices" },
    { RDGUDP_BECAUSE_MEDIA, "STUN between the same ends" },
    { RDGUDP_BECAUSE_CONTENT, "decrypts to something else" },
    { RDGUDP_BECAUSE_VERIFY_LOOP, "every hello is answered with a HelloVerifyRequest" },
    { RDGUDP_BECAUSE_COOKIE_CUT, "the hello with the cookie is repeated; the cookies were not captured" },
    { 0, NULL },
};

const value_string rdgudp_names_orders[] = {
    { RDG_ORDER_LITTLE, "little-endian" },
    { RDG_ORDER_BIG, "big-endian" },
    { RDG_ORDER_EITHER, "either: the octets are the same in both" },
    { RDG_ORDER_UNCLEAR, "cannot be told: each order has the id of another session" },
    { 0, NULL },
};

const value_string rdgudp_names_versions[] = {
    { RDGUDP_DTLS_1_0_OPENSSL, "DTLS 1.0 (OpenSSL pre 0.9.8f)" },
    { RDGUDP_DTLS_1_3, "DTLS 1.3" },
    { RDGUDP_DTLS_1_2, "DTLS 1.2" },
    { RDGUDP_DTLS_1_0, "DTLS 1.0" },
    { 0, NULL },
};
