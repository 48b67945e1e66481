/* rdghttp_join.c
 * Packets over the borders of what carries them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_join.h"

#include <wsutil/wmem/wmem.h>
#include <epan/wmem_scopes.h>

#include <string.h>

/* The octets of one unit, and of what comes in the same call behind it. Only appended to. */
struct rdghttp_joint {
    uint8_t *octets;
    uint32_t length;
    uint32_t room;
    uint32_t parts;
    frame_record_t *end; /* NULL as long as the unit is not whole */
};

/* What is kept of a call. */
typedef struct {
    rdghttp_joint_t *before; /* the octets that it was joined to; NULL for none */
    uint32_t length;        /* octets of the call itself */
    uint32_t carried;
    uint32_t parts;
    uint32_t units;         /* of the joined octets; 0 when no unit became whole */
    rdghttp_joint_t *after; /* what its rest waits in */
} piece_t;

static void append(rdghttp_joint_t *joint, const uint8_t *data, uint32_t length)
{
    if (length > joint->room - joint->length) {
        uint32_t room = joint->room * 2 > joint->length + length ? joint->room * 2 : joint->length + length;
        joint->octets = wmem_realloc(wmem_file_scope(), joint->octets, room);
        joint->room = room;
    }
    memcpy(joint->octets + joint->length, data, length);
    joint->length += length;
    joint->parts++;
}

/* The octets of whole units at DATA. */
static uint32_t count_units(rdghttp_join_unit_t unit, const uint8_t *data, uint32_t length)
{
    uint32_t at = 0;

    while (at < length) {
        size_t size = unit(data + at, length - at);
        if (size == 0) {
            break;
        }
        at += (uint32_t)size;
    }
    return at;
}

/* First pass. */
static piece_t *take(rdghttp_join_t *join, rdghttp_join_unit_t unit, uint32_t longest, const uint8_t *data,
                     uint32_t length, packet_info *pinfo)
{
    piece_t *piece = wmem_new0(wmem_file_scope(), piece_t);

    piece->before = join->open;
    piece->length = length;
    piece->parts = 1;
    if (join->open != NULL) {
        piece->carried = join->open->length;
        append(join->open, data, length);
        piece->parts = join->open->parts;
        data = join->open->octets;
        length = join->open->length;
    }
    piece->units = count_units(unit, data, length);
    if (piece->units == 0 && piece->before != NULL) {
        piece->after = join->open;
        join->open = length <= longest ? join->open : NULL;
        return piece;
    }
    if (join->open != NULL) {
        join->open->end = frame_store_record(pinfo);
        join->open = NULL;
    }
    if (piece->units < length && length - piece->units <= longest) {
        join->open = wmem_new0(wmem_file_scope(), rdghttp_joint_t);
        append(join->open, data + piece->units, length - piece->units);
        piece->after = join->open;
    }
    return piece;
}

void rdghttp_join_next(rdghttp_join_t *join, int owner, rdghttp_join_unit_t unit, uint32_t longest, tvbuff_t *tvb,
                       packet_info *pinfo, const char *name, rdghttp_joined_t *joined)
{
    uint32_t length = tvb_captured_length(tvb);
    const uint8_t *data = tvb_get_ptr(tvb, 0, (int)length);
    piece_t *piece;

    *joined = (rdghttp_joined_t){ .tvb = tvb, .parts = 1 };
    if (PINFO_FD_VISITED(pinfo)) {
        piece = frame_store_next(pinfo, owner);
    } else {
        piece = take(join, unit, longest, data, length, pinfo);
        frame_store_put(pinfo, owner, piece);
    }
    /* A later pass may cut the frame into other calls than the first one did, where Wireshark hands it on in another
     * way: what was kept is then that of other octets. */
    if (piece == NULL || piece->length != length) {
        joined->units = count_units(unit, data, length);
        return;
    }
    joined->end = piece->after != NULL ? piece->after->end : NULL;
    joined->units = piece->units;
    if (piece->before != NULL && piece->units > 0) {
        /* All of its octets of this call: what came into the joint later is another call's. */
        uint32_t all = piece->carried + length;
        joined->tvb = tvb_new_child_real_data(tvb, piece->before->octets, all, (int)all);
        add_new_data_source(pinfo, joined->tvb, name);
        joined->carried = piece->carried;
        joined->parts = piece->parts;
    }
}

void rdghttp_join_give_up(rdghttp_join_t *join, packet_info *pinfo)
{
    if (!PINFO_FD_VISITED(pinfo)) {
        join->open = NULL;
    }
}
