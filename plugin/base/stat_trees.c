/* stat_trees.c
 * What a tree of statistics has counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "stat_trees.h"

#include <epan/packet.h>

static GHashTable *tables; /* stats_tree -> its table; NULL while there is none */

static void free_tables(void)
{
    g_hash_table_destroy(tables);
    tables = NULL;
}

GHashTable *stat_trees_counted(stats_tree *tree, GDestroyNotify free_value)
{
    if (tables == NULL) {
        tables = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_hash_table_destroy);
        register_shutdown_routine(free_tables);
    }
    GHashTable *counted = g_hash_table_lookup(tables, tree);
    if (counted == NULL) {
        counted = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_value);
        g_hash_table_insert(tables, tree, counted);
    }
    return counted;
}

void stat_trees_forget(stats_tree *tree)
{
    /* Wireshark 4.6 frees its trees after the shutdown routines. */
    if (tables != NULL) {
        g_hash_table_remove(tables, tree);
    }
}
