/* steps.c
 * Frames of RD Gateway sessions over several connections.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "steps.h"

#include <stdio.h>
#include <string.h>

#include "targets.h"

#define HEADS 512 /* room for a head */
#define TCP_FIN 0x11
#define TCP_RST 0x14
#define TCP_DATA 0x18

/* The octet at AT; 0 behind the end. */
static unsigned octet(const uint8_t *input, size_t length, size_t at)
{
    return at < length ? input[at] : 0;
}

static uint32_t write_request(const char *method, const uint8_t *input, size_t length, uint8_t *out)
{
    unsigned bits = octet(input, length, 3);
    int count = snprintf(
        (char *)out, HEADS,
        "%s /remoteDesktopGateway/ HTTP/1.1\r\n%s%s"
        "RDG-Connection-Id: {00000000-0000-0000-0000-00000000000%u}\r\n"
        "RDG-Correlation-Id: {C0FFEE00-1234-4678-9ABC-DEF01234000%u}\r\n"
        "RDG-User-Id: dQBzAGUAcgA=\r\n%s\r\n",
        method, (bits & STEP_REQUEST_WEBSOCKET) != 0 ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : "",
        (bits & STEP_REQUEST_CHUNKED) != 0 ? "Transfer-Encoding: chunked\r\n" : "", octet(input, length, 1) % 4,
        octet(input, length, 2) % 4, (bits & STEP_REQUEST_NTLM) != 0 ? "Authorization: NTLM TlRMTVNTUAAB\r\n" : "");

    return count > 0 && count < HEADS ? (uint32_t)count : 0;
}

static uint32_t write_answer(unsigned which, uint8_t *out)
{
    static const char *const answers[] = {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM TlRMTVNTUAAC\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 User Account Restricted\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 100 Continue\r\n\r\n",
    };
    const char *text = answers[which % (sizeof answers / sizeof answers[0])];

    memcpy(out, text, strlen(text));
    return (uint32_t)strlen(text);
}

static uint32_t write_packet(const uint8_t *input, size_t length, uint8_t *out)
{
    uint32_t body = length > 2 ? (uint32_t)length - 2 : 0;
    uint32_t whole = body + 8;

    memset(out, 0, 8);
    out[0] = (uint8_t)octet(input, length, 1);
    out[4] = (uint8_t)whole;
    out[5] = (uint8_t)(whole >> 8);
    out[6] = (uint8_t)(whole >> 16);
    if (body > 0) {
        memcpy(out + 8, input + 2, body);
    }
    return whole;
}

static uint32_t copy(const uint8_t *input, size_t length, size_t from, uint8_t *out)
{
    uint32_t count = length > from ? (uint32_t)(length - from) : 0;

    if (count > 0) {
        memcpy(out, input + from, count);
    }
    return count;
}

/* Puts the COUNT octets at OUT into a WebSocket frame, whose mask changes nothing. */
static uint32_t put_into_frame(uint8_t *out, uint32_t count, bool to_client)
{
    uint8_t head[8] = { 0x82 };
    uint32_t size = 2;

    if (count < 126) {
        head[1] = (uint8_t)count;
    } else {
        head[1] = 126;
        head[2] = (uint8_t)(count >> 8);
        head[3] = (uint8_t)count;
        size = 4;
    }
    if (!to_client) {
        head[1] |= 0x80;
        size += 4;
    }
    memmove(out + size, out, count);
    memcpy(out, head, size);
    return count + size;
}

static uint32_t put_into_chunk(uint8_t *out, uint32_t count)
{
    char line[16];
    uint32_t size = (uint32_t)snprintf(line, sizeof line, "%x\r\n", count);

    memmove(out + size, out, count);
    memcpy(out, line, size);
    memcpy(out + size + count, "\r\n", 2);
    return size + count + 2;
}

uint32_t steps_write(const uint8_t *input, size_t length, bool to_client, step_t *step, uint8_t *out)
{
    static const uint16_t ports[] = { 3391, 4391, 3389, 443 };
    uint32_t count = 0;

    *step = (step_t){ .tcp_flags = TCP_DATA, .port = TARGET_PLAIN_PORT };
    switch ((input[0] & 0x3f) % STEP_COUNT) {
    case STEP_REQUEST_OUT:
        return write_request("RDG_OUT_DATA", input, length, out);
    case STEP_REQUEST_IN:
        return write_request("RDG_IN_DATA", input, length, out);
    case STEP_ANSWER:
        return write_answer(octet(input, length, 1), out);
    case STEP_PACKET:
        count = write_packet(input, length, out);
        break;
    case STEP_FIN:
        step->tcp_flags = TCP_FIN;
        return 0;
    case STEP_RESET:
        step->tcp_flags = TCP_RST;
        return 0;
    case STEP_DATAGRAM:
        step->is_udp = true;
        step->port = ports[octet(input, length, 1) % 4];
        return copy(input, length, 2, out);
    case STEP_NO_PORT:
        step->is_icmp = true;
        step->port = ports[octet(input, length, 1) % 4];
        step->icmp_code = (uint8_t)octet(input, length, 2);
        return 0;
    default:
        count = copy(input, length, 1, out);
        break;
    }
    if ((input[0] & STEPS_WEBSOCKET) != 0) {
        return put_into_frame(out, count, to_client);
    }
    return (input[0] & STEPS_CHUNK) != 0 ? put_into_chunk(out, count) : count;
}
