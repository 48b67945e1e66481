/* cdr_path.h
 * Where in a charging data record a part is: listOfServiceData[2].changeTime.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_CDR_PATH_H
#define PORTLORE_CDR_PATH_H

#include <stdio.h>

#include "cdr_schema.h"

/* Steps that are kept; those of a sound record are fewer. */
#define CDR_PATH_STEPS 40

/* Characters of a path as text, and its end; a longer one is cut. */
#define CDR_PATH_TEXT 128

typedef struct {
    unsigned steps;
    struct {
        uint16_t name; /* CDR_SCHEMA_NONE: an item of a list */
        uint32_t item;
    } step[CDR_PATH_STEPS];
} cdr_path_t;

/* Adds a step; false when there are too many, and nothing is to be taken away. */
static inline bool cdr_path_push(cdr_path_t *path, uint16_t name, uint32_t item)
{
    if (path->steps == CDR_PATH_STEPS) {
        return false;
    }
    path->step[path->steps].name = name;
    path->step[path->steps].item = item;
    path->steps++;
    return true;
}

static inline void cdr_path_pop(cdr_path_t *path)
{
    path->steps--;
}

/* The path as text, as much of it as there is room for. Empty when there are none. */
static inline void cdr_path_print(const cdr_path_t *path, char text[CDR_PATH_TEXT])
{
    size_t length = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < path->steps && length < CDR_PATH_TEXT; i++) {
        const uint16_t name = path->step[i].name;
        int added;
        if (name == CDR_SCHEMA_NONE) {
            added = snprintf(text + length, CDR_PATH_TEXT - length, "[%u]", (unsigned)path->step[i].item);
        } else {
            added = snprintf(text + length, CDR_PATH_TEXT - length, "%s%s", i > 0 ? "." : "",
                             cdr_schema_text + cdr_schema_names[name].name);
        }
        length += added > 0 ? (size_t)added : 0;
    }
}

#endif
