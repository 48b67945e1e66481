# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of RD Gateways' sessions with both sides: the main channel, decrypted, and what becomes of the UDP that it
offers. The UDP channels have no keys."""
import uuid

from ..base import dns
from ..base.tls import (ALERT, APPLICATION_DATA, DTLS_1_2, FATAL, HANDSHAKE, HANDSHAKE_FAILURE, dtls_client_hello,
                        dtls_handshake, dtls_record, dtls_server_hello)
from ..base.wire import ICMP_PORT_UNREACHABLE, START, Captures, End, noise
from . import rdghttp as h
from . import rdgudp
from .make_rdghttp import client, connect, gateway, open_channel, upgrade

captures = Captures(__file__)
CLIENT, GATEWAY = End("192.0.2.10"), End("198.51.100.20")
CLIENT_KEY_EXCHANGE = 16


def trailer(correlation, big=False):
    """The trailer; BIG writes its id in the other order than the specification's."""
    octets = rdgudp.trailer(correlation)
    return octets[:6] + correlation.bytes + octets[22:] if big else octets


class Session:
    """A session whose main channel is open, and whose gateway has offered UDP."""

    def __init__(self, capture, number, udp_port=3391, host=CLIENT, *, correlation=None):
        self.capture, self.number, self.udp_port, self.host = capture, number, udp_port, host
        self.correlation = correlation or uuid.UUID(f"c0ffee{number:02x}-1234-4678-9abc-def012340000")
        self.stream = connect(capture, f"session {number}", 50100 + number)
        upgrade(self.stream, connection=uuid.UUID(int=100 + number), correlation=self.correlation)
        open_channel(self.stream, h.channel_response(udp_port=udp_port, cookie=h.cookie(
            START + 300 + number, user=f"EXAMPLE\\user{number}")))

    def goes_on(self):
        """DATA both ways."""
        client(self.stream, h.data(noise(60, "up")))
        gateway(self.stream, h.data(noise(80, "down")))

    def ends(self):
        """A normal end."""
        client(self.stream, h.close())
        gateway(self.stream, h.close_response())

    def hello(self, port=0, number=0, tail=None):
        """A ClientHello of the UDP channel from PORT, with the trailer unless TAIL is something else."""
        octets = dtls_client_hello(f"udp {self.number} {port}", number=number)
        tail = trailer(self.correlation) if tail is None else tail
        return self.capture.udp(self.host.at(50300 + 10 * self.number + port), GATEWAY.at(self.udp_port), octets + tail)

    def back(self, octets, port=0):
        """A datagram of the gateway."""
        self.capture.udp(GATEWAY.at(self.udp_port), self.host.at(50300 + 10 * self.number + port), octets)

    def up(self, octets, port=0):
        """A datagram of the client."""
        self.capture.udp(self.host.at(50300 + 10 * self.number + port), GATEWAY.at(self.udp_port), octets)

    def secret(self, kind, number, size=48):
        """An encrypted record."""
        return dtls_record(kind, noise(size, f"{self.number} {kind} {number}"), epoch=1, number=number)

    def opens(self, port=0, tail=None):
        """The handshake of a UDP channel."""
        self.hello(port, tail=tail)
        self.back(dtls_server_hello(f"udp {self.number} {port}"), port)
        exchange = dtls_handshake(CLIENT_KEY_EXCHANGE, b"\x41" + noise(65, "exchange"), 2)
        self.up(dtls_record(HANDSHAKE, exchange, DTLS_1_2, number=2) + self.secret(HANDSHAKE, 0), port)
        self.back(self.secret(HANDSHAKE, 0, 49), port)

    def uses(self, port=0, first=1):
        """Application data both ways."""
        for number in range(first, first + 4):
            self.up(self.secret(APPLICATION_DATA, number, 200), port)
            self.back(self.secret(APPLICATION_DATA, number, 300), port)

    def closes(self, port=0, number=9):
        """The client closes the UDP channel."""
        self.up(self.secret(ALERT, number, 26), port)


@captures.file("rdghttp-udp-used.pcapng")
def used(capture):
    """UDP offered and used, in both channels, and closed behind CLOSE_CHANNEL; the trailers have the correlation
    id in the specification's order."""
    session = Session(capture, 1)
    session.goes_on()
    for port in (0, 1):
        session.opens(port)
        session.uses(port)
    session.goes_on()
    session.ends()
    for port in (0, 1):
        session.closes(port)


@captures.file("rdghttp-udp-blocked.pcapng")
def blocked(capture):
    """UDP offered, tried three times, and never answered, while the main channel carries on; the trailers have the
    correlation id in the other order."""
    session = Session(capture, 2)
    for number in range(3):
        session.hello(number=number, tail=trailer(session.correlation, big=True))
        capture.wait(1)
        session.goes_on()


@captures.file("rdghttp-udp-not-tried.pcapng")
def not_tried(capture):
    """UDP offered, and no datagram to it, while the capture has other UDP."""
    capture.udp(CLIENT.at(50999), End("198.51.100.53", 53), dns.query(1))
    capture.udp(End("198.51.100.53", 53), CLIENT.at(50999), dns.answer(1))
    session = Session(capture, 3)
    session.goes_on()
    session.ends()


@captures.file("rdghttp-udp-died.pcapng")
def died(capture):
    """UDP offered and used, and then only the client's datagrams go on, while the main channel carries on."""
    session = Session(capture, 4)
    session.opens()
    session.uses()
    for number in range(10, 16):
        capture.wait(1)
        session.up(session.secret(APPLICATION_DATA, number, 200))
    session.goes_on()


@captures.file("rdghttp-udp-other-port.pcapng")
def other_port(capture):
    """UDP offered on port 4391, and used without any trailer: the offer alone says what the channel is."""
    session = Session(capture, 5, udp_port=4391)
    session.opens(tail=b"")
    session.uses()
    session.goes_on()


@captures.file("rdghttp-udp-nat.pcapng")
def nat(capture):
    """Three users behind one NAT, whose sessions overlap: UDP of the first is used, of the second blocked, with the ids
    in different orders; the third one does not try."""
    first, second, third = (Session(capture, number) for number in (6, 7, 8))
    first.opens()
    for number in range(3):
        second.hello(number=number, tail=trailer(second.correlation, big=True))
        capture.wait(1)
    first.uses()
    for session in (first, second, third):
        session.goes_on()


@captures.file("rdghttp-udp-unclear.pcapng")
def unclear(capture):
    """Two users behind one NAT, who are offered UDP, and a UDP channel without a trailer: it may be of either."""
    first, second = (Session(capture, number) for number in (9, 10))
    first.opens(tail=b"")
    first.uses()
    second.goes_on()


@captures.file("rdghttp-udp-outcomes.pcapng")
def outcomes(capture):
    """One session after the other: the gateway's ICMP, an alert in the handshake, UDP that is used and closed while the
    main channel carries on, a handshake that does not end."""
    session = Session(capture, 11)
    quoted = session.hello()
    capture.icmp(GATEWAY, CLIENT, ICMP_PORT_UNREACHABLE, quoted[:28])
    session.ends()
    session = Session(capture, 12)
    session.hello()
    session.back(dtls_record(ALERT, bytes([FATAL, HANDSHAKE_FAILURE])))
    session.ends()
    session = Session(capture, 13)
    session.opens()
    session.uses()
    session.closes()
    capture.wait(2)
    session.goes_on()
    session.ends()
    session = Session(capture, 14)
    session.hello()
    session.back(dtls_server_hello("udp 14 0"))
    session.ends()
