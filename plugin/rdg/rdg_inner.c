/* rdg_inner.c
 * Calls Wireshark's dissectors for what is inside a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdg_inner.h"

#include <epan/column-utils.h>
#include <epan/exceptions.h>
#include <epan/proto_data.h>
#include <epan/show_exception.h>

#define RDP_PORT 3389

/* Hangs on a packet while what it carries is being dissected. */
#define KEY_INSIDE 0

/* Hangs on a packet from its first inner TLS or DTLS on. */
#define KEY_PLACES 1

#define FIRST_BLOCK 4096

/* The number of the layer behind which the inner dissectors stand, above that of any outer one. Wireshark's own number
 * counts dissectors that only asked for more octets, which a later pass does not call: TLS would not find its records.
 */
#define INNER_LAYER 128

/* Where in a packet's buffers its inner TLS has been so far. */
typedef struct {
    uint32_t used;   /* the end of the last place */
    uint8_t *octets; /* for what needs another place than its own; NULL before */
    uint32_t size;
    tvbuff_t *tvb; /* of OCTETS */
} places_t;

/* What the columns were before an inner dissector wrote into them. */
typedef struct {
    const char *protocol;
    const char *info; /* NULL when the columns are not written */
} columns_t;

/* Inner dissectors differ: some append to the Info column with a separator, some without one, some clear the column or
 * write in front of it. So each of them gets empty columns. */
static columns_t empty_columns(packet_info *pinfo)
{
    columns_t columns = { .info = NULL };

    if (!col_get_writable(pinfo->cinfo, COL_INFO) || col_get_text(pinfo->cinfo, COL_INFO) == NULL) {
        return columns;
    }
    columns.info = wmem_strdup(pinfo->pool, col_get_text(pinfo->cinfo, COL_INFO));
    if (col_get_text(pinfo->cinfo, COL_PROTOCOL) != NULL) {
        columns.protocol = wmem_strdup(pinfo->pool, col_get_text(pinfo->cinfo, COL_PROTOCOL));
    }
    col_clear_fence(pinfo->cinfo, COL_INFO);
    col_clear(pinfo->cinfo, COL_INFO);
    return columns;
}

/* Puts what was there before COLUMNS were emptied back in front of what the inner dissector wrote. The protocol is the
 * outer one. */
static void join_columns(packet_info *pinfo, columns_t columns)
{
    if (columns.info == NULL) {
        return;
    }
    col_set_writable(pinfo->cinfo, COL_INFO, TRUE);
    col_set_writable(pinfo->cinfo, COL_PROTOCOL, TRUE);
    const char *inner = g_strchomp(wmem_strdup(pinfo->pool, col_get_text(pinfo->cinfo, COL_INFO)));
    inner += strspn(inner, ", ");
    col_clear_fence(pinfo->cinfo, COL_INFO);
    col_add_str(pinfo->cinfo, COL_INFO, columns.info);
    if (inner[0] != '\0') {
        /* A remark about the packet, such as "[Malformed Packet]", is no word of its own. */
        col_append_sep_str(pinfo->cinfo, COL_INFO, inner[0] == '[' ? " " : ", ", inner);
    }
    col_set_fence(pinfo->cinfo, COL_INFO);
    if (columns.protocol != NULL) {
        col_clear_fence(pinfo->cinfo, COL_PROTOCOL);
        col_add_str(pinfo->cinfo, COL_PROTOCOL, columns.protocol);
    }
}

bool rdg_inner_is_running(packet_info *pinfo, int proto)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto, KEY_INSIDE) != NULL;
}

void rdg_inner_call(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto,
                    uint32_t source_port, uint32_t destination_port)
{
    const char *saved_proto = pinfo->current_proto;
    uint16_t saved_can_desegment = pinfo->can_desegment;
    uint32_t saved_srcport = pinfo->srcport;
    uint32_t saved_destport = pinfo->destport;
    uint32_t saved_match = pinfo->match_uint;
    uint8_t saved_layer = pinfo->curr_layer_num;
    columns_t columns = empty_columns(pinfo);

    pinfo->can_desegment = 0;
    pinfo->srcport = source_port;
    pinfo->destport = destination_port;
    pinfo->curr_layer_num = INNER_LAYER;
    p_add_proto_data(pinfo->pool, pinfo, proto, KEY_INSIDE, pinfo);
    TRY
    {
        call_dissector_only(handle, tvb, pinfo, tree, NULL);
    }
    CATCH_BOUNDS_AND_DISSECTOR_ERRORS
    {
        /* It is that dissector which gave up, not ours. */
        pinfo->current_proto = dissector_handle_get_protocol_short_name(handle);
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    FINALLY
    {
        pinfo->current_proto = saved_proto;
        pinfo->can_desegment = saved_can_desegment;
        pinfo->srcport = saved_srcport;
        pinfo->destport = saved_destport;
        pinfo->match_uint = saved_match;
        pinfo->curr_layer_num = saved_layer;
        p_remove_proto_data(pinfo->pool, pinfo, proto, KEY_INSIDE);
        join_columns(pinfo, columns);
    }
    ENDTRY;
}

/* TVB itself, or its octets further behind. Octets between the places are never read. */
static tvbuff_t *place(tvbuff_t *tvb, packet_info *pinfo, int proto)
{
    places_t *places = p_get_proto_data(pinfo->pool, pinfo, proto, KEY_PLACES);
    const uint32_t length = tvb_captured_length(tvb);
    const uint32_t offset = (uint32_t)tvb_raw_offset(tvb);

    if (places == NULL) {
        places = wmem_new0(pinfo->pool, places_t);
        p_add_proto_data(pinfo->pool, pinfo, proto, KEY_PLACES, places);
    }
    if (offset >= places->used) {
        places->used = offset + length;
        return tvb;
    }
    const uint32_t end = places->used + length;
    if (end > places->size) {
        places->size = end > FIRST_BLOCK / 2 ? end * 2 : FIRST_BLOCK;
        places->octets = wmem_alloc(pinfo->pool, places->size);
        places->tvb = tvb_new_child_real_data(tvb, places->octets, places->size, (int)places->size);
    }
    tvb_memcpy(tvb, places->octets + places->used, 0, length);
    tvbuff_t *placed = tvb_new_subset_length(places->tvb, (int)places->used, (int)length);
    places->used = end;
    return placed;
}

void rdg_inner_call_tls(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto,
                        uint32_t source_port, uint32_t destination_port)
{
    rdg_inner_call(handle, place(tvb, pinfo, proto), pinfo, tree, proto, source_port, destination_port);
}

void rdg_inner_call_silent(dissector_handle_t handle, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int proto)
{
    ws_bool columns_writable = col_get_writable(pinfo->cinfo, -1);

    col_set_writable(pinfo->cinfo, -1, FALSE);
    TRY
    {
        rdg_inner_call(handle, tvb, pinfo, tree, proto, pinfo->srcport, pinfo->destport);
    }
    FINALLY
    {
        col_set_writable(pinfo->cinfo, -1, columns_writable);
    }
    ENDTRY;
}

uint32_t rdg_inner_choose_port(uint32_t target_port, uint32_t gateway_port)
{
    uint32_t port = target_port != 0 ? target_port : RDP_PORT;

    return port != gateway_port ? port : port ^ 1;
}
