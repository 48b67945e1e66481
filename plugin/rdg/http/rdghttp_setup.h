/* rdghttp_setup.h
 * How far the set-up of a session came, and whether it stopped there.
 *
 * It stopped when the connection ended behind a step, or when a request has no answer in a capture that goes on for
 * long. Neither is said where octets behind the step are missing or were not read: they may be the answer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PORTLORE_RDGHTTP_SETUP_H
#define PORTLORE_RDGHTTP_SETUP_H

#include <epan/packet.h>

#include <stdbool.h>

#include "rdghttp_session.h"

/* Call once, at registration: PROTO is the id under which segments are looked at. */
void rdghttp_setup_register(int proto);

/* Something of the connection was read in the packet. Does nothing on a later pass; nor do the next two. */
void rdghttp_setup_on_octets(rdghttp_conn_t *conn, const packet_info *pinfo);

/* First pass: LENGTH octets of the connection's WebSocket, which begin with a frame. */
void rdghttp_setup_on_websocket(rdghttp_conn_t *conn, const packet_info *pinfo, const uint8_t *octets, size_t length);

/* NOTE is of a head of the connection. */
void rdghttp_setup_on_head(rdghttp_conn_t *conn, const packet_info *pinfo, rdghttp_note_t *note,
                           const rdghttp_head_t *head);

/* NOTE is of a packet of the connection. */
void rdghttp_setup_on_packet(rdghttp_conn_t *conn, const packet_info *pinfo, rdghttp_note_t *note,
                             const rdghttp_pdu_t *pdu);

/* True when HTTP refused the session, and no request follows: not where octets behind the answer are missing or were
 * not decrypted. An answer that asks for credentials refuses when the connection ends with it, or when the capture goes
 * on for long. At the end of the capture. */
bool rdghttp_setup_is_refused(const rdghttp_session_t *session);

/* True when the set-up stopped, as far as is known now. */
bool rdghttp_setup_has_stopped(const rdghttp_session_t *session);

/* The connection that ended first behind the latest step of the session, without any packet that says so. NULL when
 * none did, and where octets behind the step are missing or were not read, which may be such a packet. */
const rdghttp_conn_t *rdghttp_setup_find_end(const rdghttp_session_t *session);

/* How TCP or WebSocket ended the connection: "TCP RST", in memory of SCOPE. */
const char *rdghttp_setup_write_end(wmem_allocator_t *scope, const rdghttp_tcp_t *tcp);

/* Where and how the set-up stopped, and what to do next, in a sentence in memory of SCOPE. Only when it stopped. */
const char *rdghttp_setup_write(wmem_allocator_t *scope, const rdghttp_session_t *session);

#endif
