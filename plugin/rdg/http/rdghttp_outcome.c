/* rdghttp_outcome.c
 * What became of UDP in a session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_outcome.h"

#include <epan/dissectors/packet-udp.h>

#include "rdg/rdg_names.h"
#include "rdghttp_setup.h"

/* A datagram with CONNECT_PKT_RESP or DISC_PKT in DTLS is no longer: 20 octets, and 80 for any cipher suite's. */
#define LONGEST_ANSWER 100

/* A refusal, and the DISC_PKT behind it, are so many datagrams at most. */
#define MOST_ANSWERS 2

/* Both ends of a channel are silent when the session goes on for longer than RDPEUDP waits for a datagram, 65 s: an end
 * that has nothing to send keeps the channel alive more often. */
#define SILENCE (70 * RDG_SECOND)

/* The channel is closed with its session when that ends within this time. */
#define END_TOGETHER RDG_SECOND

/* {{{ A channel */

/* True when application data are more than an attempt to connect and its refusal. */
static bool is_used(const rdg_link_t *link, const rdg_link_facts_t *facts)
{
    if (facts->is_decrypted) {
        return link->payload[RDG_CLIENT] && link->payload[RDG_GATEWAY];
    }
    return link->data[RDG_CLIENT] > 0 &&
           (link->data[RDG_GATEWAY] > MOST_ANSWERS || link->longest[RDG_GATEWAY] > LONGEST_ANSWER);
}

static rdghttp_result_t say(rdghttp_verdict_t verdict, rdghttp_because_t because, const rdg_link_t *link)
{
    return (rdghttp_result_t){ .verdict = verdict, .because = because, .link = link };
}

static rdghttp_verdict_t in_use(const rdg_link_facts_t *facts)
{
    return facts->is_decrypted ? RDGHTTP_UDP_IN_USE : RDGHTTP_UDP_CARRIES;
}

static bool is_silent(const rdg_main_t *trunk, const rdg_link_facts_t *facts)
{
    int64_t last = MAX(facts->last[RDG_CLIENT], facts->last[RDG_GATEWAY]);

    return trunk->last_data[RDG_CLIENT] > last + SILENCE && trunk->last_data[RDG_GATEWAY] > last + SILENCE;
}

/* A channel that was used and is closed: with the session, or while that goes on. */
static rdghttp_result_t judge_closed(const rdg_main_t *trunk, const rdg_link_t *link, const rdg_link_facts_t *facts)
{
    int64_t closed = link->closed;
    int64_t up = trunk->last_data[RDG_CLIENT];
    int64_t down = trunk->last_data[RDG_GATEWAY];

    if (closed == RDG_NEVER) {
        return say(in_use(facts), RDGHTTP_BECAUSE_CLOSED, link);
    }
    if ((up > closed && down > closed) || up > closed + RDG_SECOND || down > closed + RDG_SECOND) {
        return say(RDGHTTP_UDP_CLOSED, RDGHTTP_BECAUSE_NONE, link);
    }
    if (trunk->ended != RDG_NEVER && trunk->ended - closed <= END_TOGETHER) {
        return say(RDGHTTP_UDP_TO_THE_END, RDGHTTP_BECAUSE_NONE, link);
    }
    return say(in_use(facts), RDGHTTP_BECAUSE_CLOSED, link);
}

static rdghttp_result_t judge_use(const rdg_main_t *trunk, const rdg_link_t *link, const rdg_link_facts_t *facts)
{
    bool has_both = facts->has_data[RDG_CLIENT] && facts->has_data[RDG_GATEWAY];

    if (!is_used(link, facts)) {
        if (facts->is_by_icmp) {
            return say(RDGHTTP_UDP_STOPPED, RDGHTTP_BECAUSE_NONE, link);
        }
        return say(RDGHTTP_UDP_OFFERED,
                   facts->state == RDG_LINK_CLOSED    ? RDGHTTP_BECAUSE_CLOSED_UNUSED
                   : has_both && !facts->is_decrypted ? RDGHTTP_BECAUSE_FEW
                                                      : RDGHTTP_BECAUSE_NO_DATA,
                   link);
    }
    if (facts->state == RDG_LINK_CLOSED) {
        return judge_closed(trunk, link, facts);
    }
    if (facts->state == RDG_LINK_DIED || (!link->is_over && is_silent(trunk, facts))) {
        return say(RDGHTTP_UDP_SILENT, RDGHTTP_BECAUSE_NONE, link);
    }
    if (link->is_over) {
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_BEGUN_ANEW, link);
    }
    return say(in_use(facts), RDGHTTP_BECAUSE_NONE, link);
}

rdghttp_result_t rdghttp_outcome_of_channel(const rdghttp_session_t *session, const rdg_link_t *link)
{
    rdg_link_facts_t facts = rdg_link_describe(link);

    if (link->tie == RDG_TIE_ID && rdg_offer_is_shared(link->offer, link->when)) {
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_UNTIED, link);
    }
    switch (facts.state) {
    case RDG_LINK_NO_ANSWER:
        return say(RDGHTTP_UDP_NO_ANSWER, RDGHTTP_BECAUSE_NONE, link);
    case RDG_LINK_STOPPED:
        return say(RDGHTTP_UDP_STOPPED, RDGHTTP_BECAUSE_NONE, link);
    case RDG_LINK_FAILED:
        return say(RDGHTTP_UDP_FAILED, RDGHTTP_BECAUSE_NONE, link);
    case RDG_LINK_REJECTED:
        return say(RDGHTTP_UDP_REJECTED, RDGHTTP_BECAUSE_NONE, link);
    case RDG_LINK_UP:
    case RDG_LINK_CLOSED:
    case RDG_LINK_DIED:
        return judge_use(&session->trunk, link, &facts);
    case RDG_LINK_HELLO:
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_HELLO, link);
    case RDG_LINK_HANDSHAKE:
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_HANDSHAKE, link);
    case RDG_LINK_STUCK:
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_STUCK, link);
    case RDG_LINK_NOT_CONNECTED:
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_NOT_CONNECTED, link);
    default:
        return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_NOT_OURS, link);
    }
}

/* }}} */
/* {{{ A session */

/* Of several channels the one with the lowest speaks for the session. What was answered and is not decided stands
 * before what says that there was no answer. */
static unsigned rank(const rdghttp_result_t *outcome)
{
    static const rdghttp_verdict_t order[] = { RDGHTTP_UDP_IN_USE,   RDGHTTP_UDP_CARRIES, RDGHTTP_UDP_TO_THE_END,
                                               RDGHTTP_UDP_CLOSED,   RDGHTTP_UDP_SILENT,  RDGHTTP_UDP_REJECTED,
                                               RDGHTTP_UDP_FAILED,   RDGHTTP_UDP_OFFERED, RDGHTTP_UDP_STOPPED,
                                               RDGHTTP_UDP_NO_ANSWER };
    unsigned at = 0;

    if (outcome->because == RDGHTTP_BECAUSE_HELLO || outcome->because == RDGHTTP_BECAUSE_NOT_OURS) {
        return array_length(order);
    }
    while (at < array_length(order) && order[at] != outcome->verdict) {
        at++;
    }
    return at;
}

static rdghttp_because_t why_unknown(const rdghttp_negotiation_t *negotiation)
{
    return negotiation->is_reauth                                    ? RDGHTTP_BECAUSE_REAUTH
           : !negotiation->client_known                              ? RDGHTTP_BECAUSE_NO_CREATE
           : !negotiation->gateway_known && negotiation->has_channel ? RDGHTTP_BECAUSE_NO_TUNNEL
                                                                     : RDGHTTP_BECAUSE_NO_RESPONSE;
}

/* What may be known before the gateway says that there is a channel. */
static bool is_before_channel(rdghttp_verdict_t verdict)
{
    return verdict == RDGHTTP_UDP_UNKNOWN || verdict == RDGHTTP_UDP_CLIENT_SILENT ||
           verdict == RDGHTTP_UDP_GATEWAY_SILENT;
}

/* True when channels to a port that the session was offered are known to be of other sessions. */
static bool have_links(const rdghttp_session_t *session)
{
    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        if (rdg_offer_port_has_links(one->offer)) {
            return true;
        }
    }
    return false;
}

/* No channel is known to be of the session. */
static rdghttp_result_t judge_unused(const rdghttp_session_t *session)
{
    const rdghttp_story_t *story = &session->story;
    const e_guid_t *id = story->has_correlation_id ? &story->correlation_id : NULL;

    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        if (one->offer->has_others) {
            return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_OTHERS, NULL);
        }
        if (rdg_link_may_be_another(one->offer, id)) {
            return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_UNTIED, NULL);
        }
        if (rdg_link_has_pieces(one->offer)) {
            return say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_PIECES, NULL);
        }
    }
    if (get_udp_stream_count() == 0) {
        return say(RDGHTTP_UDP_NO_UDP, RDGHTTP_BECAUSE_NONE, NULL);
    }
    return say(RDGHTTP_UDP_UNUSED, have_links(session) ? RDGHTTP_BECAUSE_OF_OTHERS : RDGHTTP_BECAUSE_NONE, NULL);
}

/* True when a channel that was taken for one of another session of the same correlation id may be of this one. */
static bool may_have_links(const rdghttp_session_t *session)
{
    const rdghttp_story_t *story = &session->story;

    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        if (story->has_correlation_id && rdg_offer_may_have_links(one->offer, &story->correlation_id)) {
            return true;
        }
    }
    return false;
}

static bool is_use(rdghttp_verdict_t verdict)
{
    return verdict == RDGHTTP_UDP_IN_USE || verdict == RDGHTTP_UDP_CARRIES || verdict == RDGHTTP_UDP_CLOSED ||
           verdict == RDGHTTP_UDP_SILENT || verdict == RDGHTTP_UDP_TO_THE_END;
}

static rdghttp_result_t judge_offers(const rdghttp_session_t *session, bool is_end)
{
    rdghttp_result_t best = { .verdict = RDGHTTP_UDP_OFFERED };
    unsigned count = 0;

    for (const rdghttp_offers_t *one = session->last_offer; one != NULL; one = one->earlier) {
        for (const rdg_link_t *link = one->offer->links; link != NULL; link = link->next_of_offer) {
            rdghttp_result_t outcome = rdghttp_outcome_of_channel(session, link);
            if (count++ == 0 || rank(&outcome) < rank(&best)) {
                best = outcome;
            }
        }
    }
    if (is_end && !is_use(best.verdict) && may_have_links(session)) {
        best = say(RDGHTTP_UDP_OFFERED, RDGHTTP_BECAUSE_UNTIED, NULL);
    } else if (count == 0 && is_end) {
        best = judge_unused(session);
    }
    best.num_links = count;
    return best;
}

/* What is known of the session's latest tunnel or channel is NOW. UDP that an earlier one used speaks for the session
 * all the same. */
static rdghttp_result_t prefer_earlier(const rdghttp_session_t *session, rdghttp_result_t now)
{
    if (session->last_offer != NULL) {
        rdghttp_result_t earlier = judge_offers(session, true);
        if (is_use(earlier.verdict)) {
            return earlier;
        }
    }
    return now;
}

rdghttp_result_t rdghttp_outcome_of_offers(const rdghttp_session_t *session)
{
    return judge_offers(session, true);
}

rdghttp_result_t rdghttp_outcome_judge(const rdghttp_session_t *session, bool is_end)
{
    rdghttp_result_t best = { .verdict = session->negotiation.verdict };

    if (is_end && is_before_channel(best.verdict) && rdghttp_setup_has_stopped(session)) {
        best.verdict = RDGHTTP_UDP_STALLED;
        return best;
    }
    if (best.verdict == RDGHTTP_UDP_UNKNOWN) {
        if (is_end && rdghttp_setup_is_refused(session)) {
            best.verdict = RDGHTTP_UDP_REFUSED_HTTP;
        } else {
            best.because = why_unknown(&session->negotiation);
        }
        return is_end ? prefer_earlier(session, best) : best;
    }
    if (best.verdict == RDGHTTP_UDP_OFFERED) {
        return judge_offers(session, is_end);
    }
    return is_end ? prefer_earlier(session, best) : best;
}

bool rdghttp_outcome_is_stall(const rdghttp_note_t *note)
{
    return note != NULL && note->session->step.note == note && frame_store_is_whole() &&
           rdghttp_outcome_judge(note->session, true).verdict == RDGHTTP_UDP_STALLED;
}

void rdghttp_outcome_keep(rdghttp_note_t *note, const packet_info *pinfo)
{
    if (note != NULL && !PINFO_FD_VISITED(pinfo)) {
        note->verdict = rdghttp_outcome_judge(note->session, false).verdict;
    }
}

/* }}} */
/* {{{ In words */

static const char *write_because(wmem_allocator_t *scope, const rdghttp_result_t *outcome)
{
    unsigned channel = outcome->link != NULL ? rdg_link_describe(outcome->link).channel : 0;

    switch (outcome->because) {
    case RDGHTTP_BECAUSE_NO_CREATE:
        return "the capture has no whole TUNNEL_CREATE of the session, or cannot decrypt it";
    case RDGHTTP_BECAUSE_NO_TUNNEL:
        return "the capture has no TUNNEL_RESPONSE that names the gateway's capabilities";
    case RDGHTTP_BECAUSE_REAUTH:
        return "the tunnel only authenticates another session anew";
    case RDGHTTP_BECAUSE_NO_RESPONSE:
        return "the capture has no whole CHANNEL_RESPONSE of the session, or cannot decrypt it";
    case RDGHTTP_BECAUSE_OTHERS:
        return "datagrams went to that port that are not known to be a channel's, or an ICMP error quotes one";
    case RDGHTTP_BECAUSE_PIECES:
        return "IP fragments of UDP went to the gateway, and the capture lacks the rest of their datagrams";
    case RDGHTTP_BECAUSE_UNTIED:
        return "a UDP channel of this client, or to this port, may be of this session or of another one";
    case RDGHTTP_BECAUSE_HELLO:
        return wmem_strdup_printf(scope, "the ClientHello of UDP channel %u has no answer so far, and was not repeated",
                                  channel);
    case RDGHTTP_BECAUSE_HANDSHAKE:
        return wmem_strdup_printf(scope, "the handshake of UDP channel %u does not end in this capture", channel);
    case RDGHTTP_BECAUSE_STUCK:
        return wmem_strdup_printf(scope, "UDP channel %u is stuck in the handshake, with no alert: see its verdict",
                                  channel);
    case RDGHTTP_BECAUSE_NO_DATA:
        return wmem_strdup_printf(scope, "UDP channel %u is secured, and data do not go both ways in this capture",
                                  channel);
    case RDGHTTP_BECAUSE_NOT_CONNECTED:
        return wmem_strdup_printf(scope, "the gateway does not answer CONNECT_PKT on UDP channel %u: see its event log",
                                  channel);
    case RDGHTTP_BECAUSE_FEW:
        return wmem_strdup_printf(scope,
                                  "the few short datagrams of the gateway on UDP channel %u may as well refuse it: "
                                  "the keys of its DTLS would tell",
                                  channel);
    case RDGHTTP_BECAUSE_CLOSED_UNUSED:
        return wmem_strdup_printf(scope, "UDP channel %u was closed before it was seen in use", channel);
    case RDGHTTP_BECAUSE_BEGUN_ANEW:
        return wmem_strdup_printf(scope,
                                  "the client uses UDP channel %u, and then begins it anew: the capture does not show "
                                  "why",
                                  channel);
    case RDGHTTP_BECAUSE_NOT_OURS:
        return wmem_strdup_printf(scope, "what UDP channel %u carries is not known to be a gateway's channel", channel);
    default:
        return "the capture does not go on";
    }
}

static const char *write_stop(wmem_allocator_t *scope, const rdg_link_facts_t *facts)
{
    switch (facts->stop) {
    case RDG_STOP_NO_LISTENER:
        return "the gateway says that nothing listens there: enable UDP in its properties";
    case RDG_STOP_MTU:
        return wmem_strdup_printf(scope, "%s says that the datagrams are too long for the path: a smaller MTU",
                                  facts->stopped_by);
    case RDG_STOP_FILTERED:
        return wmem_strdup_printf(scope, "%s does not let it through: a firewall's rule there", facts->stopped_by);
    default:
        return wmem_strdup_printf(scope, "%s has no way to the gateway: the routes there", facts->stopped_by);
    }
}

static const char *write_silence(wmem_allocator_t *scope, const rdg_link_facts_t *facts)
{
    int64_t up = facts->last[RDG_CLIENT];
    int64_t down = facts->last[RDG_GATEWAY];
    double between = (double)(up > down ? up - down : down - up) / (double)RDG_SECOND;

    if (up == RDG_NEVER || down == RDG_NEVER) {
        between = 0;
    }
    return wmem_strdup_printf(scope, "the last datagram of the %s is %.1f s older than the last one of the %s",
                              up > down ? "gateway" : "client", between, up > down ? "client" : "gateway");
}

/* With what DISC_PKT closed a channel; empty when that was not read. */
static const char *write_reason(wmem_allocator_t *scope, const rdg_link_facts_t *facts)
{
    return facts->has_reason ? wmem_strdup_printf(scope, " with the reason %s (0x%08x)",
                                                  rdg_names_result(facts->reason), facts->reason)
                             : "";
}

/* What the target has to do with it that UDP was not tried: MS-RDPBCGR section 2.2.1.3 has the client's wish for UDP
 * among the extended client data. */
static const char *write_target(const rdghttp_session_t *session)
{
    switch (session->confirm) {
    case RDGHTTP_CONFIRM_PLAIN:
        return " The target's X.224 answer does not support extended client data, so that the client cannot ask for "
               "UDP: see the target.";
    case RDGHTTP_CONFIRM_EXTENDED:
        return " The target's X.224 answer does not rule UDP out.";
    default:
        return "";
    }
}

/* What a verdict says that rests on a channel. */
static const char *write_channel(wmem_allocator_t *scope, const rdghttp_result_t *outcome, unsigned port)
{
    const rdg_link_t *link = outcome->link;
    rdg_link_facts_t facts = rdg_link_describe(link);

    switch (outcome->verdict) {
    case RDGHTTP_UDP_NO_ANSWER:
        if (facts.answer_from != NULL) {
            return wmem_strdup_printf(scope,
                                      "UDP port %u was offered and tried, and the answer comes from %s, which the "
                                      "client cannot take for its own: see the balancer or NAT at the gateway.",
                                      port, facts.answer_from);
        }
        return wmem_strdup_printf(scope,
                                  "UDP port %u was offered and tried, and nothing came back in this capture: let the "
                                  "port through, and see that a balancer passes UDP on.",
                                  port);
    case RDGHTTP_UDP_STOPPED:
        return wmem_strdup_printf(scope, "UDP port %u was offered and tried, and ICMP says no: %s (type %u, code %u).",
                                  port, write_stop(scope, &facts), facts.stop_type, facts.stop_code);
    case RDGHTTP_UDP_FAILED:
        return wmem_strdup_printf(scope,
                                  "UDP port %u was offered and tried, and the handshake failed with the %s's alert %s: "
                                  "see DTLS versions and the certificate.",
                                  port, facts.alert_from_gateway ? "gateway" : "client", facts.alert);
    case RDGHTTP_UDP_REJECTED:
        return wmem_strdup_printf(scope,
                                  "UDP port %u was offered and tried, and the gateway rejects the channel with %s "
                                  "(0x%08x): see its event log.",
                                  port, rdg_names_result(facts.result), facts.result);
    case RDGHTTP_UDP_CLOSED:
        return wmem_strdup_printf(scope,
                                  "UDP channel %u was in use, the %s closed it%s, and the session goes on over TCP: "
                                  "see that end's event log.",
                                  facts.channel, link->closed_by_gateway ? "gateway" : "client",
                                  write_reason(scope, &facts));
    case RDGHTTP_UDP_SILENT:
        return wmem_strdup_printf(scope,
                                  "UDP channel %u was in use and then fell silent, while the other end or the session "
                                  "goes on (%s): see MTU, path and time-outs of firewalls.",
                                  facts.channel, write_silence(scope, &facts));
    case RDGHTTP_UDP_TO_THE_END:
        return wmem_strdup_printf(scope, "UDP channel %u was in use to the end of the session: nothing to do.",
                                  facts.channel);
    case RDGHTTP_UDP_CARRIES:
        return wmem_strdup_printf(
            scope, "UDP channel %u carries data both ways; the keys of its DTLS would tell what%s.", facts.channel,
            outcome->because == RDGHTTP_BECAUSE_CLOSED
                ? ", and the capture does not show what the session did when it was closed"
                : "");
    default:
        return wmem_strdup_printf(scope, "UDP channel %u is in use: %s.", facts.channel,
                                  outcome->because == RDGHTTP_BECAUSE_CLOSED
                                      ? "it is closed in the end, and what the session did then is not in the capture"
                                      : "nothing to do");
    }
}

const char *rdghttp_outcome_write(wmem_allocator_t *scope, const rdghttp_session_t *session,
                                  const rdghttp_result_t *outcome)
{
    unsigned port = session->last_offer != NULL ? session->last_offer->offer->port : 0;

    switch (outcome->verdict) {
    case RDGHTTP_UDP_UNKNOWN:
        return wmem_strdup_printf(scope, "Cannot be told from here, because %s.", write_because(scope, outcome));
    case RDGHTTP_UDP_OFFERED:
        return outcome->because == RDGHTTP_BECAUSE_NONE
                   ? ""
                   : wmem_strdup_printf(scope,
                                        "UDP port %u is offered; what became of it cannot be told from here, because "
                                        "%s.",
                                        port, write_because(scope, outcome));
    case RDGHTTP_UDP_UNUSED:
        if (outcome->because == RDGHTTP_BECAUSE_OF_OTHERS) {
            return wmem_strdup_printf(scope,
                                      "UDP port %u was offered, and all channels to it in this capture are of other "
                                      "sessions: see the client's policy (TCP only), and the target.",
                                      port);
        }
        return wmem_strdup_printf(scope,
                                  "UDP port %u was offered, and this capture, which has other UDP, has no packet to "
                                  "it: see the client's policy (TCP only), the target, and the capture's filter.%s",
                                  port, write_target(session));
    case RDGHTTP_UDP_NO_UDP:
        return wmem_strdup_printf(scope,
                                  "UDP port %u was offered, and this capture has no UDP at all: capture again without "
                                  "a filter.%s",
                                  port, session->confirm == RDGHTTP_CONFIRM_PLAIN ? write_target(session) : "");
    case RDGHTTP_UDP_CLIENT_SILENT:
        return "TUNNEL_CREATE does not announce UDP: a setting of the client, or a client without it.";
    case RDGHTTP_UDP_GATEWAY_SILENT:
        return "TUNNEL_RESPONSE does not announce UDP, although the client did: see the gateway's properties.";
    case RDGHTTP_UDP_NO_OFFER:
        return "Both ends announced UDP, and CHANNEL_RESPONSE has no port or no cookie: see the gateway's UDP "
               "listener.";
    case RDGHTTP_UDP_REFUSED_HTTP:
        return "The last answer of HTTP refuses, and no request follows: see its reason, and a proxy on the way.";
    case RDGHTTP_UDP_REFUSED:
        return wmem_strdup_printf(scope, "The gateway refuses with %s (0x%08x): see its policies and its event log.",
                                  rdg_names_result(session->negotiation.code), session->negotiation.code);
    case RDGHTTP_UDP_STALLED:
        return rdghttp_setup_write(scope, session);
    case RDGHTTP_UDP_RPC:
        return "RPC over HTTP carries no UDP: see the client's age, and why its HTTP connection before this one "
               "failed.";
    default:
        return outcome->link != NULL ? write_channel(scope, outcome, port) : "";
    }
}

/* }}} */
