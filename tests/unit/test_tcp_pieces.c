/* test_tcp_pieces.c
 * Octets of a TCP connection that wait to be read: what is copied of them, where a piece ends, which are freed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/tcp_pieces.h"

#include <glib.h>
#include <string.h>

/* The numbers go over 2^32. */
#define START (UINT32_MAX - 2)

static wmem_allocator_t *allocator;
static tcp_pieces_t *pieces;

/* "defg" and "abc" lie side by side, "xyz" two octets behind them; of "xyz", the capture has two octets. */
static void open_pieces(void)
{
    allocator = wmem_allocator_new(WMEM_ALLOCATOR_STRICT);
    pieces = tcp_pieces_open(allocator);
    tcp_pieces_add(pieces, START + 3, 4, (const uint8_t *)"defg", 4);
    tcp_pieces_add(pieces, START + 9, 3, (const uint8_t *)"xy", 2);
    tcp_pieces_add(pieces, START, 3, (const uint8_t *)"abc", 3);
}

static void assert_copies(uint32_t seq, uint32_t length, const char *expected)
{
    uint8_t into[16] = { 0 };
    const uint32_t count = tcp_pieces_copy(pieces, seq, length, into);

    g_assert_cmpmem(into, count, expected, strlen(expected));
    g_assert_cmpuint(tcp_pieces_copy(pieces, seq, length, NULL), ==, count);
}

static void test_copy(void)
{
    open_pieces();
    assert_copies(START, 7, "abcdefg");
    assert_copies(START + 1, 4, "bcde");
    assert_copies(START, 12, "abcdefg");
    assert_copies(START + 7, 3, "");
    assert_copies(START + 9, 3, "xy");
    assert_copies(START + 11, 1, "");
    assert_copies(START + 12, 1, "");
    assert_copies(START, 0, "");
    wmem_destroy_allocator(allocator);
}

/* What was not captured breaks the octets off, whatever follows. */
static void test_cut_piece(void)
{
    open_pieces();
    tcp_pieces_add(pieces, START + 12, 1, (const uint8_t *)"!", 1);
    assert_copies(START + 9, 4, "xy");
    assert_copies(START + 12, 1, "!");
    tcp_pieces_add(pieces, START + 13, 5, NULL, 0);
    assert_copies(START + 12, 6, "!");
    g_assert_cmpuint(tcp_pieces_find_end(pieces, START + 13), ==, START + 18);
    wmem_destroy_allocator(allocator);
}

static void test_end(void)
{
    open_pieces();
    g_assert_cmpuint(tcp_pieces_find_end(pieces, START), ==, START + 3);
    g_assert_cmpuint(tcp_pieces_find_end(pieces, START + 6), ==, START + 7);
    g_assert_cmpuint(tcp_pieces_find_end(pieces, START + 7), ==, START + 8);
    g_assert_cmpuint(tcp_pieces_find_end(pieces, START + 11), ==, START + 12);
    wmem_destroy_allocator(allocator);
}

/* Keeps the one piece that begins where DATA says. */
static bool begins_at(const void *data, uint32_t seq, uint32_t end)
{
    g_assert_cmpuint(end - seq, >, 0);
    return seq == *(const uint32_t *)data;
}

static void test_drop(void)
{
    const uint32_t kept = START + 3;

    open_pieces();
    g_assert_cmpuint(tcp_pieces_count(pieces), ==, 9);
    tcp_pieces_drop(pieces, begins_at, &kept);
    g_assert_cmpuint(tcp_pieces_count(pieces), ==, 4);
    assert_copies(START, 3, "");
    assert_copies(START + 3, 9, "defg");
    wmem_destroy_allocator(allocator);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tcp_pieces/copy", test_copy);
    g_test_add_func("/tcp_pieces/cut_piece", test_cut_piece);
    g_test_add_func("/tcp_pieces/end", test_end);
    g_test_add_func("/tcp_pieces/drop", test_drop);
    return g_test_run();
}
