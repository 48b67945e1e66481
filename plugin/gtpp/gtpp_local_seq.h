/* gtpp_local_seq.h
 * Which localSequenceNumbers of a node are missing (3GPP TS 32.298: consecutive per node, over all kinds of record).
 *
 * The numbers of a node are looked at together, whatever path brought them: a node that shares its records out among
 * several CGFs leaves holes on each path, and none over all. Numbers that follow each other are a run. Between two runs
 * numbers are missing only where nothing else explains the hole:
 * - A hole of up to GTPP_LOCAL_SEQ_REORDER numbers is one.
 * - A larger one, of up to GTPP_LOCAL_SEQ_MAX_JUMP numbers, is one when the upper run began after the lower one had
 *   ended. Otherwise it is doubtful: two counters may be at work (two boards of one name).
 * - Where kinds of record count apart, the holes are fewer when each kind is looked at alone; then that counts.
 * - 4294967295 is followed by 0, or by 1 where gear leaves 0 out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LOCAL_SEQ_H
#define PORTLORE_GTPP_LOCAL_SEQ_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define GTPP_LOCAL_SEQ_REORDER 16
#define GTPP_LOCAL_SEQ_MAX_JUMP 500

/* A record with a local sequence number. */
typedef struct {
    int64_t time; /* when it was sent, in nanoseconds */
    void *owner;  /* what the caller knows it by */
    uint32_t number;
    uint16_t type; /* kind of record */
} gtpp_local_seq_t;

/* A hole: the numbers from .first to .last, before the record .before, which has the number behind them. .since is when
 * the number before the hole was sent first. */
typedef struct {
    const gtpp_local_seq_t *before;
    int64_t since;
    uint32_t first;
    uint32_t last;
    bool is_doubtful; /* the two sides overlap in time, so that they may be two counters */
} gtpp_local_seq_gap_t;

/* Appends to GAPS (gtpp_local_seq_gap_t) the holes in the COUNT numbers of one node, ALL, which are sorted by number
 * meanwhile; the gaps point into ALL. */
void gtpp_local_seq_find_gaps(gtpp_local_seq_t *all, unsigned count, GArray *gaps);

#endif
