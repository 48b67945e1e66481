/* service_side.c
 * Which end of a conversation is the service.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service_side.h"

static bool is_system_port(uint16_t port)
{
    return port_facts_range(port) == PORT_RANGE_SYSTEM;
}

service_side_t service_side_judge(const service_clues_t *clues, bool *certain)
{
    *certain = true;
    if (clues->syn) {
        return clues->ack ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
    }
    if (clues->recognised_by_source != clues->recognised_by_destination) {
        return clues->recognised_by_source ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
    }
    *certain = false;
    if (is_system_port(clues->source_port) != is_system_port(clues->destination_port)) {
        return is_system_port(clues->source_port) ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
    }
    if (clues->transport == TRANSPORT_UDP) {
        return SERVICE_AT_DESTINATION;
    }
    if (clues->source_weight != clues->destination_weight) {
        return clues->source_weight > clues->destination_weight ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
    }
    if (clues->source_weight == 0) {
        return SERVICE_UNKNOWN;
    }
    return clues->source_port < clues->destination_port ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
}
