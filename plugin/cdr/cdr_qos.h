/* cdr_qos.h
 * The quality of service in charging data records of packet switched domains, as text.
 *
 * Works on octets alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_QOS_H
#define PORTLORE_CDR_QOS_H

#include <wireshark.h>
#include <wsutil/wmem/wmem.h>

/* QoSInformation: the octet of allocation and retention priority, then the Quality of service of 3GPP TS 24.008 section
 * 10.5.6.5 from its third octet on, as many as there are. NULL when there are none. */
const char *cdr_qos_explain(wmem_allocator_t *pool, const uint8_t *octets, size_t length);

#endif
