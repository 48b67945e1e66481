/* command_line.c
 * Which fields the command line of tshark asks for, and whether for anything else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command_line.h"

#include <glib.h>
#include <string.h>

/* Options that take names of fields or protocols: with commas between them. */
static const char options[] = "eOjJ";

/* True when NAMES, with commas between them, has one of the protocols or a field of one. */
static bool has_name(const char *names, const char *const protocols[], size_t count)
{
    while (*names != '\0') {
        for (size_t i = 0; i < count; i++) {
            const size_t length = strlen(protocols[i]);
            if (strncmp(names, protocols[i], length) == 0 &&
                (names[length] == '\0' || strchr("., \t", names[length]))) {
                return true;
            }
        }
        names += strcspn(names, ", \t");
        names += strspn(names, ", \t");
    }
    return false;
}

/* The word at *AT of a command line, which moves behind it; NULL at the end, and where a word has no end. */
static const char *next_word(const char *line, size_t length, size_t *at)
{
    const char *word = line + *at;
    const size_t size = strnlen(word, length - *at);

    if (size == length - *at) {
        return NULL;
    }
    *at += size + 1;
    return word;
}

bool command_line_names_in(const char *line, size_t length, const char *const protocols[], size_t count)
{
    bool is_awaited = false; /* the word before was such an option, alone */
    const char *word;

    for (size_t at = 0; (word = next_word(line, length, &at)) != NULL;) {
        const bool is_option = !is_awaited && word[0] == '-' && word[1] != '\0' && strchr(options, word[1]) != NULL;
        if ((is_awaited && has_name(word, protocols, count)) ||
            (is_option && word[2] != '\0' && has_name(word + 2, protocols, count))) {
            return true;
        }
        is_awaited = is_option && word[2] == '\0';
    }
    return false;
}

bool command_line_prints_fields_in(const char *line, size_t length)
{
    bool is_awaited = false; /* the word before was -T, alone */
    bool prints_fields = false;
    const char *word;
    size_t at = 0;

    while ((word = next_word(line, length, &at)) != NULL) {
        if (is_awaited) {
            prints_fields = strcmp(word, "fields") == 0;
        } else if (strncmp(word, "-T", 2) == 0 && word[2] != '\0') {
            prints_fields = strcmp(word + 2, "fields") == 0;
        }
        is_awaited = !is_awaited && strcmp(word, "-T") == 0;
    }
    return prints_fields && at == length;
}

/* Linux alone has this file. */
static bool read_line(char **line, size_t *length)
{
    return g_file_get_contents("/proc/self/cmdline", line, length, NULL);
}

bool command_line_prints_fields(void)
{
    char *line = NULL;
    size_t length = 0;

    if (!read_line(&line, &length)) {
        return false;
    }
    const bool result = command_line_prints_fields_in(line, length);
    g_free(line);
    return result;
}

bool command_line_names(const char *const protocols[], size_t count)
{
    char *line = NULL;
    size_t length = 0;

    if (!read_line(&line, &length)) {
        return true;
    }
    const bool result = command_line_names_in(line, length, protocols, count);
    g_free(line);
    return result;
}
