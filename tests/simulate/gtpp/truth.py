# SPDX-License-Identifier: GPL-2.0-or-later
"""What is true of a day as far as its capture shows it.

"Visible" always means: octets of it are in the capture. What happened and is not in the capture disproves nothing.
"""
from make.base import wire
from make.gtpp import gtpprime as g

from ..base.fragments import Fragment, put_together
from ..base.network import MILLISECOND
from ..base.tcp import Segment
from .messages import ANSWERED, HAD_BEFORE, Message

SOONER_THAN_SENT_AGAIN = 50 * MILLISECOND  # no node waits so short for an answer

HEADER, CAUSE, LIST = 6, 8, 11  # octets up to the end of the header, of Cause, of the head of Requests Responded


class Sight:
    """What of a message is in the capture."""

    def __init__(self, message):
        self.message = message
        self.frames = []   # that hold octets of it
        self.ranges = []   # octets of it that are there
        self.holed = False  # TCP: octets of its direction are missing, or not in their order

    @property
    def prefix(self):
        """Octets from the start on, without a hole."""
        reach = 0
        for start, stop in sorted(self.ranges):
            if start > reach:
                break
            reach = max(reach, stop)
        return reach

    @property
    def whole(self):
        return self.prefix >= len(self.message.octets)

    @property
    def first(self):
        """When the first frame with octets of it passed, by the true clock."""
        return min(frame.passed for frame in self.frames)

    @property
    def complete(self):
        """When its last octets passed; of a UDP message: its first frame."""
        if not self.message.is_tcp:
            return self.first
        return max(frame.passed for frame in self.frames)


class Truth:
    """The truth of a day, as its capture shows it."""

    def __init__(self, day, capture):
        self.day, self.capture = day, capture
        self.sights = {}
        self.by_frame = {frame.number: frame for frame in capture.frames}
        self.messages = day.messages
        self.requests = list(dict.fromkeys(m.request for m in day.messages if m.request))
        self.probes, self.settled = {}, {}
        for request in self.requests:
            if request.probes:
                self.probes.setdefault(request.probes, []).append(request)
            for other in request.settles:
                self.settled.setdefault(other, []).append(request)
        self.in_stream = {}  # connection's direction -> [(start, stop, message)]
        self.streams = {}    # connection's direction -> [(frame, start, stop)]
        self.together = put_together(capture.frames)
        self.look()

    # {{{ What is in the capture

    def look(self):
        """Find which frame holds what."""
        for message in self.messages:
            if message.is_tcp:
                for end, direction in message.connection.directions.items():
                    for start, stop, other in direction.messages:
                        if other is message:
                            self.in_stream.setdefault((message.connection, end), []).append((start, stop, message))
        for frame in self.capture.frames:
            load, held = frame.packet.load, frame.holds()
            if isinstance(load, Fragment):
                if frame in self.together:
                    self.add(load.packet.load, frame, 0, min(self.together[frame], len(load.packet.load.octets)))
            elif isinstance(load, Message):
                if held > 0:
                    self.add(load, frame, 0, min(held, len(load.octets)))
            elif isinstance(load, Segment):
                self.streams.setdefault((load.connection, load.source), []).append(
                    (frame, load.start, load.start + max(0, min(held, load.stop - load.start))))
        for key, pieces in self.streams.items():
            broken = self.is_broken(key, pieces)
            for start, stop, message in self.in_stream.get(key, []):
                for frame, first, last in pieces:
                    if first < stop and last > start:
                        self.add(message, frame, max(first, start) - start, min(last, stop) - start)
                self.sight(message).holed = broken
        for key, written in self.in_stream.items():
            if key not in self.streams:
                for _, _, message in written:
                    self.sight(message).holed = True

    def is_broken(self, key, pieces):
        """True when not all octets of a direction that were written are there, each in its order, once and whole; or
        when the connection's beginning is not in the capture."""
        expected = 0
        for frame, start, stop in pieces:
            if frame.mirror_of or frame.packet.copy_of or start == stop:
                if stop != frame.packet.load.stop or start > expected:
                    return True
                continue
            if start != expected or stop != frame.packet.load.stop:
                return True
            expected = stop
        connection, end = key
        syn = any(frame.packet.load.flags & wire.SYN for frame, _, _ in pieces)
        return not syn or expected != len(connection.directions[end].octets)

    def load_of(self, frame):
        """The message or segment that is in a frame, or of which a fragment is there."""
        load = frame.packet.load
        return load.packet.load if isinstance(load, Fragment) else load

    def add(self, message, frame, start, stop):
        """A frame holds octets START to STOP of a message."""
        sight = self.sight(message)
        sight.frames.append(frame)
        sight.ranges.append((start, stop))

    def sight(self, message):
        """What of a message is in the capture."""
        if message not in self.sights:
            self.sights[message] = Sight(message)
        return self.sights[message]

    def is_visible(self, message):
        """True when any octet of it is there."""
        return bool(self.sight(message).frames)

    def is_clear(self, message):
        """True when it is there as a whole, and nothing near it is missing."""
        sight = self.sight(message)
        return bool(sight.frames) and sight.whole and not sight.holed

    def same_packet(self, one, other):
        """True when two frames are of one packet, which a mirror port or the network copied."""
        return (one.packet.copy_of or one.packet) is (other.packet.copy_of or other.packet)

    def is_copy(self, frame):
        """True for a frame of a packet that stands in an earlier frame, too."""
        return any(other.passed < frame.passed and self.same_packet(other, frame) for other in self.twins(frame))

    def twins(self, frame):
        """The other frames of the same packet."""
        message = self.load_of(frame)
        frames = self.sight(message).frames if isinstance(message, Message) else self.capture.frames
        return [other for other in frames if other is not frame and self.same_packet(other, frame)]

    def seems_one_packet(self, one, other):
        """True when nothing tells two messages that a node sent from a packet and its copy by the network: the same
        octets without an IP identification, of which the network held the first one back until the other was near."""
        return (not one.is_tcp and one.octets == other.octets and one.ends == other.ends
                and abs(self.passed(one) - self.passed(other)) <= SOONER_THAN_SENT_AGAIN
                and all(frame.packet.source.address.version == 6 or frame.packet.octets[4:6] == bytes(2)
                        for message in (one, other) for frame in self.sight(message).frames))

    def passed(self, message):
        """When the message was first seen."""
        return self.sight(message).first

    # }}}
    # {{{ Requests and answers

    def visible_copies(self, request):
        """The messages of a request that are in the capture, in the order in which they passed."""
        return sorted(filter(self.is_visible, request.copies), key=self.passed)

    def visible_answers(self, request):
        """The same of its answers."""
        return sorted(filter(self.is_visible, request.answers), key=self.passed)

    def readable_answers(self, request):
        """Those of which the number at least can be read: the end of the capture may cut a stream amid an answer."""
        return [a for a in self.visible_answers(request) if not a.is_tcp or self.sight(a).prefix >= HEADER]

    def says(self, answer, request):
        """'yes', 'no' or 'before' when the capture holds what the answer says of the request; None when it was cut."""
        if answer.kind == g.VERSION_NOT_SUPPORTED:
            return "no"
        if answer.kind != ANSWERED:
            return "yes"
        prefix = self.sight(answer).prefix
        if prefix < CAUSE:
            return None
        place = [other.seq for other in answer.responds].index(request.seq)
        if prefix < LIST + 2 * (place + 1) and answer.seq != request.seq:
            return None
        return "before" if answer.cause in HAD_BEFORE else "yes" if answer.accepts else "no"

    def acceptances(self, request):
        """The visible answers that say that a node has the request's packet."""
        found = [answer for answer in self.visible_answers(request)
                 if not request.probes and self.says(answer, request) in ("yes", "before")]
        for probe in self.probes.get(request, []):
            found += [answer for answer in self.visible_answers(probe) if self.says(answer, probe) == "before"]
        if not self.is_sent_elsewhere(request):
            found += [answer for answer in self.apparent_answers(request) if answer.accepts]
        return found

    def apparent_answers(self, request):
        """Answers to empty packets that are not in the capture: they have the number of the packet itself, so that
        nothing tells them from late answers to it, but that its records were sent elsewhere before."""
        return [answer for probe in self.probes.get(request, []) if not self.visible_copies(probe)
                for answer in self.visible_answers(probe)]

    def is_sent_elsewhere(self, request):
        """True when another request with one of its records is in the capture."""
        return any(other is not request and self.visible_copies(other)
                   for record in request.records for other in record.requests)

    def rejections(self, request):
        """The visible answers that say no."""
        return [answer for answer in self.visible_answers(request) if self.says(answer, request) == "no"]

    def elsewhere(self, record, request):
        """(request, answer) for each visible acceptance of the record under another request that is visible. A node
        accepts only the release of what it has: where its first answer is not in the capture, that one tells."""
        return [(other, answer) for other in record.requests if other is not request and self.visible_copies(other)
                for answer in self.acceptances(other) or self.release_answers(other)]

    def release_answers(self, request):
        """The visible answers that accept a release of the request."""
        return [answer for release in self.settlements(request, g.RELEASE) for answer in self.acceptances(release)]

    def is_duplicated(self, request):
        """True when a visible copy says "possibly duplicated"."""
        return any(copy.command == g.POSSIBLY_DUPLICATED for copy in self.visible_copies(request))

    def settlements(self, request, how, accepted=True):
        """Visible releases or cancellations (HOW) of the request; ACCEPTED: with a visible answer that says yes."""
        return [other for other in self.settled.get(request, []) if other.command == how and self.visible_copies(other)
                and (self.acceptances(other) or not accepted)]

    # }}}
    # {{{ Nodes

    def sends_alone(self, node):
        """True when the node is the only one at its address, as far as the day knows."""
        if node in self.day.cgfs:
            return not node.members
        own = {way.near.address for ways in node.ways for way in ways}
        return not any(own & {way.near.address for ways in other.ways for way in ways}
                       for other in self.day.cdfs if other is not node)

    def speaks(self, source, target=None):
        """True when a message from an address, or from an end to another, is in the capture."""
        if target is None:
            return any(m.ends[0][0] == source and self.is_visible(m) for m in self.messages)
        return any(m.ends == (source, target) and self.is_visible(m) for m in self.messages)

    def restart_counters(self, node):
        """The node's restart counters in the order in which it had them, as far as visible: (counter, message)."""
        told = sorted((m for m in self.messages if m.sender is node and m.counter is not None and self.is_visible(m)),
                      key=lambda m: m.sent)
        return [(m.counter, m) for m in told]

    def has_visible_restart(self, node):
        """True when two counters of the node are in the capture."""
        return len({counter for counter, _ in self.restart_counters(node)}) > 1

    # }}}
    # {{{ Records

    def record_sight(self, record):
        """'whole' when a copy of the record is in the capture, 'maybe' when what was cut or is missing in a TCP stream
        may have held it, '' otherwise."""
        best = ""
        for request in record.requests:
            for copy in request.copies:
                sight = self.sight(copy)
                start = copy.octets.find(record.octets)
                if sight.frames and sight.prefix >= start + len(record.octets):
                    return "whole"
                if sight.frames or sight.holed:
                    best = "maybe"
        return best

    # }}}
