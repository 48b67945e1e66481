/* cdr_egsn.h
 * Tells two kinds of charging data records apart that have the same recordType: those of an eGSN and of an E-CSCF.
 *
 * Works on octets alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_EGSN_H
#define PORTLORE_CDR_EGSN_H

#include "base/ber.h"

/* recordType of an eGSN, which an E-CSCF has, too. */
#define CDR_EGSN_TYPE 70

typedef enum {
    CDR_EGSN_UNDECIDED, /* it may be either */
    CDR_EGSN_YES,       /* an eGSN's record, of releases until 7 */
    CDR_EGSN_NO         /* an E-CSCF's */
} cdr_egsn_t;

/* Which of both a BER record of recordType 70 is, by OUTERMOST_TAG and by its elements, FIELDS. Tag 28 is an eGSN's
 * alone. Else [3] decides, which is an IMSI or the one octet of a role; without it those elements decide that only one
 * of the two records can have by 3GPP TS 32.298, the majority if they disagree. Octets of any kind will do. */
cdr_egsn_t cdr_egsn_judge(ber_cursor_t fields, uint32_t outermost_tag);

#endif
