/* rdghttp_story.c
 * What a session's row in the reports says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/ws_compat.h"

#include "rdghttp_story.h"

#include <epan/charsets.h>
#include <epan/wmem_scopes.h>

#include <string.h>

#include "rdg/rdg_cookie.h"
#include "rdghttp_ntlm.h"
#include "rdghttp_verdict.h"

#define REFUSAL 400 /* the first status that refuses */

/* A CHANNEL_CREATE can name hundreds of targets; a row names so many. */
#define TARGETS_NAMED 4

/* {{{ Texts */

static const char *read_utf16(wmem_allocator_t *scope, tvbuff_t *tvb, size_t offset, size_t length)
{
    return (const char *)tvb_get_string_enc(scope, tvb, (int)offset, (int)length, ENC_UTF_16 | ENC_LITTLE_ENDIAN);
}

/* Replaces *TEXT, which lives as long as the file. A text that comes again and again takes no more memory. */
static void set_text(const char **text, const char *value)
{
    if (value != NULL && value[0] != '\0' && (*text == NULL || strcmp(*text, value) != 0)) {
        *text = wmem_strdup(wmem_file_scope(), value);
    }
}

const char *rdghttp_story_read_user(wmem_allocator_t *scope, tvbuff_t *tvb, const rdghttp_span_t *span)
{
    if (span->length == 0) {
        return NULL;
    }
    uint8_t *octets = wmem_alloc(scope, span->length / 4 * 3 + 3);
    size_t count = rdghttp_head_base64(tvb_get_ptr(tvb, (int)span->offset, (int)span->length), span->length, octets);
    const char *name = NULL;
    if (count > 0 && count % 2 == 0) {
        name = (const char *)get_utf_16_string(scope, octets, (int)count, ENC_LITTLE_ENDIAN);
    }
    wmem_free(scope, octets);
    return name;
}

static void set_user(rdghttp_story_t *story, const char *name, rdghttp_user_from_t from)
{
    if (name != NULL && name[0] != '\0' && from >= story->user_from) {
        set_text(&story->user, name);
        story->user_from = from;
    }
}

/* Who the token says that the client is. */
static void set_ntlm_user(rdghttp_story_t *story, wmem_allocator_t *scope, const uint8_t *token, size_t length)
{
    rdghttp_ntlm_t names;

    if (!rdghttp_ntlm_read(token, length, &names)) {
        return;
    }
    const char *user =
        (const char *)get_utf_16_string(scope, token + names.user.offset, (int)names.user.length, ENC_LITTLE_ENDIAN);
    const char *domain = (const char *)get_utf_16_string(scope, token + names.domain.offset, (int)names.domain.length,
                                                         ENC_LITTLE_ENDIAN);
    set_user(story, domain[0] != '\0' ? wmem_strdup_printf(scope, "%s\\%s", domain, user) : user,
             RDGHTTP_USER_FROM_AUTH);
}

/* Who the header Authorization says that the client is. */
static void set_authorized_user(rdghttp_story_t *story, wmem_allocator_t *scope, tvbuff_t *tvb,
                                const rdghttp_span_t *authorization, rdghttp_auth_t auth)
{
    const uint8_t *text = tvb_get_ptr(tvb, (int)authorization->offset, (int)authorization->length);
    const uint8_t *blank = memchr(text, ' ', authorization->length);

    if (blank == NULL) {
        return;
    }
    const size_t length = authorization->length - (size_t)(blank + 1 - text);
    uint8_t *token = wmem_alloc(scope, length / 4 * 3 + 3);
    const size_t count = rdghttp_head_base64(blank + 1, length, token);
    if (auth == RDGHTTP_AUTH_NTLM) {
        set_ntlm_user(story, scope, token, count);
    } else {
        const size_t size = rdghttp_ntlm_basic_user(token, count);
        set_user(story, (const char *)get_utf_8_string(scope, token, (int)size), RDGHTTP_USER_FROM_AUTH);
    }
}

/* }}} */
/* {{{ Heads */

void rdghttp_story_on_head(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_head_t *head, frame_record_t *frame)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);

    if (head->method != RDGHTTP_NO_METHOD) {
        rdghttp_auth_t auth = rdghttp_head_auth(tvb_get_ptr(tvb, 0, (int)tvb_captured_length(tvb)), head);
        if (auth != RDGHTTP_AUTH_NONE || story->auth == RDGHTTP_AUTH_UNKNOWN) {
            story->auth = auth;
        }
        set_user(story, rdghttp_story_read_user(scope, tvb, &head->user), RDGHTTP_USER_FROM_HEADER);
        if (auth == RDGHTTP_AUTH_NTLM || auth == RDGHTTP_AUTH_BASIC) {
            set_authorized_user(story, scope, tvb, &head->authorization, auth);
        }
        if (head->client_build.length > 0) {
            set_text(&story->build,
                     tvb_format_text(scope, tvb, (int)head->client_build.offset, (int)head->client_build.length));
        }
        if (head->correlation_id.is_there) {
            const rdghttp_guid_t *id = &head->correlation_id;
            story->correlation_id = (e_guid_t){ .data1 = id->data1, .data2 = id->data2, .data3 = id->data3 };
            memcpy(story->correlation_id.data4, id->data4, sizeof id->data4);
            story->has_correlation_id = true;
        }
    } else if (head->status >= REFUSAL) {
        const char *reason = tvb_format_text(scope, tvb, (int)head->reason.offset, (int)head->reason.length);
        set_text(&story->refusal,
                 wmem_strdup_printf(scope, "HTTP %u%s%s", head->status, reason[0] != '\0' ? " " : "", reason));
        story->refusal_frame = frame;
    }
    wmem_destroy_allocator(scope);
}

/* }}} */
/* {{{ Packets */

static void set_number(rdghttp_number_t *number, const rdghttp_pdu_t *pdu, rdghttp_part_kind_t kind)
{
    const rdghttp_part_t *part = rdghttp_pdu_find(pdu, kind);

    if (part != NULL) {
        *number = (rdghttp_number_t){ .is_there = true, .value = (uint32_t)part->value };
    }
}

static void on_ntlm(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *blob = rdghttp_pdu_find(pdu, RDGHTTP_AUTH_BLOB);
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);

    set_ntlm_user(story, scope, tvb_get_ptr(tvb, (int)blob->offset, (int)blob->length), blob->length);
    wmem_destroy_allocator(scope);
}

static void on_tunnel_auth(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *name = rdghttp_pdu_find(pdu, RDGHTTP_CLIENT_NAME);

    if (name != NULL && name->length > 0 && pdu->outcome != RDGHTTP_NOT_CAPTURED) {
        wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
        set_text(&story->machine, read_utf16(scope, tvb, name->offset, name->length));
        wmem_destroy_allocator(scope);
    }
}

static void on_channel_create(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *port = rdghttp_pdu_find(pdu, RDGHTTP_TARGET_PORT);
    unsigned count = 0;

    story->target_port = port != NULL ? (uint16_t)port->value : 0;
    story->target = NULL;
    if (pdu->outcome == RDGHTTP_NOT_CAPTURED) {
        return; /* the last name may be the beginning of one */
    }
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    wmem_strbuf_t *names = wmem_strbuf_new(scope, "");
    for (unsigned i = 0; i < pdu->num_parts; i++) {
        const rdghttp_part_t *part = &pdu->parts[i];
        if (part->kind == RDGHTTP_TARGET && part->length > 0 && count++ < TARGETS_NAMED) {
            wmem_strbuf_append(names, count > 1 ? ", " : "");
            wmem_strbuf_append(names, read_utf16(scope, tvb, part->offset, part->length));
        }
    }
    if (count > TARGETS_NAMED) {
        wmem_strbuf_append_printf(names, " and %u more", count - TARGETS_NAMED);
    }
    set_text(&story->target, wmem_strbuf_get_str(names));
    wmem_destroy_allocator(scope);
}

static void on_cookie(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_part_t *part)
{
    rdg_cookie_t cookie;

    if (!rdg_cookie_read(tvb_get_ptr(tvb, (int)part->offset, (int)part->length), part->length, &cookie)) {
        return;
    }
    size_t length = cookie.parts[RDG_COOKIE_USER].length;
    if (length > 0) {
        wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
        set_user(story, read_utf16(scope, tvb, part->offset + cookie.parts[RDG_COOKIE_USER].offset, length),
                 RDGHTTP_USER_FROM_COOKIE);
        wmem_destroy_allocator(scope);
    }
}

/* A good one. */
static void on_channel_response(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_pdu_t *pdu)
{
    const rdghttp_part_t *port = rdghttp_pdu_find(pdu, RDGHTTP_UDP_PORT);
    const rdghttp_part_t *cookie = rdghttp_pdu_find(pdu, RDGHTTP_UDP_COOKIE);

    if (!rdghttp_verdict_is_whole(pdu)) {
        return;
    }
    story->has_channel = true;
    story->has_offer = rdghttp_verdict_is_offer(pdu);
    story->udp_port = port != NULL ? (uint16_t)port->value : 0;
    if (cookie != NULL && cookie->length > 0) {
        on_cookie(story, tvb, cookie);
    }
}

/* What an answer of the gateway lays down. */
static void on_terms(rdghttp_story_t *story, const rdghttp_pdu_t *pdu)
{
    if (pdu->type == RDGHTTP_TUNNEL_RESPONSE) {
        set_number(&story->caps[1], pdu, RDGHTTP_CAPS);
        set_number(&story->tunnel_id, pdu, RDGHTTP_TUNNEL_ID);
    } else if (pdu->type == RDGHTTP_TUNNEL_AUTH_RESPONSE) {
        set_number(&story->redirection, pdu, RDGHTTP_REDIRECTION);
        set_number(&story->idle_timeout, pdu, RDGHTTP_IDLE_TIMEOUT);
    }
}

/* The first one counts: who is refused, or told that the session is over, closes the channel, too. */
static void end(rdghttp_story_t *story, const rdghttp_part_t *code, rdghttp_ended_by_t by, frame_record_t *frame)
{
    if (story->end == NULL) {
        story->end = frame;
        story->ended_by = by;
        story->has_code = code != NULL;
        story->code = code != NULL ? (uint32_t)code->value : 0;
    }
}

/* What answers a request of a session that is to begin. A good one takes back the end of what was before. */
static void on_answer(rdghttp_story_t *story, const rdghttp_pdu_t *pdu, bool from_gateway, frame_record_t *frame)
{
    const rdghttp_part_t *code = rdghttp_pdu_find(pdu, RDGHTTP_CODE);

    if (rdghttp_verdict_is_refusal(pdu)) {
        end(story, code, from_gateway ? RDGHTTP_ENDED_BY_GATEWAY : RDGHTTP_ENDED_BY_CLIENT, frame);
    } else if (code != NULL) {
        story->end = NULL;
    }
}

void rdghttp_story_on_packet(rdghttp_story_t *story, tvbuff_t *tvb, const rdghttp_pdu_t *pdu, bool from_gateway,
                             frame_record_t *frame)
{
    const rdghttp_part_t *code = rdghttp_pdu_find(pdu, RDGHTTP_CODE);
    const rdghttp_part_t *part;

    switch (pdu->type) {
    case RDGHTTP_EXTENDED_AUTH:
        if (!from_gateway && rdghttp_pdu_has_ntlm(pdu, tvb_get_ptr(tvb, 0, (int)tvb_captured_length(tvb)))) {
            story->auth = RDGHTTP_AUTH_NTLM_INSIDE;
            on_ntlm(story, tvb, pdu);
        }
        if (from_gateway) {
            on_answer(story, pdu, from_gateway, frame);
        }
        break;
    case RDGHTTP_TUNNEL_CREATE:
        part = rdghttp_pdu_find(pdu, RDGHTTP_PAA_COOKIE);
        if (part != NULL && part->length > 0) {
            story->auth = RDGHTTP_AUTH_PAA;
        }
        set_number(&story->caps[0], pdu, RDGHTTP_CAPS);
        break;
    case RDGHTTP_TUNNEL_AUTH:
        on_tunnel_auth(story, tvb, pdu);
        break;
    case RDGHTTP_CHANNEL_CREATE:
        on_channel_create(story, tvb, pdu);
        break;
    case RDGHTTP_HANDSHAKE_RESPONSE:
    case RDGHTTP_TUNNEL_RESPONSE:
    case RDGHTTP_TUNNEL_AUTH_RESPONSE:
    case RDGHTTP_CHANNEL_RESPONSE:
        on_answer(story, pdu, from_gateway, frame);
        on_terms(story, pdu);
        if (pdu->type == RDGHTTP_CHANNEL_RESPONSE && !rdghttp_verdict_is_refusal(pdu)) {
            on_channel_response(story, tvb, pdu);
        }
        break;
    case RDGHTTP_CLOSE_CHANNEL:
        end(story, code, from_gateway ? RDGHTTP_ENDED_BY_GATEWAY : RDGHTTP_ENDED_BY_CLIENT, frame);
        break;
    case RDGHTTP_CLOSE_CHANNEL_RESPONSE:
        /* Without the CLOSE_CHANNEL that it answers, it says that the session is over, and with which code. */
        end(story, code, RDGHTTP_ENDED_BY_NONE, frame);
        break;
    default:
        break;
    }
}

/* }}} */
