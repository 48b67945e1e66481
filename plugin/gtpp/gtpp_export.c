/* gtpp_export.c
 * Charging data records as files: --export-objects gtpp,DIR, and File > Export Objects.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include <epan/export_object.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include "gtpp_stats.h"

static const char *extension_of(cdr_encoding_t encoding)
{
    switch (encoding) {
    case CDR_ENCODING_BER:
        return "ber";
    case CDR_ENCODING_UNALIGNED_PER:
        return "uper";
    case CDR_ENCODING_ALIGNED_PER:
        return "aper";
    default:
        return "bin";
    }
}

/* Each record is a file FRAME-RECORD[-KIND].EXTENSION; a copy of a request would only give the same files again. */
static void export_message(export_object_list_t *list, const packet_info *pinfo, const gtpp_message_tap_t *message)
{
    const gtpp_pdu_t *pdu = message->pdu;

    for (uint32_t i = 0; i < pdu->num_cdrs; i++) {
        export_object_entry_t *entry = g_new0(export_object_entry_t, 1);
        const cdr_t *cdr = &pdu->cdrs[i];
        const char *kind = cdr->summary.record != NULL ? cdr_schema_text + cdr->summary.record->called : NULL;
        const char *extension = extension_of(cdr->encoding);
        char *sender = address_to_str(NULL, &pinfo->src);

        entry->pkt_num = pinfo->num;
        entry->hostname = g_strdup(sender);
        entry->content_type = g_strdup_printf("%s CDR", kind != NULL ? kind : extension);
        entry->filename = g_strdup_printf("%u-%u%s%s.%s", pinfo->num, message->first_record + i,
                                          kind != NULL ? "-" : "", kind != NULL ? kind : "", extension);
        g_strdelimit(entry->filename, " /", '_');
        entry->payload_len = cdr->captured;
        if (entry->payload_len > 0) {
            entry->payload_data = g_memdup2(cdr->octets, entry->payload_len);
        }
        wmem_free(NULL, sender);
        list->add_entry(list->gui_data, entry);
    }
}

static tap_packet_status export_records(void *list, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
                                        tap_flags_t flags _U_)
{
    bool changed = false;

    for (const gtpp_message_tap_t *message = data; message != NULL; message = message->next) {
        if (message->event->item.role == GTPP_ITEM_REQUEST && message->pdu->num_cdrs > 0) {
            export_message(list, pinfo, message);
            changed = true;
        }
    }
    return changed ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

int gtpp_export_register(int proto)
{
    return register_export_object(proto, export_records, NULL);
}
