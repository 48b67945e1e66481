/* replay.c
 * replay [--rounds N] TARGET FILE|FOLDER...: runs inputs without libFuzzer: those that the fuzzer once found something
 * with, and the corpus. What goes wrong ends the process with AddressSanitizer's report. Each input is a session. With
 * several rounds, the last must not leave more memory in use than the one before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "targets.h"

/* AddressSanitizer's; gcc comes without the header that declares it. */
size_t count_allocated_octets(void) __asm__("__sanitizer_get_current_allocated_bytes");

/* Octets for each input. Some dozens come and go with newer libraries; what stays of each session is more. */
#define MAX_GROWTH 2UL

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
    int first = argc > 2 && strcmp(argv[1], "--rounds") == 0 ? 3 : 1;
    long rounds = first == 3 ? strtol(argv[2], NULL, 10) : 1;
    const target_t *target = argc > first + 1 ? target_find(argv[first]) : NULL;
    unsigned count = 0;
    size_t used = 0;
    size_t used_before = 0;

    if (target == NULL) {
        fprintf(stderr, "usage: replay [--rounds N] TARGET FILE|FOLDER...\n");
        return 2;
    }
    session_start();
    for (long round = 0; round < rounds; round++) {
        used_before = used;
        count = 0;
        for (int i = first + 1; i < argc; i++) {
            count += replay(target, argv[i]);
        }
        used = count_allocated_octets();
    }
    printf("%s: %u inputs\n", argv[first], count);
    if (rounds > 1 && used > used_before + count * MAX_GROWTH) {
        fprintf(stderr, "replay: %zu octets stay of round %ld\n", used - used_before, rounds);
        return 1;
    }
    return count == 0;
}
