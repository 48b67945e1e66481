/* cdr_record.h
 * One charging data record (CDR, 3GPP TS 32.298), read once, before there is any tree: what it is, its key fields, and
 * what is wrong with it.
 *
 * Works on octets; knows neither packets nor trees.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_RECORD_H
#define PORTLORE_CDR_RECORD_H

#include "cdr_per.h"
#include "cdr_reader.h"

/* How a record is encoded. The numbers are those of 3GPP TS 32.297. */
typedef enum {
    CDR_ENCODING_OTHER = 0,
    CDR_ENCODING_BER = 1,
    CDR_ENCODING_UNALIGNED_PER = 2,
    CDR_ENCODING_ALIGNED_PER = 3,
    CDR_ENCODING_XER = 4
} cdr_encoding_t;

/* How the records of a packet are encoded. */
typedef struct {
    cdr_encoding_t encoding;
    uint8_t release; /* of 3GPP TS 32.298, as the packet says: the extension octet where it has one */
    uint8_t version; /* Version Identifier, as sent */
} cdr_form_t;

/* Something wrong in a record, as a sentence. */
typedef struct {
    cdr_fault_t fault;
    uint32_t offset; /* of the octets that are meant, in the record */
    uint32_t length;
    uint32_t item; /* how many of the record's items come before it */
    const char *text;
} cdr_fault_report_t;

/* A record. Lives as long as the pool and the octets that it was read from. */
typedef struct {
    const uint8_t *octets;
    uint32_t captured; /* octets that may be read: fewer than length when the capture cut the record short */
    uint32_t length;   /* octets of the record */
    cdr_encoding_t encoding;
    cdr_per_t per;           /* of PER */
    cdr_summary_t summary;   /* empty unless the encoding is BER, or PER that can be read */
    const char *type_name;   /* for people: "ePDG", "SGSN-PDP"; else "type 199" or "type not known" */
    bool is_faulty;          /* something in it cannot be read, or contradicts something else */
    bool is_type_only;       /* a BER record of a type that TS 32.298 does not have */
    bool has_local_seq;      /* local_seq was found */
    uint32_t local_seq;      /* localSequenceNumber; the first of several */
    const uint8_t *node_id;  /* nodeID, the first of several; NULL when there is none */
    uint32_t node_id_length; /* in octets */
    const cdr_item_t *items; /* in the octets' order */
    uint32_t num_items;
    const cdr_fault_report_t *faults; /* in the order in which they were found */
    uint32_t num_faults;
} cdr_t;

/* Reads the record of REPORTED octets of which CAPTURED (not more) are at OCTETS, into CDR. Any octets will do. What
 * CDR points to is allocated from POOL. */
void cdr_read(wmem_allocator_t *pool, const uint8_t *octets, uint32_t captured, uint32_t reported,
              const cdr_form_t *form, cdr_t *cdr);

/* True for a record in PER, unaligned or aligned. */
static inline bool cdr_is_per(const cdr_t *cdr)
{
    return cdr->encoding == CDR_ENCODING_UNALIGNED_PER || cdr->encoding == CDR_ENCODING_ALIGNED_PER;
}

/* The octets of ITEM as a text in memory of POOL: U+FFFD stands for each that is no UTF-8, and for each 00, which would
 * end the text before its end. */
const char *cdr_item_text(wmem_allocator_t *pool, const cdr_item_t *item);

/* True when there is something to say of the record besides its fields: the tree has an expert item of its own then. */
bool cdr_has_remark(const cdr_t *cdr);

/* True when the record is of a type that Wireshark's own dissector does not read, or takes for another. */
bool cdr_is_beyond_stock(const cdr_t *cdr);

#endif
