/* rdghttp_ntlm.c
 * Who a client says that it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdghttp_ntlm.h"

#include <string.h>

#include "base/octets.h"

/* Where the fields stand in the message: length, room and offset of each name; flags. */
#define DOMAIN_FIELD 28
#define USER_FIELD 36
#define FLAGS_FIELD 60
#define FIXED_PART 64

#define FLAG_UNICODE 0x00000001

static bool read_name(const uint8_t *message, size_t length, size_t field, rdghttp_span_t *name)
{
    const size_t size = octets_le16(message + field);
    const uint32_t offset = octets_le32(message + field + 4);

    *name = (rdghttp_span_t){ offset, size };
    return size % 2 == 0 && offset <= length && size <= length - offset;
}

bool rdghttp_ntlm_read(const uint8_t *token, size_t length, rdghttp_ntlm_t *names)
{
    static const uint8_t begin[] = { 'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 3, 0, 0, 0 };

    for (size_t at = 0; at + FIXED_PART <= length; at++) {
        const uint8_t *message = token + at;
        const size_t left = length - at;
        if (memcmp(message, begin, sizeof begin) != 0) {
            continue;
        }
        if ((octets_le32(message + FLAGS_FIELD) & FLAG_UNICODE) == 0 ||
            !read_name(message, left, DOMAIN_FIELD, &names->domain) ||
            !read_name(message, left, USER_FIELD, &names->user) || names->user.length == 0) {
            return false;
        }
        names->domain.offset += at;
        names->user.offset += at;
        return true;
    }
    return false;
}

size_t rdghttp_ntlm_basic_user(const uint8_t *text, size_t length)
{
    const uint8_t *colon = length > 0 ? memchr(text, ':', length) : NULL;

    return colon != NULL ? (size_t)(colon - text) : 0;
}
