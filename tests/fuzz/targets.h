/* targets.h
 * How the octets of a fuzzer's input become frames. tests/fuzz/corpus.py writes the same format.
 *
 * The first octet is how the file is looked at (SESSION_*). Packets follow: an octet of bits (TARGET_*), two
 * octets of length (little-endian; the highest bit is TARGET_DROPPED), the octets. A length beyond the input's end
 * means: all that is left.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FUZZ_TARGETS_H
#define PORTLORE_FUZZ_TARGETS_H

#include <stddef.h>
#include <stdint.h>

#define TARGET_TO_CLIENT 0x01
#define TARGET_CHANNEL_SHIFT 1 /* two bits: which client */
#define TARGET_WAIT_SHIFT 3    /* two bits: how long after the packet before: 0, 0.1 s, 6 s, 15 min */
#define TARGET_CUT 0x20        /* the capture has less of it than was on the wire */
#define TARGET_ODD 0x40        /* UDP: the other port; TCP: octets before it are missing */
#define TARGET_AGAIN 0x80      /* TCP: the next segment has the same sequence number */

#define TARGET_DROPPED 0x80 /* in the second octet of the length: a read filter drops the packet */

/* TCP that is an RD Gateway's main channel without TLS, as Decode As makes it. */
#define TARGET_PLAIN_PORT 8080

typedef struct target target_t;

/* The target of this name, or NULL. */
const target_t *target_find(const char *name);

/* The name of the target at this index, or NULL after the last. */
const char *target_name(unsigned index);

/* Runs one input. Of each frame, SNAPSHOT_LENGTH octets at most were captured; 0: all. */
void target_run(const target_t *target, const uint8_t *input, size_t length, uint32_t snapshot_length);

#endif
