/* rdgudp_session.c
 * A channel as Wireshark sees it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_session.h"

#include <epan/conversation.h>

#include "base/packet_conversation.h"
#include "base/tree_util.h"
#include "rdg/rdg_key.h"
#include "rdg/rdg_offer.h"

/* Channels of one client that are looked through for one that goes on from another port. */
#define MOST_OF_HOST 16

/* Record numbers by which a session that moved to another port may have gone on unseen. */
#define MOST_MISSING 3

/* As many and more may be missing as well, but another channel may come there by chance. */
#define MOST_PERHAPS_MISSING 64

static int proto_rdgudp = -1;
static const unsigned *threshold;

/* Of this file. */
static uint32_t num_convs;
static rdg_time_t now;

static wmem_map_t *by_client; /* rdg_end_t -> the latest rdgudp_conv_t of this client's port */
static wmem_map_t *by_host;   /* rdg_end_t -> the latest rdgudp_conv_t of this client's address */
static wmem_map_t *by_index;  /* index of a channel, plus 1 -> its rdgudp_conv_t */

static void start_file(void)
{
    num_convs = 0;
    now = RDG_NEVER;
}

void rdgudp_session_init(int proto, const unsigned *hello_threshold)
{
    proto_rdgudp = proto;
    threshold = hello_threshold;
    rdg_session_init();
    rdg_offer_init();
    by_client = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), rdg_key_hash_end, rdg_key_ends_are_equal);
    by_host = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), rdg_key_hash_end, rdg_key_ends_are_equal);
    by_index = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    register_init_routine(start_file);
}

uint32_t rdgudp_session_count(void)
{
    return num_convs;
}

void rdgudp_session_on_time(rdg_time_t when)
{
    if (when > now) {
        now = when;
    }
}

/* {{{ Channels of packets */

rdgudp_conv_t *rdgudp_session_find(packet_info *pinfo)
{
    conversation_t *conversation = packet_conversation_find(pinfo);

    if (conversation == NULL) {
        return NULL;
    }
    return conversation_get_proto_data(conversation, proto_rdgudp);
}

rdgudp_conv_t *rdgudp_session_find_ends(uint32_t frame, const address *source, const address *destination,
                                        uint16_t source_port, uint16_t destination_port)
{
    conversation_t *conversation =
        find_conversation(frame, source, destination, CONVERSATION_UDP, source_port, destination_port, 0);

    return conversation != NULL ? conversation_get_proto_data(conversation, proto_rdgudp) : NULL;
}

static void set_conversation(packet_info *pinfo, rdgudp_conv_t *conv)
{
    conversation_add_proto_data(find_or_create_conversation(pinfo), proto_rdgudp, conv);
}

static rdgudp_conv_t *add_conv(packet_info *pinfo)
{
    rdgudp_conv_t *conv = wmem_new0(wmem_file_scope(), rdgudp_conv_t);

    rdgudp_channel_start(&conv->channel);
    conv->fallback_stream = RDG_NO_STREAM;
    set_conversation(pinfo, conv);
    return conv;
}

/* Returns the channel that was the latest before. */
static rdgudp_conv_t *remember_end(wmem_map_t *map, const address *client, uint32_t port, rdgudp_conv_t *conv)
{
    rdg_end_t sought = { .address = *client, .port = port };

    if (wmem_map_lookup(map, &sought) != NULL) {
        return wmem_map_insert(map, &sought, conv); /* keeps the key that is there */
    }
    rdg_end_t *end = wmem_new0(wmem_file_scope(), rdg_end_t);
    copy_address_wmem(wmem_file_scope(), &end->address, client);
    end->port = port;
    return wmem_map_insert(map, end, conv);
}

/* The latest channel of a client's port; NULL when there is none. */
static rdgudp_conv_t *find_latest_of(const address *client, uint32_t port)
{
    const rdg_end_t sought = { .address = *client, .port = port };

    return num_convs > 0 ? wmem_map_lookup(by_client, &sought) : NULL;
}

static void set_ends(rdgudp_conv_t *conv, const packet_info *pinfo, bool from_gateway)
{
    free_address_wmem(wmem_file_scope(), &conv->client);
    free_address_wmem(wmem_file_scope(), &conv->gateway);
    copy_address_wmem(wmem_file_scope(), &conv->client, from_gateway ? &pinfo->dst : &pinfo->src);
    copy_address_wmem(wmem_file_scope(), &conv->gateway, from_gateway ? &pinfo->src : &pinfo->dst);
    conv->client_port = (uint16_t)(from_gateway ? pinfo->destport : pinfo->srcport);
    conv->gateway_port = (uint16_t)(from_gateway ? pinfo->srcport : pinfo->destport);
    remember_end(by_client, &conv->client, conv->client_port, conv);
}

rdgudp_conv_t *rdgudp_session_create(packet_info *pinfo, bool from_gateway)
{
    rdgudp_conv_t *conv = add_conv(pinfo);

    rdgudp_session_promote(conv, pinfo, from_gateway);
    return conv;
}

rdgudp_conv_t *rdgudp_session_create_other(packet_info *pinfo)
{
    rdgudp_conv_t *conv = add_conv(pinfo);

    conv->is_other = true;
    return conv;
}

void rdgudp_session_promote(rdgudp_conv_t *conv, packet_info *pinfo, bool from_gateway)
{
    conv->is_other = false;
    conv->index = num_convs++;
    wmem_map_insert(by_index, GUINT_TO_POINTER(num_convs), conv);
    set_ends(conv, pinfo, from_gateway);
    conv->next_of_host = remember_end(by_host, &conv->client, 0, conv);
}

/* The client waits; or it has gone on, so that there was an answer, and this one, which stands behind in the file, went
 * before. */
static bool may_be_answered_by(const rdgudp_channel_t *channel, const packet_info *pinfo)
{
    return !rdgudp_channel_is_answered(channel) ||
           (channel->sides[RDG_GATEWAY].datagrams == channel->answers_elsewhere &&
            rdg_session_time(pinfo) <= channel->sides[RDG_CLIENT].last);
}

rdgudp_conv_t *rdgudp_session_adopt_answer(packet_info *pinfo)
{
    rdgudp_conv_t *conv = find_latest_of(&pinfo->dst, pinfo->destport);

    if (conv == NULL || conv->channel.hello_count == 0 || !may_be_answered_by(&conv->channel, pinfo)) {
        return NULL;
    }
    if (conv->answer_from == NULL) {
        conv->answer_from = tree_util_end_to_str(wmem_file_scope(), &pinfo->src, pinfo->srcport);
        conv->answer_in = frame_store_record(pinfo);
    }
    set_conversation(pinfo, conv);
    return conv;
}

rdgudp_conv_t *rdgudp_session_adopt_hello(packet_info *pinfo)
{
    rdgudp_conv_t *conv = find_latest_of(&pinfo->src, pinfo->srcport);
    const rdgudp_side_t *gateway = conv != NULL ? &conv->channel.sides[RDG_GATEWAY] : NULL;

    if (conv == NULL || conv->channel.sides[RDG_CLIENT].datagrams > 0 ||
        conv->channel.verify_requests + conv->channel.server_hellos == 0 || gateway->last < rdg_session_time(pinfo)) {
        return NULL;
    }
    conv->answer_from = tree_util_end_to_str(wmem_file_scope(), &conv->gateway, conv->gateway_port);
    conv->answer_in = gateway->remembered[0].frame;
    conv->channel.answers_elsewhere = gateway->datagrams;
    set_ends(conv, pinfo, false);
    set_conversation(pinfo, conv);
    return conv;
}

/* Only of a channel whose beginning was captured: another one that began before the capture would have been seen. The
 * records of a session have one version. */
static bool goes_on(const rdgudp_conv_t *conv, const packet_info *pinfo, const rdgudp_dtls_t *dtls, bool from_gateway)
{
    const rdgudp_side_t *side = &conv->channel.sides[from_gateway];
    const address *gateway = from_gateway ? &pinfo->src : &pinfo->dst;
    uint32_t gateway_port = from_gateway ? pinfo->srcport : pinfo->destport;
    uint32_t client_port = from_gateway ? pinfo->destport : pinfo->srcport;

    return conv->channel.hello_count > 0 && !conv->channel.closed && side->epoch == dtls->epoch &&
           side->record_version == dtls->record_version && dtls->number > side->number &&
           dtls->number - side->number <= MOST_PERHAPS_MISSING && gateway_port == conv->gateway_port &&
           client_port != conv->client_port && addresses_equal(gateway, &conv->gateway);
}

bool rdgudp_session_may_be_moved(const rdgudp_conv_t *conv)
{
    const rdgudp_conv_t *one = conv->start.epoch > 0 ? rdgudp_session_latest_of_host(conv) : NULL;

    for (unsigned i = 0; one != NULL && i < MOST_OF_HOST; i++, one = one->next_of_host) {
        const rdgudp_side_t *side = &one->channel.sides[conv->start.from_gateway];
        if (one != conv && one->channel.hello_count > 0 && side->epoch == conv->start.epoch &&
            conv->start.number > side->number && conv->start.number - side->number <= MOST_PERHAPS_MISSING &&
            side->last <= conv->start.time && one->gateway_port == conv->gateway_port &&
            addresses_equal(&one->gateway, &conv->gateway)) {
            return true;
        }
    }
    return false;
}

rdgudp_conv_t *rdgudp_session_of_index(unsigned number)
{
    return wmem_map_lookup(by_index, GUINT_TO_POINTER(number + 1));
}

rdgudp_conv_t *rdgudp_session_latest_of_host(const rdgudp_conv_t *conv)
{
    rdg_end_t client = { .address = conv->client };

    return wmem_map_lookup(by_host, &client);
}

rdgudp_conv_t *rdgudp_session_adopt_moved(packet_info *pinfo, const rdgudp_dtls_t *dtls, bool from_gateway,
                                          bool *is_unclear)
{
    rdg_end_t client = { .address = from_gateway ? pinfo->dst : pinfo->src };
    rdgudp_conv_t *one = num_convs > 0 && dtls->epoch > 0 ? wmem_map_lookup(by_host, &client) : NULL;
    rdgudp_conv_t *found = NULL;
    uint64_t fewest = 0; /* records that are missing between it and the packet */

    *is_unclear = false;
    for (unsigned i = 0; one != NULL && i < MOST_OF_HOST; i++, one = one->next_of_host) {
        if (!goes_on(one, pinfo, dtls, from_gateway)) {
            continue;
        }
        uint64_t missing = dtls->number - one->channel.sides[from_gateway].number;
        *is_unclear = found != NULL && missing == fewest;
        if (found == NULL || missing < fewest) {
            found = one;
            fewest = missing;
        }
    }
    *is_unclear = *is_unclear || (found != NULL && fewest > MOST_MISSING);
    if (*is_unclear) {
        return NULL;
    }
    if (found != NULL) {
        found->has_moved = true;
        found->moved_to =
            tree_util_end_to_str(wmem_file_scope(), &client.address, from_gateway ? pinfo->destport : pinfo->srcport);
        set_conversation(pinfo, found);
    }
    return found;
}

/* An adopted datagram has one end of the channel, or the client's address. */
bool rdgudp_session_is_from_gateway(const rdgudp_conv_t *conv, const packet_info *pinfo)
{
    if (pinfo->srcport == conv->gateway_port && addresses_equal(&pinfo->src, &conv->gateway)) {
        return true;
    }
    return pinfo->destport == conv->client_port && conv->answer_from != NULL &&
           addresses_equal(&pinfo->dst, &conv->client) && !addresses_equal(&pinfo->src, &conv->client);
}

bool rdgudp_session_is_from_elsewhere(const rdgudp_conv_t *conv, const packet_info *pinfo)
{
    return conv->answer_from != NULL && pinfo->destport == conv->client_port &&
           (pinfo->srcport != conv->gateway_port || !addresses_equal(&pinfo->src, &conv->gateway));
}

void rdgudp_session_set_client(rdgudp_conv_t *conv, const packet_info *pinfo)
{
    if (rdgudp_session_is_from_gateway(conv, pinfo)) {
        set_ends(conv, pinfo, false);
    }
}

/* }}} */
/* {{{ What is known of a channel */

void rdgudp_session_set_id(rdgudp_conv_t *conv, const e_guid_t *id)
{
    conv->channel.has_trailer = true;
    if (conv->session == NULL) {
        conv->session = rdg_session_get(id);
    }
}

void rdgudp_session_forget_id(rdgudp_conv_t *conv)
{
    conv->session = NULL;
    conv->user = NULL;
    conv->target = NULL;
    conv->counts_as_answered = false;
    conv->counts_as_up = false;
}

/* True when the latest channel of the client's port is another one, and the client has begun it. */
static bool asks_others(const rdgudp_conv_t *conv)
{
    const rdgudp_conv_t *latest = find_latest_of(&conv->client, conv->client_port);

    return latest != NULL && latest != conv && latest->channel.hello_count > 0;
}

static rdgudp_view_t view_of(const rdgudp_conv_t *conv)
{
    rdgudp_view_t view = { .hello_threshold = *threshold, .now = now };

    if (conv->channel.sides[RDG_CLIENT].datagrams == 0) {
        view.client_asks_others = asks_others(conv);
    }

    if (conv->session != NULL && conv->session->num_answered == 0) {
        view.session_tries = conv->session->tries;
        view.session_began = conv->session->first_try;
    }
    return view;
}

static void count(uint32_t *figure, bool *counts, bool should)
{
    if (should != *counts) {
        *figure += should ? 1u : -1u;
        *counts = should;
    }
}

/* True when nothing that the verdict rests on has changed since it was secured or connected: data go both ways. */
static bool is_steady(const rdgudp_conv_t *conv)
{
    const rdgudp_channel_t *channel = &conv->channel;

    return (conv->judgement.verdict == RDGUDP_SECURED || conv->judgement.verdict == RDGUDP_CONNECTED) &&
           channel->sides[RDG_CLIENT].data && channel->sides[RDG_GATEWAY].data &&
           channel->sides[RDG_CLIENT].unanswered <= 2 && channel->sides[RDG_GATEWAY].unanswered <= 2 &&
           !channel->closed && !channel->exploit && channel->no_packets == 0 &&
           channel->stop.kind == RDGUDP_STOP_NONE && channel->connects == 0 &&
           (conv->judgement.verdict == RDGUDP_CONNECTED || !(channel->has_result || channel->has_data)) &&
           channel->result == 0;
}

void rdgudp_session_judge(rdgudp_conv_t *conv)
{
    if (is_steady(conv)) {
        return;
    }
    rdgudp_view_t view = view_of(conv);

    conv->judgement = rdgudp_verdict_judge(&conv->channel, &view);
    if (conv->session != NULL) {
        bool is_up = rdgudp_channel_is_up(&conv->channel);
        /* Once answered, another attempt that is not answered is no silence. */
        count(&conv->session->num_answered, &conv->counts_as_answered,
              conv->counts_as_answered || rdgudp_channel_is_answered(&conv->channel));
        count(&conv->session->num_up, &conv->counts_as_up,
              is_up && !rdgudp_verdict_is_failure(conv->judgement.verdict) &&
                  conv->judgement.verdict != RDGUDP_REJECTED);
    }
}

rdgudp_judgement_t rdgudp_session_outcome_of(const rdgudp_conv_t *conv, const rdgudp_channel_t *channel)
{
    rdgudp_view_t view = view_of(conv);

    return rdgudp_verdict_judge(channel, &view);
}

rdgudp_judgement_t rdgudp_session_outcome(const rdgudp_conv_t *conv)
{
    return rdgudp_session_outcome_of(conv, &conv->channel);
}

/* }}} */
