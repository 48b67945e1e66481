/* gtpp_fragments.h
 * IP fragments of datagrams that may be GTP' messages, of which the capture lacks others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_FRAGMENTS_H
#define PORTLORE_GTPP_FRAGMENTS_H

/* Registers the state of a file. Call once, at registration. */
void gtpp_fragments_register(void);

/* The packet that is dissected is a first fragment, which IP hands on alone: the others belong to a message that is
 * read. */
void gtpp_fragments_expect(void);

/* From now on every packet is looked at, while the protocol PROTO is enabled. Call at handoff. */
void gtpp_fragments_start(int proto);

#endif
