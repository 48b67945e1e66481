/* rdghttp_head.h
 * The heads of HTTP messages with which a main channel begins (MS-TSGU section 2.2.3): request line or status line, and
 * the headers that matter.
 *
 * The functions work on plain octets, keep no state and never read past the octets that they are given.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_HEAD_H
#define PORTLORE_RDGHTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A head that is longer is none. */
#define RDGHTTP_HEAD_LONGEST 0x20000

/* The methods of a main channel. Other HTTP does not use them. */
typedef enum { RDGHTTP_NO_METHOD, RDGHTTP_OUT_METHOD, RDGHTTP_IN_METHOD } rdghttp_method_t;

/* How a client says who it is. The numbers are those of the field rdghttp.auth. */
typedef enum {
    RDGHTTP_AUTH_NONE = 0,
    RDGHTTP_AUTH_KERBEROS = 1,
    RDGHTTP_AUTH_NTLM = 2,
    RDGHTTP_AUTH_BASIC = 3,
    RDGHTTP_AUTH_DIGEST = 4,
    RDGHTTP_AUTH_PAA = 5,
    RDGHTTP_AUTH_NTLM_INSIDE = 6,
    RDGHTTP_AUTH_BEARER = 7,
    RDGHTTP_AUTH_UNKNOWN = 255 /* not shown */
} rdghttp_auth_t;

/* Part of the head, in octets from its start. Absent when the length is 0. */
typedef struct {
    size_t offset;
    size_t length;
} rdghttp_span_t;

/* As written in text: the first three numbers are in the order of their digits. */
typedef struct {
    bool is_there;
    uint32_t data1;
    uint16_t data2;
    uint16_t data3;
    uint8_t data4[8];
} rdghttp_guid_t;

typedef struct {
    rdghttp_method_t method;
    rdghttp_span_t method_text;
    rdghttp_span_t uri;
    unsigned status; /* of a response: 100 to 999; 0 of a request */
    rdghttp_span_t reason;
    rdghttp_span_t connection_id_text;
    rdghttp_guid_t connection_id;
    rdghttp_span_t correlation_id_text;
    rdghttp_guid_t correlation_id;
    rdghttp_span_t user; /* Base64 of UTF-16 */
    rdghttp_span_t client_build;
    rdghttp_span_t client_generation;
    rdghttp_span_t auth_scheme;   /* RDG-Auth-Scheme */
    rdghttp_span_t authorization; /* scheme and credentials */
    bool has_upgrade;             /* to WebSocket */
    bool is_chunked;
    bool is_asking;     /* an answer that asks for credentials, with the reason that HTTP has for that */
    bool has_challenge; /* a token of NTLM or Negotiate that the client is to answer */
    bool has_content_length;
    uint64_t content_length;
} rdghttp_head_t;

/* The method with which the octets at DATA begin, with the blank behind it. */
rdghttp_method_t rdghttp_head_method(const uint8_t *data, size_t length);

/* True when the octets at DATA, which are fewer than a method has, begin one. No method of HTTP begins with RD, but
 * some do with R. */
bool rdghttp_head_begins_method(const uint8_t *data, size_t length);

/* True when the octets at DATA may begin a head, and are too few to tell: for a connection that is a main channel's. */
bool rdghttp_head_is_cut(const uint8_t *data, size_t length);

/* True when the octets at DATA begin as the status line of HTTP/1.0 or 1.1 does. */
bool rdghttp_head_is_response(const uint8_t *data, size_t length);

/* The octets of the head at DATA with the empty line that ends it. 0 when its end is not there. */
size_t rdghttp_head_end(const uint8_t *data, size_t length);

/* Reads the head in the LENGTH octets at DATA. False when its first line is neither a request of a main channel nor a
 * status line. Of a header that comes twice, the first one counts. */
bool rdghttp_head_read(const uint8_t *data, size_t length, rdghttp_head_t *head);

/* True when the octets at DATA begin a request of RPC over HTTP for a gateway's resource (MS-TSGU section 2.2.3.1,
 * MS-RPCH section 2.2.2): the method, rpcproxy.dll, and the gateway's UUID among its pragmas. ID is that of the session
 * as the pragmas have it. */
bool rdghttp_head_is_rpc(const uint8_t *data, size_t length, rdghttp_guid_t *id);

/* What the request says about authentication; RDGHTTP_AUTH_NONE when it says nothing. */
rdghttp_auth_t rdghttp_head_auth(const uint8_t *data, const rdghttp_head_t *head);

/* Decodes Base64 into the octets at OUT, for which at least LENGTH / 4 * 3 + 3 are there. The number of octets; 0 when
 * the text is not Base64. */
size_t rdghttp_head_base64(const uint8_t *text, size_t length, uint8_t *out);

/* The length of the line of a chunk (RFC 9112 section 7.1) at DATA, and the octets of the chunk in *SIZE. 0 when the
 * end of the line is not there; *IS_WRONG when the line cannot be one, or names more than a packet of the protocol has.
 */
size_t rdghttp_head_chunk_line(const uint8_t *data, size_t length, uint32_t *size, bool *is_wrong);

#endif
