/* test_ber.c
 * Elements of a BER encoding.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ber.h"

#include <glib.h>
#include <string.h>

/* The octets of a literal and their number, without the final zero. */
#define OCTETS(literal) (literal), sizeof(literal) - 1

/* Reads the first of the elements in LENGTH octets, of which CAPTURED are there, in memory that ends with them. */
static ber_status_t read_first(const char *octets, size_t length, size_t captured, ber_element_t *element,
                               const char **text)
{
    uint8_t *copy = g_memdup2(octets, captured);
    ber_cursor_t cursor = { .data = copy, .captured = captured, .offset = 0, .end = length };

    *text = NULL;
    const ber_status_t status = ber_read_element(&cursor, element, text);
    g_assert_cmpuint(cursor.offset, <=, length);
    if (status != BER_OK) {
        g_assert_cmpuint(cursor.offset, ==, length);
    }
    g_free(copy);
    return status;
}

static ber_status_t read_whole(const char *octets, size_t length, ber_element_t *element, const char **text)
{
    return read_first(octets, length, length, element, text);
}

/* Short and long forms of tag and length. */
static void test_forms(void)
{
    static const struct {
        const char *octets;
        size_t size;
        uint8_t tag_class;
        bool constructed;
        uint32_t tag;
        size_t value;
        size_t length;
    } forms[] = {
        { OCTETS("\x02\x01\x05"), BER_UNIVERSAL, false, BER_INTEGER, 2, 1 },
        { OCTETS("\x30\x00"), BER_UNIVERSAL, true, BER_SEQUENCE, 2, 0 },
        { OCTETS("\x9e\x02\x01\x02"), BER_CONTEXT, false, 30, 2, 2 },
        { OCTETS("\xbf\x4f\x01\x00"), BER_CONTEXT, true, 79, 3, 1 },
        { OCTETS("\x9f\x81\x48\x01\x00"), BER_CONTEXT, false, 200, 4, 1 },
        { OCTETS("\x80\x81\x02\x01\x02"), BER_CONTEXT, false, 0, 3, 2 },
        { OCTETS("\x80\x84\x00\x00\x00\x01\x07"), BER_CONTEXT, false, 0, 6, 1 },
        { OCTETS("\x80\x88\x00\x00\x00\x00\x00\x00\x00\x01\x07"), BER_CONTEXT, false, 0, 10, 1 },
    };
    ber_element_t element;
    const char *text;

    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_assert_cmpint(read_whole(forms[i].octets, forms[i].size, &element, &text), ==, BER_OK);
        g_assert_cmpuint(element.start, ==, 0);
        g_assert_cmpuint(element.tag_class, ==, forms[i].tag_class);
        g_assert_true(element.constructed == forms[i].constructed);
        g_assert_cmpuint(element.tag, ==, forms[i].tag);
        g_assert_cmpuint(element.value, ==, forms[i].value);
        g_assert_cmpuint(element.length, ==, forms[i].length);
        g_assert_false(element.indefinite);
    }
}

/* What cannot be read, and why. */
static void test_bad_starts(void)
{
    static const struct {
        const char *octets;
        size_t size;
        const char *text;
    } bad[] = {
        { OCTETS("\x80"), "its identifier or length is incomplete" },
        { OCTETS("\x9f\x81"), "its identifier or length is incomplete" },
        { OCTETS("\x80\x82\x01"), "its identifier or length is incomplete" },
        { OCTETS("\x9f\x90\x80\x80\x80\x00\x00"), "its tag number is too long" },
        { OCTETS("\x9f\x80\x80\x80\x80\x80\x01\x00"), "its tag number is too long" },
        { OCTETS("\x80\x80\x00\x00"), "it is primitive and of indefinite length" },
        { OCTETS("\x80\xff\x00"), "its length octet is FF, which is reserved" },
    };
    ber_element_t element;
    const char *text;

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_cmpint(read_whole(bad[i].octets, bad[i].size, &element, &text), ==, BER_BAD_START);
        g_assert_cmpstr(text, ==, bad[i].text);
    }
    g_assert_cmpint(read_whole("", 0, &element, &text), ==, BER_END);
}

/* A length that is too large reaches to the end of the container, and does not wrap to a small one. */
static void test_bad_lengths(void)
{
    ber_element_t element;
    const char *text;

    g_assert_cmpint(read_whole(OCTETS("\x80\x03\x01\x02"), &element, &text), ==, BER_BAD_LENGTH);
    g_assert_cmpuint(element.length, ==, 2);
    g_assert_cmpstr(text, ==, "its length runs past the end of what contains it");
    g_assert_cmpint(read_whole(OCTETS("\x80\x89\x01\x00\x00\x00\x00\x00\x00\x00\x01\x07"), &element, &text), ==,
                    BER_BAD_LENGTH);
    g_assert_cmpuint(element.length, ==, 1);
    g_assert_cmpint(read_whole(OCTETS("\x80\x85\x01\x00\x00\x00\x01\x07"), &element, &text), ==, BER_BAD_LENGTH);
}

static void test_indefinite(void)
{
    ber_element_t element;
    const char *text;

    /* [0] { [1] { INTEGER }, of indefinite length both. */
    g_assert_cmpint(read_whole(OCTETS("\xa0\x80\xa1\x80\x02\x01\x05\x00\x00\x00\x00\x04\x00"), &element, &text), ==,
                    BER_OK);
    g_assert_true(element.indefinite);
    g_assert_cmpuint(element.value, ==, 2);
    g_assert_cmpuint(element.length, ==, 7);

    g_assert_cmpint(read_whole(OCTETS("\xa0\x80\x02\x01\x05"), &element, &text), ==, BER_BAD_LENGTH);
    g_assert_cmpstr(text, ==, "its end-of-contents is missing");
    g_assert_cmpuint(element.length, ==, 3);
    g_assert_cmpint(read_whole(OCTETS("\xa0\x80\x02\x07\x05\x00\x00"), &element, &text), ==, BER_BAD_LENGTH);
    g_assert_cmpstr(text, ==, "its end-of-contents cannot be found");
    g_assert_cmpint(read_whole(OCTETS("\xa0\x80\x80\xff\x00\x00"), &element, &text), ==, BER_BAD_LENGTH);
    g_assert_cmpstr(text, ==, "its end-of-contents cannot be found");
}

/* 32 levels of indefinite length are read, 33 are refused. */
static void test_depth(void)
{
    uint8_t octets[4 * 33];
    ber_element_t element;
    const char *text;

    for (size_t depth = 32; depth <= 33; depth++) {
        memset(octets, 0, sizeof octets);
        for (size_t i = 0; i < depth; i++) {
            octets[2 * i] = 0xa0;
            octets[2 * i + 1] = 0x80;
        }
        const ber_status_t status = read_whole((const char *)octets, 4 * depth, &element, &text);
        g_assert_cmpint(status, ==, depth == 32 ? BER_OK : BER_BAD_LENGTH);
    }
    g_assert_cmpstr(text, ==, "it is nested too deeply");
}

/* What the capture cut off is not wrong: with each number of captured octets. */
static void test_cut(void)
{
    static const char definite[] = "\xbf\x4f\x82\x00\x02\x01\x02";
    static const char indefinite[] = "\xa0\x80\x02\x01\x05\x00\x00";
    ber_element_t element;
    const char *text;

    for (size_t captured = 0; captured < sizeof definite; captured++) {
        const ber_status_t status = read_first(definite, sizeof definite - 1, captured, &element, &text);
        const ber_cursor_t cursor = { .captured = captured, .end = sizeof definite - 1 };

        g_assert_cmpint(status, ==, captured < 5 ? BER_CUT : BER_OK);
        if (status == BER_OK) {
            g_assert_cmpuint(element.length, ==, 2);
            g_assert_true(ber_is_captured(&cursor, &element) == (captured == 7));
        }
    }
    for (size_t captured = 0; captured < sizeof indefinite; captured++) {
        const ber_status_t status = read_first(indefinite, sizeof indefinite - 1, captured, &element, &text);

        g_assert_cmpint(status, ==, captured < 2 ? BER_CUT : BER_OK);
        if (captured >= 2) {
            g_assert_cmpuint(element.length, ==, captured == 7 ? 3 : 5);
        }
    }
}

/* One element after the other, and those inside. */
static void test_cursor(void)
{
    static const uint8_t octets[] = { 0xa0, 5, 0x80, 1, 7, 0x81, 0, 0x82, 1, 9 };
    ber_cursor_t cursor = { .data = octets, .captured = sizeof octets, .offset = 0, .end = sizeof octets };
    ber_element_t element;
    const char *text;

    g_assert_cmpint(ber_read_element(&cursor, &element, &text), ==, BER_OK);
    g_assert_true(ber_is_context(&element, 0, true));
    g_assert_false(ber_is_context(&element, 0, false));
    g_assert_false(ber_is_context(&element, 1, true));
    ber_cursor_t inner = ber_enter(&cursor, &element);
    for (uint32_t tag = 0; tag < 2; tag++) {
        g_assert_cmpint(ber_read_element(&inner, &element, &text), ==, BER_OK);
        g_assert_true(ber_is_context(&element, tag, false));
    }
    g_assert_cmpint(ber_read_element(&inner, &element, &text), ==, BER_END);
    g_assert_cmpint(ber_read_element(&cursor, &element, &text), ==, BER_OK);
    g_assert_true(ber_is_context(&element, 2, false));
    g_assert_cmpuint(octets[element.value], ==, 9);
    g_assert_cmpint(ber_read_element(&cursor, &element, &text), ==, BER_END);

    /* Behind an element of indefinite length, which its end-of-contents ends. */
    static const uint8_t endless[] = { 0xa0, 0x80, 2, 1, 5, 0, 0, 0x82, 1, 9 };
    cursor = (ber_cursor_t){ .data = endless, .captured = sizeof endless, .offset = 0, .end = sizeof endless };
    g_assert_cmpint(ber_read_element(&cursor, &element, &text), ==, BER_OK);
    g_assert_cmpint(ber_read_element(&cursor, &element, &text), ==, BER_OK);
    g_assert_true(ber_is_context(&element, 2, false));

    /* An element does not end behind what contains it. */
    static const uint8_t longer[] = { 0xa0, 3, 0x80, 2, 7, 8 };
    cursor = (ber_cursor_t){ .data = longer, .captured = sizeof longer, .offset = 0, .end = sizeof longer };
    g_assert_cmpint(ber_read_element(&cursor, &element, &text), ==, BER_OK);
    inner = ber_enter(&cursor, &element);
    g_assert_cmpint(ber_read_element(&inner, &element, &text), ==, BER_BAD_LENGTH);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ber/forms", test_forms);
    g_test_add_func("/ber/bad-starts", test_bad_starts);
    g_test_add_func("/ber/bad-lengths", test_bad_lengths);
    g_test_add_func("/ber/indefinite", test_indefinite);
    g_test_add_func("/ber/depth", test_depth);
    g_test_add_func("/ber/cut", test_cut);
    g_test_add_func("/ber/cursor", test_cursor);
    return g_test_run();
}
