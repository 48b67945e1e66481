/* rdgudp_order.h
 * The order of RDPEUDP datagrams in one direction, by their own numbers (MS-RDPEUDP sections 2.2.2.4 and 3.1.5.1.4):
 * snSourceStart counts chunks of data, and is the same when a chunk is sent again.
 *
 * Plain: needs no Wireshark. What waits is kept by the caller; here are its numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGUDP_ORDER_H
#define PORTLORE_RDGUDP_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Datagrams that wait for missing ones before them. When there are more, the missing ones are given up. */
#define RDGUDP_ORDER_WAITING 64

/* Begins as all zeros. */
typedef struct {
    bool has_begun;
    bool has_first;
    uint32_t first; /* the number with which the direction begins, with HAS_FIRST */
    uint32_t next;
    uint32_t end; /* behind the highest number so far */
    unsigned count;
    struct {
        uint32_t number;
        void *datagram;
    } waiting[RDGUDP_ORDER_WAITING]; /* in no order */
} rdgudp_order_t;

typedef enum {
    RDGUDP_ORDER_NEXT,  /* goes on where the one before ended */
    RDGUDP_ORDER_EARLY, /* some are missing before it; it waits */
    RDGUDP_ORDER_AGAIN  /* was there before, or comes behind its being given up */
} rdgudp_place_t;

/* The end of this direction has named its initial sequence number. */
void rdgudp_order_set_initial(rdgudp_order_t *order, uint32_t initial);

/* Takes in the next datagram. *MISSING is how many are missing between it and the highest number before. Of
 * RDGUDP_ORDER_EARLY, DATAGRAM waits, and rdgudp_order_is_full() may be true then. */
rdgudp_place_t rdgudp_order_take(rdgudp_order_t *order, uint32_t number, void *datagram, uint32_t *missing);

/* True when nothing more can wait. */
bool rdgudp_order_is_full(const rdgudp_order_t *order);

/* Gives up what is missing before the first of those that wait. How many that are. */
uint32_t rdgudp_order_skip(rdgudp_order_t *order);

/* The datagram that waits and comes next by now; NULL when none does. */
void *rdgudp_order_pop(rdgudp_order_t *order);

#endif
