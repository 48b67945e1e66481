/* test_rdghttp_head.c
 * The heads of HTTP messages with which a main channel begins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdg/http/rdghttp_head.h"

#include <glib.h>
#include <string.h>

#define OCTETS(text) ((const uint8_t *)(text)), strlen(text)
#define REQUEST "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\n"

static void assert_span(const char *text, rdghttp_span_t span, const char *expected)
{
    g_assert_cmpmem(text + span.offset, span.length, expected, strlen(expected));
}

static void test_request(void)
{
    static const char text[] = REQUEST "Upgrade: WebSocket\r\n"
                                       "rdg-connection-id:{0A1B2C3D-4e5f-4607-8899-AABBCCDDEEFF}\r\n"
                                       "RDG-Correlation-Id: 00000001-0002-0003-0405-060708090a0b\r\n"
                                       "RDG-User-Id: dQBzAA==\r\nContent-Length: 12\r\nContent-Length: 13\r\n\r\n";
    static const uint8_t end[] = { 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };
    rdghttp_head_t head;
    uint8_t name[16];

    g_assert_cmpuint(rdghttp_head_end(OCTETS(text)), ==, strlen(text));
    g_assert_cmpuint(rdghttp_head_end((const uint8_t *)text, strlen(text) - 1), ==, 0);
    g_assert_true(rdghttp_head_read(OCTETS(text), &head));
    g_assert_cmpint(head.method, ==, RDGHTTP_OUT_METHOD);
    assert_span(text, head.method_text, "RDG_OUT_DATA");
    assert_span(text, head.uri, "/remoteDesktopGateway/");
    g_assert_true(head.has_upgrade);
    g_assert_true(head.connection_id.is_there);
    g_assert_cmphex(head.connection_id.data1, ==, 0x0a1b2c3d);
    g_assert_cmphex(head.connection_id.data3, ==, 0x4607);
    g_assert_cmpmem(head.connection_id.data4, 8, end, sizeof end);
    g_assert_true(head.correlation_id.is_there);
    g_assert_cmpuint(head.content_length, ==, 12);
    g_assert_cmpuint(rdghttp_head_base64((const uint8_t *)text + head.user.offset, head.user.length, name), ==, 4);
    g_assert_cmpmem(name, 4, "u\0s", 4);
}

static void test_response(void)
{
    static const char text[] = "HTTP/1.1 401 User Account Restricted\r\nRDG-Auth-Scheme: SMARTCARD\r\n"
                               "Transfer-Encoding: gzip, Chunked\r\n\r\n";
    rdghttp_head_t head;

    g_assert_true(rdghttp_head_read(OCTETS(text), &head));
    g_assert_cmpuint(head.status, ==, 401);
    assert_span(text, head.reason, "User Account Restricted");
    assert_span(text, head.auth_scheme, "SMARTCARD");
    g_assert_true(head.is_chunked);
    g_assert_false(rdghttp_head_read(OCTETS("HTTP/1.1 4x1 No\r\n\r\n"), &head));
    g_assert_false(rdghttp_head_read(OCTETS("GET / HTTP/1.1\r\n\r\n"), &head));
    g_assert_false(rdghttp_head_read(OCTETS("RDG_OUT_DATUM / HTTP/1.1\r\n\r\n"), &head));
}

static void test_beginning(void)
{
    g_assert_true(rdghttp_head_begins_method(OCTETS("RD")));
    g_assert_true(rdghttp_head_begins_method(OCTETS("RDG_IN_DATA")));
    g_assert_true(rdghttp_head_begins_method(OCTETS("R")));
    g_assert_false(rdghttp_head_begins_method(OCTETS("")));
    g_assert_false(rdghttp_head_begins_method(OCTETS("D")));
    g_assert_false(rdghttp_head_begins_method(OCTETS("RDG_IN_DATA ")));
    g_assert_false(rdghttp_head_begins_method(OCTETS("RPC_")));
}

static rdghttp_auth_t auth_of(const char *header)
{
    char *text = g_strdup_printf(REQUEST "%s\r\n\r\n", header);
    rdghttp_head_t head;
    rdghttp_auth_t auth;

    g_assert_true(rdghttp_head_read(OCTETS(text), &head));
    auth = rdghttp_head_auth((const uint8_t *)text, &head);
    g_free(text);
    return auth;
}

static void test_auth(void)
{
    g_assert_cmpint(auth_of("Accept: */*"), ==, RDGHTTP_AUTH_NONE);
    g_assert_cmpint(auth_of("Authorization: Negotiate TlRMTVNTUAABAAAA"), ==, RDGHTTP_AUTH_NTLM);
    g_assert_cmpint(auth_of("Authorization: NTLM TlRMTVNTUAABAAAA"), ==, RDGHTTP_AUTH_NTLM);
    /* 60 0b 06 09 and the number of Kerberos */
    g_assert_cmpint(auth_of("Authorization: Negotiate YAsGCSqGSIb3EgECAg=="), ==, RDGHTTP_AUTH_KERBEROS);
    g_assert_cmpint(auth_of("Authorization: Negotiate YAsGCQ=="), ==, RDGHTTP_AUTH_UNKNOWN);
    g_assert_cmpint(auth_of("Authorization: Negotiate"), ==, RDGHTTP_AUTH_UNKNOWN);
    g_assert_cmpint(auth_of("authorization: basic dTpw"), ==, RDGHTTP_AUTH_BASIC);
    g_assert_cmpint(auth_of("Authorization: Digest x"), ==, RDGHTTP_AUTH_DIGEST);
    g_assert_cmpint(auth_of("Authorization: Bearer x"), ==, RDGHTTP_AUTH_BEARER);
    g_assert_cmpint(auth_of("RDG-Auth-Scheme: PAA"), ==, RDGHTTP_AUTH_PAA);
    g_assert_cmpint(auth_of("RDG-Auth-Scheme: SSPI_NTLM"), ==, RDGHTTP_AUTH_NTLM_INSIDE);
}

static bool is_challenge(const char *header)
{
    char *text = g_strdup_printf("HTTP/1.1 401 Unauthorized\r\n%s\r\n\r\n", header);
    rdghttp_head_t head;

    g_assert_true(rdghttp_head_read((const uint8_t *)text, strlen(text), &head));
    g_free(text);
    return head.has_challenge;
}

static void test_challenge(void)
{
    /* NTLM's second message; the first one; SPNEGO's accept-incomplete; its reject */
    g_assert_true(is_challenge("WWW-Authenticate: NTLM TlRMTVNTUAACAAAA"));
    g_assert_true(is_challenge("www-authenticate: Basic realm=x\r\nwww-authenticate: negotiate TlRMTVNTUAACAAAA"));
    g_assert_false(is_challenge("WWW-Authenticate: NTLM TlRMTVNTUAABAAAA"));
    g_assert_true(is_challenge("WWW-Authenticate: Negotiate oQcwBaADCgEB"));
    g_assert_false(is_challenge("WWW-Authenticate: Negotiate oQcwBaADCgEC"));
    g_assert_false(is_challenge("WWW-Authenticate: Negotiate"));
    g_assert_false(is_challenge("WWW-Authenticate: Basic TlRMTVNTUAACAAAA"));
}

#define RESOURCE "ResourceTypeUuid=44E265dd-7daf-42cd-8560-3cdb6e7a2729"
#define SESSION "SessionId=0a1b2c3d-4e5f-4607-8899-aabbccddeeff"

static void test_rpc(void)
{
    rdghttp_guid_t id;

    g_assert_true(rdghttp_head_is_rpc(OCTETS("RPC_IN_DATA /rpc/RpcProxy.dll?localhost:3388 HTTP/1.1\r\nHost: x\r\n"
                                             "Pragma: " RESOURCE ", " SESSION "\r\n\r\n"),
                                      &id));
    g_assert_true(id.is_there);
    g_assert_cmphex(id.data1, ==, 0x0a1b2c3d);
    g_assert_true(rdghttp_head_is_rpc(
        OCTETS("RPC_OUT_DATA /rpcwithcert/rpcproxy.dll HTTP/1.1\r\nPragma: " RESOURCE "\r\nPragma: SessionId=0a"),
        &id));
    g_assert_false(id.is_there);
    /* Of another service, of another method, of another path; the UUID behind the head. */
    g_assert_false(
        rdghttp_head_is_rpc(OCTETS("RPC_IN_DATA /rpc/rpcproxy.dll HTTP/1.1\r\nPragma: " SESSION "\r\n"), &id));
    g_assert_false(rdghttp_head_is_rpc(OCTETS("POST /rpc/rpcproxy.dll HTTP/1.1\r\nPragma: " RESOURCE "\r\n"), &id));
    g_assert_false(rdghttp_head_is_rpc(OCTETS("RPC_IN_DATA /rpc/x HTTP/1.1\r\nPragma: " RESOURCE "\r\n"), &id));
    g_assert_false(
        rdghttp_head_is_rpc(OCTETS("RPC_IN_DATA /rpcproxy.dll HTTP/1.1\r\n\r\nPragma: " RESOURCE "\r\n"), &id));
}

static void test_broken(void)
{
    rdghttp_head_t head;
    uint8_t out[16];

    g_assert_true(rdghttp_head_read(OCTETS(REQUEST "RDG-Connection-Id: {0A1B2C3D}\r\nno colon\r\n: \r\n"), &head));
    g_assert_false(head.connection_id.is_there);
    g_assert_true(rdghttp_head_read(OCTETS("RDG_IN_DATA "), &head));
    g_assert_cmpint(head.method, ==, RDGHTTP_IN_METHOD);
    g_assert_cmpuint(rdghttp_head_base64(OCTETS("a*"), out), ==, 0);
    g_assert_cmpuint(rdghttp_head_base64(OCTETS(""), out), ==, 0);
}

static void test_chunk_line(void)
{
    uint32_t size;
    bool is_wrong;

    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS("1aF\r\n"), &size, &is_wrong), ==, 5);
    g_assert_cmpuint(size, ==, 0x1af);
    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS("e;name=value\r\nrest"), &size, &is_wrong), ==, 14);
    g_assert_cmpuint(size, ==, 14);
    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS("1a"), &size, &is_wrong), ==, 0);
    g_assert_false(is_wrong);
    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS(""), &size, &is_wrong), ==, 0);
    g_assert_false(is_wrong);
    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS("xyz\r\n"), &size, &is_wrong), ==, 0);
    g_assert_true(is_wrong);
    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS("1az\r\n"), &size, &is_wrong), ==, 0);
    g_assert_true(is_wrong);
    g_assert_cmpuint(rdghttp_head_chunk_line(OCTETS("fffffffff\r\n"), &size, &is_wrong), ==, 0);
    g_assert_true(is_wrong);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rdghttp_head/request", test_request);
    g_test_add_func("/rdghttp_head/response", test_response);
    g_test_add_func("/rdghttp_head/beginning", test_beginning);
    g_test_add_func("/rdghttp_head/auth", test_auth);
    g_test_add_func("/rdghttp_head/challenge", test_challenge);
    g_test_add_func("/rdghttp_head/rpc", test_rpc);
    g_test_add_func("/rdghttp_head/broken", test_broken);
    g_test_add_func("/rdghttp_head/chunk_line", test_chunk_line);
    return g_test_run();
}
