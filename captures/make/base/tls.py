# SPDX-License-Identifier: GPL-2.0-or-later
"""Records and handshake messages of TLS and DTLS."""
import struct

from .wire import noise

TLS_1_0, TLS_1_2, DTLS_1_0, DTLS_1_2 = 0x0301, 0x0303, 0xFEFF, 0xFEFD
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY, FATAL, HANDSHAKE_FAILURE = 1, 2, 3, 2, 40
ECDHE_RSA_AES128_GCM = 0xC02F


def record(kind, body, version=TLS_1_2):
    """A TLS record."""
    return struct.pack("!BHH", kind, version, len(body)) + body


def handshake(kind, body):
    """A handshake message of TLS."""
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def data(label, size=64):
    """A TLS record of encrypted application data."""
    return record(APPLICATION_DATA, noise(size, label))


def client_body(version, label, cookie=b""):
    """The body of a ClientHello with one cipher suite and no extension. In DTLS, COOKIE begins with its length."""
    return struct.pack("!H", version) + noise(32, label) + b"\0" + cookie + struct.pack(
        "!HH", 2, ECDHE_RSA_AES128_GCM) + b"\1\0"


def server_body(version, label):
    """The body of a ServerHello."""
    return struct.pack("!H", version) + noise(32, label) + b"\0" + struct.pack("!HB", ECDHE_RSA_AES128_GCM, 0)


def dtls_record(kind, body, version=DTLS_1_2, epoch=0, number=0):
    """A DTLS record."""
    return struct.pack("!BHHHIH", kind, version, epoch, 0, number, len(body)) + body


def dtls_handshake(kind, body, sequence=0):
    """A handshake message of DTLS in one fragment."""
    size = len(body).to_bytes(3, "big")
    return bytes([kind]) + size + struct.pack("!H", sequence) + b"\0\0\0" + size + body


def dtls_client_hello(label, version=DTLS_1_2, number=0):
    """A ClientHello of DTLS; a copy differs from it in the number of its record only."""
    body = client_body(version, label, cookie=b"\0")
    return dtls_record(HANDSHAKE, dtls_handshake(CLIENT_HELLO, body), DTLS_1_0, number=number)


def dtls_server_hello(label, version=DTLS_1_2):
    """A ServerHello of DTLS."""
    return dtls_record(HANDSHAKE, dtls_handshake(SERVER_HELLO, server_body(version, label)), version)


def dtls_hello_verify():
    """A HelloVerifyRequest, whose record and body always name DTLS 1.0."""
    body = struct.pack("!HB", DTLS_1_0, 16) + noise(16, "cookie")
    return dtls_record(HANDSHAKE, dtls_handshake(HELLO_VERIFY, body), DTLS_1_0)
