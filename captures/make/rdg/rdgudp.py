# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of the Remote Desktop Gateway's UDP transport (MS-TSGU 2.2.11), and what travels inside them."""
import struct
import uuid

from ..base import tls

CONNECT_REQ, CONNECT_RESP, PAYLOAD, DISCONNECT, CONNECT_REQ_FRAGMENT = 1, 2, 3, 4, 5
FRAGMENT_MAX = 1000
ACK_FLAG, DATA_FLAG = 0x0004, 0x0008
CORRELATION_ID = uuid.UUID("c0ffee00-1234-4678-9abc-def012340000")
FILETIME_EPOCH = 11644473600  # seconds from 1601 to 1970


def packet(kind, body):
    """UDP_PACKET_HEADER and what follows it."""
    return struct.pack("<HH", kind, len(body)) + body


def trailer(correlation_id=CORRELATION_ID):
    """UDP_CORRELATION_INFO: the 26 clear octets after a ClientHello."""
    return struct.pack("<IH16sHH", 0, 0x1DAA, correlation_id.bytes_le, 0xAA1D, 26)


def cookie_text(expires, user="EXAMPLE\\user", target="203.0.113.10", name="host.example", port=3389):
    """What the gateway signs: who may go where until when."""
    filetime = (expires + FILETIME_EPOCH) * 10000000
    return f"UDPCOOKIE;{user};{filetime};{target};{name};{port}\0".encode("utf-16-le")


def connect(cookie, port=3389, lossy=False, mtu=1232, isn=0x11223344):
    """CONNECT_PKT: target port, AASYNDATA, cookie."""
    return packet(CONNECT_REQ, struct.pack("<HHHHII", port, len(cookie), mtu, mtu, lossy, isn) + cookie)


def fragments(whole, pad_first_to=0):
    """CONNECT_PKT_FRAGMENTs; the first one may be padded, which its length does not count."""
    pieces = [whole[at:at + FRAGMENT_MAX] for at in range(0, len(whole), FRAGMENT_MAX)]
    out = [packet(CONNECT_REQ_FRAGMENT, struct.pack("<HHH", i, len(pieces), len(piece)) + piece)
           for i, piece in enumerate(pieces)]
    out[0] = out[0].ljust(pad_first_to, b"\0")
    return out


def connect_response(result=0, mtu=1232, isn=0x55667788, code="I"):
    """CONNECT_PKT_RESP in the form of 16 octets that servers send; with code Q in the specification's form of 20."""
    return packet(CONNECT_RESP, struct.pack("<HHI" + code, mtu, mtu, isn, result))


def data(rdpeudp):
    """DATA_PKT."""
    return packet(PAYLOAD, rdpeudp)


def disconnect(reason=0, code="I"):
    """DISC_PKT with a reason of 4 octets; with code Q of 8."""
    return packet(DISCONNECT, struct.pack("<" + code, reason))


def fragment(number, count, length, counted=None):
    """One CONNECT_PKT_FRAGMENT of the letter A, with whatever numbers; pktLen right unless COUNTED is given."""
    body = struct.pack("<HHH", number, count, length) + b"A" * length
    return struct.pack("<HH", CONNECT_REQ_FRAGMENT, len(body) if counted is None else counted) + body


def rdpeudp_v1(payload, source_ack, coded, acks=b""):
    """An RDPEUDP version 1 datagram with data and perhaps an ACK vector, in network byte order."""
    flags = DATA_FLAG | (ACK_FLAG if acks else 0)
    head = struct.pack("!IHH", source_ack, 64, flags)
    if acks:
        vector = struct.pack("!H", len(acks)) + acks
        head += vector + bytes(-len(vector) % 4)
    return head + struct.pack("!II", coded, coded) + payload


def tls_hello(kind, label):
    """A TLS 1.2 record with a ClientHello (1) or a ServerHello (2), for the inside of DATA_PKT."""
    body = (tls.client_body if kind == tls.CLIENT_HELLO else tls.server_body)(tls.TLS_1_2, label)
    return tls.record(tls.HANDSHAKE, tls.handshake(kind, body))
