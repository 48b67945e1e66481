/* cdr_parties.h
 * Subscribers and parties that a charging data record names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PARTIES_H
#define PORTLORE_CDR_PARTIES_H

#include "cdr_report.h"

/* All of them report what can be read. What is wrong in there is said where all parts of the record are shown. */

/* Reports the subscriber in CONTAINER, a SubscriptionID, as an IMSI or an MSISDN. */
void cdr_report_subscription(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *container);

/* Reports the subscribers in LIST, whose items are SubscriptionIDs. */
void cdr_report_subscriptions(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list);

/* Reports the text in ELEMENT as FIELD: of a party, whatever kind of address that is. */
void cdr_report_party(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                      cdr_field_t field);

/* Reports the parties in LIST as FIELD, each on its own. */
void cdr_report_party_list(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *list,
                           cdr_field_t field);

/* Reports the number of a switch or of a party in ELEMENT, in TBCD, as FIELD. One without digits is withheld. */
void cdr_report_digits(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                       cdr_field_t field);

#endif
