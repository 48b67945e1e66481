# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of RD Gateway UDP channels that something stops, and of what only looks so: who stopped a channel must be
right, and nothing may be said that the capture disproves."""
import struct

from ..base.tls import (APPLICATION_DATA, DTLS_1_0, DTLS_1_2, HANDSHAKE, data, dtls_client_hello, dtls_handshake,
                        dtls_record, dtls_server_hello)
from ..base.wire import ICMP_PORT_UNREACHABLE, Captures, End, Stream, noise
from . import rdgudp

captures = Captures(__file__)
CLIENT, GATEWAY = End("192.0.2.10", 50300), End("198.51.100.20", 3391)
ROUTER, BALANCER = End("203.0.113.1"), End("203.0.113.21", 3391)
HTTPS = 443
FRAGMENTATION_NEEDED, HOST_UNREACHABLE, PROHIBITED = (3, 4), (3, 1), (3, 13)
CLIENT_HELLO, HELLO_VERIFY, CLIENT_KEY_EXCHANGE = 1, 3, 16
LATER = 1.0


def https(capture):
    """The session's main channel, with its handshake behind it."""
    return Stream(capture, CLIENT.at(50299), GATEWAY.at(HTTPS)).handshake()


def carries_on(session):
    """TCP carries data both ways."""
    session.send(session.client, data("asks", 60))
    session.send(session.server, data("answers", 80))


def hello(label, number=0, cookie=None):
    """A ClientHello with the trailer; with a cookie it is the second message."""
    if cookie is None:
        return dtls_client_hello(label, number=number) + rdgudp.trailer()
    body = (struct.pack("!H", DTLS_1_2) + noise(32, label) + b"\0" + bytes([len(cookie)]) + cookie +
            b"\0\2\xc0\x2f\1\0")
    return dtls_record(HANDSHAKE, dtls_handshake(CLIENT_HELLO, body, 1), DTLS_1_0, number=number) + rdgudp.trailer()


def verify(cookie, number=0):
    """A HelloVerifyRequest with a cookie."""
    body = struct.pack("!HB", DTLS_1_0, len(cookie)) + cookie
    return dtls_record(HANDSHAKE, dtls_handshake(HELLO_VERIFY, body), DTLS_1_0, number=number)


def secret(kind, number, label):
    """An encrypted record."""
    return dtls_record(kind, noise(48, f"{label} {number}"), epoch=1, number=number)


def up(capture, label="up"):
    """A handshake that succeeds, and data both ways."""
    capture.udp(CLIENT, GATEWAY, hello(label))
    capture.udp(GATEWAY, CLIENT, verify(b"one cookie"))
    capture.udp(CLIENT, GATEWAY, hello(label, 1, b"one cookie"))
    capture.udp(GATEWAY, CLIENT, dtls_server_hello(label))
    exchange = dtls_record(HANDSHAKE, dtls_handshake(CLIENT_KEY_EXCHANGE, b"\x41" + noise(65, label), 2), number=2)
    capture.udp(CLIENT, GATEWAY, exchange + secret(HANDSHAKE, 0, label))
    capture.udp(GATEWAY, CLIENT, secret(HANDSHAKE, 0, label + " back"))
    for number in range(1, 4):
        capture.udp(CLIENT, GATEWAY, secret(APPLICATION_DATA, number, label))
        capture.udp(GATEWAY, CLIENT, secret(APPLICATION_DATA, number, label + " back"))


def stopped(capture, sender, kind_code):
    """A hello, an ICMP message about it, and the main channel, which carries on."""
    session = https(capture)
    quoted = capture.udp(CLIENT, GATEWAY, hello("stopped"))
    capture.icmp(sender, CLIENT, kind_code, quoted[:28])
    carries_on(session)


@captures.file("rdgudp-prohibited.pcap")
def prohibited(capture):
    """A firewall says that the communication is prohibited (3/13); TCP 443 carries on."""
    stopped(capture, ROUTER, PROHIBITED)


@captures.file("rdgudp-no-route.pcap")
def no_route(capture):
    """A router says that the host is unreachable (3/1); TCP 443 carries on."""
    stopped(capture, ROUTER, HOST_UNREACHABLE)


@captures.file("rdgudp-path-mtu.pcap")
def path_mtu(capture):
    """A router says that it would have to fragment the ClientHello (3/4), and nothing comes of it."""
    stopped(capture, ROUTER, FRAGMENTATION_NEEDED)


@captures.file("rdgudp-refused-by-firewall.pcap")
def refused_by_firewall(capture):
    """Port unreachable (3/3), but from another address than the gateway's: a firewall's way to reject."""
    stopped(capture, ROUTER, ICMP_PORT_UNREACHABLE)


@captures.file("rdgudp-stopped-then-up.pcap")
def stopped_then_up(capture):
    """An ICMP message of each kind about the first ClientHello, and then the channel comes up: nothing stopped it."""
    for kind_code in (ICMP_PORT_UNREACHABLE, FRAGMENTATION_NEEDED, PROHIBITED, HOST_UNREACHABLE):
        quoted = capture.udp(CLIENT, GATEWAY, hello("then up", kind_code[1] + 10))
        capture.icmp(ROUTER, CLIENT, kind_code, quoted[:28])
    up(capture, "then up")


@captures.file("rdgudp-stuck-cookies.pcap")
def stuck_cookies(capture):
    """A balancer hands the hellos to two gateways in turn: every one is answered with another cookie."""
    session = https(capture)
    capture.udp(CLIENT, GATEWAY, hello("loop"))
    for number in range(1, 5):
        cookie = noise(16, f"gateway {number % 2}")
        capture.udp(GATEWAY, CLIENT, verify(cookie, number))
        capture.udp(CLIENT, GATEWAY, hello("loop", number, cookie), wait=LATER / 2)
    carries_on(session)


@captures.file("rdgudp-stuck-flight.pcap")
def stuck_flight(capture):
    """The gateway's cookie arrives, its flight does not: the hello with the cookie is sent again and again."""
    session = https(capture)
    capture.udp(CLIENT, GATEWAY, hello("no flight"))
    capture.udp(GATEWAY, CLIENT, verify(b"the cookie"))
    for number in range(1, 4):
        capture.udp(CLIENT, GATEWAY, hello("no flight", number, b"the cookie"), wait=LATER)
    carries_on(session)


@captures.file("rdgudp-one-way.pcap")
def one_way(capture):
    """The client's half alone: its second hello carries the cookie of an answer that the capture lacks."""
    capture.udp(CLIENT, GATEWAY, hello("half"))
    capture.udp(CLIENT, GATEWAY, hello("half", 1, b"not captured"), wait=LATER)


@captures.file("rdgudp-dies.pcap")
def dies(capture):
    """A channel that works, until the gateway's datagrams stop; the client's go on for five seconds, then TCP."""
    session = https(capture)
    up(capture)
    for number in range(4, 10):
        capture.udp(CLIENT, GATEWAY, secret(APPLICATION_DATA, number, "up"), wait=LATER)
    carries_on(session)


@captures.file("rdgudp-pause.pcap")
def pause(capture):
    """The same, but the gateway goes on after all: the channel has not died."""
    up(capture)
    for number in range(4, 8):
        capture.udp(CLIENT, GATEWAY, secret(APPLICATION_DATA, number, "up"), wait=LATER)
    capture.udp(GATEWAY, CLIENT, secret(APPLICATION_DATA, 4, "up back"), wait=LATER)


@captures.file("rdgudp-elsewhere.pcap")
def elsewhere(capture):
    """The answers come from another address, as of a gateway behind a balancer; the client does not take them."""
    for number in range(3):
        capture.udp(CLIENT, GATEWAY, hello("where", number), wait=LATER)
        capture.udp(BALANCER, CLIENT, verify(b"from elsewhere", number))


@captures.file("rdgudp-copies.pcap")
def copies(capture):
    """A mirror port captures every datagram of a channel twice."""
    first = len(capture.frames)
    up(capture)
    capture.frames[first:] = [(time + late, octets) for time, octets in capture.frames[first:] for late in (0, 10)]


@captures.file("rdgudp-moves.pcap")
def moves(capture):
    """A NAT forgets the client's port in the midst of a channel: its records go on from another port."""
    up(capture)
    for number in range(4, 8):
        capture.udp(CLIENT.at(62001), GATEWAY, secret(APPLICATION_DATA, number, "up"))
        capture.udp(GATEWAY, CLIENT.at(62001), secret(APPLICATION_DATA, number, "up back"))


@captures.file("rdgudp-unsolicited.pcap")
def unsolicited(capture):
    """A reflection: two flights of a gateway to a host that has asked for nothing."""
    for number in range(2):
        capture.udp(GATEWAY, CLIENT.at(80), dtls_server_hello(f"reflected {number}"))


@captures.file("rdgudp-many-ports.pcap")
def many_ports(capture):
    """A client that tries each time from another port: the tries of one correlation id count together."""
    for number in range(3):
        capture.udp(CLIENT.at(50310 + number), GATEWAY, hello(f"try {number}"), wait=LATER)


@captures.file("rdgudp-late-browser.pcap")
def late_browser(capture):
    """No answer, and twenty seconds later a browser of the same host opens a connection to TCP 443."""
    for number in range(2):
        capture.udp(CLIENT, GATEWAY, hello("alone", number), wait=LATER)
    capture.wait(20)
    carries_on(https(capture))
