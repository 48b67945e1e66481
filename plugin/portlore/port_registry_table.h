/* port_registry_table.h
 * The form of IANA's port registry as it is compiled in, and the table that is generated from data/iana.tsv.
 *
 * Only port_registry.c reads the table. Other modules use the functions of port_registry.h, which includes this header
 * for the types.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_PORT_REGISTRY_TABLE_H
#define PORTLORE_PORT_REGISTRY_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* What a row says of its number. The first three are those of RFC 6335 section 6. */
typedef enum {
    PORT_REGISTRY_ASSIGNED,
    PORT_REGISTRY_UNASSIGNED,
    PORT_REGISTRY_RESERVED,
    PORT_REGISTRY_STATELESS /* none of the three in the registry's words, such as "De-registered" */
} port_registry_status_t;

/* Transports of a row: bits. */
enum {
    PORT_REGISTRY_TCP = 0x01,
    PORT_REGISTRY_UDP = 0x02,
    PORT_REGISTRY_SCTP = 0x04,
    PORT_REGISTRY_DCCP = 0x08,
    PORT_REGISTRY_ALL = 0x1f /* the row names no transport, and holds for every one */
};

/* Rows ascend by their numbers, and two rows either have the same numbers or none in common. Texts are given by their
 * places; place 0 is the empty text. */
typedef struct {
    uint16_t first;
    uint16_t last;
    uint32_t description; /* upper half: which of port_registry_words0 to 3; lower half: place in it */
    uint16_t service;     /* place in port_registry_names */
    uint16_t registered;  /* place in port_registry_notes, as the next four */
    uint16_t modified;
    uint16_t reference;
    uint16_t unauthorized;
    uint16_t note;
    uint8_t transports;
    uint8_t status; /* port_registry_status_t */
} port_registry_row_t;

extern const port_registry_row_t port_registry_table[];
extern const size_t port_registry_table_size;
extern const char port_registry_table_as_of[];
extern const char port_registry_names[];
extern const char port_registry_notes[];
extern const char port_registry_words0[];
extern const char port_registry_words1[];
extern const char port_registry_words2[];
extern const char port_registry_words3[];

#endif
