/* rdg_names.c
 * Names of the numbers of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_names.h"

#include "rdg/udp/rdgudp_exploits.h"
#include "rdg/udp/rdgudp_pdu.h"
#include "rdg/udp/rdgudp_verdict.h"

#define CUSTOMER_BIT 0x20000000

const value_string rdg_names_packets[] = {
    { RDGUDP_CONNECT_REQ, "CONNECT_PKT" },
    { RDGUDP_CONNECT_RESP, "CONNECT_PKT_RESP" },
    { RDGUDP_PAYLOAD, "DATA_PKT" },
    { RDGUDP_DISCONNECT, "DISC_PKT" },
    { RDGUDP_CONNECT_REQ_FRAGMENT, "CONNECT_PKT_FRAGMENT" },
    { 0, NULL },
};

const value_string rdg_names_verdicts[] = {
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

const value_string rdg_names_reasons[] = {
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
    { 0, NULL },
};

const value_string rdg_names_versions[] = {
    { RDGUDP_DTLS_1_0_OPENSSL, "DTLS 1.0 (OpenSSL pre 0.9.8f)" },
    { RDGUDP_DTLS_1_3, "DTLS 1.3" },
    { RDGUDP_DTLS_1_2, "DTLS 1.2" },
    { RDGUDP_DTLS_1_0, "DTLS 1.0" },
    { 0, NULL },
};

/* A code comes as it is, or wrapped into an HRESULT. */
#define WRAPPED 0x80070000
#define BOTH_FORMS(code, name)   \
    { (code), (name) },          \
    {                            \
        WRAPPED | (code), (name) \
    }

const value_string rdg_names_results[] = {
    { 0, "S_OK" },
    BOTH_FORMS(0x0005, "E_ACCESS_DENIED"),
    BOTH_FORMS(0x0057, "ERROR_INVALID_PARAMETER"),
    BOTH_FORMS(0x00a0, "ERROR_BAD_ARGUMENTS"),
    BOTH_FORMS(0x03e3, "ERROR_OPERATION_ABORTED"),
    BOTH_FORMS(0x04ca, "ERROR_GRACEFUL_DISCONNECT"),
    BOTH_FORMS(0x04d4, "E_PROXY_CONNECTIONABORTED"),
    BOTH_FORMS(0x04e3, "ERROR_ONLY_IF_CONNECTED"),
    BOTH_FORMS(0x59d8, "E_PROXY_INTERNALERROR"),
    BOTH_FORMS(0x59da, "E_PROXY_RAP_ACCESSDENIED"),
    BOTH_FORMS(0x59db, "E_PROXY_NAP_ACCESSDENIED"),
    BOTH_FORMS(0x59dd, "E_PROXY_TS_CONNECTFAILED"),
    BOTH_FORMS(0x59df, "E_PROXY_ALREADYDISCONNECTED"),
    BOTH_FORMS(0x59e6, "E_PROXY_MAXCONNECTIONSREACHED"),
    BOTH_FORMS(0x59e8, "E_PROXY_NOTSUPPORTED"),
    BOTH_FORMS(0x59e9, "E_PROXY_CAPABILITYMISMATCH"),
    BOTH_FORMS(0x59ed, "E_PROXY_QUARANTINE_ACCESSDENIED"),
    BOTH_FORMS(0x59ee, "E_PROXY_NOCERTAVAILABLE"),
    BOTH_FORMS(0x59f6, "E_PROXY_SESSIONTIMEOUT"),
    BOTH_FORMS(0x59f7, "E_PROXY_COOKIE_BADPACKET"),
    BOTH_FORMS(0x59f8, "E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED"),
    BOTH_FORMS(0x59f9, "E_PROXY_UNSUPPORTED_AUTHENTICATION_METHOD"),
    BOTH_FORMS(0x59fa, "E_PROXY_REAUTH_AUTHN_FAILED"),
    BOTH_FORMS(0x59fb, "E_PROXY_REAUTH_CAP_FAILED"),
    BOTH_FORMS(0x59fc, "E_PROXY_REAUTH_RAP_FAILED"),
    BOTH_FORMS(0x59fd, "E_PROXY_SDR_NOT_SUPPORTED_BY_TS"),
    BOTH_FORMS(0x5a00, "E_PROXY_REAUTH_NAP_FAILED"),
    { 0x8009030c, "SEC_E_LOGON_DENIED" },
    { RDGUDP_E_UNEXPECTED, "E_UNEXPECTED" },
    { 0, NULL },
};

const char *rdg_names_result(uint32_t code)
{
    const char *name = try_val_to_str(code, rdg_names_results);

    return name != NULL ? name : val_to_str_const(code & ~(uint32_t)CUSTOMER_BIT, rdg_names_results, "unknown code");
}
