/* rdghttp_names.h
 * Names of the numbers of the RD Gateway's main channel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_NAMES_H
#define PORTLORE_RDGHTTP_NAMES_H

#include <epan/packet.h>

extern const value_string rdghttp_names_types[];
extern const value_string rdghttp_names_transports[];
extern const value_string rdghttp_names_auth[];
extern const value_string rdghttp_names_protocols[];
extern const value_string rdghttp_names_verdicts[];

/* Names of bits, in a word or two: of capsFlags, and of redirFlags as a policy. */
extern const value_string rdghttp_names_caps[];
extern const value_string rdghttp_names_redirections[];

#endif
