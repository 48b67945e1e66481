/* cdr_per_bits.c
 * Bits, numbers and lengths of the packed encoding rules (PER, ITU-T X.691).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_per_bits.h"

/* Units of the pieces of a long value: a piece has one to four of them. */
#define PIECE 16384

void per_bits_fail(per_bits_t *bits, const char *what)
{
    if (bits->what == NULL) {
        bits->what = what;
    }
}

/* True when COUNT bits are there. */
static bool are_there(per_bits_t *bits, uint32_t count)
{
    if (bits->what != NULL) {
        return false;
    }
    if (count > bits->end - bits->at) {
        per_bits_fail(bits, "it ends too early");
        return false;
    }
    if (bits->at + count > bits->captured) {
        bits->is_cut = true;
        per_bits_fail(bits, "the capture cut it");
        return false;
    }
    return true;
}

uint64_t per_bits_read(per_bits_t *bits, unsigned count)
{
    uint64_t value = 0;

    if (!are_there(bits, count)) {
        return 0;
    }
    while (count > 0) {
        const unsigned left = 8 - (bits->at & 7);
        const unsigned taken = MIN(left, count);
        const uint8_t octet = bits->octets[bits->at >> 3];
        value = value << taken | (octet >> (left - taken) & ((1u << taken) - 1));
        bits->at += taken;
        count -= taken;
    }
    return value;
}

void per_bits_align(per_bits_t *bits)
{
    const unsigned count = -bits->at & 7;

    if (bits->is_aligned && count > 0 && per_bits_read(bits, count) != 0) {
        per_bits_fail(bits, "bits in front of an octet that should be 0");
    }
}

static unsigned bit_length(uint64_t value)
{
    unsigned length = 0;

    for (; value != 0; value >>= 1) {
        length++;
    }
    return length;
}

int64_t per_bits_whole(per_bits_t *bits, int64_t low, int64_t high)
{
    const uint64_t span = (uint64_t)high - (uint64_t)low;
    unsigned count = bit_length(span);

    if (bits->is_aligned && span > 254) {
        if (span > 65535) {
            count = 8 * (unsigned)per_bits_whole(bits, 1, (count + 7) / 8);
        } else {
            count = span > 255 ? 16 : 8;
        }
        per_bits_align(bits);
    }
    const uint64_t value = per_bits_read(bits, count);
    if (value > span) {
        per_bits_fail(bits, "a number beyond its limits");
        return low;
    }
    return (int64_t)((uint64_t)low + value);
}

uint32_t per_bits_length(per_bits_t *bits, bool *is_fragment)
{
    *is_fragment = false;
    per_bits_align(bits);
    if (per_bits_read(bits, 1) == 0) {
        return (uint32_t)per_bits_read(bits, 7);
    }
    if (per_bits_read(bits, 1) == 0) {
        return (uint32_t)per_bits_read(bits, 14);
    }
    const uint32_t pieces = (uint32_t)per_bits_read(bits, 6);
    if (pieces < 1 || pieces > 4) {
        per_bits_fail(bits, "a length that no rule has");
        return 0;
    }
    *is_fragment = true;
    return pieces * PIECE;
}

uint32_t per_bits_small(per_bits_t *bits)
{
    bool is_fragment;

    if (per_bits_read(bits, 1) == 0) {
        return (uint32_t)per_bits_read(bits, 6);
    }
    const uint32_t length = per_bits_length(bits, &is_fragment);
    if (length < 1 || length > 2) { /* no type has so many extensions */
        per_bits_fail(bits, "the number of an extension is too large");
        return 0;
    }
    return (uint32_t)per_bits_read(bits, 8 * length);
}

void per_bits_copy(per_bits_t *bits, uint8_t *out, uint32_t count)
{
    if (!are_there(bits, count)) {
        return;
    }
    if (out == NULL) {
        bits->at += count;
        return;
    }
    for (; count >= 8; count -= 8) {
        *out++ = (uint8_t)per_bits_read(bits, 8);
    }
    if (count > 0) {
        *out = (uint8_t)(per_bits_read(bits, count) << (8 - count));
    }
}
