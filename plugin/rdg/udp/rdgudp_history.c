/* rdgudp_history.c
 * What was known of a channel after each of its datagrams.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_history.h"

#include <epan/proto_data.h>

/* Keys of what hangs on a frame. A datagram of 65535 octets has fewer records than lie between them. */
#define COUNTS_KEY 0
#define DATAGRAM_KEY 0x10000
#define PACKET_KEY 0x20000

/* From this frame on, up to the next entry's, a channel's datagrams the same way have this note. */
typedef struct {
    uint32_t frame;
    rdgudp_note_t *note;
} entry_t;

/* What was counted while a frame is looked at: lives as long as that. */
typedef struct {
    uint32_t datagrams;
    uint32_t packets; /* inside DTLS */
} counts_t;

static int proto_rdgudp = -1;

/* The first pass counts here: it sees each frame once, one after the other. */
static struct {
    uint32_t frame;
    uint32_t datagrams;
    bool several; /* some frame has more than one */
} first_pass;

static void reset(void)
{
    memset(&first_pass, 0, sizeof first_pass);
}

void rdgudp_history_init(int proto)
{
    proto_rdgudp = proto;
    register_init_routine(reset);
}

/* Made when it is the first. */
static counts_t *note_counts(packet_info *pinfo)
{
    counts_t *counts = p_get_proto_data(pinfo->pool, pinfo, proto_rdgudp, COUNTS_KEY);

    if (counts == NULL) {
        counts = wmem_new0(pinfo->pool, counts_t);
        p_add_proto_data(pinfo->pool, pinfo, proto_rdgudp, COUNTS_KEY, counts);
    }
    return counts;
}

/* {{{ Datagrams */

/* Which of its frame's the datagram is that begins now. Where no frame has two, later passes need not count. */
static uint32_t count_datagram(packet_info *pinfo)
{
    if (PINFO_FD_VISITED(pinfo)) {
        return first_pass.several ? note_counts(pinfo)->datagrams++ : 0;
    }
    if (first_pass.frame != pinfo->num) {
        first_pass.frame = pinfo->num;
        first_pass.datagrams = 0;
    }
    first_pass.several = first_pass.several || first_pass.datagrams > 0;
    return first_pass.datagrams++;
}

/* One way or the other: as the packet itself has it, since which end is the client may be put right later. */
static wmem_array_t **entries_of(rdgudp_conv_t *flow, const packet_info *pinfo)
{
    return &flow->notes[pinfo->srcport < pinfo->destport];
}

static entry_t *get_entry(wmem_array_t *entries, unsigned at)
{
    return (entry_t *)wmem_array_index(entries, at);
}

/* The last note from the frame or before, or NULL. */
static rdgudp_note_t *find_note(wmem_array_t *entries, uint32_t frame)
{
    unsigned low = 0;
    unsigned high = entries != NULL ? wmem_array_get_count(entries) : 0;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (get_entry(entries, middle)->frame <= frame) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? get_entry(entries, low - 1)->note : NULL;
}

rdgudp_note_t *rdgudp_history_begin(packet_info *pinfo, rdgudp_conv_t *flow, rdgudp_draft_t *draft)
{
    rdgudp_note_t *note = &draft->note;

    draft->place = count_datagram(pinfo);
    if (PINFO_FD_VISITED(pinfo)) {
        return draft->place == 0
                   ? find_note(*entries_of(flow, pinfo), pinfo->num)
                   : p_get_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, DATAGRAM_KEY + draft->place);
    }
    *note = (rdgudp_note_t){
        .flow = flow,
        .before = flow->channel.verdict,
        .first = !flow->begun,
        .from_gateway = rdgudp_session_is_from_gateway(flow, pinfo),
        .fallback_stream = RDGUDP_NO_STREAM,
        .fallback_later = RDGUDP_NO_STREAM,
    };
    flow->begun = true;
    return note;
}

void rdgudp_history_complete(rdgudp_note_t *note)
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

/* True when two datagrams of a channel bring nothing and leave the same behind. What is learned later goes into notes
 * with news only. */
static bool are_alike(const rdgudp_note_t *note, const rdgudp_note_t *other)
{
    return note->news == 0 && other->news == 0 && !note->first && !other->first && note->before == other->before &&
           note->verdict == other->verdict && note->from_gateway == other->from_gateway &&
           note->hello_count == other->hello_count && note->version == other->version &&
           note->both_ways == other->both_ways && note->attempt == other->attempt &&
           note->fallback_stream == other->fallback_stream;
}

static rdgudp_note_t *keep_note(const rdgudp_note_t *note)
{
    return wmem_memdup(wmem_file_scope(), note, sizeof *note);
}

/* The first datagram of a frame, as most are: an entry when it differs from the one before. */
static rdgudp_note_t *keep_first(packet_info *pinfo, const rdgudp_note_t *note)
{
    wmem_array_t **entries = entries_of(note->flow, pinfo);

    if (*entries == NULL) {
        *entries = wmem_array_sized_new(wmem_file_scope(), sizeof(entry_t), 1);
    }
    unsigned count = wmem_array_get_count(*entries);
    rdgudp_note_t *last = count > 0 ? get_entry(*entries, count - 1)->note : NULL;
    if (last != NULL && are_alike(note, last)) {
        return last;
    }
    entry_t entry = { .frame = pinfo->num, .note = keep_note(note) };
    wmem_array_append_one(*entries, entry);
    return entry.note;
}

const rdgudp_note_t *rdgudp_history_end(packet_info *pinfo, rdgudp_draft_t *draft)
{
    rdgudp_note_t *kept;

    rdgudp_history_complete(&draft->note);
    if (draft->place == 0) {
        kept = keep_first(pinfo, &draft->note);
    } else {
        kept = keep_note(&draft->note);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, DATAGRAM_KEY + draft->place, kept);
    }
    if (kept->news & RDGUDP_NEWS_NO_ANSWER) {
        kept->flow->silent = kept;
    }
    return kept;
}

rdgudp_verdict_t rdgudp_history_shown_verdict(const rdgudp_note_t *note, bool visited)
{
    const rdgudp_channel_t *channel = &note->flow->channel;

    if (visited && (note->news & RDGUDP_NOTE_HELLO) && note->verdict == RDGUDP_HELLO_SENT &&
        note->attempt == channel->attempt && rdgudp_channel_is_silent(channel)) {
        return channel->verdict;
    }
    return note->verdict;
}

/* }}} */
/* {{{ Packets inside DTLS */

rdgudp_packet_note_t *rdgudp_history_next_packet(packet_info *pinfo, bool *is_new)
{
    uint32_t key = PACKET_KEY + note_counts(pinfo)->packets++;
    rdgudp_packet_note_t *note = p_get_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, key);

    *is_new = note == NULL;
    if (note == NULL) {
        note = wmem_new0(wmem_file_scope(), rdgudp_packet_note_t);
        p_add_proto_data(wmem_file_scope(), pinfo, proto_rdgudp, key, note);
    }
    return note;
}

bool rdgudp_history_have_packet(packet_info *pinfo)
{
    const counts_t *counts = p_get_proto_data(pinfo->pool, pinfo, proto_rdgudp, COUNTS_KEY);

    return counts != NULL && counts->packets > 0;
}

/* }}} */
