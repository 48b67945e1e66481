/* guard.h
 * A guard around each dissector of the plugin: an exception that the dissector raises itself is a finding.
 *
 * Exceptions end a dissection where they are raised: what the dissector has not yet noted of the frame is lost. For a
 * packet that a snapshot length cut, that is a fault of the dissector. Exceptions of a dissector of Wireshark's that
 * ours calls, and of tcp_dissect_pdus(), are Wireshark's and pass.
 *
 * The linker sends the plugin's calls of Wireshark's registration functions here (--wrap, CMakeLists.txt).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_GUARD_H
#define PORTLORE_FUZZ_GUARD_H

#include <stdbool.h>

/* Whether a finding ends the process (the default), or is printed and counted only. */
void guard_set_fatal(bool is_fatal);

/* Findings since the start. */
unsigned guard_findings(void);

/* Dissectors that are guarded. */
unsigned guard_dissectors(void);

#endif
