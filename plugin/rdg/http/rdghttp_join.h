/* rdghttp_join.h
 * Packets over the borders of what carries them: WebSocket messages and chunks end where proxies like, and an RDP
 * stream does not care for DATA packets.
 *
 * Wireshark's reassembly of streams is not exported by 4.0. Here, each call of one direction takes octets and finds
 * out, on the first pass, which units are whole with what earlier calls left; later passes get the same answer. What a
 * joined unit needs is kept once for the file, however many pieces it has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_JOIN_H
#define PORTLORE_RDGHTTP_JOIN_H

#include <epan/packet.h>

#include "base/frame_store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A unit's octets: 0 when it goes on behind the LEFT octets at DATA. Never more than LEFT. */
typedef size_t (*rdghttp_join_unit_t)(const uint8_t *data, size_t left);

typedef struct rdghttp_joint rdghttp_joint_t;

/* One direction of one stream. Begins as all zeros. */
typedef struct {
    rdghttp_joint_t *open; /* of a unit that is not whole yet; NULL between units */
} rdghttp_join_t;

/* What one call brought. */
typedef struct {
    tvbuff_t *tvb;             /* begins with what earlier calls left, when that makes a unit whole now */
    uint32_t carried;          /* octets of it that earlier calls brought */
    uint32_t parts;            /* calls that brought it; 1 without joining */
    uint32_t units;            /* octets of it in whole units; the rest waits for more */
    const frame_record_t *end; /* where the unit that the rest begins becomes whole; NULL as long as it does not */
} rdghttp_joined_t;

/* Takes the next octets of the direction, TVB, which must all be captured. OWNER is a number of frame_store_new_owner()
 * that JOIN and its like have to themselves; NAME is that of the joined octets in Wireshark's bytes pane. Units that
 * would become longer than LONGEST are given up. */
void rdghttp_join_next(rdghttp_join_t *join, int owner, rdghttp_join_unit_t unit, uint32_t longest, tvbuff_t *tvb,
                       packet_info *pinfo, const char *name, rdghttp_joined_t *joined);

/* First pass: octets are missing; what waits for more waits in vain. */
void rdghttp_join_give_up(rdghttp_join_t *join, packet_info *pinfo);

#endif
