/* service_protocols.c
 * Which of Wireshark's protocols stand right above TCP or UDP on the ports of a service.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service_protocols.h"

#include <string.h>

const char *service_protocols_of(const char *service, unsigned transport)
{
    size_t low = 0;
    size_t high = service_protocols_table_size;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(service_protocols_table[middle].service, service) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < service_protocols_table_size && strcmp(service_protocols_table[low].service, service) == 0; low++) {
        if (service_protocols_table[low].transports & transport) {
            return service_protocols_table[low].protocols;
        }
    }
    return NULL;
}

bool service_protocols_has(const char *protocols, const char *protocol)
{
    const size_t length = strlen(protocol);

    for (const char *name = protocols; name != NULL; name = strchr(name, ',')) {
        name += *name == ',';
        if (length > 0 && strncmp(name, protocol, length) == 0 && (name[length] == ',' || name[length] == '\0')) {
            return true;
        }
    }
    return false;
}
