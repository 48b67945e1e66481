/* test_port_binding.c
 * Any number of port bindings, and who has a port when bindings that named it let it go.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/range.h>

#include "base/port_binding.h"
#include "session.h"

#define TABLE "udp.port"
#define DNS_PORT 53
#define OTHER_PORTS "40001"
#define BINDINGS 12

static int failures;

static void expect(bool is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "not so: %s\n", what);
        failures++;
    }
}

static int dissect_nothing(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)tvb, (void)pinfo, (void)tree, (void)data;
    return 0;
}

static const char *owner(void)
{
    return dissector_handle_get_dissector_name(dissector_get_default_uint_handle(TABLE, DNS_PORT));
}

static void set_ports(const char *module, const char *ports)
{
    char *error = NULL;
    char *setting = ws_strdup_printf("%s.udp.port:%s", module, ports);

    expect(prefs_set_pref(setting, &error) == PREFS_SET_OK, setting);
    g_free(error);
    g_free(setting);
    port_binding_renew();
}

static void set_enabled(const char *name, bool is_enabled)
{
    proto_set_decoding(proto_get_id_by_filter_name(name), is_enabled);
    port_binding_renew();
}

/* Two preferences name a port: the first registered has it, and its owner before gets it back, however often files were
 * opened meanwhile, and whichever preference lets it go first. */
static void test_owner_comes_back(void)
{
    const char *before = owner();

    for (unsigned turn = 0; turn < 4; turn++) {
        const char *first = turn % 2 == 0 ? "gtpp" : "rdgudp";
        const char *second = turn % 2 == 0 ? "rdgudp" : "gtpp";
        set_ports(first, "53");
        set_ports(second, "53");
        for (unsigned file = 0; file < turn; file++) {
            port_binding_renew();
        }
        expect(g_strcmp0(owner(), before) != 0, "a preference takes the port");
        set_ports(first, OTHER_PORTS);
        expect(g_strcmp0(owner(), before) != 0, "the other preference keeps the port");
        set_ports(second, OTHER_PORTS);
        expect(g_strcmp0(owner(), before) == 0, "the owner before gets the port back");
    }
    set_ports("gtpp", "53");
    set_ports("rdgudp", "53");
    set_enabled("gtpp", false);
    expect(g_strcmp0(owner(), before) != 0, "the port goes on to the other preference");
    set_enabled("rdgudp", false);
    expect(g_strcmp0(owner(), before) == 0, "the owner gets the port back when both protocols are disabled");
    set_enabled("gtpp", true);
    set_enabled("rdgudp", true);
    set_ports("gtpp", OTHER_PORTS);
    set_ports("rdgudp", OTHER_PORTS);
    expect(g_strcmp0(owner(), before) == 0, "and when they are enabled again and moved");
}

static void test_many_bindings(void)
{
    static const char *const names[BINDINGS] = { "bind0", "bind1", "bind2", "bind3", "bind4",  "bind5",
                                                 "bind6", "bind7", "bind8", "bind9", "bind10", "bind11" };

    for (unsigned i = 0; i < BINDINGS; i++) {
        int proto = proto_register_protocol(names[i], names[i], names[i]);
        module_t *module = prefs_register_protocol(proto, port_binding_renew);
        char *ports = ws_strdup_printf("%u", 41000 + i);
        port_binding_register(module, proto, TABLE, "Ports", ports);
        port_binding_start(proto, create_dissector_handle(dissect_nothing, proto));
        g_free(ports);
    }
    for (unsigned i = 0; i < BINDINGS; i++) {
        dissector_handle_t handle = dissector_get_default_uint_handle(TABLE, 41000 + i);
        expect(handle != NULL && dissector_handle_get_protocol_index(handle) == proto_get_id_by_filter_name(names[i]),
               names[i]);
        expect(port_binding_names(proto_get_id_by_filter_name(names[i]), 41000 + i), "its preference names its port");
    }
}

int main(void)
{
    session_start(NULL);
    test_owner_comes_back();
    test_many_bindings();
    puts(failures == 0 ? "no error" : "errors");
    return failures != 0;
}
