/* test_other_postdissector.c
 * Beside a postdissector of another plugin, which adds a layer to each packet before ours looks: its layer is no
 * payload.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <epan/packet.h>
#include <epan/tap.h>
#include <wiretap/wtap.h>

#include "portlore/lore_stats.h"
#include "session.h"

static int proto_other = -1;
static int failures;

static int dissect_other(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)pinfo, (void)data;
    proto_tree_add_item(tree, proto_other, tvb, 0, 0, ENC_NA);
    return (int)tvb_captured_length(tvb);
}

static void register_other(void)
{
    proto_other = proto_register_protocol("Another postdissector", "Another", "anotherpost");
    register_postdissector(create_dissector_handle(dissect_other, proto_other));
}

static void hand_off_other(void)
{
}

/* Wireshark registers plugins from the last to the first, so that this one's postdissector is called before ours. */
static void register_before(void)
{
    static const proto_plugin other = { register_other, hand_off_other };

    proto_register_plugin(&other);
}

static tap_packet_status check_packet(void *tapdata, packet_info *pinfo, epan_dissect_t *edt, const void *data,
                                      tap_flags_t flags)
{
    const port_tap_t *tap = data;
    const unsigned *expected = tapdata;

    (void)edt, (void)flags;
    /* Where a tree is built, Wireshark takes the layer of the segment that waits away. */
    const bool waits = expected[pinfo->num - 1] == LORE_MATCH_EXPECTED && tap->match == LORE_MATCH_UNDECIDED;
    if (!waits && (unsigned)tap->match != expected[pinfo->num - 1]) {
        fprintf(stderr, "frame %u: match %d, not %u\n", pinfo->num, tap->match, expected[pinfo->num - 1]);
        failures++;
    }
    return TAP_PACKET_REDRAW;
}

int main(void)
{
    /* A SYN, SYN-ACK and ACK to port 3386, then octets that wait for the rest of their message. */
    /* clang-format off */
    static uint8_t syn[] = {
        0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 10, 198, 51, 100, 20,
        0xc1, 0x5c, 0x0d, 0x3a, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0,
    };
    static uint8_t syn_ack[] = {
        0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 198, 51, 100, 20, 192, 0, 2, 10,
        0x0d, 0x3a, 0xc1, 0x5c, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x12, 0xff, 0xff, 0, 0, 0, 0,
    };
    static uint8_t ack[] = {
        0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 10, 198, 51, 100, 20,
        0xc1, 0x5c, 0x0d, 0x3a, 0, 0, 0, 2, 0, 0, 0, 2, 0x50, 0x10, 0xff, 0xff, 0, 0, 0, 0,
    };
    static uint8_t start[] = { /* of a GTP' message of 255 octets */
        0x45, 0, 0, 50, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 10, 198, 51, 100, 20,
        0xc1, 0x5c, 0x0d, 0x3a, 0, 0, 0, 2, 0, 0, 0, 2, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0,
        0x4e, 240, 0, 249, 0, 1, 126, 1, 252, 0,
    };
    static uint8_t empty[] = {
        0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 10, 198, 51, 100, 20,
        0xc1, 0x5d, 0x0d, 0x3a, 0, 8, 0, 0,
    };
    /* clang-format on */
    session_frame_t frames[] = {
        { WTAP_ENCAP_RAW_IP, syn, sizeof syn, sizeof syn, 1, false },
        { WTAP_ENCAP_RAW_IP, syn_ack, sizeof syn_ack, sizeof syn_ack, 1, false },
        { WTAP_ENCAP_RAW_IP, ack, sizeof ack, sizeof ack, 1, false },
        { WTAP_ENCAP_RAW_IP, start, sizeof start, sizeof start, 1, false },
        { WTAP_ENCAP_RAW_IP, empty, sizeof empty, sizeof empty, 1, false },
    };
    static unsigned expected[] = { LORE_MATCH_NO_PAYLOAD, LORE_MATCH_NO_PAYLOAD, LORE_MATCH_NO_PAYLOAD,
                                   LORE_MATCH_EXPECTED, LORE_MATCH_NO_PAYLOAD };

    session_register_more = register_before;
    session_start(NULL);
    proto_set_decoding(proto_other, TRUE);
    GString *error = register_tap_listener("portlore", expected, NULL, 0, NULL, check_packet, NULL, NULL);
    if (error != NULL) {
        fprintf(stderr, "%s\n", error->str);
        return 1;
    }
    session_dissect(frames, array_length(frames), 0);
    session_forget();
    session_dissect(frames, array_length(frames), SESSION_TWO_PASSES | SESSION_FIRST_TREE);
    session_forget();
    puts(failures == 0 ? "no error" : "errors");
    return failures != 0;
}
