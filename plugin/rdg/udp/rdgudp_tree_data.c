/* rdgudp_tree_data.c
 * The tree of what a DATA_PKT carries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_tree_data.h"

#include <epan/expert.h>
#include <wsutil/str_util.h>

#include "base/octets.h"
#include "base/tree_util.h"
#include "rdgudp_inner.h"
#include "rdgudp_rdpeudp.h"
#include "rdgudp_stream.h"

static int hf_rdpeudp = -1;
static int hf_rdpeudp_source_ack = -1;
static int hf_rdpeudp_window = -1;
static int hf_rdpeudp_flags = -1;
static int hf_rdpeudp_flag_syn = -1;
static int hf_rdpeudp_flag_fin = -1;
static int hf_rdpeudp_flag_ack = -1;
static int hf_rdpeudp_flag_data = -1;
static int hf_rdpeudp_flag_fec = -1;
static int hf_rdpeudp_flag_cn = -1;
static int hf_rdpeudp_flag_cwr = -1;
static int hf_rdpeudp_flag_sack = -1;
static int hf_rdpeudp_flag_aoa = -1;
static int hf_rdpeudp_flag_synlossy = -1;
static int hf_rdpeudp_flag_ackdelayed = -1;
static int hf_rdpeudp_flag_correlation_id = -1;
static int hf_rdpeudp_flag_synex = -1;
static int hf_rdpeudp_ack_vector_size = -1;
static int hf_rdpeudp_ack_vector = -1;
static int hf_rdpeudp_ack_padding = -1;
static int hf_rdpeudp_ack_of_acks = -1;
static int hf_rdpeudp_coded = -1;
static int hf_rdpeudp_source_start = -1;
static int hf_rdpeudp_payload = -1;

static int hf_rdpeudp_missing = -1;
static int hf_rdpeudp_carried = -1;
static int hf_rdpeudp_read_in = -1;

static expert_field ei_again = EI_INIT;
static expert_field ei_missing = EI_INIT;

static int ett_rdpeudp = -1;
static int ett_flags = -1;

/* Adds the headers of the datagram, which begins at BASE in TVB. */
static void add_headers(tvbuff_t *tvb, proto_tree *tree, size_t base, const rdgudp_rdpeudp_t *datagram)
{
    static int *const flags[] = {
        &hf_rdpeudp_flag_synex,      &hf_rdpeudp_flag_correlation_id,
        &hf_rdpeudp_flag_ackdelayed, &hf_rdpeudp_flag_synlossy,
        &hf_rdpeudp_flag_aoa,        &hf_rdpeudp_flag_sack,
        &hf_rdpeudp_flag_cwr,        &hf_rdpeudp_flag_cn,
        &hf_rdpeudp_flag_fec,        &hf_rdpeudp_flag_data,
        &hf_rdpeudp_flag_ack,        &hf_rdpeudp_flag_fin,
        &hf_rdpeudp_flag_syn,        NULL,
    };

    proto_tree_add_item(tree, hf_rdpeudp_source_ack, tvb, (int)base, 4, ENC_BIG_ENDIAN);
    proto_tree_add_item(tree, hf_rdpeudp_window, tvb, (int)base + 4, 2, ENC_BIG_ENDIAN);
    proto_tree_add_bitmask(tree, tvb, (int)base + 6, hf_rdpeudp_flags, ett_flags, flags, ENC_BIG_ENDIAN);
    if (datagram->ack_vector != 0) {
        int at = (int)(base + datagram->ack_vector);
        size_t there = tvb_captured_length(tvb) - base - datagram->ack_vector - 2;
        size_t length = datagram->ack_vector_size < there ? datagram->ack_vector_size : there;
        proto_tree_add_item(tree, hf_rdpeudp_ack_vector_size, tvb, at, 2, ENC_BIG_ENDIAN);
        if (length > 0) {
            proto_tree_add_item(tree, hf_rdpeudp_ack_vector, tvb, at + 2, (int)length, ENC_NA);
        }
    }
    if (datagram->ack_padding_length > 0) {
        proto_tree_add_item(tree, hf_rdpeudp_ack_padding, tvb, (int)(base + datagram->ack_padding),
                            (int)datagram->ack_padding_length, ENC_NA);
    }
    if (datagram->ack_of_acks != 0) {
        proto_tree_add_item(tree, hf_rdpeudp_ack_of_acks, tvb, (int)(base + datagram->ack_of_acks), 4, ENC_BIG_ENDIAN);
    }
    if (datagram->source != 0) {
        int at = (int)(base + datagram->source);
        proto_tree_add_item(tree, hf_rdpeudp_coded, tvb, at, 4, ENC_BIG_ENDIAN);
        proto_tree_add_item(tree, hf_rdpeudp_source_start, tvb, at + 4, 4, ENC_BIG_ENDIAN);
    }
}

/* Once the whole file is known, those that came later are not missing. */
static void add_missing(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item,
                        const rdgudp_chunk_t *chunk)
{
    uint32_t missing = frame_store_is_whole() ? chunk->missing - chunk->filled : chunk->missing;

    if (missing > 0) {
        tree_util_add_uint(tree, hf_rdpeudp_missing, tvb, missing);
        expert_add_info_format(pinfo, item, &ei_missing, "%u datagram%s before this one %s missing%s.", missing,
                               plurality(missing, "", "s"), plurality(missing, "is", "are"),
                               frame_store_is_whole() ? " in this capture" : " so far");
    }
}

/* What its number says of the datagram. */
static void add_order(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *item,
                      const rdgudp_chunk_t *chunk)
{
    if (chunk->place == RDGUDP_ORDER_AGAIN) {
        expert_add_info(pinfo, item, &ei_again);
        return;
    }
    add_missing(tvb, pinfo, tree, item, chunk);
    if (chunk->carried > 0) {
        tree_util_add_uint(tree, hf_rdpeudp_carried, tvb, chunk->carried);
    }
    if (chunk->read_in != NULL && frame_record_is_shown(chunk->read_in) &&
        frame_record_number(chunk->read_in) != pinfo->num) {
        tree_util_add_uint(tree, hf_rdpeudp_read_in, tvb, frame_record_number(chunk->read_in));
    }
}

static void add_payload(tvbuff_t *payload, packet_info *pinfo, proto_tree *tree, proto_tree *datagram_tree,
                        proto_item *item, rdgudp_conv_t *conv, uint32_t number, bool learns)
{
    const rdgudp_chunk_t *chunk = rdgudp_stream_take(payload, pinfo, conv, number, learns);

    if (chunk == NULL) {
        return;
    }
    add_order(payload, pinfo, datagram_tree, item, chunk);
    tvbuff_t *whole = rdgudp_stream_get(payload, pinfo, chunk);
    if (whole != NULL) {
        rdgudp_inner_call(whole, pinfo, tree, conv);
    }
}

bool rdgudp_tree_data_add(tvbuff_t *tvb, unsigned base, packet_info *pinfo, proto_tree *tree, rdgudp_conv_t *conv,
                          bool learns)
{
    unsigned captured = tvb_captured_length(tvb);
    rdgudp_rdpeudp_t datagram;

    if (!rdgudp_rdpeudp_read(tvb_get_ptr(tvb, (int)base, (int)(captured - base)), captured - base, &datagram)) {
        if (base < captured) {
            proto_tree_add_item(tree, hf_rdpeudp_payload, tvb, (int)base, -1, ENC_NA);
        }
        return false;
    }
    proto_item *item = proto_tree_add_item(tree, hf_rdpeudp, tvb, (int)base, -1, ENC_NA);
    proto_tree *datagram_tree = proto_item_add_subtree(item, ett_rdpeudp);
    add_headers(tvb, datagram_tree, base, &datagram);
    if (!datagram.whole) {
        return false;
    }
    size_t payload = base + datagram.payload;
    if (payload < captured) {
        proto_tree_add_item(tree, hf_rdpeudp_payload, tvb, (int)payload, -1, ENC_NA);
    }
    if (datagram.source != 0 && payload < captured) {
        add_payload(tvb_new_subset_remaining(tvb, (int)payload), pinfo, tree, datagram_tree, item, conv,
                    tvb_get_ntohl(tvb, (int)(base + datagram.source) + 4), learns);
    }
    return true;
}

void rdgudp_tree_data_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_rdpeudp,
          { "RDPEUDP datagram", "rdgudp.rdpeudp", FT_NONE, BASE_NONE, NULL, 0, "MS-RDPEUDP version 1", HFILL } },
        { &hf_rdpeudp_source_ack,
          { "snSourceAck", "rdgudp.rdpeudp.source_ack", FT_UINT32, BASE_HEX, NULL, 0,
            "Highest sequence number that the sender has received", HFILL } },
        { &hf_rdpeudp_window,
          { "uReceiveWindowSize", "rdgudp.rdpeudp.window", FT_UINT16, BASE_DEC, NULL, 0, "Datagrams", HFILL } },
        { &hf_rdpeudp_flags, { "uFlags", "rdgudp.rdpeudp.flags", FT_UINT16, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_rdpeudp_flag_syn, { "SYN", "rdgudp.rdpeudp.flags.syn", FT_BOOLEAN, 16, NULL, 0x0001, NULL, HFILL } },
        { &hf_rdpeudp_flag_fin, { "FIN", "rdgudp.rdpeudp.flags.fin", FT_BOOLEAN, 16, NULL, 0x0002, NULL, HFILL } },
        { &hf_rdpeudp_flag_ack, { "ACK", "rdgudp.rdpeudp.flags.ack", FT_BOOLEAN, 16, NULL, 0x0004, NULL, HFILL } },
        { &hf_rdpeudp_flag_data, { "DATA", "rdgudp.rdpeudp.flags.data", FT_BOOLEAN, 16, NULL, 0x0008, NULL, HFILL } },
        { &hf_rdpeudp_flag_fec, { "FEC", "rdgudp.rdpeudp.flags.fec", FT_BOOLEAN, 16, NULL, 0x0010, NULL, HFILL } },
        { &hf_rdpeudp_flag_cn, { "CN", "rdgudp.rdpeudp.flags.cn", FT_BOOLEAN, 16, NULL, 0x0020, NULL, HFILL } },
        { &hf_rdpeudp_flag_cwr, { "CWR", "rdgudp.rdpeudp.flags.cwr", FT_BOOLEAN, 16, NULL, 0x0040, NULL, HFILL } },
        { &hf_rdpeudp_flag_sack,
          { "SACK_OPTION", "rdgudp.rdpeudp.flags.sack", FT_BOOLEAN, 16, NULL, 0x0080, NULL, HFILL } },
        { &hf_rdpeudp_flag_aoa,
          { "ACK_OF_ACKS", "rdgudp.rdpeudp.flags.aoa", FT_BOOLEAN, 16, NULL, 0x0100, NULL, HFILL } },
        { &hf_rdpeudp_flag_synlossy,
          { "SYNLOSSY", "rdgudp.rdpeudp.flags.synlossy", FT_BOOLEAN, 16, NULL, 0x0200, NULL, HFILL } },
        { &hf_rdpeudp_flag_ackdelayed,
          { "ACKDELAYED", "rdgudp.rdpeudp.flags.ackdelayed", FT_BOOLEAN, 16, NULL, 0x0400, NULL, HFILL } },
        { &hf_rdpeudp_flag_correlation_id,
          { "CORRELATION_ID", "rdgudp.rdpeudp.flags.correlation_id", FT_BOOLEAN, 16, NULL, 0x0800, NULL, HFILL } },
        { &hf_rdpeudp_flag_synex,
          { "SYNEX", "rdgudp.rdpeudp.flags.synex", FT_BOOLEAN, 16, NULL, 0x1000, NULL, HFILL } },
        { &hf_rdpeudp_ack_vector_size,
          { "uAckVectorSize", "rdgudp.rdpeudp.ack_vector_size", FT_UINT16, BASE_DEC, NULL, 0, "Elements of one octet",
            HFILL } },
        { &hf_rdpeudp_ack_vector,
          { "AckVectorElement", "rdgudp.rdpeudp.ack_vector", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_rdpeudp_ack_padding,
          { "Padding of the ACK vector", "rdgudp.rdpeudp.ack_padding", FT_BYTES, BASE_NONE, NULL, 0,
            "Fills up to a multiple of four octets", HFILL } },
        { &hf_rdpeudp_ack_of_acks,
          { "snAckOfAcksSeqNum", "rdgudp.rdpeudp.ack_of_acks", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_rdpeudp_coded, { "snCoded", "rdgudp.rdpeudp.coded", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_rdpeudp_source_start,
          { "snSourceStart", "rdgudp.rdpeudp.source_start", FT_UINT32, BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_rdpeudp_payload,
          { "RDPEUDP payload", "rdgudp.rdpeudp.payload", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_rdpeudp_missing,
          { "Datagrams missing before", "rdgudp.rdpeudp.missing", FT_UINT32, BASE_DEC, NULL, 0,
            "By snSourceStart; with the whole file known, those that did not come later either", HFILL } },
        { &hf_rdpeudp_carried,
          { "Octets of other datagrams", "rdgudp.rdpeudp.carried", FT_UINT32, BASE_DEC, NULL, 0,
            "That are read with this one", HFILL } },
        { &hf_rdpeudp_read_in,
          { "Read in", "rdgudp.rdpeudp.read_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
            "The frame in which the last octets of the payload are dissected", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_again,
          { "rdgudp.rdpeudp.again", PI_SEQUENCE, PI_NOTE, "What has this number was read or given up before.",
            EXPFILL } },
        { &ei_missing,
          { "rdgudp.rdpeudp.gap", PI_SEQUENCE, PI_NOTE, "Datagrams before this one are missing.", EXPFILL } },
    };
    static int *ett[] = { &ett_rdpeudp, &ett_flags };

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
    rdgudp_stream_register();
}
