/* packet_conversation.c
 * The conversation of a UDP datagram.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "packet_conversation.h"

#include <epan/dissectors/packet-udp.h>

#include <stdbool.h>
#include <string.h>

/* A conversation as it was found once. */
typedef struct {
    conversation_t *conversation; /* NULL: nothing is here */
    uint32_t streams;             /* that UDP had counted then */
} place_t;

/* Each in the place that its ports give. A power of two. */
#define PLACES 64

static place_t places[PLACES];
static int proto_udp = -1;

static void forget(void)
{
    memset(places, 0, sizeof places);
}

void packet_conversation_init(void)
{
    proto_udp = proto_get_id_by_filter_name("udp");
    register_init_routine(forget);
}

/* True when Wireshark's UDP dissector has just looked up the conversation, with what is in PINFO, and called us. */
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

conversation_t *packet_conversation_find(packet_info *pinfo)
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
