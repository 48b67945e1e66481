"""A day of charging traffic and of RD Gateway channels, for ./dev scale: the same octets for the same size.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import heapq
import random
import sys
import uuid
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

# pylint: disable=wrong-import-position
from captures.make.base import files, tls, wire  # noqa: E402  (found only now)
from captures.make.gtpp import cdr  # noqa: E402
from captures.make.gtpp import gtpprime as g  # noqa: E402
from captures.make.rdg import rdgudp  # noqa: E402

CDFS, CLIENTS = 8, 256
CGFS = [wire.End(f"198.51.100.{20 + number}", g.PORT) for number in range(3)]
SILENT_CGF = wire.End("198.51.100.23", g.PORT)
GATEWAY = wire.End("198.51.100.50", 3391)
SECOND = 1.0
# Values of a record that are replaced.
IMSI, LOCAL_SEQ, CHARGING_ID, UP, DOWN = "001019876543210", 0x11223344, 0x22334455, 0x33445566, 0x44556677
# How often what happens to a request.
STORIES = {"plain": 900, "sent_again": 30, "not_answered": 6, "failed_over": 20, "twice": 6, "rejected": 10,
           "not_captured": 8, "restart": 2, "answer_late": 18}
CHANNELS = ("no_answer", "refused", "hello_sent", "answered", "works", "fallback")


def parts():
    """(name, filter of tcpdump) of each part: by CDF and by client, as docs/scale.md demands."""
    share = CLIENTS // CDFS
    return [(f"part-{number + 1}", f"host 192.0.2.{10 + number} or net 203.0.113.{number * share}/27")
            for number in range(CDFS)]


class Cdf:
    """One CDF's day. Its messages to one CGF after the other are spread over it."""

    def __init__(self, number, messages):
        self.dice = random.Random(f"CDF {number}")
        self.capture = wire.Capture(wire.START + number / 100)
        self.end = wire.End(f"192.0.2.{10 + number}", 49500)
        self.model = cdr.pgw(node_id=f"PGW-EXAMPLE-{number + 1:02d}", imsi=IMSI, local_seq=LOCAL_SEQ,
                             charging_id=CHARGING_ID, volumes=[(UP, DOWN)])
        self.local_seq, self.restarts = 0x01000000, 7
        self.ways = [wire.Pair(self.capture, self.end, cgf) for cgf in CGFS]
        self.seqs = [0] * len(CGFS)
        names, weights = list(STORIES), list(STORIES.values())
        while len(self.capture.frames) < messages:
            way = self.dice.randrange(len(CGFS))
            self.capture.wait(self.dice.random() / 50)
            getattr(self, self.dice.choices(names, weights)[0])(way, (way + 1) % len(CGFS))
        for way in range(len(CGFS)):
            self.capture.wait(30 * SECOND)
            self.echo(way)
        # The whole day has no message of this CGF, so that whether this request was answered cannot be told.
        wire.Pair(self.capture, self.end, SILENT_CGF).ask(g.transfer(1, *self.records()))

    def seq(self, way):
        self.seqs[way] = (self.seqs[way] + 1) & 0xFFFF
        return self.seqs[way]

    def records(self):
        """One to three new records."""
        count = self.dice.choice((1, 1, 2, 3))
        self.local_seq += count
        return [self.record(number) for number in range(self.local_seq - count + 1, self.local_seq + 1)]

    def record(self, local_seq):
        """Building a record takes long, so one is made and its values are replaced."""
        subscriber = f"00101{1000000000 + self.dice.randrange(500)}"
        values = {LOCAL_SEQ: local_seq, CHARGING_ID: CHARGING_ID + local_seq, UP: UP + self.dice.randrange(1 << 28),
                  DOWN: DOWN + self.dice.randrange(1 << 28)}
        octets = self.model.replace(cdr.tbcd(IMSI), cdr.tbcd(subscriber))
        for old, new in values.items():
            octets = octets.replace(old.to_bytes(4, "big"), new.to_bytes(4, "big"))
        return octets

    def echo(self, way):
        seq = self.seq(way)
        self.ways[way].ask(g.echo_request(seq))
        self.ways[way].reply(g.echo_response(seq, self.restarts))

    def plain(self, way, _):
        seq = self.seq(way)
        self.ways[way].ask(g.transfer(seq, *self.records()))
        self.ways[way].reply(g.answer(seq), wait=self.dice.random() / 100)

    def answer_late(self, way, _):
        seq = self.seq(way)
        self.ways[way].ask(g.transfer(seq, *self.records()))
        self.ways[way].reply(g.answer(seq), wait=SECOND + self.dice.random())

    def sent_again(self, way, _):
        """Lost on the way, or its answer was: the second or third copy is answered."""
        seq = self.seq(way)
        message = g.transfer(seq, *self.records())
        for _ in range(self.dice.choice((2, 3))):
            self.ways[way].ask(message, wait=SECOND)
        self.ways[way].reply(g.answer(seq), wait=0.01)

    def not_answered(self, way, _):
        message = g.transfer(self.seq(way), *self.records())
        for _ in range(3):
            self.ways[way].ask(message, wait=SECOND)

    def rejected(self, way, _):
        seq = self.seq(way)
        self.ways[way].ask(g.transfer(seq, *self.records()))
        self.ways[way].reply(g.answer(seq, why=g.NO_RESOURCES), wait=0.01)

    def not_captured(self, *_):
        """The capture lacks the message: the next ones show that numbers are missing."""
        self.records()

    def restart(self, way, _):
        self.restarts = (self.restarts + 1) & 0xFF
        self.echo(way)

    def failed_over(self, way, other):
        """Not answered, then held at the other CGF, and in the end released or cancelled there."""
        first, second, settling = self.seq(way), self.seq(other), self.seq(other)
        records = self.records()
        for _ in range(2):
            self.ways[way].ask(g.transfer(first, *records), wait=SECOND)
        self.ways[other].ask(g.transfer(second, *records, how=g.POSSIBLY_DUPLICATED), wait=SECOND)
        self.ways[other].reply(g.answer(second), wait=0.01)
        fate = self.dice.choice(("released", "cancelled", "held"))
        if fate == "held":
            return
        self.ways[way].ask(g.message(g.DATA_RECORD_TRANSFER_REQUEST, first, g.command(g.POSSIBLY_DUPLICATED),
                                     g.empty_packet()), wait=SECOND)
        self.ways[way].reply(g.answer(first, why=g.ALREADY_FULFILLED if fate == "cancelled" else g.ACCEPTED), wait=0.01)
        how, listed = (g.RELEASE, g.released) if fate == "released" else (g.CANCEL, g.cancelled)
        self.ways[other].ask(g.message(g.DATA_RECORD_TRANSFER_REQUEST, settling, g.command(how), listed(second)))
        self.ways[other].reply(g.answer(settling), wait=0.01)

    def twice(self, way, other):
        """Taken by one CGF, and by another as well."""
        records = self.records()
        for each in (way, other):
            seq = self.seq(each)
            self.ways[each].ask(g.transfer(seq, *records))
            self.ways[each].reply(g.answer(seq), wait=0.01)


def channel(number):
    """The frames of one RD Gateway channel."""
    kind = CHANNELS[number % len(CHANNELS)]
    capture = wire.Capture(wire.START + number / 10)
    client = wire.End(f"203.0.113.{number % CLIENTS}", 50000 + 2 * (number // CLIENTS))
    session = wire.Stream(capture, client.at(client.port + 1), GATEWAY.at(443)).handshake()
    trailer = rdgudp.trailer(uuid.UUID(int=0xC0FFEE << 104 | 0x4 << 76 | 0x8 << 60 | number))

    def ask(label, **how):
        return capture.udp(client, GATEWAY, tls.dtls_client_hello(f"{number}", **how) + label)
    quoted = ask(trailer)
    if kind in ("no_answer", "fallback"):
        for again in (1, 2):
            capture.wait(SECOND)
            ask(trailer, number=again)
    elif kind == "refused":
        capture.icmp(GATEWAY, client, wire.ICMP_PORT_UNREACHABLE, quoted[:28])
    elif kind in ("answered", "works"):
        capture.udp(GATEWAY, client, tls.dtls_hello_verify())
        ask(trailer, number=1)
        capture.udp(GATEWAY, client, tls.dtls_server_hello(f"{number}"))
    if kind == "works":
        for count in range(4):
            for ends in ((client, GATEWAY), (GATEWAY, client)):
                capture.udp(*ends, tls.dtls_record(tls.APPLICATION_DATA, wire.noise(64, f"{number} {count}"), epoch=1,
                                                   number=count))
    if kind in ("fallback", "refused"):
        capture.wait(SECOND)
        session.send(session.client, tls.data("asks", 60))
        session.send(session.server, tls.data("answers", 80))
    return capture.frames


def make(path, messages, channels):
    """Write a day of so many messages of GTP' (or a few more) and so many channels. The number of frames."""
    days = [Cdf(number, messages // CDFS).capture.frames for number in range(CDFS)]
    days += [channel(number) for number in range(channels)]
    count = 0
    with open(path, "wb", buffering=1 << 20) as out:
        out.write(files.pcap_head())
        for count, frame in enumerate(heapq.merge(*days), 1):
            out.write(files.pcap_frame(*frame))
    return count
