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
    "get status",
    "get version",
    "get nodeid",
    "get config",
    "listen event",
    "stop v2",
    "restart node v2",
    "start backup",
    "transporter connect",
    "check connection",
    "get mgmd nodeid",
    "list sessions",
    "end session",
    "show config",
    "dump events",
    "set ports",
    "bye",
    "start tls",
};

static const char *const replies[] = {
    "node status", "version", "get nodeid reply", "get config reply", "log event reply", "start tls reply",
};

/* Sent by itself while nothing else happens. */
static const char *const keepalive = "<PING>";
/* The whole answer to a command that the server does not know, but for the empty line. */
static const char *const unknown_command = "result: Unknown command, '";

/* Takes the next whole line off the octets; false when none ends. */
static bool take_line(const uint8_t **data, size_t *length, line_t *line)
{
    const uint8_t *end = *length > 0 ? memchr(*data, '\n', *length) : NULL;

    if (end == NULL) {
        return false;
    }
    line->text = (const char *)*data;
    line->length = (size_t)(end - *data);
    *length -= line->length + 1;
    *data = end + 1;
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

bool ndb_text_recognise(const uint8_t *data, size_t length)
{
    line_t line;

    if (!take_line(&data, &length, &line)) {
        return false;
    }
    if (length == 0 && line_is_one_of(&line, &keepalive, 1)) {
        return true;
    }
    if (line_starts_with(&line, unknown_command)) {
        return take_line(&data, &length, &line) && line.length == 0;
    }
    if (line_is_one_of(&line, replies, sizeof replies / sizeof replies[0])) {
        return take_line(&data, &length, &line) && line_is_pair(&line);
    }
    if (!line_is_one_of(&line, commands, sizeof commands / sizeof commands[0])) {
        return false;
    }
    while (take_line(&data, &length, &line)) {
        if (line.length == 0) {
            return true;
        }
        if (!line_is_pair(&line)) {
            return false;
        }
    }
    return false;
}
