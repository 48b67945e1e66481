/* gtpp_session.h
 * Between the packets and the ledger: tells it what each message says, on the first pass, and draws what it answered,
 * on every pass.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_SESSION_H
#define PORTLORE_GTPP_SESSION_H

#include <epan/conversation.h>
#include <epan/packet.h>

#include <stdbool.h>

#include "base/frame_store.h"
#include "gtpp_ledger.h"
#include "gtpp_pdu.h"

/* One conversation of a CDF and a CGF. Lives as long as the file. */
typedef struct {
    gtpp_path_t *path;
    uint32_t index; /* gtpp.path */
    bool is_tcp;
    unsigned cdf; /* which end sends records: 0 or 1. A guess from the ports until a message tells */
    address addresses[2];
    uint32_t ports[2];
} gtpp_conv_t;

/* A message, for the taps. Lives as long as the packet. */
typedef struct gtpp_message_tap {
    const struct gtpp_message_tap *next; /* in the same frame, or NULL */
    const gtpp_pdu_t *pdu;
    const gtpp_result_t *result;
    const gtpp_conv_t *line;
    uint32_t ordinal;      /* of the message in its frame, from 0 */
    uint32_t first_record; /* of its records in its frame, from 1 */
} gtpp_message_tap_t;

/* Registers the fields and expert items of the analysis under PROTO. Call once, from its registration. */
void gtpp_session_register(int proto);

/* What the ledger says about the message PDU in TVB; on the first pass it is told of it. NULL for a message that an
 * ICMP error quotes, one whose header is not there, and one that was not read as GTP' on the first pass. */
const gtpp_message_tap_t *gtpp_session_enter(tvbuff_t *tvb, packet_info *pinfo, const gtpp_pdu_t *pdu);

/* Tells the ledger, on the first pass, of a message without elements in the earlier frame of RECORD, in the same
 * conversation, which was not believed to be GTP' until the packet of PINFO confirmed it. OCTETS are the LENGTH octets
 * of its HEADER; it went the same way as the packet of PINFO, or the other. */
void gtpp_session_enter_earlier(packet_info *pinfo, frame_record_t *record, const nstime_t *when, bool same_direction,
                                const gtpp_header_t *header, const uint8_t *octets, uint32_t length);

/* Draws the path, the links between requests and answers, and the findings under TREE. */
void gtpp_session_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const gtpp_message_tap_t *message);

/* When the first copy of the request was sent. */
nstime_t gtpp_session_get_time(const gtpp_request_t *request);

/* The path's conversation. */
const gtpp_conv_t *gtpp_session_get_line(uint32_t path);

#endif
