/* leftovers.c
 * Memory that Wireshark allocates in each session and never frees.
 *
 * When a session starts, Wireshark makes maps of addresses and ports, and some of its dissectors make trees, in memory
 * that lasts until the end of the process; it forgets those of the session before. This file replaces four of
 * Wireshark's functions, so that this memory comes from a scope which leftovers_free() frees. The first session is not
 * changed, because it allocates what is allocated once per process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "leftovers.h"

#include <epan/addr_resolv.h>
#include <epan/packet.h>
#include <epan/reassemble.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Memory for what the start of a session makes. */
static wmem_allocator_t *start_scope;
/* Between leftovers_before_session() and leftovers_after_start(). */
static bool starting;

/* Sets the pointer to a function at POINTER to Wireshark's function that the one of this name here replaces. */
static void find_original(const char *name, void *pointer)
{
    void *function = dlsym(RTLD_NEXT, name);

    if (function == NULL) {
        (void)fprintf(stderr, "fuzz: Wireshark has no %s.\n", name);
        abort();
    }
    memcpy(pointer, &function, sizeof function);
}

/* Before the file scope starts, Wireshark makes the maps; after that, dissectors allocate and free by themselves. */
wmem_allocator_t *wmem_epan_scope(void)
{
    static wmem_allocator_t *(*original)(void);

    if (starting && !wmem_in_scope(wmem_file_scope())) {
        return start_scope;
    }
    if (original == NULL) {
        find_original("wmem_epan_scope", &original);
    }
    return original();
}

/* Some dissectors make such a tree in each session, although one that empties itself is enough for the process. */
wmem_tree_t *wmem_tree_new_autoreset(wmem_allocator_t *lasting, wmem_allocator_t *data)
{
    static wmem_tree_t *(*original)(wmem_allocator_t *, wmem_allocator_t *);

    if (original == NULL) {
        find_original("wmem_tree_new_autoreset", &original);
    }
    return original(starting ? start_scope : lasting, data);
}

/* The same for maps, since Wireshark 4.6. */
wmem_map_t *wmem_map_new_autoreset(wmem_allocator_t *lasting, wmem_allocator_t *data, GHashFunc hash, GEqualFunc equal)
{
    static wmem_map_t *(*original)(wmem_allocator_t *, wmem_allocator_t *, GHashFunc, GEqualFunc);

    if (original == NULL) {
        find_original("wmem_map_new_autoreset", &original);
    }
    return original(starting ? start_scope : lasting, data, hash, equal);
}

/* Some dissectors register their tables in each session, and Wireshark would keep each copy. */
void reassembly_table_register(reassembly_table *table, const reassembly_table_functions *functions)
{
    static void (*original)(reassembly_table *, const reassembly_table_functions *);

    if (starting) {
        return;
    }
    if (original == NULL) {
        find_original("reassembly_table_register", &original);
    }
    original(table, functions);
}

void leftovers_before_session(void)
{
    if (start_scope == NULL) {
        start_scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    }
    starting = true;
}

void leftovers_after_start(void)
{
    starting = false;
}

#if WS_AT_LEAST(4, 2)
/* Wireshark frees them by itself. */
static void free_addresses(void)
{
}
#else
static void collect_key(void *key, void *value _U_, void *keys)
{
    g_ptr_array_add(keys, key);
}

/* Empties one of Wireshark's maps, and frees what was in it. */
static void empty_map(wmem_map_t *map, bool key_is_allocated, void (*free_value)(void *value))
{
    GPtrArray *keys = g_ptr_array_new();

    wmem_map_foreach(map, collect_key, keys);
    for (unsigned i = 0; i < keys->len; i++) {
        free_value(wmem_map_remove(map, keys->pdata[i]));
        if (key_is_allocated) {
            wmem_free(wmem_epan_scope(), keys->pdata[i]);
        }
    }
    g_ptr_array_free(keys, TRUE);
}

static void free_plain(void *value)
{
    wmem_free(wmem_epan_scope(), value);
}

static void free_service(void *value)
{
    serv_port_t *service = value;

    wmem_free(wmem_epan_scope(), service->tcp_name);
    wmem_free(wmem_epan_scope(), service->udp_name);
    wmem_free(wmem_epan_scope(), service->sctp_name);
    wmem_free(wmem_epan_scope(), service->dccp_name);
    wmem_free(wmem_epan_scope(), service->numeric);
    wmem_free(wmem_epan_scope(), service);
}

/* Wireshark forgets its maps of addresses with each session. Their entries were not allocated at its start. */
static void free_addresses(void)
{
    empty_map(get_ipv4_hash_table(), false, free_plain);
    empty_map(get_ipv6_hash_table(), true, free_plain);
    empty_map(get_eth_hashtable(), false, free_plain);
    empty_map(get_manuf_hashtable(), false, free_plain);
    empty_map(get_vlan_hash_table(), false, free_plain);
    empty_map(get_serv_port_hashtable(), false, free_service);
}
#endif

void leftovers_free(void)
{
    free_addresses();
    if (start_scope != NULL) {
        wmem_free_all(start_scope);
    }
}
