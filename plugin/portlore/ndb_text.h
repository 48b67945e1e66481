/* ndb_text.h
 * The text protocol of MySQL NDB Cluster's management server, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_NDB_TEXT_H
#define PORTLORE_NDB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of the start of a line that are kept until its end comes. Longer lines are read when they come in one segment.
 */
#define NDB_TEXT_LONGEST 80

/* How far the text of one side of a connection has come. All zero at its start. */
typedef struct {
    enum {
        NDB_TEXT_OUTSIDE,  /* nothing is open */
        NDB_TEXT_COMMAND,  /* behind the line of a command: pairs, then an empty line */
        NDB_TEXT_REPLY,    /* behind the line of a reply: a pair at least, then an empty line */
        NDB_TEXT_PAIRS,    /* behind the first pair of a reply */
        NDB_TEXT_COMPLAINT /* behind the complaint about an unknown command */
    } place;
    bool is_proven;              /* a whole command, a reply with a pair, or what else only this protocol has */
    bool is_weak;                /* the last line may be another protocol's as well */
    uint8_t begun;               /* octets in .line */
    char line[NDB_TEXT_LONGEST]; /* the start of a line whose end has not come */
} ndb_text_t;

/* True when DATA, the LENGTH octets of a segment, goes on from where STATE stands, which moves on: whole lines, of a
 * command that may come in one segment, line by line, or octet by octet. What follows a whole command or a pair in the
 * same segment may be anything. A segment that ends no line is recognised only when IS_EXPECTED: one of the sides was
 * recognised, so that a line that other protocols have as well counts, too. */
bool ndb_text_recognise(ndb_text_t *state, const uint8_t *data, size_t length, bool is_expected);

/* Octets are missing before the next segment: what it has does not go on from the start of a line. */
void ndb_text_forget_line(ndb_text_t *state);

#endif
