/* session.h
 * Wireshark's dissection engine inside this process, for the fuzzer and for replays.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_SESSION_H
#define PORTLORE_FUZZ_SESSION_H

#include "base/ws_compat.h"

#include <epan/packet.h>

/* One frame of a file. The octets stay the caller's. */
typedef struct {
    int encapsulation; /* WTAP_ENCAP_* */
    const uint8_t *octets;
    uint32_t captured;
    uint32_t reported; /* on the wire: captured or more */
    uint32_t wait_ms;  /* since the frame before */
    bool is_dropped;   /* a read filter drops the frame */
} session_frame_t;

/* How a file is looked at; bits. Without SESSION_TWO_PASSES, frames are dissected as the GUI and sharkd do: each when
 * it is read, with taps and columns, and again when its row is drawn. A read filter dissects each frame once more
 * before that. */
#define SESSION_FIRST_TREE 0x01 /* a tree on the first pass, too, as a filter or a tap would ask for */
#define SESSION_INVISIBLE 0x02  /* the tree of the later passes is built for a filter only */
#define SESSION_BACKWARDS 0x04  /* the last pass goes from the last frame to the first, as a user may */
#define SESSION_NO_COLUMNS 0x08 /* no packet list */
#define SESSION_TWO_PASSES 0x10 /* tshark -2: taps and columns on the second pass only */
#define SESSION_EARLY_ROWS 0x20 /* rows are drawn while the file is still being read */
#define SESSION_REDISSECT                                                                       \
    0xc0 /* both bits: all frames that are left are dissected from the start, as after a change \
          * of preferences */

/* Called before the engine starts, to register (proto_register_plugin) what stands beside the plugin; or NULL. */
extern void (*session_register_more)(void);

/* Starts the engine with the plugin's protocols linked in. KEYS is a key log file for TLS and DTLS, or NULL. Ends the
 * process when that fails. */
void session_start(const char *keys);

/* Reads a file of these frames, and dissects all that the read filter leaves again. */
void session_dissect(const session_frame_t *frames, unsigned count, unsigned how);

/* Number of the frame that is being dissected, or was last. */
uint32_t session_frame_number(void);

/* Frees all state about frames (conversations, ledger, channels), as opening another file does. */
void session_forget(void);

#endif
