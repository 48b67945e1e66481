/* cdr_record.c
 * One charging data record, read once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_record.h"

#include <string.h>

#include "cdr_per_keys.h"

/* A record of a gateway has some twenty key fields, of three octets or more each. */
#define FIRST_ITEMS 24
#define SHORTEST_ITEM 2

/* What the callbacks of the reader share. */
typedef struct {
    wmem_allocator_t *pool;
    cdr_t *cdr;
    cdr_item_t *items;
    uint32_t max_items; /* for which there is room */
    cdr_fault_report_t *faults;
} collector_t;

static void make_room(collector_t *collector)
{
    if (collector->cdr->num_items < collector->max_items) {
        return;
    }
    if (collector->max_items == 0) {
        collector->max_items = MIN(FIRST_ITEMS, collector->cdr->captured / SHORTEST_ITEM + 1);
    } else {
        collector->max_items *= 2;
    }
    collector->items =
        (cdr_item_t *)wmem_realloc(collector->pool, collector->items, collector->max_items * sizeof(cdr_item_t));
}

static void take_item(void *user, const cdr_item_t *item)
{
    collector_t *collector = user;
    cdr_t *cdr = collector->cdr;

    make_room(collector);
    collector->items[cdr->num_items++] = *item;
    if (item->field == CDR_LOCAL_SEQ && !cdr->has_local_seq) {
        cdr->has_local_seq = true;
        cdr->local_seq = (uint32_t)item->number;
    } else if (item->field == CDR_NODE_ID && !item->is_digits && cdr->node_id == NULL) {
        cdr->node_id = item->octets;
        cdr->node_id_length = item->num_octets;
    }
}

static void take_fault(void *user, cdr_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    collector_t *collector = user;
    cdr_t *cdr = collector->cdr;

    if (collector->faults == NULL) {
        collector->faults = wmem_alloc_array(collector->pool, cdr_fault_report_t, CDR_MAX_FAULTS);
    }
    cdr->is_faulty = cdr->is_faulty || (fault == CDR_FAULT_MALFORMED || fault == CDR_FAULT_TAG);
    collector->faults[cdr->num_faults++] = (cdr_fault_report_t){
        .fault = fault,
        .offset = offset,
        .length = length,
        .item = cdr->num_items,
        .text = wmem_strdup(collector->pool, text),
    };
}

static const cdr_sink_t collecting = { .item = take_item, .fault = take_fault };

static void read_per(wmem_allocator_t *pool, const cdr_form_t *form, collector_t *collector)
{
    cdr_t *cdr = collector->cdr;

    cdr_per_find(pool, cdr->octets, cdr->captured, cdr->length, form->encoding == CDR_ENCODING_ALIGNED_PER,
                 form->release, form->version, &cdr->per);
    if (cdr->per.record != NULL) {
        cdr->summary.record = cdr->per.record;
        cdr->summary.has_type = true;
        cdr->summary.type = cdr->per.record->number;
        cdr->type_name = cdr_schema_text + cdr->per.record->called;
        cdr_per_read_keys(pool, cdr->octets, cdr->captured, cdr->length, &cdr->per, &collecting, collector);
    }
}

void cdr_read(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
              const cdr_form_t *form, cdr_t *cdr)
{
    collector_t collector = { .pool = pool, .cdr = cdr };

    memset(cdr, 0, sizeof *cdr);
    cdr->octets = octets;
    cdr->captured = captured;
    cdr->length = reported;
    cdr->encoding = form->encoding;
    cdr->type_name = "type not known";
    if (cdr_is_per(cdr)) {
        read_per(pool, form, &collector);
    } else if (form->encoding == CDR_ENCODING_BER) {
        cdr_read_fields(pool, octets, captured, reported, &cdr->summary, &collecting, &collector);
    }
    cdr->items = collector.items;
    cdr->faults = collector.faults;
    if (form->encoding != CDR_ENCODING_BER) {
        return;
    }
    const cdr_summary_t *summary = &cdr->summary;
    if (summary->record != NULL) {
        cdr->type_name = cdr_schema_text + summary->record->called;
    } else if (summary->is_undecided) {
        cdr->type_name = "eGSN or E-CSCF";
    } else if (summary->has_type) {
        cdr->type_name = wmem_strdup_printf(pool, "type %u", summary->type);
    }
    cdr->is_type_only =
        summary->has_type && !summary->is_undecided && (summary->record == NULL || summary->record->num_keys == 0);
}

const char *cdr_item_text(wmem_allocator_t *pool, const cdr_item_t *item)
{
    char *valid = g_utf8_make_valid((const char *)item->octets, (gssize)item->num_octets);
    const char *text = wmem_strdup(pool, valid);

    g_free(valid);
    return text;
}

bool cdr_has_remark(const cdr_t *cdr)
{
    return cdr->num_faults > 0 || cdr->captured < cdr->length || cdr->encoding != CDR_ENCODING_BER || cdr->is_type_only;
}

bool cdr_is_beyond_stock(const cdr_t *cdr)
{
    const cdr_summary_t *summary = &cdr->summary;

    return summary->has_type &&
           (summary->record == NULL || strcmp(cdr_schema_text + summary->record->domain, "PS") != 0);
}
