/* packet-portlore.c
 * Port Lore, a postdissector: says on the packet what the port is on paper and in practice, and whether what is on it
 * belongs there. It never takes a packet from anybody, and a packet that it has nothing to say on stays as it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-portlore.h"

#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/tap.h>

#include "lore_session.h"
#include "lore_payload.h"
#include "base/observers.h"
#include "port_facts.h"
#include "port_records.h"
#include "lore_stats.h"

static int proto_portlore = -1;

static int hf_port = -1;
static int hf_transport = -1;
static int hf_range = -1;
static int hf_iana_status = -1;
static int hf_iana_service = -1;
static int hf_iana_description = -1;
static int hf_iana_assignee = -1;
static int hf_iana_registered = -1;
static int hf_iana_as_of = -1;
static int hf_name = -1;
static int hf_tenant = -1;
static int hf_recognise = -1;
static int hf_seen = -1;
static int hf_match = -1;
static int hf_claim = -1;
static int hf_claim_verdict = -1;
static int hf_claim_why = -1;
static int hf_claim_source = -1;
static int hf_advice = -1;

static int ett_portlore = -1;
static int ett_claims = -1;
static int ett_claim = -1;

static expert_field ei_status = EI_INIT;
static expert_field ei_unexpected = EI_INIT;
static expert_field ei_sustained = EI_INIT;
static expert_field ei_probe = EI_INIT;

static int portlore_tap = -1;

enum { ANNOTATE_FIRST, ANNOTATE_EVERY };
static int annotate = ANNOTATE_FIRST;
static unsigned sustained_packets = 20;

/* What there is to say on a packet: found on the first pass, drawn on every pass. Lives as long as the file. */
typedef struct {
    lore_session_t *conversation;
    unsigned news; /* LORE_NEWS_* */
    bool full;     /* the whole record, not only what is new */
    const char *seen;
    uint32_t payload_packets; /* of the conversation, until this packet */
} lore_note_t;

/* frame number -> lore_note_t */
static dissector_handle_t portlore_handle;
static wmem_map_t *notes;

static const value_string range_names[] = {
    { PORT_RANGE_SYSTEM, "System" },
    { PORT_RANGE_USER, "User (registered)" },
    { PORT_RANGE_DYNAMIC, "Dynamic" },
    { 0, NULL },
};

static const value_string status_names[] = {
    { PORT_IANA_ASSIGNED, "Assigned" },
    { PORT_IANA_UNASSIGNED, "Unassigned" },
    { PORT_IANA_RESERVED, "Reserved" },
    { 0, NULL },
};

static const value_string verdict_names[] = {
    { PORT_CLAIM_CONFIRMED, "Confirmed" },
    { PORT_CLAIM_CONTRADICTED, "Contradicted" },
    { PORT_CLAIM_UNVERIFIED, "Unverified" },
    { 0, NULL },
};

/* {{{ Drawing */

static void add_string(proto_tree *tree, tvbuff_t *tvb, int hf, const char *value)
{
    if (value != NULL) {
        proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, value));
    }
}

static void add_uint(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

/* "UDP port 3386" */
static const char *port_title(packet_info *pinfo, const port_record_t *record)
{
    return wmem_strdup_printf(pinfo->pool, "%s port %u", port_records_transport_title(record->transport), record->port);
}

static void draw_claims(proto_tree *tree, tvbuff_t *tvb, const port_facts_t *facts)
{
    proto_item *item;
    proto_tree *claims =
        proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_claims, &item, "What is said about port %u", facts->port);

    proto_item_set_generated(item);
    for (size_t i = 0; i < facts->num_claims; i++) {
        const port_claim_t *claim = &facts->claims[i];
        item = proto_tree_add_string(claims, hf_claim, tvb, 0, 0, claim->text);
        proto_item_set_generated(item);
        proto_tree *parts = proto_item_add_subtree(item, ett_claim);
        add_uint(parts, tvb, hf_claim_verdict, claim->verdict);
        add_string(parts, tvb, hf_claim_why, claim->why);
        add_string(parts, tvb, hf_claim_source, claim->source);
    }
}

static void draw_registry(proto_tree *tree, tvbuff_t *tvb, const port_row_t *row)
{
    add_uint(tree, tvb, hf_iana_status, row->status);
    add_string(tree, tvb, hf_iana_service, row->service);
    add_string(tree, tvb, hf_iana_description, row->description);
    add_string(tree, tvb, hf_iana_assignee, row->assignee);
    add_string(tree, tvb, hf_iana_registered, row->registered);
    add_string(tree, tvb, hf_iana_as_of, port_facts_as_of());
}

/* One sentence on what the port is on paper, and one on what it is in practice. */
static void tell_status(packet_info *pinfo, proto_item *item, const port_record_t *record)
{
    const char *title = port_title(pinfo, record);
    const char *practice = record->tenant != NULL ? wmem_strdup_printf(pinfo->pool, "In practice: %s.", record->tenant)
                                                  : "No use of it is documented.";

    if (record->facts != NULL) {
        const port_row_t *row = &record->facts->on[record->transport];
        if (row->service != NULL) {
            expert_add_info_format(pinfo, item, &ei_status, "IANA has assigned %s to %s (%s). %s", title, row->service,
                                   row->description != NULL ? row->description : "no description", practice);
        } else {
            expert_add_info_format(pinfo, item, &ei_status, "IANA's registry has no service on %s. %s", title,
                                   practice);
        }
    } else if (record->is_users) {
        expert_add_info_format(pinfo, item, &ei_status, "%s is %s in your own list. %s", title, record->services_name,
                               practice);
    }
}

static void tell_unexpected(packet_info *pinfo, proto_item *item, const port_record_t *record, const char *seen)
{
    const char *what = strcmp(seen, LORE_SEEN_DATA) == 0 ? "octets that no dissector recognises"
                                                         : wmem_strdup_printf(pinfo->pool, "\"%s\" traffic", seen);

    if (record->tenant != NULL) {
        expert_add_info_format(pinfo, item, &ei_unexpected,
                               "%s carries %s, which does not belong there. In practice: %s.",
                               port_title(pinfo, record), what, record->tenant);
    } else {
        expert_add_info_format(pinfo, item, &ei_unexpected, "%s carries %s, and nothing is known to belong there.",
                               port_title(pinfo, record), what);
    }
}

static void tell_probe(packet_info *pinfo, proto_item *item, const lore_note_t *note)
{
    const lore_session_t *conversation = note->conversation;
    const char *title = port_title(pinfo, &conversation->record);

    if (note->news & LORE_NEWS_REFUSED) {
        if (proto_is_frame_protocol(pinfo->layers, "icmp") || proto_is_frame_protocol(pinfo->layers, "icmpv6")) {
            expert_add_info_format(pinfo, item, &ei_probe, "%s was tried, and ICMP says that it is unreachable.",
                                   title);
        } else {
            expert_add_info_format(pinfo, item, &ei_probe, "%s was tried, and refused the connection (RST).", title);
        }
    } else if (note->news & LORE_NEWS_REPEATED) {
        expert_add_info_format(pinfo, item, &ei_probe, "%s is tried again: nothing has answered yet.", title);
    } else if ((note->news & LORE_NEWS_FIRST) && PINFO_FD_VISITED(pinfo) && conversation->syn_first &&
               !conversation->service_answered && !conversation->refused) {
        expert_add_info_format(pinfo, item, &ei_probe, "%s was tried, and nothing answers in this capture.", title);
    }
}

static void draw_note(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const lore_note_t *note)
{
    const port_record_t *record = &note->conversation->record;
    const port_row_t *row = record->facts != NULL ? &record->facts->on[record->transport] : NULL;
    const char *service = row != NULL && !record->is_users ? row->service : record->services_name;
    proto_item *root = proto_tree_add_protocol_format(tree, proto_portlore, tvb, 0, 0, "Port Lore, %s%s%s%s%s",
                                                      port_title(pinfo, record), service != NULL ? " (" : "",
                                                      service != NULL ? service : "", service != NULL ? ")" : "",
                                                      note->seen != NULL ? ": " : "");
    proto_tree *lore_tree = proto_item_add_subtree(root, ett_portlore);

    proto_item_set_generated(root);
    proto_item_append_text(root, "%s", note->seen != NULL ? note->seen : "");
    add_uint(lore_tree, tvb, hf_port, record->port);
    add_string(lore_tree, tvb, hf_transport, port_records_transport_name(record->transport));
    if (note->full) {
        add_uint(lore_tree, tvb, hf_range, port_facts_range(record->port));
        if (row != NULL) {
            draw_registry(lore_tree, tvb, row);
        }
        add_string(lore_tree, tvb, hf_name, record->services_name);
        add_string(lore_tree, tvb, hf_tenant, record->tenant);
    }
    add_string(lore_tree, tvb, hf_seen, note->seen);
    add_uint(lore_tree, tvb, hf_match, lore_session_match(note->conversation, note->seen));
    if (note->full && record->facts != NULL) {
        add_string(lore_tree, tvb, hf_recognise, record->facts->recognise);
        draw_claims(lore_tree, tvb, record->facts);
    }
    if (note->full) {
        char advice[256];
        port_facts_advice(record->transport, record->port, advice, sizeof advice);
        add_string(lore_tree, tvb, hf_advice, advice);
    }

    if (note->news & LORE_NEWS_FIRST) {
        tell_status(pinfo, root, record);
    }
    if (note->news & LORE_NEWS_UNEXPECTED) {
        tell_unexpected(pinfo, root, record, note->seen);
    }
    if (note->news & LORE_NEWS_SUSTAINED) {
        expert_add_info_format(pinfo, root, &ei_sustained,
                               "%s is registered, but no use of it is documented, and yet %u packets have carried "
                               "payload, both ways: find out what it is.",
                               port_title(pinfo, record), note->payload_packets);
    }
    tell_probe(pinfo, root, note);
}

/* }}} */
/* {{{ Finding */

static const lore_note_t *take_note(packet_info *pinfo, lore_session_t *conversation, unsigned news, const char *seen)
{
    lore_note_t *note = wmem_new0(wmem_file_scope(), lore_note_t);

    note->conversation = conversation;
    note->news = news;
    note->full = annotate == ANNOTATE_EVERY || (news & LORE_NEWS_FIRST) ||
                 ((news & LORE_NEWS_SEEN) && conversation->num_seen == 1);
    note->seen = seen;
    note->payload_packets = conversation->payload_packets;
    wmem_map_insert(notes, GUINT_TO_POINTER(pinfo->num), note);
    return note;
}

/* Returns what there is to say on the packet, or NULL. */
static const lore_note_t *look_at(packet_info *pinfo, const lore_payload_t *evidence)
{
    lore_session_t *conversation;
    const lore_note_t *note = NULL;

    if (!PINFO_FD_VISITED(pinfo)) {
        unsigned news = lore_session_learn(pinfo, evidence, sustained_packets, &conversation);
        if (conversation != NULL && (news != 0 || (annotate == ANNOTATE_EVERY && !evidence->ends.is_quoted))) {
            note = take_note(pinfo, conversation, news, evidence->seen);
        }
    } else {
        conversation = lore_session_find(evidence);
        note = wmem_map_lookup(notes, GUINT_TO_POINTER(pinfo->num));
    }
    if (conversation != NULL && conversation->record.weight != PORT_WEIGHT_NONE && !evidence->ends.is_quoted &&
        have_tap_listener(portlore_tap)) {
        port_tap_t *tap = wmem_new0(pinfo->pool, port_tap_t);
        tap->conversation = conversation;
        tap->first = conversation->first_frame == pinfo->num;
        tap->match = lore_session_match(conversation, evidence->seen);
        tap_queue_packet(portlore_tap, pinfo, tap);
    }
    return note;
}

static bool is_of_interest(const ip_header_t *header)
{
    return port_records_weight(header->transport, header->source_port) != PORT_WEIGHT_NONE ||
           port_records_weight(header->transport, header->destination_port) != PORT_WEIGHT_NONE;
}

static void observe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_icmp)
{
    lore_payload_t evidence;

    if (packet_ends_read(tvb, pinfo, is_icmp, &evidence.ends) && is_of_interest(&evidence.ends.header) &&
        lore_payload_collect(tvb, pinfo, &evidence)) {
        const lore_note_t *note = look_at(pinfo, &evidence);
        if (note != NULL) {
            call_dissector_only(portlore_handle, tvb, pinfo, tree, (void *)note);
        }
    }
}

static int dissect_portlore(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    draw_note(tvb, pinfo, tree, (const lore_note_t *)data);
    return (int)tvb_captured_length(tvb);
}

/* }}} */

static void register_fields(void)
{
    static hf_register_info hf[] = {
        { &hf_port, { "Port", "portlore.port", FT_UINT16, BASE_DEC, NULL, 0, "Port of the service", HFILL } },
        { &hf_transport, { "Transport", "portlore.transport", FT_STRING, BASE_NONE, NULL, 0, "tcp or udp", HFILL } },
        { &hf_range,
          { "Range", "portlore.range", FT_UINT8, BASE_NONE, VALS(range_names), 0, "Range of port numbers, RFC 6335",
            HFILL } },
        { &hf_iana_status,
          { "IANA status", "portlore.iana.status", FT_UINT8, BASE_NONE, VALS(status_names), 0,
            "State of the port number in IANA's registry, RFC 6335", HFILL } },
        { &hf_iana_service,
          { "IANA service name", "portlore.iana.service", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iana_description,
          { "IANA description", "portlore.iana.description", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iana_assignee,
          { "IANA assignee", "portlore.iana.assignee", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_iana_registered,
          { "Registered", "portlore.iana.registered", FT_STRING, BASE_NONE, NULL, 0,
            "When the port was registered, as the registry writes it", HFILL } },
        { &hf_iana_as_of,
          { "Registry copy of", "portlore.iana.as_of", FT_STRING, BASE_NONE, NULL, 0,
            "Date of the copy of IANA's registry that this is taken from", HFILL } },
        { &hf_name,
          { "Name", "portlore.name", FT_STRING, BASE_NONE, NULL, 0,
            "Name of a port that is not a documented one: yours, or from Wireshark's services table", HFILL } },
        { &hf_tenant,
          { "In practice", "portlore.tenant", FT_STRING, BASE_NONE, NULL, 0, "Who is on the port in practice",
            HFILL } },
        { &hf_recognise,
          { "How to tell", "portlore.recognise", FT_STRING, BASE_NONE, NULL, 0, "How to tell what is on the port",
            HFILL } },
        { &hf_seen,
          { "Found on it", "portlore.seen", FT_STRING, BASE_NONE, NULL, 0,
            "Filter name of the protocol found on the payload; \"data\" when no dissector recognises it", HFILL } },
        { &hf_match,
          { "Match", "portlore.match", FT_UINT8, BASE_NONE, VALS(lore_stats_match_names), 0,
            "Whether what is on the port belongs there", HFILL } },
        { &hf_claim,
          { "Claim", "portlore.claim", FT_STRING, BASE_NONE, NULL, 0, "What is said about the port", HFILL } },
        { &hf_claim_verdict,
          { "Verdict", "portlore.claim.verdict", FT_UINT8, BASE_NONE, VALS(verdict_names), 0,
            "What the evidence says about the claim", HFILL } },
        { &hf_claim_why,
          { "Why", "portlore.claim.why", FT_STRING, BASE_NONE, NULL, 0, "What the evidence is", HFILL } },
        { &hf_claim_source,
          { "Source", "portlore.claim.source", FT_STRING, BASE_NONE, NULL, 0, "Where the evidence can be read",
            HFILL } },
        { &hf_advice,
          { "To see who listens", "portlore.advice", FT_STRING, BASE_NONE, NULL, 0,
            "Command that shows which program has the port", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_status, { "portlore.status", PI_PROTOCOL, PI_NOTE, "The port is documented.", EXPFILL } },
        { &ei_unexpected,
          { "portlore.unexpected", PI_PROTOCOL, PI_WARN, "The payload is not what belongs on the port.", EXPFILL } },
        { &ei_sustained,
          { "portlore.sustained", PI_SECURITY, PI_WARN, "There is lasting traffic on a dormant port.", EXPFILL } },
        { &ei_probe, { "portlore.probe", PI_SEQUENCE, PI_NOTE, "The port was tried, and nothing is there.", EXPFILL } },
    };
    static int *ett[] = { &ett_portlore, &ett_claims, &ett_claim };

    proto_register_field_array(proto_portlore, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_portlore), ei, array_length(ei));
}

static void register_preferences(void)
{
    static const enum_val_t annotate_choices[] = {
        { "first", "The first packet of each conversation", ANNOTATE_FIRST },
        { "every", "Every packet", ANNOTATE_EVERY },
        { NULL, NULL, 0 },
    };
    module_t *module = prefs_register_protocol(proto_portlore, NULL);

    prefs_register_enum_preference(module, "annotate", "Annotate",
                                   "Which packets get the full record. In any case a packet is annotated when it "
                                   "brings something new.",
                                   &annotate, annotate_choices, FALSE);
    prefs_register_uint_preference(module, "sustained_packets", "Lasting traffic from (packets)",
                                   "Number of packets with payload on a dormant port, from either side, from which it "
                                   "is remarkable",
                                   10, &sustained_packets);
    port_records_register(module);
}

void proto_register_portlore(void)
{
    if (proto_get_id_by_filter_name("portlore") != -1) {
        ws_warning("Port Lore is off: this Wireshark has a protocol named portlore already.");
        return;
    }
    proto_portlore = proto_register_protocol("Port Lore", "Port Lore", "portlore");
    register_fields();
    register_preferences();
    notes = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
    lore_session_init();
    portlore_tap = lore_stats_register();
    portlore_handle = create_dissector_handle(dissect_portlore, proto_portlore);
    observers_add(proto_portlore, observe);
}

void proto_reg_handoff_portlore(void)
{
    if (proto_portlore == -1) {
        return;
    }
    lore_payload_start(proto_portlore);
    lore_stats_start();
}
