/* cdr_fields.h
 * The fields of the protocol cdr that have names of 3GPP TS 32.298, registered from the table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_FIELDS_H
#define PORTLORE_CDR_FIELDS_H

#include <epan/packet.h>

/* What a value does in the line of the part around it. */
typedef enum { CDR_ROLE_NONE, CDR_ROLE_RATING_GROUP, CDR_ROLE_UPLINK, CDR_ROLE_DOWNLINK, CDR_ROLE_COUNT } cdr_role_t;

/* Has the fields registered under PROTO, the protocol cdr, when a filter first names one: there are some 1,400. Call
 * once, at registration. */
void cdr_fields_register(int proto);

/* Registers the fields now, if they are not. Nothing happens before cdr_fields_register(). */
void cdr_fields_register_names(void);

/* The field of NAME, a place in cdr_schema_names, and its role. The fields must be registered. */
int cdr_fields_find(uint16_t name);
cdr_role_t cdr_fields_find_role(uint16_t name);

#endif
