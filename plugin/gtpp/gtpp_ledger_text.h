/* gtpp_ledger_text.h
 * Puts into sentences what the ledger finds remarkable about a message.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LEDGER_TEXT_H
#define PORTLORE_GTPP_LEDGER_TEXT_H

#include "gtpp_session.h"

/* The sentence of a FINDING about MESSAGE. */
const char *gtpp_ledger_text_finding(wmem_allocator_t *pool, const gtpp_message_tap_t *message,
                                     const gtpp_finding_t *finding);

/* What became of MESSAGE, the first copy of a request that was judged, when that is a finding of the kind that KIND is
 * set to; NULL when it is none. */
const char *gtpp_ledger_text_fate(wmem_allocator_t *pool, const gtpp_message_tap_t *message, gtpp_finding_kind_t *kind);

#endif
