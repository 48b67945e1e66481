/* port_binding.c
 * Which ports our protocols get.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "port_binding.h"

#include <epan/proto.h>
#include <epan/range.h>

#define MAX_PORT 65535

/* The ports of one protocol in one dissector table. */
typedef struct {
    int proto;
    unsigned table; /* place of the first binding in the same dissector table */
    const char *table_name;
    dissector_handle_t handle; /* NULL until port_binding_start() */
    range_t *ports;            /* the preference; that of a follower stays empty */
    range_t **wanted;          /* a follower's is its first binding's */
} port_binding_t;

static GPtrArray *bindings; /* port_binding_t, in the order of registration */

/* Who had the ports that we took: the last handle that was not ours, or NULL. Kept for each port of a table, not for
 * each binding: where two bindings name a port, one of ours would else count as the owner before. */
static GHashTable *owners; /* make_key() -> dissector_handle_t */

static void free_bindings(void)
{
    g_ptr_array_free(bindings, TRUE);
    g_hash_table_destroy(owners);
    bindings = NULL;
    owners = NULL;
}

static unsigned count_bindings(void)
{
    return bindings != NULL ? bindings->len : 0;
}

static port_binding_t *binding_at(unsigned i)
{
    return g_ptr_array_index(bindings, i);
}

static void *make_key(unsigned table, uint32_t port)
{
    return GUINT_TO_POINTER(table << 16 | port);
}

static unsigned find_table(const char *name)
{
    unsigned i = 0;

    while (i < count_bindings() && strcmp(binding_at(i)->table_name, name) != 0) {
        i++;
    }
    return i;
}

static port_binding_t *add_binding(int proto, const char *table)
{
    if (bindings == NULL) {
        bindings = g_ptr_array_new();
        owners = g_hash_table_new(g_direct_hash, g_direct_equal);
        register_init_routine(port_binding_renew);
        register_shutdown_routine(free_bindings);
    }
    /* Wireshark writes to the preference in it when it ends, behind our shutdown routine. */
    port_binding_t *binding = wmem_new0(wmem_epan_scope(), port_binding_t);

    binding->proto = proto;
    binding->table = find_table(table);
    binding->table_name = table;
    binding->wanted = &binding->ports;
    g_ptr_array_add(bindings, binding);
    return binding;
}

static const port_binding_t *find_first(int proto)
{
    for (unsigned i = 0; i < count_bindings(); i++) {
        if (binding_at(i)->proto == proto) {
            return binding_at(i);
        }
    }
    return NULL;
}

void port_binding_register(module_t *module, int proto, const char *table, const char *title, const char *ports)
{
    port_binding_t *binding = add_binding(proto, table);

    range_convert_str(wmem_epan_scope(), &binding->ports, ports, MAX_PORT);
    prefs_register_range_preference(
        module, table, title,
        wmem_strdup_printf(wmem_epan_scope(),
                           "Ports on which the protocol is expected (default: %s). A port that Decode As gives to "
                           "another protocol stays with that one.",
                           ports),
        &binding->ports, MAX_PORT);
}

void port_binding_start(int proto, dissector_handle_t handle)
{
    for (unsigned i = 0; i < count_bindings(); i++) {
        if (binding_at(i)->proto == proto) {
            binding_at(i)->handle = handle;
        }
    }
    port_binding_renew();
}

void port_binding_follow(int proto, const char *table, dissector_handle_t handle)
{
    const port_binding_t *first = find_first(proto);

    if (first != NULL) {
        port_binding_t *binding = add_binding(proto, table);
        binding->wanted = first->wanted;
        binding->handle = handle;
        port_binding_renew();
    }
}

bool port_binding_names(int proto, uint32_t port)
{
    const port_binding_t *first = find_first(proto);

    return first != NULL && value_is_in_range(*first->wanted, port);
}

static const char *name_of(unsigned table)
{
    return binding_at(table)->table_name;
}

/* A user's Decode As changes who has a port now, not who has it by default. */
static bool is_users_choice(unsigned table, uint32_t port)
{
    return dissector_is_uint_changed(find_dissector_table(name_of(table)), port);
}

static bool is_ours(unsigned table, dissector_handle_t handle)
{
    for (unsigned i = 0; i < count_bindings(); i++) {
        if (binding_at(i)->table == table && binding_at(i)->handle == handle) {
            return handle != NULL;
        }
    }
    return false;
}

/* The binding that gets the port: of several that name it, the one that was registered first. NULL when none does. */
static const port_binding_t *find_winner(unsigned table, uint32_t port)
{
    for (unsigned i = 0; i < count_bindings(); i++) {
        const port_binding_t *binding = binding_at(i);
        if (binding->table == table && binding->handle != NULL && value_is_in_range(*binding->wanted, port) &&
            proto_is_protocol_enabled(find_protocol_by_id(binding->proto))) {
            return binding;
        }
    }
    return NULL;
}

static void take_port(const port_binding_t *binding, uint32_t port)
{
    dissector_handle_t owner = dissector_get_default_uint_handle(binding->table_name, port);

    if (owner == binding->handle || is_users_choice(binding->table, port) ||
        find_winner(binding->table, port) != binding) {
        return;
    }
    if (!is_ours(binding->table, owner)) {
        g_hash_table_insert(owners, make_key(binding->table, port), owner);
    }
    dissector_add_uint(binding->table_name, port, binding->handle);
}

static void take_ports(const port_binding_t *binding)
{
    const range_t *wanted = *binding->wanted;

    if (binding->handle == NULL || !proto_is_protocol_enabled(find_protocol_by_id(binding->proto))) {
        return;
    }
    for (unsigned r = 0; r < wanted->nranges; r++) {
        /* Port 0 belongs to no protocol. */
        for (uint32_t port = MAX(wanted->ranges[r].low, 1); port <= wanted->ranges[r].high; port++) {
            take_port(binding, port);
        }
    }
}

/* Gives a port back that no binding wants any more. False while the user's Decode As stands on it. */
static bool give_back(unsigned table, uint32_t port, dissector_handle_t owner)
{
    if (is_users_choice(table, port)) {
        return false;
    }
    dissector_handle_t current = dissector_get_default_uint_handle(name_of(table), port);
    if (is_ours(table, current) && owner != NULL) {
        dissector_add_uint(name_of(table), port, owner);
    } else if (is_ours(table, current)) {
        dissector_delete_uint(name_of(table), port, current);
    }
    return true;
}

static void give_ports_back(void)
{
    GHashTableIter iter;
    gpointer key, owner;

    g_hash_table_iter_init(&iter, owners);
    while (g_hash_table_iter_next(&iter, &key, &owner)) {
        unsigned table = GPOINTER_TO_UINT(key) >> 16;
        uint32_t port = GPOINTER_TO_UINT(key) & MAX_PORT;
        if (find_winner(table, port) == NULL && give_back(table, port, owner)) {
            g_hash_table_iter_remove(&iter);
        }
    }
}

void port_binding_renew(void)
{
    if (bindings == NULL) {
        return;
    }
    give_ports_back();
    for (unsigned i = 0; i < count_bindings(); i++) {
        take_ports(binding_at(i));
    }
}
