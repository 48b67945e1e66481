/* test_rdg_cookie.c
 * The authentication cookie.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/rdg_cookie.h"

#include <glib.h>
#include <string.h>

/* SignedData around TEXT, as far as it is read; its length. */
static size_t build_cookie(const char *text, size_t octets, uint8_t *out)
{
    static const uint8_t head[] = { 0x30, 0x82, 0, 0, 6, 1, 42, 0xa0, 0x82, 0, 0, 0x30, 0x82, 0, 0, 2, 1, 1, 0x31, 0,
                                    0x30, 0x82, 0, 0, 6, 1, 43, 0xa0, 0x82, 0, 0, 4,    0x82, 0, 0 };
    static const size_t lengths[] = { 2, 9, 13, 22, 29, 33 };
    size_t total = sizeof head + octets;

    memcpy(out, head, sizeof head);
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        size_t inside = total - lengths[i] - 2;
        out[lengths[i]] = (uint8_t)(inside >> 8);
        out[lengths[i] + 1] = (uint8_t)inside;
    }
    memset(out + sizeof head, 0, octets);
    for (size_t i = 0; i < octets / 2 && text[i] != '\0'; i++) {
        out[sizeof head + 2 * i] = (uint8_t)text[i];
    }
    return total;
}

static bool read_cookie(const char *text, rdg_cookie_t *cookie)
{
    uint8_t octets[1024];
    size_t length = build_cookie(text, 2 * (strlen(text) + 1), octets);
    uint8_t *copy = g_memdup2(octets, length);
    bool result = rdg_cookie_read(copy, length, cookie);

    g_free(copy);
    return result;
}

static void test_cookie(void)
{
    rdg_cookie_t cookie;
    int64_t seconds;
    uint32_t nanoseconds;

    g_assert_true(read_cookie("UDPCOOKIE;E\\u;133598446002690377;10.0.0.1;host;3389", &cookie));
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_SCHEME].length, ==, 18);
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].offset, ==, cookie.text + 20);
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].length, ==, 6);
    g_assert_true(cookie.has_port && cookie.has_expiry);
    g_assert_cmpuint(cookie.port, ==, 3389);
    g_assert_true(rdg_cookie_time(cookie.expiry, &seconds, &nanoseconds));
    g_assert_cmpint(seconds, ==, 1715371000);
    g_assert_cmpuint(nanoseconds, ==, 269037700);
    g_assert_false(rdg_cookie_time(1, &seconds, &nanoseconds));

    g_assert_true(read_cookie(";;;;;", &cookie));
    g_assert_false(cookie.has_port || cookie.has_expiry);
    g_assert_true(read_cookie("a;b;99999999999999999999999;d;e;65536", &cookie));
    g_assert_false(cookie.has_port || cookie.has_expiry);
    g_assert_true(read_cookie("a;b;1x;d;e;65535", &cookie));
    g_assert_true(cookie.has_port && !cookie.has_expiry);
    g_assert_false(read_cookie("a;b;c;d;e", &cookie));
    g_assert_false(read_cookie("a;b;c;d;e;f;g", &cookie));
}

/* Semicolons of its own have a place in the user's name alone, and only the numbers prove where it ends. */
static void test_cookie_semicolons(void)
{
    rdg_cookie_t cookie;

    g_assert_true(read_cookie("UDPCOOKIE;E\\a;b;133598446002690377;10.0.0.1;host;3389", &cookie));
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].offset, ==, cookie.text + 20);
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].length, ==, 10);
    g_assert_cmpuint(cookie.expiry, ==, 133598446002690377);
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_TARGET_NAME].length, ==, 8);
    g_assert_cmpuint(cookie.port, ==, 3389);
    g_assert_true(read_cookie("UDPCOOKIE;;;;1;2;10.0.0.1;host;3389", &cookie));
    g_assert_cmpuint(cookie.parts[RDG_COOKIE_USER].length, ==, 8);
    g_assert_cmpuint(cookie.expiry, ==, 2);
    g_assert_false(read_cookie("UDPCOOKIE;user;133598446002690377;10.0.0.1;ho;st;3389", &cookie));
    g_assert_false(read_cookie("UDPCOOKIE;user;133598446002690377;10.0.0.1;host;3389;more", &cookie));
}

static void test_cookie_cut(void)
{
    static const char text[] = "UDPCOOKIE;E\\u;133598446002690377;10.0.0.1;host;3389";
    uint8_t octets[1024];
    size_t length = build_cookie(text, 2 * sizeof text, octets);
    rdg_cookie_t cookie;

    g_assert_true(rdg_cookie_read(octets, length, &cookie));
    for (size_t size = 0; size < length; size++) {
        uint8_t *cut = g_memdup2(octets, size);
        g_assert_false(rdg_cookie_read(cut, size, &cookie));
        g_free(cut);
    }
    /* An odd number of octets is no UTF-16. */
    length = build_cookie(text, 2 * sizeof text - 1, octets);
    g_assert_false(rdg_cookie_read(octets, length, &cookie));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdg_cookie/semicolons", test_cookie_semicolons);
    g_test_add_func("/rdg_cookie/whole", test_cookie);
    g_test_add_func("/rdg_cookie/cut", test_cookie_cut);
    return g_test_run();
}
