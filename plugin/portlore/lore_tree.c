/* lore_tree.c
 * Port Lore's tree: what the port is on paper and in practice, and what was found on it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_tree.h"

#include "base/tree_util.h"
#include "lore_expert.h"
#include "lore_names.h"
#include "lore_registry.h"

static int proto_portlore = -1;

static int hf_port = -1;
static int hf_transport = -1;
static int hf_range = -1;
static int hf_iana_status = -1;
static int hf_iana_service = -1;
static int hf_iana_description = -1;
static int hf_iana_assignee = -1;
static int hf_iana_registered = -1;
static int hf_iana_modified = -1;
static int hf_iana_reference = -1;
static int hf_iana_unauthorized_use = -1;
static int hf_iana_note = -1;
static int hf_iana_as_of = -1;
static int hf_other_transport = -1;
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

void lore_tree_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_port, { "Port", "portlore.port", FT_UINT16, BASE_DEC, NULL, 0, "Port of the service", HFILL } },
        { &hf_transport, { "Transport", "portlore.transport", FT_STRING, BASE_NONE, NULL, 0, "tcp or udp", HFILL } },
        { &hf_range,
          { "Range", "portlore.range", FT_UINT8, BASE_NONE, VALS(lore_names_ranges), 0,
            "Range of port numbers, RFC 6335", HFILL } },
        { &hf_iana_status,
          { "IANA status", "portlore.iana.status", FT_UINT8, BASE_NONE, VALS(lore_names_statuses), 0,
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
        { &hf_iana_modified,
          { "Modified", "portlore.iana.modified", FT_STRING, BASE_NONE, NULL, 0,
            "When the registry's row was changed, as the registry writes it", HFILL } },
        { &hf_iana_reference,
          { "Reference", "portlore.iana.reference", FT_STRING, BASE_NONE, NULL, 0,
            "Documents that the registry's row refers to", HFILL } },
        { &hf_iana_unauthorized_use,
          { "Unauthorized use", "portlore.iana.unauthorized_use", FT_STRING, BASE_NONE, NULL, 0,
            "Unauthorized use of the port that is on record in the registry", HFILL } },
        { &hf_iana_note,
          { "IANA note", "portlore.iana.note", FT_STRING, BASE_NONE, NULL, 0, "Assignment notes of the registry",
            HFILL } },
        { &hf_iana_as_of,
          { "Registry copy of", "portlore.iana.as_of", FT_STRING, BASE_NONE, NULL, 0,
            "Date of the copy of IANA's registry that this is taken from", HFILL } },
        { &hf_other_transport,
          { "Other transport", "portlore.other_transport", FT_STRING, BASE_NONE, NULL, 0,
            "Another transport under which the registry has the same number, with its names there", HFILL } },
        { &hf_name,
          { "Name", "portlore.name", FT_STRING, BASE_NONE, NULL, 0, "Name of the port in your own list", HFILL } },
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
          { "Match", "portlore.match", FT_UINT8, BASE_NONE, VALS(lore_names_matches), 0,
            "Whether what is on the port belongs there", HFILL } },
        { &hf_claim,
          { "Claim", "portlore.claim", FT_STRING, BASE_NONE, NULL, 0, "What is said about the port", HFILL } },
        { &hf_claim_verdict,
          { "Verdict", "portlore.claim.verdict", FT_UINT8, BASE_NONE, VALS(lore_names_verdicts), 0,
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
    static int *ett[] = { &ett_portlore, &ett_claims, &ett_claim };

    proto_portlore = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
}

static void add_claims(proto_tree *tree, tvbuff_t *tvb, const port_facts_t *facts)
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
        tree_util_add_uint(parts, hf_claim_verdict, tvb, claim->verdict);
        tree_util_add_string(parts, hf_claim_why, tvb, claim->why);
        tree_util_add_string(parts, hf_claim_source, tvb, claim->source);
    }
}

/* A port may have several services, and then the fields are there for each of them. */
static void add_registry(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const port_record_t *record)
{
    port_registry_entry_t entry;
    const char *other;
    bool is_there = false;

    for (size_t place = 0; lore_registry_next(record->transport, record->port, &place, &entry);) {
        tree_util_add_uint(tree, hf_iana_status, tvb, lore_registry_status(&entry));
        tree_util_add_string(tree, hf_iana_service, tvb, entry.service);
        tree_util_add_string(tree, hf_iana_description, tvb, entry.description);
        if (!is_there && record->facts != NULL) {
            tree_util_add_string(tree, hf_iana_assignee, tvb, record->facts->on[record->transport].assignee);
        }
        tree_util_add_string(tree, hf_iana_registered, tvb, entry.registered);
        tree_util_add_string(tree, hf_iana_modified, tvb, entry.modified);
        tree_util_add_string(tree, hf_iana_reference, tvb, entry.reference);
        tree_util_add_string(tree, hf_iana_unauthorized_use, tvb, entry.unauthorized);
        tree_util_add_string(tree, hf_iana_note, tvb, entry.note);
        is_there = true;
    }
    if (!is_there) {
        tree_util_add_uint(tree, hf_iana_status, tvb, LORE_REGISTRY_ABSENT);
    }
    for (size_t i = 0; (other = lore_registry_other_transport(pinfo->pool, record->transport, record->port, i)) != NULL;
         i++) {
        tree_util_add_string(tree, hf_other_transport, tvb, other);
    }
    tree_util_add_string(tree, hf_iana_as_of, tvb, lore_registry_as_of());
}

static proto_item *add_root(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const port_record_t *record,
                            const char *seen)
{
    const char *service = port_records_name(record);
    const char *name = service != NULL ? wmem_strdup_printf(pinfo->pool, " (%s)", service) : "";
    proto_item *root = proto_tree_add_protocol_format(tree, proto_portlore, tvb, 0, 0, "Port Lore, %s%s%s%s",
                                                      lore_expert_port(pinfo, record), name, seen != NULL ? ": " : "",
                                                      seen != NULL ? seen : "");

    proto_item_set_generated(root);
    return root;
}

static void add_record(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const port_record_t *record)
{
    tree_util_add_uint(tree, hf_range, tvb, port_facts_range(record->port));
    add_registry(tree, tvb, pinfo, record);
    tree_util_add_string(tree, hf_name, tvb, record->users_name);
    tree_util_add_string(tree, hf_tenant, tvb, record->tenant);
}

static void add_evidence(tvbuff_t *tvb, proto_tree *tree, const port_record_t *record)
{
    char advice[256];

    if (record->facts != NULL) {
        tree_util_add_string(tree, hf_recognise, tvb, record->facts->recognise);
        add_claims(tree, tvb, record->facts);
    }
    port_facts_advice(record->transport, record->port, advice, sizeof advice);
    tree_util_add_string(tree, hf_advice, tvb, advice);
}

proto_item *lore_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const lore_note_t *note)
{
    const port_record_t *record = &note->session->record;
    const char *seen = lore_session_seen(note->session, note->seen);
    proto_item *root = add_root(tvb, pinfo, tree, record, seen);
    proto_tree *lore_tree = proto_item_add_subtree(root, ett_portlore);

    tree_util_add_uint(lore_tree, hf_port, tvb, record->port);
    tree_util_add_string(lore_tree, hf_transport, tvb, lore_names_transport(record->transport));
    if (note->full) {
        add_record(tvb, pinfo, lore_tree, record);
    }
    tree_util_add_string(lore_tree, hf_seen, tvb, seen);
    tree_util_add_uint(lore_tree, hf_match, tvb, lore_session_match(note->session, note->has_payload, seen));
    if (note->full) {
        add_evidence(tvb, lore_tree, record);
    }
    return root;
}
