/* rdghttp_stats_counts.c
 * Counts of the RD Gateway's main channel, and how long its steps take.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_stats_counts.h"

#include <epan/srt_table.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>

#include "base/stat_trees.h"
#include "rdg/rdg_names.h"
#include "rdghttp_names.h"
#include "rdghttp_outcome.h"
#include "rdghttp_stats.h"

/* {{{ The tree */

#define SESSIONS_NAME "Sessions by what became of UDP"
#define TRANSPORTS_NAME "Sessions by transport"
#define HEADS_NAME "Requests and answers of HTTP"
#define PACKETS_NAME "Packets"
#define CODES_NAME "Codes other than S_OK"

static int sessions_node = -1;
static int transports_node = -1;
static int heads_node = -1;
static int packets_node = -1;
static int codes_node = -1;

/* A session counts under one name of each parent. */
typedef struct {
    const char *verdict; /* NULL before */
    const char *transport;
} counted_t;

static void init_tree(stats_tree *tree)
{
    stat_trees_forget(tree);
    sessions_node = stats_tree_create_node(tree, SESSIONS_NAME, 0, STAT_DT_INT, TRUE);
    transports_node = stats_tree_create_node(tree, TRANSPORTS_NAME, 0, STAT_DT_INT, TRUE);
    heads_node = stats_tree_create_node(tree, HEADS_NAME, 0, STAT_DT_INT, TRUE);
    packets_node = stats_tree_create_node(tree, PACKETS_NAME, 0, STAT_DT_INT, TRUE);
    codes_node = stats_tree_create_node(tree, CODES_NAME, 0, STAT_DT_INT, TRUE);
}

/* What the tree has counted of the session. */
static counted_t *get_counted(stats_tree *tree, const rdghttp_session_t *session)
{
    GHashTable *sessions = stat_trees_counted(tree, g_free);
    counted_t *counted = g_hash_table_lookup(sessions, GUINT_TO_POINTER(session->trunk.number));

    if (counted == NULL) {
        counted = g_new0(counted_t, 1);
        g_hash_table_insert(sessions, GUINT_TO_POINTER(session->trunk.number), counted);
    }
    return counted;
}

/* Counts the session under NOW, and no longer under *BEFORE. */
static void move(stats_tree *tree, const char *parent, int parent_node, const char **before, const char *now)
{
    if (*before == now) {
        return;
    }
    if (*before == NULL) {
        tick_stat_node(tree, parent, 0, TRUE);
    } else {
        increase_stat_node(tree, *before, parent_node, FALSE, -1);
    }
    tick_stat_node(tree, now, parent_node, FALSE);
    *before = now;
}

/* What the end of the file says of UDP is said when the file has been read, as on the packets. */
static void count_session(stats_tree *tree, const rdghttp_session_t *session)
{
    counted_t *counted = get_counted(tree, session);
    rdghttp_result_t result = rdghttp_outcome_judge(session, frame_store_is_whole());

    move(tree, SESSIONS_NAME, sessions_node, &counted->verdict,
         val_to_str_const(result.verdict, rdghttp_names_verdicts, "?"));
    move(tree, TRANSPORTS_NAME, transports_node, &counted->transport,
         val_to_str_const(session->transport, rdghttp_names_transports, "not known"));
}

static void count_head(stats_tree *tree, packet_info *pinfo, const rdghttp_tap_unit_t *unit)
{
    const char *name = unit->method == RDGHTTP_OUT_METHOD  ? "RDG_OUT_DATA"
                       : unit->method == RDGHTTP_IN_METHOD ? "RDG_IN_DATA"
                                                           : wmem_strdup_printf(pinfo->pool, "HTTP %u", unit->status);

    tick_stat_node(tree, HEADS_NAME, 0, TRUE);
    tick_stat_node(tree, name, heads_node, FALSE);
}

static void count_packet(stats_tree *tree, packet_info *pinfo, const rdghttp_tap_unit_t *unit)
{
    const char *name = val_to_str_const(unit->type, rdghttp_names_types, "Unknown packet");

    tick_stat_node(tree, PACKETS_NAME, 0, TRUE);
    tick_stat_node(tree, name, packets_node, FALSE);
    if (unit->code != 0) {
        tick_stat_node(tree, CODES_NAME, 0, TRUE);
        tick_stat_node(
            tree, wmem_strdup_printf(pinfo->pool, "%s: %s (0x%08x)", name, rdg_names_result(unit->code), unit->code),
            codes_node, FALSE);
    }
}

static tap_packet_status count_in_tree(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                       tap_flags_t flags _U_)
{
    const rdghttp_tap_t *tap = data;

    count_session(tree, tap->session);
    for (const rdghttp_tap_unit_t *unit = tap->units; unit != NULL; unit = unit->next) {
        if (unit->method != RDGHTTP_NO_METHOD || unit->status != 0) {
            count_head(tree, pinfo, unit);
        } else {
            count_packet(tree, pinfo, unit);
        }
    }
    return TAP_PACKET_REDRAW;
}

/* }}} */
/* {{{ Response times */

/* A request and its answer. A row stands at the number of its request, because Wireshark makes a filter of it. */
static const struct {
    uint16_t request;
    uint16_t answer;
} steps[] = {
    { RDGHTTP_HANDSHAKE_REQUEST, RDGHTTP_HANDSHAKE_RESPONSE },
    { RDGHTTP_TUNNEL_CREATE, RDGHTTP_TUNNEL_RESPONSE },
    { RDGHTTP_TUNNEL_AUTH, RDGHTTP_TUNNEL_AUTH_RESPONSE },
    { RDGHTTP_CHANNEL_CREATE, RDGHTTP_CHANNEL_RESPONSE },
};

static void init_times(struct register_srt *srt _U_, GArray *tables)
{
    srt_stat_table *table =
        init_srt_table("RD Gateway", NULL, tables, RDGHTTP_CHANNEL_RESPONSE, "Request", "rdghttp.type", NULL);

    for (int row = 0; row < RDGHTTP_CHANNEL_RESPONSE; row++) {
        init_srt_table_row(table, row, val_to_str_const((uint32_t)row, rdghttp_names_types, "?"));
    }
}

/* False when the unit answers nothing. An answer that was captured before its request has no time. */
static bool add_time(srt_stat_table *table, packet_info *pinfo, const rdghttp_tap_unit_t *unit)
{
    for (unsigned i = 0; i < array_length(steps); i++) {
        if (steps[i].answer == unit->type && unit->note != NULL && unit->note->peer != NULL &&
            unit->note->took.secs >= 0 && unit->note->took.nsecs >= 0) {
            nstime_t asked;
            nstime_delta(&asked, &unit->note->when, &unit->note->took);
            add_srt_table_data(table, steps[i].request, &asked, pinfo);
            return true;
        }
    }
    return false;
}

static tap_packet_status add_times(void *tables, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                   tap_flags_t flags _U_)
{
    srt_stat_table *table = g_array_index(((srt_data_t *)tables)->srt_array, srt_stat_table *, 0);
    const rdghttp_tap_t *tap = data;
    bool changed = false;

    for (const rdghttp_tap_unit_t *unit = tap->units; unit != NULL; unit = unit->next) {
        changed = add_time(table, pinfo, unit) || changed;
    }
    return changed ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

/* }}} */

void rdghttp_stats_counts_register(int proto)
{
    register_srt_table(proto, NULL, 1, add_times, init_times, NULL);
}

void rdghttp_stats_counts_start(void)
{
    stats_tree_register_plugin("rdghttp", "rdghttp", WS_MENU_HEADING "RD Gateway Sessions and Packets", 0,
                               count_in_tree, init_tree, stat_trees_forget);
}
