/* cdr_address.h
 * Key fields of a charging data record that are IP addresses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_ADDRESS_H
#define PORTLORE_CDR_ADDRESS_H

#include "cdr_report.h"

/* Reports the IP address in ELEMENT as FIELD, or what is wrong with it. GSNAddress is an IPAddress. PDPAddress and
 * NodeAddress, which is what IS_WRAPPED means, have one in [0]; their [1] is an X.121 address of early releases or the
 * name of a domain, which is no IP address and not reported. Nor is a text that is none, for any text is well-formed.
 */
void cdr_report_address(cdr_report_t *report, const ber_cursor_t *cursor, const ber_element_t *element,
                        cdr_field_t field, bool is_wrapped);

#endif
