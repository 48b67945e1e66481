/* cdr_fields.c
 * The fields of the protocol cdr that have names of 3GPP TS 32.298, registered from the table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "cdr_fields.h"

#include <string.h>

#include "cdr_schema.h"

static int cdr = -1;

/* Of each name in cdr_schema_names. NULL until the fields are registered. */
static int *hf_names;
static uint8_t *roles;

static cdr_role_t find_role(const char *name)
{
    static const struct {
        const char *name;
        cdr_role_t role;
    } known[] = {
        { "ratingGroup", CDR_ROLE_RATING_GROUP },        { "dataVolumeGPRSUplink", CDR_ROLE_UPLINK },
        { "dataVolumeGPRSDownlink", CDR_ROLE_DOWNLINK }, { "datavolumeFBCUplink", CDR_ROLE_UPLINK },
        { "datavolumeFBCDownlink", CDR_ROLE_DOWNLINK },  { "dataVolumeUplink", CDR_ROLE_UPLINK },
        { "dataVolumeDownlink", CDR_ROLE_DOWNLINK },     { "dataVolumeMBMSUplink", CDR_ROLE_UPLINK },
        { "dataVolumeMBMSDownlink", CDR_ROLE_DOWNLINK },
    };

    for (size_t i = 0; i < array_length(known); i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].role;
        }
    }
    return CDR_ROLE_NONE;
}

/* "cdr.sIP_URI" of sIP-URI; it lives as long as the program. */
static const char *filter_name(const cdr_schema_name_t *name)
{
    char *text = g_strconcat("cdr.", cdr_schema_text + name->name, cdr_schema_text + name->suffix, NULL);

    for (char *c = text; *c != '\0'; c++) {
        *c = *c == '-' ? '_' : *c;
    }
    return text;
}

/* The names of the values of all fields, in the form that Wireshark wants: a list begins where the table's does. */
static val64_string *make_values(void)
{
    val64_string *values = g_new0(val64_string, cdr_schema_num_values + 1);

    for (size_t i = 0; i < cdr_schema_num_values; i++) {
        const cdr_schema_value_t *value = &cdr_schema_values[i];
        values[i].value = (uint64_t)(int64_t)value->value;
        values[i].strptr = value->name != 0 ? cdr_schema_text + value->name : NULL;
    }
    return values;
}

static const struct {
    enum ftenum type;
    int display;
} held[CDR_HOLDS_COUNT] = {
    [CDR_HOLDS_PARTS] = { FT_NONE, BASE_NONE },
    [CDR_HOLDS_NUMBER] = { FT_UINT64, BASE_DEC },
    [CDR_HOLDS_BOOLEAN] = { FT_BOOLEAN, BASE_NONE },
    [CDR_HOLDS_NULL] = { FT_NONE, BASE_NONE },
    [CDR_HOLDS_TEXT] = { FT_STRING, BASE_NONE },
    [CDR_HOLDS_OCTETS] = { FT_BYTES, BASE_NONE },
    [CDR_HOLDS_OID] = { FT_OID, BASE_NONE },
    [CDR_HOLDS_REAL] = { FT_DOUBLE, BASE_NONE },
    [CDR_HOLDS_TIME] = { FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC },
    [CDR_HOLDS_IPV4] = { FT_IPv4, BASE_NONE },
    [CDR_HOLDS_IPV6] = { FT_IPv6, BASE_NONE },
};

void cdr_fields_register_names(void)
{
    if (hf_names != NULL || cdr == -1) {
        return;
    }
    /* Wireshark keeps both. */
    static const val64_string *values;
    static hf_register_info *hf;
    values = make_values();
    hf = g_new0(hf_register_info, cdr_schema_num_names);
    hf_names = g_new(int, cdr_schema_num_names);
    roles = g_new0(uint8_t, cdr_schema_num_names);
    for (size_t i = 0; i < cdr_schema_num_names; i++) {
        const cdr_schema_name_t *name = &cdr_schema_names[i];
        hf_names[i] = -1;
        roles[i] = (uint8_t)find_role(cdr_schema_text + name->name);
        hf[i].p_id = &hf_names[i];
        hf[i].hfinfo.name = cdr_schema_text + name->name;
        hf[i].hfinfo.abbrev = filter_name(name);
        hf[i].hfinfo.type = held[name->holds].type;
        hf[i].hfinfo.display = held[name->holds].display;
        if (name->holds == CDR_HOLDS_NUMBER) {
            hf[i].hfinfo.type = name->is_signed != 0 ? FT_INT64 : FT_UINT64;
            if (name->values != 0) {
                hf[i].hfinfo.display |= BASE_VAL64_STRING;
                hf[i].hfinfo.strings = VALS64(&values[name->values - 1]);
            }
        }
        hf[i].hfinfo.id = -1;
        hf[i].hfinfo.parent = 0;
        hf[i].hfinfo.same_name_prev_id = -1;
    }
    proto_register_field_array(cdr, hf, (int)cdr_schema_num_names);
}

static void register_prefix(const char *match _U_)
{
    cdr_fields_register_names();
}

int cdr_fields_find(uint16_t name)
{
    return hf_names[name];
}

cdr_role_t cdr_fields_find_role(uint16_t name)
{
    return (cdr_role_t)roles[name];
}

void cdr_fields_register(int proto)
{
    cdr = proto;
    proto_register_prefix("cdr", register_prefix);
}
