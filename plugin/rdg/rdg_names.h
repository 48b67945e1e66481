/* rdg_names.h
 * Names of the numbers of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_NAMES_H
#define PORTLORE_RDG_NAMES_H

#include <epan/packet.h>

extern const value_string rdg_names_packets[];  /* pktID, MS-TSGU section 2.2.5.4.1 */
extern const value_string rdg_names_verdicts[]; /* rdgudp_verdict_t */
extern const value_string rdg_names_reasons[];  /* rdgudp_reason_t, of those that are one */
extern const value_string rdg_names_versions[]; /* DTLS versions, as in a record's header */
extern const value_string rdg_names_results[];  /* return codes, MS-TSGU section 2.2.6, in both code forms */

/* Name of a return code, whether it has the bit of customer-defined codes (0x20000000) or not; "unknown code" for
 * others. */
const char *rdg_names_result(uint32_t code);

#endif
