/* cdr_own.c
 * Adds elements that 3GPP TS 32.298 does not have, but the user's table of tags.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "cdr_own.h"

#include <epan/expert.h>
#include <epan/to_str.h>

#include <inttypes.h>

#include "cdr_text.h"
#include "cdr_values.h"

static int hf_own_name = -1;
static int hf_own_number = -1;
static int hf_own_signed = -1;
static int hf_own_text = -1;
static int hf_own_time = -1;
static expert_field ei_own = EI_INIT;

static const char *read_own(wmem_allocator_t *pool, const cdr_part_t *part, cdr_tag_kind_t kind, const char **text)
{
    static const uint8_t formats[] = {
        [CDR_TAG_TEXT] = CDR_AS_TEXT,
        [CDR_TAG_DIGITS] = CDR_AS_TBCD,
        [CDR_TAG_ADDRESS] = CDR_AS_NUMBER,
        [CDR_TAG_PLMN] = CDR_AS_PLMN,
    };

    if (kind == CDR_TAG_IP) {
        if (part->length != 4 && part->length != 16) {
            return "an IP address has 4 or 16 octets";
        }
        const address addr = ADDRESS_INIT(part->length == 4 ? AT_IPv4 : AT_IPv6, (int)part->length, part->octets);
        *text = address_to_str(pool, &addr);
        return NULL;
    }
    const cdr_schema_type_t type = { .shape = CDR_OCTETS, .format = formats[kind] };
    return cdr_text_read(pool, &type, part->octets, part->length, text);
}

/* Adds the value of an element that the user named; the result says what is wrong with it, or is NULL. */
static const char *add_own_value(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, proto_tree *tree,
                                 const cdr_part_t *part, cdr_tag_kind_t kind)
{
    const int at = (int)MIN(part->value, part->end);
    const int length = (int)(part->end - MIN(part->value, part->end));
    const char *what = NULL;
    const char *text = "";
    uint64_t number = 0;
    nstime_t when;
    int offset;

    switch (kind) {
    case CDR_TAG_NUMBER:
    case CDR_TAG_SIGNED:
        what = cdr_text_read_number(part->octets, part->length, kind == CDR_TAG_SIGNED, &number);
        if (what == NULL && kind == CDR_TAG_SIGNED) {
            proto_tree_add_int64(tree, hf_own_signed, tvb, at, length, (int64_t)number);
            proto_item_append_text(item, ": %" PRId64, (int64_t)number);
        } else if (what == NULL) {
            proto_tree_add_uint64(tree, hf_own_number, tvb, at, length, number);
            proto_item_append_text(item, ": %" PRIu64, number);
        }
        break;
    case CDR_TAG_TIME:
        what = cdr_read_time(part->octets, part->length, &when, &offset);
        if (what == NULL) {
            proto_tree_add_time(tree, hf_own_time, tvb, at, length, &when);
            proto_item_append_text(item, ": %s", abs_time_to_str(pinfo->pool, &when, ABSOLUTE_TIME_UTC, TRUE));
        }
        break;
    default:
        what = read_own(pinfo->pool, part, kind, &text);
        if (what == NULL) {
            proto_tree_add_string(tree, hf_own_text, tvb, at, length, text);
            proto_item_append_text(item, ": %s", text);
        }
        break;
    }
    return what;
}

bool cdr_own_add(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, proto_tree *tree, const cdr_part_t *part,
                 const cdr_tag_t *own)
{
    proto_item_set_generated(
        proto_tree_add_string(tree, hf_own_name, tvb, (int)part->start, (int)(part->end - part->start), own->name));
    if (part->octets == NULL || part->is_cut) {
        return true;
    }
    if (own->kind == CDR_TAG_OCTETS) {
        return false;
    }
    const char *what = add_own_value(tvb, pinfo, item, tree, part, own->kind);
    if (what != NULL) {
        expert_add_info_format(pinfo, item, &ei_own, "It is not what your list of tags says: %s.", what);
    }
    return what == NULL;
}

void cdr_own_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_own_name,
          { "Your name", "cdr.own.name", FT_STRING, BASE_NONE, NULL, 0x0,
            "What the preference cdr.tags calls an element that 3GPP TS 32.298 does not have", HFILL } },
        { &hf_own_number,
          { "Number", "cdr.own.number", FT_UINT64, BASE_DEC, NULL, 0x0, "Value of an element that you named", HFILL } },
        { &hf_own_signed,
          { "Signed number", "cdr.own.signed", FT_INT64, BASE_DEC, NULL, 0x0, "Value of an element that you named",
            HFILL } },
        { &hf_own_text,
          { "Text", "cdr.own.text", FT_STRING, BASE_NONE, NULL, 0x0,
            "Value of an element that you named: a text, digits, a network or an address", HFILL } },
        { &hf_own_time,
          { "Time", "cdr.own.time", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0x0,
            "Value of an element that you named", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_own,
          { "cdr.own.misfit", PI_PROTOCOL, PI_NOTE, "An element that you named is not what you said.", EXPFILL } },
    };

    proto_register_field_array(proto, hf, array_length(hf));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
    cdr_tags_register(prefs_register_protocol(proto, NULL));
}
