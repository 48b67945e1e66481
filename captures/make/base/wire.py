# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets and capture files from plain Python: Ethernet, IPv4, IPv6, UDP, TCP, ICMP and ICMPv6 with right checksums.

Nothing here depends on the clock, on chance or on the machine: the same program writes the same octets every time.
"""
import hashlib
import ipaddress
import pathlib
import struct

from . import files

START = 1709632800  # 2024-03-05 10:00:00 UTC, the time of the first packet of every capture
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
ICMP_PORT_UNREACHABLE, ICMP_TIME_EXCEEDED = (3, 3), (11, 0)
ICMP6_PORT_UNREACHABLE = (1, 4)
PROTO_ICMP, PROTO_TCP, PROTO_UDP, PROTO_ICMP6 = 1, 6, 17, 58


class End:
    """One end of a conversation: an address, a port, and a MAC address that follows from the address."""

    def __init__(self, address, port=0):
        self.address = ipaddress.ip_address(address)
        self.port = port
        self.mac = b"\x02\x00\x00" + self.address.packed[-3:]

    def at(self, port):
        """The same host with another port."""
        return End(self.address, port)


def noise(count, label):
    """Octets that look random and are always the same for the same label."""
    out = b""
    while len(out) < count:
        out += hashlib.sha256(f"{label} {len(out)}".encode()).digest()
    return out[:count]


def checksum(data):
    """The Internet checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(src, dst, proto, length):
    """What UDP, TCP and ICMPv6 checksum in addition to their own octets."""
    if src.address.version == 4:
        return src.address.packed + dst.address.packed + struct.pack("!BBH", 0, proto, length)
    return src.address.packed + dst.address.packed + struct.pack("!IHBB", length, 0, 0, proto)


def ip(src, dst, proto, payload, ident=0, ttl=64):
    """An IPv4 or IPv6 packet, by the version of the source address."""
    if src.address.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(payload), proto, ttl)
        return head + src.address.packed + dst.address.packed + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), ident, 0x4000, ttl, proto, 0,
                       src.address.packed, dst.address.packed)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ethernet(src, dst, packet):
    """An Ethernet frame, padded to the 60 octets that go over a wire at least."""
    kind = 0x0800 if src.address.version == 4 else 0x86DD
    return (dst.mac + src.mac + struct.pack("!H", kind) + packet).ljust(60, b"\0")


def udp(src, dst, payload):
    """A UDP datagram."""
    length = 8 + len(payload)
    head = struct.pack("!HHHH", src.port, dst.port, length, 0)
    total = checksum(pseudo_header(src, dst, PROTO_UDP, length) + head + payload) or 0xFFFF
    return head[:6] + struct.pack("!H", total) + payload


def tcp(src, dst, seq, ack, flags, payload=b"", options=b"", window=64240):
    """A TCP segment. The options must fill whole words."""
    words = 5 + len(options) // 4
    head = struct.pack("!HHIIBBHHH", src.port, dst.port, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, words << 4, flags, window,
                       0, 0) + options
    total = checksum(pseudo_header(src, dst, PROTO_TCP, len(head) + len(payload)) + head + payload)
    return head[:16] + struct.pack("!H", total) + head[18:] + payload


def icmp(src, dst, kind_code, quoted, mtu=0):
    """An ICMP or ICMPv6 error about the quoted IP packet."""
    body = struct.pack("!BBHI", *kind_code, 0, mtu) + quoted
    covered = body if src.address.version == 4 else pseudo_header(src, dst, PROTO_ICMP6, len(body)) + body
    return body[:2] + struct.pack("!H", checksum(covered)) + body[4:]


class Capture:
    """Frames with times; written as classic pcap, or as pcapng when secrets go inside.

    Keys are key log lines that go beside the capture, in NAME.keys.
    """

    def __init__(self, start=START):
        self.now = round(start * 1000000)
        self.frames = []
        self.ident = 0
        self.secrets = b""
        self.keys = b""

    def wait(self, seconds):
        """Let time pass."""
        self.now += round(seconds * 1000000)

    def frame(self, octets):
        """Record a frame now; the next one comes a millisecond later, or after a longer wait()."""
        self.frames.append((self.now, octets))
        self.now += 1000

    def packet(self, src, dst, proto, payload):
        """Record an IP packet, and return it without its Ethernet header (for an ICMP error to quote)."""
        self.ident = (self.ident + 1) & 0xFFFF
        packet = ip(src, dst, proto, payload, self.ident)
        self.frame(ethernet(src, dst, packet))
        return packet

    def udp(self, src, dst, payload, wait=0):
        """Record a UDP datagram, after a wait in seconds."""
        self.wait(wait)
        return self.packet(src, dst, PROTO_UDP, udp(src, dst, payload))

    def icmp(self, src, dst, kind_code, quoted, mtu=0):
        """Record an ICMP (IPv4) or ICMPv6 error."""
        proto = PROTO_ICMP if src.address.version == 4 else PROTO_ICMP6
        return self.packet(src, dst, proto, icmp(src, dst, kind_code, quoted, mtu))

    def octets(self):
        """The whole file."""
        return files.pcapng(self.frames, self.secrets) if self.secrets else files.pcap(self.frames)


class Stream:
    """A TCP connection that keeps the sequence and acknowledgement numbers of both ends."""

    def __init__(self, capture, client, server, client_isn=1000, server_isn=5000):
        self.capture = capture
        self.client, self.server = client, server
        self.next = {client: client_isn, server: server_isn}

    def peer(self, end):
        """The other end."""
        return self.server if end is self.client else self.client

    def build(self, end, payload=b"", flags=ACK, options=b""):
        """The next segment of one end, not yet recorded: record() it at once, late, twice or never."""
        peer = self.peer(end)
        ack = self.next[peer] if flags & ACK else 0
        segment = tcp(end, peer, self.next[end], ack, flags, payload, options)
        self.next[end] += len(payload) + bool(flags & SYN) + bool(flags & FIN)
        return end, segment

    def record(self, built):
        """Record what build() made."""
        end, segment = built
        self.capture.packet(end, self.peer(end), PROTO_TCP, segment)

    def syn(self):
        """Record the client's SYN and return it, so that it can be recorded again."""
        built = self.build(self.client, flags=SYN, options=b"\x02\x04\x05\xb4")
        self.record(built)
        return built

    def handshake(self):
        """SYN, SYN-ACK, ACK."""
        self.syn()
        self.record(self.build(self.server, flags=SYN | ACK, options=b"\x02\x04\x05\xb4"))
        self.ack(self.client)
        return self

    def send(self, end, payload, cuts=(), ack=True):
        """Send octets in one segment, or cut at the given offsets; then the peer acknowledges."""
        offsets = [0, *cuts, len(payload)]
        for start, stop in zip(offsets, offsets[1:]):
            self.record(self.build(end, payload[start:stop], PSH | ACK))
        if ack:
            self.ack(self.peer(end))

    def ack(self, end):
        """A segment without octets."""
        self.record(self.build(end))

    def close(self):
        """The client closes, then the server."""
        self.record(self.build(self.client, flags=FIN | ACK))
        self.record(self.build(self.server, flags=FIN | ACK))
        self.ack(self.client)

    def reset(self, end, flags=RST | ACK):
        """One end resets the connection."""
        self.record(self.build(end, flags=flags))


class Pair:
    """Two UDP ends that ask and answer."""

    def __init__(self, capture, client, server):
        self.capture, self.client, self.server = capture, client, server

    def ask(self, *payloads, wait=0):
        """Datagrams from the client to the server."""
        for payload in payloads:
            self.capture.udp(self.client, self.server, payload, wait)

    def reply(self, *payloads, wait=0):
        """Datagrams from the server to the client."""
        for payload in payloads:
            self.capture.udp(self.server, self.client, payload, wait)


class Captures:
    """The captures of one module: file name -> the function that fills it and whose docstring describes it.

    A live module records programs that run, so its captures differ from run to run.
    """

    def __init__(self, program, live=False):
        path = pathlib.Path(program)
        self.program = f"{path.parent.name}/{path.name}"
        self.live = live
        self.makers = {}

    def file(self, name):
        """Decorator: the function fills this capture file."""
        def note(maker):
            self.makers[name] = maker
            return maker
        return note

    def write(self, directory):
        """Write all files into a directory."""
        for name, maker in self.makers.items():
            capture = Capture()
            maker(capture)
            path = pathlib.Path(directory, name)
            path.write_bytes(capture.octets())
            if capture.keys:
                path.with_suffix(".keys").write_bytes(capture.keys)
