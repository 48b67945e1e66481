# SPDX-License-Identifier: GPL-2.0-or-later
"""What is true of a day as far as its capture shows it, and what must be said of a channel when nothing is missing."""
from ..base.network import SECOND
from ..base.tcp import Segment
from . import datagrams as d

HELLO_SENT, HANDSHAKING, SECURED, CONNECTED, CLOSED = 0, 1, 2, 3, 4
NO_ANSWER, REFUSED, FAILED, REJECTED, STUCK, DIED, SILENT, MTU, PROHIBITED, NO_ROUTE, EXPLOIT, UNSOLICITED, NOT_OURS = (
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
FAILURES = {NO_ANSWER, REFUSED, STUCK, DIED, SILENT, MTU, PROHIBITED, NO_ROUTE}
BY_ICMP = {REFUSED, MTU, PROHIBITED, NO_ROUTE}
PATIENCE, DEAD_TIME, DEAD_DATAGRAMS = SECOND // 2, 2 * SECOND, 3


def meaning(error, channel):
    """The verdict that an ICMP error proves."""
    kind_code = error.kind_code
    if kind_code in ((3, 3), (1, 4)):
        return REFUSED if error.sender == str(channel.gateway.address) else PROHIBITED
    if kind_code in ((3, 4), (2, 0)):
        return MTU
    return PROHIBITED if kind_code in ((3, 9), (3, 10), (3, 13), (1, 1)) else NO_ROUTE


class Truth:
    """The truth of a day, as its capture shows it."""

    def __init__(self, day, capture):
        self.day, self.capture = day, capture
        self.seen = {}    # channel -> its frames, without copies, by the true clock
        self.errors = {}  # channel -> frames with errors about it
        self.streams = []
        known = set()
        for frame in sorted(capture.frames, key=lambda frame: frame.passed):
            load = frame.packet.load
            if isinstance(load, d.Datagram):
                if load not in known:
                    self.seen.setdefault(load.attempt.channel, []).append(frame)
                known.add(load)
            elif isinstance(load, d.Error):
                self.errors.setdefault(load.about.attempt.channel, []).append(frame)
        for frame in capture.frames:
            load = frame.packet.load
            if isinstance(load, Segment) and load.connection not in self.streams:
                self.streams.append(load.connection)

    def of_attempt(self, attempt):
        """The frames of an attempt."""
        return [frame for frame in self.seen.get(attempt.channel, []) if frame.packet.load.attempt is attempt]

    def last_attempt(self, channel):
        """The latest attempt that the capture shows, or None."""
        frames = self.seen.get(channel)
        return frames[-1].packet.load.attempt if frames else None

    def now(self):
        """The true time of the latest frame."""
        return max((frame.passed for frame in self.capture.frames), default=0)

    def carried_on(self, channel, since):
        """True when the session's main channel carried data both ways after SINCE, as the capture shows."""
        session = getattr(channel, "session", None)
        main = session.main if session else None
        if not main or main not in self.streams:
            return False
        ends = {end: set() for end in (main.client, main.server)}
        for frame in self.capture.frames:
            load = frame.packet.load
            if isinstance(load, Segment) and load.connection is main and load.stop > load.start and (
                    frame.passed > since):
                ends[load.source].add(load.start)
        return all(ends.values())

    # {{{ What must be said when the capture has no fault

    def expected(self, channel):
        """The outcomes of which one must be said."""
        attempt = self.last_attempt(channel)
        frames = self.of_attempt(attempt)
        loads = [frame.packet.load for frame in frames]
        kinds = {load.kind for load in loads}
        if getattr(channel, "is_scan", False):
            return {EXPLOIT}
        if getattr(channel, "is_reflection", False):
            return {UNSOLICITED} if len(loads) > 1 else {HANDSHAKING}
        if channel.is_foreign:
            return {NOT_OURS}
        if d.CLOSE in kinds:
            return {CLOSED}
        if d.DATA in kinds:
            return self.expected_in_use(channel, frames)
        if d.ALERT in kinds:
            return {FAILED}
        return self.expected_before_use(channel, frames, loads)

    def expected_in_use(self, channel, frames):
        """The same when data were seen."""
        last = {end: max((f.passed for f in frames if f.packet.load.from_gateway == end), default=0)
                for end in (False, True)}
        both = {f.packet.load.from_gateway for f in frames if f.packet.load.kind == d.DATA}
        for end in (False, True):
            alone = [f.passed for f in frames if f.packet.load.from_gateway == end and f.passed > last[not end]]
            if len(both) == 2 and len(alone) >= DEAD_DATAGRAMS and alone[-1] - alone[0] >= DEAD_TIME:
                return {DIED}
        return {SECURED}

    def expected_before_use(self, channel, frames, loads):
        """The same when no data were seen."""
        hellos = [f for f in frames if f.packet.load.kind == d.HELLO]
        answers = [f for f in frames if f.packet.load.from_gateway]
        errors = [f for f in self.errors.get(channel, []) if f.packet.load.about.attempt is loads[0].attempt]
        finished = {load.from_gateway for load in loads if load.kind in (d.EXCHANGE, d.FINISHED)}
        if len(finished) == 2:
            return {SECURED}
        if errors and errors[-1].passed >= max((f.passed for f in answers), default=0):
            return {meaning(errors[-1].packet.load, channel)}
        cookies = [f for f in hellos if f.packet.load.has_cookie]
        if channel.answers_from is not channel.gateway:
            answers = []
        if not answers and not cookies and not finished:
            is_silent = len(hellos) >= 2 and self.now() - hellos[0].passed >= PATIENCE
            return {NO_ANSWER} if is_silent else {HELLO_SENT, NO_ANSWER}
        flights = [f for f in frames if f.packet.load.kind in (d.FLIGHT, d.FLIGHT_REST)]
        if not flights and not finished and len(cookies) >= 2 and cookies[-1].passed - cookies[0].passed >= PATIENCE:
            return {STUCK}
        exchanges = [f for f in frames if f.packet.load.kind == d.EXCHANGE]
        if len(exchanges) >= 2 and frames[-1].passed - exchanges[0].passed >= PATIENCE and exchanges[-1] is frames[-1]:
            return {STUCK}
        return {HANDSHAKING, STUCK}

    # }}}
