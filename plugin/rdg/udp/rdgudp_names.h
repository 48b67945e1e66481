/* rdgudp_names.h
 * Names of the numbers of the RD Gateway's UDP transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_NAMES_H
#define PORTLORE_RDGUDP_NAMES_H

#include <epan/packet.h>

extern const value_string rdgudp_names_packets[];  /* pktID, MS-TSGU section 2.2.5.4.1 */
extern const value_string rdgudp_names_verdicts[]; /* rdgudp_verdict_t */
extern const value_string rdgudp_names_reasons[];  /* rdgudp_reason_t, of those that are one */
extern const value_string rdgudp_names_orders[];   /* rdg_order_t */
extern const value_string rdgudp_names_versions[]; /* DTLS versions, as in a record's header */

#endif
