# SPDX-License-Identifier: GPL-2.0-or-later
"""A random day of CDFs, CGFs and their network, by a seed."""
import random

from make.base import wire
from make.gtpp import gtpprime as g

from ..base import capture_point, fragments
from ..base.network import MILLISECOND, SECOND, Conditions, Network, Simulation
from .cdf import MAKERS, Cdf
from .nodes import Cgf, Way

PORT = g.PORT


class Day:
    """What happens. Nodes and their acts may also be put in by hand (see the tests of the oracle)."""

    def __init__(self, dice, conditions=None):
        self.dice = dice
        self.simulation = Simulation()
        self.network = Network(self.simulation, dice, conditions or Conditions())
        self.messages = []
        self.cdfs, self.cgfs = [], []
        self.subscribers = 0
        self.t3 = dice.choice((1, 2, 3)) * SECOND
        self.traits = []  # in a word each: what is special about the day

    def send_over(self, way, messages, source=None):
        """Carry messages to the other node of a way."""
        from_cdf = messages[0].sender is way.cdf
        if way.is_tcp:
            connection = way.connect()
            end = connection.client if from_cdf else connection.server
            for message in messages:
                self.note(message, end, connection.peer(end), connection)
            connection.write(end, [(message.octets, message) for message in messages])
            return
        start, target = (way.near, way.far) if from_cdf else (source or way.far, way.near)
        receiver = way.cgf if from_cdf else way.cdf
        for message in messages:
            self.note(message, start, target)
            self.network.send(start, target, wire.PROTO_UDP, wire.udp(start, target, message.octets), message,
                              lambda message=message: receiver.receive(message, way))

    def note(self, message, start, target, connection=None):
        """Write down that a message is sent."""
        message.sent = self.simulation.now
        message.ends = ((str(start.address), start.port), (str(target.address), target.port))
        message.is_tcp, message.connection = connection is not None, connection
        self.messages.append(message)

    def join(self, cdf, cgf, nears, is_tcp=False):
        """Ways from the ends of a CDF to a CGF."""
        ways = [Way(self, cdf, cgf, near, is_tcp) for near in nears]
        cdf.ways.append(ways)
        cgf.ways += ways
        return ways

    def at(self, seconds, act, *args):
        """Plan an act."""
        self.simulation.after(seconds * SECOND - self.simulation.now, act, *args)

    def run(self, seconds):
        """Let it happen."""
        self.simulation.run(seconds * SECOND)


# {{{ Drawing


def draw_conditions(dice):
    """The network, from a good one to a bad one."""
    bad = dice.choice((0, 0, 0.02, 0.06))
    return Conditions(lost_before=bad * dice.random(), lost_after=bad * dice.random(),
                      duplicated=dice.choice((0, 0, 0.04, 0.1)), late=dice.choice((0, 0, 0.03, 0.1)),
                      delay=round(dice.choice((0.3, 2, 8)) * MILLISECOND))


def draw_cgf_style(dice, traits):
    """How a CGF behaves."""
    style = {"members": 1, "answers_from": None, "elsewhere": 0, "batch": 0, "slow": 0, "ignores": 0, "version": 2}
    if dice.random() < 0.15:
        style["members"] = dice.randint(2, 3)
        traits.append("cluster")
    if dice.random() < 0.3:
        style["batch"] = dice.randint(20, 300) * MILLISECOND
        traits.append("batches")
    if dice.random() < 0.25:
        style["slow"] = dice.choice((0.1, 0.3))
        traits.append("slow answers")
    if dice.random() < 0.25:
        style["ignores"] = dice.choice((0.05, 0.15))
        traits.append("answers missing")
    if dice.random() < 0.08:
        style["version"] = 1
        traits.append("version fallback")
    return style


def draw_cdf_style(dice, traits):
    """How a CDF behaves."""
    count = dice.choice((1, 1, 1, 2, 3))
    style = {"kinds": dice.sample(sorted(MAKERS), count), "counts": dice.choice(("node", "node", "kind")),
             "modulus": dice.choice((65536,) * 6 + (8, 16)), "tries": dice.choice((2, 3, 4)),
             "first_seq": dice.choice((0, 1, 65534, dice.randrange(65536))), "marks": dice.random() < 0.12,
             "roams": dice.random() < 0.2, "echo_zero": dice.random() < 0.15, "without_zero": dice.random() < 0.5,
             "drops": dice.choice((0, 0, 0.1)), "failover": dice.choice(("held", "held", "plain", "none"))}
    traits += [name for name in ("marks", "roams", "echo_zero") if style[name]]
    traits += [name for name, found in (("numbers come round", style["modulus"] < 65536),
                                        ("a counter per kind", style["counts"] == "kind" and count > 1),
                                        ("records dropped", style["drops"] > 0)) if found]
    return style


def draw_nodes(day):
    """CGFs and CDFs, and the ways between them."""
    dice, traits = day.dice, day.traits
    v6 = dice.random() < 0.08
    net = "2001:db8::{}" if v6 else "198.51.100.{}"
    near = "2001:db8:1::{}" if v6 else "192.0.2.{}"
    if v6:
        traits.append("IPv6")
    for i in range(dice.choice((1, 2, 2, 2, 3))):
        end = wire.End(net.format(20 + i), PORT)
        cgf = Cgf(day, end, draw_cgf_style(dice, traits))
        if dice.random() < 0.12:
            cgf.style["answers_from"] = wire.End(net.format(40 + i), PORT) if dice.random() < 0.5 else end.at(40000 + i)
            cgf.style["elsewhere"] = dice.choice((0.3, 1))
            traits.append("answers from elsewhere")
        day.cgfs.append(cgf)
    shape = dice.choice(("apart", "apart", "apart", "nat", "boards"))
    count = {"apart": dice.choice((1, 1, 2, 3)), "nat": 2, "boards": dice.choice((2, 4))}[shape]
    if shape != "apart":
        traits.append(shape)
    shared_counter = dice.randrange(256)
    style = draw_cdf_style(dice, traits)
    for i in range(count):
        if shape != "boards":
            style = draw_cdf_style(dice, traits)
        start = dice.choice((1, 5000, 4294967290)) if shape == "apart" else 20000 * (i + 1)
        node_id = "BOARDS-01" if shape == "boards" else f"NODE-{i + 1:02d}"
        cdf = Cdf(day, node_id, dict(style), start, dice.choice((2, 2, 2, 1, 0)),
                  shared_counter if shape == "boards" else None)
        address = near.format(10 + (i if shape == "apart" else 0))
        pool = dice.choice((1, 1, 2, 3)) if shape != "boards" else 1
        first = PORT if shape == "apart" and dice.random() < 0.1 else 49500 + 10 * i
        if cdf.style["roams"]:
            pool = max(pool, 2)
        day.cdfs.append(cdf)
        is_tcp = dice.random() < 0.2
        if is_tcp:
            traits.append("TCP")
        for cgf in dice.sample(day.cgfs, len(day.cgfs)):
            ends = [wire.End(address, first + j) for j in range(1 if is_tcp else pool)]
            for way in day.join(cdf, cgf, ends, is_tcp):
                way.version = cdf.version
    if not v6 and dice.random() < 0.15:
        day.network.without_ident.add(dice.choice(day.cdfs).ways[0][0].near.address)
        traits.append("no IP ids")


def plan_traffic(day, seconds):
    """Records, Echo, Node Alive."""
    dice = day.dice
    total = dice.randint(7, 13)
    for _ in range(total):
        cdf = dice.choice(day.cdfs)
        when = dice.uniform(1, seconds * 0.8)
        for j in range(dice.choice((1, 1, 1, 3))):
            day.at(when + j * dice.uniform(0.001, 0.3), cdf.hand_over, dice.choice((1, 1, 2, 3)))
    for cdf in day.cdfs:
        way = cdf.ways[0][0]
        if dice.random() < 0.6 or cdf.style["echo_zero"]:
            step = dice.uniform(62, 70) if cdf.style["echo_zero"] else dice.uniform(20, 45)
            when = dice.uniform(0, 5)
            while when < seconds:
                day.at(when, cdf.ping, way, 0 if cdf.style["echo_zero"] else None)
                when += step
        if dice.random() < 0.5:
            day.at(dice.uniform(0, 4), way.cgf.ping, way)
        if dice.random() < 0.3:
            day.at(0, cdf.say_alive, way)


def plan_events(day, seconds):
    """What happens to nodes."""
    dice, traits = day.dice, day.traits
    cgf, cdf = dice.choice(day.cgfs), dice.choice(day.cdfs)
    when = dice.uniform(seconds * 0.1, seconds * 0.6)
    what = dice.choice(("none", "deaf", "deaf", "down", "restart", "redirect", "full", "stray", "break"))
    if what == "deaf":
        cgf.deaf_until = -1
        length = dice.uniform(4, 25)
        day.at(when, lambda: setattr(cgf, "deaf_until", day.simulation.now + round(length * SECOND)))
    elif what == "down":
        day.at(when, cgf.go_down, dice.randint(5, 20))
    elif what == "restart" and "boards" not in traits:
        for each in cdf.ways:
            day.at(0.5, each[0].cgf.ping, each[0])
        day.at(when, cdf.restart, dice.randint(8, 12), dice.random() < 0.5, dice.random() < 0.5)
    elif what == "redirect":
        others = [other for other in day.cgfs if other is not cgf]
        day.at(when, cgf.redirect, dice.choice(others).end if others and dice.random() < 0.8 else None,
               dice.choice((g.THIS_NODE_GOING_DOWN, g.ANOTHER_NODE_GOING_DOWN, g.RECEIVE_BUFFERS_FULL,
                            g.TRANSMIT_BUFFERS_FULL, g.SYSTEM_FAILURE_REQUEST)))
        if dice.random() < 0.6:
            day.at(when + dice.uniform(6, 12), cgf.go_down, dice.randint(5, 12))
    elif what == "full":
        day.at(when, lambda: setattr(cgf, "full_until", day.simulation.now + dice.randint(2, 10) * SECOND))
    elif what == "stray":
        way = dice.choice(cgf.ways)
        day.at(when, lambda: way.is_tcp or cgf.answer_unasked(way, 0x7F00 + dice.randrange(99)))
    elif what == "break":
        for way in cdf.ways[0]:
            day.at(when, lambda way=way: way.connection and way.connection.reset(way.connection.server))
    traits.append(what)


# }}}


def make_day_in_fragments(seed):
    """The same day on a network with a small MTU, and its capture."""
    return make_day(seed, True)


def make_day(seed, is_fragmented=False):
    """The day of a seed, and its capture."""
    dice = random.Random(f"gtpp {seed}")
    day = Day(dice, draw_conditions(dice))
    seconds = dice.choice((40, 70, 130))
    draw_nodes(day)
    plan_traffic(day, seconds)
    plan_events(day, seconds)
    day.run(seconds + (dice.uniform(0, 3) if dice.random() < 0.3 else 20))
    limit = 110
    packets = [packet for packet in day.network.in_order() if packet.time <= day.simulation.now][:limit]
    if is_fragmented:
        packets = fragments.cut_all(packets, random.Random(f"fragments {seed}"))
    faults = capture_point.draw_faults(dice) if seed % 3 else []  # none in a third of the days
    capture = capture_point.capture_packets(packets, dice, faults)
    return day, capture
