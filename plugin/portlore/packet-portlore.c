/* packet-portlore.c
 * Port Lore, a postdissector: says on the packet what the port is on paper and in practice, and whether what is on it
 * belongs there. A packet that it has nothing to say on stays as it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "packet-portlore.h"

#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/tap.h>

#include "base/frame_store.h"
#include "base/observers.h"
#include "lore_expert.h"
#include "lore_ftp.h"
#include "lore_late.h"
#include "lore_mysql.h"
#include "lore_payload.h"
#include "lore_session.h"
#include "lore_stats.h"
#include "lore_stats_ports.h"
#include "lore_tree.h"
#include "port_records.h"

static int proto_portlore = -1;
static int portlore_tap = -1; /* packets of the ports that are annotated */
static int ports_tap = -1;    /* those of every port */
static dissector_handle_t portlore_handle;

enum { ANNOTATE_FIRST, ANNOTATE_EVERY };
static int annotate = ANNOTATE_FIRST;
static unsigned sustained_packets = 20;

/* {{{ Notes */

/* Takes the packet in, and keeps what later passes need. */
static lore_note_t *take_note(packet_info *pinfo, const lore_payload_t *evidence, lore_note_t *note)
{
    if (!lore_session_learn(pinfo, evidence, sustained_packets, note)) {
        return NULL;
    }
    note->is_drawn = note->session->record.is_annotated &&
                     (note->news != 0 || (annotate == ANNOTATE_EVERY && !evidence->ends.is_quoted));
    note->full = annotate == ANNOTATE_EVERY || (note->news & LORE_NEWS_FIRST) ||
                 ((note->news & LORE_NEWS_SEEN) && note->session->num_seen == 1);
    /* Later passes see the same, but for what was named by what came before it. */
    if (note->is_drawn || note->seen != evidence->seen) {
        lore_note_t *kept = wmem_new(wmem_file_scope(), lore_note_t);
        *kept = *note;
        frame_store_put_late(pinfo, proto_portlore, kept);
        return kept;
    }
    return note;
}

/* What there is to know of the packet: that of the first pass, or what it has by itself. NULL when that is nothing. */
static lore_note_t *find_note(packet_info *pinfo, const lore_payload_t *evidence, lore_note_t *note)
{
    lore_note_t *kept = frame_store_next(pinfo, proto_portlore);

    if (kept != NULL) {
        return kept;
    }
    *note = (lore_note_t){ .session = lore_session_find(pinfo, evidence),
                           .has_payload = evidence->has_payload,
                           .seen = evidence->seen };
    return note->session != NULL ? note : NULL;
}

/* }}} */
/* {{{ The tap */

/* True for the first packet of the conversation that has a row. */
static bool is_first(const packet_info *pinfo, lore_session_t *session)
{
    if (session->first != NULL && frame_record_is_shown(session->first)) {
        return pinfo->num == frame_record_number(session->first);
    }
    if (session->first_row == 0 || pinfo->num < session->first_row) {
        session->first_row = pinfo->num;
    }
    return pinfo->num == session->first_row;
}

static bool has_listener(void)
{
    return have_tap_listener(portlore_tap) || have_tap_listener(ports_tap);
}

static void tap(packet_info *pinfo, const lore_note_t *note)
{
    port_tap_t *data = wmem_new0(pinfo->pool, port_tap_t);

    data->session = note->session;
    data->first = is_first(pinfo, note->session);
    data->seen = lore_session_seen(note->session, note->seen);
    data->match = lore_session_match(note->session, note->has_payload, data->seen);
    tap_queue_packet(ports_tap, pinfo, data);
    if (note->session->record.is_annotated) {
        tap_queue_packet(portlore_tap, pinfo, data);
    }
}

/* }}} */

static bool is_either_of_interest(transport_t transport, uint32_t one, uint32_t other)
{
    return port_records_weight(transport, (uint16_t)one) != PORT_WEIGHT_NONE ||
           port_records_weight(transport, (uint16_t)other) != PORT_WEIGHT_NONE;
}

static bool is_of_interest(const packet_info *pinfo)
{
    return (pinfo->ptype == PT_TCP || pinfo->ptype == PT_UDP) &&
           is_either_of_interest(pinfo->ptype == PT_TCP ? TRANSPORT_TCP : TRANSPORT_UDP, pinfo->srcport,
                                 pinfo->destport);
}

/* On the first pass, when neither a tree nor a report wants the packet itself: true for a datagram of a conversation of
 * which all is known. */
static bool goes_on(packet_info *pinfo)
{
    return pinfo->ptype == PT_UDP && !PINFO_FD_VISITED(pinfo) && annotate == ANNOTATE_FIRST && !has_listener() &&
           lore_session_continue(pinfo, lore_payload_seen_on_udp(pinfo));
}

/* The ends of the packet, or of what it quotes, are read only when one of its ports is of interest. */
static bool read_interesting_ends(tvbuff_t *tvb, packet_info *pinfo, bool is_icmp, packet_ends_t *ends)
{
    if (is_icmp) {
        return packet_ends_read(tvb, pinfo, true, ends) &&
               is_either_of_interest(ends->header.transport, ends->header.source_port, ends->header.destination_port);
    }
    return is_of_interest(pinfo) && !goes_on(pinfo) && packet_ends_read(tvb, pinfo, false, ends);
}

/* True when the packet is to be learnt from: on the first pass, or later where its conversation was of no interest on
 * that. */
static bool is_new(packet_info *pinfo, const lore_payload_t *evidence, bool is_late)
{
    if (!PINFO_FD_VISITED(pinfo)) {
        return true;
    }
    return is_late && lore_session_is_open(lore_session_find(pinfo, evidence));
}

static void observe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_icmp)
{
    lore_payload_t evidence;
    lore_note_t fresh;
    const bool is_late = lore_late_is_due(pinfo, tree);

    if (!PINFO_FD_VISITED(pinfo)) {
        lore_ftp_take(tvb, pinfo);
    }
    if (!read_interesting_ends(tvb, pinfo, is_icmp, &evidence.ends) || !lore_payload_collect(tvb, pinfo, &evidence)) {
        return;
    }
    const lore_note_t *note =
        is_new(pinfo, &evidence, is_late) ? take_note(pinfo, &evidence, &fresh) : find_note(pinfo, &evidence, &fresh);
    if (note == NULL || note->session->record.weight == PORT_WEIGHT_NONE) {
        return;
    }
    if (!evidence.ends.is_quoted && has_listener()) {
        tap(pinfo, note);
    }
    if (note->is_drawn) {
        call_dissector_only(portlore_handle, tvb, pinfo, tree, (void *)note);
    }
}

static int dissect_portlore(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const lore_note_t *note = data;

    lore_expert_add(pinfo, lore_tree_add(tvb, pinfo, tree, note), note);
    return (int)tvb_captured_length(tvb);
}

static void register_preferences(void)
{
    static const enum_val_t annotate_choices[] = {
        { "first", "The first packet of each conversation", ANNOTATE_FIRST },
        { "every", "Every packet", ANNOTATE_EVERY },
        { NULL, NULL, 0 },
    };
    module_t *module = prefs_register_protocol(proto_portlore, port_records_apply);

    prefs_register_enum_preference(module, "annotate", "Annotate",
                                   "Which packets get the full record. In any case a packet is annotated when it "
                                   "brings something new.",
                                   &annotate, annotate_choices, FALSE);
    prefs_register_uint_preference(module, "sustained_packets", "Lasting traffic from (packets)",
                                   "Number of packets with payload on a dormant port, from either side, from which it "
                                   "is remarkable",
                                   10, &sustained_packets);
    lore_mysql_register(module);
    port_records_register(module);
}

void proto_register_portlore(void)
{
    if (proto_get_id_by_filter_name("portlore") != -1) {
        ws_warning("Port Lore is off: this Wireshark has a protocol named portlore already.");
        return;
    }
    proto_portlore = proto_register_protocol("Port Lore", "Port Lore", "portlore");
    lore_tree_register(proto_portlore);
    lore_expert_register(proto_portlore);
    register_preferences();
    lore_session_init();
    lore_ftp_init();
    lore_late_init();
    portlore_tap = lore_stats_register();
    ports_tap = lore_stats_ports_register();
    portlore_handle = create_dissector_handle(dissect_portlore, proto_portlore);
    observers_add(proto_portlore, observe);
}

void proto_reg_handoff_portlore(void)
{
    if (proto_portlore == -1) {
        return;
    }
    lore_payload_start();
    lore_mysql_start(proto_portlore);
    lore_stats_start();
}
