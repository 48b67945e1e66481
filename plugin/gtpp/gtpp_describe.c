/* gtpp_describe.c
 * What a GTP' PDU says, in one line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ws_compat.h"

#include "gtpp_describe.h"

#include "gtpp_values.h"

/* " 3, 4, 5", and how many more when the list is long. */
static void describe_list(const gtpp_seq_list_t *list, const char *verb, wmem_strbuf_t *line)
{
    const uint32_t shown = 6;

    if (!list->present || list->count == 0) {
        return;
    }
    wmem_strbuf_append_printf(line, ", %s", verb);
    for (uint32_t i = 0; i < list->count && i < shown; i++) {
        wmem_strbuf_append_printf(line, "%s%u", i == 0 ? " " : ", ", list->seqs[i]);
    }
    if (list->count > shown) {
        wmem_strbuf_append_printf(line, " and %u more", list->count - shown);
    }
}

/* ", 2 CDRs (PGW, SGW)": every kind of record once. */
static void describe_records(const gtpp_pdu_t *pdu, wmem_strbuf_t *line)
{
    if (pdu->record_octets == 0) {
        wmem_strbuf_append(line, ", empty packet");
        return;
    }
    wmem_strbuf_append_printf(line, ", %u CDR%s", pdu->num_cdrs, pdu->num_cdrs == 1 ? "" : "s");
    const char *opening = " (";
    for (uint32_t i = 0; i < pdu->num_cdrs; i++) {
        uint32_t earlier = 0;
        while (earlier < i && strcmp(pdu->cdrs[earlier].type_name, pdu->cdrs[i].type_name) != 0) {
            earlier++;
        }
        if (earlier == i) {
            wmem_strbuf_append_printf(line, "%s%s", opening, pdu->cdrs[i].type_name);
            opening = ", ";
        }
    }
    if (pdu->num_cdrs > 0) {
        wmem_strbuf_append_c(line, ')');
    }
}

void gtpp_describe_pdu(const gtpp_pdu_t *pdu, wmem_strbuf_t *line)
{
    wmem_strbuf_append_printf(line, "%s seq=%u", val_to_str_const(pdu->header.type, gtpp_message_names, "GTP'"),
                              pdu->header.seq);
    if (pdu->has_command) {
        wmem_strbuf_append_printf(line, ", %s", gtpp_values_command_word(pdu->command));
    }
    if (pdu->has_record_packet) {
        describe_records(pdu, line);
    }
    describe_list(&pdu->released, "releases", line);
    describe_list(&pdu->cancelled, "cancels", line);
    if (pdu->has_cause) {
        wmem_strbuf_append_printf(line, ", %s", val_to_str_const(pdu->cause, gtpp_cause_names, "unknown cause"));
    }
    if (pdu->has_recovery) {
        wmem_strbuf_append_printf(line, ", restart counter %u", pdu->recovery);
    }
    describe_list(&pdu->responded, "answers", line);
}
