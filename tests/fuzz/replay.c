/* replay.c
 * replay [OPTION...] TARGET FILE|FOLDER...: runs inputs without libFuzzer. Each input is a session. What goes wrong
 * ends the process with AddressSanitizer's report.
 *
 *     --rounds N    all inputs N times; the last round must not leave more memory in use than the one before it
 *     --cut N,...   each input once for each of these snapshot lengths; prints all exceptions of the plugin's
 * dissectors
 *     --keys FILE   key log for DTLS
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "session.h"
#include "targets.h"

/* AddressSanitizer's; gcc comes without the header that declares it. */
size_t count_allocated_octets(void) __asm__("__sanitizer_get_current_allocated_bytes");

/* Octets for each input. Some dozens come and go with newer libraries; what stays of each session is more. */
#define MAX_GROWTH 2UL

typedef struct {
    const target_t *target;
    char **cuts; /* snapshot lengths */
    long rounds;
    const char *keys;
} options_t;

static unsigned replay_file(const options_t *options, const char *path)
{
    char *octets;
    gsize length;
    unsigned count = 0;

    if (!g_file_get_contents(path, &octets, &length, NULL)) {
        fprintf(stderr, "replay: %s cannot be read.\n", path);
        return 0;
    }
    for (char **cut = options->cuts; *cut != NULL; cut++, count++) {
        /* For the report, if this input fails. */
        fprintf(stderr, **cut == '0' ? "%s\n" : "%s, cut at %s octets\n", path, *cut);
        target_run(options->target, (const uint8_t *)octets, length, (uint32_t)strtoul(*cut, NULL, 10));
        session_forget();
    }
    g_free(octets);
    return count;
}

static unsigned replay(const options_t *options, const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;
    unsigned count = 0;

    if (folder == NULL) {
        return replay_file(options, path);
    }
    while ((name = g_dir_read_name(folder)) != NULL) {
        char *inside = g_build_filename(path, name, NULL);
        count += replay_file(options, inside);
        g_free(inside);
    }
    g_dir_close(folder);
    return count;
}

/* Index of the first argument behind the options; ARGC when they are wrong. */
static int read_options(int argc, char **argv, options_t *options)
{
    int at = 1;

    for (; at + 1 < argc && g_str_has_prefix(argv[at], "--"); at += 2) {
        if (strcmp(argv[at], "--rounds") == 0) {
            options->rounds = strtol(argv[at + 1], NULL, 10);
        } else if (strcmp(argv[at], "--cut") == 0) {
            options->cuts = g_strsplit(argv[at + 1], ",", 0);
            guard_set_fatal(false);
        } else if (strcmp(argv[at], "--keys") == 0) {
            options->keys = argv[at + 1];
        } else {
            return argc;
        }
    }
    options->target = at < argc ? target_find(argv[at]) : NULL;
    return options->target != NULL ? at + 1 : argc;
}

int main(int argc, char **argv)
{
    static char *whole[] = { "0", NULL };
    options_t options = { .cuts = whole, .rounds = 1 };
    const int first = read_options(argc, argv, &options);
    unsigned count = 0;
    size_t used = 0;
    size_t used_before = 0;

    if (first >= argc) {
        fprintf(stderr, "usage: replay [--rounds N] [--cut N,...] [--keys FILE] TARGET FILE|FOLDER...\n");
        return 2;
    }
    session_start(options.keys);
    for (long round = 0; round < options.rounds; round++) {
        used_before = used;
        count = 0;
        for (int i = first; i < argc; i++) {
            count += replay(&options, argv[i]);
        }
        used = count_allocated_octets();
    }
    printf("%s: %u inputs, %u dissectors, %u exceptions\n", argv[first - 1], count, guard_dissectors(),
           guard_findings());
    if (options.rounds > 1 && used > used_before + count * MAX_GROWTH) {
        fprintf(stderr, "replay: %zu octets stay of round %ld\n", used - used_before, options.rounds);
        return 1;
    }
    return count == 0 || guard_findings() != 0;
}
