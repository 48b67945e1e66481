/* packet-cdr.h
 * The protocol cdr: charging data records (3GPP TS 32.298).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PACKET_CDR_H
#define PORTLORE_PACKET_CDR_H

void proto_register_cdr(void);
void proto_reg_handoff_cdr(void);

#endif
