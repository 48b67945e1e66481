/* steps.h
 * Frames of RD Gateway sessions over several connections, each made of a few octets of a fuzzer's input, so that the
 * fuzzer changes the order of what happens rather than the spelling of it. tests/fuzz/corpus.py writes the same form.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_STEPS_H
#define PORTLORE_FUZZ_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first octet of a step; STEPS_WEBSOCKET or STEPS_CHUNK may be added, and say what carries its octets. */
enum {
    STEP_REQUEST_OUT, /* the session's number (of 4), the correlation id's (of 4), bits of STEP_REQUEST_* */
    STEP_REQUEST_IN,  /* the same */
    STEP_ANSWER,      /* which one (of 8) */
    STEP_PACKET,      /* packetType, then the body; its length is right */
    STEP_OCTETS,      /* as they are */
    STEP_FIN,
    STEP_RESET,
    STEP_DATAGRAM, /* UDP to or from the gateway: which port (of 4), then the octets */
    STEP_NO_PORT,  /* ICMP quotes a datagram of the client: which port (of 4), the code */
    STEP_COUNT
};

#define STEPS_WEBSOCKET 0x80
#define STEPS_CHUNK 0x40

#define STEP_REQUEST_WEBSOCKET 1 /* asks for an upgrade */
#define STEP_REQUEST_CHUNKED 2
#define STEP_REQUEST_NTLM 4

/* The most octets that a step makes of LENGTH octets of input. */
#define STEPS_ROOM(length) ((length) + 768)

/* What the frame of a step is beside its payload. */
typedef struct {
    bool is_udp;
    bool is_icmp;
    uint8_t icmp_code;
    uint8_t tcp_flags;
    uint16_t port; /* of the gateway */
} step_t;

/* Reads a step from LENGTH octets at INPUT, of which at least one is there, and writes its payload to OUT, which has
 * STEPS_ROOM(LENGTH) octets. TO_CLIENT says whose it is. The number of octets. */
uint32_t steps_write(const uint8_t *input, size_t length, bool to_client, step_t *step, uint8_t *out);

#endif
