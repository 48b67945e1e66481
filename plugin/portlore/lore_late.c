/* lore_late.c
 * A report on every port that is asked for when the file has been read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_late.h"

#include "base/frame_store.h"

/* Of this file, or this dissection of it. */
static struct {
    bool is_started;
    uint32_t last; /* the frame that was learnt from last; 0: none */
} late;

static void start_file(void)
{
    late.is_started = false;
}

void lore_late_init(void)
{
    register_init_routine(start_file);
}

void lore_late_start(void)
{
    if (!frame_store_has_frames()) {
        return;
    }
    late.is_started = true;
    late.last = 0;
}

bool lore_late_is_due(const packet_info *pinfo, const proto_tree *tree)
{
    if (!late.is_started || !PINFO_FD_VISITED(pinfo) || tree == NULL || pinfo->num != late.last + 1) {
        return false;
    }
    late.last = pinfo->num;
    return true;
}
