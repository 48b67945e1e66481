/* gtpp_claim.c
 * Living beside Wireshark's own gtpprime dissector: who gets the packets of the GTP' ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "gtpp_claim.h"

#include <epan/proto.h>
#include <epan/range.h>

#define GTPP_PORT "3386"
#define MAX_PORT 65535

typedef struct {
    const char *table;       /* dissector table */
    const char *pref;        /* preference name */
    const char *title;       /* preference title */
    range_t *wanted;         /* the preference */
    GHashTable *taken;       /* port -> the handle that had it before us, or NULL */
} gtpp_ports_t;

static gtpp_ports_t ports[] = {
    { .table = "udp.port", .pref = "udp.port", .title = "GTP' UDP port(s)" },
    { .table = "tcp.port", .pref = "tcp.port", .title = "GTP' TCP port(s)" },
};

static dissector_handle_t front_handle;
static int front_proto = -1;

void gtpp_claim_register(module_t *module)
{
    for (size_t i = 0; i < array_length(ports); i++) {
        range_convert_str(wmem_epan_scope(), &ports[i].wanted, GTPP_PORT, MAX_PORT);
        prefs_register_range_preference(
            module, ports[i].pref, ports[i].title,
            "Ports on which GTP' is expected (default " GTPP_PORT "). A port given to another protocol by Decode As "
            "stays with that one.",
            &ports[i].wanted, MAX_PORT);
        ports[i].taken = g_hash_table_new(g_direct_hash, g_direct_equal);
    }
}

void gtpp_claim_start(dissector_handle_t front, int proto)
{
    front_handle = front;
    front_proto = proto;
    gtpp_claim_renew();
}

/* A user's Decode As changes who has a port now, not who has it by default. */
static bool is_users_choice(const gtpp_ports_t *side, uint32_t port)
{
    return dissector_is_uint_changed(find_dissector_table(side->table), port);
}

static void take_port(gtpp_ports_t *side, uint32_t port)
{
    dissector_handle_t owner = dissector_get_default_uint_handle(side->table, port);

    if (owner == front_handle || is_users_choice(side, port)) {
        return;
    }
    g_hash_table_insert(side->taken, GUINT_TO_POINTER(port), owner);
    dissector_add_uint(side->table, port, front_handle);
}

static void give_back_port(const gtpp_ports_t *side, uint32_t port, dissector_handle_t owner)
{
    if (dissector_get_default_uint_handle(side->table, port) != front_handle || is_users_choice(side, port)) {
        return;
    }
    if (owner != NULL) {
        dissector_add_uint(side->table, port, owner);
    } else {
        dissector_delete_uint(side->table, port, front_handle);
    }
}

void gtpp_claim_renew(void)
{
    bool enabled = proto_is_protocol_enabled(find_protocol_by_id(front_proto));

    if (front_handle == NULL) {
        return;
    }
    for (size_t i = 0; i < array_length(ports); i++) {
        gtpp_ports_t *side = &ports[i];
        GHashTableIter iter;
        gpointer key, owner;

        g_hash_table_iter_init(&iter, side->taken);
        while (g_hash_table_iter_next(&iter, &key, &owner)) {
            uint32_t port = GPOINTER_TO_UINT(key);
            if (!enabled || !value_is_in_range(side->wanted, port)) {
                give_back_port(side, port, (dissector_handle_t)owner);
                g_hash_table_iter_remove(&iter);
            }
        }
        if (!enabled) {
            continue;
        }
        for (unsigned r = 0; r < side->wanted->nranges; r++) {
            for (uint32_t port = side->wanted->ranges[r].low; port <= side->wanted->ranges[r].high; port++) {
                if (port != 0) {
                    take_port(side, port);
                }
            }
        }
    }
}
