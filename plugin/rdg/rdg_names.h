/* rdg_names.h
 * Names of the RD Gateway's return codes, which all its transports use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDG_NAMES_H
#define PORTLORE_RDG_NAMES_H

#include <epan/packet.h>

extern const value_string rdg_names_results[]; /* return codes, MS-TSGU section 2.2.6, in both code forms */

/* Name of a return code, whether it has the bit of customer-defined codes (0x20000000) or not; "unknown code" for
 * others. */
const char *rdg_names_result(uint32_t code);

#endif
