# SPDX-License-Identifier: GPL-2.0-or-later
"""A random day of clients, gateways, firewalls, NATs and balancers, by a seed."""
import random
import uuid

from make.base import tls, wire
from make.rdg import rdgudp

from ..base import capture_point
from ..base.network import MILLISECOND, SECOND, Conditions, Network, Simulation
from ..base.tcp import Connection
from . import datagrams as d
from .ends import PORT, Attempt, Channel, Session

REFUSED, MTU, PROHIBITED, NET, HOST, FILTERED = (3, 3), (3, 4), (3, 13), (3, 0), (3, 1), (3, 10)
REFUSED_6, MTU_6, PROHIBITED_6, NO_ROUTE_6, TIME_EXCEEDED = (1, 4), (2, 0), (1, 1), (1, 0), (11, 0)


class Day:
    """What happens."""

    def __init__(self, seed, dice, conditions=None):
        self.seed, self.dice = seed, dice
        self.simulation = Simulation()
        self.network = Network(self.simulation, dice, conditions or Conditions())
        self.channels, self.connections, self.randoms = [], [], []
        self.tap_at_client = True
        self.gateway = None
        self.traits = []

    def connect(self, client, server):
        """A TCP connection."""
        connection = Connection(self.network, client, server, lambda end, message: None)
        connection.began = self.simulation.now
        self.connections.append(connection)
        return connection

    def write(self, connection, end, size):
        """A TLS record over a connection."""
        octets = tls.record(tls.APPLICATION_DATA, wire.noise(size, f"{self.seed} {self.simulation.now}"))
        connection.write(end, [(octets, None)])

    def at(self, seconds, act, *args):
        """Plan an act."""
        self.simulation.after(seconds * SECOND - self.simulation.now, act, *args)


# {{{ What is drawn


def draw_conditions(dice):
    """The network: mostly sound."""
    if dice.random() < 0.5:
        return Conditions(delay=dice.choice((1, 4, 20)) * MILLISECOND)
    return Conditions(lost_before=dice.choice((0, 0.05)), lost_after=dice.choice((0, 0.1)),
                      duplicated=dice.choice((0, 0.1)), late=dice.choice((0, 0.03)), lateness=60 * MILLISECOND,
                      delay=dice.choice((1, 4, 20)) * MILLISECOND)


def draw_style(dice):
    """How a client and a gateway behave."""
    return {
        "hello": dice.choice(("plain", "plain", "plain", "long")), "verify": dice.random() < 0.8,
        "trailer": dice.choice(("all", "first", "first", "none")),
        "version": dice.choice((tls.DTLS_1_2, tls.DTLS_1_2, tls.DTLS_1_0)), "tries": dice.randint(3, 5),
        "first_timer": round(dice.choice((0.4, 1, 1)) * SECOND), "backoff": dice.choice((1, 1.5, 2)),
        "data": dice.randint(2, 14), "pace": round(dice.choice((0.1, 0.3, 0.6)) * SECOND),
        "closes": dice.choice(("client", "gateway", None)), "flight": dice.choice((300, 900, 1200)),
    }


def icmp_of(kind, is_v6):
    """The ICMP type and code for a kind of obstacle."""
    table = {"refused": (REFUSED, REFUSED_6), "mtu": (MTU, MTU_6), "prohibited": (PROHIBITED, PROHIBITED_6),
             "filtered": (FILTERED, PROHIBITED_6), "no route": (NET, NO_ROUTE_6), "host": (HOST, (1, 3)),
             "ttl": (TIME_EXCEEDED, (3, 0)), "refused by a firewall": (REFUSED, REFUSED_6)}
    return table[kind][is_v6]


# }}}
# {{{ What happens to a channel


def never(_):
    """A firewall drops all."""
    return True


def scene_good(_, __):
    """Nothing special."""


def scene_blocked(_, channel):
    """A firewall drops the client's datagrams without a word."""
    channel.blocks.append(lambda datagram: not datagram.from_gateway)


def scene_answers_blocked(_, channel):
    """A firewall drops the gateway's datagrams."""
    channel.blocks.append(lambda datagram: datagram.from_gateway)


def scene_first_lost(day, channel):
    """The first datagrams are lost, then the channel comes up."""
    until = day.simulation.now + round(day.dice.uniform(0.2, 2.2) * SECOND)
    channel.blocks.append(lambda datagram: day.simulation.now < until and datagram.kind in (d.HELLO, d.HELLO_REST))


def scene_icmp(day, channel):
    """Something stops the hellos, and says so; perhaps only for a while."""
    is_v6 = channel.client.address.version == 6
    kind = day.dice.choice(("refused", "refused", "mtu", "prohibited", "filtered", "no route", "host", "ttl",
                            "refused by a firewall"))
    sender = channel.gateway.at(0) if kind == "refused" else day.router
    mtu = day.dice.choice((576, 1280, 0)) if kind == "mtu" else 0
    channel.complain = (sender, icmp_of(kind, is_v6), mtu)
    day.traits.append(kind)
    until = day.simulation.now + (round(day.dice.uniform(0.1, 1.5) * SECOND) if day.dice.random() < 0.4 else 10 ** 12)
    channel.blocks.append(lambda datagram: not datagram.from_gateway and day.simulation.now < until)


def scene_no_flight(_, channel):
    """The longer datagrams of the gateway do not pass."""
    channel.blocks.append(lambda datagram: datagram.kind == d.FLIGHT_REST)


def scene_no_exchange(_, channel):
    """The client's flight does not pass."""
    channel.blocks.append(lambda datagram: datagram.kind == d.EXCHANGE)


def scene_cookie_loop(day, channel):
    """A balancer hands the hellos to gateways in turn."""
    channel.style["verify"], channel.style["tries"] = True, day.dice.randint(4, 8)
    channel.cookies = 10 ** 9


def scene_dies(day, channel):
    """In use, the way is closed, for one direction or for both."""
    which = day.dice.choice(("both", "to the gateway", "to the client"))
    channel.style["data"] += 14
    channel.style["closes"] = None
    channel.style["pace"] = round(0.4 * SECOND)
    when = day.simulation.now + round(day.dice.uniform(2, 4) * SECOND)

    def block(datagram):
        attempt = datagram.attempt
        if day.simulation.now < when or attempt.secured_at is None:
            return False
        attempt.died_at = attempt.died_at or when
        return which == "both" or (which == "to the client") == datagram.from_gateway

    channel.blocks.append(block)


def scene_elsewhere(day, channel):
    """The answers come from another address, or another port: the client does not take them."""
    other = channel.gateway.at(day.dice.choice((61000, 3392)))
    if day.dice.random() < 0.6:
        other = wire.End("2001:db8:2::99" if channel.client.address.version == 6 else "198.51.100.99", PORT)
    channel.answers_from = other


def scene_moves(day, channel):
    """A NAT forgets the client's port in use."""
    channel.style["data"] += 8
    channel.moves_after = round(day.dice.uniform(0.5, 3) * SECOND)


def scene_alert(_, channel):
    """The ends do not agree."""
    channel.fails_handshake = True


def scene_foreign(day, channel):
    """DTLS of something else."""
    channel.style["hello"] = day.dice.choice(("srtp", "small"))
    channel.style["trailer"] = "none"
    channel.is_foreign = True


def scene_again(day, channel):
    """The same port tries again later, after the channel was closed."""
    channel.style["closes"] = "client"
    channel.style["data"] = 3
    day.simulation.after(20 * SECOND, channel.begin)


SCENES = {
    "good": (scene_good, 4), "blocked": (scene_blocked, 3), "answers blocked": (scene_answers_blocked, 1),
    "first lost": (scene_first_lost, 3), "icmp": (scene_icmp, 5), "no flight": (scene_no_flight, 2),
    "no exchange": (scene_no_exchange, 1), "cookie loop": (scene_cookie_loop, 2), "dies": (scene_dies, 3),
    "elsewhere": (scene_elsewhere, 2), "moves": (scene_moves, 2), "alert": (scene_alert, 1),
    "foreign": (scene_foreign, 1), "again": (scene_again, 1), "new ports": (scene_blocked, 1),
    "reflection": (scene_good, 1), "scanner": (scene_good, 1),
}

# }}}
# {{{ Days


def plan_reflection(day, gateway):
    """Flights of gateways to a host that asked for nothing."""
    victim = day.client.at(day.dice.choice((80, 443)) + 10 * len(day.channels))
    channel = Channel(day, victim, gateway, draw_style(day.dice))
    attempt = Attempt(channel, wire.noise(32, f"reflected {day.seed}"))
    channel.attempts.append(attempt)
    channel.is_reflection, channel.version = True, tls.DTLS_1_2
    for i in range(day.dice.randint(2, 4)):
        first, _ = d.flight(f"reflected {day.seed} {i}", 0, tls.DTLS_1_2, 300)
        day.at(0.5 + i * 0.4, channel.send, attempt, d.FLIGHT, True, first)


def plan_scanner(day, gateway):
    """A fragment without DTLS."""
    channel = Channel(day, day.client.at(51900 + len(day.channels)), gateway, draw_style(day.dice))
    attempt = Attempt(channel, wire.noise(32, f"scan {day.seed}"))
    channel.attempts.append(attempt)
    channel.is_scan = True
    day.at(0.7, channel.send, attempt, d.CLEAR, False, rdgudp.fragment(0, 65, 1))


def plan_session(day, number, is_alone):
    """A session, its main channel and one or two channels over UDP. Of several sessions, every main channel is there:
    otherwise that of another would look like it."""
    dice = day.dice
    behaviours = ("carries on", "carries on", "idle", "ends", "browser", "none")
    behaviour = dice.choice(behaviours if is_alone else behaviours[:4])
    session = Session(day, day.client.at(0), uuid.UUID(bytes=wire.noise(14, f"{day.seed} {number}") + b"\0\0"),
                      behaviour)
    gateway = day.gateway.at(PORT)
    start = dice.uniform(0.4, 1) + number * 0.7
    if behaviour not in ("none", "browser"):
        day.at(start - 0.3, session.open_main, gateway, 49500 + number)
    names = list(SCENES)
    for i in range(dice.choice((1, 1, 2))):
        name = dice.choices(names, [SCENES[each][1] for each in names])[0]
        day.traits.append(name)
        if name == "reflection":
            plan_reflection(day, gateway)
            continue
        if name == "scanner":
            plan_scanner(day, gateway)
            continue
        ports = [50200 + number * 10 + i]
        style = draw_style(dice)
        if name == "new ports":
            ports += [ports[0] + 100, ports[0] + 200]
            style.update(tries=1, trailer="all")
        for j, port in enumerate(ports):
            channel = Channel(day, day.client.at(port), gateway, dict(style))
            channel.session, channel.scene, channel.on_failure = session, name, session.go_on

            def go(channel=channel, name=name):
                SCENES[name][0](day, channel)
                channel.begin()

            day.at(start + i * 0.4 + j * 1.1, go)


# }}}


def make_day(seed):
    """The day of a seed, and its capture."""
    dice = random.Random(f"rdg {seed}")
    day = Day(seed, dice, draw_conditions(dice))
    is_v6 = dice.random() < 0.2
    day.client = wire.End("2001:db8:1::10" if is_v6 else "192.0.2.10")
    day.gateway = wire.End("2001:db8:2::20" if is_v6 else "198.51.100.20")
    day.router = wire.End("2001:db8:3::1" if is_v6 else "203.0.113.1")
    day.tap_at_client = dice.random() < 0.7
    sessions = dice.choice((1, 1, 2))
    for number in range(sessions):
        plan_session(day, number, sessions == 1)
    seconds = 45
    day.simulation.run(seconds * SECOND)
    packets = [packet for packet in day.network.in_order() if packet.time <= day.simulation.now][:160]
    faults = capture_point.draw_faults(dice) if seed % 3 else []
    return day, capture_point.capture_packets(packets, dice, faults)
