/* plugin.c
 * The front door: what Wireshark asks of a plugin, and one table that names the protocols.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include <epan/packet.h>
#include <epan/proto.h>
#include <epan/tap.h>

#include "base/observers.h"
#include "cdr/packet-cdr.h"
#include "gtpp/packet-gtpp.h"
#include "portlore/packet-portlore.h"
#include "rdg/http/packet-rdghttp.h"
#include "rdg/udp/packet-rdgudp.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = PORTLORE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

/* Wireshark keeps the pointers. */
static const proto_plugin protocols[] = {
    { observers_register, observers_start },
    { proto_register_cdr, proto_reg_handoff_cdr },
    { proto_register_gtpp, proto_reg_handoff_gtpp },
    { proto_register_rdghttp, proto_reg_handoff_rdghttp },
    { proto_register_rdgudp, proto_reg_handoff_rdgudp },
    { proto_register_portlore, proto_reg_handoff_portlore },
};

void plugin_register(void)
{
    for (size_t i = 0; i < array_length(protocols); i++) {
        proto_register_plugin(&protocols[i]);
    }
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER;
}
