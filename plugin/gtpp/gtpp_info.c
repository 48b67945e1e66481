/* gtpp_info.c
 * What a GTP' PDU says, in one line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_info.h"

#include <string.h>

#include "gtpp_names.h"

/* Kinds of record that are named. */
#define MAX_KINDS 6

/* Called for every packet, so without printf, and the length of what is constant is counted by the compiler. */
static inline void append_text(wmem_strbuf_t *line, const char *text)
{
    wmem_strbuf_append_len(line, text, strlen(text));
}

static void append_number(wmem_strbuf_t *line, uint32_t number)
{
    char digits[10];
    size_t count = 0;

    do {
        digits[sizeof digits - ++count] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    wmem_strbuf_append_len(line, digits + sizeof digits - count, count);
}

/* " 3, 4, 5", and how many more when the list is long. */
static void describe_list(const gtpp_seq_list_t *list, const char *verb, wmem_strbuf_t *line)
{
    const uint32_t shown = 6;

    if (!list->present || list->count == 0) {
        return;
    }
    append_text(line, verb);
    for (uint32_t i = 0; i < list->count && i < shown; i++) {
        append_text(line, i == 0 ? " " : ", ");
        append_number(line, list->seqs[i]);
    }
    if (list->count > shown) {
        append_text(line, " and ");
        append_number(line, list->count - shown);
        append_text(line, " more");
    }
}

/* The place of the record's kind among the COUNT kinds in KINDS; COUNT when it is none of them. */
static unsigned find_kind(const char *const *kinds, unsigned count, const char *kind)
{
    unsigned place = 0;

    while (place < count && strcmp(kinds[place], kind) != 0) {
        place++;
    }
    return place;
}

/* " (PGW, SGW)": each kind of record once, in the order of the records. The list ends after MAX_KINDS of them, so that
 * a message of many thousand records costs no more than its length. */
static void describe_kinds(const gtpp_pdu_t *pdu, wmem_strbuf_t *line)
{
    const char *kinds[MAX_KINDS];
    unsigned count = 0;
    uint32_t others = 0;

    for (uint32_t i = 0; i < pdu->num_cdrs; i++) {
        const char *kind = pdu->cdrs[i].type_name;
        if (find_kind(kinds, count, kind) < count) {
            continue;
        }
        if (count == MAX_KINDS) {
            others++;
            continue;
        }
        append_text(line, count == 0 ? " (" : ", ");
        append_text(line, kind);
        kinds[count++] = kind;
    }
    if (others > 0) {
        append_text(line, " and ");
        append_number(line, others);
        append_text(line, " of other kinds");
    }
    if (count > 0) {
        wmem_strbuf_append_c(line, ')');
    }
}

/* ", 2 CDRs (PGW, SGW)". Of a message that was cut, the number that the packet announces. */
static void describe_records(const gtpp_pdu_t *pdu, wmem_strbuf_t *line)
{
    if (pdu->record_octets == 0) {
        append_text(line, ", empty packet");
        return;
    }
    const uint32_t count = gtpp_pdu_count_records(pdu);

    if (count == 0 && pdu->is_cut) {
        append_text(line, ", packet cut");
        return;
    }
    append_text(line, ", ");
    append_number(line, count);
    append_text(line, count == 1 ? " CDR" : " CDRs");
    describe_kinds(pdu, line);
}

void gtpp_info_append_pdu(const gtpp_pdu_t *pdu, wmem_strbuf_t *line)
{
    if (pdu->length == 0) {
        append_text(line, "start of a message");
        return;
    }
    append_text(line, val_to_str_const(pdu->header.type, gtpp_message_names, "GTP'"));
    append_text(line, " seq=");
    append_number(line, pdu->header.seq);
    if (pdu->has_command) {
        append_text(line, ", ");
        append_text(line, gtpp_names_command_word(pdu->command));
    }
    if (pdu->has_record_packet) {
        describe_records(pdu, line);
    }
    describe_list(&pdu->released, ", releases", line);
    describe_list(&pdu->cancelled, ", cancels", line);
    if (pdu->has_cause) {
        append_text(line, ", ");
        append_text(line, val_to_str_const(pdu->cause, gtpp_cause_names, "unknown cause"));
    }
    if (pdu->has_recovery) {
        append_text(line, ", restart counter ");
        append_number(line, pdu->recovery);
    }
    describe_list(&pdu->responded, ", answers", line);
}
