/* rdgudp_findings.h
 * What gives away an exploit of CVE-2020-0609 / CVE-2020-0610, or a scanner that looks for them.
 *
 * A Windows client sends a CONNECT_PKT of some 1870 octets in two fragments of up to 1000. The rules are made so that
 * it never trips one: not by repeating fragments, not by padding the first, not with up to five fragments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_FINDINGS_H
#define PORTLORE_RDGUDP_FINDINGS_H

#include <stdint.h>

enum {
    RDGUDP_FINDING_0610 = 1 << 0,       /* id over 64: writes outside the table of fragments */
    RDGUDP_FINDING_SCAN = 1 << 1,       /* count over 64, id not: how scanners ask whether the gateway is patched */
    RDGUDP_FINDING_0609 = 1 << 2,       /* ends beyond the buffer of 4096 octets, id 64 at most */
    RDGUDP_FINDING_BAD_ID = 1 << 3,     /* id not below the count */
    RDGUDP_FINDING_ODD_LENGTH = 1 << 4, /* over 1000 octets, not the last and not 1000, or not what pktLen says */
    RDGUDP_FINDING_CLEAR = 1 << 5,      /* a fragment without DTLS */
    RDGUDP_FINDING_UNEXPECTED = 1 << 6  /* CONNECT_PKT_RESP with E_UNEXPECTED: how a patched gateway refuses */
};

#define RDGUDP_E_UNEXPECTED 0x8000ffff

/* Findings that make the channel one of an exploit or a scanner. */
#define RDGUDP_FINDINGS_EXPLOIT \
    (RDGUDP_FINDING_0610 | RDGUDP_FINDING_SCAN | RDGUDP_FINDING_0609 | RDGUDP_FINDING_BAD_ID | RDGUDP_FINDING_CLEAR)

/* The findings (a set of the above) of a CONNECT_PKT_FRAGMENT inside DTLS: pktLen of its header, usFragmentID,
 * usNoOfFragments and cbFragmentLength, any values. */
unsigned rdgudp_findings_of_fragment(uint16_t packet_length, uint16_t id, uint16_t count, uint16_t length);

#endif
