/* gtpp_names.h
 * Names of GTP' numbers (3GPP TS 32.295 section 6; cause values also 3GPP TS 29.060 section 7.7.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_NAMES_H
#define PORTLORE_GTPP_NAMES_H

#include <epan/packet.h>

extern const value_string gtpp_message_names[];
extern const value_string gtpp_ie_names[];
extern const value_string gtpp_cause_names[];
extern const value_string gtpp_command_names[];
extern const value_string gtpp_format_names[];

/* The name of a Data Record Format inside a sentence: "BER", "operator format 12". */
const char *gtpp_names_format(wmem_allocator_t *pool, unsigned format);

/* What a Packet Transfer Command is called in the Info column: "send", "release". "unknown command" for unknown
 * numbers. */
const char *gtpp_names_command_word(unsigned command);

#endif
