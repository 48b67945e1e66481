/* rdgudp_stats.c
 * Reports about the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_stats.h"

#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include "base/stat_reports.h"
#include "rdg/rdg_names.h"
#include "rdgudp_exploits.h"

/* {{{ The tree */

#define CHANNELS_NAME "Channels"
#define DATAGRAMS_NAME "Datagrams"
#define PACKETS_NAME "Packets inside DTLS"
#define FINDINGS_NAME "Findings"

static int channels_node = -1;
static int datagrams_node = -1;
static int packets_node = -1;
static int findings_node = -1;

static const value_string finding_names[] = {
    { RDGUDP_FINDING_0610, "CVE-2020-0610 pattern" },
    { RDGUDP_FINDING_0609, "CVE-2020-0609 pattern" },
    { RDGUDP_FINDING_SCAN, "Gateway scan" },
    { RDGUDP_FINDING_BAD_ID, "Fragment id not below the count" },
    { RDGUDP_FINDING_ODD_LENGTH, "Odd fragment length" },
    { RDGUDP_FINDING_CLEAR, "Fragment without DTLS" },
    { RDGUDP_FINDING_UNEXPECTED, "Refused as E_UNEXPECTED" },
    { 0, NULL },
};

static void init_tree(stats_tree *tree)
{
    channels_node = stats_tree_create_node(tree, CHANNELS_NAME, 0, STAT_DT_INT, TRUE);
    datagrams_node = stats_tree_create_node(tree, DATAGRAMS_NAME, 0, STAT_DT_INT, TRUE);
    packets_node = stats_tree_create_node(tree, PACKETS_NAME, 0, STAT_DT_INT, TRUE);
    findings_node = stats_tree_create_node(tree, FINDINGS_NAME, 0, STAT_DT_INT, TRUE);
}

/* A channel stands under its last verdict: it moves when that changes. */
static void count_channel(stats_tree *tree, const rdgudp_note_t *note)
{
    if (note->first) {
        tick_stat_node(tree, CHANNELS_NAME, 0, TRUE);
        tick_stat_node(tree, val_to_str_const(note->verdict, rdg_names_verdicts, "?"), channels_node, FALSE);
    } else if (note->before != note->verdict) {
        increase_stat_node(tree, val_to_str_const(note->before, rdg_names_verdicts, "?"), channels_node, FALSE, -1);
        tick_stat_node(tree, val_to_str_const(note->verdict, rdg_names_verdicts, "?"), channels_node, FALSE);
    }
}

static void count_entry(stats_tree *tree, const rdgudp_tap_t *tap)
{
    count_channel(tree, tap->note);
    if (tap->is_datagram) {
        tick_stat_node(tree, DATAGRAMS_NAME, 0, TRUE);
        tick_stat_node(tree, tap->note->from_gateway ? "From the gateway" : "From the client", datagrams_node, FALSE);
    }
    for (unsigned i = 0; i < tap->num_packets; i++) {
        tick_stat_node(tree, PACKETS_NAME, 0, TRUE);
        tick_stat_node(tree, val_to_str_const(tap->packets[i], rdg_names_packets, "not a packet"), packets_node, FALSE);
    }
    for (const value_string *finding = finding_names; finding->strptr != NULL; finding++) {
        if (tap->findings & finding->value) {
            tick_stat_node(tree, FINDINGS_NAME, 0, TRUE);
            tick_stat_node(tree, finding->strptr, findings_node, FALSE);
        }
    }
}

static tap_packet_status count_packet(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                      const void *data, tap_flags_t flags _U_)
{
    for (const rdgudp_tap_t *tap = data; tap != NULL; tap = tap->next) {
        count_entry(tree, tap);
    }
    return TAP_PACKET_REDRAW;
}

/* }}} */
/* {{{ The table of channels */

/* Wireshark draws the sort arrow over the first title after it has made the column as wide as its cells: so the first
 * column is one with long cells. */
enum {
    COLUMN_CLIENT,
    COLUMN_GATEWAY,
    COLUMN_CHANNEL,
    COLUMN_CORRELATION_ID,
    COLUMN_VERDICT,
    COLUMN_VERSION,
    COLUMN_HELLOS,
    COLUMN_KIND,
    COLUMN_USER,
    COLUMN_TARGET,
    COLUMN_FALLBACK,
    COLUMN_PACKETS,
    COLUMN_BYTES,
    NUM_COLUMNS
};

static stat_tap_table_item columns[NUM_COLUMNS] = {
    [COLUMN_CLIENT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%s" },
    [COLUMN_GATEWAY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Gateway", "%s" },
    [COLUMN_CHANNEL] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Channel", "%u" },
    [COLUMN_CORRELATION_ID] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Correlation id", "%s" },
    [COLUMN_VERDICT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s" },
    [COLUMN_VERSION] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Version", "%s" },
    [COLUMN_HELLOS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Hellos", "%u" },
    [COLUMN_KIND] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Kind", "%s" },
    [COLUMN_USER] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "User", "%s" },
    [COLUMN_TARGET] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Target", "%s" },
    [COLUMN_FALLBACK] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Fallback", "%s" },
    [COLUMN_PACKETS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Packets", "%u" },
    [COLUMN_BYTES] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes", "%u" },
};

/* Among so many channels that began last, those of one session are put together. To look at all would take its square.
 */
#define SESSION_LOOKED_FOR 1000

static const char *write_correlation_id(wmem_allocator_t *scope, const rdgudp_conv_t *flow)
{
    return flow->has_correlation_id ? guid_to_str(scope, &flow->correlation_id) : "";
}

/* Puts the last row behind the last one of the same session: the channels of one session stand together. */
static void join_session(stat_tap_table *table, wmem_allocator_t *scope, const rdgudp_conv_t *flow)
{
    const unsigned last = table->num_elements - 1;
    const char *id = write_correlation_id(scope, flow);

    if (!flow->has_correlation_id) {
        return;
    }
    for (unsigned row = last; row > 0 && last - row < SESSION_LOOKED_FOR; row--) {
        if (strcmp(table->elements[row - 1][COLUMN_CORRELATION_ID].value.string_value, id) == 0) {
            stat_tap_table_item_type *moved = table->elements[last];
            memmove(&table->elements[row + 1], &table->elements[row], (last - row) * sizeof table->elements[0]);
            table->elements[row] = moved;
            return;
        }
    }
}

static stat_tap_table_item_type *add_row(stat_report_t *report, wmem_allocator_t *scope, const rdgudp_conv_t *flow)
{
    stat_tap_table_item_type *row = stat_reports_add_row(report, flow->index);

    row[COLUMN_CHANNEL].value.uint_value = flow->index;
    join_session(report->table, scope, flow);
    return row;
}

static const char *write_end(wmem_allocator_t *scope, const address *end, uint16_t port)
{
    return wmem_strdup_printf(scope, end->type == AT_IPv6 ? "[%s]:%u" : "%s:%u", address_to_str(scope, end), port);
}

static void fill_row(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdgudp_conv_t *flow)
{
    const rdgudp_channel_t *channel = &flow->channel;
    const char *kind = channel->lossy_known ? (channel->lossy ? "lossy" : "reliable") : "";

    stat_reports_set_text(row, COLUMN_CLIENT, write_end(scope, &flow->client, flow->client_port));
    stat_reports_set_text(row, COLUMN_GATEWAY, write_end(scope, &flow->gateway, flow->gateway_port));
    stat_reports_set_text(row, COLUMN_CORRELATION_ID, write_correlation_id(scope, flow));
    stat_reports_set_text(row, COLUMN_VERDICT, val_to_str_const(channel->verdict, rdg_names_verdicts, "?"));
    stat_reports_set_text(row, COLUMN_VERSION, channel->version != 0 ? rdgudp_dtls_version_name(channel->version) : "");
    row[COLUMN_HELLOS].value.uint_value = channel->hello_count;
    stat_reports_set_text(row, COLUMN_KIND, kind);
    stat_reports_set_text(row, COLUMN_USER, flow->user != NULL ? flow->user : "");
    stat_reports_set_text(row, COLUMN_TARGET, flow->target != NULL ? flow->target : "");
    if (flow->fallback_stream != RDGUDP_NO_STREAM) {
        stat_reports_set_text(row, COLUMN_FALLBACK, wmem_strdup_printf(scope, "tcp.stream %u", flow->fallback_stream));
    }
}

static void list_entry(stat_report_t *report, packet_info *pinfo, const rdgudp_tap_t *tap)
{
    const rdgudp_conv_t *flow = tap->note->flow;
    stat_tap_table_item_type *row = g_hash_table_lookup(report->rows, GUINT_TO_POINTER(flow->index));

    if (row == NULL) {
        row = add_row(report, pinfo->pool, flow);
    }
    fill_row(row, pinfo->pool, flow);
    if (tap->is_datagram) {
        row[COLUMN_PACKETS].value.uint_value++;
        row[COLUMN_BYTES].value.uint_value += tap->length;
    }
}

static tap_packet_status list_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                     tap_flags_t flags _U_)
{
    stat_report_t *report = stat_reports_get(tapdata);

    for (const rdgudp_tap_t *tap = data; tap != NULL; tap = tap->next) {
        list_entry(report, pinfo, tap);
    }
    return TAP_PACKET_REDRAW;
}

static tap_param parameters[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };

static stat_tap_table_ui table_ui = {
    .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
    .title = WS_MENU_TITLE "RD Gateway UDP Channels",
    .tap_name = "rdgudp",
    .cli_string = "rdgudp,channels",
    .stat_tap_init_cb = stat_reports_init,
    .packet_func = list_packet,
    .stat_tap_reset_table_cb = stat_reports_reset,
    .stat_tap_free_table_item_cb = stat_reports_free_item,
    .nfields = NUM_COLUMNS,
    .fields = columns,
    .nparams = array_length(parameters),
    .params = parameters,
};

/* }}} */

int rdgudp_stats_register(void)
{
    register_stat_tap_table_ui(&table_ui);
    return register_tap("rdgudp");
}

void rdgudp_stats_start(void)
{
    stats_tree_register_plugin("rdgudp", "rdgudp", WS_MENU_HEADING "RD Gateway UDP Packets and Findings", 0,
                               count_packet, init_tree, NULL);
}
