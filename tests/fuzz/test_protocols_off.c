/* test_protocols_off.c
 * Reads the same file again and again while protocols of the plugin are disabled and enabled in between (Analyze >
 * Enabled Protocols): what one of them found out in one reading must not be used in the next.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <epan/packet.h>
#include <wiretap/wtap.h>

#include "session.h"

int main(void)
{
    static const char *const names[] = { "gtpp", "rdgudp", "portlore" };
    /* An Echo Request of GTP', and the start of a DTLS handshake record, each from a port of its own. */
    /* clang-format off */
    static uint8_t gtpp[] = {
        0x45, 0, 0, 34, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 10, 198, 51, 100, 20, /* IP */
        0xc1, 0x5c, 0x0d, 0x3a, 0, 14, 0, 0,                                       /* UDP, to port 3386 */
        0x4e, 1, 0, 0, 0, 1,
    };
    static uint8_t dtls[] = {
        0x45, 0, 0, 41, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 10, 198, 51, 100, 20,
        0xc1, 0x5d, 0x0d, 0x3f, 0, 21, 0, 0, /* to port 3391 */
        0x16, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    /* clang-format on */
    session_frame_t frames[] = {
        { WTAP_ENCAP_RAW_IP, gtpp, sizeof gtpp, sizeof gtpp, 1, false },
        { WTAP_ENCAP_RAW_IP, dtls, sizeof dtls, sizeof dtls, 2, false },
    };

    /* Bits: the first one stands for the first name. */
    static const unsigned choices[] = { 1, 2, 4, 7 };

    session_start(NULL);
    for (unsigned first = 0; first < array_length(choices); first++) {
        for (unsigned second = 0; second < array_length(choices); second++) {
            const unsigned sets[] = { choices[first], choices[second] };
            for (unsigned i = 0; i < 2; i++) {
                for (unsigned bit = 0; bit < array_length(names); bit++) {
                    proto_set_decoding(proto_get_id_by_filter_name(names[bit]), (sets[i] & 1u << bit) != 0);
                }
                session_dissect(frames, array_length(frames), 0);
                session_forget();
            }
        }
    }
    puts("no error");
    return 0;
}
