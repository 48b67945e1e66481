/* cdr_walk.h
 * Walks a charging data record by the table of 3GPP TS 32.298 and reports every part of it, in the octets' order.
 *
 * Works on octets alone and knows nothing of trees, so that it can be tested and fuzzed alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_WALK_H
#define PORTLORE_CDR_WALK_H

#include <wireshark.h>
#include <wsutil/wmem/wmem.h>

#include "cdr_schema.h"

/* Parts inside one another; what is deeper is shown as octets. Records nest some ten deep. */
#define CDR_WALK_DEPTH 32

/* Parts of a record; behind them the walk ends. A record of a full packet has some 1,500. */
#define CDR_WALK_PARTS 20000

/* Faults of a record; behind them no more are reported. */
#define CDR_WALK_FAULTS 20

/* A part of a record. */
typedef struct {
    uint16_t name; /* in cdr_schema_names; CDR_SCHEMA_NONE: an item of a list, or not in the table */
    uint16_t type; /* in cdr_schema_types; CDR_SCHEMA_NONE: not in the table */
    bool is_noted; /* not in the table, and nothing around it says so either */
    bool is_cut;   /* the capture holds only a part of its octets */
    uint8_t tag_class;
    uint32_t tag;   /* as sent, where the part is not in the table */
    uint32_t item;  /* place in its list, from 1; 0: in no list. Of PER and not in the table: of an extension */
    uint32_t start; /* where it begins in the record, and where it ends; of PER, where its octets lie */
    uint32_t end;
    uint32_t value;                  /* where its value begins */
    const cdr_schema_field_t *field; /* of PER alone: what it is; NULL: an item of a list */
    const uint8_t *octets; /* of the value, as in BER; of CDR_ANY the whole element; NULL: of a part with parts */
    uint32_t length;
} cdr_part_t;

typedef enum {
    CDR_WALK_MALFORMED, /* something could not be read */
    CDR_WALK_LIMIT      /* not all is reported */
} cdr_walk_fault_t;

/* What takes the report. The part and the text live as long as the call, a value's octets as long as the pool. */
typedef struct {
    /* A part that has parts, which follow until close. */
    void (*open)(void *user, const cdr_part_t *part);
    void (*close)(void *user);
    /* A plain value, or octets of no known meaning. The result says what is wrong with it, or is NULL. */
    const char *(*value)(void *user, const cdr_part_t *part);
    /* Octets of the record from OFFSET on, LENGTH of them, and a whole sentence that names them. */
    void (*fault)(void *user, cdr_walk_fault_t fault, uint32_t offset, uint32_t length, const char *text);
} cdr_walk_sink_t;

/* Walks the BER record of REPORTED octets of which CAPTURED (not more) are at OCTETS. RECORD is what it is; NULL, or
 * one whose type is not known, when the table does not have it: then all is reported as elements without a name. What
 * the capture cut off is no fault. POOL is for strings that are sent in pieces. */
void cdr_walk_ber(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
                  const cdr_schema_record_t *record, const cdr_walk_sink_t *sink, void *user);

/* True when parts of TYPE have parts. */
static inline bool cdr_walk_has_parts(uint16_t type)
{
    return cdr_schema_types[type].shape <= CDR_LIST;
}

#endif
