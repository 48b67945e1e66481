/* packet_conversation.c
 * The conversation of a packet, looked up once for all protocols of ours that ask.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "packet_conversation.h"

#include <epan/dissectors/packet-udp.h>
#include <epan/proto_data.h>

#include <string.h>

/* Of packet_info's data in this file. The frame store has the same protocol, but other keys. */
#define KEY_DISOWNED 0x6f776e6e

/* Found last for the packet that is being dissected. A packet may have several headers with ports, one in another. */
static struct {
    conversation_t *conversation; /* NULL: nothing was found yet */
    uint32_t frame;
    port_type ptype;
    uint32_t source_port;
    uint32_t destination_port;
    const void *source;
    const void *destination;
} found;

static int proto_store = -1;
static bool is_any_disowned; /* of the packets of this run of the program; most runs have none and need no look-up */

/* {{{ UDP: what was found for the packets before
 *
 * find_conversation_pinfo() takes 1,000 instructions, which is a tenth of what we may add to a datagram of the RD
 * Gateway's channel. Wireshark's UDP dissector has just found the same, and keeps it to itself. */

typedef struct {
    conversation_t *conversation; /* NULL: nothing is here */
    uint32_t streams;             /* that UDP had counted then */
} place_t;

/* Each in the place that its ports give. A power of two. */
#define PLACES 64

static place_t places[PLACES]; /* of this file */
static int proto_udp = -1;

static void forget_places(void)
{
    memset(places, 0, sizeof places);
    packet_conversation_forget();
}

/* True when the UDP dissector has just looked up the conversation, with what is in PINFO, and called us. */
static bool is_called_by_udp(const packet_info *pinfo)
{
    wmem_list_frame_t *ours = wmem_list_tail(pinfo->layers);
    wmem_list_frame_t *below = ours != NULL ? wmem_list_frame_prev(ours) : NULL;

    return below != NULL && GPOINTER_TO_INT(wmem_list_frame_data(below)) == proto_udp &&
           !pinfo->use_conv_addr_port_endpoints && pinfo->conv_elements == NULL;
}

/* False for one that leaves an end open: its key lacks that. */
static bool is_between(const conversation_t *conversation, const packet_info *pinfo)
{
    const conversation_element_t *key = conversation->key_ptr;
    const address *first = conversation_key_addr1(key);
    const address *second = conversation_key_addr2(key);
    const uint32_t first_port = conversation_key_port1(key);
    const uint32_t second_port = conversation_key_port2(key);

    return (pinfo->srcport == first_port && pinfo->destport == second_port && addresses_equal(&pinfo->src, first) &&
            addresses_equal(&pinfo->dst, second)) ||
           (pinfo->srcport == second_port && pinfo->destport == first_port && addresses_equal(&pinfo->src, second) &&
            addresses_equal(&pinfo->dst, first));
}

/* What find_conversation_pinfo(PINFO, 0) finds. */
static conversation_t *look_up(packet_info *pinfo)
{
    place_t *place = &places[(pinfo->srcport ^ pinfo->destport) % PLACES];

    /* On later passes, conversations may begin behind the frame. */
    if (!WS_UDP_NUMBERS_CONVERSATIONS || PINFO_FD_VISITED(pinfo) || !is_called_by_udp(pinfo)) {
        return find_conversation_pinfo(pinfo, 0);
    }
    /* Another conversation may take this one's place, between the same ends. UDP, which looks it up for each datagram,
     * then counts one stream more. */
    if (place->conversation == NULL || place->streams != get_udp_stream_count() ||
        !is_between(place->conversation, pinfo)) {
        place->conversation = find_conversation_pinfo(pinfo, 0);
        place->streams = get_udp_stream_count();
    }
    return place->conversation;
}

/* }}} */

void packet_conversation_register(int proto)
{
    proto_store = proto;
    register_init_routine(forget_places);
}

void packet_conversation_start(void)
{
    proto_udp = proto_get_id_by_filter_name("udp");
}

static bool is_of(const packet_info *pinfo)
{
    return found.frame == pinfo->num && found.source_port == pinfo->srcport &&
           found.destination_port == pinfo->destport && found.ptype == pinfo->ptype &&
           found.source == pinfo->src.data && found.destination == pinfo->dst.data;
}

conversation_t *packet_conversation_find(packet_info *pinfo)
{
    /* One that is missing may be made at any time. */
    if (found.conversation == NULL || !is_of(pinfo)) {
        found.conversation = look_up(pinfo);
        found.frame = pinfo->num;
        found.ptype = pinfo->ptype;
        found.source_port = pinfo->srcport;
        found.destination_port = pinfo->destport;
        found.source = pinfo->src.data;
        found.destination = pinfo->dst.data;
    }
    return found.conversation;
}

conversation_t *packet_conversation_find_of(packet_info *pinfo, const packet_ends_t *ends)
{
    if (!ends->is_quoted) {
        return packet_conversation_find(pinfo);
    }
    return find_conversation(pinfo->num, &ends->source, &ends->destination,
                             ends->header.transport == TRANSPORT_TCP ? CONVERSATION_TCP : CONVERSATION_UDP,
                             ends->header.source_port, ends->header.destination_port, 0);
}

void packet_conversation_forget(void)
{
    found.conversation = NULL;
}

/* The protocol's id itself: a packet has one protocol of ours on its innermost header. */
void packet_conversation_disown(packet_info *pinfo, int proto)
{
    is_any_disowned = true;
    p_remove_proto_data(pinfo->pool, pinfo, proto_store, KEY_DISOWNED);
    p_add_proto_data(pinfo->pool, pinfo, proto_store, KEY_DISOWNED, GINT_TO_POINTER(proto));
}

bool packet_conversation_is_disowned(packet_info *pinfo, int proto)
{
    return is_any_disowned && proto == GPOINTER_TO_INT(p_get_proto_data(pinfo->pool, pinfo, proto_store, KEY_DISOWNED));
}
