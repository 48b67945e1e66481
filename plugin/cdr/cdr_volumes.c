/* cdr_volumes.c
 * Volumes and rating groups in the containers of a charging data record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_volumes.h"

#include <stdio.h>

/* Context tags of a container in listOfTrafficVolumes and in listOfServiceData; downlink is the one after uplink. */
#define VOLUME_TAG_UPLINK 3
#define SERVICE_TAG_RATING_GROUP 1
#define SERVICE_TAG_UPLINK 12

/* Reports what is wrong with an element in item number CONTAINER of LIST. */
static void report_in_container(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                                ber_status_t status, size_t offset, const ber_element_t *list, uint32_t container,
                                const char *what)
{
    const cdr_schema_field_t *field = cdr_schema_find_part(report->type, list);
    const bool is_named =
        field != NULL && status == BER_BAD_LENGTH && cdr_schema_find_part(field->type, element) != NULL;
    char around[48];

    (void)snprintf(around, sizeof around, "%s[%" PRIu32 "]", cdr_name_part(report->type, list, CDR_NONE), container);
    cdr_report_ber(report, cursor, element, status, offset,
                   is_named ? cdr_name_part(field->type, element, CDR_NONE) : NULL, around, what);
}

/* One ChangeOfCharCondition or ChangeOfServiceCondition, of LIST. */
static void report_container(cdr_report_t *report, ber_cursor_t cursor, bool in_service, uint32_t container,
                             const ber_element_t *list)
{
    const uint32_t uplink_tag = in_service ? SERVICE_TAG_UPLINK : VOLUME_TAG_UPLINK;
    uint64_t rating_group = 0;
    bool has_rating_group = false;

    for (;;) {
        ber_element_t element;
        cdr_item_t item;
        bool negative;
        const char *what = NULL;
        const size_t offset = cursor.offset;
        const ber_status_t status = ber_read_element(&cursor, &element, &what);

        if (status != BER_OK) {
            report_in_container(report, &cursor, &element, status, offset, list, container, what);
            return;
        }
        if (element.tag_class != BER_CONTEXT || !ber_is_captured(&cursor, &element)) {
            continue;
        }
        if (in_service && ber_is_context(&element, SERVICE_TAG_RATING_GROUP, false)) {
            const bool is_number =
                cdr_read_integer(cursor.data + element.value, element.length, &rating_group, &negative) == NULL;
            has_rating_group = is_number;
            if (is_number) {
                item = cdr_make_item(CDR_RATING_GROUP, &cursor, &element);
                item.number = rating_group;
                item.in_service = true;
                item.container = container;
                report->sink->item(report->user, &item);
            }
        }
        if (element.constructed || (element.tag != uplink_tag && element.tag != uplink_tag + 1)) {
            continue;
        }
        item = cdr_make_item(element.tag == uplink_tag ? CDR_UPLINK : CDR_DOWNLINK, &cursor, &element);
        item.in_service = in_service;
        item.container = container;
        item.has_rating_group = has_rating_group;
        item.rating_group = rating_group;
        cdr_report_integer(report, cursor.data, &item);
    }
}

void cdr_report_containers(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list,
                           cdr_field_t field, bool is_closed)
{
    const char *name = cdr_name_field(field);
    ber_cursor_t inner = ber_enter(cursor, list);

    if (!list->constructed) {
        cdr_report_malformed(report, name, list->value, list->length, "a plain value where a list should be");
        return;
    }
    for (uint32_t container = 1;; container++) {
        ber_element_t element;
        const char *what = NULL;
        const size_t offset = inner.offset;
        const ber_status_t status = ber_read_element(&inner, &element, &what);

        if (status == BER_END || status == BER_CUT) {
            return;
        }
        if (is_closed) {
            cdr_report_ber(report, &inner, &element, status, offset, NULL, name, what);
        }
        if (status == BER_BAD_START) {
            return;
        }
        if (element.tag_class != BER_UNIVERSAL) {
            continue; /* a vendor's own, as the report over all parts notes */
        }
        if (element.constructed && (element.tag == BER_SEQUENCE || element.tag == BER_SET)) {
            report_container(report, ber_enter(&inner, &element), field == CDR_SERVICES, container, list);
        } else if (is_closed) {
            cdr_report_malformed(report, name, element.start, element.value - element.start,
                                 "something else than a container in the list");
        }
    }
}

/* What a UsedUnitContainer is part of. */
typedef struct {
    uint32_t containers; /* before it */
    bool has_rating_group;
    uint64_t rating_group;
} units_t;

/* UsedUnitContainer: [5] up, [6] down. */
static void report_used_unit(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *container,
                             void *data)
{
    enum { UPLINK_TAG = 5 };
    units_t *units = data;

    units->containers++;
    for (uint32_t tag = UPLINK_TAG; container->constructed && tag <= UPLINK_TAG + 1; tag++) {
        ber_element_t element;
        if (cdr_summary_find_element(ber_enter(cursor, container), tag, false, &element)) {
            cdr_item_t item = cdr_make_item(tag == UPLINK_TAG ? CDR_UPLINK : CDR_DOWNLINK, cursor, &element);
            item.in_service = true;
            item.container = units->containers;
            item.has_rating_group = units->has_rating_group;
            item.rating_group = units->rating_group;
            cdr_report_integer(report, cursor->data, &item);
        }
    }
}

/* MultipleUnitUsage: [0] rating group, [1] its used units. */
static void report_unit_usage(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *usage, void *data)
{
    units_t *units = data;
    ber_cursor_t inner = ber_enter(cursor, usage);
    ber_element_t element;
    const char *what;

    units->has_rating_group = cdr_find_number(cursor, usage, 0, &units->rating_group);
    while (usage->constructed && ber_read_element(&inner, &element, &what) == BER_OK) {
        if (ber_is_context(&element, 0, false)) {
            cdr_report_number(report, &inner, &element, CDR_RATING_GROUP, CDR_SCHEMA_NONE);
        } else if (ber_is_context(&element, 1, true)) {
            cdr_report_parts(report, &inner, &element, report_used_unit, units);
        }
    }
}

void cdr_report_units(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list)
{
    units_t units = { 0, false, 0 };

    cdr_report_parts(report, cursor, list, report_unit_usage, &units);
}
