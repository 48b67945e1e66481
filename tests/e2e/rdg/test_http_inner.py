"""Main channels where one frame has several pieces of what is inside: of WebSocket messages, and of RDP's TLS.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from captures.make.base.tls_stream import Endpoints
from captures.make.base.wire import Capture
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import (ATTACH_USER, ERECT_DOMAIN, X224_CONFIRM, X224_DATA, X224_REQUEST, connect,
                                            open_channel, upgrade)
from support.modes import ALL_MODES

COOKIE = h.cookie(1709633100)


def begin(capture):
    """A main channel, and a way to say something inside it: each DATA in a WebSocket message and a record of TLS."""
    stream = connect(capture, "pieces")
    upgrade(stream)
    open_channel(stream, h.channel_response(cookie=COOKIE))

    def say(end, *pieces):
        stream.send(end, *(h.frame(h.data(piece), end == "client") for piece in pieces))
    say("client", X224_REQUEST)
    say("server", X224_CONFIRM)
    return say


@pytest.mark.parametrize("mode", ALL_MODES)
def test_records_of_one_frame(fields, capture, tmp_path, mode):
    """TLS tells a frame's records apart by their place in a buffer, and each message has a buffer of its own: each
    record all the same says what was in it."""
    made, path = Capture(), tmp_path / "records.pcapng"
    say = begin(made)
    inner = Endpoints("pieces", "host.example")
    made.secrets += inner.keys
    for end, octets in inner.handshake():
        say(end, octets)
    pieces = [ERECT_DOMAIN, ATTACH_USER, X224_DATA, ATTACH_USER, *[X224_DATA] * 40, ERECT_DOMAIN]
    say("client", *(inner.data("client", piece) for piece in pieces))
    path.write_bytes(made.octets())
    lengths = "|".join(str(len(piece)) for piece in pieces)
    assert "|".join(fields(capture(path), "tpkt", "tpkt.length", extra=mode)[2:]) == lengths  # behind the negotiation


@pytest.mark.parametrize("mode", ALL_MODES)
def test_handshake_and_data_of_one_frame(fields, capture, tmp_path, mode):
    """The client's last flight and its first data come in one segment, in two messages."""
    made, path = Capture(), tmp_path / "flight.pcapng"
    say = begin(made)
    inner = Endpoints("flight", "host.example")
    made.secrets += inner.keys
    (_, hello), (_, flight), (_, exchange), (_, done) = inner.handshake()
    say("client", hello)
    say("server", flight)
    say("client", exchange, inner.data("client", ERECT_DOMAIN))
    say("server", done)
    path.write_bytes(made.octets())
    assert fields(capture(path), "t125", "tpkt.length", extra=mode) == [str(len(ERECT_DOMAIN))]


def pieces_of(octets, size):
    return [octets[at:at + size] for at in range(0, len(octets), size)]


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("size", [1, 5, 9, 100])
def test_fragments_in_records_of_one_frame(fields, capture, tmp_path, size, mode):
    """Each message comes in four WebSocket fragments, with a ping between them, and these in records of TLS that end
    anywhere; a frame has all of a message."""
    made, path = Capture(), tmp_path / "fragments.pcapng"
    stream = connect(made, "fragments")
    upgrade(stream)

    def say(end, packet):
        mask = end == "client"
        octets = b"".join([h.frame(packet[:1], mask, fin=False), h.frame(b"still there?", mask, h.PING),
                           h.frame(packet[1:3], mask, h.CONTINUATION, fin=False),
                           h.frame(packet[3:5], mask, h.CONTINUATION, fin=False),
                           h.frame(packet[5:], mask, h.CONTINUATION)])
        stream.send(end, *pieces_of(octets, size))
    said = [("client", h.handshake()), ("server", h.handshake_response()), ("client", h.tunnel_create()),
            ("server", h.tunnel_response()), ("client", h.tunnel_auth()), ("server", h.tunnel_auth_response())]
    for end, packet in said:
        say(end, packet)
    path.write_bytes(made.octets())
    assert fields(capture(path), "rdghttp.type", "rdghttp.type", extra=mode) == ["1", "2", "4", "5", "6", "7"]
