/* rdg_names.c
 * Names of the RD Gateway's return codes, which all its transports use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_names.h"

#define CUSTOMER_BIT 0x20000000

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
    { 0x8000ffff, "E_UNEXPECTED" },
    { 0, NULL },
};

const char *rdg_names_result(uint32_t code)
{
    const char *name = try_val_to_str(code, rdg_names_results);

    return name != NULL ? name : val_to_str_const(code & ~(uint32_t)CUSTOMER_BIT, rdg_names_results, "unknown code");
}
