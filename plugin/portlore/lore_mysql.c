/* lore_mysql.c
 * MySQL on a documented port: recognised from the server's greeting, and handed to Wireshark's dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "lore_mysql.h"

#include <epan/conversation.h>
#include <epan/proto.h>

#include "base/packet_conversation.h"
#include "mysql_greeting.h"
#include "port_records.h"

static int proto_portlore = -1;
static ws_bool is_wanted = TRUE;
static dissector_handle_t mysql_handle; /* NULL where Wireshark has it not */
static dissector_handle_t handed_over;

/* The port of the server, which sent the greeting, hangs on the conversation. */
static uint32_t port_of(const conversation_t *conversation)
{
    return GPOINTER_TO_UINT(conversation_get_proto_data(conversation, proto_portlore));
}

/* Wireshark's dissector takes for a request what goes to the port that it was found by. */
static int call_mysql(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const conversation_t *conversation = packet_conversation_find(pinfo);

    if (conversation == NULL || port_of(conversation) == 0) {
        return 0;
    }
    pinfo->match_uint = port_of(conversation);
    return call_dissector_with_data(mysql_handle, tvb, pinfo, tree, data);
}

/* A documented port that neither Decode As nor the user's records give to another protocol. */
static bool is_free(uint32_t port)
{
    port_record_t record;

    return port_facts_find((uint16_t)port) != NULL &&
           !dissector_is_uint_changed(find_dissector_table("tcp.port"), port) &&
           port_records_find(TRANSPORT_TCP, (uint16_t)port, &record) &&
           (!record.is_users || !record.has_expected || port_records_expects(&record, "mysql"));
}

static ws_bool dissect_greeting(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const unsigned captured = tvb_captured_length(tvb);

    if (!is_wanted || !proto_is_protocol_enabled(find_protocol_by_id(proto_portlore)) || !is_free(pinfo->srcport) ||
        !mysql_greeting_recognise(tvb_get_ptr(tvb, 0, (int)captured), captured, tvb_reported_length(tvb))) {
        return FALSE;
    }
    conversation_t *conversation = find_or_create_conversation(pinfo);
    conversation_delete_proto_data(conversation, proto_portlore);
    conversation_add_proto_data(conversation, proto_portlore, GUINT_TO_POINTER(pinfo->srcport));
    conversation_set_dissector_from_frame_number(conversation, pinfo->num, handed_over);
    /* Wireshark has added MySQL's layer for this heuristic dissector already, and the call adds it again. */
    wmem_list_remove_frame(pinfo->layers, wmem_list_tail(pinfo->layers));
    return call_mysql(tvb, pinfo, tree, data) != 0;
}

void lore_mysql_register(module_t *module)
{
    prefs_register_bool_preference(module, "mysql", "Recognise MySQL on documented ports",
                                   "Hand a TCP conversation on a documented port that begins with a MySQL server's "
                                   "greeting to Wireshark's MySQL dissector. Decode As and your own ports win.",
                                   &is_wanted);
}

void lore_mysql_start(int proto)
{
    proto_portlore = proto;
    mysql_handle = find_dissector("mysql");
    if (mysql_handle == NULL) {
        return;
    }
    /* Of no protocol, so that the packet has Wireshark's layer alone. */
    handed_over = create_dissector_handle(call_mysql, -1);
    heur_dissector_add("tcp", dissect_greeting, "MySQL on a documented port", "portlore_mysql_tcp",
                       proto_get_id_by_filter_name("mysql"), HEURISTIC_ENABLE);
}
