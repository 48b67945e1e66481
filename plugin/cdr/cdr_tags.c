/* cdr_tags.c
 * The user's names of tags.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cdr_tags.h"

#include <epan/uat.h>

#include <string.h>

/* Vendors go up to 773; a tag of the table has 16 bits. */
#define MAX_TAG 65534

/* A row. */
typedef struct {
    char *record; /* a record's name, or its recordType; empty: every record */
    char *path;
    unsigned tag;
    char *name;
    unsigned kind; /* cdr_tag_kind_t */
} row_t;

static const value_string kinds[] = {
    { CDR_TAG_OCTETS, "octets" }, { CDR_TAG_NUMBER, "number" },
    { CDR_TAG_SIGNED, "signed" }, { CDR_TAG_TEXT, "text" },
    { CDR_TAG_DIGITS, "digits" }, { CDR_TAG_ADDRESS, "address" },
    { CDR_TAG_PLMN, "network" },  { CDR_TAG_TIME, "time" },
    { CDR_TAG_IP, "ip" },         { 0, NULL },
};

static row_t *rows;
static unsigned num_rows;

UAT_CSTRING_CB_DEF(rows, record, row_t)
UAT_CSTRING_CB_DEF(rows, path, row_t)
UAT_DEC_CB_DEF(rows, tag, row_t)
UAT_CSTRING_CB_DEF(rows, name, row_t)
UAT_VS_DEF(rows, kind, row_t, unsigned, CDR_TAG_OCTETS, "octets")

static void *copy_row(void *to, const void *from, size_t size _U_)
{
    row_t *copy = to;
    const row_t *row = from;

    copy->record = g_strdup(row->record);
    copy->path = g_strdup(row->path);
    copy->tag = row->tag;
    copy->name = g_strdup(row->name);
    copy->kind = row->kind;
    return copy;
}

static void free_row(void *record)
{
    row_t *row = record;

    g_free(row->record);
    g_free(row->path);
    g_free(row->name);
}

/* True when TEXT is the name or the recordType of a record: "PGW", "pGWRecord", "85". */
static bool is_record(const char *text, uint32_t number, const cdr_schema_record_t *record)
{
    char digits[16];

    (void)snprintf(digits, sizeof digits, "%u", number);
    return strcmp(text, digits) == 0 ||
           (record != NULL && (g_ascii_strcasecmp(text, cdr_schema_text + record->called) == 0 ||
                               g_ascii_strcasecmp(text, cdr_schema_text + record->name) == 0));
}

static bool is_known(const char *text)
{
    if (strspn(text, "0123456789") == strlen(text)) { /* vendors have records of their own */
        return true;
    }
    for (size_t i = 0; i < cdr_schema_num_records; i++) {
        if (is_record(text, cdr_schema_records[i].number, &cdr_schema_records[i])) {
            return true;
        }
    }
    return false;
}

/* Says what is wrong with a row: Wireshark shows the message and leaves the row out. */
static ws_uat_bool check_row(void *record, char **error)
{
    const row_t *row = record;

    *error = NULL;
    if (row->tag > MAX_TAG) {
        *error = ws_strdup_printf("%u is not a tag: it must be between 0 and %u.", row->tag, MAX_TAG);
    } else if (row->name == NULL || row->name[0] == '\0') {
        *error = ws_strdup_printf("Tag %u needs a name: what is it?", row->tag);
    } else if (row->record != NULL && !is_known(row->record)) {
        *error = ws_strdup_printf("Tag %u: \"%s\" is neither a record of 3GPP TS 32.298 nor the number of one.",
                                  row->tag, row->record);
    }
    return *error == NULL;
}

bool cdr_tags_are_there(void)
{
    return num_rows > 0;
}

bool cdr_tags_find(uint32_t number, const cdr_schema_record_t *record, const char *path, uint32_t tag, cdr_tag_t *found)
{
    for (unsigned i = 0; i < num_rows; i++) {
        const row_t *row = &rows[i];
        const bool is_any = row->record == NULL || row->record[0] == '\0';
        if (row->tag == tag && strcmp(row->path != NULL ? row->path : "", path) == 0 &&
            (is_any || is_record(row->record, number, record))) {
            found->name = row->name;
            found->kind = (cdr_tag_kind_t)row->kind;
            return true;
        }
    }
    return false;
}

void cdr_tags_register(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING(rows, record, "Record",
                        "The record that has the tag: PGW, pGWRecord, or its recordType, 85 (empty: every record)"),
        UAT_FLD_CSTRING(rows, path, "Path",
                        "What the tag is in: names as in the packet details, with dots between them, without items of "
                        "lists: listOfServiceData (empty: the record itself)"),
        UAT_FLD_DEC(rows, tag, "Tag", "The tag's number, 0 to 65534"),
        UAT_FLD_CSTRING(rows, name, "Name", "What the element is called"),
        UAT_FLD_VS(rows, kind, "Kind", kinds,
                   "What its octets are: octets, number, signed, text, digits, address, network, time or ip"),
        UAT_END_FIELDS,
    };
    uat_t *uat = uat_new("Tags of charging records", sizeof(row_t), "cdr_tags", TRUE, &rows, &num_rows,
                         UAT_AFFECTS_DISSECTION, NULL, copy_row, check_row, free_row, NULL, NULL, fields);

    prefs_register_uat_preference(module, "tags", "Tags of vendors",
                                  "Elements of charging records that 3GPP TS 32.298 does not have: what your vendor "
                                  "calls them, and what is in them",
                                  uat);
}
