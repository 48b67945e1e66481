/* cdr_summary.c
 * Finds out which record of 3GPP TS 32.298 a charging data record is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_summary.h"

#include "cdr_egsn.h"
#include "cdr_values.h"

bool cdr_summary_find_element(ber_cursor_t cursor, uint32_t tag, bool is_string, ber_element_t *element)
{
    const char *text;

    while (ber_read_element(&cursor, element, &text) == BER_OK) {
        if (ber_is_context(element, tag, false) || (is_string && ber_is_context(element, tag, true))) {
            return ber_is_captured(&cursor, element);
        }
    }
    return false;
}

void cdr_summary_read(const ber_element_t *record, ber_cursor_t fields, cdr_summary_t *summary)
{
    ber_element_t element;
    uint64_t type;
    bool reads_negative;

    summary->has_tag = true;
    summary->tag = record->tag;
    summary->tag_length = (uint32_t)(record->length_start - record->start);
    if (cdr_summary_find_element(fields, CDR_RECORD_TYPE_TAG, false, &element) &&
        cdr_read_integer(fields.data + element.value, element.length, &type, &reads_negative) == NULL &&
        type <= UINT32_MAX) {
        summary->has_type = true;
        summary->type = (uint32_t)type;
        const cdr_egsn_t egsn = type == CDR_EGSN_TYPE ? cdr_egsn_judge(fields, summary->tag) : CDR_EGSN_NO;
        summary->is_undecided = egsn == CDR_EGSN_UNDECIDED;
        if (!summary->is_undecided) {
            summary->record = cdr_schema_find_record(summary->type, summary->tag, egsn == CDR_EGSN_YES);
        }
    } else if (record->tag_class == BER_CONTEXT) {
        summary->record = cdr_schema_find_tag(record->tag);
    }
}
