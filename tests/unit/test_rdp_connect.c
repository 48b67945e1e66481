/* test_rdp_connect.c
 * The first message of each side of an RDP connection, recognised by its content.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "portlore/rdp_connect.h"

#include <glib.h>
#include <string.h>

static const uint8_t request[] = { 3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0 };
static const uint8_t confirm[] = { 3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 2, 0, 0, 0 };
static const uint8_t bare[] = { 3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 0, 0 };
static const uint8_t s7[] = { 3, 0, 0, 22, 17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 0x0a, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2 };

static void test_is_rdp(void)
{
    uint8_t cookie[64] = { 3, 0, 0, 0, 0, 0xe0 };
    const char *text = "Cookie: mstshash=user\r\n";

    memcpy(cookie + 11, text, strlen(text)); /* NOLINT(bugprone-not-null-terminated-result) */
    size_t length = 11 + strlen(text);
    cookie[3] = (uint8_t)length;
    cookie[4] = (uint8_t)(length - 5);
    g_assert_true(rdp_connect_recognise(cookie, length));
    g_assert_true(rdp_connect_recognise(request, sizeof request));
    g_assert_true(rdp_connect_recognise(confirm, sizeof confirm));
}

static void test_is_not_rdp(void)
{
    uint8_t data[sizeof request];

    g_assert_false(rdp_connect_recognise(bare, sizeof bare));
    g_assert_false(rdp_connect_recognise(s7, sizeof s7));
    for (size_t length = 0; length < sizeof request; length++) {
        g_assert_false(rdp_connect_recognise(request, length));
    }
    /* Each octet that has to be what it is. */
    static const size_t fixed[] = { 0, 1, 2, 3, 4, 5, 11, 13, 14 };
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
        memcpy(data, request, sizeof data);
        data[fixed[i]] ^= 0x40;
        g_assert_false(rdp_connect_recognise(data, sizeof data));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdp_connect/yes", test_is_rdp);
    g_test_add_func("/rdp_connect/no", test_is_not_rdp);
    return g_test_run();
}
