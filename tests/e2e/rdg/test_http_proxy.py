"""Main channels that go by a proxy, on which the client opens a tunnel to the gateway with CONNECT.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import uuid

import pytest

from captures.make.base import dns
from captures.make.base.tls import dtls_client_hello
from captures.make.base.tls_stream import TlsStream
from captures.make.base.wire import Capture, End, Stream
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import open_channel, upgrade
from captures.make.rdg.make_rdghttp_udp import CLIENT
from support.modes import ALL_MODES

COOKIE = h.cookie(1709633100)
PROXY, GATEWAY = "203.0.113.8", "198.51.100.20"
ASKED = "gateway.example:443"


class Tunnel(Stream):
    """A TCP connection to a proxy, on which the client opens a tunnel, maybe not at the first try."""
    asked, first_answer = ASKED, b""

    def handshake(self):
        super().handshake()
        answers = [self.first_answer] if self.first_answer else []
        for answer in [*answers, b"HTTP/1.1 200 Connection established\r\n\r\n"]:
            self.send(self.client, f"CONNECT {self.asked} HTTP/1.1\r\nHost: {self.asked}\r\n\r\n".encode())
            self.send(self.server, answer)
        return self


class AskedTwice(Tunnel):
    """The proxy wants credentials first."""
    first_answer = h.response("407 Proxy Authentication Required", "Proxy-Authenticate: Basic", "Content-Length: 0")


class ByAddress(Tunnel):
    """The client names an address."""
    asked = "[2001:db8::20]:443"


def by_proxy(capture, tunnel=Tunnel, number=0, udp_port=3391):
    """A main channel with an offer of UDP."""
    stream = TlsStream(tunnel(capture, CLIENT.at(50100 + number), End(PROXY, 8080)), f"tunnel {number}")
    upgrade(stream, connection=uuid.UUID(int=100 + number))
    open_channel(stream, h.channel_response(cookie=COOKIE, udp_port=udp_port))
    return stream


@pytest.fixture
def write(capture, tmp_path):
    """The path of what was made."""
    def run(made):
        path = tmp_path / "proxy.pcapng"
        path.write_bytes(made.octets())
        return capture(path)
    return run


def rows_of(lines):
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_ends(tshark, write, mode):
    """Wireshark shows its dissectors the port of the tunnel's target inside a tunnel. The proxy does not have it, and
    the streams that follow have the numbers that they have without us."""
    made = Capture()
    for number in range(2):
        by_proxy(made, number=number)
    path = write(made)
    rows = rows_of(tshark(path, *mode, "-q", "-z", "rdghttp,sessions"))
    assert [row[:2] for row in rows] == [["192.0.2.10:50100", f"{PROXY}:8080 (a proxy, to {ASKED})"],
                                         ["192.0.2.10:50101", f"{PROXY}:8080 (a proxy, to {ASKED})"]]
    streams = ["-T", "fields", "-e", "tcp.stream"]
    assert tshark(path, *mode, *streams) == tshark(path, *mode, *streams, plugins=False)


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("tunnel", [Tunnel, AskedTwice, ByAddress])
def test_what_the_client_asks_for(fields, tshark, write, tunnel, mode):
    """It is on the request, and in the row."""
    made = Capture()
    by_proxy(made, tunnel)
    path = write(made)
    assert fields(path, "rdghttp.proxy_target", "rdghttp.request.method", "rdghttp.proxy_target", extra=mode) == [
        ("RDG_OUT_DATA", tunnel.asked)]
    row = rows_of(tshark(path, *mode, "-q", "-z", "rdghttp,sessions"))[0]
    assert row[1] == f"{PROXY}:8080 (a proxy, to {tunnel.asked})"


def test_no_proxy(fields, capture):
    assert fields(capture("rdghttp-websocket.pcapng"), "rdghttp.proxy_target", "frame.number") == []


WHY = {
    "to the gateway": (End(GATEWAY, 4391), True), "to another port": (End(GATEWAY, 4392), False),
    "from the gateway": (None, True),
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("case", WHY)
def test_address_of_the_gateway_is_not_known(tshark, write, case, mode):
    """UDP goes to the gateway itself, whose address the capture of a proxy's connection does not say: no datagram to
    the offered port may be overlooked, whatever its address and even when it is no ClientHello."""
    end, is_seen = WHY[case]
    made = Capture()
    by_proxy(made, udp_port=4391)
    made.udp(CLIENT.at(50999), End("198.51.100.53", 53), dns.query(1))
    if end is not None:
        made.udp(CLIENT.at(50777), end, dtls_client_hello("behind a proxy"))
    else:
        made.udp(End(GATEWAY, 4391), CLIENT.at(50777), bytes.fromhex("17fefd00010000000000010020") + bytes(32))
    [row] = rows_of(tshark(write(made), *mode, "-q", "-z", "rdghttp,sessions"))
    assert row[10] == ("offered" if is_seen else "offered, not tried in this capture")
