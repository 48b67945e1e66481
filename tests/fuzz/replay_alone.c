/* replay_alone.c
 * replay_TARGET FILE|FOLDER...: runs inputs of a target that needs nothing of Wireshark, without libFuzzer. What goes
 * wrong ends the process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

static unsigned replay(const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    char *octets;
    gsize length;
    unsigned count = 0;

    if (folder == NULL) {
        if (!g_file_get_contents(path, &octets, &length, NULL)) {
            fprintf(stderr, "%s cannot be read.\n", path);
            return 0;
        }
        /* For the report, if this input fails. */
        fprintf(stderr, "%s\n", path);
        LLVMFuzzerTestOneInput((const uint8_t *)octets, length);
        g_free(octets);
        return 1;
    }
    for (const char *name = g_dir_read_name(folder); name != NULL; name = g_dir_read_name(folder)) {
        char *inside = g_build_filename(path, name, NULL);
        count += replay(inside);
        g_free(inside);
    }
    g_dir_close(folder);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++) {
        count += replay(argv[i]);
    }
    printf("%s: %u inputs\n", argv[0], count);
    return count > 0 ? 0 : 1;
}
