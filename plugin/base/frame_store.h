/* frame_store.h
 * What was found out about a frame: put on the first pass, got on every pass. And when all frames have been read.
 *
 * The key. A frame number alone identifies nothing: with a read filter (tshark -2 -R, the GUI's) Wireshark gives the
 * number of a frame that the filter drops to the next frame. So everything hangs on the frame's own frame_data
 * (p_add_proto_data with file scope), which Wireshark drops together with the frame.
 *
 * The life. All of it lives as long as the file. A redissection and tshark's -M begin anew: Wireshark calls the init
 * routines and empties each frame_data.
 *
 * The moment. "Visited" (PINFO_FD_VISITED) says that a frame was dissected before, and so that its state has been
 * written. It does not say that the file has been read to its end: the GUI dissects a frame again as soon as its row
 * shows, while packets are still being captured or loaded. Only frame_store_is_whole() says that.
 *
 * What a read filter drops is evidence: a dropped answer still answers. But it has no row, so nothing may point to it;
 * frame_record_is_shown() tells.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_FRAME_STORE_H
#define PORTLORE_FRAME_STORE_H

#include <epan/packet.h>

#include <stdbool.h>
#include <stdint.h>

/* A frame about which something is known. Lives as long as the file, also when a read filter dropped the frame, so that
 * other state may keep pointers to it. */
typedef struct frame_record frame_record_t;

/* Registers the init routine and the end-of-file routine. PROTO is the id under which records hang on frames: any
 * protocol of ours that puts nothing there by itself. Call once, at registration. */
void frame_store_register(int proto);

/* Looks at a frame, whatever it carries: only so can the store know that a read filter dropped the frame before. Call
 * once for each frame and pass, after all other dissectors (base/observers does). */
void frame_store_observe(packet_info *pinfo);

/* The record of PINFO's frame. On the first pass it is made when there is none; on later passes it is NULL when there
 * is none. */
frame_record_t *frame_store_record(packet_info *pinfo);

/* An owner's number that no protocol's id is: for a module that puts on frames besides its protocol. */
int frame_store_new_owner(void);

/* Puts DATA, which lives as long as the file, behind what OWNER (a protocol's id, or a number of
 * frame_store_new_owner()) has put on the frame so far. First pass only. OWNER's next frame_store_next() in this
 * dissection skips it: it is the caller's already. */
void frame_store_put(packet_info *pinfo, int owner, void *data);

/* Puts DATA of OWNER on an earlier frame, by its RECORD, behind what OWNER has there. First pass only. */
void frame_record_put(frame_record_t *record, int owner, void *data);

/* True when a frame of the file has been read. */
bool frame_store_has_frames(void);

/* As frame_store_put(), on any pass. A report that is asked for when the file has been read finds out on a later pass
 * what was of no interest on the first one; a frame that has no record gets one. */
void frame_store_put_late(packet_info *pinfo, int owner, void *data);

/* What OWNER put on PINFO's frame on the first pass: the first call in a dissection of the frame gives what was put
 * first, and so on. NULL when there is no more: the frame is read otherwise than on the first pass, or there was
 * nothing. */
void *frame_store_next(packet_info *pinfo, int owner);

/* How many items of OWNER this dissection of the frame has put or got so far. */
uint32_t frame_store_count(packet_info *pinfo, int owner);

/* True when Wireshark has read all frames of the file, so that what needs the rest of the file may be said. False while
 * the file is being read or captured, and always where it is read in one pass. */
bool frame_store_is_whole(void);

/* The latest time of a frame that has been read so far, on the first pass. */
const nstime_t *frame_store_latest(void);

/* The frame's number. Names the frame only while frame_record_is_shown(). */
uint32_t frame_record_number(const frame_record_t *record);

/* True when the frame has a row in the list of packets, as far as this can be known: false when a read filter dropped
 * it. The last frame of a file with dropped frames counts as dropped until it is dissected again, since no later frame
 * tells; where a read filter drops the last frame alone, it counts as shown. */
bool frame_record_is_shown(const frame_record_t *record);

#endif
