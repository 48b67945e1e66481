/* gtpp_spans.c
 * Spans of time in which the capture may lack messages, by a key of the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gtpp_spans.h"

GArray *gtpp_spans_open(void)
{
    return g_array_new(FALSE, FALSE, sizeof(gtpp_span_t));
}

void gtpp_spans_add(GArray *spans, uint64_t key, int64_t since, int64_t until)
{
    const gtpp_span_t span = { key, since, until };

    g_array_append_val(spans, span);
}

static int compare_spans(const void *one, const void *other)
{
    const gtpp_span_t *mine = one;
    const gtpp_span_t *yours = other;

    if (mine->key != yours->key) {
        return mine->key > yours->key ? 1 : -1;
    }
    return (mine->since > yours->since) - (mine->since < yours->since);
}

void gtpp_spans_merge(GArray *spans)
{
    unsigned count = 0;

    g_array_sort(spans, compare_spans);
    for (unsigned i = 0; i < spans->len; i++) {
        const gtpp_span_t span = g_array_index(spans, gtpp_span_t, i);
        gtpp_span_t *last = count > 0 ? &g_array_index(spans, gtpp_span_t, count - 1) : NULL;
        if (last != NULL && last->key == span.key && span.since <= last->until) {
            last->until = MAX(last->until, span.until);
        } else {
            g_array_index(spans, gtpp_span_t, count) = span;
            count++;
        }
    }
    g_array_set_size(spans, count);
}

bool gtpp_spans_meet(const GArray *spans, uint64_t key, int64_t since, int64_t until)
{
    unsigned from = 0;
    unsigned to = spans->len;

    /* The first span that ends at SINCE or later. */
    while (from < to) {
        const unsigned middle = from + (to - from) / 2;
        const gtpp_span_t *span = &g_array_index(spans, gtpp_span_t, middle);
        if (span->key < key || (span->key == key && span->until < since)) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    if (from == spans->len) {
        return false;
    }
    const gtpp_span_t *span = &g_array_index(spans, gtpp_span_t, from);
    return span->key == key && span->since <= until;
}
