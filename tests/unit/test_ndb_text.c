/* test_ndb_text.c
 * The text protocol of MySQL NDB Cluster's management server, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/ndb_text.h"

#include <glib.h>
#include <string.h>

static bool recognise(const char *text)
{
    ndb_text_t state = { 0 };

    return ndb_text_recognise(&state, (const uint8_t *)text, strlen(text), false);
}

static void test_is_ndb(void)
{
    static const char *const messages[] = {
        "get status\n\n",
        "get version\r\n\r\n",
        "get nodeid\nversion: 524324\npublic key: a public key\nname: \n\n",
        "node status\nnodes: 4\nnode.1.type: NDB\n",
        "log event reply\ntype=0\n",
        "result: Unknown command, 'get weather'\n\n",
        "<PING>\n",
        "get status\n", /* the rest may come in further segments */
        "get config reply\nresult: Ok\n\nTkRCQ09ORlYyAAAA\n\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        g_test_message("%s", messages[i]);
        g_assert_true(recognise(messages[i]));
    }
}

static void test_is_not_ndb(void)
{
    static const char *const messages[] = {
        "",
        "\n",
        "get status",
        "get status\nGET / HTTP/1.1\n",
        "GET /status HTTP/1.1\r\nHost: www.example\r\n\r\n",
        "get weather\n\n",
        "node status\n",
        "node status\n\n",
        "node status\nhello\n",
        "version\n: 4\n",
        " node status\nnodes: 4\n",
        "result: Ok\n\n",
        "result: Unknown command, 'x'\n",
        "<PING>\nmore",
        "bye\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        g_test_message("%s", messages[i]);
        g_assert_false(recognise(messages[i]));
    }
    ndb_text_t state = { 0 };
    g_assert_false(ndb_text_recognise(&state, NULL, 0, true));
    g_assert_false(ndb_text_recognise(&state, (const uint8_t *)"\0\n\0\n", 4, true));
}

/* One line a segment: as typed, or as some clients send. */
static void test_line_by_line(void)
{
    static const struct {
        const char *text;
        bool is_ndb, is_proven;
    } lines[] = {
        { "get nodeid\n", true, false },
        { "version: 524324\n", true, false },
        { "nodetype: 1\n", true, false },
        { "\n", true, true },
        { "\n", false, true },
        { "bye\n", false, true },
        { "\n", true, true },
        { "GET / HTTP/1.1\r\n", false, true },
    };
    ndb_text_t state = { 0 };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_test_message("%s", lines[i].text);
        g_assert_cmpint(ndb_text_recognise(&state, (const uint8_t *)lines[i].text, strlen(lines[i].text), false), ==,
                        lines[i].is_ndb);
        g_assert_cmpint(state.is_proven, ==, lines[i].is_proven);
    }
    /* A reply's first line counts when the other side is known, and alone with its first pair. */
    state = (ndb_text_t){ 0 };
    g_assert_true(ndb_text_recognise(&state, (const uint8_t *)"node status\n", 12, true));
    g_assert_false(state.is_proven);
    state = (ndb_text_t){ 0 };
    g_assert_false(ndb_text_recognise(&state, (const uint8_t *)"node status\n", 12, false));
    g_assert_true(ndb_text_recognise(&state, (const uint8_t *)"nodes: 3\n", 9, false));
    g_assert_true(state.is_proven);
}

/* The octets of a message come in segments of STEP. How many of them were recognised. */
static unsigned recognise_in_pieces(ndb_text_t *state, const char *text, size_t step, bool is_expected)
{
    unsigned found = 0;

    for (size_t i = 0; i < strlen(text); i += step) {
        found += ndb_text_recognise(state, (const uint8_t *)text + i, MIN(step, strlen(text) - i),
                                    is_expected || state->is_proven);
    }
    return found;
}

static void test_octet_by_octet(void)
{
    static const char command[] = "get status\r\n\r\n";
    static const char reply[] = "node status\nnodes: 4\n\n";

    for (size_t step = 1; step < sizeof command; step++) {
        ndb_text_t state = { 0 };
        g_assert_cmpuint(recognise_in_pieces(&state, command, step, false), >, 0);
        g_assert_true(state.is_proven);
        state = (ndb_text_t){ 0 };
        g_assert_cmpuint(recognise_in_pieces(&state, reply, step, false), >, 0);
        g_assert_true(state.is_proven);
        state = (ndb_text_t){ 0 };
        g_assert_cmpuint(recognise_in_pieces(&state, "GET /status HTTP/1.1\r\nHost: a\r\n\r\n", step, false), ==, 0);
        g_assert_false(state.is_proven);
    }
    ndb_text_t state = { 0 };
    g_assert_cmpuint(recognise_in_pieces(&state, command, 1, true), ==, strlen(command));
    /* Octets that are missing, and a line that is too long to be kept. */
    state = (ndb_text_t){ 0 };
    recognise_in_pieces(&state, "get sta", 1, false);
    ndb_text_forget_line(&state);
    recognise_in_pieces(&state, "tus\n\n", 1, false);
    g_assert_false(state.is_proven);
    state = (ndb_text_t){ 0 };
    char *line = g_strdup_printf("get nodeid\nname: %0200d\n\n", 0);
    recognise_in_pieces(&state, line, 7, false);
    g_free(line);
    g_assert_cmpuint(recognise_in_pieces(&state, command, 3, false), >, 0);
    g_assert_true(state.is_proven);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ndb_text/yes", test_is_ndb);
    g_test_add_func("/ndb_text/no", test_is_not_ndb);
    g_test_add_func("/ndb_text/line_by_line", test_line_by_line);
    g_test_add_func("/ndb_text/octet_by_octet", test_octet_by_octet);
    return g_test_run();
}
