/* rdghttp_ntlm.h
 * Who a client says that it is: NTLM's AUTHENTICATE_MESSAGE (MS-NLMP section 2.2.1.3), and Basic's credentials (RFC
 * 7617).
 *
 * The functions work on plain octets, keep no state and never read past the octets that they are given.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_NTLM_H
#define PORTLORE_RDGHTTP_NTLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rdghttp_head.h"

/* Names in UTF-16, little-endian, as spans of the token; DOMAIN may be empty. */
typedef struct {
    rdghttp_span_t domain;
    rdghttp_span_t user;
} rdghttp_ntlm_t;

/* Reads the names in the AUTHENTICATE_MESSAGE that stands in the LENGTH octets at TOKEN, alone or inside SPNEGO. False
 * when there is none, when its names are not in UTF-16 or not in the token, and when the user is anonymous. */
bool rdghttp_ntlm_read(const uint8_t *token, size_t length, rdghttp_ntlm_t *names);

/* The octets of the user's name in the LENGTH octets of decoded credentials at TEXT: those before the colon. 0 when
 * there is none. */
size_t rdghttp_ntlm_basic_user(const uint8_t *text, size_t length);

#endif
