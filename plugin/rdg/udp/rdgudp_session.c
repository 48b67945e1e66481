/* rdgudp_session.c
 * A channel as Wireshark sees it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_session.h"

#include <epan/conversation.h>

#include "portlore/lore_payload.h"
#include "base/packet_conversation.h"

static int proto_rdgudp = -1;
static uint32_t num_flows;

static void reset(void)
{
    num_flows = 0;
}

void rdgudp_session_init(int proto)
{
    proto_rdgudp = proto;
    packet_conversation_init();
    register_init_routine(reset);
}

uint32_t rdgudp_session_count(void)
{
    return num_flows;
}

rdgudp_conv_t *rdgudp_session_find(packet_info *pinfo)
{
    conversation_t *conversation = packet_conversation_find(pinfo);

    if (conversation == NULL) {
        return NULL;
    }
    lore_payload_offer_conversation(pinfo, conversation);
    return conversation_get_proto_data(conversation, proto_rdgudp);
}

rdgudp_conv_t *rdgudp_session_find_ends(uint32_t frame, const address *source, const address *destination,
                                     uint16_t source_port, uint16_t destination_port)
{
    conversation_t *conversation =
        find_conversation(frame, source, destination, CONVERSATION_UDP, source_port, destination_port, 0);

    return conversation != NULL ? conversation_get_proto_data(conversation, proto_rdgudp) : NULL;
}

static rdgudp_conv_t *add_flow(packet_info *pinfo)
{
    rdgudp_conv_t *flow = wmem_new0(wmem_file_scope(), rdgudp_conv_t);

    flow->fallback_stream = RDGUDP_NO_STREAM;
    flow->first_frame = pinfo->num;
    conversation_add_proto_data(find_or_create_conversation(pinfo), proto_rdgudp, flow);
    return flow;
}

static void set_ends(rdgudp_conv_t *flow, const packet_info *pinfo, bool from_gateway)
{
    free_address_wmem(wmem_file_scope(), &flow->client);
    free_address_wmem(wmem_file_scope(), &flow->gateway);
    copy_address_wmem(wmem_file_scope(), &flow->client, from_gateway ? &pinfo->dst : &pinfo->src);
    copy_address_wmem(wmem_file_scope(), &flow->gateway, from_gateway ? &pinfo->src : &pinfo->dst);
    flow->client_port = (uint16_t)(from_gateway ? pinfo->destport : pinfo->srcport);
    flow->gateway_port = (uint16_t)(from_gateway ? pinfo->srcport : pinfo->destport);
}

rdgudp_conv_t *rdgudp_session_create(packet_info *pinfo, bool from_gateway)
{
    rdgudp_conv_t *flow = add_flow(pinfo);

    flow->index = num_flows++;
    set_ends(flow, pinfo, from_gateway);
    return flow;
}

void rdgudp_session_create_foreign(packet_info *pinfo)
{
    add_flow(pinfo)->foreign = true;
}

bool rdgudp_session_is_from_gateway(const rdgudp_conv_t *flow, const packet_info *pinfo)
{
    return pinfo->srcport == flow->gateway_port && addresses_equal(&pinfo->src, &flow->gateway);
}

void rdgudp_session_set_client(rdgudp_conv_t *flow, const packet_info *pinfo)
{
    if (rdgudp_session_is_from_gateway(flow, pinfo)) {
        set_ends(flow, pinfo, false);
    }
}
