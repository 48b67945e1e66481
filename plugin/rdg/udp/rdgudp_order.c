/* rdgudp_order.c
 * The order of RDPEUDP datagrams in one direction.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdgudp_order.h"

#include <stddef.h>

/* A number that is farther ahead is of another stream. */
#define FARTHEST 0x10000

void rdgudp_order_set_initial(rdgudp_order_t *order, uint32_t initial)
{
    if (!order->has_begun) {
        order->has_first = true;
        order->first = initial + 1;
    }
}

static void begin(rdgudp_order_t *order, uint32_t number)
{
    order->has_begun = true;
    order->count = 0;
    order->next = order->has_first && number - order->first < RDGUDP_ORDER_WAITING ? order->first : number;
    order->end = order->next;
}

rdgudp_place_t rdgudp_order_take(rdgudp_order_t *order, uint32_t number, void *datagram, uint32_t *missing)
{
    *missing = 0;
    if (!order->has_begun) {
        begin(order, number);
    }
    uint32_t ahead = number - order->next;
    if (ahead > UINT32_MAX / 2) {
        return RDGUDP_ORDER_AGAIN;
    }
    if (ahead > FARTHEST) {
        order->count = 0;
        order->next = order->end = number;
        ahead = 0;
    }
    for (unsigned i = 0; i < order->count; i++) {
        if (order->waiting[i].number == number) {
            return RDGUDP_ORDER_AGAIN;
        }
    }
    if (number - order->end <= FARTHEST) {
        *missing = number - order->end;
        order->end = number + 1;
    }
    if (ahead == 0) {
        order->next++;
        return RDGUDP_ORDER_NEXT;
    }
    if (order->count < RDGUDP_ORDER_WAITING) {
        order->waiting[order->count].number = number;
        order->waiting[order->count].datagram = datagram;
        order->count++;
    }
    return RDGUDP_ORDER_EARLY;
}

bool rdgudp_order_is_full(const rdgudp_order_t *order)
{
    return order->count == RDGUDP_ORDER_WAITING;
}

uint32_t rdgudp_order_skip(rdgudp_order_t *order)
{
    uint32_t lowest = UINT32_MAX;

    for (unsigned i = 0; i < order->count; i++) {
        uint32_t ahead = order->waiting[i].number - order->next;
        lowest = ahead < lowest ? ahead : lowest;
    }
    if (order->count == 0) {
        return 0;
    }
    order->next += lowest;
    return lowest;
}

void *rdgudp_order_pop(rdgudp_order_t *order)
{
    for (unsigned i = 0; i < order->count; i++) {
        if (order->waiting[i].number == order->next) {
            void *datagram = order->waiting[i].datagram;
            order->waiting[i] = order->waiting[--order->count];
            order->next++;
            return datagram;
        }
    }
    return NULL;
}
