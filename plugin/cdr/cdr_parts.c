/* cdr_parts.c
 * Adds every part of a charging data record to the tree, under its name in 3GPP TS 32.298.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "cdr_parts.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <wsutil/str_util.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/tree_util.h"
#include "cdr_fields.h"
#include "cdr_own.h"
#include "cdr_text.h"
#include "cdr_walk.h"

/* Subtrees inside one another: those of the walk, the record's own, and one for ANY. */
#define MAX_FRAMES (CDR_WALK_DEPTH + 16)

#define SHOWN_OCTETS 24 /* in a label */

#define BYTES_OF_LINE 36 /* of a field of octets, that Wireshark shows in its line */

static int proto_cdr = -1;
static int hf_item = -1;
static int hf_element = -1;
static int hf_meaning = -1;
static int hf_misfit = -1;
static int hf_fault = -1;
static int ett_parts = -1;
static int ett_item = -1;
static int ett_element = -1;
static expert_field ei_unknown = EI_INIT;
static expert_field ei_malformed = EI_INIT;
static expert_field ei_limit = EI_INIT;
static int expert_id = -1;
static int expert_tap = -1;

/* Whose fields are shown here. */
static const char *const shown[] = { "cdr", "_ws.expert" };

/* tshark prints the fields that its options name and nothing else, and none of those is shown here. */
static bool prints_other_fields;

/* {{{ What is wanted */

/* Not at handoff: the tap of expert items is registered after it. */
static void find_expert(void)
{
    expert_id = proto_registrar_get_id_byname("_ws.expert");
    expert_tap = find_tap_id("expert");
    prints_other_fields = command_line_prints_fields() && !command_line_names(shown, array_length(shown));
}

/* A protocol counts as referenced, and as named, when one of its fields is. */
static bool is_asked_for(proto_tree *tree, int id)
{
    return id != -1 && (prints_other_fields ? tree_util_is_named(proto_registrar_get_nth((unsigned)id))
                                            : proto_field_is_referenced(tree, id));
}

bool cdr_parts_are_wanted(const packet_info *pinfo, proto_tree *tree)
{
    if (proto_cdr == -1) {
        return false;
    }
    if (tree != NULL && (is_asked_for(tree, proto_cdr) || is_asked_for(tree, expert_id))) {
        return true;
    }
    return have_tap_listener(expert_tap) || (pinfo->cinfo != NULL && pinfo->cinfo->col_first[COL_EXPERT] >= 0);
}

/* }}} */
/* {{{ Drawing */

/* A part that is open. */
typedef struct {
    proto_item *item; /* NULL: it has no item of its own */
    proto_tree *tree;
    const char *name; /* for paths: "" in an item of a list */
    uint32_t start;
    bool is_choice;
    bool is_list;
    uint32_t count;               /* parts in it that the table has */
    const char *only;             /* text of the last plain value in it, where the line is to have it */
    uint32_t has;                 /* roles of the values in it */
    uint64_t sum[CDR_ROLE_COUNT]; /* their values */
} frame_t;

typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    const cdr_t *cdr;
    uint32_t last; /* where the last value ends */
    unsigned depth;
    frame_t frames[MAX_FRAMES];
} drawing_t;

static frame_t *top(drawing_t *drawing)
{
    return &drawing->frames[MIN(drawing->depth, MAX_FRAMES - 1)];
}

static const char *name_of(const cdr_part_t *part)
{
    if (part->name != CDR_SCHEMA_NONE) {
        return cdr_schema_text + cdr_schema_names[part->name].name;
    }
    return part->type != CDR_SCHEMA_NONE ? cdr_schema_text + cdr_schema_types[part->type].name : "";
}

/* A list of plain values is as many items of its name, without one around them. */
static bool is_list_of_values(const cdr_part_t *part)
{
    return part->type != CDR_SCHEMA_NONE && cdr_schema_types[part->type].shape == CDR_LIST &&
           !cdr_walk_has_parts(cdr_schema_types[part->type].first);
}

static void append_octets(drawing_t *drawing, proto_item *item, const cdr_part_t *part)
{
    if (item != NULL && part->length > 0) {
        proto_item_append_text(item, ": %s%s",
                               bytes_to_str(drawing->pinfo->pool, part->octets, (int)MIN(part->length, SHOWN_OCTETS)),
                               part->length > SHOWN_OCTETS ? "..." : "");
    }
}

/* What is open, as a path of the user's table: listOfServiceData, recordExtensions.information. Of a record that the
 * table does not have, its own element is none of it. */
static const char *own_path(const drawing_t *drawing)
{
    wmem_strbuf_t *path = wmem_strbuf_new(drawing->pinfo->pool, "");

    for (unsigned i = drawing->cdr->summary.record != NULL ? 1 : 2; i <= drawing->depth && i < MAX_FRAMES; i++) {
        const char *name = drawing->frames[i].name;
        if (name != NULL && name[0] != '\0') {
            wmem_strbuf_append_printf(path, "%s%s", wmem_strbuf_get_len(path) > 0 ? "." : "", name);
        }
    }
    return wmem_strbuf_get_str(path);
}

static bool find_own(const drawing_t *drawing, const cdr_part_t *part, cdr_tag_t *own)
{
    const cdr_summary_t *summary = &drawing->cdr->summary;

    return cdr_tags_are_there() && part->type == CDR_SCHEMA_NONE && part->tag_class == BER_CONTEXT &&
           (summary->record != NULL || drawing->depth > 0) &&
           cdr_tags_find(summary->type, summary->record, own_path(drawing), part->tag, own);
}

/* What stands in a path for PART when it is open. Elements inside a vendor's list have nothing but a universal tag. */
static const char *path_name(const drawing_t *drawing, const cdr_part_t *part)
{
    cdr_tag_t own;

    if (part->type != CDR_SCHEMA_NONE || part->tag_class == BER_UNIVERSAL || !cdr_tags_are_there()) {
        return part->name != CDR_SCHEMA_NONE ? name_of(part) : "";
    }
    return find_own(drawing, part, &own) ? wmem_strdup(drawing->pinfo->pool, own.name)
                                         : wmem_strdup_printf(drawing->pinfo->pool, "%u", part->tag);
}

/* An element that the table does not have, but the user's: PART is open, or has octets. */
static proto_item *add_own(drawing_t *drawing, const cdr_part_t *part, const cdr_tag_t *own)
{
    proto_item *item = proto_tree_add_item(top(drawing)->tree, hf_element, drawing->tvb, (int)part->start,
                                           (int)(part->end - part->start), ENC_NA);

    proto_item_set_text(item, "%s [%u]", own->name, part->tag);
    if (!cdr_own_add(drawing->tvb, drawing->pinfo, item, proto_item_add_subtree(item, ett_element), part, own)) {
        append_octets(drawing, item, part);
    }
    return item;
}

/* What stands behind an extension marker in PER and the table does not have: octets without a tag. */
static proto_item *add_extension(drawing_t *drawing, const cdr_part_t *part)
{
    proto_item *item =
        proto_tree_add_bytes_with_length(top(drawing)->tree, hf_element, drawing->tvb, (int)part->start,
                                         (int)(part->end - part->start), part->octets, (int)part->length);

    if (part->name != CDR_SCHEMA_NONE) {
        proto_item_set_text(item, "%s: value number %u behind the extension marker", name_of(part), part->item);
    } else {
        proto_item_set_text(item, "Extension %u, %u octet%s", part->item, part->length,
                            plurality(part->length, "", "s"));
    }
    expert_add_info_format(drawing->pinfo, item, &ei_unknown,
                           "3GPP TS 32.298 (release %u) has no extension number %u here.", drawing->cdr->per.release,
                           part->item);
    return item;
}

/* An element that the table does not have. */
static proto_item *add_element(drawing_t *drawing, const cdr_part_t *part)
{
    static const char *const classes[] = { "universal", "application", "context", "private" };
    proto_item *item = proto_tree_add_item(top(drawing)->tree, hf_element, drawing->tvb, (int)part->start,
                                           (int)(part->end - part->start), ENC_NA);

    const uint32_t length = part->end - MIN(part->value, part->end);
    proto_item_set_text(item, "Element [%s %u], %u octet%s", classes[part->tag_class & 3], part->tag, length,
                        plurality(length, "", "s"));
    if (part->is_noted) {
        expert_add_info_format(drawing->pinfo, item, &ei_unknown,
                               "3GPP TS 32.298 (to release 18) has no element [%u] here.", part->tag);
    }
    return item;
}

static proto_item *add_opened(drawing_t *drawing, const cdr_part_t *part)
{
    proto_tree *tree = top(drawing)->tree;
    const int length = (int)(part->end - part->start);
    cdr_tag_t own;

    if (part->type == CDR_SCHEMA_NONE) {
        return find_own(drawing, part, &own) ? add_own(drawing, part, &own) : add_element(drawing, part);
    }
    if (part->octets != NULL) { /* ANY */
        return proto_tree_add_item(tree, cdr_fields_find(part->name), drawing->tvb, (int)part->start, length, ENC_NA);
    }
    if (part->name != CDR_SCHEMA_NONE) {
        return proto_tree_add_item(tree, cdr_fields_find(part->name), drawing->tvb, (int)part->start, length, ENC_NA);
    }
    proto_item *item = proto_tree_add_item(tree, hf_item, drawing->tvb, (int)part->start, length, ENC_NA);
    const char *name = name_of(part);
    proto_item_set_text(item, "%s %u", name[0] != '\0' ? name : "Item", part->item);
    return item;
}

static void open_part(void *user, const cdr_part_t *part)
{
    drawing_t *drawing = user;
    frame_t *around = top(drawing);
    frame_t frame = { .item = NULL, .tree = around->tree, .name = path_name(drawing, part), .start = part->start };

    around->count += part->type != CDR_SCHEMA_NONE;
    if (!is_list_of_values(part)) {
        frame.item = add_opened(drawing, part);
        frame.tree = proto_item_add_subtree(frame.item, part->type == CDR_SCHEMA_NONE   ? ett_element
                                                        : part->name == CDR_SCHEMA_NONE ? ett_item
                                                                                        : ett_parts);
        frame.is_list = part->type != CDR_SCHEMA_NONE && cdr_schema_types[part->type].shape == CDR_LIST;
        frame.is_choice = part->type != CDR_SCHEMA_NONE && cdr_schema_types[part->type].shape == CDR_CHOICE;
    }
    drawing->depth++;
    *top(drawing) = frame;
}

static void close_part(void *user)
{
    drawing_t *drawing = user;
    const frame_t frame = *top(drawing);
    wmem_allocator_t *pool = drawing->pinfo->pool;

    drawing->depth--;
    if (frame.item == NULL) {
        return;
    }
    if (cdr_is_per(drawing->cdr)) { /* the end of a part is known behind it only */
        proto_item_set_len(frame.item, (int)(MAX(drawing->last, frame.start) - frame.start));
    }
    if (frame.is_list) {
        proto_item_append_text(frame.item, ": %u", frame.count);
    } else if (frame.is_choice && frame.only != NULL) {
        proto_item_append_text(frame.item, ": %s", frame.only);
        top(drawing)->only = frame.only;
    }
    const char *between = ": ";
    if ((frame.has & 1u << CDR_ROLE_RATING_GROUP) != 0) {
        proto_item_append_text(frame.item, "%srating group %" PRIu64, between, frame.sum[CDR_ROLE_RATING_GROUP]);
        between = ", ";
    }
    if ((frame.has & 1u << CDR_ROLE_UPLINK) != 0) {
        proto_item_append_text(frame.item, "%s%s up", between, cdr_text_group_digits(pool, frame.sum[CDR_ROLE_UPLINK]));
        between = ", ";
    }
    if ((frame.has & 1u << CDR_ROLE_DOWNLINK) != 0) {
        proto_item_append_text(frame.item, "%s%s down", between,
                               cdr_text_group_digits(pool, frame.sum[CDR_ROLE_DOWNLINK]));
    }
}

/* The text of a value for the line of the choice around it. */
static void keep_text(drawing_t *drawing, const char *text)
{
    if (top(drawing)->is_choice) {
        top(drawing)->only = text;
    }
}

static const char *add_number(drawing_t *drawing, const cdr_part_t *part, int at, int length)
{
    const cdr_schema_type_t *type = &cdr_schema_types[part->type];
    const cdr_schema_name_t *name = &cdr_schema_names[part->name];
    const int hf = cdr_fields_find(part->name);
    frame_t *frame = top(drawing);
    const bool is_signed = (type->flags & CDR_IS_SIGNED) != 0;
    uint64_t number = 0;
    const char *what = cdr_text_read_number(part->octets, part->length, is_signed, &number);

    if (what != NULL) {
        return what;
    }
    const uint16_t first = type->shape == CDR_INTEGER || type->shape == CDR_ENUMERATED ? type->first : 0;
    const char *text = cdr_schema_name_value(first, (int64_t)number);
    if (name->is_signed != 0) {
        proto_tree_add_int64(frame->tree, hf, drawing->tvb, at, length, (int64_t)number);
    } else if (text != NULL && name->values == 0) {
        proto_tree_add_uint64_format_value(frame->tree, hf, drawing->tvb, at, length, number, "%s (%" PRIu64 ")", text,
                                           number);
    } else {
        proto_tree_add_uint64(frame->tree, hf, drawing->tvb, at, length, number);
    }
    if (frame->is_choice) {
        keep_text(drawing, text != NULL ? text : wmem_strdup_printf(drawing->pinfo->pool, "%" PRIu64, number));
    }
    const cdr_role_t role = cdr_fields_find_role(part->name);
    if (role != CDR_ROLE_NONE) {
        frame->has |= 1u << role;
        frame->sum[role] = number;
    }
    return NULL;
}

static const char *add_time(drawing_t *drawing, const cdr_part_t *part, int at, int length)
{
    nstime_t when;
    int offset = 0;
    const char *what = cdr_read_time(part->octets, part->length, &when, &offset);

    if (what != NULL) {
        return what;
    }
    proto_item *item =
        proto_tree_add_time(top(drawing)->tree, cdr_fields_find(part->name), drawing->tvb, at, length, &when);
    proto_item_append_text(item, " (given as local time, UTC%c%02d:%02d)", offset < 0 ? '-' : '+', abs(offset) / 60,
                           abs(offset) % 60);
    return NULL;
}

static const char *add_address(drawing_t *drawing, const cdr_part_t *part, int at, int length)
{
    proto_tree *tree = top(drawing)->tree;
    const int hf = cdr_fields_find(part->name);

    if (cdr_schema_names[part->name].holds == CDR_HOLDS_IPV4) {
        ws_in4_addr ipv4;
        if (part->length != sizeof ipv4) {
            return "an IPv4 address has 4 octets";
        }
        memcpy(&ipv4, part->octets, sizeof ipv4);
        proto_tree_add_ipv4(tree, hf, drawing->tvb, at, length, ipv4);
        if (top(drawing)->is_choice) {
            const address addr = ADDRESS_INIT(AT_IPv4, sizeof ipv4, &ipv4);
            keep_text(drawing, address_to_str(drawing->pinfo->pool, &addr));
        }
        return NULL;
    }
    ws_in6_addr ipv6;
    if (part->length != sizeof ipv6) {
        return "an IPv6 address has 16 octets";
    }
    memcpy(&ipv6, part->octets, sizeof ipv6);
    proto_tree_add_ipv6(tree, hf, drawing->tvb, at, length, &ipv6);
    if (top(drawing)->is_choice) {
        const address addr = ADDRESS_INIT(AT_IPv6, sizeof ipv6, &ipv6);
        keep_text(drawing, address_to_str(drawing->pinfo->pool, &addr));
    }
    return NULL;
}

/* What can be said beside a value, which takes SHOWN characters of ITEM's line. Wireshark cuts a line of
 * ITEM_LABEL_LENGTH characters: where there is no room, each part of it also stands below. */
static void add_explanation(drawing_t *drawing, proto_item *item, const cdr_part_t *part, size_t shown)
{
    const cdr_schema_type_t *type = &cdr_schema_types[part->type];
    const char *more = item != NULL ? cdr_text_explain(drawing->pinfo->pool, type, part->octets, part->length) : NULL;

    if (more == NULL) {
        return;
    }
    proto_item_append_text(item, " (%s)", more);
    if (strlen(name_of(part)) + strlen(": ") + shown + strlen(" ()") + strlen(more) < ITEM_LABEL_LENGTH) {
        return;
    }
    proto_tree *tree = proto_item_add_subtree(item, ett_parts);
    char **meanings = wmem_strsplit(drawing->pinfo->pool, more, ", ", -1);
    const int at = (int)MIN(part->value, part->end);
    for (unsigned i = 0; meanings[i] != NULL; i++) {
        proto_item_set_generated(
            proto_tree_add_string(tree, hf_meaning, drawing->tvb, at, (int)part->end - at, meanings[i]));
    }
}

static const char *add_octets(drawing_t *drawing, const cdr_part_t *part, int at, int length)
{
    const cdr_schema_type_t *type = &cdr_schema_types[part->type];
    const uint8_t *octets = part->octets;
    uint32_t count = part->length;

    if (type->shape == CDR_BITS) {
        if (count == 0 || octets[0] > 7 || (count == 1 && octets[0] != 0)) {
            return "bits without a right number of unused ones";
        }
        octets++;
        count--;
    }
    proto_item *item = proto_tree_add_bytes_with_length(top(drawing)->tree, cdr_fields_find(part->name), drawing->tvb,
                                                        at, length, octets, (int)count);
    add_explanation(drawing, item, part,
                    count <= BYTES_OF_LINE ? 2 * (size_t)count : (size_t)2 * BYTES_OF_LINE + strlen("..."));
    return NULL;
}

static const char *add_oid(drawing_t *drawing, const cdr_part_t *part, int at, int length)
{
    if (part->length == 0 || (part->octets[part->length - 1] & 0x80) != 0) {
        return "an object identifier that does not end";
    }
    if ((uint32_t)length == part->length) {
        proto_tree_add_item(top(drawing)->tree, cdr_fields_find(part->name), drawing->tvb, at, length, ENC_BIG_ENDIAN);
        return NULL;
    }
    tvbuff_t *octets = tvb_new_child_real_data(drawing->tvb, part->octets, part->length, (int)part->length);
    proto_tree_add_item(top(drawing)->tree, cdr_fields_find(part->name), octets, 0, (int)part->length, ENC_BIG_ENDIAN);
    return NULL;
}

/* Adds a plain value; the result says what is wrong with it when nothing was added. */
static const char *add_value(drawing_t *drawing, const cdr_part_t *part)
{
    const int at = (int)MIN(part->value, part->end);
    const int length = (int)(part->end - MIN(part->value, part->end));
    proto_tree *tree = top(drawing)->tree;
    const int hf = cdr_fields_find(part->name);
    const char *text = NULL;
    const char *what = NULL;
    double number;

    switch (cdr_schema_names[part->name].holds) {
    case CDR_HOLDS_NUMBER:
        return add_number(drawing, part, at, length);
    case CDR_HOLDS_TIME:
        return add_time(drawing, part, at, length);
    case CDR_HOLDS_IPV4:
    case CDR_HOLDS_IPV6:
        return add_address(drawing, part, at, length);
    case CDR_HOLDS_OCTETS:
        return add_octets(drawing, part, at, length);
    case CDR_HOLDS_OID:
        return add_oid(drawing, part, at, length);
    case CDR_HOLDS_BOOLEAN:
        if (part->length != 1) {
            return "a truth value has one octet";
        }
        proto_tree_add_boolean(tree, hf, drawing->tvb, at, length, part->octets[0] != 0);
        return NULL;
    case CDR_HOLDS_NULL:
        if (part->length != 0) {
            return "octets where none should be";
        }
        proto_tree_add_item(tree, hf, drawing->tvb, (int)part->start, (int)(part->end - part->start), ENC_NA);
        return NULL;
    case CDR_HOLDS_REAL:
        what = cdr_text_read_real(part->octets, part->length, &number);
        if (what == NULL) {
            proto_tree_add_double(tree, hf, drawing->tvb, at, length, number);
        }
        return what;
    default:
        what = cdr_text_read(drawing->pinfo->pool, &cdr_schema_types[part->type], part->octets, part->length, &text);
        if (what == NULL) {
            add_explanation(drawing, proto_tree_add_string(tree, hf, drawing->tvb, at, length, text), part,
                            strlen(text));
            keep_text(drawing, text);
        }
        return what;
    }
}

static const char *take_value(void *user, const cdr_part_t *part)
{
    drawing_t *drawing = user;

    top(drawing)->count += part->type != CDR_SCHEMA_NONE;
    drawing->last = part->end;
    if (part->type == CDR_SCHEMA_NONE) {
        cdr_tag_t own;
        if (cdr_is_per(drawing->cdr)) {
            append_octets(drawing, add_extension(drawing, part), part);
        } else if (find_own(drawing, part, &own)) {
            add_own(drawing, part, &own);
        } else {
            append_octets(drawing, add_element(drawing, part), part);
        }
        return NULL;
    }
    const char *what = add_value(drawing, part);
    if (what != NULL) {
        proto_item *item = proto_tree_add_item(top(drawing)->tree, hf_misfit, drawing->tvb, (int)part->start,
                                               (int)(part->end - part->start), ENC_NA);
        proto_item_set_text(item, "%s", name_of(part));
        append_octets(drawing, item, part);
    }
    return what;
}

/* True when a fault of these octets, and not of what is around them, is said already, by the key fields. */
static bool is_said(const cdr_t *cdr, uint32_t offset, uint32_t length)
{
    for (uint32_t i = 0; i < cdr->num_faults; i++) {
        const cdr_fault_report_t *fault = &cdr->faults[i];
        if (fault->fault == CDR_FAULT_MALFORMED && fault->offset >= offset && fault->offset < offset + MAX(length, 1)) {
            return true;
        }
    }
    return false;
}

static void take_fault(void *user, cdr_walk_fault_t fault, uint32_t offset, uint32_t length, const char *text)
{
    drawing_t *drawing = user;
    const uint32_t captured = tvb_captured_length(drawing->tvb);
    const uint32_t start = MIN(offset, captured);

    if (fault == CDR_WALK_MALFORMED && is_said(drawing->cdr, offset, length)) {
        return;
    }
    proto_item *item = proto_tree_add_string_format(top(drawing)->tree, hf_fault, drawing->tvb, (int)start,
                                                    (int)MIN(length, captured - start), text, "%s", text);
    expert_add_info_format(drawing->pinfo, item, fault == CDR_WALK_MALFORMED ? &ei_malformed : &ei_limit, "%s", text);
}

/* }}} */

void cdr_parts_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const cdr_t *cdr)
{
    static const cdr_walk_sink_t sink = { open_part, close_part, take_value, take_fault };
    const cdr_schema_record_t *record = cdr->summary.record;

    if (proto_cdr == -1 || cdr->captured == 0) {
        return;
    }
    cdr_fields_register_names();
    drawing_t *drawing = wmem_new0(pinfo->pool, drawing_t);
    drawing->tvb = tvb;
    drawing->pinfo = pinfo;
    drawing->cdr = cdr;
    proto_item *item = proto_tree_add_item(tree, proto_cdr, tvb, 0, (int)cdr->captured, ENC_NA);
    if (record != NULL) {
        proto_item_set_text(item, "All fields: %s (%s)", cdr_schema_text + record->name,
                            cdr_schema_text + record->domain);
    } else if (cdr->summary.is_undecided) {
        proto_item_set_text(item, "All elements: nothing tells which of two records it is");
    } else if (!cdr->summary.has_type) {
        proto_item_set_text(item, "All elements: without the record's type they have no names");
    } else {
        proto_item_set_text(item, "All elements: 3GPP TS 32.298 (to release 18) has no such record");
    }
    drawing->frames[0].tree = proto_item_add_subtree(item, ett_parts);
    if (cdr_is_per(cdr)) {
        cdr_per_walk(pinfo->pool, cdr->octets, cdr->captured, cdr->length, &cdr->per, &sink, drawing);
    } else {
        cdr_walk_ber(pinfo->pool, cdr->octets, cdr->captured, cdr->length, record, &sink, drawing);
    }
}

void cdr_parts_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_item, { "Item", "cdr.item", FT_NONE, BASE_NONE, NULL, 0x0, "One item of a list", HFILL } },
        { &hf_element,
          { "Element", "cdr.element", FT_BYTES, BASE_NONE, NULL, 0x0,
            "An element that 3GPP TS 32.298 does not have there: its octets, tag and length with them", HFILL } },
        { &hf_meaning,
          { "Meaning", "cdr.meaning", FT_STRING, BASE_NONE, NULL, 0x0,
            "A part of what the octets of a value mean, where all of it is too long for the value's line", HFILL } },
        { &hf_misfit,
          { "Octets that do not fit", "cdr.misfit", FT_BYTES, BASE_NONE, NULL, 0x0,
            "An element whose octets are not what its field holds", HFILL } },
        { &hf_fault,
          { "Fault", "cdr.fault", FT_STRING, BASE_NONE, NULL, 0x0,
            "What of the record cannot be read or is not shown, and where", HFILL } },
    };
    static int *ett[] = { &ett_parts, &ett_item, &ett_element };
    static ei_register_info ei[] = {
        { &ei_unknown, { "cdr.unknown", PI_UNDECODED, PI_NOTE, "3GPP TS 32.298 has no such element here.", EXPFILL } },
        { &ei_malformed, { "cdr.malformed", PI_MALFORMED, PI_WARN, "A part of the record cannot be read.", EXPFILL } },
        { &ei_limit, { "cdr.too_many", PI_UNDECODED, PI_NOTE, "Not all of the record is shown.", EXPFILL } },
    };

    proto_cdr = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
    register_init_routine(find_expert);
    cdr_own_register(proto);
    cdr_fields_register(proto);
}
