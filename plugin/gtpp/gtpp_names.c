/* gtpp_names.c
 * Names of GTP' numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "gtpp_names.h"

#include "gtpp_pdu.h"

const value_string gtpp_message_names[] = {
    { GTPP_ECHO_REQUEST, "Echo Request" },
    { GTPP_ECHO_RESPONSE, "Echo Response" },
    { GTPP_VERSION_NOT_SUPPORTED, "Version Not Supported" },
    { GTPP_NODE_ALIVE_REQUEST, "Node Alive Request" },
    { GTPP_NODE_ALIVE_RESPONSE, "Node Alive Response" },
    { GTPP_REDIRECTION_REQUEST, "Redirection Request" },
    { GTPP_REDIRECTION_RESPONSE, "Redirection Response" },
    { GTPP_DATA_RECORD_TRANSFER_REQUEST, "Data Record Transfer Request" },
    { GTPP_DATA_RECORD_TRANSFER_RESPONSE, "Data Record Transfer Response" },
    { 0, NULL },
};

const value_string gtpp_ie_names[] = {
    { GTPP_IE_CAUSE, "Cause" },
    { GTPP_IE_RECOVERY, "Recovery" },
    { GTPP_IE_PACKET_TRANSFER_COMMAND, "Packet Transfer Command" },
    { GTPP_IE_RELEASED_PACKETS, "Sequence Numbers of Released Packets" },
    { GTPP_IE_CANCELLED_PACKETS, "Sequence Numbers of Cancelled Packets" },
    { GTPP_IE_NODE_ADDRESS, "Node Address" },
    { GTPP_IE_DATA_RECORD_PACKET, "Data Record Packet" },
    { GTPP_IE_REQUESTS_RESPONDED, "Requests Responded" },
    { GTPP_IE_RECOMMENDED_NODE, "Address of Recommended Node" },
    { GTPP_IE_PRIVATE_EXTENSION, "Private Extension" },
    { 0, NULL },
};

const value_string gtpp_cause_names[] = {
    { 59, "System failure" },
    { 60, "The transmit buffers are becoming full" },
    { 61, "The receive buffers are becoming full" },
    { 62, "Another node is about to go down" },
    { 63, "This node is about to go down" },
    { 128, "Request accepted" },
    { 177, "CDR decoding error" },
    { 193, "Invalid message format" },
    { 198, "Version not supported" },
    { 199, "No resources available" },
    { 200, "Service not supported" },
    { 201, "Mandatory IE incorrect" },
    { 202, "Mandatory IE missing" },
    { 203, "Optional IE incorrect" },
    { 204, "System failure" },
    { 252, "Request related to possibly duplicated packets already fulfilled" },
    { 253, "Request already fulfilled" },
    { 254, "Sequence numbers of released/cancelled packets IE incorrect" },
    { 255, "Request not fulfilled" },
    { 0, NULL },
};

const value_string gtpp_command_names[] = {
    { GTPP_COMMAND_SEND, "Send Data Record Packet" },
    { GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED, "Send possibly duplicated Data Record Packet" },
    { GTPP_COMMAND_CANCEL, "Cancel Data Record Packet" },
    { GTPP_COMMAND_RELEASE, "Release Data Record Packet" },
    { 0, NULL },
};

const value_string gtpp_format_names[] = {
    { GTPP_FORMAT_BER, "BER" },
    { GTPP_FORMAT_UNALIGNED_PER, "Unaligned PER" },
    { GTPP_FORMAT_ALIGNED_PER, "Aligned PER" },
    { GTPP_FORMAT_XER, "XER" },
    { GTPP_FORMAT_ASCII_BER, "BER, written as the character 1" },
    { 0, NULL },
};

const char *gtpp_names_format(wmem_allocator_t *pool, unsigned format)
{
    const char *name = try_val_to_str(format, gtpp_format_names);

    if (name != NULL) {
        return name;
    }
    if (format == GTPP_FORMAT_NONE) {
        return "format 0 (not to be used)";
    }
    return wmem_strdup_printf(
        pool, "%s format %u",
        format >= GTPP_FORMAT_FIRST_OPERATOR && format <= GTPP_FORMAT_LAST_OPERATOR ? "operator" : "unknown", format);
}

const char *gtpp_names_command_word(unsigned command)
{
    static const char *const words[] = {
        "unknown command",
        [GTPP_COMMAND_SEND] = "send",
        [GTPP_COMMAND_SEND_POSSIBLY_DUPLICATED] = "send possibly duplicated",
        [GTPP_COMMAND_CANCEL] = "cancel",
        [GTPP_COMMAND_RELEASE] = "release",
    };

    return command < array_length(words) ? words[command] : words[0];
}
