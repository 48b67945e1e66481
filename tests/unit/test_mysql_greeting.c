/* test_mysql_greeting.c
 * The first message of a MySQL server, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/mysql_greeting.h"

#include <glib.h>
#include <string.h>

/* A greeting of that version; returns its length. */
static size_t make(uint8_t *out, const char *version)
{
    static const uint8_t rest[] = { 11,   0,   0,   0,    's',  'a', 'l', 't', 's', 'a', 'l', 't', 0,   0xff, 0xff,
                                    0xff, 2,   0,   0xff, 0xdf, 21,  0,   0,   0,   0,   0,   0,   0,   0,    0,
                                    0,    's', 'a', 'l',  't',  's', 'a', 'l', 't', 's', 'a', 'l', 't', 0 };
    size_t length = 5 + strlen(version) + 1 + sizeof rest;

    memset(out, 0, 5);
    out[0] = (uint8_t)(length - 4);
    out[4] = 10;
    memcpy(out + 5, version, strlen(version) + 1);
    memcpy(out + 5 + strlen(version) + 1, rest, sizeof rest);
    return length;
}

static void test_is_greeting(void)
{
    static const char *const versions[] = { "8.0.36", "5.5.5-10.6.16-MariaDB-0ubuntu0.22.04.1", "10.11.6-MariaDB",
                                            "5.7.44-log" };
    uint8_t data[160];

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        size_t length = make(data, versions[i]);
        g_assert_true(mysql_greeting_recognise(data, length, length));
        /* Cut by a snapshot length behind the capabilities: the rest decides nothing. */
        g_assert_true(mysql_greeting_recognise(data, 5 + strlen(versions[i]) + 1 + 15, length));
        g_assert_false(mysql_greeting_recognise(data, 5 + strlen(versions[i]) + 1 + 14, length));
    }
}

static void test_is_not_greeting(void)
{
    static const char *const versions[] = { "", "8", "v8.0", "HTTP/1.1", "8.0\x01", "10;11" };
    uint8_t data[160];
    size_t length;

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        length = make(data, versions[i]);
        g_assert_false(mysql_greeting_recognise(data, length, length));
    }
    length = make(data, "8.0.36");
    g_assert_false(mysql_greeting_recognise(data, 0, 0));
    g_assert_false(mysql_greeting_recognise(data, length, length + 1));
    g_assert_false(mysql_greeting_recognise(data, length - 1, length - 1));
    /* Length, number, protocol, version's end, filler. */
    static const size_t fixed[] = { 0, 1, 2, 3, 4, 11, 24 };
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
        length = make(data, "8.0.36");
        data[fixed[i]] ^= 0x10;
        g_assert_false(mysql_greeting_recognise(data, length, length));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mysql_greeting/yes", test_is_greeting);
    g_test_add_func("/mysql_greeting/no", test_is_not_greeting);
    return g_test_run();
}
