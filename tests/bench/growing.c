/* growing.c
 * growing CAPTURE: reads a classic capture as the GUI does while it records one. Behind each frame, the last row and
 * one in the middle are drawn; at the end every row is. Prints nothing: tests/bench/bench.py measures the process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>

#include <wiretap/wtap.h>

#include "session.h"

/* The header of the file, and that of each frame: seconds, microseconds, octets captured, octets on the wire. */
#define FILE_HEADER 24
#define FRAME_HEADER 16
#define FRAME_CAPTURED 8
#define FRAME_REPORTED 12

static uint32_t get_number(const char *octets)
{
    uint32_t number;

    memcpy(&number, octets, sizeof number);
    return number;
}

/* The frames of a capture that tests/bench/inputs.py wrote on this machine, a millisecond apart. */
static GArray *get_frames(const char *octets, gsize length)
{
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(session_frame_t));
    gsize at = FILE_HEADER;

    while (at + FRAME_HEADER <= length) {
        session_frame_t frame = {
            .encapsulation = WTAP_ENCAP_ETHERNET,
            .octets = (const uint8_t *)octets + at + FRAME_HEADER,
            .captured = get_number(octets + at + FRAME_CAPTURED),
            .reported = get_number(octets + at + FRAME_REPORTED),
            .wait_ms = 1,
        };
        at += FRAME_HEADER;
        if (frame.captured > length - at) {
            break;
        }
        at += frame.captured;
        g_array_append_val(frames, frame);
    }
    return frames;
}

int main(int argc, char **argv)
{
    char *octets;
    gsize length;

    if (argc != 2 || !g_file_get_contents(argv[1], &octets, &length, NULL)) {
        fprintf(stderr, "usage: growing CAPTURE\n");
        return 2;
    }
    GArray *frames = get_frames(octets, length);
    if (frames->len == 0) {
        fprintf(stderr, "growing: %s has no frames.\n", argv[1]);
        return 2;
    }
    /* Wireshark's own way to allocate, not the harness's. */
    setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "block_fast", 0);
    session_start(NULL);
    session_dissect((const session_frame_t *)(const void *)frames->data, frames->len, SESSION_EARLY_ROWS);
    session_forget();
    g_array_free(frames, TRUE);
    g_free(octets);
    return 0;
}
