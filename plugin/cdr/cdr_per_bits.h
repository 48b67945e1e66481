/* cdr_per_bits.h
 * Bits, numbers and lengths of the packed encoding rules (PER, ITU-T X.691), unaligned and aligned.
 *
 * Every function may be called again after a failure: it then reads nothing and returns 0. Plain: needs no packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PER_BITS_H
#define PORTLORE_CDR_PER_BITS_H

#include <wireshark.h>
#include <wsutil/wmem/wmem.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const uint8_t *octets;
    uint32_t captured; /* bits that may be read */
    uint32_t end;      /* bits that there are: of the record, or of what it is in */
    uint32_t at;       /* bit that is read next */
    bool is_aligned;
    bool is_cut;      /* the capture does not hold what was to be read */
    const char *what; /* what is wrong, NULL: nothing. Of is_cut as well */
} per_bits_t;

/* Notes the first thing that is wrong. */
void per_bits_fail(per_bits_t *bits, const char *what);

/* The next COUNT bits, 64 at most, as a number. */
uint64_t per_bits_read(per_bits_t *bits, unsigned count);

/* Aligned PER: goes to the next whole octet, past bits of 0. */
void per_bits_align(per_bits_t *bits);

/* A number from LOW to HIGH (X.691, 11.5). */
int64_t per_bits_whole(per_bits_t *bits, int64_t low, int64_t high);

/* A number that is small as a rule (11.6): places of extensions. */
uint32_t per_bits_small(per_bits_t *bits);

/* A length without limits (11.9). With IS_FRAGMENT it is that of one piece, and more pieces follow. */
uint32_t per_bits_length(per_bits_t *bits, bool *is_fragment);

/* Copies COUNT bits to OUT, which has room for whole octets: the last one is filled with bits of 0. OUT may be NULL. */
void per_bits_copy(per_bits_t *bits, uint8_t *out, uint32_t count);

#endif
