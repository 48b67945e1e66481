/* rdghttp_head.c
 * The heads of HTTP messages with which a main channel begins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rdghttp_head.h"

#include <string.h>

#include "rdghttp_pdu.h"

#define GUID_TEXT 36
#define CHUNK_LINE_LONGEST 1024
#define CREDENTIALS_LONGEST 65536

/* Of a token in Base64 so much is looked at, and its octets. */
#define TOKEN_TEXT (1024 - 8)
#define TOKEN_LOOKED_AT 768

static const char out_method[] = "RDG_OUT_DATA ";
static const char in_method[] = "RDG_IN_DATA ";
static const char gateway_resource[] = "resourcetypeuuid=44e265dd-7daf-42cd-8560-3cdb6e7a2729";
static const char rpc_session[] = "sessionid=";

/* {{{ Octets */

static bool begins(const uint8_t *data, size_t length, const char *word)
{
    size_t size = strlen(word);

    return length >= size && memcmp(data, word, size) == 0;
}

static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/* True when the octets are WORD, which is in lower case, in any case. */
static bool equals(const uint8_t *data, size_t length, const char *word)
{
    if (length != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (lower(data[i]) != (uint8_t)word[i]) {
            return false;
        }
    }
    return true;
}

static bool contains(const uint8_t *data, size_t length, const void *what, size_t size)
{
    for (size_t i = 0; i + size <= length; i++) {
        if (memcmp(data + i, what, size) == 0) {
            return true;
        }
    }
    return false;
}

/* Where WORD, which is in lower case, stands in the octets in any case; LENGTH when it does not. */
static size_t find_word(const uint8_t *data, size_t length, const char *word)
{
    size_t size = strlen(word);

    for (size_t i = 0; i + size <= length; i++) {
        if (equals(data + i, size, word)) {
            return i;
        }
    }
    return length;
}

/* A list of tokens has WORD among them. */
static bool lists(const uint8_t *data, size_t length, const char *word)
{
    size_t start = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && data[i] != ',') {
            continue;
        }
        size_t from = start;
        size_t to = i;
        while (from < to && (data[from] == ' ' || data[from] == '\t')) {
            from++;
        }
        while (to > from && (data[to - 1] == ' ' || data[to - 1] == '\t')) {
            to--;
        }
        if (equals(data + from, to - from, word)) {
            return true;
        }
        start = i + 1;
    }
    return false;
}

static int hex_digit(uint8_t octet)
{
    uint8_t small = lower(octet);

    return small >= '0' && small <= '9' ? small - '0' : small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* }}} */
/* {{{ Values of headers */

/* With braces or without. */
static void read_guid(const uint8_t *text, size_t length, rdghttp_guid_t *guid)
{
    uint8_t octets[16];
    unsigned count = 0;

    if (length == GUID_TEXT + 2 && text[0] == '{' && text[length - 1] == '}') {
        text++;
        length -= 2;
    }
    if (length != GUID_TEXT) {
        return;
    }
    for (size_t i = 0; i < GUID_TEXT; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash) {
            if (text[i] != '-') {
                return;
            }
            continue;
        }
        int high = hex_digit(text[i]);
        int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) {
            return;
        }
        octets[count++] = (uint8_t)(high << 4 | low);
        i++;
    }
    guid->is_there = true;
    guid->data1 = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
    guid->data2 = (uint16_t)(octets[4] << 8 | octets[5]);
    guid->data3 = (uint16_t)(octets[6] << 8 | octets[7]);
    memcpy(guid->data4, octets + 8, sizeof guid->data4);
}

static void read_content_length(const uint8_t *text, size_t length, rdghttp_head_t *head)
{
    uint64_t value = 0;

    if (length == 0 || length > 15) {
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return;
        }
        value = value * 10 + (text[i] - '0');
    }
    head->has_content_length = true;
    head->content_length = value;
}

static int base64_digit(uint8_t octet)
{
    if (octet >= 'A' && octet <= 'Z') {
        return octet - 'A';
    }
    if (octet >= 'a' && octet <= 'z') {
        return octet - 'a' + 26;
    }
    if (octet >= '0' && octet <= '9') {
        return octet - '0' + 52;
    }
    return octet == '+' ? 62 : octet == '/' ? 63 : -1;
}

size_t rdghttp_head_base64(const uint8_t *text, size_t length, uint8_t *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t count = 0;

    while (length > 0 && text[length - 1] == '=') {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0) {
            return 0;
        }
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[count++] = (uint8_t)(bits >> held);
        }
    }
    return count;
}

/* }}} */
/* {{{ Heads */

rdghttp_method_t rdghttp_head_method(const uint8_t *data, size_t length)
{
    return begins(data, length, out_method)  ? RDGHTTP_OUT_METHOD
           : begins(data, length, in_method) ? RDGHTTP_IN_METHOD
                                             : RDGHTTP_NO_METHOD;
}

bool rdghttp_head_begins_method(const uint8_t *data, size_t length)
{
    return length >= 1 && ((length < sizeof out_method - 1 && memcmp(data, out_method, length) == 0) ||
                           (length < sizeof in_method - 1 && memcmp(data, in_method, length) == 0));
}

bool rdghttp_head_is_cut(const uint8_t *data, size_t length)
{
    static const char *const begins_with[] = { out_method, in_method, "HTTP/1.0 ", "HTTP/1.1 " };

    for (size_t i = 0; i < sizeof begins_with / sizeof begins_with[0]; i++) {
        if (length > 0 && length < strlen(begins_with[i]) && memcmp(data, begins_with[i], length) == 0) {
            return true;
        }
    }
    return false;
}

bool rdghttp_head_is_response(const uint8_t *data, size_t length)
{
    return begins(data, length, "HTTP/1.0 ") || begins(data, length, "HTTP/1.1 ");
}

size_t rdghttp_head_end(const uint8_t *data, size_t length)
{
    for (size_t i = 3; i < length; i++) {
        if (data[i] == '\n' && data[i - 1] == '\r' && data[i - 2] == '\n' && data[i - 3] == '\r') {
            return i + 1;
        }
    }
    return 0;
}

/* The end of the line that begins at AT, without its CR LF; *NEXT is where the next one begins. */
static size_t line_end(const uint8_t *data, size_t length, size_t at, size_t *next)
{
    size_t end = at;

    while (end < length && data[end] != '\n') {
        end++;
    }
    *next = end < length ? end + 1 : length;
    return end > at && data[end - 1] == '\r' ? end - 1 : end;
}

static bool read_first_line(const uint8_t *data, size_t end, rdghttp_head_t *head)
{
    head->method = rdghttp_head_method(data, end);
    if (head->method != RDGHTTP_NO_METHOD) {
        size_t method = head->method == RDGHTTP_OUT_METHOD ? sizeof out_method - 1 : sizeof in_method - 1;
        size_t blank = end;
        head->method_text.length = method - 1;
        while (blank > method && data[blank - 1] != ' ') {
            blank--;
        }
        size_t uri_end = blank > method ? blank - 1 : end;
        head->uri = (rdghttp_span_t){ method, uri_end - method };
        return true;
    }
    if (!rdghttp_head_is_response(data, end) || end < 12) {
        return false;
    }
    for (size_t i = 9; i < 12; i++) {
        if (data[i] < '0' || data[i] > '9') {
            return false;
        }
        head->status = head->status * 10 + (data[i] - '0');
    }
    if (end > 13) {
        head->reason = (rdghttp_span_t){ 13, end - 13 };
    }
    return head->status >= 100;
}

static void keep_first(rdghttp_span_t *span, size_t offset, size_t length)
{
    if (span->length == 0) {
        *span = (rdghttp_span_t){ offset, length };
    }
}

/* Decodes what is looked at of a token into the octets at OUT, of which there are TOKEN_LOOKED_AT. Their number. */
static size_t read_token(const uint8_t *text, size_t length, uint8_t *out)
{
    return rdghttp_head_base64(text, length < TOKEN_TEXT ? length : TOKEN_TEXT, out);
}

/* A token that the client is to answer: NTLM's CHALLENGE_MESSAGE, bare or inside SPNEGO, or SPNEGO that says
 * accept-incomplete (MS-NLMP section 2.2.1.2, RFC 4178 section 4.2.2). */
static bool is_challenge(const uint8_t *text, size_t length)
{
    static const uint8_t ntlm[] = { 'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 2 };
    static const uint8_t incomplete[] = { 0xa0, 0x03, 0x0a, 0x01, 0x01 };
    uint8_t token[TOKEN_LOOKED_AT];
    size_t blank = 0;

    while (blank < length && text[blank] != ' ') {
        blank++;
    }
    if (blank + 1 >= length || !(equals(text, blank, "negotiate") || equals(text, blank, "ntlm"))) {
        return false;
    }
    size_t count = read_token(text + blank + 1, length - blank - 1, token);
    return contains(token, count, ntlm, sizeof ntlm) ||
           contains(token, count < 32 ? count : 32, incomplete, sizeof incomplete);
}

static void read_header(const uint8_t *data, const rdghttp_span_t *name, const rdghttp_span_t *value,
                        rdghttp_head_t *head)
{
    const uint8_t *text = data + value->offset;
    const struct {
        const char *name;
        rdghttp_span_t *span;
    } kept[] = {
        { "rdg-connection-id", &head->connection_id_text },
        { "rdg-correlation-id", &head->correlation_id_text },
        { "rdg-user-id", &head->user },
        { "rdg-client-appbuild", &head->client_build },
        { "rdg-client-generation", &head->client_generation },
        { "rdg-auth-scheme", &head->auth_scheme },
        { "authorization", &head->authorization },
    };

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (equals(data + name->offset, name->length, kept[i].name)) {
            keep_first(kept[i].span, value->offset, value->length);
            return;
        }
    }
    if (equals(data + name->offset, name->length, "www-authenticate") ||
        equals(data + name->offset, name->length, "proxy-authenticate")) {
        const uint8_t *reason = data + head->reason.offset;
        head->is_asking = equals(reason, head->reason.length, "unauthorized") ||
                          equals(reason, head->reason.length, "proxy authentication required");
        head->has_challenge |= is_challenge(text, value->length);
    } else if (equals(data + name->offset, name->length, "upgrade")) {
        head->has_upgrade |= lists(text, value->length, "websocket");
    } else if (equals(data + name->offset, name->length, "transfer-encoding")) {
        head->is_chunked |= lists(text, value->length, "chunked");
    } else if (equals(data + name->offset, name->length, "content-length") && !head->has_content_length) {
        read_content_length(text, value->length, head);
    }
}

bool rdghttp_head_read(const uint8_t *data, size_t length, rdghttp_head_t *head)
{
    size_t next;
    size_t end = line_end(data, length, 0, &next);

    *head = (rdghttp_head_t){ 0 };
    if (!read_first_line(data, end, head)) {
        return false;
    }
    while (next < length) {
        size_t at = next;
        end = line_end(data, length, at, &next);
        size_t colon = at;
        while (colon < end && data[colon] != ':') {
            colon++;
        }
        if (colon == end) {
            continue;
        }
        size_t from = colon + 1;
        size_t to = end;
        while (from < to && (data[from] == ' ' || data[from] == '\t')) {
            from++;
        }
        while (to > from && (data[to - 1] == ' ' || data[to - 1] == '\t')) {
            to--;
        }
        read_header(data, &(rdghttp_span_t){ at, colon - at }, &(rdghttp_span_t){ from, to - from }, head);
    }
    read_guid(data + head->connection_id_text.offset, head->connection_id_text.length, &head->connection_id);
    read_guid(data + head->correlation_id_text.offset, head->correlation_id_text.length, &head->correlation_id);
    return true;
}

bool rdghttp_head_is_rpc(const uint8_t *data, size_t length, rdghttp_guid_t *id)
{
    size_t next;
    bool has_resource = false;

    *id = (rdghttp_guid_t){ 0 };
    if (!begins(data, length, "RPC_IN_DATA ") && !begins(data, length, "RPC_OUT_DATA ")) {
        return false;
    }
    size_t end = line_end(data, length, 0, &next);
    if (find_word(data, end, "rpcproxy.dll") == end) {
        return false;
    }
    while (next < length) {
        size_t at = next;
        end = line_end(data, length, at, &next);
        if (end == at) {
            break;
        }
        const uint8_t *line = data + at;
        size_t size = end - at;
        if (find_word(line, size, "pragma:") != 0) {
            continue;
        }
        has_resource = has_resource || find_word(line, size, gateway_resource) < size;
        size_t session = find_word(line, size, rpc_session);
        if (session < size && size - session >= sizeof rpc_session - 1 + GUID_TEXT) {
            read_guid(line + session + sizeof rpc_session - 1, GUID_TEXT, id);
        }
    }
    return has_resource;
}

/* What a token of Negotiate is: NTLM, bare or inside SPNEGO, has its signature, Kerberos the number of its mechanism.
 */
static rdghttp_auth_t auth_of_token(const uint8_t *text, size_t length)
{
    static const uint8_t kerberos[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02 };
    static const uint8_t ms_kerberos[] = { 0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 0x01, 0x02, 0x02 };
    uint8_t token[TOKEN_LOOKED_AT];
    size_t count = read_token(text, length, token);

    if (contains(token, count, "NTLMSSP", 8)) {
        return RDGHTTP_AUTH_NTLM;
    }
    return contains(token, count, kerberos, sizeof kerberos) || contains(token, count, ms_kerberos, sizeof ms_kerberos)
               ? RDGHTTP_AUTH_KERBEROS
               : RDGHTTP_AUTH_UNKNOWN;
}

rdghttp_auth_t rdghttp_head_auth(const uint8_t *data, const rdghttp_head_t *head)
{
    static const struct {
        const char *scheme;
        rdghttp_auth_t auth;
    } schemes[] = {
        { "ntlm", RDGHTTP_AUTH_NTLM },
        { "basic", RDGHTTP_AUTH_BASIC },
        { "digest", RDGHTTP_AUTH_DIGEST },
        { "bearer", RDGHTTP_AUTH_BEARER },
    };
    const uint8_t *text = data + head->authorization.offset;
    size_t length = head->authorization.length;
    size_t blank = 0;

    if (length == 0) {
        const uint8_t *scheme = data + head->auth_scheme.offset;
        return equals(scheme, head->auth_scheme.length, "paa")         ? RDGHTTP_AUTH_PAA
               : equals(scheme, head->auth_scheme.length, "sspi_ntlm") ? RDGHTTP_AUTH_NTLM_INSIDE
                                                                       : RDGHTTP_AUTH_NONE;
    }
    while (blank < length && text[blank] != ' ') {
        blank++;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (equals(text, blank, schemes[i].scheme)) {
            return schemes[i].auth;
        }
    }
    if (!equals(text, blank, "negotiate") || blank == length || length > CREDENTIALS_LONGEST) {
        return RDGHTTP_AUTH_UNKNOWN;
    }
    return auth_of_token(text + blank + 1, length - blank - 1);
}

size_t rdghttp_head_chunk_line(const uint8_t *data, size_t length, uint32_t *size, bool *is_wrong)
{
    size_t digits = 0;
    size_t end = 0;

    *size = 0;
    *is_wrong = false;
    while (end < length && data[end] != '\n') {
        end++;
    }
    while (digits < end && hex_digit(data[digits]) >= 0) {
        *size = *size << 4 | (uint32_t)hex_digit(data[digits]);
        digits++;
        if (*size > RDGHTTP_LONGEST) {
            *is_wrong = true;
            return 0;
        }
    }
    /* Behind the digits stand the end of the line, or extensions. */
    uint8_t behind = digits < length ? data[digits] : '\r';
    *is_wrong = (digits == 0 && length > 0) || end > CHUNK_LINE_LONGEST ||
                (behind != '\r' && behind != '\n' && behind != ';' && behind != ' ' && behind != '\t');
    return *is_wrong || end == length ? 0 : end + 1;
}

/* }}} */
