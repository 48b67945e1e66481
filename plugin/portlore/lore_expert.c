/* lore_expert.c
 * What Port Lore finds on a packet, as expert items.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_expert.h"

#include <epan/expert.h>
#include <epan/to_str.h>

#include <string.h>

#include "lore_names.h"
#include "lore_registry.h"

static expert_field ei_status = EI_INIT;
static expert_field ei_unauthorized_use = EI_INIT;
static expert_field ei_unexpected = EI_INIT;
static expert_field ei_sustained = EI_INIT;
static expert_field ei_probe = EI_INIT;

void lore_expert_register(int proto)
{
    static ei_register_info ei[] = {
        { &ei_status, { "portlore.status", PI_PROTOCOL, PI_NOTE, "The port is documented, or asked for.", EXPFILL } },
        { &ei_unauthorized_use,
          { "portlore.unauthorized_use", PI_PROTOCOL, PI_NOTE, "An unauthorized use of the port is on record.",
            EXPFILL } },
        { &ei_unexpected,
          { "portlore.unexpected", PI_PROTOCOL, PI_WARN, "The payload is not what belongs on the port.", EXPFILL } },
        { &ei_sustained,
          { "portlore.sustained", PI_SECURITY, PI_WARN, "There is lasting traffic on a dormant port.", EXPFILL } },
        { &ei_probe,
          { "portlore.probe", PI_SEQUENCE, PI_NOTE,
            "The port was tried or probed, with no answer of a service in the capture.", EXPFILL } },
    };

    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

const char *lore_expert_port(packet_info *pinfo, const port_record_t *record)
{
    return wmem_strdup_printf(pinfo->pool, "%s port %u", lore_names_transport_title(record->transport), record->port);
}

/* {{{ On paper and in practice */

/* Who is on the number under the other transport, when nobody is under this one; otherwise NULL. */
static const char *other_tenant(const port_record_t *record)
{
    if (record->facts == NULL || record->tenant != NULL) {
        return NULL;
    }
    return record->facts->on[record->transport == TRANSPORT_TCP ? TRANSPORT_UDP : TRANSPORT_TCP].tenant;
}

/* IS_TEST: what is on the port may be a test of it. */
static const char *write_practice(packet_info *pinfo, const port_record_t *record, bool is_test)
{
    const char *other = other_tenant(record);

    if (record->tenant != NULL) {
        return wmem_strdup_printf(pinfo->pool, "In practice: %s.", record->tenant);
    }
    if (other != NULL) {
        const bool is_tcp = record->transport == TRANSPORT_TCP;
        const char *reach =
            is_test ? wmem_strdup_printf(pinfo->pool, ", of which a test over %s says nothing", is_tcp ? "TCP" : "UDP")
                    : "";
        return wmem_strdup_printf(pinfo->pool, "In practice it is used over %s (%s)%s.", is_tcp ? "UDP" : "TCP", other,
                                  reach);
    }
    return "No use of it is documented.";
}

/* What the reader must know of the number that the notes are about. */
static const char *write_doubt(const lore_session_t *session)
{
    if (session->certainty == SERVICE_GUESSED) {
        return " But this may be the client's port: nothing shows which end is the service.";
    }
    if (session->is_announced) {
        return " Another conversation has announced this one, and its port.";
    }
    return "";
}

/* What the port is on paper, in one sentence. */
static const char *write_paper(packet_info *pinfo, const port_record_t *record)
{
    const char *port = lore_expert_port(pinfo, record);
    const char *services = lore_registry_services(pinfo->pool, record->transport, record->port);

    if (services != NULL) {
        return wmem_strdup_printf(pinfo->pool, "IANA has assigned %s to %s.", port, services);
    }
    return wmem_strdup_printf(pinfo->pool, "IANA's registry has no service on %s.", port);
}

/* One sentence on what the port is on paper, and one on what it is in practice. */
static void add_status(packet_info *pinfo, proto_item *item, const lore_session_t *session)
{
    const port_record_t *record = &session->record;
    const char *doubt = write_doubt(session);
    const char *practice = write_practice(pinfo, record, *doubt == '\0');

    if (record->facts != NULL) {
        expert_add_info_format(pinfo, item, &ei_status, "%s %s%s", write_paper(pinfo, record), practice, doubt);
    } else if (record->is_users) {
        expert_add_info_format(pinfo, item, &ei_status, "%s is %s in your own list. %s%s",
                               lore_expert_port(pinfo, record), record->users_name, practice, doubt);
    } else if (record->is_asked) {
        expert_add_info_format(pinfo, item, &ei_status, "%s%s", write_paper(pinfo, record), doubt);
    }
}

static void add_unauthorized_use(packet_info *pinfo, proto_item *item, const lore_session_t *session)
{
    const port_record_t *record = &session->record;
    const char *use = lore_registry_unauthorized_use(record->transport, record->port);

    if (use != NULL) {
        expert_add_info_format(pinfo, item, &ei_unauthorized_use,
                               "IANA has an unauthorized use of %s on record: \"%s\".%s",
                               lore_expert_port(pinfo, record), use, write_doubt(session));
    }
}

/* }}} */
/* {{{ What does not belong there */

static void add_unexpected(packet_info *pinfo, proto_item *item, const port_record_t *record, const char *seen)
{
    const bool is_data = strcmp(seen, LORE_SEEN_DATA) == 0;
    const char *port = lore_expert_port(pinfo, record);
    const char *what =
        is_data ? "octets that no dissector recognises" : wmem_strdup_printf(pinfo->pool, "\"%s\" traffic", seen);

    if (record->by_registry) {
        expert_add_info_format(
            pinfo, item, &ei_unexpected, "%s carries %s, which %s not belong there: IANA has assigned it to %s.", port,
            what, is_data ? "do" : "does", lore_registry_services(pinfo->pool, record->transport, record->port));
    } else if (record->tenant != NULL) {
        expert_add_info_format(pinfo, item, &ei_unexpected,
                               "%s carries %s, which %s not belong there. In practice: %s.", port, what,
                               is_data ? "do" : "does", record->tenant);
    } else {
        expert_add_info_format(pinfo, item, &ei_unexpected, "%s carries %s, and nothing is known to belong there.",
                               port, what);
    }
}

static bool is_known(const char *seen)
{
    return seen != NULL && strcmp(seen, LORE_SEEN_DATA) != 0;
}

/* What was recognised: SEEN on the packet itself, or on others of its conversation. NULL when that is nothing. */
static const char *find_known(const lore_session_t *session, const char *seen)
{
    const char *found = lore_session_seen(session, seen);

    for (unsigned i = 0; i < session->num_seen && !is_known(found); i++) {
        found = lore_session_seen(session, session->seen[i]);
    }
    return is_known(found) ? found : NULL;
}

/* What follows from a lasting use. Where the capture cut what was sent, and nothing of it was judged, it does not show
 * what it was. */
static const char *write_use(const lore_note_t *note)
{
    if (note->session->has_cut_payload && note->session->num_seen == 0) {
        return "the capture has too little of them to tell what they are";
    }
    return "find out what it is";
}

static void add_sustained(packet_info *pinfo, proto_item *item, const lore_note_t *note)
{
    const char *seen = find_known(note->session, note->seen);

    expert_add_info_format(pinfo, item, &ei_sustained,
                           "%s is registered, but no use of it is documented, and yet %u packets have carried payload, "
                           "both ways: %s.",
                           lore_expert_port(pinfo, &note->session->record), note->payload_packets,
                           seen != NULL ? wmem_strdup_printf(pinfo->pool, "\"%s\" traffic", seen) : write_use(note));
}

/* }}} */
/* {{{ Probes */

/* Why the ICMP error stops the attempt: a clause whose subject is its sender. */
static const char *write_stop(const lore_note_t *note)
{
    const bool by_service = addresses_equal(&note->stopped_by, &note->session->service_address);

    switch (note->stop) {
    case LORE_STOP_PORT:
        return by_service ? "that host says that the port is unreachable"
                          : "not its host but another says that the port is unreachable, as firewalls do";
    case LORE_STOP_PROTOCOL:
        return "the host says that it does not have this transport";
    case LORE_STOP_PROHIBITED:
        return "a firewall prohibits it";
    case LORE_STOP_ROUTE:
        return "there is no way to the host";
    case LORE_STOP_NONE:
    case LORE_STOP_RESET:
        break;
    }
    return "it is unreachable";
}

/* A blank and the tenant of the other transport, which a test over this one does not reach; or nothing. */
static const char *write_other_tenant(packet_info *pinfo, const port_record_t *record)
{
    return other_tenant(record) != NULL ? wmem_strdup_printf(pinfo->pool, " %s", write_practice(pinfo, record, true))
                                        : "";
}

static void add_stopped(packet_info *pinfo, proto_item *item, const lore_note_t *note)
{
    const port_record_t *record = &note->session->record;
    const char *port = lore_expert_port(pinfo, record);

    if (note->stop == LORE_STOP_RESET) {
        expert_add_info_format(pinfo, item, &ei_probe, "%s was tried, and refused the connection (RST).%s", port,
                               write_other_tenant(pinfo, record));
        return;
    }
    const char *reason =
        wmem_strdup_printf(pinfo->pool, "%s (from %s, type %u, code %u)", write_stop(note),
                           address_to_str(pinfo->pool, &note->stopped_by), note->icmp_type, note->icmp_code);
    if (note->may_have_stood) {
        expert_add_info_format(pinfo, item, &ei_probe,
                               "ICMP says that %s is unreachable: %s. It may have answered before: the capture has no "
                               "packet from it.",
                               port, reason);
    } else {
        expert_add_info_format(pinfo, item, &ei_probe, "%s was tried, and ICMP says that it is unreachable: %s.", port,
                               reason);
    }
}

static void add_scanned(packet_info *pinfo, proto_item *item, const lore_session_t *session, bool is_answered)
{
    const char *port = lore_expert_port(pinfo, &session->record);
    const char *name = lore_attempt_scan_name(session->scan);
    const char *answer = is_answered ? "was answered by RST" : "was not answered in this capture";

    if (session->scan == LORE_SCAN_ACK) {
        expert_add_info_format(pinfo, item, &ei_probe,
                               "%s was probed: an ACK without a connection in this capture %s. This is a scan, or the "
                               "rest of a connection from before.",
                               port, answer);
    } else {
        expert_add_info_format(pinfo, item, &ei_probe,
                               "%s was probed: a %s segment, which belongs to no connection, %s.", port, name, answer);
    }
}

/* What the first packet says when all of the file is known, and nothing has answered. */
static void add_silence(packet_info *pinfo, proto_item *item, const lore_session_t *session)
{
    if (session->is_stopped || session->service_answered) {
        return;
    }
    if (session->syn_first) {
        expert_add_info_format(pinfo, item, &ei_probe, "%s was tried, and nothing answers in this capture.%s",
                               lore_expert_port(pinfo, &session->record), write_other_tenant(pinfo, &session->record));
    } else if (session->scan != LORE_SCAN_NONE && session->scan != LORE_SCAN_ACK) {
        add_scanned(pinfo, item, session, false);
    }
}

/* Nothing stays of an attempt in vain when the same ports are answered later: in the file, or by time where the file
 * has one direction behind the other. */
static bool is_taken_back(const lore_note_t *note)
{
    const lore_ends_t *ends = note->session->ends;

    return frame_store_is_whole() && ends->is_answered &&
           (ends->last_answer >= note->when || nstime_cmp(&ends->answer_time, &note->time) >= 0);
}

static void add_probe(packet_info *pinfo, proto_item *item, const lore_note_t *note)
{
    const lore_session_t *session = note->session;

    if (session->certainty == SERVICE_GUESSED && session->scan != LORE_SCAN_ACK) {
        return;
    }
    if (is_taken_back(note) || ((note->news & LORE_NEWS_SCANNED) && session->scan == LORE_SCAN_NONE)) {
        return;
    }
    if (note->news & LORE_NEWS_STOPPED) {
        add_stopped(pinfo, item, note);
    } else if (note->news & LORE_NEWS_SCANNED) {
        add_scanned(pinfo, item, session, true);
    } else if (note->news & LORE_NEWS_REPEATED) {
        expert_add_info_format(pinfo, item, &ei_probe, "%s is tried again: nothing has answered yet.",
                               lore_expert_port(pinfo, &session->record));
    } else if ((note->news & LORE_NEWS_FIRST) && frame_store_is_whole()) {
        add_silence(pinfo, item, session);
    }
}

/* }}} */

void lore_expert_add(packet_info *pinfo, proto_item *item, const lore_note_t *note)
{
    const lore_session_t *session = note->session;

    if (note->news & LORE_NEWS_FIRST) {
        add_status(pinfo, item, session);
        add_unauthorized_use(pinfo, item, session);
    }
    if (note->port != session->record.port) {
        return; /* a later packet has shown that the other end is the service */
    }
    if ((note->news & LORE_NEWS_UNEXPECTED) && !lore_session_may_be_announced(session)) {
        add_unexpected(pinfo, item, &session->record, lore_session_seen(session, note->seen));
    }
    if (note->news & LORE_NEWS_SUSTAINED) {
        add_sustained(pinfo, item, note);
    }
    add_probe(pinfo, item, note);
}
