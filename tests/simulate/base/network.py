# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulated time, and a network that delays, loses, duplicates and reorders packets and shows them at one place.

Times are whole microseconds since the start of the day.
"""
import heapq
import itertools
from dataclasses import dataclass, field

from make.base import wire

SECOND = 1000000
MILLISECOND = 1000


class Simulation:
    """Acts in the order of their times; of equal times, in the order in which they were planned."""

    def __init__(self):
        self.now = 0
        self.planned = []
        self.order = itertools.count()

    def after(self, delay, act, *args):
        """Plan an act; DELAY is in microseconds. The result is an event that cancel() takes."""
        event = [self.now + max(0, round(delay)), next(self.order), act, args]
        heapq.heappush(self.planned, event)
        return event

    @staticmethod
    def cancel(event):
        """A planned event does nothing. None is no event."""
        if event:
            event[2] = None

    def run(self, until):
        """Do all that is planned up to UNTIL."""
        while self.planned and self.planned[0][0] <= until:
            self.now, _, act, args = heapq.heappop(self.planned)
            if act:
                act(*args)


@dataclass
class Conditions:
    """How the network treats packets; probabilities from 0 to 1, times in microseconds."""

    lost_before: float = 0.0  # between the sender and the place where packets are seen
    lost_after: float = 0.0   # behind that place
    duplicated: float = 0.0   # before that place
    late: float = 0.0         # is held back for up to .lateness
    lateness: int = 1500 * MILLISECOND
    delay: int = 4 * MILLISECOND  # one way, on average


@dataclass(eq=False)
class Packet:
    """An IP packet at the moment when it passes the place where packets are seen."""

    time: int
    source: wire.End
    target: wire.End
    proto: int
    octets: bytes        # with the IP header
    load: object         # what the protocol put in: a message or a segment
    copy_of: object = None  # the packet that the network duplicated
    frames: list = field(default_factory=list)  # filled by the capture point

    @property
    def header_length(self):
        """Octets of the IP and the UDP or TCP header."""
        network = 40 if self.source.address.version == 6 else 20
        return network + (8 if self.proto == wire.PROTO_UDP else (self.octets[network + 12] >> 4) * 4)


class Network:
    """Carries packets between hosts. What passes the tap is in .seen."""

    def __init__(self, simulation, dice, conditions):
        self.simulation, self.dice, self.conditions = simulation, dice, conditions
        self.seen = []
        self.idents = {}
        self.last = {}  # (source, target, half of the way) -> when a packet was there last
        self.without_ident = set()  # addresses whose packets have the identification 0
        self.quiet = False  # while true, nothing is lost, duplicated or late

    def ident(self, source):
        """The next IPv4 identification of a host: never 0, unless all its identifications are."""
        if source.address in self.without_ident:
            return 0
        value = self.idents.get(source.address, self.dice.randrange(1, 0xFFFF)) % 0xFFFF + 1
        self.idents[source.address] = value
        return value

    def happens(self, probability):
        """True with a probability, never in quiet times."""
        return not self.quiet and self.dice.random() < probability

    def delay(self):
        """How long a packet takes over half of the way."""
        return self.conditions.delay * self.dice.uniform(0.35, 0.65)

    def reach(self, time, *place):
        """When a packet that would come to a place at a time comes there: behind those that went the same way."""
        self.last[place] = max(round(time), self.last.get(place, 0) + 10)
        return self.last[place]

    def send(self, source, target, proto, payload, load, arrive):
        """Send a packet. ARRIVE is called without arguments when it arrives. False when it will not arrive."""
        octets = wire.ip(source, target, proto, payload, self.ident(source))
        flow = source.address, source.port, target.address, target.port
        if self.happens(self.conditions.lost_before):
            return False
        when = self.simulation.now + self.delay()
        is_late = self.happens(self.conditions.late)
        if is_late:
            when = round(when + self.dice.uniform(0.02, 1) * self.conditions.lateness)
        else:
            when = self.reach(when, *flow, "tap")
        packet = Packet(when, source, target, proto, octets, load)
        self.seen.append(packet)
        can_copy = source.address.version == 4 and source.address not in self.without_ident
        if can_copy and self.happens(self.conditions.duplicated):
            copied = when + round(self.dice.uniform(0.3, 6) * MILLISECOND)
            self.seen.append(Packet(copied, source, target, proto, octets, load, packet))
            self.simulation.after(copied + self.delay() - self.simulation.now, arrive)
        if self.happens(self.conditions.lost_after):
            return False
        there = when + self.delay()
        self.simulation.after((there if is_late else self.reach(there, *flow, "end")) - self.simulation.now, arrive)
        return True

    def in_order(self):
        """The packets in the order in which they pass the tap."""
        return sorted(self.seen, key=lambda packet: packet.time)
