/* service_side.c
 * Which end of a conversation is the service.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service_side.h"

#define FIRST_CLIENTS_PORT 32768

bool service_side_is_clients_port(uint16_t port)
{
    return port >= FIRST_CLIENTS_PORT;
}

static bool is_system_port(uint16_t port)
{
    return port_facts_range(port) == PORT_RANGE_SYSTEM;
}

/* What proves it; SERVICE_UNKNOWN when nothing does. */
static service_side_t find_proof(const service_clues_t *clues)
{
    if (clues->syn) {
        return clues->ack ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
    }
    if (clues->is_scan) {
        return SERVICE_AT_DESTINATION;
    }
    if (clues->recognised_by_source != clues->recognised_by_destination) {
        return clues->recognised_by_source ? SERVICE_AT_SOURCE : SERVICE_AT_DESTINATION;
    }
    return SERVICE_UNKNOWN;
}

static bool goes_to_service(const service_clues_t *clues)
{
    if (clues->source_port == clues->destination_port) {
        return true;
    }
    return clues->transport == TRANSPORT_UDP && service_side_is_clients_port(clues->source_port) &&
           !service_side_is_clients_port(clues->destination_port) && clues->source_weight < clues->destination_weight;
}

static service_side_t guess(const service_clues_t *clues)
{
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

service_side_t service_side_judge(const service_clues_t *clues, service_certainty_t *certainty)
{
    service_side_t side = find_proof(clues);

    *certainty = SERVICE_PROVEN;
    if (side != SERVICE_UNKNOWN) {
        return side;
    }
    if (goes_to_service(clues)) {
        *certainty = SERVICE_LIKELY;
        return SERVICE_AT_DESTINATION;
    }
    *certainty = SERVICE_GUESSED;
    return guess(clues);
}
