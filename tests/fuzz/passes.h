/* passes.h
 * The passes over the frames of a file, and what session.c and passes.c need of each other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_PASSES_H
#define PORTLORE_FUZZ_PASSES_H

#include <epan/column-info.h>
#include <epan/epan.h>

/* The time of a frame of the file, as Wireshark asks for it; NULL for a number that no frame has. */
const nstime_t *passes_time_of_frame(struct packet_provider_data *provider, uint32_t number);

/* Frees the frames of the file. */
void passes_forget(void);

/* The session of the engine. */
epan_t *session_engine(void);

/* The columns of the packet list. */
column_info *session_columns(void);

/* Ends the session of the engine and starts another one, as a redissection and another file do. */
void session_renew(void);

#endif
