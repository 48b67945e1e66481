/* rdgudp_fallback.c
 * What other packets say about a channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_fallback.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

#include "portlore/lore_payload.h"
#include "base/observers.h"
#include "rdgudp_history.h"

#define HTTPS_PORT 443

/* Two hosts: who has port 443, and who uses it. Never more of them than packets on that port and channels. */
typedef struct {
    address client;
    address gateway;
    uint16_t client_port; /* of the connection that STREAM is; 0 when it is not known */
    uint32_t stream;
    uint32_t data_frame; /* the last one with payload; 0 when there was none */
    rdgudp_conv_t *waiting;
} host_pair_t;

static wmem_map_t *pairs; /* host_pair_t -> itself */
static wmem_map_t *notes; /* frame number -> rdgudp_note_t */
static rdgudp_fallback_draw_t draw_notes;
static dissector_handle_t watch_handle;
static bool is_guest; /* of Port Lore, which then calls us */

static unsigned hash_pair(const void *key)
{
    const host_pair_t *pair = key;

    return add_address_to_hash(add_address_to_hash(0, &pair->client), &pair->gateway);
}

static int pairs_are_equal(const void *key, const void *other_key)
{
    const host_pair_t *pair = key;
    const host_pair_t *other = other_key;

    return addresses_equal(&pair->client, &other->client) && addresses_equal(&pair->gateway, &other->gateway);
}

static host_pair_t *note_pair(const address *client, const address *gateway)
{
    host_pair_t sought = { .client = *client, .gateway = *gateway };
    host_pair_t *pair = wmem_map_lookup(pairs, &sought);

    if (pair == NULL) {
        pair = wmem_new0(wmem_file_scope(), host_pair_t);
        copy_address_wmem(wmem_file_scope(), &pair->client, client);
        copy_address_wmem(wmem_file_scope(), &pair->gateway, gateway);
        wmem_map_insert(pairs, pair, pair);
    }
    return pair;
}

bool rdgudp_fallback_fallback(rdgudp_conv_t *flow)
{
    if (flow->fallback_stream != RDGUDP_NO_STREAM) {
        return false;
    }
    host_pair_t *pair = note_pair(&flow->client, &flow->gateway);
    if (pair->data_frame > flow->first_frame) {
        flow->fallback_stream = pair->stream;
        return true;
    }
    if (!flow->is_waiting) {
        flow->is_waiting = true;
        flow->next_waiting = pair->waiting;
        pair->waiting = flow;
    }
    return false;
}

static rdgudp_note_t *add_note(const packet_info *pinfo, rdgudp_conv_t *flow, unsigned news)
{
    rdgudp_note_t *note = wmem_new0(wmem_file_scope(), rdgudp_note_t);

    note->flow = flow;
    note->before = flow->channel.verdict;
    note->news = news;
    note->fallback_stream = flow->fallback_stream;
    note->fallback_later = RDGUDP_NO_STREAM;
    note->next = wmem_map_lookup(notes, GUINT_TO_POINTER(pinfo->num));
    wmem_map_insert(notes, GUINT_TO_POINTER(pinfo->num), note);
    rdgudp_history_complete(note);
    return note;
}

static bool find_stream(packet_info *pinfo, uint32_t *stream)
{
    conversation_t *conversation =
        find_conversation(pinfo->num, &pinfo->src, &pinfo->dst, CONVERSATION_TCP, pinfo->srcport, pinfo->destport, 0);
    struct tcp_analysis *analysis = conversation != NULL ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    if (analysis == NULL) {
        return false;
    }
    *stream = analysis->stream;
    return true;
}

/* Learns that the hosts talk over HTTPS, and tells the channels that wait for it. */
static void watch_tcp(tvbuff_t *frame, packet_info *pinfo)
{
    bool from_gateway = pinfo->srcport == HTTPS_PORT;
    uint16_t client_port = (uint16_t)(from_gateway ? pinfo->destport : pinfo->srcport);
    lore_payload_t evidence;

    if (!lore_payload_read_ports(frame, pinfo, false, &evidence)) {
        return;
    }
    lore_payload_read_header(frame, pinfo, &evidence);
    if (!evidence.syn && !evidence.has_payload) {
        return;
    }
    host_pair_t *pair = from_gateway ? note_pair(&pinfo->dst, &pinfo->src) : note_pair(&pinfo->src, &pinfo->dst);
    if (evidence.syn) {
        pair->client_port = 0;
        return;
    }
    if (pair->client_port != client_port || pair->data_frame == 0) {
        if (!find_stream(pinfo, &pair->stream)) {
            return;
        }
        pair->client_port = client_port;
    }
    pair->data_frame = pinfo->num;
    while (pair->waiting != NULL) {
        rdgudp_conv_t *flow = pair->waiting;
        pair->waiting = flow->next_waiting;
        flow->next_waiting = NULL;
        flow->is_waiting = false;
        if (rdgudp_channel_is_silent(&flow->channel) && flow->fallback_stream == RDGUDP_NO_STREAM) {
            flow->fallback_stream = pair->stream;
            add_note(pinfo, flow, RDGUDP_NOTE_FALLBACK);
            if (flow->silent != NULL) {
                flow->silent->fallback_later = pair->stream;
            }
        }
    }
}

/* An ICMP error may quote no more than the UDP header, so nobody else is asked about it. */
static void watch_icmp(tvbuff_t *frame, packet_info *pinfo)
{
    lore_payload_t evidence;

    if (!lore_payload_read_ports(frame, pinfo, true, &evidence) || !evidence.unreachable ||
        evidence.transport != PORT_TRANSPORT_UDP) {
        return;
    }
    rdgudp_conv_t *flow = rdgudp_session_find_ends(pinfo->num, &evidence.source, &evidence.destination,
                                                evidence.source_port, evidence.destination_port);
    /* Only a datagram that went to the gateway says something about the gateway. */
    if (flow == NULL || flow->foreign || evidence.destination_port != flow->gateway_port ||
        !addresses_equal(&evidence.destination, &flow->gateway)) {
        return;
    }
    rdgudp_verdict_t before = flow->channel.verdict;
    unsigned news = rdgudp_channel_hear_refusal(&flow->channel);
    if (news == 0) {
        return;
    }
    if (rdgudp_fallback_fallback(flow)) {
        news |= RDGUDP_NOTE_FALLBACK;
    }
    flow->silent = add_note(pinfo, flow, news);
    flow->silent->before = before;
}

static void watch(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_icmp)
{
    bool is_https = pinfo->ptype == PT_TCP && (pinfo->srcport == HTTPS_PORT || pinfo->destport == HTTPS_PORT);

    if (!is_https && !is_icmp) {
        return;
    }
    if (!PINFO_FD_VISITED(pinfo)) {
        if (!is_https) {
            watch_icmp(tvb, pinfo);
        } else if (!is_icmp) {
            watch_tcp(tvb, pinfo);
        }
    }
    if (wmem_map_size(notes) > 0) {
        const rdgudp_note_t *note = wmem_map_lookup(notes, GUINT_TO_POINTER(pinfo->num));
        if (note != NULL) {
            draw_notes(tvb, pinfo, tree, note);
        }
    }
}

/* As a postdissector of our own: a file without channels may follow one with them, and one with Port Lore one without.
 */
static int watch_alone(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (rdgudp_session_count() > 0 && !is_guest) {
        watch(tvb, pinfo, tree, lore_payload_is_icmp(pinfo));
    }
    return 0;
}

void rdgudp_fallback_init(int proto, rdgudp_fallback_draw_t draw)
{
    draw_notes = draw;
    pairs = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), hash_pair, pairs_are_equal);
    notes = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    /* In name only, so that Wireshark does not note and forget a layer for every packet that is none of ours; with no
     * protocol at all it would be called only when somebody else's postdissector is. */
    watch_handle = create_dissector_handle(
        watch_alone, proto_register_protocol_in_name_only("RD Gateway UDP, looking at TCP 443 and ICMP", "RDGUDP watch",
                                                          "rdgudp_watch", proto, FT_PROTOCOL));
}

void rdgudp_fallback_start(void)
{
    static bool started;

    is_guest = observers_invite(watch);
    if (!is_guest && !started) {
        started = true;
        register_postdissector(watch_handle);
    }
}
