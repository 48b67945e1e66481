/* stat_trees.h
 * What a tree of statistics (-z PROTO,tree) has counted, beside its nodes: things that move from one node to another
 * when more becomes known of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_STAT_TREES_H
#define PORTLORE_STAT_TREES_H

#include <epan/stats_tree.h>

/* The table of TREE: a number of the caller's choice -> a value of his, which FREE_VALUE frees (NULL: nothing is to be
 * freed). Made empty when TREE has none. Lives until stat_trees_forget(). */
GHashTable *stat_trees_counted(stats_tree *tree, GDestroyNotify free_value);

/* Frees the table of TREE, if there is one. For the callbacks that begin and end a tree; may be called at any time,
 * also after Wireshark's shutdown routines. */
void stat_trees_forget(stats_tree *tree);

#endif
