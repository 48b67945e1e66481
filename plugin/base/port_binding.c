/* port_binding.c
 * Which ports our protocols get.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "port_binding.h"

#include <epan/proto.h>
#include <epan/range.h>
#include <wsutil/ws_assert.h>

#define MAX_PORT 65535
#define MAX_CLAIMS 4

/* The ports of one protocol in one dissector table. */
typedef struct {
    int proto;
    const char *table;
    dissector_handle_t handle;
    range_t **wanted;  /* the preference */
    GHashTable *taken; /* port -> the handle that had it before us, or NULL */
} port_binding_t;

static port_binding_t claims[MAX_CLAIMS];
static range_t *preferences[MAX_CLAIMS];
static unsigned num_claims;

static void free_claims(void)
{
    while (num_claims > 0) {
        g_hash_table_destroy(claims[--num_claims].taken);
    }
}

static port_binding_t *add_claim(int proto, const char *table, range_t **wanted)
{
    ws_assert(num_claims < MAX_CLAIMS);
    port_binding_t *claim = &claims[num_claims++];

    claim->proto = proto;
    claim->table = table;
    claim->wanted = wanted;
    claim->taken = g_hash_table_new(g_direct_hash, g_direct_equal);
    return claim;
}

static const port_binding_t *find_claim(int proto)
{
    for (unsigned i = 0; i < num_claims; i++) {
        if (claims[i].proto == proto) {
            return &claims[i];
        }
    }
    return NULL;
}

void port_binding_register(module_t *module, int proto, const char *table, const char *title, const char *ports)
{
    if (num_claims == 0) {
        register_init_routine(port_binding_renew);
        register_shutdown_routine(free_claims);
    }
    range_t **wanted = &preferences[num_claims];

    add_claim(proto, table, wanted);
    range_convert_str(wmem_epan_scope(), wanted, ports, MAX_PORT);
    prefs_register_range_preference(
        module, table, title,
        wmem_strdup_printf(wmem_epan_scope(),
                           "Ports on which the protocol is expected (default: %s). A port that Decode As gives to "
                           "another protocol stays with that one.",
                           ports),
        wanted, MAX_PORT);
}

void port_binding_start(int proto, dissector_handle_t handle)
{
    for (unsigned i = 0; i < num_claims; i++) {
        if (claims[i].proto == proto) {
            claims[i].handle = handle;
        }
    }
    port_binding_renew();
}

void port_binding_follow(int proto, const char *table, dissector_handle_t handle)
{
    const port_binding_t *first = find_claim(proto);

    if (first != NULL) {
        add_claim(proto, table, first->wanted)->handle = handle;
        port_binding_renew();
    }
}

bool port_binding_names(int proto, uint32_t port)
{
    const port_binding_t *first = find_claim(proto);

    return first != NULL && value_is_in_range(*first->wanted, port);
}

/* A user's Decode As changes who has a port now, not who has it by default. */
static bool is_users_choice(const port_binding_t *claim, uint32_t port)
{
    return dissector_is_uint_changed(find_dissector_table(claim->table), port);
}

static void take_port(port_binding_t *claim, uint32_t port)
{
    dissector_handle_t owner = dissector_get_default_uint_handle(claim->table, port);

    if (owner == claim->handle || is_users_choice(claim, port)) {
        return;
    }
    g_hash_table_insert(claim->taken, GUINT_TO_POINTER(port), owner);
    dissector_add_uint(claim->table, port, claim->handle);
}

static void give_back_port(const port_binding_t *claim, uint32_t port, dissector_handle_t owner)
{
    if (dissector_get_default_uint_handle(claim->table, port) != claim->handle || is_users_choice(claim, port)) {
        return;
    }
    if (owner != NULL) {
        dissector_add_uint(claim->table, port, owner);
    } else {
        dissector_delete_uint(claim->table, port, claim->handle);
    }
}

static void renew_claim(port_binding_t *claim)
{
    bool enabled = proto_is_protocol_enabled(find_protocol_by_id(claim->proto));
    const range_t *wanted = *claim->wanted;
    GHashTableIter iter;
    gpointer key, owner;

    g_hash_table_iter_init(&iter, claim->taken);
    while (g_hash_table_iter_next(&iter, &key, &owner)) {
        uint32_t port = GPOINTER_TO_UINT(key);
        if (!enabled || !value_is_in_range(*claim->wanted, port)) {
            give_back_port(claim, port, (dissector_handle_t)owner);
            g_hash_table_iter_remove(&iter);
        }
    }
    for (unsigned r = 0; enabled && r < wanted->nranges; r++) {
        /* Port 0 is nobody's. */
        for (uint32_t port = MAX(wanted->ranges[r].low, 1); port <= wanted->ranges[r].high; port++) {
            take_port(claim, port);
        }
    }
}

void port_binding_renew(void)
{
    for (unsigned i = 0; i < num_claims; i++) {
        if (claims[i].handle != NULL) {
            renew_claim(&claims[i]);
        }
    }
}
