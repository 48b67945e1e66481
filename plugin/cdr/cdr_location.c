/* cdr_location.c
 * Where a subscriber is, as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_location.h"

#include "base/octets.h"
#include "base/ws_compat.h"

const char *cdr_location_plmn(wmem_allocator_t *pool, const uint8_t octets[3])
{
    const unsigned mcc[] = { octets[0] & 15u, octets[0] >> 4u, octets[1] & 15u };
    const unsigned mnc[] = { octets[2] & 15u, octets[2] >> 4u, octets[1] >> 4u };

    if (mcc[0] > 9 || mcc[1] > 9 || mcc[2] > 9 || mnc[0] > 9 || mnc[1] > 9 || (mnc[2] > 9 && mnc[2] != 15)) {
        return NULL;
    }
    if (mnc[2] == 15) {
        return wmem_strdup_printf(pool, "%u%u%u-%u%u", mcc[0], mcc[1], mcc[2], mnc[0], mnc[1]);
    }
    return wmem_strdup_printf(pool, "%u%u%u-%u%u%u", mcc[0], mcc[1], mcc[2], mnc[0], mnc[1], mnc[2]);
}

/* An identity: its name, that of its numbers, and how many octets each has behind the network. */
typedef struct {
    const char *name;
    const char *first;
    unsigned first_octets;
    const char *second;
    unsigned second_octets;
    uint32_t bits; /* those of the first number, where not all are */
} identity_t;

/* In the order of their flags, bit 1 first, in which they follow the octet of flags. */
enum { PLACE_CGI, PLACE_SAI, PLACE_RAI, PLACE_TAI, PLACE_ECGI, PLACE_LAI, PLACE_ENODEB, PLACE_EXTENDED_ENODEB };

static const identity_t identities[] = {
    [PLACE_CGI] = { "CGI", "LAC", 2, "CI", 2, 0 },
    [PLACE_SAI] = { "SAI", "LAC", 2, "SAC", 2, 0 },
    [PLACE_RAI] = { "RAI", "LAC", 2, "RAC", 2, 0 },
    [PLACE_TAI] = { "TAI", "TAC", 2, NULL, 0, 0 },
    [PLACE_ECGI] = { "ECGI", "ECI", 4, NULL, 0, 0x0fffffff },
    [PLACE_LAI] = { "LAI", "LAC", 2, NULL, 0, 0 },
    [PLACE_ENODEB] = { "Macro eNodeB", "ID", 3, NULL, 0, 0x0fffff },
    [PLACE_EXTENDED_ENODEB] = { "Extended macro eNodeB", "ID", 3, NULL, 0, 0x1fffff },
};

static uint32_t read_octets(const uint8_t *octets, unsigned length)
{
    uint32_t number = 0;

    for (unsigned i = 0; i < length; i++) {
        number = number << 8 | octets[i];
    }
    return number;
}

/* Adds an identity to TEXT; the result is its length, or 0 when it does not fit or names no network. */
static size_t add_identity(wmem_allocator_t *pool, wmem_strbuf_t *text, const identity_t *identity,
                           const uint8_t *octets, size_t length)
{
    const size_t needed = 3 + identity->first_octets + identity->second_octets;

    if (length < needed) {
        return 0;
    }
    const char *plmn = cdr_location_plmn(pool, octets);
    if (plmn == NULL) {
        return 0;
    }
    const uint32_t first = read_octets(octets + 3, identity->first_octets);
    wmem_strbuf_append_printf(text, "%s%s %s %s %u", wmem_strbuf_get_len(text) > 0 ? ", " : "", identity->name, plmn,
                              identity->first, identity->bits != 0 ? first & identity->bits : first);
    if (identity->second != NULL) {
        uint32_t second = read_octets(octets + 3 + identity->first_octets, identity->second_octets);
        /* A RAC has one octet; where there is room for two, FF fills the other one (3GPP TS 29.274 section 8.21.3). */
        if (identity == &identities[PLACE_RAI] && (second & 0xff) == 0xff) {
            second >>= 8;
        }
        wmem_strbuf_append_printf(text, " %s %u", identity->second, second);
    }
    return needed;
}

/* 3GPP TS 29.274: an octet of flags, then the identities. NULL unless they fill the octets. */
static const char *explain_flags(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");
    size_t at = 1;

    for (unsigned bit = 0; bit < G_N_ELEMENTS(identities); bit++) {
        if ((octets[0] >> bit & 1) != 0) {
            const size_t used = add_identity(pool, text, &identities[bit], octets + at, length - at);
            if (used == 0) {
                return NULL;
            }
            at += used;
        }
    }
    return at == length && at > 1 ? wmem_strbuf_get_str(text) : NULL;
}

const char *cdr_location_explain(wmem_allocator_t *pool, const uint8_t *octets, size_t length)
{
    if (length == 0) {
        return NULL;
    }
    const char *text = explain_flags(pool, octets, length);
    if (octets[0] > 2 || length != 8) {
        return text;
    }
    /* Of eight octets, 1 is the flag of a CGI or the type SAI, and 2 the flag of an SAI or the type RAI. */
    wmem_strbuf_t *location = wmem_strbuf_new(pool, "");
    if (add_identity(pool, location, &identities[octets[0]], octets + 1, length - 1) == 0) {
        return text;
    }
    return text == NULL
               ? wmem_strbuf_get_str(location)
               : wmem_strdup_printf(pool, "%s by TS 29.274, or %s by TS 29.060", text, wmem_strbuf_get_str(location));
}

/* The identity of KIND, whose octets are LENGTH. */
static const identity_t *find_identity(cdr_format_t kind, size_t length)
{
    /* The octet of a RAC follows that of a LAC, where ULI has two. */
    static const identity_t area = { "RAI", "LAC", 2, "RAC", 1, 0 };

    switch (kind) {
    case CDR_AS_CGI:
        return &identities[PLACE_CGI];
    case CDR_AS_SAI:
        return &identities[PLACE_SAI];
    case CDR_AS_RA:
        return length == 6 ? &area : &identities[PLACE_RAI];
    case CDR_AS_TAI:
        return &identities[PLACE_TAI];
    case CDR_AS_LAI:
        return &identities[PLACE_LAI];
    default:
        return &identities[PLACE_ECGI];
    }
}

const char *cdr_location_identity(wmem_allocator_t *pool, cdr_format_t kind, const uint8_t *octets, size_t length)
{
    wmem_strbuf_t *text = wmem_strbuf_new(pool, "");
    const size_t used = add_identity(pool, text, find_identity(kind, length), octets, length);

    return used == length && length > 0 ? wmem_strbuf_get_str(text) : NULL;
}
