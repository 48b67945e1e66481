/* lore_stats.c
 * Statistics of Port Lore: -z portlore,tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_stats.h"

#include <epan/stats_tree.h>
#include <epan/tap.h>

#include "base/observers.h"
#include "lore_names.h"
#include "lore_registry.h"

#define ROOT_NAME "Ports"
#define CONVERSATIONS_NAME "Conversations"

static int root_node = -1;

static const char *name_of(const port_record_t *record)
{
    const char *name = record->facts != NULL ? lore_registry_service(record->transport, record->port) : NULL;

    if (name == NULL) {
        name = port_records_name(record);
    }
    return name != NULL ? name : "";
}

static void init_tree(stats_tree *tree)
{
    /* In both passes: without a tree, Wireshark keeps the layer of a dissector that found nothing of its own. */
    observers_want_trees(proto_registrar_get_id_byname("portlore.port"));
    root_node = stats_tree_create_node(tree, ROOT_NAME, 0, STAT_DT_INT, TRUE);
}

static tap_packet_status count_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                      tap_flags_t flags _U_)
{
    const port_tap_t *tap = data;
    const port_record_t *record = &tap->session->record;
    const char *name = name_of(record);
    const char *label = wmem_strdup_printf(pinfo->pool, "%s %u%s%s", lore_names_transport(record->transport),
                                           record->port, name[0] != '\0' ? " " : "", name);

    tick_stat_node(tree, ROOT_NAME, 0, TRUE);
    int port_node = tick_stat_node(tree, label, root_node, TRUE);
    increase_stat_node(tree, CONVERSATIONS_NAME, port_node, FALSE, tap->first ? 1 : 0);
    tick_stat_node(tree, val_to_str_const(tap->match, lore_names_matches, "?"), port_node, FALSE);
    return TAP_PACKET_REDRAW;
}

int lore_stats_register(void)
{
    return register_tap("portlore");
}

void lore_stats_start(void)
{
    stats_tree_register_plugin("portlore", "portlore", WS_MENU_HEADING "Ports and What Is on Them",
                               TL_REQUIRES_PROTO_TREE, count_packet, init_tree, NULL);
}
