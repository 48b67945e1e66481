"""Captures for the bench, made by program: the same octets for the same counts.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from captures.make.base import bulk, files, tls  # noqa: E402  (found only now)
from captures.make.base.tls_stream import RC4_128_SHA, NullEndpoints  # noqa: E402
from captures.make.gtpp import cdr, gtpprime  # noqa: E402
from captures.make.rdg import rdghttp  # noqa: E402

START = 1700000000
CLIENT, SERVER = 0xC000020A, 0xC6336414
SUBSCRIBERS = 50


def udp(source, destination, ports, payload):
    return bulk.ethernet(bulk.udp(source, ports[0], destination, ports[1], payload))


def tcp(source, destination, ports, seq, ack, payload):
    return bulk.ethernet(bulk.tcp(source, ports[0], destination, ports[1], seq, payload, ack))


def write(path, frames):
    """A classic capture with a millisecond between frames."""
    files.write(path, ((files.ETHERNET, octets) for octets in frames), START, 1000)


def gtpp_frames(count, port=3386):
    """Requests with a record each, and their answers; the numbers wrap. One subscriber in 50 is the one looked for."""
    for number in range(count // 2):
        seq = number & 0xFFFF
        record = cdr.pgw(imsi=f"00101{1000000000 + number % SUBSCRIBERS}", local_seq=1 + number)
        request = gtpprime.transfer(seq, record)
        yield udp(CLIENT, SERVER, (port, port), request)
        yield udp(SERVER, CLIENT, (port, port), gtpprime.answer(seq))


def bare_frames(count):
    """Datagrams of the same sizes on a port of nobody's, with octets that no heuristic takes."""
    for octets in gtpp_frames(count, port=40000):
        yield octets[:42] + b"\x5a" * (len(octets) - 42)


def other_frames(count):
    """TCP with HTTP and TLS in it, DNS, and UDP of nobody's."""
    name = b"\x03www\x07example\x00"
    sequence = [1000] * 64
    for number in range(count):
        kind, flow = number % 4, number // 4 % 64
        if kind == 0:
            query = struct.pack("!HHHHHH", number & 0xFFFF, 0x100, 1, 0, 0, 0) + name + b"\0\1\0\1"
            yield udp(CLIENT, SERVER, (50000 + flow, 53), query)
        elif kind == 1:
            payload = b"GET /index.html HTTP/1.1\r\nHost: www.example\r\n\r\n"
            yield tcp(CLIENT, SERVER, (51000 + flow, 80), sequence[flow], 1, payload)
            sequence[flow] += len(payload)
        elif kind == 2:
            payload = b"\x17\x03\x03\x01\x00" + bytes(range(256))
            yield tcp(CLIENT, SERVER, (52000 + flow, 443), 1 + number // 256 * len(payload), 1, payload)
        else:
            yield udp(CLIENT, SERVER, (53000 + flow, 9999), bytes(range(200)))


def rdg_frames(count):
    """One channel that nobody has the key of: DTLS application data both ways."""
    for number in range(count):
        record = struct.pack("!BHHHIH", 23, 0xFEFD, 1, 0, number, 256) + bytes(range(256))
        if number % 2 == 0:
            yield udp(CLIENT, SERVER, (50123, 3391), record)
        else:
            yield udp(SERVER, CLIENT, (3391, 50123), record)


class TlsFlow:
    """A TLS connection, a record to a segment. Its octets are in the clear, and Wireshark reads them without any key,
    unless it IS_CLOSED: then the hellos agree on a cipher, and nothing opens it."""

    def __init__(self, label, port, is_closed=False):
        self.ends, self.ports = NullEndpoints(label), {"client": (port, 443), "server": (443, port)}
        self.ends.suite = RC4_128_SHA if is_closed else self.ends.suite
        self.next = {"client": 1000, "server": 5000}

    def segment(self, end, octets):
        """A segment of one end."""
        other = "server" if end == "client" else "client"
        source, destination = (CLIENT, SERVER) if end == "client" else (SERVER, CLIENT)
        frame = tcp(source, destination, self.ports[end], self.next[end], self.next[other], octets)
        self.next[end] += len(octets)
        return frame

    def handshake(self):
        """All flights."""
        for end, octets in self.ends.handshake():
            yield self.segment(end, octets)

    def data(self, end, octets):
        """Application data."""
        return self.segment(end, self.ends.data(end, octets))


def main_frames(count, is_closed=False):
    """A main channel over WebSocket that carries RDP in TLS of its own: three segments of the gateway to one of the
    client, each a record with a frame, a packet and an inner record of 1,300 octets."""
    flow = TlsFlow("bench", 50100, is_closed)
    yield from flow.handshake()
    yield flow.data("client", rdghttp.request())
    yield flow.data("server", rdghttp.SWITCHING)
    for ask, answer in ((rdghttp.handshake(), rdghttp.handshake_response()),
                        (rdghttp.tunnel_create(), rdghttp.tunnel_response()),
                        (rdghttp.tunnel_auth(), rdghttp.tunnel_auth_response()),
                        (rdghttp.channel_create("host.example"), rdghttp.channel_response(cookie=b"cookie"))):
        yield flow.data("client", rdghttp.frame(ask, True))
        yield flow.data("server", rdghttp.frame(answer, False))
    packet = rdghttp.data(tls.record(tls.APPLICATION_DATA, bytes(1300)))
    frames = {"client": rdghttp.frame(packet, True), "server": rdghttp.frame(packet, False)}
    for number in range(count):
        end = "client" if number % 4 == 0 else "server"
        yield flow.data(end, frames[end])


def closed_frames(count):
    """The same without its keys."""
    return main_frames(count, is_closed=True)


def https_frames(count):
    """Sixteen connections of ordinary HTTPS: requests, and answers of 1,300 octets."""
    flows = [TlsFlow(f"https {number}", 51000 + number) for number in range(16)]
    for flow in flows:
        yield from flow.handshake()
    for number in range(count // 2):
        flow = flows[number % len(flows)]
        yield flow.data("client", b"GET /index.html HTTP/1.1\r\nHost: www.example\r\n\r\n")
        yield flow.data("server", b"HTTP/1.1 200 OK\r\nContent-Length: 1300\r\n\r\n" + bytes(1300))


KINDS = {"main": main_frames, "closed": closed_frames, "https": https_frames, "gtpp": gtpp_frames, "bare": bare_frames,
         "other": other_frames, "rdg": rdg_frames}


def make(folder, kind, count):
    """The capture of this kind with so many frames; made if it is not there."""
    path = Path(folder) / f"{kind}-{count}.pcap"
    if not path.exists():
        Path(folder).mkdir(parents=True, exist_ok=True)
        write(path, KINDS[kind](count))
        path.chmod(0o644)
    return path
