/* cdr_qos.c
 * The quality of service in charging data records, as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_qos.h"

/* Places of octets in QoSInformation. */
enum {
    AT_PRIORITY,
    AT_DELAY,
    AT_PRECEDENCE,
    AT_MEAN,
    AT_CLASS,
    AT_SDU_SIZE,
    AT_MAX_UP,
    AT_MAX_DOWN,
    AT_ERRORS,
    AT_HANDLING,
    AT_GUARANTEED_UP,
    AT_GUARANTEED_DOWN,
    AT_SIGNALLING,
    AT_MAX_DOWN_MORE,
    AT_GUARANTEED_DOWN_MORE,
    AT_MAX_UP_MORE,
    AT_GUARANTEED_UP_MORE,
    AT_MAX_DOWN_MOST,
    AT_GUARANTEED_DOWN_MOST,
    AT_MAX_UP_MOST,
    AT_GUARANTEED_UP_MOST
};

/* A bit rate in kbit/s; MORE and MOST are the octets for high rates, 0 where there is none. */
static unsigned rate(uint8_t octet, uint8_t more, uint8_t most)
{
    if (most >= 1 && most <= 61) {
        return (256 + most * 4u) * 1000;
    }
    if (most >= 62 && most <= 161) {
        return (500 + (most - 61u) * 10) * 1000;
    }
    if (most >= 162 && most <= 246) {
        return (1500 + (most - 161u) * 100) * 1000;
    }
    if (more >= 1 && more <= 74) {
        return 8600 + more * 100u;
    }
    if (more >= 75 && more <= 186) {
        return (16 + (more - 74u)) * 1000;
    }
    if (more >= 187 && more <= 250) {
        return (128 + (more - 186u) * 2) * 1000;
    }
    if (octet == 0xff) {
        return 0;
    }
    return octet < 64 ? octet : octet < 128 ? 64 + (octet - 64u) * 8 : 576 + (octet - 128u) * 64;
}

/* Where the octets of a bit rate are. */
typedef struct {
    unsigned at;
    unsigned more;
    unsigned most;
} rate_at_t;

/* A bit rate in kbit/s; 0 asks for that of the subscription. */
static void add_rate(wmem_strbuf_t *text, const uint8_t *octets, size_t length, const rate_at_t *at)
{
    if (octets[at->at] == 0) {
        wmem_strbuf_append(text, "as subscribed");
    } else {
        wmem_strbuf_append_printf(
            text, "%u",
            rate(octets[at->at], length > at->more ? octets[at->more] : 0, length > at->most ? octets[at->most] : 0));
    }
}

/* A pair of bit rates, if both octets are there: false when nothing is added. */
static bool add_rates(wmem_strbuf_t *text, const char *name, const uint8_t *octets, size_t length, const rate_at_t *up,
                      const rate_at_t *down)
{
    if (length > MAX(up->at, down->at) && (octets[up->at] != 0 || octets[down->at] != 0)) {
        wmem_strbuf_append_printf(text, ", %s ", name);
        add_rate(text, octets, length, up);
        wmem_strbuf_append(text, " up and ");
        add_rate(text, octets, length, down);
        wmem_strbuf_append(text, " down");
        return true;
    }
    return false;
}

const char *cdr_qos_explain(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    static const char *const classes[] = { "subscribed", "conversational", "streaming", "interactive",
                                           "background", "reserved",       "reserved",  "reserved" };
    static const rate_at_t max_up = { AT_MAX_UP, AT_MAX_UP_MORE, AT_MAX_UP_MOST };
    static const rate_at_t max_down = { AT_MAX_DOWN, AT_MAX_DOWN_MORE, AT_MAX_DOWN_MOST };
    static const rate_at_t guaranteed_up = { AT_GUARANTEED_UP, AT_GUARANTEED_UP_MORE, AT_GUARANTEED_UP_MOST };
    static const rate_at_t guaranteed_down = { AT_GUARANTEED_DOWN, AT_GUARANTEED_DOWN_MORE, AT_GUARANTEED_DOWN_MOST };

    if (length == 0) {
        return NULL;
    }
    /* Short, as Wireshark cuts the text of an item: octets and text of all rates of 24.008 release 7 have room. */
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");
    wmem_strbuf_append_printf(text, "ARP %u", octets[AT_PRIORITY]);
    if (length > AT_MEAN) {
        wmem_strbuf_append_printf(text, ", delay class %u, reliability class %u, peak %u, precedence %u, mean %u",
                                  octets[AT_DELAY] >> 3 & 7u, octets[AT_DELAY] & 7u, octets[AT_PRECEDENCE] >> 4u,
                                  octets[AT_PRECEDENCE] & 7u, octets[AT_MEAN] & 31u);
    }
    if (length > AT_CLASS) {
        const unsigned class = octets[AT_CLASS] >> 5u;
        wmem_strbuf_append_printf(text, ", traffic class %s", classes[class]);
        if (class == 3 && length > AT_HANDLING) {
            wmem_strbuf_append_printf(text, ", handling priority %u", octets[AT_HANDLING] & 3u);
        }
    }
    const bool has_max = add_rates(text, "at most", octets, length, &max_up, &max_down);
    const bool has_guaranteed = add_rates(text, "guaranteed", octets, length, &guaranteed_up, &guaranteed_down);
    if (has_max || has_guaranteed) {
        wmem_strbuf_append(text, " kbit/s");
    }
    return wmem_strbuf_get_str(text);
}
