/* registry_csv.c
 * Reads IANA's port registry from its CSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registry_csv.h"

#include <glib.h>
#include <string.h>

#define MAX_PORT 65535

/* IANA's file has 15,000 rows of 2 MB, no number has more than ten of them, and no cell has 2,000 octets. */
#define MAX_HELD 64
#define MAX_CELL 65536

enum {
    CELL_SERVICE,
    CELL_NUMBER,
    CELL_TRANSPORT,
    CELL_DESCRIPTION,
    CELL_ASSIGNEE,
    CELL_CONTACT,
    CELL_REGISTERED,
    CELL_MODIFIED,
    CELL_REFERENCE,
    CELL_CODE,
    CELL_UNAUTHORIZED,
    CELL_NOTE,
    CELLS
};

static const char *const titles[CELLS] = {
    "Service Name", "Port Number",  "Transport Protocol",        "Description",
    "Assignee",     "Contact",      "Registration Date",         "Modification Date",
    "Reference",    "Service Code", "Unauthorized Use Reported", "Assignment Notes",
};

struct registry_csv {
    GStringChunk *texts;
    GArray *rows;                  /* port_registry_entry_t, in the file's order */
    uint8_t held[MAX_PORT + 1];    /* how many rows hold for each number */
    uint32_t starts[MAX_PORT + 1]; /* where these stand in PLACES */
    uint32_t *places;              /* of rows in ROWS, by number, and then in the file's order */
    char as_of[sizeof "2026-08-17"];
};

/* What is being read. */
typedef struct {
    const char *at;
    const char *end;
    unsigned row;
    GString *cells[CELLS];
    unsigned num_cells;
    char *fault; /* NULL: none so far */
} reader_t;

/* {{{ CSV */

static void set_fault(reader_t *reader, const char *what)
{
    if (reader->fault == NULL) {
        reader->fault = g_strdup_printf("row %u: %s", reader->row, what);
    }
}

static bool is_line_end(const reader_t *reader)
{
    return reader->at == reader->end || *reader->at == '\n' ||
           (*reader->at == '\r' && (reader->at + 1 == reader->end || reader->at[1] == '\n'));
}

static void skip_line_end(reader_t *reader)
{
    if (reader->at < reader->end && *reader->at == '\r') {
        reader->at++;
    }
    if (reader->at < reader->end) {
        reader->at++;
    }
}

/* A cell in quotes, in which a quote is written twice. */
static void read_quoted(reader_t *reader, GString *cell)
{
    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at == '"') {
            reader->at++;
            if (reader->at == reader->end || *reader->at != '"') {
                if (!is_line_end(reader) && *reader->at != ',') {
                    set_fault(reader, "there is text behind a closing quotation mark");
                }
                return;
            }
        }
        g_string_append_c(cell, *reader->at);
        if (cell->len > MAX_CELL) {
            return;
        }
    }
    set_fault(reader, "a quotation mark is not closed");
}

static void read_plain(reader_t *reader, GString *cell)
{
    const char *start = reader->at;

    while (!is_line_end(reader) && *reader->at != ',') {
        reader->at++;
    }
    g_string_append_len(cell, start, reader->at - start);
}

/* Reads the next row. False at the end of the octets, or when there is a fault. */
static bool read_row(reader_t *reader)
{
    if (reader->at == reader->end || reader->fault != NULL) {
        return false;
    }
    reader->row++;
    reader->num_cells = 0;
    for (;;) {
        GString *filled = reader->cells[reader->num_cells++];
        g_string_truncate(filled, 0);
        if (reader->at < reader->end && *reader->at == '"') {
            read_quoted(reader, filled);
        } else {
            read_plain(reader, filled);
        }
        if (filled->len > MAX_CELL) {
            set_fault(reader, "a cell has more than 65536 octets");
        }
        if (reader->fault != NULL || is_line_end(reader) || reader->num_cells == CELLS) {
            break;
        }
        reader->at++; /* the comma */
    }
    if (reader->fault == NULL && !is_line_end(reader)) {
        set_fault(reader, "there are more than 12 columns");
    } else if (reader->num_cells < CELLS) {
        set_fault(reader, "there are fewer than 12 columns");
    }
    skip_line_end(reader);
    return reader->fault == NULL;
}

/* }}} */
/* {{{ Cells */

/* A number, or a range of them as "7748-7776". */
static bool parse_numbers(const char *text, port_registry_entry_t *entry)
{
    uint16_t numbers[2];

    for (unsigned i = 0; i < 2; i++) {
        unsigned number = 0;
        if (!g_ascii_isdigit(*text)) {
            return false;
        }
        for (; g_ascii_isdigit(*text); text++) {
            number = number * 10 + (unsigned)(*text - '0');
            if (number > MAX_PORT) {
                return false;
            }
        }
        numbers[i] = (uint16_t)number;
        if (i == 0 && *text == '-') {
            text++;
        } else if (i == 0) {
            numbers[1] = numbers[0];
            break;
        }
    }
    entry->first = numbers[0];
    entry->last = numbers[1];
    return *text == '\0' && entry->first <= entry->last;
}

static bool parse_transport(const char *text, unsigned *bits)
{
    static const struct {
        const char *name;
        unsigned bit;
    } names[] = {
        { "", PORT_REGISTRY_ALL },      { "tcp", PORT_REGISTRY_TCP },   { "udp", PORT_REGISTRY_UDP },
        { "sctp", PORT_REGISTRY_SCTP }, { "dccp", PORT_REGISTRY_DCCP },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(text, names[i].name) == 0) {
            *bits = names[i].bit;
            return true;
        }
    }
    return false;
}

/* "", "2002-02" or "2002-02-27". */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    const size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) {
        if (i >= sizeof form - 1 || (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != '-')) {
            return false;
        }
    }
    return length == 0 || length == sizeof "2002-02" - 1 || length == sizeof "2002-02-27" - 1;
}

/* The length of a person's name in brackets, as "[First_Last]", at the beginning of a text; 0 when there is none. */
static size_t measure_person(const char *text)
{
    const size_t length = strcspn(text, "]: \t\r\n");
    const bool is_person = text[0] == '[' && text[length] == ']' && g_ascii_isupper(text[1]) &&
                           strncmp(text + 1, "RFC", 3) != 0 && memchr(text, '_', length) != NULL;

    return is_person ? length + 1 : 0;
}

/* A text on one line, without the names of people; NULL when nothing is left. */
static const char *keep_words(GStringChunk *texts, const char *text)
{
    GString *words = g_string_new(NULL);

    while (*text != '\0') {
        const size_t person = measure_person(text);
        if (person > 0) {
            g_string_append(words, "(a person)");
            text += person;
        } else if (g_ascii_isspace(*text) || g_ascii_iscntrl(*text)) {
            if (words->len > 0 && words->str[words->len - 1] != ' ') {
                g_string_append_c(words, ' ');
            }
            text++;
        } else {
            g_string_append_c(words, *text++);
        }
    }
    g_strchomp(words->str);
    const char *kept = words->str[0] != '\0' ? g_string_chunk_insert_const(texts, words->str) : NULL;
    g_string_free(words, TRUE);
    return kept;
}

static bool is_digits(const char *text, size_t length)
{
    return length > 0 && strspn(text, "0123456789") >= length;
}

/* "[RFC4727][A_Person][1]" as "RFC 4727; note 1": people are left out. */
static const char *keep_references(GStringChunk *texts, const char *text)
{
    GString *found = g_string_new(NULL);

    for (const char *bracket; (bracket = strchr(text, '[')) != NULL;) {
        const char *part = bracket + 1;
        const size_t length = strcspn(part, "]");
        const char *divider = found->len > 0 ? "; " : "";
        if (part[length] == '\0') {
            break;
        }
        if (strncmp(part, "RFC", 3) == 0 && is_digits(part + 3, length > 3 ? length - 3 : 0)) {
            g_string_append_printf(found, "%sRFC %.*s", divider, (int)length - 3, part + 3);
        } else if (is_digits(part, length)) {
            g_string_append_printf(found, "%snote %.*s", divider, (int)length, part);
        } else if (g_str_has_prefix(part, "http:") || g_str_has_prefix(part, "https:") ||
                   g_str_has_prefix(part, "RFC-") || g_str_has_prefix(part, "draft-")) {
            g_string_append_printf(found, "%s%.*s", divider, (int)length, part);
        }
        text = part + length + 1;
    }
    const char *kept = keep_words(texts, found->str);
    g_string_free(found, TRUE);
    return kept;
}

static bool begins_with_word(const char *text, const char *word)
{
    const size_t length = strlen(word);

    return g_ascii_strncasecmp(text, word, length) == 0 && !g_ascii_isalnum(text[length]);
}

/* What a row says of its number, as data/generator/iana.py has it. */
static port_registry_status_t judge_status(const port_registry_entry_t *entry)
{
    if (entry->service != NULL) {
        return PORT_REGISTRY_ASSIGNED;
    }
    if (begins_with_word(entry->description, "Unassigned")) {
        return PORT_REGISTRY_UNASSIGNED;
    }
    return begins_with_word(entry->description, "Reserved") ? PORT_REGISTRY_RESERVED : PORT_REGISTRY_STATELESS;
}

/* }}} */
/* {{{ Rows */

static void check_head(reader_t *reader)
{
    if (!read_row(reader)) {
        g_free(reader->fault);
        reader->fault = NULL;
    } else {
        for (unsigned i = 0; i < CELLS; i++) {
            const GString *title = reader->cells[i];
            if (title->len != strlen(titles[i]) || memcmp(title->str, titles[i], title->len) != 0) {
                reader->num_cells = 0;
            }
        }
    }
    if (reader->num_cells != CELLS) {
        reader->fault = g_strdup("its first row does not have the titles of IANA's service-names-port-numbers.csv");
    }
}

static const char *cell(const reader_t *reader, unsigned place)
{
    return reader->cells[place]->str;
}

/* Checks the cells that have a form, and fills in the numbers. */
static void check_row(reader_t *reader, port_registry_entry_t *entry)
{
    for (unsigned i = 0; i < CELLS; i++) {
        if (!g_utf8_validate(reader->cells[i]->str, (gssize)reader->cells[i]->len, NULL)) {
            set_fault(reader, "this is not UTF-8 text");
            return;
        }
    }
    if (!parse_numbers(cell(reader, CELL_NUMBER), entry)) {
        set_fault(reader, "the port number is neither a number up to 65535 nor a range of them");
    }
    if (!parse_transport(cell(reader, CELL_TRANSPORT), &entry->transports)) {
        set_fault(reader, "the transport is not one of tcp, udp, sctp, dccp");
    }
    if (!is_date(cell(reader, CELL_REGISTERED)) || !is_date(cell(reader, CELL_MODIFIED))) {
        set_fault(reader, "a date is not written as 2002-02 or 2002-02-27");
    }
}

static void note_date(registry_csv_t *registry, const char *date)
{
    if (date != NULL && strcmp(date, registry->as_of) > 0) {
        g_strlcpy(registry->as_of, date, sizeof registry->as_of);
    }
}

/* Counts a row at each of its numbers. */
static void hold_numbers(registry_csv_t *registry, reader_t *reader, const port_registry_entry_t *entry)
{
    for (unsigned port = entry->first; port <= entry->last; port++) {
        if (registry->held[port] == MAX_HELD) {
            set_fault(reader, "this number has more than 64 rows");
            return;
        }
        registry->held[port]++;
    }
}

static void add_row(registry_csv_t *registry, reader_t *reader)
{
    port_registry_entry_t entry = { 0 };

    check_row(reader, &entry);
    if (reader->fault != NULL) {
        return;
    }
    entry.service = keep_words(registry->texts, cell(reader, CELL_SERVICE));
    entry.description = keep_words(registry->texts, cell(reader, CELL_DESCRIPTION));
    entry.registered = keep_words(registry->texts, cell(reader, CELL_REGISTERED));
    entry.modified = keep_words(registry->texts, cell(reader, CELL_MODIFIED));
    entry.reference = keep_references(registry->texts, cell(reader, CELL_REFERENCE));
    entry.unauthorized = keep_words(registry->texts, cell(reader, CELL_UNAUTHORIZED));
    entry.note = keep_words(registry->texts, cell(reader, CELL_NOTE));
    if (entry.service == NULL && entry.description == NULL) {
        set_fault(reader, "there is neither a service nor a description");
        return;
    }
    entry.status = judge_status(&entry);
    note_date(registry, entry.registered);
    note_date(registry, entry.modified);
    hold_numbers(registry, reader, &entry);
    g_array_append_val(registry->rows, entry);
}

/* Makes the index by numbers. */
static void place_rows(registry_csv_t *registry)
{
    uint8_t placed[MAX_PORT + 1] = { 0 };
    uint32_t size = 0;

    for (unsigned port = 0; port <= MAX_PORT; port++) {
        registry->starts[port] = size;
        size += registry->held[port];
    }
    registry->places = g_new(uint32_t, size);
    for (unsigned i = 0; i < registry->rows->len; i++) {
        const port_registry_entry_t *entry = &g_array_index(registry->rows, port_registry_entry_t, i);
        for (unsigned port = entry->first; port <= entry->last; port++) {
            registry->places[registry->starts[port] + placed[port]++] = i;
        }
    }
}

/* }}} */

static bool is_number_in(const reader_t *reader)
{
    return reader->cells[CELL_NUMBER]->len > 0;
}

registry_csv_t *registry_csv_read(const char *octets, size_t length, char **fault)
{
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, which some editors write */
    registry_csv_t *registry = g_new0(registry_csv_t, 1);
    reader_t reader = { .at = octets, .end = octets + length };

    registry->texts = g_string_chunk_new(4096);
    registry->rows = g_array_new(FALSE, FALSE, sizeof(port_registry_entry_t));
    for (unsigned i = 0; i < CELLS; i++) {
        reader.cells[i] = g_string_new(NULL);
    }
    if (length >= sizeof mark - 1 && memcmp(octets, mark, sizeof mark - 1) == 0) {
        reader.at += sizeof mark - 1;
    }
    check_head(&reader);
    while (read_row(&reader)) {
        if (is_number_in(&reader)) {
            add_row(registry, &reader);
        }
    }
    if (reader.fault == NULL && registry->rows->len == 0) {
        reader.fault = g_strdup("there is no row with a port number");
    }
    for (unsigned i = 0; i < CELLS; i++) {
        g_string_free(reader.cells[i], TRUE);
    }
    *fault = reader.fault;
    if (reader.fault != NULL) {
        registry_csv_free(registry);
        return NULL;
    }
    place_rows(registry);
    return registry;
}

void registry_csv_free(registry_csv_t *registry)
{
    if (registry != NULL) {
        g_string_chunk_free(registry->texts);
        g_array_free(registry->rows, TRUE);
        g_free(registry->places);
        g_free(registry);
    }
}

bool registry_csv_get(const registry_csv_t *registry, uint16_t port, size_t place, port_registry_entry_t *entry)
{
    if (place >= registry->held[port]) {
        memset(entry, 0, sizeof *entry);
        return false;
    }
    *entry = g_array_index(registry->rows, port_registry_entry_t, registry->places[registry->starts[port] + place]);
    return true;
}

const char *registry_csv_as_of(const registry_csv_t *registry)
{
    return registry->as_of;
}
