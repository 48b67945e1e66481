/* gtpp_rows.h
 * A row for each charging record, with what became of it: what -z gtpp,records writes out.
 *
 * What the record itself says is kept from its packet, in some fifty octets: most reports are of many records, and are
 * drawn once. What became of the record is looked up when its row is visited, from the judgement of what has been read
 * by then, so that one pass and two come to the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_GTPP_ROWS_H
#define PORTLORE_GTPP_ROWS_H

#include <epan/packet.h>

#include "gtpp_session.h"

enum {
    GTPP_ROW_FRAME,
    GTPP_ROW_TIME,
    GTPP_ROW_CDF,
    GTPP_ROW_CGF,
    GTPP_ROW_PATH,
    GTPP_ROW_REQUEST,
    GTPP_ROW_POSITION,
    GTPP_ROW_KIND,
    GTPP_ROW_NODE,
    GTPP_ROW_LOCAL_SEQ,
    GTPP_ROW_RECORD_SEQ,
    GTPP_ROW_IMSI,
    GTPP_ROW_MSISDN,
    GTPP_ROW_APN,
    GTPP_ROW_CHARGING_ID,
    GTPP_ROW_OPENING,
    GTPP_ROW_DURATION,
    GTPP_ROW_UPLINK,
    GTPP_ROW_DOWNLINK,
    GTPP_ROW_RATING_GROUPS,
    GTPP_ROW_CAUSE,
    GTPP_ROW_FATE,
    GTPP_ROW_DECIDED_IN,
    GTPP_ROW_DELAY,
    GTPP_ROW_AGE,
    GTPP_ROW_DIGEST,
    GTPP_ROW_CUT,
    GTPP_ROW_COLUMNS
};

/* All rows of a report. */
typedef struct gtpp_rows gtpp_rows_t;

/* One of them, while it is visited. */
typedef struct {
    gtpp_rows_t *rows;
    const gtpp_event_t *event; /* the request */
    uint32_t place;            /* of the record in it, from 0 */
    uint32_t has;              /* a bit for each column that CELLS has */
    uint64_t cells[GTPP_ROW_COLUMNS];
} gtpp_row_t;

/* Room for the text of a cell that is made when it is asked for. */
typedef char gtpp_row_text_t[48];

gtpp_rows_t *gtpp_rows_new(void);
void gtpp_rows_free(gtpp_rows_t *rows);

/* Forgets all rows. */
void gtpp_rows_clear(gtpp_rows_t *rows);

/* Adds the record at PLACE, from 0, of a Data Record Transfer Request. Its packet announces such a record, but the
 * capture may lack it. */
void gtpp_rows_add(gtpp_rows_t *rows, packet_info *pinfo, const gtpp_message_tap_t *message, uint32_t place);

/* Calls VISIT for each row, in the order in which they were added. Call gtpp_session_judge() first. */
void gtpp_rows_visit(gtpp_rows_t *rows, void (*visit)(const gtpp_row_t *row, void *data), void *data);

/* The text of a cell: "" where there is none. Numbers that a record may lack are filled up with spaces on the left, so
 * that texts are sorted by value. Valid until the next call for the same rows, or with the same ROOM. */
const char *gtpp_row_cell(const gtpp_row_t *row, unsigned column, gtpp_row_text_t room);

#endif
