/* targets.c
 * How the octets of a fuzzer's input become frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "targets.h"

#include <wiretap/wtap.h>

#include "link.h"
#include "session.h"
#include "steps.h"

#define IP_HEADER 20
#define UDP_HEADER 8
#define TCP_HEADER 20
#define MAX_PAYLOAD 16384
#define MAX_HEADERS (2 * (IP_HEADER + TCP_HEADER))
#define MAX_FRAME(length) (MAX_HEADERS + STEPS_ROOM(length))
#define CHANNELS 4
#define MAX_FRAMES 64

/* One packet of an input. */
typedef struct {
    uint8_t bits;
    unsigned channel;
    bool to_client;
    const uint8_t *octets;
    uint32_t length;
} packet_t;

struct target {
    const char *name;
    int encapsulation;
    uint16_t port;       /* of the service */
    uint16_t other_port; /* for TARGET_ODD */
    /* Writes the frame's headers and payload to FRAME; the number of octets. */
    uint32_t (*build)(const struct target *target, const packet_t *packet, uint8_t *frame);
};

/* The next sequence number of each end of a TCP connection. */
static uint32_t next_sequence[CHANNELS][2];

static void put16(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void put32(uint8_t *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to + 2, value);
}

/* An IPv4 header without a checksum, and the two ports behind it. */
static void put_ip(uint8_t *frame, const packet_t *packet, uint8_t protocol, uint32_t length, uint16_t port)
{
    memset(frame, 0, IP_HEADER);
    frame[0] = 0x45;
    put16(frame + 2, length);
    frame[8] = 64;
    frame[9] = protocol;
    put32(frame + (packet->to_client ? 16 : 12), LINK_CLIENT(packet->channel));
    put32(frame + (packet->to_client ? 12 : 16), LINK_SERVER);
    put16(frame + IP_HEADER + (packet->to_client ? 2 : 0), LINK_CLIENT_PORT(packet->channel));
    put16(frame + IP_HEADER + (packet->to_client ? 0 : 2), port);
}

static uint32_t build_udp(const struct target *target, const packet_t *packet, uint8_t *frame)
{
    uint32_t length = IP_HEADER + UDP_HEADER + packet->length;
    bool odd = (packet->bits & TARGET_ODD) != 0;

    put_ip(frame, packet, 17, length, odd ? target->other_port : target->port);
    put16(frame + IP_HEADER + 4, UDP_HEADER + packet->length);
    put16(frame + IP_HEADER + 6, 0);
    memcpy(frame + IP_HEADER + UDP_HEADER, packet->octets, packet->length);
    return length;
}

static uint32_t build_tcp(const struct target *target, const packet_t *packet, uint8_t *frame)
{
    uint32_t length = IP_HEADER + TCP_HEADER + packet->length;
    uint32_t *next = &next_sequence[packet->channel][packet->to_client];
    uint8_t *tcp = frame + IP_HEADER;

    if ((packet->bits & TARGET_ODD) != 0) {
        *next += 7;
    }
    /* Half of the channels use a port that only the heuristic finds. */
    put_ip(frame, packet, 6, length, packet->channel % 2 == 0 ? target->port : target->other_port);
    put32(tcp + 4, *next);
    put32(tcp + 8, next_sequence[packet->channel][!packet->to_client]);
    tcp[12] = 0x50;
    tcp[13] = 0x18;
    put16(tcp + 14, 0xffff);
    put32(tcp + 16, 0);
    memcpy(tcp + TCP_HEADER, packet->octets, packet->length);
    if ((packet->bits & TARGET_AGAIN) == 0) {
        *next += packet->length;
    }
    return length;
}

/* An ICMP error of the server, of type 3, which quotes a datagram to PORT. */
static uint32_t build_no_port(const packet_t *packet, uint8_t code, uint16_t port, uint8_t *frame)
{
    const packet_t error = { .channel = packet->channel, .to_client = true };
    const packet_t quoted = { .channel = packet->channel };
    uint8_t *icmp = frame + IP_HEADER;

    put_ip(frame, &error, 1, IP_HEADER + UDP_HEADER + IP_HEADER + UDP_HEADER, 0);
    memset(icmp, 0, UDP_HEADER);
    icmp[0] = 3;
    icmp[1] = code;
    put_ip(icmp + UDP_HEADER, &quoted, 17, IP_HEADER + UDP_HEADER + 100, port);
    put16(icmp + UDP_HEADER + IP_HEADER + 4, UDP_HEADER + 100);
    put16(icmp + UDP_HEADER + IP_HEADER + 6, 0);
    return IP_HEADER + UDP_HEADER + IP_HEADER + UDP_HEADER;
}

/* Two clients with two connections each. */
static uint32_t build_step(const struct target *target, const packet_t *packet, uint8_t *frame)
{
    uint8_t *payload = g_malloc(STEPS_ROOM(packet->length));
    packet_t made = *packet;
    step_t step;
    uint32_t length;

    made.octets = payload;
    made.length = steps_write(packet->octets, packet->length, packet->to_client, &step, payload);
    if (step.is_icmp) {
        length = build_no_port(packet, step.icmp_code, step.port, frame);
    } else if (step.is_udp) {
        const struct target to = { .port = step.port, .other_port = step.port };
        length = build_udp(&to, &made, frame);
    } else {
        length = build_tcp(target, &made, frame);
        frame[IP_HEADER + 13] = step.tcp_flags;
    }
    if (packet->channel % 2 == 1) {
        put32(frame + (step.is_icmp || packet->to_client ? 16 : 12), LINK_CLIENT(packet->channel - 1));
        if (step.is_icmp) {
            put32(frame + IP_HEADER + UDP_HEADER + 12, LINK_CLIENT(packet->channel - 1));
        }
    }
    g_free(payload);
    return length;
}

static uint32_t build_link(const packet_t *packet, uint8_t what, uint8_t own, uint8_t *frame)
{
    frame[0] = packet->to_client;
    frame[1] = (uint8_t)packet->channel;
    frame[2] = what;
    frame[3] = own;
    memcpy(frame + LINK_HEADER, packet->octets, packet->length);
    return LINK_HEADER + packet->length;
}

static uint32_t build_inner(const struct target *target _U_, const packet_t *packet, uint8_t *frame)
{
    return build_link(packet, LINK_RDGUDP_PACKET, 0, frame);
}

/* The record's format is the upper half of the bits: 0 is BER. */
static uint32_t build_cdr(const struct target *target _U_, const packet_t *packet, uint8_t *frame)
{
    return build_link(packet, LINK_CDR, (uint8_t)((packet->bits >> 6) + 1), frame);
}

/* Aligned with TARGET_ODD; of a version that the table does not have with TARGET_AGAIN. */
static uint32_t build_cdr_per(const struct target *target _U_, const packet_t *packet, uint8_t *frame)
{
    return build_link(packet, (packet->bits & TARGET_AGAIN) != 0 ? LINK_CDR_OTHER : LINK_CDR,
                      (packet->bits & TARGET_ODD) != 0 ? 3 : 2, frame);
}

static uint32_t build_whole(const struct target *target _U_, const packet_t *packet, uint8_t *frame)
{
    memcpy(frame, packet->octets, packet->length);
    return packet->length;
}

static const struct target targets[] = {
    { "gtpp_udp", WTAP_ENCAP_RAW_IP, 3386, 40000, build_udp },
    { "gtpp_tcp", WTAP_ENCAP_RAW_IP, 3386, 40000, build_tcp },
    { "rdgudp_udp", WTAP_ENCAP_RAW_IP, 3391, 40000, build_udp },
    { "rdgudp_inner", WTAP_ENCAP_USER0, 0, 0, build_inner },
    { "rdghttp_plain", WTAP_ENCAP_RAW_IP, TARGET_PLAIN_PORT, TARGET_PLAIN_PORT, build_tcp },
    { "rdghttp_steps", WTAP_ENCAP_RAW_IP, TARGET_PLAIN_PORT, TARGET_PLAIN_PORT, build_step },
    { "cdr", WTAP_ENCAP_USER0, 0, 0, build_cdr },
    { "cdr_per", WTAP_ENCAP_USER0, 0, 0, build_cdr_per },
    { "frames", WTAP_ENCAP_ETHERNET, 0, 0, build_whole },
};

const target_t *target_find(const char *name)
{
    for (size_t i = 0; i < array_length(targets); i++) {
        if (strcmp(targets[i].name, name) == 0) {
            return &targets[i];
        }
    }
    return NULL;
}

const char *target_name(unsigned index)
{
    return index < array_length(targets) ? targets[index].name : NULL;
}

void target_run(const target_t *target, const uint8_t *input, size_t length, uint32_t snapshot_length)
{
    static const uint32_t waits[] = { 0, 100, 6000, 900000 };
    session_frame_t frames[MAX_FRAMES];
    unsigned count = 0;
    size_t at = 1;

    if (length < 5) {
        return;
    }
    for (unsigned i = 0; i < CHANNELS; i++) {
        next_sequence[i][0] = 1000;
        next_sequence[i][1] = 5000;
    }
    while (length - at > 3 && count < MAX_FRAMES) {
        const uint8_t *head = input + at;
        size_t claimed = head[1] | (size_t)(head[2] & ~TARGET_DROPPED) << 8;
        at += 3;
        packet_t packet = {
            .bits = head[0],
            .channel = head[0] >> TARGET_CHANNEL_SHIFT & 3,
            .to_client = (head[0] & TARGET_TO_CLIENT) != 0,
            .octets = input + at,
            .length = (uint32_t)MIN(claimed, MIN(length - at, MAX_PAYLOAD)),
        };
        session_frame_t *frame = &frames[count];
        uint8_t *octets = g_malloc(MAX_FRAME(packet.length));
        uint32_t size = target->build(target, &packet, octets);
        at += packet.length;
        if (packet.length == 0) {
            g_free(octets);
            continue;
        }
        frame->encapsulation = target->encapsulation;
        /* The frame ends where its memory ends, so that a read beyond it is found. */
        frame->octets = g_realloc(octets, size);
        frame->captured = size;
        frame->reported = size;
        if ((packet.bits & TARGET_CUT) != 0) {
            /* A step may make a shorter frame than its input is. */
            frame->captured -= MIN(MIN(packet.length / 4, 64), size / 2);
        }
        if (snapshot_length != 0) {
            frame->captured = MIN(frame->captured, snapshot_length);
        }
        if (frame->captured < size) {
            frame->octets = g_realloc((void *)frame->octets, frame->captured);
        }
        frame->is_dropped = (head[2] & TARGET_DROPPED) != 0;
        frame->wait_ms = waits[packet.bits >> TARGET_WAIT_SHIFT & 3];
        count++;
    }
    session_dissect(frames, count, input[0]);
    for (unsigned i = 0; i < count; i++) {
        g_free((void *)frames[i].octets);
    }
}
