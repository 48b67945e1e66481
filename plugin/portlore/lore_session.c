/* lore_session.c
 * What is known of a conversation on a port of interest, and what is news about it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_session.h"

#include "service_side.h"

/* Wireshark's index of a conversation -> lore_session_t */
static wmem_map_t *conversations;

void lore_session_init(void)
{
    conversations = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

lore_session_t *lore_session_find(const lore_payload_t *evidence)
{
    return wmem_map_lookup(conversations, GUINT_TO_POINTER(evidence->conversation));
}

lore_match_t lore_session_match(const lore_session_t *conversation, const char *seen)
{
    if (seen == NULL) {
        return LORE_MATCH_NO_PAYLOAD;
    }
    if (port_records_expects(&conversation->record, seen)) {
        return LORE_MATCH_EXPECTED;
    }
    return strcmp(seen, LORE_SEEN_DATA) == 0 ? LORE_MATCH_UNRECOGNISED : LORE_MATCH_OTHER;
}

/* True when the protocol SEEN is what is registered or expected at the port. */
static bool is_recognised_by(transport_t transport, uint16_t port, const char *seen)
{
    port_record_t record;

    if (seen == NULL || strcmp(seen, LORE_SEEN_DATA) == 0) {
        return false;
    }
    if (port_records_find(transport, port, &record) && port_records_expects(&record, seen)) {
        return true;
    }
    dissector_handle_t handle =
        dissector_get_uint_handle(find_dissector_table(transport == TRANSPORT_TCP ? "tcp.port" : "udp.port"), port);
    return handle != NULL && dissector_handle_get_protocol_index(handle) == proto_get_id_by_filter_name(seen);
}

/* Which end is the service, by this packet. */
static service_side_t judge_side(const lore_payload_t *evidence, bool *certain)
{
    service_clues_t clues = {
        .transport = evidence->ends.header.transport,
        .source_port = evidence->ends.header.source_port,
        .destination_port = evidence->ends.header.destination_port,
        .syn = evidence->ends.header.syn,
        .ack = evidence->ends.header.ack,
        .source_weight = port_records_weight(evidence->ends.header.transport, evidence->ends.header.source_port),
        .destination_weight =
            port_records_weight(evidence->ends.header.transport, evidence->ends.header.destination_port),
        .recognised_by_source =
            is_recognised_by(evidence->ends.header.transport, evidence->ends.header.source_port, evidence->seen),
        .recognised_by_destination =
            is_recognised_by(evidence->ends.header.transport, evidence->ends.header.destination_port, evidence->seen),
    };

    return service_side_judge(&clues, certain);
}

/* Fixes which end is the service, and with that what there is to say about its port. */
static void set_service(lore_session_t *conversation, const lore_payload_t *evidence, service_side_t side)
{
    bool at_source = side == SERVICE_AT_SOURCE;
    port_record_t *record = &conversation->record;

    if (side == SERVICE_UNKNOWN) {
        return;
    }
    free_address_wmem(wmem_file_scope(), &conversation->service_address);
    copy_address_wmem(wmem_file_scope(), &conversation->service_address,
                      at_source ? &evidence->ends.source : &evidence->ends.destination);
    port_records_find(evidence->ends.header.transport,
                      at_source ? evidence->ends.header.source_port : evidence->ends.header.destination_port, record);
    /* The user may change the rows while a packet is shown. */
    if (record->is_users) {
        record->services_name = wmem_strdup(wmem_file_scope(), record->services_name);
        record->tenant = record->tenant != NULL ? wmem_strdup(wmem_file_scope(), record->tenant) : NULL;
    }
}

static bool has_seen(const lore_session_t *conversation, const char *seen)
{
    for (unsigned i = 0; i < conversation->num_seen; i++) {
        if (conversation->seen[i] == seen || strcmp(conversation->seen[i], seen) == 0) {
            return true;
        }
    }
    return false;
}

/* The conversation of the packet, made when this is its first. A first guess at the service's end is put right once,
 * when the payload shows it. */
static lore_session_t *note_conversation(const packet_info *pinfo, const lore_payload_t *evidence)
{
    lore_session_t *conversation = lore_session_find(evidence);
    bool certain;

    if (conversation == NULL) {
        conversation = wmem_new0(wmem_file_scope(), lore_session_t);
        conversation->first_frame = pinfo->num;
        conversation->syn_first = evidence->ends.header.syn && !evidence->ends.header.ack && !evidence->ends.is_quoted;
        set_service(conversation, evidence, judge_side(evidence, &conversation->side_is_certain));
        wmem_map_insert(conversations, GUINT_TO_POINTER(evidence->conversation), conversation);
    } else if (!conversation->side_is_certain && evidence->seen != NULL &&
               (evidence->ends.header.syn || !has_seen(conversation, evidence->seen))) {
        /* With a protocol that was seen before, it remains as uncertain as it was then. */
        service_side_t side = judge_side(evidence, &certain);
        if (certain) {
            conversation->side_is_certain = true;
            set_service(conversation, evidence, side);
        }
    }
    return conversation;
}

static bool is_new_protocol(lore_session_t *conversation, const char *seen)
{
    if (conversation->num_seen == LORE_MAX_SEEN || has_seen(conversation, seen)) {
        return false;
    }
    /* A protocol's filter name, or a constant: it outlives the file. */
    conversation->seen[conversation->num_seen++] = seen;
    return true;
}

static unsigned learn_attempt(lore_session_t *conversation, const lore_payload_t *evidence, bool from_service)
{
    if (from_service && evidence->ends.header.rst) {
        if (conversation->syn_first && !conversation->service_answered && !conversation->refused) {
            conversation->refused = true;
            return LORE_NEWS_REFUSED;
        }
        return 0;
    }
    if (from_service) {
        conversation->service_answered = true;
        return 0;
    }
    if (evidence->ends.header.syn && conversation->told_first && !conversation->told_repeated &&
        !conversation->service_answered && !conversation->refused) {
        conversation->told_repeated = true;
        return LORE_NEWS_REPEATED;
    }
    return 0;
}

/* Whether it means something that no dissector recognises a payload. A TCP segment from the middle of the tenant's
 * messages looks like nothing: when their start was lost, or came before the capture. */
static bool is_telling(const lore_session_t *conversation)
{
    return conversation->record.transport == TRANSPORT_UDP || (conversation->syn_first && !conversation->tenant_seen);
}

static unsigned learn_payload(lore_session_t *conversation, const char *seen, bool from_service, uint32_t sustained)
{
    unsigned news = 0;

    conversation->payload_packets++;
    if (from_service) {
        conversation->payload_from_service = true;
    } else {
        conversation->payload_from_client = true;
    }
    if (seen != NULL && is_new_protocol(conversation, seen)) {
        news |= LORE_NEWS_SEEN;
        lore_match_t match = lore_session_match(conversation, seen);
        conversation->tenant_seen = conversation->tenant_seen || match == LORE_MATCH_EXPECTED;
        if (conversation->record.has_expected &&
            (match == LORE_MATCH_OTHER || (match == LORE_MATCH_UNRECOGNISED && is_telling(conversation)))) {
            news |= LORE_NEWS_UNEXPECTED;
        }
    }
    if (conversation->record.dormant && !conversation->told_sustained && conversation->payload_from_service &&
        conversation->payload_from_client && conversation->payload_packets >= sustained) {
        conversation->told_sustained = true;
        news |= LORE_NEWS_SUSTAINED;
    }
    return news;
}

unsigned lore_session_learn(const packet_info *pinfo, const lore_payload_t *evidence, uint32_t sustained,
                            lore_session_t **found)
{
    lore_session_t *conversation = note_conversation(pinfo, evidence);
    const port_record_t *record = &conversation->record;
    unsigned news = 0;

    *found = record->weight != PORT_WEIGHT_NONE ? conversation : NULL;
    if (*found == NULL) {
        return 0;
    }
    bool from_service = evidence->ends.header.source_port == record->port &&
                        addresses_equal(&evidence->ends.source, &conversation->service_address);
    if (evidence->ends.is_quoted) {
        /* Only the packet that went to the service says something about the service. */
        if (from_service || conversation->refused || !evidence->ends.header.unreachable) {
            return 0;
        }
        conversation->refused = true;
        return LORE_NEWS_REFUSED;
    }
    news |= learn_attempt(conversation, evidence, from_service);
    if (evidence->has_payload) {
        news |= learn_payload(conversation, evidence->seen, from_service, sustained);
    }
    if (!conversation->told_first) {
        conversation->told_first = true;
        news |= LORE_NEWS_FIRST;
    }
    return news;
}
