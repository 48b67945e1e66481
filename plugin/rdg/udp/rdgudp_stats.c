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

#include <stdlib.h>

#include "base/stat_reports.h"
#include "base/stat_trees.h"
#include "base/tree_util.h"
#include "rdg/rdg_names.h"
#include "rdgudp_exploits.h"
#include "rdgudp_fallback.h"
#include "rdgudp_names.h"

/* {{{ The tree */

#define CHANNELS_NAME "Channels"
#define DATAGRAMS_NAME "Datagrams"
#define COPIES_NAME "Copies"
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

/* Channels of one client that are brought up to date with one of them. */
#define CLIENT_REFRESHED 16

static void init_tree(stats_tree *tree)
{
    stat_trees_forget(tree);
    channels_node = stats_tree_create_node(tree, CHANNELS_NAME, 0, STAT_DT_INT, TRUE);
    datagrams_node = stats_tree_create_node(tree, DATAGRAMS_NAME, 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, COPIES_NAME, 0, STAT_DT_INT, FALSE);
    packets_node = stats_tree_create_node(tree, PACKETS_NAME, 0, STAT_DT_INT, TRUE);
    findings_node = stats_tree_create_node(tree, FINDINGS_NAME, 0, STAT_DT_INT, TRUE);
}

/* What a report has counted of channels: channel -> its verdict in the report, plus 1. */
static GHashTable *get_counted(stats_tree *tree)
{
    return stat_trees_counted(tree, NULL);
}

static const char *name_verdict(unsigned verdict)
{
    return val_to_str_const(verdict, rdgudp_names_verdicts, "?");
}

/* A channel stands under what became of it, as far as is known: it moves when that changes. It is counted with the
 * first packet of it that the report gets. */
static void count_channel(stats_tree *tree, const rdgudp_conv_t *conv)
{
    GHashTable *counted = get_counted(tree);
    unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(counted, GUINT_TO_POINTER(conv->index)));
    unsigned now = (unsigned)rdgudp_session_outcome(conv).verdict + 1;

    if (before == now) {
        return;
    }
    if (before == 0) {
        tick_stat_node(tree, CHANNELS_NAME, 0, TRUE);
    } else {
        increase_stat_node(tree, name_verdict(before - 1), channels_node, FALSE, -1);
    }
    tick_stat_node(tree, name_verdict(now - 1), channels_node, FALSE);
    g_hash_table_insert(counted, GUINT_TO_POINTER(conv->index), GUINT_TO_POINTER(now));
}

/* The same for the client's other channels, of those that the report has: what a packet shows of one says something of
 * them, too. */
static void count_client(stats_tree *tree, const rdgudp_conv_t *conv)
{
    const rdgudp_conv_t *one = rdgudp_session_latest_of_host(conv);

    for (unsigned i = 0; one != NULL && i < CLIENT_REFRESHED; i++, one = one->next_of_host) {
        if (one != conv && g_hash_table_contains(get_counted(tree), GUINT_TO_POINTER(one->index))) {
            count_channel(tree, one);
        }
    }
}

static void count_entry(stats_tree *tree, const rdgudp_tap_t *tap)
{
    count_channel(tree, tap->state->conv);
    if (tap->state->changes != 0) {
        count_client(tree, tap->state->conv);
    }
    if (tap->state->changes & RDGUDP_CHANGE_COPY) {
        tick_stat_node(tree, COPIES_NAME, 0, FALSE);
        return;
    }
    if (tap->is_datagram) {
        tick_stat_node(tree, DATAGRAMS_NAME, 0, TRUE);
        tick_stat_node(tree, tap->state->from_gateway ? "From the gateway" : "From the client", datagrams_node, FALSE);
    }
    for (unsigned i = 0; i < tap->num_packets; i++) {
        tick_stat_node(tree, PACKETS_NAME, 0, TRUE);
        tick_stat_node(tree, val_to_str_const(tap->packets[i], rdgudp_names_packets, "not a packet"), packets_node,
                       FALSE);
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
    COLUMN_WHY,
    COLUMN_BY,
    COLUMN_DTLS,
    COLUMN_HELLOS,
    COLUMN_RELIABLE,
    COLUMN_USER,
    COLUMN_TARGET,
    COLUMN_TARGET_PORT,
    COLUMN_FALLBACK,
    COLUMN_PACKETS,
    COLUMN_OCTETS_UP,
    COLUMN_OCTETS_DOWN,
    COLUMN_FIRST,
    COLUMN_LAST,
    NUM_COLUMNS
};

static stat_tap_table_item columns[NUM_COLUMNS] = {
    [COLUMN_CLIENT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%s" },
    [COLUMN_GATEWAY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Gateway", "%s" },
    [COLUMN_CHANNEL] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Channel", "%u" },
    [COLUMN_CORRELATION_ID] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Correlation id", "%s" },
    [COLUMN_VERDICT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s" },
    [COLUMN_WHY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Why", "%s" },
    [COLUMN_BY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "By", "%s" },
    [COLUMN_DTLS] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "DTLS", "%s" },
    [COLUMN_HELLOS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Hellos", "%u" },
    [COLUMN_RELIABLE] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Reliable", "%s" },
    [COLUMN_USER] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "User", "%s" },
    [COLUMN_TARGET] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Target", "%s" },
    [COLUMN_TARGET_PORT] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Target port", "%s" },
    [COLUMN_FALLBACK] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Fallback", "%s" },
    [COLUMN_PACKETS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Packets", "%u" },
    [COLUMN_OCTETS_UP] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Octets up", "%u" },
    [COLUMN_OCTETS_DOWN] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Octets down", "%u" },
    [COLUMN_FIRST] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "First", "%s" },
    [COLUMN_LAST] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Last", "%s" },
};

static const char *write_correlation_id(wmem_allocator_t *scope, const rdgudp_conv_t *conv)
{
    return conv->session != NULL ? guid_to_str(scope, &conv->session->id) : "";
}

/* Why a channel came to its verdict: what no key shows, or the name of what it shows. */
static const char *write_why(wmem_allocator_t *scope, const rdgudp_channel_t *channel, rdgudp_judgement_t judgement)
{
    const rdgudp_stop_t *stop = rdgudp_verdict_stop(channel, judgement);

    if (stop != NULL && stop->mtu != 0) {
        return wmem_strdup_printf(scope, "ICMP type %u, code %u, MTU %u", stop->type, stop->code, stop->mtu);
    }
    if (stop != NULL) {
        return wmem_strdup_printf(scope, "ICMP type %u, code %u", stop->type, stop->code);
    }
    if (judgement.verdict == RDGUDP_REJECTED) {
        return rdg_names_result(channel->result);
    }
    if (judgement.verdict == RDGUDP_FAILED) {
        return rdgudp_dtls_alert_name(channel->alert);
    }
    return val_to_str_const(judgement.reason, rdgudp_names_reasons, "");
}

static const char *write_by(const rdgudp_conv_t *conv, rdgudp_judgement_t judgement)
{
    const char *by = NULL;

    if (judgement.reason == RDGUDP_BECAUSE_ICMP) {
        by = conv->stopped_by;
    } else if (judgement.reason == RDGUDP_BECAUSE_ELSEWHERE) {
        by = conv->answer_from;
    }
    return by != NULL ? by : "";
}

static void fill_row(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdgudp_conv_t *conv)
{
    const rdgudp_channel_t *channel = &conv->channel;
    rdgudp_judgement_t judgement = rdgudp_session_outcome(conv);
    uint32_t stream = rdgudp_fallback_stream(conv);

    stat_reports_set_text(row, COLUMN_CLIENT, tree_util_end_to_str(scope, &conv->client, conv->client_port));
    stat_reports_set_text(row, COLUMN_GATEWAY, tree_util_end_to_str(scope, &conv->gateway, conv->gateway_port));
    stat_reports_set_text(row, COLUMN_CORRELATION_ID, write_correlation_id(scope, conv));
    stat_reports_set_text(row, COLUMN_VERDICT, name_verdict(judgement.verdict));
    stat_reports_set_text(row, COLUMN_WHY, write_why(scope, channel, judgement));
    stat_reports_set_text(row, COLUMN_BY, write_by(conv, judgement));
    stat_reports_set_text(row, COLUMN_DTLS, channel->version != 0 ? rdgudp_dtls_version_name(channel->version) : "");
    row[COLUMN_HELLOS].value.uint_value = channel->hello_count;
    stat_reports_set_text(row, COLUMN_RELIABLE, !channel->lossy_known ? "" : channel->lossy ? "no" : "yes");
    stat_reports_set_text(row, COLUMN_USER, conv->user != NULL ? conv->user : "");
    stat_reports_set_text(row, COLUMN_TARGET, conv->target != NULL ? conv->target : "");
    stat_reports_set_text(row, COLUMN_TARGET_PORT,
                          channel->target_port != 0 ? wmem_strdup_printf(scope, "%u", channel->target_port) : "");
    stat_reports_set_text(row, COLUMN_FALLBACK,
                          stream != RDG_NO_STREAM ? wmem_strdup_printf(scope, "tcp.stream %u", stream) : "");
}

static void count_datagram(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdgudp_tap_t *tap)
{
    const char *when = stat_reports_write_time(scope, &tap->time);
    bool is_first = row[COLUMN_PACKETS].value.uint_value++ == 0;

    row[tap->state->from_gateway ? COLUMN_OCTETS_DOWN : COLUMN_OCTETS_UP].value.uint_value += tap->length;
    if (is_first) {
        stat_reports_set_text(row, COLUMN_FIRST, when);
    }
    stat_reports_set_text(row, COLUMN_LAST, when);
}

/* A row when the report is drawn. */
typedef struct {
    stat_tap_table_item_type *items;
    unsigned place; /* the channel's index */
    unsigned first; /* that of the first channel of its session, in the report */
} placed_row_t;

static int compare_rows(const void *one, const void *other)
{
    const placed_row_t *a = one;
    const placed_row_t *b = other;
    unsigned left = a->first != b->first ? a->first : a->place;
    unsigned right = a->first != b->first ? b->first : b->place;

    return left < right ? -1 : left > right;
}

/* Channels in the order in which they began, those of one session together. */
static void order_rows(stat_report_t *report)
{
    const unsigned count = report->table->num_elements;
    GHashTable *sessions = g_hash_table_new(g_direct_hash, g_direct_equal); /* session -> its first channel, plus 1 */
    placed_row_t *rows = g_new(placed_row_t, count);

    for (unsigned i = 0; i < count; i++) {
        stat_tap_table_item_type *items = report->table->elements[i];
        rows[i] = (placed_row_t){ items, items[COLUMN_CHANNEL].value.uint_value, 0 };
        rows[i].first = rows[i].place;
    }
    qsort(rows, count, sizeof rows[0], compare_rows);
    for (unsigned i = 0; i < count; i++) {
        const rdgudp_conv_t *conv = rdgudp_session_of_index(rows[i].place);
        if (conv == NULL || conv->session == NULL) {
            continue;
        }
        unsigned first = GPOINTER_TO_UINT(g_hash_table_lookup(sessions, conv->session));
        if (first == 0) {
            g_hash_table_insert(sessions, conv->session, GUINT_TO_POINTER(rows[i].place + 1));
        } else {
            rows[i].first = first - 1;
        }
    }
    qsort(rows, count, sizeof rows[0], compare_rows);
    for (unsigned i = 0; i < count; i++) {
        report->table->elements[i] = rows[i].items;
    }
    g_free(rows);
    g_hash_table_destroy(sessions);
}

/* All but the counts is written when the report is drawn: later packets, of other channels and of TCP, too, say more of
 * a channel. */
static void draw_report(stat_report_t *report)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);

    for (unsigned i = 0; i < report->table->num_elements; i++) {
        stat_tap_table_item_type *row = report->table->elements[i];
        const rdgudp_conv_t *conv = rdgudp_session_of_index(row[COLUMN_CHANNEL].value.uint_value);
        if (conv != NULL) {
            fill_row(row, scope, conv);
        }
    }
    wmem_destroy_allocator(scope);
    order_rows(report);
}

static void list_entry(stat_report_t *report, packet_info *pinfo, const rdgudp_tap_t *tap)
{
    const rdgudp_conv_t *conv = tap->state->conv;
    stat_tap_table_item_type *row = g_hash_table_lookup(report->rows, GUINT_TO_POINTER(conv->index));

    if (row == NULL) {
        row = stat_reports_add_row(report, conv->index);
        row[COLUMN_CHANNEL].value.uint_value = conv->index;
    }
    if (tap->is_datagram && !(tap->state->changes & RDGUDP_CHANGE_COPY)) {
        count_datagram(row, pinfo->pool, tap);
    }
}

static tap_packet_status list_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                     tap_flags_t flags _U_)
{
    stat_report_t *report = stat_reports_get_drawn(tapdata, "rdgudp", draw_report);

    for (const rdgudp_tap_t *tap = data; tap != NULL; tap = tap->next) {
        list_entry(report, pinfo, tap);
    }
    return TAP_PACKET_REDRAW;
}

static stat_tap_table_ui table_ui = {
    .title = WS_MENU_TITLE "RD Gateway UDP Channels",
    .tap_name = "rdgudp",
    .cli_string = "rdgudp,channels",
    .packet_func = list_packet,
    .nfields = NUM_COLUMNS,
    .fields = columns,
};

/* }}} */

int rdgudp_stats_register(void)
{
    stat_reports_register(&table_ui);
    return register_tap("rdgudp");
}

void rdgudp_stats_start(void)
{
    stats_tree_register_plugin("rdgudp", "rdgudp", WS_MENU_HEADING "RD Gateway UDP Packets and Findings", 0,
                               count_packet, init_tree, stat_trees_forget);
}
