/* lore_late.h
 * A report on every port that is asked for when the file has been read, as in a GUI or in sharkd: the packets that were
 * of no interest on the first pass are taken in when Wireshark dissects all of them again for the report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_LORE_LATE_H
#define PORTLORE_LORE_LATE_H

#include <epan/packet.h>

#include <stdbool.h>

/* Registers the init routine: a file that is read from now on needs nothing later. Call once. */
void lore_late_init(void);

/* Every port is of interest from now on. Does nothing while no frame of a file has been read. */
void lore_late_start(void);

/* True when this dissection of a frame that was dissected before is to be learnt from, as on the first pass. That is so
 * once for each frame, and from the first frame on without a gap: a conversation is understood in its order only. A
 * dissection without a tree is passed by, since it names what is on a packet otherwise. Call once for each frame and
 * dissection, whatever the frame carries. */
bool lore_late_is_due(const packet_info *pinfo, const proto_tree *tree);

#endif
