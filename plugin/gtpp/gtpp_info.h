/* gtpp_info.h
 * What a GTP' PDU says, in one line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_INFO_H
#define PORTLORE_GTPP_INFO_H

#include <epan/packet.h>

#include "gtpp_pdu.h"

/* Writes the PDU's line for the Info column: message, sequence number, what it sends or answers. */
void gtpp_info_append_pdu(const gtpp_pdu_t *pdu, wmem_strbuf_t *line);

#endif
