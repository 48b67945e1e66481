/* gtpp_spans.h
 * Spans of time in which the capture may lack messages, by a key of the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_SPANS_H
#define PORTLORE_GTPP_SPANS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t key;
    int64_t since; /* nanoseconds since 1970 */
    int64_t until;
} gtpp_span_t;

/* No spans. To be freed with g_array_unref(). */
GArray *gtpp_spans_open(void);

/* Adds a span; gtpp_spans_merge() is to follow before they are asked. */
void gtpp_spans_add(GArray *spans, uint64_t key, int64_t since, int64_t until);

/* Puts the spans in order, and makes one of those of one key that overlap. */
void gtpp_spans_merge(GArray *spans);

/* True when a span of KEY has a moment between SINCE and UNTIL. */
bool gtpp_spans_meet(const GArray *spans, uint64_t key, int64_t since, int64_t until);

#endif
