/* cdr_parties.c
 * Subscribers and parties that a charging data record names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_parties.h"

/* SubscriptionID: [0] says what [1] is. In 5G the digits have a word in front: imsi-, msisdn-. */
void cdr_report_subscription(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *container)
{
    enum { IS_E164 = 0, IS_IMSI = 1 };
    ber_element_t element;
    uint64_t type;

    if (!cdr_find_number(cursor, container, 0, &type) || (type != IS_E164 && type != IS_IMSI) ||
        !cdr_summary_find_element(ber_enter(cursor, container), 1, true, &element)) {
        return;
    }
    cdr_item_t item = cdr_make_item(type == IS_IMSI ? CDR_IMSI : CDR_MSISDN, cursor, &element);
    if (!cdr_take_string(report, cursor, &element, &item)) {
        return;
    }
    if (cdr_read_subscriber(item.octets, item.num_octets, item.digits) == NULL) {
        report->sink->item(report->user, &item);
    }
}

static void report_item(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element, void *data)
{
    (void)data;
    cdr_report_subscription(report, cursor, element);
}

void cdr_report_subscriptions(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list)
{
    cdr_report_parts(report, cursor, list, report_item, NULL);
}

void cdr_report_party(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element, cdr_field_t field)
{
    enum { LAST_KIND = 4 }; /* of the CHOICE InvolvedParty; what is beyond is a vendor's */
    cdr_item_t item = cdr_make_item(field, cursor, element);

    if (element->tag_class == BER_CONTEXT && element->tag <= LAST_KIND && ber_is_captured(cursor, element) &&
        cdr_take_string(report, cursor, element, &item) && item.num_octets > 0) {
        report->sink->item(report->user, &item);
    }
}

static void report_party(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element, void *data)
{
    cdr_report_party(report, cursor, element, *(const cdr_field_t *)data);
}

void cdr_report_party_list(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list,
                           cdr_field_t field)
{
    cdr_report_parts(report, cursor, list, report_party, &field);
}

void cdr_report_digits(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                       cdr_field_t field)
{
    cdr_item_t item = cdr_make_item(field, cursor, element);

    item.is_digits = true;
    if (ber_is_captured(cursor, element) && cdr_take_string(report, cursor, element, &item) &&
        cdr_read_number(item.octets, item.num_octets, item.digits) == NULL) {
        report->sink->item(report->user, &item);
    }
}
