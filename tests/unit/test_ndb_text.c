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
    return ndb_text_recognise((const uint8_t *)text, strlen(text));
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
        "get status\n",
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
    g_assert_false(ndb_text_recognise(NULL, 0));
    g_assert_false(ndb_text_recognise((const uint8_t *)"\0\n\0\n", 4));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ndb_text/yes", test_is_ndb);
    g_test_add_func("/ndb_text/no", test_is_not_ndb);
    return g_test_run();
}
