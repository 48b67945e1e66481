# SPDX-License-Identifier: GPL-2.0-or-later
"""Datagrams of DTLS as clients and gateways send them. What is encrypted is noise: no channel has keys."""
import struct
from dataclasses import dataclass

from make.base import tls
from make.base.wire import noise
from make.rdg import rdgudp

CLIENT_KEY_EXCHANGE, CERTIFICATE, SERVER_HELLO_DONE = 16, 11, 14
ECDHE_RSA_AES256_GCM, PSK_AES128_CCM_8 = 0xC030, 0xC0A8
SUPPORTED_GROUPS, USE_SRTP = 10, 14
STUN = b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)

# What a datagram is.
HELLO, HELLO_REST, VERIFY, FLIGHT, FLIGHT_REST, EXCHANGE, FINISHED, DATA, CLOSE, ALERT, CLEAR, MEDIA = (
    "hello", "rest of a hello", "verify", "flight", "rest of a flight", "exchange", "finished", "data", "close",
    "alert", "clear fragment", "STUN")
PROVES_UP = (DATA, CLOSE)


@dataclass(eq=False)
class Datagram:
    """What is sent, and by which end of which attempt."""

    attempt: object
    kind: str
    from_gateway: bool
    octets: bytes
    has_cookie: bool = False
    sent: int = 0
    arrived: bool = False


@dataclass(eq=False)
class Error:
    """An ICMP error about a datagram."""

    sender: str
    kind_code: tuple
    about: Datagram


def extension(kind, body):
    """An extension of a hello."""
    return struct.pack("!HH", kind, len(body)) + body


def client_body(random, cookie, style):
    """The body of a ClientHello."""
    suite = PSK_AES128_CCM_8 if style == "small" else ECDHE_RSA_AES256_GCM
    extensions = extension(SUPPORTED_GROUPS, b"\0\2\0\x1d")
    if style == "srtp":
        extensions += extension(USE_SRTP, b"\0\2\0\1\0")
    if style == "long":
        extensions += extension(0xFF00, bytes(700))
    return (struct.pack("!H", tls.DTLS_1_2) + random + b"\0" + bytes([len(cookie)]) + cookie +
            struct.pack("!HH", 2, suite) + b"\1\0" + struct.pack("!H", len(extensions)) + extensions)


def hello(random, cookie, sequence, number, style, trailer):
    """The datagrams of a ClientHello: two when it is long."""
    body = client_body(random, cookie, style)
    size = len(body).to_bytes(3, "big")
    pieces = [(0, body)] if style != "long" else [(0, body[:500]), (500, body[500:])]
    result = []
    for i, (at, piece) in enumerate(pieces):
        message = (bytes([tls.CLIENT_HELLO]) + size + struct.pack("!H", sequence) + at.to_bytes(3, "big") +
                   len(piece).to_bytes(3, "big") + piece)
        result.append(tls.dtls_record(tls.HANDSHAKE, message, tls.DTLS_1_0, number=number + i))
    return [octets + (rdgudp.trailer(trailer) if trailer else b"") for octets in result]


def verify(cookie, number):
    """A HelloVerifyRequest."""
    body = struct.pack("!HB", tls.DTLS_1_0, len(cookie)) + cookie
    return tls.dtls_record(tls.HANDSHAKE, tls.dtls_handshake(tls.HELLO_VERIFY, body), tls.DTLS_1_0, number=number)


def flight(label, number, version, size):
    """The gateway's flight: the hello, and in a second datagram the certificate."""
    server = tls.dtls_record(tls.HANDSHAKE, tls.dtls_handshake(tls.SERVER_HELLO, tls.server_body(version, label), 1),
                             version, number=number)
    rest = tls.dtls_record(tls.HANDSHAKE, tls.dtls_handshake(CERTIFICATE, noise(size, label), 2), version,
                           number=number + 1)
    done = tls.dtls_record(tls.HANDSHAKE, tls.dtls_handshake(SERVER_HELLO_DONE, b"", 3), version, number=number + 2)
    return server, rest + done


def exchange(label, number, secret_number, version):
    """The client's flight with its Finished."""
    key = tls.dtls_record(tls.HANDSHAKE, tls.dtls_handshake(CLIENT_KEY_EXCHANGE, b"\x41" + noise(65, label), 2),
                          version, number=number)
    change = tls.dtls_record(tls.CHANGE_CIPHER_SPEC, b"\1", version, number=number + 1)
    return key + change + secret(tls.HANDSHAKE, secret_number, label, version, 40)


def finished(label, number, secret_number, version):
    """The gateway's last flight."""
    change = tls.dtls_record(tls.CHANGE_CIPHER_SPEC, b"\1", version, number=number)
    return change + secret(tls.HANDSHAKE, secret_number, label, version, 40)


def secret(kind, number, label, version, size):
    """An encrypted record."""
    return tls.dtls_record(kind, noise(size, f"{label} {number}"), version, epoch=1, number=number)


def alert(code, number):
    """A fatal alert in the clear."""
    return tls.dtls_record(tls.ALERT, bytes([tls.FATAL, code]), number=number)
