"""The verdict on UDP at its limits: how much is use, how long is silence, what is together. The UDP channels have no
keys.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from captures.make.base.tls import APPLICATION_DATA
from captures.make.base.wire import Capture
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import client, gateway
from captures.make.rdg.make_rdghttp_udp import Session

OFFERED, CARRIES, CLOSED, SILENT, TO_THE_END = "4", "11", "12", "14", "15"
RECORD_HEADER = 13


def few(*sizes, asked=True):
    """Datagrams of the gateway of these sizes behind the handshake, and data of the client before, if ASKED."""
    def fill(session):
        session.opens()
        if asked:
            session.up(session.secret(APPLICATION_DATA, 1, 200))
        for number, size in enumerate(sizes):
            session.back(session.secret(APPLICATION_DATA, 1 + number, size - RECORD_HEADER))
    return fill


def silence(seconds, ends=("client", "gateway")):
    """A channel in use, and DATA so long behind its last datagram."""
    def fill(session):
        session.opens()
        session.uses()
        session.capture.wait(seconds - 0.001 * len(ends))
        for _ in range(2):
            if "client" in ends:
                client(session.stream, h.data(b"up"))
            if "gateway" in ends:
                gateway(session.stream, h.data(b"down"))
    return fill


def closing(seconds, *data, closes_after=0.0):
    """A channel in use that is closed; DATA of these ends SECONDS later, and then the session ends."""
    def fill(session):
        session.opens()
        session.uses()
        session.closes()
        session.capture.wait(seconds)
        for end in data:
            (client if end == "client" else gateway)(session.stream, h.data(b"more"))
        session.capture.wait(closes_after)
        session.ends()
    return fill


CASES = {
    "two-short-answers": (few(100, 100), OFFERED),
    "three-short-answers": (few(40, 40, 40), CARRIES),
    "one-long-answer": (few(101), CARRIES),
    "gateway-alone": (few(500, 500, 500, asked=False), OFFERED),
    "silent-for-69-s": (silence(69), CARRIES),
    "silent-for-71-s": (silence(71), SILENT),
    "client-goes-on-alone": (silence(71, ["client"]), CARRIES),
    "gateway-goes-on-alone": (silence(71, ["gateway"]), CARRIES),
    "closed-0.9-s-before-the-end": (closing(0.9), TO_THE_END),
    "closed-1.1-s-before-the-end": (closing(1.1), CARRIES),
    "data-of-both-behind-the-close": (closing(0.1, "client", "gateway"), CLOSED),
    "data-of-one-right-behind-the-close": (closing(0.1, "client", closes_after=0.5), TO_THE_END),
    "data-of-the-client-later": (closing(1.1, "client"), CLOSED),
    "data-of-the-gateway-later": (closing(1.1, "gateway"), CLOSED),
}


@pytest.mark.parametrize("case", CASES)
def test_limit(fields, capture, tmp_path, case):
    fill, verdict = CASES[case]
    made = Capture()
    fill(Session(made, 1))
    path = tmp_path / "limit.pcapng"
    path.write_bytes(made.octets())
    assert fields(capture(path), "rdghttp.udp_port", "rdghttp.udp.verdict", extra=["-2"]) == [verdict]
