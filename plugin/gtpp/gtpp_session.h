/* gtpp_session.h
 * The conversations of CDFs and CGFs: between packets and the ledger. Enters each message on the first pass, and finds
 * it again on later ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_SESSION_H
#define PORTLORE_GTPP_SESSION_H

#include <epan/packet.h>
#include <epan/prefs.h>

#include <stdbool.h>

#include "base/frame_store.h"
#include "base/packet_ends.h"
#include "gtpp_ledger.h"
#include "gtpp_pdu.h"

/* One conversation of a CDF and a CGF. Lives as long as the file. */
typedef struct {
    gtpp_path_t *path; /* its number is gtpp.path; .cdf is the end that sends records */
    bool is_tcp;
    address addresses[2];
    uint32_t ports[2];
} gtpp_conv_t;

/* A message, for the taps. Lives as long as the packet. */
typedef struct gtpp_message_tap {
    const struct gtpp_message_tap *next; /* in the same frame, or NULL */
    const gtpp_pdu_t *pdu;
    gtpp_event_t *event;
    const gtpp_conv_t *conv;
    uint32_t ordinal;      /* of the message in its frame, from 0 */
    uint32_t first_record; /* of its records in its frame, from 1 */
} gtpp_message_tap_t;

/* Registers the state of a file under PROTO. Call once, at registration. */
void gtpp_session_register(int proto);

/* Registers the preference gtpp.t3 in MODULE. */
void gtpp_session_register_preference(module_t *module);

/* The message PDU in TVB as the ledger has it; on the first pass it is entered. IS_STREAM: it was read
 * from a TCP stream, of which each octet is read once; HOLE is the one right before it, or NULL. Gives NULL for a
 * message that an ICMP error quotes, one whose header is not there, and one that was not read as GTP' on the first
 * pass. */
gtpp_message_tap_t *gtpp_session_enter(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu, bool is_stream,
                                       const gtpp_hole_t *hole);

/* True when a message of the packet's conversation has been entered. */
bool gtpp_session_has_path(packet_info *pinfo);

/* On the first pass: HOLE is in the stream of the direction of PINFO's packet, or of the other one. */
void gtpp_session_add_hole(packet_info *pinfo, bool is_same_direction, gtpp_hole_t *hole);

/* On the first pass: the capture has the beginning of the stream of that direction. */
void gtpp_session_note_beginning(packet_info *pinfo, bool is_same_direction);

/* On the first pass: the host that ENDS are of refused by ICMP what QUOTE says. */
void gtpp_session_refuse(packet_info *pinfo, const packet_ends_t *ends, const gtpp_quote_t *quote);

/* The number of a host, as the ledger's paths have it; a new one for a host that has none. */
uint32_t gtpp_session_number_host(const address *host);

/* When the packet was captured, in nanoseconds since 1970, as the ledger counts. */
int64_t gtpp_session_time_of(const packet_info *pinfo);

/* The identification of the IPv4 packet, or of the fragments, of which TVB is the UDP payload; 0 where there is none:
 * in IPv6 without fragments. */
uint16_t gtpp_session_read_ip_id(tvbuff_t *tvb, const packet_info *pinfo);

/* On the first pass: DATAGRAM, which lives as long as the file, may be a message. */
void gtpp_session_add_datagram(gtpp_datagram_t *datagram);

/* The packet of PINFO is the fragment that makes DATAGRAM whole; its message, if it is one, has been entered. */
void gtpp_session_complete_datagram(packet_info *pinfo, gtpp_datagram_t *datagram);

/* The packet of PINFO is a fragment of DATAGRAM, which went from one port to another. */
void gtpp_session_name_datagram(const packet_info *pinfo, gtpp_datagram_t *datagram, uint32_t source_port,
                                uint32_t destination_port);

/* Enters, on the first pass, a message without elements in the earlier frame of RECORD, in the same conversation, which
 * was not believed to be GTP' until the packet of PINFO confirmed it. HEADER is its header, in the LENGTH octets at
 * OCTETS. It had the identification IP_ID, 0 for none, and went the same way as the
 * packet of PINFO, or the other. */
void gtpp_session_enter_earlier(packet_info *pinfo, frame_record_t *record, const nstime_t *when, uint16_t ip_id,
                                bool is_same_direction, const gtpp_header_t *header, const uint8_t *octets,
                                uint32_t length);

/* The conversation of an event's path; NULL for a number that no path has. */
const gtpp_conv_t *gtpp_session_get_conv(uint32_t path);

/* Brings the judgement of what has been read so far up to date: call before anything judged is read. False when there
 * is no file. */
bool gtpp_session_judge(void);

/* True when the whole file has been read, so that what was judged may be said of a message. */
bool gtpp_session_is_judged(void);

/* Calls VISIT for all events of the file, in the order of the frames. */
void gtpp_session_visit(gtpp_ledger_visit_t visit, void *data);

/* gtpp_ledger_count_behind() of the file's ledger. */
uint32_t gtpp_session_count_behind(const gtpp_event_t *event);

/* The number of an event's frame. */
uint32_t gtpp_session_frame_number(const gtpp_event_t *event);

/* True when the event's frame has a row: a read filter did not drop it. */
bool gtpp_session_is_shown(const gtpp_event_t *event);

/* When the event was captured. */
nstime_t gtpp_session_time(const gtpp_event_t *event);

/* "192.0.2.10:3386" or "[2001:db8::10]:3386": an end of the conversation, 0 or 1. Allocated from POOL. */
const char *gtpp_session_end_text(wmem_allocator_t *pool, const gtpp_conv_t *conv, unsigned end);

#endif
