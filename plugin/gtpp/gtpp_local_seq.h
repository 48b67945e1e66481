/* gtpp_local_seq.h
 * Which localSequenceNumbers of a node are missing (3GPP TS 32.298: consecutive per node, over all kinds of record).
 *
 * Numbers are watched per node id and over all paths: a node that shares its records out among several CGFs leaves
 * holes on each of them, and none over all. What keeps false alarms away:
 * - A number that was seen already (a retransmission, the same record sent to another CGF) changes nothing.
 * - A late one fills its hole, and the alarm about it is taken back.
 * - A jump of more than GTPP_LOCAL_SEQ_MAX_JUMP, or backwards, is a counter that starts anew (or another one), not a gap.
 * - When a hole of more than GTPP_LOCAL_SEQ_REORDER numbers is filled from its lower end on, two counters are at work (gear
 *   that counts by kind of record, two nodes of one name): the jump between them was no gap.
 * - 4294967295 is followed by 0.
 *
 * A node costs about 100 octets, plus 32 for each hole; of both counters and holes the oldest are forgotten beyond a
 * fixed number, so that what was announced about them stays as it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_LOCAL_SEQ_H
#define PORTLORE_GTPP_LOCAL_SEQ_H

#include <stdbool.h>
#include <stdint.h>

#include <wsutil/wmem/wmem.h>

#define GTPP_LOCAL_SEQ_MAX_JUMP 10000
#define GTPP_LOCAL_SEQ_REORDER 16
#define GTPP_LOCAL_SEQ_MAX_COUNTERS 8
#define GTPP_LOCAL_SEQ_MAX_HOLES 256

typedef struct gtpp_gaps gtpp_local_seq_t;

/* What a number told. */
typedef enum {
    GTPP_LOCAL_SEQ_NOTHING, /* it is the next one, or one seen already */
    GTPP_LOCAL_SEQ_OPENED,  /* numbers before it are missing so far */
    GTPP_LOCAL_SEQ_FILLED   /* numbers that were announced as missing are not */
} gtpp_local_seq_event_t;

typedef struct {
    gtpp_local_seq_event_t event;
    uint32_t first;  /* the first of the missing numbers, when opened */
    uint32_t count;  /* how many are missing, or are no longer */
    void **owner;    /* when opened: set it to what announces the hole */
    void *announced; /* when filled: what had been set there; NULL when nothing was */
} gtpp_local_seq_change_t;

/* Starts with nothing seen; everything is allocated from ALLOCATOR (NULL: until freed by nobody). */
gtpp_local_seq_t *gtpp_local_seq_open(wmem_allocator_t *allocator);

/* Enters the number LOCAL_SEQ of a record. NODE_ID is the record's own; when it has none (NULL), the records of one
 * SENDER are one node's. */
gtpp_local_seq_change_t gtpp_local_seq_enter(gtpp_local_seq_t *gaps, const char *node_id, uint32_t sender, uint32_t local_seq);

#endif
