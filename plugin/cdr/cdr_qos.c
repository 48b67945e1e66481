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
    AT_GUARANTEED_UP_MORE
};

/* A bit rate in kbit/s; MORE is the octet for high rates, 0 where there is none. */
static unsigned rate(uint8_t octet, uint8_t more)
{
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

/* A pair of bit rates that are at UP and DOWN, if both octets are there. */
static void add_rates(wmem_strbuf_t *text, const char *name, const uint8_t *octets, size_t length, unsigned up,
                      unsigned up_more, unsigned down, unsigned down_more)
{
    if (length > MAX(up, down) && (octets[up] != 0 || octets[down] != 0)) {
        wmem_strbuf_append_printf(text, ", %s %u kbit/s up and %u down", name,
                                  rate(octets[up], length > up_more ? octets[up_more] : 0),
                                  rate(octets[down], length > down_more ? octets[down_more] : 0));
    }
}

const char *cdr_qos_explain(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    static const char *const classes[] = { "subscribed", "conversational", "streaming", "interactive",
                                           "background", "reserved",       "reserved",  "reserved" };

    if (length == 0) {
        return NULL;
    }
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");
    wmem_strbuf_append_printf(text, "allocation/retention priority %u", octets[AT_PRIORITY]);
    if (length > AT_MEAN) {
        wmem_strbuf_append_printf(
            text, ", delay class %u, reliability class %u, peak throughput %u, precedence %u, mean throughput %u",
            octets[AT_DELAY] >> 3 & 7u, octets[AT_DELAY] & 7u, octets[AT_PRECEDENCE] >> 4u, octets[AT_PRECEDENCE] & 7u,
            octets[AT_MEAN] & 31u);
    }
    if (length > AT_CLASS) {
        const unsigned class = octets[AT_CLASS] >> 5u;
        wmem_strbuf_append_printf(text, ", traffic class %s", classes[class]);
        if (class == 3 && length > AT_HANDLING) {
            wmem_strbuf_append_printf(text, ", handling priority %u", octets[AT_HANDLING] & 3u);
        }
    }
    add_rates(text, "at most", octets, length, AT_MAX_UP, AT_MAX_UP_MORE, AT_MAX_DOWN, AT_MAX_DOWN_MORE);
    add_rates(text, "guaranteed", octets, length, AT_GUARANTEED_UP, AT_GUARANTEED_UP_MORE, AT_GUARANTEED_DOWN,
              AT_GUARANTEED_DOWN_MORE);
    return wmem_strbuf_get_str(text);
}
