/* gtpp_stock.c
 * Calls Wireshark's own GTP' dissector behind ours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_stock.h"

#include <epan/column-utils.h>
#include <epan/exceptions.h>
#include <epan/tap.h>

#include "base/command_line.h"

/* Whose fields Wireshark's dissector adds to a packet, and our own item that says that it gave up. The preference
 * "always" is for those who want a field of yet another protocol. */
static const char *const added[] = { "gtp",      "gtpprime", "gprscdr", "gtpv2", "gsm_map", "gsm_a",
                                     "gsm_a.gm", "gsm_ss",   "e212",    "e164",  "ber",     "gtpp.builtin.stopped" };

/* Taps that it feeds. */
static const char *const fed[] = { "gtp", "gtpv1" };

static dissector_handle_t stock_handle;
static int added_ids[array_length(added)];
static int fed_ids[array_length(fed)];
static bool is_on_command_line; /* an option of tshark names one of these */

/* Not at handoff: taps may be registered after it. */
static void find_taps(void)
{
    for (size_t i = 0; i < array_length(fed); i++) {
        fed_ids[i] = find_tap_id(fed[i]);
    }
}

void gtpp_stock_find(int proto)
{
    stock_handle = find_dissector_add_dependency("gtpprime", proto);
    for (size_t i = 0; i < array_length(added); i++) {
        added_ids[i] = proto_registrar_get_id_byname(added[i]);
    }
    is_on_command_line = command_line_names(added, array_length(added));
    register_init_routine(find_taps);
}

/* {{{ What is wanted of a packet */

/* A field counts as wanted when a filter, a column, a tap or a list of fields names it. A visible tree names none: it
 * has all that our dissector adds, and Wireshark's would say it again. */
static bool is_named(int field)
{
    return field != -1 && proto_registrar_get_nth((unsigned)field)->ref_type != HF_REF_TYPE_NONE;
}

static bool is_wanted(void)
{
    if (is_on_command_line) {
        return true;
    }
    for (size_t i = 0; i < array_length(added); i++) {
        /* A protocol is named when one of its fields is. */
        if (is_named(added_ids[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < array_length(fed); i++) {
        if (have_tap_listener(fed_ids[i])) {
            return true;
        }
    }
    return false;
}

/* }}} */

/* False when it gave up half way. */
static bool call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    /* What call_dissector() would have restored, had it returned. */
    const char *saved_proto = pinfo->current_proto;
    uint16_t saved_can_desegment = pinfo->can_desegment;
    volatile bool finished = true;

    ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);
    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY
    {
        call_dissector_only(stock_handle, tvb, pinfo, tree, NULL);
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

/* Hands over the PDU's header alone. Nothing is added to the tree, and the packet gets the layer. Wireshark's dissector
 * takes 20 octets for the header in version 0 unless the last bit is set. */
static void call_with_header(tvbuff_t *tvb, packet_info *pinfo, const gtpp_header_t *header)
{
    const int length = header->version == 0 && header->last_bit == 0 ? GTPP_LONG_HEADER : GTPP_SHORT_HEADER;

    if ((int)tvb_captured_length(tvb) >= length) {
        call(tvb_new_subset_length_caplen(tvb, 0, length, length), pinfo, NULL);
    }
}

void gtpp_stock_call_with_header(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu)
{
    if (stock_handle == NULL) {
        return;
    }
    if (WS_GTP_MATCHES_BY_HEADER) {
        call_with_header(tvb, pinfo, &pdu->header);
    } else {
        call(tvb, pinfo, NULL);
    }
}

bool gtpp_stock_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_pdu_t *pdu, bool is_always)
{
    if (stock_handle == NULL) {
        return true;
    }
    if (!is_always && !is_wanted()) {
        gtpp_stock_call_with_header(tvb, pinfo, pdu);
        return true;
    }
    if (call(tvb, pinfo, tree)) {
        return true;
    }
    /* What it keeps of requests and responses must not depend on what was wanted. The packet has the layer already. */
    wmem_list_t *layers = pinfo->layers;
    pinfo->layers = wmem_list_new(pinfo->pool);
    call_with_header(tvb, pinfo, &pdu->header);
    pinfo->layers = layers;
    return false;
}

int gtpp_stock_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    return stock_handle != NULL ? call_dissector_only(stock_handle, tvb, pinfo, tree, NULL) : 0;
}
