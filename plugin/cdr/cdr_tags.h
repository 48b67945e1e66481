/* cdr_tags.h
 * Names that users give to tags which 3GPP TS 32.298 does not have: those of a vendor. A table of Wireshark's
 * preferences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_TAGS_H
#define PORTLORE_CDR_TAGS_H

#include "base/ws_compat.h"

#include <epan/prefs.h>

#include "cdr_schema.h"

/* What the octets of an element are. */
typedef enum {
    CDR_TAG_OCTETS,
    CDR_TAG_NUMBER, /* that counts or numbers something */
    CDR_TAG_SIGNED,
    CDR_TAG_TEXT,
    CDR_TAG_DIGITS,  /* TBCD, as an IMSI */
    CDR_TAG_ADDRESS, /* an octet of number type and plan, then TBCD, as an MSISDN */
    CDR_TAG_PLMN,
    CDR_TAG_TIME, /* TimeStamp, nine octets */
    CDR_TAG_IP    /* 4 or 16 octets */
} cdr_tag_kind_t;

typedef struct {
    const char *name;
    cdr_tag_kind_t kind;
} cdr_tag_t;

/* Adds the table to the preferences of MODULE. Call once. */
void cdr_tags_register(module_t *module);

/* True when the user has named anything at all. */
bool cdr_tags_are_there(void);

/* The user's name for context tag TAG of a record of recordType NUMBER (RECORD, or NULL where the table has none),
 * below PATH: names with dots between them, without items of lists, empty for the record itself. False when there is
 * none. */
bool cdr_tags_find(uint32_t number, const cdr_schema_record_t *record, const char *path, uint32_t tag,
                   cdr_tag_t *found);

#endif
