/* gtpp_stats.c
 * Counts of messages, response times, conversations and endpoints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_stats.h"

#include <epan/conversation_table.h>
#include <epan/srt_table.h>
#include <epan/stats_tree.h>
#include <epan/tap.h>

#include "gtpp_names.h"

static int gtpp_tap = -1;
static int gtpp_export_tap = -1;

/* {{{ -z gtpp,tree */

#define MESSAGES_NAME "Messages"
#define CAUSES_NAME "Causes"
#define RECORDS_NAME "Charging data records"

static int messages_node = -1;
static int causes_node = -1;
static int records_node = -1;

static void init_tree(stats_tree *tree)
{
    messages_node = stats_tree_create_node(tree, MESSAGES_NAME, 0, STAT_DT_INT, TRUE);
    causes_node = stats_tree_create_node(tree, CAUSES_NAME, 0, STAT_DT_INT, TRUE);
    records_node = stats_tree_create_node(tree, RECORDS_NAME, 0, STAT_DT_INT, TRUE);
}

/* A copy brings no new records. */
static bool is_new_request(const gtpp_message_tap_t *message)
{
    return message->event->item.role == GTPP_ITEM_REQUEST;
}

static void count_message(stats_tree *tree, packet_info *pinfo, const gtpp_message_tap_t *message)
{
    const gtpp_pdu_t *pdu = message->pdu;

    tick_stat_node(tree, MESSAGES_NAME, 0, TRUE);
    tick_stat_node(tree, val_to_str_const(pdu->header.type, gtpp_message_names, "?"), messages_node, FALSE);
    if (pdu->has_cause) {
        const char *name = val_to_str_const(pdu->cause, gtpp_cause_names, "Unknown cause");
        tick_stat_node(tree, CAUSES_NAME, 0, TRUE);
        tick_stat_node(tree, wmem_strdup_printf(pinfo->pool, "%s (%u)", name, pdu->cause), causes_node, FALSE);
    }
    for (uint32_t i = 0; i < pdu->num_cdrs && is_new_request(message); i++) {
        const cdr_t *cdr = &pdu->cdrs[i];
        tick_stat_node(tree, RECORDS_NAME, 0, TRUE);
        tick_stat_node(tree, cdr->type_name, records_node, FALSE);
    }
}

static tap_packet_status count_in_tree(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                       tap_flags_t flags _U_)
{
    for (const gtpp_message_tap_t *message = data; message != NULL; message = message->next) {
        count_message(tree, pinfo, message);
    }
    return TAP_PACKET_REDRAW;
}

/* }}} */
/* {{{ -z gtpp,srt */

/* A row for each kind of request. */
static const uint8_t srt_rows[] = { GTPP_ECHO_REQUEST, GTPP_NODE_ALIVE_REQUEST, GTPP_REDIRECTION_REQUEST,
                                    GTPP_DATA_RECORD_TRANSFER_REQUEST };

static void init_srt(struct register_srt *srt _U_, GArray *tables)
{
    srt_stat_table *table = init_srt_table("GTP'", NULL, tables, array_length(srt_rows), "Request", "gtpp.type", NULL);

    for (int i = 0; i < (int)array_length(srt_rows); i++) {
        init_srt_table_row(table, i, val_to_str_const(srt_rows[i], gtpp_message_names, "?"));
    }
}

/* Adds the times of the requests that a message answers. False when there are none. An answer that was captured before
 * its request has no time. */
static bool add_times_of_message(srt_stat_table *table, packet_info *pinfo, gtpp_event_t *event)
{
    const gtpp_item_t *item;
    bool changed = false;

    for (uint32_t k = 0; (item = gtpp_event_get_item(event, k)) != NULL; k++) {
        if (item->role != GTPP_ITEM_ANSWER || item->link->event->time > event->time) {
            continue;
        }
        const nstime_t asked = gtpp_session_time(item->link->event);
        for (int row = 0; row < (int)array_length(srt_rows); row++) {
            if (srt_rows[row] == item->link->event->type) {
                add_srt_table_data(table, row, &asked, pinfo);
                changed = true;
            }
        }
    }
    return changed;
}

static tap_packet_status add_response_times(void *tables, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                            tap_flags_t flags _U_)
{
    srt_stat_table *table = g_array_index(((srt_data_t *)tables)->srt_array, srt_stat_table *, 0);
    bool changed = false;

    for (const gtpp_message_tap_t *message = data; message != NULL; message = message->next) {
        changed = add_times_of_message(table, pinfo, message->event) || changed;
    }
    return changed ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

/* }}} */
/* {{{ -z conv,gtpp and -z endpoints,gtpp */

static const char *filter_for(const address *addr, bool is_tcp, conv_filter_type_e filter)
{
    bool is_ipv6 = addr->type == AT_IPv6;

    switch (filter) {
    case CONV_FT_SRC_PORT:
        return is_tcp ? "tcp.srcport" : "udp.srcport";
    case CONV_FT_DST_PORT:
        return is_tcp ? "tcp.dstport" : "udp.dstport";
    case CONV_FT_ANY_PORT:
        return is_tcp ? "tcp.port" : "udp.port";
    case CONV_FT_SRC_ADDRESS:
        return is_ipv6 ? "ipv6.src" : "ip.src";
    case CONV_FT_DST_ADDRESS:
        return is_ipv6 ? "ipv6.dst" : "ip.dst";
    case CONV_FT_ANY_ADDRESS:
        return is_ipv6 ? "ipv6.addr" : "ip.addr";
    }
    return CONV_FILTER_INVALID;
}

static const char *conversation_filter(conv_item_t *item, conv_filter_type_e filter)
{
    /* Asked without an item, Wireshark wants to know about the port only. */
    static const address none = ADDRESS_INIT_NONE;

    return item == NULL ? filter_for(&none, false, filter)
                        : filter_for(&item->src_address, item->ctype == CONVERSATION_TCP, filter);
}

static const char *endpoint_filter(endpoint_item_t *item, conv_filter_type_e filter)
{
    static const address none = ADDRESS_INIT_NONE;

    return item == NULL ? filter_for(&none, false, filter)
                        : filter_for(&item->myaddress, item->etype == ENDPOINT_TCP, filter);
}

static ct_dissector_info_t conversation_info = { conversation_filter };
static et_dissector_info_t endpoint_info = { endpoint_filter };

/* Counts frames that hold the end of a message, once each: as frames, so that the numbers compare with those of UDP and
 * TCP. */
static tap_packet_status count_conversation(void *table, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                            tap_flags_t flags)
{
    const gtpp_message_tap_t *message = data;
    conv_hash_t *hash = table;

    hash->flags = flags;
    add_conversation_table_data_with_conv_id(hash, &pinfo->src, &pinfo->dst, pinfo->srcport, pinfo->destport,
                                             (conv_id_t)message->conv->path->number, 1, pinfo->fd->pkt_len,
                                             &pinfo->rel_ts, &pinfo->abs_ts, &conversation_info,
                                             message->conv->is_tcp ? CONVERSATION_TCP : CONVERSATION_UDP);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status count_endpoints(void *table, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                         tap_flags_t flags)
{
    const gtpp_message_tap_t *message = data;
    conv_hash_t *hash = table;

    hash->flags = flags;
    add_endpoint_table_data(hash, &pinfo->src, pinfo->srcport, TRUE, 1, pinfo->fd->pkt_len, &endpoint_info,
                            message->conv->is_tcp ? ENDPOINT_TCP : ENDPOINT_UDP);
    add_endpoint_table_data(hash, &pinfo->dst, pinfo->destport, FALSE, 1, pinfo->fd->pkt_len, &endpoint_info,
                            message->conv->is_tcp ? ENDPOINT_TCP : ENDPOINT_UDP);
    return TAP_PACKET_REDRAW;
}

/* }}} */

/* Wireshark takes 5,000 entries of a packet at most and drops the rest; a segment can have more messages. */
void gtpp_stats_queue(packet_info *pinfo, const gtpp_message_tap_t *message)
{
    if (message->ordinal != 0) {
        return; /* hangs on the first one of the frame */
    }
    tap_queue_packet(gtpp_tap, pinfo, message);
    if (have_tap_listener(gtpp_export_tap)) {
        tap_queue_packet(gtpp_export_tap, pinfo, message);
    }
}

void gtpp_stats_register(int proto)
{
    gtpp_tap = register_tap("gtpp");
    gtpp_export_tap = gtpp_export_register(proto);
    register_srt_table(proto, NULL, 1, add_response_times, init_srt, NULL);
    register_conversation_table(proto, FALSE, count_conversation, count_endpoints);
    gtpp_stats_ledger_register();
    gtpp_stats_records_register();
}

void gtpp_stats_start(void)
{
    stats_tree_register_plugin("gtpp", "gtpp", WS_MENU_HEADING "GTP' Messages, Causes and Records", 0, count_in_tree,
                               init_tree, NULL);
}
