/* test_rdghttp_ntlm.c
 * Who a client says that it is: NTLM's AUTHENTICATE_MESSAGE and Basic's credentials.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include <string.h>

#include "rdg/http/rdghttp_ntlm.h"

#define DOMAIN_FIELD 28
#define USER_FIELD 36
#define FLAGS_FIELD 60
#define SIZE 96

static void put_name(uint8_t *message, size_t field, uint8_t length, uint8_t offset)
{
    message[field] = length;
    message[field + 2] = length;
    message[field + 4] = offset;
}

/* Domain AB at 64, user XYZ at 68, behind LEAD other octets. */
static void make(uint8_t *token, size_t lead)
{
    uint8_t *message = token + lead;

    memset(token, 0x60, lead);
    memset(message, 0, SIZE);
    memcpy(message, "NTLMSSP\0\3", 9);
    put_name(message, DOMAIN_FIELD, 4, 64);
    put_name(message, USER_FIELD, 6, 68);
    message[FLAGS_FIELD] = 1;
    memcpy(message + 64, "A\0B\0X\0Y\0Z", 10);
}

static void test_names(void)
{
    for (size_t lead = 0; lead < 20; lead += 19) {
        uint8_t token[SIZE + 19];
        rdghttp_ntlm_t names;

        make(token, lead);
        g_assert_true(rdghttp_ntlm_read(token, lead + SIZE, &names));
        g_assert_cmpuint(names.domain.offset, ==, lead + 64);
        g_assert_cmpuint(names.domain.length, ==, 4);
        g_assert_cmpuint(names.user.offset, ==, lead + 68);
        g_assert_cmpuint(names.user.length, ==, 6);
    }
}

static void test_no_names(void)
{
    uint8_t token[SIZE];
    rdghttp_ntlm_t names;

    make(token, 0);
    g_assert_true(rdghttp_ntlm_read(token, 74, &names));
    for (size_t length = 0; length < 74; length++) {
        g_assert_false(rdghttp_ntlm_read(token, length, &names)); /* the user's name is cut */
    }
    token[8] = 1; /* another message */
    g_assert_false(rdghttp_ntlm_read(token, SIZE, &names));
    make(token, 0);
    token[FLAGS_FIELD] = 2; /* names in another character set */
    g_assert_false(rdghttp_ntlm_read(token, SIZE, &names));
    make(token, 0);
    put_name(token, USER_FIELD, 0, 68); /* anonymous */
    g_assert_false(rdghttp_ntlm_read(token, SIZE, &names));
    make(token, 0);
    put_name(token, USER_FIELD, 5, 68); /* half a character */
    g_assert_false(rdghttp_ntlm_read(token, SIZE, &names));
    make(token, 0);
    memset(token + DOMAIN_FIELD + 4, 0xff, 4); /* far outside */
    g_assert_false(rdghttp_ntlm_read(token, SIZE, &names));
}

static void test_basic(void)
{
    static const uint8_t text[] = "user:pass:word";

    g_assert_cmpuint(rdghttp_ntlm_basic_user(text, sizeof text - 1), ==, 4);
    g_assert_cmpuint(rdghttp_ntlm_basic_user(text, 4), ==, 0);
    g_assert_cmpuint(rdghttp_ntlm_basic_user(text + 4, 5), ==, 0);
    g_assert_cmpuint(rdghttp_ntlm_basic_user(text, 0), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdghttp_ntlm/names", test_names);
    g_test_add_func("/rdghttp_ntlm/no_names", test_no_names);
    g_test_add_func("/rdghttp_ntlm/basic", test_basic);
    return g_test_run();
}
