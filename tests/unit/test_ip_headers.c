/* test_ip_headers.c
 * Finding a packet's TCP or UDP header in its octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ip_headers.h"

#include <glib.h>
#include <string.h>

#define CLIENT 192, 0, 2, 10
#define SERVER 198, 51, 100, 20
#define ETHERNET 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0

static const uint8_t client[] = { CLIENT };
static const uint8_t server[] = { SERVER };

static const ip_addresses_t to_server = { false, client, server };
static const ip_addresses_t to_client = { false, server, client };
static const ip_header_t syn_known = { .transport = TRANSPORT_TCP, .source_port = 49152, .destination_port = 3406 };
static const ip_header_t udp_known = { .transport = TRANSPORT_UDP, .source_port = 49152, .destination_port = 3386 };

/* Ethernet, IPv4, TCP SYN from 49152 to 3406. */
static const uint8_t syn_frame[] = {
    ETHERNET, 0x45, 0, 0, 40, 0, 1, 0, 0, 64,   6,    0, 0, CLIENT, SERVER, 0xc0, 0x00, 0x0d,
    0x4e,     0,    0, 0, 1,  0, 0, 0, 0, 0x50, 0x02, 0, 0, 0,      0,      0,    0,
};

/* Ethernet, IPv4 with options, UDP from 49152 to 3386 with two octets. */
static const uint8_t udp_frame[] = {
    ETHERNET, 0x46, 0, 0, 34,   0,    1,    0,    0, 64, 17, 0, 0, CLIENT, SERVER,
    1,        1,    1, 1, 0xc0, 0x00, 0x0d, 0x3a, 0, 10, 0,  0, 1, 2,
};

/* An ICMP error (type 3, code 3) from the server to the client that quotes the datagram above, cut behind its ports. */
static const uint8_t icmp_frame[] = {
    ETHERNET, 0x45, 0, 0,  56, 0, 1, 0, 0,  64, 1, 0, 0,      SERVER, CLIENT, 3,    3,    0,    0, 0,  0, 0, 0,
    0x45,     0,    0, 34, 0,  1, 0, 0, 64, 17, 0, 0, CLIENT, SERVER, 0xc0,   0x00, 0x0d, 0x3a, 0, 10, 0, 0,
};
#define ICMP_TYPE (14 + 20)

static bool find(const uint8_t *frame, size_t size, ip_header_t known, ip_header_t *header)
{
    *header = known;
    return ip_headers_find(frame, size, &to_server, header);
}

static void test_tcp(void)
{
    ip_header_t header;

    g_assert_true(find(syn_frame, sizeof syn_frame, syn_known, &header));
    g_assert_true(header.syn);
    g_assert_false(header.ack || header.rst || header.has_payload);
    ip_header_t other = syn_known;
    other.destination_port = 3407;
    g_assert_false(find(syn_frame, sizeof syn_frame, other, &header));
    other = syn_known;
    other.transport = TRANSPORT_UDP;
    g_assert_false(find(syn_frame, sizeof syn_frame, other, &header));
}

static void test_udp(void)
{
    ip_header_t header;

    g_assert_true(find(udp_frame, sizeof udp_frame, udp_known, &header));
    g_assert_true(header.has_payload);
    g_assert_false(header.syn);
}

static void test_fragment(void)
{
    uint8_t frame[sizeof udp_frame];
    ip_header_t header;

    /* A later fragment has no header: what stands in its place must not be taken for one. */
    memcpy(frame, udp_frame, sizeof frame);
    frame[14 + 7] = 0x10;
    g_assert_false(find(frame, sizeof frame, udp_known, &header));
}

static void test_icmp(void)
{
    uint8_t frame[sizeof icmp_frame];
    ip_header_t header;

    g_assert_true(ip_headers_find_quoted(icmp_frame, sizeof icmp_frame, &to_client, &header));
    g_assert_cmpuint(header.icmp_type, ==, 3);
    g_assert_false(header.has_payload);
    g_assert_cmpint(header.transport, ==, TRANSPORT_UDP);
    g_assert_cmpuint(header.source_port, ==, 49152);
    g_assert_cmpuint(header.destination_port, ==, 3386);
    g_assert_cmpmem(icmp_frame + header.source_offset, 8, ((const uint8_t[]){ CLIENT, SERVER }), 8);
    /* Time exceeded. */
    memcpy(frame, icmp_frame, sizeof frame);
    frame[ICMP_TYPE] = 11;
    g_assert_true(ip_headers_find_quoted(frame, sizeof frame, &to_client, &header));
    g_assert_cmpuint(header.icmp_type, ==, 11);
    /* What is no ICMP error quotes nothing. */
    g_assert_false(ip_headers_find_quoted(udp_frame, sizeof udp_frame, &to_server, &header));
}

static void test_ipv6(void)
{
    static const uint8_t source[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
    static const uint8_t destination[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 };
    static const ip_addresses_t addresses = { true, source, destination };
    /* A destination options header of 8 octets stands between IPv6 and UDP. */
    uint8_t frame[40 + 8 + 9] = { 0x60, [5] = 17, [6] = 60, [7] = 64 };
    ip_header_t known = { .transport = TRANSPORT_UDP, .source_port = 49152, .destination_port = 3391 };
    ip_header_t header = known;

    memcpy(frame + 8, source, 16);
    memcpy(frame + 24, destination, 16);
    memcpy(frame + 40, ((const uint8_t[]){ 17, 0, 1, 4, 0, 0, 0, 0, 0xc0, 0x00, 0x0d, 0x3f, 0, 9 }), 14);
    g_assert_true(ip_headers_find(frame, sizeof frame, &addresses, &header));
    g_assert_true(header.has_payload);
    /* An extension that leads past the end, and one that leads to itself for ever. */
    frame[41] = 200;
    header = known;
    g_assert_false(ip_headers_find(frame, sizeof frame, &addresses, &header));
    frame[41] = 0;
    frame[40] = 60;
    g_assert_false(ip_headers_find(frame, sizeof frame, &addresses, &header));
}

static void test_cut_short(void)
{
    for (size_t size = 0; size <= sizeof icmp_frame; size++) {
        uint8_t *copy = g_memdup2(icmp_frame, size);
        ip_header_t header;
        bool found = ip_headers_find_quoted(copy, size, &to_client, &header);
        g_assert_cmpint(found, ==, size >= sizeof icmp_frame - 4);
        g_free(copy);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ip_headers/tcp", test_tcp);
    g_test_add_func("/ip_headers/udp", test_udp);
    g_test_add_func("/ip_headers/fragment", test_fragment);
    g_test_add_func("/ip_headers/icmp", test_icmp);
    g_test_add_func("/ip_headers/ipv6", test_ipv6);
    g_test_add_func("/ip_headers/cut_short", test_cut_short);
    return g_test_run();
}
