/* leftovers.h
 * What Wireshark makes anew with each session and never frees. A fuzzer has ten thousand sessions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_LEFTOVERS_H
#define PORTLORE_FUZZ_LEFTOVERS_H

#include "base/ws_compat.h"

/* Around epan_new() of every session but the first. */
void leftovers_before_session(void);
void leftovers_after_start(void);

/* Frees what the session leaves. Call after epan_free(). */
void leftovers_free(void);

#endif
