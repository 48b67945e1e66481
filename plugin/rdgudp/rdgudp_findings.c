/* rdgudp_findings.c
 * What gives away an exploit of CVE-2020-0609 / CVE-2020-0610, or a scanner that looks for them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_findings.h"

#define MOST_FRAGMENTS 64   /* what a patched gateway takes, of ids and of counts */
#define CONNECT_BUFFER 4096 /* octets */
#define FRAGMENT_MAX 1000   /* octets; fragment i goes to i * 1000 */
#define FRAGMENT_HEADER 6   /* octets that pktLen counts beside the fragment */

unsigned rdgudp_findings_of_fragment(uint16_t packet_length, uint16_t id, uint16_t count, uint16_t length)
{
    unsigned findings = 0;

    if (id > MOST_FRAGMENTS) {
        findings |= RDGUDP_FINDING_0610;
    } else {
        findings |= count > MOST_FRAGMENTS ? RDGUDP_FINDING_SCAN : 0;
        findings |= (uint32_t)id * FRAGMENT_MAX + length > CONNECT_BUFFER ? RDGUDP_FINDING_0609 : 0;
    }
    if (id >= count) {
        findings |= RDGUDP_FINDING_BAD_ID;
    }
    if (length > FRAGMENT_MAX || packet_length != (uint32_t)length + FRAGMENT_HEADER ||
        ((uint32_t)id + 1 < count && length != FRAGMENT_MAX)) {
        findings |= RDGUDP_FINDING_ODD_LENGTH;
    }
    return findings;
}
