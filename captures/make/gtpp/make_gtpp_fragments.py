# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of GTP' in IP fragments, of which some are missing."""
import struct

from ..base import wire
from ..base.wire import Captures, End, Pair
from . import cdr
from . import gtpprime as g

captures = Captures(__file__)
SIZE = 504  # octets of a datagram in one fragment
FRAGMENT = 44


def fragments(capture, src, dst, payload):
    """The frames of a UDP datagram in fragments."""
    capture.ident += 1
    datagram = wire.udp(src, dst, payload)
    frames = []
    for start in range(0, len(datagram), SIZE):
        part, more = datagram[start:start + SIZE], start + SIZE < len(datagram)
        if src.address.version == 6:
            head = struct.pack("!BBHI", wire.PROTO_UDP, 0, start | more, capture.ident)
            packet = wire.ip(src, dst, FRAGMENT, head + part)
        else:
            packet = wire.ip(src, dst, wire.PROTO_UDP, part, capture.ident)
            packet = packet[:6] + struct.pack("!HBBH", start >> 3 | more << 13, 64, wire.PROTO_UDP, 0) + packet[12:]
            packet = packet[:10] + struct.pack("!H", wire.checksum(packet[:20])) + packet[12:]
        frames.append(wire.ethernet(src, dst, packet))
    return frames


def transfer(number, records=1):
    """A request of RECORDS records; the local number of the first is that of the packet and 100."""
    return g.transfer(number, *(cdr.pgw(local_seq=100 + number + place) for place in range(records)))


def around(capture, cdf, cgf, frames):
    """Requests 1 and 6 with their answers, FRAMES between the two, and an answer to 1 to 6."""
    capture.wait(5)
    pair = Pair(capture, cdf, cgf)
    pair.ask(transfer(1))
    for frame in frames:
        capture.frame(frame)
    pair.ask(transfer(6))
    pair.reply(g.answer(6, 1, 2, 6))


@captures.file("gtpp-fragments-missing.pcap")
def missing(capture):
    """Requests of four records in fragments, of which the last one, then (IPv6) the first one, is missing. Then a
    request that is answered by a datagram of which only the second fragment is there; one whose fragments all came
    twice; and the first fragment of a datagram of another service between two such hosts."""
    cdf, cgf = End("192.0.2.10", 49500), End("198.51.100.20", 3386)
    around(capture, cdf, cgf, fragments(capture, cdf, cgf, transfer(2, 4))[:-1])

    cdf, cgf = End("2001:db8::10", 49500), End("2001:db8:1::20", 3386)
    around(capture, cdf, cgf, fragments(capture, cdf, cgf, transfer(2, 4))[1:])

    cdf, cgf = End("192.0.2.11", 49500), End("198.51.100.20", 3386)
    pair = Pair(capture, cdf, cgf)
    capture.wait(5)
    pair.ask(transfer(1), transfer(2))
    capture.frame(fragments(capture, cgf, cdf, g.answer(2, *range(1, 260)))[-1])
    pair.ask(transfer(3))
    pair.reply(g.answer(3))

    cdf = End("192.0.2.12", 49500)
    around(capture, cdf, cgf, [copy for frame in fragments(capture, cdf, cgf, transfer(2, 4)) for copy in (frame,) * 2])

    cdf = End("192.0.2.13", 49500)
    around(capture, cdf, cgf, fragments(capture, cdf.at(5353), cgf.at(5353), wire.noise(900, "other"))[:1])
    pair = Pair(capture, cdf, cgf)
    pair.ask(g.echo_request(60000), wait=10)
    pair.reply(g.echo_response(60000))
