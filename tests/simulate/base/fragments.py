# SPDX-License-Identifier: GPL-2.0-or-later
"""Large IPv4 packets in fragments, as a network with a small MTU passes them on."""
import struct
from dataclasses import dataclass

from make.base import wire

from .network import MILLISECOND, Packet

IP_HEADER, UDP_HEADER = 20, 8
MORE = 1 << 13


@dataclass(eq=False)
class Fragment:
    """What a fragment carries of a packet."""

    packet: object  # the whole one
    start: int      # of its octets in those behind the packet's IP header
    stop: int
    of: int         # how many octets there are

    def holds(self, octets):
        """How many octets behind the UDP header are in the first OCTETS of the fragment, IP header and all; of the
        first fragment only."""
        return min(octets, IP_HEADER + self.stop) - IP_HEADER - UDP_HEADER


def cut(packet, size, dice):
    """The fragments of a packet. Here and there two change places, or one comes twice."""
    body = packet.octets[IP_HEADER:]
    pieces, when = [], packet.time
    for start in range(0, len(body), size):
        stop = min(start + size, len(body))
        offset = start >> 3 | (MORE if stop < len(body) else 0)
        head = packet.octets[:2] + struct.pack("!H", IP_HEADER + stop - start) + packet.octets[4:6]
        head += struct.pack("!H", offset) + packet.octets[8:10] + bytes(2) + packet.octets[12:IP_HEADER]
        head = head[:10] + struct.pack("!H", wire.checksum(head)) + head[12:]
        pieces.append(Packet(when, packet.source, packet.target, packet.proto, head + body[start:stop],
                             Fragment(packet, start, stop, len(body)), packet.copy_of or packet))
        when += dice.randint(1, 40)
    if dice.random() < 0.25:
        one, other = dice.sample(pieces, 2)
        one.time, other.time = other.time, one.time
    if dice.random() < 0.15:
        one = dice.choice(pieces)
        pieces.append(Packet(one.time + round(dice.uniform(0.01, 2) * MILLISECOND), one.source, one.target, one.proto,
                             one.octets, one.load, one.copy_of))
    return pieces


def cut_all(packets, dice):
    """PACKETS, of which those of UDP over IPv4 that are larger than the MTU are fragments, in the order of time."""
    size = dice.choice((152, 256, 552))
    result = []
    for packet in packets:
        is_large = packet.proto == wire.PROTO_UDP and len(packet.octets) > IP_HEADER + size
        if is_large and packet.source.address.version == 4 and packet.octets[4:6] != bytes(2):
            result += cut(packet, size, dice)
        else:
            result.append(packet)
    return sorted(result, key=lambda packet: packet.time)


def put_together(frames):
    """Frame -> what is known there of a packet in fragments: how many octets behind its UDP header. As Wireshark does
    it, in the order of the file: the frame that completes the packet has all of it. A first fragment that the capture
    cut is read by itself, and no cut one helps to complete a packet."""
    known, waiting = {}, {}  # waiting: (source, target, identification) -> {start: stop}
    for frame in frames:
        load = frame.packet.load
        if not isinstance(load, Fragment):
            continue
        held = frame.captured - frame.link_length
        if held < len(frame.packet.octets):
            if load.start == 0 and load.holds(held) > 0:
                known[frame] = load.holds(held)
            continue
        key = frame.packet.octets[4:6], frame.packet.octets[12:20]
        pieces = waiting.setdefault(key, {})
        pieces[load.start] = load.stop
        reach = 0
        while reach in pieces:
            reach = pieces[reach]
        if reach == load.of:
            known[frame] = load.of - UDP_HEADER
            del waiting[key]
    return known
