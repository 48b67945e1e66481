/* fuzz_registry_csv.c
 * Fuzzes the reader of the user's copy of IANA's CSV, which needs nothing of Wireshark.
 *
 * The octets are read behind the head line of the file, so that the rows are reached, and by themselves where they may
 * have one. What is read is looked up at the borders, and every text must be one line of UTF-8.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/registry_csv.h"

#include <glib.h>
#include <string.h>

#define HEAD                                                                                      \
    "Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date," \
    "Modification Date,Reference,Service Code,Unauthorized Use Reported,Assignment Notes\n"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

static void check_text(const char *text)
{
    if (text != NULL && (text[0] == '\0' || strpbrk(text, "\r\n") != NULL || !g_utf8_validate(text, -1, NULL))) {
        g_error("a text is empty, has several lines or is not UTF-8: \"%s\"", text);
    }
}

static void look_up(const registry_csv_t *registry, uint16_t port)
{
    port_registry_entry_t entry;

    for (size_t place = 0; registry_csv_get(registry, port, place, &entry); place++) {
        if (entry.first > port || entry.last < port || place >= 64) {
            g_error("port %u, place %zu: %u to %u", port, place, entry.first, entry.last);
        }
        check_text(entry.service);
        check_text(entry.description);
        check_text(entry.registered);
        check_text(entry.modified);
        check_text(entry.reference);
        check_text(entry.unauthorized);
        check_text(entry.note);
    }
}

static void read_and_look_up(const char *octets, size_t length)
{
    static const uint16_t ports[] = { 0, 1, 7, 80, 443, 1023, 1024, 6000, 49151, 49152, 65534, 65535 };
    char *fault = NULL;
    registry_csv_t *registry = registry_csv_read(octets, length, &fault);

    if ((registry == NULL) != (fault != NULL)) {
        g_error("neither a registry nor a fault, or both");
    }
    for (size_t i = 0; registry != NULL && i < G_N_ELEMENTS(ports); i++) {
        look_up(registry, ports[i]);
    }
    check_text(fault);
    g_free(fault);
    registry_csv_free(registry);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    char *whole = g_malloc(sizeof HEAD - 1 + length);

    memcpy(whole, HEAD, sizeof HEAD - 1);
    if (length > 0) {
        memcpy(whole + sizeof HEAD - 1, octets, length);
    }
    read_and_look_up(whole, sizeof HEAD - 1 + length);
    if (length > 0 && (octets[0] == HEAD[0] || octets[0] == 0xef)) {
        read_and_look_up(whole + sizeof HEAD - 1, length);
    }
    g_free(whole);
    return 0;
}
