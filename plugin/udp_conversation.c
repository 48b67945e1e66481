/* udp_conversation.c
 * The conversation of a UDP datagram.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "udp_conversation.h"

#include <epan/dissectors/packet-udp.h>

#include <stdbool.h>
#include <string.h>

#define MAX_ADDRESS 16

typedef struct {
    uint8_t octets[MAX_ADDRESS];
    int type;
    int length;
    uint32_t port;
} end_t;

/* A conversation as it was found once. */
typedef struct {
    conversation_t *conversation; /* NULL: nothing is here */
    uint32_t streams;             /* that UDP had counted then */
    end_t ends[2];
} place_t;

/* Each in the place that its ports give. A power of two. */
#define PLACES 64

static place_t places[PLACES];
static int proto_udp = -1;

static void forget(void)
{
    memset(places, 0, sizeof places);
}

void udp_conversation_init(void)
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

static bool is_at(const end_t *end, const address *where, uint32_t port)
{
    return end->port == port && end->type == where->type && end->length == where->len &&
           memcmp(end->octets, where->data, (size_t)end->length) == 0;
}

static bool is_between(const place_t *place, const packet_info *pinfo)
{
    const end_t *ends = place->ends;

    return (is_at(&ends[0], &pinfo->src, pinfo->srcport) && is_at(&ends[1], &pinfo->dst, pinfo->destport)) ||
           (is_at(&ends[1], &pinfo->src, pinfo->srcport) && is_at(&ends[0], &pinfo->dst, pinfo->destport));
}

static void note_end(end_t *end, const address *where, uint32_t port)
{
    memcpy(end->octets, where->data, (size_t)where->len);
    end->type = where->type;
    end->length = where->len;
    end->port = port;
}

static bool fits(const address *where)
{
    return where->len > 0 && where->len <= MAX_ADDRESS;
}

static void note_place(place_t *place, const packet_info *pinfo, conversation_t *conversation)
{
    place->conversation = NULL;
    if (conversation == NULL || !fits(&pinfo->src) || !fits(&pinfo->dst)) {
        return;
    }
    place->conversation = conversation;
    place->streams = get_udp_stream_count();
    note_end(&place->ends[0], &pinfo->src, pinfo->srcport);
    note_end(&place->ends[1], &pinfo->dst, pinfo->destport);
}

conversation_t *udp_conversation_find(packet_info *pinfo)
{
    place_t *place = &places[(pinfo->srcport ^ pinfo->destport) % PLACES];

    /* On later passes, conversations may begin behind the frame. */
    if (!WS_UDP_NUMBERS_CONVERSATIONS || PINFO_FD_VISITED(pinfo) || !is_called_by_udp(pinfo)) {
        return find_conversation_pinfo(pinfo, 0);
    }
    /* Another conversation may take this one's place, between the same ends. UDP, which looks it up for each datagram,
     * then counts one stream more. */
    if (place->conversation == NULL || place->streams != get_udp_stream_count() || !is_between(place, pinfo)) {
        conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
        note_place(place, pinfo, conversation);
        return conversation;
    }
    return place->conversation;
}
