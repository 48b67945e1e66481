/* cdr_volumes.h
 * Volumes and rating groups in the containers of a charging data record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_VOLUMES_H
#define PORTLORE_CDR_VOLUMES_H

#include "cdr_report.h"

/* Reports the volumes and rating groups of LIST, which is listOfTrafficVolumes or listOfServiceData, as FIELD says:
 * CDR_VOLUMES or CDR_SERVICES. IS_CLOSED is false when the list's own length is wrong: what follows its containers is
 * not its fault then. */
void cdr_report_containers(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list,
                           cdr_field_t field, bool is_closed);

/* The same of LIST in a record of 5G, which is listOfMultipleUnitUsage. What is wrong in there is not reported, but
 * for integers. */
void cdr_report_units(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list);

#endif
