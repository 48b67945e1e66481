/* cdr_report.c
 * Reports key fields of a charging data record in BER, and what is wrong with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cdr_pieces.h"

void cdr_report_fault(cdr_report_t *report, cdr_fault_t fault, size_t offset, size_t length, const char *text)
{
    report->faults++;
    if (report->faults < CDR_MAX_FAULTS) {
        report->sink->fault(report->user, fault, (uint32_t)offset, (uint32_t)length, text);
    } else if (report->faults == CDR_MAX_FAULTS) {
        report->sink->fault(report->user, fault, (uint32_t)offset, (uint32_t)length,
                            "The record has more faults than are listed.");
    }
}

static uint32_t place_of(const cdr_report_t *report, size_t offset)
{
    return report->sink->place != NULL ? report->sink->place(report->user, (uint32_t)offset) : (uint32_t)offset;
}

void cdr_report_malformed(cdr_report_t *report, const char *name, size_t offset, size_t length, const char *what)
{
    char text[240];

    (void)snprintf(text, sizeof text, "At octet %" PRIu32 " of the record, %s cannot be read: %s.",
                   place_of(report, offset), name, what);
    cdr_report_fault(report, CDR_FAULT_MALFORMED, offset, length, text);
}

void cdr_report_ber(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element, ber_status_t status,
                    size_t offset, const char *name, const char *around, const char *what)
{
    char label[96];
    char tag[24] = "";

    if (status != BER_BAD_START && status != BER_BAD_LENGTH) {
        return;
    }
    if (status == BER_BAD_LENGTH && element->tag_class == BER_CONTEXT) {
        (void)snprintf(tag, sizeof tag, " [%" PRIu32 "]", element->tag);
    }
    if (name != NULL) {
        (void)snprintf(label, sizeof label, "%s%s%s%s", around, around[0] != '\0' ? "." : "", name, tag);
    } else {
        (void)snprintf(label, sizeof label, "an element%s%s%s", tag, around[0] != '\0' ? " of " : "", around);
    }
    cdr_report_malformed(report, label, offset, cursor->end - offset, what);
}

cdr_item_t cdr_make_item(cdr_field_t field, const ber_cursor_t *cursor, const ber_element_t *element)
{
    cdr_item_t item;

    memset(&item, 0, sizeof item);
    item.field = field;
    item.offset = (uint32_t)element->value;
    item.length = (uint32_t)element->length;
    item.octets = cursor->data + element->value;
    item.num_octets = item.length;
    return item;
}

bool cdr_take_string(const cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                     cdr_item_t *item)
{
    return cdr_join_pieces(report->pool, cursor, element, false, &item->octets, &item->num_octets);
}

bool cdr_find_number(const ber_cursor_t *cursor, const ber_element_t *container, uint32_t tag, uint64_t *number)
{
    ber_element_t element;
    bool negative;

    return container->constructed && cdr_summary_find_element(ber_enter(cursor, container), tag, false, &element) &&
           cdr_read_integer(cursor->data + element.value, element.length, number, &negative) == NULL;
}

void cdr_report_integer(cdr_report_t *report, const uint8_t *data, cdr_item_t *item)
{
    bool reads_negative;
    const char *what = cdr_read_integer(data + item->offset, item->length, &item->number, &reads_negative);

    if (what == NULL && item->number > UINT32_MAX && !cdr_is_unlimited(item->field)) {
        what = "an integer of more than 32 bits";
    }
    if (what != NULL) {
        cdr_report_malformed(report, cdr_name_field(item->field), item->offset, item->length, what);
        return;
    }
    report->sink->item(report->user, item);
    if (reads_negative) {
        char text[160];
        (void)snprintf(text, sizeof text,
                       "At octet %" PRIu32 " of the record, %s is negative in BER; it is read as unsigned.",
                       place_of(report, item->offset), cdr_name_field(item->field));
        cdr_report_fault(report, CDR_FAULT_SIGN, item->offset, item->length, text);
    }
}

void cdr_report_number(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                       cdr_field_t field, uint16_t type)
{
    const cdr_schema_field_t *part = cdr_schema_find_part(type, element);

    if (!element->constructed && ber_is_captured(cursor, element)) {
        cdr_item_t item = cdr_make_item(field, cursor, element);
        item.values = part != NULL ? cdr_schema_types[part->type].first : 0;
        cdr_report_integer(report, cursor->data, &item);
    }
}

void cdr_report_parts(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *container,
                      void (*visit)(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                                    void *data),
                      void *data)
{
    ber_cursor_t inner = ber_enter(cursor, container);
    ber_element_t element;
    const char *what;

    while (container->constructed && ber_read_element(&inner, &element, &what) == BER_OK) {
        visit(report, &inner, &element, data);
    }
}
