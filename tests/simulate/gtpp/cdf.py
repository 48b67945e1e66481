# SPDX-License-Identifier: GPL-2.0-or-later
"""CDFs: gateways that write charging records and hand them to CGFs."""
from make.base.wire import START
from make.gtpp import cdr
from make.gtpp import gtpprime as g

from ..base.network import SECOND
from .messages import ACCEPTING, ANSWERED, TRANSFER, Counter, Record
from .nodes import Node

MAKERS = {"pgw": cdr.pgw, "sgw": cdr.sgw, "epdg": cdr.epdg, "twag": cdr.twag, "ggsn": cdr.ggsn, "egsn": cdr.egsn,
          "sgsn_pdp": cdr.sgsn_pdp, "sgsn_mm": cdr.sgsn_mm, "sgsn_smo": cdr.sgsn_smo, "sgsn_smt": cdr.sgsn_smt}
REUSE_AFTER = 20 * SECOND  # a number is not used again before


class Cdf(Node):
    """A CDF. STYLE says how it behaves:

    kinds: of records; counts: 'node' (one counter) or 'kind'; modulus: of its sequence numbers; tries: N3;
    marks: copies change their command to "possibly duplicated"; roams: a copy may go from another port; echo_zero: all
    its Echo Requests have number 0; failover: 'held' (possibly duplicated, then probe, release or cancel), 'plain' or
    'none'; without_zero: its local numbers go from 4294967295 to 1.
    """

    def __init__(self, day, node_id, style, local_start, version=2, restart_counter=None):
        super().__init__(day, day.dice.choice((1, 9, 100, 255)) if restart_counter is None else restart_counter)
        self.node_id, self.style, self.version = node_id, style, version
        self.local_start = local_start
        self.counters = {}
        self.next_local = {}
        self.ways = []          # by CGF: lists of ways, one for each of its ports
        self.next_seq = {}      # way -> number
        self.used = {}          # (way, number) -> when last
        self.unavailable = {}   # CGF -> until when nothing is sent there
        self.sent_away = set()  # CGFs that asked not to be sent records
        self.generation = 0     # counts its restarts

    # {{{ Records

    def counter_for(self, kind):
        """The counter of a kind of record."""
        key = kind if self.style["counts"] == "kind" else ""
        if key not in self.counters:
            self.counters[key] = Counter(self, key)
            spread = sorted(MAKERS).index(key) * 3000 if key else 0
            self.next_local[key] = (self.local_start + spread) & 0xFFFFFFFF
        return key

    def write_record(self):
        """A new record."""
        kind = self.dice.choice(self.style["kinds"])
        key = self.counter_for(kind)
        number = self.next_local[key]
        after = (number + 1) & 0xFFFFFFFF
        self.next_local[key] = 1 if after == 0 and self.style["without_zero"] else after
        self.day.subscribers += 1
        opened = START + self.simulation.now // SECOND - self.dice.randint(30, 900)
        octets = MAKERS[kind](imsi=f"00101{self.day.subscribers:010d}", local_seq=number, node_id=self.node_id,
                              opened=opened, charging_id=0x07D00000 + self.day.subscribers)
        record = Record(octets, self.counters[key], number, opened)
        self.counters[key].issued.append(record)
        return record

    # }}}
    # {{{ Requests

    def take_number(self, way):
        """The next number of a way that has not been used for a while."""
        modulus = self.style["modulus"]
        seq = self.next_seq.setdefault(way, self.style["first_seq"] % modulus)
        for _ in range(64):
            used = self.used.get((way, seq))
            if used is None or used + REUSE_AFTER < self.simulation.now:
                break
            seq = (seq + 1) % modulus
            if modulus <= 64 and seq == self.style["first_seq"] % modulus:
                modulus = 65536  # all are in use: use more of them
                seq = 1000
        self.next_seq[way] = (seq + 1) % modulus
        self.used[(way, seq)] = self.simulation.now
        return seq

    def busy(self, way, seq):
        """A number is not to be used for other requests for now, or ever."""
        self.used[(way, seq)] = self.simulation.now

    def choose_ways(self):
        """The ways to the first CGF that is believed to be there."""
        for ways in self.ways:
            cgf = ways[0].cgf
            if cgf not in self.sent_away and self.unavailable.get(cgf, -1) <= self.simulation.now:
                return ways
        return self.ways[0]

    def hand_over(self, count):
        """Write records and send them in one packet."""
        if self.is_down:
            return
        records = [self.write_record() for _ in range(count)]
        if self.dice.random() < self.style["drops"] and len(records) > 1:
            records.pop(self.dice.randrange(len(records) - 1))  # written, and not sent
        self.send_records(records, self.dice.choice(self.choose_ways()), g.SEND)

    def packet(self, records, command):
        """The elements of a Data Record Packet."""
        return g.command(command), g.data_record_packet(*(record.octets for record in records))

    def send_records(self, records, way, command, seq=None, attempt=0):
        """Send records as a new request."""
        if self.is_down:
            return None
        seq = self.take_number(way) if seq is None else seq
        self.busy(way, seq)
        request, build = self.make_request(way, TRANSFER, seq, *self.packet(records, command), records=records,
                                           command=command)
        request.attempt = attempt
        self.ask(request, build, 1 if way.is_tcp and self.dice.random() < 0.7 else self.style["tries"], self.day.t3,
                 self.give_up, self.changes_of(request))
        return request

    def changes_of(self, request):
        """How copies differ from the first one: by their command, or by where they are sent from."""
        if self.style["marks"] and request.command == g.SEND:
            def marked(_):
                octets = g.message(TRANSFER, request.seq, *self.packet(request.records, g.POSSIBLY_DUPLICATED),
                                   version=request.way.version)
                return g.POSSIBLY_DUPLICATED, octets
            return marked
        return None

    def give_up(self, request):
        """No answer after all tries."""
        if self.is_down or not request.records or request.probes:
            return
        others = [ways for ways in self.ways if ways[0].cgf is not request.peer and ways[0].cgf not in self.sent_away]
        self.unavailable[request.peer] = self.simulation.now + self.dice.randint(15, 40) * SECOND
        if self.style["roams"] and not request.way.is_tcp and request.attempt == 0:
            same = [way for ways in self.ways for way in ways if way.cgf is request.peer and way is not request.way]
            if same:
                way = self.dice.choice(same)
                free = (way, request.seq) not in self.used
                self.send_records(request.records, way, request.command, request.seq if free else None, 1)
                return
        if not others or self.style["failover"] == "none" or request.attempt > 1:
            if request.attempt == 0 and self.dice.random() < 0.5:
                self.simulation.after(self.dice.randint(5, 12) * SECOND, self.send_records, request.records,
                                      request.way, g.SEND, None, 1)
            return
        way = self.dice.choice(self.dice.choice(others))
        command = g.POSSIBLY_DUPLICATED if self.style["failover"] == "held" else g.SEND
        second = self.send_records(request.records, way, command, None, 2)
        if command == g.POSSIBLY_DUPLICATED:
            self.simulation.after(self.dice.randint(12, 30) * SECOND, self.probe, request, second)

    # }}}
    # {{{ Possibly duplicated packets

    def probe(self, first, second):
        """Ask the CGF of the first request whether it had it."""
        if self.is_down or first.generation != self.generation:
            return
        self.busy(first.way, first.seq)
        request, build = self.make_request(
            first.way, TRANSFER, first.seq, g.command(self.dice.choice((g.SEND, g.POSSIBLY_DUPLICATED))),
            g.empty_packet(), probes=first, command=g.SEND)
        request.second = second
        self.ask(request, build, self.style["tries"], self.day.t3)

    def resolve(self, probe, cause):
        """Release or cancel what the other CGF holds."""
        if probe.second is None or not any(answer.cause == g.ACCEPTED for answer in probe.second.answers):
            return
        how = g.RELEASE if cause == g.ACCEPTED else g.CANCEL
        way = probe.second.way
        listing = g.released if how == g.RELEASE else g.cancelled
        request, build = self.make_request(way, TRANSFER, self.take_number(way), g.command(how),
                                           listing(probe.second.seq), settles=[probe.second], command=how)
        self.ask(request, build, self.style["tries"], self.day.t3)

    # }}}
    # {{{ What comes in

    def make_request(self, way, kind, seq, *elements, **what):
        request, build = super().make_request(way, kind, seq, *elements, **what)
        request.generation = self.generation
        return request, build

    def receive(self, message, way):
        """A message has arrived."""
        if self.is_down:
            return
        if message.kind == g.VERSION_NOT_SUPPORTED:
            self.fall_back(message)
        elif message.kind == ANSWERED:
            for request in message.responds:
                self.learn(request, message.cause)
        else:
            if message.kind == g.REDIRECTION_REQUEST:
                self.sent_away.add(message.sender)
            elif message.kind == g.NODE_ALIVE_REQUEST:
                self.sent_away.discard(message.sender)
                self.unavailable.pop(message.sender, None)
            self.receive_management(message, way)

    def fall_back(self, message):
        """The same packet again, in the version that the CGF has."""
        request = message.responds[0]
        for ways in self.ways:
            for way in ways:
                if way.cgf is message.sender:
                    way.version = message.octets[0] >> 5
        if self.settle(request) and request.kind == TRANSFER and request.records and not self.is_down:
            _, build = self.make_request(request.way, TRANSFER, request.seq,
                                         *self.packet(request.records, request.command))
            self.ask(request, build, self.style["tries"], self.day.t3, self.give_up)

    def learn(self, request, cause):
        """A request has been answered."""
        if not self.settle(request):
            return
        if request.probes:
            self.resolve(request, cause)
        elif request.records and cause not in ACCEPTING and request.attempt < 2:
            same = self.dice.random() < 0.25
            wait = self.dice.uniform(1, 8) * SECOND
            if same:
                _, build = self.make_request(request.way, TRANSFER, request.seq,
                                             *self.packet(request.records, request.command))
                request.attempt += 1
                self.waiting[request] = self.simulation.after(wait, self.transmit, request, build, 0, 2, self.day.t3,
                                                              None, None)
            else:
                self.simulation.after(wait, self.send_records, request.records, request.way, request.command, None,
                                      request.attempt + 1)

    # }}}
    # {{{ Restart

    def restart(self, seconds, jump, again):
        """Be down for a while, then start anew: numbers from the beginning, local numbers anew or far ahead. AGAIN:
        records that were not acknowledged are sent again."""
        unfinished = [request for request in self.waiting if request.records]
        for event in self.waiting.values():
            self.simulation.cancel(event)
        self.waiting.clear()
        self.is_down = True
        self.simulation.after(seconds * SECOND, self.come_up, jump, unfinished if again else [])

    def come_up(self, jump, unfinished):
        """Start anew."""
        self.is_down = False
        self.generation += 1
        self.restart_counter = (self.restart_counter + 1) & 0xFF
        for key, counter in list(self.counters.items()):
            self.next_local[key] = (self.next_local[key] + 2000) & 0xFFFFFFFF if jump else 1
            self.counters[key] = Counter(self, counter.kind)
        self.next_seq.clear()
        self.used.clear()
        ways = [way for group in self.ways for way in group[:1]]
        for way in ways:
            if way.is_tcp and way.connection:
                way.connection.reset(way.connection.client)
            self.say_alive(way)
            self.simulation.after(self.dice.uniform(0.5, 2) * SECOND, way.cgf.ping, way)
        for request in unfinished:
            self.simulation.after(3 * SECOND, self.send_records, request.records, request.way, g.POSSIBLY_DUPLICATED,
                                  None, 2)

    # }}}
