/* gtpp_stock.c
 * Calls Wireshark's own GTP' dissector behind ours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_stock.h"

#include <epan/column-info.h>
#include <epan/column-utils.h>
#include <epan/exceptions.h>
#include <epan/tap.h>

#include "base/ber.h"
#include "gtpp_names.h"
#include "gtpp_pdu.h"
#include "base/later_pass.h"

static dissector_handle_t builtin_handle;
static dissector_handle_t stand_in_handle;

/* {{{ Who looks */

/* Protocols of which Wireshark's GTP' dissector draws nothing: those below it, ours, and the columns. Whoever wants a
 * field of any other protocol may want one of those that it draws, at whatever depth: which these are is nowhere
 * listed, and differs between versions. */
static const char *const others[] = { "frame", "eth", "sll",  "vlan",     "ip",     "ipv6",
                                      "udp",   "tcp", "gtpp", "portlore", "rdgudp", "_ws.col" };

/* Those that it is known to draw, and some that it may well draw one day. Not many: they are asked for at each packet.
 */
static const char *const likely[] = { "gtp",  "gtpprime", "gtpv2", "gprscdr",    "gsm_map",       "gsm_a",
                                      "e212", "e164",     "ber",   "_ws.expert", "_ws.malformed", "gsm_a.gm" };

/* Taps that it feeds nothing, likewise. */
static const char *const other_taps[] = { "frame", "eth",  "ip",      "ipv6",     "udp",
                                          "tcp",   "gtpp", "gtpp_eo", "portlore", "rdgudp" };

/* Our own field that tells what became of the call. */
#define TELL_TALE "gtpp.builtin.stopped"

/* As long as a file is open: protocols of plugins and scripts may come and go between two. */
static wmem_array_t *likely_protocols;   /* const header_field_info * */
static wmem_array_t *unlikely_protocols; /* const header_field_info * */
static wmem_array_t *watched_taps;       /* int */

static bool is_among(int id, const int *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

static void watch_protocols(void)
{
    void *cookie = NULL;
    const header_field_info *info = proto_registrar_get_byname(TELL_TALE);
    int other_ids[array_length(others)];
    int likely_ids[array_length(likely)];

    for (size_t i = 0; i < array_length(others); i++) {
        other_ids[i] = proto_get_id_by_filter_name(others[i]);
    }
    for (size_t i = 0; i < array_length(likely); i++) {
        likely_ids[i] = proto_get_id_by_filter_name(likely[i]);
    }
    likely_protocols = wmem_array_new(wmem_file_scope(), sizeof(const header_field_info *));
    unlikely_protocols = wmem_array_new(wmem_file_scope(), sizeof(const header_field_info *));
    if (info != NULL) {
        wmem_array_append_one(likely_protocols, info);
    }
    for (int id = proto_get_first_protocol(&cookie); id != -1; id = proto_get_next_protocol(&cookie)) {
        if (!is_among(id, other_ids, array_length(other_ids))) {
            info = proto_registrar_get_nth((unsigned)id);
            wmem_array_append_one(
                is_among(id, likely_ids, array_length(likely_ids)) ? likely_protocols : unlikely_protocols, info);
        }
    }
}

/* Wireshark numbers taps from 1, without gaps. */
static void watch_taps(void)
{
    GList *names = get_tap_names();
    const int count = (int)g_list_length(names);
    int other_ids[array_length(other_taps)];

    for (size_t i = 0; i < array_length(other_taps); i++) {
        other_ids[i] = find_tap_id(other_taps[i]);
    }
    watched_taps = wmem_array_new(wmem_file_scope(), sizeof(int));
    for (int id = 1; id <= count; id++) {
        if (!is_among(id, other_ids, array_length(other_ids))) {
            wmem_array_append_one(watched_taps, id);
        }
    }
    g_list_free(names);
}

static void start_file(void)
{
    watch_protocols();
    watch_taps();
}

static void end_file(void)
{
    likely_protocols = NULL;
    unlikely_protocols = NULL;
    watched_taps = NULL;
}

static bool is_tapped(void)
{
    if (!tap_listeners_require_dissection()) {
        return false;
    }
    if ((union_of_tap_listener_flags() & TL_REQUIRES_PROTO_TREE) != 0) {
        return true;
    }
    const int *ids = wmem_array_get_raw(watched_taps);
    for (unsigned i = 0; i < wmem_array_get_count(watched_taps); i++) {
        if (have_tap_listener(ids[i])) {
            return true;
        }
    }
    return false;
}

/* A protocol counts as referenced when any of its fields is: that is how Wireshark marks them before each packet. */
static bool is_any_wanted(wmem_array_t *protocols)
{
    const header_field_info *const *infos = wmem_array_get_raw(protocols);
    const unsigned count = wmem_array_get_count(protocols);

    for (unsigned i = 0; i < count; i++) {
        if (infos[i]->ref_type != HF_REF_TYPE_NONE) {
            return true;
        }
    }
    return false;
}

/* What is wanted hardly changes while the packets go by, and to ask for each of thousands of protocols takes longer
 * than what is to be saved. So the unlikely ones are asked for at the beginning of every pass, when somebody turns
 * back, and when the tree is another one. */
static bool is_unlikely_wanted(const packet_info *pinfo, const tree_data_t *data)
{
    static const tree_data_t *last_data;
    static uint32_t last_frame;
    static bool wanted;

    if (data != last_data || pinfo->num <= last_frame) {
        wanted = is_any_wanted(unlikely_protocols);
    }
    last_data = data;
    last_frame = pinfo->num;
    return wanted;
}

static bool is_drawn(const packet_info *pinfo, proto_tree *tree)
{
    if (tree == NULL) {
        return false;
    }
    const tree_data_t *data = PTREE_DATA(tree);
    return data->visible || !data->fake_protocols || is_any_wanted(likely_protocols) || is_unlikely_wanted(pinfo, data);
}

/* Whether there is a column for the worst of a packet's expert items: when Wireshark's dissector gives up, we add one.
 */
static bool has_expert_column(const packet_info *pinfo)
{
    return pinfo->cinfo != NULL && pinfo->cinfo->col_first[COL_EXPERT] >= 0;
}

/* Whether anybody can see what Wireshark's dissector would draw of a plain PDU: a person, a filter, a column, a tap, a
 * script. True in doubt. */
static bool is_seen(const packet_info *pinfo, proto_tree *tree)
{
    return likely_protocols == NULL || is_drawn(pinfo, tree) || is_tapped() || has_expert_column(pinfo);
}

/* Whether Wireshark's dissector reads all of the PDU by itself. Where another dissector may get a part (a record's
 * extensions, a private extension, a record format that a plugin reads), or where something is odd, there is no telling
 * what it comes to. */
static bool is_plain(const gtpp_pdu_t *pdu)
{
    if (pdu->odd || pdu->has_private_extension) {
        return false;
    }
    for (uint32_t i = 0; i < pdu->num_cdrs; i++) {
        const uint32_t length = pdu->cdrs[i].length;
        if (pdu->cdrs[i].format != GTPP_FORMAT_BER || pdu->cdrs[i].faulty || length == 0 ||
            !ber_is_plain(tvb_get_ptr(pdu->cdr_tvbs[i], 0, (int)length), length)) {
            return false;
        }
    }
    return true;
}

/* }}} */

/* Stands in for Wireshark's dissector where only its layer is needed: takes all, and draws nothing. */
static int take_all(tvbuff_t *tvb, packet_info *pinfo _U_, proto_tree *tree _U_, void *data _U_)
{
    return (int)tvb_captured_length(tvb);
}

void gtpp_stock_find(int proto)
{
    builtin_handle = find_dissector_add_dependency("gtpprime", proto);
    if (builtin_handle != NULL) {
        stand_in_handle = create_dissector_handle(take_all, dissector_handle_get_protocol_index(builtin_handle));
    }
    later_pass_init();
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}

/* False when it gave up half way. */
static bool call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    /* What call_dissector would have restored, had it come back. */
    const char *saved_proto = pinfo->current_proto;
    uint16_t saved_can_desegment = pinfo->can_desegment;
    volatile bool finished = true;

    ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);
    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY
    {
        call_dissector_only(builtin_handle, tvb, pinfo, tree, NULL);
    }
    CATCH_BOUNDS_AND_DISSECTOR_ERRORS
    {
        finished = false;
    }
    ENDTRY;
    col_set_writable(pinfo->cinfo, -1, columns_writable);
    pinfo->current_proto = saved_proto;
    pinfo->can_desegment = saved_can_desegment;
    return finished;
}

/* Hands it the PDU's header alone: which request which response answers is all that it keeps of a plain PDU. Nothing is
 * drawn, and the packet gets its layer. */
static void call_with_header(tvbuff_t *tvb, packet_info *pinfo)
{
    /* Its rule for the header, not ours: 20 octets in version 0 unless the last bit is set. */
    const unsigned length = (tvb_get_uint8(tvb, 0) & 0xe1) == 0 ? GTPP_LONG_HEADER : GTPP_SHORT_HEADER;

    if (tvb_captured_length(tvb) < length) {
        return;
    }
    call(tvb_new_subset_length_caplen(tvb, 0, (int)length, (int)length), pinfo, NULL);
}

/* For a plain PDU of which nobody can see what Wireshark's dissector would draw. */
static void call_unseen(tvbuff_t *tvb, packet_info *pinfo)
{
    if (!later_pass_is_possible(pinfo)) {
        call_dissector_only(stand_in_handle, tvb, pinfo, NULL, NULL);
    } else if (WS_GTP_MATCHES_BY_HEADER) {
        call_with_header(tvb, pinfo);
    } else {
        call(tvb, pinfo, NULL);
    }
}

bool gtpp_stock_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_pdu_t *pdu)
{
    if (builtin_handle == NULL) {
        return true;
    }
    if (!is_seen(pinfo, tree) && is_plain(pdu)) {
        call_unseen(tvb, pinfo);
        return true;
    }
    if (call(tvb, pinfo, tree)) {
        return true;
    }
    if (is_plain(pdu)) {
        /* What it knows of requests and responses must not depend on who looked. The packet has the layer already. */
        wmem_list_t *layers = pinfo->layers;
        pinfo->layers = wmem_list_new(pinfo->pool);
        call_with_header(tvb, pinfo);
        pinfo->layers = layers;
    }
    return false;
}

int gtpp_stock_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    return builtin_handle != NULL ? call_dissector_only(builtin_handle, tvb, pinfo, tree, NULL) : 0;
}
