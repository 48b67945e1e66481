/* session.h
 * Wireshark's dissection engine inside this process, for the fuzzer and for replaying what it found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_SESSION_H
#define PORTLORE_FUZZ_SESSION_H

#include "base/ws_compat.h"

#include <epan/packet.h>

/* One frame of an input. The octets stay the caller's. */
typedef struct {
    int encapsulation; /* WTAP_ENCAP_* */
    const uint8_t *octets;
    uint32_t captured;
    uint32_t reported; /* on the wire: captured or more */
    uint32_t wait_ms;  /* since the frame before */
} session_frame_t;

/* More are left out. */
#define SESSION_MAX_FRAMES 64

/* How the frames of an input are looked at; bits. */
#define SESSION_FIRST_TREE 0x01 /* a tree on the first pass, too, as a filter or a tap would ask for */
#define SESSION_INVISIBLE 0x02  /* the second pass's tree is one that nobody looks at */
#define SESSION_BACKWARDS 0x04  /* the second pass goes from the last frame to the first, as a user may */
#define SESSION_NO_COLUMNS 0x08 /* no packet list */

/* Starts the engine with the plugin's protocols linked in. Ends the process when that fails. */
void session_start(void);

/* Dissects the frames, then all of them again as frames that were seen before. */
void session_dissect(const session_frame_t *frames, unsigned count, unsigned how);

/* Forgets everything that frames have left behind (conversations, ledger, channels), as opening another file does. */
void session_forget(void);

#endif
