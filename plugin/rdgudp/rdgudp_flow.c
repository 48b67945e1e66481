/* rdgudp_flow.c
 * A channel as Wireshark sees it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "rdgudp_flow.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>

#include "portlore/lore_evidence.h"

/* Keys of what hangs on a frame. A datagram of 65535 octets has fewer records than lie between them. */
#define VISIT_KEY 0
#define DATAGRAM_KEY 0x10000
#define PACKET_KEY 0x20000

static int proto_rdgudp = -1;
static uint32_t num_flows;

static void reset(void)
{
    num_flows = 0;
}

void rdgudp_flow_init(int proto)
{
    proto_rdgudp = proto;
    register_init_routine(reset);
}

uint32_t rdgudp_flow_count(void)
{
    return num_flows;
}

rdgudp_flow_t *rdgudp_flow_find(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (conversation != NULL) {
        lore_evidence_offer_conversation(pinfo, conversation);
    }
    return conversation != NULL ? conversation_get_proto_data(conversation, proto_rdgudp) : NULL;
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

rdgudp_visit_t *rdgudp_flow_visit(packet_info *pinfo)
{
    rdgudp_visit_t *visit = p_get_proto_data(pinfo->pool, pinfo, proto_rdgudp, VISIT_KEY);

    if (visit == NULL) {
        visit = wmem_new0(pinfo->pool, rdgudp_visit_t);
        p_add_proto_data(pinfo->pool, pinfo, proto_rdgudp, VISIT_KEY, visit);
    }
    return visit;
}

rdgudp_note_t *rdgudp_flow_begin_datagram(packet_info *pinfo, rdgudp_flow_t *flow)
{
    rdgudp_visit_t *visit = rdgudp_flow_visit(pinfo);
    uint32_t key = DATAGRAM_KEY + visit->datagrams++;
    rdgudp_note_t *note = p_get_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, key);

    if (note == NULL && flow != NULL && !PINFO_FD_VISITED(pinfo)) {
        note = wmem_new0(wmem_file_scope(), rdgudp_note_t);
        note->flow = flow;
        note->before = flow->channel.verdict;
        note->first = flow->first_frame == pinfo->num && visit->datagrams == 1;
        note->from_gateway = rdgudp_flow_is_from_gateway(flow, pinfo);
        note->fallback_stream = RDGUDP_NO_STREAM;
        note->fallback_later = RDGUDP_NO_STREAM;
        p_add_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, key, note);
    }
    visit->note = note;
    return note;
}

void rdgudp_flow_end_datagram(rdgudp_note_t *note)
{
    const rdgudp_channel_t *channel = &note->flow->channel;

    note->verdict = channel->verdict;
    note->hello_count = channel->hello_count;
    note->version = channel->version;
    note->both_ways = channel->data[0] && channel->data[1];
    note->attempt = channel->attempt;
    if (note->news & (RDGUDP_NEWS_ALERT | RDGUDP_NOTE_NO_KEY)) {
        note->then = wmem_memdup(wmem_file_scope(), channel, sizeof *channel);
    }
}

rdgudp_packet_note_t *rdgudp_flow_next_packet(packet_info *pinfo, bool *is_new)
{
    rdgudp_visit_t *visit = rdgudp_flow_visit(pinfo);
    uint32_t key = PACKET_KEY + visit->packets++;
    rdgudp_packet_note_t *note = p_get_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, key);

    *is_new = note == NULL;
    if (note == NULL) {
        note = wmem_new0(wmem_file_scope(), rdgudp_packet_note_t);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, key, note);
    }
    return note;
}

rdgudp_verdict_t rdgudp_flow_shown_verdict(const rdgudp_note_t *note, bool visited)
{
    const rdgudp_channel_t *channel = &note->flow->channel;

    if (visited && (note->news & RDGUDP_NOTE_HELLO) && note->verdict == RDGUDP_HELLO_SENT &&
        note->attempt == channel->attempt && rdgudp_channel_is_silent(channel)) {
        return channel->verdict;
    }
    return note->verdict;
}
