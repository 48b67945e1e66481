/* harness.c
 * The functions that libFuzzer calls. PORTLORE_FUZZ_TARGET names what is fuzzed, PORTLORE_FUZZ_KEYS a key log file for
 * DTLS.
 *
 * A new session costs far more than an input, so several inputs share one, each with its own addresses. For an input
 * that fails because of the inputs before it, PORTLORE_FUZZ_HISTORY names a folder for all inputs of the session, in
 * order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>

#include <sanitizer/common_interface_defs.h>

#include "link.h"
#include "session.h"
#include "targets.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUTS_PER_SESSION 200

static const target_t *target;
static GBytes *history[INPUTS_PER_SESSION];

static void write_history(void)
{
    const char *folder = getenv("PORTLORE_FUZZ_HISTORY");

    for (uint32_t i = 0; folder != NULL && i <= link_serial && i < INPUTS_PER_SESSION; i++) {
        char *path = g_strdup_printf("%s/%03u", folder, i);
        gsize length;
        const char *octets = g_bytes_get_data(history[i], &length);
        g_file_set_contents(path, octets, (gssize)length, NULL);
        g_free(path);
    }
}

int LLVMFuzzerInitialize(int *argc _U_, char ***argv _U_)
{
    const char *name = getenv("PORTLORE_FUZZ_TARGET");

    target = name != NULL ? target_find(name) : NULL;
    if (target == NULL) {
        fprintf(stderr, "fuzz: PORTLORE_FUZZ_TARGET must name one of:");
        for (unsigned i = 0; target_name(i) != NULL; i++) {
            fprintf(stderr, " %s", target_name(i));
        }
        fprintf(stderr, "\n");
        exit(2);
    }
    session_start(getenv("PORTLORE_FUZZ_KEYS"));
    __sanitizer_set_death_callback(write_history);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (history[link_serial] != NULL) {
        g_bytes_unref(history[link_serial]);
    }
    history[link_serial] = g_bytes_new(data, size);
    target_run(target, data, size, 0);
    if (++link_serial == INPUTS_PER_SESSION) {
        session_forget();
        link_serial = 0;
    }
    return 0;
}
