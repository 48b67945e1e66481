/* observers.c
 * Functions of ours that look at every packet, behind all dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "observers.h"

#include <epan/proto.h>

#include "frame_store.h"
#include "packet_conversation.h"
#include "packet_ends.h"

/* A protocol in name only, which Wireshark's frame dissector has in all series from 4.0 on. */
#define SHARED_PROTOCOL "pkt_comment"

typedef struct {
    const protocol_t *protocol;
    observer_t observe;
} entry_t;

static wmem_array_t *entries; /* entry_t; NULL before the first */
static dissector_handle_t watch;

/* Those of ENTRIES whose protocol is enabled; of this file. Which ones are may change; then Wireshark reads the file
 * anew. */
static wmem_array_t *enabled; /* observer_t */

static void enable(const entry_t *entry)
{
    if (proto_is_protocol_enabled(entry->protocol)) {
        wmem_array_append_one(enabled, entry->observe);
    }
}

static void start_file(void)
{
    const unsigned count = entries != NULL ? wmem_array_get_count(entries) : 0;

    enabled = wmem_array_new(wmem_file_scope(), sizeof(observer_t));
    for (unsigned i = 0; i < count; i++) {
        enable(wmem_array_index(entries, i));
    }
}

static void end_file(void)
{
    enabled = NULL;
}

static int observe_packet(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const unsigned count = enabled != NULL ? wmem_array_get_count(enabled) : 0;
    const observer_t *observe = count > 0 ? wmem_array_get_raw(enabled) : NULL;
    const bool is_icmp = packet_ends_is_icmp(pinfo);

    for (unsigned i = 0; i < count; i++) {
        observe[i](tvb, pinfo, tree, is_icmp);
    }
    /* The frame store asks for this order: by now all that is known of the frame hangs on it. */
    frame_store_observe(pinfo);
    packet_conversation_forget();
    return (int)tvb_captured_length(tvb);
}

/* The postdissector belongs to a protocol in name only, so that Wireshark adds no layer to each packet. With no
 * protocol it would be called only when another postdissector is enabled. One of Wireshark's own serves: a protocol
 * that we register would stand in the list of protocols and in the completion of display filters. It cannot be
 * disabled, because its parent, the frame protocol, cannot. */
static int find_protocol(void)
{
    int proto = proto_get_id_by_filter_name(SHARED_PROTOCOL);

    if (proto == -1) {
        proto =
            proto_register_protocol_in_name_only("Portlore, looking at every packet", "Portlore watch",
                                                 "portlore_watch", proto_get_id_by_filter_name("frame"), FT_PROTOCOL);
    }
    return proto;
}

void observers_register(void)
{
    int proto = find_protocol();

    frame_store_register(proto);
    packet_conversation_register(proto);
    watch = create_dissector_handle(observe_packet, proto);
    register_postdissector(watch);
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}

void observers_start(void)
{
    packet_ends_start();
    packet_conversation_start();
}

void observers_add(int proto, observer_t observe)
{
    if (entries == NULL) {
        entries = wmem_array_new(wmem_epan_scope(), sizeof(entry_t));
    }
    for (unsigned i = 0; i < wmem_array_get_count(entries); i++) {
        if (((const entry_t *)wmem_array_index(entries, i))->observe == observe) {
            return;
        }
    }
    entry_t entry = { find_protocol_by_id(proto), observe };
    wmem_array_append_one(entries, entry);
    if (enabled != NULL) {
        enable(&entry);
    }
}

void observers_want_trees(int field)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(int));

    g_array_append_val(fields, field);
    set_postdissector_wanted_hfids(watch, fields);
}
