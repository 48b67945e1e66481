"""RD Gateway's main channel: packets out of MS-TSGU's order, and a UDP channel with a cookie that was not offered.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from captures.make.base import files
from captures.make.base.wire import Capture, End, Stream
from captures.make.rdg import rdghttp as h

PLAIN = ["-d", "tcp.port==8080,rdghttp"]
CLIENT, GATEWAY = End("192.0.2.10", 50100), End("198.51.100.20", 8080)
OPENING = [("client", h.handshake()), ("server", h.handshake_response()), ("client", h.tunnel_create()),
           ("server", h.tunnel_response()), ("client", h.tunnel_auth()), ("server", h.tunnel_auth_response()),
           ("client", h.channel_create("host.example")), ("server", h.channel_response())]


def talk(packets, lost=()):
    """A main channel in plain TCP with these packets, each in a segment. The capture lacks those at the places LOST."""
    capture = Capture()
    stream = Stream(capture, CLIENT, GATEWAY).handshake()
    stream.send(stream.client, h.request())
    stream.send(stream.server, h.SWITCHING)
    for place, (end, packet) in enumerate(packets):
        before = len(capture.frames)
        stream.send(getattr(stream, end), h.frame(packet, end == "client"), ack=False)
        if place in lost:
            del capture.frames[before:]
    return capture


@pytest.fixture
def odd(fields, capture, tmp_path):
    """odd(CAPTURE): the types of the packets that are out of order."""
    def run(made, *mode):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.pcap"
        path.write_bytes(made.octets())
        return fields(capture(path), "rdghttp.out_of_order", "rdghttp.type", extra=[*PLAIN, *mode])
    return run


def test_in_order(odd):
    again = [*OPENING, ("client", h.channel_create("other.example")), ("server", h.channel_response()),
             ("client", h.close()), ("server", h.close_response()), *OPENING]
    assert odd(talk(again), "-2") == []


def test_out_of_order(odd):
    """An answer that nobody asked for, and a step that is left out."""
    double = [*OPENING[:6], OPENING[5], *OPENING[6:]]
    assert odd(talk(double), "-2") == ["7"]
    left_out = [*OPENING[:4], *OPENING[6:]]
    assert odd(talk(left_out), "-2") == ["8"]
    assert odd(talk(OPENING[4:6] + OPENING[2:4]), "-2") == ["4"]


def test_first_pass_says_nothing(odd):
    """A hole before the very packet is known only behind it."""
    assert odd(talk([*OPENING[:4], *OPENING[6:]])) == []


@pytest.mark.parametrize("lost", [(4, 5), (4,), (5,), (1,), (0, 1, 2)])
def test_a_hole_is_no_disorder(odd, lost):
    assert odd(talk(OPENING, lost), "-2") == []


def test_a_capture_that_begins_late(odd):
    assert odd(talk(OPENING[3:]), "-2") == []


def with_channels(tmp_path, capture, correlation):
    """A session that offers UDP, and behind it the datagrams of a shipped capture, whose trailers have the first
    session's correlation id."""
    made = Capture()
    stream = Stream(made, CLIENT, GATEWAY).handshake()
    stream.send(stream.client, h.request(correlation=correlation))
    stream.send(stream.server, h.SWITCHING)
    for end, packet in [*OPENING[:7], ("server", h.channel_response(cookie=h.cookie(1700000300)))]:
        stream.send(getattr(stream, end), h.frame(packet, end == "client"), ack=False)
    for _, frame in files.read(capture("rdgudp-two-channels.pcap")):
        made.frame(frame)
    path = tmp_path / f"{correlation}.pcap"
    path.write_bytes(made.octets())
    return path


def test_another_cookie(fields, capture, tmp_path):
    path = with_channels(tmp_path, capture, "c0ffee00-1234-4678-9abc-def012340000")
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-two-channels.keys')}"]
    rows = fields(capture(path), "rdghttp.cookie_mismatch", "rdghttp.type", "_ws.expert.message",
                  extra=[*PLAIN, "-2", *keys])
    assert [row[0] for row in rows] == ["9"]
    for channel in (0, 1):
        assert (f"UDP channel {channel} has the session's correlation id, and sends a cookie that no CHANNEL_RESPONSE "
                "in this capture gives to the session.") in rows[0][1]
    assert fields(capture(path), "rdghttp.cookie_mismatch", "rdghttp.type", extra=[*PLAIN, "-2"]) == []


def test_the_offered_cookie(fields, capture, tmp_path):
    """A recorded session whose channels bring the cookie that was offered; and channels of another session."""
    assert fields("rdghttp-udp-keys.pcapng", "rdghttp.cookie_mismatch", "rdghttp.type", extra=["-2"]) == []
    path = with_channels(tmp_path, capture, "c0ffee00-1234-4678-9abc-def012349999")
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-two-channels.keys')}"]
    assert fields(capture(path), "rdghttp.cookie_mismatch", "rdghttp.type", extra=[*PLAIN, "-2", *keys]) == []
