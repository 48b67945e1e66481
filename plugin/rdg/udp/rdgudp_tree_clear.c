/* rdgudp_tree_clear.c
 * The tree of what a datagram says in the clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdgudp_tree_clear.h"
#include "rdgudp_names.h"

#include <epan/expert.h>
#include <wsutil/str_util.h>
#include <epan/to_str.h>

static int hf_dtls_offered = -1;
static int hf_correlation_info = -1;
static int hf_correlation_reserved = -1;
static int hf_correlation_signature1 = -1;
static int hf_correlation_id = -1;
static int hf_correlation_id_be = -1;
static int hf_correlation_signature2 = -1;
static int hf_correlation_length = -1;
static int hf_rest = -1;

static int ett_correlation_info = -1;

static expert_field ei_rest = EI_INIT;

/* Which byte order Windows uses for the id is not proven: the structure's rule says little-endian, the same id is sent
 * big-endian elsewhere. Both readings are shown. Returns the first. */
static const char *add_trailer(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int at)
{
    proto_item *item = proto_tree_add_item(tree, hf_correlation_info, tvb, at, RDGUDP_TRAILER_LENGTH, ENC_NA);
    proto_tree *parts = proto_item_add_subtree(item, ett_correlation_info);
    e_guid_t id;

    proto_tree_add_item(parts, hf_correlation_reserved, tvb, at + RDGUDP_TRAILER_RESERVED, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_signature1, tvb, at + RDGUDP_TRAILER_SIGNATURE1, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_id, tvb, at + RDGUDP_TRAILER_ID, 16, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_id_be, tvb, at + RDGUDP_TRAILER_ID, 16, ENC_BIG_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_signature2, tvb, at + RDGUDP_TRAILER_SIGNATURE2, 2, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(parts, hf_correlation_length, tvb, at + RDGUDP_TRAILER_SIZE, 2, ENC_LITTLE_ENDIAN);
    tvb_get_letohguid(tvb, at + RDGUDP_TRAILER_ID, &id);
    return guid_to_str(pinfo->pool, &id);
}

const char *rdgudp_tree_clear_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *root,
                                  const rdgudp_dtls_t *dtls, rdgudp_trailer_t trailer)
{
    const uint32_t reported = tvb_reported_length(tvb);
    const uint32_t captured = tvb_captured_length(tvb);
    const uint32_t rest = reported > dtls->length ? reported - dtls->length : 0;

    for (unsigned i = 0; i < dtls->num_offers; i++) {
        proto_item_set_generated(proto_tree_add_uint(tree, hf_dtls_offered, tvb, 0, 0, dtls->offers[i]));
    }
    if (trailer == RDGUDP_TRAILER_WHOLE) {
        const char *id = add_trailer(tvb, pinfo, tree, (int)dtls->length);
        proto_item_append_text(root, ", correlation id %s", id);
        return id;
    }
    if (dtls->length < captured) {
        root = proto_tree_add_item(tree, hf_rest, tvb, (int)dtls->length, (int)(captured - dtls->length), ENC_NA);
    }
    if (rest > 0 && trailer == RDGUDP_TRAILER_NONE) {
        expert_add_info_format(pinfo, root, &ei_rest,
                               "What follows the DTLS records, %u octet%s, is not a correlation trailer.", rest,
                               plurality(rest, "", "s"));
    }
    return NULL;
}

void rdgudp_tree_clear_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_dtls_offered,
          { "DTLS version offered", "rdgudp.dtls_offered", FT_UINT16, BASE_HEX, VALS(rdgudp_names_versions), 0,
            "By the ClientHello", HFILL } },
        { &hf_correlation_info,
          { "UDP_CORRELATION_INFO", "rdgudp.correlation", FT_NONE, BASE_NONE, NULL, 0,
            "The clear octets behind the ClientHello, MS-TSGU 2.2.11.9", HFILL } },
        { &hf_correlation_reserved,
          { "uReserved", "rdgudp.correlation.reserved", FT_UINT32, BASE_DEC, NULL, 0, "Always 0", HFILL } },
        { &hf_correlation_signature1,
          { "uSignature1", "rdgudp.correlation.signature1", FT_UINT16, BASE_HEX, NULL, 0, "0x1daa", HFILL } },
        { &hf_correlation_id,
          { "uCorrelationId", "rdgudp.correlation_id", FT_GUID, BASE_NONE, NULL, 0,
            "Read in the structure's little-endian order", HFILL } },
        { &hf_correlation_id_be,
          { "uCorrelationId, read big-endian", "rdgudp.correlation_id_be", FT_GUID, BASE_NONE, NULL, 0,
            "The same octets in the other order: which one Windows uses is not proven", HFILL } },
        { &hf_correlation_signature2,
          { "uSignature2", "rdgudp.correlation.signature2", FT_UINT16, BASE_HEX, NULL, 0, "0xaa1d", HFILL } },
        { &hf_correlation_length,
          { "uCbStruct", "rdgudp.correlation.length", FT_UINT16, BASE_DEC, NULL, 0, "Octets of the structure: 26",
            HFILL } },
        { &hf_rest, { "Octets behind the DTLS records", "rdgudp.rest", FT_BYTES, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_rest,
          { "rdgudp.rest.unknown", PI_UNDECODED, PI_NOTE, "Octets follow the DTLS records that are not a trailer.",
            EXPFILL } },
    };
    static int *ett[] = { &ett_correlation_info };

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}
