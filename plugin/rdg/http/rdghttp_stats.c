/* rdghttp_stats.c
 * Reports about the RD Gateway's main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_stats.h"

#include <epan/proto_data.h>
#include <epan/stat_tap_ui.h>
#include <epan/strutil.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include <stdlib.h>
#include <string.h>

#include "base/stat_reports.h"
#include "base/tree_util.h"
#include "rdg/rdg_names.h"
#include "rdghttp_names.h"
#include "rdghttp_outcome.h"
#include "rdghttp_setup.h"

static int rdghttp_tap = -1;
static int tap_owner = -1;

/* {{{ What the reports get */

/* The entry of the frame and the session. NULL when no report listens. A frame may have more packets than Wireshark has
 * room for in a tap's queue, so that one entry counts all of them. */
static rdghttp_tap_t *get_entry(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note)
{
    if (!have_tap_listener(rdghttp_tap)) {
        return NULL;
    }
    rdghttp_tap_t *entry = p_get_proto_data(pinfo->pool, pinfo, tap_owner, session->trunk.number);
    if (entry == NULL) {
        entry = wmem_new0(pinfo->pool, rdghttp_tap_t);
        entry->session = session;
        entry->when = pinfo->rel_ts;
        p_add_proto_data(pinfo->pool, pinfo, tap_owner, session->trunk.number, entry);
        tap_queue_packet(rdghttp_tap, pinfo, entry);
    }
    if (note != NULL) {
        entry->frame = note->frame;
    }
    return entry;
}

static rdghttp_tap_unit_t *add_unit(packet_info *pinfo, rdghttp_tap_t *entry, const rdghttp_note_t *note)
{
    rdghttp_tap_unit_t *unit = wmem_new0(pinfo->pool, rdghttp_tap_unit_t);

    unit->note = note;
    unit->next = entry->units;
    entry->units = unit;
    return unit;
}

void rdghttp_stats_add_head(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note,
                            const rdghttp_head_t *head)
{
    rdghttp_tap_t *entry = get_entry(pinfo, session, note);

    if (entry != NULL && head != NULL) {
        rdghttp_tap_unit_t *unit = add_unit(pinfo, entry, note);
        unit->method = head->method;
        unit->status = head->status;
    }
}

void rdghttp_stats_add_packet(packet_info *pinfo, const rdghttp_session_t *session, const rdghttp_note_t *note,
                              const rdghttp_pdu_t *pdu, bool from_gateway)
{
    rdghttp_tap_t *entry = get_entry(pinfo, session, note);
    const rdghttp_part_t *data = rdghttp_pdu_find(pdu, RDGHTTP_DATA_OCTETS);

    if (entry == NULL) {
        return;
    }
    const rdghttp_part_t *code = rdghttp_pdu_find(pdu, RDGHTTP_CODE);
    rdghttp_tap_unit_t *unit = add_unit(pinfo, entry, note);
    unit->type = pdu->type;
    unit->code = code != NULL ? (uint32_t)code->value : 0;
    if (data != NULL) {
        entry->octets[from_gateway] += data->length;
    }
}

/* }}} */
/* {{{ The table of sessions */

/* Wireshark draws the sort arrow over the first title after it has made the column as wide as its cells: so the first
 * column is one with long cells. */
enum {
    COLUMN_CLIENT,
    COLUMN_GATEWAY,
    COLUMN_SESSION,
    COLUMN_CORRELATION_ID,
    COLUMN_TRANSPORT,
    COLUMN_USER,
    COLUMN_TARGET,
    COLUMN_TARGET_PORT,
    COLUMN_AUTH,
    COLUMN_UDP_OFFERED,
    COLUMN_VERDICT,
    COLUMN_WHY,
    COLUMN_CHANNELS,
    COLUMN_MACHINE,
    COLUMN_BUILD,
    COLUMN_TUNNEL,
    COLUMN_CLIENT_CAPS,
    COLUMN_GATEWAY_CAPS,
    COLUMN_REDIRECTION,
    COLUMN_IDLE_TIMEOUT,
    COLUMN_FIRST,
    COLUMN_LAST,
    COLUMN_END,
    COLUMN_ENDED_BY,
    COLUMN_ENDED_WITH,
    COLUMN_PACKETS,
    COLUMN_OCTETS_UP,
    COLUMN_OCTETS_DOWN,
    NUM_COLUMNS
};

static stat_tap_table_item columns[NUM_COLUMNS] = {
    [COLUMN_CLIENT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client", "%s" },
    [COLUMN_GATEWAY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Gateway", "%s" },
    [COLUMN_SESSION] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Session", "%u" },
    [COLUMN_CORRELATION_ID] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Correlation id", "%s" },
    [COLUMN_TRANSPORT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Transport", "%s" },
    [COLUMN_USER] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "User", "%s" },
    [COLUMN_TARGET] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Target", "%s" },
    [COLUMN_TARGET_PORT] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Target port", "%s" },
    [COLUMN_AUTH] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Authentication", "%s" },
    [COLUMN_UDP_OFFERED] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "UDP offered", "%s" },
    [COLUMN_VERDICT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict on UDP", "%s" },
    [COLUMN_WHY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Why", "%s" },
    [COLUMN_CHANNELS] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "UDP channels", "%s" },
    [COLUMN_MACHINE] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Machine", "%s" },
    [COLUMN_BUILD] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client build", "%s" },
    [COLUMN_TUNNEL] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Tunnel id", "%s" },
    [COLUMN_CLIENT_CAPS] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Client announces", "%s" },
    [COLUMN_GATEWAY_CAPS] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Gateway announces", "%s" },
    [COLUMN_REDIRECTION] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Redirection", "%s" },
    [COLUMN_IDLE_TIMEOUT] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Idle time-out", "%s" },
    [COLUMN_FIRST] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "First", "%s" },
    [COLUMN_LAST] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "Last", "%s" },
    [COLUMN_END] = { TABLE_ITEM_STRING, TAP_ALIGN_RIGHT, "End", "%s" },
    [COLUMN_ENDED_BY] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Ended by", "%s" },
    [COLUMN_ENDED_WITH] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Ended with", "%s" },
    [COLUMN_PACKETS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Packets", "%u" },
    [COLUMN_OCTETS_UP] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Octets up", "%u" },
    [COLUMN_OCTETS_DOWN] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Octets down", "%u" },
};

/* Names are the peers' own: no control character of theirs gets into the table. The text is one of unsigned octets
 * in 4.0. */
static const char *write_text(wmem_allocator_t *scope, const char *text)
{
    const void *octets = text;

    return text != NULL ? format_text(scope, octets, strlen(text)) : "";
}

/* "0x3f: UDP, consent": the number, and the names of its bits. Empty when the number is not known. */
static const char *write_bits(wmem_allocator_t *scope, const rdghttp_number_t *number, const value_string *names)
{
    if (!number->is_there) {
        return "";
    }
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");
    wmem_strbuf_append_printf(text, "0x%02x", number->value);
    const char *before = ": ";
    for (const value_string *name = names; name->strptr != NULL; name++) {
        if (number->value & name->value) {
            wmem_strbuf_append_printf(text, "%s%s", before, name->strptr);
            before = ", ";
        }
    }
    return wmem_strbuf_get_str(text);
}

static const char *write_idle_timeout(wmem_allocator_t *scope, const rdghttp_number_t *minutes)
{
    if (!minutes->is_there) {
        return "";
    }
    return minutes->value != 0 ? wmem_strdup_printf(scope, "%u min", minutes->value) : "none";
}

static const char *write_offer(wmem_allocator_t *scope, const rdghttp_story_t *story)
{
    if (story->has_offer) {
        return wmem_strdup_printf(scope, "port %u", story->udp_port);
    }
    return story->has_channel ? "no" : "";
}

static const char *write_verdict(const rdghttp_result_t *result)
{
    return result->verdict != RDGHTTP_UDP_UNKNOWN ? val_to_str_const(result->verdict, rdghttp_names_verdicts, "") : "";
}

/* What became of each of the session's channels. */
static const char *write_channels(wmem_allocator_t *scope, const rdghttp_session_t *session)
{
    wmem_strbuf_t *text = wmem_strbuf_new(scope, "");

    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        for (const rdg_link_t *link = one->offer->links; link != NULL; link = link->next_of_offer) {
            rdg_link_facts_t facts = rdg_link_describe(link);
            rdghttp_result_t result = rdghttp_outcome_of_channel(session, link);
            wmem_strbuf_append_printf(text, "%s%u%s: %s", wmem_strbuf_get_len(text) > 0 ? "; " : "", facts.channel,
                                      !facts.lossy_known ? ""
                                      : facts.lossy      ? " lossy"
                                                         : " reliable",
                                      result.verdict != RDGHTTP_UDP_OFFERED
                                          ? val_to_str_const(result.verdict, rdghttp_names_verdicts, "")
                                          : facts.state_name);
        }
    }
    return wmem_strbuf_get_str(text);
}

/* What a report keeps of when sessions end. */
typedef struct {
    GHashTable *times; /* of frames that may be the end of their session: text, as in the row */
    nstime_t zero;     /* the time from which the report's times count */
} ends_t;

static void free_ends(void *ends)
{
    g_hash_table_destroy(((ends_t *)ends)->times);
    g_free(ends);
}

/* The frame with which the session ended, as far as the packets so far show; NULL when they show none. A refusal at
 * HTTP may be a proxy's, so that it names no end. */
static const frame_record_t *end_of(const rdghttp_session_t *session)
{
    if (session->story.end != NULL) {
        return session->story.end;
    }
    return rdghttp_setup_is_refused(session) ? session->refusal->frame : NULL;
}

static const char *write_ended_with(wmem_allocator_t *scope, const rdghttp_session_t *session)
{
    const rdghttp_story_t *story = &session->story;

    if (story->end == NULL) {
        return rdghttp_setup_is_refused(session) ? write_text(scope, story->refusal) : "";
    }
    return story->has_code ? wmem_strdup_printf(scope, "%s (0x%08x)", rdg_names_result(story->code), story->code) : "";
}

/* The session has no packet that ends it: its connection does, by what its end is that closes it first. */
static void fill_end_of_connection(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdghttp_conn_t *conn,
                                   const ends_t *ends)
{
    nstime_t when;

    if (ends != NULL) {
        nstime_delta(&when, &conn->ended, &ends->zero);
        stat_reports_set_text(row, COLUMN_END, stat_reports_write_time(scope, &when));
    }
    stat_reports_set_text(row, COLUMN_ENDED_BY, conn->tcp.ended_by_gateway ? "gateway's end" : "client's end");
    stat_reports_set_text(row, COLUMN_ENDED_WITH, rdghttp_setup_write_end(scope, &conn->tcp));
}

static void fill_end(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdghttp_session_t *session,
                     const ends_t *ends)
{
    static const char *const names[] = {
        [RDGHTTP_ENDED_BY_NONE] = "", [RDGHTTP_ENDED_BY_CLIENT] = "client", [RDGHTTP_ENDED_BY_GATEWAY] = "gateway"
    };
    const rdghttp_story_t *story = &session->story;
    const frame_record_t *frame = end_of(session);
    const rdghttp_conn_t *conn = frame == NULL ? rdghttp_setup_find_end(session) : NULL;
    const char *when = frame != NULL && ends != NULL ? g_hash_table_lookup(ends->times, frame) : NULL;

    if (conn != NULL) {
        fill_end_of_connection(row, scope, conn, ends);
        return;
    }
    stat_reports_set_text(row, COLUMN_END, when != NULL ? when : "");
    stat_reports_set_text(row, COLUMN_ENDED_BY, story->end != NULL ? names[story->ended_by] : "");
    stat_reports_set_text(row, COLUMN_ENDED_WITH, write_ended_with(scope, session));
}

/* Who asks from where, and what the gateway lays down. */
static void fill_terms(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdghttp_story_t *story)
{
    stat_reports_set_text(row, COLUMN_MACHINE, write_text(scope, story->machine));
    stat_reports_set_text(row, COLUMN_BUILD, write_text(scope, story->build));
    stat_reports_set_text(row, COLUMN_TUNNEL,
                          story->tunnel_id.is_there ? wmem_strdup_printf(scope, "%u", story->tunnel_id.value) : "");
    stat_reports_set_text(row, COLUMN_CLIENT_CAPS, write_bits(scope, &story->caps[0], rdghttp_names_caps));
    stat_reports_set_text(row, COLUMN_GATEWAY_CAPS, write_bits(scope, &story->caps[1], rdghttp_names_caps));
    stat_reports_set_text(row, COLUMN_REDIRECTION, write_bits(scope, &story->redirection, rdghttp_names_redirections));
    stat_reports_set_text(row, COLUMN_IDLE_TIMEOUT, write_idle_timeout(scope, &story->idle_timeout));
}

/* Which gateway is behind the proxy, as the client names it. */
static const char *write_proxy(wmem_allocator_t *scope, const rdghttp_session_t *session)
{
    if (!session->trunk.is_by_proxy) {
        return "";
    }
    return session->proxy_target != NULL
               ? wmem_strdup_printf(scope, " (a proxy, to %s)", write_text(scope, session->proxy_target))
               : " (a proxy)";
}

static void fill_row(stat_tap_table_item_type *row, wmem_allocator_t *scope, const rdghttp_session_t *session)
{
    const rdghttp_story_t *story = &session->story;
    rdghttp_result_t result = rdghttp_outcome_judge(session, true);

    stat_reports_set_text(row, COLUMN_CLIENT,
                          tree_util_end_to_str(scope, &session->trunk.client, session->client_port));
    stat_reports_set_text(
        row, COLUMN_GATEWAY,
        wmem_strconcat(scope, tree_util_end_to_str(scope, &session->trunk.gateway, session->trunk.gateway_port),
                       write_proxy(scope, session), NULL));
    stat_reports_set_text(row, COLUMN_CORRELATION_ID,
                          story->has_correlation_id ? guid_to_str(scope, &story->correlation_id) : "");
    stat_reports_set_text(row, COLUMN_TRANSPORT, val_to_str_const(session->transport, rdghttp_names_transports, ""));
    stat_reports_set_text(row, COLUMN_USER, write_text(scope, story->user));
    stat_reports_set_text(row, COLUMN_TARGET, write_text(scope, story->target));
    stat_reports_set_text(row, COLUMN_TARGET_PORT,
                          story->target_port != 0 ? wmem_strdup_printf(scope, "%u", story->target_port) : "");
    stat_reports_set_text(row, COLUMN_AUTH, val_to_str_const(story->auth, rdghttp_names_auth, ""));
    fill_terms(row, scope, story);
    stat_reports_set_text(row, COLUMN_UDP_OFFERED, write_offer(scope, story));
    stat_reports_set_text(row, COLUMN_VERDICT, write_verdict(&result));
    stat_reports_set_text(row, COLUMN_WHY, rdghttp_outcome_write(scope, session, &result));
    stat_reports_set_text(row, COLUMN_CHANNELS, write_channels(scope, session));
}

static int compare_rows(const void *one, const void *other)
{
    const stat_tap_table_item_type *const *a = one;
    const stat_tap_table_item_type *const *b = other;
    unsigned left = (*a)[COLUMN_SESSION].value.uint_value;
    unsigned right = (*b)[COLUMN_SESSION].value.uint_value;

    return left < right ? -1 : left > right;
}

/* All but the counts and times is written when the report is drawn: later packets say more of a session. */
static void draw_report(stat_report_t *report)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);

    for (unsigned i = 0; i < report->table->num_elements; i++) {
        stat_tap_table_item_type *row = report->table->elements[i];
        const rdghttp_session_t *session = rdghttp_session_of_number(row[COLUMN_SESSION].value.uint_value);
        if (session != NULL) {
            fill_row(row, scope, session);
            fill_end(row, scope, session, report->own);
        }
    }
    wmem_destroy_allocator(scope);
    qsort(report->table->elements, report->table->num_elements, sizeof report->table->elements[0], compare_rows);
}

/* A cell has room for 32 bits. */
static void count_octets(stat_tap_table_item_type *row, unsigned column, uint64_t octets)
{
    uint64_t sum = row[column].value.uint_value + octets;

    row[column].value.uint_value = sum < UINT32_MAX ? (unsigned)sum : UINT32_MAX;
}

/* The time of a frame with which the session ends, as far as is known by now: a later end has a frame of its own, and a
 * later packet shows whether HTTP refuses. */
static void keep_end(stat_report_t *report, const packet_info *pinfo, const rdghttp_tap_t *tap, const char *when)
{
    const rdghttp_note_t *refusal = tap->session->refusal;
    ends_t *ends = report->own;

    if (ends == NULL) {
        ends = g_new0(ends_t, 1);
        ends->times = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
        report->own = ends;
        report->free_own = free_ends;
    }
    nstime_delta(&ends->zero, &pinfo->abs_ts, &tap->when);
    if (tap->frame != NULL &&
        (tap->frame == tap->session->story.end || (refusal != NULL && tap->frame == refusal->frame))) {
        g_hash_table_insert(ends->times, (void *)tap->frame, g_strdup(when));
    }
}

static unsigned count_packets(const rdghttp_tap_t *tap)
{
    unsigned count = 0;

    for (const rdghttp_tap_unit_t *unit = tap->units; unit != NULL; unit = unit->next) {
        count += unit->method == RDGHTTP_NO_METHOD && unit->status == 0;
    }
    return count;
}

static tap_packet_status list_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                     tap_flags_t flags _U_)
{
    stat_report_t *report = stat_reports_get_drawn(tapdata, "rdghttp", draw_report);
    const rdghttp_tap_t *tap = data;
    stat_tap_table_item_type *row = g_hash_table_lookup(report->rows, GUINT_TO_POINTER(tap->session->trunk.number));
    const char *when = stat_reports_write_time(pinfo->pool, &tap->when);

    if (row == NULL) {
        row = stat_reports_add_row(report, tap->session->trunk.number);
        row[COLUMN_SESSION].value.uint_value = tap->session->trunk.number;
        stat_reports_set_text(row, COLUMN_FIRST, when);
    }
    stat_reports_set_text(row, COLUMN_LAST, when);
    row[COLUMN_PACKETS].value.uint_value += count_packets(tap);
    count_octets(row, COLUMN_OCTETS_UP, tap->octets[0]);
    count_octets(row, COLUMN_OCTETS_DOWN, tap->octets[1]);
    keep_end(report, pinfo, tap, when);
    return TAP_PACKET_REDRAW;
}

static stat_tap_table_ui table_ui = {
    .title = WS_MENU_TITLE "RD Gateway Sessions",
    .tap_name = "rdghttp",
    .cli_string = "rdghttp,sessions",
    .packet_func = list_packet,
    .nfields = NUM_COLUMNS,
    .fields = columns,
};

void rdghttp_stats_register(void)
{
    tap_owner = frame_store_new_owner();
    rdghttp_tap = register_tap("rdghttp");
    stat_reports_register(&table_ui);
}

/* }}} */
