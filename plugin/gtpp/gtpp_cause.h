/* gtpp_cause.h
 * Cause values that mean more than their names (3GPP TS 32.295 section 6.2.4.1, TS 29.060 section 7.7.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_CAUSE_H
#define PORTLORE_GTPP_CAUSE_H

#include <stdbool.h>

enum {
    GTPP_CAUSE_TRANSMIT_BUFFERS = 60,
    GTPP_CAUSE_RECEIVE_BUFFERS = 61,
    GTPP_CAUSE_OTHER_NODE_DOWN = 62,
    GTPP_CAUSE_THIS_NODE_DOWN = 63,
    GTPP_CAUSE_UNDECODABLE = 177,
    GTPP_CAUSE_DUPLICATES_FULFILLED = 252,
    GTPP_CAUSE_FULFILLED = 253
};

/* True when the node had done before what the request asks for. */
static inline bool gtpp_cause_is_fulfilled(unsigned cause)
{
    return cause == GTPP_CAUSE_FULFILLED || cause == GTPP_CAUSE_DUPLICATES_FULFILLED;
}

/* True when a response with this cause says yes: acceptance, or fulfilled before. */
static inline bool gtpp_cause_is_acceptance(unsigned cause)
{
    return (cause & 0xc0) == 0x80 || gtpp_cause_is_fulfilled(cause);
}

#endif
