/* ndb_text.c
 * The text protocol of MySQL NDB Cluster's management server, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ndb_text.h"

#include <string.h>

/* A line of the message: its text without the line end. */
typedef struct {
    const char *text;
    size_t length;
} line_t;

static const char *const commands[] = {
    "get status",    "get version",     "get nodeid",   "get config",          "get config_v2",    "listen event",
    "stop v2",       "restart node v2", "start backup", "transporter connect", "check connection", "get mgmd nodeid",
    "list sessions", "end session",     "show config",  "dump events",         "set ports",        "bye",
    "start tls",
};

static const char *const replies[] = {
    "node status", "version", "get nodeid reply", "get config reply", "log event reply", "start tls reply",
};

/* The command that other protocols have as well. */
static const char *const common_command = "bye";
/* Sent by itself while nothing else happens. */
static const char *const keepalive = "<PING>";
/* The whole answer to a command that the server does not know, but for the empty line. */
static const char *const unknown_command = "result: Unknown command, '";

/* Takes the next whole line off the octets; false when none ends. The first one may have begun in segments before: then
 * it is put together in JOINED, which has room for NDB_TEXT_LONGEST octets. */
static bool take_line(ndb_text_t *state, char *joined, const uint8_t **data, size_t *length, line_t *line)
{
    const uint8_t *end = *length > 0 ? memchr(*data, '\n', *length) : NULL;

    if (end == NULL) {
        return false;
    }
    line->text = (const char *)*data;
    line->length = (size_t)(end - *data);
    *length -= line->length + 1;
    *data = end + 1;
    if (state->begun > 0 && line->length <= (size_t)(NDB_TEXT_LONGEST - state->begun)) {
        memcpy(joined, state->line, state->begun);
        memcpy(joined + state->begun, line->text, line->length);
        line->text = joined;
        line->length += state->begun;
    }
    state->begun = 0;
    if (line->length > 0 && line->text[line->length - 1] == '\r') {
        line->length--;
    }
    return true;
}

static bool line_is_one_of(const line_t *line, const char *const *words, size_t num_words)
{
    for (size_t i = 0; i < num_words; i++) {
        if (strlen(words[i]) == line->length && memcmp(words[i], line->text, line->length) == 0) {
            return true;
        }
    }
    return false;
}

/* "nodes: 4", "public key: a public key", "type=59": a name of printable octets that starts with none of the separators
 * or a blank, and a separator. */
static bool line_is_pair(const line_t *line)
{
    size_t i = 0;

    while (i < line->length && line->text[i] >= ' ' && line->text[i] < 0x7f && line->text[i] != ':' &&
           line->text[i] != '=') {
        i++;
    }
    return i > 0 && line->text[0] != ' ' && i < line->length && (line->text[i] == ':' || line->text[i] == '=');
}

static bool line_starts_with(const line_t *line, const char *start)
{
    return line->length >= strlen(start) && memcmp(line->text, start, strlen(start)) == 0;
}

/* Takes a line that nothing before it asks for. */
static bool take_first_line(ndb_text_t *state, const line_t *line, bool is_last)
{
    if (is_last && line_is_one_of(line, &keepalive, 1)) {
        state->is_proven = true;
        return true;
    }
    if (line_starts_with(line, unknown_command)) {
        state->place = NDB_TEXT_COMPLAINT;
        state->is_weak = true;
        return true;
    }
    if (line_is_one_of(line, replies, sizeof replies / sizeof replies[0])) {
        state->place = NDB_TEXT_REPLY;
        state->is_weak = true;
        return true;
    }
    if (line_is_one_of(line, commands, sizeof commands / sizeof commands[0])) {
        state->place = NDB_TEXT_COMMAND;
        state->is_weak = line_is_one_of(line, &common_command, 1);
        return true;
    }
    return false;
}

static bool take_empty_line(ndb_text_t *state)
{
    bool is_end = state->place != NDB_TEXT_OUTSIDE && state->place != NDB_TEXT_REPLY;

    state->place = NDB_TEXT_OUTSIDE;
    state->is_proven = state->is_proven || is_end;
    return is_end;
}

static bool take_pair(ndb_text_t *state, const line_t *line)
{
    if (state->place == NDB_TEXT_COMPLAINT || !line_is_pair(line)) {
        return false;
    }
    if (state->place == NDB_TEXT_REPLY) {
        state->place = NDB_TEXT_PAIRS;
        state->is_proven = true;
    }
    return true;
}

static bool take_next_line(ndb_text_t *state, const line_t *line, bool is_last)
{
    if (line->length == 0) {
        return take_empty_line(state);
    }
    return state->place == NDB_TEXT_OUTSIDE ? take_first_line(state, line, is_last) : take_pair(state, line);
}

/* An event reply ends without an empty line where the next one begins. */
static bool is_next_reply(const ndb_text_t *state, const line_t *line)
{
    return state->place == NDB_TEXT_PAIRS && line_is_one_of(line, replies, sizeof replies / sizeof replies[0]);
}

static bool is_start_of(const char *text, size_t length, const char *word)
{
    return length <= strlen(word) && memcmp(text, word, length) == 0;
}

static bool is_start_of_one(const char *text, size_t length, const char *const *words, size_t num_words)
{
    for (size_t i = 0; i < num_words; i++) {
        if (is_start_of(text, length, words[i])) {
            return true;
        }
    }
    return false;
}

/* True when the line that has begun may become one that is expected. */
static bool may_go_on(const ndb_text_t *state)
{
    const bool has_return = state->begun > 0 && state->line[state->begun - 1] == '\r';
    const line_t line = { state->line, (size_t)state->begun - has_return };

    for (size_t i = 0; i < line.length; i++) {
        if (line.text[i] < ' ' || line.text[i] > '~') {
            return false;
        }
    }
    return state->place != NDB_TEXT_OUTSIDE ||
           is_start_of_one(line.text, line.length, commands, sizeof commands / sizeof commands[0]) ||
           is_start_of_one(line.text, line.length, replies, sizeof replies / sizeof replies[0]) ||
           is_start_of(line.text, line.length, keepalive) || is_start_of(line.text, line.length, unknown_command) ||
           line_starts_with(&line, unknown_command);
}

/* Keeps the start of a line. False when it is none. */
static bool keep_start(ndb_text_t *state, const uint8_t *data, size_t length)
{
    if (length > (size_t)(NDB_TEXT_LONGEST - state->begun)) {
        state->begun = 0;
        return false;
    }
    if (length > 0) {
        memcpy(state->line + state->begun, data, length);
        state->begun = (uint8_t)(state->begun + length);
    }
    if (state->begun == 0 || !may_go_on(state)) {
        state->begun = 0;
        return false;
    }
    return true;
}

void ndb_text_forget_line(ndb_text_t *state)
{
    state->begun = 0;
}

bool ndb_text_recognise(ndb_text_t *state, const uint8_t *data, size_t length, bool is_expected)
{
    const bool was_proven = state->is_proven;
    char joined[NDB_TEXT_LONGEST];
    line_t line;
    unsigned lines = 0;
    bool is_broken = false;

    state->is_proven = false;
    while (!is_broken && take_line(state, joined, &data, &length, &line)) {
        lines++;
        state->is_weak = false;
        if (is_next_reply(state, &line)) {
            state->place = NDB_TEXT_REPLY;
        } else if (!take_next_line(state, &line, length == 0)) {
            state->place = NDB_TEXT_OUTSIDE;
            lines = 0;
            is_broken = true;
        }
    }
    const bool has_begun = !is_broken && length > 0 && keep_start(state, data, length);
    const bool is_whole = state->is_proven; /* in this segment */
    state->is_proven = is_whole || was_proven;
    if (lines == 0 && !is_whole) {
        if (!has_begun) {
            state->place = NDB_TEXT_OUTSIDE;
        }
        return has_begun && is_expected;
    }
    return is_whole || !state->is_weak || is_expected;
}
