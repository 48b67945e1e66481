/* later_pass.c
 * Whether the program that dissects may come back to a packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "later_pass.h"

/* A program that never turns back keeps the times of three earlier frames at most: the one that times are relative to,
 * the previous one, and the previous one that was displayed. One that does turn back keeps all frames. So among this
 * many, one at least is known to the latter alone. */
#define TELLING_FRAMES 4

static enum { UNKNOWN, POSSIBLE, IMPOSSIBLE } answer;

static void forget(void)
{
    answer = UNKNOWN;
}

void later_pass_init(void)
{
    register_init_routine(forget);
}

static bool are_frames_kept(const packet_info *pinfo)
{
    for (uint32_t number = 1; number <= TELLING_FRAMES; number++) {
        if (!WS_KNOWS_TIME_OF_FRAME(pinfo->epan, number)) {
            return false;
        }
    }
    return true;
}

bool later_pass_is_possible(const packet_info *pinfo)
{
    if (answer == UNKNOWN && pinfo->num > TELLING_FRAMES) {
        answer = are_frames_kept(pinfo) ? POSSIBLE : IMPOSSIBLE;
    }
    return answer != IMPOSSIBLE;
}
