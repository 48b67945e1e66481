/* replay.c
 * replay TARGET FILE|FOLDER...: runs inputs once, without libFuzzer: those that the fuzzer once found something with,
 * and the corpus. What goes wrong ends the process with AddressSanitizer's report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include "session.h"
#include "targets.h"

static unsigned replay_file(const target_t *target, const char *path)
{
    char *octets;
    gsize length;

    if (!g_file_get_contents(path, &octets, &length, NULL)) {
        fprintf(stderr, "replay: %s cannot be read.\n", path);
        return 0;
    }
    /* For the report, should this be the one. */
    fprintf(stderr, "%s\n", path);
    target_run(target, (const uint8_t *)octets, length);
    session_forget();
    g_free(octets);
    return 1;
}

static unsigned replay(const target_t *target, const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;
    unsigned count = 0;

    if (folder == NULL) {
        return replay_file(target, path);
    }
    while ((name = g_dir_read_name(folder)) != NULL) {
        char *inside = g_build_filename(path, name, NULL);
        count += replay_file(target, inside);
        g_free(inside);
    }
    g_dir_close(folder);
    return count;
}

int main(int argc, char **argv)
{
    const target_t *target = argc > 2 ? target_find(argv[1]) : NULL;
    unsigned count = 0;

    if (target == NULL) {
        fprintf(stderr, "usage: replay TARGET FILE|FOLDER...\n");
        return 2;
    }
    session_start();
    for (int i = 2; i < argc; i++) {
        count += replay(target, argv[i]);
    }
    printf("%s: %u inputs\n", argv[1], count);
    return count == 0;
}
