# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP connections over the simulated network: segments, retransmissions, acknowledgements."""
from dataclasses import dataclass

from make.base import wire

from .network import MILLISECOND

MSS = 1448
TRIES = 8


@dataclass(eq=False)
class Segment:
    """Octets START to STOP of the stream of one end; START equals STOP for a segment without octets."""

    connection: object
    source: wire.End
    start: int
    stop: int
    flags: int


class Direction:
    """What one end has written, and what of it the other end has got."""

    def __init__(self, isn):
        self.isn = isn
        self.octets = b""
        self.messages = []  # (start, stop, message) of what the writer wrote
        self.got = []       # ranges that arrived
        self.delivered = 0

    def arrive(self, start, stop):
        """Note what arrived; the messages that are whole now and were not before, in order."""
        before = self.delivered
        self.got.append((start, stop))
        grown = True
        while grown:
            grown = False
            for first, last in self.got:
                if first <= self.delivered < last:
                    self.delivered, grown = last, True
        return [message for _, end, message in self.messages if before < end <= self.delivered]


class Connection:
    """A connection. RECEIVE(end, message) is called for each message that END has got in whole."""

    def __init__(self, network, client, server, receive):
        self.network, self.receive = network, receive
        self.simulation, self.dice = network.simulation, network.dice
        self.client, self.server = client, server
        self.directions = {end: Direction(self.dice.randrange(1 << 32)) for end in (client, server)}
        self.is_open = True
        step = 2 * network.conditions.delay
        for i, (end, flags) in enumerate(((client, wire.SYN), (server, wire.SYN | wire.ACK), (client, wire.ACK))):
            self.simulation.after(i * step, self.transmit, end, 0, 0, flags, 0, True)
        self.ready = self.simulation.now + 3 * step

    def peer(self, end):
        """The other end."""
        return self.server if end is self.client else self.client

    def transmit(self, end, start, stop, flags, tries=TRIES, reliable=False):
        """Send a segment, and again when it will not arrive."""
        if not self.is_open and not flags & wire.RST:
            return
        own, other = self.directions[end], self.directions[self.peer(end)]
        is_syn = bool(flags & wire.SYN)
        ack = (other.isn + 1 + other.delivered) if flags & wire.ACK else 0
        octets = own.octets[start:stop]
        segment = wire.tcp(end, self.peer(end), own.isn + (not is_syn) + start, ack, flags, octets,
                           b"\x02\x04\x05\xb4" if is_syn else b"")
        quiet = self.network.quiet
        self.network.quiet = quiet or reliable
        arrives = self.network.send(end, self.peer(end), wire.PROTO_TCP, segment,
                                    Segment(self, end, start, stop, flags), lambda: self.arrive(end, start, stop))
        self.network.quiet = quiet
        if octets and not arrives and tries:
            more = len(own.octets) if self.dice.random() < 0.3 and len(own.octets) - start <= MSS else stop
            self.simulation.after(self.dice.uniform(200, 320) * MILLISECOND, self.transmit, end, start, more, flags,
                                  tries - 1)

    def arrive(self, end, start, stop):
        """A segment of END has arrived at its peer."""
        if not self.is_open or start == stop:
            return
        whole = self.directions[end].arrive(start, stop)
        self.transmit(self.peer(end), *[len(self.directions[self.peer(end)].octets)] * 2, wire.ACK)
        for message in whole:
            self.receive(self.peer(end), message)

    def write(self, end, messages):
        """Write (octets, message) pairs to the stream, in one or several segments that may cut messages."""
        if not self.is_open:
            return
        if self.simulation.now < self.ready:
            self.simulation.after(self.ready - self.simulation.now, self.write, end, messages)
            return
        own = self.directions[end]
        start = len(own.octets)
        for octets, message in messages:
            own.messages.append((len(own.octets), len(own.octets) + len(octets), message))
            own.octets += octets
        stop = len(own.octets)
        cuts = {self.dice.randrange(start + 1, stop) for _ in range(self.dice.choice((0, 0, 0, 1, 1, 2)))}
        cuts |= set(range(start + MSS, stop, MSS))
        edges = [start, *sorted(cuts), stop]
        for first, last in zip(edges, edges[1:]):
            self.transmit(end, first, last, wire.PSH | wire.ACK)

    def reset(self, end):
        """One end gives the connection up."""
        if self.is_open:
            self.transmit(end, *[len(self.directions[end].octets)] * 2, wire.RST | wire.ACK, reliable=True)
            self.is_open = False
