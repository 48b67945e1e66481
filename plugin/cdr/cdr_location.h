/* cdr_location.h
 * Where a subscriber is: User Location Information in charging data records, as text.
 *
 * Works on octets alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_LOCATION_H
#define PORTLORE_CDR_LOCATION_H

#include <wireshark.h>
#include <wsutil/wmem/wmem.h>

#include "cdr_schema.h"

/* The mobile network in three octets, 3GPP TS 24.008 section 10.5.1.3: "001-01". NULL when a nibble is no digit. */
const char *cdr_location_plmn(wmem_allocator_t *pool, const uint8_t octets[3]);

/* User Location Information as text: that of 3GPP TS 29.274 section 8.21 (a flag for each identity), or of TS 29.060
 * section 7.7.51 (one type of location), or what it is by each where it may be of both. NULL when it is neither. */
const char *cdr_location_explain(wmem_allocator_t *pool, const uint8_t *octets, size_t length);

/* An identity of a place, without octets that tell which it is: KIND, one of CDR_AS_CGI to CDR_AS_ECGI, does. NULL when
 * there are more or fewer octets than it has, or when they name no network. */
const char *cdr_location_identity(wmem_allocator_t *pool, cdr_format_t kind, const uint8_t *octets, size_t length);

#endif
