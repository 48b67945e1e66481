/* service_protocols.h
 * Which of Wireshark's protocols stand right above TCP or UDP on the ports of a service of IANA's registry.
 *
 * The table is generated from data/services.tsv, where each row has its source. It has only what is sure: a service
 * that is not in it may have any protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_SERVICE_PROTOCOLS_H
#define PORTLORE_SERVICE_PROTOCOLS_H

#include <stddef.h>
#include <stdint.h>

#include <stdbool.h>

typedef struct {
    char service[16];
    uint8_t transports; /* bits PORT_REGISTRY_TCP, PORT_REGISTRY_UDP */
    char protocols[32]; /* filter names with commas between them */
} service_protocols_row_t;

/* By the names of the services. */
extern const service_protocols_row_t service_protocols_table[];
extern const size_t service_protocols_table_size;

/* The protocols of a service on the transport with the bit TRANSPORT, as "tls" or "http,http2"; NULL when nothing is
 * sure. SERVICE must not be NULL. */
const char *service_protocols_of(const char *service, unsigned transport);

/* True when PROTOCOL is one of the names in a list as above. */
bool service_protocols_has(const char *protocols, const char *protocol);

#endif
