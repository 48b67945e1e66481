# SPDX-License-Identifier: GPL-2.0-or-later
"""A client that tries to open a channel, the gateway that it tries, and what stands between them."""
from make.base import tls, wire

from ..base.network import MILLISECOND, SECOND
from . import datagrams as d

PORT = 3391


class Attempt:
    """One attempt from one port: what is true of it."""

    def __init__(self, channel, random):
        self.channel, self.random = channel, random
        self.datagrams = []
        self.secured_at = None  # when both ends have got the other's Finished
        self.died_at = None     # when the way was closed in use
        self.closed = False
        self.version = channel.version
        self.number = {False: 0, True: 0}  # the next record in the clear, of each end
        self.secret = {False: 0, True: 0}  # the next encrypted one
        self.cookie, self.state, self.got = b"", "", set()
        self.left, self.timer, self.event = 0, 0, None


class Channel:
    """A client's port and the gateway, and how they behave.

    STYLE holds: hello ("plain", "long", "srtp", "small"), verify, trailer ("all", "first", "none"), version, tries,
    first_timer and backoff, data (datagrams of the client), pace, closes ("client", "gateway", None), flight (octets).
    """

    def __init__(self, day, client, gateway, style):
        self.day, self.simulation, self.dice = day, day.simulation, day.dice
        self.client, self.gateway, self.style = client, gateway, style
        self.answers_from = gateway
        self.version = style["version"]
        self.session = None
        self.attempts = []
        self.blocks = []         # functions of a datagram: True when the way does not let it through
        self.complain = None     # (sender, kind and code, MTU) of the ICMP error that tells of a blocked datagram
        self.cookies = style.get("cookies", 1)
        self.moves_after = None  # a NAT forgets the port so long after the handshake
        self.moved_to = None     # (when, the new end)
        self.is_foreign = style["hello"] in ("srtp", "small")
        self.fails_handshake = False
        self.heard_gateway = 0
        self.given_up_at = None
        self.on_failure = None
        day.channels.append(self)

    # {{{ The way

    def send(self, attempt, kind, from_gateway, octets, has_cookie=False):
        """Send a datagram, unless something stops it."""
        datagram = d.Datagram(attempt, kind, from_gateway, octets, has_cookie, self.simulation.now)
        attempt.datagrams.append(datagram)
        source, target = (self.answers_from, self.client) if from_gateway else (self.client, self.gateway)
        if not from_gateway and self.moved_to and self.simulation.now >= self.moved_to[0]:
            source = self.moved_to[1]
        if from_gateway and self.moved_to and self.simulation.now >= self.moved_to[0]:
            target = self.moved_to[1]
        blocked = any(block(datagram) for block in self.blocks)
        is_told_by_gateway = self.complain and self.complain[0].address == self.gateway.address
        seen = self.day.tap_at_client != from_gateway or not blocked or is_told_by_gateway
        payload = wire.udp(source, target, octets)
        if not seen:
            return
        network = self.day.network
        packets = len(network.seen)
        network.send(source, target, wire.PROTO_UDP, payload, datagram,
                     (lambda: None) if blocked else (lambda: self.arrive(datagram)))
        if blocked and not from_gateway and self.complain and len(network.seen) > packets:
            self.simulation.after(2 * network.conditions.delay, self.send_error, datagram, network.seen[packets])

    def send_error(self, datagram, packet):
        """Tell the client by ICMP."""
        sender, kind_code, mtu = self.complain
        body = wire.icmp(sender, self.client, kind_code, packet.octets[:60], mtu)
        proto = wire.PROTO_ICMP if sender.address.version == 4 else wire.PROTO_ICMP6
        network, quiet = self.day.network, self.day.network.quiet
        network.quiet = True
        network.send(sender, self.client, proto, body, d.Error(str(sender.address), kind_code, datagram), lambda: None)
        network.quiet = quiet

    def arrive(self, datagram):
        """A datagram has come to the other end."""
        datagram.arrived = True
        if datagram.from_gateway:
            self.client_gets(datagram)
        else:
            self.gateway_gets(datagram)

    # }}}
    # {{{ The client

    def begin(self):
        """Begin an attempt."""
        attempt = Attempt(self, wire.noise(32, f"random {self.day.seed} {len(self.day.randoms)}"))
        self.day.randoms.append(attempt)
        self.attempts.append(attempt)
        attempt.state = "hello"
        attempt.left, attempt.timer = self.style["tries"], self.style["first_timer"]
        self.say_hello(attempt)

    def next_number(self, attempt, end, count=1):
        """Numbers for records in the clear."""
        attempt.number[end] += count
        return attempt.number[end] - count

    def next_secret(self, attempt, end):
        """A number for an encrypted record."""
        attempt.secret[end] += 1
        return attempt.secret[end] - 1

    def say_hello(self, attempt):
        """The ClientHello, and again until it is answered or enough is enough."""
        if attempt is not self.attempts[-1] or attempt.state not in ("hello", "cookie"):
            return
        is_long = self.style["hello"] == "long"
        with_trailer = self.style["trailer"] == "all" or (self.style["trailer"] == "first" and not attempt.datagrams)
        pieces = d.hello(attempt.random, attempt.cookie, int(bool(attempt.cookie)),
                         self.next_number(attempt, False, 2 if is_long else 1), self.style["hello"],
                         self.session.id if with_trailer and self.session else None)
        for i, octets in enumerate(pieces):
            self.send(attempt, d.HELLO_REST if i else d.HELLO, False, octets, bool(attempt.cookie))
        attempt.left -= 1
        again = self.say_hello if attempt.left > 0 else self.give_up
        attempt.event = self.simulation.after(attempt.timer, again, attempt)
        attempt.timer = round(attempt.timer * self.style["backoff"])

    def give_up(self, attempt):
        """The session goes on without the channel."""
        if attempt.state in ("up", "closed", "given up"):
            return
        attempt.state = "given up"
        self.given_up_at = self.simulation.now
        if self.on_failure:
            self.on_failure()

    def client_gets(self, datagram):
        """A datagram of the gateway has come to the client."""
        attempt = datagram.attempt
        if attempt is not self.attempts[-1] or self.answers_from is not self.gateway:
            return
        if datagram.kind == d.VERIFY and attempt.state in ("hello", "cookie"):
            cookie = datagram.cookie
            if cookie != attempt.cookie:
                attempt.cookie, attempt.state = cookie, "cookie"
                self.simulation.cancel(attempt.event)
                if attempt.left > 0:
                    self.say_hello(attempt)
                else:
                    self.give_up(attempt)
        elif datagram.kind in (d.FLIGHT, d.FLIGHT_REST) and attempt.state in ("hello", "cookie"):
            attempt.got.add(datagram.kind)
            if len(attempt.got) == 2:
                self.simulation.cancel(attempt.event)
                attempt.state, attempt.left, attempt.timer = "exchange", 5, self.style["first_timer"]
                self.say_exchange(attempt)
        elif datagram.kind == d.FINISHED and attempt.state == "exchange":
            self.simulation.cancel(attempt.event)
            attempt.state = "up"
            attempt.secured_at = self.simulation.now
            if self.moves_after is not None:
                self.moved_to = (self.simulation.now + self.moves_after, self.client.at(self.client.port + 7000))
            self.say_data(attempt, self.style["data"])
        elif datagram.kind == d.ALERT:
            self.simulation.cancel(attempt.event)
            self.give_up(attempt)
        elif datagram.kind == d.CLOSE:
            attempt.state, attempt.closed = "closed", True

    def say_exchange(self, attempt):
        """The client's flight after the gateway's."""
        if attempt.state != "exchange":
            return
        octets = d.exchange(f"{attempt.random.hex()} c", self.next_number(attempt, False, 2),
                            self.next_secret(attempt, False), self.version)
        self.send(attempt, d.EXCHANGE, False, octets)
        attempt.left -= 1
        again = self.say_exchange if attempt.left > 0 else self.give_up
        attempt.event = self.simulation.after(attempt.timer, again, attempt)
        attempt.timer = round(attempt.timer * self.style["backoff"])

    def say_data(self, attempt, left):
        """Data of the client, which the gateway answers."""
        if attempt.state != "up":
            return
        if left <= 0:
            if self.style["closes"]:
                end = self.style["closes"] == "gateway"
                attempt.closed = True
                self.say_secret(attempt, d.CLOSE, tls.ALERT, end)
                attempt.state = "closed"
            elif attempt.died_at is not None:
                attempt.state = "dead"
                if self.on_failure:
                    self.on_failure()
            return
        self.say_secret(attempt, d.DATA, tls.APPLICATION_DATA, False)
        self.simulation.after(self.style["pace"] * self.dice.uniform(0.7, 1.3), self.say_data, attempt, left - 1)

    def say_secret(self, attempt, kind, content, from_gateway):
        """An encrypted record."""
        label = f"{attempt.random.hex()} {'g' if from_gateway else 'c'}"
        size = 40 if content == tls.ALERT else self.dice.randint(40, 600)
        octets = d.secret(content, self.next_secret(attempt, from_gateway), label, self.version, size)
        self.send(attempt, kind, from_gateway, octets)

    # }}}
    # {{{ The gateway

    def gateway_gets(self, datagram):
        """A datagram of the client has come to the gateway."""
        attempt = datagram.attempt
        label = f"{attempt.random.hex()} g"
        if datagram.kind == (d.HELLO_REST if self.style["hello"] == "long" else d.HELLO):
            if self.fails_handshake:
                self.send(attempt, d.ALERT, True, d.alert(40, self.next_number(attempt, True)))
            elif self.style["verify"] and (not datagram.has_cookie or self.cookies > 1):
                cookie = wire.noise(20, f"{attempt.random.hex()} cookie {self.dice.randrange(self.cookies)}")
                octets = d.verify(cookie, self.next_number(attempt, True))
                self.send(attempt, d.VERIFY, True, octets)
                attempt.datagrams[-1].cookie = cookie
            elif not attempt.secured_at:
                first, rest = d.flight(label, self.next_number(attempt, True, 3), self.version, self.style["flight"])
                self.send(attempt, d.FLIGHT, True, first)
                self.send(attempt, d.FLIGHT_REST, True, rest)
        elif datagram.kind == d.EXCHANGE:
            octets = d.finished(label, self.next_number(attempt, True), self.next_secret(attempt, True), self.version)
            self.send(attempt, d.FINISHED, True, octets)
        elif datagram.kind == d.DATA and not attempt.closed:
            self.say_secret(attempt, d.DATA, tls.APPLICATION_DATA, True)

    # }}}


class Session:
    """A user's session: its main channel over TCP and its channels over UDP."""

    def __init__(self, day, client, ident, behaviour):
        self.day, self.client, self.id, self.behaviour = day, client, ident, behaviour
        self.main = None

    def open_main(self, gateway, port):
        """Open the main channel."""
        self.main = self.day.connect(self.client.at(port), gateway.at(443))
        self.day.simulation.after(60 * MILLISECOND, self.exchange, self.main, 2)

    def exchange(self, connection, count):
        """Data both ways, COUNT times."""
        if count <= 0 or not connection.is_open:
            return
        self.day.write(connection, connection.client, 120)
        self.day.simulation.after(20 * MILLISECOND, self.day.write, connection, connection.server, 200)
        self.day.simulation.after(600 * MILLISECOND, self.exchange, connection, count - 1)

    def go_on(self):
        """The channel has failed."""
        if self.behaviour == "carries on":
            self.exchange(self.main, 6)
        elif self.behaviour == "ends" and self.main:
            self.main.reset(self.main.client)
        elif self.behaviour == "browser":
            later = self.day.dice.randint(8, 20) * SECOND
            self.day.simulation.after(later, self.browse)

    def browse(self):
        """Another program of the client's host comes to the gateway."""
        browser = self.day.connect(self.client.at(self.day.dice.randint(60000, 61000)), self.day.gateway.at(443))
        self.day.simulation.after(100 * MILLISECOND, self.exchange, browser, 4)
