/* rdgudp_flow.c
 * A channel as Wireshark sees it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "rdgudp_flow.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-udp.h>

#include "portlore/lore_evidence.h"

static int proto_rdgudp = -1;
static int proto_udp = -1;
static uint32_t num_flows;

/* Channels that were found, each in the place that its ports give. A power of two. */
#define PLACES 64

/* To look up a conversation takes Wireshark as long as a tenth of all else that it does with a DTLS datagram. */
typedef struct {
    conversation_t *conversation; /* NULL: nothing is here */
    rdgudp_flow_t *flow;
    uint32_t streams; /* that UDP had counted then */
} found_t;

static found_t found[PLACES];

static void reset(void)
{
    num_flows = 0;
    memset(found, 0, sizeof found);
}

void rdgudp_flow_init(int proto)
{
    proto_rdgudp = proto;
    proto_udp = proto_get_id_by_filter_name("udp");
    register_init_routine(reset);
}

uint32_t rdgudp_flow_count(void)
{
    return num_flows;
}

/* True when Wireshark's UDP dissector has just looked up the conversation, with what is in PINFO, and called us. */
static bool is_called_by_udp(const packet_info *pinfo)
{
    wmem_list_frame_t *ours = wmem_list_tail(pinfo->layers);
    wmem_list_frame_t *below = ours != NULL ? wmem_list_frame_prev(ours) : NULL;

    return below != NULL && GPOINTER_TO_INT(wmem_list_frame_data(below)) == proto_udp &&
           !pinfo->use_conv_addr_port_endpoints && pinfo->conv_elements == NULL;
}

static bool is_of_flow(const rdgudp_flow_t *flow, const packet_info *pinfo)
{
    if (pinfo->srcport == flow->client_port && pinfo->destport == flow->gateway_port &&
        addresses_equal(&pinfo->src, &flow->client)) {
        return addresses_equal(&pinfo->dst, &flow->gateway);
    }
    return pinfo->srcport == flow->gateway_port && pinfo->destport == flow->client_port &&
           addresses_equal(&pinfo->src, &flow->gateway) && addresses_equal(&pinfo->dst, &flow->client);
}

/* Another conversation may take the place of a channel's, between the same ends. UDP, which looks it up for each
 * datagram, then counts one stream more. Later passes go back to frames before that. */
static bool is_up_to_date(const found_t *place, const packet_info *pinfo)
{
    return WS_UDP_NUMBERS_CONVERSATIONS && place->conversation != NULL && !PINFO_FD_VISITED(pinfo) &&
           place->streams == get_udp_stream_count() && is_called_by_udp(pinfo) && is_of_flow(place->flow, pinfo);
}

rdgudp_flow_t *rdgudp_flow_find(packet_info *pinfo)
{
    found_t *place = &found[(pinfo->srcport ^ pinfo->destport) % PLACES];

    if (is_up_to_date(place, pinfo)) {
        lore_evidence_offer_conversation(pinfo, place->conversation);
        return place->flow;
    }
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    if (conversation == NULL) {
        return NULL;
    }
    lore_evidence_offer_conversation(pinfo, conversation);
    rdgudp_flow_t *flow = conversation_get_proto_data(conversation, proto_rdgudp);
    if (flow != NULL && !flow->foreign && !PINFO_FD_VISITED(pinfo) && is_of_flow(flow, pinfo)) {
        *place = (found_t){ .conversation = conversation, .flow = flow, .streams = get_udp_stream_count() };
    }
    return flow;
}

rdgudp_flow_t *rdgudp_flow_find_ends(uint32_t frame, const address *source, const address *destination,
                                     uint16_t source_port, uint16_t destination_port)
{
    conversation_t *conversation =
        find_conversation(frame, source, destination, CONVERSATION_UDP, source_port, destination_port, 0);

    return conversation != NULL ? conversation_get_proto_data(conversation, proto_rdgudp) : NULL;
}

static rdgudp_flow_t *add_flow(packet_info *pinfo)
{
    rdgudp_flow_t *flow = wmem_new0(wmem_file_scope(), rdgudp_flow_t);

    flow->fallback_stream = RDGUDP_NO_STREAM;
    flow->first_frame = pinfo->num;
    conversation_add_proto_data(find_or_create_conversation(pinfo), proto_rdgudp, flow);
    return flow;
}

static void set_ends(rdgudp_flow_t *flow, const packet_info *pinfo, bool from_gateway)
{
    free_address_wmem(wmem_file_scope(), &flow->client);
    free_address_wmem(wmem_file_scope(), &flow->gateway);
    copy_address_wmem(wmem_file_scope(), &flow->client, from_gateway ? &pinfo->dst : &pinfo->src);
    copy_address_wmem(wmem_file_scope(), &flow->gateway, from_gateway ? &pinfo->src : &pinfo->dst);
    flow->client_port = (uint16_t)(from_gateway ? pinfo->destport : pinfo->srcport);
    flow->gateway_port = (uint16_t)(from_gateway ? pinfo->srcport : pinfo->destport);
}

rdgudp_flow_t *rdgudp_flow_create(packet_info *pinfo, bool from_gateway)
{
    rdgudp_flow_t *flow = add_flow(pinfo);

    flow->index = num_flows++;
    set_ends(flow, pinfo, from_gateway);
    return flow;
}

void rdgudp_flow_create_foreign(packet_info *pinfo)
{
    add_flow(pinfo)->foreign = true;
}

bool rdgudp_flow_is_from_gateway(const rdgudp_flow_t *flow, const packet_info *pinfo)
{
    return pinfo->srcport == flow->gateway_port && addresses_equal(&pinfo->src, &flow->gateway);
}

void rdgudp_flow_set_client(rdgudp_flow_t *flow, const packet_info *pinfo)
{
    if (rdgudp_flow_is_from_gateway(flow, pinfo)) {
        set_ends(flow, pinfo, false);
    }
}
