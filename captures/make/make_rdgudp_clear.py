#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of RD Gateway UDP channels that need no key: what becomes of a channel before anything is encrypted."""
import struct
import uuid

import rdgudp
from wire import (ICMP6_PORT_UNREACHABLE, ICMP_PORT_UNREACHABLE, ICMP_TIME_EXCEEDED, Captures, End, Stream,
                  noise)

captures = Captures(__file__)
CLIENT, GATEWAY, OTHER, ROUTER = End("192.0.2.10"), End("198.51.100.20"), End("198.51.100.30"), End("192.0.2.1")
CLIENT6, GATEWAY6 = End("2001:db8::10"), End("2001:db8:0:1::20")
PORT, HTTPS = 3391, 443
DTLS_1_0, DTLS_1_2 = 0xFEFF, 0xFEFD
HANDSHAKE, ALERT, CHANGE_CIPHER_SPEC, APPLICATION_DATA = 22, 21, 20, 23
CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY, FATAL, HANDSHAKE_FAILURE = 1, 2, 3, 2, 40
ECDHE_RSA_AES128_GCM = 0xC02F


def record(kind, body, version=DTLS_1_2, epoch=0, number=0):
    """A DTLS record."""
    return struct.pack("!BHHHIH", kind, version, epoch, 0, number, len(body)) + body


def handshake(kind, body, sequence=0):
    """A handshake message in one fragment."""
    size = len(body).to_bytes(3, "big")
    return bytes([kind]) + size + struct.pack("!H", sequence) + b"\0\0\0" + size + body


def client_hello(label, version=DTLS_1_2, number=0):
    """A ClientHello with one cipher suite; a copy differs from it in the number of its record only."""
    suites = struct.pack("!HH", 2, ECDHE_RSA_AES128_GCM)
    body = struct.pack("!H", version) + noise(32, label) + b"\0\0" + suites + b"\1\0"
    return record(HANDSHAKE, handshake(CLIENT_HELLO, body), DTLS_1_0, number=number)


def server_hello(label, version=DTLS_1_2):
    """A ServerHello."""
    body = struct.pack("!H", version) + noise(32, label) + b"\0" + struct.pack("!HB", ECDHE_RSA_AES128_GCM, 0)
    return record(HANDSHAKE, handshake(SERVER_HELLO, body), version)


def hello_verify():
    """A HelloVerifyRequest: always in the name of DTLS 1.0."""
    return record(HANDSHAKE, handshake(HELLO_VERIFY, b"\xfe\xff\x10" + noise(16, "cookie")), DTLS_1_0)


def https(capture, client_port, gateway=GATEWAY, client=CLIENT):
    """A TCP connection to port 443 that has its handshake behind it."""
    return Stream(capture, client.at(client_port), gateway.at(HTTPS)).handshake()


def secret(label):
    """A TLS record of application data."""
    return struct.pack("!BHH", 23, 0x0303, 80) + noise(80, label)


@captures.file("rdgudp-no-answer.pcap")
def no_answer(capture):
    """The silent fallback: the session's TCP 443 is busy, three ClientHellos on UDP 3391 get nothing back, TCP carries
    on."""
    session = https(capture, 50100)
    session.send(session.client, secret("before"))
    for number in range(3):
        capture.udp(CLIENT.at(50200), GATEWAY.at(PORT), client_hello("silent", number=number) + rdgudp.trailer(),
                    wait=number)
        session.send(session.server, secret(f"meanwhile {number}"))


@captures.file("rdgudp-fallback-later.pcap")
def fallback_later(capture):
    """Two channels of one session get nothing back while TCP 443 is idle; only afterwards TCP carries data."""
    session = https(capture, 50101)
    session.send(session.client, secret("before"))
    for number in range(2):
        for port in (50201, 50202):
            capture.udp(CLIENT.at(port), GATEWAY.at(PORT), client_hello(f"silent {port}", number=number) +
                        rdgudp.trailer(), wait=number)
    session.send(session.server, secret("afterwards"), ack=False)
    session.send(session.server, secret("afterwards too"))


@captures.file("rdgudp-no-fallback.pcap")
def no_fallback(capture):
    """What is no silent fallback: TCP 443 carried data before the channel only, or to another gateway; a single
    ClientHello; an answer that comes late, after the second ClientHello."""
    before = https(capture, 50102)
    before.send(before.client, secret("before"))
    for number in range(2):
        capture.udp(CLIENT.at(50203), GATEWAY.at(PORT), client_hello("no https", number=number), wait=number)
    elsewhere = https(capture, 50103, OTHER)
    elsewhere.send(elsewhere.client, secret("elsewhere"))
    capture.udp(CLIENT.at(50204), OTHER.at(PORT), client_hello("once"))
    elsewhere.send(elsewhere.server, secret("elsewhere too"))
    for number in range(2):
        capture.udp(CLIENT.at(50205), OTHER.at(PORT), client_hello("late", number=number), wait=number)
    capture.udp(OTHER.at(PORT), CLIENT.at(50205), hello_verify())
    elsewhere.send(elsewhere.server, secret("and more"))


@captures.file("rdgudp-refused.pcap")
def refused(capture):
    """ICMP port unreachable that quotes the UDP header only, with TCP 443 alongside; ICMPv6 with the whole ClientHello;
    time exceeded, which refuses nothing."""
    session = https(capture, 50104)
    datagram = capture.udp(CLIENT.at(50206), GATEWAY.at(PORT), client_hello("refused") + rdgudp.trailer())
    session.send(session.client, secret("meanwhile"))
    capture.icmp(GATEWAY, CLIENT, ICMP_PORT_UNREACHABLE, datagram[:28])
    datagram = capture.udp(CLIENT6.at(50207), GATEWAY6.at(PORT), client_hello("refused six") + rdgudp.trailer())
    capture.icmp(GATEWAY6, CLIENT6, ICMP6_PORT_UNREACHABLE, datagram)
    datagram = capture.udp(CLIENT.at(50208), GATEWAY.at(PORT), client_hello("too far"))
    capture.icmp(ROUTER, CLIENT, ICMP_TIME_EXCEEDED, datagram[:28])


@captures.file("rdgudp-alert.pcap")
def alert(capture):
    """A gateway that ends the handshake with the fatal alert handshake_failure; the client tries again with a new
    ClientHello and gets no further than that."""
    client, gateway = CLIENT.at(50209), GATEWAY.at(PORT)
    capture.udp(client, gateway, client_hello("alert") + rdgudp.trailer())
    capture.udp(gateway, client, hello_verify())
    capture.udp(gateway, client, record(ALERT, bytes([FATAL, HANDSHAKE_FAILURE])))
    capture.udp(client, gateway, client_hello("again") + rdgudp.trailer(), wait=1)


@captures.file("rdgudp-old-dtls.pcap")
def old_dtls(capture):
    """A scanner's ClientHello, which offers DTLS 1.0 only and has no trailer, and a gateway that chooses DTLS 1.0."""
    client, gateway = CLIENT.at(50210), GATEWAY.at(PORT)
    capture.udp(client, gateway, client_hello("old", DTLS_1_0))
    capture.udp(gateway, client, hello_verify())
    capture.udp(gateway, client, server_hello("old gateway", DTLS_1_0))


@captures.file("rdgudp-midstream.pcap")
def midstream(capture):
    """A capture that begins when the channel is up: encrypted records both ways, then an encrypted alert."""
    client, gateway = CLIENT.at(50211), GATEWAY.at(PORT)
    for number in range(2):
        capture.udp(client, gateway, record(APPLICATION_DATA, noise(60, f"up {number}"), epoch=1, number=number))
        capture.udp(gateway, client, record(APPLICATION_DATA, noise(70, f"down {number}"), epoch=1, number=number))
    capture.udp(client, gateway, record(ALERT, noise(26, "bye"), epoch=1, number=2))


@captures.file("rdgudp-cleartext.pcap")
def cleartext(capture):
    """Fragments without DTLS, as the templates of a scanner send them: one whose pktLen is right, one whose pktLen
    counts too much; then the same octets on a port of nobody's, and noise on the port."""
    right, wrong = bytes.fromhex("05000700000041000100" "00"), bytes.fromhex("05000c00000041000100" "0000")
    capture.udp(CLIENT.at(50212), GATEWAY.at(PORT), right)
    capture.udp(CLIENT.at(50213), GATEWAY.at(PORT), wrong)
    capture.udp(CLIENT.at(50214), GATEWAY.at(5433), right)
    capture.udp(CLIENT.at(50215), GATEWAY.at(PORT), b"\5\0" + noise(20, "not a fragment"))


@captures.file("rdgudp-not-ours.pcap")
def not_ours(capture):
    """DTLS of somebody else, whose client got port 3391 from its system: ClientHello, HelloVerifyRequest,
    ClientHello."""
    client, server = CLIENT.at(PORT), GATEWAY.at(5684)
    capture.udp(client, server, client_hello("coap"))
    capture.udp(server, client, hello_verify())
    capture.udp(client, server, client_hello("coap", number=1))


@captures.file("rdgudp-sessions.pcap")
def sessions(capture):
    """Three channels begin: the first and the third belong to one session, by their correlation id; a fourth has
    no id."""
    other = uuid.UUID("0ddba11e-1234-4678-9abc-def012340000")
    for port, trailer in ((50216, rdgudp.trailer()), (50217, rdgudp.trailer(other)), (50218, rdgudp.trailer()),
                          (50219, b"")):
        capture.udp(CLIENT.at(port), GATEWAY.at(PORT), client_hello(f"session {port}") + trailer)
        capture.udp(GATEWAY.at(PORT), CLIENT.at(port), hello_verify())


@captures.file("rdgudp-cut.pcap")
def cut(capture):
    """Datagrams that end too early for DTLS: the ClientHello's trailer cut by one octet, a record longer than its
    datagram, an alert of one octet."""
    client, gateway = CLIENT.at(50220), GATEWAY.at(PORT)
    capture.udp(client, gateway, (client_hello("cut") + rdgudp.trailer())[:-1])
    capture.udp(gateway, client, hello_verify()[:-1])
    capture.udp(gateway, client, record(ALERT, b"\2"))


if __name__ == "__main__":
    captures.main()
