/* cdr_address.c
 * Key fields of a charging data record that are IP addresses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_address.h"

/* IPAddress: [0] IPv4, [1] IPv6, [2] and [3] text, [4] an IPv6 address together with its prefix length. */
static void report_ip(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *choice, cdr_field_t field,
                      const ber_element_t *around)
{
    ber_element_t element = *choice;
    cdr_item_t item;
    const char *what;
    const uint32_t form = choice->tag_class == BER_CONTEXT ? choice->tag : UINT32_MAX;

    if (form == 4 && choice->constructed) {
        ber_cursor_t inner = ber_enter(cursor, choice);
        ber_status_t status;

        do { /* a sender's own elements may be in front */
            status = ber_read_element(&inner, &element, &what);
        } while (status == BER_OK && element.tag_class != BER_UNIVERSAL);
        if (status == BER_CUT) {
            return;
        }
        if (status != BER_OK || element.tag != BER_OCTET_STRING) {
            cdr_report_malformed(report, cdr_name_part(report->type, around, field), choice->value, choice->length,
                                 "no IPv6 address before its prefix length");
            return;
        }
    }
    if (!ber_is_captured(cursor, &element)) {
        return;
    }
    item = cdr_make_item(field, cursor, &element);
    if (form > 4 || !cdr_take_string(report, cursor, &element, &item)) {
        what = "not a form of IP address";
    } else if (form == 0) {
        what = cdr_read_ipv4(item.octets, item.num_octets, &item.address);
    } else if (form == 1 || form == 4) {
        what = cdr_read_ipv6(item.octets, item.num_octets, &item.address);
    } else {
        what = cdr_read_ip_text(item.octets, item.num_octets, &item.address);
        if (what != NULL) {
            return; /* the specification says IA5String: another text is well-formed, and no address to filter for */
        }
    }
    if (what != NULL) {
        cdr_report_malformed(report, cdr_name_part(report->type, around, field), element.value, element.length, what);
        return;
    }
    report->sink->item(report->user, &item);
}

void cdr_report_address(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *field_element,
                        cdr_field_t field, bool is_wrapped)
{
    ber_cursor_t inner = ber_enter(cursor, field_element);
    ber_element_t element;
    const char *what = NULL;
    ber_status_t status;
    size_t offset = inner.offset;

    if (!field_element->constructed) {
        cdr_report_malformed(report, cdr_name_part(report->type, field_element, field), field_element->value,
                             field_element->length, "an address without its form");
        return;
    }
    status = ber_read_element(&inner, &element, &what);
    if (status == BER_OK && is_wrapped) {
        if (element.tag_class == BER_CONTEXT && element.tag == 1) {
            return;
        }
        if (ber_is_context(&element, 0, true)) {
            inner = ber_enter(cursor, &element);
            offset = inner.offset;
            status = ber_read_element(&inner, &element, &what);
        }
    }
    if (status == BER_OK) {
        report_ip(report, cursor, &element, field, field_element);
    } else if (status == BER_END) {
        cdr_report_malformed(report, cdr_name_part(report->type, field_element, field), field_element->start,
                             field_element->value - field_element->start, "an address without octets");
    } else {
        cdr_report_ber(report, &inner, &element, status, offset, NULL,
                       cdr_name_part(report->type, field_element, field), what);
    }
}
