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

#include <string.h>

#include "base/command_line.h"
#include "base/tree_util.h"

/* Whose fields Wireshark's dissector adds to a packet, and our own item that says that it gave up. The preference
 * "always" is for those who want a field of yet another protocol. */
static const char *const added[] = { "gtp",      "gtpprime", "gprscdr", "gtpv2", "gsm_map", "gsm_a",
                                     "gsm_a.gm", "gsm_ss",   "e212",    "e164",  "ber",     "gtpp.builtin.stopped" };

/* Where the header says how many octets follow it. */
#define LENGTH_FIELD 2

/* Taps that it feeds. */
static const char *const fed[] = { "gtp", "gtpv1" };

static dissector_handle_t stock_handle;
static const header_field_info *added_fields[array_length(added)];
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
        added_fields[i] = proto_registrar_get_byname(added[i]);
    }
    is_on_command_line = command_line_names(added, array_length(added));
    register_init_routine(find_taps);
}

/* {{{ What is wanted of a packet */

/* A visible tree wants nothing: it has all that our dissector adds, and Wireshark's would say it again. */
static bool is_wanted(void)
{
    if (is_on_command_line) {
        return true;
    }
    for (size_t i = 0; i < array_length(added); i++) {
        /* A protocol is named when one of its fields is. */
        if (tree_util_is_named(added_fields[i])) {
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

/* True for what Wireshark's dissector needs of a message to find which response answers which request. */
static bool is_needed(const gtpp_ie_t *ie)
{
    return ie->extent == GTPP_IE_WHOLE && ie->fit == GTPP_IE_FITS &&
           (ie->type == GTPP_IE_CAUSE || ie->type == GTPP_IE_REQUESTS_RESPONDED);
}

static uint32_t octets_of(const gtpp_ie_t *ie)
{
    return ie->value_offset + ie->length - ie->offset;
}

/* In version 0, Wireshark's dissector takes 20 octets for the header unless the last bit is set. */
static uint32_t header_of(const gtpp_pdu_t *pdu)
{
    return pdu->header.version == 0 && pdu->header.last_bit == 0 ? GTPP_LONG_HEADER : GTPP_SHORT_HEADER;
}

/* Returns how many octets the needed elements of PDU have, and copies them to INTO, unless it is NULL. Wireshark's
 * dissector reads no element when it takes the header for shorter than it is. It stops at the first element that it
 * does not know. */
static uint32_t copy_needed(const gtpp_pdu_t *pdu, uint8_t *into)
{
    const uint32_t count = pdu->header.header_length == header_of(pdu) ? pdu->num_ies : 0;
    uint32_t length = 0;

    for (uint32_t i = 0; i < count; i++) {
        const gtpp_ie_t *ie = &pdu->ies[i];
        if (gtpp_pdu_element_bit(ie->type) == 0) {
            break;
        }
        if (!is_needed(ie)) {
            continue;
        }
        if (into != NULL) {
            memcpy(into + length, pdu->octets + ie->offset, octets_of(ie));
        }
        length += octets_of(ie);
    }
    return length;
}

/* Hands over a message that has only what tells requests and responses apart: without the records, Wireshark's
 * dissector is fast and has nothing to call malformed. The packet gets the layer. */
void gtpp_stock_call_without_records(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu)
{
    const uint32_t header = header_of(pdu);

    if (stock_handle == NULL || tvb_captured_length(tvb) < header || pdu->captured < header) {
        return;
    }
    const uint32_t length = header + copy_needed(pdu, NULL);
    uint8_t *octets = wmem_alloc(pinfo->pool, length);
    memcpy(octets, pdu->octets, header);
    octets[LENGTH_FIELD] = (uint8_t)((length - header) >> 8);
    octets[LENGTH_FIELD + 1] = (uint8_t)(length - header);
    copy_needed(pdu, octets + header);
    call(tvb_new_child_real_data(tvb, octets, length, (int)length), pinfo, NULL);
}

bool gtpp_stock_call(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_pdu_t *pdu, bool is_always)
{
    if (stock_handle == NULL) {
        return true;
    }
    if (!is_always && !is_wanted()) {
        gtpp_stock_call_without_records(tvb, pinfo, pdu);
        return true;
    }
    if (call(tvb, pinfo, tree)) {
        return true;
    }
    /* What it keeps of requests and responses must not depend on what was wanted. The packet has the layer already. */
    wmem_list_t *layers = pinfo->layers;
    pinfo->layers = wmem_list_new(pinfo->pool);
    gtpp_stock_call_without_records(tvb, pinfo, pdu);
    pinfo->layers = layers;
    return false;
}

int gtpp_stock_pass_on(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    return stock_handle != NULL ? call_dissector_only(stock_handle, tvb, pinfo, tree, NULL) : 0;
}
