# SPDX-License-Identifier: GPL-2.0-or-later
"""CGFs, and what CDFs and CGFs share: ways between them, echoes, numbers."""
from make.base import wire
from make.gtpp import gtpprime as g

from ..base.network import MILLISECOND, SECOND
from ..base.tcp import Connection
from .messages import ANSWER_OF, ANSWERED, TRANSFER, Message, Request


class Way:
    """Between one end of a CDF and one of a CGF: UDP, or a TCP connection that is opened anew when it is broken."""

    def __init__(self, day, cdf, cgf, near, is_tcp=False):
        self.day, self.cdf, self.cgf, self.is_tcp = day, cdf, cgf, is_tcp
        self.near, self.far = near, cgf.end
        self.connection = None
        self.version = cdf.version

    def connect(self):
        """The TCP connection; a new one when there is none, from the CDF's next port."""
        if self.connection is None or not self.connection.is_open:
            if self.connection is not None:
                self.near = self.near.at(self.near.port + 1)
            self.connection = Connection(self.day.network, self.near, self.far, self.arrive_by_tcp)
        return self.connection

    def arrive_by_tcp(self, end, message):
        """A message has come whole out of the stream."""
        (self.cdf if end.address == self.near.address else self.cgf).receive(message, self)

    def send(self, message, source=None):
        """Send a message to the other node. SOURCE replaces the CGF's usual end."""
        self.day.send_over(self, [message], source)

    def key(self):
        """What tells the way from others: ends, and the connection."""
        return self.near.address, self.near.port, self.far.address, self.far.port


class Node:
    """What CDFs and CGFs have in common."""

    def __init__(self, day, restart_counter):
        self.day, self.dice, self.simulation = day, day.dice, day.simulation
        self.restart_counter = restart_counter
        self.is_down = False
        self.own_numbers = {}
        self.waiting = {}  # Request -> planned event

    def make_request(self, way, kind, seq, *elements, **what):
        """A request, and its message not yet sent."""
        request = Request(self, way.cgf if self is way.cdf else way.cdf, way, kind, seq, **what)
        return request, lambda **head: g.message(kind, seq, *elements, **head)

    def ask(self, request, build, tries, timer, failed=None, changes=None):
        """Send a request, and again after TIMER microseconds while it is not answered. CHANGES(n) may give another
        build for the n-th copy. FAILED(request) is called when all tries are used up."""
        self.transmit(request, build, 0, tries, timer, failed, changes)

    def transmit(self, request, build, done, tries, timer, failed, changes):
        """One try."""
        self.waiting.pop(request, None)
        if done == tries:
            if failed:
                failed(request)
            return
        if not self.is_down:
            command, octets = request.command, None
            if changes and done:
                command, octets = changes(done)
            octets = octets or build(version=request.way.version)
            message = Message(self, request.kind, request.seq, octets, request, command=command)
            request.copies.append(message)
            request.way.send(message)
        self.waiting[request] = self.simulation.after(timer, self.transmit, request, build, done + 1, tries, timer,
                                                      failed, changes)

    def settle(self, request):
        """The request has been answered: it is not sent again. False when that was known."""
        event = self.waiting.pop(request, None)
        self.simulation.cancel(event)
        return event is not None

    def own_number(self, way):
        """The next number for requests of path management."""
        value = self.own_numbers.get(way, self.dice.randrange(3)) + 1
        self.own_numbers[way] = value
        return value & 0xFFFF

    def ping(self, way, seq=None):
        """Send an Echo Request."""
        if not self.is_down:
            request, build = self.make_request(way, g.ECHO_REQUEST, self.own_number(way) if seq is None else seq)
            self.ask(request, build, 1 if way.is_tcp else self.dice.choice((1, 2, 3)), self.day.t3)

    def say_alive(self, way):
        """Send a Node Alive Request."""
        own = way.near if self is way.cdf else way.far
        request, build = self.make_request(way, g.NODE_ALIVE_REQUEST, self.own_number(way),
                                           g.node_address(str(own.address)))
        self.ask(request, build, 2, self.day.t3)

    def answer(self, message, way, *elements, cause=None, counter=None, kind=None, delay=None, source=None):
        """Answer one request after a while."""
        request = message.request
        kind = kind or ANSWER_OF[request.kind]
        reply = Message(self, kind, request.seq, g.message(kind, request.seq, *elements, version=way.version),
                        responds=[request], cause=cause, counter=counter)
        request.answers.append(reply)
        wait = self.dice.uniform(0.2, 8) * MILLISECOND if delay is None else delay
        self.simulation.after(wait, lambda: self.is_down or way.send(reply, source))

    def echo_counter(self):
        """The restart counter that an Echo Response of this node has."""
        return self.restart_counter

    def receive_management(self, message, way):
        """Answer Echo, Node Alive and Redirection; True when it was one, or an answer to one of ours."""
        if message.kind in (g.ECHO_REQUEST, g.NODE_ALIVE_REQUEST, g.REDIRECTION_REQUEST):
            counter = self.echo_counter() if message.kind == g.ECHO_REQUEST else None
            elements = {g.ECHO_REQUEST: [g.recovery(counter or 0)], g.NODE_ALIVE_REQUEST: [],
                        g.REDIRECTION_REQUEST: [g.cause(g.ACCEPTED)]}[message.kind]
            cause = g.ACCEPTED if message.kind == g.REDIRECTION_REQUEST else None
            self.answer(message, way, *elements, cause=cause, counter=counter)
            return True
        if message.kind in (g.ECHO_RESPONSE, g.NODE_ALIVE_RESPONSE, g.REDIRECTION_RESPONSE):
            self.settle(message.responds[0])
            return True
        return False


class Cgf(Node):
    """A gateway that takes records. A cluster answers for several members, whose restart counters differ."""

    def __init__(self, day, end, style):
        super().__init__(day, day.dice.choice((0, 5, 7, 200, 254, 255)))
        self.end, self.style = end, style
        self.members = [day.dice.randrange(256) for _ in range(style["members"])] if style["members"] > 1 else []
        self.stored = {}    # (way's ends, number) -> the last request that was stored under it
        self.held = set()   # requests
        self.settled = {}   # request -> how it was released or cancelled
        self.answered = {}  # request -> (cause, elements)
        self.queue = {}     # way -> requests whose answers are collected
        self.full_until = -1
        self.deaf_until = -1
        self.ways = []

    def echo_counter(self):
        return self.dice.choice(self.members) if self.members else self.restart_counter

    def source(self):
        """The end from which the next answer goes."""
        other = self.style["answers_from"]
        return other if other and self.dice.random() < self.style["elsewhere"] else None

    def receive(self, message, way):
        """A message has arrived."""
        if self.is_down or self.simulation.now < self.deaf_until:
            return
        if message.kind in ANSWER_OF and message.octets[0] >> 5 > self.style["version"]:
            self.refuse_version(message, way)
        elif message.kind == TRANSFER:
            self.take(message, way)
        else:
            self.receive_management(message, way)

    def refuse_version(self, message, way):
        """Version Not Supported, with the highest version that is, in the header."""
        reply = Message(self, g.VERSION_NOT_SUPPORTED, message.seq,
                        g.message(g.VERSION_NOT_SUPPORTED, message.seq, version=self.style["version"]),
                        responds=[message.request])
        message.request.answers.append(reply)
        self.simulation.after(self.dice.uniform(1, 5) * MILLISECOND, way.send, reply)

    def take(self, message, way):
        """A Data Record Transfer Request."""
        request = message.request
        if request not in self.answered:
            cause = self.decide(request, message)
            if cause is None:
                return
            if cause not in (g.NO_RESOURCES, g.SYSTEM_FAILURE):
                self.answered[request] = cause
        else:
            cause = self.answered[request]
        self.queue.setdefault(way, []).append((request, cause))
        batch = self.style["batch"]
        delay = batch if batch else self.think()
        self.simulation.after(delay, self.flush, way, cause)

    def think(self):
        """How long an answer takes."""
        if self.dice.random() < self.style["slow"]:
            return self.dice.uniform(0.3, 1.3) * self.day.t3
        return self.dice.uniform(0.5, 40) * MILLISECOND

    def decide(self, request, message):
        """The cause of the answer; None: none is sent."""
        if request.probes:
            had = self.stored.get((request.way, request.seq)) is request.probes
            return g.ALREADY_FULFILLED if had else g.ACCEPTED
        if request.settles:
            if not all(other in self.held for other in request.settles):
                return g.NUMBERS_INCORRECT
            for other in request.settles:
                self.held.discard(other)
                self.settled[other] = request.command
            return g.ACCEPTED
        if self.dice.random() < self.style["ignores"]:
            return None
        if self.simulation.now < self.full_until:
            return self.dice.choice((g.NO_RESOURCES, g.SYSTEM_FAILURE))
        self.stored[(request.way, request.seq)] = request
        if message.command == g.POSSIBLY_DUPLICATED:
            self.held.add(request)
        return g.CDR_DECODING_ERROR if self.dice.random() < 0.02 else g.ACCEPTED

    def flush(self, way, cause):
        """Answer what has been collected for a way with this cause, in one message, or one by one."""
        waiting = self.queue.get(way, [])
        ready = [request for request, why in waiting if why == cause]
        self.queue[way] = [item for item in waiting if item[1] != cause]
        if not ready or self.is_down:
            return
        if not self.style["batch"]:
            self.queue[way] += [(request, cause) for request in ready[1:]]
            ready = ready[:1]
        ready = list(dict.fromkeys(ready))
        seq = ready[-1].seq
        octets = g.message(ANSWERED, seq, g.cause(cause), g.responded(*(request.seq for request in ready)),
                           version=way.version)
        reply = Message(self, ANSWERED, seq, octets, responds=ready, cause=cause)
        for request in ready:
            request.answers.append(reply)
        way.send(reply, self.source())

    def go_down(self, seconds):
        """Be down for a while, then start anew: another restart counter, and Node Alive to all."""
        self.is_down = True
        self.queue.clear()
        self.simulation.after(seconds * SECOND, self.come_up)

    def come_up(self):
        """Start anew."""
        self.is_down = False
        self.restart_counter = (self.restart_counter + 1) & 0xFF
        for way in self.ways:
            self.say_alive(way)

    def redirect(self, recommended, cause):
        """Ask all CDFs to send their records elsewhere."""
        seen = set()
        for way in self.ways:
            if way.cdf not in seen:
                seen.add(way.cdf)
                request, build = self.make_request(way, g.REDIRECTION_REQUEST, self.own_number(way), g.cause(cause),
                                                   *([g.recommended_node(str(recommended.address))] if recommended
                                                     else []))
                self.ask(request, build, 2, self.day.t3)

    def answer_unasked(self, way, seq):
        """Answer a number that was not asked about."""
        octets = g.message(ANSWERED, seq, g.cause(g.ACCEPTED), g.responded(seq), version=way.version)
        way.send(Message(self, ANSWERED, seq, octets, cause=g.ACCEPTED))


def end_of(address, port):
    """An end of a path."""
    return wire.End(address, port)
