# SPDX-License-Identifier: GPL-2.0-or-later
"""Live captures of RD Gateway UDP channels whose RDPEUDP datagrams do not come one by one: OpenSSL at both ends, as in
live.py."""
from ..base.wire import Captures
from . import inner as rdp_inside
from . import rdgudp
from .live import record_channel

captures = Captures(__file__, live=True)
FIRST = {"client": 0x11223344, "gateway": 0x55667788}
PIECE = 300


class Numbers:
    """The numbers of both ends: snCoded counts datagrams, snSourceStart what they carry."""

    def __init__(self):
        self.source, self.coded = dict(FIRST), dict(FIRST)

    def send(self, who, payload, source=None):
        """A DATA_PKT with new octets, or with those that had the number SOURCE before."""
        other = "gateway" if who == "client" else "client"
        if source is None:
            self.source[who] += 1
            source = self.source[who]
        self.coded[who] += 1
        head = rdgudp.rdpeudp_v1(b"", self.source[other], self.coded[who])
        return who, rdgudp.data(head[:-4] + source.to_bytes(4, "big") + payload)


def opening(cookie, lossy):
    """CONNECT_PKT and its answer."""
    return [*(("client", piece) for piece in rdgudp.fragments(rdgudp.connect(cookie, lossy=lossy))),
            ("gateway", rdgudp.connect_response())]


def record(capture, lossy, inside):
    """The channel with these datagrams; all keys go inside the file."""
    record_channel(capture, trailers=1, say=lambda cookie: [*opening(cookie, lossy), *inside])
    capture.secrets += capture.keys
    capture.keys = b""


def in_disorder(numbers, flights):
    """The datagrams of a session: each flight in pieces, of which the first two are swapped, and the last one of the
    gateway's comes again."""
    out = []
    for who, flight in flights:
        pieces = [numbers.send(who, flight[at:at + PIECE]) for at in range(0, len(flight), PIECE)]
        if len(pieces) > 1:
            pieces[0], pieces[1] = pieces[1], pieces[0]
        out += pieces
        if who == "gateway":
            out.append(numbers.send(who, flight[(len(flight) - 1) // PIECE * PIECE:], numbers.source[who]))
    return out


@captures.file("rdgudp-stream.pcapng")
def stream(capture):
    """A reliable channel: TLS records over several datagrams, datagrams in another order than sent, and some sent
    again; in the end, one of the gateway is missing before another."""
    flights, keys = rdp_inside.session(False)
    capture.keys += keys
    numbers = Numbers()
    inside = in_disorder(numbers, flights)
    numbers.source["gateway"] += 1
    inside.append(numbers.send("gateway", b"\x17\x03\x03\x00\x20" + bytes(32)))
    record(capture, False, inside)


@captures.file("rdgudp-lossy-gap.pcapng")
def lossy_gap(capture):
    """A lossy channel: two datagrams of the client do not come, and one of the gateway comes late; what is inside
    goes on."""
    flights, keys = rdp_inside.session(True)
    capture.keys += keys
    numbers = Numbers()
    inside = [numbers.send(who, flight) for who, flight in flights[:-1]]
    numbers.source["client"] += 2
    inside.append(numbers.send(*flights[-1]))
    last = [i for i, (who, _) in enumerate(inside) if who == "gateway"][-2:]
    inside[last[0]], inside[last[1]] = inside[last[1]], inside[last[0]]
    record(capture, True, inside)
