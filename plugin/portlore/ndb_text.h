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

/* How far the text of one side of a connection has come. All zero at its start. */
typedef struct {
    enum {
        NDB_TEXT_OUTSIDE,  /* nothing is open */
        NDB_TEXT_COMMAND,  /* behind the line of a command: pairs, then an empty line */
        NDB_TEXT_REPLY,    /* behind the line of a reply: a pair at least, then an empty line */
        NDB_TEXT_PAIRS,    /* behind the first pair of a reply */
        NDB_TEXT_COMPLAINT /* behind the complaint about an unknown command */
    } place;
    bool is_proven; /* a whole command, a reply with a pair, or what else only this protocol has */
    bool is_weak;   /* the last line may be another protocol's as well */
} ndb_text_t;

/* True when DATA, the LENGTH octets of a segment, goes on from where STATE stands, which moves on: whole lines, of a
 * command that may come in one segment or line by line. What follows a whole command or a pair in the same segment may
 * be anything. IS_EXPECTED: the other side was recognised, so that a line that other protocols have as well counts. */
bool ndb_text_recognise(ndb_text_t *state, const uint8_t *data, size_t length, bool is_expected);

#endif
