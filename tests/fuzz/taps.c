/* taps.c
 * Listeners for the plugin's statistics and exports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "taps.h"

#include "base/ws_compat.h"

#include <epan/export_object.h>
#include <epan/packet.h>
#include <epan/srt_table.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/stats_tree_priv.h>
#include <epan/tap.h>

#include <stdio.h>
#include <stdlib.h>

static void listen_to(const char *tap, void *data, unsigned flags, tap_reset_cb reset, tap_packet_cb packet)
{
    GString *error = register_tap_listener(tap, data, NULL, flags, reset, packet, NULL, NULL);

    if (error != NULL) {
        fprintf(stderr, "fuzz: %s\n", error->str);
        exit(2);
    }
}

static void reset_table(void *data)
{
    reset_stat_table(((stat_data_t *)data)->stat_tap_data);
}

static void start_table(const char *name)
{
    stat_tap_table_ui *ui = stat_tap_by_name(name);

    if (ui != NULL) {
        stat_data_t *data = g_new0(stat_data_t, 1);
        data->stat_tap_data = ui;
        ui->stat_tap_init_cb(ui);
        listen_to(ui->tap_name, data, 0, reset_table, ui->packet_func);
    }
}

static void reset_times(void *data)
{
    reset_srt_table(((srt_data_t *)data)->srt_array);
}

static void start_response_times(const char *name)
{
    static srt_data_t data;
    register_srt_t *srt = get_srt_table_by_name(name);

    if (srt != NULL) {
        data.srt_array = g_array_new(FALSE, TRUE, sizeof(srt_stat_table *));
        srt_table_dissector_init(srt, data.srt_array);
        listen_to(get_srt_tap_listener_name(srt), &data, 0, reset_times, get_srt_packet_func(srt));
    }
}

static void drop_object(void *list _U_, export_object_entry_t *entry)
{
    eo_free_entry(entry);
}

static export_object_entry_t *no_object(void *list _U_, int row _U_)
{
    return NULL;
}

static void start_export(const char *name)
{
    static export_object_list_t list = { drop_object, no_object, NULL };
    register_eo_t *exporter = get_eo_by_name(name);

    if (exporter != NULL) {
        listen_to(get_eo_tap_listener_name(exporter), &list, 0, NULL, get_eo_packet_func(exporter));
    }
}

static void start_tree(const char *name)
{
    stats_tree_cfg *configuration = stats_tree_get_cfg_by_abbr(name);

    if (configuration != NULL) {
        stats_tree *tree = stats_tree_new(configuration, NULL, NULL);
        listen_to(configuration->tapname, tree, configuration->flags, stats_tree_reset, stats_tree_packet);
        configuration->init(tree);
    }
}

void taps_start(void)
{
    start_table("gtpp,ledger");
    start_table("rdgudp,channels");
    start_response_times("gtpp");
    start_export("gtpp");
    start_tree("gtpp");
    start_tree("rdgudp");
    start_tree("portlore");
}
