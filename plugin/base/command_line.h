/* command_line.h
 * Which fields the command line of tshark asks for, and whether for anything else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_COMMAND_LINE_H
#define PORTLORE_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* True when an option of tshark for fields to print (-e) or protocols to show (-O, -j, -J) names one of the COUNT
 * protocols, or a field of one. Wireshark itself notes what filters, columns and reports name, but not these. True also
 * when the command line cannot be read. */
bool command_line_names(const char *const protocols[], size_t count);

/* The same for a command line of LENGTH octets whose words each end with a zero octet. */
bool command_line_names_in(const char *line, size_t length, const char *const protocols[], size_t count);

/* True when the last -T option is "fields": of a packet's tree, only the fields are printed that -e options name. An
 * option written together with others, as in -nT, is not seen. False when the command line cannot be read. */
bool command_line_prints_fields(void);

/* The same for a command line of LENGTH octets whose words each end with a zero octet. */
bool command_line_prints_fields_in(const char *line, size_t length);

#endif
