/* test_packet_conversation.c
 * Compares packet_conversation_find() with Wireshark's own search: for each datagram both must find the same
 * conversation, also after a dissector has replaced it. No dissector of Wireshark's can be made to do that by a
 * capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>

#include <epan/conversation.h>
#include <epan/packet.h>
#include <wiretap/wtap.h>

#include "session.h"
#include "base/packet_conversation.h"

#define SERVER_PORT 40000
#define CLIENT_PORT 50000
/* After this frame, another conversation replaces the one between its ends. */
#define REPLACED_BEHIND 4
#define FRAMES 12
#define HEADERS 28

static unsigned looked;
static unsigned conversations;

/* Called as a dissector of the plugin would be. */
static int compare(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    static const conversation_t *last;
    const conversation_t *found = packet_conversation_find(pinfo);

    if (found != find_conversation_pinfo(pinfo, 0)) {
        fprintf(stderr, "Frame %u: not the conversation that Wireshark finds.\n", pinfo->num);
        exit(1);
    }
    if (!PINFO_FD_VISITED(pinfo) && pinfo->num == REPLACED_BEHIND) {
        (void)conversation_new(pinfo->num + 1, &pinfo->src, &pinfo->dst, CONVERSATION_UDP, pinfo->srcport,
                               pinfo->destport, 0);
    }
    conversations += found != last;
    last = found;
    looked++;
    return (int)tvb_captured_length(tvb);
}

/* A datagram of one octet, there or back, between the server and a client 192.0.2.CLIENT. */
static void write_datagram(uint8_t *octets, uint8_t client, bool back)
{
    static const uint8_t template[HEADERS + 1] = {
        0x45, 0, 0, HEADERS + 1, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0x55,
    };
    const uint16_t source = back ? SERVER_PORT : CLIENT_PORT;
    const uint16_t destination = back ? CLIENT_PORT : SERVER_PORT;

    memcpy(octets, template, sizeof template);
    octets[back ? 19 : 15] = client;
    octets[back ? 15 : 19] = 200;
    octets[20] = (uint8_t)(source >> 8);
    octets[21] = (uint8_t)source;
    octets[22] = (uint8_t)(destination >> 8);
    octets[23] = (uint8_t)destination;
}

int main(void)
{
    static uint8_t octets[FRAMES][HEADERS + 1];
    session_frame_t frames[FRAMES];

    session_start(NULL);
    dissector_add_uint("udp.port", SERVER_PORT, create_dissector_handle(compare, proto_get_id_by_filter_name("raw")));
    for (unsigned i = 0; i < FRAMES; i++) {
        /* Two clients with the same ports, so that each replaces the remembered one; the second begins late. */
        write_datagram(octets[i], i >= 8 && i % 3 == 0 ? 11 : 10, i % 2 != 0);
        frames[i] = (session_frame_t){ WTAP_ENCAP_RAW_IP, octets[i], HEADERS + 1, HEADERS + 1, 1, false };
    }
    session_dissect(frames, FRAMES, 0);
    session_forget();
    if (looked != 2 * FRAMES || conversations < 6) {
        fprintf(stderr, "%u datagrams, and %u changes of conversation: not those of this test.\n", looked,
                conversations);
        return 1;
    }
    return 0;
}
