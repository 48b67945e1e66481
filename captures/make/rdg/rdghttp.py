# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of an RD Gateway's main channel (MS-TSGU 2.2.10), its HTTP heads, and the WebSocket frames and chunks that
carry them."""
import base64
import struct
import uuid

from ..base.wire import noise
from . import rdgudp

HANDSHAKE_REQUEST, HANDSHAKE_RESPONSE, EXTENDED_AUTH, TUNNEL_CREATE, TUNNEL_RESPONSE = 1, 2, 3, 4, 5
TUNNEL_AUTH, TUNNEL_AUTH_RESPONSE, CHANNEL_CREATE, CHANNEL_RESPONSE, DATA, SERVICE_MESSAGE = 6, 7, 8, 9, 10, 11
REAUTH_MESSAGE, KEEPALIVE, CLOSE_CHANNEL, CLOSE_CHANNEL_RESPONSE = 12, 13, 16, 17
ALL_CAPS, NO_UDP = 0x3F, 0x1F
CONNECTION_ID = uuid.UUID("0a1b2c3d-4e5f-4607-8899-aabbccddeeff")
BINARY, CONTINUATION, PING, CLOSE = 2, 0, 9, 8
SEED = b"\xab\xcd" * 5


def packet(kind, body=b"", length=None):
    """A packet; its length is right unless LENGTH is given."""
    return struct.pack("<HHI", kind, 0, 8 + len(body) if length is None else length) + body


def counted(octets):
    """Octets behind their number."""
    return struct.pack("<H", len(octets)) + octets


def text(words, nul=True):
    """UTF-16 behind its number of octets."""
    return counted((words + "\0" * nul).encode("utf-16-le"))


def handshake(ext_auth=0):
    """HANDSHAKE_REQUEST."""
    return packet(HANDSHAKE_REQUEST, struct.pack("<BBHH", 1, 0, 0, ext_auth))


def handshake_response(code=0, ext_auth=7):
    """HANDSHAKE_RESPONSE."""
    return packet(HANDSHAKE_RESPONSE, struct.pack("<IBBHH", code, 1, 0, 0, ext_auth))


def tunnel_create(caps=ALL_CAPS, paa=None, reauth=None):
    """TUNNEL_CREATE with its optional parts."""
    fields = (paa is not None) | (reauth is not None) << 1
    body = struct.pack("<IHH", caps, fields, 0)
    body += struct.pack("<Q", reauth) if reauth is not None else b""
    return packet(TUNNEL_CREATE, body + (counted(paa) if paa is not None else b""))


def tunnel_response(code=0, tunnel_id=4, caps=ALL_CAPS, more=0, rest=b""):
    """TUNNEL_RESPONSE; MORE are further bits of fieldsPresent, REST what they stand for."""
    if code:
        return packet(TUNNEL_RESPONSE, struct.pack("<HIHH", 0, code, 0, 0))
    return packet(TUNNEL_RESPONSE, struct.pack("<HIHHII", 0, 0, 3 | more, 0, tunnel_id, caps) + rest)


def tunnel_auth(name="CLIENT1", soh=None):
    """TUNNEL_AUTH."""
    return packet(TUNNEL_AUTH, struct.pack("<H", soh is not None) + text(name) + (counted(soh) if soh else b""))


def tunnel_auth_response(code=0, redirection=0x80000000, idle=0):
    """TUNNEL_AUTH_RESPONSE."""
    return packet(TUNNEL_AUTH_RESPONSE, struct.pack("<IHHII", code, 3, 0, redirection, idle))


def channel_create(*targets, port=3389, alternatives=()):
    """CHANNEL_CREATE."""
    head = struct.pack("<BBHH", len(targets), len(alternatives), port, 3)
    return packet(CHANNEL_CREATE, head + b"".join(map(text, [*targets, *alternatives])))


def channel_response(code=0, udp_port=3391, cookie=None):
    """CHANNEL_RESPONSE; without port or cookie, their bits are clear."""
    if code:
        return packet(CHANNEL_RESPONSE, struct.pack("<IHH", code, 0, 0))
    body = struct.pack("<IHHI", 0, 1 | (udp_port is not None) << 2 | (cookie is not None) << 1, 0, 1)
    body += struct.pack("<H", udp_port) if udp_port is not None else b""
    return packet(CHANNEL_RESPONSE, body + (counted(cookie) if cookie is not None else b""))


def data(octets):
    """DATA."""
    return packet(DATA, counted(octets))


def close(code=0):
    """CLOSE_CHANNEL."""
    return packet(CLOSE_CHANNEL, struct.pack("<I", code))


def close_response(code=0):
    """CLOSE_CHANNEL_RESPONSE."""
    return packet(CLOSE_CHANNEL_RESPONSE, struct.pack("<I", code))


def der(tag, *parts):
    """An element of DER."""
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack("!H", len(body))
    return bytes([tag]) + size + body


def cookie(expires, **words):
    """The cookie: SignedData around its text, without signers, so that it comes out the same each time."""
    data_type, signed = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    content = der(0x30, data_type, der(0xA0, der(4, rdgudp.cookie_text(expires, **words))))
    return der(0x30, signed, der(0xA0, der(0x30, der(2, b"\1"), der(0x31), content, der(0x31))))


def user_id(name):
    """RDG-User-Id."""
    return base64.b64encode(name.encode("utf-16-le")).decode()


def request(method="RDG_OUT_DATA", headers=(), websocket=True, connection=CONNECTION_ID,
            correlation=rdgudp.CORRELATION_ID, user="user@example.com"):
    """A request as mstsc writes it."""
    upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="] if websocket else ["Connection: Keep-Alive"]
    lines = [f"{method} /remoteDesktopGateway/ HTTP/1.1", "Cache-Control: no-cache", *upgrade,
             "User-Agent: MS-RDGateway/1.0", f"RDG-Connection-Id: {{{str(connection).upper()}}}",
             f"RDG-Correlation-Id: {{{str(correlation).upper()}}}", f"RDG-User-Id: {user_id(user)}",
             "RDG-Client-AppBuild: Type=OOB; Build=10.0.22621.3447;", "RDG-Client-Generation: Win32#10.0=7",
             "Host: gateway.example", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def response(status, *headers, body=b""):
    """A response."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


SWITCHING = response("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                     "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")


def refusal(status, *headers):
    """A refusal with a page."""
    page = b"<html>No.</html>"
    return response(status, *headers, "Content-Type: text/html", f"Content-Length: {len(page)}", body=page)


def frame(octets, masked, opcode=BINARY, fin=True):
    """A WebSocket frame."""
    size = len(octets)
    head = bytes([fin << 7 | opcode])
    short = size if size < 126 else 126 if size < 65536 else 127
    head += bytes([masked << 7 | short])
    head += b"" if size < 126 else struct.pack("!H" if size < 65536 else "!Q", size)
    if not masked:
        return head + octets
    mask = noise(4, f"mask {size}")
    return head + mask + bytes(octet ^ mask[i % 4] for i, octet in enumerate(octets))


def chunk(octets):
    """A chunk."""
    return f"{len(octets):X}\r\n".encode() + octets + b"\r\n"


def ntlm(kind):
    """An NTLM message: NEGOTIATE (1), CHALLENGE (2) or AUTHENTICATE (3) of user EXAMPLE\\user."""
    head, flags, version = b"NTLMSSP\0" + struct.pack("<I", kind), 0xE2088207, bytes.fromhex("0a0063450000000f")
    if kind == 1:
        return head + struct.pack("<I", flags) + bytes(16) + version
    if kind == 2:
        return head + struct.pack("<HHII", 0, 0, 56, flags) + noise(8, "challenge") + bytes(8) + struct.pack(
            "<HHI", 0, 0, 56) + version
    parts, fixed = [b"", noise(24, "answer"), *(each.encode("utf-16-le") for each in ("EXAMPLE", "user", "CLIENT1")),
                    b""], 88
    fields = b"".join(struct.pack("<HHI", len(part), len(part), fixed + sum(map(len, parts[:i])))
                      for i, part in enumerate(parts))
    return head + fields + struct.pack("<I", flags) + version + bytes(16) + b"".join(parts)


def negotiate(kind):
    """The same in Base64."""
    return base64.b64encode(ntlm(kind)).decode()
